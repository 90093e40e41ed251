"""The library's own form of a plan, as boxes and tables that any printer can draw: 進捗管理票, その他の事業, lists of targets.

A 進捗管理票 has a block a project: its head, then two rows an indicator (plan and actual), columns of the plan side by
side under their periods, and on the right what is said of the year. Projects that are planned in words only stand in one table below.
"""

from dataclasses import dataclass

import polars as pl

from collection.plans import model, reading, standing
from collection.plans.model import NOT_SET, Indicator, Plan, Project, Value
from collection.plans.standing import Standing
from collection.words import say

OUTCOMES = 3  # 成果指標①–③ stand on every form, empty ones with "-"
LEFT, LEAST = 3, 3  # columns left of the years; the years of the narrowest form
MARKS = "①②③④⑤⑥⑦⑧⑨"
TABLES = {  # kind → columns of standing.rows that its table shows; those that are blank everywhere are left out
    "targets": (
        "group", "no", "project", "indicator", "theme", "section", "where", "target", "actual", "attained", "forecast",
        "judgement", "evaluation", "issues", "next",
    ),
    "programme": (
        "group", "no", "project", "theme", "section", "purpose", "content", "indicator", "target", "actual", "attained",
        "judgement", "evaluation", "issues", "next",
    ),
    "themes": (
        "group", "no", "project", "theme", "section", "content", "indicator", "target", "actual", "judgement", "evaluation",
        "issues", "next",
    ),
}  # fmt: skip
ALWAYS = ("project", "actual")
WIDTHS = {"group": 12, "no": 5, "project": 20, "indicator": 18, "where": 22, "purpose": 20, "content": 24, "evaluation": 24,
          "issues": 20, "next": 20, "theme": 14, "section": 10}  # fmt: skip
NARROW, IN_WORDS, RIGHT = 8, {"actual": 24}, ("target", "actual", "attained", "forecast")


@dataclass(frozen=True)
class Box:
    """A box of a block: column and row of its upper left corner, how many it spans, its text, and head, text or number.

    value: the number behind the text.
    """

    x: int
    y: int
    wide: int
    tall: int
    text: str
    look: str = "text"
    value: int | float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A table: heading ("" for none), heads, rows of texts and numbers, relative widths, units by row and column."""

    heading: str
    head: list[str]
    rows: list[list[str | int | float | None]]
    widths: list[int]
    right: list[int]


def widths(plan: Plan) -> list[int]:
    """The relative widths of the columns of a block."""
    return [12, 22, 9, *[10] * max(len(plan.columns), LEAST), 30, 28]


def measured(project: Project) -> bool:
    """Whether a project has its own block: something of it has a figure to reach."""
    return any(one.role != "work" for one in project.indicators)


def block(stand: Standing, project: Project, column: str) -> list[Box]:
    """The 進捗管理票 of one project, with what is said of it in a column."""
    plan, said = stand.plan, stand.said[project.no, column]
    across = max(len(plan.columns), LEAST)
    end = LEFT + across  # the first column right of the years
    figures = _figures(stand, project)
    heads = (
        (0, 2, "no"),
        (2, 1, "page"),
        (3, 1, "priority"),
        (4, 1, "new"),
        (5, end - 4, "project"),
        (end + 1, 1, "section"),
    )
    values = (project.no, project.page, *map(_mark, (project.priority, project.new)), project.name, project.section)
    boxes = [Box(x, 0, wide, 1, say(f"plans.form_{name}"), "head") for x, wide, name in heads]
    boxes += [Box(x, 1, wide, 1, value) for (x, wide, _), value in zip(heads, values, strict=True)]
    boxes += [
        Box(0, 2, end + 1, 1, say("plans.form_content"), "head"), Box(end + 1, 2, 1, 1, say("plans.form_judgement"), "head"),
        Box(0, 3, end + 1, 1, project.content or project.purpose), Box(end + 1, 3, 1, 1, said.judgement or ""),
        Box(0, 4, LEFT, 2, "", "head"),
    ]  # fmt: skip
    x = LEFT
    for period in plan.periods:
        boxes.append(Box(x, 4, len(period.columns), 1, period.name, "head"))
        x += len(period.columns)
    boxes += [Box(LEFT + n, 5, 1, 1, model.column_word(one), "head") for n, one in enumerate(plan.columns)]
    if across > len(plan.columns):
        boxes.append(Box(x, 4, across - len(plan.columns), 2 + len(figures), "", "head"))
    boxes += figures
    rows = max(box.y + box.tall for box in figures) - 6
    half = rows // 2
    boxes += [
        Box(end, 4, 1, 2, say("plans.form_evaluation", year=model.column_word(column)), "head"),
        Box(end, 6, 1, rows, said.remarks["evaluation"]),
        Box(end + 1, 4, 1, 2, say("plans.form_issues"), "head"), Box(end + 1, 6, 1, half, said.remarks["issues"]),
        Box(end + 1, 6 + half, 1, 1, say("plans.form_next"), "head"),
        Box(end + 1, 7 + half, 1, rows - half - 1, said.remarks["next"]),
    ]  # fmt: skip
    return boxes


def _figures(stand: Standing, project: Project) -> list[Box]:
    """The rows of the indicators, two each; outcomes up to OUTCOMES."""
    outcomes = [one for one in project.indicators if one.role == "outcome"]
    missing = [
        Indicator(
            MARKS[n], NOT_SET, "outcome", target=(none := dict.fromkeys(stand.plan.columns, NOT_SET)), actual=none
        )
        for n in range(len(outcomes), OUTCOMES)
    ]
    boxes, y = [], 6
    for one in (*project.indicators, *missing):
        target = one.role == "target"
        label = say("plans.role_target") if target else say("plans.form_work") if one.role == "work" else say("plans.form_outcome", id=one.id)  # fmt: skip
        plan = say("plans.form_plan") if one.role != "outcome" else say("plans.form_indicator", id=one.id)
        boxes += [Box(0, y, 1, 2, label, "head"), Box(1, y, 1, 2, one.name)]
        boxes += [Box(2, y, 1, 1, plan, "head"), Box(2, y + 1, 1, 1, say("plans.head_actual"), "head")]
        for n, column in enumerate(stand.plan.columns):
            cell = stand.cells.get((project.no, one.id, column))
            actual = cell.actual if cell else one.actual.get(column)
            boxes += [
                _figure(LEFT + n, y, one.target.get(column), one.unit),
                _figure(LEFT + n, y + 1, actual, one.unit),
            ]
        y += 2
    return boxes


def _figure(x: int, y: int, value: Value | None, unit: str) -> Box:
    return Box(x, y, 1, 1, model.value_word(value, unit), "number", model.number(value), unit)


def _mark(holds: bool, otherwise: str = "") -> str:
    return "○" if holds else otherwise


def others(stand: Standing, column: str) -> Table | None:
    """その他の事業: the projects planned in words only, a row each thing to do; None when there are none."""
    plan = stand.plan
    shown = model.period_of(plan, column).columns
    rows = []
    for project in plan.projects:
        if measured(project):
            continue
        remarks = stand.said[project.no, column].remarks
        for n, one in enumerate(project.indicators):
            cells = [stand.cells.get((project.no, one.id, each)) for each in shown]
            now = stand.cells.get((project.no, one.id, column))
            head = [
                project.no,
                project.page,
                _mark(project.priority, "—"),
                _mark(project.new, "—"),
                project.name,
                project.section,
            ]
            said = ["\n".join(filter(None, (remarks["evaluation"], remarks["issues"]))), remarks["next"]]
            rows.append(
                [*(head if n == 0 else [""] * 6), one.name, *(model.value_word(cell.actual if cell else None) for cell in cells),
                 now.reason if now else "", *(said if n == 0 else ["", ""])]
            )  # fmt: skip
    if not rows:
        return None
    names = ["no", "page", "priority", "new", "project", "section", "works"]
    head = [say(f"plans.form_{name}") for name in names] + [
        f"{say('plans.head_actual')} {model.column_word(each)}" for each in shown
    ]
    head += [
        say("plans.form_reason"),
        say("plans.form_assessment", year=model.column_word(column)),
        say("plans.form_next"),
    ]
    return Table(say("plans.others"), head, rows, [9, 6, 5, 5, 18, 10, 18, *[16] * len(shown), 10, 18, 16], [])


def table(stand: Standing, column: str) -> Table:
    """A plan of another kind as one table, a row an indicator."""
    kind = stand.plan.kind if stand.plan.kind in TABLES else "themes"
    found = standing.rows(stand, column).with_columns(
        indicator=pl.when(pl.col("indicator") == pl.col("project")).then(pl.lit("")).otherwise("indicator"),
        attained=pl.col("attained").round(1), forecast=pl.col("forecast").round(0).cast(pl.Int64),
    )  # fmt: skip
    names = [
        name for name in TABLES[kind]
        if name in ALWAYS or found[name].drop_nulls().cast(pl.String).str.len_chars().sum()
    ]  # fmt: skip
    units = {row["unit"] for row in found.iter_rows(named=True)} - {"", "%"}
    rows = [[_cell(row, name) for name in names] for row in found.iter_rows(named=True)]
    heads = [_heading(name, stand.plan, units) for name in names]
    wide = WIDTHS if "target" in names else WIDTHS | IN_WORDS  # without targets the actuals are texts
    right = [names.index(name) for name in names if name in RIGHT and name not in wide]
    return Table("", heads, rows, [wide.get(name, NARROW) for name in names], right)


def _cell(row: dict, name: str) -> str | int | float | None:
    """A cell of the table; targets and actuals as numbers where they are, except per cent, which keeps its mark."""
    if name not in ("target", "actual") or row["unit"] == "%":
        return row[name]
    value = reading.value_of(row[name]) if row["role"] != "work" else None
    return row[name] if model.number(value) is None else value


def _heading(name: str, plan: Plan, units: set[str]) -> str:
    if name in ("target", "actual") and plan.kind == "programme":
        return say(f"plans.times_{name}")
    heading = say(f"plans.head_{name}")
    return (
        say("plans.in_units", what=heading, unit=next(iter(units)))
        if name in RIGHT[:2] and len(units) == 1
        else heading
    )

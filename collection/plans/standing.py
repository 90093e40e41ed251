"""Where a plan stands: its targets, what was reached, by whom it was entered or how it was counted, and how it is judged."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from collection import years
from collection.plans import judging, model
from collection.plans.counting import Count, Key
from collection.plans.keeping import Report, subject
from collection.plans.model import JUDGEMENTS, REMARKS, Indicator, Plan, Project, Value


@dataclass(frozen=True)
class Cell:
    """One indicator in one column.

    Attributes:
        actual: what a person entered; else what the plan file says; else what was counted.
        report: the entry that stands, None when nobody made one. count: what was counted, also beside an entry.
        by_hand: whether the actual was entered, and not counted. reason: why it differs from the plan.
        judged: by the rule; None where no number is to be reached.
    """

    target: Value | None
    actual: Value | None
    report: Report | None
    count: Count | None
    by_hand: bool
    reason: str
    judged: str | None

    @property
    def forecast(self) -> float | None:
        """What the actual will be when the year ends; None when it is over, entered, or nothing can be said."""
        return self.count.forecast if self.count and not self.by_hand else None


@dataclass(frozen=True)
class Said:
    """A project in one column: REMARKS (blank where nothing is said), the judgement by the rule, and who said it."""

    remarks: dict[str, str]
    by_rule: str | None
    report: Report | None

    @property
    def judgement(self) -> str | None:
        """The person's judgement, else the rule's."""
        return self.remarks["judgement"] or self.by_rule


@dataclass(frozen=True)
class Standing:
    """A plan with its cells and what is said of its projects, as of a day; sample: it is one that is shipped."""

    plan: Plan
    cells: dict[Key, Cell]
    said: dict[tuple[str, str], Said]
    as_of: date
    sample: bool = False

    def cell(self, project: Project, one: Indicator, column: str) -> Cell:
        """The cell of an indicator in a column."""
        return self.cells[project.no, one.id, column]


def of(
    plan: Plan, reports: dict[str, Report], counts: dict[Key, Count], as_of: date, sample: bool = False
) -> Standing:  # fmt: skip
    """Put together what the plan says, what people reported (subject → report) and what was counted, as of a day."""
    cells, said = {}, {}
    for project in plan.projects:
        for column in plan.columns:
            running = as_of <= years.last(model.last_year(column))
            last = model.period_of(plan, column).columns[-1] == column
            judged = []
            for one in project.indicators:
                key = project.no, one.id, column
                cells[key] = _cell(
                    plan, one, column, reports.get(subject(plan.id, *key)), counts.get(key), running, last
                )
                judged.append(cells[key].judged)
            report = reports.get(subject(plan.id, project.no, "", column))
            remarks = dict.fromkeys(REMARKS, "") | (
                report.details["remarks"] if report else project.remarks.get(column, {})
            )
            said[project.no, column] = Said(remarks, judging.of_project(judged), report)
    return Standing(plan, cells, said, as_of, sample)


def _cell(
    plan: Plan, one: Indicator, column: str, report: Report | None, count: Count | None, running: bool, last: bool
) -> Cell:  # fmt: skip
    entry = report.details if report else {}
    target, actual = one.target.get(column), entry.get("actual")
    actual = one.actual.get(column) if actual is None else actual
    by_hand = actual is not None
    if count and not by_hand:
        actual = count.so_far
    forecast = count.forecast if count and not by_hand else None
    judged = judging.of_indicator(plan, target, actual, forecast, running=running, last=last)
    return Cell(target, actual, report, count, by_hand, entry.get("reason", one.reason.get(column, "")), judged)


def rows(standing: Standing, column: str) -> pl.DataFrame:
    """A column of a plan as a table, one row an indicator.

    Returns:
        group, theme, no, project, section, purpose, content, indicator_no (its id), indicator, role, counted_by and where (in
        words), unit, target and actual (text), attained (per cent), forecast, ends (the same in per cent of the target),
        reason, judged (of the indicator), judgement (of the project), evaluation, issues, next.
    """
    plan, found = standing.plan, []
    for project in plan.projects:
        said = standing.said[project.no, column]
        for one in project.indicators:
            cell = standing.cell(project, one, column)
            found.append({
                "group": group_word(plan, project), "theme": theme_word(plan, project), "no": project.no,
                "project": project.name, "section": project.section, "purpose": project.purpose, "content": project.content,
                "indicator_no": one.id, "indicator": one.name, "role": one.role, "counted_by": model.source_word(one.source),
                "where": model.where_word(one), "unit": one.unit,
                "target": model.value_word(cell.target, one.unit), "actual": model.value_word(cell.actual, one.unit),
                "attained": judging.attained(cell.actual, cell.target), "forecast": cell.forecast,
                "ends": judging.attained(cell.forecast, cell.target), "reason": cell.reason,
                "judged": cell.judged or "", "judgement": said.judgement or "",
                **{name: said.remarks[name] for name in ("evaluation", "issues", "next")},
            })  # fmt: skip
    return pl.DataFrame(
        found, schema_overrides=dict.fromkeys(("attained", "forecast", "ends"), pl.Float64), infer_schema_length=None
    )


def group_word(plan: Plan, project: Project) -> str:
    """The group of a project: its number and name."""
    return _named(project.group, plan.groups)


def theme_word(plan: Plan, project: Project) -> str:
    """The theme of a project: its mark and name."""
    return _named(project.theme, plan.themes)


def _named(mark: str, names: dict[str, str]) -> str:
    return " ".join(part for part in (mark, names.get(mark, "")) if part)


def tally(standing: Standing, column: str) -> dict[str, int]:
    """Judgement → how many projects have it in a column; those with nothing to judge under ""."""
    found = [standing.said[project.no, column].judgement or "" for project in standing.plan.projects]
    return {mark: found.count(mark) for mark in (*JUDGEMENTS, "") if mark in found}


def newest_column(standing: Standing) -> str:
    """The column to look at first: the last one in which something was reached or said, else the first."""
    known = {column for (_, _, column), cell in standing.cells.items() if cell.actual not in (None, model.NOT_SET)}
    return max(known, default=standing.plan.columns[0])

"""Plans as files: CSV (a row an indicator), XLSX and PDF (each plan in the library's own form)."""

import io
import re
from dataclasses import asdict
from datetime import date

import polars as pl
import xlsxwriter

from collection import paper, sheets
from collection.plans import form, model, standing
from collection.plans.form import Box, Table
from collection.plans.model import JUDGEMENTS, OPERATING, Plan
from collection.plans.standing import Standing
from collection.words import say

Shown = list[tuple[Standing, str]]  # plans, each with the column that is looked at
LONG = (
    "plan", "library", "year", "group", "theme", "no", "project", "section", "purpose", "content", "role", "indicator_no",
    "indicator", "counted_by", "where", "unit", "target", "actual", "attained", "forecast", "reason", "judged", "judgement",
    "evaluation", "issues", "next",
)  # fmt: skip
UNIT = 1.35  # relative width → characters of a spreadsheet's column
FORMATS = {int: "#,##0", float: "#,##0.0###"}
LOOKS = {
    "head": {"bold": True, "bg_color": "#f2f2f2", "align": "center", "valign": "vcenter"},
    "text": {"valign": "top"},
    "number": {"align": "right", "valign": "vcenter"},
}  # fmt: skip


def file(shown: Shown, kind: str, library: str, title: str) -> bytes:
    """The plans as csv, xlsx or pdf."""
    return {"csv": csv, "xlsx": xlsx, "pdf": pdf}[kind](shown, library, title)


def csv(shown: Shown, library: str, title: str) -> bytes:
    """Every indicator of the plans as a row, in LONG columns."""
    return sheets.csv_bytes(long(shown).rename({name: say(f"plans.head_{name}") for name in LONG}))


def long(shown: Shown) -> pl.DataFrame:
    """Every indicator of the plans as a row: LONG."""
    tables = [
        standing.rows(stand, column).with_columns(
            plan=pl.lit(stand.plan.name), library=pl.lit(stand.plan.library), year=pl.lit(model.column_word(column)),
            role=pl.col("role").replace_strict({role: say(f"plans.role_{role}") for role in model.ROLES}, return_dtype=pl.String),
            attained=pl.col("attained").round(1), forecast=pl.col("forecast").round(1),
        )
        for stand, column in shown
    ]  # fmt: skip
    return pl.concat(tables).select(LONG)


def legend(plan: Plan) -> list[str]:
    """The judgements and the rule behind them, with the 運用値 of the plan."""
    values = {name: model.value_word(plan.value(name)) for name in OPERATING}
    return [
        f"{mark}: {say('plans.judge_none' if mark == '-' else f'plans.judge_{mark}', **values)}" for mark in JUDGEMENTS
    ]


def pdf(shown: Shown, library: str, title: str) -> bytes:
    """The plans on A4, landscape."""
    parts = []
    for stand, column in shown:
        plan = stand.plan
        blocks, tables = _parts(stand, column)
        parts.append({
            "heading": plan.name, "told": _about(stand, column), "legend": legend(plan) if blocks or _judged(stand, column) else [],
            "widths": form.widths(plan), "blocks": [[asdict(box) for box in one] for one in blocks],
            "tables": [asdict(one) | {"rows": [[text(cell) for cell in row] for row in one.rows]} for one in tables],
        })  # fmt: skip
    made = say("plans.made_on", day=date.today().isoformat())
    return paper.pdf("plans", {"library": library, "title": title, "as_of": made, "landscape": True, "parts": parts})


def xlsx(shown: Shown, library: str, title: str) -> bytes:
    """A sheet a plan, その他の事業 on a sheet of its own."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        for stand, column in shown:
            blocks, tables = _parts(stand, column)
            about = [
                stand.plan.name,
                *_about(stand, column),
                *(legend(stand.plan) if blocks or _judged(stand, column) else []),
            ]
            if blocks:
                _draw_blocks(book, stand, about, blocks)
            for one in tables:
                _draw_table(
                    book, f"{one.heading} {stand.plan.name}".strip(), about if not blocks else [stand.plan.name], one
                )
    return target.getvalue()


def _parts(stand: Standing, column: str) -> tuple[list[list[Box]], list[Table]]:
    if stand.plan.kind != "progress":
        return [], [form.table(stand, column)]
    blocks = [form.block(stand, project, column) for project in stand.plan.projects if form.measured(project)]
    other = form.others(stand, column)
    return blocks, [other] if other else []


def _judged(stand: Standing, column: str) -> bool:
    return any(stand.said[project.no, column].judgement for project in stand.plan.projects)


def _about(stand: Standing, column: str) -> list[str]:
    said = [say("plans.about", library=stand.plan.library, year=model.column_word(column), day=stand.as_of.isoformat())]
    return [*([say("plans.is_sample")] if stand.sample else []), *said, *([stand.plan.note] if stand.plan.note else [])]


def text(cell: str | float | None) -> str:
    """A cell as paper and screen write it; what was divided with one decimal at least."""
    return f"{cell:,.1f}" if isinstance(cell, float) and cell == round(cell, 1) else model.value_word(cell)


def _draw_blocks(book: xlsxwriter.Workbook, stand: Standing, about: list[str], blocks: list[list[Box]]) -> None:
    sheet = book.add_worksheet(_sheet_name(book, stand.plan.name))
    widths = form.widths(stand.plan)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width * UNIT)
    top = _head(book, sheet, about)
    for boxes in blocks:
        for box in boxes:
            written = box.value if box.value is not None else _clean(box.text)
            look = book.add_format(LOOKS[box.look] | {"border": 1, "text_wrap": True} | _number_format(box))
            first = top + box.y, box.x
            if box.wide * box.tall > 1:
                sheet.merge_range(*first, top + box.y + box.tall - 1, box.x + box.wide - 1, "", look)
            sheet.write(*first, written, look)
        sheet.set_row(top + 3, 32)
        for y in range(6, max(box.y + box.tall for box in boxes)):
            sheet.set_row(top + y, 22)
        top += max(box.y + box.tall for box in boxes) + 1
    _paper(sheet)


def _draw_table(book: xlsxwriter.Workbook, name: str, about: list[str], table: Table) -> None:
    sheet = book.add_worksheet(_sheet_name(book, name))
    for n, width in enumerate(table.widths):
        sheet.set_column(n, n, width * UNIT)
    top = _head(book, sheet, about)
    edge = {"border": 1, "text_wrap": True}
    sheet.write_row(top, 0, table.head, book.add_format(LOOKS["head"] | edge))
    looks = {str: book.add_format(LOOKS["text"] | edge)} | {
        kind: book.add_format(LOOKS["number"] | edge | {"num_format": form}) for kind, form in FORMATS.items()
    }
    for y, row in enumerate(table.rows, start=top + 1):
        for x, cell in enumerate(row):
            sheet.write(y, x, _clean(cell) if isinstance(cell, str) else cell, looks.get(type(cell), looks[str]))
    sheet.repeat_rows(top)
    _paper(sheet)


def _head(book: xlsxwriter.Workbook, sheet, about: list[str]) -> int:
    """Writes the lines above; returns the row after them."""
    sheet.write(0, 0, _clean(about[0]), book.add_format({"bold": True, "font_size": 14}))
    for y, line in enumerate(about[1:], start=1):
        sheet.write(y, 0, _clean(line))
    return len(about) + 1


def _paper(sheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _number_format(box: Box) -> dict:
    return {} if box.value is None else {"num_format": FORMATS[type(box.value)] + ('"%"' if box.unit == "%" else "")}


def _clean(text: str) -> str:
    return paper.clean(text)[: sheets.XLSX_CELL]


def _sheet_name(book: xlsxwriter.Workbook, name: str) -> str:
    """A name that a spreadsheet takes and that no other sheet has."""
    plain = re.sub(r"[\[\]:*?/\\']", "", name).strip()[:26] or "-"
    taken = [sheet.name.lower() for sheet in book.worksheets()]
    return next(each for n in range(1, 1000) if (each := plain if n == 1 else f"{plain} {n}").lower() not in taken)

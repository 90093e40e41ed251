"""The yearbook as files: XLSX with a sheet a table, PDF in the printed layout, CSV as one long table."""

import io
from pathlib import Path

import xlsxwriter

from collection import paper, sheets, years
from collection.policy import Policy
from collection.store import snapshots
from collection.words import say
from collection.yearbook import layout
from collection.yearbook.book import Yearbook, of_year
from collection.yearbook.layout import Table

NUMBERS = {"count": '#,##0;"△"#,##0', "dash": '#,##0;"△"#,##0;"-"', "share": "0.0%"}
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
A4 = 9


def overview(store: Path, fiscal_year: int, kind: str, library: str, policy: Policy) -> tuple[bytes, int]:
    """The yearbook of a fiscal year as csv, xlsx or pdf, and how many rows its tables have. Raises: as of_year."""
    found = of_year(store, fiscal_year, policy)
    return written(found, kind, library), sum(len(table.rows) for table in found.tables)


def written(found: Yearbook, kind: str, library: str) -> bytes:
    """The yearbook as csv, xlsx or pdf."""
    if kind == "csv":
        return sheets.csv_bytes(layout.tidy(found.tables))
    return _xlsx(found, library) if kind == "xlsx" else _pdf(found, library)


def title(found: Yearbook) -> str:
    """年報 令和6年度（2024）."""
    return say("yearbook.title", year=years.spoken(found.year))


def counted_in(snapshot: Path) -> str:
    """The snapshot the figures come from, in words."""
    return say("yearbook.counted_in", day=snapshots.as_of(snapshot))


def remarks(table: Table) -> list[tuple[str, str]]:
    """How a table was counted and what to look into, each with its kind in words."""
    return [
        *((say("yearbook.method"), said) for said in table.method),
        *((say("yearbook.check"), said) for said in table.checks),
    ]


def _pdf(found: Yearbook, library: str) -> bytes:
    tables = [
        {
            "title": f"{table.number} {table.title}", "unit": table.unit, "as_of": table.as_of, "notes": table.notes,
            "head": layout.head_rows(table), "stub": len(table.stub), "columns": len(table.columns),
            "cells": [[_printed(cell) for cell in line] for line in layout.grid(table)],
        }
        for table in found.tables
    ]  # fmt: skip
    said = [[table.number, *remark] for table in found.tables for remark in remarks(table)]
    return paper.pdf(
        "yearbook",
        {
            "library": library, "title": title(found), "as_of": counted_in(found.end), "landscape": True, "tables": tables,
            "remarks_title": say("yearbook.remarks"), "remarks": said,
            "remarks_head": [say("yearbook.table"), "", say("yearbook.remark")],
        },
    )  # fmt: skip


def _printed(cell: layout.Cell) -> dict:
    return {
        "text": layout.text(cell),
        "down": cell.down,
        "across": cell.across,
        "form": cell.form,
        "strong": cell.strong,
    }


def _xlsx(found: Yearbook, library: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, SAFE | {"in_memory": True}) as book:
        for table in found.tables:
            sheet = _sheet(book, f"{table.number} {table.title}", library, found)
            _fill(book, sheet, table)
        sheet = _sheet(book, say("yearbook.remarks"), library, found)
        sheet.set_column(0, 1, 10)
        sheet.set_column(2, 2, 110)
        lines = [(table.number, *remark) for table in found.tables for remark in remarks(table)]
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for row, line in enumerate(lines, start=2):
            for column, text in enumerate(line):
                sheet.write_string(row, column, paper.clean(text), wrapped)
    return target.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, library: str, found: Yearbook) -> xlsxwriter.worksheet.Worksheet:
    """A new sheet of a workbook, A4 landscape on one page's width, its title in the first row."""
    sheet = book.add_worksheet(name[:31])
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    sheet.hide_gridlines(2)
    head = paper.clean(f"{library} ─ {title(found)}").replace("&", "&&")
    sheet.set_header(f"&L&9{head}&R&9{counted_in(found.end)}")
    sheet.set_footer("&C&9&P / &N")
    sheet.write_string(0, 0, paper.clean(name), book.add_format({"bold": True, "font_size": 14}))
    return sheet


def _fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, table: Table) -> None:
    """Unit and day in the second row, the grid from the third, the notes below."""
    wide = len(table.stub) + len(table.columns)
    top = 2
    if table.rows:
        sheet.write_string(
            1, wide - 1, "　".join(filter(None, (table.unit, table.as_of))), book.add_format({"align": "right"})
        )
        sheet.set_column(0, len(table.stub) - 1, 13)
        sheet.set_column(len(table.stub), wide - 1, 10.5)
        sheet.repeat_rows(0, top + layout.head_rows(table) - 1)
        sheet.freeze_panes(top + layout.head_rows(table), len(table.stub))
    formats = {}
    lines = layout.grid(table)
    for cell in (cell for line in lines for cell in line):
        look = (cell.form, cell.strong)
        if look not in formats:
            formats[look] = book.add_format(_look(*look))
        row, column = top + cell.row, cell.column
        if cell.down > 1 or cell.across > 1:
            sheet.merge_range(row, column, row + cell.down - 1, column + cell.across - 1, "", formats[look])
        if isinstance(cell.value, str):
            sheet.write_string(row, column, paper.clean(cell.value), formats[look])
        elif cell.value is None:
            sheet.write_blank(row, column, None, formats[look])
        else:
            sheet.write_number(row, column, cell.value, formats[look])
    for row, note in enumerate(table.notes, start=top + len(lines)):
        sheet.write_string(row, 0, paper.clean(note))
    sheet.print_area(0, 0, top + len(lines) + len(table.notes) - 1, max(wide, 12) - 1)


def _look(form: str, strong: bool) -> dict:
    """A cell's looks: framed, heads grey and centred, figures with thousands."""
    look = {"border": 1, "border_color": "#808080", "valign": "vcenter", "bold": strong}
    if form == "head":
        return look | {"align": "center", "text_wrap": True, "bg_color": "#f2f2f2"}
    return look if form == "label" else look | {"num_format": NUMBERS[form]}

"""A table as CSV or XLSX that a spreadsheet opens as text and figures, and never as a formula."""

import io
from pathlib import Path

import polars as pl
import xlsxwriter

from collection import words

FORMULA_STARTS = r"^[=+\-@\t\r\n＝＋－＠]"
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{202a}-\x{202e}\x{2066}-\x{2069}]"  # also what turns the reading direction
MIME = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
XLSX_ROWS = 1_048_576
XLSX_CELL = 32_767


def csv_bytes(found: pl.DataFrame) -> bytes:
    """UTF-8 with BOM, so that a spreadsheet reads the Japanese; text that would start a formula gets a ' before it."""
    clean = found.with_columns(pl.col(pl.String).str.replace_all(CONTROLS, ""))
    safe = [
        pl.when(pl.col(name).str.contains(FORMULA_STARTS)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name, kind in clean.schema.items()
        if kind == pl.String
    ]
    return b"\xef\xbb\xbf" + clean.with_columns(safe).write_csv(line_terminator="\r\n").encode()


def xlsx_bytes(found: pl.DataFrame, title: str) -> bytes:
    """One sheet a million rows, header fixed and filterable; every text stays text.

    Args:
        found: numbers stay numbers, dates are written as dates.
        title: the sheet's name, at most 31 characters.
    """
    text = pl.col(pl.String).str.replace_all(CONTROLS, "").str.slice(0, XLSX_CELL)
    safe = found.with_columns(text)
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {**options, "constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        head = book.add_format({"bold": True, "bg_color": "#f2f2f2", "bottom": 1})
        for start in range(0, max(len(safe), 1), XLSX_ROWS - 1):
            part = safe.slice(start, XLSX_ROWS - 1)
            number = start // (XLSX_ROWS - 1)
            sheet = book.add_worksheet(title[:28] if not number else f"{title[:28]} {number + 1}")
            sheet.write_row(0, 0, part.columns, head)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(len(part), 1), max(part.width - 1, 0))
            for row, values in enumerate(part.iter_rows(), start=1):
                sheet.write_row(row, 0, values)
    return target.getvalue()


def heading(column: str) -> str:
    """The name of a column in the present language: from the glossary, else from words/screens.toml."""
    kinds = [words.table("facts"), *words.table("fields").values()]
    found = next((kind[column] for kind in kinds if column in kind), None)
    return found[words.language.get()] if found else words.say(f"screens.label_{column}")


def write(found: pl.DataFrame, out: Path, title: str) -> None:
    """Write a table to a .csv or .xlsx file. Raises Problem for another ending."""
    endings = {".csv": csv_bytes, ".xlsx": lambda table: xlsx_bytes(table, title)}
    if out.suffix.lower() not in endings:
        raise words.Problem("cli.bad_ending", out=out.name, endings=" ".join(endings))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(endings[out.suffix.lower()](found))

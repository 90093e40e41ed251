"""XLSX: the sheet that holds the table, every cell as text."""

from pathlib import Path

import fastexcel
import polars as pl

from collection.sources.tables import header_place, unique_names
from collection.words import Problem


def read(path: Path) -> tuple[pl.DataFrame, tuple[str, ...], list[str]]:
    """The table in a workbook: the first sheet that has a header row known here, else the first that holds anything.

    Returns:
        (frame, columns, others): frame has `line`, the row's number in the sheet, and the columns as text; rows that
        are blank throughout are left out; others names the sheets that were not read.

    Raises:
        Problem: the workbook cannot be opened or is empty.
    """
    try:
        book = fastexcel.read_excel(str(path))
        sheets = {
            name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            for name in book.sheet_names
        }
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise Problem("sources.workbook_unreadable", file=path.name, error=str(error).splitlines()[0]) from None
    filled = {name: sheet for name, sheet in sheets.items() if sheet.height and sheet.width}
    if not filled:
        raise Problem("sources.empty_file", file=path.name)
    places = {name: header_place([list(row) for row in sheet.head(20).rows()]) for name, sheet in filled.items()}
    known = [name for name in filled if places[name] is not None and places[name][1] > 1]
    name = known[0] if known else next(iter(filled))
    if places[name] is None:
        raise Problem("sources.no_header", file=path.name)
    sheet, place = filled[name], places[name][0]
    columns = unique_names([(cell or "").strip() for cell in sheet.row(place)])
    frame = (
        sheet.rename(dict(zip(sheet.columns, columns, strict=True)))
        .with_row_index("line", offset=1)
        .with_columns(pl.col("line").cast(pl.Int64))
        .slice(place + 1)
        .filter(~pl.all_horizontal(pl.col(column).is_null() for column in columns))
    )
    return frame, columns, [other for other in filled if other != name]

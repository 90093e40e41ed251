"""Table files into typed tables: every row of the file with its line, bad lines as errors, notes counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl

from collection.sources import decode, lines, readers, tables, typed
from collection.sources.opening import Opened, open_table
from collection.sources.staged import Staged, add_note, next_number
from collection.store.connection import sql


def stage(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    content: str,
    folder: Path,
    kind: str | None,
    mapping: Path | str | None,
    read: Callable[[int], None],
) -> list[Staged]:
    """Reads a CSV, TSV or XLSX file; see `collection.sources.stage`. `folder` holds what must outlive the call."""
    with ThreadPoolExecutor(1) as other:
        digest = other.submit(decode.digest, path)
        opened = open_table(path, content, folder, kind, mapping, read)
        number = next_number(connection)
        rows = _text(connection, opened, number) if opened.text else _sheet(connection, opened, number)
        sha256 = digest.result()
    _notes_of_file(connection, opened, rows)
    return [
        Staged(
            file=path.name,
            sha256=sha256,
            encoding=opened.encoding,
            mapping=opened.mapping.name if opened.mapping else "",
            kind=one,
            table=f"staged_{one}_{number}",
            raw=f"raw_{number}",
            rows=rows,
            fields=typed.present(one, texts),
        )
        for one, texts in opened.plan.items()
    ]


def _text(connection: duckdb.DuckDBPyConnection, opened: Opened, number: int) -> int:
    """Stages a CSV or TSV; returns the number of its rows."""
    path, layout = opened.text.path, opened.layout
    rejects, scans = f"rejects_{number}", f"scans_{number}"
    source = tables.read_sql(
        path, layout, f"store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{scans}'"
    )
    sample = f"sample_{number}"
    connection.register(sample, opened.sample)
    notes = {}
    for one, texts in opened.plan.items():
        notes[one] = typed.build(connection, one, texts, source, f"rows_{one}_{number}", sample, reasons=False)
    connection.unregister(sample)
    bad = lines.bad_lines(connection, rejects, path)
    connection.execute(f"DROP TABLE IF EXISTS {rejects}")
    connection.execute(f"DROP TABLE IF EXISTS {scans}")
    kinds = list(opened.plan)
    good = connection.execute(f"SELECT count(*) FROM rows_{kinds[0]}_{number}").fetchall()[0][0]
    first, places = layout.first_line, None
    if good + first - 1 != opened.text.lines or not bad.is_empty():
        places = lines.good_lines(path, bool(layout.quote), first, bad)
        if len(places) != good:
            add_note(connection, opened.path.name, "line_is_record", None, good, None, "")
            places = lines.counted(first, good, bad)
    for told in [told for found in notes.values() for told in found]:
        line = int(places[told.place]) if places is not None else told.place + first
        add_note(connection, opened.path.name, told.reason, told.field, told.rows, line, told.example)
    _raw(connection, opened, number, bad, places)
    _number(connection, opened, number, first, places)
    if not bad.is_empty():
        connection.register("bad_lines", bad.select("line", "reason"))
        connection.execute(f"INSERT INTO staged_{kinds[-1]}_{number} BY NAME SELECT line, reason FROM bad_lines")
        connection.unregister("bad_lines")
    return good + bad.height


def _number(connection: duckdb.DuckDBPyConnection, opened: Opened, number: int, first: int, places) -> None:
    """From rows_<kind>_<n>, in the order of the file, staged_<kind>_<n>: each row with its line, and why it is an error.

    Where rows and lines go together, as they mostly do, a view is enough: fifteen million lines need not be stored.
    Of a file of bibs and items, the bibs are the first row of each record; the items stand for all rows of the file.
    """
    for one, texts in opened.plan.items():
        rows, table = f"rows_{one}_{number}", f"staged_{one}_{number}"
        told = f"{typed.reason_sql(one, texts)} AS reason, {', '.join(readers.STAGED[one])}"
        if places is None and len(opened.plan) == 1:
            connection.execute(f"CREATE VIEW {table} AS SELECT rowid + {first} AS line, {told} FROM {rows}")
            continue
        if places is None:
            connection.execute(f"CREATE TABLE {table} AS SELECT rowid + {first} AS line, {told} FROM {rows}")
        else:
            connection.register("line_numbers", pl.DataFrame({"line": places}))
            connection.execute(f"CREATE TABLE {table} AS SELECT line, {told} FROM {rows} POSITIONAL JOIN line_numbers")
            connection.unregister("line_numbers")
        connection.execute(f"DROP TABLE {rows}")
        if one == "bibs" and len(opened.plan) == 2:
            connection.execute(
                f"DELETE FROM {table} WHERE bib_id IS NULL "
                f"OR rowid NOT IN (SELECT min(rowid) FROM {table} WHERE bib_id IS NOT NULL GROUP BY bib_id)"
            )


def drop(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Removes the staged table, or the view and the rows behind it."""
    rows = staged.table.replace("staged_", "rows_", 1)
    if connection.execute(sql("queries/import_kind_of_table"), {"name": staged.table}).fetchall() == [("VIEW",)]:
        connection.execute(f"DROP VIEW {staged.table}")
        connection.execute(f"DROP TABLE {rows}")
    else:
        connection.execute(f"DROP TABLE IF EXISTS {staged.table}")


def _raw(connection: duckdb.DuckDBPyConnection, opened: Opened, number: int, bad: pl.DataFrame, places) -> None:
    """raw_<n>: a view over the file, so that reading it costs nothing until rows of it are asked for."""
    path, layout = opened.text.path, opened.layout
    columns = ", ".join(tables.name(column) for column in layout.columns)
    rows = f"SELECT row_number() OVER () AS row, {columns} FROM {tables.read_sql(path, layout, 'ignore_errors = true')}"
    view = f"SELECT row + {layout.first_line - 1} AS line, {columns} FROM ({rows})"
    if places is not None:
        connection.register("line_numbers", pl.DataFrame({"line": places}))
        connection.execute(f"CREATE TABLE lines_{number} AS SELECT line FROM line_numbers")
        connection.unregister("line_numbers")
        view = f"SELECT n.line, {columns} FROM lines_{number} n JOIN ({rows}) r ON n.rowid + 1 = r.row"
    if not bad.is_empty():
        connection.register("bad_lines", tables.cells_of(bad, layout))
        connection.execute(f"CREATE TABLE bad_{number} AS SELECT * FROM bad_lines")
        connection.unregister("bad_lines")
        view += f" UNION ALL SELECT line, {columns} FROM bad_{number}"
    connection.execute(f"CREATE OR REPLACE VIEW raw_{number} AS {view}")


def _sheet(connection: duckdb.DuckDBPyConnection, opened: Opened, number: int) -> int:
    """Stages an XLSX; returns the number of its rows."""
    connection.register("sheet", opened.frame)
    connection.execute(f"CREATE TABLE raw_{number} AS SELECT * FROM sheet")
    connection.unregister("sheet")
    places = opened.frame["line"].to_numpy()
    for one, texts in opened.plan.items():
        notes = typed.build(connection, one, texts, f"raw_{number}", f"rows_{one}_{number}", serial=True, reasons=False)
        for told in notes:
            line = int(places[told.place])
            add_note(connection, opened.path.name, told.reason, told.field, told.rows, line, told.example)
    _number(connection, opened, number, 0, places)
    return opened.frame.height


def _notes_of_file(connection: duckdb.DuckDBPyConnection, opened: Opened, rows: int) -> None:
    """Unknown columns, sheets left unread, NUL bytes and mixed line ends."""
    name = opened.path.name
    for column in opened.unknown:
        filled = opened.sample[column].drop_nulls()
        add_note(connection, name, "unknown_column", column, rows, None, filled[0] if len(filled) else "")
    for sheet in opened.other_sheets:
        add_note(connection, name, "other_sheet", sheet, rows, None, sheet)
    if opened.text and opened.text.nul:
        add_note(connection, name, "nul_stripped", None, opened.text.nul, None, "")
    if opened.text and opened.text.mixed:
        add_note(connection, name, "mixed_line_ends", None, rows, None, "")

"""What reading a file leaves behind: typed tables, and notes on what was mended or could not be read."""

from dataclasses import dataclass

import duckdb

from collection.store.connection import sql


@dataclass(frozen=True)
class Staged:
    """One file, or one kind of row out of it, read into a typed table.

    table: staged_<kind>_<n> with line BIGINT, reason VARCHAR (NULL = good) and the staged columns of the kind.
    raw: raw_<n> with line BIGINT and the file's own text or bytes, from which rejects are written.
    rows: rows of the file, headers not counted. fields: the columns the file really has.
    encoding: utf-8 utf-8-sig cp932 utf-16 xlsx marc21 marcxml. mapping: "" when the header spoke for itself.
    """

    file: str
    sha256: str
    encoding: str
    mapping: str
    kind: str
    table: str
    raw: str
    rows: int
    fields: tuple[str, ...]


def add_note(
    connection: duckdb.DuckDBPyConnection,
    file: str,
    reason: str,
    field: str | None = None,
    rows: int = 1,
    line: int | None = None,
    example: str | None = None,
) -> None:
    """Adds one line to staged_note (made if missing); `reason` is a key of words/imports.toml."""
    connection.execute(sql("queries/staged_note_table"))
    values = {"file": file, "reason": reason, "field": field, "rows": rows, "line": line, "example": example}
    connection.execute(sql("queries/staged_note_add"), values)


def next_number(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the next file: one more than the highest raw_<n> there is."""
    return connection.execute(sql("queries/staged_next_number")).fetchall()[0][0]

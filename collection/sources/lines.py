"""On which line of the file each record stands, also where quoted values hold line ends and where lines are bad."""

from pathlib import Path

import duckdb
import numpy as np
import polars as pl

CHUNK = 1 << 24
QUOTE, FEED = 34, 10
REASONS = {
    "MISSING COLUMNS": "too_few_columns",
    "TOO MANY COLUMNS": "too_many_columns",
    "UNQUOTED VALUE": "broken_quote",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
}


def bad_lines(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> pl.DataFrame:
    """The lines DuckDB refused, from its rejects table.

    A quote that is never closed swallows the lines behind it: each of these is a bad line too.

    Returns:
        line, start (byte where the record begins; NULL for a swallowed line), reason (words/imports.toml), text.
    """
    query = (
        "SELECT line_byte_position - 1, min(error_type::VARCHAR), any_value(csv_line) "
        f"FROM {table} GROUP BY line_byte_position ORDER BY 1"
    )
    found = connection.execute(query).fetchall()
    rows = []
    if found:
        feeds = _feeds(path)
        for start, kind, text in found:
            line = int(np.searchsorted(feeds, start)) + 1
            reason = REASONS.get(kind, "bad_line")
            said = (text or "").rstrip("\r\n")
            swallowed = said.split("\n") if reason == "broken_quote" else [said]
            rows += [(line + down, None if down else start, reason, one) for down, one in enumerate(swallowed)]
    schema = {"line": pl.Int64, "start": pl.Int64, "reason": pl.String, "text": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def good_lines(path: Path, quoted: bool, first_line: int, bad: pl.DataFrame) -> np.ndarray:
    """The line on which each good record begins, in file order: without header, blank lines and `bad`."""
    starts, lines, size = _records(path, quoted)
    with path.open("rb") as file:
        blank = _blank(file, starts, size)
    good = (lines >= first_line) & ~blank & ~np.isin(starts, bad["start"].drop_nulls().to_numpy())
    return lines[good]


def counted(first: int, rows: int, bad: pl.DataFrame) -> np.ndarray:
    """Numbers for `rows` records whose lines cannot be told, from `first` on, without those of `bad`."""
    return np.setdiff1d(np.arange(first, first + rows + bad.height), bad["line"].to_numpy())[:rows]


def _feeds(path: Path) -> np.ndarray:
    """Offsets of all line feeds."""
    found, done = [], 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.append(np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == FEED) + done)
            done += len(chunk)
    return np.concatenate(found)


def _records(path: Path, quoted: bool) -> tuple[np.ndarray, np.ndarray, int]:
    """Offset and line of every record: a line feed ends one where the number of quotes before it is even."""
    starts, lines = [np.zeros(1, dtype=np.int64)], [np.ones(1, dtype=np.int64)]
    quotes, line, done = 0, 1, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            data = np.frombuffer(chunk, dtype=np.uint8)
            feeds = np.flatnonzero(data == FEED)
            outside = np.ones(len(feeds), dtype=bool)
            if quoted:
                marks = np.flatnonzero(data == QUOTE)
                outside = (np.searchsorted(marks, feeds) + quotes) % 2 == 0
                quotes += len(marks)
            starts.append(feeds[outside] + done + 1)
            lines.append(np.flatnonzero(outside) + line + 1)
            line += len(feeds)
            done += len(chunk)
    start, where = np.concatenate(starts), np.concatenate(lines)
    inside = start < done
    return start[inside], where[inside], done


def _blank(file, starts: np.ndarray, size: int) -> np.ndarray:
    """Which records are blank lines: nothing but a line end."""
    length = np.diff(np.append(starts, size))
    blank = length == 1
    for place in np.flatnonzero(length <= 2):
        file.seek(int(starts[place]))
        blank[place] = not file.read(int(length[place])).strip(b"\r\n")
    return blank

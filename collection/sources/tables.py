"""CSV and TSV: how a file is laid out, a sample of it, and the SQL that reads it without guessing."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from collection.sources import headers
from collection.words import Problem

HEAD, SPOT, SPOTS = 1 << 17, 1 << 14, 24
HEADER_AMONG = 20


@dataclass(frozen=True)
class Layout:
    """How a text table is written: `skip` lines stand before the header, `first_line` is the line of the first row."""

    delimiter: str
    quote: str
    skip: int
    first_line: int
    columns: tuple[str, ...]


def layout(path: Path, file: str) -> Layout:
    """Delimiter, quoting and header row of a UTF-8 file, from its head: what gives most rows the same columns wins.

    Raises:
        Problem: no row that could be a header.
    """
    with path.open(encoding="utf-8-sig", errors="ignore", newline="") as file:
        head = file.read(HEAD // 2)
        whole = not file.read(1)
    if not whole and "\n" in head:
        head = head[: head.rindex("\n") + 1]
    tries = [(_rows(head, delimiter, quote), delimiter, quote) for delimiter in "\t,;" for quote in ('"', "")]
    rows, delimiter, quote = max(tries, key=_fitness)
    header = header_place([cells for cells, _ in rows])
    if header is None:
        raise Problem("sources.no_header", file=file)
    place = header[0]
    cells = [cell.strip() for cell in rows[place][0]]
    width = Counter(len(cells_of) for cells_of, _ in rows[place + 1 :] if any(cells_of)).most_common(1)
    width = width[0][0] if width else len(cells)
    while len(cells) > width and not cells[-1]:
        cells.pop()
    cells += [""] * (width - len(cells))
    skip = rows[place - 1][1] if place else 0
    return Layout(delimiter, quote, skip, rows[place][1] + 1, unique_names(cells))


def unique_names(cells: list[str]) -> tuple[str, ...]:
    """Header cells as column names: a blank one is called after its place, a repeated one gets a number."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = cell or f"列{place}"
        count = 2
        while any(name.lower() == other.lower() for other in names):
            name = f"{cell or f'列{place}'}_{count}"
            count += 1
        names.append(name)
    return tuple(names)


def sample(path: Path, shape: Layout) -> pl.DataFrame:
    """Rows from the head and from places spread evenly over the file, as text; rows that do not fit are left out."""
    size = path.stat().st_size
    pieces = []
    with path.open("rb") as file:
        for place in range(SPOTS):
            start = size * place // SPOTS
            file.seek(start)
            piece = file.read(HEAD if place == 0 else SPOT)
            if place == 0:
                pieces.append(b"".join(piece.splitlines(keepends=True)[shape.first_line - 1 :]))
                if len(piece) == size:
                    break
            elif b"\n" in piece:
                pieces.append(piece[piece.index(b"\n") + 1 : piece.rindex(b"\n") + 1])
    rows = []
    for place, piece in enumerate(pieces):
        read = [cells for cells, _ in _rows(piece.decode("utf-8", errors="ignore"), shape.delimiter, shape.quote)]
        rows += read if place == 0 and len(piece) < HEAD // 2 else read[:-1]
    fitting = [[cell or None for cell in cells] for cells in rows if len(cells) == len(shape.columns)]
    return pl.DataFrame(fitting, schema={name: pl.String for name in shape.columns}, orient="row")


def read_sql(path: Path, shape: Layout, on_error: str) -> str:
    """The read_csv call for a clean UTF-8 file: everything told, nothing sniffed, every column text.

    Args:
        path: the file.
        shape: its layout.
        on_error: further arguments that say what happens to bad lines.
    """
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in shape.columns)
    return (
        f"read_csv({literal(str(path))}, columns = {{{columns}}}, auto_detect = false, header = true, skip = {shape.skip}, "
        f"delim = {literal(shape.delimiter)}, quote = {literal(shape.quote)}, escape = {literal(shape.quote)}, {on_error})"
    )


def literal(text: str) -> str:
    """`text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """`text` as an SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def _rows(text: str, delimiter: str, quote: str) -> list[tuple[list[str], int]]:
    """The records of `text`, each with the number of its last line."""
    quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    reader = csv.reader(re.split(r"(?<=\n)", text), delimiter=delimiter, quotechar=quote or None, quoting=quoting)
    rows = []
    try:
        for cells in reader:
            rows.append((cells, reader.line_num))
    except csv.Error:  # a cell longer than csv reads: what came before it is sample enough
        pass
    return rows


def _fitness(attempt: tuple[list, str, str]) -> tuple:
    """Order of ways to read a file: known headers, rows that agree on their columns, columns, quotes where they are used."""
    rows, delimiter, quote = attempt
    widths = Counter(len(cells) for cells, _ in rows if any(cells))
    if not widths:
        return (0, False, 0, 0, False)
    width, rows_of_width = widths.most_common(1)[0]
    header = max((_known_cells(cells) for cells, _ in rows[:HEADER_AMONG]), default=0)
    return (header, width > 1, rows_of_width / sum(widths.values()), width, quote != "")


def _known_cells(cells: list[str | None]) -> int:
    keys = {headers.header_key(cell) for cell in cells if cell}
    return max(len(keys & headers.known(kind).keys()) for kind in headers.KINDS)


def header_place(rows: list[list[str | None]]) -> tuple[int, int] | None:
    """The header among the first rows: (its place, how many of its cells are known); None when all rows are blank.

    It is the row with the most cells known here; where none has two, the first row that is as wide as any.
    """
    filled = [place for place, cells in enumerate(rows[:HEADER_AMONG]) if any(cell and cell.strip() for cell in cells)]
    if not filled:
        return None
    best = max(filled, key=lambda place: (_known_cells(rows[place]), -place))
    if _known_cells(rows[best]) > 1:
        return best, _known_cells(rows[best])
    width = {place: sum(1 for cell in rows[place] if cell) for place in filled}
    return max(filled, key=lambda place: (width[place], -place)), _known_cells(rows[best])


def cells_of(bad: pl.DataFrame, shape: Layout) -> pl.DataFrame:
    """Lines that did not fit, cut at their delimiters as far as that goes: what is too much stays in the last column."""
    width = len(shape.columns)
    rows = []
    for line, text in bad.select("line", "text").iter_rows():
        cells = text.split(shape.delimiter)
        cells[width - 1 :] = [shape.delimiter.join(cells[width - 1 :])] if len(cells) >= width else []
        rows.append((line, *cells, *[None] * (width - len(cells))))
    return pl.DataFrame(rows, schema={"line": pl.Int64} | dict.fromkeys(shape.columns, pl.String), orient="row")

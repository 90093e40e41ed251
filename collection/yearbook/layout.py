"""A printed table: heads under heads, labels beside labels, and figures. The same whether it is shown, printed or filed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

Path = tuple[str | None, ...]  # from the outermost text to the innermost; None: the text before it reaches so far
TIDY = {"table": pl.String, "row": pl.String, "column": pl.String, "value": pl.Float64}


@dataclass(frozen=True)
class Column:
    """A column of figures: its heads from above, and how it is written: count, dash (a count, "-" for 0) or share (of 1)."""

    path: Path
    form: str = "count"
    key: str = ""


@dataclass(frozen=True)
class Row:
    """A row: its labels from the left, and its figures, None where there is none. `strong` for sums."""

    path: Path
    values: tuple[int | float | None, ...]
    strong: bool = False
    key: str = ""


@dataclass(frozen=True)
class Table:
    """One table of the yearbook.

    Attributes:
        number: as the yearbook counts it, "2(1)". stub: heads over the labels. columns, rows: paths of one length each;
            no rows: there is nothing to print, and `notes` say why.
        notes: printed under it. method: how it was counted. checks: what does not agree or is missing.
    """

    number: str
    title: str
    unit: str
    as_of: str
    stub: Path
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A cell of the grid: its place from 0, how far it reaches down and across, and what stands in it.

    form: head, label, or that of its column. keys: of its row and column, ("", "") for heads and labels.
    """

    row: int
    column: int
    down: int
    across: int
    value: str | int | float | None
    form: str
    strong: bool = False
    keys: tuple[str, str] = ("", "")


def grid(table: Table) -> list[list[Cell]]:
    """The cells of a table by printed row, the heads first; nothing when it has no rows."""
    if not table.rows:
        return []
    high, wide = len(table.columns[0].path), len(table.stub)
    lines: list[list[Cell]] = [[] for _ in range(high + len(table.rows))]
    for _, level, _, over, text in _runs([table.stub]):
        lines[0].append(Cell(0, level, high, over, text, "head"))
    for index, level, along, over, text in _runs([column.path for column in table.columns]):
        lines[level].append(Cell(level, wide + index, over, along, text, "head"))
    for index, level, along, over, text in _runs([row.path for row in table.rows]):
        strong = table.rows[index].strong and level + over == wide
        lines[high + index].append(Cell(high + index, level, along, over, text, "label", strong))
    for index, row in enumerate(table.rows, start=high):
        for place, (column, value) in enumerate(zip(table.columns, row.values, strict=True), start=wide):
            lines[index].append(Cell(index, place, 1, 1, value, column.form, row.strong, (row.key, column.key)))
    return [sorted(line, key=lambda cell: cell.column) for line in lines]


def head_rows(table: Table) -> int:
    """How many rows of the grid are heads."""
    return len(table.columns[0].path)


def text(cell: Cell) -> str:
    """A cell as it is printed: 1,234, △1,234, 5.2%, "-", blank."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if cell.form == "share":
        return f"{int(value * 1000 + 0.5) / 10:.1f}%"
    if cell.form == "dash" and value == 0:
        return "-"
    return f"△{-value:,}" if value < 0 else f"{value:,}"


def tidy(tables: Sequence[Table]) -> pl.DataFrame:
    """TIDY: one row a figure; labels and heads that stand over one another are joined by a space."""
    rows = [
        (f"{table.number} {table.title}", _joined(row.path), _joined(column.path), value)
        for table in tables
        for row in table.rows
        for column, value in zip(table.columns, row.values, strict=True)
    ]
    return pl.DataFrame(rows, schema=TIDY, orient="row")


def _runs(paths: list[Path]) -> Iterator[tuple[int, int, int, int, str]]:
    """Every text of the paths once: where it begins, its level, how many paths and how many levels it spans, and itself."""
    for level in range(len(paths[0])):
        index = 0
        for prefix, same in groupby(paths, key=lambda path: path[: level + 1]):
            along = len(list(same))
            if prefix[-1] is not None:
                below = paths[index][level + 1 :]
                over = next((n for n, part in enumerate(below) if part is not None), len(below)) + 1
                yield index, level, along, over, prefix[-1]
            index += along


def _joined(path: Path) -> str:
    return " ".join(part for part in path if part)

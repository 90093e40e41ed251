"""購入リスト: a list of books to buy, read to see what it would do to the shares of the classes. It is not kept."""

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from collection import composition
from collection.composition import CHILDREN, NONE
from collection.measures import EVERYTHING, Scope
from collection.sources import content_of
from collection.sources.headers import header_key, match
from collection.sources.normalise import classes_of, code_of, count_of
from collection.sources.normalise.text import plain
from collection.sources.opening import Opened, open_table
from collection.words import Problem

COPIES = ("冊数", "部数", "数量", "copies")
TEXTS = ("author", "publisher", "series")
ROW = {name: pl.String for name in ("branch", "ndc", "audience", "material", *TEXTS)} | {"copies": pl.Int64}


@dataclass(frozen=True)
class Purchases:
    """A list of books to buy.

    Attributes:
        file: its name. rows: columns of ROW, one row for each that was read; blank is null, a class has up to three digits.
        unread: why rows could not be read (columns, mark, audience, branch, copies) → their lines.
    """

    file: str
    rows: pl.DataFrame
    unread: dict[str, list[int]]


def read(path: Path, branches: list[str]) -> Purchases:
    """Reads a CSV, TSV or XLSX in the form of `bibs`: 分類, and 利用対象, 資料種別, 著者名, 出版者, 叢書名, 所蔵館
    and 冊数 where they are there.

    A row without 冊数 is one volume. A row without a class is read when it is for children, a row without 所蔵館 too.

    Args:
        branches: the branches there are; another one cannot be read.

    Raises:
        Problem: the file cannot be read, has a column about persons, or no column of classes.
    """
    content = content_of(path)
    if content not in ("text", "xlsx"):
        raise Problem("composition.list_no_table", file=path.name)
    rows, unread = [], {}
    with tempfile.TemporaryDirectory(prefix="collection-") as folder:
        opened = open_table(path, content, Path(folder), whole=False)
        named = _named(opened.columns)
        if "ndc" not in named:
            raise Problem("composition.list_no_class", file=path.name)
        for line, cells in cells_of(opened):
            row, why = _row(cells, named, branches)
            if why:
                unread.setdefault(why, []).append(line)
            else:
                rows.append(row)
    return Purchases(path.name, pl.DataFrame(rows, schema=ROW), unread)


def _named(columns: tuple[str, ...]) -> dict[str, str]:
    """field → column, for the fields of ROW that a header names."""
    copies = {header_key(name) for name in COPIES}
    counted = [("copies", column) for column in columns if header_key(column) in copies]
    named = match(list(columns), "items") | match(list(columns), "bibs") | dict(counted)
    return {field: column for field, column in named.items() if field in ROW}


def cells_of(opened: Opened) -> Iterator[tuple[int, dict | None]]:
    """Line and cells by column of every row that says something; None where a row has not as many cells as the header."""
    if opened.frame is not None:
        yield from ((row["line"], row) for row in opened.frame.iter_rows(named=True))
        return
    shape = opened.layout
    quoting = csv.QUOTE_MINIMAL if shape.quote else csv.QUOTE_NONE
    with opened.text.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=shape.delimiter, quotechar=shape.quote or None, quoting=quoting)
        for cells in reader:
            if reader.line_num >= shape.first_line and any(cell.strip() for cell in cells):
                fits = len(cells) == len(shape.columns)
                yield reader.line_num, dict(zip(shape.columns, cells, strict=True)) if fits else None


def _row(cells: dict | None, named: dict[str, str], branches: list[str]) -> tuple[dict, str | None]:
    """(the row, None), or (nothing, the field that cannot be read)."""
    if cells is None:
        return {}, "columns"
    said = {field: cells[column] for field, column in named.items()}
    branch, ndc = plain(said.get("branch")) or None, classes_of(said["ndc"])[0].ndc
    audience, unknown = code_of("audience", said.get("audience"))
    copies, unclear = count_of(said.get("copies"))
    material = code_of("material", said.get("material"))[0]
    wrong = {
        "audience": unknown,
        "mark": ndc is None and audience != "child",
        "branch": branch and branch not in branches,
        "copies": unclear or copies == 0,
    }
    if why := next((field for field, held in wrong.items() if held), None):
        return {}, why
    row = {"branch": branch, "ndc": ndc and ndc[:3], "audience": audience, "material": material, "copies": copies or 1}
    return row | {name: (said.get(name) or "").strip() or None for name in TEXTS}, None


def arriving(rows: pl.DataFrame, scope: Scope = EVERYTHING, level: int | None = None) -> pl.DataFrame:
    """branch, mark, arriving of the rows of a list that belong to a scope; the places of a scope are not asked for."""
    level = composition.digits(scope) if level is None else level
    child = pl.col("audience").eq("child").fill_null(False)
    digit = pl.col("ndc").str.slice(0, 1).fill_null(NONE)
    told = rows.with_columns(shelf_class=pl.when(child).then(pl.lit(CHILDREN)).otherwise(digit))
    for name in ("branch", "shelf_class", "audience", "material"):
        if chosen := getattr(scope, name):
            told = told.filter(pl.col(name).fill_null("").is_in(list(chosen)))
    if scope.ndc:
        told = told.filter(pl.col("ndc").str.starts_with(scope.ndc).fill_null(False))
    mark = pl.col("ndc").str.slice(0, level).fill_null(NONE) if level else pl.col("shelf_class")
    return told.group_by("branch", mark=mark).agg(arriving=pl.col("copies").sum())

"""Opening a table file: its encoding, layout and columns, what they mean, and whether it may be read at all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from collection.sources import decode, headers, mappings, personal, tables, workbooks
from collection.sources.headers import header_key
from collection.words import Problem


@dataclass(frozen=True)
class Opened:
    """A table file ready to be read.

    `text` and `layout` are there for CSV and TSV, `frame` (line and columns) for XLSX. `plan` is kind → field → SQL of
    its text, `taken` column → field for columns that are a field as they stand, `unknown` the columns nothing is made of.
    """

    path: Path
    encoding: str
    columns: tuple[str, ...]
    sample: pl.DataFrame
    mapping: mappings.Mapping | None
    plan: dict[str, dict[str, str]]
    taken: dict[str, str]
    unknown: tuple[str, ...]
    text: decode.Decoded | None = None
    layout: tables.Layout | None = None
    frame: pl.DataFrame | None = None
    other_sheets: tuple[str, ...] = ()


def open_table(
    path: Path,
    content: str,
    folder: Path,
    kind: str | None = None,
    mapping: Path | str | None = None,
    read: Callable[[int], None] | None = None,
    whole: bool = True,
) -> Opened:
    """Opens a CSV, TSV or XLSX file.

    Args:
        path: the file.
        content: "xlsx" or "text".
        folder: where a clean copy may go.
        kind, mapping: as for `sources.stage`.
        read: told the number of bytes read so far.
        whole: the columns must make a whole of some kind; False: open it all the same (plan may be empty).

    Raises:
        Problem: unreadable, personal, or of no kind known.
    """
    text = layout = frame = None
    others: list[str] = []
    if content == "xlsx":
        frame, columns, others = workbooks.read(path)
        sample, encoding = frame.drop("line"), "xlsx"
        personal.refuse_headers(list(columns), path.name)
    else:
        text = decode.decode(path, folder, read)
        layout = tables.layout(text.path, path.name)
        columns, encoding = layout.columns, text.encoding
        personal.refuse_headers(list(columns), path.name)
        sample = tables.sample(text.path, layout)
    chosen = _mapping(mapping, columns)
    if chosen:
        plan = mappings.plan(chosen, columns, path.name)
        used = mappings.used(chosen)
        taken = {
            column: field
            for recipes in chosen.kinds.values()
            for field, recipe in recipes.items()
            for column in columns
            if isinstance(recipe, str) and header_key(recipe) == header_key(column)
        }
        unknown = tuple(column for column in columns if header_key(column) not in used)
        if kind and kind not in plan:
            raise Problem("sources.mapping_kind", file=path.name, mapping=chosen.name, kind=kind)
        plan = {kind: plan[kind]} if kind else plan
        checked = taken | {column: "mapped" for column in columns if column not in taken and column not in unknown}
    else:
        plan, taken = _by_header(columns, path.name, kind, whole)
        unknown = tuple(column for column in columns if column not in taken)
        checked = taken
    personal.refuse_contents(sample, checked, path.name)
    return Opened(path, encoding, columns, sample, chosen, plan, taken, unknown, text, layout, frame, tuple(others))


def _mapping(asked: Path | str | None, columns: tuple[str, ...]) -> mappings.Mapping | None:
    if asked is None:
        return mappings.find(list(columns))
    path = Path(asked)
    shipped = mappings.SHIPPED / f"{asked}.toml"
    if not path.is_file() and shipped.is_file():
        path = shipped
    if not path.is_file():
        raise Problem("sources.no_file", file=str(asked))
    return mappings.read(path)


def _by_header(
    columns: tuple[str, ...], file: str, kind: str | None, whole: bool
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The plan the header makes by itself; of a file of bibs and items, a column goes to the kind that names it best."""
    try:
        kinds = headers.kinds_of(list(columns), file, kind)
    except Problem:
        if whole:
            raise
        kinds = [max(headers.KINDS, key=lambda one: len(headers.match(list(columns), one)))]
    plan, taken = {}, {}
    for one in kinds:
        found = headers.match(list(columns), one)
        if len(kinds) == 2:
            found = {
                field: column
                for field, column in found.items()
                if taken.get(column) in (None, field) and (field != "price" or column not in taken)
            }
        plan[one] = {field: tables.name(column) for field, column in found.items()}
        taken |= {column: field for field, column in found.items()}
    return plan, taken

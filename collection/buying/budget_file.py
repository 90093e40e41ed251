"""The pots of a budget as a table, out and in again: 館, 類, 資料費."""

import tempfile
from pathlib import Path

import polars as pl

from collection import words
from collection.buying import budget
from collection.composition import CLASSES
from collection.sources import content_of
from collection.sources.headers import header_key
from collection.sources.normalise import yen_of
from collection.sources.normalise.text import plain
from collection.sources.opening import open_table
from collection.words import Problem, say

HEADS = ("branch", "shelf_class", "budget")


def table(pots: pl.DataFrame) -> pl.DataFrame:
    """The pots under headings of the present language; classes by their mark."""
    return pots.select(HEADS).rename({name: say(f"buying.head_{name}") for name in HEADS})


def read(name: str, content: bytes, branches: list[str]) -> pl.DataFrame:
    """The pots (budget.POT) in a CSV, TSV or XLSX with the headings of `table`, in either language; blank: all of them.

    A class is its mark or its name (9, 9 文学, K). Rows that are blank throughout are passed over.

    Args:
        branches: those there are.

    Raises:
        Problem: the file cannot be read, lacks the amounts, or a row names a branch or class that there is not, or no amount.
    """
    with tempfile.TemporaryDirectory(prefix="collection-") as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        kind = content_of(path)
        if kind not in ("text", "xlsx"):
            raise Problem("buying.budget_no_table", file=name)
        opened = open_table(path, kind, Path(folder), whole=False)
        rows = opened.frame
        if rows is None:
            rows = pl.read_csv(
                opened.text.path, separator=opened.layout.delimiter, skip_rows=opened.layout.skip, infer_schema=False,
                truncate_ragged_lines=True,
            ).with_row_index("line", opened.layout.first_line)  # fmt: skip
    named = {known: column for column in rows.columns if (known := _heads().get(header_key(column)))}
    if "budget" not in named:
        raise Problem(
            "buying.budget_columns", file=name, columns="、".join(say(f"buying.head_{head}") for head in HEADS)
        )
    said = [
        {head: plain(row.get(column)) for head, column in named.items()} | {"line": row["line"]}
        for row in rows.iter_rows(named=True)
    ]
    pots = [_pot(row, branches) for row in said if any(row[head] for head in named)]
    return pl.DataFrame(pots, schema=budget.POT)


def _heads() -> dict[str, str]:
    """header_key of every heading → the column."""
    return {
        header_key(text): head for head in HEADS for text in (head, *words.table("buying")[f"head_{head}"].values())
    }  # fmt: skip


def _pot(row: dict, branches: list[str]) -> dict:
    branch, mark = row.get("branch") or None, _mark(row.get("shelf_class") or None)
    if branch and branch not in branches:
        raise Problem("buying.budget_row", line=row["line"], value=branch)
    if mark and mark not in CLASSES:
        raise Problem("buying.budget_row", line=row["line"], value=mark)
    yen = yen_of(row["budget"])[0]
    if yen is None:
        raise Problem("buying.budget_row", line=row["line"], value=row["budget"])
    return {"branch": branch, "shelf_class": mark, "budget": yen}


def _mark(said: str | None) -> str | None:
    """The mark of a class that is named by it or by its words."""
    if said is None:
        return None
    named = {
        header_key(text[lang]): mark
        for mark, text in words.table("codes")["shelf_class"].items()
        for lang in words.LANGUAGES
    }
    return named.get(header_key(said), said.upper())

"""新刊案内: a publisher's or vendor's list of new titles, read and weighed before any of it is kept."""

import json
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import sources
from collection.buying import lines, verdicts
from collection.policy import Policy
from collection.purchases import COPIES
from collection.sources import headers, tables
from collection.sources.normalise import count_of
from collection.sources.normalise.text import plain
from collection.sources.opening import open_table
from collection.store.connection import connect, sql
from collection.words import Problem

FATES = ("accept", "committee", "joined", "passed", "refuse", "held", "on_order", "same_row", "unclear", "error")
KEPT = ("accept", "committee", "joined")  # what is put on the list
ROW = {"line": pl.Int64, "why": pl.String}


@dataclass(frozen=True)
class NewTitles:
    """A list of new titles.

    Attributes:
        file: its name. rows: lines.LINE of every row that was read, with `line`, its place in the file.
        unread: line and why (no_title, bad_line, copies, branch) of every other row.
    """

    file: str
    rows: pl.DataFrame
    unread: pl.DataFrame


def read(path: Path, branches: list[str]) -> NewTitles:
    """Reads a CSV, TSV or XLSX in the form of `bibs`, with 冊数 and 所蔵館 where it has them, or MARC records.

    A row that names a branch asks for a copy there, or for 冊数 copies; 冊数 without a branch says how many in all.

    Args:
        branches: those there are; a row with another one cannot be read.

    Raises:
        Problem: the file cannot be read, has a personal column, or no column of titles.
    """
    with connect() as connection, tempfile.TemporaryDirectory(prefix="collection-") as folder:
        if sources.content_of(path).startswith("marc"):
            mapping, named = None, {}
        else:
            mapping, named = _mapping(path, Path(folder))
        staged = next(one for one in sources.stage(connection, path, "bibs", mapping) if one.kind == "bibs")
        columns = {
            name: tables.name(named[name]) if name in named else "NULL::VARCHAR" for name in ("copies", "branch")
        }
        found = connection.sql(sql("queries/buying_staged").format(table=staged.table, raw=staged.raw, **columns)).pl()
    told = [_row(row, path.name, branches) for row in found.iter_rows(named=True)]
    rows = pl.DataFrame([row for row, why in told if not why], schema=lines.LINE | {"line": pl.Int64})
    unread = pl.DataFrame([{"line": row["line"], "why": why} for row, why in told if why], schema=ROW)
    return NewTitles(path.name, rows, unread)


def _mapping(path: Path, folder: Path) -> tuple[Path, dict[str, str]]:
    """A mapping that takes each column by its header, and names no record: a list of offers needs no 書誌番号; and the
    columns of copies and branches."""
    opened = open_table(path, sources.content_of(path), folder, whole=False)
    columns = list(opened.columns)
    named = headers.match(columns, "bibs")
    if "title" not in named:
        raise Problem("buying.no_titles", file=path.name)
    recipes = {field: json.dumps(column, ensure_ascii=False) for field, column in named.items() if field != "bib_id"}
    recipes["bib_id"] = '{ constant = "-" }'
    made = folder / "offered.mapping.toml"
    text = "\n".join(["[bibs]", *(f"{field} = {recipe}" for field, recipe in recipes.items())])
    made.write_text(text, encoding="utf-8")
    counted = {headers.header_key(name) for name in COPIES}
    found = {
        "copies": next((column for column in columns if headers.header_key(column) in counted), None),
        "branch": headers.match(columns, "items").get("branch"),
    }
    return made, {name: column for name, column in found.items() if column}


def _row(said: dict, file: str, branches: list[str]) -> tuple[dict, str | None]:
    """(the line, None), or (its place, why it cannot be read)."""
    line = {name: said.get(name) for name in lines.LINE} | {"line": said["line"]}
    if said["reason"]:
        return line, "no_title" if said["reason"] == "blank_title" else "bad_line"
    branch, (copies, unclear) = plain(said["branch"]) or None, count_of(said["copies"])
    if unclear or copies == 0:
        return line, "copies"
    if branch and branch not in branches:
        return line, "branch"
    places = [{"branch": branch, "copies": copies or 1}] if branch else []
    wanted = copies if copies and not branch else None
    return line | {"sources": [{"kind": "vendor", "of": file}], "places": places, "wanted": wanted}, None


def weigh(
    cursor: duckdb.DuckDBPyConnection,
    policy: Policy,
    found: NewTitles,
    every: pl.DataFrame,
    asked: pl.DataFrame,
    as_of: date,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What becomes of each row of a list.

    Args:
        cursor: from `identify.opened`, with the decisions. every: the lines people keep (kept.KEPT). asked: the lines that requests
            ask for, which add to a new title that is the same.

    Returns:
        the fates, one of FATES for each line of the file: line, fate, title, no (of the line it is joined to), why (of an error),
        reason, article; and the lines to propose, with what was said of them.
    """
    owners = lines.owners(found.rows)
    titles = lines.together(pl.concat([lines.frame(found.rows), asked])).head(owners.n_unique())
    judged = verdicts.against(titles, verdicts.weigh(cursor, policy, titles, as_of), every, as_of, policy)
    told = pl.concat([titles, judged], how="horizontal")
    states = dict(every.select("no", "state").iter_rows())
    passed = pl.col("earlier").replace_strict(states, default=None, return_dtype=pl.String) == "passed"
    fate = (
        pl.when(pl.col("verdict") != "duplicate").then("verdict")
        .when(pl.col("earlier").is_null()).then(pl.lit("same_row"))
        .when(passed).then(pl.lit("passed")).otherwise(pl.lit("joined"))
    )  # fmt: skip
    told = told.with_columns(fate=fate)
    first = found.rows.select("line", "title").with_columns(owner=owners).with_row_index("row").cast({"row": pl.Int64})
    own = told.select("fate", "reason", "article", no="earlier").with_columns(
        owner=pl.Series(sorted(set(owners)), dtype=pl.Int64)
    )
    rows = first.join(own, on="owner", maintain_order="left").with_columns(
        fate=pl.when(pl.col("row") == pl.col("owner")).then("fate").otherwise(pl.lit("same_row"))
    )
    wrong = found.unread.with_columns(fate=pl.lit("error"))
    fates = pl.concat([rows.drop("row", "owner"), wrong], how="diagonal").sort("line")
    return fates, told.filter(pl.col("fate").is_in(KEPT)).drop("fate")

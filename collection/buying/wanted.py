"""What asks to be bought today: readers' requests, holds without enough copies, worn copies, lists that a branch lacks, and
titles of short classes that the library once had. None of it is kept until somebody proposes it."""

import json
from math import ceil
from pathlib import Path

import duckdb
import polars as pl

from collection import duplicates, ledger
from collection.buying.lines import TITLE, frame, together
from collection.policy import Policy
from collection.sources.normalise import isbn_of
from collection.store.connection import sql

YEARS, EACH = "挙げる本の出版からの年数", "類ごとに挙げる本"
MONTHS = 36  # of loans, for titles that the library once had
FACTS = {"bib_id": pl.String, "holds": pl.Int64, "copies": pl.Int64}


def requests(store: Path) -> tuple[pl.DataFrame, set[str]]:
    """The titles that readers ask for, the oldest request first; and the numbers of all requests that wait.

    A request joined to another adds to it, and asks for nothing once that one has ended.
    """
    if not ledger.path(store).exists():
        return frame([]), set()
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/buying_requests")).fetchall()
    open_ones = {row["no"] for row in rows if row["state"] != "joined"}
    joined = {row["no"]: json.loads(row["details"]).get("joined_to") for row in rows if row["state"] == "joined"}
    waiting = open_ones | {no for no, other in joined.items() if other in open_ones}
    found = [
        {name: told.get(name) for name in TITLE} | {"sources": [{"kind": "request", "of": row["no"]}]}
        for row in rows if row["no"] in waiting
        for told in [json.loads(row["details"])]
    ]  # fmt: skip
    return together(frame(found)), waiting


def of_the_day(cursor: duckdb.DuckDBPyConnection, policy: Policy, short: list[str]) -> pl.DataFrame:
    """The lines that the facts of the day ask for.

    Args:
        cursor: on a flags file with its snapshot attached, and the decisions. short: the classes that are short (gaps.py).
    """
    found = pl.concat(
        [holds(cursor, policy), replacements(cursor), listed(cursor, policy), known(cursor, policy, short)],
        how="diagonal_relaxed",
    )
    records = titles(cursor, found["bib_id"].drop_nulls().unique().to_list())
    own = found.join(records, on="bib_id", how="left", maintain_order="left", suffix="_record")
    named = [name for name in TITLE if f"{name}_record" in own.columns]
    own = own.with_columns(pl.coalesce(pl.col(name), f"{name}_record").alias(name) for name in named)
    return together(frame(own))


def holds(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> pl.DataFrame:
    """Titles whose holds ask for more copies, which go where most readers wait."""
    each = int(policy.parameters["複本1冊の予約"])
    return _lines(
        {"bib_id": row["bib_id"], "wanted": row["wanted"], "sources": [{"kind": "holds", "of": row["bib_id"]}],
         "places": _spread(row["wanted"], row["holds_at"], each)}
        for row in duplicates.asked(cursor, policy).iter_rows(named=True)
    )  # fmt: skip


def _spread(copies: int, holds_at: str | None, each: int) -> list[dict]:
    """Copies by branch, those where most readers wait first, to each as many as its own holds ask for."""
    places = []
    for told in (holds_at or "").split(";"):
        branch, _, waiting = told.rpartition(" ")
        here = min(copies - sum(place["copies"] for place in places), ceil(int(waiting) / each)) if branch else 0
        if here > 0:
            places.append({"branch": branch, "copies": here})
    return places


def replacements(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Titles to be bought anew for a worn copy (buying_worn.sql), at the branch where it stands."""
    return _lines(
        row | {"sources": [{"kind": row["kind"], "of": item} for item in row["items"]]}
        for row in _filled(cursor, "worn").iter_rows(named=True)
    )


def listed(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> pl.DataFrame:
    """Titles of the lists wanted at every branch (運用値 各館に揃える名簿), one copy for each branch that lacks them."""
    found = duplicates.missing(cursor, policy)
    return _lines(
        row | {"isbn": isbn_of(row["isbn"])[0], "sources": [{"kind": "listed", "of": row["listed"]}]}
        for row in found.group_by("row", maintain_order=True).agg(
            pl.col("title", "author", "publisher", "isbn", "listed", "bib_id").first(),
            places=pl.struct("branch", copies=pl.lit(1, pl.Int64)),
        ).iter_rows(named=True)
    )  # fmt: skip


def known(cursor: duckdb.DuckDBPyConnection, policy: Policy, short: list[str]) -> pl.DataFrame:
    """Titles of classes that are short: the library had readers for them and has no copy any more (buying_known.sql)."""
    [(as_of, loans_to)] = cursor.execute(sql("queries/buying_meta")).fetchall()
    asked = {
        "marks": short, "from_month": (loans_to or 0) - MONTHS + 1, "each": int(policy.parameters[EACH]),
        "from_year": as_of.year - int(policy.parameters[YEARS]),
    }  # fmt: skip
    found = cursor.sql(sql("queries/buying_known"), params=asked).pl()
    return _lines(
        {"bib_id": row["bib_id"], "sources": [{"kind": "known", "of": row["mark"]}]}
        for row in found.iter_rows(named=True)
    )


def titles(cursor: duckdb.DuckDBPyConnection, bib_ids: list[str]) -> pl.DataFrame:
    """bib_id, the columns of TITLE, and of the edition holds and copies (that can be lent), of records."""
    return _filled(cursor, "titles", {"asked": bib_ids}).cast(TITLE | FACTS)


def _filled(cursor: duckdb.DuckDBPyConnection, name: str, params: dict | None = None) -> pl.DataFrame:
    query = sql(f"queries/buying_{name}").format(leaving=sql("queries/duplicates_leaving"))
    return cursor.sql(query, params=params or {}).pl()


def _lines(rows) -> pl.DataFrame:
    return frame(list(rows))

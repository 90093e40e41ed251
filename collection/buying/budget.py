"""資料費: what a fiscal year may cost, as the manager sets it, and what of it is left.

A budget is a list of pots, each for a branch and a class, a branch, a class, or everything. What is bought comes out of the
pot that names most of it, the branch before the class.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from collection import ledger, words, years
from collection.buying import kept, lines
from collection.ledger import Event, append
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem, code

POT = {"branch": pl.String, "shelf_class": pl.String, "budget": pl.Int64}
PART = {"branch": pl.String, "shelf_class": pl.String, "kind": pl.String, "yen": pl.Int64, "unpriced": pl.Int64}
KINDS = ("spent", "ordered", "requested")
LEFT = POT | dict.fromkeys((*KINDS, "left", "unpriced"), pl.Int64)
MOST = 10**12  # yen; more is a slip of the pen


@dataclass(frozen=True)
class Budget:
    """A budget that was set: pots (POT), and the event with who, when (local time) and the note. seq 0: none was set."""

    pots: pl.DataFrame
    seq: int = 0
    by: str = ""
    at: str = ""
    note: str = ""


def history(store: Path, year: int) -> list[Budget]:
    """Every budget set for a fiscal year, the newest, which counts, first."""
    if not ledger.path(store).exists():
        return []
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/buying_budgets"), {"year": str(year)}).fetchall()
    return [
        Budget(pl.DataFrame(json.loads(row["details"])["pots"], schema=POT), row["seq"], row["name"],
               row["at"][:16].replace("T", " "), row["reason"] or "")
        for row in rows
    ]  # fmt: skip


def present(store: Path, year: int) -> Budget:
    """The budget of a fiscal year; without pots where none was set."""
    return next(iter(history(store, year)), Budget(pl.DataFrame(schema=POT)))


def put(store: Path, person: Person, year: int, pots: pl.DataFrame, follows: int, note: str = "") -> int:
    """Set the budget of a year in the place of the one with the number `follows` (0: none); returns the event's number.

    Raises:
        Problem: two pots are the same, an amount is negative or too large, the role does not allow it. MovedOn: somebody
            else set it meanwhile.
    """
    told = pots.select(list(POT)).cast(POT).sort(["branch", "shelf_class"], nulls_last=False)
    twice = told.filter(pl.struct("branch", "shelf_class").is_duplicated())
    if len(twice):
        raise Problem("buying.budget_twice", what=pot_word(*twice.row(0)[:2]))
    wrong = told.filter(~pl.col("budget").is_between(0, MOST).fill_null(False))
    if len(wrong):
        raise Problem("buying.budget_amount", what=pot_word(*wrong.row(0)[:2]))
    event = Event(
        "set_budget", str(year), follows=follows, reason=note.strip() or None, details={"pots": told.to_dicts()}
    )
    with ledger.writing(store) as connection:
        return append(connection, person, [event])[0]


def left(store: Path, cursor: duckdb.DuckDBPyConnection, fy: int) -> pl.DataFrame:
    """What each pot of a fiscal year has left.

    Args:
        cursor: on a flags file with its snapshot attached.

    Returns:
        LEFT, one row a pot, and one without a budget for what fits no pot. spent: price of what was purchased and received in
        the year, as the holdings tell. ordered: lines ordered up to the year and not delivered, or delivered in it after the
        day of the holdings. requested: accepted requests that are open and not on order. left = budget − these, null without a
        budget. unpriced: how many copies and requests have no price; they are in none of the sums.
    """
    pots = present(store, fy).pots
    parts = pl.concat([_spent(cursor, fy), *_promised(store, cursor, fy)]).cast(PART)
    return _left(pots, parts)


def total(found: pl.DataFrame) -> dict:
    """The sums of `left` over the whole library: the columns of LEFT but branch and class; without a budget none is left."""
    sums = found.select(pl.col(*KINDS, "unpriced").sum()).row(0, named=True)
    known = found["budget"].drop_nulls()
    money = int(known.sum()) if len(known) else None
    rest = None if money is None else money - sum(sums[kind] for kind in KINDS)
    return {"budget": money, **{kind: sums[kind] for kind in KINDS}, "left": rest, "unpriced": sums["unpriced"]}


def pot_word(branch: str | None, mark: str | None) -> str:
    """What a pot is for, in the present language."""
    named = [
        branch or words.say("buying.all_branches"),
        code("shelf_class", mark) if mark else words.say("buying.all_classes"),
    ]
    return " ".join(named)


def _left(pots: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """LEFT of pots and of what comes out of them (PART)."""
    pots, parts = pots.with_row_index("pot"), parts.with_row_index("part")
    fits = [
        pl.col(f"{name}_of").is_null() | pl.col(f"{name}_of").eq_missing(pl.col(name))
        for name in ("branch", "shelf_class")
    ]
    named = 2 * pl.col("branch_of").is_not_null().cast(pl.Int8) + pl.col("shelf_class_of").is_not_null()
    found = parts.join(pots, how="cross", suffix="_of").filter(*fits).sort(named, descending=True)
    taken = parts.join(found.unique("part", keep="first").select("part", "pot"), on="part", how="left")
    sums = taken.group_by("pot").agg(
        *(pl.col("yen").filter(pl.col("kind") == kind).sum().alias(kind) for kind in KINDS), pl.col("unpriced").sum()
    )
    told = pots.join(sums, on="pot", how="full", coalesce=True, nulls_equal=True).sort("pot", nulls_last=True)
    if told.is_empty():
        told = pl.DataFrame([dict.fromkeys(told.columns)], schema=told.schema)
    told = told.with_columns(pl.col(*KINDS, "unpriced").fill_null(0))
    return told.with_columns(left=pl.col("budget") - pl.sum_horizontal(KINDS)).select(list(LEFT)).cast(LEFT)


def _spent(cursor: duckdb.DuckDBPyConnection, fy: int) -> pl.DataFrame:
    asked = {"year": fy, "first": years.first(fy), "last": years.last(fy)}
    found = cursor.sql(sql("queries/buying_spent"), params=asked).pl()
    return found.with_columns(kind=pl.lit("spent")).select(list(PART)).cast(PART)


def _promised(store: Path, cursor: duckdb.DuckDBPyConnection, fy: int) -> list[pl.DataFrame]:
    """What is ordered, and what accepted requests would cost."""
    [(as_of, _)] = cursor.execute(sql("queries/buying_meta")).fetchall()
    bought = kept.every(store).filter(pl.col("state").is_in(["chosen", "ordered", "received"]))
    fiscal = [pl.col(name).dt.offset_by("-3mo").dt.year() for name in ("ordered_on", "delivered_on")]
    waits = (pl.col("state") == "ordered") & (fiscal[0] <= fy)
    unseen = (pl.col("state") == "received") & (pl.col("delivered_on") > as_of) & (fiscal[1] == fy)
    ordered = bought.filter(waits | unseen)
    return [_cost(ordered, "ordered"), _requested(store, fy, bought)]


def _cost(found: pl.DataFrame, kind: str) -> pl.DataFrame:
    """PART of lines: each of its places; a line without places, or without a price, is counted as unpriced."""
    each = found.select("price", "places", shelf_class=lines.mark()).explode("places").unnest("places")
    copies = pl.col("copies").fill_null(1)
    return each.with_columns(
        kind=pl.lit(kind), yen=(pl.col("price") * pl.col("copies")).fill_null(0),
        unpriced=pl.when((pl.col("price") * pl.col("copies")).is_null()).then(copies).otherwise(0),
    ).select(list(PART)).cast(PART)  # fmt: skip


def _requested(store: Path, fy: int, bought: pl.DataFrame) -> pl.DataFrame:
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=PART)
    with ledger.reading(store) as connection:
        rows = [dict(row) for row in connection.execute(sql("queries/buying_prices"))]
    schema = {"no": pl.String, "on_day": pl.String, "price": pl.Int64, "ndc": pl.String, "audience": pl.String}
    named = bought["sources"].explode().drop_nulls().struct.unnest()
    ordered = named.filter(kind="request")["of"] if len(named) else pl.Series(dtype=pl.String)
    found = pl.DataFrame(rows, schema=schema).filter(~pl.col("no").is_in(ordered.implode()))
    taken = pl.col("on_day").str.to_date().dt.offset_by("-3mo").dt.year()
    return found.filter(taken <= fy).select(
        branch=pl.lit(None, pl.String), shelf_class=lines.mark(), kind=pl.lit("requested"), yen=pl.col("price").fill_null(0),
        unpriced=pl.col("price").is_null().cast(pl.Int64),
    ).cast(PART)  # fmt: skip

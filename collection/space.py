"""書架の余裕 (収蔵能力): how full the shelves of each branch are, and what has to leave them this year.

A place is `open` (開架: also the reference room, any place of the library's own, and none on record), `closed` (書庫) or
`office` (事務用, which no capacity counts). What is held stands on the shelf unless it is on loan, kept for a reader, on
its way, under repair, missing or judged unrecoverable. Capacities are the policy pack's; no row, or 0, means that none
is known. The band, and how the intake is foreseen, are operating values.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl

from collection import steps, years
from collection.composition import CLASSES
from collection.policy import Policy
from collection.store.connection import connect_flags, sql

PLACES = ("open", "closed")
SERIES = 10  # fiscal years that `yearly` goes back
LISTED = (
    "branch", "place", "capacity", "holdings", "out", "on_shelf", "fill", "low", "high", "room", "intake", "gone", "quota"
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """The shelves on a day.

    Attributes:
        places: branch, place, holdings, out (not on the shelf), lost (of out: what will not come back), places (codes
            of location, 'none' for blank).
        years: branch, place, fiscal_year, received, gone.
        as_of: the day. since: the first import, before which nobody saw what left; None when there is none.
    """

    places: pl.DataFrame
    years: pl.DataFrame
    as_of: date
    since: date | None


def count(cursor: duckdb.DuckDBPyConnection) -> Counted:
    """Count the shelves. cursor: on a flags file with its snapshot attached."""
    found = {name: cursor.sql(sql(f"queries/space_{name}")).pl() for name in ("places", "years", "since")}
    as_of, since = found["since"].row(0)
    return Counted(found["places"], found["years"], as_of, since)


def year_of(as_of: date) -> tuple[int, int]:
    """The fiscal year to plan for, and how many of its months are left: a month that has begun counts whole.

    31 March and 1 April both plan for the whole of the year that begins.
    """
    tomorrow = as_of + timedelta(days=1)
    return years.of(tomorrow), 12 - (tomorrow.month - 4) % 12


def seen_from(counted: Counted) -> int | None:
    """The first fiscal year of which all that left the holdings was seen; None when there was no import."""
    since = counted.since
    return since and years.of(since) + (since > years.first(years.of(since)))


def band(policy: Policy) -> tuple[int, int]:
    """The preferred fill, from and to, in per cent of the capacity."""
    return round(policy.parameters["充填率の下限"] * 100), round(policy.parameters["充填率の上限"] * 100)


def places(counted: Counted, policy: Policy, aim: int | None = None) -> pl.DataFrame:
    """How full every place is, and its quota (除籍の目安) for the fiscal year of `year_of`, all in whole volumes:

        intake = received in the last 受入見込の年数 fiscal years ÷ their number × months left ÷ 12, to the nearest
        most   = aim × capacity × holdings ÷ on_shelf, rounded down
        quota  = holdings + intake − most, at least 0;    spare = most − holdings − intake, at least 0

    `most` may be held at the end of the year, when as large a part of it stands on the shelf as now; so the quota is the
    least for which (holdings + intake − quota) × on_shelf ÷ holdings ≤ aim × capacity.

    Args:
        aim: the fill to reach, in per cent of the capacity; the upper end of the band when None.

    Returns:
        one row a branch and place, the largest branch first, open before closed: Counted.places with on_shelf; capacity
        (null: not known); fill, fill_full (when all has come back that is not lost), fill_end (at the end of the year
        when nothing leaves), low and high (shares of the capacity); room (volumes up to high; negative: too many);
        intake; gone (a year, the mean of the same fiscal years as far as it was seen, else null); most, quota, spare.
    """
    low, high = band(policy)
    year, months = year_of(counted.as_of)
    span = range(year - int(policy.parameters["受入見込の年数"]), year)
    seen = [past for past in span if counted.since and past >= seen_from(counted)]
    held, capacity, out = pl.col("holdings"), pl.col("capacity"), pl.col("out")
    empty = held == 0
    whole, standing = pl.when(empty).then(1).otherwise(held), pl.when(empty).then(1).otherwise(held - out)
    most = (high if aim is None else aim) * capacity * whole // (100 * standing)
    over = held + pl.col("intake") - pl.col("most")
    return (
        _with_capacity(counted.places, policy)
        .join(_received(counted.years, span, "received"), on=["branch", "place"], how="left")
        .join(_received(counted.years, seen, "gone"), on=["branch", "place"], how="left")
        .with_columns(pl.col("received", "gone").fill_null(0))
        .with_columns(
            on_shelf=held - out, low=pl.lit(low / 100), high=pl.lit(high / 100), most=most,
            intake=_rounded(pl.col("received") * months, 12 * len(span)),
            gone=_rounded(pl.col("gone"), len(seen)) if seen else pl.lit(None, pl.Int64),
            fill=(held - out) / capacity, fill_full=(held - pl.col("lost")) / capacity,
            room=high * capacity // 100 - (held - out),
        )
        .with_columns(
            fill_end=(held + pl.col("intake")) * standing / whole / capacity,
            quota=over.clip(lower_bound=0), spare=(-over).clip(lower_bound=0),
        )
        .drop("received")
        .sort(held.sum().over("branch"), "branch", pl.col("place").replace_strict({"open": 0, "closed": 1}, default=2),
              descending=[True, False, False])
    )  # fmt: skip


def capacities(policy: Policy) -> pl.DataFrame:
    """branch, place (open, closed), capacity in volumes; only what is known."""
    rows = [
        (branch, place, volumes)
        for branch, both in policy.capacity.items() for place, volumes in zip(PLACES, both, strict=True) if volumes
    ]  # fmt: skip
    schema = {"branch": pl.String, "place": pl.String, "capacity": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _with_capacity(counted: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The places with their capacity; those that have one and hold nothing are there too, at the branches that there are."""
    known = capacities(policy).join(counted, on="branch", how="semi")
    found = counted.join(known, on=["branch", "place"], how="full", coalesce=True)
    return found.with_columns(
        pl.col("holdings", "out", "lost").fill_null(0), pl.col("places").fill_null(pl.concat_list("place"))
    )


def _received(counted: pl.DataFrame, span, column: str) -> pl.DataFrame:
    within = counted.filter(pl.col("fiscal_year").is_in(list(span)))
    return within.group_by("branch", "place").agg(pl.col(column).sum())


def _rounded(value: pl.Expr, by: int) -> pl.Expr:
    """value ÷ by to the nearest whole number, halves upwards."""
    return (2 * value + by) // (2 * by)


def shared(cursor: duckdb.DuckDBPyConnection, found: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    """What each quota can be made of: what is decided already, then candidates, then items for the branch's own stacks.

    Args:
        cursor: with the decisions attached. found: of `places`, under any aim. usual: the same under the operating
        values, within which the stacks have to stay.

    Returns:
        found with decided, candidates, moves (what there is); room_closed (what the branch's stacks may still take; 0 on
        other rows than open shelves); take, move (what goes of candidates and moves) and short (what is wanting), null
        where there is no quota.
    """
    ready = cursor.sql(sql("queries/space_ready")).pl()
    stacks = usual.filter(pl.col("place") == "closed").select("branch", place=pl.lit("open"), room_closed="spare")
    wanted = (pl.col("quota") - pl.col("decided")).clip(lower_bound=0)
    rest = wanted - pl.col("take")
    return (
        found.join(ready, on=["branch", "place"], how="left", maintain_order="left")
        .join(stacks, on=["branch", "place"], how="left", maintain_order="left")
        .with_columns(pl.col("decided", "candidates", "moves", "room_closed").fill_null(0))
        .with_columns(take=wanted.clip(upper_bound=pl.col("candidates")))
        .with_columns(move=rest.clip(upper_bound=pl.min_horizontal("moves", "room_closed")))
        .with_columns(short=rest - pl.col("move"))
    )


def classes(cursor: duckdb.DuckDBPyConnection, branch: str, place: str, take: int, move: int) -> pl.DataFrame:
    """Which classes give `take` candidates and `move` items for the stacks most gently: the lowest scores go first.

    Where one score holds more items than are still wanted, each class gives in proportion to what it has of that score.

    Returns:
        shelf_class, in the order of classes; holdings, decided (leaving already), candidates, take, moves, move (items);
        share and share_after (of the place; after all that leaves); score (the median of what goes; null: nothing).
    """
    asked = {"branch": branch, "place": place, "take": take, "move": move}
    found = cursor.sql(sql("queries/space_classes"), params=asked).pl()
    after = pl.col("holdings") - pl.col("decided") - pl.col("take") - pl.col("move")
    order = pl.col("shelf_class").replace_strict({mark: n for n, mark in enumerate(CLASSES)}, default=len(CLASSES))
    return found.sort(order).with_columns(
        share=pl.col("holdings") / pl.col("holdings").sum(),
        share_after=pl.when(after.sum() > 0).then(after / after.sum()),
    )


def listing(way: str) -> dict:
    """The filter of the list (collection.candidates) that shows what `classes` counts as candidates or moves, its first
    items being those that go: verdict `candidate` or `move`, nothing that a person keeps or that only leaves the books."""
    freeing = [route for route in steps.ROUTES if route != "record_only"]
    return {
        "verdict": way, "tag": ["none", *(tag for tag in steps.TAGS if tag != "keep")],
        "route": freeing if way == "candidate" else None, "sort": "score",
    }  # fmt: skip


def yearly(cursor: duckdb.DuckDBPyConnection, counted: Counted, branch: str, place: str) -> pl.DataFrame:
    """What the last SERIES fiscal years brought to a place and took from it.

    Args:
        cursor: with the decisions attached.

    Returns:
        fiscal_year, received, gone (missed by an import; null in years of which it was not seen), ended (withdrawals
        that the ledger saw to their end).
    """
    last = years.of(counted.as_of - timedelta(days=1))
    span = pl.DataFrame({"fiscal_year": range(last - SERIES + 1, last + 1)}, schema={"fiscal_year": pl.Int16})
    ended = cursor.sql(sql("queries/space_ended")).pl()
    here = (pl.col("branch") == branch) & (pl.col("place") == place)
    for found in (counted.years, ended):
        span = span.join(
            found.filter(here).drop("branch", "place"), on="fiscal_year", how="left", maintain_order="left"
        )
    seen = pl.col("fiscal_year") >= seen_from(counted) if counted.since else pl.lit(False)
    filled = span.with_columns(pl.col("received", "gone", "ended").fill_null(0))
    return filled.with_columns(gone=pl.when(seen).then("gone"))


def listed(flags: Path, policy: Policy) -> pl.DataFrame:
    """LISTED, one row a branch and place (open, closed), for `collection export space`; units and nulls as in `places`."""
    with connect_flags(flags) as cursor:
        found = places(count(cursor), policy)
    return found.filter(pl.col("place").is_in(PLACES)).select(LISTED)

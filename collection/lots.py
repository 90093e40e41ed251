"""無償譲渡: the recycling lots of each branch, their labels, and what of them was taken or left."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, ledger, paper, road, years
from collection.ledger import append
from collection.roles import Person
from collection.words import Problem, say

LABELS = 24  # on one sheet: 3 × 8


def put_in_lots(
    store: Path, person: Person, seen: pl.DataFrame, on: date | None = None, reason: str | None = None
) -> list[str]:
    """Put items on the recycling shelf of their branch; returns the numbers of the lots (北口-2026-01), one a branch.

    Args:
        seen: item_id, road_seq and branch, as road.items showed them.

    Raises:
        Problem, MovedOn: as road.step.
    """
    made = []
    with ledger.writing(store) as connection:
        for branch, chosen in _by_branch(seen):
            start = f"{branch.removesuffix('図書館') or branch}-{years.of(on or date.today())}-"
            lot = road.number(connection, "put_in_lot", "lot", start)
            events = road.next_steps(connection, "put_in_lot", _numbers(chosen), reason, {"lot": lot})
            append(connection, person, events, on)
            made.append(lot)
        if not made:
            raise Problem("road.nothing_chosen")
    return made


def lots(cursor: duckdb.DuckDBPyConnection, store: Path) -> pl.DataFrame:
    """Every lot, the newest first: lot, branch, items, waiting (not counted yet), given, left, on (the last step)."""
    found = road.items(cursor, store, ("in_lot", "given", "to_discard", "discarded")).filter(
        pl.col("lot").is_not_null()
    )
    state = pl.col("road")
    return (
        found.group_by("lot", "branch")
        .agg(
            items=pl.len(),
            waiting=(state == "in_lot").sum(),
            given=(state == "given").sum(),
            left=state.is_in(["to_discard", "discarded"]).sum(),
            on=pl.col("road_on").max(),
        )
        .sort("waiting", "lot", descending=True)
    )


def count(
    store: Path, person: Person, lot: str, left: list[str], on: date | None = None, reason: str | None = None
) -> tuple[int, int]:
    """Close a lot: what is left on the shelf goes on to 廃棄, the rest was given; returns given and left.

    Raises:
        Problem: the lot has nothing to count, or a number that was left does not belong to it.
    """
    with ledger.writing(store) as connection:
        now = decisions.decided(store).items.filter((pl.col("road") == "in_lot") & (pl.col("lot") == lot))
        if now.is_empty():
            raise Problem("road.lot_closed", lot=lot)
        foreign = sorted(set(left) - set(now["item_id"]))
        if foreign:
            raise Problem("road.not_in_lot", lot=lot, n=len(foreign), items="、".join(foreign[:5]))
        stays = now.filter(pl.col("item_id").is_in(left))
        goes = now.filter(~pl.col("item_id").is_in(left))
        for kind, part in (("give", goes), ("leave_over", stays)):
            if len(part):
                append(connection, person, road.next_steps(connection, kind, _numbers(part), reason), on)
    return len(goes), len(stays)


def labels_pdf(cursor: duckdb.DuckDBPyConnection, store: Path, lot: str, library: str) -> bytes:
    """A label for every item of a lot, 3 × 8 on an A4 sheet. Raises Problem when nothing of it is on the shelf."""
    found = road.items(cursor, store, ("in_lot",)).filter(pl.col("lot") == lot)
    if found.is_empty():
        raise Problem("road.lot_closed", lot=lot)
    rows, _ = paper.cut(
        [
            [" ".join(part for part in (row["title"], row["volume"]) if part), row["author"] or "", row["item_id"]]
            for row in found.iter_rows(named=True)
        ]
    )
    return paper.pdf(
        "labels",
        {"library": library, "title": say("road.label_title"), "as_of": lot, "lot": lot, "mark": say("road.label_mark"),
         "said": say("road.label_said"), "labels": rows},
    )  # fmt: skip


def _by_branch(seen: pl.DataFrame):
    return [(branch, seen.filter(pl.col("branch") == branch)) for branch in sorted(set(seen["branch"]))]


def _numbers(found: pl.DataFrame) -> dict[str, int]:
    return dict(found.select("item_id", "road_seq").iter_rows())

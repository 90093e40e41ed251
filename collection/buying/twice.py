"""Nothing is bought twice: not what the newest snapshot holds, and not what another line already buys.

What is held is looked for before the ledger is locked, since that takes time; inside, only that the snapshot is still the
newest, and what other lines buy by then.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions
from collection.buying import kept, lines
from collection.policy import Policy
from collection.selection import identify, same
from collection.selection.check import THRESHOLD
from collection.store import snapshots
from collection.store.connection import sql
from collection.words import Problem


@dataclass(frozen=True)
class Looked:
    """What was found held of some lines: `held` is their numbers, in the holdings of `snapshot`."""

    snapshot: Path
    held: list[str]


def look(store: Path, policy: Policy, nos: list[str]) -> Looked:
    """Looks which of the kept lines the newest snapshot holds. One that asks for a further copy is never held."""
    snapshot = snapshots.need(store)
    found = kept.every(store).filter(pl.col("no").is_in(nos))
    with identify.opened(snapshot) as cursor:
        decisions.attach(cursor, store)
        return Looked(snapshot, held(cursor, policy, found))


def held(cursor: duckdb.DuckDBPyConnection, policy: Policy, found: pl.DataFrame) -> list[str]:
    """The numbers of the lines of which the library holds that very edition, as `verdicts.weigh` would say, but sooner.

    Args:
        cursor: from `identify.opened`, with the decisions.
    """
    asked = found.filter(~lines.of_kind(*lines.AGAIN)).with_row_index("row")
    candidates = identify.identify(cursor, asked, float(policy.parameters[THRESHOLD]))
    taken = candidates.filter(pl.col("sure"), kind="same").join(asked.select("row", "no"), on="row")
    counts = cursor.sql(sql("queries/selection_held"), params={"asked": taken["bib_no"].to_list()}).pl()
    return taken.join(counts.filter(pl.col("copies") > 0), on="bib_no", how="semi")["no"].to_list()


def refuse(connection: sqlite3.Connection, store: Path, policy: Policy, looked: Looked, nos: list[str]) -> None:
    """Raises Problem when one of the lines would be bought twice, and names it and the other line.

    Args:
        connection: from `ledger.writing`. looked: from `look`, of these lines and perhaps others.
    """
    if snapshots.newest(store) != looked.snapshot:
        raise Problem("buying.new_snapshot")
    if there := [no for no in nos if no in looked.held]:
        raise Problem("buying.now_held", no=there[0], n=len(there))
    bought = kept.coming(snapshots.as_of(looked.snapshot), policy)
    every = kept.read(connection)
    mine = pl.col("no").is_in(nos)
    told = pl.concat([every.filter(bought & ~mine), every.filter(mine)]).with_row_index("row")
    pairs = same.pairs(told).join(told.select("row", "no"), on="row")
    pairs = pairs.join(told.select(earlier="row", other="no"), on="earlier").filter(pl.col("no").is_in(nos))
    if len(pairs):
        no, other = pairs.select("no", "other").row(0)
        title = every.row(by_predicate=pl.col("no") == no, named=True)["title"]
        raise Problem("buying.twice", no=no, other=other, title=title)

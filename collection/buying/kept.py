"""The lines that people keep, as the ledger tells them. Every event of a line carries the whole line, so its latest event is
all there is to read; `details` has the fields of a title under their own names, as other readers of the ledger expect them."""

import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from collection import ledger
from collection.buying import lines
from collection.policy import Policy
from collection.store.connection import sql

LAG = "納品が蔵書に載るまでの日数"
EVENT = {
    "state": pl.String, "seq": pl.Int64, "on_day": pl.Date, "name": pl.String, "reason": pl.String,
    "proposed_on": pl.Date, "proposed_by": pl.String,
}  # fmt: skip
TOLD = {  # what a line has beside LINE: the order list it is on, the days, the verdict and the votes when it was decided
    "order": pl.String, "ordered_on": pl.Date, "delivered_on": pl.Date, "verdict": pl.String, "rule": pl.String,
    "since": pl.Int64,
    "tally": pl.Struct({"for": pl.Int64, "against": pl.Int64, "later": pl.Int64}),
}  # fmt: skip
KEPT = lines.LINE | EVENT | TOLD
BALLOT = {
    "no": pl.String, "seq": pl.Int64, "person": pl.String, "name": pl.String, "opinion": pl.String, "comment": pl.String,
    "on_day": pl.String,
}  # fmt: skip


def every(store: Path) -> pl.DataFrame:
    """KEPT of every line that was not taken off, by number."""
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=KEPT)
    with ledger.reading(store) as connection:
        return read(connection)


def read(connection: sqlite3.Connection) -> pl.DataFrame:
    """As `every`, from an open ledger."""
    rows = [
        json.loads(row["details"]) | {name: row[name] for name in ("no", *EVENT)}
        for row in connection.execute(sql("queries/buying_kept"))
    ]
    days = {name: pl.String for name, kind in KEPT.items() if kind == pl.Date}
    told = [{name: row.get(name) for name in KEPT} for row in rows]
    return (
        pl.DataFrame(told, schema=KEPT | days)
        .with_columns(pl.col(name).str.to_date() for name in days)
        .with_columns(pl.col("sources", "places").fill_null([]))
    )


def ballots(store: Path) -> pl.DataFrame:
    """BALLOT of what each member said of each line under consideration; what was said before it was taken up again is left out."""
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=BALLOT)
    with ledger.reading(store) as connection:
        return cast(connection, read(connection))


def cast(connection: sqlite3.Connection, found: pl.DataFrame) -> pl.DataFrame:
    """As `ballots`, from an open ledger and its lines."""
    rows = [tuple(row) for row in connection.execute(sql("queries/buying_ballots"))]
    since = found.select("no", pl.col("since").fill_null(0))
    told = pl.DataFrame(rows, schema=BALLOT, orient="row").join(since, on="no", maintain_order="left")
    return told.filter(pl.col("seq") > pl.col("since")).select(list(BALLOT))


def history(store: Path, no: str) -> list[sqlite3.Row]:
    """The events of a line, the oldest first: seq, at, on_day, name, kind, state, reason."""
    with ledger.reading(store) as connection:
        return connection.execute(sql("queries/buying_history"), {"no": no}).fetchall()


def moments(store: Path) -> dict[str, int]:
    """The last event of the ledger (last), the last that changes what asks to be bought (facts) and what is held (held)."""
    if not ledger.path(store).exists():
        return {"last": 0, "facts": 0, "held": 0}
    with ledger.reading(store) as connection:
        return dict(connection.execute(sql("queries/buying_moments")).fetchone())


def coming(as_of: date, policy: Policy) -> pl.Expr:
    """Whether a line stands for copies that the facts of a day do not have yet: chosen, ordered, or delivered so lately that
    they may not be among the holdings (運用値 納品が蔵書に載るまでの日数)."""
    lately = pl.col("delivered_on") > as_of - timedelta(days=int(policy.parameters[LAG]))
    return pl.col("state").is_in(["chosen", "ordered"]) | (pl.col("state").eq("received") & lately.fill_null(True))

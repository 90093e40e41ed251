"""議案: the lists of the committee as the ledger tells them, with their items and votes."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from collection import ledger, steps
from collection.store.connection import sql
from collection.words import Problem

TOLD = {  # what an entry shows of its evidence
    "call_number": pl.String, "title": pl.String, "volume": pl.String, "author": pl.String, "publisher": pl.String,
    "pub_year": pl.Int64, "ndc": pl.String, "branch": pl.String, "location": pl.String, "verdict": pl.String,
    "criterion": pl.String, "route": pl.String, "idle_years": pl.Int64, "score": pl.Float64, "reason": pl.String,
    "article": pl.String, "survivor_item_id": pl.String, "survivor_branch": pl.String, "survivor_kind": pl.String,
}  # fmt: skip
ENTRY = {
    "item_id": pl.String, "state": pl.String, "seq": pl.Int64, "clause": pl.String, "reason_last": pl.String,
    "readers": pl.String, "told": pl.String,
}  # fmt: skip
VOTE = {"item_id": pl.String, "person": pl.String, "name": pl.String, "choice": pl.String, "comment": pl.String,
        "on_day": pl.String}  # fmt: skip


@dataclass(frozen=True)
class Agenda:
    """One list as it stands.

    Attributes:
        state: drafted, in_review, resolved, decided; None when it was taken back. seq: its latest event.
        reason: why it was sent back or taken back. query: the filter it was made from, as an address.
        operating: the operating values it follows. flags: the file it was judged by. items: how many it began with.
        closing: what was written when the vote was closed (see `close`); {} before.
    """

    list_no: str
    title: str
    state: str | None
    seq: int
    reason: str | None
    drafted_on: str
    drafted_by: str
    drafted_name: str
    submitted_on: str | None
    closed_on: str | None
    closed_name: str | None
    query: dict[str, list[str]]
    source: str
    operating: dict
    policy: str
    policy_hash: str
    as_of: str
    snapshot: str
    flags: str
    items: int
    members: list[dict]
    closing: dict


def every(store: Path) -> list[Agenda]:
    """Every list that was not taken back, the newest first."""
    if not ledger.path(store).exists():
        return []
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/committee_lists"), {"list_no": None}).fetchall()
    return [_of_row(row) for row in rows if row["state"]]


def one(store: Path, list_no: str) -> Agenda:
    """One list. Raises Problem when there is none of this number."""
    with ledger.reading(store) as connection:
        return read(connection, list_no)


def entries(store: Path, list_no: str) -> pl.DataFrame:
    """The items of a list in its order: item_id, state, seq, clause, reason_last, readers, and what TOLD names.

    reason_last is why it was refused, where it was; readers are account ids; TOLD is what was known when the item
    was put on the list.
    """
    with ledger.reading(store) as connection:
        rows = _frame(rows_of(connection, list_no), ENTRY)
    told = pl.col("told").fill_null("{}").str.json_decode(pl.Struct(TOLD)).struct.unnest()
    readers = pl.col("readers").fill_null("[]").str.json_decode(pl.List(pl.String))
    return rows.select("item_id", "state", "seq", "clause", "reason_last", readers, told)


def votes(store: Path, list_no: str) -> pl.DataFrame:
    """Every member's present vote on every item of a list: item_id, person, name, choice, comment, on_day."""
    with ledger.reading(store) as connection:
        return cast(connection, list_no)


def need_state(connection: sqlite3.Connection, list_no: str, *states: str) -> None:
    """Raises Problem when a list is in none of the states."""
    made = read(connection, list_no)
    if made.state not in states:
        refuse(made)


def refuse(made: Agenda) -> None:
    """Raises Problem: the list is in a state in which this cannot be done."""
    raise Problem("committee.not_now", list_no=made.list_no, state=steps.word("list", made.state))


def read(connection: sqlite3.Connection, list_no: str) -> Agenda:
    """As `one`, from an open ledger."""
    row = connection.execute(sql("queries/committee_lists"), {"list_no": list_no}).fetchone()
    if row is None:
        raise Problem("committee.unknown", list_no=list_no)
    return _of_row(row)


def _of_row(row: sqlite3.Row) -> Agenda:
    told = json.loads(row["details"])
    kept = ("title", "source", "operating", "policy", "policy_hash", "as_of", "snapshot", "flags", "items", "members")
    closed = row["state"] in ("resolved", "decided")
    return Agenda(
        **{name: row[name] for name in ("list_no", "state", "seq", "reason", "drafted_on", "drafted_by", "drafted_name",
                                        "submitted_on")},
        **{name: told[name] for name in kept},
        closed_on=row["closed_on"] if closed else None, closed_name=row["closed_name"] if closed else None,
        query=told["filter"]["query"],
        closing=json.loads(row["closing"]) if closed else {},
    )  # fmt: skip


def rows_of(connection: sqlite3.Connection, list_no: str) -> list[sqlite3.Row]:
    """The items of a list in its order, from an open ledger: columns of committee_entries.sql."""
    return connection.execute(sql("queries/committee_entries"), {"list_no": list_no}).fetchall()


def cast(connection: sqlite3.Connection, list_no: str) -> pl.DataFrame:
    """As `votes`, from an open ledger."""
    return _frame(connection.execute(sql("queries/committee_votes"), {"list_no": list_no}).fetchall(), VOTE)


def _frame(rows: list[sqlite3.Row], schema: dict) -> pl.DataFrame:
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")

"""After an import: what people decided is held against what the library system now says.

What was tagged or put on a list and has been lent, reserved or let go since drops out, and the ledger says why.
Withdrawals that only one of the two knows of are listed; approved numbers go to the library system as a file.
"""

import hashlib
import logging
import sqlite3
from bisect import bisect_right
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, ledger
from collection.ledger import Event, append
from collection.roles import THE_PRODUCT, Person
from collection.store import snapshots
from collection.store.connection import connect, sql
from collection.words import say

STANDING = {
    "item_id": pl.String, "aspect": pl.String, "seq": pl.Int64, "state": pl.String, "name": pl.String,
    "list_no": pl.String, "criterion": pl.String, "holds": pl.Int64, "status": pl.String, "on_day": pl.String, "told": pl.String,
}  # fmt: skip
LATELY = timedelta(days=30)  # how long the screens tell of what an import took off
APPROVED = {"item_id": pl.String, "road": pl.String, "list_no": pl.String, "on_day": pl.String, "at": pl.String}
DROPPED = {
    "item_id": pl.String, "title": pl.String, "branch": pl.String, "on_day": pl.String, "why": pl.String,
    "as_of": pl.String, "by_name": pl.String, "kind": pl.String, "list_no": pl.String,
}  # fmt: skip
EVERY = "all"  # subject of the file of numbers that is not of one list


def after_import(store: Path) -> int | None:
    """As `reconcile`, at the end of an import, which it never makes fail. Returns what dropped out; None: it could not."""
    try:
        return reconcile(store)
    except Exception:
        logging.getLogger("collection").exception("reconcile %s", store)
        return None


def reconcile(store: Path) -> int:
    """Take off tags and open lists what the newest snapshot says is lent, reserved or gone since; returns how many items.

    An item that nobody found is settled when the library system has recorded its loss. Doing it again changes nothing.
    """
    snapshot = snapshots.newest(store)
    if snapshot is None or not ledger.path(store).exists():
        return 0
    day = snapshots.as_of(snapshot).isoformat()
    with connect(attach={"facts_of_day": snapshot}) as facts, ledger.writing(store) as connection:
        taken = _joined(facts, "taken", standing=_of_ledger(connection, "standing", STANDING))
        append(connection, THE_PRODUCT, [_drop(row, day) for row in taken.iter_rows(named=True)])
        missed = decisions.decided(store).items.filter(pl.col("shelf") == "missed")
        recorded = _joined(facts, "recorded", missed=missed.select("item_id", "shelf_seq"))
        settled = [
            Event("settle", item, None, seq, item, reason=say("shelf.settled_by_import", day=day))
            for item, seq in recorded.iter_rows()
        ]
        append(connection, THE_PRODUCT, settled)
    return taken["item_id"].n_unique()


def dropped(store: Path, since: date | None = None) -> pl.DataFrame:
    """What dropped out at imports on or after a day, newest first.

    Returns:
        item_id, title, branch, on_day, why (gone, on_loan, on_hold_shelf, reserved), reason (in the present language),
        by_name (who had tagged it or put it on the list), kind (drop: a tag; leave: an entry), list_no.
    """
    if not ledger.path(store).exists():
        found = pl.DataFrame(schema=DROPPED)
    else:
        with ledger.reading(store) as connection:
            found = _of_ledger(connection, "dropped", DROPPED, since=since.isoformat() if since else None)
    said = [say(f"shelf.dropped_{why}", day=day) for why, day in found.select("why", "as_of").iter_rows()]
    return found.with_columns(pl.Series("reason", said, dtype=pl.String)).drop("as_of")


def system_differences(cursor: duckdb.DuckDBPyConnection, store: Path, today: date | None = None) -> pl.DataFrame:
    """Withdrawals that only the library system or only the ledger knows of, by branch.

    Args:
        cursor: with the newest snapshot attached as facts_of_day.

    Returns:
        branch, difference (gone_unapproved: withdrawn there, never approved here; held_approved: approved here before
        the snapshot was made, still held there), item_id, title, volume, call_number, status, road, list_no, on_day (gone or approved on), days since.
    """
    approved, before = _approved(store, None), _gone_before(store, _first_decision(store))
    values = {"today": today or date.today(), "made": snapshots.made(snapshots.need(store))}
    return _joined(cursor, "differences", values, approved=approved, gone_before=before)


def barcodes(store: Path, list_no: str | None = None) -> list[str]:
    """Numbers of the approved items that the newest snapshot still holds, of one list or of all, by branch and shelf."""
    with connect(attach={"facts_of_day": snapshots.need(store)}) as facts:
        return _joined(facts, "barcodes", approved=_approved(store, list_no))["item_id"].to_list()


def send_barcodes(store: Path, person: Person, numbers: list[str], list_no: str | None = None) -> bytes:
    """The numbers as the file for the library system's batch withdrawal, one a line; the ledger notes that it was taken out.

    Raises:
        Problem: the person's role does not allow it.
    """
    file = "".join(f"{number}\r\n" for number in numbers).encode()
    details = {"items": len(numbers), "sha256": hashlib.sha256(file).hexdigest()}
    with ledger.writing(store) as connection:
        append(connection, person, [Event("send_barcodes", list_no or EVERY, list_no=list_no, details=details)])
    return file


def _drop(row: dict, day: str) -> Event:
    kind = "drop" if row["aspect"] == "tag" else "leave"
    return Event(
        kind, row["item_id"], None, row["seq"], row["item_id"], row["list_no"], row["criterion"],
        say(f"shelf.dropped_{row['why']}", day=day),
        {"why": row["why"], "as_of": day, "by": row["name"], "was": row["state"]}, row["told"],
    )  # fmt: skip


def _approved(store: Path, list_no: str | None) -> pl.DataFrame:
    """item_id, road, list_no and on_day of what is approved for withdrawal, of one list or of all."""
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=APPROVED | {"at": pl.Datetime})
    with ledger.reading(store) as connection:
        found = _of_ledger(connection, "approved", APPROVED, list_no=list_no)
    times = [_local(text) for text in found["at"]]
    return found.with_columns(at=pl.Series(times, dtype=pl.Datetime))


def _first_decision(store: Path) -> datetime:
    """When somebody first decided on an item, in local time; the end of time when nobody has."""
    if ledger.path(store).exists():
        with ledger.reading(store) as connection:
            if first := connection.execute(sql("queries/reconcile_first")).fetchone():
                return _local(first["at"])
    return datetime.max


def _local(text: str) -> datetime:
    """A time of the ledger as the local time in which snapshots keep theirs."""
    return datetime.fromisoformat(text).astimezone().replace(tzinfo=None)


def _gone_before(store: Path, decided_at: datetime) -> pl.DataFrame:
    """item_id of what was gone already in the snapshot that people saw at that time, or in the oldest one."""
    found = snapshots.all(store)
    seen = bisect_right(found, decided_at, key=snapshots.made)
    with connect(found[max(seen - 1, 0)], read_only=True) as connection:
        return connection.sql(sql("queries/reconcile_gone")).pl()


def _of_ledger(connection: sqlite3.Connection, name: str, schema: dict, **values) -> pl.DataFrame:
    rows = [tuple(row) for row in connection.execute(sql(f"queries/reconcile_{name}"), values)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _joined(facts: duckdb.DuckDBPyConnection, query: str, values: dict | None = None, **tables: pl.DataFrame):
    """The answer of a query over the facts of the day and tables of the ledger."""
    for name, table in tables.items():
        facts.register(name, table)
    try:
        return facts.sql(sql(f"queries/reconcile_{query}"), params=values or {}).pl()
    finally:
        for name in tables:
            facts.unregister(name)

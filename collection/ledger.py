"""The ledger `STORE/ledger.sqlite`: what people decided, event after event. `append` is its only writer.

Every event belongs to a chain, named by its aspect (tag, road, list …) and subject (an item, a list …), and
names the event it follows. So nobody writes over what he has not seen, and the latest event of a chain is its
present state. The engine refuses to change or remove an event (schema/ledger/*.sql).
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import Lock

from collection import steps
from collection.roles import Person, require
from collection.store.connection import LEDGER_WAIT, connect_ledger, migrations, sql, transaction
from collection.words import Problem

FILE = "ledger.sqlite"
_turns: dict[Path, Lock] = {}


@dataclass(frozen=True)
class Event:
    """One decision, as it is handed to `append`.

    Args:
        kind: the action, one of steps.ACTIONS; it tells the aspect.
        subject: whose state it changes: an item number, a list number …
        state: the state after it; None ends the chain's state. Needed only where the action leads to several.
        follows: seq of the event the person saw last in this chain (0: none); None takes whatever is last.
        evidence: what was known when it was decided: a JSON text of evidence.py.
    """

    kind: str
    subject: str
    state: str | None = None
    follows: int | None = None
    item_id: str | None = None
    list_no: str | None = None
    clause: str | None = None
    reason: str | None = None
    details: dict = field(default_factory=dict)
    evidence: str | None = None


class MovedOn(Problem):
    """Somebody else decided on these subjects meanwhile; `rows` are their latest events."""

    def __init__(self, rows: list[sqlite3.Row]):
        first = rows[0]
        said = {"subject": first["subject"], "name": first["name"], "at": first["at"][:16].replace("T", " ")}
        super().__init__("ledger.moved_on", n=len(rows), state=steps.word(first["aspect"], first["state"]), **said)
        self.rows = rows


def path(store: Path) -> Path:
    """Where a store keeps its ledger."""
    return store / FILE


@contextmanager
def reading(store: Path) -> Iterator[sqlite3.Connection]:
    """The ledger to read from: one steady picture of it, whatever is written meanwhile."""
    with opened(store) as connection:
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.rollback()


@contextmanager
def writing(store: Path) -> Iterator[sqlite3.Connection]:
    """The ledger to append to: nobody else writes until the block ends; then all of it counts, or nothing.

    Raises Problem when others write for longer than anybody waits.
    """
    with opened(store) as connection, _in_turn(store):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise Problem("ledger.busy", seconds=LEDGER_WAIT) from None
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()


@contextmanager
def _in_turn(store: Path) -> Iterator[None]:
    """Threads wait here for their turn: SQLite makes them sleep up to 0.1 s and leaves to luck who is next."""
    turn = _turns.setdefault(store.resolve(), Lock())
    if not turn.acquire(timeout=LEDGER_WAIT):
        raise Problem("ledger.busy", seconds=LEDGER_WAIT)
    try:
        yield
    finally:
        turn.release()


@contextmanager
def opened(store: Path) -> Iterator[sqlite3.Connection]:
    """The ledger of a store, made or brought up to date when needed. Raises Problem when a newer version wrote it."""
    store.mkdir(parents=True, exist_ok=True)
    with connect_ledger(path(store)) as connection:
        bring_up_to_date(connection, path(store), "ledger")
        yield connection


def bring_up_to_date(connection: sqlite3.Connection, file: Path, schema: str) -> None:
    """Takes the steps of schema/<schema> that a file still lacks. Raises Problem when a newer version wrote it."""
    steps_known = migrations(schema)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == len(steps_known):
        return
    if version > len(steps_known):
        raise Problem("ledger.newer", file=file, version=version, known=len(steps_known))
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for number, script in enumerate(steps_known[version:], start=version + 1):
            for statement in script:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def append(connection: sqlite3.Connection, person: Person, events: list[Event], on: date | None = None) -> list[int]:
    """Write events in their order; returns their numbers.

    Args:
        connection: from `writing`.
        person: who decides; the person's role must allow every action.
        on: the day they count for; today when not given. Never later than today, nor before the event they follow.

    Raises:
        Problem: the role does not allow it, the step is not possible from the present state, the day cannot be.
        MovedOn: a chain has gone on since the event that `follows` names.
    """
    now = datetime.now().astimezone()
    day = (on or now.date()).isoformat()
    if day > now.date().isoformat():
        raise Problem("ledger.day_to_come", day=day)
    roles = {kind: require(person, kind) for kind in {event.kind for event in events}}
    latest = _latest(connection, events)
    _refuse_what_moved_on(connection, events, latest)
    written = []
    for event in events:
        aspect = steps.ACTIONS[event.kind]
        before = latest.get((aspect, event.subject))
        state = steps.after(aspect, before["state"] if before else None, event)
        if before and day < before["on_day"]:
            raise Problem("ledger.day_before", subject=event.subject, day=day, last=before["on_day"])
        row = {
            "at": now.isoformat(timespec="milliseconds"), "on_day": day,
            "person": person.id, "name": person.name, "role": roles[event.kind],
            "aspect": aspect, "subject": event.subject, "kind": event.kind, "state": state,
            "follows": before["seq"] if before else 0,
            "item_id": event.item_id, "list_no": event.list_no, "clause": event.clause, "reason": event.reason,
            "details": json.dumps(event.details, ensure_ascii=False, sort_keys=True),
            "evidence": _keep(connection, event.evidence) if event.evidence else None,
        }  # fmt: skip
        seq = connection.execute(sql("queries/ledger_append"), row).lastrowid
        latest[aspect, event.subject] = {**row, "seq": seq}
        written.append(seq)
    return written


def undo(
    connection: sqlite3.Connection, person: Person, chains: list[sqlite3.Row], reason: str | None = None
) -> list[int]:
    """Take back the last step of each chain: its state is as before again, and the ledger says who took what back.

    Args:
        connection: from `writing`.
        chains: the latest event of each chain, as the person saw it. Undoing again takes back the step before.

    Raises:
        Problem: there is no step to take back, or the person's role could not have taken it.
        MovedOn: a chain has gone on since.
    """
    events = []
    for row in chains:
        step = _standing(connection, row)
        if step is None or step["aspect"] not in steps.UNDOABLE:
            raise Problem("ledger.no_undo", subject=row["subject"])
        require(person, step["kind"])
        before = dict(_standing(connection, _event(connection, step["follows"])) or {})
        details = {**json.loads(before.get("details", "{}")), "undoes": step["seq"], "restores": before.get("seq", 0)}
        events.append(
            Event(
                f"undo_{row['aspect']}", row["subject"], before.get("state"), row["seq"], row["item_id"],
                before.get("list_no") or row["list_no"], before.get("clause"), reason, details,
            )
        )  # fmt: skip
    return append(connection, person, events)


def _standing(connection: sqlite3.Connection, row: sqlite3.Row | None) -> sqlite3.Row | None:
    """The step whose state holds: the event itself, or the one that an undo restored; None when none is left."""
    while row is not None and row["kind"].startswith("undo_"):
        row = _event(connection, json.loads(row["details"])["restores"])
    return row


def _event(connection: sqlite3.Connection, seq: int) -> sqlite3.Row | None:
    return connection.execute(sql("queries/ledger_event"), {"seq": seq}).fetchone()


def history(connection: sqlite3.Connection, item_id: str) -> list[sqlite3.Row]:
    """Every event of an item, oldest first, `told` its evidence."""
    return connection.execute(sql("queries/ledger_history"), {"item_id": item_id}).fetchall()


def latest(connection: sqlite3.Connection, aspect: str, subjects: list[str]) -> dict[str, sqlite3.Row]:
    """The latest event of each chain by subject, also where its state has ended."""
    asked = json.dumps([[aspect, subject] for subject in subjects])
    found = connection.execute(sql("queries/ledger_latest"), {"asked": asked}).fetchall()
    return {row["subject"]: row for row in found}


def last_seq(connection: sqlite3.Connection) -> int:
    """The number of the newest event; 0 when nothing was decided yet."""
    return connection.execute(sql("queries/ledger_last")).fetchone()[0]


def _latest(connection: sqlite3.Connection, events: list[Event]) -> dict[tuple[str, str], dict]:
    asked = json.dumps(sorted({(steps.ACTIONS[event.kind], event.subject) for event in events}))
    found = connection.execute(sql("queries/ledger_latest"), {"asked": asked})
    return {(row["aspect"], row["subject"]): dict(row) for row in found}


def _refuse_what_moved_on(connection: sqlite3.Connection, events: list[Event], latest: dict) -> None:
    moved = []
    for event in events:
        row = latest.get((steps.ACTIONS[event.kind], event.subject))
        if event.follows is not None and event.follows != (row["seq"] if row else 0):
            moved.append(row)
    if moved:
        raise MovedOn(moved)


def _keep(connection: sqlite3.Connection, told: str) -> str:
    digest = hashlib.sha256(told.encode()).hexdigest()
    connection.execute(sql("queries/ledger_evidence"), {"hash": digest, "told": told})
    return digest

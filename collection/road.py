"""行先: what becomes of an approved item. Every step is dated, named and reasoned; none is skipped.

What may follow what is in steps.py; who may take it in roles.py. Here is what the steps have in common: they repeat
what still matters of the steps before, name their clause, and never go over a step that the person has not seen.
"""

import json
import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, ledger
from collection.ledger import Event, MovedOn, append
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem

STAGES = {  # what stands together on the screen → states
    "to_offer": ("to_offer",), "offered": ("offered",), "assigned": ("assigned",), "to_give": ("to_give",),
    "in_lot": ("in_lot",), "to_discard": ("to_discard",), "to_strike": ("to_strike",),
    "done": ("transferred", "given", "discarded", "struck", "readmitted"),
}  # fmt: skip
STATES = tuple(state for states in STAGES.values() for state in states)
ROUTES = {  # step → the route it belongs to
    "offer": "transfer_offer", "claim": "transfer_offer", "unclaim": "transfer_offer", "assign": "transfer_offer",
    "hand_over": "transfer_offer", "not_claimed": "transfer_offer", "put_in_lot": "give_away", "give": "give_away",
    "leave_over": "give_away", "discard": "discard", "strike": "record_only",
}  # fmt: skip
KEPT = (
    "criterion",
    "rests_on",
    "route",
    "survivor",
    "survivor_kind",
    "offer",
    "reply_by",
    "partner",
    "partner_name",
    "slip",
    "lot",
)


def counts(cursor: duckdb.DuckDBPyConnection, store: Path) -> pl.DataFrame:
    """road, branch, items: how many items stand at each step. The cursor sees the snapshot as facts_of_day."""
    decisions.attach(cursor, store)
    return cursor.sql(sql("queries/road_counts")).pl()


def items(
    cursor: duckdb.DuckDBPyConnection, store: Path, states: tuple[str, ...], branch: str | None = None
) -> pl.DataFrame:
    """The items at these steps in shelf order, of one branch or all: columns of road_items.sql."""
    decisions.attach(cursor, store)
    return cursor.sql(sql("queries/road_items"), params={"states": list(states), "branch": branch}).pl()


def clause(kind: str, details: dict) -> str | None:
    """The clause a step rests on: the one that governs its route (as noted at the approval), or else the criterion."""
    return details.get("rests_on", {}).get(ROUTES.get(kind), details.get("criterion"))


def step(
    store: Path,
    person: Person,
    kind: str,
    seen: dict[str, int],
    on: date | None = None,
    reason: str | None = None,
    details: dict | None = None,
) -> int:
    """Take one step with items.

    Args:
        kind: an action of the road (steps.TRANSITIONS["road"]).
        seen: item number → number of the last step that the person saw (`road_seq`).
        on: the day it was done; today when not given.
        details: what this step adds to the items' details.

    Returns:
        how many items.

    Raises:
        Problem: nothing chosen; the step is not possible, its day cannot be, or the role does not allow it.
        MovedOn: somebody took a step with one of the items meanwhile.
    """
    with ledger.writing(store) as connection:
        return len(append(connection, person, next_steps(connection, kind, seen, reason, details), on))


def next_steps(
    connection: sqlite3.Connection,
    kind: str,
    seen: dict[str, int],
    reason: str | None = None,
    details: dict | None = None,
    each: dict[str, tuple[str | None, dict]] | None = None,
) -> list[Event]:
    """The events of one step, for a block that writes more than one.

    Args:
        each: item number → its own reason, in the place of the common one, and details, beside the common ones.

    Raises:
        Problem, MovedOn: as `step`.
    """
    last = ledger.latest(connection, "road", list(seen))
    _need(seen, last)
    events = []
    for item, row in last.items():
        own_reason, own = (each or {}).get(item, (None, {}))
        said = (own_reason or reason or "").strip() or None
        before = json.loads(row["details"])
        kept = {name: before[name] for name in KEPT if name in before}
        rests_on = clause(kind, kept)
        events.append(
            Event(
                kind, item, None, row["seq"], item, row["list_no"], rests_on, said, {**kept, **(details or {}), **own}
            )
        )  # fmt: skip
    return events


def undo(store: Path, person: Person, seen: dict[str, int], reason: str | None = None) -> int:
    """Take back the last step of items. Raises Problem (nothing to take back, role) or MovedOn, as `step`."""
    with ledger.writing(store) as connection:
        last = ledger.latest(connection, "road", list(seen))
        _need(seen, last)
        return len(ledger.undo(connection, person, list(last.values()), (reason or "").strip() or None))


def number(connection: sqlite3.Connection, kind: str, part: str, start: str) -> str:
    """The next number of a series in steps of a kind: start and a number of two digits or more."""
    given = connection.execute(sql("queries/road_numbers"), {"kind": kind, "part": part, "start": start})
    used = [int(text) for (said,) in given if (text := said.removeprefix(start)).isdigit()]
    return f"{start}{max(used, default=0) + 1:02d}"


def _need(seen: dict[str, int], last: dict[str, sqlite3.Row]) -> None:
    if not seen:
        raise Problem("road.nothing_chosen")
    unknown = sorted(set(seen) - set(last))
    if unknown:
        raise Problem("road.not_on_road", item=unknown[0])
    moved = [row for item, row in last.items() if row["seq"] != seen[item]]
    if moved:
        raise MovedOn(moved)

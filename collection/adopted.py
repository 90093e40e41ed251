"""Operating values that the library adopted: who, when and why, and the policy as it stands with them.

The pack is shipped; what a library adopts in the place of its operating values is a decision, and so lies in the ledger
(aspect `values`, one chain a pack). Each event holds all values adopted from its day on, so the latest one that is
in force on a day is the version of that day.
"""

import json
import sqlite3
from datetime import date
from pathlib import Path

from collection import ledger
from collection.ledger import Event
from collection.policy import Policy, load
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem


def policy_on(store: Path, folder: Path, on: date) -> Policy:
    """The policy of a pack on a day, with the operating values that the library has adopted by then.

    Raises:
        PolicyErrors, Problem: as policy.load.
    """
    return load(folder, on, adopted_on(store, folder.name, on))


def adopted_on(store: Path, policy: str, on: date) -> dict | None:
    """The values in force on a day (values, classes: see policy.load); None when none were adopted, or they were repealed."""
    begun = [event for event in history(store, policy) if event["in_force"] <= on.isoformat()]
    return begun[-1]["adopted"] if begun else None


def history(store: Path, policy: str) -> list[dict]:
    """Every version: seq, name, at, reason, in_force (2026-04-01), adopted (None: repealed), scenario, figures; oldest first.

    A version that begins before an earlier one takes its place from that day on.
    """
    if not ledger.path(store).exists():
        return []
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/adopted_events"), {"policy": policy}).fetchall()
    return [_told(row) for row in rows]


def adopt(
    store: Path, person: Person, policy: Policy, scenario: dict, in_force: date, reason: str, *, follows: int,
    name: str = "", figures: dict | None = None,
) -> int:  # fmt: skip
    """Take a scenario as the operating values from a day on, on top of what was adopted before; returns the event's number.

    Args:
        follows: seq of the last version the person saw (0: none). name: of the scenario. figures: what it was seen to do.

    Raises:
        Problem: no reason, nothing changed, or a day before the rules began; the role does not allow it; MovedOn.
    """
    if not reason.strip():
        raise Problem("whatif.no_reason")
    if not scenario.get("values") and not scenario.get("classes"):
        raise Problem("whatif.nothing_changed")
    before = adopted_on(store, policy.name, date.max) or {}
    classes = dict(before.get("classes", {}))
    for prefix, said in scenario.get("classes", {}).items():
        classes[prefix] = classes.get(prefix, {}) | said
    adopted = {"values": before.get("values", {}) | scenario.get("values", {}), "classes": classes}
    load(policy.folder, policy.on, adopted)
    details = {"in_force": in_force.isoformat(), "adopted": adopted, "scenario": name, "figures": figures or {}}
    event = Event("adopt", policy.name, "adopted", follows, reason=reason.strip(), details=details)
    with ledger.writing(store) as connection:
        return ledger.append(connection, person, [event])[0]


def repeal(store: Path, person: Person, policy: str, in_force: date, reason: str, *, follows: int) -> int:
    """The pack's own operating values again from a day on. Raises Problem as `adopt`."""
    if not reason.strip():
        raise Problem("whatif.no_reason")
    details = {"in_force": in_force.isoformat(), "adopted": None, "scenario": "", "figures": {}}
    event = Event("repeal", policy, None, follows, reason=reason.strip(), details=details)
    with ledger.writing(store) as connection:
        return ledger.append(connection, person, [event])[0]


def _told(row: sqlite3.Row) -> dict:
    details = json.loads(row["details"])
    return {key: row[key] for key in ("seq", "name", "at", "reason")} | details

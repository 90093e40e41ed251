"""Scenarios that people keep: other operating values under a name, with what they were seen to do on that day."""

import json
from pathlib import Path

from collection import ledger
from collection.ledger import Event
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem

NAME = 60  # characters


def save(store: Path, person: Person, policy: str, name: str, scenario: dict, figures: dict, note: str = "") -> int:
    """Keep a scenario under a name, over an older one of that name; returns the event's number.

    Args:
        scenario: values and classes, as in policy.load. figures: what it did, as whatif_figures tells it.

    Raises:
        Problem: no name, or one that is too long; the role does not allow it.
    """
    name = " ".join(name.split())
    if not name:
        raise Problem("whatif.no_name")
    if len(name) > NAME:
        raise Problem("whatif.long_name", most=NAME)
    details = {"policy": policy, "name": name, "scenario": scenario, "figures": figures}
    event = Event("save_scenario", f"{policy} {name}", "saved", reason=note.strip() or None, details=details)
    with ledger.writing(store) as connection:
        return ledger.append(connection, person, [event])[0]


def remove(store: Path, person: Person, policy: str, name: str, follows: int) -> None:
    """Take a scenario off the list; the ledger keeps it. Raises Problem when it is not there, MovedOn when it was changed."""
    with ledger.writing(store) as connection:
        ledger.append(connection, person, [Event("remove_scenario", f"{policy} {name}", None, follows)])


def saved(store: Path, policy: str) -> list[dict]:
    """The scenarios of a pack, newest first: seq, at, person's name (by), note, name, scenario, figures."""
    if not ledger.path(store).exists():
        return []
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/scenarios_saved"), {"policy": policy}).fetchall()
    return [
        {"seq": row["seq"], "at": row["at"], "by": row["name"], "note": row["reason"] or ""}
        | json.loads(row["details"])
        for row in rows
    ]

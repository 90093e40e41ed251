"""保存した見方: filters of the list kept under a name, each person's own and those that all share, in the ledger."""

import json
from dataclasses import dataclass
from pathlib import Path

from collection import ledger
from collection.ledger import Event, append
from collection.roles import Person, require
from collection.store.connection import sql
from collection.words import Problem

SHARED = "shared"
LONGEST = 40  # characters of a name


@dataclass(frozen=True)
class View:
    """A saved filter: its name, the address it stands for, whether it is shared, and who saved it last."""

    name: str
    query: dict[str, list[str]]
    shared: bool
    by: str


def save(store: Path, person: Person, name: str, query: dict[str, list[str]], shared: bool = False) -> None:
    """Keep a filter under a name, in place of an older one of that name.

    Raises:
        Problem: the role does not allow it; the name is blank or too long.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST:
        raise Problem("tags.view_name", most=LONGEST)
    if shared:
        require(person, "share_view")
    with ledger.writing(store) as connection:
        append(connection, person, [Event("save_view", _subject(person, name, shared), details={"query": query})])


def remove(store: Path, person: Person, name: str, shared: bool = False) -> None:
    """Forget a filter. Raises Problem: the role does not allow it, or there is none of this name."""
    if shared:
        require(person, "share_view")
    subject = _subject(person, name, shared)
    with ledger.writing(store) as connection:
        known = ledger.latest(connection, "view", [subject]).get(subject)
        if known is None or known["state"] is None:
            raise Problem("tags.no_view", name=name)
        append(connection, person, [Event("remove_view", subject)])


def all(store: Path, person: Person) -> list[View]:
    """The person's own views, then the shared ones, each by name."""
    if not ledger.path(store).exists():
        return []
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/tagging_views"), {"own": f"{person.id}/", "shared": f"{SHARED}/"})
        return [
            View(row["view"], json.loads(row["details"])["query"], bool(row["is_shared"]), row["name"]) for row in rows
        ]


def _subject(person: Person, name: str, shared: bool) -> str:
    if person.id == SHARED:  # would be everybody's
        raise Problem("tags.view_account", name=person.id)
    return f"{SHARED if shared else person.id}/{name}"

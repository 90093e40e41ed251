"""People and lists for the tests of the committee."""

from pathlib import Path

from collection import committee, evidence, ledger, policy
from collection.candidates import Filter
from collection.ledger import Event
from collection.roles import Person
from tests.small_store import PACK, demo

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
OTHER = Person("mori", "森", frozenset({"librarian"}))
MANAGER = Person("kacho", "佐藤", frozenset({"manager"}))
MEMBERS = [Person(f"iin{n}", f"委員{n}", frozenset({"committee"})) for n in range(1, 5)]
POLICY = policy.load(PACK, demo.AS_OF)


def copy(flagged: Path, folder: Path) -> Path:
    """A store that may be written to, over the holdings that nobody changes."""
    store = folder / "store"
    store.mkdir()
    (store / "holdings").symlink_to(flagged.parent)
    return store


def tag(store: Path, cursor, items: list[str], state: str = "withdraw", person: Person = LIBRARIAN) -> None:
    """Tags items, as the desk does."""
    known = evidence.of_items(cursor, POLICY, items)
    with ledger.writing(store) as connection:
        ledger.append(connection, person, [
            Event("tag", item, state, item_id=item, evidence=told) for item, told in known.select("item_id", "told").rows()
        ])  # fmt: skip


def drafted(store: Path, cursor, flags: Path, chosen: Filter | None = None, source: str = "tagged", **more) -> str:
    """The number of a new list."""
    given = {"person": LIBRARIAN, "title": "第1回", "members": MEMBERS} | more
    chosen = chosen or Filter(verdict=())
    return committee.draft(
        store, cursor, flags, POLICY, given["person"], given["title"], chosen, source, given["members"]
    )

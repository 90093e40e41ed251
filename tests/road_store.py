"""Lists that the committee has resolved and items on the road, written to the ledger of a test's own store."""

import shutil
from pathlib import Path
from random import Random

from collection import committee, criteria, flag, ledger, policy
from collection.ledger import Event, append
from collection.roles import Person
from tests import small_store
from tests.random_library import AS_OF, random_library, write_snapshot

POLICY = policy.load(small_store.PACK, AS_OF)
LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}), "北口図書館")
MANAGER = Person("sato", "佐藤", frozenset({"manager"}))
EVERYBODY = Person("all", "全員", frozenset({"librarian", "committee", "manager"}))
SCHOOL = Person("school", "朝凪小学校", frozenset({"partner"}), None, "P001")
NURSERY = Person("nursery", "どんぐり舟保育所", frozenset({"partner"}), None, "P019")


def copied(flagged: Path, folder: Path) -> Path:
    """A store of the test's own with the facts and flags of the small demo library."""
    shutil.copytree(flagged.parent, folder / "holdings")
    return folder


def random_store(folder: Path, rng: Random, items: int, titles: float) -> tuple[Path, dict]:
    """A store with a random library and its flags; returns the flags file and the library."""
    library = random_library(rng, items, titles)
    (folder / "holdings").mkdir(parents=True)
    write_snapshot(folder / "holdings" / f"{AS_OF}-0123456789ab.duckdb", library)
    return flag.flag(folder, POLICY, AS_OF), library


def resolved(
    store: Path, list_no: str, items: dict[str, str | None], level: float = 0.0, by: Person = EVERYBODY
) -> None:
    """A list on which the committee resolved to withdraw the items (number → clause)."""
    operating = {name: POLICY.parameters[name] for name in committee.OPERATING} | {"偏りの有意水準": level}
    closing = {"present": [], "absent": [], "members": 0, "voted": 0, "needed": 0,
               "counts": {"withdraw": len(items), "keep": 0, "hold": 0}}  # fmt: skip
    told = {
        "title": "試し", "source": "tagged", "operating": operating, "policy": "nishinomiya",
        "policy_hash": "0", "as_of": "2025-04-01", "snapshot": "", "flags": "", "items": len(items), "members": [],
        "filter": {"words": "", "query": {}},
    }  # fmt: skip
    with ledger.writing(store) as connection:
        append(connection, by, [
            Event("draft", list_no, list_no=list_no, details=told),
            *(Event("enter", item, item_id=item, list_no=list_no, clause=clause, details={"readers": []})
              for item, clause in items.items()),
            Event("submit", list_no, list_no=list_no),
            *(Event("resolve", item, "withdraw", item_id=item, list_no=list_no, clause=clause, details={"readers": []})
              for item, clause in items.items()),
            Event("close", list_no, list_no=list_no, details=closing),
        ])  # fmt: skip


def on_road(
    store: Path, items: list[str], state: str, criterion: str = "8-2-2", pack: policy.Policy = POLICY
) -> dict[str, int]:
    """Items approved, without a check, at the beginning of a road; returns item → number of the event."""
    with ledger.writing(store) as connection:
        numbers = append(connection, MANAGER, [
            Event("approve", item, state, item_id=item, list_no="2025-001", clause=criterion,
                  details={"criterion": criterion, "rests_on": criteria.governing(pack, criterion)})
            for item in items
        ])  # fmt: skip
    return dict(zip(items, numbers, strict=True))


def present(store: Path, aspect: str) -> dict[str, str]:
    """Subject → state of every chain of an aspect."""
    with ledger.reading(store) as connection:
        rows = connection.execute("SELECT subject, state FROM present WHERE aspect = ?", [aspect])
        return {row["subject"]: row["state"] for row in rows}

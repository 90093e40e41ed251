"""A committee with known preferences: lists that it closed, written to a ledger with the evidence of every item."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

from collection import ledger
from collection.ledger import Event, append
from collection.roles import Person

EVERYBODY = Person("all", "全員", frozenset({"librarian", "committee", "manager"}))
AS_OF = "2025-04-01"


def facts(rng: Random, number: int) -> dict:
    """The evidence of an item that the rules made a candidate under 第2号, most figures at random."""
    return {
        "item_id": f"{number:08d}", "as_of": AS_OF, "verdict": "candidate", "criterion": "8-2-2",
        "accession_date": f"{rng.randrange(1995, 2018)}-05-01", "pub_year": rng.randrange(1980, 2012),
        "idle_years": rng.randrange(5, 16), "loans_3y": 0, "copies": rng.randrange(1, 5), "holds": 0,
        "score": round(rng.uniform(5, 45), 1), "ndc": rng.choice(["007.6", "291.09", "367.1", "498.3", "596.2", "723.1"]),
        "audience": "general", "material": "book", "branch": rng.choice(["中央図書館", "北口図書館", "鳴尾図書館"]),
        "location": "open", "local": None, "survivor_kind": rng.choice(["copy", "edition", "similar"]),
    }  # fmt: skip


def hold_meetings(store: Path, lists: dict[str, list[dict]], keeps: Callable[[dict], bool], on: date) -> None:
    """Every list drafted, resolved as the committee likes it, closed, and what it would withdraw approved."""
    operating = {"委員会の定足数": 0.5, "受け持つ委員の数": 2, "委員会の賛成割合": 0.5}
    for list_no, items in lists.items():
        choices = {told["item_id"]: "keep" if keeps(told) else "withdraw" for told in items}
        details = {"title": list_no, "source": "tagged", "operating": operating, "policy": "nishinomiya", "policy_hash": "0",
                   "as_of": AS_OF, "snapshot": "", "flags": "", "items": len(items), "members": [],
                   "filter": {"words": "", "query": {}}}  # fmt: skip
        entry = {told["item_id"]: {"item_id": told["item_id"], "list_no": list_no, "clause": told["criterion"],
                                   "evidence": json.dumps(told, ensure_ascii=False)} for told in items}  # fmt: skip
        with ledger.writing(store) as connection:
            append(connection, EVERYBODY, [
                Event("draft", list_no, list_no=list_no, details=details),
                *(Event("enter", item, details={"readers": []}, **more) for item, more in entry.items()),
                Event("submit", list_no, list_no=list_no),
                *(Event("resolve", item, choices[item], details={"readers": []}, **more) for item, more in entry.items()),
                Event("close", list_no, list_no=list_no, details={"members": 0}),
                *(Event("approve", item, "to_offer", details={"criterion": "8-2-2", "rests_on": {}}, **more)
                  for item, more in entry.items() if choices[item] == "withdraw"),
                Event("decide", list_no, "decided", list_no=list_no),
            ], on=on)  # fmt: skip


def shared_out(items: list[dict], lists: int) -> dict[str, list[dict]]:
    """The items on so many lists, in their order."""
    return dict(_runs(items, lists))


def _runs(items: list[dict], lists: int) -> Iterator[tuple[str, list[dict]]]:
    for number in range(lists):
        yield f"2025-{number + 1:03d}", items[number * len(items) // lists : (number + 1) * len(items) // lists]

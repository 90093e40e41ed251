"""People and lines for the tests of the buying list."""

from datetime import date

import polars as pl

from collection import policy
from collection.buying import keeping, kept, lines, voting
from collection.roles import Person
from tests.small_store import PACK, demo

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
OTHER = Person("mori", "森", frozenset({"librarian"}))
MANAGER = Person("kacho", "佐藤", frozenset({"manager"}))
SECOND = Person("jicho", "田中", frozenset({"manager"}))
MEMBERS = [Person(f"iin{n}", f"委員{n}", frozenset({"committee"})) for n in range(1, 4)]
POLICY = policy.load(PACK, demo.AS_OF)
AS_OF: date = demo.AS_OF
BRANCH = "北口図書館"


def line(title: str, kind: str = "vendor", of: str = "新刊.csv", **more) -> dict:
    """One line that somebody may propose: one copy at one branch for 1,000 yen, unless told otherwise."""
    places = [{"branch": BRANCH, "copies": 1}]
    return {"title": title, "price": 1000, "sources": [{"kind": kind, "of": of}], "places": places} | more


def propose(store, *rows: dict, person: Person = LIBRARIAN) -> dict[str, list[str]]:
    return keeping.propose(store, person, POLICY, lines.frame(list(rows)))


def seen(store, *nos: str) -> pl.DataFrame:
    """Lines as a person sees them now."""
    return kept.every(store).filter(pl.col("no").is_in(nos))


def events(store, *nos: str) -> dict[str, int]:
    """The events of lines that a person sees now."""
    return dict(seen(store, *nos).select("no", "seq").iter_rows())


def all_for(store, *nos: str, opinion: str = "for") -> None:
    """Every member says the same."""
    for member in MEMBERS:
        voting.cast(store, member, {no: (opinion, "") for no in nos})


def choose(store, *nos: str, person: Person = MANAGER) -> int:
    return voting.choose(store, person, POLICY, seen(store, *nos), MEMBERS)


def chosen(store, *rows: dict) -> list[str]:
    """The numbers of lines that are proposed, voted for and chosen."""
    nos = propose(store, *rows)["new"]
    all_for(store, *nos)
    choose(store, *nos)
    return nos


def states(store) -> dict[str, str]:
    return dict(kept.every(store).select("no", "state").iter_rows())

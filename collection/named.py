"""特別文庫: named collections. What is locked in one is not withdrawn until the manager takes it out, with a reason."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, ledger, shelf
from collection.gifts import persons
from collection.ledger import Event, append
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem

ITEMS = {"item_id": pl.String, "name": pl.String, "ticket": pl.String, "reason": pl.String, "on_day": pl.String, "by": pl.String,
         "seq": pl.Int64}  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What became of the numbers given: those locked, and those left out by reason (unknown, gone, road, there)."""

    locked: list[str]
    left: dict[str, list[str]]


def items(store: Path, name: str | None = None) -> pl.DataFrame:
    """The items that are locked (ITEMS), of one collection or of all; by whom, when, and by which offer or for which reason."""
    known = decisions.decided(store).items.filter(pl.col("named").is_not_null())
    found = known.select(
        "item_id",
        name="named",
        ticket="named_ticket",
        reason="named_reason",
        on_day="named_on",
        by="named_by",
        seq="named_seq",
    )
    return found.filter(pl.col("name") == name) if name else found


def collections(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every named collection: name, items, held, branches, loans_1y, not_flagged, since (named_collections.sql).

    Args:
        cursor: on a flags file with its snapshot and the decisions attached.
    """
    return cursor.sql(sql("queries/named_collections")).pl()


def listed(cursor: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """The items of a collection with their titles and figures (named_items.sql), in shelf order."""
    return cursor.sql(sql("queries/named_items"), params={"name": name}).pl()


def numbers(text: str) -> list[str]:
    """The numbers of a list of bar codes, parted by lines, blanks or commas; each once, as scanned."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,、;]+", text) if part))


def lock(
    store: Path, cursor: duckdb.DuckDBPyConnection, person: Person, name: str, given: list[str], ticket: str | None = None,
    reason: str = "", confirmed: bool = False,
) -> Done:  # fmt: skip
    """Puts items into a named collection, from another one too. All that can be put there at once are.

    Args:
        cursor: on a flags file with its snapshot. given: numbers, as a scanner sends them. ticket: of the offer they came by.
        confirmed: the person looked, and what may be a person's name in the collection's name is meant (山川文庫).

    Raises:
        Problem: no name, nothing given, neither a ticket nor a reason; a text that seems to hold something personal.
    """
    name, reason = name.strip(), reason.strip()
    if not name:
        raise Problem("gifts.named_no_name")
    if not given:
        raise Problem("gifts.named_no_items")
    if not ticket and not reason:
        raise Problem("gifts.named_no_reason")
    persons.refuse(confirmed, name, reason)
    ways = {number: shelf.readings(number) for number in given}
    known = _known(cursor, [way for found in ways.values() for way in found])
    with ledger.writing(store) as connection:
        found = {number: next((way for way in readings if way in known), None) for number, readings in ways.items()}
        held = [item for item in found.values() if item]
        roads, own = ledger.latest(connection, "road", held), ledger.latest(connection, "named", held)
        left: dict[str, list[str]] = {}
        taken: list[str] = []
        for number, item in found.items():
            road = roads.get(item) if item else None
            why = (
                "unknown" if item is None
                else "gone" if known[item]
                else "road" if road and road["state"] not in (None, "readmitted")
                else "there" if item in taken or _stands(own.get(item), name)
                else None
            )  # fmt: skip
            if why:
                left.setdefault(why, []).append(item or number)
            else:
                taken.append(item)
        details = {"name": name} | ({"ticket": ticket} if ticket else {})
        append(connection, person, [
            Event("lock", item, item_id=item, list_no=ticket, reason=reason or None, details=details) for item in taken
        ])  # fmt: skip
    return Done(taken, left)


def unlock(store: Path, person: Person, given: dict[str, int], reason: str) -> int:
    """Takes items (number → seq, as the person saw them) out of their collections; they may be withdrawn again.

    Raises:
        Problem: the role does not allow it; there is no reason. MovedOn: somebody else was first.
    """
    if not reason.strip():
        raise Problem("gifts.unlock_reason")
    with ledger.writing(store) as connection:
        own = ledger.latest(connection, "named", list(given))
        append(connection, person, [
            Event("unlock", item, None, seq, item, reason=reason.strip(), details=json.loads(own[item]["details"]))
            for item, seq in given.items()
        ])  # fmt: skip
    return len(given)


def _known(cursor: duckdb.DuckDBPyConnection, asked: list[str]) -> dict[str, bool]:
    """Item → whether it has left the holdings."""
    return dict(cursor.execute(sql("queries/named_known"), {"asked": asked}).fetchall())


def _stands(row, name: str) -> bool:
    return row is not None and row["state"] is not None and json.loads(row["details"])["name"] == name

"""How offers stand, as the ledger tells: the offers, their lines, the members' opinions and what these come to."""

import json
import sqlite3
from collections import Counter
from pathlib import Path

import polars as pl

from collection import agenda, committee, ledger, steps
from collection.gifts.lines import OPEN, Offer, frame
from collection.policy import Policy
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem


def offers(store: Path) -> list[Offer]:
    """Every offer that was not taken back, the newest first."""
    return list(reversed(_read(store, None)[0].values()))


def one(store: Path, ticket: str) -> tuple[Offer, pl.DataFrame]:
    """An offer and its lines (LINE), in the order of their numbers. Raises Problem when there is none of this number."""
    found, lines = _read(store, ticket)
    if ticket not in found:
        raise Problem("gifts.unknown", ticket=ticket)
    return found[ticket], lines


def lines(store: Path, *states: str) -> pl.DataFrame:
    """The lines of all offers that stand in one of the states (LINE)."""
    return _read(store, None)[1].filter(pl.col("state").is_in(states))


def _read(store: Path, ticket: str | None) -> tuple[dict[str, Offer], pl.DataFrame]:
    if not ledger.path(store).exists():
        return {}, frame([])
    with ledger.reading(store) as connection:
        return present(connection, ticket)


def present(connection: sqlite3.Connection, ticket: str | None) -> tuple[dict[str, Offer], pl.DataFrame]:
    """Offers by ticket, and the lines of all of them, from an open ledger."""
    rows = [
        dict(row) | json.loads(row["details"])
        for row in connection.execute(sql("queries/gifts_present"), {"ticket": ticket})
    ]
    own = [row for row in rows if row["subject"] != row["ticket"]]
    counts: dict[str, Counter] = {}
    for row in own:
        counts.setdefault(row["ticket"], Counter())[row["state"]] += 1
    found = {
        row["ticket"]: Offer(
            row["ticket"], row["seq"], row["way"], row["category"], row.get("conditions", ""), row.get("named", ""),
            row["on_day"], row["name"], dict(counts.get(row["ticket"], {})),
        )
        for row in rows if row["subject"] == row["ticket"]
    }  # fmt: skip
    told = frame([row | {"line": row["subject"], "by": row["name"], "place": place_of(row["subject"])} for row in own])
    return found, told.sort("ticket", "place")


def place_of(line: str) -> int:
    """The number of a line within its offer: G2025-001/3 → 3."""
    return int(line.rpartition("/")[2])


def before(store: Path, ticket: str) -> pl.DataFrame:
    """The lines of other offers that may still come and stand before an offer's own: those of earlier offers, and what is accepted."""
    found = lines(store, *OPEN).filter(pl.col("ticket") != ticket)
    return found.filter((pl.col("ticket") < ticket) | (pl.col("state") == "accepted"))


def heard(store: Path) -> int:
    """The last event that can change what is proposed, besides those on the offers themselves."""
    with ledger.reading(store) as connection:
        return connection.execute(sql("queries/gifts_heard")).fetchone()[0]


def opinions(store: Path, ticket: str) -> pl.DataFrame:
    """Every member's present opinion on every line: item_id (the line), person, name, choice (steps.OPINIONS), comment, on_day."""
    with ledger.reading(store) as connection:
        return cast(connection, ticket)


def cast(connection: sqlite3.Connection, ticket: str) -> pl.DataFrame:
    """As `opinions`, from an open ledger."""
    rows = connection.execute(sql("queries/gifts_opinions"), {"ticket": ticket}).fetchall()
    return pl.DataFrame([tuple(row) for row in rows], schema=agenda.VOTE, orient="row")


def outcomes(found: pl.DataFrame, given: pl.DataFrame, members: list[Person], policy: Policy) -> pl.DataFrame:
    """What the opinions make of each line (committee.outcomes): line, for, against, later, cast, outcome.

    Args:
        found: LINE. given: from `opinions`; only those of present members count.
    """
    own = given.filter(pl.col("person").is_in([member.id for member in members]))
    told = committee.outcomes(
        found.select(item_id="line"), own, len(members), policy.parameters, choices=steps.OPINIONS
    )
    return told.rename({"item_id": "line"})


def attendance(given: pl.DataFrame, members: list[Person], policy: Policy) -> dict:
    """Whether enough members gave an opinion on an offer: committee.attendance."""
    return committee.attendance(given, members, policy.parameters)

"""How requests stand, as the ledger tells: which are open and count against new ones, the list of them, one with its history."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from collection import ledger
from collection.requests import tokens
from collection.selection.check import OFFERED
from collection.selection.facts import TITLE
from collection.sources.normalise.text import plain
from collection.store.connection import sql

STATES = ("unclear", "accepted", "to_committee", "joined", "refused", "reserved", "provided", "borrowed", "cancelled")
OPEN = STATES[:4]  # the person waits for something
KNOWN = OFFERED | {"number": pl.String}
LISTED = {
    "number": pl.String, "state": pl.String, "changed_on": pl.String, "clause": pl.String, "title": pl.String,
    "author": pl.String, "isbn": pl.String, "price": pl.Int64, "verdict": pl.String, "taken_on": pl.String,
    "taken_by": pl.String, "found": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Request:
    """One request as it stands.

    Attributes:
        state, seq: of its latest event. title: what was asked for, by the names of TITLE. details: what else is kept of it
            (verdict, bib_id, joined_to …). told: what was known when it was taken (checking.evidence).
        history: its events, oldest first. joined: numbers of the requests joined to it.
    """

    number: str
    state: str | None
    seq: int
    title: dict
    details: dict
    told: dict
    history: list[sqlite3.Row]
    joined: list[str]


def known(store: Path) -> tuple[pl.DataFrame, int]:
    """KNOWN of every open request that is identified and every title on order, and the last event of the ledger."""
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=KNOWN), 0
    with ledger.reading(store) as connection:
        return titles(connection, 0, tokens.known(store)), ledger.last_seq(connection)


def titles(connection: sqlite3.Connection, since: int, people: dict[str, str]) -> pl.DataFrame:
    """KNOWN of what changed after an event. people: number → the hash of the person."""
    rows = []
    for place, found in enumerate(connection.execute(sql("queries/requests_known"), {"since": since})):
        details, asked = json.loads(found["details"]), found["aspect"] == "request"
        rows.append(
            {name: details.get(name) for name in TITLE}
            | {"row": place, "received_on": None, "state": "open" if asked else "ordered"}
            | {"token": people.get(found["subject"]), "number": details.get("joined_to") or found["subject"]}
        )
    frame = pl.DataFrame(rows, schema=KNOWN | {"received_on": pl.String})
    return frame.with_columns(pl.col("received_on").str.to_date())


def last_seq(store: Path) -> int:
    """The number of the newest event of a ledger; 0 when there is none yet."""
    if not ledger.path(store).exists():
        return 0
    with ledger.reading(store) as connection:
        return ledger.last_seq(connection)


def counts(store: Path) -> dict[str, int]:
    """State → how many requests stand in it, of all STATES."""
    found = dict.fromkeys(STATES, 0)
    if ledger.path(store).exists():
        with ledger.reading(store) as connection:
            found |= dict(map(tuple, connection.execute(sql("queries/requests_counts"))))
    return found


def costs(store: Path) -> dict[str, int]:
    """What the open requests would cost: requests, yen, and unpriced, those of which no price is known."""
    if not ledger.path(store).exists():
        return dict.fromkeys(("requests", "yen", "unpriced"), 0)
    with ledger.reading(store) as connection:
        return dict(connection.execute(sql("queries/requests_costs")).fetchone())


def listed(store: Path, states: tuple[str, ...], text: str = "", rows: int = -1, skip: int = 0) -> pl.DataFrame:
    """LISTED of the requests in these states, the newest first, one page of them; `found` counts them all.

    Args:
        text: part of a number, title, author or ISBN; blank lets everything through. rows: -1 = all.
    """
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=LISTED)
    asked = {"states": json.dumps(states), "text": plain(text) or None, "rows": rows, "skip": skip}
    with ledger.reading(store) as connection:
        found = [dict(row) for row in connection.execute(sql("queries/requests_listed"), asked)]
    return pl.DataFrame(found, schema=LISTED)


def one(store: Path, number: str) -> Request | None:
    """One request; None when there is none of this number."""
    if not ledger.path(store).exists():
        return None
    with ledger.reading(store) as connection:
        history = connection.execute(sql("queries/requests_history"), {"number": number}).fetchall()
        together = connection.execute(sql("queries/requests_together"), {"number": number}).fetchall()
    if not history:
        return None
    latest, *joined = together
    details, told = json.loads(latest["details"]), json.loads(latest["told"])
    title = {name: details.pop(name) for name in TITLE if name in details}
    return Request(
        number, latest["state"], latest["seq"], title, details, told, history, [row["subject"] for row in joined]
    )

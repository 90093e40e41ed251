"""Requests into the ledger (aspect request): taken as judged or otherwise, decided on, ended, and one step taken back.

The subject of a chain is the request's number, R2025-0001 by fiscal year. What was asked for lies in the details, by the
names of selection.facts.TITLE; what was known, in the evidence. Who asked lies nowhere but in tokens.py, while it is open.
"""

import json
import sqlite3
from datetime import date
from pathlib import Path

import polars as pl

from collection import ledger, years
from collection.ledger import Event, append
from collection.policy import attach
from collection.requests import checking, replies, standing, tokens
from collection.requests.checking import Answer
from collection.roles import Person
from collection.selection import same
from collection.selection.check import OFFERED
from collection.selection.facts import TITLE
from collection.store.connection import sql
from collection.words import Problem

BECOMES = {  # verdict → the state of a request that is taken as judged
    "accept": "accepted", "committee": "to_committee", "refuse": "refused", "over_limit": "refused", "held": "reserved",
    "on_order": "reserved", "duplicate": "joined", "unclear": "unclear",
}  # fmt: skip
REPLIES = {"accepted": "accept", "to_committee": "committee", "refused": "refuse"}  # what a person decided → the reply
UNDOING = ("undoes", "restores")  # details of an undo, which are not the request's


def take(
    store: Path, person: Person, found: Answer, rows: list[int], to: str | None = None, reason: str = "",
    again: tuple[str, int] | None = None,
) -> dict[int, str]:  # fmt: skip
    """Take requests as they were judged; returns row → number.

    Args:
        rows: of `found`, those to take. to: another state that a person chose instead: to_committee for what would be
            accepted; accepted or to_committee for what would be refused (第9条 原則として), which needs a reason.
        again: number of a request that was unclear, and its event that the person saw, when `rows` is that one request.

    Raises:
        Problem: no reason, the role does not allow it, or the ledger has gone on so that it would be judged otherwise.
        MovedOn: somebody went on with the unclear request.
    """
    known = checking.evidence(found, rows, attach.wordings(store, found.policy.name))
    titles = found.asked.filter(pl.col("row").is_in(rows)).sort("row").rows_by_key("row", named=True, unique=True)
    with ledger.writing(store) as connection:
        _refuse_what_came_between(connection, found, rows)
        numbers = dict.fromkeys(rows, again[0]) if again else _numbers(connection, list(titles))
        joined_to = _joined_to(connection, found, numbers)
        events = []
        for row, number in numbers.items():
            state = BECOMES[known[row]["verdict"]]
            if to == "to_committee" and state == "accepted":
                state = to
            details = _details(titles[row], known[row], joined_to.get(row))
            becomes = REPLIES[to] if to else known[row]["verdict"]
            details["reply"] = replies.reply(titles[row], known[row], becomes)
            told = json.dumps(known[row], ensure_ascii=False, sort_keys=True)
            said = {"clause": known[row]["rule"], "details": details, "evidence": told}
            events.append(Event("take_request", number, state, again[1] if again else 0, **said))
            if to and state != to:
                events.append(Event("override", number, to, reason=_needed(reason), **said))
        append(connection, person, events)
        people = {number: titles[row]["token"] for row, number in numbers.items()}
        _remember(store, connection, {number: token for number, token in people.items() if token or not again})
    return numbers


def override(
    store: Path, person: Person, number: str, follows: int, to: str, reason: str, token: str | None = None
) -> None:
    """Accept a request that was refused, or send it to the committee, for a reason (第9条 原則として).

    Args:
        to: accepted or to_committee. token: hash of the person, who was forgotten when it was refused.

    Raises:
        Problem: no reason, or it is not refused. MovedOn: somebody was quicker.
    """
    with ledger.writing(store) as connection:
        row = _together(connection, number)[0]
        append(connection, person, [_next("override", row, to, _needed(reason), follows, reply=_reply(row, to))])
        _remember(store, connection, {number: token} if token else {})


def decide(store: Path, person: Person, number: str, follows: int, to: str, reason: str = "") -> None:
    """What the committee resolved: accepted, or refused, which needs a reason; requests joined to it are refused with it.

    Raises Problem or MovedOn as `override`.
    """
    said = _needed(reason) if to == "refused" else reason.strip()
    with ledger.writing(store) as connection:
        first, *joined = _together(connection, number)
        events = [_next("decide_request", first, to, said, follows, reply=_reply(first, to))]
        if to == "refused":
            events += [_next("decide_request", row, to, said, reply=_reply(row, to)) for row in joined]
        append(connection, person, events)
        _remember(store, connection)


def close(
    store: Path, person: Person, number: str, follows: int, to: str, reason: str = "", clause: str | None = None
) -> None:
    """End a request: provided, borrowed (相互貸借) or cancelled (第10条; needs a reason).

    Requests joined to it end with it when the title is there; when it is cancelled, the first of them takes its place.

    Args:
        clause: the rule by which it is cancelled, of those with cited_for "cancelled".

    Raises:
        Problem, MovedOn: as `override`.
    """
    said = _needed(reason) if to == "cancelled" else reason.strip()
    with ledger.writing(store) as connection:
        first, *joined = _together(connection, number)
        events = [_next("close_request", first, to, said, follows, clause)]
        if to != "cancelled":
            events += [_next("close_request", row, to, said) for row in joined]
        elif joined:
            heir = joined[0]["subject"]
            events.append(_next("take_request", joined[0], first["state"], joined_to=None))
            events += [_next("take_request", row, "joined", joined_to=heir) for row in joined[1:]]
        append(connection, person, events)
        _remember(store, connection)


def undo(store: Path, person: Person, number: str, follows: int, reason: str = "") -> None:
    """Take back the last step of a request. A person who was forgotten when it ended stays forgotten.

    Raises Problem (nothing to take back, role) or MovedOn.
    """
    with ledger.writing(store) as connection:
        row = _together(connection, number)[0]
        if row["seq"] != follows:
            raise ledger.MovedOn([row])
        ledger.undo(connection, person, [row], reason.strip() or None)
        _remember(store, connection)


def _next(kind: str, row: sqlite3.Row, to: str, reason: str = "", follows=None, clause=None, **changed) -> Event:
    """A step of a request after its event `row`, of which it keeps what still matters."""
    details = {name: value for name, value in json.loads(row["details"]).items() if name not in UNDOING} | changed
    return Event(
        kind, row["subject"], to, row["seq"] if follows is None else follows, clause=clause or row["clause"],
        reason=reason or None, details={name: value for name, value in details.items() if value is not None},
        evidence=row["told"],
    )  # fmt: skip


def _reply(row: sqlite3.Row, to: str) -> str:
    """The reply after a later decision."""
    return replies.reply(json.loads(row["details"]), json.loads(row["told"]), REPLIES[to])


def _together(connection: sqlite3.Connection, number: str) -> list[sqlite3.Row]:
    """The latest event of a request, and those of the requests joined to it. Raises Problem when there is none."""
    found = connection.execute(sql("queries/requests_together"), {"number": number}).fetchall()
    if not found:
        raise Problem("requests.no_request", number=number)
    return found


def _numbers(connection: sqlite3.Connection, rows: list[int]) -> dict[int, str]:
    start = f"R{years.of(date.today())}-"
    (last,) = connection.execute(sql("queries/requests_number"), {"start": start}).fetchone()
    return {row: f"{start}{last + place:04d}" for place, row in enumerate(rows, 1)}


def _details(title: dict, known: dict, joined_to: str | None) -> dict:
    """What was asked for and how it was judged, as the ledger keeps it."""
    kept = {name: title[name] for name in ("request_id", *TITLE) if name != "row"}
    kept |= {name: known[name] for name in ("verdict", "bib_id", "score")} | {"joined_to": joined_to}
    if kept["received_on"]:
        kept["received_on"] = kept["received_on"].isoformat()
    return {name: value for name, value in kept.items() if value is not None}


def _joined_to(connection: sqlite3.Connection, found: Answer, numbers: dict[int, str]) -> dict[int, str]:
    """Row of a duplicate → number of the open request it is joined to. Raises Problem when that is open no longer."""
    earlier = dict(found.checked.rows.filter(verdict="duplicate").select("row", "earlier").iter_rows())
    known = dict(found.known.select("row", "number").iter_rows())
    still_open = _open(connection) | set(numbers.values())
    joined_to = {}
    for row in earlier.keys() & numbers.keys():
        first = earlier[row]
        while first in earlier:
            first = earlier[first]
        joined_to[row] = numbers.get(first) or known.get(first)
        if joined_to[row] not in still_open:
            raise Problem("requests.ended_between", number=joined_to[row] or found.asked["request_id"][first])
    return joined_to


def _refuse_what_came_between(connection: sqlite3.Connection, found: Answer, rows: list[int]) -> None:
    """Raises Problem when one of the titles was asked for or ordered since they were judged."""
    newer = standing.titles(connection, found.seq, {})
    before = newer.select(list(OFFERED)).with_columns(pl.col("row") - len(newer))
    titles = pl.concat([before, found.asked.filter(pl.col("row").is_in(rows)).select(list(OFFERED))])
    met = same.pairs(titles).filter(pl.col("row") >= 0, pl.col("earlier") < 0)
    if len(met):
        raise Problem("requests.came_between", number=newer["number"][met["earlier"][0] + len(newer)])


def _open(connection: sqlite3.Connection) -> set[str]:
    return {number for (number,) in connection.execute(sql("queries/requests_open"))}


def _remember(store: Path, connection: sqlite3.Connection, given: dict[str, str | None] | None = None) -> None:
    """Keeps whose the open requests are, in the same step as their states, and nobody else's."""
    tokens.keep(store, given or {}, _open(connection))


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Problem("requests.no_reason")
    return reason.strip()

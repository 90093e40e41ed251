"""採否: the members' opinions on what is offered, and the manager's decision after the committee was asked (第12条第1項, 第13条第1項)."""

import json
import sqlite3
from pathlib import Path

import polars as pl

from collection import ledger
from collection.gifts import persons, standing
from collection.gifts.lines import kept
from collection.ledger import Event, append
from collection.policy import Policy
from collection.policy.pieces import rule_of
from collection.roles import Person, require
from collection.words import Problem, code

ACTS = {"accept_gift": "for", "decline_gift": "against"}  # what the manager does → the opinion it agrees with
PROPOSED = {"accept_gift": "accept", "decline_gift": "decline"}  # … and the proposal


def vote(store: Path, person: Person, ticket: str, given: dict[str, tuple[str, str]], confirmed: bool = False) -> int:
    """A member's own opinions on lines: line → (for, against or later; comment). Returns how many were written.

    An opinion may be changed until the line is decided; one that says the same as before is not written again.

    Raises:
        Problem: a line is not on offer (any more); the role does not allow it; a comment seems to name somebody.
    """
    require(person, "cast")
    persons.refuse(confirmed, *(comment for _, comment in given.values()))
    with ledger.writing(store) as connection:
        own = standing.cast(connection, ticket).filter(pl.col("person") == person.id)
        before = {row["item_id"]: (row["choice"], row["comment"]) for row in own.iter_rows(named=True)}
        _rows(connection, ticket, list(given), "offered")
        events = [
            Event("cast", f"{line}/{person.id}", opinion, list_no=ticket, reason=comment.strip() or None,
                  details={"line": line})
            for line, (opinion, comment) in given.items()
            if before.get(line) != (opinion, comment.strip())
        ]  # fmt: skip
        append(connection, person, events)
    return len(events)


def decide(
    store: Path, person: Person, policy: Policy, members: list[Person], proposed: pl.DataFrame, acts: dict[str, str],
    reason: str = "", seen: dict[str, int] | None = None,
) -> int:  # fmt: skip
    """Accepts or declines lines of one offer, all of them or none: 採否, after the committee was asked (第12条第1項, 第13条第1項).

    Args:
        members: of the committee. proposed: rows of checking.propose for the lines. acts: line → accept_gift or decline_gift.
        reason: needed where the decision is not what the members' opinions come to, or changes an earlier one.
        seen: line → seq, as the person saw it.

    Returns:
        how many lines were decided.

    Raises:
        Problem: the role does not allow it; the committee is not quorate; a reason is needed.
        MovedOn: somebody else decided on a line meanwhile.
    """
    for kind in set(acts.values()):
        require(person, kind)
    known = proposed.rows_by_key("line", named=True, unique=True)
    reason, ticket = reason.strip(), next(iter(acts)).partition("/")[0]
    with ledger.writing(store) as connection:
        rows = _rows(connection, ticket, list(acts))
        given = standing.cast(connection, ticket)
        there = standing.attendance(given, members, policy)
        if there["voted"] < there["needed"]:
            missing = there["needed"] - there["voted"]
            raise Problem("gifts.no_quorum", missing=missing, needed=there["needed"], voted=there["voted"])
        found = proposed.filter(pl.col("line").is_in(list(acts)))
        tally = standing.outcomes(found, given, members, policy).rows_by_key("line", named=True, unique=True)
        own = [
            line
            for line, kind in acts.items()
            if tally[line]["outcome"] != ACTS[kind] or rows[line]["state"] != "offered"
        ]
        if own and not reason:
            raise Problem("gifts.need_reason", n=len(own), line=own[0])
        events = []
        for line, kind in acts.items():
            told, row = known[line], rows[line]
            agreed = PROPOSED[kind] == told["proposal"]
            details = kept(row) | {
                "tally": {name: tally[line][name] for name in ("for", "against", "later")},
                "voted": there["voted"], "members": there["members"], "proposal": told["proposal"],
                "why": told["why"] if agreed else "committee", "rule": told["rule"] if agreed else told["own"],
            }  # fmt: skip
            if kind == "accept_gift":
                details["take"] = told["take"] or row["copies"]
            why = reason if line in own else told["reason"] if agreed else None
            events.append(Event(kind, line, None, (seen or {}).get(line), list_no=ticket, clause=_clause(policy, details["rule"]),
                                reason=why, details=details, evidence=_evidence(told)))  # fmt: skip
        append(connection, person, events)
    return len(events)


def _rows(connection: sqlite3.Connection, ticket: str, lines: list[str], *states: str) -> dict[str, dict]:
    """The lines of an offer by number. Raises Problem when one is not there, or in none of the states (where some are named)."""
    rows = standing.present(connection, ticket)[1].rows_by_key("line", named=True, unique=True)
    for line in lines:
        if line not in rows or (states and rows[line]["state"] not in states):
            state = code("gift_state", rows[line]["state"] if line in rows else "none")
            raise Problem("gifts.not_now", line=line, state=state)
    return rows


def _clause(policy: Policy, rule: str | None) -> str | None:
    """The clause of a rule, as the ledger writes it."""
    return rule_of(policy, rule).clause if rule else None


def _evidence(told: dict) -> str:
    known = {name: value for name, value in told.items() if name not in ("line", "bib_no") and value is not None}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))

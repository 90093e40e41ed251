"""The committee on lines: what members say, what comes of it, and what the manager makes of that."""

import sqlite3
from pathlib import Path

import polars as pl

from collection import committee, ledger, steps
from collection.buying import keeping, kept, twice
from collection.ledger import Event, append
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem

VOTED = (*steps.OPINIONS, "cast", "outcome")  # what `outcomes` tells of each line


def cast(store: Path, person: Person, opinions: dict[str, tuple[str, str]]) -> int:
    """Give a member's own opinion on lines: number → (for, against or later; comment). One may change it until it is decided.

    Returns:
        how many were written; what says the same as before is not.

    Raises:
        Problem: a line is not under consideration, or the person is no member.
    """
    with ledger.writing(store) as connection:
        keeping.standing(connection, list(opinions), "proposed")
        own = kept.cast(connection, kept.read(connection)).filter(person=person.id)
        now = {no: (opinion, comment) for no, opinion, comment in own.select("no", "opinion", "comment").rows()}
        events = [
            Event("cast", f"{no}/{person.id}", opinion, reason=comment.strip() or None)
            for no, (opinion, comment) in opinions.items()
            if now.get(no) != (opinion, comment.strip())
        ]
        append(connection, person, events)
    return len(events)


def outcomes(nos: list[str], ballots: pl.DataFrame, members: list[Person], policy: Policy) -> pl.DataFrame:
    """What the opinions make of each line, counted as the committee's votes on items are (committee.outcomes).

    Args:
        ballots: kept.BALLOT; only those of the members count.

    Returns:
        no, for, against, later, cast (opinions), outcome (for, against, or later where neither has a majority of enough
        opinions); in the order of nos.
    """
    entries = pl.DataFrame({"item_id": nos}, schema={"item_id": pl.String})
    own = ballots.filter(pl.col("person").is_in([member.id for member in members]))
    votes = own.select(item_id="no", choice="opinion")
    told = committee.outcomes(entries, votes, len(members), policy.parameters, choices=steps.OPINIONS)
    return told.rename({"item_id": "no"})


def quorum(ballots: pl.DataFrame, members: list[Person], policy: Policy) -> dict:
    """Who of the members gave an opinion on at least one of the lines, and how many are needed (committee.attendance)."""
    return committee.attendance(ballots, members, policy.parameters)


def choose(store: Path, person: Person, policy: Policy, found: pl.DataFrame, members: list[Person]) -> int:
    """Choose the lines that the committee is for; the others stay. Returns how many were chosen.

    Args:
        found: the lines, with `seq` of the event that the person saw, and what was known of them.

    Raises:
        Problem: no line has a majority for it, there is no quorum, a line is not under consideration or has no copies, or one
            would be bought twice (twice.py). MovedOn: somebody was quicker.
    """
    saw = found.rows_by_key("no", named=True, unique=True)
    nos = list(saw)
    looked = twice.look(store, policy, nos)
    with ledger.writing(store) as connection:
        won = [_settled(line, saw[line["no"]]) for line in _resolved(connection, policy, nos, members, "for")]
        if empty := [line["no"] for line in won if not line["places"]]:
            raise Problem("buying.no_places", no=empty[0])
        twice.refuse(connection, store, policy, looked, [line["no"] for line in won])
        return _write(connection, person, "choose", won, saw)


def pass_over(
    store: Path, person: Person, policy: Policy, found: pl.DataFrame, members: list[Person], reason: str = ""
) -> int:
    """Pass over the lines that the committee is against; with a reason, all of them, also such as are chosen already.

    Args, Returns and Raises as `choose`.
    """
    saw = found.rows_by_key("no", named=True, unique=True)
    nos = list(saw)
    with ledger.writing(store) as connection:
        if reason.strip():
            lost = keeping.standing(connection, nos, "proposed", "chosen")
        else:
            lost = _resolved(connection, policy, nos, members, "against")
        return _write(connection, person, "pass_over", lost, saw, reason)


def _resolved(
    connection: sqlite3.Connection, policy: Policy, nos: list[str], members: list[Person], outcome: str
) -> list[dict]:
    """The lines of which the opinions make this outcome, with their `tally`."""
    found = keeping.standing(connection, nos, "proposed")
    ballots = kept.cast(connection, kept.read(connection)).filter(pl.col("no").is_in(nos))
    there = quorum(ballots, members, policy)
    if there["voted"] < there["needed"]:
        missing = there["needed"] - there["voted"]
        raise Problem("committee.no_quorum", missing=missing, needed=there["needed"], voted=there["voted"])
    told = outcomes(nos, ballots, members, policy).rows_by_key("no", named=True, unique=True)
    won = [
        line | {"tally": {opinion: told[line["no"]][opinion] for opinion in steps.OPINIONS}}
        for line in found
        if told[line["no"]]["outcome"] == outcome
    ]
    if not won:
        raise Problem(f"buying.none_{outcome}", n=len(nos))
    return won


def _settled(line: dict, saw: dict) -> dict:
    """A line with what was only proposed, as the person saw it: where copies are to stand, and all that asks for it."""
    return line | {"places": line["places"] or saw["places"], "sources": saw["sources"] or line["sources"]}


def _write(
    connection: sqlite3.Connection, person: Person, kind: str, lines: list[dict], saw: dict[str, dict], reason: str = ""
) -> int:
    append(connection, person, [
        keeping.event(kind, line, saw[line["no"]]["seq"], reason, known=saw[line["no"]]) for line in lines
    ])  # fmt: skip
    return len(lines)

"""What staff do with offers, written to the ledger: noted, mended, taken back, received, settled, undone.

Every event carries what is known of its line, so that the latest one tells all of it.
"""

import sqlite3
from datetime import date
from pathlib import Path

import polars as pl

from collection import ledger, years
from collection.gifts import persons, standing
from collection.gifts.lines import CATEGORIES, DECIDED, WAYS, kept
from collection.ledger import Event, MovedOn, append
from collection.policy import Policy
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem, code

TREATMENT = "断った寄贈の扱い"  # the operating value, and the state that each of its values leads to
SETTLED = {"返却する": "returned", "譲渡する": "passed_on", "処分する": "disposed"}


def offer(
    store: Path, person: Person, way: str, category: str, conditions: str = "", named: str = "", confirmed: bool = False
) -> str:
    """Notes a new offer; returns its ticket number, "G2025-001": fiscal year and the next number of it.

    Args:
        way: of lines.WAYS. category: of lines.CATEGORIES. conditions: what is asked for with it. named: the named collection
            wished for. confirmed: the person looked, and what may be a name is none.

    Raises:
        Problem: a text seems to hold something personal; the role does not allow it.
    """
    if way not in WAYS or category not in CATEGORIES:
        raise ValueError(way, category)
    persons.refuse(confirmed, conditions, named)
    details = {"way": way, "category": category, "conditions": conditions.strip(), "named": named.strip()}
    with ledger.writing(store) as connection:
        ticket = _next(connection, f"G{years.of(date.today())}-", 3)
        append(connection, person, [Event("offer_gift", ticket, list_no=ticket, details=details)])
    return ticket


def add(store: Path, person: Person, ticket: str, rows: list[dict], confirmed: bool = False) -> list[str]:
    """Adds lines to an offer (facts of lines.FACTS); returns their numbers. Raises Problem as `offer`, or when there is no such offer."""
    persons.refuse(confirmed, *(row.get("note") or "" for row in rows))
    with ledger.writing(store) as connection:
        _need(connection, ticket)
        first = int(_next(connection, f"{ticket}/").rpartition("/")[2])
        lines = [f"{ticket}/{first + place}" for place in range(len(rows))]
        append(connection, person, [
            Event("offer_gift", line, list_no=ticket, details=kept(row)) for line, row in zip(lines, rows, strict=True)
        ])  # fmt: skip
    return lines


def change(store: Path, person: Person, row: dict, confirmed: bool = False, **facts) -> None:
    """Mends what was noted of a line that is not decided yet (row of LINE, as the person saw it)."""
    persons.refuse(confirmed, facts.get("note") or "")
    with ledger.writing(store) as connection:
        append(connection, person, [
            Event("offer_gift", row["line"], None, row["seq"], list_no=row["ticket"], details=kept(row | facts))
        ])  # fmt: skip


def take_back(store: Path, person: Person, found: pl.DataFrame, reason: str = "", ticket: str | None = None) -> int:
    """Takes back lines that are not decided yet, and with `ticket` the offer they are all of; returns how many lines.

    Raises:
        Problem: a line is decided already; the offer has other lines.
    """
    with ledger.writing(store) as connection:
        events = [
            Event("take_back_gift", row["line"], None, row["seq"], list_no=row["ticket"], reason=reason.strip() or None,
                  details=kept(row))
            for row in found.iter_rows(named=True)
        ]  # fmt: skip
        if ticket:
            if set(standing.present(connection, ticket)[1]["line"]) != set(found["line"]):
                raise Problem("gifts.has_lines", ticket=ticket)
            events.append(Event("take_back_gift", ticket, None, list_no=ticket, reason=reason.strip() or None))
        append(connection, person, events)
    return len(found)


def receive(store: Path, person: Person, items: dict[str, list[str]], seen: dict[str, int]) -> int:
    """Notes accepted lines as received: line → the numbers (バーコード) that their copies got, as far as they are known.

    Raises:
        Problem: a number is given twice, or stands with another line already.
    """
    given = [item for numbers in items.values() for item in numbers]
    with ledger.writing(store) as connection:
        every = standing.present(connection, None)[1]
        rows = every.rows_by_key("line", named=True, unique=True)
        others = every.filter(~pl.col("line").is_in(list(items)))["items"].explode().drop_nulls().to_list()
        twice = [item for item in given if given.count(item) > 1 or item in others]
        if twice:
            raise Problem("gifts.number_twice", item=twice[0])
        append(connection, person, [
            Event("receive_gift", line, None, seen[line], numbers[0] if numbers else None, rows[line]["ticket"],
                  details=kept(rows[line], *DECIDED) | {"items": numbers})
            for line, numbers in items.items()
        ])  # fmt: skip
    return len(items)


def treatment(policy: Policy, way: str) -> str:
    """The state that declined lines come to by the rule of the pack. A deposit is not the library's: it always goes back."""
    return "returned" if way == "deposit" else SETTLED[policy.parameters[TREATMENT]]


def settle(
    store: Path, person: Person, policy: Policy, way: str, found: pl.DataFrame, state: str, reason: str = ""
) -> int:
    """Notes what became of declined lines: returned, passed_on or disposed.

    Raises:
        Problem: it is not what the pack says and there is no reason; a deposit would not go back.
    """
    usual = treatment(policy, way)
    if way == "deposit" and state != "returned":
        raise Problem("gifts.deposit_goes_back")
    if state != usual and not reason.strip():
        raise Problem("gifts.need_other_reason", usual=code("gift_state", usual))
    with ledger.writing(store) as connection:
        append(connection, person, [
            Event("settle_gift", row["line"], state, row["seq"], list_no=row["ticket"], clause=row["clause"],
                  reason=reason.strip() or None, details=kept(row, *DECIDED))
            for row in found.iter_rows(named=True)
        ])  # fmt: skip
    return len(found)


def undo(store: Path, person: Person, found: pl.DataFrame, reason: str = "") -> int:
    """Takes back the last step of each line, as the person saw it; returns how many.

    Raises:
        Problem: there is none, or the person's role could not have taken it. MovedOn: somebody else was first.
    """
    with ledger.writing(store) as connection:
        chains = ledger.latest(connection, "gift", found["line"].to_list())
        moved = [chains[line] for line, seq in found.select("line", "seq").iter_rows() if chains[line]["seq"] != seq]
        if moved:
            raise MovedOn(moved)
        ledger.undo(connection, person, list(chains.values()), reason.strip() or None)
    return len(found)


def _next(connection: sqlite3.Connection, start: str, digits: int = 1) -> str:
    [last] = connection.execute(sql("queries/gifts_numbers"), {"start": start}).fetchone()
    return f"{start}{last + 1:0{digits}d}"


def _need(connection: sqlite3.Connection, ticket: str) -> None:
    if ticket not in standing.present(connection, ticket)[0]:
        raise Problem("gifts.unknown", ticket=ticket)

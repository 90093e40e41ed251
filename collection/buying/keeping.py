"""What people do with lines: propose, change and take off; order, receive and cancel; one step back. Deciding is in voting.py.

Every event carries the whole line (kept.py). Nothing becomes chosen or ordered without `twice.refuse` in the same transaction.
"""

import json
import sqlite3
from datetime import date
from pathlib import Path

import polars as pl

from collection import ledger, steps, years
from collection.buying import kept, lines, twice
from collection.ledger import Event, MovedOn, append
from collection.policy import Policy
from collection.roles import Person
from collection.selection import same
from collection.store import snapshots
from collection.store.connection import sql
from collection.words import Problem

COPIES, YEN = 999, 10_000_000  # more of a title is a slip of the pen
BUYING = ("chosen", "ordered", "received")
DETAILS = (*(name for name in lines.LINE if name not in ("no", "wanted")), *kept.TOLD)


def propose(store: Path, person: Person, policy: Policy, found: pl.DataFrame, reason: str = "") -> dict[str, list[str]]:
    """Keep lines for the committee. One that is there already under another number gives that one what it has not.

    Args:
        found: lines; what stands beside the columns of lines.LINE (verdict, rule, reason …) is kept as what was known.

    Returns:
        numbers by what became of them: new; joined, lines under consideration that were added to; again, lines that had been
        passed over; left, lines that are bought already, to which nothing was done.

    Raises:
        Problem: there is nothing to propose, or the role does not allow it.
    """
    if found.is_empty():
        raise Problem("buying.nothing_to_propose")
    as_of = snapshots.as_of(snapshots.need(store))
    outcome: dict[str, list[str]] = {"new": [], "joined": [], "again": [], "left": []}
    with ledger.writing(store) as connection:
        every, since, events = kept.read(connection), ledger.last_seq(connection), []
        standing = pl.col("state").is_in(["proposed", "passed"]) | kept.coming(as_of, policy)
        there = _alike(every.filter(standing).sort(pl.col("state") == "passed", maintain_order=True), found)
        number = _last(connection, "line")
        for row, new in enumerate(found.iter_rows(named=True)):
            old = there.get(row)
            if old is None:
                number += 1
                line = new | {"no": f"P{years.of(date.today())}-{number:04d}", "since": since}
                outcome["new"].append(line["no"])
                events.append(event("propose", line, 0, reason, new))
            elif old["state"] in BUYING:
                outcome["left"].append(old["no"])
            else:
                again = old["state"] == "passed"
                outcome["again" if again else "joined"].append(old["no"])
                line = _added(old, new) | {"since": since if again else old["since"], "tally": None}
                events.append(event("propose", line, old["seq"], reason, new))
        append(connection, person, events)
    return outcome


def change(
    store: Path, person: Person, no: str, follows: int, places: dict[str, int], price: int | None, reason: str = ""
) -> None:
    """Change by hand where how many copies of a line under consideration are to stand, and its price.

    Args:
        places: branch → copies; a branch with 0 gets none. price: yen; None: not known.

    Raises:
        Problem: a number is negative or too large, or the line is not under consideration. MovedOn: somebody was quicker.
    """
    if any(not 0 <= copies <= COPIES for copies in places.values()):
        raise Problem("buying.copies_out_of_range", most=COPIES)
    if price is not None and not 0 <= price <= YEN:
        raise Problem("buying.price_out_of_range", most=f"{YEN:,}")
    named = [{"branch": branch, "copies": copies} for branch, copies in places.items() if copies]
    with ledger.writing(store) as connection:
        [line] = standing(connection, [no], "proposed")
        append(connection, person, [event("propose", line | {"places": named, "price": price}, follows, reason)])


def take_off(store: Path, person: Person, seen: dict[str, int], reason: str) -> None:
    """Take lines under consideration off the list. seen: number → the event that the person saw. Raises as `change`."""
    if not reason.strip():
        raise Problem("buying.no_reason")
    _move(store, person, "take_off", seen, "proposed", {}, reason)


def order(store: Path, person: Person, policy: Policy, seen: dict[str, int]) -> str:
    """Put chosen lines on an order list; returns its number, "O2025-001".

    Raises:
        Problem: nothing to order, a line is not chosen, one would be bought twice (twice.py), or the role does not allow it.
        MovedOn: somebody was quicker.
    """
    if not seen:
        raise Problem("buying.nothing_to_order")
    looked = twice.look(store, policy, list(seen))
    with ledger.writing(store) as connection:
        found = standing(connection, list(seen), "chosen")
        twice.refuse(connection, store, policy, looked, list(seen))
        number = f"O{years.of(date.today())}-{_last(connection, 'order') + 1:03d}"
        told = {"order": number, "ordered_on": date.today()}
        append(connection, person, [event("order", line | told, seen[line["no"]]) for line in found])
    return number


def receive(store: Path, person: Person, seen: dict[str, int], on: date | None = None) -> list[str]:
    """Note ordered lines as delivered; returns the numbers of the requests that ask for them, which can be closed now.

    Args:
        on: the day of delivery; today when not given.
    """
    found = _move(store, person, "receive", seen, "ordered", {"delivered_on": on or date.today()}, on=on)
    return [source["of"] for line in found for source in line["sources"] if source["kind"] == "request"]


def cancel(store: Path, person: Person, seen: dict[str, int], reason: str) -> None:
    """Take lines off the order list they are on; they are chosen again."""
    if not reason.strip():
        raise Problem("buying.no_reason")
    _move(store, person, "cancel_order", seen, "ordered", {"order": None, "ordered_on": None}, reason)


def undo(store: Path, person: Person, policy: Policy, no: str, follows: int, reason: str = "") -> None:
    """Take back the last step of a line.

    Raises:
        Problem: there is none, the role does not allow it, or the line would be bought twice then. MovedOn: somebody was quicker.
    """
    looked = twice.look(store, policy, [no])
    with ledger.writing(store) as connection:
        row = ledger.latest(connection, "purchase", [no])[no]
        if row["seq"] != follows:
            raise MovedOn([row])
        before = row["state"]
        ledger.undo(connection, person, [row], reason.strip() or None)
        after = ledger.latest(connection, "purchase", [no])[no]["state"]
        if after in BUYING and before not in BUYING:
            twice.refuse(connection, store, policy, looked, [no])


def standing(connection: sqlite3.Connection, nos: list[str], *states: str) -> list[dict]:
    """Lines as they stand (kept.KEPT), in the order asked for. Raises Problem when one is in none of the states."""
    found = kept.read(connection).rows_by_key("no", named=True, unique=True, include_key=True)
    for no in nos:
        now = found[no]["state"] if no in found else None
        if now not in states:
            raise Problem("buying.not_now", no=no, state=steps.word("purchase", now))
    return [found[no] for no in nos]


def event(
    kind: str, line: dict, follows: int, reason: str = "", known: dict | None = None, state: str | None = None
) -> Event:
    """A step of a line, which carries all of it. known: what was known when it was taken, beside the line itself."""
    details = {name: _plain(line.get(name)) for name in DETAILS if line.get(name) is not None}
    told = {name: value for name, value in (known or {}).items() if name not in lines.LINE}
    return Event(
        kind, line["no"], state, follows, clause=line.get("rule"), reason=reason.strip() or None, details=details,
        evidence=json.dumps(told, ensure_ascii=False, sort_keys=True, default=_plain) if told else None,
    )  # fmt: skip


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def _move(
    store: Path, person: Person, kind: str, seen: dict[str, int], state: str, told: dict, reason: str = "", on: date | None = None
) -> list[dict]:  # fmt: skip
    """Take the same step with lines that stand in a state; returns them as they were. told: what changes of them."""
    with ledger.writing(store) as connection:
        found = standing(connection, list(seen), state)
        append(connection, person, [event(kind, line | told, seen[line["no"]], reason) for line in found], on)
    return found


def _added(old: dict, new: dict) -> dict:
    """The old line with what it has not and the new one has; where copies stand is told anew only when nobody had told it."""
    sources = [*old["sources"], *(source for source in new["sources"] if source not in old["sources"])]
    told = {name: new[name] for name in (*lines.TITLE, "bib_id") if old[name] is None}
    return old | told | {"sources": sources, "places": old["places"] or new["places"]}


def _alike(there: pl.DataFrame, found: pl.DataFrame) -> dict[int, dict]:
    """Row of a new line → the kept line that is the same title, the first where there are several."""
    told = pl.concat([there.select(list(lines.TITLE)), found.select(list(lines.TITLE))]).with_row_index("row")
    pairs = same.pairs(told.cast({"row": pl.Int64})).filter(pl.col("row") >= len(there), pl.col("earlier") < len(there))
    first = pairs.unique("row", keep="first", maintain_order=True)
    return {row - len(there): there.row(earlier, named=True) for row, earlier in first.rows()}


def _last(connection: sqlite3.Connection, what: str) -> int:
    """The last number that a line or an order of this fiscal year got."""
    asked = {"year": str(years.of(date.today()))}
    return connection.execute(sql("queries/buying_numbers"), asked).fetchone()[what]

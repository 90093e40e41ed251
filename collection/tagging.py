"""Tags on items (印): what a librarian thinks should become of each, put on, taken off and undone in the ledger.

The rules recommend and people decide: a tag against the recommendation needs a reason, 除籍 needs a criterion of the
rules, and what a protection keeps is not withdrawn under the criterion it keeps from. Nobody's tag is changed by
somebody who has not seen it.
"""

import json
import secrets
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from collection import evidence, ledger
from collection.ledger import Event, MovedOn, append
from collection.policy import Policy
from collection.roles import Person, require
from collection.steps import TAGS
from collection.store.connection import connect_flags, sql
from collection.weigh import by_hand, weigh
from collection.words import Problem, code

LEFT = ("not_held", "road", "list", "protected", "no_criterion", "there", "same", "untagged")


class ReasonNeeded(Problem):
    """The tag goes against the recommendation, or keeps an item: it needs a reason."""


class ClauseNeeded(Problem):
    """除籍 of an item that is no candidate needs the criterion that a person sees fulfilled."""


@dataclass(frozen=True)
class Done:
    """What became of the items asked for: those that carry the change, and those left out by reason (LEFT)."""

    changed: list[str]
    left: dict[str, list[str]]


@dataclass(frozen=True)
class Act:
    """The last thing a person did with tags: `state` None when tags were taken off.

    `items` can still be undone; on `passed` somebody has decided since.
    """

    state: str | None
    items: list[str]
    passed: list[str]


def tag(
    store: Path, flags: Path, policy: Policy, person: Person, items: list[str], state: str, *, reason: str | None = None,
    until: date | None = None, to: str | None = None, clause: str | None = None, seen: dict[str, int] | None = None,
) -> Done:  # fmt: skip
    """Put a tag on items: all that can carry it at once, or none.

    Args:
        state: one of steps.TAGS. reason: needed for 残す, and where the tag goes against the recommendation.
        until: 残す until this day; None for good. to: the branch of 他館へ.
        clause: the criterion for 除籍 of items that are no candidates.
        seen: item → seq of the tag (0: none) that the person saw and means to change. A tag of somebody else that is
            not among them is never changed.

    Raises:
        Problem: the role does not allow it; a value is missing or cannot be; the one item asked for cannot carry the tag.
        ReasonNeeded, ClauseNeeded: nothing was written; ask and call again.
        MovedOn: somebody else tagged some of them; nothing was written.
    """
    require(person, "tag")
    items, reason, seen = list(dict.fromkeys(items)), (reason or "").strip() or None, seen or {}
    _right(state, until, to)
    with connect_flags(flags) as cursor:
        if to and cursor.execute(sql("queries/tagging_branches"), {"branch": to}).fetchall() == [(0,)]:
            raise Problem("tags.no_branch", to=to)
        weighed = weigh(cursor, policy, items, state, clause, to)
        told = evidence.of_items(cursor, policy, [item for item, row in weighed.items() if not row["left_out"]])
    told = dict(told.select("item_id", "told").iter_rows())
    asked = {"until": until.isoformat() if until else None, "to": to}
    with ledger.writing(store) as connection:
        present = _present(connection, items)
        left, moved, events = defaultdict(list), [], []
        for item in items:
            row, known = weighed.get(item), present[item]
            why = (
                "not_held"
                if row is None
                else known.stop
                or _same(known, state, row, asked, reason if item in seen and known.own(person) else None)
                or row["left_out"]
            )
            if why:
                left[why].append(item)
            elif known.other(person, seen):
                moved.append(known.tag)
            else:
                events.append((item, row))
        if not events and not moved and len(items) == 1:
            _refuse(policy, items[0], next(iter(left)), weighed.get(items[0]), present[items[0]], clause)
        needy = [item for item, row in events if row["against"] or state == "keep"]
        if needy and not reason:
            raise ReasonNeeded("tags.need_reason", n=len(needy), item=needy[0], state=code("tag_state", state))
        if moved:
            raise MovedOn(moved)
        act = {"act": secrets.token_hex(6), "size": len(events)}
        append(connection, person, [
            Event("tag", item, state, present[item].seq, item, None, row["clause"], reason,
                  {name: value for name, value in asked.items() if value} | ({"against": True} if row["against"] else {}) | act,
                  told[item])
            for item, row in events
        ])  # fmt: skip
    return Done([item for item, _ in events], dict(left))


def untag(store: Path, person: Person, items: list[str], *, seen: dict[str, int] | None = None) -> Done:
    """Take the tags off items, as `tag` puts them on."""
    require(person, "untag")
    items, seen = list(dict.fromkeys(items)), seen or {}
    with ledger.writing(store) as connection:
        present = _present(connection, items)
        left, moved, chosen = defaultdict(list), [], []
        for item in items:
            known = present[item]
            why = known.stop or (None if known.state else "untagged")
            if why:
                left[why].append(item)
            elif known.other(person, seen):
                moved.append(known.tag)
            else:
                chosen.append(item)
        if moved:
            raise MovedOn(moved)
        act = {"act": secrets.token_hex(6), "size": len(chosen)}
        append(
            connection, person, [Event("untag", item, None, present[item].seq, item, details=act) for item in chosen]
        )
    return Done(chosen, dict(left))


def last_act(store: Path, person: Person) -> Act | None:
    """What `undo_last` would take back; None when the person has not tagged anything, or has undone it all."""
    if not ledger.path(store).exists():
        return None
    with ledger.reading(store) as connection:
        rows = _act(connection, person)
        return _told(connection, rows) if rows else None


def undo_last(store: Path, person: Person) -> list[str]:
    """Take back the person's last act with tags as a whole, but for items on which somebody has decided since.

    Returns:
        the items whose tag is as it was before.

    Raises:
        Problem: there is nothing to take back, or others have decided on all of it since.
    """
    with ledger.writing(store) as connection:
        rows = _act(connection, person)
        if not rows:
            raise Problem("tags.nothing_to_undo", name=person.name)
        act = _told(connection, rows)
        if not act.items:
            raise Problem("tags.undo_passed", n=len(act.passed), item=act.passed[0])
        undone = set(act.items)
        ledger.undo(connection, person, [row for row in rows if row["subject"] in undone])
    return act.items


@dataclass(frozen=True)
class _Known:
    """The chains of one item: the latest event of its tag, who put it on (whatever an undo restored, too), and why it
    cannot be changed (road or list)."""

    tag: sqlite3.Row | None
    by: str | None
    stop: str | None
    list_no: str | None

    @property
    def seq(self) -> int:
        return self.tag["seq"] if self.tag else 0

    @property
    def state(self) -> str | None:
        return self.tag["state"] if self.tag else None

    def own(self, person: Person) -> bool:
        """Whether the tag is the person's."""
        return self.by == person.id

    def other(self, person: Person, seen: dict[str, int]) -> bool:
        """Whether the tag is another than the person knows of."""
        if self.tag is None:
            return False
        if self.tag["subject"] in seen:
            return seen[self.tag["subject"]] != (self.seq if self.state else 0)
        return self.state is not None and not self.own(person)


def _right(state: str, until: date | None, to: str | None) -> None:
    if state not in TAGS:
        raise ValueError(state)
    if until and (state != "keep" or until < date.today()):
        raise Problem("tags.until_past", day=until.isoformat())
    if (state == "branch") != bool(to):
        raise Problem("tags.need_branch")


def _present(connection: sqlite3.Connection, items: list[str]) -> dict[str, _Known]:
    """The chains of items in an open ledger."""
    tags, roads, entries = (ledger.latest(connection, aspect, items) for aspect in ("tag", "road", "entry"))
    lists = ledger.latest(connection, "list", list({row["list_no"] for row in entries.values() if row["state"]}))
    found = {}
    for item in items:
        road, entry = roads.get(item), entries.get(item)
        stop, list_no = None, None
        if road and road["state"] not in (None, "readmitted"):
            stop, list_no = "road", road["list_no"]
        elif entry and entry["state"] and lists[entry["list_no"]]["state"] not in (None, "decided"):
            stop, list_no = "list", entry["list_no"]
        found[item] = _Known(tags.get(item), _tagged_by(connection, tags.get(item)), stop, list_no)
    return found


def _tagged_by(connection: sqlite3.Connection, row: sqlite3.Row | None) -> str | None:
    if row and row["kind"] == "undo_tag" and (restored := json.loads(row["details"])["restores"]):
        row = connection.execute(sql("queries/ledger_event"), {"seq": restored}).fetchone()
    return row["person"] if row else None


def _same(known: _Known, state: str, row: dict, asked: dict, reason: str | None) -> str | None:
    """Whether the item carries the very tag already, and nothing new is said of it."""
    if known.state != state or reason not in (None, known.tag["reason"]):
        return None
    details = json.loads(known.tag["details"])
    if any(details.get(name) != value for name, value in asked.items()):
        return None
    return "same" if state != "withdraw" or known.tag["clause"] == row["clause"] else None


def _refuse(policy: Policy, item: str, why: str, row: dict | None, known: _Known, clause: str | None) -> None:
    """Says why one item cannot carry a tag; that it carries it already is no mistake."""
    if why == "same":
        return
    if why == "no_criterion" and clause is None:
        raise ClauseNeeded("tags.need_clause", item=item, clauses="・".join(by_hand(policy)))
    rule = next((rule for rule in policy.rules if row and rule.id == row["protector"]), None)
    said = {"article": rule.article if rule else "", "list_no": known.list_no or "", "clause": clause or ""}
    raise Problem(f"tags.one_{why}", item=item, **said)


def _act(connection: sqlite3.Connection, person: Person) -> list[sqlite3.Row]:
    newest = connection.execute(sql("queries/tagging_last"), {"person": person.id}).fetchone()
    return connection.execute(sql("queries/tagging_act"), dict(newest)).fetchall() if newest else []


def _told(connection: sqlite3.Connection, rows: list[sqlite3.Row]) -> Act:
    present = _present(connection, [row["subject"] for row in rows])
    items = {row["subject"]: row["stands"] and not present[row["subject"]].stop for row in rows}
    free = [item for item, can in items.items() if can]
    return Act(rows[0]["done_state"], free, [item for item, can in items.items() if not can])

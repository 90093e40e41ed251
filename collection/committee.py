"""委員会: lists (議案) of items proposed for withdrawal, read and voted on by the 資料選択委員会, closed by the manager.

A list carries the operating values that were in force when it was drafted; outcomes and quorum follow them.
"""

import hashlib
import json
import math
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import agenda, candidates, decisions, evidence, ledger, overview, paper, reproduce, steps, years
from collection.candidates import Filter
from collection.ledger import Event, append
from collection.policy import Policy
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem

SOURCES = ("mine", "tagged", "candidates")
ITEMS = paper.ROWS  # more no meeting can look at, and no document can print
OPERATING = ("委員会の定足数", "受け持つ委員の数", "委員会の賛成割合", "偏りの有意水準", "偏りの最少冊数")

# ── making a list


def choose(cursor: duckdb.DuckDBPyConnection, store: Path, chosen: Filter, source: str, person: Person) -> pl.DataFrame:
    """What a new list would take and leave out, in the order of class and shelf.

    Args:
        cursor: on a flags file with its snapshot attached.
        source: mine (tagged 除籍 by the person), tagged (by anybody), candidates (whatever the filter lets through).

    Returns:
        item_id, shelf_class, branch, criterion, tag, clause (of the tag, else the criterion), entry, road, list_no, left_out (road, list, tag, named; null: taken).
    """
    decisions.attach(cursor, store)
    query = sql("queries/committee_items").format(scope=sql("queries/candidates_filter"))
    asked = {"tagged": source != "candidates", "person": person.id if source == "mine" else None}
    whole = replace(chosen, tag=chosen.tag or (candidates.ALL,))  # what is on the road is left out aloud
    return cursor.sql(query, params={**candidates.parameters(whole), **asked}).pl()


def draft(
    store: Path, cursor: duckdb.DuckDBPyConnection, flags: Path, policy: Policy, person: Person, title: str,
    chosen: Filter, source: str, members: list[Person],
) -> str:  # fmt: skip
    """Make a list of what `choose` takes, and share its items out among the members.

    Args:
        cursor: on `flags` with its snapshot attached. policy: the pack those flags were made with.

    Returns:
        the list's number, "2026-001": fiscal year and the next number of it.

    Raises:
        Problem: no title, nothing to put on it, more than ITEMS, no members; or somebody decided on an item meanwhile.
    """
    if not title.strip():
        raise Problem("committee.no_title")
    if not members:
        raise Problem("committee.no_members")
    found = choose(cursor, store, chosen, source, person).filter(pl.col("left_out").is_null())
    if found.is_empty():
        raise Problem("committee.nothing")
    if len(found) > ITEMS:
        raise Problem("committee.too_many", n=f"{len(found):,}", most=f"{ITEMS:,}")
    items = found["item_id"].to_list()
    known = evidence.of_items(cursor, policy, items).rows_by_key("item_id", named=True, unique=True)
    operating = {name: policy.parameters[name] for name in OPERATING}
    shares = readers(len(items), [member.id for member in members], int(operating["受け持つ委員の数"]))
    judged = overview.judging(cursor)
    details = {
        "title": title.strip(), "filter": {"words": candidates.describe(policy, chosen), "query": candidates.to_query(chosen)},
        "source": source, "policy": judged["policy"], "policy_hash": judged["policy_hash"],
        "as_of": judged["as_of"].isoformat(), "snapshot": judged["snapshot"], "flags": flags.name,
        "flags_seq": judged["ledger_seq"],
        "ledger_seq": decisions.attach(cursor, store), "operating": operating, "items": len(items),
        "members": [{"id": member.id, "name": member.name} for member in members],
        "sha256": hashlib.sha256(reproduce.bytes_of(cursor, policy, items)).hexdigest(),
    }  # fmt: skip
    with ledger.writing(store) as connection:
        _refuse_what_changed(connection, found)
        list_no = _next_number(connection)
        entries = [
            Event("enter", item, item_id=item, list_no=list_no, clause=clause, evidence=known[item]["told"],
                  details={"readers": share})
            for (item, clause), share in zip(found.select("item_id", "clause").iter_rows(), shares, strict=True)
        ]  # fmt: skip
        append(connection, person, [Event("draft", list_no, list_no=list_no, details=details), *entries])
    return list_no


def readers(items: int, members: list[str], each: int) -> list[list[str]]:
    """Who reads each of the items, which stand in the order of their classes: everybody a run of neighbouring ones.

    Every item gets `each` members, or all when there are fewer; no two members differ by more than one item.
    """
    count = len(members)
    shares = []
    for block in range(count):
        size = (block + 1) * items // count - block * items // count
        shares += [[members[(block + step) % count] for step in range(min(each, count))]] * size
    return shares


def _refuse_what_changed(connection: sqlite3.Connection, found: pl.DataFrame) -> None:
    for aspect in ("tag", "entry", "road"):
        latest = ledger.latest(connection, aspect, found["item_id"].to_list())
        now = {item: row["state"] for item, row in latest.items()}
        changed = [item for item, state in found.select("item_id", aspect).iter_rows() if now.get(item) != state]
        if changed:
            raise Problem("committee.changed", n=len(changed), first=changed[0])


def _next_number(connection: sqlite3.Connection) -> str:
    year = str(years.of(date.today()))
    [last] = connection.execute(sql("queries/committee_number"), {"year": year}).fetchone()
    return f"{year}-{last + 1:03d}"


# ── on its way


def submit(store: Path, person: Person, list_no: str) -> None:
    """Hand a draft to the committee; what an earlier vote resolved is open again. Raises Problem when it is empty."""
    with ledger.writing(store) as connection:
        agenda.need_state(connection, list_no, "drafted")
        rows = agenda.rows_of(connection, list_no)
        if not rows:
            raise Problem("committee.empty", list_no=list_no)
        again = [
            Event("enter", row["item_id"], follows=row["seq"], item_id=row["item_id"], list_no=list_no,
                  clause=row["clause"], evidence=row["told"], details={"readers": json.loads(row["readers"])})
            for row in rows
            if row["state"] != "entered"
        ]  # fmt: skip
        append(connection, person, [*again, Event("submit", list_no, list_no=list_no)])


def recall(store: Path, person: Person, list_no: str, reason: str) -> None:
    """Take a list back from the committee to mend it; the votes given so far stay."""
    _need_reason(reason)
    with ledger.writing(store) as connection:
        agenda.need_state(connection, list_no, "in_review")
        append(connection, person, [Event("recall", list_no, list_no=list_no, reason=reason.strip())])


def leave(store: Path, person: Person, list_no: str, items: list[str] | None, reason: str) -> None:
    """Take items off a draft, or with items=None the whole draft back.

    Raises:
        Problem: no reason, the list is no draft, or an item is not on it.
    """
    _need_reason(reason)
    with ledger.writing(store) as connection:
        agenda.need_state(connection, list_no, "drafted")
        rows = {row["item_id"]: row for row in agenda.rows_of(connection, list_no)}
        missing = [item for item in items or () if item not in rows]
        if missing:
            raise Problem("committee.not_on_list", item=missing[0], list_no=list_no)
        events = [
            Event("leave", item, follows=rows[item]["seq"], item_id=item, list_no=list_no, reason=reason.strip())
            for item in (rows if items is None else items)
        ]
        if items is None:
            events.append(Event("take_back", list_no, list_no=list_no, reason=reason.strip()))
        append(connection, person, events)


def vote(store: Path, person: Person, list_no: str, votes: dict[str, tuple[str, str]]) -> int:
    """Give a member's own votes on items of a list in review: item → (withdraw, keep or hold; comment).

    A vote may be changed until the list is closed; every one is kept. What says the same as before is not written.

    Returns:
        how many votes were written.

    Raises:
        Problem: the list is not in review, an item is not on it, or the person is no member.
    """
    with ledger.writing(store) as connection:
        agenda.need_state(connection, list_no, "in_review")
        rows = {row["item_id"]: row for row in agenda.rows_of(connection, list_no)}
        now = {
            row["item_id"]: (row["choice"], row["comment"])
            for row in connection.execute(sql("queries/committee_votes"), {"list_no": list_no})
            if row["person"] == person.id
        }
        events = []
        for item, (choice, comment) in votes.items():
            if item not in rows:
                raise Problem("committee.not_on_list", item=item, list_no=list_no)
            if now.get(item) != (choice, comment.strip()):
                events.append(
                    Event("vote", f"{list_no}/{item}/{person.id}", choice, item_id=item, list_no=list_no,
                          clause=rows[item]["clause"], reason=comment.strip() or None)
                )  # fmt: skip
        append(connection, person, events)
    return len(events)


# ── the outcome


def outcomes(
    entries: pl.DataFrame, votes: pl.DataFrame, members: int, operating: dict, choices: tuple[str, str, str] = steps.VOTES
) -> pl.DataFrame:  # fmt: skip
    """What the votes make of each item.

    除籍 when more than 委員会の賛成割合 of the votes given on the item say so and at least 受け持つ委員の数 of them were given
    (all members when they are fewer); 残す likewise; otherwise, and when both would hold, 保留.

    Args:
        entries: has item_id. votes: item_id and choice, one row for each member's present vote.
        choices: what stands for 除籍, 残す and 保留 in other votes.

    Returns:
        item_id, how many votes each of the choices has (withdraw, keep, hold), cast (votes), outcome; in the order of entries.
    """
    needed, share = min(int(operating["受け持つ委員の数"]), members), operating["委員会の賛成割合"]
    counts = votes.group_by("item_id").agg((pl.col("choice") == choice).sum().alias(choice) for choice in choices)
    told = (
        entries.select("item_id")
        .join(counts, on="item_id", how="left", maintain_order="left")
        .with_columns(pl.col(choices).fill_null(0).cast(pl.Int64))
        .with_columns(cast=pl.sum_horizontal(choices))
    )
    first, second, otherwise = choices
    enough = (pl.col("cast") >= needed) & (pl.col("cast") > 0)
    leave, stay = (enough & (pl.col(choice) > share * pl.col("cast")) for choice in (first, second))
    outcome = pl.when(leave & ~stay).then(pl.lit(first)).when(stay & ~leave).then(pl.lit(second))
    return told.with_columns(outcome=outcome.otherwise(pl.lit(otherwise)))


def attendance(votes: pl.DataFrame, members: list[Person], operating: dict) -> dict:
    """Who of the members voted at least once: present and absent (id and name), members, voted, needed (for a quorum)."""
    voted = set(votes["person"])
    present = [{"id": member.id, "name": member.name} for member in members if member.id in voted]
    absent = [{"id": member.id, "name": member.name} for member in members if member.id not in voted]
    needed = max(1, math.ceil(operating["委員会の定足数"] * len(members)))
    return {
        "present": present, "absent": absent, "members": len(members), "voted": len(present), "needed": needed,
    }  # fmt: skip


def close(store: Path, person: Person, list_no: str, members: list[Person]) -> dict:
    """End the vote: each item's outcome with its tally, and the list's, in one step. What its items rest on stays.

    Returns:
        what was written with it: `attendance`, and `counts` (outcome → items).

    Raises:
        Problem: the list is not in review, or there is no quorum: it says how many members are missing.
    """
    with ledger.writing(store) as connection:
        agenda.need_state(connection, list_no, "in_review")
        rows = agenda.rows_of(connection, list_no)
        cast = agenda.cast(connection, list_no)
        operating = agenda.read(connection, list_no).operating
        there = attendance(cast, members, operating)
        if there["voted"] < there["needed"]:
            missing = there["needed"] - there["voted"]
            raise Problem("committee.no_quorum", missing=missing, needed=there["needed"], voted=there["voted"])
        found = outcomes(pl.DataFrame({"item_id": [row["item_id"] for row in rows]}), cast, len(members), operating)
        counts = {choice: int((found["outcome"] == choice).sum()) for choice in steps.VOTES}
        events = [
            Event("resolve", row["item_id"], said["outcome"], row["seq"], row["item_id"], list_no, row["clause"],
                  details={"readers": json.loads(row["readers"]), "tally": {choice: said[choice] for choice in steps.VOTES}},
                  evidence=row["told"])
            for row, said in zip(rows, found.iter_rows(named=True), strict=True)
        ]  # fmt: skip
        closing = {**there, "counts": counts}
        append(connection, person, [*events, Event("close", list_no, list_no=list_no, details=closing)])
    return closing


def split(found: pl.DataFrame) -> pl.Expr:
    """Whether the votes on an item of `outcomes` are divided."""
    return sum((pl.col(choice) > 0).cast(pl.Int8) for choice in steps.VOTES) > 1


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Problem("committee.no_reason")

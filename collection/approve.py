"""決裁: the 課長 approves what the committee resolved to withdraw, and its road begins.

Checked and written in one transaction: whatever was approved, tagged or listed meanwhile counts. An item whose
survivor is leaving, or on which the withdrawal of another rests, is refused by name; the others are approved.
"""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from collection import criteria, decisions, evidence, fairness, ledger
from collection.ledger import Event, append
from collection.policy import Policy, pieces
from collection.policy.duck import quoted
from collection.roles import Person, require
from collection.steps import ROUTES, word
from collection.store.connection import connect_flags, sql
from collection.words import Problem, code, say

PROMISED = {"item_id": pl.String, "survivor": pl.String, "kind": pl.String}


@dataclass(frozen=True)
class Approved:
    """What became of a batch: item numbers approved, (item, title, why) of each refused, and whether the list is closed."""

    approved: list[str]
    refused: list[tuple[str, str | None, str]]
    closed: bool


def pending(store: Path, list_no: str) -> pl.DataFrame:
    """What the committee resolved to withdraw in a list and nobody has approved or refused yet: rows of `Decided.items`."""
    now = decisions.decided(store).items
    on_road = pl.col("road").is_not_null() & (pl.col("road") != "readmitted")
    return now.filter((pl.col("list_no") == list_no) & (pl.col("entry") == "withdraw") & ~on_road)


def may_not(store: Path, person: Person, list_no: str) -> bool:
    """Whether the person drafted the list, put an item on it or tagged one of its items: 起案者 ≠ 決裁者."""
    with ledger.reading(store) as connection:
        return _drafted(connection, person, list_no)


def check(store: Path, flags: Path, policy: Policy, list_no: str) -> pl.DataFrame:
    """What approval would find now, one row a pending item: title, clause, route, refused, survivor … (approve_check.sql)."""
    batch = pending(store, list_no)
    with connect_flags(flags) as cursor, ledger.reading(store) as connection:
        near = _near(cursor, policy, batch, _promised(connection, policy))
        return _check(cursor, connection, store, policy, batch, near)


def approve(
    store: Path, flags: Path, policy: Policy, person: Person, list_no: str, items: list[str] | None = None
) -> Approved:
    """Approve the withdrawal of a list's pending items, or of those named.

    The list is closed (決裁済) when none of its items is pending any more.

    Raises:
        Problem: the role does not allow it; the person drafted the list; the list does not await approval; a
            concentration in it was not answered; an item named is not pending; nothing is pending.
    """
    require(person, "approve")
    first = _chosen(store, list_no, items)
    with connect_flags(flags) as cursor:
        if unanswered := fairness.unanswered(cursor, store, list_no):
            raise Problem("road.unanswered", n=len(unanswered), list_no=list_no)
        known = evidence.of_items(cursor, policy, first["item_id"].to_list())
        told = dict(known.select("item_id", "told").iter_rows())
        with ledger.reading(store) as connection:
            promised = _promised(connection, policy)
        near = _near(cursor, policy, first, promised)  # before the turn to write: it takes longest and cannot change
        with ledger.writing(store) as connection:
            _need(connection, person, list_no)
            batch = _chosen(store, list_no, items).filter(pl.col("item_id").is_in(first["item_id"].implode()))
            found = _check(cursor, connection, store, policy, batch, near)
            entries = ledger.latest(connection, "entry", batch["item_id"].to_list())
            refused = [(row, why_refused(row)) for row in found.iter_rows(named=True) if row["refused"]]
            passed = [row for row in found.iter_rows(named=True) if not row["refused"]]
            events = [_approval(policy, row, list_no, told.get(row["item_id"])) for row in passed]
            events += [_refusal(entries[row["item_id"]], row["clause"], why, row["refused"]) for row, why in refused]
            closed = len(pending(store, list_no)) == len(batch)
            if closed:
                events.append(Event("decide", list_no, "decided", list_no=list_no))
            append(connection, person, events)
    return Approved(
        [row["item_id"] for row in passed], [(row["item_id"], row["title"], why) for row, why in refused], closed
    )


def finish(store: Path, person: Person, list_no: str, reason: str) -> int:
    """Close a list without approving the rest of it, which is refused with the reason; returns how many items that is.

    Raises:
        Problem: as `approve`; or there is no reason.
    """
    if not reason.strip():
        raise Problem("road.need_reason")
    with ledger.writing(store) as connection:
        _need(connection, person, list_no)
        entries = ledger.latest(connection, "entry", pending(store, list_no)["item_id"].to_list())
        events = [_refusal(row, row["clause"], reason.strip(), "person") for row in entries.values()]
        append(
            connection, person, [*events, Event("decide", list_no, "decided", list_no=list_no, reason=reason.strip())]
        )
    return len(events)


def send_back(store: Path, person: Person, list_no: str, reason: str) -> None:
    """Give a list back to who drafted it (差し戻し).

    Raises:
        Problem: as `finish`; or a part of it is approved already.
    """
    if not reason.strip():
        raise Problem("road.need_reason")
    with ledger.writing(store) as connection:
        _need(connection, person, list_no)
        on_road = decisions.decided(store).items.filter(
            (pl.col("road_list") == list_no) & (pl.col("road") != "readmitted")
        )
        if len(on_road):
            raise Problem("road.partly_approved", list_no=list_no, n=len(on_road))
        append(connection, person, [Event("send_back", list_no, list_no=list_no, reason=reason.strip())])


def why_refused(row: dict) -> str:
    """The reason of a refusal in words, from a row of `check`."""
    if row["refused"] == "survivor_lost":
        fate = say(f"road.fate_{row['fate']}")
        return say("road.refused_survivor_lost", item=row["named"], branch=row["named_branch"], fate=fate)
    return say(f"road.refused_{row['refused']}", item=row["promised_to"] or "", name=row["named_collection"] or "")


def _chosen(store: Path, list_no: str, items: list[str] | None) -> pl.DataFrame:
    batch = pending(store, list_no)
    if items is not None:
        other = sorted(set(items) - set(batch["item_id"]))
        if other:
            raise Problem("road.not_pending", n=len(other), item=other[0], list_no=list_no)
        batch = batch.filter(pl.col("item_id").is_in(items))
    if batch.is_empty():
        raise Problem("road.nothing_pending", list_no=list_no)
    return batch


def _need(connection, person: Person, list_no: str) -> None:
    """The list awaits approval, and by somebody else than who drafted it."""
    require(person, "approve")
    latest = ledger.latest(connection, "list", [list_no]).get(list_no)
    if latest is None or latest["state"] != "resolved":
        state = word("list", latest["state"] if latest else None)
        raise Problem("road.list_not_resolved", list_no=list_no, state=state)
    if _drafted(connection, person, list_no):
        raise Problem("road.own_list", list_no=list_no, name=person.name)


def _drafted(connection, person: Person, list_no: str) -> bool:
    drafters = connection.execute(sql("queries/approve_drafters"), {"list_no": list_no})
    return person.id in {row["person"] for row in drafters}


def _promised(connection, policy: Policy) -> pl.DataFrame:
    """What was named as staying for each item on the road: item_id, survivor, kind."""
    rows = connection.execute(sql("queries/approve_promised"), {"needing": json.dumps(criteria.needing(policy))})
    return pl.DataFrame([tuple(row) for row in rows], schema=PROMISED, orient="row")


def _with(cursor: duckdb.DuckDBPyConnection, query: str, values: dict, **tables: pl.DataFrame) -> pl.DataFrame:
    for name, table in tables.items():
        cursor.register(name, table)
    found = cursor.sql(query, params=values).pl()
    for name in tables:
        cursor.unregister(name)
    return found


def _clauses(batch: pl.DataFrame) -> pl.DataFrame:
    return batch.select("item_id", named_collection="named", clause=pl.coalesce("entry_clause", "tag_clause"))


def _near(
    cursor: duckdb.DuckDBPyConnection, policy: Policy, batch: pl.DataFrame, promised: pl.DataFrame
) -> pl.DataFrame:
    query = sql("queries/approve_near").format(told=sql("views/told"), route=_route(policy))
    return _with(cursor, query, {}, batch=_clauses(batch), promised=promised)


def _check(
    cursor: duckdb.DuckDBPyConnection, connection, store: Path, policy: Policy, batch: pl.DataFrame, near: pl.DataFrame
) -> pl.DataFrame:
    asked = pl.col("item_id").is_in(batch["item_id"].implode())
    away = decisions.decided(store).items.filter(decisions.leaving() | asked).select(
        "item_id",
        why=pl.when(asked).then(pl.lit("batch"))
        .when(pl.col("road").is_not_null() & (pl.col("road") != "readmitted")).then(pl.lit("approved"))
        .when(pl.col("entry").is_in(["entered", "withdraw"]) & (pl.col("list_state") != "decided")).then(pl.lit("listed"))
        .otherwise(pl.lit("tagged")),
    )  # fmt: skip
    return _with(
        cursor, sql("queries/approve_check"), {"needing": criteria.needing(policy), "lent": criteria.lent(policy)}, near=near,
        batch=_clauses(batch), away=away, promised=_promised(connection, policy),
    )  # fmt: skip


def _route(policy: Policy) -> str:
    """SQL of the route of an item of `told` under `clause`: the flags' own, else that of the clause's rule."""
    by_rule = " ".join(
        f"WHEN clause = {quoted(rule.clause)} THEN {pieces.route_sql(policy, rule)}" for rule in criteria.rules(policy)
    )
    return f"CASE WHEN clause = criterion AND route IS NOT NULL THEN route {by_rule} END"


def _refusal(entry: sqlite3.Row, clause: str | None, why: str, kind: str) -> Event:
    details = {**json.loads(entry["details"]), "why": kind}
    return Event(
        "refuse", entry["subject"], None, entry["seq"], entry["subject"], entry["list_no"], clause, why, details
    )  # fmt: skip


def _approval(policy: Policy, row: dict, list_no: str, told: str | None) -> Event:
    """The first step of the road; it notes the clauses that the steps after it rest on."""
    details = {name: row[name] for name in ("route", "survivor", "survivor_kind") if row[name]}
    details |= {"criterion": row["clause"], "rests_on": criteria.governing(policy, row["clause"])}
    return Event(
        "approve", row["item_id"], ROUTES[row["route"]], None, row["item_id"], list_no, row["clause"], None, details,
        _with_survivor(told, row),
    )  # fmt: skip


def _with_survivor(told: str | None, row: dict) -> str | None:
    """The evidence with the item that stays, where it is another than the flags named."""
    if told is None or row["survivor"] is None:
        return told
    known = json.loads(told)
    if known["survivor_item_id"] == row["survivor"]:
        return told
    known |= {f"survivor_{name}": row[column] for name, column in
              (("item_id", "survivor"), ("branch", "survivor_branch"), ("kind", "survivor_kind"))}  # fmt: skip
    known["reason"] = say("road.other_survivor", reason=known["reason"] or "", item=row["survivor"],
                          branch=row["survivor_branch"], kind=code("survivor", row["survivor_kind"]))  # fmt: skip
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))

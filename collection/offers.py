"""管理換照会: what schools and other city bodies are offered, claim, and get.

An offer has a number and a reply date. Until then a partner sees what is offered, and nothing else of the collection.
Afterwards every item goes to the claimant who has received fewest so far, then to the earliest; a librarian may
decide otherwise with a reason. What nobody claims goes on to 無償譲渡.
"""

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, ledger, road, years
from collection.ledger import Event, append
from collection.policy import Policy
from collection.roles import Person, require
from collection.store.connection import sql
from collection.words import Problem

CLAIMS = {"item_id": pl.String, "partner": pl.String, "offer": pl.String, "at": pl.String, "seq": pl.Int64}
PROPOSED = {
    "item_id": pl.String,
    "proposed": pl.String,
    "by": pl.String,
    "received": pl.Int64,
    "claims": pl.List(pl.String),
}


def partners(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """partner_id, name, kind, wants_ndc, wants_audience, capacity of the newest snapshot."""
    return cursor.sql(sql("queries/road_partners")).pl()


def reply_day(policy: Policy, today: date) -> date:
    """The usual reply date of an offer made today: the operating value 照会の回答日数."""
    return today + timedelta(days=policy.parameters["照会の回答日数"])


def offer(
    store: Path, person: Person, seen: dict[str, int], reply_by: date, reason: str | None = None, on: date | None = None
) -> str:
    """Offer items to all partners until a day; returns the number of the offer (2026-照会-03).

    Raises:
        Problem: the reply date is before the offer, or as road.step. MovedOn: as road.step.
    """
    day = on or date.today()
    if reply_by < day:
        raise Problem("road.reply_before", reply_by=reply_by.isoformat(), day=day.isoformat())
    with ledger.writing(store) as connection:
        number = road.number(connection, "offer", "offer", f"{years.of(day)}-照会-")
        details = {"offer": number, "reply_by": reply_by.isoformat()}
        append(connection, person, road.next_steps(connection, "offer", seen, reason, details), on)
    return number


def shown(cursor: duckdb.DuckDBPyConnection, store: Path, person: Person, today: date | None = None) -> pl.DataFrame:
    """What the person's partner is offered today: columns of offers_shown.sql. Raises Problem without a partner."""
    wants = partner_of(cursor, person)
    with ledger.reading(store) as connection:
        own = _claims(connection, person.partner)
    decisions.attach(cursor, store)
    cursor.register("claimed", own)
    found = cursor.sql(
        sql("queries/offers_shown"),
        params={
            "today": (today or date.today()).isoformat(),
            "classes": _parts(wants["wants_ndc"]),
            "audiences": _parts(wants["wants_audience"]),
        },
    ).pl()
    cursor.unregister("claimed")
    return found


def received(cursor: duckdb.DuckDBPyConnection, store: Path, person: Person) -> pl.DataFrame:
    """What was decided for or handed over to the person's partner: columns of road_items.sql."""
    partner_of(cursor, person)
    return road.items(cursor, store, ("assigned", "transferred")).filter(pl.col("partner") == person.partner)


def room(cursor: duckdb.DuckDBPyConnection, store: Path, person: Person) -> int | None:
    """How many more items the person's partner can claim: its capacity less claims and what waits for it; None: no limit."""
    capacity = partner_of(cursor, person)["capacity"]
    with ledger.reading(store) as connection:
        return _room(connection, store, person.partner, capacity)


def claim(
    cursor: duckdb.DuckDBPyConnection, store: Path, person: Person, items: list[str], today: date | None = None
) -> int:
    """Claim items for the person's own partner; returns how many.

    Raises:
        Problem: the account belongs to no partner; an item is not on offer any more; there is no room for so many.
    """
    capacity = partner_of(cursor, person)["capacity"]
    with ledger.writing(store) as connection:
        offers = _on_offer(store, items, today or date.today())
        room = _room(connection, store, person.partner, capacity)
        if room is not None and len(items) > room:
            raise Problem("road.no_room", capacity=capacity, room=max(room, 0))
        last = ledger.latest(connection, "claim", [f"{item}/{person.partner}" for item in items])
        rests_on = _clauses(connection, "claim", items)
        events = []
        for item in items:
            subject = f"{item}/{person.partner}"
            if subject in last and last[subject]["state"] == "claimed":
                if json.loads(last[subject]["details"]).get("offer") == offers[item]:
                    continue  # a colleague was first; the claim keeps its place
                events.append(Event("unclaim", subject, item_id=item))  # of an offer that was taken back
            details = {"offer": offers[item], "partner": person.partner}
            events.append(Event("claim", subject, item_id=item, clause=rests_on[item], details=details))
        append(connection, person, events)
    return len(items)


def unclaim(
    cursor: duckdb.DuckDBPyConnection, store: Path, person: Person, items: list[str], today: date | None = None
) -> int:
    """Withdraw claims of the person's own partner; returns how many. Raises Problem as `claim`."""
    partner_of(cursor, person)
    with ledger.writing(store) as connection:
        _on_offer(store, items, today or date.today())
        rests_on = _clauses(connection, "unclaim", items)
        append(connection, person, [
            Event("unclaim", f"{item}/{person.partner}", item_id=item, clause=rests_on[item]) for item in items
        ])  # fmt: skip
    return len(items)


def offers(cursor: duckdb.DuckDBPyConnection, store: Path) -> pl.DataFrame:
    """The offers that are open, the oldest first: offer, reply_by, items, claimed (how many of them somebody wants)."""
    found = road.items(cursor, store, ("offered",))
    with ledger.reading(store) as connection:
        wanted = _claims(connection).select("item_id", "offer").unique().with_columns(wanted=True)
    return (
        found.join(wanted, on=["item_id", "offer"], how="left")
        .group_by("offer", "reply_by")
        .agg(items=pl.len(), claimed=pl.col("wanted").sum())
        .sort("offer")
    )


def choose(
    claims: list[tuple[str, str]], so_far: dict[str, int], room: dict[str, int | None]
) -> dict[str, tuple[str | None, str, int]]:
    """Who gets each claimed item: fewest received so far, those of this settlement counted; then the earliest claim.

    Args:
        claims: (item, partner), the earliest first; items are taken in the order of their first claim.
        so_far: partner → items received. room: partner → how many more it can take; None: no limit.

    Returns:
        item → (partner or None when no claimant has room, why: only fewest earliest full, what the partner had received).
    """
    so_far, taken, wanted = dict(so_far), {}, {}
    for item, partner in claims:
        wanted.setdefault(item, []).append(partner)
    chosen = {}
    for item, claimants in wanted.items():
        able = [each for each in claimants if room.get(each) is None or taken.get(each, 0) < room[each]]
        if not able:
            chosen[item] = None, "full", 0
            continue
        counts = [so_far.get(each, 0) for each in able]
        partner = able[counts.index(min(counts))]
        tied = counts.count(min(counts)) > 1
        chosen[item] = partner, "only" if len(able) == 1 else "earliest" if tied else "fewest", min(counts)
        so_far[partner] = min(counts) + 1
        taken[partner] = taken.get(partner, 0) + 1
    return chosen


def proposals(cursor: duckdb.DuckDBPyConnection, store: Path, number: str) -> pl.DataFrame:
    """How an offer would be settled now: columns of road_items.sql, proposed, by, received, claims (partners, earliest first).

    What nobody claims has proposed and by NULL.
    """
    found = road.items(cursor, store, ("offered",)).filter(pl.col("offer") == number)
    listed = partners(cursor)
    with ledger.reading(store) as connection:
        said = _claims(connection).filter(
            (pl.col("offer") == number) & pl.col("item_id").is_in(found["item_id"].implode())
        )
    waiting = _counted(store, ("assigned",))
    limits = {
        partner: None if capacity is None else capacity - waiting.get(partner, 0)
        for partner, capacity in listed.select("partner_id", "capacity").iter_rows()
    }
    pairs = list(said.select("item_id", "partner").iter_rows())
    chosen = choose(pairs, _counted(store, ("assigned", "transferred")), limits)
    claimants = dict(said.group_by("item_id", maintain_order=True).agg("partner").iter_rows())
    rows = [(item, partner, by, had, claimants[item]) for item, (partner, by, had) in chosen.items()]
    return found.join(
        pl.DataFrame(rows, schema=PROPOSED, orient="row"), on="item_id", how="left", maintain_order="left"
    )


def settle(
    cursor: duckdb.DuckDBPyConnection,
    store: Path,
    person: Person,
    number: str,
    seen: pl.DataFrame,
    changed: dict[str, tuple[str | None, str]] | None = None,
    early: str = "",
    today: date | None = None,
) -> tuple[int, int]:
    """Settle an offer as proposed and as changed.

    Args:
        seen: the `proposals` that the person saw.
        changed: item → another claimant (None: nobody) and the reason.
        early: why it is settled before the reply date has passed.

    Returns:
        how many items have a receiver now, and how many go on to 無償譲渡.

    Raises:
        Problem: too early without a reason; a change without a reason, to somebody who did not claim, or beyond its
            capacity; the claims are no longer those that the person saw.
    """
    require(person, "assign")
    changed, today = changed or {}, today or date.today()
    with ledger.writing(store) as connection:
        found = proposals(cursor, store, number)
        columns = ["item_id", "road_seq", "proposed", "claims"]
        if found.is_empty() or not found.select(columns).equals(seen.select(columns)):
            raise Problem("road.claims_moved", offer=number)
        if found["reply_by"][0] >= today.isoformat() and not early.strip():
            raise Problem("road.too_early", offer=number, reply_by=found["reply_by"][0])
        names = dict(partners(cursor).select("partner_id", "name").iter_rows())
        given, left, each = {}, {}, {}
        for row in found.iter_rows(named=True):
            item, claims = row["item_id"], row["claims"] or []
            partner, reason = changed.get(item, (row["proposed"], ""))
            if partner != row["proposed"] and not reason.strip():
                raise Problem("road.change_needs_reason", item=item)
            if partner is not None and partner not in claims:
                raise Problem("road.not_a_claimant", item=item, partner=partner)
            by = row["by"] if partner == row["proposed"] else "person"
            own = {"claims": claims, "by": by}
            if partner:
                own |= {"partner": partner, "partner_name": names[partner]}
            each[item] = (reason or early), own | ({"early": early.strip()} if early.strip() else {})
            (given if partner else left)[item] = row["road_seq"]
        _need_room(cursor, store, [own["partner"] for _, own in each.values() if "partner" in own])
        for kind, items in (("assign", given), ("not_claimed", left)):
            if items:
                append(connection, person, road.next_steps(connection, kind, items, each=each))
    return len(given), len(left)


def _parts(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def partner_of(cursor: duckdb.DuckDBPyConnection, person: Person) -> dict:
    """The partner that the account belongs to, as the newest snapshot has it. Raises Problem without one."""
    require(person, "claim")
    found = partners(cursor).filter(pl.col("partner_id") == person.partner) if person.partner else None
    if found is None or found.is_empty():
        raise Problem("road.no_partner", name=person.name, partner=person.partner or "")
    return found.row(0, named=True)


def _claims(connection, partner: str | None = None) -> pl.DataFrame:
    rows = connection.execute(sql("queries/offers_claims"), {"partner": partner})
    return pl.DataFrame([tuple(row) for row in rows], schema=CLAIMS, orient="row")


def _counted(store: Path, states: tuple[str, ...]) -> dict[str, int]:
    """Partner → items at these steps."""
    found = decisions.decided(store).items.filter(pl.col("road").is_in(states) & pl.col("partner").is_not_null())
    return dict(found.group_by("partner").len().iter_rows())


def _on_offer(store: Path, items: list[str], today: date) -> dict[str, str]:
    """Item → its offer. Raises Problem when one is not on offer today."""
    if not items:
        raise Problem("road.nothing_chosen")
    now = decisions.decided(store).items.filter(
        (pl.col("road") == "offered") & (pl.col("reply_by") >= today.isoformat())
    )
    found = dict(now.filter(pl.col("item_id").is_in(items)).select("item_id", "offer").iter_rows())
    if len(found) < len(set(items)):
        raise Problem("road.not_on_offer", n=len(set(items)) - len(found))
    return found


def _clauses(connection, kind: str, items: list[str]) -> dict[str, str | None]:
    """Item → the clause that a step with it rests on."""
    found = ledger.latest(connection, "road", items)
    return {item: road.clause(kind, json.loads(row["details"])) for item, row in found.items()}


def _room(connection, store: Path, partner: str, capacity: int | None) -> int | None:
    if capacity is None:
        return None
    open_now = decisions.decided(store).items.filter(pl.col("road") == "offered").select("item_id", "offer")
    standing = _claims(connection, partner).join(open_now, on=["item_id", "offer"], how="semi")
    return capacity - len(standing) - _counted(store, ("assigned",)).get(partner, 0)


def _need_room(cursor: duckdb.DuckDBPyConnection, store: Path, receivers: list[str]) -> None:
    waiting = _counted(store, ("assigned",))
    for partner, name, capacity in partners(cursor).select("partner_id", "name", "capacity").iter_rows():
        wanted = receivers.count(partner)
        if wanted and capacity is not None and wanted + waiting.get(partner, 0) > capacity:
            raise Problem("road.over_capacity", name=name, capacity=capacity, n=wanted + waiting.get(partner, 0))

"""People deciding: how long one tag takes, and twenty of them at once on one ledger for a while, with what must hold.

The sessions call the verbs that the screens call. Librarians tag out of one pool and get in each other's way, members
vote, two managers approve lists of which one holds the survivors of the other, three accounts of two schools claim the same items.
"""

import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles
from threading import Event as Signal
from threading import Thread

from collection import approve, committee, ledger, offers, tagging
from collection.ledger import Event, MovedOn, append
from collection.policy import Policy
from collection.roles import Person
from collection.store.connection import connect_flags
from collection.words import Problem

LIBRARIANS = [Person(f"lib{n}", f"司書{n}", frozenset({"librarian"})) for n in range(10)]
MEMBERS = [Person(f"iin{n}", f"委員{n}", frozenset({"committee"})) for n in range(5)]
MANAGERS = [Person(f"kacho{n}", f"課長{n}", frozenset({"manager"})) for n in range(2)]
SCHOOLS = [Person(f"school{n}", f"学校{n}", frozenset({"partner"}), None, f"P00{1 + n // 2}") for n in range(3)]
ALL = Person("all", "全員", frozenset({"librarian", "committee", "manager"}))
POOL, VOTED, OFFERED, BATCH = 400, 200, 200, 3
REASON = "現物を見て決めた"


@dataclass
class Heard:
    """What the sessions were told: by verb how long each call took, what was acknowledged, how many were refused."""

    since: int  # the last event before they began
    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {name: [] for name in ("tag", "vote", "approve", "claim")}
    )
    tags: list[tuple[str, str, str]] = field(default_factory=list)  # person, item, state
    seen: set[tuple[str, str, int]] = field(
        default_factory=set
    )  # person, item, the tag of somebody else that was meant
    votes: dict[tuple[str, str], str] = field(default_factory=dict)  # person, item → choice acknowledged last
    voted: int = 0
    approved: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    claims: list[tuple[str, str]] = field(default_factory=list)  # item, partner
    in_the_way: Counter = field(default_factory=Counter)
    failures: list[BaseException] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    """A store, its newest flags, and what there is to decide: items to tag, to vote on, to claim, and lists to approve."""

    store: Path
    flags: Path
    policy: Policy
    tagged: list[str]
    voted: list[str]
    offered: list[str]
    lists: dict[str, list[str]]


def prepare(store: Path, flags: Path, policy: Policy) -> Work:
    """Lists and offers in a store whose ledger is empty."""
    query = (
        "SELECT item.item_id, survivor.item_id FROM judged JOIN facts_of_day.item AS item USING (item_no) "
        "JOIN facts_of_day.item AS survivor ON survivor.item_no = judged.survivor_item_no "
        "WHERE verdict = 'candidate' AND criterion = '8-2-2' ORDER BY hash(judged.item_no)"
    )
    with connect_flags(flags) as connection:
        pairs = connection.execute(query).fetchall()
    items = [item for item, _ in pairs]
    share = min(1.0, len(items) / (POOL + VOTED + OFFERED + 150))
    cut = [round(size * share) for size in (POOL, VOTED, OFFERED)]
    tagged, voted, offered, rest = (
        items[: cut[0]], items[cut[0] : sum(cut[:2])], items[sum(cut[:2]) : sum(cut)], pairs[sum(cut) :][:150]
    )  # fmt: skip
    leaving = [item for item, _ in rest]
    taken = {*items[: sum(cut)], *leaving}
    lists = {"2025-901": leaving, "2025-902": sorted({survivor for _, survivor in rest} - taken)}
    for number, members in lists.items():
        _resolved(store, number, members)
    _in_review(store, "2025-903", voted)
    with ledger.writing(store) as connection:
        details = {"criterion": "8-2-2"}
        events = [Event("approve", item, "to_offer", 0, item, clause="8-2-2", details=details) for item in offered]
        numbers = append(connection, ALL, events)
    offers.offer(store, ALL, dict(zip(offered, numbers, strict=True)), date.today() + timedelta(days=14))
    return Work(store, flags, policy, tagged, voted, offered, lists)


def _resolved(store: Path, number: str, items: list[str]) -> None:
    with ledger.writing(store) as connection:
        _draft(connection, number, items)
        resolve = [Event("resolve", item, "withdraw", item_id=item, list_no=number, clause="8-2-2") for item in items]
        append(connection, ALL, [*resolve, Event("close", number, list_no=number)])


def _in_review(store: Path, number: str, items: list[str]) -> None:
    with ledger.writing(store) as connection:
        _draft(connection, number, items)


def _draft(connection: sqlite3.Connection, number: str, items: list[str]) -> None:
    told = {
        "title": "測定", "source": "tagged", "operating": {"偏りの有意水準": 0.0, "偏りの最少冊数": 3}, "policy": "", "policy_hash": "",
        "as_of": "2025-04-01", "snapshot": "", "flags": "", "items": len(items), "members": [], "filter": {"words": "", "query": {}},
    }  # fmt: skip
    everybody = [member.id for member in MEMBERS]
    enter = [
        Event("enter", item, item_id=item, list_no=number, clause="8-2-2", details={"readers": everybody})
        for item in items
    ]
    append(
        connection,
        ALL,
        [Event("draft", number, list_no=number, details=told), *enter, Event("submit", number, list_no=number)],
    )


# ── the sessions


def together(work: Work, seconds: float, pause: float) -> Heard:
    """Twenty sessions for so many seconds; each waits about `pause` seconds after what it did (managers fifteen times that)."""
    with ledger.reading(work.store) as connection:
        heard, over = Heard(ledger.last_seq(connection)), Signal()
    sessions = [
        *[(_tag, person, pause) for person in LIBRARIANS], *[(_vote, person, pause) for person in MEMBERS],
        *[(_approve, person, pause * 15) for person in MANAGERS], *[(_claim, person, pause) for person in SCHOOLS],
    ]  # fmt: skip
    threads = [
        Thread(target=_session, args=(act, work, heard, person, wait, over, random.Random(number)))
        for number, (act, person, wait) in enumerate(sessions)
    ]
    with connect_flags(work.flags):  # as the running app, which keeps them open
        for thread in threads:
            thread.start()
        over.wait(seconds)
        over.set()
        for thread in threads:
            thread.join()
    return heard


def _session(
    act: Callable, work: Work, heard: Heard, person: Person, wait: float, over: Signal, chance: random.Random
) -> None:
    name = act.__name__.removeprefix("_")
    over.wait(wait * chance.random())
    while not over.is_set():
        begun = time.perf_counter()
        try:
            act(work, heard, person, chance)
        except Problem:
            heard.in_the_way[name] += 1
        except BaseException as failure:
            heard.failures.append(failure)
            return
        heard.seconds[name].append(time.perf_counter() - begun)
        over.wait(wait * chance.uniform(0.5, 1.5))


def _tag(work: Work, heard: Heard, person: Person, chance: random.Random) -> None:
    """As at the shelf: a tag; where somebody else was first, now and then the tag is changed with open eyes."""
    item, state = chance.choice(work.tagged), chance.choice(("withdraw", "hold", "repair"))
    try:
        done = tagging.tag(work.store, work.flags, work.policy, person, [item], state, reason=REASON)
    except MovedOn as first:
        if chance.random() < 0.5:
            raise
        seq = first.rows[0]["seq"]
        heard.seen.add((person.id, item, seq))
        done = tagging.tag(work.store, work.flags, work.policy, person, [item], state, reason=REASON, seen={item: seq})
    heard.tags += [(person.id, each, state) for each in done.changed]


def _vote(work: Work, heard: Heard, person: Person, chance: random.Random) -> None:
    item, choice = chance.choice(work.voted), chance.choice(("withdraw", "keep", "hold"))
    heard.voted += committee.vote(work.store, person, "2025-903", {item: (choice, "")})
    heard.votes[person.id, item] = choice


def _approve(work: Work, heard: Heard, person: Person, chance: random.Random) -> None:
    number = chance.choice(list(work.lists))
    batch = chance.sample(work.lists[number], min(BATCH, len(work.lists[number])))
    found = approve.approve(work.store, work.flags, work.policy, person, number, batch)
    heard.approved += found.approved
    heard.refused += [item for item, _, _ in found.refused]


def _claim(work: Work, heard: Heard, person: Person, chance: random.Random) -> None:
    item = chance.choice(work.offered)
    with connect_flags(work.flags) as cursor:
        offers.claim(cursor, work.store, person, [item])
    heard.claims.append((item, person.partner))


# ── what must hold


def wrong(work: Work, heard: Heard) -> dict[str, int]:
    """How often something that must hold does not, by name; empty when all of it holds."""
    with ledger.reading(work.store) as connection:
        rows = connection.execute("SELECT * FROM event ORDER BY seq").fetchall()
    last: dict[tuple[str, str], sqlite3.Row] = {}
    counts = Counter(failed=len(heard.failures))
    tags, votes, claims, road = Counter(), {}, Counter(), {}
    for row in rows:
        chain = row["aspect"], row["subject"]
        before = last.get(chain)
        counts["chain broken"] += row["follows"] != (before["seq"] if before else 0)
        last[chain] = row
        if row["kind"] == "vote":
            votes[row["person"], row["item_id"]] = row["state"]
        elif row["kind"] == "claim":
            claims[row["subject"]] += 1
        if row["seq"] <= heard.since:
            continue
        if row["kind"] == "tag":
            tags[row["person"], row["item_id"], row["state"]] += 1
            other = before is not None and before["person"] != row["person"]
            counts["tag written over"] += other and (row["person"], row["item_id"], before["seq"]) not in heard.seen
        elif row["kind"] == "approve":
            counts["approved twice"] += row["item_id"] in road
            road[row["item_id"]] = row
    counts["tag lost"] = sum((Counter(heard.tags) - tags).values())
    counts["tag nobody set"] = sum((tags - Counter(heard.tags)).values())
    counts["vote lost"] = sum(votes.get(key) != choice for key, choice in heard.votes.items())
    counts["double claim"] = sum(count > 1 for count in claims.values())
    counts["claim lost"] = len({f"{item}/{partner}" for item, partner in heard.claims} - set(claims))
    counts["approval lost"] = len(set(heard.approved) - set(road))
    survivors = {json.loads(row["details"]).get("survivor") for row in road.values()} - {None}
    counts["survivor lost"] = len(survivors & set(road))
    return {name: count for name, count in counts.items() if count}


# ── one at a time


def alone(work: Work, count: int) -> tuple[list[float], list[float]]:
    """Seconds of single tags by one person, and of bare inserts into a SQLite file that sync as the ledger does, in turn."""
    ours, bare, person = [], [], LIBRARIANS[0]
    rival = sqlite3.connect(work.store / "bare.sqlite", isolation_level=None)
    with closing(rival), connect_flags(work.flags):
        rival.execute("PRAGMA journal_mode = WAL")
        rival.execute("PRAGMA synchronous = FULL")
        rival.execute("CREATE TABLE tag (item TEXT, state TEXT, person TEXT, at TEXT)")
        for number in range(count):
            item, state = work.tagged[number % len(work.tagged)], ("hold", "repair")[number // len(work.tagged) % 2]
            ours.append(_seconds(lambda item=item, state=state: tagging.tag(
                work.store, work.flags, work.policy, person, [item], state, reason=REASON)))  # fmt: skip
            bare.append(_seconds(lambda item=item, state=state: rival.execute(
                "INSERT INTO tag VALUES (?, ?, ?, datetime('now'))", [item, state, person.id])))  # fmt: skip
    return ours, bare


def appended(work: Work, seconds: float, threads: int = 20) -> float:
    """Acknowledged events a second of so many threads that append one event at a time, as fast as they can."""
    over, written = Signal(), [0] * threads

    def write(number: int) -> None:
        while not over.is_set():
            with ledger.writing(work.store) as connection:
                append(connection, ALL, [Event("miss", f"{number}/{written[number]}", item_id="0")])
            written[number] += 1

    running = [Thread(target=write, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in running:
        thread.join()
    return sum(written) / seconds


def share(seconds: list[float], percent: int) -> float:
    """The time in which so many per cent of the calls were done."""
    return quantiles(seconds, n=100, method="inclusive")[percent - 1] if len(seconds) > 1 else max(seconds, default=0.0)


def _seconds(call: Callable) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun

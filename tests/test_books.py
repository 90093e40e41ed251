"""The register, the history, the audit and the disclosure say what the ledger says, and nothing of a snapshot."""

import json
import sqlite3
from datetime import date, timedelta
from io import BytesIO
from random import Random

import polars as pl
import pytest
from pypdf import PdfReader

from collection import audit, books, disclosure, downloads, ledger, steps, words
from collection.books import Chosen
from collection.ledger import Event, append, undo
from collection.roles import Person
from collection.words import Problem
from tests.road_store import POLICY

LIBRARIAN = Person("yamada", "山田 花子", frozenset({"librarian"}))
MANAGER = Person("kacho", "佐藤 一郎", frozenset({"manager"}))
BEGIN = date(2023, 4, 1)
ALWAYS = Chosen(date(2000, 1, 1), date.today())


def told(item: str, **more) -> str:
    known = {
        "item_id": item, "title": f"書名{item}", "author": "著者", "branch": "北口図書館" if int(item) % 2 else "鳴尾図書館",
        "isbn": "9784000000017" if item == "1" else None, "audience": "general", "price": 1000 + int(item), "article": "資料収集管理要綱 第8条第2項第1号",
        "reason": "破損している", "pub_year": 1999, "criterion": "8-2-1", "policy": "p", "policy_hash": "h",
        "as_of": "2025-04-01", "snapshot": "s", "survivor_item_id": None,
    }  # fmt: skip
    return json.dumps(known | more, ensure_ascii=False)


def approve(item: str, state: str = "to_discard", list_no: str = "2024-001", **more) -> Event:
    clause = "8-2-3" if state == "to_strike" else "8-2-1"
    return Event("approve", item, state, item_id=item, list_no=list_no, clause=clause, evidence=told(item), **more)


def step(kind: str, item: str, state: str | None = None, **details) -> Event:
    return Event(kind, item, state, item_id=item, list_no="2024-001", clause="8-2-1", details=details)


def write(store, person, *events, on=None):
    with ledger.writing(store) as connection:
        return append(connection, person, list(events), on)


def take_back(store, item: str) -> None:
    with ledger.writing(store) as connection:
        undo(
            connection,
            MANAGER if latest(connection, item)["kind"] == "approve" else LIBRARIAN,
            [latest(connection, item)],
        )


def latest(connection, item: str):
    return ledger.latest(connection, "road", [item]).get(item)


def random_ledger(store, seed: int, items: int = 25, rounds: int = 14) -> None:
    """Approvals, steps, undone steps and readmissions of random items on random days that never run backwards."""
    rng = Random(seed)
    day = BEGIN
    for _ in range(rounds):
        day += timedelta(days=rng.randrange(0, 60))
        for item in map(str, rng.sample(range(items), 6)):
            with ledger.reading(store) as connection:
                row = latest(connection, item)
            state = row["state"] if row else None
            if row and state and state != "readmitted" and rng.random() < 0.2:
                if row["on_day"] <= date.today().isoformat() and not row["kind"].startswith("undo"):
                    take_back(store, item)
                continue
            if row and row["kind"].startswith("undo"):
                continue  # the undo counts for today: nothing earlier can follow it
            moves = steps.TRANSITIONS["road"][state]
            if not moves:
                continue
            kind = rng.choice(sorted(moves))
            person = MANAGER if kind == "approve" else LIBRARIAN
            to = rng.choice(moves[kind])
            event = approve(item, to) if kind == "approve" else step(kind, item, to, partner="S1")
            write(store, person, event, on=day)


def naive_roads(store) -> list[dict]:
    """Every road that was not taken back, told step by step in plain Python."""
    with ledger.reading(store) as connection:
        events = [dict(row) for row in connection.execute("SELECT * FROM event WHERE aspect = 'road' ORDER BY seq")]
    undone = {json.loads(e["details"])["undoes"] for e in events if e["kind"] == "undo_road"}
    roads: dict[str, list[dict]] = {}
    for event in events:
        if event["kind"] == "undo_road" or event["seq"] in undone:
            continue
        own = roads.setdefault(event["subject"], [])
        if event["kind"] == "approve":
            own.append(
                {
                    "item_id": event["subject"],
                    "decided_on": event["on_day"],
                    "ended_on": None,
                    "end": "pending",
                    "back_on": None,
                }
            )
        if event["state"] in steps.ENDS:
            own[-1] |= {"ended_on": event["on_day"], "end": event["state"]}
        if event["state"] == "readmitted":
            own[-1]["back_on"] = event["on_day"]
        own[-1]["now"] = event["state"]
    return [road for own in roads.values() for road in own]


@pytest.mark.parametrize("seed", range(6))
def test_the_register_is_what_the_events_tell(tmp_path, seed):
    random_ledger(tmp_path, seed)
    shown = books.register(tmp_path, ALWAYS)
    expected = pl.DataFrame(naive_roads(tmp_path), infer_schema_length=None)
    columns = ["item_id", "decided_on", "ended_on", "end", "back_on", "now"]
    assert shown.select(columns).sort(columns).rows() == expected.select(columns).sort(columns).rows()
    assert books.count(tmp_path, ALWAYS) == (len(shown), (shown["end"] == "pending").sum())
    pages = [books.register(tmp_path, ALWAYS, rows=4, skip=skip) for skip in range(0, len(shown) + 4, 4)]
    assert pl.concat(pages).rows() == shown.rows()
    year = books.of_year(2023)
    ended = [
        road for road in naive_roads(tmp_path) if road["ended_on"] and "2023-04-01" <= road["ended_on"] <= "2024-03-31"
    ]
    assert len(books.register(tmp_path, year)) == len(ended)
    for item in shown["item_id"].unique():
        own = books.register(tmp_path, ALWAYS, item_id=item)
        assert own.rows() == shown.filter(pl.col("item_id") == item).rows()


@pytest.fixture
def store(tmp_path):
    write(tmp_path, LIBRARIAN, Event("draft", "2024-001", list_no="2024-001", reason="春の点検"))
    write(tmp_path, MANAGER, approve("1"), approve("2", "to_strike"), approve("3", "to_offer"), on=date(2024, 5, 1))
    write(tmp_path, LIBRARIAN, step("discard", "1"), step("strike", "2"), on=date(2024, 6, 1))
    write(tmp_path, LIBRARIAN, step("readmit", "2"), on=date(2024, 7, 1))
    write(tmp_path, LIBRARIAN, Event("tag", "4", "keep", item_id="4", reason="山田 花子が棚で確認", evidence=told("4")))
    return tmp_path


def test_filters_narrow_the_register(store):
    def shown(**narrowed) -> set[str]:
        return set(books.register(store, Chosen(ALWAYS.first, ALWAYS.last, **narrowed))["item_id"])

    assert shown() == {"1", "2", "3"}
    assert shown(branch="鳴尾図書館") == {"2"}
    assert shown(clause="8-2-3") == {"2"}
    assert shown(end="pending") == {"3"}
    assert shown(person="kacho") == {"1", "2", "3"} and shown(person="yamada") == set()
    assert shown(text="書名3") == {"3"} == shown(text="３")
    assert shown(text="2024-001") == {"1", "2", "3"}
    assert shown(text="978-4-00-000001-7") == {"1"} and shown(text="978-4-00-000001-4") == set()
    assert books.choices(store, ALWAYS)["clause"] == {"8-2-1": "8-2-1", "8-2-3": "8-2-3"}
    assert books.choices(store, ALWAYS)["person"] == {"kacho": "佐藤 一郎"}


def test_an_item_on_its_way_is_not_in_the_register_of_a_closed_year(store):
    assert set(books.register(store, books.of_year(2024))["item_id"]) == {"1", "2"}


@pytest.mark.parametrize("asked", ["1", "書名1", "著者"])
def test_an_item_is_found_by_what_is_known_of_it(store, asked):
    assert "1" in books.find(store, asked)["item_id"]


def test_the_answer_says_why_and_when(store):
    known = books.answer(store, "2")
    said = "".join(books.sentences(known, POLICY))
    assert "2024-05-01" in said and "2024-06-01" in said and "2024-07-01" in said and "破損している" in said
    assert known.steps["action"].to_list() == [
        words.code("action", kind) for kind in ("draft", "approve", "strike", "readmit")
    ]
    assert books.sentences(books.answer(store, "4"), POLICY) == [words.say("books.answer_none")]
    assert books.answer(store, "99") is None


def test_without_a_ledger_the_books_are_empty(tmp_path):
    assert books.register(tmp_path, ALWAYS).is_empty()
    assert books.count(tmp_path, ALWAYS) == (0, 0)
    assert books.find(tmp_path, "1").is_empty() and books.answer(tmp_path, "1") is None
    assert not ledger.path(tmp_path).exists()


def test_the_disclosure_names_nobody(store):
    write(store, LIBRARIAN, Event("tag", "1", "hold", item_id="1", reason="佐藤さんと山田 花子に相談"))
    known, listed = disclosure.answer(store, MANAGER, "1"), disclosure.register(store, MANAGER, ALWAYS)
    assert set(listed["decided_by"]) == {"課長"}
    given = json.dumps([known.item, known.steps.rows(), known.roads.rows(), listed.rows()], ensure_ascii=False)
    given += "".join("".join(row) for row in downloads.step_rows(known, POLICY)[1])
    for name in ("山田", "花子", "佐藤", "一郎", "yamada", "kacho"):
        assert name not in given
    assert "■■さんと■■に相談" in given and "破損している" in given
    assert disclosure.texts(known.steps, "reason") == ["■■さんと■■に相談", "春の点検"]


@pytest.mark.parametrize("role", ["librarian", "committee", "partner"])
def test_only_some_may_disclose_or_audit(store, role):
    person = Person("x", "x", frozenset({role}))
    for refused in (
        lambda: disclosure.register(store, person, ALWAYS), lambda: disclosure.answer(store, person, "1"),
        lambda: audit.events(store, person, audit.Asked()), lambda: audit.doings(store, person, audit.Asked()),
    ):  # fmt: skip
        with pytest.raises(Problem):
            refused()


def test_the_audit_shows_every_event_once(store):
    everything = audit.events(store, MANAGER, audit.Asked())
    assert everything["seq"].to_list() == list(range(audit.count(store, audit.Asked()), 0, -1))
    pages = pl.concat([audit.events(store, MANAGER, audit.Asked(), rows=3, skip=skip) for skip in (0, 3, 6, 9)])
    assert pages.rows() == everything.rows()
    assert everything.filter(pl.col("item_id") == "1")["title"].unique().to_list() == ["書名1"]
    for name, value in {
        "person": "kacho",
        "role": "librarian",
        "kind": "approve",
        "list_no": "2024-001",
        "item_id": "1",
    }.items():
        asked = audit.Asked(**{name: value})
        expected = everything.filter((pl.col(name) == value) | ((name == "list_no") & (pl.col("subject") == value)))
        assert audit.events(store, MANAGER, asked).rows() == expected.rows()
        assert audit.count(store, asked) == len(expected) == audit.doings(store, MANAGER, asked)["events"].sum()
    assert audit.spoken(everything)["kind"][0] == words.code("action", everything["kind"][0])


def test_a_ledger_that_was_tampered_with_is_seen(store):
    assert audit.whole(store) == {"events": 8, "gaps": 0, "loose": 0, "lost": 0}
    with sqlite3.connect(ledger.path(store)) as connection:
        connection.execute("DROP TRIGGER event_stays")
        connection.execute("DELETE FROM event WHERE kind = 'discard'")
        connection.execute("DROP TRIGGER event_kept")
        connection.execute("UPDATE event SET follows = 1 WHERE kind = 'readmit'")
    connection.close()
    found = audit.whole(store)
    assert found["gaps"] == 1 and found["loose"] == 1
    assert audit.told(found) != audit.told({**found, "gaps": 0, "loose": 0})


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_the_register_becomes_a_file(store, kind):
    assert len(downloads.register(books.register(store, ALWAYS), kind, "図書館", "全期間", POLICY)) > 500
    assert downloads.register(books.register(store, books.of_year(2001)), kind, "図書館", "2001", None)


def test_the_answer_becomes_a_page(store):
    written = downloads.answer(books.answer(store, "1"), "図書館", POLICY, wording="条文のことば")
    page = PdfReader(BytesIO(written)).pages[0].extract_text().replace(" ", "")
    assert "書名1" in page and "条文のことば" in page and "2024-06-01" in page

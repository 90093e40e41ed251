"""The ledger keeps every decision: chains, refusals, undo, and no way to rewrite it."""

import json
import sqlite3
from datetime import date, timedelta

import pytest

from collection import ledger, steps, words
from collection.ledger import Event, MovedOn, append, undo
from collection.roles import ACTIONS, THE_PRODUCT, Person
from collection.store.connection import connect_ledger
from collection.words import Problem

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
MANAGER = Person("kacho", "課長 佐藤", frozenset({"manager"}))


def tag(item: str, state: str, **more) -> Event:
    return Event("tag", item, state, item_id=item, **more)


def states(store, aspect: str) -> dict[str, str]:
    with ledger.reading(store) as connection:
        rows = connection.execute("SELECT subject, state FROM present WHERE aspect = ?", [aspect])
        return {row["subject"]: row["state"] for row in rows}


def write(store, person, *events, on=None):
    with ledger.writing(store) as connection:
        return append(connection, person, list(events), on)


def test_the_latest_event_is_the_present_state(tmp_path):
    write(tmp_path, LIBRARIAN, tag("1", "withdraw"), tag("2", "hold"))
    write(tmp_path, LIBRARIAN, tag("1", "keep"), Event("untag", "2", item_id="2"))
    assert states(tmp_path, "tag") == {"1": "keep"}


def test_what_one_has_not_seen_is_not_written_over(tmp_path):
    [first] = write(tmp_path, LIBRARIAN, tag("1", "withdraw", follows=0))
    with pytest.raises(MovedOn) as refused:
        write(tmp_path, LIBRARIAN, tag("2", "keep", follows=0), tag("1", "keep", follows=0))
    assert "山田" in str(refused.value) and "除籍" in str(refused.value)
    assert states(tmp_path, "tag") == {"1": "withdraw"}
    write(tmp_path, LIBRARIAN, tag("1", "keep", follows=first))
    assert states(tmp_path, "tag") == {"1": "keep"}


def test_no_step_is_skipped(tmp_path):
    with pytest.raises(Problem, match="できません"):
        write(tmp_path, LIBRARIAN, Event("discard", "1", item_id="1"))
    write(tmp_path, MANAGER, Event("approve", "1", "to_discard", item_id="1"))
    with pytest.raises(Problem, match="廃棄待ち"):
        write(tmp_path, LIBRARIAN, Event("offer", "1", item_id="1"))
    write(tmp_path, LIBRARIAN, Event("discard", "1", item_id="1"))
    assert states(tmp_path, "road") == {"1": "discarded"}


def test_a_role_that_may_not_writes_nothing(tmp_path):
    with pytest.raises(Problem, match="課長の操作"):
        write(tmp_path, LIBRARIAN, tag("1", "keep"), Event("approve", "1", "to_offer"))
    assert states(tmp_path, "tag") == {}


def test_days_run_forward(tmp_path):
    today = date.today()
    write(tmp_path, MANAGER, Event("approve", "1", "to_discard"), on=today - timedelta(days=2))
    with pytest.raises(Problem, match="まだ来ていません"):
        write(tmp_path, LIBRARIAN, Event("discard", "1"), on=today + timedelta(days=1))
    with pytest.raises(Problem, match="前の段階"):
        write(tmp_path, LIBRARIAN, Event("discard", "1"), on=today - timedelta(days=3))
    write(tmp_path, LIBRARIAN, Event("discard", "1"), on=today - timedelta(days=1))


def latest(store, item, aspect="tag"):
    with ledger.reading(store) as connection:
        return ledger.latest(connection, aspect, [item])[item]


def take_back(store, person, item, aspect="tag"):
    row = latest(store, item, aspect)
    with ledger.writing(store) as connection:
        undo(connection, person, [row])


def test_undo_brings_back_what_was_before_and_can_go_on(tmp_path):
    write(tmp_path, LIBRARIAN, tag("1", "keep", details={"until": "2030-03-31"}, reason="郷土の参考"))
    write(tmp_path, LIBRARIAN, tag("1", "withdraw", clause="8-2-2"))
    take_back(tmp_path, LIBRARIAN, "1")
    row = latest(tmp_path, "1")
    assert row["state"] == "keep" and json.loads(row["details"])["until"] == "2030-03-31"
    take_back(tmp_path, LIBRARIAN, "1")
    assert states(tmp_path, "tag") == {}
    with pytest.raises(Problem, match="取り消せる操作がありません"):
        take_back(tmp_path, LIBRARIAN, "1")
    with ledger.reading(tmp_path) as connection:
        assert len(ledger.history(connection, "1")) == 4


def test_only_who_could_take_the_step_takes_it_back(tmp_path):
    write(tmp_path, MANAGER, Event("approve", "1", "to_offer", item_id="1"))
    with pytest.raises(Problem, match="課長の操作"):
        take_back(tmp_path, LIBRARIAN, "1", "road")
    take_back(tmp_path, MANAGER, "1", "road")
    assert states(tmp_path, "road") == {}


def test_the_engine_refuses_to_rewrite(tmp_path):
    write(tmp_path, LIBRARIAN, tag("1", "keep", evidence='{"title":"本"}'))
    with connect_ledger(ledger.path(tmp_path)) as connection:
        for statement in (
            "UPDATE event SET state = 'withdraw'", "DELETE FROM event", "UPDATE evidence SET told = ''",
            "DELETE FROM evidence", "INSERT INTO event SELECT NULL, at, on_day, person, name, role, aspect, subject, kind,"
            " state, 0, item_id, list_no, clause, reason, details, evidence FROM event",
        ):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_evidence_is_kept_once(tmp_path):
    write(tmp_path, LIBRARIAN, tag("1", "keep", evidence="{}"), tag("1", "hold", evidence="{}"))
    with ledger.reading(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM evidence").fetchone()[0] == 1
        assert [row["told"] for row in ledger.history(connection, "1")] == ["{}", "{}"]


def test_a_block_that_fails_leaves_nothing(tmp_path):
    def halfway():
        with ledger.writing(tmp_path) as connection:
            append(connection, LIBRARIAN, [tag("1", "keep")])
            append(connection, LIBRARIAN, [Event("discard", "1")])

    with pytest.raises(Problem, match="決裁前"):
        halfway()
    assert states(tmp_path, "tag") == {}


def test_a_ledger_of_a_newer_version_is_refused(tmp_path):
    write(tmp_path, LIBRARIAN, tag("1", "keep"))
    with connect_ledger(ledger.path(tmp_path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(Problem, match="新しい版"), ledger.reading(tmp_path):
        pass


def test_every_action_has_its_roles_and_words():
    assert set(steps.ACTIONS) <= set(ACTIONS)
    codes = words.table("codes")
    assert set(ACTIONS) <= set(codes["action"])
    for aspect, moves in steps.TRANSITIONS.items():
        states = {state or "none" for state in moves} | {
            state or "none" for actions in moves.values() for ends in actions.values() for state in ends
        }
        assert states <= set(codes[f"{aspect}_state"]), aspect
        assert {state for actions in moves.values() for ends in actions.values() for state in ends} <= set(moves)
    assert THE_PRODUCT.roles.isdisjoint({"librarian", "manager"})

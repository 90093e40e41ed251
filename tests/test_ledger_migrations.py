"""A ledger of every version since the first opens today, whole; and a step to a new version is taken whole or not."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from collection import decisions, doctor, ledger
from collection.ledger import Event
from collection.roles import Person
from collection.store.connection import migrations, sql
from collection.words import Problem

ROOT = Path(__file__).parents[1]
LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
NEXT = [
    "ALTER TABLE event ADD COLUMN place TEXT",
    "CREATE INDEX event_place ON event (place) WHERE place IS NOT NULL",
]


@pytest.fixture
def first_version(tmp_path) -> Path:
    """A store whose ledger was written by version 1."""
    with closing(sqlite3.connect(ledger.path(tmp_path))) as connection:
        connection.executescript((Path(__file__).parent / "ledger_v1.sql").read_text(encoding="utf-8"))
    ledger.path(tmp_path).chmod(0o600)
    return tmp_path


def version(store: Path) -> int:
    with closing(sqlite3.connect(ledger.path(store))) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def made(store: Path) -> list[tuple]:
    """Everything a ledger is made of, as the engine keeps it."""
    with closing(sqlite3.connect(ledger.path(store))) as connection:
        return connection.execute(sql("queries/upkeep_schema")).fetchall()


def rows(store: Path) -> list[tuple]:
    with closing(sqlite3.connect(ledger.path(store))) as connection:
        names = "seq, at, on_day, person, name, role, aspect, subject, kind, state, follows, item_id, list_no, clause, reason"
        return connection.execute(f"SELECT {names}, details, evidence FROM event ORDER BY seq").fetchall()


def bring_up(monkeypatch, store: Path, known: list[list[str]]) -> None:
    """Opens a ledger with a program that knows these versions."""
    monkeypatch.setattr(ledger, "migrations", lambda schema: known)
    with ledger.reading(store):
        pass
    monkeypatch.undo()


def test_everything_that_version_1_wrote_is_read_today(first_version):
    before = rows(first_version)
    assert len(before) == 14
    with ledger.reading(first_version) as connection:
        kinds = [row["kind"] for row in ledger.history(connection, "0001")]
        assert kinds == ["tag", "enter", "vote", "resolve", "approve", "offer", "claim"]
        assert json.loads(ledger.history(connection, "0001")[0]["told"])["title"] == "鷗外の𠮷野"
        last = ledger.latest(connection, "road", ["0001"])["0001"]
        assert (last["state"], last["name"], last["on_day"]) == ("offered", "山田", "2025-06-10")
    items = decisions.decided(first_version).items.rows_by_key("item_id", named=True, unique=True)
    assert items["0001"]["road"] == "offered" and items["0001"]["offer"] == "2025-照会-01"
    assert items["0001"]["list_state"] == "decided"
    assert items["0002"]["tag_until"] == "2030-03-31" and "0003" not in items
    assert rows(first_version) == before and version(first_version) == len(migrations("ledger"))


def test_work_goes_on_in_a_ledger_of_version_1(first_version):
    with ledger.writing(first_version) as connection:
        ledger.append(connection, LIBRARIAN, [Event("untag", "0002", follows=2, item_id="0002")], on=date(2025, 7, 1))
        ledger.append(connection, LIBRARIAN, [Event("assign", "0001", follows=13, details={"partner": "P01"})])
    told = [finding.key for finding in doctor.examine(first_version) if finding.key.startswith("ledger")]
    assert told == ["ledger_right"]
    with ledger.writing(first_version) as connection, pytest.raises(sqlite3.DatabaseError, match="never changed"):
        connection.execute("UPDATE event SET person = 'x'")


def test_a_released_step_is_never_edited(first_version, tmp_path_factory, monkeypatch):
    fresh = tmp_path_factory.mktemp("fresh")
    bring_up(monkeypatch, fresh, migrations("ledger")[:1])
    assert made(fresh) == made(first_version)


def test_step_by_step_gives_the_same_as_from_scratch(first_version, tmp_path_factory, monkeypatch):
    known = [*migrations("ledger"), NEXT]
    fresh, before = tmp_path_factory.mktemp("fresh"), rows(first_version)
    bring_up(monkeypatch, fresh, known)
    for steps in range(1, len(known) + 1):
        bring_up(monkeypatch, first_version, known[:steps])
        assert version(first_version) == steps
    assert made(first_version) == made(fresh) and rows(first_version) == before
    with pytest.raises(Problem, match="新しい版"), ledger.reading(first_version):
        pass


@pytest.mark.parametrize("done", [1, 2])
def test_a_step_that_fails_leaves_the_old_version(first_version, monkeypatch, done):
    before, was = rows(first_version), made(first_version)
    wrong = [*NEXT[:done], "CREATE TABLE event (seq INTEGER)"]
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        bring_up(monkeypatch, first_version, [*migrations("ledger"), wrong])
    monkeypatch.undo()
    assert (version(first_version), made(first_version), rows(first_version)) == (1, was, before)
    with ledger.reading(first_version) as connection:
        assert ledger.last_seq(connection) == 14
    bring_up(monkeypatch, first_version, [*migrations("ledger"), NEXT])
    assert version(first_version) == len(migrations("ledger")) + 1


def test_a_step_that_is_killed_leaves_the_old_version(first_version):
    before, was = rows(first_version), made(first_version)
    killed = (
        "import os, pathlib, sys; from collection import ledger; from tests.test_ledger_migrations import *\n"
        "def step():\n"
        "    yield from NEXT\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "ledger.migrations = lambda schema: [*migrations(schema), step()]\n"
        "with ledger.reading(pathlib.Path(sys.argv[1])): pass"
    )
    died = subprocess.run([sys.executable, "-c", killed, str(first_version)], cwd=ROOT, env=os.environ)
    assert died.returncode == -signal.SIGKILL
    assert (version(first_version), made(first_version), rows(first_version)) == (1, was, before)

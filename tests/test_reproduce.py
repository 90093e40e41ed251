"""A list comes again byte for byte: with its flags, and without them."""

import shutil
from pathlib import Path

import pytest

from collection import committee, export, overview, policy, reproduce
from collection.__main__ import main
from collection.ledger import Event, append, writing
from collection.policy import archive
from collection.store.connection import connect, connect_flags
from collection.words import Problem
from tests import committee_store, small_store
from tests.committee_store import LIBRARIAN, POLICY


@pytest.fixture
def store(tmp_path, flagged) -> Path:
    """A store of its own, with copies of the holdings, the flags and the kept pack."""
    shutil.copytree(flagged.parents[1], tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def list_no(store, flagged) -> str:
    flags = store / "holdings" / flagged.name
    items = small_store.items_of(flags, "verdict IN ('candidate', 'ask')")[:30]
    items += small_store.items_of(flags, "verdict IS NULL")[:5]
    with connect_flags(flags) as connection:
        committee_store.tag(store, connection, items)
        found = committee_store.drafted(store, connection, flags)
    committee.leave(store, LIBRARIAN, found, items[:2], "見直し")
    with writing(store) as connection:
        append(connection, LIBRARIAN, [Event("enter", items[0], item_id=items[0], list_no=found)])
    return found


def test_the_columns_are_those_of_the_export(flagged):
    with connect_flags(flagged) as connection:
        judged = overview.judging(connection)
        pack = policy.load(small_store.PACK, judged["as_of"])
        whole = export.candidates(flagged, pack)
        items = whole["item_id"].to_list()[:50]
        written = reproduce.bytes_of(connection, pack, items)
        assert written == reproduce.bytes_of(connection, pack, items[::-1])
    assert written.decode("utf-8-sig").splitlines()[0].split(",") == whole.columns
    assert len(written.decode("utf-8-sig").splitlines()) == 51


def test_a_list_comes_again_byte_for_byte(store, list_no, tmp_path):
    out = tmp_path / "again.csv"
    assert main(["reproduce", list_no, "--store", str(store), "--out", str(out)]) == 0
    first = out.read_bytes()
    assert reproduce.again(store, list_no).items == 35
    for file in (store / "holdings").glob("*.*-*.duckdb"):
        file.unlink()
    assert main(["reproduce", list_no, "--store", str(store), "--out", str(out)]) == 0
    assert out.read_bytes() == first


def test_what_is_not_the_same_is_said(store, list_no, flagged, tmp_path, capsys):
    with connect(store / "holdings" / flagged.name) as connection:
        connection.execute("UPDATE judged SET score = score + 1")
    assert main(["reproduce", list_no, "--store", str(store), "--out", str(tmp_path / "again.csv")]) == 1
    assert list_no in capsys.readouterr().err


def test_what_is_missing_is_named(store, list_no, tmp_path, capsys):
    command = ["reproduce", list_no, "--store", str(store), "--out", str(tmp_path / "again.csv")]
    with pytest.raises(Problem, match="2001-001"):
        reproduce.again(store, "2001-001")
    shutil.move(store / "policies", tmp_path / "away")
    assert main(command) == 2 and POLICY.hash in capsys.readouterr().err
    shutil.move(tmp_path / "away", store / "policies")
    for file in (store / "holdings").glob("*.duckdb"):
        file.unlink()
    assert main(command) == 2 and "duckdb" in capsys.readouterr().err


def test_the_kept_pack_is_the_pack(tmp_path):
    folder = archive.keep(tmp_path, POLICY)
    again = policy.load(folder, POLICY.on)
    assert again.hash == POLICY.hash and again.clauses.read_bytes() == POLICY.clauses.read_bytes()
    assert tmp_path in again.clauses.resolve().parents
    assert archive.keep(tmp_path, POLICY) == folder == archive.kept(tmp_path, POLICY.name, POLICY.hash)
    assert archive.kept(tmp_path, POLICY.name, "00000000") is None
    assert [file.name for file in (tmp_path / "policies").iterdir()] == [f"{POLICY.name}-{POLICY.hash}"]

"""The doctor finds each kind of damage, says what to do, and changes nothing."""

import os
import shutil
import sqlite3

import pytest

from collection import accounts, doctor, ledger, words
from collection.ledger import Event
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect_ledger

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
ADMIN = Person("kanri", "管理", frozenset({"admin", "manager"}))


@pytest.fixture
def store(flagged, tmp_path):
    """The small library, an administrator who is manager too, and a few decisions: a store in which all is right."""
    store = tmp_path / "store"
    shutil.copytree(flagged.parents[1], store)
    accounts.add(store, ADMIN, ADMIN, email="kanri@example.jp")
    with ledger.writing(store) as connection:
        told = [Event("tag", "1", state, item_id="1", evidence='{"title": "本"}') for state in ("keep", "withdraw")]
        name, policy_hash = next((store / "policies").iterdir()).name.rsplit("-", 1)
        details = {
            "snapshot": snapshots.newest(store).name,
            "flags": flagged.name,
            "policy": name,
            "policy_hash": policy_hash,
        }
        draft = Event("draft", "2025-001", list_no="2025-001", details=details)
        ledger.append(connection, LIBRARIAN, [*told, draft])
    return store


def wrong(store) -> list[str]:
    before = {file: file.read_bytes() for file in store.rglob("*") if file.is_file() and "-shm" not in file.name}
    found = [str(finding) for finding in doctor.examine(store) if not finding.right]
    after = {file: file.read_bytes() for file in store.rglob("*") if file.is_file() and "-shm" not in file.name}
    assert {file: content for file, content in after.items() if "-wal" not in file.name} == {
        file: content for file, content in before.items() if "-wal" not in file.name
    }
    return found


def only(store, *parts: str) -> None:
    """The doctor has exactly one thing to say of the store, and it has these parts."""
    found = wrong(store)
    assert len(found) == 1, found
    assert found[0].startswith("× ") and all(part in found[0] for part in parts), found


def unguarded(store, *statements: str) -> None:
    """Changes the ledger as somebody could who has the file: without its triggers, which are put back afterwards."""
    with connect_ledger(ledger.path(store)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, text in triggers:
            connection.execute(text)


def settle(file) -> None:
    """Everything in the one file, as after a clean stop."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def test_a_sound_store_has_nothing_to_mend_in_either_language(store):
    assert wrong(store) == []
    lines = [str(finding) for finding in doctor.examine(store)]
    assert len(lines) == 7 and all(line.startswith("○ ") for line in lines)
    assert any("台帳の記録は4件" in line for line in lines)
    told = words.language.set("en")
    try:
        assert any("The ledger holds 4 records" in str(finding) for finding in doctor.examine(store))
    finally:
        words.language.reset(told)


def test_no_folder(tmp_path):
    only(tmp_path / "none", "ありません", "--store")


def test_a_new_store_says_where_to_begin(tmp_path):
    found = wrong(tmp_path)
    assert any("collection import" in line for line in found) and any("collection user add" in line for line in found)
    assert len(found) == 2


# ── the ledger


def test_a_ledger_that_is_gone(store):
    for file in store.glob("ledger.sqlite*"):
        file.unlink()
    only(store, "台帳（ledger.sqlite）がありません", "collection restore")


@pytest.mark.parametrize("size", [0, 50, 5000, 20480])
def test_a_truncated_ledger(store, size):
    settle(ledger.path(store))
    os.truncate(ledger.path(store), size)
    only(store, "台帳（ledger.sqlite）が", "collection restore")


def test_a_ledger_with_something_else_in_it(store):
    settle(ledger.path(store))
    ledger.path(store).write_bytes(b"\xff" * 40_000)
    only(store, "壊れている")


def test_a_ledger_of_a_newer_version(store):
    with connect_ledger(ledger.path(store)) as connection:
        connection.execute("PRAGMA user_version = 99")
    only(store, "新しい版（99）", "入れてください")


def test_a_ledger_without_its_guards(store):
    with connect_ledger(ledger.path(store)) as connection:
        connection.execute("DROP TRIGGER event_stays")
    only(store, "event_stays", "控えから戻し")


def test_a_changed_chain(store):
    unguarded(store, "UPDATE event SET follows = 1 WHERE kind = 'draft'")
    only(store, "1件の記録が前の記録につながっていません", "記録4")


def test_removed_events(store):
    unguarded(store, "DELETE FROM event WHERE seq = 2")
    found = wrong(store)
    assert any("つながっていません" in line for line in found) and any("1件欠けています" in line for line in found)


def test_changed_and_lost_evidence(store):
    unguarded(store, "UPDATE evidence SET told = '{}'")
    only(store, "1件が書き換わり、0件が見当たりません")
    unguarded(store, "DELETE FROM evidence")
    only(store, "0件が書き換わり、2件が見当たりません")


def test_files_that_others_can_read(store):
    assert ledger.path(store).stat().st_mode & 0o777 == 0o600
    os.chmod(ledger.path(store), 0o644)
    only(store, "ledger.sqlite", "をほかの利用者が読めます", "chmod 600")
    os.chmod(ledger.path(store), 0o600)
    os.chmod(accounts.path(store), 0o660)
    only(store, "accounts.sqlite", "660")


# ── snapshots, flags, lists


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
@pytest.mark.parametrize("which", ["snapshot", "flags"])
def test_a_truncated_snapshot_or_flags(store, which, share):
    file = snapshots.newest(store) if which == "snapshot" else snapshots.newest_flags(store)
    os.truncate(file, int(file.stat().st_size * share))
    only(store, file.name, "壊れているか、途中で切れています", "控えから")


def test_damage_inside_a_snapshot(store):
    file = snapshots.newest(store)
    content = bytearray(file.read_bytes())
    for place in range(12288 + 100_000, len(content), 262_144):
        content[place] ^= 0xFF
    file.write_bytes(content)
    only(store, file.name, "壊れている")


def test_flags_without_their_snapshot(store):
    snapshots.newest(store).unlink()
    found = wrong(store)
    assert any("もとの所蔵データがありません" in line for line in found)
    assert any("議案 2025-001" in line for line in found)


def test_a_snapshot_without_flags(store):
    flags = snapshots.newest_flags(store)
    flags.unlink()
    found = wrong(store)
    assert any("collection flag --policy nishinomiya --as-of 2025-04-01" in line for line in found)
    assert any("議案 2025-001" in line and flags.name in line for line in found)


def test_the_policy_of_a_list_is_gone(store):
    shutil.rmtree(store / "policies")
    only(store, "議案 2025-001", "policies/nishinomiya-", "控えから")


def test_two_damaged_snapshots_of_one_day(store):
    second = snapshots.newest(store).with_name("2025-04-01-0123456789ab.duckdb")
    second.write_bytes(b"nothing")
    only(store, second.name, "壊れている")


@pytest.mark.parametrize(
    "name", ["holdings/.import-work", "holdings/x.part", ".restore", "policies/nishinomiya-1.part"]
)
def test_what_was_cut_off(store, name):
    (store / name).mkdir(parents=True)
    only(store, name, "消してください")


# ── accounts


def test_nobody_can_sign_in(store):
    for file in store.glob("accounts.sqlite*"):
        file.unlink()
    only(store, "だれもサインインできません", "collection user add")


def test_a_truncated_accounts_file(store):
    settle(accounts.path(store))
    os.truncate(accounts.path(store), 5000)
    only(store, "accounts.sqlite", "壊れている")


def test_no_manager(store):
    other = Person("hoka", "ほか", frozenset({"admin", "librarian"}))
    accounts.add(store, ADMIN, other, email="hoka@example.jp")
    accounts.disable(store, other, "kanri")
    only(store, "課長", "collection user add")


def test_a_sample_person_beside_real_ones(store):
    accounts.add(store, ADMIN, Person("sample", "見本", frozenset({"librarian"})), demo=True)
    only(store, "sample", "collection user disable")


# ── the machine


def test_too_little_room(store, monkeypatch):
    usage = shutil.disk_usage(store)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=10**9))
    only(store, "1.0 GB しかありません")


def test_no_japanese_typeface(store, monkeypatch):
    monkeypatch.setattr("collection.paper.FONTS", ("Nobody Sans JP",))
    only(store, "日本語の書体がない", "Nobody Sans JP")

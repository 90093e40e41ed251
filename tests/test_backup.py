"""A backup is taken beside running writers, is whole or not there, and makes an empty folder the same store."""

import json
import os
import shutil
import threading
import zipfile
from random import Random

import pytest

from collection import accounts, backup, decisions, doctor, ledger, overview
from collection.__main__ import main
from collection.ledger import Event
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect_flags, connect_ledger
from collection.words import Problem

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
ADMIN = Person("kanri", "管理", frozenset({"admin", "manager"}))


@pytest.fixture
def store(flagged, tmp_path):
    """The small library with an account, decisions, a list, an attached wording and a leftover that is not to be saved."""
    store = tmp_path / "store"
    shutil.copytree(flagged.parents[1], store)
    accounts.add(store, ADMIN, ADMIN, email="kanri@example.jp")
    with ledger.writing(store) as connection:
        ledger.append(connection, LIBRARIAN, [Event("tag", "1", "keep", item_id="1", evidence='{"title": "本"}')])
    draft(store, snapshots.newest(store).name, flagged.name)
    (store / "texts").mkdir()
    (store / "texts" / "nishinomiya.csv").write_text("document,clause,document_title,text\n", encoding="utf-8")
    (store / "texts" / "nishinomiya.part").write_text("half")
    (store / "policies" / "nishinomiya-1234-x.part").mkdir(parents=True)
    (store / "policies" / "nishinomiya-1234-x.part" / "policy.toml").write_text("half")
    return store


def draft(store, snapshot, flags):
    details = {"snapshot": snapshot, "flags": flags}
    with ledger.writing(store) as connection:
        events = [Event("draft", "2025-001", list_no="2025-001", details=details)]
        ledger.append(connection, LIBRARIAN, events)


def names(archive):
    with zipfile.ZipFile(archive) as packed:
        return set(packed.namelist())


def test_a_store_comes_back_from_its_backup(store, tmp_path, flagged):
    older = store / "holdings" / "2024-04-01-0123456789ab.duckdb"
    shutil.copy(snapshots.newest(store), older)
    manifest = backup.backup(store, tmp_path / "saved" / "b.zip")
    kept = {name for name in names(tmp_path / "saved" / "b.zip") if name.startswith("policies/")}
    assert any(name.endswith("/policy.toml") for name in kept) and not any(".part" in name for name in kept)
    assert names(tmp_path / "saved" / "b.zip") - kept == {
        "ledger.sqlite", "accounts.sqlite", f"holdings/{flagged.name}", f"holdings/{snapshots.newest(store).name}",
        "texts/nishinomiya.csv", "manifest.json",
    }  # fmt: skip
    assert manifest["databases"]["ledger.sqlite"] == {"version": 1, "last": 3}
    assert [path.name for path in (tmp_path / "saved").iterdir()] == ["b.zip"]
    assert (tmp_path / "saved" / "b.zip").stat().st_mode & 0o077 == 0

    fresh = tmp_path / "fresh"
    backup.restore(fresh, tmp_path / "saved" / "b.zip")
    assert not (fresh / backup.UNFINISHED).exists()
    assert [finding for finding in doctor.examine(fresh) if not finding.right] == []
    with ledger.reading(fresh) as connection:
        assert [row["told"] for row in ledger.history(connection, "1")] == ['{"title": "本"}']
    assert [person.id for person in accounts.all(fresh)] == ["kanri"]
    with connect_flags(snapshots.newest_flags(fresh)) as ours, connect_flags(flagged) as before:
        assert overview.holdings(ours) == overview.holdings(before)
        assert overview.rule_counts(ours) == overview.rule_counts(before)
    assert snapshots.newest_flags(fresh).stat().st_mtime_ns == snapshots.newest_flags(store).stat().st_mtime_ns


def test_what_a_list_was_drawn_from_is_saved_though_it_is_not_the_newest(store, tmp_path):
    older = store / "holdings" / "2024-04-01-0123456789ab.duckdb"
    shutil.copy(snapshots.newest(store), older)
    with ledger.writing(store) as connection:
        events = [
            Event("draft", "2024-001", list_no="2024-001", details={"snapshot": older.name, "flags": "gone.duckdb"})
        ]
        ledger.append(connection, LIBRARIAN, events)
    backup.backup(store, tmp_path / "b.zip")
    assert f"holdings/{older.name}" in names(tmp_path / "b.zip")
    told = [str(finding) for finding in doctor.examine(store) if not finding.right]
    assert any("議案 2024-001" in line and "gone.duckdb" in line for line in told)


def test_nothing_acknowledged_before_a_backup_is_missing_from_it_while_others_write(store, tmp_path):
    stop, acknowledged, failures = threading.Event(), [], []

    def write(name):
        try:
            for n in range(100_000):
                if stop.is_set():
                    return
                events = [Event("tag", f"{name}/{n}/{part}", "keep", item_id="1") for part in range(3)]
                with ledger.writing(store) as connection:
                    written = ledger.append(connection, LIBRARIAN, events)
                acknowledged.append(written)
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    try:
        for turn in range(3):
            before = [seq for batch in list(acknowledged) for seq in batch]
            backup.backup(store, tmp_path / f"{turn}.zip")
            backup.restore(tmp_path / f"fresh{turn}", tmp_path / f"{turn}.zip")
            with ledger.reading(tmp_path / f"fresh{turn}") as connection:
                rows = connection.execute("SELECT seq, subject FROM event WHERE subject LIKE '%/%/%'").fetchall()
            assert set(before) <= {row["seq"] for row in rows}
            assert len(rows) % 3 == 0  # no batch in part
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert failures == [] and len(acknowledged) > 50
    assert [finding for finding in doctor.examine(tmp_path / "fresh2") if not finding.right] == []


def test_what_goes_on_after_a_restore_is_seen(store, tmp_path):
    backup.backup(store, tmp_path / "b.zip")
    with ledger.writing(store) as connection:
        ledger.append(connection, LIBRARIAN, [Event("tag", "2", "keep", item_id="2")])
    assert decisions.decided(store).seq == 4
    shutil.rmtree(store)
    backup.restore(store, tmp_path / "b.zip")
    assert decisions.decided(store).items["item_id"].to_list() == ["1"]


def test_a_store_that_holds_something_is_not_written_over(store, tmp_path):
    backup.backup(store, tmp_path / "b.zip")
    before = ledger.path(store).read_bytes()
    with pytest.raises(Problem, match="上書きはしません"):
        backup.restore(store, tmp_path / "b.zip")
    ledger.path(store).unlink()
    with pytest.raises(Problem, match=r"accounts\.sqlite"):
        backup.restore(store, tmp_path / "b.zip")
    assert before
    other = tmp_path / "other"
    (other / "texts").mkdir(parents=True)
    (other / "texts" / "nishinomiya.csv").write_text("another", encoding="utf-8")
    with pytest.raises(Problem, match=r"texts/nishinomiya\.csv"):
        backup.restore(other, tmp_path / "b.zip")
    assert sorted(path.name for path in other.rglob("*")) == ["nishinomiya.csv", "texts"]


def repacked(archive, target, change):
    """A copy of an archive whose entries `change` has seen: a dict name → bytes that it may alter."""
    with zipfile.ZipFile(archive) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    change(entries)
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return target


def smuggle(name):
    def change(entries):
        entries[name] = b"x"
        manifest = json.loads(entries["manifest.json"])
        sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        manifest["files"].append({"name": name, "bytes": 1, "sha256": sha256, "modified": 0})
        entries["manifest.json"] = json.dumps(manifest).encode()

    return change


PLACES = (
    "../evil", "holdings/../../evil", "/evil", "texts/../../evil", "C:/evil", "texts\\..\\evil", "ledger.sqlite-wal",
    "texts/.. /evil", "app.py", "holdings", "texts//evil",
)  # fmt: skip


def test_a_file_for_a_place_outside_the_store_is_refused(store, tmp_path):
    backup.backup(store, tmp_path / "b.zip")
    fresh = tmp_path / "deep" / "fresh"
    for name in PLACES:
        bad = repacked(tmp_path / "b.zip", tmp_path / "bad.zip", smuggle(name))
        with pytest.raises(Problem, match="置いてはいけない場所"):
            backup.restore(fresh, bad)
        assert list(fresh.iterdir()) == []
        assert not (tmp_path / "evil").exists() and not (fresh.parent / "evil").exists()


def cut(archive, target):
    target.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    return target


def flipped(archive, target):
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(content)
    return target


def test_an_archive_that_is_not_whole_puts_nothing_in_place(store, tmp_path):
    good = tmp_path / "b.zip"
    backup.backup(store, good)

    def lengthened(entries):
        entries["texts/nishinomiya.csv"] += b"x"

    def altered(entries):
        entries["texts/nishinomiya.csv"] = entries["texts/nishinomiya.csv"].replace(b"clause", b"claws!")

    def broken(entries):
        size = len(entries["ledger.sqlite"])
        entries["ledger.sqlite"] = entries["ledger.sqlite"][:5000] + b"\xff" * (size - 5000)
        manifest = json.loads(entries["manifest.json"])
        for entry in manifest["files"]:
            if entry["name"] == "ledger.sqlite":
                entry["sha256"] = backup.hashlib.sha256(entries["ledger.sqlite"]).hexdigest()
        entries["manifest.json"] = json.dumps(manifest).encode()

    bad = [
        cut(good, tmp_path / "cut.zip"), flipped(good, tmp_path / "flipped.zip"),
        repacked(good, tmp_path / "longer.zip", lengthened), repacked(good, tmp_path / "altered.zip", altered),
        repacked(good, tmp_path / "broken.zip", broken),
        repacked(good, tmp_path / "lacking.zip", lambda entries: entries.pop("ledger.sqlite")),
    ]  # fmt: skip
    for archive in bad:
        with pytest.raises(Problem, match="何も戻していません"):
            backup.restore(tmp_path / "fresh", archive)
        assert list((tmp_path / "fresh").iterdir()) == [], archive.name
    for other in (repacked(good, tmp_path / "none.zip", lambda entries: entries.pop("manifest.json")), store / "texts"):
        with pytest.raises(Problem):
            backup.restore(tmp_path / "fresh", other)


def test_an_archive_with_any_bit_turned_is_refused_or_gives_everything_back(store, tmp_path):
    good, spoiled, rng = tmp_path / "b.zip", tmp_path / "spoiled.zip", Random(3)
    backup.backup(store, good)
    content, refused = good.read_bytes(), 0
    backup.restore(tmp_path / "whole", good)
    whole = {file.relative_to(tmp_path / "whole"): file.read_bytes() for file in files_in(tmp_path / "whole")}
    for number in range(40):  # the ledger, which comes first, and the list of contents at the end
        at = rng.randrange(8000) if number % 2 else len(content) - 1 - rng.randrange(3000)
        spoiled.write_bytes(content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :])
        fresh = tmp_path / f"fresh{number}"
        try:
            backup.restore(fresh, spoiled)
        except Problem:
            refused += 1
            assert list(fresh.iterdir()) == []
        else:
            assert {file.relative_to(fresh): file.read_bytes() for file in files_in(fresh)} == whole
    assert refused >= 20


def files_in(folder):
    return [file for file in folder.rglob("*") if file.is_file()]


def test_a_backup_of_a_newer_version_is_refused(store, tmp_path):
    with connect_ledger(ledger.path(store)) as connection:
        connection.execute("PRAGMA user_version = 99")
    backup.backup(store, tmp_path / "b.zip")
    with pytest.raises(Problem, match="新しい版"):
        backup.restore(tmp_path / "fresh", tmp_path / "b.zip")
    assert list((tmp_path / "fresh").iterdir()) == []


def test_a_backup_that_cannot_be_finished_leaves_the_last_one(store, tmp_path, monkeypatch):
    out = tmp_path / "saved" / "b.zip"
    backup.backup(store, out)
    before = out.read_bytes()

    def stop(stage, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.backup(store, out, stop)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=1000))
    with pytest.raises(Problem, match="空きが足りません"):
        backup.backup(store, out)
    monkeypatch.undo()
    os.truncate(ledger.path(store), 9000)
    for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (store / name).unlink(missing_ok=True)
    with pytest.raises(Problem, match="控えを取りませんでした"):
        backup.backup(store, out)
    assert out.read_bytes() == before and [path.name for path in out.parent.iterdir()] == ["b.zip"]


def test_on_the_command_line(store, tmp_path, capsys):
    assert main(["backup", "--store", str(store), "--out", str(tmp_path / "b.zip")]) == 0
    assert main(["restore", "--store", str(tmp_path / "fresh"), str(tmp_path / "b.zip")]) == 0
    assert main(["restore", "--store", str(tmp_path / "fresh"), str(tmp_path / "b.zip")]) == 2
    assert main(["backup", "--store", str(tmp_path / "nothing"), "--out", str(tmp_path / "c.zip")]) == 2
    assert main(["restore", "--store", str(tmp_path / "fresh2"), str(tmp_path / "c.zip")]) == 2
    assert main(["doctor", "--store", str(tmp_path / "fresh")]) == 0
    told = capsys.readouterr()
    assert "記録3まで" in told.out and "直すところはありません" in told.out
    assert "もうあります" in told.err and "見つかりません" in told.err

"""After an import: what drops out, where ledger and library system differ; and that readers see whole snapshots only."""

import csv
import json
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest

from collection import imports, ledger, reconcile, roles
from collection.ledger import Event, append
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect, connect_flags
from collection.words import Problem, say

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
EVERYBODY = Person("all", "佐藤", frozenset({"librarian", "manager", "committee", "admin"}))
STATUS = ["", "available", "on_loan", "on_hold_shelf", "in_transit", "missing", "withdrawn"]
CLAUSES = ["8-2-1", "8-2-2", "8-2-3", "8-2-4", "8-2-5", None]
N = 60


def write(path: Path, header, rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


class Library:
    """A store of a few items whose state chance changes from import to import."""

    def __init__(self, folder: Path, rng: Random, items: int = N):
        self.folder, self.store, self.rng, self.month = folder, folder / "store", rng, 1
        self.items = {
            f"{number:03}": {
                "bib": f"b{number % 20}",
                "status": rng.choice(["", "available"]),
                "condition": "good",
                "due": "",
            }
            for number in range(items)
        }
        self.holds: dict[str, int] = {}

    def change(self, share: float = 0.3) -> None:
        for number in list(self.items):
            if self.rng.random() < share:
                self.items[number]["status"] = self.rng.choice(STATUS)
                self.items[number]["condition"] = self.rng.choice(["good", "damaged", ""])
                due = self.rng.choice(["", "2019-05-01", "2999-05-01"])
                self.items[number]["due"] = due if self.items[number]["status"] == "on_loan" else ""
        for number in self.rng.sample(sorted(self.items), 3):
            del self.items[number]
        self.holds = {f"b{number}": self.rng.randrange(1, 4) for number in self.rng.sample(range(20), 6)}

    def take_in(self):
        bibs = [(f"b{number}", f"本{number}", "著者", 2001) for number in range(20)]
        items = [
            (number, one["bib"], "中央", f"913/{number}", one["status"], one["condition"],
             "2020-05-01" if one["status"] == "missing" else "", one["due"])
            for number, one in self.items.items()
        ]  # fmt: skip
        columns = (
            "item_id",
            "bib_id",
            "branch",
            "call_number",
            "status",
            "condition",
            "missing_confirmed_on",
            "due_date",
        )
        files = [
            write(self.folder / "bibs.csv", ("bib_id", "title", "author", "pub_year"), bibs),
            write(self.folder / "items.csv", columns, items),
            write(self.folder / "holds.csv", ("bib_id", "branch", "holds"), [(k, "中央", v) for k, v in self.holds.items()]),
        ]  # fmt: skip
        day = date(2025, self.month, 1)
        self.month += 1
        return imports.import_files(self.store, day, files, accept_gone=True)

    def decide(self, events) -> None:
        with ledger.writing(self.store) as connection:
            append(connection, EVERYBODY, events)


def told(item: str, holds: int, clause: str | None, status: str = "available") -> str:
    return json.dumps({"title": f"題{item}", "branch": "中央", "holds": holds, "criterion": clause, "status": status})


def some_decisions(library: Library) -> None:
    """Tags, lists drafted and decided, and approvals of random items."""
    rng, numbers = library.rng, sorted(library.items)
    rng.shuffle(numbers)
    library.decide([Event("draft", name, list_no=name) for name in ("L1", "L2")])
    for place, item in enumerate(numbers[:45]):
        clause = rng.choice(CLAUSES)
        known = {"item_id": item, "clause": clause if rng.random() < 0.5 else None}
        known["evidence"] = (
            told(item, rng.randrange(0, 3), clause, rng.choice(["available", "on_loan"]))
            if rng.random() < 0.8
            else None
        )
        events = [Event("tag", item, rng.choice(["withdraw", "withdraw", "keep", "hold"]), **known)]
        if place % 3 == 0:
            events = [Event("enter", item, list_no=rng.choice(["L1", "L2"]), **known)]
        elif place % 3 == 1:
            events += [Event("approve", item, "to_discard", list_no="L2", **known)]
        library.decide(events)
    library.decide([Event("submit", "L2"), Event("close", "L2"), Event("decide", "L2")])
    library.decide([Event("miss", item, item_id=item) for item in rng.sample(numbers, 8)])


def chains(store: Path) -> dict:
    """(aspect, subject) → its events, oldest first, in plain Python."""
    found: dict = {}
    with ledger.reading(store) as connection:
        for row in connection.execute(
            "SELECT event.*, told FROM event LEFT JOIN evidence ON hash = evidence ORDER BY seq"
        ):
            found.setdefault((row["aspect"], row["subject"]), []).append(dict(row))
    return found


def expected(library: Library, before: dict) -> dict:
    """(aspect, item) → why it must drop out, one item after the other."""
    out = {}
    for (aspect, item), events in before.items():
        last = events[-1]
        road = before.get(("road", item), [{"state": None}])[-1]["state"]
        if road not in (None, "readmitted"):
            continue
        if aspect == "tag" and last["state"] != "withdraw" or aspect not in ("tag", "entry"):
            continue
        if aspect == "entry" and last["state"] not in ("entered", "withdraw"):
            continue
        if aspect == "entry" and before["list", last["list_no"]][-1]["state"] == "decided":
            continue
        known = json.loads(last["told"]) if last["told"] else {}
        now = library.items.get(item)
        unreturned = bool(now) and now["status"] == known.get("status") == "on_loan" and now["due"] < "2025"
        if now is None or now["status"] == "withdrawn":
            out[aspect, item] = "gone"
        elif now["status"] == "on_loan" and not unreturned:
            out[aspect, item] = "on_loan"
        elif now["status"] == "on_hold_shelf":
            out[aspect, item] = "on_hold_shelf"
        elif library.holds.get(now["bib"], 0) > known.get("holds", 0):
            lost = now["status"] == "missing" or now["condition"] in ("damaged", "soiled")
            if not (lost or unreturned):
                out[aspect, item] = "reserved"
    return out


@pytest.mark.parametrize("seed", range(3))
def test_what_was_lent_or_reserved_since_drops_out_as_a_plain_loop_says(tmp_path, seed):
    library = Library(tmp_path, Random(seed))
    library.take_in()
    some_decisions(library)
    library.change()
    before = chains(library.store)
    result = library.take_in()
    wanted = expected(library, before)
    assert wanted
    after = chains(library.store)
    system = {key: events[-1] for key, events in after.items() if events[-1]["role"] == roles.SYSTEM}
    assert {key: json.loads(row["details"])["why"] for key, row in system.items() if key[0] != "shelf"} == wanted
    assert {key for key, events in after.items() if len(events) != len(before.get(key, []))} == set(system)

    shown = reconcile.dropped(library.store)
    assert {(row["kind"], row["item_id"]): row["why"] for row in shown.iter_rows(named=True)} == {
        ("drop" if aspect == "tag" else "leave", item): why for (aspect, item), why in wanted.items()
    }
    assert set(shown["by_name"]) == {"佐藤"}
    assert [note.rows for note in result.notes if note.reason == "dropped_out"] == [len({item for _, item in wanted})]
    recorded = {
        item for (aspect, item), events in before.items()
        if aspect == "shelf" and library.items.get(item, {"status": "withdrawn"})["status"] in ("missing", "withdrawn")
    }  # fmt: skip
    assert {item for aspect, item in system if aspect == "shelf"} == recorded
    assert reconcile.reconcile(library.store) == 0
    assert chains(library.store) == after


@pytest.mark.parametrize("seed", range(2))
def test_ledger_and_library_system_differ_as_a_plain_loop_says(tmp_path, seed):
    library = Library(tmp_path, Random(100 + seed))
    library.take_in()
    library.change(0.1)
    library.take_in()
    gone_before = {f"{number:03}" for number in range(N)} - {
        item for item, one in library.items.items() if one["status"] != "withdrawn"
    }
    some_decisions(library)
    library.change(0.2)
    library.take_in()
    approved = {
        item for (aspect, item), events in chains(library.store).items() if aspect == "road" and events[-1]["state"]
    }
    held = {item for item, one in library.items.items() if one["status"] != "withdrawn"}
    with connect(attach={"facts_of_day": snapshots.newest(library.store)}) as cursor:
        found = reconcile.system_differences(cursor, library.store)
    by_kind = {kind: set(found.filter(pl.col("difference") == kind)["item_id"]) for kind in set(found["difference"])}
    every = {f"{number:03}" for number in range(N)}
    assert by_kind.get("held_approved", set()) == approved & held
    assert by_kind.get("gone_unapproved", set()) == every - held - approved - gone_before
    assert len(found) == len(set(found["item_id"]))
    assert set(reconcile.barcodes(library.store)) == approved & held
    assert reconcile.barcodes(library.store, "L1") == []


def test_what_was_approved_after_the_import_is_no_difference_yet(small):
    small.decide([Event("approve", "005", "to_discard", item_id="005")])
    with connect(attach={"facts_of_day": snapshots.newest(small.store)}) as cursor:
        assert reconcile.system_differences(cursor, small.store).is_empty()
    small.items["006"]["status"] = "missing"
    small.take_in()
    with connect(attach={"facts_of_day": snapshots.newest(small.store)}) as cursor:
        assert reconcile.system_differences(cursor, small.store)["item_id"].to_list() == ["005"]


@pytest.fixture
def small(tmp_path):
    library = Library(tmp_path, Random(1), items=40)
    library.take_in()
    return library


def test_the_reason_says_what_the_import_found(small):
    small.decide([Event("tag", "005", "withdraw", item_id="005", evidence=told("005", 0, "8-2-2"))])
    small.items["005"]["status"] = "on_loan"
    result = small.take_in()
    assert "1 冊が" in str(next(note for note in result.notes if note.reason == "dropped_out"))
    [row] = reconcile.dropped(small.store, date.today()).iter_rows(named=True)
    assert (row["item_id"], row["title"], row["by_name"]) == ("005", "題005", "佐藤")
    assert row["reason"] == "2025-02-01の取込で貸出中"
    assert reconcile.dropped(small.store, date(2999, 1, 1)).is_empty()


def test_an_undone_tag_is_judged_by_what_was_known_when_it_was_given(small):
    small.decide([Event("tag", "005", "withdraw", item_id="005", evidence=told("005", 2, "8-2-2"))])
    small.decide([Event("tag", "005", "keep", item_id="005", reason="やはり残す")])
    with ledger.writing(small.store) as connection:
        ledger.undo(connection, LIBRARIAN, [ledger.latest(connection, "tag", ["005"])["005"]])
    small.holds = {"b5": 2}
    small.take_in()
    assert reconcile.dropped(small.store).is_empty()
    small.holds = {"b5": 3}
    small.take_in()
    assert reconcile.dropped(small.store)["why"].to_list() == ["reserved"]


def test_an_import_never_fails_for_it_and_says_so(small, monkeypatch):
    small.decide([Event("tag", "005", "withdraw", item_id="005")])
    ledger.path(small.store).write_bytes(b"not a ledger" * 100)
    for extra in ("-wal", "-shm"):
        ledger.path(small.store).with_name(f"ledger.sqlite{extra}").unlink(missing_ok=True)
    small.items["005"]["status"] = "on_loan"
    result = small.take_in()
    assert result.snapshot
    assert [note.reason for note in result.notes if note.file == ""] == ["not_reconciled"]


def test_without_a_ledger_none_is_made(small):
    assert reconcile.reconcile(small.store) == 0
    assert not ledger.path(small.store).exists()
    assert reconcile.dropped(small.store).is_empty()


def test_the_file_of_numbers_is_one_a_line_and_noted(small):
    small.decide([Event("approve", item, "to_discard", item_id=item, list_no="L1") for item in ("003", "001", "002")])
    numbers = reconcile.barcodes(small.store, "L1")
    assert numbers == ["001", "002", "003"]
    assert reconcile.send_barcodes(small.store, LIBRARIAN, numbers, "L1") == b"001\r\n002\r\n003\r\n"
    with ledger.reading(small.store) as connection:
        row = ledger.latest(connection, "barcodes", ["L1"])["L1"]
    assert (row["state"], json.loads(row["details"])["items"]) == ("sent", 3)
    with pytest.raises(Problem):
        reconcile.send_barcodes(small.store, Person("x", "委員", frozenset({"committee"})), numbers)


def test_readers_see_whole_snapshots_only_while_the_night_imports(small):
    """Threads read as the screens do while a process of its own publishes day after day."""
    from collection import flag, policy
    from tests import small_store

    pack = policy.load(small_store.PACK, date(2025, 1, 1))
    flag.flag(small.store, pack, date(2025, 1, 1))
    columns = ("item_id", "bib_id", "branch", "call_number", "note")
    for month in range(2, 7):  # every item of a day carries that day: a mixture would show
        rows = [(number, one["bib"], "中央", "913", f"day {month}") for number, one in small.items.items()]
        write(small.folder / f"items-{month}.csv", columns, rows)
    night = (
        "import sys; from datetime import date; from pathlib import Path; from collection import flag, imports, policy\n"
        "store, folder, pack = map(Path, sys.argv[1:])\n"
        "for month in range(2, 7):\n"
        "    day = date(2025, month, 1)\n"
        "    imports.import_files(store, day, [folder / f'items-{month}.csv'])\n"
        "    flag.flag(store, policy.load(pack, day), day)\n"
    )
    seen, wrong, over = set(), [], threading.Event()

    def once() -> None:
        newest = snapshots.newest(small.store)
        with connect(attach={"facts_of_day": newest}) as cursor:
            query = "SELECT DISTINCT as_of, note FROM facts_of_day.meta, facts_of_day.item WHERE gone_on IS NULL"
            [(day, note)] = cursor.execute(query).fetchall()
            assert cursor.execute("SELECT count(*) FROM facts_of_day.item").fetchall() == [(40,)]
        assert day == snapshots.as_of(newest) and note in (None, f"day {day.month}")
        seen.add(day)
        if flags := snapshots.newest_flags(small.store):
            with connect_flags(flags) as cursor:
                joined = "SELECT count(*), any_value(as_of) FROM judged JOIN facts_of_day.item USING (item_no), judging"
                [(items, judged_on)] = cursor.execute(joined).fetchall()
            assert (items, judged_on) == (40, date.fromisoformat(flags.name[:10]))

    def read() -> None:
        while not over.wait(0.02):
            try:
                once()
            except Exception as error:  # anything at all would be a reader that saw half a file
                wrong.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    process = subprocess.run(
        [sys.executable, "-c", night, small.store, small.folder, small_store.PACK], check=False, capture_output=True
    )
    over.set()
    for reader in readers:
        reader.join()
    assert process.returncode == 0, process.stderr.decode()
    assert wrong == []
    once()
    assert max(seen) == date(2025, 6, 1)
    assert len(seen) >= 2


def test_every_word_of_it_is_there():
    for why in ("gone", "on_loan", "on_hold_shelf", "reserved"):
        assert "2025-05-01" in say(f"shelf.dropped_{why}", day="2025-05-01")

"""Each sentence of INTERCHANGE on import has a test here; the last one lets chance write the exports."""

import csv
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymarc import Field, Record, Subfield

from collection import words
from collection.imports import import_files, read_rejects, rejects
from collection.imports.files import locked
from collection.progress import page, terminal
from collection.store import snapshots
from collection.store.connection import connect
from collection.words import Problem

DAY = date(2025, 4, 1)
BIBS = ("bib_id", "title", "author", "pub_year")
ITEMS = ("item_id", "bib_id", "branch", "call_number", "loans_total")
LOANS = ("item_id", "month", "loans", "in_house")


def write(path: Path, header, rows) -> Path:
    """A CSV file as a library system would send it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def facts(snapshot: Path, query: str) -> list[tuple]:
    with connect(snapshot, read_only=True) as connection:
        return connection.execute(query).fetchall()


def held(store: Path) -> dict[str, bool]:
    """item_id → still held."""
    return dict(facts(snapshots.newest(store), "SELECT item_id, gone_on IS NULL FROM item"))


def loans_of(store: Path) -> list[tuple]:
    query = (
        "SELECT item_id, month // 12, month % 12 + 1, loans, in_house FROM loan JOIN item USING (item_no) ORDER BY ALL"
    )
    return facts(snapshots.newest(store), query)


def outcome(result, place: int = 0) -> tuple[int, ...]:
    """(rows, loaded, changed, unchanged, skipped, error) of one file; the five add up to the rows."""
    file = result.files[place]
    counts = (file.loaded, file.changed, file.unchanged, file.skipped, file.error)
    assert sum(counts) == file.rows
    return (file.rows, *counts)


def reasons(result) -> dict[str, int]:
    return {note.reason: note.rows for note in result.notes}


@pytest.fixture
def bibs(tmp_path):
    return write(tmp_path / "bibs.csv", BIBS, [("b1", "空の本", "山田花", "2001"), ("b2", "海の本", "川口実", "2010")])


@pytest.fixture
def items(tmp_path):
    rows = [(f"{number:03}", "b1" if number % 2 else "b2", "中央", f"913.6/{number}", number) for number in range(20)]
    return write(tmp_path / "items.csv", ITEMS, rows)


@pytest.fixture
def loans(tmp_path):
    rows = [("001", "2024-04", 2, 1), ("001", "2024-05", 1, 0), ("002", "2024-04", 3, 0)]
    return write(tmp_path / "loans.csv", LOANS, rows)


@pytest.fixture
def store(tmp_path, bibs, items, loans):
    """A store into which two records, twenty items and three loan figures were imported."""
    folder = tmp_path / "store"
    import_files(folder, DAY, [bibs, items, loans])
    return folder


def test_one_import_makes_one_snapshot_of_its_day(tmp_path, bibs, items, loans):
    result = import_files(tmp_path / "store", DAY, [bibs, items, loans])
    assert [outcome(result, place) for place in range(3)] == [
        (2, 2, 0, 0, 0, 0),
        (20, 20, 0, 0, 0, 0),
        (3, 3, 0, 0, 0, 0),
    ]
    assert snapshots.all(tmp_path / "store") == [result.snapshot]
    assert result.snapshot.name.startswith("2025-04-01-")
    assert facts(result.snapshot, "SELECT as_of, loans_from, loans_to FROM meta") == [
        (DAY, 2024 * 12 + 3, 2024 * 12 + 4)
    ]
    assert result.exit_status == 0


def test_numbers_are_dense_and_in_the_order_of_the_keys(store):
    for table, key in (("bib", "bib_id"), ("item", "item_id")):
        rows = facts(snapshots.newest(store), f"SELECT {table}_no, {key} FROM {table}")
        assert [number for number, _ in rows] == list(range(len(rows)))
        assert [name for _, name in rows] == sorted(name for _, name in rows)


def test_a_folder_stands_for_the_files_in_it(tmp_path, bibs, items, loans):
    (tmp_path / "notes.pdf").write_bytes(b"no data")
    result = import_files(tmp_path / "store", DAY, [tmp_path])
    assert [file.file for file in result.files] == ["bibs.csv", "items.csv", "loans.csv"]


def test_the_same_files_twice_change_nothing(store, bibs, items, loans):
    before = snapshots.all(store)
    result = import_files(store, DAY, [bibs, items, loans])
    assert [outcome(result, place) for place in range(3)] == [
        (2, 0, 0, 2, 0, 0),
        (20, 0, 0, 20, 0, 0),
        (3, 0, 0, 3, 0, 0),
    ]
    assert result.snapshot is None
    assert snapshots.all(store) == before


def test_the_same_files_on_a_later_day_make_a_snapshot_of_that_day(store, bibs, items, loans):
    result = import_files(store, date(2025, 5, 1), [bibs, items, loans])
    assert [snapshots.as_of(snapshot) for snapshot in snapshots.all(store)] == [DAY, date(2025, 5, 1)]
    assert snapshots.newest(store) == result.snapshot


def test_the_order_of_rows_does_not_change_the_content_hash(tmp_path, store, bibs, loans):
    rows = [
        (f"{number:03}", "b1" if number % 2 else "b2", "中央", f"913.6/{number}", number)
        for number in reversed(range(20))
    ]
    other = import_files(tmp_path / "other", DAY, [loans, write(tmp_path / "turned.csv", ITEMS, rows), bibs])
    assert other.snapshot.name == snapshots.newest(store).name


def test_bibs_are_added_or_updated(tmp_path, store):
    newer = write(tmp_path / "newer.csv", BIBS, [("b2", "海の本 改題", "川口実", "2010"), ("b3", "山の本", "", "")])
    result = import_files(store, DAY, [newer])
    assert outcome(result) == (2, 1, 1, 0, 0, 0)
    rows = facts(result.snapshot, "SELECT bib_id, title, author FROM bib ORDER BY bib_no")
    assert rows == [("b1", "空の本", "山田花"), ("b2", "海の本 改題", "川口実"), ("b3", "山の本", None)]
    assert len(loans_of(store)) == 3


def test_a_column_the_file_lacks_keeps_its_value_and_a_blank_one_clears_it(tmp_path, store):
    newer = write(tmp_path / "newer.csv", ("bib_id", "title", "author"), [("b1", "空の本", "")])
    import_files(store, DAY, [newer])
    assert facts(snapshots.newest(store), "SELECT author, pub_year FROM bib WHERE bib_id = 'b1'") == [(None, 2001)]


def test_an_item_the_full_export_lacks_is_gone_and_its_past_stays(tmp_path, store, items):
    rows = items.read_text(encoding="utf-8").splitlines(keepends=True)
    fewer = tmp_path / "fewer.csv"
    fewer.write_text("".join(row for row in rows if not row.startswith("001")), encoding="utf-8")
    result = import_files(store, date(2025, 5, 1), [fewer])
    assert (result.gone, result.files[0].gone, reasons(result)["gone_items"]) == (1, 1, 1)
    assert facts(result.snapshot, "SELECT item_id, gone_on FROM item WHERE gone_on IS NOT NULL") == [
        ("001", date(2025, 5, 1))
    ]
    assert len(loans_of(store)) == 3
    again = import_files(store, date(2025, 6, 1), [fewer])
    assert again.gone == 0
    back = import_files(store, date(2025, 7, 1), [items])
    assert outcome(back) == (20, 0, 1, 19, 0, 0)
    assert all(held(store).values())


def test_partial_files_let_nothing_go(tmp_path, store):
    some = write(tmp_path / "some.csv", ITEMS, [("001", "b1", "北口", "913.6/1", 1)])
    result = import_files(store, DAY, [some], partial=True)
    assert (outcome(result), result.gone) == ((1, 0, 1, 0, 0, 0), 0)
    assert list(held(store).values()) == [True] * 20


def test_more_than_five_per_cent_at_once_stops_the_import(tmp_path, store, bibs):
    rows = [(f"{number:03}", "b1", "中央", "", "") for number in range(18)] + [("new", "b1", "", "", "")]
    fewer = write(tmp_path / "fewer.csv", ITEMS, rows)
    before = sorted(store.rglob("*"))
    with pytest.raises(Problem, match="--accept-gone"):
        import_files(store, DAY, [bibs, fewer])
    assert sorted(store.rglob("*")) == before
    result = import_files(store, DAY, [fewer], accept_gone=True)
    assert result.gone == 2
    assert sum(held(store).values()) == 18


def test_an_item_whose_row_is_in_error_is_not_gone(tmp_path, store, items):
    broken = tmp_path / "broken.csv"
    broken.write_text(items.read_text(encoding="utf-8").replace("001,b1,中央", "001,b1,"), encoding="utf-8")
    result = import_files(store, DAY, [broken])
    assert (outcome(result), result.gone, result.exit_status) == ((20, 0, 0, 19, 0, 1), 0, 1)
    assert held(store)["001"]


def test_an_item_of_an_unknown_bib_is_loaded_and_reported_and_joined_when_the_bib_comes(tmp_path, bibs):
    store = tmp_path / "store"
    items = write(tmp_path / "items.csv", ITEMS, [("001", "b1", "中央", "913", ""), ("002", "b9", "中央", "913", "")])
    result = import_files(store, DAY, [items, bibs])
    assert outcome(result) == (2, 2, 0, 0, 0, 0)
    assert reasons(result) == {"item_bib_unknown": 1}
    assert "002" in str(result.notes[0])
    query = "SELECT item_id, title FROM item LEFT JOIN bib USING (bib_no) ORDER BY item_no"
    assert facts(result.snapshot, query) == [("001", "空の本"), ("002", None)]
    late = import_files(store, DAY, [write(tmp_path / "late.csv", BIBS, [("b9", "風の本", "", "")])])
    assert facts(late.snapshot, query) == [("001", "空の本"), ("002", "風の本")]


def test_the_months_a_file_of_loans_covers_replace_those_months(tmp_path, store):
    newer = write(tmp_path / "april.csv", LOANS, [("001", "2024-04", 5, 1), ("003", "2024-04", 1, 0)])
    result = import_files(store, DAY, [newer])
    assert outcome(result) == (2, 1, 1, 0, 0, 0)
    assert reasons(result) == {"gone_loans": 1}
    assert loans_of(store) == [("001", 2024, 4, 5, 1), ("001", 2024, 5, 1, 0), ("003", 2024, 4, 1, 0)]


def test_two_files_of_one_month_are_taken_together(tmp_path, store):
    one = write(tmp_path / "one.csv", LOANS, [("001", "2024-04", 5, 1), ("004", "2024-04", 1, 0)])
    two = write(tmp_path / "two.csv", LOANS, [("002", "2024-04", 3, 0), ("004", "2024-04", 2, 0)])
    result = import_files(store, DAY, [one, two])
    assert [outcome(result, place) for place in (0, 1)] == [(2, 1, 1, 0, 0, 0), (2, 0, 1, 1, 0, 0)]
    april = [row for row in loans_of(store) if row[2] == 4]
    assert april == [("001", 2024, 4, 5, 1), ("002", 2024, 4, 3, 0), ("004", 2024, 4, 2, 0)]


def test_loans_without_in_house_use_keep_what_is_known_of_it(tmp_path, store):
    newer = write(tmp_path / "april.csv", LOANS[:3], [("001", "2024-04", 2), ("002", "2024-04", 4)])
    assert outcome(import_files(store, DAY, [newer])) == (2, 0, 1, 1, 0, 0)
    assert loans_of(store)[0] == ("001", 2024, 4, 2, 1)


def test_a_loan_of_an_unknown_item_is_skipped_and_written_out(tmp_path, store):
    newer = write(tmp_path / "june.csv", LOANS, [("001", "2024-06", 1, 0), ("999", "2024-06", 1, 0)])
    result = import_files(store, DAY, [newer])
    assert (outcome(result), result.exit_status) == ((2, 1, 0, 0, 1, 0), 0)
    assert read_rejects(result.rejects[0])["item_id"].to_list() == ["999"]


def test_loans_follow_their_items_when_new_items_come_between(tmp_path, store):
    before = loans_of(store)
    more = write(tmp_path / "more.csv", ITEMS, [("0005", "b1", "中央", "", ""), ("000", "b2", "中央", "913.6/0", "0")])
    import_files(store, DAY, [more], partial=True)
    assert loans_of(store) == before
    rows = facts(snapshots.newest(store), "SELECT item_no, month FROM loan")
    assert rows == sorted(rows)


@pytest.mark.parametrize(
    ("table", "header", "old", "new"),
    [
        ("hold", ("bib_id", "holds"), [("b1", 3), ("b2", 1)], [("b1", 4)]),
        ("retention", ("bib_id", "years"), [("b1", "永年"), ("b2", 3)], [("b2", 5)]),
        (
            "partner",
            ("partner_id", "name", "kind"),
            [("p1", "東小", "小学校"), ("p2", "西中", "中学校")],
            [("p2", "西中学校", "中学校")],
        ),
    ],
)
def test_holds_retention_and_partners_are_replaced_whole(tmp_path, store, bibs, table, header, old, new):
    import_files(store, DAY, [write(tmp_path / "old.csv", header, old)])
    assert facts(snapshots.newest(store), f"SELECT count(*) FROM {table}") == [(2,)]
    result = import_files(store, DAY, [write(tmp_path / "new.csv", header, new)])
    assert (outcome(result), result.files[0].gone) == ((1, 0, 1, 0, 0, 0), 1)
    import_files(store, DAY, [write(tmp_path / "more.csv", BIBS, [("b0", "新しい本", "", "")])])
    rows = facts(snapshots.newest(store), f"SELECT * FROM {table}")
    assert len(rows) == 1
    if table != "partner":
        assert facts(snapshots.newest(store), f"SELECT bib_id FROM {table} JOIN bib USING (bib_no)") == [(new[0][0],)]


def test_a_hold_on_an_unknown_record_is_skipped(tmp_path, store):
    result = import_files(store, DAY, [write(tmp_path / "holds.csv", ("bib_id", "holds"), [("b1", 2), ("b9", 1)])])
    assert outcome(result) == (2, 1, 0, 0, 1, 0)
    assert reasons(result) == {"bib_unknown": 1}


def test_days_do_not_run_backwards_without_rebuild(tmp_path, store, bibs):
    with pytest.raises(Problem, match="--rebuild"):
        import_files(store, date(2024, 4, 1), [bibs])
    newer = snapshots.newest(store)
    result = import_files(store, date(2024, 4, 1), [bibs], rebuild=True)
    assert outcome(result) == (2, 2, 0, 0, 0, 0)
    assert snapshots.all(store) == [result.snapshot, newer]


def test_rows_that_repeat_a_key_are_skipped_or_in_error_naming_both_lines(tmp_path):
    rows = [("b1", "空の本", "", ""), ("b1", "空の本", "", ""), ("b1", "海の本", "", ""), ("b2", "山の本", "", "")]
    result = import_files(tmp_path / "store", DAY, [write(tmp_path / "bibs.csv", BIBS, rows)])
    assert (outcome(result), result.exit_status) == ((4, 2, 0, 0, 1, 1), 1)
    assert facts(result.snapshot, "SELECT title FROM bib ORDER BY bib_no") == [("空の本",), ("山の本",)]
    assert read_rejects(result.rejects[0]).select("行番号", "title").rows() == [("4", "海の本")]
    assert "2行目" in read_rejects(result.rejects[0])["取り込まなかった理由"][0]
    note = next(note for note in result.notes if note.reason == "duplicate_differs")
    assert "2行目と4行目" in note.example


def test_loans_that_repeat_item_and_month_are_skipped_or_in_error(tmp_path, store):
    rows = [("001", "2024-06", 1, 0), ("001", "2024-06", 1, 0), ("002", "2024-06", 2, 0), ("002", "2024-06", 9, 0)]
    result = import_files(store, DAY, [write(tmp_path / "june.csv", LOANS, rows)])
    assert outcome(result) == (4, 2, 0, 0, 1, 1)
    assert [row for row in loans_of(store) if row[2] == 6] == [("001", 2024, 6, 1, 0), ("002", 2024, 6, 2, 0)]
    assert len(read_rejects(result.rejects[0])) == 1


def test_rejects_are_written_unaltered_and_can_be_mended_and_sent_again(tmp_path, items):
    store = tmp_path / "store"
    header = (*ITEMS, "所在メモ")
    rows = [("001", "b1", "中央", "９１３，６", "", '二階"奥"\n左'), ("", "b2", "中央", "", "1", "=1+1")]
    result = import_files(store, DAY, [write(tmp_path / "items.csv", header, rows)])
    assert outcome(result) == (2, 1, 0, 0, 0, 1)
    assert rejects(store) == list(result.rejects)
    text = result.rejects[0].read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    table = read_rejects(result.rejects[0])
    assert table.select(header).rows() == [("", "b2", "中央", "", "1", "=1+1")]
    mended = tmp_path / "mended.csv"
    mended.write_bytes(text.replace(b",,b2,", b",002,b2,"))
    again = import_files(store, DAY, [mended], partial=True)
    assert outcome(again) == (1, 1, 0, 0, 0, 0)
    assert set(held(store)) == {"001", "002"}


def test_a_wide_file_of_records_and_items_ends_each_row_once(tmp_path):
    header = ("item_id", "bib_id", "branch", "title", "author")
    rows = [("001", "b1", "中央", "空の本", ""), ("002", "b1", "中央", "空の本", ""), ("003", "b1", "", "空の本", "")]
    result = import_files(tmp_path / "store", DAY, [write(tmp_path / "wide.csv", header, rows)])
    assert result.files[0].kind == "bibs+items"
    assert outcome(result) == (3, 2, 0, 0, 0, 1)
    assert facts(result.snapshot, "SELECT item_id, title FROM item JOIN bib USING (bib_no)") == [
        ("001", "空の本"),
        ("002", "空の本"),
    ]


def test_marc_records_that_cannot_be_read_are_written_out_byte_for_byte(tmp_path):
    records = []
    for number in range(3):
        record = Record(force_utf8=True)
        record.add_field(Field(tag="001", data=f"m{number}"))
        record.add_field(Field(tag="245", indicators=["0", "0"], subfields=[Subfield("a", f"山の本{number}")]))
        records.append(record.as_marc())
    cut = records[2][:-9]
    file = tmp_path / "books.mrc"
    file.write_bytes(records[0] + records[1] + cut)
    result = import_files(tmp_path / "store", DAY, [file])
    assert (outcome(result), result.exit_status) == ((3, 2, 0, 0, 0, 1), 1)
    assert result.rejects[0].suffix == ".mrc"
    assert result.rejects[0].read_bytes() == cut
    assert read_rejects(result.rejects[0])["行番号"].to_list() == ["3"]


def test_two_files_of_one_name_are_told_apart(tmp_path):
    files = []
    for place in ("east", "west"):
        (tmp_path / place).mkdir()
        files.append(
            write(
                tmp_path / place / "bibs.csv", (*BIBS, "memo"), [(place, "空の本", "", "", place), ("", "", "", "", "")]
            )
        )
    result = import_files(tmp_path / "store", DAY, files)
    assert [outcome(result, place) for place in (0, 1)] == [(2, 1, 0, 0, 0, 1)] * 2
    assert [note.example for note in result.notes if note.reason == "unknown_column"] == ["east", "west"]
    assert len(set(result.rejects)) == 2


def test_every_reason_has_words_in_both_languages():
    said = words.table("imports")
    assert all(set(message) == {"ja", "en"} for message in said.values())
    required = {
        field for kind in words.table("fields").values() for field, about in kind.items() if about.get("required")
    }
    assert {f"{way}_{field}" for field in required for way in ("blank", "unreadable")} <= said.keys()


def test_never_lent_is_what_the_source_says_or_a_count_of_nothing(tmp_path, bibs):
    header = ("item_id", "bib_id", "branch", "loans_total", "last_loan_date")
    rows = [("1", "b1", "中央", "", "1/1/00"), ("2", "b1", "中央", "0", ""), ("3", "b1", "中央", "3", "0000-00-00")]
    rows += [("4", "b1", "中央", "", "2024-01-05"), ("5", "b1", "中央", "", "")]
    result = import_files(tmp_path / "store", DAY, [bibs, write(tmp_path / "items.csv", header, rows)])
    said = facts(result.snapshot, "SELECT never_lent FROM item ORDER BY item_no")
    assert said == [(True,), (True,), (False,), (False,), (False,)]


def test_shelf_order_counts_numbers_as_numbers_and_decimals_as_decimals(tmp_path, bibs):
    order = ["007/ア", "7.5/ア", "210.4/ヤ2", "210.4/ヤ10", "913.12/ア", "913.6/ア", "1000/ア"]
    rows = [(f"{place:02}", "b1", "中央", call, "") for place, call in enumerate(reversed(order))] + [
        ("99", "b1", "ア館", "999", "")
    ]
    result = import_files(tmp_path / "store", DAY, [bibs, write(tmp_path / "items.csv", ITEMS, rows)])
    on_shelf = facts(
        result.snapshot, "SELECT call_number, shelf_order FROM item WHERE branch = '中央' ORDER BY shelf_order"
    )
    assert [call for call, _ in on_shelf] == order
    assert len({place for _, place in on_shelf}) == len(order)


def test_what_went_in_is_kept_from_snapshot_to_snapshot(tmp_path, store, bibs):
    import_files(store, date(2025, 5, 1), [bibs])
    log = facts(
        snapshots.newest(store),
        "SELECT as_of, file, kind, rows, loaded, unchanged FROM import_file ORDER BY imported_at, file",
    )
    assert log == [
        (DAY, "bibs.csv", "bibs", 2, 2, 0),
        (DAY, "items.csv", "items", 20, 20, 0),
        (DAY, "loans.csv", "loans", 3, 3, 0),
        (date(2025, 5, 1), "bibs.csv", "bibs", 2, 0, 2),
    ]


def test_requests_are_no_part_of_the_holdings(tmp_path, store):
    header = ("request_id", "received_on", "title")
    result = import_files(store, DAY, [write(tmp_path / "requests.csv", header, [("r1", "2025-03-01", "空の本")])])
    assert (outcome(result), result.snapshot, result.rejects) == ((1, 0, 0, 0, 1, 0), None, ())


def test_a_missing_file_an_empty_folder_and_nothing_at_all_are_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    for files in ([tmp_path / "no.csv"], [tmp_path / "empty"], []):
        with pytest.raises(Problem):
            import_files(tmp_path / "store", DAY, files)
    assert not (tmp_path / "store").exists()


def test_two_imports_do_not_run_at_once(store, bibs):
    with locked(store), pytest.raises(Problem, match="進行中"):
        import_files(store, DAY, [bibs])


def test_a_crash_leaves_nothing_that_counts(tmp_path, store, bibs):
    newer = write(tmp_path / "newer.csv", BIBS, [("b7", "夜の本", "", "")])
    code = (
        "import os, sys; from datetime import date; from pathlib import Path; from collection.imports import import_files\n"
        "def die(stage, done, total):\n    if stage == 'imports.stage_loans': os._exit(9)\n"
        "import_files(Path(sys.argv[1]), date(2025, 4, 1), [Path(sys.argv[2])], progress=die)"
    )
    root = Path(__file__).parents[1]
    before = snapshots.all(store)
    died = subprocess.run(
        [sys.executable, "-c", code, store, newer], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert died.returncode == 9
    assert list((store / "holdings").glob(".import-*"))
    assert snapshots.all(store) == before
    result = import_files(store, DAY, [newer])
    assert outcome(result) == (1, 1, 0, 0, 0, 0)
    assert sorted((store / "holdings").iterdir()) == snapshots.all(store) == sorted([*before, result.snapshot])


def test_a_snapshot_is_published_while_the_last_one_is_being_read(tmp_path, store, bibs):
    with connect(snapshots.newest(store), read_only=True) as reader:
        import_files(store, date(2025, 5, 1), [bibs])
        assert reader.execute("SELECT count(*) FROM item").fetchone() == (20,)


def test_a_bar_is_shown_only_when_it_takes_long(capsys):
    with terminal() as progress:
        progress("imports.stage_read", 1, 2)
    assert capsys.readouterr().err.strip() == ""


def test_a_page_is_told_the_stage_and_the_share():
    class Bar:
        told: list = []

        def progress(self, share, text):
            self.told.append((share, text))

    show = page(Bar())
    show("imports.stage_read", 1, 2)
    show("imports.stage_read", 2, 2)
    assert Bar.told == [(0.5, "ファイルを読んでいます 50%"), (1.0, "ファイルを読んでいます 100%")]


KEYS = st.sampled_from(["a", "b", "c", "d", "e"])
WORD = st.sampled_from(["", "赤", "青"])
BIB_ROWS = st.lists(st.tuples(KEYS, st.sampled_from(["", "空の本", "海の本"]), WORD), max_size=6)
ITEM_ROWS = st.lists(st.tuples(KEYS, KEYS, st.sampled_from(["", "中央", "北口"]), WORD), max_size=6)
LOAN_ROWS = st.lists(st.tuples(KEYS, st.sampled_from(["2024-04", "2024-05"]), st.sampled_from([1, 2, "x"])), max_size=8)
EXPORTS = st.lists(st.tuples(BIB_ROWS, ITEM_ROWS, LOAN_ROWS, st.booleans()), min_size=1, max_size=3)


def naive_merge(known: dict, rows: list[tuple], width: int, required: int, valid=lambda row: True) -> tuple[int, ...]:
    """One file of keyed rows into a dict, row by row: (loaded, changed, unchanged, skipped, error)."""
    counts = dict.fromkeys(("loaded", "changed", "unchanged", "skipped", "error"), 0)
    first: dict = {}
    before = dict(known)
    for row in rows:
        key, told = row[:width], row[width:]
        if "" in row[:required] or not valid(row):
            how = "error"
        elif key in first:
            how = "skipped" if first[key] == told else "error"
        else:
            first[key] = known[key] = told
            how = "loaded" if key not in before else "unchanged" if before[key] == told else "changed"
        counts[how] += 1
    return tuple(counts.values())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exports=EXPORTS)
def test_any_exports_are_merged_as_a_naive_dict_would(tmp_path_factory, exports):
    folder = tmp_path_factory.mktemp("any")
    store = folder / "store"
    known_bibs, known_items, known_loans, gone = {}, {}, {}, set()
    for day, (bib_rows, item_rows, loan_rows, partial) in enumerate(exports, 1):
        files = [
            write(folder / "loans.csv", ("item_id", "month", "loans"), loan_rows),
            write(folder / "bibs.csv", ("bib_id", "title", "author"), bib_rows),
            write(folder / "items.csv", ("item_id", "bib_id", "branch", "note"), item_rows),
        ]
        result = import_files(store, date(2025, 1, day), files, partial=partial, accept_gone=True)

        assert outcome(result, 1)[1:] == naive_merge(known_bibs, bib_rows, 1, 2)
        came_back = {key: known_items.pop(key) for key in list(known_items) if key in gone}
        counts = naive_merge(known_items, item_rows, 1, 3)
        returned = len(came_back.keys() & known_items.keys())
        assert outcome(result, 2)[1:] == (counts[0] - returned, counts[1] + returned, *counts[2:])
        gone -= known_items.keys()
        known_items = {**came_back, **known_items}
        if not partial:
            left = known_items.keys() - gone - {row[:1] for row in item_rows}
            assert result.gone == len(left)
            gone |= left

        placed = [row for row in loan_rows if row[:1] in known_items or row[2] == "x"]
        failed = {row[:2] for row in loan_rows if row[2] == "x"}
        months = {row[1] for row in loan_rows if row[2] != "x"}
        merged = dict(known_loans)
        wrong = naive_merge(merged, placed, 2, 3, valid=lambda row: row[2] != "x")
        told = outcome(result, 0)
        unknown = [row for row in loan_rows if row not in placed]
        assert told[1:4] == wrong[:3]
        assert told[4] + told[5] == wrong[3] + wrong[4] + len(unknown)
        sent = {row[:2] for row in placed}
        known_loans = {
            key: value for key, value in merged.items() if key[1] not in months or key in sent or key in failed
        }

        snapshot = snapshots.newest(store)
        assert {
            row[:1]: row[1:] for row in facts(snapshot, "SELECT bib_id, title, coalesce(author, '') FROM bib")
        } == known_bibs
        assert {
            row[:1]: row[1:] for row in facts(snapshot, "SELECT item_id, bib_id, branch, coalesce(note, '') FROM item")
        } == known_items
        assert {row for row in facts(snapshot, "SELECT item_id FROM item WHERE gone_on IS NOT NULL")} == gone
        query = "SELECT item_id, '2024-' || lpad((month % 12 + 1)::VARCHAR, 2, '0'), loans FROM loan JOIN item USING (item_no)"
        assert {row[:2]: row[2:] for row in facts(snapshot, query)} == known_loans

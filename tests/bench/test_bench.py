"""The bench measures what is equal: at a small scale ours and the rivals agree item by item and field by field."""

from pathlib import Path

import polars as pl
import pytest

from collection.flag import flag
from collection.sources import stage
from collection.store.connection import connect
from tests.bench import files, judging, library, marc, measures, pages

SCALE = 0.015
KEPT = {
    "km-5-2-1", "km-5-2-2", "km-5-2-3", "km-6-3", "km-7-1", "km-7-1-term", "km-8-1-holds", "km-8-1-in-use", "km-8-1-new",
    "km-8-2-2-last", "km-13-2", "cc-3-4-3", "cc-3-5-1", "cc-3-5-3",
}  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> tuple[Path, Path]:
    """The folder and the snapshot of a small library, judged by ours and by each rival."""
    folder = tmp_path_factory.mktemp("bench")
    snapshot = library.make(folder / "store", SCALE)
    judging.prepare(snapshot, folder)
    for name in ("ours", "sqlite", "pandas"):
        judging.RUNS[name](snapshot, folder)
    return folder, snapshot


@pytest.mark.parametrize("rival", ["sqlite", "pandas"])
def test_the_rivals_judge_every_item_as_ours(bench, rival):
    folder, snapshot = bench
    assert len(pl.read_parquet(folder / f"{rival}.parquet")) > 0.98 * judging.sizes(snapshot)[0]
    assert judging.differences(folder, rival) == {}


def test_a_difference_is_seen(bench, tmp_path):
    ours = pl.read_parquet(bench[0] / "ours.parquet")
    ours.write_parquet(tmp_path / "ours.parquet")
    first = pl.col("item_no") == ours.filter(pl.col("survivor_kind") == "copy")["item_no"][0]
    other = ours.with_columns(
        verdict=pl.when(first).then(pl.lit("keep")).otherwise("verdict"),
        survivor_item_no=pl.when(first).then(-1).otherwise("survivor_item_no"),
        score=pl.when(first).then(pl.col("score") + 0.01).otherwise("score"),
    )
    other[1:].write_parquet(tmp_path / "rival.parquet")
    found = judging.differences(tmp_path, "rival")
    assert found["item_no"] == 1
    assert {"verdict", "survivor_item_no", "score"} <= found.keys()


def test_every_verdict_is_there(bench):
    ours = pl.read_parquet(bench[0] / "ours.parquet")
    assert set(ours["verdict"]) == {"candidate", "keep", "ask", "unknown", "move", None}
    assert set(ours.filter(pl.col("verdict") == "candidate")["criterion"]) == {
        f"8-2-{number}" for number in range(1, 6)
    }
    assert set(ours.filter(pl.col("verdict") == "ask")["criterion"]) >= {"8-2-1", "8-2-2", "8-2-4", None}
    assert set(ours["route"].drop_nulls()) == {"transfer_offer", "give_away", "discard", "record_only"}
    assert set(ours["survivor_kind"].drop_nulls()) == {"copy", "edition", "similar"}
    assert set(ours["advice"].drop_nulls()) == {"repair", "replace", "closed_stack"}
    assert set(ours["protected_by"].drop_nulls().str.split(";").explode()) == KEPT


def test_the_library_is_the_same_every_time_and_of_the_size_that_is_said(bench, tmp_path):
    _, snapshot = bench
    again = library.make(tmp_path / "store", SCALE)
    assert judging.sizes(again) == (15_000, 225_000)
    with connect(attach={"one": snapshot, "two": again}) as connection:
        for table in ("bib", "item", "loan", "hold", "retention"):
            query = f"SELECT count(*) FROM (FROM one.{table} EXCEPT ALL FROM two.{table})"
            assert connection.execute(query).fetchall() == [(0,)]


def test_the_plain_pymarc_loop_finds_the_same_fields(tmp_path):
    marc.make(tmp_path / "made.mrc", 300)
    assert marc.differences(tmp_path / "made.mrc") == {}


def test_the_files_of_both_encodings_hold_the_same_and_all_of_it_is_taken(bench, tmp_path):
    _, snapshot = bench
    files.make(snapshot, tmp_path)
    items, loans = judging.sizes(snapshot)
    for kind, rows in (("items", items), ("loans", loans)):
        with connect() as connection:
            plain, other = (stage(connection, files.of(tmp_path, kind, encoding))[0] for encoding in ("utf-8", "cp932"))
            assert (plain.encoding, other.encoding, plain.rows, other.rows) == ("utf-8", "cp932", rows, rows)
            query = f"SELECT count(*) FROM (FROM {plain.table} EXCEPT ALL FROM {other.table})"
            assert connection.execute(query).fetchall() == [(0,)]
    assert files.imported(files.with_bibs(tmp_path), tmp_path, "cp932") > 0


def test_every_page_is_measured(bench):
    folder, _ = bench
    flags = flag(folder / "store", library.policy(), library.AS_OF)
    assert set(pages.slowest(flags, library.policy())) == {
        "ホーム", "除籍候補", "資料カード", "蔵書構成", "推移", "鮮度", "複本", "書架の余裕", "地域資料", "偏り", "規則の鏡", "基準"
    }  # fmt: skip


def test_a_line_says_whether_its_target_was_reached():
    assert (
        measures.Line("a", "1 s", "2 s", "2 ×", "≥ 4 ×", False).markdown() == "| a | 1 s | 2 s | 2 × | ≥ 4 × | **no** |"
    )


def test_requests_are_checked_and_the_rules_run_over_the_measured_library(bench):
    folder, snapshot = bench
    flag(folder / "store", library.policy(), library.AS_OF)
    lines = list(measures.selecting(snapshot))
    assert len(lines) == 2
    assert all(verdict in lines[0].what for verdict in ("held", "duplicate", "refuse", "committee", "accept"))


def test_people_decide_in_the_measured_library(bench):
    folder, _ = bench
    flag(folder / "store", library.policy(), library.AS_OF)
    lines = list(measures.decisions(folder / "store", 0.0))
    assert all(line.equal for line in lines) and len(lines) == 5

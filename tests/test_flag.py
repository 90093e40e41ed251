"""The flag engine against its naive twin, and the sentences of SEMANTICS one by one."""

from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection.flag import judge
from collection.policy.load import load
from collection.store.connection import connect
from tests import naive_flag
from tests.random_library import AS_OF, random_library, write_snapshot

PACK = Path(__file__).parents[1] / "data" / "policies" / "nishinomiya"
POLICY = load(PACK, AS_OF)
FACTS = (
    "last_use", "idle_years", "years_held", "years_published", "years_since_issue", "years_overdue",
    "years_since_reminder", "years_since_missing", "loans_1y", "loans_3y", "in_house_1y", "holds", "copies",
    "copies_branch", "surplus", "superseded", "usable", "class_idle_years", "class_shelf_life", "use_only",
    "subject_literature", "circulates", "annual", "retention_years", "retention_permanent", "local_clue", "listed",
)  # fmt: skip


def judged_rows(folder: Path, library: dict, as_of: date = AS_OF) -> dict[int, dict]:
    snapshot = write_snapshot(folder / "snapshot.duckdb", library)
    with connect(folder / "flags.duckdb", attach={"facts_of_day": snapshot}) as connection:
        judge(connection, POLICY, as_of)
        return {row["item_no"]: row for row in connection.sql("SELECT * FROM judged").pl().to_dicts()}


@pytest.fixture
def fresh(tmp_path_factory):
    return lambda: tmp_path_factory.mktemp("library")


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), items=st.integers(1, 160), titles=st.sampled_from([0.2, 0.5, 1.0]))
def test_facts_and_verdicts_equal_the_naive_twin(tmp_path_factory, seed, items, titles):
    library = random_library(Random(seed), items, titles)
    judged = judged_rows(tmp_path_factory.mktemp("library"), library)
    naive = naive_flag.facts(POLICY, library)
    assert judged.keys() == naive.keys()
    for number, row in naive.items():
        assert {name: judged[number][name] for name in FACTS} == {name: row[name] for name in FACTS}
    expected = naive_flag.verdicts(POLICY, naive)
    for number, row in expected.items():
        told = {name: judged[number][name] for name in row}
        assert told == row, naive[number]


def test_survivors_hold_on_a_large_random_library(tmp_path):
    """SEMANTICS, the survivor guarantee, on 200,000 items."""
    library = random_library(Random(2025), 200_000, 0.3)
    judged = judged_rows(tmp_path, library)
    check_guarantee(library, judged)
    assert sum(row["survivor_item_no"] is not None for row in judged.values()) > 1000


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), items=st.integers(1, 400), titles=st.sampled_from([0.05, 0.2, 0.6]))
def test_survivors_hold_on_random_libraries(tmp_path_factory, seed, items, titles):
    library = random_library(Random(seed), items, titles)
    check_guarantee(library, judged_rows(tmp_path_factory.mktemp("library"), library))


def check_guarantee(library: dict, judged: dict[int, dict]) -> None:
    """Take away every flagged item at once: each named survivor is there, usable, of the right kind; no work is lost."""
    placed = naive_flag.parts(library)
    items = {item["item_no"]: item for item in library["item"]}
    rank = {
        item["item_no"]: library["bib"][item["bib_no"]]["edition_rank"] if item["bib_no"] is not None else None
        for item in library["item"]
    }
    flagged = {number for number, row in judged.items() if row["verdict"] == "candidate"}
    by_use = {number for number in flagged if "8-2-2" in judged[number]["criteria"].split(";")}
    for number in by_use:
        row = judged[number]
        stays = row["survivor_item_no"]
        assert stays is not None
        assert stays not in flagged
        assert stays != number
        assert usable(items[stays])
        kind = row["survivor_kind"]
        assert (placed[stays][1] == placed[number][1]) == (kind == "copy")
        if kind == "edition":
            assert placed[stays][0] == placed[number][0]
            assert rank[stays] > rank[number]
        if kind == "similar":
            assert placed[stays][0] != placed[number][0]
            assert row["subject_literature"]
    stocked = {placed[number][0] for number in by_use if usable(items[number])}
    left = {placed[number][0] for number in judged if number not in flagged and usable(items[number])}
    assert stocked <= left


def usable(item: dict) -> bool:
    return (
        item["status"] not in ("missing", "withdrawn")
        and item["condition"] not in ("soiled", "damaged")
        and not item["unrecoverable"]
        and item["source"] != "deposit"
        and item["gone_on"] is None
    )

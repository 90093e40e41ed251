"""The pack of the fictional みなと町: right in every part, judged as its naive twin says, and its survivors stay."""

import csv
import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection import approve, criteria, evidence, flag, ledger, lots, offers, policy, road, words
from collection.policy import coverage, table
from collection.store.connection import connect_flags
from tests import naive_flag, road_store, small_store
from tests.random_library import random_library
from tests.test_flag import check_guarantee, check_twin, judged_rows, random_decisions

PACK = Path(__file__).parents[2] / "data" / "policies" / "minato-machi"
POLICY = policy.load(PACK, date(2025, 4, 1))
CRITERIA = [f"2-{n}" for n in range(1, 9)]


def test_the_pack_has_no_mistakes():
    assert [str(problem) for problem in policy.check(PACK)] == []


def test_every_testing_rule_has_a_hit_a_miss_a_blank_and_the_day_before():
    for rule in POLICY.rules:
        if rule.when is None:
            continue
        with (PACK / "cases" / f"{rule.id}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {"該当", "該当なし", "施行前"} <= {row["expected"] for row in rows}, rule.id
        assert any("" in list(row.values())[4:] for row in rows), rule.id
        began = min(version["in_force"] for version in versions(rule))
        assert {"2016-03-31", "2016-04-01"} <= {row["on"] for row in rows if began == date(2016, 4, 1)}, rule.id


def versions(rule) -> list[dict]:
    return tomllib.loads(rule.file.read_text(encoding="utf-8"))["version"]


def test_coverage_shows_every_clause():
    found = coverage.rows(POLICY)
    assert [row["clause"] for row in found] == [
        "1-1", "1-2", *CRITERIA, "3-1", "3-2", "3-3", "4-1", "4-2", "4-3", "4-4", "5-1",
    ]  # fmt: skip
    assert Counter(row["state"] for row in found) == {"machine": 16, "eyes": 2}


def test_everything_is_said_in_english_too():
    token = words.language.set("en")
    try:
        said = [value for row in table.rows(POLICY) for value in (row["gist"], row["condition"], row["operating"])]
        said += criteria.labels(POLICY).values()
    finally:
        words.language.reset(token)
    kana = [text for text in said if any("ぁ" <= mark <= "ヶ" for mark in text)]
    assert kana == []


def test_the_amendment_counts_inventories():
    before = policy.load(PACK, date(2024, 3, 31))
    assert {"点検の回数"} == set(rule_of("wd-2-6", POLICY).values) - set(rule_of("wd-2-6", before).values)


def rule_of(name: str, pack):
    return next(rule for rule in pack.rules if rule.id == name)


# ── what it says of the criteria


def test_the_criteria_are_named_as_the_pack_cites_them():
    assert criteria.labels(POLICY)["2-6"] == "2(6) 不明"
    assert list(criteria.labels(POLICY)) == CRITERIA
    assert criteria.label(POLICY, "4-1") == "4(1)"
    assert criteria.label(POLICY, "9-9") == "9-9"
    assert criteria.needing(POLICY) == ["2-2", "2-3", "2-4", "2-5"]
    assert (criteria.without_object(POLICY), criteria.lent(POLICY)) == (["2-6", "2-7"], ["2-7"])
    assert criteria.turning(POLICY) == {
        "2-1": "condition", "2-2": "years_published", "2-3": "superseded", "2-4": "surplus", "2-5": "idle_years",
        "2-6": "years_since_missing", "2-7": "years_overdue", "2-8": "years_since_issue",
    }  # fmt: skip
    assert criteria.begins(POLICY, "give_away") == ["2-8"]
    assert criteria.begins(POLICY, "discard") == ["2-1", "2-2"]


# ── the engine under it


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 10**6), items=st.integers(1, 160), titles=st.sampled_from([0.2, 0.5, 1.0]),
    share=st.sampled_from([0, 0.3]),
)  # fmt: skip
def test_facts_and_verdicts_equal_the_naive_twin(tmp_path_factory, seed, items, titles, share):
    library = random_library(Random(seed), items, titles)
    check_twin(tmp_path_factory.mktemp("library"), library, random_decisions(Random(seed), library, share), POLICY)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6), items=st.integers(1, 400), titles=st.sampled_from([0.05, 0.2, 0.6]),
    share=st.sampled_from([0, 0.2]),
)  # fmt: skip
def test_survivors_hold_under_four_criteria(tmp_path_factory, seed, items, titles, share):
    library = random_library(Random(seed), items, titles)
    decided = random_decisions(Random(seed), library, share)
    leaving = {number for number, row in naive_flag.facts(POLICY, library, decided).items() if row["leaving"]}
    judged = judged_rows(tmp_path_factory.mktemp("library"), library, decided, POLICY)
    check_guarantee(library, judged, leaving, POLICY)


def test_every_criterion_that_needs_a_survivor_finds_some(tmp_path):
    judged = judged_rows(tmp_path, random_library(Random(7), 20_000, 0.3), None, POLICY)
    named = [row for row in judged.values() if row["survivor_item_no"] is not None]
    assert {"2-2", "2-3", "2-4", "2-5"} <= {row["criterion"] for row in named}
    assert all(set(row["criteria"].split(";")) & set(criteria.needing(POLICY)) for row in named)
    assert Counter(row["verdict"] for row in judged.values())["move"] == 0


@pytest.mark.parametrize(
    ("confirmed", "missed"),
    [(date(2025, 2, 7), 1), (date(2025, 2, 8), 0), (date(2024, 2, 9), 2), (date(2021, 6, 1), 4), (None, None)],
)
def test_the_inventory_at_which_the_loss_was_confirmed_counts(tmp_path, confirmed, missed):
    library = random_library(Random(1), 1)
    library["item"][0] |= {
        "status": "missing",
        "missing_confirmed_on": confirmed,
        "gone_on": None,
        "source": "purchase",
    }
    [row] = judged_rows(tmp_path, library, None, POLICY).values()
    assert row["inventories_missed"] == missed
    assert (row["criterion"] == "2-6") == ((missed or 0) >= 3)


def test_a_pack_that_names_no_inventory_knows_of_none(tmp_path):
    library = random_library(Random(1), 1)
    library["item"][0] |= {"status": "missing", "missing_confirmed_on": date(2024, 1, 1), "gone_on": None}
    unnamed = {name: value for name, value in POLICY.parameters.items() if name != "蔵書点検を終えた日"}
    [row] = judged_rows(tmp_path, library, None, replace(POLICY, parameters=unnamed)).values()
    assert row["inventories_missed"] is None


# ── the demo library under it


@pytest.fixture(scope="module")
def flags(flagged, tmp_path_factory) -> Path:
    """The flags of the small demo library under this pack; the store is two folders up."""
    store = road_store.copied(flagged, tmp_path_factory.mktemp("minato"))
    return flag.flag(store, POLICY, small_store.demo.AS_OF)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_candidate_says_why(flags, lang):
    token = words.language.set(lang)
    try:
        with connect_flags(flags) as cursor:
            rows = cursor.execute(
                "SELECT item_id, criterion FROM judged JOIN facts_of_day.item USING (item_no) WHERE verdict = 'candidate'"
            ).fetchall()
            told = evidence.of_items(cursor, POLICY, [item for item, _ in rows])["told"]
    finally:
        words.language.reset(token)
    assert {criterion for _, criterion in rows} >= {"2-1", "2-2", "2-3", "2-4", "2-5", "2-8"}
    assert all('"article":"除籍基準 2(' in text and '"reason":null' not in text for text in told)


def test_what_would_go_but_for_a_survivor_says_under_which_criterion(flags):
    kept = "verdict = 'keep' AND rule = 'wd-3-2' AND coalesce(protected_by, '') NOT LIKE '%wd-3-2%'"
    items = small_store.items_of(flags, kept)
    with connect_flags(flags) as cursor:
        told = evidence.of_items(cursor, POLICY, items[:5])["told"]
    assert len(told)
    assert all(re.search('"reason":"[^"]*年。[^"]*代わりに残る資料がないため残す。"', text) for text in told)


def test_a_withdrawn_item_takes_the_road_of_this_pack(flags, tmp_path):
    store = road_store.copied(flags, tmp_path / "store")
    flags = store / "holdings" / flags.name
    chosen = {
        criterion: small_store.items_of(flags, f"criterion = '{criterion}' AND verdict = 'candidate'")[0]
        for criterion in ("2-1", "2-2", "2-5", "2-8")
    }
    road_store.resolved(store, "2025-001", {item: criterion for criterion, item in chosen.items()})
    done = approve.approve(store, flags, POLICY, road_store.MANAGER, "2025-001")
    assert done.refused == []
    assert road_store.present(store, "road") == {
        chosen["2-1"]: "to_discard", chosen["2-2"]: "to_discard", chosen["2-5"]: "to_offer", chosen["2-8"]: "to_give",
    }  # fmt: skip
    with connect_flags(flags) as cursor:
        person = road_store.LIBRARIAN
        number = offers.offer(store, person, seen(store, chosen["2-5"]), date.today())
        offers.settle(
            cursor, store, person, number, offers.proposals(cursor, store, number), early="学校の返事がそろった"
        )
        lots.put_in_lots(store, person, road.items(cursor, store, ("to_give",)))
        road.step(store, person, "discard", seen(store, chosen["2-2"]))
    assert clauses(store, chosen["2-5"]) == ["2-5", "4-1", "4-1", "4-2"]
    assert clauses(store, chosen["2-8"]) == ["2-8", "4-2"]
    assert clauses(store, chosen["2-2"]) == ["2-2", "4-3"]


def seen(store: Path, item: str) -> dict[str, int]:
    with ledger.reading(store) as connection:
        return {item: ledger.latest(connection, "road", [item])[item]["seq"]}


def clauses(store: Path, item: str) -> list[str]:
    with ledger.reading(store) as connection:
        return [row["clause"] for row in ledger.history(connection, item) if row["aspect"] == "road"]

"""偏りの検査: exact against fractions, quiet for drawn lists, loud for planted ones."""

from fractions import Fraction
from math import comb
from random import Random

import polars as pl
import pytest

from collection import agenda, committee, fairness
from collection.candidates import Filter
from collection.words import Problem
from tests import committee_store as people
from tests.committee_store import drafted

OPERATING = {"偏りの最少冊数": 3, "偏りの有意水準": 0.01}


def facts(cursor) -> list[dict]:
    found = cursor.sql(
        "SELECT item_id, verdict, criterion, author, publisher, series, bib.ndc FROM judged"
        " JOIN facts_of_day.item USING (item_no) LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no"
    )
    return found.pl().to_dicts()


def values(row: dict) -> set[tuple[str, str]]:
    found = {("author", name.strip()) for name in (row["author"] or "").split(";") if name.strip()}
    found |= {(name, row[name].strip()) for name in ("publisher", "series") if row[name]}
    moku = (row["ndc"] or "")[:3]
    return found | ({("moku", moku)} if len(moku) == 3 and moku.isdigit() else set())


def naive(rows: list[dict], items: set[str], fewest: int, level: float) -> dict:
    """(attribute, value) → (k, n, K, N, p, adjusted, striking), all in whole numbers and fractions."""
    listed = [row for row in rows if row["item_id"] in items]
    met = {row["criterion"] for row in listed if row["verdict"] == "candidate"}
    population = [
        row for row in rows
        if row["item_id"] in items or (row["verdict"] == "candidate" and row["criterion"] in met)
    ]  # fmt: skip
    everywhere, here = {}, {}
    for row in population:
        for value in values(row):
            everywhere[value] = everywhere.get(value, 0) + 1
            here[value] = here.get(value, 0) + (row["item_id"] in items)
    n, whole = len(listed), len(population)
    tested = []
    for value, many in everywhere.items():
        if many >= fewest:
            tail = sum(comb(many, k) * comb(whole - many, n - k) for k in range(here[value], min(many, n) + 1))
            tested.append((Fraction(tail, comb(whole, n)), value))
    told, highest = {}, Fraction(0)
    for at, (p, value) in enumerate(sorted(tested)):
        highest = max(highest, min(Fraction(1), p * (len(tested) - at)))
        striking = highest < level and here[value] >= fewest
        told[value] = (here[value], n, everywhere[value], whole, p, highest, striking)
    return told


@pytest.mark.parametrize("seed", range(4))
def test_counts_and_chances_are_exact(cursor, seed):
    rng, rows = Random(seed), facts(cursor)
    pool = [row["item_id"] for row in rows if row["verdict"] == "candidate" or rng.random() < 0.01]
    items = rng.sample(pool, 25)
    found = fairness.check(cursor, OPERATING, items)
    expected = naive(rows, set(items), 3, 0.01)
    assert {(row["attribute"], row["value"]) for row in found.to_dicts()} == set(expected)
    for row in found.to_dicts():
        k, n, many, whole, p, adjusted, striking = expected[row["attribute"], row["value"]]
        assert (row["in_list"], row["list"], row["in_population"], row["population"]) == (k, n, many, whole)
        assert row["p"] == pytest.approx(float(p), rel=1e-9)
        assert row["p_adjusted"] == pytest.approx(float(adjusted), rel=1e-9)
        assert row["striking"] == striking
        assert row["expected"] == pytest.approx(n * many / whole)


def test_a_drawn_list_is_seldom_striking(cursor):
    """The chance of any false alarm in a list stays below the level, here 0.2: 60 lists, at most 21 (p < 0.002)."""
    pool = sorted(row["item_id"] for row in facts(cursor) if row["verdict"] == "candidate")
    alarms = 0
    for seed in range(60):
        found = fairness.check(cursor, {**OPERATING, "偏りの有意水準": 0.2}, Random(seed).sample(pool, 60))
        alarms += found["striking"].any()
    assert alarms <= 21


@pytest.mark.parametrize("attribute", fairness.ATTRIBUTES)
def test_a_planted_concentration_is_found(cursor, attribute):
    rows = [row for row in facts(cursor) if row["verdict"] == "candidate"]
    by_value: dict = {}
    for row in rows:
        for value in values(row):
            if value[0] == attribute:
                by_value.setdefault(value, []).append(row["item_id"])
    value, planted = max(by_value.items(), key=lambda pair: len(pair[1]))
    drawn = Random(1).sample([row["item_id"] for row in rows if row["item_id"] not in planted], 10)
    found = fairness.check(cursor, {**OPERATING, "偏りの有意水準": 0.05}, [*planted, *drawn])
    assert value in found.filter("striking").select("attribute", "value").rows()


def test_what_is_tested_does_not_depend_on_the_list(cursor):
    rows = [row["item_id"] for row in facts(cursor) if row["criterion"] == "8-2-2" and row["verdict"] == "candidate"]
    tested = [
        fairness.check(cursor, OPERATING, items).select("attribute", "value") for items in (rows[:20], rows[-20:])
    ]
    assert set(tested[0].rows()) == set(tested[1].rows())


def test_an_empty_list_has_no_findings(cursor):
    assert fairness.check(cursor, OPERATING, []).is_empty()


def test_a_finding_waits_for_its_reason(flagged, cursor, tmp_path):
    store = people.copy(flagged, tmp_path)
    author = cursor.execute(
        "SELECT author FROM judged JOIN facts_of_day.bib USING (bib_no) WHERE verdict = 'candidate' AND author IS NOT NULL"
        " GROUP BY author ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()[0]
    list_no = drafted(store, cursor, flagged, Filter(text=author), source="candidates")
    open_ = fairness.unanswered(cursor, store, list_no)
    assert ("author", author) in open_
    with pytest.raises(Problem, match="できません"):
        fairness.answer(store, people.LIBRARIAN, list_no, open_, "まだ作成中")
    committee.submit(store, people.LIBRARIAN, list_no)
    with pytest.raises(Problem, match="理由を入れて"):
        fairness.answer(store, people.LIBRARIAN, list_no, open_, " ")
    with pytest.raises(Problem, match="司書・選書委員"):
        fairness.answer(store, people.MANAGER, list_no, open_, "理由")
    fairness.answer(store, people.MEMBERS[0], list_no, open_[:1], "改版で全点が重複")
    assert fairness.unanswered(cursor, store, list_no) == open_[1:]
    fairness.answer(store, people.LIBRARIAN, list_no, open_, "同じ叢書をまとめて見直した")
    assert fairness.unanswered(cursor, store, list_no) == []
    told = fairness.findings(cursor, store, list_no)
    assert set(told["reason"]) == {"同じ叢書をまとめて見直した"}


def test_after_the_vote_only_what_leaves_is_looked_at(flagged, cursor, tmp_path):
    store = people.copy(flagged, tmp_path)
    list_no = drafted(store, cursor, flagged, Filter(criterion=("8-2-2",)), source="candidates")
    committee.submit(store, people.LIBRARIAN, list_no)
    items = agenda.entries(store, list_no)["item_id"].to_list()
    kept = set(items[::2])
    for member in people.MEMBERS:
        choices = {item: ("keep" if item in kept else "withdraw", "") for item in items}
        committee.vote(store, member, list_no, choices)
    committee.close(store, people.MANAGER, list_no, people.MEMBERS)
    left = [item for item in items if item not in kept]
    expected = fairness.check(cursor, agenda.one(store, list_no).operating, left).filter("striking")
    found = fairness.findings(cursor, store, list_no)
    assert found.select(expected.columns).equals(expected)
    assert found.filter(pl.col("reason").is_not_null()).is_empty()

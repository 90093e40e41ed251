"""The policy pack of 西宮市: it loads, its cases hold, every clause has a file, and no gist copies the official wording."""

import csv
from datetime import date
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from collection import policy, words
from collection.policy import cases, pieces, reason
from collection.store.connection import connect

ROOT = Path(__file__).parents[2]
PACK = ROOT / "data" / "policies" / "nishinomiya"
OFFICIAL = ROOT / ".." / "shared" / "reference" / "clauses.csv"
NEAR, SHORT = 62, 12
"""A gist of more than SHORT characters must stay below NEAR (rapidfuzz ratio 0–100) of its clause."""


@pytest.fixture(scope="module")
def pack():
    return policy.load(PACK, date(2025, 4, 1))


def test_the_pack_has_no_mistakes():
    assert [str(problem) for problem in policy.check(PACK)] == []


def test_every_case_comes_out_as_written():
    assert [str(problem) for problem in cases.run(PACK)] == []


def clauses() -> list[tuple[str, str]]:
    """(document, clause) of everything this pack must have a file for."""
    with (ROOT / "data" / "reference" / "nishinomiya" / "clauses.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["document"], row["clause"]) for row in csv.DictReader(file)]


def test_every_clause_has_a_rule_in_force(pack):
    wanted = clauses()
    assert len(wanted) == 41 + 218 + 30
    assert set(wanted) == {(rule.document, rule.clause) for rule in pack.rules}


def test_files_are_named_after_their_clause(pack):
    for rule in pack.rules:
        assert rule.file.stem == rule.id.partition("-")[2]
        assert rule.file.parent.name == rule.document


def test_articles_read_as_they_are_cited(pack):
    articles = {rule.id: rule.article for rule in pack.rules}
    assert articles["km-8-2-2"] == "資料収集管理要綱 第8条第2項第2号"
    assert articles["km-10-1-1"] == "資料収集管理要綱 第10条第1号"
    assert articles["cc-3-5-1"] == "資料収集に関する基準 第3の5(1)"
    assert articles["cc-3-5-6-1"] == "資料収集に関する基準 第3の5(6)ア"
    assert articles["cc-4-1-4-9"] == "資料収集に関する基準 第4の1(4)ケ"
    assert articles["ln-9-1-2"] == "個人貸出し等に関する要綱 第9条第1項第2号"
    assert articles["ln-2-1"] == "個人貸出し等に関する要綱 第2条"
    assert len({(rule.document, rule.clause) for rule in pack.rules}) == len(set(articles.values()))


def test_protections_hold_before_the_amendment_of_2025_too():
    before = policy.load(PACK, date(2025, 3, 31))
    after = policy.load(PACK, date(2025, 4, 1))
    keeps = [[(rule.id, rule.when, rule.blocks) for rule in one.rules if rule.blocks] for one in (before, after)]
    assert keeps[0] == keeps[1]
    assert keeps[0]
    assert (before.in_force, after.in_force) == (date(2021, 4, 1), date(2025, 4, 1))


def test_every_protection_keeps_from_low_use_and_asks_or_keeps_for_damage(pack):
    """A protection of SEMANTICS never lets 第2号 through and never leaves 第1号 a plain candidate."""
    only_serials = {"km-7-1", "km-7-1-term"}
    for rule in pack.rules:
        if rule.effect == "keep" and rule.when:
            assert rule.blocks["8-2-2"] == "keep"
            assert rule.id in only_serials or "8-2-1" in rule.blocks


def test_every_testing_rule_has_cases_with_a_hit_a_miss_and_the_day_before(pack):
    for rule in pack.rules:
        if rule.when is None:
            continue
        with (PACK / "cases" / f"{rule.id}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        expected = {row["expected"] for row in rows}
        assert {"該当", "該当なし"} <= expected, rule.id
        blank = [row for row in rows if any(row[fact] == "" for fact in list(row)[4:])]
        assert blank or rule.id == "km-7-1", rule.id


def blank_facts(**known) -> dict:
    return {name: None for name in words.table("facts")} | known


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (
            {
                "last_use": date(2013, 2, 28),
                "accession_date": date(2007, 5, 1),
                "idle_years": 12,
                "years_published": 18,
            },
            "最後の貸出から12年（2013-02）、刊行から18年。",
        ),
        (
            {"never_lent": True, "accession_date": date(2017, 5, 1), "idle_years": 7, "years_published": 8},
            "受入から7年（2017-05）一度も貸出なし、刊行から8年。",
        ),
        ({"accession_date": date(2001, 5, 1), "idle_years": 5}, "記録のある5年は利用なし。"),
        (
            {"last_use": date(2013, 2, 28), "accession_date": date(2014, 5, 1), "idle_years": 10, "superseded": True},
            "受入から10年（2014-05）利用なし。新しい版を所蔵している。",
        ),
        ({"circulates": False, "last_use": date(2013, 2, 28), "idle_years": 12}, "最後の利用から12年（2013-02）。"),
    ],
)
def test_the_reason_of_low_use_says_since_when(pack, known, sentence):
    plain = {"circulates": True, "never_lent": False, "superseded": False, "surplus": False}
    rule = pieces.rule_of(pack, "km-8-2-2")
    segments = reason.parse(rule.reason, **pieces.scope(pack, rule))
    assert reason.sentence(segments, blank_facts(**plain | known)) == sentence


def test_score_of_a_novel_and_of_a_law_book_as_computed_by_hand(pack):
    """A novel lent 4 times, idle 3 years, 2 copies; a law book of 2022 never lent, the only copy, local."""
    rows = "circulates, loans_3y, use_only, idle_years, years_published, class_shelf_life, copies, local"
    empty = "retention, listed, local_clue, material"
    parts = ", ".join(f"{sql} AS {name}" for name, sql in pieces.score_select(pack))
    query = f"""SELECT {parts}
        FROM (SELECT *, NULL::INTEGER AS in_house_1y, {", ".join(f"NULL::VARCHAR AS {name}" for name in empty.split(", "))}
              FROM (VALUES (true, 4, true, 3, 30, NULL, 2, NULL), (true, 0, false, 3, 3, 5, 1, 'local')) AS item({rows}))"""
    with connect() as connection:
        assert connection.execute(query).fetchall() == [(40, 70, 50, 20), (0, 70, 100, 100)]


def test_weights_and_classes_are_marked_as_operating_values(pack):
    assert sum(part.weight for part in pack.score.values()) == 100
    assert all(row["note"].startswith("運用値") for row in pack.classes)


def test_no_gist_copies_the_official_wording():
    if not OFFICIAL.exists():
        pytest.skip("../shared/reference/clauses.csv is not here: no official wording to compare the gists with")
    with OFFICIAL.open(encoding="utf-8-sig", newline="") as file:
        official = {(row["document"], row["clause"]): row["text"] for row in csv.DictReader(file)}
    near = []
    for on in (date(2021, 4, 1), date(2025, 4, 1)):
        for rule in policy.load(PACK, on).rules:
            text = official[rule.document, rule.clause]
            for said in (rule.gist, rule.question or ""):
                alike = fuzz.ratio(said, text)
                if len(said) > SHORT and alike >= NEAR:
                    near.append((rule.id, round(alike), said))
    assert near == []

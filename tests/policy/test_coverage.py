"""Every clause is counted once, and nothing is silently left out."""

import csv
from datetime import date
from pathlib import Path

import pytest

from collection import policy, words
from collection.policy import coverage
from tests.policy.small_pack import write_pack

ROOT = Path(__file__).parents[2]
IDENTITIES = ROOT / "data" / "reference" / "nishinomiya" / "clauses.csv"
OFFICIAL = ROOT / ".." / "shared" / "reference" / "clauses.csv"


def test_small_pack(small):
    loaded = policy.load(small, date(2025, 4, 1))
    assert [(row["clause"], row["state"], row["rules"], row["detail"]) for row in coverage.rows(loaded)] == [
        ("8-2-1", "machine", ["km-8-2-1"], []),
        ("8-2-3", "machine", ["km-8-2-3"], []),
        ("9-1", "machine", ["km-9-1"], ["行先"]),
        ("13-1", "machine", ["km-13-1"], []),
        ("2-1", "missing", ["cc-2-1"], ["装丁"]),
    ]
    later = coverage.summary(policy.load(small, date(2030, 4, 1)))
    assert later == {
        "management": {"machine": 3, "none": 1},
        "criteria": {"missing": 1},
        "": {"machine": 3, "none": 1, "missing": 1},
    }


def test_question_needs_eyes(tmp_path):
    rule = 'id = "km-9-1"\ndocument = "management"\nclause = "9-1"\narticle = "資料要綱 第9条"\neffect = "ask"\n[[version]]\nin_force = 2021-04-01\ngist = "声"\nquestion = "声をかけたか"\n'
    loaded = policy.load(write_pack(tmp_path, {"management/9-1.toml": rule}), date(2025, 4, 1))
    assert coverage.summary(loaded)[""]["eyes"] == 1


def test_printed_lines(small):
    loaded = policy.load(small, date(2025, 4, 1))
    assert coverage.lines(loaded) == [
        "文書\tデータで調べる\t人が見る\tこのデータでは分からない\t規則のファイルがない\t計",
        "資料要綱\t4\t0\t0\t0\t4",
        "資料基準\t0\t0\t1\t0\t1",
        "計\t4\t0\t1\t0\t5",
        "",
        "文書\t条項\t調べ方\t規則\t根拠・足りない項目",
        "資料基準\t2-1\tこのデータでは分からない\tcc-2-1\t装丁",
    ]
    assert len(coverage.lines(loaded, everything=True)) == 6 + 5
    token = words.language.set("en")
    try:
        assert coverage.lines(loaded)[3] == "Total\t4\t0\t1\t0\t5"
    finally:
        words.language.reset(token)


def test_without_a_list_of_clauses_the_rules_are_counted(tmp_path):
    folder = write_pack(tmp_path)
    text = (folder / "policy.toml").read_text(encoding="utf-8").replace('clauses = "clauses.csv"\n', "")
    (folder / "policy.toml").write_text(text, encoding="utf-8")
    assert coverage.summary(policy.load(folder, date(2025, 4, 1)))[""].total() == 5


def test_nishinomiya_counts_every_clause():
    loaded = policy.load(ROOT / "data" / "policies" / "nishinomiya", date(2025, 4, 1))
    counted = coverage.summary(loaded)
    assert {document: states.total() for document, states in counted.items()} == {
        "collection-management": 41,
        "collection-criteria": 218,
        "lending": 30,
        "": 289,
    }
    assert counted[""]["none"] == 0


@pytest.mark.skipif(
    not OFFICIAL.exists(), reason="../shared is not here: the identities are not compared with the source"
)
def test_identities_are_those_of_the_source():
    with IDENTITIES.open(encoding="utf-8") as ours, OFFICIAL.open(encoding="utf-8-sig") as theirs:
        found = [(row["document"], row["clause"]) for row in csv.DictReader(ours)]
        assert found == [(row["document"], row["clause"]) for row in csv.DictReader(theirs)]

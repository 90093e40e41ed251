"""A policy on a day: versions, amendments, repeal, and the hash that tells one version of the rules from another."""

from datetime import date
from pathlib import Path

import pytest

from collection import policy
from collection.policy import pieces
from collection.words import Problem
from tests.policy.small_pack import FILES, write_pack

PACKS = sorted(path.parent for path in (Path(__file__).parents[2] / "data" / "policies").glob("*/policy.toml"))


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_every_pack_loads(folder):
    assert policy.load(folder, date(2025, 4, 1)).rules


@pytest.mark.parametrize(
    ("on", "years"), [(date(2021, 4, 1), 3), (date(2024, 3, 31), 3), (date(2024, 4, 1), 2), (date(2029, 1, 1), 2)]
)
def test_the_day_before_and_after_an_amendment(small, on, years):
    rule = pieces.rule_of(policy.load(small, on), "km-8-2-3")
    assert rule.values == {"経過年数": years}


def test_nothing_is_in_force_before_the_first_version(small):
    assert policy.load(small, date(2021, 3, 31)).rules == ()


def test_a_repealed_rule_ends(small):
    assert "km-13-1" in {rule.id for rule in policy.load(small, date(2030, 3, 31)).rules}
    ended = policy.load(small, date(2030, 4, 1))
    assert "km-13-1" not in {rule.id for rule in ended.rules}
    with pytest.raises(Problem, match="km-13-1"):
        pieces.rule_of(ended, "km-13-1")


def test_what_a_policy_holds(small):
    loaded = policy.load(small, date(2025, 4, 1))
    assert [rule.id for rule in loaded.rules] == ["km-8-2-1", "km-8-2-3", "km-9-1", "km-13-1", "cc-2-1"]
    assert loaded.in_force == date(2024, 4, 1)
    assert loaded.parameters["鮮度の下限"] == 5
    assert loaded.parameters["不明の起算"] == "年度末"
    assert loaded.classes[1] == {
        "prefix": "9", "idle_years": 5, "shelf_life": None, "use_only": True, "similar": False, "note": "", "note_en": "",
    }  # fmt: skip
    row = {"title": None, "author": "水野あかり", "publisher": None, "isbn": None, "note": "市内の生まれ"}
    assert loaded.lists["ゆかりの著者"].rows == (row,)
    assert loaded.clues[0]["fields"] == ["title", "subjects"]
    assert loaded.clues[1]["classes"] == ["216.4"]
    assert loaded.capacity == {"中央館": (1000, 500)}
    named = {
        "経過年数": "years passed", "低利用": "Low use", "低価値": "Low value", "不明の起算": "Lost: counted from",
        "受入保護年数": "Protected after accession", "利用だけの無利用年数": "Idle years where use alone decides",
        "督促の間隔年数": "Reminders: longest gap", "複本1冊の年間貸出": "Loans one copy can serve in a year",
    }  # fmt: skip
    assert named.items() <= loaded.names.items()


def test_english_of_one_version_goes_before_the_general_one(tmp_path):
    text = FILES["en.toml"] + '\n["km-8-2-3@2024-04-01"]\ngist = "Lost, shorter"\nreason = "{経過年数}"\n'
    folder = write_pack(tmp_path, {"en.toml": text})
    gists = [pieces.rule_of(policy.load(folder, date(year, 4, 1)), "km-8-2-3").english["gist"] for year in (2023, 2024)]
    assert gists == ["Long lost", "Lost, shorter"]


def test_the_hash_follows_rules_and_day_but_not_line_ends_or_cases(tmp_path):
    before = policy.load(write_pack(tmp_path / "a"), date(2025, 4, 1)).hash
    assert len(before) == 8
    assert policy.load(write_pack(tmp_path / "b"), date(2026, 4, 1)).hash == before
    assert policy.load(write_pack(tmp_path / "b"), date(2023, 4, 1)).hash != before
    changed = {"terms.toml": FILES["terms.toml"].replace("= 5", "= 6")}
    assert policy.load(write_pack(tmp_path / "c", changed), date(2025, 4, 1)).hash != before
    more = {"cases/more.csv": "rule,case,on,expected\n"}
    folder = write_pack(tmp_path / "d", more)
    text = (folder / "terms.toml").read_bytes().replace(b"\n", b"\r\n")
    (folder / "terms.toml").write_bytes(text)
    assert policy.load(folder, date(2025, 4, 1)).hash == before

"""Every pack's own cases hold, through the naive twin and through DuckDB; a wrong case file is told in words."""

from pathlib import Path

import pytest

from collection.policy import cases
from tests.policy.small_pack import FILES, write_pack

PACKS = sorted(path.parent for path in (Path(__file__).parents[2] / "data" / "policies").glob("*/policy.toml"))
FILE = "cases/km-8-2-3.csv"


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_every_case_of_every_pack(folder):
    assert [str(problem) for problem in cases.run(folder)] == []


def test_small_pack(small):
    assert cases.run(small) == []
    assert cases.counts(small) == {"km-8-2-3": 5}


WRONG = {
    "result": ("該当,不明,3", "該当なし,不明,3", ["km-8-2-3.csv 2行目", "不明から3年", "該当なし", "該当"]),
    "before_in_force": ("2021-03-31,施行前", "2021-04-01,施行前", ["6行目", "施行前"]),
    "column": ("不明確認からの年数\n", "不明確認後の年数\n", ["不明確認後の年数", "近い名前: 不明確認からの年数"]),
    "fixed_column": ("expected", "期待", ["rule,case,on,expected"]),
    "rule": ("km-8-2-3,不明から3年", "km-8-2-4,不明から3年", ["2行目", "km-8-2-4", "km-8-2-3"]),
    "rule_without_condition": ("km-8-2-3,不明から3年", "km-9-1,不明から3年", ["2行目", "km-9-1"]),
    "day": ("2023-04-01,該当", "2023-04-31,該当", ["2行目", "2023-04-31"]),
    "expected": ("該当,不明,3", "はい,不明,3", ["2行目", "はい", "該当、該当なし、判定不能、疑い、施行前"]),
    "word": ("該当,不明,3", "該当,紛失,3", ["2行目", "紛失", "不明"]),
    "number": ("該当,不明,3", "該当,不明,三", ["2行目", "三", "数"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_case(tmp_path, name):
    old, new, said = WRONG[name]
    assert old in FILES[FILE]
    folder = write_pack(tmp_path, {FILE: FILES[FILE].replace(old, new, 1)})
    messages = [str(problem) for problem in cases.run(folder)]
    assert any(all(word in message for word in said) for message in messages), messages


def test_a_case_file_from_excel(tmp_path):
    folder = write_pack(tmp_path)
    (folder / FILE).write_bytes(FILES[FILE].replace("\n", "\r\n").encode("cp932"))
    assert cases.run(folder) == []
    (folder / FILE).write_bytes(FILES[FILE].encode("utf-8-sig"))
    assert cases.run(folder) == []


def test_every_kind_of_fact_can_be_written(tmp_path):
    head = "rule,case,on,expected,受入区分,名簿,利用できる,受入日,所蔵館\n"
    text = (
        head
        + "km-13-1,載っている,2022/4/1,該当,購入,ゆかりの著者,はい,2020/1/5,北館\nkm-13-1,ほか,2022-04-01,該当なし,購入,,FALSE,,\n"
    )
    assert cases.run(write_pack(tmp_path, {"cases/km-13-1.csv": text})) == []


def test_a_pack_with_mistakes_runs_no_case(tmp_path):
    folder = write_pack(tmp_path, {"terms.toml": "x ="})
    assert any("terms.toml" in str(problem) for problem in cases.run(folder))

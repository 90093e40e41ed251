"""Plan files: what is right is read whole, what is wrong is told with file, line and what to do."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection import words
from collection.plans import keeping, model, reading, writing
from collection.plans.reading import PlanErrors
from collection.words import Problem

WHOLE = """
name    = "試しの計画"
library = "朝凪図書館"
kind    = "progress"

[[periods]]
name    = "前期"
columns = ["2023", "2024"]

[[periods]]
columns = ["2025-2027"]

[operating]
reached = 95

[[projects]]
no       = "1-①"
name     = "紙芝居をふやす"
section  = "司書課"
page     = 12
priority = true

[[projects.indicators]]
id     = "目標"
name   = "紙芝居の受入"
unit   = "冊"
source = "accessions"
where  = [{ material = ["kamishibai"] }, { words = ["かみしばい"], audience = ["child"] }]
target = { 2023 = 50, 2024 = "随時", 2025-2027 = 60.5 }
actual = { 2023 = 48 }

[projects.remarks.2023]
evaluation = "あと少し"
"""


def plan_of(text: str) -> model.Plan:
    return reading.read("tameshi.toml", text.encode())


def test_a_whole_plan_is_read():
    plan = plan_of(WHOLE)
    assert (plan.id, plan.columns, plan.value("reached"), plan.value("missed")) == (
        "tameshi",
        ("2023", "2024", "2025-2027"),
        95,
        80,
    )
    [project] = plan.projects
    [one] = project.indicators
    assert (project.page, project.priority, project.new) == ("12", True, False)
    assert one.target == {"2023": 50, "2024": "随時", "2025-2027": 60.5} and one.actual == {"2023": 48}
    assert model.where_word(one) == "紙芝居 または 児童 ／ 語 かみしばい"


@pytest.mark.parametrize("plan_id", sorted(keeping.samples()))
def test_every_sample_comes_back_from_what_the_ledger_keeps(plan_id):
    plan = keeping.samples()[plan_id].plan
    assert model.of(json.loads(json.dumps(model.told(plan)))) == plan


@pytest.mark.parametrize("plan_id", sorted(keeping.samples()))
def test_every_sample_comes_back_from_the_file_it_is_taken_out_as(plan_id):
    plan = keeping.samples()[plan_id].plan
    assert reading.read("other.toml", writing.toml(plan)) == plan


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(
    TEXT,
    TEXT,
    st.dictionaries(
        st.sampled_from(["2023", "2024", "2025-2027"]), st.integers() | st.floats(-1e9, 1e9) | st.just("随時")
    ),
)
def test_whatever_is_written_in_it_a_file_comes_back(text, other, target):
    plan = plan_of(WHOLE)
    [project] = plan.projects
    one = replace(
        project.indicators[0],
        name=f"n{text}",
        target=target,
        where=({"words": [f"語{other}"], "branch": ["館" + text]},),
    )
    project = replace(project, name=f"p{other}", content=text, remarks={"2024": {"next": other}}, indicators=(one,))
    plan = replace(plan, note=other, groups={text or "g": other}, projects=(project,))
    assert reading.read("other.toml", writing.toml(plan)) == plan


MISTAKES = [
    ('kind    = "progress"', 'kind    = "growth"', 4, "growth"),
    ('columns = ["2023", "2024"]', 'columns = ["2024", "2023"]', 8, "古い順"),
    ('columns = ["2025-2027"]', 'columns = ["2024-2027"]', 8, "重ならない"),
    ('columns = ["2025-2027"]', 'columns = ["R7"]', 8, "年度の並び"),
    ("reached = 95", "raeched = 95", None, "reached"),
    ("reached = 95", 'reached = "95"', 13, "数はそのまま"),
    ('name     = "紙芝居をふやす"', 'nmae     = "紙芝居をふやす"', 18, "name"),
    ("priority = true", 'priority = "○"', 21, "priority"),
    ('no       = "1-①"', 'no       = "1/①"', 17, "1/①"),
    ('source = "accessions"', 'source = "received"', 27, "accessions"),
    ('source = "accessions"', 'source = "entered"', 28, "手で入れる実績"),
    ('source = "accessions"', 'source = "holdings"', 28, "words"),
    ('["kamishibai"]', '["紙芝居"]', 28, "kamishibai"),
    ('["かみしばい"]', '["…"]', 28, "words"),
    ('words = ["かみしばい"]', 'wards = ["かみしばい"]', 28, "words"),
    ("2023 = 50", "2022 = 50", 29, "2022"),
    ('2024 = "随時"', '2024 = "たくさん"', 29, "たくさん"),
    ("2023 = 48", '2023 = "48"', 30, "48"),
    ('evaluation = "あと少し"', 'judgement = "A"', None, "A"),
    ('evaluation = "あと少し"', 'hyouka = "あと少し"', None, "hyouka"),
    ("[[projects]]", '[[projects]]\nno = "1-①"\nname = "同じ番号"\n[[projects]]', 20, "2度"),
    ('name    = "試しの計画"', 'name    = "試しの計画', 2, "引用符"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "word"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_what_to_do(right, wrong, line, word):
    assert right in WHOLE
    with pytest.raises(PlanErrors) as told:
        plan_of(WHOLE.replace(right, wrong, 1))
    problems = [str(problem) for problem in told.value.problems]
    named = [said for said in problems if word in said]
    assert named, problems
    assert all(said.startswith("tameshi.toml") for said in problems)
    if line:
        assert named[0].startswith(f"tameshi.toml {line}行目: ")


def test_every_mistake_is_told_at_once_and_in_english_too():
    text = (
        WHOLE.replace('"progress"', '"growth"')
        .replace("2023 = 50", "1999 = 50")
        .replace('source = "accessions"', 'source = "guess"')
    )
    token = words.language.set("en")
    try:
        with pytest.raises(PlanErrors) as told:
            plan_of(text)
        assert len(told.value.problems) >= 3
        assert "Mend" in str(told.value) and "guess" in str(told.value)
    finally:
        words.language.reset(token)


LIST = """計画名,図書館,年度,番号,事業名,目標名,単位,目標,実績,所蔵館,資料種別,分類,語
試しの一覧,朝凪図書館,令和6年度,1,絵本,絵本の受入,冊,"1,200",,北口図書館;鳴尾図書館,絵本,,
,,2024,2,ことば,,冊,45,40,,,007；8,
,,令和元年度,2,ことば,,冊,３０,,,,007;8,
,,2024,,おはなし会,,回,随時,,,,,
"""


def test_a_list_of_targets_is_read():
    plan = reading.read("目標.csv", LIST.encode("utf-8-sig"))
    assert (plan.name, plan.library, plan.kind, plan.columns) == (
        "試しの一覧",
        "朝凪図書館",
        "targets",
        ("2019", "2024"),
    )
    assert plan.id.startswith("plan-")
    picture, language, story = plan.projects
    assert picture.indicators[0].target == {"2024": 1200}
    assert picture.indicators[0].where == ({"branch": ["北口図書館", "鳴尾図書館"], "material": ["picture_book"]},)
    assert len(language.indicators) == 1
    assert language.indicators[0].target == {"2019": 30, "2024": 45} and language.indicators[0].actual == {"2024": 40}
    assert language.indicators[0].where == ({"ndc": ["007", "8"]},)
    assert story.indicators[0].target == {"2024": "随時"} and not story.indicators[0].counted
    assert reading.read("目標.csv", LIST.encode("cp932")) == plan


@pytest.mark.parametrize(
    ("right", "wrong", "line", "word"),
    [
        ("目標名", "もくひょう", 1, "もくひょう"), ("事業名", "メモ", 1, "事業名"), ("令和6年度", "昨年", 2, "昨年"),
        (",絵本,,\n", ",飛び出す本,,\n", 2, "飛び出す本"), ("45,40", "45くらい,40", 3, "45くらい"), ("45,40", "45,だいたい", 3, "だいたい"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_list_is_told_with_its_line(right, wrong, line, word):
    assert right in LIST
    with pytest.raises(PlanErrors) as told:
        reading.read("list.csv", LIST.replace(right, wrong, 1).encode())
    assert any(said.startswith(f"list.csv {line}行目: ") and word in said for said in map(str, told.value.problems))


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("plan.xlsx", b"PK", "CSV UTF-8"), ("plan.toml", b"a" * 1_000_001, "1,000,000"), ("plan.toml", b"\x81\xff\xfe\x00", "UTF-8"),
        ("plan.toml", b"", "name"), ("plan.csv", b"", "事業名"), ("plan.csv", "事業名,目標\n".encode(), "projects"),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_refused(name, content, word):
    with pytest.raises(Problem, match=word):
        reading.read(name, content)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("75", 75), ("1,300,000", 1_300_000), ("７５冊", 75), ("81%", 81), ("81.5％", 81.5), ("随時", "随時"), ("-", "-"), ("―", "-"),
        ("ー", "-"), ("△3", -3), ("-12", -12), ("", None), ("多数", None), ("1,30", None), ("1e5", None), ("12冊くらい", None),
    ],
)  # fmt: skip
def test_figures_as_people_write_them(text, value):
    assert reading.value_of(text) == value


def test_a_figure_that_is_written_out_is_read_back():
    for value in [0, 7, 1234, 12_345_678, -5, 0.5, 81.5, -3.2, 12.34, 0.0625, "随時", "-"]:
        for unit in ("", "%", "冊"):
            assert reading.value_of(model.value_word(value, unit)) == value
            assert reading.value_of(model.unit_word(value, unit)) == value


def test_a_copy_for_another_year_keeps_targets_and_leaves_what_was_reached():
    plan = plan_of(WHOLE)
    copy = model.moved(plan, 3, "copy", model.name_moved("令和5年度の計画 2023", 3))
    assert (copy.columns, copy.name) == (("2026", "2027", "2028-2030"), "令和8年度の計画 2026")
    [one] = copy.projects[0].indicators
    assert (
        one.target == {"2026": 50, "2027": "随時", "2028-2030": 60.5}
        and one.actual == {}
        and copy.projects[0].remarks == {}
    )
    assert one.where == plan.projects[0].indicators[0].where


@pytest.mark.parametrize(
    ("column", "ja", "en"),
    [("2024", "令和6年度", "FY2024"), ("2019", "令和元年度", "FY2019"), ("2024-2026", "令和6～8年度", "FY2024–2026"),
     ("2017-2019", "平成29～令和元年度", "FY2017–2019")],
)  # fmt: skip
def test_columns_are_named_by_their_years(column, ja, en):
    assert model.column_word(column) == ja
    token = words.language.set("en")
    try:
        assert model.column_word(column) == en
    finally:
        words.language.reset(token)


def test_the_example_of_the_manual_is_right():
    manual = (Path(__file__).parents[2] / "docs" / "plans.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    plan = plan_of(example)
    assert plan.operating == model.OPERATING and len(plan.projects[0].indicators[0].where) == 2
    for column in reading.COLUMNS:
        assert words.table("plans")[f"head_{column}"]["ja"] in manual
    for source in model.SOURCES:
        assert f"`{source}`" in manual

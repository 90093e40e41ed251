"""The 対照表 and the attached wording."""

from datetime import date

import pytest

from collection import policy, words
from collection.policy import attach, cases, table
from collection.words import Problem

TEXTS = "document,clause,document_title,text\nmanagement,8-2-3,資料要綱,館で作った試しの文\nother,1-1,ほか,よその文\n"


@pytest.fixture
def loaded(small):
    return policy.load(small, date(2025, 4, 1))


def test_rows(loaded, small):
    found = table.rows(loaded, {"km-8-2-3": (12, 3)}, cases.counts(small), {("management", "8-2-3"): "文"})
    assert [row["rule"] for row in found] == [rule.id for rule in loaded.rules]
    assert found[1] == {
        "article": "資料要綱 第8条第2項第3号", "rule": "km-8-2-3", "in_force": date(2024, 4, 1), "effect": "候補",
        "gist": "長く見つからないもの（短くした）", "wording": "文",
        "condition": "状態＝不明 かつ 不明確認からの年数 ≧ 経過年数（2）",
        "values": "経過年数（2）", "operating": "", "cases": 5, "items": 12, "unknown": 3,
    }  # fmt: skip
    assert [row["condition"] for row in found[2:]] == [
        "「行先」で測る",
        "受入区分＝寄託 または 名簿に ゆかりの著者 がある",
        "足りない項目：装丁",
    ]


def test_english(loaded):
    token = words.language.set("en")
    try:
        found = table.rows(loaded)
        assert found[1]["gist"] == "Long lost"
        assert found[1]["condition"] == "Status = Missing and Years since loss confirmed ≧ years passed (2)"
        assert found[2]["condition"] == 'Measured by "Routes"'
    finally:
        words.language.reset(token)


def test_lines_leave_blank_columns_out(loaded):
    head, *rows = table.lines(loaded)
    assert "当たる資料" not in head
    assert len(rows) == 5
    assert all(row.count("\t") == head.count("\t") for row in rows)


def test_terms_and_operating_values_are_explained(loaded):
    assert table.terms(loaded) == [
        {"name": "低利用", "gist": "分類の運用値より長く使われていない", "condition": "無利用年数 ≧ 分類の無利用年数", "operating": ""},
        {
            "name": "低価値",
            "gist": "古いか、新しい版がある",
            "condition": "新しい版あり または （低利用 かつ 出版からの年数 ＞ 鮮度の下限（5））",
            "operating": "鮮度の下限（5）",
        },
    ]  # fmt: skip


def test_attached_wording(loaded, tmp_path):
    file = tmp_path / "texts.csv"
    file.write_bytes(TEXTS.encode("cp932"))
    store = tmp_path / "store"
    assert attach.wording(store, "small", "management", "8-2-3") is None
    assert attach.attach(store, loaded, file) == (2, 1)
    assert attach.wording(store, "small", "management", "8-2-3") == "館で作った試しの文"
    file.write_text("document,clause,text\nmanagement,9-1,新しい文\n", encoding="utf-8")
    attach.attach(store, loaded, file)
    assert attach.wordings(store, "small") == {("management", "9-1"): "新しい文"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("document,text\nmanagement,文\n", "document,clause,text"),
        ("", "document,clause,text"),
        (TEXTS + "management,9-1,資料要綱,\n", "4行目"),
        (TEXTS + "management,8-2-3,資料要綱,また\n", "二度"),
    ],
)
def test_a_faulty_wording_file_changes_nothing(loaded, tmp_path, text, said):
    file, store = tmp_path / "texts.csv", tmp_path / "store"
    file.write_text(TEXTS, encoding="utf-8")
    attach.attach(store, loaded, file)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=said):
        attach.attach(store, loaded, file)
    assert attach.wording(store, "small", "management", "8-2-3") == "館で作った試しの文"


def test_no_wording_file(loaded, tmp_path):
    with pytest.raises(Problem, match="読めません"):
        attach.attach(tmp_path, loaded, tmp_path / "none.csv")

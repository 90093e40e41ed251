"""Reason templates: the sentence that SQL builds is the sentence that the naive twin builds."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection import words
from collection.policy import PolicyErrors, reason
from collection.policy.facts import facts
from collection.store.connection import connect
from tests.policy.test_predicate import SQL_TYPES

KNOWN = {"columns": facts(["読書リスト"]), "terms": {"倍": "予約数 * 2"}, "values": {"年数": 3, "言葉": "年度末"}}
ROW = {
    "last_use": date(2013, 2, 28), "idle_years": 12, "years_since_issue": 2.5, "retention_years": 3.0, "holds": 2,
    "status": "missing", "local": "sake;washi", "usable": True, "branch": "北館", "listed": "読書リスト",
}  # fmt: skip
SENTENCES = [
    ("最後の利用から{無利用年数}年（{最終利用日:月}）。", "最後の利用から12年（2013-02）。"),
    ("{最終利用日} {最終利用日:日} {最終利用日：年}", "2013-02-28 2013-02-28 2013"),
    ("{発行からの年数}年、{保存年限}年", "2.5年、3年"),
    ("{状態}・{郷土区分}・{名簿}・{所蔵館}", "不明・酒・和紙・読書リスト・北館"),
    ("{利用できる} {倍} {年数} {言葉}", "はい 4 3 年度末"),
    ("出版年{出版年}", "出版年不明"),
    ("[出版から{出版からの年数}年、]予約{予約数}件。", "予約2件。"),
    (
        "[予約{予約数}件。][状態 = '不明' ? 見つからない。][利用できる AND 予約数 > 5 ? 人気。]",
        "予約2件。見つからない。",
    ),
    ("[予約数 > 1 ? 出版{出版年}年。]", ""),
    ("", ""),
    ("O'Brien % _ {予約数}", "O'Brien % _ 2"),
]


def in_duckdb(template, row):
    typed = ", ".join(
        f'CAST(${fact.column} AS {SQL_TYPES.get(fact.kind, "VARCHAR")}) AS "{fact.column}"'
        for fact in KNOWN["columns"].values()
    )
    values = {fact.column: row.get(fact.column) for fact in KNOWN["columns"].values()}
    with connect() as connection:
        query = f"SELECT {reason.to_sentence_sql(reason.parse(template, **KNOWN))} FROM (SELECT {typed})"
        return connection.execute(query, values).fetchone()[0]


@pytest.mark.parametrize(("template", "expected"), SENTENCES)
def test_sentence(template, expected):
    assert reason.sentence(reason.parse(template, **KNOWN), ROW) == expected
    assert in_duckdb(template, ROW) == expected


def test_english_words():
    token = words.language.set("en")
    try:
        template = "{状態}, {郷土区分}, {出版年}, {利用できる}"
        assert in_duckdb(template, ROW) == reason.sentence(reason.parse(template, **KNOWN), ROW)
        assert in_duckdb(template, ROW) == "Missing, Sake, Washi paper, unknown, yes"
    finally:
        words.language.reset(token)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{予約の数}件", "予約数"),
        ("{予約数 + 1}件", "名前だけ"),
        ("{予約数:月}件", "日付ではない"),
        ("{最終利用日:時}", "「:時」"),
        ("{予約数件", "括弧"),
        ("[予約数}件]", "括弧"),
        ("[[{予約数}]]", "括弧"),
        ("[古い。]", "[ ] を外して"),
        ("[予約数 ? 多い。]", "条件になっていません"),
        ("[予約の数 > 3 ? 多い。]", "予約数"),
    ],
)
def test_refused(template, said):
    with pytest.raises(PolicyErrors) as caught:
        reason.parse(template, **KNOWN)
    assert said in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(
    row=st.fixed_dictionaries(
        {
            "years_since_issue": st.none() | st.integers(0, 4000).map(lambda months: months / 12),
            "holds": st.none() | st.integers(0, 10**6),
            "last_use": st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
            "status": st.none() | st.sampled_from(["missing", "on_loan", "elsewhere"]),
            "local": st.none() | st.sampled_from(["sake", "local;sake", "sake;other"]),
            "usable": st.none() | st.booleans(),
        }
    )
)
def test_twin(row):
    template = (
        "{発行からの年数}年[、予約{予約数}件][、{最終利用日:月}][{状態}][利用できる ? {郷土区分}]{利用できる}{倍}"
    )
    assert in_duckdb(template, row) == reason.sentence(reason.parse(template, **KNOWN), row)

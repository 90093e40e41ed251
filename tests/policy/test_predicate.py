"""The language of `when`: what it means, what it refuses, and that the naive twin and DuckDB always agree."""

from datetime import date

import pytest

from collection import words
from collection.policy import PolicyErrors, predicate
from collection.policy.facts import facts
from collection.store.connection import connect

FACTS = facts(["読書リスト", "O'Brien"])
VALUES = {"年数": 3, "割合": 0.5, "対象": ["29", "007"], "言葉": "不明", "起点": date(2020, 1, 1)}
TERMS = {"低利用": "無利用年数 >= 分類の無利用年数", "倍": "予約数 * 2", "古い": "低利用 AND 出版年 < 2000"}
KNOWN = {"columns": FACTS, "terms": TERMS, "values": VALUES}


def by_kind(*kinds):
    return [fact for fact in FACTS.values() if fact.kind in kinds]


@pytest.fixture(scope="module")
def connection():
    with connect() as opened:
        yield opened


SQL_TYPES = {"number": "DOUBLE", "truth": "BOOLEAN", "date": "DATE"}


def in_duckdb(connection, text, row, wants="truth"):
    """One expression over one row, in DuckDB, with the columns' real types."""
    typed = ", ".join(
        f'CAST(${fact.column} AS {SQL_TYPES.get(fact.kind, "VARCHAR")}) AS "{fact.column}"' for fact in FACTS.values()
    )
    values = {fact.column: row.get(fact.column) for fact in FACTS.values()}
    query = f"SELECT {predicate.compile(text, wants=wants, **KNOWN)} FROM (SELECT {typed})"
    return connection.execute(query, values).fetchone()[0]


# --- meaning

MEANINGS = [
    ("予約数 > 2", {"holds": 3}, True),
    ("予約数 > 2", {"holds": 2}, False),
    ("予約数 > 2", {}, None),
    ("予約数 > 2 AND 利用できる", {"usable": False}, False),
    ("予約数 > 2 OR 利用できる", {"usable": True}, True),
    ("予約数 > 2 OR 利用できる", {"usable": False}, None),
    ("NOT 予約数 > 2", {}, None),
    ("予約数 IS NULL", {}, True),
    ("予約数 IS NOT NULL", {"holds": 0}, True),
    ("状態 = '不明'", {"status": "missing"}, True),
    ("状態 = '不明'", {}, False),
    ("状態 <> '不明'", {}, True),
    ("状態 IN ('不明', '除籍')", {"status": "withdrawn"}, True),
    ("状態 NOT IN ('不明', '除籍')", {}, True),
    ("状態 = 言葉", {"status": "missing"}, True),
    ("郷土区分 = '酒'", {"local": "local;sake"}, True),
    ("郷土区分 = '酒'", {"local": "sake_bottle"}, False),
    ("郷土区分 = '酒'", {}, False),
    ("郷土区分 <> '酒'", {}, True),
    ("郷土区分 IS NOT NULL", {"local": "washi"}, True),
    ("名簿 = '読書リスト'", {"listed": "読書リスト;O'Brien"}, True),
    ("名簿 = 'O''Brien'", {"listed": "読書リスト;O'Brien"}, True),
    ("分類 = '29'", {"ndc": "291.09"}, True),
    ("分類 IN ('29', '007')", {"ndc": "007.6"}, True),
    ("分類 IN 対象", {"ndc": "913.6"}, False),
    ("分類 = 対象", {"ndc": "290"}, True),
    ("分類 <> '29'", {"ndc": "913.6"}, True),
    ("分類 = '29'", {}, None),
    ("所蔵館 = '北館'", {"branch": "北館"}, True),
    ("受入日 < '2020-01-01'", {"accession_date": date(2019, 12, 31)}, True),
    ("受入日 >= 起点", {"accession_date": date(2019, 12, 31)}, False),
    ("受入日 BETWEEN '2019-01-01' AND '2019-12-31'", {"accession_date": date(2019, 12, 31)}, True),
    ("最終利用日 < 受入日", {"last_use": date(2019, 1, 1), "accession_date": date(2020, 1, 1)}, True),
    ("出版年 BETWEEN 1990 AND 2000", {"pub_year": 2000}, True),
    ("出版年 NOT BETWEEN 1990 AND 2000", {"pub_year": 2001}, True),
    ("出版年 IN (1990, 2000)", {"pub_year": 2000}, True),
    ("利用できる = FALSE", {"usable": False}, True),
    ("予約数 / 0 > 1", {"holds": 5}, None),
    ("LEAST(予約数, 3) = 3", {}, None),
    ("GREATEST(予約数, 3) = 3", {"holds": 1}, True),
    ("COALESCE(予約数, 0) = 0", {}, True),
    ("COALESCE(利用できる, TRUE)", {}, True),
    ("ROUND(予約数 / 2) = 3", {"holds": 5}, True),
    ("ROUND(予約数 / 8, 2) = 0.13", {"holds": 1}, True),
    ("-予約数 < -1", {"holds": 2}, True),
    ("予約数 - 1 - 1 = 0", {"holds": 2}, True),
    ("2 + 予約数 * 3 = 8", {"holds": 2}, True),
    ("(2 + 予約数) * 3 = 12", {"holds": 2}, True),
    ("予約数 > 年数 AND 予約数 * 割合 = 2", {"holds": 4}, True),
    ("低利用", {"idle_years": 5, "class_idle_years": 5}, True),
    ("倍 = 8", {"holds": 4}, True),
    ("古い", {"idle_years": 5, "class_idle_years": 5, "pub_year": 1999}, True),
    ("利用できる OR 予約数 > 2 AND 予約数 < 1", {"usable": True, "holds": 3}, True),
    ("予約数　＞＝　２", {"holds": 2}, True),
    ("状態 ＝ '不明' and （予約数 ≧ 1、 予約数 > 0)", {}, PolicyErrors),
    ("過去１年の貸出 ≠ 0", {"loans_1y": 1}, True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "row", "expected"), MEANINGS)
def test_meaning(connection, text, row, expected):
    if expected is PolicyErrors:
        with pytest.raises(PolicyErrors):
            predicate.compile(text, **KNOWN)
        return
    assert predicate.evaluate(text, row, **KNOWN) is expected
    assert in_duckdb(connection, text, row) is expected


# --- refusals

REFUSED = [
    ("予約数 > '3'", "比べられません"),
    ("状態 = 3", "比べられません"),
    ("状態 = '紛失'", "在架、貸出中、予約取置、回送中、修理中、不明、除籍"),
    ("予約の数 > 3", "近い名前: 予約数"),
    ("予約数", "条件になっていません"),
    ("予約数 AND 利用できる", "つなげるのは条件だけ"),
    ("NOT 予約数", "つなげるのは条件だけ"),
    ("書名 < 'あ'", "大小はありません"),
    ("分類 >= '29'", "大小はありません"),
    ("状態 > '不明'", "大小はありません"),
    ("'不明' = 状態", "左に"),
    ("受入日 + 1 > '2020-01-01'", "計算できるのは数だけ"),
    ("受入日 > '2020-13-01'", "比べられません"),
    ("受入日 > 2020", "比べられません"),
    ("予約数 = NULL", "IS NULL"),
    ("1 < 予約数 < 3", "BETWEEN"),
    ("予約数 > 3;", "「;」"),
    ("予約数 > 3 -- x", "注釈"),
    ("予約数 > 3 /* x */", "注釈"),
    ("予約数 > 3 # x", "注釈"),
    ("予約数 > (SELECT 3)", "SELECT"),
    ("書名 LIKE '%x%'", "LIKE"),
    ("LENGTH(書名) > 3", "LENGTH"),
    ("ROUND(予約数, 9) > 3", "桁数"),
    ("ROUND(予約数, 年数, 1) > 3", "1個から2個"),
    ("LEAST(予約数) > 3", "2個から9個"),
    ("COALESCE(状態, '不明') = '不明'", "計算できるのは数だけ"),
    ("LEAST(利用できる, TRUE)", "計算できるのは数だけ"),
    ("状態 IN ()", "ここには書けません"),
    ("状態 IN '不明'", "「(」が要ります"),
    ("状態 IN (配架場所)", "決まった言葉"),
    ("予約数 IN ('a')", "比べられません"),
    ("利用できる IN (TRUE)", "IN は使えません"),
    ("予約数 = 対象", "IN で"),
    ("予約数 NOT 3", "ここには書けません"),
    ("(予約数 > 3", "「)」が要ります"),
    ("状態 = '不明", "閉じていません"),
    ("予約数 >", "途中で終わって"),
    ("", "途中で終わって"),
    ("3 IS NULL", "項目に使って"),
    ("名簿 = '別のリスト'", "読書リスト"),
    ("予約数 > 1234567890123456", "15桁"),
    ("(" * 30 + "利用できる" + ")" * 30, "重なりすぎ"),
    ("NOT " * 30 + "利用できる", "重なりすぎ"),
    ("予約数 > " + "1 + " * 80 + "1", "重なりすぎ"),
    ("予約数 @ 3", "「@」"),
    ("\"holds\" > 3", "使えません"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_refused(text, said):
    found = "\n".join(str(problem) for problem in predicate.mistakes(text, **KNOWN))
    assert said in found
    with pytest.raises(PolicyErrors):
        predicate.compile(text, **KNOWN)


def test_terms_in_a_ring_are_refused():
    found = predicate.mistakes("甲", terms={"甲": "乙", "乙": "NOT 甲"})
    assert "自分自身" in str(found[0])


def test_every_mistake_of_a_condition_is_told():
    assert len(predicate.mistakes("状態 = '紛失' AND 予約の数 > 3 AND ABS(予約数) = 1", **KNOWN)) == 3


def test_quotes_cannot_leave_their_literal(connection):
    text = "所蔵館 = 'x''; DROP TABLE item; --'"
    assert in_duckdb(connection, text, {"branch": "x'; DROP TABLE item; --"}) is True


def test_facts_and_values_that_are_used():
    used = predicate.facts_used("状態 = '不明' OR 古い", **KNOWN)
    assert used == ["status", "idle_years", "class_idle_years", "pub_year"]
    assert predicate.values_used("倍 > 年数 OR 分類 IN 対象", **KNOWN) == {"年数", "対象"}


# --- words


def test_condition_in_words():
    text = "状態 = '不明' AND NOT (予約数 > 年数 OR 分類 IN 対象) AND 低利用 AND 郷土区分 IS NULL"
    said = predicate.in_words(text, **KNOWN)
    assert said == "状態＝不明 かつ 予約数 ≦ 年数（3） かつ 分類が 29・007 で始まらない かつ 低利用 かつ 郷土区分が空欄"
    token = words.language.set("en")
    try:
        said = predicate.in_words("状態 <> '不明' AND 低利用", names={"低利用": "Low use"}, **KNOWN)
        assert said == "Status other than Missing and Low use"
    finally:
        words.language.reset(token)


def test_fill_puts_the_figures_in():
    row = {"status": "available", "idle_years": 12, "class_idle_years": 5, "local": "sake;washi"}
    text = "状態 = '不明' AND 低利用 AND (予約数 > 年数 OR 郷土区分 = '酒')"
    assert predicate.fill(text, row, **KNOWN) == [
        ("状態 在架（＝不明）", False),
        ("低利用", True),
        ("　無利用年数 12年 ≧ 分類の無利用年数 5年", True),
        ("次のいずれか", True),
        ("　予約数 不明 ＞ 年数 3", None),
        ("　郷土区分 酒・和紙（酒 がある）", True),
    ]

"""The SQL pieces that the flag engine puts together, over a small table."""

from datetime import date

import pytest

from collection import policy
from collection.policy import pieces
from collection.policy.facts import facts
from collection.store.connection import connect
from tests.policy.test_predicate import SQL_TYPES

ROWS = [
    {"status": "missing", "years_since_missing": 2, "missing_confirmed_on": date(2022, 5, 1), "years_published": 4},
    {"condition": "soiled", "location": "open", "holds": 2, "copies": 4, "loans_3y": 3, "years_published": 2.5},
    {
        "condition": "damaged",
        "location": "closed",
        "local": "local",
        "copies": 0,
        "loans_3y": 50,
        "years_published": 90,
    },
]


@pytest.fixture
def loaded(small):
    return policy.load(small, date(2025, 4, 1))


@pytest.fixture
def ask(loaded):
    """A function: one SQL expression → its value for every row."""
    columns = list(facts().values())
    with connect() as connection:
        types = ", ".join(f'"{fact.column}" {SQL_TYPES.get(fact.kind, "VARCHAR")}' for fact in columns)
        connection.execute(f"CREATE TABLE fact ({types})")
        marks = ", ".join("?" for _ in columns)
        rows = [[row.get(fact.column) for fact in columns] for row in ROWS]
        connection.executemany(f"INSERT INTO fact VALUES ({marks})", rows)
        yield lambda sql: [row[0] for row in connection.execute(f"SELECT {sql} FROM fact").fetchall()]


def test_rules(loaded, ask):
    found = {rule: ask(sql) for rule, sql in pieces.rules_select(loaded)}
    assert found == {
        "km-8-2-1": [False, True, True],
        "km-8-2-3": [True, False, False],
        "km-13-1": [False, False, False],
    }


def test_score(loaded, ask):
    parts = {name: ask(sql) for name, sql in pieces.score_select(loaded)}
    assert parts == {
        "use": [50, 60, 100],
        "freshness": [80, 87.5, 0],
        "scarcity": [100, 25, 100],
        "priority": [30, 30, 100],
    }
    columns = ", ".join(f"{sql} AS score_{name}" for name, sql in pieces.score_select(loaded))
    total = ask(f"(SELECT {pieces.score_total_sql(loaded)} FROM (SELECT {columns}))")
    assert total == pytest.approx([67, 58.25, 70])


def test_route_and_advice(loaded, ask):
    damaged = pieces.rule_of(loaded, "km-8-2-1")
    assert ask(pieces.route_sql(loaded, damaged)) == ["give_away", "discard", "give_away"]
    assert ask(pieces.advice_sql(loaded, damaged)) == [None, "replace;closed_stack", None]
    lost = pieces.rule_of(loaded, "km-8-2-3")
    assert set(ask(pieces.route_sql(loaded, lost))) == {"record_only"}
    assert set(ask(pieces.advice_sql(loaded, lost))) == {None}


def test_reasons(loaded, ask):
    lost, damaged = (pieces.rule_of(loaded, name) for name in ("km-8-2-3", "km-8-2-1"))
    assert ask(pieces.reason_sql(loaded, lost))[0] == "2022-05-01に不明を確認し、2年（規則は2年）。"
    assert ask(pieces.reason_sql(loaded, lost, "en"))[0] == "Lost since 2022-05, 2 years."
    assert ask(pieces.reason_sql(loaded, damaged))[1] == "資料状態は汚損。出版から2.5年。"
    for rule in (lost, damaged):
        for language in ("ja", "en"):
            naive = [pieces.reason_text(loaded, rule, row, language) for row in ROWS]
            assert ask(pieces.reason_sql(loaded, rule, language)) == naive
    assert set(ask(pieces.reason_sql(loaded, pieces.rule_of(loaded, "km-9-1")))) == {""}


def test_card(loaded):
    lost = pieces.rule_of(loaded, "km-8-2-3")
    assert pieces.fill(loaded, lost, ROWS[0]) == [
        ("状態 不明（＝不明）", True),
        ("不明確認からの年数 2年 ≧ 経過年数 2", True),
    ]
    assert pieces.fill(loaded, pieces.rule_of(loaded, "km-9-1"), ROWS[0]) == []

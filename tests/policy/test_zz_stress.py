"""Random conditions, formulas and rows: the naive twin, DuckDB and the words on the card always agree."""

import math
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collection.policy import predicate
from collection.store.connection import connect
from tests.policy.test_predicate import FACTS, KNOWN, by_kind, in_duckdb


@pytest.fixture(scope="module")
def connection():
    with connect() as opened:
        yield opened


NUMBERS = st.one_of(st.integers(-5, 30), st.sampled_from([0.5, 2.5, 1999, 2020]))


def _formula(depth):
    leaf = st.one_of(
        st.sampled_from([fact.ja for fact in by_kind("number")]),
        NUMBERS.map(lambda number: f"({number})" if number < 0 else str(number)),
        st.sampled_from(["年数", "割合", "倍"]),
    )
    if depth == 0:
        return leaf
    inner = _formula(depth - 1)
    return st.one_of(
        leaf,
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"-({part})"),
        st.tuples(st.sampled_from(["LEAST", "GREATEST", "COALESCE"]), inner, inner).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
        st.tuples(inner, st.integers(0, 3)).map(lambda p: f"ROUND({p[0]}, {p[1]})"),
    )


def _words_of(fact):
    known = list(fact.stored) if fact.stored else ["北館", "南館"] if fact.kind == "text" else ["2", "29", "913.6"]
    return st.sampled_from(known).map(lambda word: "'" + word.replace("'", "''") + "'")


def _worded(fact):
    """A comparison of a fact with words."""
    listed = st.lists(_words_of(fact), min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(st.sampled_from(["=", "<>"]), _words_of(fact)).map(lambda p: f"{fact.ja} {p[0]} {p[1]}"),
        st.tuples(st.sampled_from(["IN", "NOT IN"]), listed).map(lambda p: f"{fact.ja} {p[0]} ({p[1]})"),
    )


DATES = st.dates(date(2015, 1, 1), date(2025, 1, 1))
COMPARE = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])


def _condition(depth):
    numbers = _formula(2)
    dates = st.one_of(st.sampled_from([fact.ja for fact in by_kind("date")]), DATES.map(lambda day: f"'{day}'"))
    date_fact = st.sampled_from([fact.ja for fact in by_kind("date")])
    leaf = st.one_of(
        st.tuples(numbers, COMPARE, numbers).map(" ".join),
        st.tuples(date_fact, COMPARE, dates).map(" ".join),
        st.tuples(numbers, numbers, numbers).map(lambda p: f"{p[0]} BETWEEN {p[1]} AND {p[2]}"),
        st.tuples(date_fact, dates, dates).map(lambda p: f"{p[0]} NOT BETWEEN {p[1]} AND {p[2]}"),
        st.sampled_from(by_kind("code", "set", "class", "text")).flatmap(_worded),
        st.sampled_from([fact.ja for fact in by_kind("truth")] + ["低利用", "古い"]),
        st.sampled_from([fact.ja for fact in FACTS.values()]).map(lambda name: f"{name} IS NULL"),
        st.sampled_from([fact.ja for fact in FACTS.values()]).map(lambda name: f"{name} IS NOT NULL"),
    )
    if depth == 0:
        return leaf
    inner = _condition(depth - 1)
    joined = st.tuples(inner, st.sampled_from(["AND", "OR"]), inner, st.sampled_from(["AND", "OR"]), inner)
    return st.one_of(leaf, inner.map(lambda part: f"NOT ({part})"), joined.map(lambda p: f"({' '.join(p)})"))


def _stored(fact):
    if fact.kind == "number":
        return st.one_of(st.integers(0, 30), st.sampled_from([0.5, 2.5]), st.integers(1980, 2025))
    if fact.kind == "truth":
        return st.booleans()
    if fact.kind == "date":
        return DATES
    if fact.kind == "set":
        return st.lists(st.sampled_from(list(fact.stored.values())), min_size=1, max_size=3, unique=True).map(";".join)
    if fact.kind == "code":
        return st.sampled_from(list(fact.stored.values()))
    return st.sampled_from(["北館", "南館"] if fact.kind == "text" else ["291.09", "2", "913.6", "007"])


ROWS = st.fixed_dictionaries({fact.column: st.one_of(st.none(), _stored(fact)) for fact in FACTS.values()})


@settings(max_examples=4000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=_condition(2), row=ROWS)
@example(text="LEAST(予約数, 1 / (予約数 - 予約数)) > 0 OR NOT 利用できる", row={"holds": 1, "usable": None})
def test_twin_of_conditions(connection, text, row):
    assert predicate.evaluate(text, row, **KNOWN) is in_duckdb(connection, text, row)


@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=_formula(3), row=ROWS)
@example(text="ROUND(予約数 / 1000, 2)", row={"holds": 2675})
@example(text="ROUND(予約数 - 2.5)", row={"holds": 2})
def test_twin_of_formulas(connection, text, row):
    naive, found = (predicate.evaluate(text, row, wants="number", **KNOWN), in_duckdb(connection, text, row, "number"))
    assert (naive is None) == (found is None)
    assert naive is None or math.isclose(naive, found, rel_tol=1e-12, abs_tol=1e-12)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=_condition(2), row=ROWS)
def test_every_condition_can_be_said_and_filled(text, row):
    assert predicate.in_words(text, **KNOWN)
    lines = predicate.fill(text, row, **KNOWN)
    assert all(said.strip("　") for said, _ in lines)
    top = [truth for said, truth in lines if not said.startswith("　")]
    truth = False if False in top else None if None in top else True
    assert truth is predicate.evaluate(text, row, **KNOWN)


@settings(max_examples=4000, deadline=None)
@given(st.text(alphabet="予約数状態='不明 ANDORNT()<>=+-*/,;1230.\n　（）＝\"#LEASTIUBW", max_size=40))
def test_any_text_is_parsed_or_refused_in_words(text):
    for problem in predicate.mistakes(text, **KNOWN):
        assert str(problem)

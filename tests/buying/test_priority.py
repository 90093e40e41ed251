"""The order of the lines and the running total, against a naive twin; the points by hand."""

from dataclasses import replace
from random import Random

import polars as pl
import pytest

from collection.buying import priority
from tests.buying import naive_buying as naive
from tests.buying.buyers import POLICY

WEIGHTS = {column: POLICY.parameters[name] for column, name in priority.WEIGHTS.items()}


def rows(rng: Random) -> pl.DataFrame:
    made = [
        {
            "no": rng.choice([None, f"P2025-{place:04d}"]), "title": rng.choice(["あ", "い", "う"]),
            "preferred": rng.random() < 0.3, "requests": rng.randrange(3), "holds": rng.randrange(4),
            "replaced": rng.random() < 0.3, "gap": rng.random() < 0.3, "price": rng.choice([None, 800, 1500]),
            "copies": rng.choice([None, 1, 3]), "buyable": rng.random() < 0.8,
        }
        for place in range(rng.randrange(30))
    ]  # fmt: skip
    schema = {"no": pl.String, "title": pl.String, "preferred": pl.Boolean, "requests": pl.Int64, "holds": pl.Int64,
              "replaced": pl.Boolean, "gap": pl.Boolean, "price": pl.Int64, "copies": pl.Int64, "buyable": pl.Boolean}  # fmt: skip
    return pl.DataFrame(made, schema=schema)


@pytest.mark.parametrize("seed", range(40))
def test_order_and_running_total(seed):
    rng = Random(seed)
    given, money = rows(rng), rng.choice([None, 0, 5000, 40000])
    found = priority.ranked(given, POLICY)
    expected = naive.ranked(given.to_dicts(), WEIGHTS)
    assert found.select(*given.columns, "points").to_dicts() == expected
    assert found["rank"].to_list() == list(range(1, len(given) + 1))
    assert priority.running(found, money).select("cost", "total", "over").rows() == naive.running(expected, money)


def test_what_is_collected_with_priority_comes_before_any_points():
    given = pl.DataFrame({
        "no": ["P1", "P2"], "title": ["人気の本", "市の歴史"], "preferred": [False, True], "requests": [50, 0], "holds": [90, 0],
        "replaced": [True, False], "gap": [True, False],
    })  # fmt: skip
    assert priority.ranked(given, POLICY)["title"].to_list() == ["市の歴史", "人気の本"]


def test_points_are_the_sum_that_is_shown():
    row = {"requests": 2, "holds": 3, "replaced": True, "gap": False}
    parts = priority.sums(POLICY, row)
    assert [(name, n) for name, n, _ in parts] == [("requests", 2), ("holds", 3), ("replaced", 1)]
    given = pl.DataFrame([row | {"no": "P1", "title": "あ", "preferred": False}])
    assert priority.ranked(given, POLICY)["points"][0] == sum(n * weight for _, n, weight in parts)


def test_what_comes_first_is_an_operating_value():
    assert "km-5-2-1-take" in priority.first(POLICY)
    rules = {rule.id for rule in POLICY.rules if rule.effect == "prefer"}
    assert set(priority.first(POLICY)) < rules
    silent = replace(
        POLICY, parameters={name: value for name, value in POLICY.parameters.items() if name != priority.FIRST}
    )
    assert set(priority.first(silent)) == rules

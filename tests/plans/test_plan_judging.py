"""The judgement agrees with its meaning, on both sides of every boundary, and a project has the worst of its indicators."""

from itertools import product
from random import Random

import pytest

from collection.plans import judging
from collection.plans.model import Period, Plan
from tests.plans import naive_plans

PLAN = Plan("p", "計画", "館", "targets", (Period(("2024",)),))


def judge(target, actual, forecast=None, running=False, last=False, plan=PLAN):
    return judging.of_indicator(plan, target, actual, forecast, running=running, last=last)


@pytest.mark.parametrize(
    ("target", "actual", "last", "mark"),
    [
        (100, 100, False, "a"), (100, 99, False, "b"), (100, 30, False, "b"), (100, 29, False, "c"), (100, None, False, "-"),
        (100, 100, True, "a"), (100, 99, True, "b"), (100, 80, True, "b"), (100, 79, True, "c"), (100, "-", True, "-"),
        ("随時", 3, True, None), ("-", None, False, None), (None, 4, False, None), (0, 0, True, "a"), (42, 37, False, "b"),
    ],
)  # fmt: skip
def test_each_side_of_each_boundary(target, actual, last, mark):
    assert judge(target, actual, last=last) == mark


def test_a_running_year_is_judged_by_its_forecast_and_not_before_there_is_one():
    assert judge(100, 20, None, running=True) == "-"
    assert judge(100, 20, 99.9, running=True) == "b"
    assert judge(100, 20, 100.0, running=True, last=True) == "a"
    assert judge(100, 20, 29.0, running=True, last=True) == "c"
    assert judge(100, 100, 50.0, running=True) == "a"


def test_a_plan_states_its_own_operating_values():
    strict = Plan("p", "計画", "館", "targets", (Period(("2024",)),), operating={"reached": 95, "out_of_reach": 60})
    assert [judge(100, actual, plan=strict) for actual in (95, 94, 60, 59)] == ["a", "b", "b", "c"]


def test_it_agrees_with_the_twin():
    rng = Random(7)
    for _ in range(4000):
        target = rng.choice([None, "随時", "-", 0, rng.randrange(1, 300), rng.randrange(1, 300)])
        actual = rng.choice([None, "-", rng.randrange(0, 400), rng.randrange(0, 4000) / 10])
        running, last = rng.random() < 0.5, rng.random() < 0.5
        expected = rng.choice([None, rng.randrange(0, 400)]) if running else None
        said = judge(target, actual, expected, running, last)
        assert said == naive_plans.judged(target, actual, expected, running, last), (
            target,
            actual,
            expected,
            running,
            last,
        )


def test_a_project_has_the_worst_judgement_and_what_is_unknown_is_not_reached():
    order = ["a", "-", "b", "c"]
    for marks in product([None, "a", "b", "c", "-"], repeat=3):
        known = [mark for mark in marks if mark]
        assert judging.of_project(list(marks)) == (max(known, key=order.index) if known else None)

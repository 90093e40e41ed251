import polars as pl
import pytest

from collection import composition

CELLS = pl.DataFrame(
    {
        "branch": ["中央", "中央", "北口", "北口"],
        "shelf_class": ["0", "K", "0", "K"],
        "items": [90, 10, 50, 50],
        "loans": [10, 30, 10, 50],
        "candidates": [1, 0, 2, 0],
    }
)


def test_shares_add_up_to_one():
    found = composition.balance(CELLS)
    assert found["held_share"].sum() == pytest.approx(1)
    assert found["lent_share"].sum() == pytest.approx(1)
    assert found["shelf_class"].to_list() == ["0", "K"]


def test_relative_use_is_share_of_loans_by_share_of_holdings():
    found = composition.balance(CELLS, "北口")
    assert found.row(0, named=True)["relative"] == pytest.approx((10 / 60) / (50 / 100))
    assert found.row(0, named=True)["turnover"] == pytest.approx(10 / 50)


def test_without_loans_nothing_is_said_of_them():
    found = composition.balance(CELLS.with_columns(loans=pl.lit(0)))
    assert found["lent_share"].null_count() == 2
    assert composition.least_used(found) is None


def test_the_least_used_class_is_named():
    assert composition.least_used(composition.balance(CELLS)) == "0"


def test_branches_come_largest_first():
    assert composition.branches(CELLS.with_columns(pl.Series("items", [90, 10, 50, 60]))) == ["北口", "中央"]

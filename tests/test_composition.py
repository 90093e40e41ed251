"""蔵書構成 against plain counting, and the rectangles of its treemap."""

from collections import Counter
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection import candidates, composition, measures
from collection.candidates import Filter
from collection.measures import EVERYTHING, Scope
from collection.pages.charts import squarified

CELLS = pl.DataFrame(
    {
        "branch": ["中央", "中央", "北口", "北口"],
        "mark": ["0", "K", "0", "K"],
        "items": [90, 10, 50, 50],
        "loans": [10, 30, 10, 50],
    }
)
SCOPES = [
    EVERYTHING, Scope(branch=("北口図書館", "鳴尾図書館")), Scope(location=("closed",), material=("book", "periodical")),
    Scope(audience=("child",)), Scope(shelf_class=("K",), ndc="9"), Scope(shelf_class=("4",)), Scope(ndc="9"), Scope(ndc="91"),
    Scope(ndc="913", audience=("general",)),
]  # fmt: skip


@pytest.fixture(scope="module")
def held(cursor) -> list[dict]:
    return cursor.sql("FROM judged").pl().to_dicts()


def inside(row: dict, scope: Scope) -> bool:
    lists = ("branch", "location", "shelf_class", "audience", "material")
    chosen = all(not getattr(scope, part) or (row[part] or "") in getattr(scope, part) for part in lists)
    return chosen and (not scope.ndc or (row["ndc"] or "").startswith(scope.ndc))


def mark(row: dict, level: int) -> str:
    return row["shelf_class"] if level == 0 else (row["ndc"] or "-")[:level]


def counted(rows: list[dict], level: int) -> dict:
    cells = {}
    for row in rows:
        items, loans = cells.get((row["branch"], mark(row, level)), (0, 0))
        cells[row["branch"], mark(row, level)] = items + 1, loans + (row["loans_1y"] or 0)
    return cells


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_cells_are_the_items_counted_one_by_one(cursor, held, scope):
    rows = [row for row in held if inside(row, scope)]
    for level in range(4):
        found = {(branch, one): (n, lent) for branch, one, n, lent in composition.cells(cursor, scope, level).rows()}
        assert found == counted(rows, level) != {}


@pytest.mark.parametrize(("scope", "level"), list(zip(SCOPES, (0, 0, 0, 1, 2, 2, 2, 3, 3), strict=True)), ids=str)
def test_classes_are_told_one_level_below_what_is_chosen(cursor, scope, level):
    assert composition.digits(scope) == level
    assert (
        composition.cells(cursor, scope)
        .sort("branch", "mark")
        .equals(composition.cells(cursor, scope, level).sort("branch", "mark"))
    )


def test_each_level_of_the_treemap_adds_up_to_the_box_above(cursor):
    for universe in (composition.general(EVERYTHING), Scope(audience=("child",))):
        whole = composition.cells(cursor, universe, 0)["items"].sum()
        levels = [composition.balance(composition.cells(cursor, universe, level)) for level in (1, 2, 3)]
        assert levels[0]["items"].sum() == whole
        for above, below in zip(levels, levels[1:], strict=False):
            for box, items in above.select("mark", "items").rows():
                assert below.filter(pl.col("mark").str.starts_with(box))["items"].sum() == items


def test_general_material_and_childrens_books_are_everything(cursor, held):
    general = composition.cells(cursor, composition.general(EVERYTHING))
    children = composition.cells(cursor, Scope(shelf_class=("K",)))
    assert "K" not in general["mark"]
    assert general["items"].sum() + children["items"].sum() == len(held)
    assert composition.general(Scope(shelf_class=("4", "K"))) == Scope(shelf_class=("4",))


def test_shares_add_up_to_one():
    found = composition.balance(CELLS)
    assert found["held_share"].sum() == pytest.approx(1)
    assert found["lent_share"].sum() == pytest.approx(1)
    assert found["mark"].to_list() == ["0", "K"]


def test_relative_use_is_share_of_loans_by_share_of_holdings():
    found = composition.balance(CELLS.filter(pl.col("branch") == "北口"))
    assert found.row(0, named=True)["relative"] == pytest.approx((10 / 60) / (50 / 100))
    assert found.row(0, named=True)["turnover"] == pytest.approx(10 / 50)


def test_relative_use_is_that_of_the_measure(cursor):
    measured = measures.compute(cursor, "relative_use", ("shelf_class",))
    found = composition.balance(composition.cells(cursor)).select(shelf_class="mark", value="relative")
    assert dict(found.rows()) == pytest.approx(dict(measured.rows()))


def test_without_loans_nothing_is_said_of_them():
    found = composition.balance(CELLS.with_columns(loans=pl.lit(0)))
    assert found["lent_share"].null_count() == 2
    assert composition.least_used(found) is None


def test_the_least_used_class_is_named():
    assert composition.least_used(composition.balance(CELLS)) == "0"


def test_branches_come_largest_first():
    assert composition.branches(CELLS.with_columns(pl.Series("items", [90, 10, 50, 60]))) == ["北口", "中央"]


def test_a_branch_beside_all_branches(cursor, held):
    found = {(row["branch"], row["mark"]): row for row in composition.by_branch(composition.cells(cursor)).to_dicts()}
    branches, marks = Counter(row["branch"] for row in held), Counter(row["shelf_class"] for row in held)
    both = Counter((row["branch"], row["shelf_class"]) for row in held)
    assert set(found) == {(branch, one) for branch in branches for one in marks}
    for (branch, one), row in found.items():
        assert row["items"] == both[branch, one]
        assert row["share"] == pytest.approx(both[branch, one] / branches[branch])
        assert row["whole_share"] == pytest.approx(marks[one] / len(held))
        assert row["difference"] == pytest.approx(row["share"] - row["whole_share"])


@pytest.mark.parametrize(
    ("measure", "counts"),
    [
        ("holdings", lambda row: True),
        ("turnover", lambda row: True),
        ("idle", lambda row: (row["idle_years"] or 0) >= 8),
        ("never_lent", lambda row: row["never_lent"] and row["circulates"]),
        ("past_shelf_life", lambda row: (row["years_published"] or 0) > (row["class_shelf_life"] or 9999)),
        ("holds_per_copy", lambda row: (row["holds"] or 0) > 0),
        ("received", lambda row: row["received"] == 2023),
        ("new_on_open", lambda row: row["received"] == 2023 and row["location"] == "open"),
    ],
)
def test_the_list_behind_a_cell_has_the_number_that_is_said(cursor, held, measure, counts):
    scope, opened = Scope(material=("book",)), composition.opens(measure, year=2023, idle=8)
    for by, level in (("shelf_class", 0), ("division", 2)):
        found = composition.listed(cursor, ("branch", by), scope, opened).fill_null("-")
        naive = Counter((row["branch"], mark(row, level)) for row in held if inside(row, scope) and counts(row))
        assert {(branch, one): n for branch, one, n in found.rows()} == naive != {}
        branch, one, n = next(row for row in found.rows() if row[1] != "-")
        chosen = Filter(verdict=(), tag=(candidates.ALL,), material=("book",), **opened | {"branch": (branch,)})
        chosen = replace(
            chosen, **{k: (v,) if k == "shelf_class" else v for k, v in composition.parts(one, level).items()}
        )
        assert candidates.count(candidates.totals(cursor, chosen), chosen) == n


def test_every_figure_of_a_count_is_the_number_of_its_list(cursor):
    for measure in ("holdings", "received"):
        found = measures.compute(cursor, measure, ("branch", "shelf_class"), year=2023)
        listed = composition.listed(
            cursor, ("branch", "shelf_class"), EVERYTHING, composition.opens(measure, year=2023, idle=5)
        )
        both = found.filter(pl.col("value") > 0).join(listed, on=["branch", "shelf_class"], how="full", coalesce=True)
        assert both.filter(pl.col("value").ne_missing(pl.col("items"))).is_empty()


def test_what_the_list_cannot_show_is_known():
    assert composition.parts("K", 0) == {"shelf_class": "K"}
    assert composition.parts("49", 2) == {"ndc": "49"}
    assert composition.parts("-", 1) is None
    assert composition.parts("9", 3) is None


def test_a_class_has_its_digits_and_its_name():
    assert composition.name("4") == "4 自然科学"
    assert composition.name("49").startswith("49 ")
    assert composition.name("498") == "498"
    assert composition.name("-") == "分類なし"


@given(
    st.lists(st.integers(min_value=1, max_value=1_000_000), min_size=1, max_size=60),
    st.integers(min_value=50, max_value=2000), st.integers(min_value=50, max_value=2000),
)  # fmt: skip
def test_rectangles_fill_the_map_in_proportion_and_do_not_overlap(values, width, height):
    values = sorted(values, reverse=True)
    placed = squarified(values, width, height)
    assert len(placed) == len(values)
    near = 1e-6 * max(width, height)
    for value, (x, y, x2, y2) in zip(values, placed, strict=True):
        assert (x2 - x) * (y2 - y) == pytest.approx(value * width * height / sum(values), rel=1e-6)
        assert -near <= x < x2 <= width + near
        assert -near <= y < y2 <= height + near
    for n, (ax, ay, ax2, ay2) in enumerate(placed):
        for bx, by, bx2, by2 in placed[:n]:
            assert min(ax2, bx2) - max(ax, bx) <= near or min(ay2, by2) - max(ay, by) <= near

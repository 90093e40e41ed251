"""What a target counts, and the forecast, agree with a count item by item; measures agree with the rows of the snapshot."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from collection import measures, years
from collection.plans import counting, keeping
from collection.plans.model import Indicator, Period, Plan, Project
from collection.store import snapshots
from collection.store.connection import connect_flags
from tests.plans import naive_plans
from tests.plans.naive_plans import fiscal_year
from tests.random_library import AS_OF
from tests.road_store import random_store

PARTS = ("branch", "location", "audience", "material", "ndc", "local", "source")
WORDS = ("健康", "ＨＥＡＬＴＨ", "きょうと", "京都", "酒", "鬼", "う", "法律")


def items_and_bibs(cursor) -> tuple[list[dict], dict[int, dict]]:
    bibs = {row["bib_no"]: row for row in cursor.sql("SELECT * FROM facts_of_day.bib").pl().iter_rows(named=True)}
    return list(cursor.sql("SELECT * FROM facts_of_day.item").pl().iter_rows(named=True)), bibs


def random_filter(rng: Random, items: list[dict], bibs: dict[int, dict]) -> dict[str, list[str]]:
    """Some parts of a filter, with values that are there."""
    where = {}
    for part in rng.sample(PARTS, rng.randrange(0, 4)):
        values = []
        for item in rng.sample(items, 3):
            value = (
                item.get(part) if part in ("branch", "location", "source") else bibs.get(item["bib_no"], {}).get(part)
            )
            if value:
                values.append(value[: rng.randrange(1, 4)] if part == "ndc" else value.split(";")[0])
        if values:
            where[part] = values
    if rng.random() < 0.4:
        where["words"] = rng.sample(WORDS, 2)
    return where


@pytest.fixture(scope="module")
def libraries(cursor, tmp_path_factory):
    """Cursors with their items and bibs: the small demo library and a random one."""
    flags, _ = random_store(tmp_path_factory.mktemp("random"), Random(5), 700, 0.5)
    with connect_flags(flags) as other:
        yield [(own, *items_and_bibs(own)) for own in (cursor, other)]


def test_a_target_counts_what_its_filters_let_through(libraries):
    rng, seen = Random(11), 0
    for cursor, items, bibs in libraries:
        for _ in range(25):
            filters = tuple(random_filter(rng, items, bibs) for _ in range(rng.randrange(0, 3)))
            one = Indicator("1", "目標", source="accessions", where=filters)
            first = AS_OF - timedelta(days=rng.randrange(400, 3000))
            last = first + timedelta(days=rng.randrange(0, 1500))
            expected = [
                item for item in items
                if item["accession_date"] and first <= item["accession_date"] <= last
                and naive_plans.counts(filters, item, bibs.get(item["bib_no"], {}))
            ]  # fmt: skip
            found = counting.received(cursor, {"x": one}, first, last)
            seen += bool(expected) and bool(filters)
            by_day = Counter(item["accession_date"] for item in expected)
            assert dict(found.select("day", "items").iter_rows()) == by_day
            books = counting.books(cursor, one, first, last)
            assert sorted(books["item_id"]) == sorted(item["item_id"] for item in expected)
            assert books["accession_date"].is_sorted(descending=True)
            rows = max(7, len(books) // 5)
            pages = [
                counting.books(cursor, one, first, last, rows, skip)["item_id"].to_list()
                for skip in range(0, len(books), rows)
            ]
            assert [item for page in pages for item in page] == books["item_id"].to_list()
    assert seen > 15


def test_several_targets_at_once_count_as_each_alone(libraries):
    cursor, items, bibs = libraries[0]
    rng = Random(3)
    targets = {str(n): Indicator("1", "目標", where=(random_filter(rng, items, bibs),)) for n in range(6)}
    whole = date(2015, 4, 1), AS_OF
    together = counting.received(cursor, targets, *whole)
    for key, one in targets.items():
        alone = counting.received(cursor, {"": one}, *whole)
        assert together.filter(key=key).drop("key").rows() == alone.drop("key").rows()


def plan_of(*indicators: Indicator, columns=("2022", "2023", "2024", "2025")) -> Plan:
    return Plan("p", "計画", "館", "targets", (Period(columns),), (Project("1", "事業", indicators=indicators),))


def test_the_forecast_agrees_with_the_twin():
    rng = Random(23)
    for _ in range(300):
        as_of = date(2024, 4, 1) + timedelta(days=rng.randrange(0, 365))
        heavy = rng.choice([3, 40, 400])
        days = [as_of - timedelta(days=rng.randrange(0, 1700)) for _ in range(rng.randrange(0, heavy))]
        plan = Plan("p", "計画", "館", "targets", (Period(("2024",)),), operating={"season_items": rng.choice([1, 30])})
        found = counting.of_days(plan, list(Counter(days).items()), 2024, as_of)
        assert found.so_far == sum(fiscal_year(day) == 2024 for day in days)
        twin = naive_plans.forecast(days, 2024, as_of, 3, plan.value("season_items"), 30)
        if twin is None:
            assert (found.forecast, found.how) == (None, "")
        else:
            assert found.forecast == pytest.approx(float(twin[0]))
            assert (found.low, found.high) == pytest.approx(
                tuple(None if part is None else float(part) for part in twin[1:])
            )
            assert found.how == ("days" if twin[1] is None else "season")


def test_a_year_that_is_over_has_no_forecast_and_one_that_has_not_begun_no_figure(cursor, flagged):
    one = Indicator("1", "目標", source="accessions", where=({"material": ["picture_book"]},))
    found = counting.of_plan(cursor, flagged.parents[1], plan_of(one), AS_OF)
    assert set(found) == {("1", "1", year) for year in ("2022", "2023", "2024")}
    items, bibs = items_and_bibs(cursor)
    for year in (2022, 2023, 2024):
        expected = sum(
            item["accession_date"] is not None and fiscal_year(item["accession_date"]) == year
            and bibs.get(item["bib_no"], {}).get("material") == "picture_book"
            for item in items
        )  # fmt: skip
        count = found["1", "1", str(year)]
        assert (count.so_far, count.running, count.forecast) == (expected, False, None)


def test_in_the_middle_of_a_year_only_what_had_come_counts(cursor, flagged):
    one, day = Indicator("1", "目標", source="accessions"), date(2024, 11, 20)
    found = counting.of_plan(cursor, flagged.parents[1], plan_of(one), day)["1", "1", "2024"]
    items, _ = items_and_bibs(cursor)
    days = [item["accession_date"] for item in items if item["accession_date"] and item["accession_date"] <= day]
    assert found.so_far == sum(fiscal_year(each) == 2024 for each in days)
    twin = naive_plans.forecast(days, 2024, day, 3, 30, 30)
    assert (found.forecast, found.low, found.high) == pytest.approx(tuple(map(float, twin)))
    whole = sum(fiscal_year(item["accession_date"]) == 2024 for item in items if item["accession_date"])
    assert found.low * 0.8 <= whole <= found.high * 1.2


def test_measures_stand_where_they_can_be_told(cursor, flagged):
    store, where = flagged.parents[1], ({"material": ["picture_book"], "branch": ["北口図書館"]},)
    plan = plan_of(
        Indicator("held", "所蔵", source="holdings", where=where), Indicator("lent", "貸出", source="loans_of_year", where=where),
        Indicator("new", "新鮮度", unit="%", source="freshness"), columns=("2015", "2023", "2024", "2025"),
    )  # fmt: skip
    found = counting.of_plan(cursor, store, plan, AS_OF)
    items, bibs = items_and_bibs(cursor)
    mine = {
        item["item_no"] for item in items
        if item["branch"] == "北口図書館" and bibs.get(item["bib_no"], {}).get("material") == "picture_book"
    }  # fmt: skip
    held = cursor.sql("SELECT item_no FROM judged").pl()["item_no"].to_list()
    assert found["1", "held", "2024"].so_far == len(mine & set(held))
    assert ("1", "held", "2023") not in found and ("1", "held", "2025") not in found
    loans = cursor.sql("SELECT item_no, month, loans FROM facts_of_day.loan").pl().rows()
    for year in (2023, 2024):
        lent = sum(loans for item, month, loans in loans if item in mine and year * 12 + 3 <= month < year * 12 + 15)
        assert found["1", "lent", str(year)].so_far == lent > 0
    assert ("1", "lent", "2015") not in found  # loans are not known so far back
    received = sum(fiscal_year(item["accession_date"]) == 2024 for item in items if item["accession_date"])
    assert found["1", "new", "2024"].so_far == pytest.approx(received / len(held) * 100, abs=0.06)


def test_the_holdings_of_an_earlier_year_come_from_the_flags_of_that_year(tmp_path):
    flags, _ = random_store(tmp_path, Random(8), 60, 0.5)
    snapshot = snapshots.newest(tmp_path)
    earlier = snapshot.with_name(snapshot.name.replace(AS_OF.isoformat(), "2024-04-01"))
    snapshot.rename(earlier)
    flags.rename(flags.with_name(flags.name.replace(AS_OF.isoformat(), "2024-04-01")))
    newer, _ = random_store(tmp_path / "newer", Random(9), 90, 0.5)
    with connect_flags(newer) as cursor:
        found = counting.of_plan(cursor, tmp_path, plan_of(Indicator("1", "所蔵", source="holdings")), AS_OF)
        now = measures.compute(cursor, "holdings")["value"][0]
    with connect_flags(flags.with_name(flags.name.replace(AS_OF.isoformat(), "2024-04-01"))) as cursor:
        then = measures.compute(cursor, "holdings")["value"][0]
    assert {key[2]: count.so_far for key, count in found.items()} == {"2023": then, "2024": now} and then != now


def test_the_seven_targets_of_the_sample_list_are_counted(cursor, flagged):
    plan = keeping.samples()["kanazawa-library-2024"].plan
    found = counting.of_plan(cursor, flagged.parents[1], plan, AS_OF)
    items, bibs = items_and_bibs(cursor)
    for project in plan.projects:
        [one] = project.indicators
        expected = sum(
            item["accession_date"] is not None and years.of(item["accession_date"]) == 2024
            and naive_plans.counts(list(one.where), item, bibs.get(item["bib_no"], {}))
            for item in items
        )  # fmt: skip
        assert found[project.no, one.id, "2024"].so_far == expected
    assert sum(count.so_far for count in found.values()) > 0


def test_the_loans_of_a_year_known_in_part_are_not_told(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.random_library.LOANS_FROM", 2023 * 12 + 8)  # September 2023
    flags, _ = random_store(tmp_path, Random(4), 300, 0.5)
    with connect_flags(flags) as cursor:
        found = counting.of_plan(cursor, tmp_path, plan_of(Indicator("1", "貸出", source="loans_of_year")), AS_OF)
        assert measures.compute(cursor, "loans_of_year", year=2023)["value"][0] > 0
    assert set(found) == {("1", "1", "2024")}

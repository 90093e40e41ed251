"""推移: each fiscal year is told by the right snapshot with the right figure, and what cannot be known is left out."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from collection import measures, trends
from collection.measures import EVERYTHING, MEASURES
from collection.store import snapshots
from collection.store.connection import connect, connect_flags
from collection.trends import Point
from tests import naive_measures, trends_store
from tests.naive_measures import Asked, fiscal_year, month_number, rows_of
from tests.test_measures import read
from tests.trends_store import DAYS


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> Path:
    """A store with the snapshots of four days, all flagged."""
    return trends_store.build(tmp_path_factory.mktemp("followed"), tmp_path_factory.mktemp("files"))


@pytest.fixture
def own(followed, tmp_path) -> Path:
    """The same, for a test that changes it."""
    shutil.copytree(followed / snapshots.FOLDER, tmp_path / snapshots.FOLDER)
    return tmp_path


def flags_on(store: Path, day: date) -> Path:
    [found] = [
        flags for flags in map(snapshots.flags_of, snapshots.all(store)) if flags and flags.name.startswith(str(day))
    ]
    return found


# ── which snapshot stands for which year


def test_each_fiscal_year_is_told_by_one_snapshot(followed):
    points, left = trends.kept(followed)
    assert [(at.as_of, at.year, at.ended) for at in points] == [
        (DAYS[0], 2022, True), (DAYS[1], 2023, True), (DAYS[2], 2024, True), (DAYS[3], 2025, False),
    ]  # fmt: skip
    assert left == []
    assert [at.flags for at in points] == [flags_on(followed, day) for day in DAYS]
    assert [at.counted_on for at in points] == [tuple(DAYS[: n + 1]) for n in range(4)]
    assert points[2].loans_to == points[3].loans_to == 2025 * 12 + 2


def test_a_snapshot_that_cannot_be_read_is_left_out_and_said(own):
    flags_on(own, DAYS[1]).unlink()
    with connect(flags_on(own, DAYS[0])) as connection:
        connection.execute("DROP TABLE year_cell")
    points, left = trends.kept(own)
    assert [at.as_of for at in points] == DAYS[2:]
    assert left == DAYS[:2]


def test_of_one_year_the_newest_that_can_be_read_counts(own):
    """The second day of a year stands for it; when it cannot be read the first does, and the second is said."""
    later = DAYS[3] + timedelta(days=30)
    snapshot = next(file for file in snapshots.all(own) if snapshots.as_of(file) == DAYS[3])
    shutil.copy(snapshot, snapshots.path(own, later, "0" * 12))
    points, left = trends.kept(own)
    assert points[-1].as_of == DAYS[3] and left == [later]
    flags = flags_on(own, DAYS[3])
    shutil.copy(flags, flags.with_name(flags.name.replace(snapshot.stem, snapshots.path(own, later, "0" * 12).stem)))
    points, left = trends.kept(own)
    assert len(points) == 4 and left == [] and points[-1].flags.name.startswith(str(later))


def test_of_one_snapshot_the_newest_flags_count(own):
    first = flags_on(own, DAYS[0])
    other = first.with_name(f"{first.name.split('.')[0]}.nishinomiya-00000000.duckdb")
    shutil.copy(first, other)
    os.utime(other, ns=(first.stat().st_mtime_ns + 10**9,) * 2)
    assert trends.kept(own)[0][0].flags == other


def test_an_empty_store_has_no_points(tmp_path):
    assert trends.kept(tmp_path) == ([], [])


# ── what can be told: twins that count months and days one by one


def random_point(rng: Random) -> Point:
    as_of = rng.choice([date(2025, 4, 1), date(2025, 3, 31), date(2025, 6, 30), date(2024, 12, 2)])
    start = rng.choice([None, month_number(as_of) - rng.randrange(1, 70)])
    end = None if start is None else min(month_number(as_of), start + rng.randrange(1, 70))
    counted = sorted(
        {rng.choice([date(y, 4, 1), date(y, 10, 1), date(y, 3, 31)]) for y in rng.sample(range(2015, 2025), 4)}
    )
    counted = tuple(day for day in counted[: rng.randrange(5)] if day < as_of)
    return Point(Path(), as_of, as_of, start, end, (*counted, *([as_of] if rng.random() < 0.9 else [])))


def year_told(day: date) -> int:
    return fiscal_year(day - timedelta(days=1))


def gone_seen(at: Point, year: int) -> bool:
    before = [day for day in at.counted_on if day <= date(year, 4, 1)]
    return bool(before) and year in [year_told(day) for day in at.counted_on]


def naive_years(at: Point, name: str) -> dict[int, bool]:
    known = set(range(at.loans_from, at.loans_to + 1)) if at.loans_from is not None else set()
    told = {}
    for year in range(year_told(at.as_of) - trends.SPAN + 1, year_told(at.as_of) + 1):
        whole = at.as_of >= date(year + 1, 3, 31)
        months = {month_number(date(year, month, 1)) for month in range(4, 13)}
        months |= {month_number(date(year + 1, month, 1)) for month in range(1, 4)}
        if name in ("loans_of_year", "cost_per_loan"):
            if not months & known:
                continue
            whole = whole and months <= known
        if name == "withdrawn" and not gone_seen(at, year):
            continue
        told[year] = whole
    return told


def naive_tells(at: Point, name: str) -> bool:
    if name == "renewal":
        return gone_seen(at, year_told(at.as_of))
    if name not in ("loans", "loan_share", "relative_use", "turnover", "shelf_time"):
        return True
    last = month_number(at.as_of + timedelta(days=1)) - 1
    return at.loans_from is not None and set(range(last - 11, last + 1)) <= set(range(at.loans_from, at.loans_to + 1))


@pytest.mark.parametrize("name", MEASURES)
def test_what_can_be_told_is_what_counting_months_and_days_gives(name):
    rng, seen = Random(name), set()
    for _ in range(150):
        at = random_point(rng)
        assert trends.tells(at, name) == naive_tells(at, name), at
        if MEASURES[name].of_year:
            assert trends.told_years(at, name) == naive_years(at, name), at
            asked = not all(naive_years(at, name).values())
        else:
            asked = "year" in MEASURES[name].asks and at.as_of < date(year_told(at.as_of) + 1, 3, 31)
        assert trends.any_partial([at], (name,)) == asked
        seen.add((naive_tells(at, name), asked))
    assert len(seen) > 1 or "year" not in MEASURES[name].asks


# ── the figures


@pytest.fixture(scope="module")
def opened(followed) -> Iterator[dict]:
    """A cursor on the flags of each day."""
    with ExitStack() as stack:
        yield {day: stack.enter_context(connect_flags(flags_on(followed, day))) for day in DAYS}


@pytest.fixture(scope="module")
def known(opened) -> dict[date, naive_measures.Rows]:
    """The rows of each day."""
    return {day: rows_of(read(cursor, day)) for day, cursor in opened.items()}


@pytest.fixture(scope="module")
def series(followed, opened):
    """series(name, by): a measure over the years, as the screen asks for it."""
    points, _ = trends.kept(followed)

    def told(name: str, by: tuple[str, ...]) -> pl.DataFrame:
        if MEASURES[name].of_year:
            found = measures.compute(opened[DAYS[-1]], name, (*by, "fiscal_year"))
            return trends.over_years(points[-1], found, name, by)
        able = [at for at in points if trends.tells(at, name)]
        parts = [(at, measures.compute(opened[at.as_of], name, by, EVERYTHING, year=at.year)) for at in able]
        return trends.over_snapshots(parts, name, by)

    return told


@pytest.mark.parametrize("name", MEASURES)
def test_the_figures_of_every_year_equal_the_twin(followed, series, known, name):
    points, _ = trends.kept(followed)
    newest, naive = points[-1], getattr(naive_measures, name)
    loan_years = {row["fiscal_year"] for row in known[DAYS[-1]].happened if row.get("loans")}
    for by in (("whole",), ("shelf_class",), ("branch", "audience")):
        found = series(name, by)
        if MEASURES[name].of_year:
            days = {year: (DAYS[-1], not whole) for year, whole in naive_years(newest, name).items()}
        else:
            days = {year_told(at.as_of): (at.as_of, at.as_of == DAYS[3]) for at in points if naive_tells(at, name)}
        groups = sorted({key for day, _ in days.values() for key in known[day].by(*by)}, key=str)
        told = {(row[: len(by)], row[len(by)]): row[len(by) + 1 :] for row in found.iter_rows()}
        assert {year for _, year in told} == set(days)
        for year, (day, partial) in days.items():
            rows, parts = known[day], known[day].by(*by)
            for group in groups:
                value = naive(parts[group], Asked(rows, year, 5, 95, loan_years))
                if (group, year) not in told:
                    assert not value
                    continue
                as_of, open_, least, figure = told[group, year]
                assert (as_of, open_) == (day, partial)
                assert least == (name in trends.CAME and year < fiscal_year(DAYS[0]))
                if value is None:
                    assert not figure
                else:
                    assert figure == pytest.approx(value)


def test_the_years_before_the_loan_figures_are_not_shown_as_nothing(series):
    assert series("loans_of_year", ("whole",))["year"].to_list() == [2020, 2021, 2022, 2023, 2024]
    assert series("withdrawn", ("whole",))["year"].to_list() == [2023, 2024, 2025]
    assert series("renewal", ("whole",))["year"].to_list() == [2023, 2024, 2025]
    assert series("turnover", ("whole",))["year"].to_list() == [2022, 2023, 2024]


def test_shares_of_every_year_add_up_to_one(series):
    found = series("share", ("shelf_class",)).group_by("year").agg(pl.col("value").sum())
    assert found["value"].to_list() == pytest.approx([1] * 4)


def test_a_group_that_a_year_has_not_is_none_of_it():
    points = [Point(Path(), date(year, 4, 1), date(year, 4, 1), None, None, ()) for year in (2024, 2025)]
    frames = [
        pl.DataFrame({"branch": ["中央", "北口"], "value": [3, 4]}),
        pl.DataFrame({"branch": ["中央"], "value": [5]}),
    ]
    pairs = list(zip(points, frames, strict=True))
    found = trends.over_snapshots(pairs, "holdings", ("branch",))
    assert found.select("year", "branch", "value").rows() == [
        (2023, "中央", 3), (2023, "北口", 4), (2024, "中央", 5), (2024, "北口", 0),
    ]  # fmt: skip
    assert trends.over_snapshots(pairs, "turnover", ("branch",))["value"].to_list() == [3, 4, 5, None]
    assert trends.over_snapshots([], "holdings", ("branch",)).columns == found.columns


# ── what the title says, and where names stand


def test_what_changed_most_is_what_looking_at_every_group_gives():
    rng, kinds = Random(1), set()
    for _ in range(200):
        rows = [
            {"branch": branch, "year": year, "partial": year == 2024 and late, "least": year < least, "value": rng.choice([None, 0.0, 1.0, 2.5, 4.0])}
            for late, least in [(rng.random() < 0.5, rng.choice([0, 2022, 2024]))]
            for year in rng.sample(range(2021, 2025), rng.randrange(1, 5)) for branch in (None, "中央", "北口")
        ]  # fmt: skip
        found = trends.most_changed(
            pl.DataFrame(rows, schema_overrides={"branch": pl.String, "value": pl.Float64}), ("branch",)
        )
        told = [row for row in rows if not row["least"]]
        whole = [row for row in told if not row["partial"]]
        if len({row["year"] for row in whole}) > 1:
            told = whole
        told = [row for row in told if row["value"] is not None]
        ends = {row["year"] for row in told}
        changes = {}
        if len(ends) > 1:
            value = {(row["branch"], row["year"]): row["value"] for row in told}
            both = [b for b in (None, "中央", "北口") if (b, min(ends)) in value and (b, max(ends)) in value]
            changes = {b: abs(value[b, max(ends)] - value[b, min(ends)]) for b in both}
        kinds.add(len(changes))
        if not changes:
            assert found is None
            continue
        old, new = found
        assert old["branch"] == new["branch"] and (old["year"], new["year"]) == (min(ends), max(ends))
        assert abs(new["value"] - old["value"]) == max(changes.values())
    assert len(kinds) == 4


def test_names_stand_apart_and_in_order():
    rng = Random(2)
    for _ in range(300):
        gap = rng.choice([0.5, 1, 3])
        values = [rng.uniform(0, 10) for _ in range(rng.randrange(1, 13))] + [rng.choice([0, 5])] * rng.randrange(3)
        found = trends.apart(values, gap, 0)
        assert len(found) == len(values)
        placed = sorted(zip(values, found, strict=True))
        assert min(found) >= -1e-9
        for (_, below), (_, above) in zip(placed, placed[1:], strict=False):
            assert above - below >= gap - 1e-9
        if all(b - a >= gap for a, b in zip(sorted(values), sorted(values)[1:], strict=False)):
            assert found == pytest.approx(values)
    assert trends.apart([1.0, 1.0], 2, 0) == [0.0, 2.0]
    assert trends.apart([5.0, 5.0, 20.0], 2, 0) == [4.0, 6.0, 20.0]

"""What the library's own figures say of a plan: accessions that a target counts, measures, and the forecast of a running year.

The forecast of accessions is  so far ÷ share,  where share is the part of a year's accessions of this target that had come by
the same day in the years before (all of them together); its interval takes the earliest and the latest of those years.
Where they had too few items, and for other counts, share is the part of the days that have passed, without an interval.
"""

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import measures, years
from collection.measures import MEASURES
from collection.plans import model
from collection.plans.model import ACCESSIONS, MEASURED, Indicator, Plan
from collection.sources.normalise import match_key, match_key_of
from collection.store import snapshots
from collection.store.connection import connect_flags, sql

Key = tuple[str, str, str]  # number of the project, id of the indicator, column


@dataclass(frozen=True)
class Count:
    """A figure that was counted: so far, and what it will be when the year ends.

    Attributes:
        year: the fiscal year it was counted for. running: whether that year still runs.
        forecast, low, high: None for a year that is over, and where nothing can be said.
        how: season or days, how the forecast was made; "" without one. share: the part of the year that had passed, by it.
    """

    so_far: float
    year: int
    running: bool = False
    forecast: float | None = None
    low: float | None = None
    high: float | None = None
    how: str = ""
    share: float | None = None


def of_plan(cursor: duckdb.DuckDBPyConnection, store: Path, plan: Plan, as_of: date) -> dict[Key, Count]:
    """Every figure of a plan that can be counted. What can not be told (no snapshot of that year) is left out.

    Args:
        cursor: on the newest flags, the snapshot attached as facts_of_day. as_of: its day.
    """
    found = _received(cursor, plan, as_of)
    for project in plan.projects:
        for one in project.indicators:
            if one.source in MEASURED:
                for column in plan.columns:
                    count = _measured(cursor, store, one, plan, column, as_of)
                    if count is not None:
                        found[project.no, one.id, column] = count
    return found


def year_counted(column: str, as_of: date) -> int | None:
    """The fiscal year whose figure stands in a column: the last one of it that has begun; None before."""
    year = min(model.last_year(column), measures.year_of(as_of))
    return year if year >= model.first_year(column) else None


def _received(cursor: duckdb.DuckDBPyConnection, plan: Plan, as_of: date) -> dict[Key, Count]:
    asked = {
        (project.no, one.id): one
        for project in plan.projects for one in project.indicators if one.source == ACCESSIONS
    }  # fmt: skip
    begun = {column: year for column in plan.columns if (year := year_counted(column, as_of)) is not None}
    if not asked or not begun:
        return {}
    first = years.first(min(begun.values()) - int(plan.value("season_years")))
    days = received(cursor, {json.dumps(key): one for key, one in asked.items()}, first, as_of)
    found = {}
    for key in asked:
        own = days.filter(pl.col("key") == json.dumps(key)).select("day", "items").rows()
        for column, year in begun.items():
            found[*key, column] = of_days(plan, own, year, as_of)
    return found


def received(cursor: duckdb.DuckDBPyConnection, targets: dict[str, Indicator], first: date, last: date) -> pl.DataFrame:
    """The items each target counts (key → indicator), by the day they were received: key, day, items."""
    query = sql("queries/plans_received").format(counted=sql("queries/plans_counted"))
    return cursor.sql(query, params=_parameters(cursor, targets, first, last)).pl()


def books(
    cursor: duckdb.DuckDBPyConnection, one: Indicator, first: date, last: date, rows: int | None = None, skip: int = 0
) -> pl.DataFrame:
    """The items a target counts from `first` to `last`, the newest first: the columns of plans_books.sql."""
    query = sql("queries/plans_books").format(counted=sql("queries/plans_counted"))
    return cursor.sql(query, params=_parameters(cursor, {"": one}, first, last) | {"rows": rows, "skip": skip}).pl()


def _parameters(cursor: duckdb.DuckDBPyConnection, targets: dict[str, Indicator], first: date, last: date) -> dict:
    wanted = [{"key": key, **where} for key, one in targets.items() for where in one.where or ({},)]
    if any("words" in where for where in wanted):
        known = cursor.sql(sql("queries/plans_subjects")).pl()["subject"]
        folded = dict(zip(known, match_key(known), strict=True))
        for where in wanted:
            if "words" in where:
                keys = [match_key_of(word) for word in where["words"]]
                held = [subject for subject, key in folded.items() if any(word in key for word in keys)]
                where |= {"words": keys, "subjects": held}
    return {"wanted": json.dumps(wanted, ensure_ascii=False), "first": first, "last": last}


def of_days(plan: Plan, days: list[tuple[date, int]], year: int, as_of: date) -> Count:
    """The count of a fiscal year and its forecast, from (day, items) of that year and those before."""
    so_far = sum(items for day, items in days if years.of(day) == year)
    if as_of > years.last(year):
        return Count(so_far, year)
    before = range(year - int(plan.value("season_years")), year)
    whole = [sum(items for day, items in days if years.of(day) == each) for each in before]
    until = [
        sum(items for day, items in days if years.of(day) == each and _place(day) <= _place(as_of)) for each in before
    ]
    if sum(until) and sum(whole) >= plan.value("season_items"):
        shares = [part / all_ for part, all_ in zip(until, whole, strict=True) if part]
        return _forecast(plan, so_far, year, as_of, sum(until) / sum(whole), shares)
    return _forecast(plan, so_far, year, as_of, _passed(year, as_of), [])


def _forecast(plan: Plan, so_far: float, year: int, as_of: date, share: float, shares: list[float]) -> Count:
    if not so_far or (as_of - years.first(year)).days < plan.value("forecast_days"):
        return Count(so_far, year, True)
    low, high = (so_far / max(shares), so_far / min(shares)) if shares else (None, None)
    return Count(so_far, year, True, so_far / share, low, high, "season" if shares else "days", share)


def _place(day: date) -> tuple[int, int]:
    """The place of a day in its fiscal year, the same in every year."""
    return (day.month - 4) % 12, day.day


def _passed(year: int, as_of: date) -> float:
    """The part of the days of a fiscal year that have passed, the as-of day included."""
    return ((as_of - years.first(year)).days + 1) / ((years.last(year) - years.first(year)).days + 1)


def _measured(
    cursor: duckdb.DuckDBPyConnection, store: Path, one: Indicator, plan: Plan, column: str, as_of: date
) -> Count | None:
    year, measure = year_counted(column, as_of), MEASURES[one.source]
    if year is None or (one.source == "loans_of_year" and not _lent_known(cursor, year)):
        return None
    with _cursor_of(cursor, store, year, as_of, measure.of_year) as own:
        if own is None:
            return None
        asked = {"year": year} if "year" in measure.asks else {}
        value = measures.compute(own, one.source, scope=model.scope(one), **asked)["value"]
    if value.is_empty() or value[0] is None:
        return None
    figure = round(value[0] * 100, 1) if measure.form == "share" else round(value[0], 2)
    if as_of <= years.last(year) and measure.of_year:
        return _forecast(plan, figure, year, as_of, _passed(year, as_of), [])
    return Count(figure, year, as_of <= years.last(year))


def _lent_known(cursor: duckdb.DuckDBPyConnection, year: int) -> bool:
    """Whether the loans of a fiscal year are on file from its first month on."""
    [(first,)] = cursor.execute(sql("queries/plans_loans_from")).fetchall()
    return first is not None and first <= year * 12 + 3


def _cursor_of(
    cursor: duckdb.DuckDBPyConnection, store: Path, year: int, as_of: date, of_year: bool
) -> AbstractContextManager[duckdb.DuckDBPyConnection | None]:
    """Where the figure of a year stands: what a year brought, in the newest flags; what was held, in those of that year."""
    if of_year or year == measures.year_of(as_of):
        return nullcontext(cursor)
    then = snapshots.newest(store, until=years.first(year + 1))
    flags = snapshots.flags_of(then) if then and measures.year_of(snapshots.as_of(then)) == year else None
    return connect_flags(flags) if flags else nullcontext(None)

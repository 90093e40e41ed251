"""推移: a measure from fiscal year to fiscal year, one point a year.

What is held is told by the snapshots that are kept: a year by the newest one up to 1 April of the next (measures.year_of).
What years brought and took is told by the newest snapshot alone, which knows the years before. A year of which something
cannot be known is left out, never shown as 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from collection import facts, measures, years
from collection.measures import MEASURES
from collection.store import snapshots
from collection.store.connection import connect_flags, sql

SPAN = 10  # fiscal years shown of what years brought and took
LENT_LATELY = ("loans", "loan_share", "relative_use", "turnover", "shelf_time")  # ask for twelve months of loan figures
LENT = ("loans_of_year", "cost_per_loan")
CAME = (
    "received",
    "spent",
    "cost_per_loan",
)  # count what came, of which nobody knows what left before the first import


@dataclass(frozen=True)
class Point:
    """A snapshot that stands for its fiscal year.

    judged_on: the day its flags count to. loans_from, loans_to: the months with loan figures, None where there are none.
    counted_on: the days on which items were imported so far.
    """

    flags: Path
    as_of: date
    judged_on: date
    loans_from: int | None
    loans_to: int | None
    counted_on: tuple[date, ...]

    @property
    def year(self) -> int:
        return measures.year_of(self.as_of)

    @property
    def ended(self) -> bool:
        """Whether its fiscal year was over."""
        return self.as_of >= years.last(self.year)


def point(flags: Path) -> Point | None:
    """What flags can tell of; None for flags of an older form, which do not count fiscal years."""
    with connect_flags(flags) as cursor:
        if cursor.sql(sql("queries/flag_tables")).pl().is_empty():
            return None
        found = cursor.sql(sql("queries/trends_point")).pl().row(0, named=True)
    return Point(flags, **found | {"counted_on": tuple(found["counted_on"] or ())})


def kept(store: Path, read: Callable[[Path], Point | None] = point) -> tuple[list[Point], list[date]]:
    """The points of a store, oldest first, and the days of the snapshots that would count but have no flags to be read by.

    Args:
        read: `point`, or the same remembered.
    """
    found, left = {}, {}
    for snapshot in snapshots.all(store):
        day, flags = snapshots.as_of(snapshot), snapshots.flags_of(snapshot)
        year, told = measures.year_of(day), read(flags) if flags else None
        if told:
            found[year] = told
            left.pop(year, None)
        else:
            left[year] = day
    return [found[year] for year in sorted(found)], sorted(left.values())


def tells(at: Point, name: str) -> bool:
    """Whether a snapshot can tell a measure of what it holds: relative use needs a year of loans, renewal what has gone."""
    if name in LENT_LATELY:
        last = facts.last_whole_month(at.judged_on)
        return at.loans_from is not None and at.loans_from <= last - 11 and last <= at.loans_to
    return name != "renewal" or _gone_known(at, at.year)


def told_years(newest: Point, name: str) -> dict[int, bool]:
    """The fiscal years of which a measure of a year can be told, each with whether the whole year is."""
    span = range(newest.year - SPAN + 1, newest.year + 1)
    found = {year: year < newest.year or newest.ended for year in span}
    if name in LENT:
        if newest.loans_from is None:
            return {}
        return {
            year: whole and newest.loans_from <= april and april + 11 <= newest.loans_to
            for year, whole in found.items()
            if (april := year * 12 + 3) <= newest.loans_to and newest.loans_from <= april + 11
        }
    if name == "withdrawn":
        return {year: whole for year, whole in found.items() if _gone_known(newest, year)}
    return found


def any_partial(points: list[Point], names: tuple[str, ...]) -> bool:
    """Whether some measures could be told of a year that is not whole."""
    asking = [name for name in names if "year" in MEASURES[name].asks]
    years_told = [told_years(points[-1], name).values() for name in asking if MEASURES[name].of_year]
    days = [at.ended for at in points] if len(asking) > len(years_told) else []
    return not all([*days, *(whole for told in years_told for whole in told)])


def _counted_before(at: Point, year: int) -> bool:
    """Whether items were imported before the year began, so that what left in it was seen."""
    return any(day <= years.first(year) for day in at.counted_on)


def _gone_known(at: Point, year: int) -> bool:
    """Items are seen to go by an import that no longer has them: it takes one before, and one that tells of the year."""
    return _counted_before(at, year) and any(measures.year_of(day) == year for day in at.counted_on)


def over_snapshots(found: list[tuple[Point, pl.DataFrame]], name: str, by: tuple[str, ...]) -> pl.DataFrame:
    """A measure of what is held, year by year.

    Args:
        found: of each point that `tells`, what measures.compute gave.

    Returns:
        the columns of `by`, year, as_of, partial (whether the year is told in part), least (whether only what is still held
        was counted), value; every group in every year, a count or share of 0 where a year has none of it. Sorted by year.
    """
    parts = [
        frame.select(
            *by, year=pl.lit(at.year), as_of=pl.lit(at.as_of), partial=pl.lit(not at.ended), least=pl.lit(False),
            value=pl.col("value").cast(pl.Float64),
        )
        for at, frame in found
    ]  # fmt: skip
    return _whole(pl.concat(parts), name, by) if parts else _nothing(by)


def over_years(newest: Point, found: pl.DataFrame, name: str, by: tuple[str, ...]) -> pl.DataFrame:
    """A measure of years, in the form of `over_snapshots`; `found`: measures.compute by `by` and fiscal_year."""
    told = told_years(newest, name)
    least = {year: name in CAME and not _counted_before(newest, year) for year in told}
    known = found.filter(pl.col("fiscal_year").is_in(list(told))).select(
        *by, year=pl.col("fiscal_year").cast(pl.Int32), as_of=pl.lit(newest.as_of),
        partial=~pl.col("fiscal_year").replace_strict(told, return_dtype=pl.Boolean),
        least=pl.col("fiscal_year").replace_strict(least, return_dtype=pl.Boolean), value=pl.col("value").cast(pl.Float64),
    )  # fmt: skip
    return _whole(known, name, by) if len(known) else _nothing(by)


def _whole(found: pl.DataFrame, name: str, by: tuple[str, ...]) -> pl.DataFrame:
    """Every group in every year: none of it is 0 for what is counted."""
    days = found.select("year", "as_of", "partial", "least").unique()
    every = found.select(by).unique().join(days, how="cross")
    filled = every.join(found.select(*by, "year", "value"), on=[*by, "year"], how="left", nulls_equal=True)
    if MEASURES[name].form in ("count", "yen") or name == "share":
        filled = filled.with_columns(pl.col("value").fill_null(0))
    return filled.sort("year", *by, nulls_last=True)


def _nothing(by: tuple[str, ...]) -> pl.DataFrame:
    kinds = dict.fromkeys(by, pl.String)
    return pl.DataFrame(
        schema=kinds
        | {"year": pl.Int32, "as_of": pl.Date, "partial": pl.Boolean, "least": pl.Boolean, "value": pl.Float64}
    )


def most_changed(found: pl.DataFrame, by: tuple[str, ...]) -> tuple[dict, dict] | None:
    """The group that changed most between the first and the last whole year: its two rows; None without two such years.

    Where there are no two whole years, years that are told in part count too; years of which only what is still held was
    counted never do: they would always seem fewer.
    """
    told = found.filter(~pl.col("least"))
    whole = told.filter(~pl.col("partial"))
    known = (whole if whole["year"].n_unique() > 1 else told).drop_nulls("value")
    if known["year"].n_unique() < 2:
        return None
    first, last = (known.filter(pl.col("year") == end) for end in (known["year"].min(), known["year"].max()))
    both = first.join(last.select(*by, then="value"), on=list(by), nulls_equal=True)
    if both.is_empty():
        return None
    group = both.sort((pl.col("then") - pl.col("value")).abs(), *by, descending=[True, *[False] * len(by)]).head(1)
    old, new = (rows.join(group.select(by), on=list(by), nulls_equal=True).row(0, named=True) for rows in (first, last))
    return old, new


def apart(values: list[float], gap: float, low: float) -> list[float]:
    """The values moved as little as need be, in their order, so that each stands at least `gap` from the next and from `low`
    upwards. Runs of values that are too close are laid around their mean.
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    runs: list[list[int]] = []

    def start(run: list[int]) -> float:
        return max(low, sum(values[nth] for nth in run) / len(run) - gap * (len(run) - 1) / 2)

    for nth in order:
        runs.append([nth])
        while len(runs) > 1 and start(runs[-1]) < start(runs[-2]) + gap * len(runs[-2]):
            runs[-2:] = [runs[-2] + runs[-1]]
    placed = {nth: start(run) + gap * at for run in runs for at, nth in enumerate(run)}
    return [placed[nth] for nth in range(len(values))]

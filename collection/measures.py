"""What the collection is, in figures: each measure is one question in store/measures/<name>.sql.

Their meaning, formula and source are in words/measures.toml. Any measure can be told by any of GROUPS and their crossings,
over any part of the holdings (Scope). `stock` measures look at the items held on the as-of day, `year` measures at what
fiscal years brought and took, so only these can be told by fiscal year.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import polars as pl

from collection import words, years
from collection.store.connection import sql

GROUPS = (
    "whole", "shelf_class", "division", "section", "branch", "location", "audience", "material", "fiscal_year"
)  # 全体・類・綱・目・館・配架場所・対象・資料種別・年度  # fmt: skip
FORMS = ("count", "share", "ratio", "year", "yen", "months")
IDLE_YEARS, COVER = 5, 95


@dataclass(frozen=True)
class Measure:
    """How a figure is to be read: its form (one of FORMS), what it asks for (year, idle or cover), and of what it is."""

    form: str
    asks: tuple[str, ...] = ()
    of_year: bool = False


MEASURES = {
    "holdings": Measure("count"), "share": Measure("share"), "loans": Measure("count"), "loan_share": Measure("share"),
    "relative_use": Measure("ratio"), "turnover": Measure("ratio"),
    "freshness": Measure("share", ("year",)), "renewal": Measure("share", ("year",)),
    "new_on_open": Measure("share", ("year",)),
    "never_lent": Measure("share"), "idle": Measure("share", ("idle",)),
    "year_lower": Measure("year"), "year_median": Measure("year"), "year_upper": Measure("year"),
    "past_shelf_life": Measure("share"), "copies_per_title": Measure("ratio"), "holds_per_copy": Measure("ratio"),
    "received": Measure("count", ("year",), True), "withdrawn": Measure("count", ("year",), True),
    "spent": Measure("yen", ("year",), True), "loans_of_year": Measure("count", ("year",), True),
    "cost_per_loan": Measure("ratio", ("year",), True), "shelf_time": Measure("months", ("cover",)),
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """A part of the holdings; an empty part lets everything through. ndc: the beginning of a class, as "49"."""

    branch: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    shelf_class: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    ndc: str = ""


EVERYTHING = Scope()


def year_of(as_of: date) -> int:
    """The fiscal year that the figures of a day tell of: on 1 April the one that has just ended."""
    return years.of(as_of - timedelta(days=1))


def compute(
    cursor: duckdb.DuckDBPyConnection, name: str, by: tuple[str, ...] = ("whole",), scope: Scope = EVERYTHING, *,
    within: tuple[str, ...] = (), year: int | None = None, idle: int = IDLE_YEARS, cover: int = COVER,
) -> pl.DataFrame:  # fmt: skip
    """One measure by some groups.

    Args:
        cursor: on a flags file. name: of MEASURES. by: of GROUPS, fiscal_year only for measures of a year.
        within: of `by`, the groups within which shares add up to 1; all together when empty.
        year: the fiscal year of measures that ask for one; measures of a year take every year when it is None.
        idle: years for `idle`. cover: per cent for `shelf_time`.

    Returns:
        the columns of `by` (whole = ''), and value: a count, a share or ratio, yen, months or a year; null where it can
        not be told. Sorted by the groups.

    Raises:
        KeyError: no such measure. ValueError: a group that this measure cannot be told by, or a year that is lacking.
    """
    measure = MEASURES[name]
    known = GROUPS if measure.of_year else GROUPS[:-1]
    if not by or not set(by) <= set(known) or not set(within) <= set(by):
        raise ValueError(f"{name} by {by} within {within}")
    if year is None and "year" in measure.asks and not measure.of_year:
        raise ValueError(f"{name} of which year?")
    asked = {"year": year, "idle": idle, "cover": cover}
    query = _scoped(sql(f"measures/{name}")).format(
        by=", ".join(by), within="PARTITION BY " + ", ".join(within) if within else ""
    )
    parameters = _parameters(scope) | {key: asked[key] for key in measure.asks}
    whole = measure.form in ("count", "yen", "months")
    found = cursor.sql(query, params=parameters).pl()
    return found.with_columns(pl.col("value").cast(pl.Int64 if whole else pl.Float64)).sort(by, nulls_last=True)


def together(
    cursor: duckdb.DuckDBPyConnection, names: tuple[str, ...], by: tuple[str, ...], scope: Scope = EVERYTHING, **asked
) -> pl.DataFrame:
    """Several measures side by side: the columns of `by`, then one column a measure, named by it."""
    found = compute(cursor, names[0], by, scope, **asked).rename({"value": names[0]})
    for name in names[1:]:
        other = compute(cursor, name, by, scope, **asked).rename({"value": name})
        found = found.join(other, on=by, how="full", coalesce=True, nulls_equal=True)
    return found.sort(by, nulls_last=True)


def _scoped(measure: str) -> str:
    tables = {"stock": "judged", "years": "year_cell", "shelf": "shelf_time"}
    used = {name: table for name, table in tables.items() if f"FROM {name}" in measure}
    parts = [f"{name} AS (\n{sql('queries/measures_scope').format(table=table)})" for name, table in used.items()]
    return f"WITH {', '.join(parts)}\n{measure}"


def _parameters(scope: Scope) -> dict:
    lists = ("branch", "location", "shelf_class", "audience", "material")
    return {name: list(getattr(scope, name)) or None for name in lists} | {"ndc": scope.ndc or None}


def word(name: str) -> str:
    """The name of a measure in the present language."""
    return words.table("measures")[name][words.language.get()]


def told(name: str) -> str:
    """What a measure means, how it is counted, where it comes from and what it cannot tell, as the help text of its name."""
    said = {
        key: text[words.language.get()] for key, text in words.table("measures")[name].items() if isinstance(text, dict)
    }
    return words.say("charts.measure_told", **said)

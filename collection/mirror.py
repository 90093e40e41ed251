"""規則の鏡: what is held that the rules would not take today, what people ask for while it is to be weeded, and what was bought
and could already go.

What is seen here is about the rules. No item is weeded for it: rules about titles on offer are no criteria of withdrawal.
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import ledger, years
from collection.measures import EVERYTHING, Scope
from collection.policy import Policy
from collection.policy.model import Rule
from collection.selection import facts, signs
from collection.selection.check import by_rules
from collection.store.connection import connect, sql

WAYS = ("request", "selection")  # of policy.model.WAYS: as a reader's request, or as the library's own choice
TAKINGS = ("refuse", "committee", "doubt")  # doubt: the committee, by weak signs alone
YEARS = 6  # fiscal years of buying that are looked back on
REQUESTED = {"bib_id": pl.String, "requests": pl.Int64, "last_on": pl.Date}


@dataclass(frozen=True)
class Look:
    """Which of the items held are listed; "" lets everything through. rule: an id; taking: of TAKINGS."""

    rule: str = ""
    taking: str = ""


def rules(policy: Policy, way: str) -> list[Rule]:
    """The rules that would not take a title, or not without the committee."""
    return [rule for rule in signs.rules_of(policy, way) if rule.effect in ("refuse", "committee")]


def mirrored(cursor: duckdb.DuckDBPyConnection, policy: Policy, as_of: date, way: str) -> pl.DataFrame:
    """The records held that the rules would not take if they were offered today; some seconds for a million.

    Returns:
        bib_no; rule, the id of the one that decides; taking, of TAKINGS.
    """
    asked = rules(policy, way)
    told = dict.fromkeys(("rule", "taking"), pl.String)
    if not asked:
        return pl.DataFrame(schema={"bib_no": pl.Int32} | told)
    cursor.register("looked_at", cursor.sql(sql("queries/mirror_records")).pl().to_arrow())
    cursor.execute(sql("queries/mirror_bib"))
    facts.gather(cursor, policy, as_of, way, _serials(cursor))
    outcomes = signs.outcomes(cursor, policy, asked)
    met = outcomes.filter(pl.any_horizontal(pl.col(rule.id) > 0 for rule in asked))
    taking = pl.when("doubt").then(pl.lit("doubt")).otherwise("by_rules")
    ids, takings = (pl.Enum(names) for names in ([rule.id for rule in asked], TAKINGS))
    return met.select("bib_no", **by_rules(asked)).select(
        "bib_no", rule=pl.col("own_rule").cast(ids), taking=taking.cast(takings)
    )


def _serials(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return cursor.sql(sql("queries/selection_serials")).pl()


def cells(cursor: duckdb.DuckDBPyConnection, found: pl.DataFrame) -> pl.DataFrame:
    """rule and taking (null: every rule would take them), branch, shelf_class, items, candidates, lending, loans.

    Args:
        found: from `mirrored`.
    """
    cursor.register("mirrored", found.to_arrow())
    return cursor.sql(sql("queries/mirror_cells")).pl()


def within(counted: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The rows of a scope, which has branches and classes."""
    for name in ("branch", "shelf_class"):
        if values := getattr(scope, name):
            counted = counted.filter(pl.col(name).is_in(values))
    return counted


def by_rule(counted: pl.DataFrame) -> pl.DataFrame:
    """What the rules would not take, and whether people want it, the most items first.

    Args:
        counted: `cells` of a scope.

    Returns:
        rule, taking, items, candidates; share (of all items of the scope); lent, loans per lending copy in the last year; other,
        the same of items that every rule would take, in the classes of these items (each class as often as it occurs here).
    """
    rate = (
        counted.filter(pl.col("rule").is_null())
        .group_by("shelf_class")
        .agg(rate=pl.col("loans").sum() / pl.col("lending").sum())
        .filter(pl.col("rate").is_finite())
    )
    held = counted.filter(pl.col("rule").is_not_null()).join(rate, on="shelf_class", how="left")
    weighed = pl.col("lending").filter(pl.col("rate").is_not_null()).sum()
    return (
        held.group_by("rule", "taking")
        .agg(
            pl.col("items", "candidates").sum(),
            share=pl.col("items").sum() / counted["items"].sum(),
            lent=_ratio(pl.col("loans").sum(), pl.col("lending").sum()),
            other=_ratio((pl.col("lending") * pl.col("rate")).sum(), weighed),
        )
        .sort("items", "rule", "taking", descending=[True, False, False])
    )


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def items(
    cursor: duckdb.DuckDBPyConnection, found: pl.DataFrame, look: Look, scope: Scope = EVERYTHING, rows: int | None = None,
    skip: int = 0,
) -> pl.DataFrame:  # fmt: skip
    """The items behind `mirrored`, those lent most first: columns of mirror_items.sql."""
    cursor.register("mirrored", found.cast({"rule": pl.String, "taking": pl.String}).to_arrow())
    asked = {name: value or None for name, value in vars(look).items()} | _places(scope) | {"rows": rows, "skip": skip}
    return cursor.sql(sql("queries/mirror_items"), params=asked).pl()


def signs_found(
    cursor: duckdb.DuckDBPyConnection, policy: Policy, as_of: date, way: str, listed: pl.DataFrame
) -> pl.DataFrame:
    """Weighed.found of a page of `items`: the signs of the rules that decide of its records."""
    titles = cursor.sql(sql("queries/mirror_titles"), params={"asked": listed["bib_no"].unique().to_list()}).pl()
    deciding = tuple(rule for rule in rules(policy, way) if rule.id in set(listed["rule"]))
    with connect() as own:
        facts.lay(own, titles)
        facts.gather(own, policy, as_of, way, _serials(cursor))
        return signs.weigh(own, replace(policy, rules=deciding), way).found


def requested(store: Path, as_of: date) -> pl.DataFrame:
    """REQUESTED: the records that requests of the last and the present fiscal year matched."""
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=REQUESTED)
    since = years.first(last_year(as_of)).isoformat()
    with ledger.reading(store) as connection:
        rows = [tuple(row) for row in connection.execute(sql("queries/mirror_requests"), {"since": since})]
    told = pl.DataFrame(rows, schema=REQUESTED | {"last_on": pl.String}, orient="row")
    return told.with_columns(pl.col("last_on").str.to_date())


def asked_for(cursor: duckdb.DuckDBPyConnection, requests: pl.DataFrame, scope: Scope = EVERYTHING) -> pl.DataFrame:
    """Titles that people ask for while they are to be weeded, those of which nothing stays first: columns of mirror_asked.sql.

    Args:
        cursor: with the people's decisions attached (decisions.attach). requests: from `requested`.
    """
    cursor.register("requested", requests.to_arrow())
    query = sql("queries/mirror_asked").format(leaving=sql("queries/duplicates_leaving"))
    found = cursor.sql(query).pl()
    if scope.branch:
        found = found.filter(pl.col("branches").list.set_intersection(list(scope.branch)).list.len() > 0)
    return found.filter(pl.col("shelf_class").is_in(scope.shelf_class)) if scope.shelf_class else found


def last_year(as_of: date) -> int:
    """The fiscal year before that of a day."""
    return years.of(as_of) - 1


def bought(cursor: duckdb.DuckDBPyConnection, as_of: date) -> pl.DataFrame:
    """What was bought in the last YEARS fiscal years and the present one: columns of mirror_bought.sql."""
    return cursor.sql(sql("queries/mirror_bought"), params={"since": years.of(as_of) - YEARS}).pl()


def bought_items(
    cursor: duckdb.DuckDBPyConnection, received: list[int], criterion: str = "", scope: Scope = EVERYTHING,
    rows: int | None = None, skip: int = 0,
) -> pl.DataFrame:  # fmt: skip
    """What was bought in some fiscal years and is a candidate now, the dearest first: columns of mirror_bought_items.sql."""
    asked = {"received": received, "criterion": criterion or None, "rows": rows, "skip": skip}
    return cursor.sql(sql("queries/mirror_bought_items"), params=asked | _places(scope)).pl()


def _places(scope: Scope) -> dict:
    return {"branch": list(scope.branch) or None, "shelf_class": list(scope.shelf_class) or None}

"""Lists for other tools and for spreadsheets, exactly as INTERCHANGE lays them down."""

from pathlib import Path

import duckdb
import polars as pl

from collection import duplicates, freshness, local, neutrality, shares, space
from collection.policy.model import Policy
from collection.reasons import article_sql, reason_sql
from collection.sheets import write
from collection.store.connection import connect_flags, sql


def candidates(flags: Path, policy: Policy) -> pl.DataFrame:
    """One row for every item that any criterion, protection or unknown touched, in shelf order.

    Args:
        flags: a flags file beside its snapshot.
        policy: the policy those flags were made with.
    """
    with connect_flags(flags) as connection:
        return listed(connection, policy)


def listed(cursor: duckdb.DuckDBPyConnection, policy: Policy, items: list[str] | None = None) -> pl.DataFrame:
    """The rows of `candidates`, or those of the items asked for, also where no rule touched them."""
    query = sql("queries/export_candidates").format(
        told=sql("views/told"), reason=reason_sql(policy), article=article_sql(policy),
        which="verdict IS NOT NULL" if items is None else "item_id IN (SELECT unnest($items))",
    )  # fmt: skip
    return cursor.sql(query, params={} if items is None else {"items": items}).pl()


def holdings_by_class_branch(flags: Path, policy: Policy) -> pl.DataFrame:
    """分類別蔵書数: one row a class with 小計 after the general classes, one column a branch, and the total."""
    with connect_flags(flags) as connection:
        cells = connection.sql(sql("queries/export_holdings_by_class_branch")).pl()
    branches = (
        cells.group_by("branch").agg(pl.col("volumes").sum()).sort("volumes", descending=True)["branch"].to_list()
    )
    counts = cells.pivot("branch", index="shelf_class", values="volumes").fill_null(0).sort("shelf_class")
    counts = counts.select("shelf_class", *branches).with_columns(total=pl.sum_horizontal(branches))
    general = counts.filter(~pl.col("shelf_class").is_in(["K", "-"]))
    parts = [
        general,
        _sum(general, "subtotal"),
        counts.filter(pl.col("shelf_class").is_in(["K", "-"])),
        _sum(counts, "total"),
    ]
    return pl.concat(parts).rename({"shelf_class": "class"})


def _sum(counts: pl.DataFrame, name: str) -> pl.DataFrame:
    return counts.select(pl.lit(name).alias("shelf_class"), pl.exclude("shelf_class").sum())


LISTS = {
    "candidates": candidates,
    "holdings-by-class-branch": holdings_by_class_branch,
    "balance": shares.listed,
    "duplicates": duplicates.listed,
    "freshness": freshness.listed,
    "local": local.listed,
    "neutrality": neutrality.listed,
    "space": space.listed,
}


def export(name: str, flags: Path, policy: Policy, out: Path) -> int:
    """Write one of LISTS to a CSV or XLSX file; returns its rows. Raises Problem for another ending."""
    found = LISTS[name](flags, policy)
    write(found, out, title=name)
    return found.height

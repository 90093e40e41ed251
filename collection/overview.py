"""What ホーム, 基準 and the head of every page say of the store: what was imported, judged, and what is missing."""

import duckdb
import polars as pl

from collection.store.connection import sql


def _one(cursor: duckdb.DuckDBPyConnection, query: str) -> dict:
    return cursor.sql(sql(f"queries/{query}")).pl().row(0, named=True)


def holdings(cursor: duckdb.DuckDBPyConnection) -> dict:
    """as_of, loans_from, loans_to (months since year 0 or None), items, bibs and branches of the snapshot."""
    return _one(cursor, "home_holdings")


def judging(cursor: duckdb.DuckDBPyConnection) -> dict:
    """policy, policy_hash, in_force, as_of, snapshot of the flags, and ledger_seq, the last decision they know of."""
    return _one(cursor, "rules_judging")


def imports(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row for every file of the newest import, with its outcomes counted."""
    return cursor.sql(sql("queries/home_imports")).pl()


def tally(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Items by branch, verdict ('none' = untouched, 'road' = approved and leaving) and criterion.

    Args:
        cursor: with the decisions attached (decisions.attach).
    """
    return cursor.sql(sql("queries/home_tally")).pl()


def gaps(cursor: duckdb.DuckDBPyConnection) -> dict:
    """How many held items lack a record, a class, a year, or any figure of use."""
    return _one(cursor, "home_gaps")


def rule_counts(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Rule id → (items it touches, items it cannot tell of)."""
    return {rule: (hits, unknown) for rule, hits, unknown in cursor.execute(sql("queries/rules_counts")).fetchall()}

"""What was known of an item when people decided on it, as a JSON text that the ledger keeps for good.

It outlives the snapshot: in five years it still says which article applied, with which figures, and what stayed.
"""

from dataclasses import replace

import duckdb
import polars as pl

from collection import reasons
from collection.policy import Policy
from collection.store.connection import sql

FEW = 20  # up to so many items, only the rules that speak of them are spelled out: planning all takes longer than the query


def of_items(cursor: duckdb.DuckDBPyConnection, policy: Policy, items: list[str]) -> pl.DataFrame:
    """One row for each held item of those asked for: item_id, item_no, verdict, criterion, route, told (JSON text).

    Args:
        cursor: on a flags file with its snapshot attached. items: item numbers; one that is not held has no row.
    """
    if len(items) <= FEW:
        spoken = {rule for (rule,) in cursor.execute(sql("queries/evidence_rules"), {"items": items}).fetchall()}
        speaking = tuple(rule for rule in policy.rules if rule.id in spoken or rule.blocks or rule.measured_by)
        policy = replace(policy, rules=speaking)
    query = sql("queries/evidence_items").format(
        told=sql("views/told"), reason=reasons.reason_sql(policy), article=reasons.article_sql(policy)
    )
    return cursor.sql(query, params={"items": items}).pl()

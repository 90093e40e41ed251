"""What was known of an item when people decided on it, as a JSON text that the ledger keeps for good.

It outlives the snapshot: in five years it still says which article applied, with which figures, and what stayed.
"""

import duckdb
import polars as pl

from collection import reasons
from collection.policy import Policy
from collection.store.connection import sql

FEW = 20  # up to so many items, only the rules that speak of them are spelled out
COLUMNS = {
    "item_id": pl.String, "item_no": pl.Int32, "criterion": pl.String, "route": pl.String, "verdict": pl.String,
    "told": pl.String,
}  # fmt: skip


def of_items(cursor: duckdb.DuckDBPyConnection, policy: Policy, items: list[str]) -> pl.DataFrame:
    """One row for each held item of those asked for: item_id, item_no, verdict, criterion, route, told (JSON text).

    Args:
        cursor: on a flags file with its snapshot attached. items: item numbers; one that is not held has no row.
    """
    numbers = cursor.execute(sql("queries/evidence_numbers"), {"items": items}).fetchall()
    if not numbers:
        return pl.DataFrame(schema=COLUMNS)
    found = [number for (number,) in numbers]
    asked = {"numbers": found, "first": found[0], "last": found[-1]}
    rules = None
    if len(items) <= FEW:
        rules = frozenset(rule for (rule,) in cursor.execute(sql("queries/evidence_rules"), asked).fetchall())
    query = sql("queries/evidence_items").format(
        told=sql("views/told"),
        reason=reasons.reason_sql(policy, rules=rules),
        article=reasons.article_sql(policy, rules),
    )
    # execute, not sql(): that would plan the query twice, which takes longer than a few rows
    return pl.DataFrame(cursor.execute(query, asked).fetchall(), schema=COLUMNS, orient="row")

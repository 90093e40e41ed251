"""What the model learns from and what it speaks of: decisions with what was known then, and today's candidates likewise."""

from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, ledger
from collection.policy import Policy
from collection.store.connection import sql
from collection.words import Problem

DECISIONS = 500  # kept or withdrawn: fewer cannot tell a habit from chance
LISTS = 3  # later lists are tried against earlier ones
OF_EACH = 30  # kept, and withdrawn
DECISION = {"item_id": pl.String, "list_no": pl.String, "closing": pl.Int64, "decided_on": pl.String,
            "outcome": pl.String, "told": pl.String}  # fmt: skip
KEYS = {"then": "item_id, list_no, closing, decided_on, kept", "now": "item_no"}


def decided(store: Path) -> pl.DataFrame:
    """What the committee decided item by item, oldest first: columns of DECISION (see decisions.sql)."""
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=DECISION)
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("models/agreement/decisions")).fetchall()
    return pl.DataFrame([tuple(row) for row in rows], schema=DECISION, orient="row")


def then(connection: duckdb.DuckDBPyConnection, policy: Policy, decision: pl.DataFrame) -> pl.DataFrame:
    """item_id, list_no, closing, decided_on, kept and the features of features.sql of what was kept or withdrawn."""
    connection.register("decision", decision)
    found = _features(connection, policy, "then")
    connection.unregister("decision")
    return found.sort("closing", "item_id")


def need(known: pl.DataFrame) -> None:
    """Raises Problem when there is too little to learn from; it says how many decisions there are and how many lack."""
    kept, lists = int(known["kept"].sum()), known["list_no"].n_unique()
    if len(known) < DECISIONS:
        raise Problem("models_agreement.too_few", n=len(known), need=DECISIONS, lack=DECISIONS - len(known))
    if lists < LISTS:
        raise Problem("models_agreement.too_few_lists", n=len(known), lists=lists, need=LISTS)
    if min(kept, len(known) - kept) < OF_EACH:
        raise Problem("models_agreement.one_sided", kept=kept, withdrawn=len(known) - kept, need=OF_EACH)


def now(connection: duckdb.DuckDBPyConnection, store: Path, policy: Policy) -> pl.DataFrame:
    """item_no and the features of today's candidates and of what is tagged or on a list, in item_no order."""
    decisions.attach(connection, store)
    return _features(connection, policy, "now").sort("item_no")


def _features(connection: duckdb.DuckDBPyConnection, policy: Policy, when: str) -> pl.DataFrame:
    connection.register("class_rule", pl.DataFrame({"prefix": [entry["prefix"] for entry in policy.classes]}))
    query = sql("models/agreement/features").format(known=sql(f"models/agreement/{when}"), keys=KEYS[when])
    return connection.sql(query).pl()

"""資料カード: everything the store knows of one item."""

from dataclasses import dataclass

import duckdb
import polars as pl

from collection import reasons, words
from collection.policy import Policy
from collection.store.connection import sql

PARTS = ("use", "freshness", "scarcity", "priority")


@dataclass(frozen=True)
class Card:
    """One item: `item` its facts and flags by column name, `loans` by fiscal year, `copies` of the same work."""

    item: dict
    loans: pl.DataFrame
    copies: pl.DataFrame


def read(cursor: duckdb.DuckDBPyConnection, policy: Policy, item_id: str) -> Card | None:
    """The card of a held item by its 資料番号, its reason in the present language; None when it is not held."""
    known = cursor.execute(sql("queries/card_find"), {"item_id": item_id}).fetchall()
    if not known:
        return None
    item_no, rule = known[0]
    reason = reasons.reason_sql(policy, words.language.get(), frozenset({rule}))
    query = sql("queries/card_item").format(told=sql("views/told"), reason=reason)
    found = cursor.sql(query, params={"item_no": item_no}).pl()
    item = found.row(0, named=True)
    loans = cursor.sql(sql("queries/card_loans"), params={"item_no": item["item_no"]}).pl()
    keys = {name: item[name] for name in ("item_no", "unit_no", "work_no", "survivor_item_no")}
    copies = cursor.sql(sql("queries/card_copies"), params=keys).pl()
    return Card(item, loans, copies)

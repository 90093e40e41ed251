"""均衡の検査: what a list does to the shares of the classes, to the last titles of a 目, and to local material."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions
from collection.composition import CLASSES
from collection.store.connection import sql


@dataclass(frozen=True)
class Balance:
    """What changes.

    Attributes:
        classes: shelf_class, before, leaving, after (items), share_before, share_after (0–1), in the order of classes.
        last: branch (null: the whole library), moku (three digits), titles, items: what leaves nothing behind.
        local_before, local_after: items of local material; share_before, share_after: of all items (0–1).
    """

    classes: pl.DataFrame
    last: pl.DataFrame
    local_before: int
    local_after: int
    share_before: float
    share_after: float


def check(cursor: duckdb.DuckDBPyConnection, store: Path, items: list[str]) -> Balance:
    """What is left when the items leave, against what stands there without those already approved for withdrawal.

    Args:
        cursor: on a flags file with its snapshot attached. items: numbers of the items that leave.
    """
    decisions.attach(cursor, store)
    counted = cursor.sql(sql("queries/balance_classes"), params={"items": items}).pl()
    last = cursor.sql(sql("queries/balance_last"), params={"items": items}).pl()
    order = pl.col("shelf_class").replace_strict({mark: n for n, mark in enumerate(CLASSES)}, default=len(CLASSES))
    classes = (
        counted.sort(order)
        .with_columns(after=pl.col("before") - pl.col("leaving"))
        .with_columns(_share("before").alias("share_before"), _share("after").alias("share_after"))
        .select("shelf_class", "before", "leaving", "after", "share_before", "share_after")
    )
    before, local = int(counted["before"].sum()), int(counted["local_before"].sum())
    after, local_after = before - int(counted["leaving"].sum()), local - int(counted["local_leaving"].sum())
    return Balance(classes, last, local, local_after, local / max(before, 1), local_after / max(after, 1))


def _share(column: str) -> pl.Expr:
    return pl.when(pl.col(column).sum() > 0).then(pl.col(column) / pl.col(column).sum()).otherwise(0.0)

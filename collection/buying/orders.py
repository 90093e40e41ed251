"""What leaves the list: the order list of a vendor, one row for each branch and title, and what is coming, for the shares."""

import polars as pl

from collection import purchases
from collection.purchases import Purchases

ORDER = (
    "order", "no", "branch", "isbn", "title", "volume", "author", "publisher", "edition", "pub_year", "copies", "price", "cost",
)  # fmt: skip


def rows(found: pl.DataFrame) -> pl.DataFrame:
    """ORDER of lines: one row for each branch and title, branch after branch, as a vendor delivers them.

    Args:
        found: lines with `no` and `order`.
    """
    each = _each(found).filter(pl.col("copies").is_not_null())
    return each.with_columns(cost=pl.col("price") * pl.col("copies")).select(ORDER).sort("order", "branch", "no")


def arriving(found: pl.DataFrame, name: str) -> Purchases:
    """Lines as a list of purchases that can be laid over the shares of the classes. name: what it is called there."""
    each = _each(found).with_columns(pl.col("copies").fill_null(1), ndc=pl.col("ndc").str.slice(0, 3))
    return Purchases(name, each.select(list(purchases.ROW)).cast(purchases.ROW), {})


def _each(found: pl.DataFrame) -> pl.DataFrame:
    """A row for each place of each line: branch and copies, null for a line without places."""
    return found.drop("copies", strict=False).explode("places").unnest("places")

"""蔵書構成: how the holdings are spread over classes and branches, beside how they are lent."""

import duckdb
import polars as pl

from collection.store.connection import sql

CLASSES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "K", "-")


def cells(cursor: duckdb.DuckDBPyConnection, location: tuple[str, ...] = ()) -> pl.DataFrame:
    """branch, shelf_class, items, loans (last year), candidates, with what each share is.

    Returns:
        also share (of the branch's items, 0–1) and library_share (of all items, 0–1).
    """
    found = cursor.sql(sql("queries/composition_cells"), params={"location": list(location) or None}).pl()
    return found.with_columns(
        share=pl.col("items") / pl.col("items").sum().over("branch"),
        library_share=pl.col("items") / pl.col("items").sum(),
    )


def branches(found: pl.DataFrame) -> list[str]:
    """The branches of `cells`, the largest first."""
    return (
        found.group_by("branch")
        .agg(pl.col("items").sum())
        .sort("items", "branch", descending=[True, False])["branch"]
        .to_list()
    )


def balance(found: pl.DataFrame, branch: str | None = None) -> pl.DataFrame:
    """Share of holdings beside share of loans for each class, of one branch or of the whole library.

    Returns:
        shelf_class, items, loans, candidates, held_share, lent_share (0–1; lent_share is null without loans),
        relative (lent_share ÷ held_share: 1 = lent as much as its share) and turnover (loans ÷ items).
    """
    if branch is not None:
        found = found.filter(pl.col("branch") == branch)
    by_class = found.group_by("shelf_class").agg(pl.col("items", "loans", "candidates").sum())
    lent = pl.when(pl.col("loans").sum() > 0).then(pl.col("loans") / pl.col("loans").sum())
    return (
        by_class.with_columns(held_share=pl.col("items") / pl.col("items").sum(), lent_share=lent)
        .with_columns(relative=pl.col("lent_share") / pl.col("held_share"), turnover=pl.col("loans") / pl.col("items"))
        .sort(pl.col("shelf_class").replace_strict({mark: n for n, mark in enumerate(CLASSES)}, default=len(CLASSES)))
    )


def least_used(found: pl.DataFrame) -> str | None:
    """The class of `balance` whose loans fall furthest short of its holdings, when by a tenth or more; else None."""
    enough = found.filter((pl.col("held_share") >= 0.02) & (pl.col("relative") <= 0.9) & pl.col("shelf_class").ne("-"))
    return enough.sort("relative")["shelf_class"][0] if len(enough) else None

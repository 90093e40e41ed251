"""Which classes are short of what they were meant to be, once everything that leaves has left and what is chosen has come."""

import duckdb
import polars as pl

from collection import composition, shares
from collection.buying import lines
from collection.policy import Policy

TARGETS, LOANS = "targets", "loans"  # what the classes are held against


def arriving(coming: pl.DataFrame) -> pl.DataFrame:
    """mark, arriving: the copies that lines bring to each class."""
    each = coming.select(mark=lines.mark(), copies=lines.copies())
    return each.group_by("mark").agg(arriving=pl.col("copies").sum()).sort("mark")


def of(cursor: duckdb.DuckDBPyConnection, policy: Policy, coming: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """The classes against the targets of the pack, or where it has none against their share of the loans.

    Args:
        cursor: with the decisions attached. coming: from `arriving`, of the lines that are chosen or ordered.

    Returns:
        the columns of `shares.compare` with `short`, one row a class; and TARGETS or LOANS. A class is short when its share is
        below the target and outside the tolerance; without targets, when it lies a tenth below its share of the loans.

    Raises:
        PolicyErrors: the pack's targets cannot be read.
    """
    cells = composition.cells(cursor)
    aims, against = shares.wanted(shares.targets(policy.folder / shares.FILE)), TARGETS
    if aims.is_empty():
        aims, against = shares.as_aims(composition.balance(cells), "lent_share"), LOANS
        aims = aims.with_columns(tolerance=pl.col("target") * (1 - composition.CLEARLY))
    found = shares.compare(shares.moved(cells, shares.leaving(cursor), coming), aims)
    short = (pl.col("after_gap") > 0) & ~pl.col("after_inside")
    return found.with_columns(short=short.fill_null(False) & (pl.col("mark") != composition.NONE)), against

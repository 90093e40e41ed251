"""How many copies of a title are proposed, and where (資料収集に関する基準 第3の1(5)): one for a branch, more where use asks for
it. It is a proposal: a librarian changes it by hand."""

from math import ceil

import duckdb
import polars as pl

from collection.buying import lines
from collection.policy import Policy
from collection.store.connection import sql

HOLDS, ABOVE, LEAST = "複本1冊の予約", "本を置く館の利用", "館の利用を比べる冊数"
LEVELS = ("section", "mark", "all")  # the class of three digits, the shelf class, everything


def class_use(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """level (of LEVELS), key, branch, items, loans: how each branch uses each class (buying_class_use.sql)."""
    found = cursor.sql(sql("queries/buying_class_use")).pl()
    child = pl.when("child").then(pl.lit(lines.CHILD)).otherwise(pl.lit(""))
    keys = {"section": child + pl.col("section"), "mark": pl.col("mark"), "all": pl.lit("")}
    return pl.concat(
        found.group_by("branch", level=pl.lit(level), key=key).agg(pl.col("items", "loans").sum()).drop_nulls("key")
        for level, key in keys.items()
    ).select("level", "key", "branch", "items", "loans")


def used_at(use: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Each class with the branches in the order in which its books are used there, the most used first.

    Args:
        use: from `class_use`.

    Returns:
        level, key, branch, items, loans, per_copy, mean (loans per copy of all branches) and above: per_copy is at least the
        mean times 運用値 本を置く館の利用. Only classes with enough items (運用値 館の利用を比べる冊数) and with loans.
    """
    whole, loans = (pl.col(name).sum().over("level", "key") for name in ("items", "loans"))
    enough = (whole >= int(policy.parameters[LEAST])) | (pl.col("level") == "all")
    above = pl.col("loans") * whole >= float(policy.parameters[ABOVE]) * loans * pl.col("items")
    return (
        use.with_columns(per_copy=pl.col("loans") / pl.col("items"), mean=loans / whole, above=above)
        .filter(enough & (loans > 0))
        .sort("level", "key", pl.col("per_copy"), "branch", descending=[False, False, True, False])
    )


def proposed(found: pl.DataFrame, used: pl.DataFrame, readers: pl.Series, policy: Policy) -> pl.Series:
    """Where copies of each line are proposed to stand: lists of branch and copies, empty where nothing tells.

    A source that names branches decides; else each branch that uses the class above the mean gets one copy, or where no
    branch does, the one that uses it most. When the readers who wait ask for more, one by one in that order.

    Args:
        found: lines, whose `wanted` is what holds ask for beyond the copies there are. used: from `used_at`.
        readers: how many requests wait for each line.
    """
    orders = {
        key: list(zip(branches, above, strict=True))
        for *key, branches, above in used.group_by("level", "key", maintain_order=True).agg("branch", "above").rows()
        for key in [tuple(key)]
    }
    keys = found.select(section=lines.section(), mark=lines.mark(), all=pl.lit("")).rows()
    each = int(policy.parameters[HOLDS])
    return pl.Series(
        [
            _places(places, next((orders[at] for at in zip(LEVELS, key, strict=True) if at in orders), []),
                    max(wanted or 0, ceil(waiting / each)))
            for places, wanted, key, waiting in zip(found["places"], found["wanted"], keys, readers, strict=True)
        ],
        dtype=pl.List(lines.PLACE),
    )  # fmt: skip


def _places(named: pl.Series, order: list[tuple[str, bool]], wanted: int) -> list[dict]:
    placed = {place["branch"]: place["copies"] for place in named}
    if not placed:
        placed = {branch: 1 for branch, above in order if above} or {branch: 1 for branch, _ in order[:1]}
    branches = [branch for branch, _ in order] or list(placed)
    for turn in range(wanted - sum(placed.values()) if branches else 0):
        branch = branches[turn % len(branches)]
        placed[branch] = placed.get(branch, 0) + 1
    return [{"branch": branch, "copies": copies} for branch, copies in placed.items()]

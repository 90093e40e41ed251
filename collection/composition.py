"""蔵書構成: how the holdings are spread over classes and branches, beside how they are lent.

A class goes by its mark: the shelf class (0–9 by NDC, K children's books, - no class on record), or the first one, two or
three digits of the NDC (類, 綱, 目) where a scope looks into one class.
"""

from collections.abc import Iterable
from dataclasses import replace

import duckdb
import polars as pl

from collection import candidates, words
from collection.candidates import ALL, Filter
from collection.measures import EVERYTHING, Scope
from collection.store.connection import sql

CLASSES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "K", "-")
CHILDREN, NONE = "K", "-"
ENOUGH, CLEARLY = 0.02, 0.9


def of_children(scope: Scope) -> bool:
    """Whether a scope looks at children's books alone, which are one shelf class and have an NDC of their own."""
    return scope.audience == ("child",) or scope.shelf_class == (CHILDREN,)


def digits(scope: Scope) -> int:
    """How finely the classes of a scope are told: 0 by shelf class, else by so many digits of the NDC.

    One level below what the scope has chosen: a class by its 綱, a 綱 by its 目, children's books by their 類.
    """
    if scope.ndc:
        return min(len(scope.ndc) + 1, 3)
    if len(scope.shelf_class) == 1 and scope.shelf_class[0].isdigit():
        return 2
    return int(of_children(scope))


def general(scope: Scope) -> Scope:
    """The scope without children's books, which are a class beside the ten."""
    marks = scope.shelf_class or CLASSES
    return replace(scope, shelf_class=tuple(mark for mark in marks if mark != CHILDREN))


def parameters(scope: Scope) -> dict:
    """The values that measures_scope.sql binds; None where the scope says nothing."""
    return {name: (list(part) if isinstance(part, tuple) else part) or None for name, part in vars(scope).items()}


def cells(cursor: duckdb.DuckDBPyConnection, scope: Scope = EVERYTHING, level: int | None = None) -> pl.DataFrame:
    """branch, mark, items, loans (last twelve months) of a scope; level as in `digits`, which is used when it is None."""
    query = sql("queries/composition_cells").format(scope=sql("queries/measures_scope").format(table="judged"))
    asked = {"digits": digits(scope) if level is None else level}
    return cursor.sql(query, params=parameters(scope) | asked).pl()


def branches(found: pl.DataFrame) -> list[str]:
    """The branches of `cells`, the largest first."""
    sums = found.group_by("branch").agg(pl.col("items").sum())
    return sums.sort("items", "branch", descending=[True, False])["branch"].to_list()


def balance(found: pl.DataFrame) -> pl.DataFrame:
    """Share of holdings beside share of loans for each class of `cells`.

    Returns:
        mark, items, loans, held_share, lent_share (0–1; lent_share is null without loans), relative (lent_share ÷
        held_share: 1 = lent as much as its share) and turnover (loans ÷ items), in the order of the classes.
    """
    by_class = found.group_by("mark").agg(pl.col("items", "loans").sum())
    lent = pl.when(pl.col("loans").sum() > 0).then(pl.col("loans") / pl.col("loans").sum())
    return (
        by_class.with_columns(held_share=pl.col("items") / pl.col("items").sum(), lent_share=lent)
        .with_columns(relative=pl.col("lent_share") / pl.col("held_share"), turnover=pl.col("loans") / pl.col("items"))
        .sort(order())
    )


def order() -> list[pl.Expr]:
    """Classes by their mark, those without one at the end."""
    return [pl.col("mark") == NONE, pl.col("mark")]


def least_used(found: pl.DataFrame) -> str | None:
    """The class of `balance` whose loans fall furthest short of its holdings, when by a tenth or more; else None."""
    enough = found.filter((pl.col("held_share") >= ENOUGH) & (pl.col("relative") <= CLEARLY) & pl.col("mark").ne(NONE))
    return enough.sort("relative")["mark"][0] if len(enough) else None


def by_branch(found: pl.DataFrame) -> pl.DataFrame:
    """Share of each class at each branch beside its share of all branches of `cells`.

    Returns:
        branch, mark, items, share, whole_share (0–1) and difference (share − whole_share); a row also for a class that a
        branch has none of.
    """
    whole = found.group_by("mark").agg(whole_share=pl.col("items").sum() / found["items"].sum())
    every = found.select("branch").unique().join(whole, how="cross")
    return (
        every.join(found.select("branch", "mark", "items"), on=["branch", "mark"], how="left")
        .with_columns(pl.col("items").fill_null(0))
        .with_columns(share=pl.col("items") / pl.col("items").sum().over("branch"))
        .with_columns(difference=pl.col("share") - pl.col("whole_share"))
        .sort("branch", *order())
    )


def parts(mark: str, level: int) -> dict[str, str] | None:
    """The filters of the list that show a class; None for what has no mark of that level, which the list cannot show."""
    if level == 0:
        return {"shelf_class": mark}
    return {"ndc": mark} if mark.isdigit() and len(mark) == level else None


def opens(measure: str, *, year: int | None, idle: int) -> dict:
    """The filters of the list that a figure of a measure leads to: the items it counts where the list can tell them, else all."""
    of_year = {"received": year}
    return {
        "idle": {"idle_from": idle},
        "never_lent": {"sign": ("never_lent",)},
        "past_shelf_life": {"sign": ("past_life",)},
        "holds_per_copy": {"sign": ("asked_for",)},
        "new_on_open": {"location": ("open",), **of_year},
        **dict.fromkeys(("freshness", "renewal", "received", "spent", "cost_per_loan"), of_year),
    }.get(measure, {})


def listed(cursor: duckdb.DuckDBPyConnection, by: tuple[str, ...], scope: Scope, opened: dict) -> pl.DataFrame:
    """How many items the list shows for each cell of a heat map, by the very filter of the list.

    Args:
        cursor: with the decisions attached. by: branch, shelf_class, division, section. opened: as `opens` gives.

    Returns:
        the columns of `by`, items.
    """
    told = vars(scope) | {name: _named_none(getattr(scope, name)) for name in ("audience", "material")}
    chosen = Filter(**told | {"verdict": (), "tag": (ALL,)} | opened)
    query = sql("queries/composition_listed").format(scope=sql("queries/candidates_filter"), by=", ".join(by))
    return cursor.sql(query, params=candidates.parameters(chosen)).pl()


def name(mark: str) -> str:
    """A class in words, always with its digits: 4 自然科学, 49 医学・薬学, 498; K and - as their shelf class is called."""
    if len(mark) == 2 and f"division_{mark}" in words.table("composition"):
        return f"{mark} {words.say(f'composition.division_{mark}')}"
    return words.code("shelf_class", mark) if len(mark) == 1 else mark


def _named_none(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(code or "none" for code in codes)

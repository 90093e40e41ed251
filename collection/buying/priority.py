"""In which order the committee looks at the lines: what is to be collected before all else (要綱 第5条第2項) first, then by points
that can be added up by hand from what is shown."""

import polars as pl

from collection.policy import Policy

FIRST = "先に買う資料の規則"
WEIGHTS = {  # column → the operating value that says what one of it is worth
    "requests": "リクエスト1件の優先点",
    "holds": "予約1件の優先点",
    "replaced": "買替の優先点",
    "gap": "不足する類の優先点",
}


def first(policy: Policy) -> list[str]:
    """The ids of the rules whose titles come first (運用値 先に買う資料の規則); where the pack names none, of all that prefer."""
    named = policy.parameters.get(FIRST)
    return named.split(";") if named else [rule.id for rule in policy.rules if rule.effect == "prefer"]


def ranked(found: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The lines in their order, with `points` and `rank` (from 1).

    Args:
        found: preferred (whether one of the rules that come first asks for it), and the columns of WEIGHTS: requests and holds are counts, replaced and
            gap whether it stands in for a worn copy and whether its class is short; title, no.
    """
    weights = {column: int(policy.parameters[name]) for column, name in WEIGHTS.items()}
    points = pl.sum_horizontal(pl.col(column).cast(pl.Int64) * weight for column, weight in weights.items())
    order = ["preferred", "points", "title", "no"]
    return (
        found.with_columns(points=points)
        .sort(order, descending=[True, True, False, False], nulls_last=True, maintain_order=True)
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    )


def sums(policy: Policy, row: dict) -> list[tuple[str, int, int]]:
    """What a line's points are added up from: column, count and weight of each part that counts."""
    return [(column, int(row[column]), int(policy.parameters[name])) for column, name in WEIGHTS.items() if row[column]]


def running(found: pl.DataFrame, money: int | None) -> pl.DataFrame:
    """The lines, which stand in their order, with `cost`, `total` and `over`.

    Args:
        found: price, copies, and buyable: whether a line can be bought at all. money: what there is; None: nobody said.

    Returns:
        cost: price × copies, null where either is not known. total: the cost of this line and all before it; null where the
        line adds nothing, because its cost is not known or it cannot be bought. over: whether the total is more than the money.
    """
    cost = pl.col("price") * pl.col("copies")
    adds = pl.col("buyable") & pl.col("cost").is_not_null()
    total = pl.when(adds).then(pl.when(adds).then("cost").otherwise(0).cum_sum())
    over = pl.col("total") > pl.lit(money, pl.Int64)
    return found.with_columns(cost=cost).with_columns(total=total).with_columns(over=over)

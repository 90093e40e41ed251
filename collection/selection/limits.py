"""The limits on how many titles one person may ask for (個人貸出し等に関する要綱 第8条), by opaque token."""

import polars as pl

from collection.policy.model import Policy, Rule
from collection.selection.signs import APPLIES, Weighed, rules_of

MEASURE, LIMIT = "冊数の上限", "上限"
COUNTED = ("held", "on_order", "accept", "committee")  # what takes a place in a person's requests and reservations


def rules(policy: Policy, way: str) -> list[Rule]:
    """The rules that limit a number, the narrowest first."""
    return sorted(
        (rule for rule in rules_of(policy, way) if rule.measured_by == MEASURE), key=lambda rule: rule.values[LIMIT]
    )


def reached(rows: pl.DataFrame, policy: Policy, weighed: Weighed, pairs: pl.DataFrame, way: str) -> pl.DataFrame:
    """The rows, which stand in the order they came, with `limit`: the rule whose limit their person has reached; null otherwise.

    Also `counted`: how many of the person's titles count for that rule before this one. A title that the same person has
    asked for before, and one over a narrower limit, takes no place.

    Args:
        rows: row, token, base. pairs: from same.pairs.
    """
    tokens = rows.select("row", "token")
    again = (
        pairs.join(tokens, on="row")
        .join(tokens.rename({"row": "earlier", "token": "other"}), on="earlier")
        .filter(pl.col("token") == pl.col("other"))["row"]
    )
    found = rows.with_columns(limit=pl.lit(None, pl.String), counted=pl.lit(None, pl.Int64))
    takes = pl.col("base").is_in(COUNTED) & ~pl.col("row").is_in(again.implode()) & pl.col("token").is_not_null()
    for rule in rules(policy, way):
        meant = weighed.outcomes.filter(pl.col(rule.id) == APPLIES)["bib_no"].cast(pl.Int64)
        inside = pl.col("row").is_in(meant.implode())
        takes_here = inside & takes & pl.col("limit").is_null()
        before = (takes_here.cum_sum() - takes_here.cast(pl.Int64)).over("token").cast(pl.Int64)
        over = inside & pl.col("token").is_not_null() & pl.col("limit").is_null() & (before >= rule.values[LIMIT])
        found = found.with_columns(
            limit=pl.when(over).then(pl.lit(rule.id)).otherwise("limit"),
            counted=pl.when(over).then(before.clip(upper_bound=rule.values[LIMIT])).otherwise("counted"),
        )
    return found

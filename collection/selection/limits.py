"""The limits on how many titles one person may ask for (個人貸出し等に関する要綱 第8条), by opaque token."""

from collections import Counter

import polars as pl

from collection.policy.model import LIMIT, LIMITED, Policy, Rule
from collection.selection.signs import APPLIES, Weighed, rules_of

COUNTED = ("held", "on_order", "accept", "committee")  # what takes a place in a person's requests and reservations
REACHED = {"limit": pl.String, "counted": pl.Int64}


def rules(policy: Policy, way: str) -> list[Rule]:
    """The rules that limit a number, the narrowest first."""
    return sorted(
        (rule for rule in rules_of(policy, way) if rule.measured_by == LIMITED), key=lambda rule: rule.values[LIMIT]
    )


def reached(rows: pl.DataFrame, policy: Policy, weighed: Weighed, pairs: pl.DataFrame, way: str) -> pl.DataFrame:
    """The rows, which stand in the order they came, with `limit`: the rule whose limit their person has reached; null otherwise.

    Also `counted`: how many of the person's titles count for that rule before this one. What is open already takes its
    place; a title over any limit, and one that the same person has asked for before, take none.

    Args:
        rows: row, state, token, base. pairs: from same.pairs.
    """
    limiting = rules(policy, way)
    meant = {rule.id: set(weighed.outcomes.filter(pl.col(rule.id) == APPLIES)["bib_no"]) for rule in limiting}
    again = _again(rows, pairs)
    taken: Counter = Counter()
    found = []
    for row, state, token, base in rows.select("row", "state", "token", "base").iter_rows():
        mine = [rule for rule in limiting if token is not None and row in meant[rule.id]]
        full = next((rule for rule in mine if taken[token, rule.id] >= rule.values[LIMIT]), None)
        found.append((full.id, taken[token, full.id]) if full else (None, None))
        if row not in again and (state == "open" or (base in COUNTED and not full)):
            taken.update((token, rule.id) for rule in mine)
    return rows.hstack(pl.DataFrame(found, schema=REACHED, orient="row"))


def _again(rows: pl.DataFrame, pairs: pl.DataFrame) -> set[int]:
    """The rows of which the same person asked for the same title before."""
    token = dict(rows.select("row", "token").iter_rows())
    return {row for row, earlier in pairs.iter_rows() if token[row] is not None and token[row] == token[earlier]}

"""What the rules say to a tag on items, and what the tag would come to: set by set, in SQL."""

from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from collection import candidates, criteria
from collection.candidates import Filter
from collection.flag import last_copy_rule
from collection.policy import Policy
from collection.roles import Person
from collection.store.connection import sql

AGREES = {  # tag → the verdicts ('none' = untouched) it does not go against
    "withdraw": ("candidate",),
    "replace": ("candidate", "ask", "unknown", "none"),
    "keep": ("keep", "ask", "unknown", "none"),
    "stacks": ("move", "keep", "ask", "unknown", "none"),
    "branch": ("keep", "ask", "unknown", "none"),
    "repair": candidates.VERDICTS,
    "hold": candidates.VERDICTS,
}
ADVISED = {"repair": "repair", "replace": "replace", "stacks": "closed_stack", "branch": "transfer_branch"}


@dataclass(frozen=True)
class Preview:
    """What a tag on many items comes to.

    Attributes:
        left: how many are left out, by reason. needing_reason: how many go against the recommendation.
        metres: shelf length, by the operating value. yen: their prices; no_price: how many have none on record.
        last_copies: usable items whose work would have no other usable item that stays.
        survivors: items that are named as what stays in another's place.
        others: tag_name, tag, items of what other people tagged. shares: shelf_class, held, goes.
    """

    items: int
    left: dict[str, int]
    needing_reason: int
    metres: float
    yen: int
    no_price: int
    last_copies: int
    survivors: int
    on_loan: int
    holds: int
    others: pl.DataFrame
    shares: pl.DataFrame


def by_hand(policy: Policy) -> list[str]:
    """The criteria that a person may apply to an item no figure tells of."""
    return [rule.clause for rule in policy.rules if rule.by_hand]


def weigh(
    cursor: duckdb.DuckDBPyConnection, policy: Policy, items: list[str], state: str, clause: str | None, to: str | None
) -> dict[str, dict]:
    """What the rules say to a tag on each held item of those asked for.

    Args:
        cursor: on a flags file with its snapshot attached. clause: the criterion a person gives for 除籍.
        to: the branch of 他館へ.

    Returns:
        item number → clause, against, left_out (None: it can carry the tag), protector … (tagging_weighed.sql).
    """
    query = sql("queries/tagging_weighed").format(scope=sql("queries/tagging_items"))
    found = cursor.execute(
        query, {"items": items, **_parameters(policy, state, clause, to)}
    )  # sql() would plan it twice
    names = [column[0] for column in found.description]
    return {row[names.index("item_id")]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def carried(cursor: duckdb.DuckDBPyConnection, what: Filter | list[str]) -> pl.DataFrame:
    """The held items of a filter, or of a list of numbers, in shelf order: item_id, tag, tag_person, tag_seq (0: none)."""
    scope, asked = _scope(what)
    return cursor.sql(sql("queries/tagging_numbers").format(scope=scope), params=asked).pl()


def preview(
    cursor: duckdb.DuckDBPyConnection, policy: Policy, what: Filter | list[str], state: str, person: Person, *,
    until: date | None = None, to: str | None = None, clause: str | None = None,
) -> Preview:  # fmt: skip
    """What a tag on everything a filter lets through, or on a list of items, comes to.

    Args:
        cursor: on a flags file with its snapshot and the decisions attached (decisions.attach).
    """
    scope, asked = _scope(what)
    query = sql("queries/tagging_chosen").format(weighed=sql("queries/tagging_weighed").format(scope=scope))
    asked |= _parameters(policy, state, clause, to) | {"until": until.isoformat() if until else None}
    cursor.execute(query, asked)
    told = cursor.sql(sql("queries/tagging_preview")).pl().row(0, named=True)
    left = dict(cursor.execute(sql("queries/tagging_left")).fetchall())
    if isinstance(what, list) and (gone := len(set(what)) - told["items"] - sum(left.values())):
        left["not_held"] = gone
    return Preview(
        left=left,
        metres=told["items"] * policy.parameters["平均の厚さ"] / 1000,
        others=cursor.sql(sql("queries/tagging_others"), params={"person": person.id}).pl(),
        shares=cursor.sql(sql("queries/tagging_shares")).pl(),
        **told,
    )


def _scope(what: Filter | list[str]) -> tuple[str, dict]:
    if isinstance(what, Filter):
        return sql("queries/candidates_filter"), candidates.parameters(what)
    return sql("queries/tagging_items"), {"items": what}


def _parameters(policy: Policy, state: str, clause: str | None, to: str | None) -> dict:
    """What tagging_weighed.sql binds besides its scope."""
    last, needing, rules = last_copy_rule(policy), criteria.needing(policy), criteria.rules(policy)
    stopping = [f"{rule.id} {kept}" for rule in policy.rules for kept, how in rule.blocks.items() if how == "keep"]
    return {
        "tag_state": state, "clause": clause, "to": to,
        "agreeing": [verdict for verdict in AGREES[state]],
        "advised": [ADVISED[state]] if state in ADVISED else [],
        "stopping": [*stopping, *(f"{last.id} {clause}" for clause in needing if last)],
        "by_hand": by_hand(policy),
        "unknown_rules": [rule.id for rule in rules],
        "unknown_clauses": [rule.clause for rule in rules],
        "needing": needing,
    }  # fmt: skip

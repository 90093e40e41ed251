"""How worn an offered copy may be. A copy that the library would withdraw for its condition is not taken in: the criterion is
the pack's own, and what speaks against it for a held copy speaks for the gift too."""

from datetime import date

import duckdb
import polars as pl

from collection import criteria
from collection.policy import pieces, predicate
from collection.policy.model import Policy, Rule
from collection.selection import facts
from collection.selection.facts import TITLE
from collection.store.connection import connect, sql


def answers(
    cursor: duckdb.DuckDBPyConnection, policy: Policy, found: pl.DataFrame, way: str, as_of: date
) -> dict[int, tuple[str, str, dict]]:
    """row → what the criteria that turn on the condition say of a line, the rule, and the facts that it speaks of.

    decline: a held copy in this condition would go. spared: another rule speaks for it, or asks. Lines of which no such rule
    speaks are left out.

    Args:
        cursor: sees a snapshot as facts_of_day. found: the lines; their places count as rows. way: gift or deposit.
    """
    noted = found.with_row_index("row").filter(pl.col("condition").is_not_null()).cast({"row": pl.Int64})
    if noted.is_empty():
        return {}
    turning = criteria.turning(policy)
    going = [rule for rule in criteria.rules(policy) if turning.get(rule.clause) == "condition"]
    conditions, told = dict(noted.select("row", "condition").iter_rows()), {}
    for fact in _facts(cursor, policy, noted, way, as_of):
        row = fact["bib_no"]
        if said := _say(policy, going, fact | {"condition": conditions[row], "source": way}):
            told[row] = said
    return told


def _say(policy: Policy, going: list[Rule], fact: dict) -> tuple[str, str, dict] | None:
    for criterion in going:
        asking = [
            rule for rule in policy.rules if rule.effect == "ask" and rule.clause == criterion.clause and rule.when
        ]
        stopping = [rule for rule in policy.rules if rule.when and criterion.clause in rule.blocks]
        goes = _holds(policy, criterion, fact)
        for rule in [*asking, *(stopping if goes else ())]:
            if _holds(policy, rule, fact):
                return "spared", rule.id, fact
        if goes:
            return "decline", criterion.id, fact
    return None


def _holds(policy: Policy, rule: Rule, fact: dict) -> bool:
    return predicate.evaluate(rule.when, fact, **pieces.scope(policy, rule)) is True


def _facts(cursor, policy: Policy, found: pl.DataFrame, way: str, as_of: date) -> list[dict]:
    titles = found.select(
        pl.col(name) if name in found.columns else pl.lit(None, kind).alias(name) for name, kind in TITLE.items()
    )
    serials = cursor.sql(sql("queries/selection_serials")).pl()
    with connect() as own:
        facts.lay(own, titles)
        facts.gather(own, policy, as_of, way, serials)
        return own.sql(sql("queries/gifts_facts")).pl().to_dicts()

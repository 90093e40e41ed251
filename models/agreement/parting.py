"""Where the written rules and people part ways, and which operating values would bring them together. Nothing is changed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import criteria, decisions, facts, whatif
from collection.policy import Policy, pieces, predicate
from collection.store import snapshots
from collection.store.connection import sql

IDLE, PUBLISHED = [0, 5, 6, 7, 8, 10, 12, 15, 20], [0, 5, 10, 15, 20, 30]  # lower ends of the bands, in years
FEWEST = 30  # decisions of a group, and of the rest, below which nothing is said
FAR = 0.10  # difference of kept shares that is worth a word
MOST = {"idle_years": 30, "shelf_life": 60}  # years that the sliders of 試算 reach
SHOWN = 6  # proposals, those that would spare most disagreement first
MEASURED = {"idle_years": "idle_years", "shelf_life": "years_published"}  # operating value of a class → what it bounds
USE_ONLY = "利用だけの無利用年数"
PROPOSAL = {
    "value": pl.String, "prefix": pl.String, "criterion": pl.String, "present": pl.Int64, "proposed": pl.Int64,
    "decisions": pl.Int64, "kept": pl.Int64, "rest_decisions": pl.Int64, "rest_kept": pl.Int64,
    "candidates": pl.Int64, "candidates_then": pl.Int64,
}  # fmt: skip


def groups(connection: duckdb.DuckDBPyConnection, known: pl.DataFrame) -> pl.DataFrame:
    """Groups of decided items whose kept share is far from that of the others under the same criterion.

    Returns:
        kind, criterion, value, decisions, kept, share with its 95 % interval low–high (Wilson), rest_decisions,
        rest_kept, rest_share, rest_low, rest_high; the farthest first. Far: both have FEWEST decisions, the shares
        differ by FAR, and the intervals do not touch.
    """
    connection.register("feature", known)
    found = connection.sql(sql("models/agreement/groups"), params={"idle": IDLE, "published": PUBLISHED}).pl()
    connection.unregister("feature")
    rest = wilson(found.select(decisions="rest_decisions", kept="rest_kept"))
    both = pl.concat(
        [wilson(found), rest.select(pl.col("share", "low", "high").name.prefix("rest_"))], how="horizontal"
    )
    apart = (pl.col("low") > pl.col("rest_high")) | (pl.col("high") < pl.col("rest_low"))
    far = (pl.col("share") - pl.col("rest_share")).abs()
    enough = pl.min_horizontal("decisions", "rest_decisions") >= FEWEST
    return both.filter(enough & apart & (far >= FAR)).sort(
        far, "kind", "criterion", "value", descending=[True, False, False, False]
    )


def wilson(found: pl.DataFrame) -> pl.DataFrame:
    """The frame (decisions, kept …) with share, low and high: the kept share and its 95 % interval."""
    told = found.select(items="decisions", went_out="kept").select(whatif.interval())
    return pl.concat([found, told], how="horizontal")


def proposals(connection: duckdb.DuckDBPyConnection, store: Path, policy: Policy, known: pl.DataFrame) -> pl.DataFrame:
    """Operating values under which the rules would name fewer of what people keep: columns of PROPOSAL.

    value: idle_years or shelf_life of the class `prefix`, or a general value by its name. decisions, kept: of the items
    decided on that the proposed value would not have named; rest: of those it still names. candidates: today's, now and
    under the proposed value alone (counted by the engine of 試算).
    """
    found = [
        {"value": value, "prefix": prefix, "criterion": criterion, "present": present, **told}
        for value, prefix, present, criterion, bounded in _levers(policy, known)
        if (told := best(bounded, present, MOST.get(value, max(30, 2 * present))))
    ]
    found = sorted(found, key=lambda one: one["decisions"] - 2 * one["kept"])[:SHOWN]
    if found:
        [(snapshot, as_of)] = connection.execute(sql("models/agreement/judging")).fetchall()
        counts = _effects(store / snapshots.FOLDER / snapshot, store, policy, as_of, [scenario(one) for one in found])
        found = [
            one | {"candidates": counts[0], "candidates_then": n} for one, n in zip(found, counts[1:], strict=True)
        ]
    return pl.DataFrame(found, schema=PROPOSAL)


def scenario(proposal: dict) -> dict:
    """A proposal as a scenario of 試算 (see collection/whatif.py)."""
    if proposal["prefix"] is None:
        return {"values": {proposal["value"]: proposal["proposed"]}, "classes": {}}
    return {"values": {}, "classes": {proposal["prefix"]: {proposal["value"]: proposal["proposed"]}}}


def best(bounded: pl.DataFrame, present: int, most: int) -> dict | None:
    """The higher bound that would spare the most kept items less withdrawn ones, and how sure that is.

    Args:
        bounded: years, the lowest bound under which the item is no longer named; kept.

    Returns:
        proposed, decisions and kept below it, rest_decisions and rest_kept; None unless FEWEST decisions are spared, more
        than half of them kept beyond chance, and those that stay named are kept less often beyond chance.
    """
    at = bounded.filter(pl.col("years").is_between(present + 1, most)).group_by("years").agg(
        decisions=pl.len(), kept=pl.col("kept").sum()
    ).sort("years").select("years", pl.col("decisions", "kept").cum_sum().cast(pl.Int64))  # fmt: skip
    if at.is_empty():
        return None
    gain = 2 * at["kept"] - at["decisions"]
    chosen = at.row(gain.arg_max(), named=True)
    whole = {"decisions": len(bounded), "kept": int(bounded["kept"].sum())}
    spared, stays = chosen, {name: whole[name] - chosen[name] for name in whole}
    if min(spared["decisions"], stays["decisions"]) < FEWEST:
        return None
    told = wilson(pl.DataFrame([{name: side[name] for name in whole} for side in (spared, stays)]))
    if told["low"][0] <= 0.5 or told["low"][0] <= told["high"][1]:
        return None
    return {"proposed": chosen["years"], **{name: spared[name] for name in whole},
            **{f"rest_{name}": n for name, n in stays.items()}}  # fmt: skip


def _levers(policy: Policy, known: pl.DataFrame) -> Iterator[tuple[str, str | None, int, str, pl.DataFrame]]:
    """value, class prefix (None: a general value), its present number, criterion, and the decisions it bounds, for `best`."""
    by_use = [entry["prefix"] for entry in policy.classes if entry["use_only"]]
    for rule in criteria.rules(policy):
        if not rule.when:
            continue
        scope = pieces.scope(policy, rule)
        asked = predicate.facts_used(rule.when, **scope)
        of_rule = known.filter(pl.col("criterion") == rule.clause)
        for entry in policy.classes:
            for value, measured in MEASURED.items():
                if f"class_{value}" in asked and entry[value] is not None and not entry["use_only"]:
                    bounded = _bounded(of_rule, [entry["prefix"]], measured)
                    yield value, entry["prefix"], entry[value], rule.clause, bounded
        if USE_ONLY in predicate.values_used(rule.when, **scope):
            present = int(policy.parameters[USE_ONLY])
            yield USE_ONLY, None, present, rule.clause, _bounded(of_rule, by_use, "idle_years")


def _bounded(decided: pl.DataFrame, prefixes: list[str], measured: str) -> pl.DataFrame:
    """kept, and years: the lowest bound that spares the item (idle for a bound's years it is named, as old as it is not yet)."""
    years = (pl.col(measured) + (measured == "idle_years")).cast(pl.Int64)
    return decided.filter(pl.col("class_prefix").is_in(prefixes)).select(years=years, kept="kept").drop_nulls()


def _effects(snapshot: Path, store: Path, policy: Policy, as_of: date, scenarios: list[dict]) -> list[int]:
    """How many candidates the rules name now, and under each scenario."""
    decided = facts.decided_on(decisions.decided(store).items, as_of)
    prepared = whatif.prepare(snapshot, policy, as_of, decided)
    try:
        outcomes = [whatif.evaluate(prepared, one) for one in (whatif.NOTHING, *scenarios)]
    finally:
        prepared.close()
    return [int(found.filter(pl.col("verdict") == "candidate")["items"].sum()) for found in outcomes]

"""試算: the same rules under other operating values, and what they would take, without keeping anything.

A scenario is {"values": {name: number}, "classes": {prefix: {"idle_years": n, "shelf_life": n}}}, as in policy.load.
`prepare` lays out the facts once (seconds); `evaluate` then asks the engine of flag.py itself, so that its answer is what
flagging under these values would give.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

import duckdb
import polars as pl

from collection import flag, space
from collection.composition import CLASSES
from collection.facts import UNDECIDED, gather, last_whole_month, surplus_sql
from collection.policy import Policy, pieces, predicate
from collection.policy.load import changed
from collection.store.connection import connect, sql
from collection.survive import similar_titles
from models.similar.index import index

NOTHING = {"values": {}, "classes": {}}
CLASS_COLUMNS = {"class_idle_years": "idle_years", "class_shelf_life": "shelf_life"}
MOVED = {*CLASS_COLUMNS, "surplus"}  # facts that operating values bear on
SERVED = "複本1冊の年間貸出"
KEPT = {"class_prefix", "copies_loans_1y", "copy_place", "status", "unrecoverable", "accession_date"}
NORMAL = 1.959963984540054  # 97.5 % of the normal distribution


@dataclass(frozen=True)
class Prepared:
    """A library laid out for scenarios under one policy; one scenario at a time (lock)."""

    connection: duckdb.DuckDBPyConnection
    policy: Policy
    as_of: date
    lock: Lock
    held: ExitStack

    def close(self) -> None:
        """Gives the memory back, when nobody asks any more."""
        with self.lock:
            self.held.close()


def prepare(snapshot: Path, policy: Policy, as_of: date, decided: pl.DataFrame = UNDECIDED) -> Prepared:
    """Lay out a snapshot for scenarios.

    Args:
        decided: what people decided, as facts.decided_on tells it.
    """
    held = ExitStack()
    connection = held.enter_context(connect(attach={"facts_of_day": snapshot}))
    (here,) = connection.execute("SELECT current_database()").fetchone()
    connection.execute(f"SET search_path = '{here}.main,facts_of_day.main'")
    gather(connection, policy, as_of, decided)
    needed = KEPT.union(*(_facts(policy, rule) for rule in _moving(policy)))
    columns = [f'"{name}"' for name in sorted(needed - _ruled_columns())]
    rules = ",\n    ".join([*columns, flag.rule_columns(policy)])
    unscored = ", ".join(f"NULL::FLOAT AS score_{part}" for part in policy.score)
    connection.execute(sql("queries/flag_rules").format(rules=rules, scores=unscored))
    connection.execute("ALTER TABLE ruled RENAME TO base")
    for (name,) in connection.execute(sql("queries/whatif_tables")).fetchall():
        if name != "base":
            connection.execute(f"DROP TABLE {name}")
    similar_titles(connection, index(snapshot))
    return Prepared(connection, policy, as_of, Lock(), held)


def offered(policy: Policy) -> list[str]:
    """The general operating values that a scenario can change: the numbers that flags depend on, in the pack's order."""
    used = {SERVED}.union(*(predicate.values_used(rule.when, **pieces.scope(policy, rule)) for rule in _moving(policy)))
    return [name for name, value in policy.parameters.items() if name in used and type(value) in (int, float)]


def evaluate(prepared: Prepared, scenario: dict = NOTHING) -> pl.DataFrame:
    """What the rules say under a scenario: branch, place (open, closed, office), shelf_class, verdict ('none' = untouched),
    criterion, items, and of them out (not on the shelf now), dated (with a year and a shelf life) and past (older than the
    present shelf life of its class).
    """
    policy = changed(prepared.policy, scenario)
    with prepared.lock:
        _lay(prepared, policy)
        flag.conclude(prepared.connection, policy)
        return prepared.connection.sql(sql("queries/whatif_outcome")).pl()


def taken(found: pl.DataFrame, by: str) -> pl.DataFrame:
    """The candidates of `evaluate` by branch, shelf_class or criterion: by, items."""
    candidates = found.filter(pl.col("verdict") == "candidate")
    return candidates.group_by(by).agg(pl.col("items").sum()).sort(by, nulls_last=True)


def shelves(found: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """What it frees: branch, place (open, closed), items (candidates), metres of shelf, and the fill of the place now and
    after all of them have gone (shares of the capacity; null where none is known).
    """
    going, standing = pl.col("verdict") == "candidate", pl.col("items") - pl.col("out")
    counted = (
        found.filter(pl.col("place") != "office")
        .group_by("branch", "place")
        .agg(
            held=pl.col("items").sum(), items=pl.col("items").filter(going).sum(), stands=standing.sum(),
            stays=standing.filter(~going).sum(),
        )
        .sort(pl.col("held").sum().over("branch"), "branch", "place", descending=[True, False, True])
    )  # fmt: skip
    thick = policy.parameters["平均の厚さ"] / 1000
    return counted.join(space.capacities(policy), on=["branch", "place"], how="left", maintain_order="left").select(
        "branch", "place", "items", metres=pl.col("items") * thick, fill=pl.col("stands") / pl.col("capacity"),
        fill_after=pl.col("stays") / pl.col("capacity"),
    )  # fmt: skip


def classes(found: pl.DataFrame) -> pl.DataFrame:
    """What it does to the classes when all candidates have gone: shelf_class, items (candidates), share and share_after of the
    holdings, past and past_after (part of the open shelves older than the present shelf life; null where none has one).
    """
    stays, shown = pl.col("verdict") != "candidate", pl.col("place") == "open"
    counted = found.group_by("shelf_class").agg(
        held=pl.col("items").sum(), kept=pl.col("items").filter(stays).sum(),
        past=pl.col("past").filter(shown).sum() / pl.col("dated").filter(shown).sum(),
        past_after=pl.col("past").filter(shown & stays).sum() / pl.col("dated").filter(shown & stays).sum(),
    )  # fmt: skip
    order = pl.col("shelf_class").replace_strict({mark: n for n, mark in enumerate(CLASSES)}, default=len(CLASSES))
    return counted.sort(order).select(
        "shelf_class", items=pl.col("held") - pl.col("kept"), share=pl.col("held") / pl.col("held").sum(),
        share_after=pl.col("kept") / pl.col("kept").sum(), past=pl.col("past").fill_nan(None),
        past_after=pl.col("past_after").fill_nan(None),
    )  # fmt: skip


def figures(found: pl.DataFrame, policy: Policy) -> dict:
    """A scenario in a few figures, as they are kept with it: items by verdict, candidates by criterion, branch and class,
    metres freed, and the part of the open shelves past its shelf life after."""
    verdicts = found.group_by("verdict").agg(pl.col("items").sum()).sort("verdict")
    open_after = found.filter((pl.col("verdict") != "candidate") & (pl.col("place") == "open"))
    dated = int(open_after["dated"].sum())
    return {
        "verdict": dict(verdicts.iter_rows()),
        **{by: dict(taken(found, by).iter_rows()) for by in ("criterion", "branch", "shelf_class")},
        "metres": float(shelves(found, policy)["metres"].sum()),
        "past": int(open_after["past"].sum()) / dated if dated else None,
    }


def years_back(prepared: Prepared) -> list[int]:
    """How many years ago the rule can be tried on, so that at least one whole year of loan figures lies before."""
    loans_from, last = _months(prepared)
    return [n for n in range(1, 10) if loans_from is not None and last - 12 * n - loans_from + 1 >= 12]


def backtest(prepared: Prepared, scenario: dict, n: int) -> pl.DataFrame:
    """Had the rule been applied n years ago: shelf_class ('' = all), items it would have taken, went_out (of them, lent since),
    share with its 95 % interval low–high (Wilson 1927), loans since, and cut_short (idle years beyond the loan figures).

    Whatever was withdrawn since is not held any more and so is not counted.
    """
    policy = changed(prepared.policy, scenario)
    loans_from, last = _months(prepared)
    cut = last - 12 * n
    leap_day = (prepared.as_of.month, prepared.as_of.day) == (2, 29)
    then = prepared.as_of.replace(year=prepared.as_of.year - n, day=28 if leap_day else prepared.as_of.day)
    asked = {
        "then": then, "cut": cut, "covered": (cut - loans_from + 1) // 12,
        "use_only_years": policy.parameters["利用だけの無利用年数"],
    }  # fmt: skip
    with prepared.lock:
        known = prepared.connection.execute(sql("queries/whatif_tables")).fetchall()
        if (f"past_{n}",) not in known:
            prepared.connection.execute(sql("queries/whatif_past").format(n=n), {"cut": cut, "last": last})
        _lay(prepared, policy)
        found = prepared.connection.sql(sql("queries/whatif_backtest").format(n=n), params=asked).pl()
    whole = found.select(
        pl.lit("").alias("shelf_class"), pl.col("items", "went_out", "loans").sum(), pl.col("cut_short").any()
    )
    return pl.concat([whole, found]).with_columns(interval())


def _lay(prepared: Prepared, policy: Policy) -> None:
    """The view `ruled` under a changed policy."""
    classes = []
    for column, key in CLASS_COLUMNS.items():
        moved = {
            new["prefix"]: new[key]
            for new, old in zip(policy.classes, prepared.policy.classes, strict=True)
            if new[key] != old[key]
        }
        cases = " ".join(f"WHEN {_literal(prefix)} THEN {years}" for prefix, years in moved.items())
        told = f"CASE class_prefix {cases} ELSE {column} END::SMALLINT" if moved else column
        classes.append(f"{told} AS {column}")
    surplus = f"{surplus_sql(policy)} AS surplus"
    moving = {rule.id for rule in _moving(prepared.policy)}
    rules = [f'({text}) AS "{name}"' for name, text in pieces.rules_select(policy) if name in moving]
    query = sql("queries/whatif_ruled").format(classes=", ".join(classes), surplus=surplus, rules=", ".join(rules))
    prepared.connection.execute(query)


def _moving(policy: Policy) -> list:
    """The rules that operating values bear on: by a value of the pack, or by a fact made with one."""
    numbers = {name for name, value in policy.parameters.items() if type(value) in (int, float)}
    return [
        rule for rule in policy.rules
        if rule.when and (
            _facts(policy, rule) & MOVED or predicate.values_used(rule.when, **pieces.scope(policy, rule)) & numbers
        )
    ]  # fmt: skip


def _facts(policy: Policy, rule) -> set[str]:
    return set(predicate.facts_used(rule.when, **pieces.scope(policy, rule)))


def _ruled_columns() -> set[str]:
    """The facts that flag_rules.sql keeps for every policy."""
    return set(sql("queries/flag_rules").replace(",", " ").split())


def _months(prepared: Prepared) -> tuple[int | None, int]:
    with prepared.lock:
        (loans_from,) = prepared.connection.execute(sql("queries/facts_loans_from")).fetchone()
    first = None if loans_from is None else loans_from.year * 12 + loans_from.month - 1
    return first, last_whole_month(prepared.as_of)


def interval() -> list[pl.Expr]:
    """share, low, high: the part of `items` that went out, with its 95 % interval; null without items."""
    items, part = pl.col("items"), pl.col("went_out") / pl.col("items")
    middle = (part + NORMAL**2 / (2 * items)) / (1 + NORMAL**2 / items)
    wide = NORMAL / (1 + NORMAL**2 / items) * (part * (1 - part) / items + NORMAL**2 / (4 * items**2)).sqrt()
    told = {"share": part, "low": middle - wide, "high": middle + wide}
    return [pl.when(items > 0).then(value).alias(name) for name, value in told.items()]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

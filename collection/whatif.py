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

from collection import flag
from collection.facts import UNDECIDED, gather, last_whole_month
from collection.policy import Policy, pieces, predicate
from collection.policy.load import changed
from collection.store.connection import connect, sql

NOTHING = {"values": {}, "classes": {}}
CLASS_COLUMNS = {"class_idle_years": "idle_years", "class_shelf_life": "shelf_life"}
MOVED = {*CLASS_COLUMNS, "surplus"}  # facts that operating values bear on
KEPT = {"class_prefix", "unit_loans_1y", "copy_place", "status", "accession_date"}
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
        """Gives the memory back."""
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
    return Prepared(connection, policy, as_of, Lock(), held)


def evaluate(prepared: Prepared, scenario: dict = NOTHING) -> pl.DataFrame:
    """What the rules say under a scenario: branch, location, shelf_class, verdict ('none' = untouched), criterion, items and
    of them out (on loan), dated (with a year and a shelf life), past (older than the present shelf life), and loans (last year).
    """
    policy = changed(prepared.policy, scenario)
    with prepared.lock:
        _lay(prepared, policy)
        flag.conclude(prepared.connection, policy)
        return prepared.connection.sql(sql("queries/whatif_outcome")).pl()


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
    served = policy.parameters["複本1冊の年間貸出"]
    surplus = f"coalesce(copy_place > greatest(1, ceil(unit_loans_1y / {served})), false) AS surplus"
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
    return predicate.facts_used(rule.when, **pieces.scope(policy, rule))


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

"""Lay a library's written rules over the facts of a day: verdict, criterion, survivor, route and score of every item.

Rules flag, scores sort, people decide. The pack's conditions become boolean columns (flag_rules.sql),
protections turn a criterion into 'ask' or 'keep' (flag_standing.sql), survivors are named (survive.py),
and what remains is the verdict (verdict.sql). What people decided to keep is protected, and what they decided to let go
is nobody's survivor. A rule that cannot be told (NULL) never flags.
"""

import hashlib
import os
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions
from collection.facts import UNDECIDED, decided_on, gather, last_whole_month
from collection.policy import archive, pieces
from collection.policy.model import Policy, Rule
from collection.progress import Progress, silent
from collection.store import snapshots
from collection.store.connection import connect, sql
from collection.survive import similar_titles, survive
from collection.words import Problem
from models import artefact
from models.similar.index import index

RECORD_ONLY = "record_only"


def flag(
    store: Path,
    policy: Policy,
    as_of: date,
    *,
    snapshot: Path | None = None,
    until: int | None = None,
    progress: Progress = silent,
) -> Path:
    """Flag a snapshot of the store under a policy, with what people have decided so far.

    Args:
        store: folder with the snapshots and the ledger.
        policy: the pack in force on `as_of`.
        as_of: the day years are counted to.
        snapshot: the newest up to `as_of` when not given.
        until: number of the last event that counts; the newest when not given.
        progress: of the index of similar titles, which is made when it is not there (a minute for a million records).

    Returns:
        The flags file, beside the snapshot, published whole. The snapshot is not changed.

    Raises:
        Problem: there is no snapshot, or only ones later than `as_of`.
    """
    snapshot = snapshot or snapshots.newest(store, until=as_of)
    if snapshot is None:
        raise Problem("flag.no_snapshot", as_of=as_of.isoformat(), where=store)
    known = decisions.decided(store, until)
    decided = decided_on(known.items, as_of)
    said = decided.write_csv(include_header=False)
    similar = index(snapshot, progress)
    form = f"{sql('schema/judged')} {similar.name} {artefact.manifest(similar).figures['weights_of']}"
    told = f"{policy.hash} {as_of} {said} {form}"  # with the form of the file: a new form is a new name
    version = hashlib.sha256(told.encode()).hexdigest()[:8]
    target = snapshot.with_name(f"{snapshot.stem}.{policy.name}-{version}.duckdb")
    aside = target.with_suffix(".part")
    aside.unlink(missing_ok=True)
    with connect(aside, attach={"facts_of_day": snapshot}) as connection:
        judge(connection, policy, as_of, decided, similar)
        count_years(connection, as_of)
        connection.execute(
            sql("queries/flag_judging"),
            {
                "policy": policy.name,
                "hash": policy.hash,
                "in_force": policy.in_force,
                "as_of": as_of,
                "snapshot": snapshot.name,
                "ledger_seq": known.seq,
            },
        )
    archive.keep(store, policy)
    os.replace(aside, target)
    return target


def judge(
    connection: duckdb.DuckDBPyConnection,
    policy: Policy,
    as_of: date,
    decided: pl.DataFrame = UNDECIDED,
    similar: Path | None = None,
) -> None:
    """Make and fill the tables of schema/judged.sql in a database that has a snapshot attached as facts_of_day.

    Args:
        decided: what people decided, as facts.decided_on tells it.
        similar: the index of similar titles of the snapshot; without it no similar title is anybody's survivor.
    """
    (here,) = connection.execute("SELECT current_database()").fetchone()
    connection.execute(f"SET search_path = '{here}.main,facts_of_day.main'")
    connection.execute(sql("schema/judged"))
    rules = [rule for rule in policy.rules if rule.when]
    gather(connection, policy, as_of, decided)
    connection.execute(sql("queries/flag_rules").format(rules=rule_columns(policy), scores=score_columns(policy)))
    similar_titles(connection, similar)
    conclude(connection, policy)
    connection.execute(sql("queries/flag_judged"))
    connection.execute(sql("queries/flag_counts").format(counts=_counts(rules)))


def conclude(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """From what each rule says (`ruled`) to the verdict on every item: the view `outcome`, with the columns of judged."""
    rules = [rule for rule in policy.rules if rule.when]
    connection.execute(sql("queries/flag_standing").format(**_standing(rules)))
    survive(connection)
    connection.execute(sql("queries/verdict").format(**_verdict(policy, rules)))


def count_years(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Fill year_cell and shelf_time (schema/judged.sql) after `judge` on the same connection."""
    connection.execute(sql("queries/flag_years"))
    connection.execute(sql("queries/flag_shelf_time"), {"last_month": last_whole_month(as_of)})


def _column(rule: Rule) -> str:
    return f'"{rule.id}"'


def _state(rule: Rule) -> str:
    return f'"state {rule.id}"'


def _candidates(rules: list[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.effect == "candidate"]


def _blockers(rules: list[Rule], criterion: Rule, becomes: str) -> list[Rule]:
    return [rule for rule in rules if rule.blocks.get(criterion.clause) == becomes]


def _asking(rules: list[Rule]) -> list[Rule]:
    """Rules that ask of themselves, not by stopping a criterion."""
    return [rule for rule in rules if rule.effect == "ask" and not rule.blocks]


def _any(rules: list[Rule]) -> str:
    return "(" + " OR ".join(map(_column, rules)) + ")" if rules else "false"


def _cases(pairs: list[tuple[str, str]], otherwise: str = "NULL") -> str:
    """CASE WHEN … THEN …, or the plain value when there is no case."""
    whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
    return f"CASE {whens} ELSE {otherwise} END" if pairs else otherwise


def _joined(pairs: list[tuple[str, str]]) -> str:
    """The texts whose condition holds, parted by semicolons; NULL when none does."""
    if not pairs:
        return "NULL::VARCHAR"
    texts = ", ".join(f"CASE WHEN {condition} THEN {value} END" for condition, value in pairs)
    return f"CASE WHEN {' OR '.join(condition for condition, _ in pairs)} THEN concat_ws(';', {texts}) END"


def rule_columns(policy: Policy) -> str:
    """SQL of one column a rule with a condition, and of the routes and advice that depend on the item."""
    rules = [rule for rule in policy.rules if rule.when]
    columns = [f'({text}) AS "{name}"' for name, text in pieces.rules_select(policy)]
    for rule in rules:
        if isinstance(rule.route, dict):
            columns.append(f'({pieces.route_sql(policy, rule)}) AS "route {rule.id}"')
        if rule.advice:
            columns.append(f'({pieces.advice_sql(policy, rule)}) AS "advice {rule.id}"')
    return ",\n    ".join(columns)


def score_columns(policy: Policy) -> str:
    """SQL of one column a part of the score."""
    return ",\n    ".join(f"({text})::FLOAT AS score_{part}" for part, text in pieces.score_select(policy))


def _standing(rules: list[Rule]) -> dict[str, str]:
    states = []
    for rule in _candidates(rules):
        keep, ask = _any(_blockers(rules, rule, "keep")), _any(_blockers(rules, rule, "ask"))
        stopped = _cases([(keep, "'keep'"), (ask, "'ask'"), (f"({keep} OR {ask}) IS NULL", "NULL")], "'candidate'")
        states.append(
            f"CASE WHEN {_column(rule)} THEN {stopped} WHEN NOT {_column(rule)} THEN 'no' END AS {_state(rule)}"
        )
    needing = [rule for rule in _candidates(rules) if rule.survivor]
    others = [rule for rule in _candidates(rules) if not rule.survivor]
    gone = {rule.clause for rule in others if rule.route == RECORD_ONLY}
    doubtful = [rule for rule in _asking(rules) if rule.clause in gone]
    return {
        "states": ",\n    ".join(states),
        "eligible": " OR ".join(f"{_state(rule)} = 'candidate'" for rule in needing) or "false",
        "leaving": " OR ".join(
            [f"coalesce({_state(rule)} = 'candidate', false)" for rule in others]
            + [f"coalesce({_column(rule)}, false)" for rule in doubtful]
        )
        or "false",
    }


def _verdict(policy: Policy, rules: list[Rule]) -> dict[str, str]:
    candidates = _candidates(rules)
    goes = {rule.id: f"{_state(rule)} = 'candidate'" + (" AND goes" if rule.survivor else "") for rule in candidates}
    asked = {rule.id: f"{_state(rule)} = 'ask'" for rule in candidates}
    clause = {rule.id: f"'{rule.clause}'" for rule in candidates}
    stopping = [
        (f"{asked[rule.id]} AND {_column(blocker)}", f"'{blocker.id}'")
        for rule in candidates
        for blocker in _blockers(rules, rule, "ask")
    ]
    saving = [
        (f"{_state(rule)} = 'keep' AND {_column(blocker)}", f"'{blocker.id}'")
        for rule in candidates
        for blocker in _blockers(rules, rule, "keep")
    ]
    asking = [(_column(rule), f"'{rule.id}'") for rule in _asking(rules)]
    keeping = [(_column(rule), f"'{rule.id}'") for rule in rules if rule.effect == "keep"]
    routes = [
        (goes[rule.id], f'"route {rule.id}"' if isinstance(rule.route, dict) else f"'{rule.route}'")
        for rule in candidates
    ]
    advice = [(goes[rule.id], f'"advice {rule.id}"') for rule in candidates if rule.advice] + [
        (f"verdict = 'ask' AND {_column(rule)}", f'"advice {rule.id}"') for rule in _asking(rules) if rule.advice
    ]
    closed_stacks, last_copy = closed_stacks_rule(policy), last_copy_rule(policy)
    return {
        "closed_stacks": f"'{closed_stacks.id}'" if closed_stacks else "NULL::VARCHAR",
        "last_copy": f"'{last_copy.id}'" if last_copy else "NULL::VARCHAR",
        "candidate_criterion": _cases([(goes[rule.id], clause[rule.id]) for rule in candidates]),
        "asked_criterion": _cases([(asked[rule.id], clause[rule.id]) for rule in candidates]),
        "asking_rule": _cases(stopping + asking),
        "unknown_rule": _cases([(f"{_state(rule)} IS NULL", f"'{rule.id}'") for rule in candidates]),
        "protectors": _joined(keeping),
        "protector": _cases(saving + keeping),
        "criteria": _joined([(f"({goes[rule.id]} OR {asked[rule.id]})", clause[rule.id]) for rule in candidates]),
        "candidate_rule": _cases([(goes[rule.id], f"'{rule.id}'") for rule in candidates]),
        "route": _cases(routes),
        "advice": _cases(advice),
        "score": pieces.score_total_sql(policy),
    }


def _counts(rules: list[Rule]) -> str:
    return ",\n    ".join(
        f"{{'rule': '{rule.id}', 'hits': count(*) FILTER (WHERE {_column(rule)}), "
        f"'unknown': count(*) FILTER (WHERE {_column(rule)} IS NULL)}}"
        for rule in rules
    )


def closed_stacks_rule(policy: Policy) -> Rule | None:
    """The rule under which little-used items that must stay go to the closed stacks."""
    return next((rule for rule in policy.rules if rule.effect == "measure" and rule.advice == "closed_stack"), None)


def last_copy_rule(policy: Policy) -> Rule | None:
    """The rule that stands for the survivor guarantee: it keeps the last usable copy, and says so."""
    return next((rule for rule in policy.rules if rule.measured_by == "残る資料" and rule.reason), None)

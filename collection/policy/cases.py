"""The cases of a pack: cases/*.csv, one row per item imagined, with the answer a librarian expects.

Columns: rule, case (a sentence), on (date), expected (該当 該当なし 判定不能 施行前, of a rule with signs also 疑い), then
facts by their Japanese name. A blank cell, or a fact without a column, is missing.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from collection import words
from collection.policy import predicate
from collection.policy.check import checked
from collection.policy.facts import Fact
from collection.policy.known import columns, line, title_columns
from collection.policy.load import build
from collection.policy.model import Policy, Rule
from collection.policy.naive import value_of
from collection.policy.pack import Pack, Place, read_csv
from collection.policy.pieces import scope, title_scope
from collection.policy.signs import TOGETHER, outcome
from collection.policy.suggest import nearest
from collection.policy.syntax import fold
from collection.store.connection import connect
from collection.words import Problem

FIXED = ("rule", "case", "on", "expected")
ANSWERS = {"該当": True, "該当なし": False, "判定不能": None, "疑い": "doubt", "施行前": "before"}
TRUTHS = {"TRUE": True, "FALSE": False, "はい": True, "いいえ": False, "1": True, "0": False}
TYPES = {"number": pl.Float64, "truth": pl.Boolean, "date": pl.Date}


@dataclass(frozen=True)
class Case:
    """One row: `expected` is True, False, None, "doubt" or "before"; `row` English column → stored value."""

    rule: str
    case: str
    on: date
    expected: object
    row: dict
    where: Problem


def counts(folder: Path) -> Counter:
    """How many cases each rule id has."""
    found = Counter()
    for path in sorted((folder / "cases").glob("*.csv")):
        found.update(row.get("rule", "") for row in read_csv(path))
    return found


def run(folder: Path) -> list[Problem]:
    """Run every case of a pack through `evaluate` and through DuckDB; what did not come out as expected.

    Mistakes of the pack itself come first; then no case is run.

    Raises:
        Problem: no such folder.
    """
    pack = checked(folder)
    cases, problems = _read(pack)
    policies = {on: build(pack, on) for on in sorted({case.on for case in cases})} if not pack.problems else {}
    known = {source.data.get("id") for source in pack.rules}
    groups: dict[tuple[date, str], list[Case]] = {}
    for case in cases if policies else ():
        groups.setdefault((case.on, case.rule), []).append(case)
    with connect() as connection:
        for (on, name), asked in groups.items():
            rule = next((rule for rule in policies[on].rules if rule.id == name), None)
            if name not in known or (rule is not None and not (rule.when or rule.signs)):
                near = nearest(name, [found.id for found in policies[on].rules if found.when or found.signs])
                problems += [Problem("policy.case_rule", where=case.where, id=name, nearest=near) for case in asked]
                continue
            for case, found in zip(asked, _answers(connection, policies[on], rule, asked), strict=True):
                problems += [_differs(case, answer) for answer in found if answer is not case.expected][:1]
    return [*pack.problems, *problems]


def _answers(connection, policy: Policy, rule: Rule | None, cases: list[Case]) -> list[tuple]:
    """For each case of a rule the answer of the naive twin and of DuckDB."""
    if rule is None:
        return [("before",)] * len(cases)
    known = title_scope(policy, rule) if rule.signs else scope(policy, rule)
    conditions = [sign.when for sign in rule.signs] or [rule.when]
    trees = [predicate.resolve(condition, **known) for condition in conditions]
    naive = [[value_of(tree, case.row) for tree in trees] for case in cases]
    asked = in_duckdb(connection, conditions, [case.row for case in cases], known)

    def answer(truths: list[bool | None]) -> bool | str | None:
        return outcome(rule.signs, truths, policy.parameters[TOGETHER]) if rule.signs else truths[0]

    return [(answer(one), answer(other)) for one, other in zip(naive, asked, strict=True)]


def in_duckdb(connection, conditions: list[str], rows: list[dict], known: dict) -> list[tuple]:
    """Conditions over rows in DuckDB, a tuple of truths each; columns that a row lacks are NULL of the fact's type."""
    facts = {fact.column: TYPES.get(fact.kind, pl.String) for fact in known["columns"].values()}
    imagined = pl.DataFrame(
        [{column: row.get(column) for column in facts} for row in rows], schema=facts, orient="row"
    ).with_row_index("place")
    connection.register("imagined", imagined.to_arrow())
    truths = ", ".join(predicate.compile(condition, **known) for condition in conditions)
    return connection.execute(f"SELECT {truths} FROM imagined ORDER BY place").fetchall()


def _differs(case: Case, found: object) -> Problem:
    names = {True: "true", False: "false", None: "none", "doubt": "doubt", "before": "before"}
    expected, got = (Problem(f"policy.truth_{names[answer]}") for answer in (case.expected, found))
    return Problem("policy.case_result", where=case.where, case=case.case, expected=expected, found=got)


def _read(pack: Pack) -> tuple[list[Case], list[Problem]]:
    cases, problems = [], []
    known = title_columns(pack) | columns(pack)
    for path in sorted((pack.folder / "cases").glob("*.csv")):
        name = path.relative_to(pack.folder).as_posix()
        try:
            rows = read_csv(path)
        except UnicodeDecodeError:
            problems.append(Problem("policy.csv_encoding", where=Place(name)))
            continue
        heads = [head for head in rows[0] if head] if rows else []
        if rows and not set(FIXED) <= set(heads):
            problems.append(Problem("policy.case_columns", where=Place(name)))
            continue
        for head in heads:
            if head not in FIXED and fold(head) not in known:
                near = nearest(head, [fact.ja for fact in known.values()])
                problems.append(Problem("policy.case_column", where=Place(name), name=head, nearest=near))
        for row in rows:
            _one(row, line(name, row[""]), known, cases, problems)
    return cases, problems


def _one(row: dict, where: Problem, known: dict, cases: list, problems: list) -> None:
    facts, before = {}, len(problems)
    on = day_of(row["on"])
    if on is None:
        problems.append(_cell(where, "on", row["on"], Problem("policy.type_date")))
    if row["expected"] not in ANSWERS:
        problems.append(_cell(where, "expected", row["expected"], _choice(ANSWERS)))
    for head, text in row.items():
        fact = known.get(fold(head))
        if fact is None or head in FIXED or text == "":
            continue
        try:
            facts[fact.column] = stored(fact, text)
        except ValueError:
            problems.append(_cell(where, head, text, _wanted(fact)))
    if len(problems) == before:
        cases.append(Case(row["rule"], row["case"], on, ANSWERS[row["expected"]], facts, where))


def _cell(where: Problem, name: str, value: str, wants: Problem) -> Problem:
    return Problem("policy.case_cell", where=where, name=name, value=value, wants=wants)


def _choice(known) -> Problem:
    return Problem("policy.case_word", words="、".join(known))


def _wanted(fact: Fact) -> Problem:
    if fact.stored is not None:
        return _choice(fact.stored)
    return _choice(TRUTHS) if fact.kind == "truth" else words.Problem(f"policy.kind_{fact.kind}")


def day_of(text: str) -> date | None:
    """2025-04-01 or, as Excel rewrites it, 2025/4/1."""
    found = re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def stored(fact: Fact, text: str) -> object:
    """A cell as the fact is stored. Raises ValueError when it cannot be read."""
    if fact.kind == "number":
        return float(text)
    if fact.kind == "truth":
        if text.upper() not in TRUTHS:
            raise ValueError(text)
        return TRUTHS[text.upper()]
    if fact.kind == "date":
        if (day := day_of(text)) is None:
            raise ValueError(text)
        return day
    if fact.stored is None:
        return text
    parts = text.split(";") if fact.kind == "set" else [text]
    if any(part not in fact.stored for part in parts):
        raise ValueError(text)
    return ";".join(fact.stored[part] for part in parts)

"""The 対照表 as a file: CSV and XLSX for a spreadsheet, PDF for paper."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from collection import paper, sheets, words
from collection.policy import coverage, table
from collection.policy.model import Policy, Rule
from collection.words import Problem, say

WIDTHS = {
    "article": 3, "effect": 2.2, "gist": 6, "wording": 7, "condition": 8, "values": 1.8, "operating": 2.4, "cases": 0.8,
    "items": 2.1, "unknown": 1.8,
}  # fmt: skip
TEXTS, SHARED = ("gist", "wording", "condition"), 14.5
"""The columns of TEXTS have SHARED together, so that the official wording does not press the others."""
COUNTED = ("cases", "items", "unknown")


def rows(policy: Policy, counts: Mapping | None = None, cases: Mapping | None = None, wordings: Mapping | None = None):
    """`table.rows` as they are written: the clause in the present language, a sign a line, the question under a condition."""
    found = table.rows(policy, counts, cases, wordings)
    return [row | _written(policy, rule, row) for rule, row in zip(policy.rules, found, strict=True)]


def _written(policy: Policy, rule: Rule, row: dict) -> dict:
    article, asked = row["article"], rule.question
    told = tests(policy, rule)
    if words.language.get() == "en":
        article = say("screens.article", document=_title(policy, rule.document), clause=rule.clause)
        asked = rule.english.get("question")
    if asked and asked not in row["condition"]:
        told.append(say("policy.table_question", question=asked))
    return {"article": article, "condition": "\n".join(told)}


def tests(policy: Policy, rule: Rule) -> list[str]:
    """`table.condition` in lines, one a sign."""
    return [table.sign(policy, rule, one) for one in rule.signs] or [table.condition(policy, rule)]


def cited(policy: Policy, rule: Rule) -> str:
    """The clause without its document, in the present language: 第8条第2項第2号, 8-2-2."""
    english = words.language.get() == "en"
    return rule.clause if english else rule.article.removeprefix(_title(policy, rule.document)).strip()


def file(policy: Policy, kind: str, **known: Mapping | None) -> bytes:
    """The 対照表 as csv, xlsx or pdf. known: counts, cases and wordings of `table.rows`."""
    if kind == "pdf":
        return pdf(policy, **known)
    return sheets.csv_bytes(frame(policy, **known)) if kind == "csv" else xlsx(policy, **known)


def write(policy: Policy, out: Path, **known: Mapping | None) -> None:
    """Write the 対照表 to a .csv, .xlsx or .pdf file. Raises Problem for another ending."""
    kind = out.suffix.lower().removeprefix(".")
    if kind not in ("csv", "xlsx", "pdf"):
        raise Problem("cli.bad_ending", out=out.name, endings=".csv .xlsx .pdf")
    content = file(policy, kind, **known)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)


def frame(policy: Policy, **known: Mapping | None) -> pl.DataFrame:
    """`rows` as a table headed in the present language, one row per rule; columns in which nothing stands are left out."""
    found = rows(policy, **known)
    return pl.DataFrame({say(f"policy.table_{name}"): [row[name] for row in found] for name in _filled(found)})


def xlsx(policy: Policy, **known: Mapping | None) -> bytes:
    """`frame` as a sheet."""
    return sheets.xlsx_bytes(frame(policy, **known), say("policy.table_title"))


def pdf(policy: Policy, **known: Mapping | None) -> bytes:
    """The 対照表 on A4, landscape: each document with its clauses, then the terms that the conditions use."""
    found = rows(policy, **known)
    columns = [name for name in WIDTHS if name in _filled(found)]
    documents = [
        _document(policy, document, tally, found, columns)
        for document, tally in coverage.summary(policy).items() if document
    ]  # fmt: skip
    return paper.pdf("clauses", {
        "library": policy.library[words.language.get()], "title": say("policy.table_title"),
        "as_of": say("screens.as_of", day=policy.on), "landscape": True,
        "facts": _facts(policy, counted="items" in columns), "sections": [*documents, *_terms(policy)],
    })  # fmt: skip


def _facts(policy: Policy, counted: bool) -> list[list[str]]:
    return [
        [say("policy.table_rule"), f"{policy.title[words.language.get()]}　{policy.hash}"],
        [say("policy.coverage_clause"), _tested(coverage.summary(policy)[""])],
        [say("policy.table_operating"), say("policy.table_habit")],
        [say("policy.table_items"), say("policy.table_counted" if counted else "policy.table_not_counted", day=policy.on)],
    ]  # fmt: skip


def _tested(tally: Mapping[str, int]) -> str:
    """By state how many clauses there are: データで調べる 23・人が見る 11 …"""
    states = [f"{say(f'policy.coverage_{state}')} {tally[state]}" for state in coverage.STATES if tally[state]]
    return say("policy.table_tested", n=sum(tally.values()), states=say("policy.dot").join(states))


def _document(policy: Policy, document: str, tally: Mapping[str, int], found: list[dict], columns: list[str]) -> dict:
    lines = [
        _line(policy, rule, row, columns)
        for rule, row in zip(policy.rules, found, strict=True) if rule.document == document
    ]  # fmt: skip
    right = [place for place, name in enumerate(columns) if name in COUNTED]
    told, head = [_tested(tally)], [_head(name) for name in columns]
    return _section(_title(policy, document), told, head, lines, _widths(columns), right)


def _widths(columns: list[str]) -> list[float]:
    wide = SHARED / sum(WIDTHS[name] for name in TEXTS if name in columns)
    return [WIDTHS[name] * (wide if name in TEXTS else 1) for name in columns]


def _line(policy: Policy, rule: Rule, row: dict, columns: list[str]) -> list[str]:
    """A row on paper: the clause without its document, which stands above, its id and day; no 0 where no case can be."""
    printed = row | {"article": f"{cited(policy, rule)}\n{rule.id}", "effect": f"{row['effect']}\n{row['in_force']}"}
    if not (rule.when or rule.signs):
        printed["cases"] = None
    values = [printed[name] for name in columns]
    return [f"{value:,}" if isinstance(value, int) else value or "" for value in values]


def _head(name: str) -> str:
    head = say(f"policy.table_{name}")
    return f"{head}\n{say('policy.table_in_force')}" if name == "effect" else head


def _terms(policy: Policy) -> list[dict]:
    names = ("gist", "condition", "operating")
    lines = [[term["name"], *(term[name] for name in names)] for term in table.terms(policy)]
    head = [say("policy.table_term"), *(say(f"policy.table_{name}") for name in names)]
    return [_section(say("policy.table_terms"), [], head, lines, [2, 6, 9, 4], [])] if lines else []


def _section(heading: str, told: list, head: list, lines: list, widths: list, right: list) -> dict:
    return {"heading": heading, "told": told, "head": head, "rows": lines, "widths": widths, "right": right, "note": ""}


def _filled(found: list[dict]) -> list[str]:
    return [name for name in table.COLUMNS if any(row[name] not in ("", None) for row in found)]


def _title(policy: Policy, document: str) -> str:
    return policy.documents[document]["title"][words.language.get()]

"""What the rules propose for the lines of an offer. They decide nothing: the committee is asked, and the manager decides.

All of it is in the pack: the signs of the rules about titles, the criterion by which a copy in that condition would be
withdrawn, and the operating values by which copies are counted.
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import duplicates, words
from collection.gifts import condition
from collection.gifts.judging import judge
from collection.gifts.lines import LINE, NONE
from collection.policy import pieces
from collection.policy.model import Policy
from collection.policy.pieces import rule_of
from collection.requests import standing as requests
from collection.requests.standing import KNOWN
from collection.selection import check, same, told
from collection.selection.check import OFFERED, Checked
from collection.selection.signs import APPLIES, DOUBT, rules_of
from collection.store.connection import sql
from collection.words import say

BY_RULES = {"rules": "refuse", "doubt": "committee"}  # why → the verdict of which selection.told gives the sentence
NOT_HELD = {"sound": 0, "worn": 0, "branches": 0} | dict.fromkeys(("loans_1y", "own_year", "other_year"))
ROW = {
    "line": pl.String, "proposal": pl.String, "why": pl.String, "rule": pl.String, "own": pl.String, "article": pl.String,
    "reason": pl.String, "wanted": pl.Int64, "take": pl.Int64, "priority": pl.Boolean, "asked": pl.Int64, "holds": pl.Int64,
    "sound": pl.Int64, "worn": pl.Int64, "loans_1y": pl.Int64,
    "bib_no": pl.Int64, "bib_id": pl.String, "score": pl.Float64, "title": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Proposed:
    """What the rules propose for the lines of an offer.

    Attributes:
        rows: ROW, one for each line: proposal and why (judging.WHYS), rule (id) with its article and the reason in the present
            language; own, the rule under which the committee is asked; take, copies to take, of those `wanted`; priority,
            whether a rule asks for it; asked, readers' requests that wait for it; what is held of it.
        checked, labels: of selection (check.py, told.py), rows counting as the lines do. records: bib_no → bib_id of what they name.
    """

    rows: pl.DataFrame
    checked: Checked
    labels: dict[int, str]
    records: dict[int, str]


def propose(
    titles: duckdb.DuckDBPyConnection, cursor: duckdb.DuckDBPyConnection, store: Path, policy: Policy, found: pl.DataFrame,
    others: pl.DataFrame, way: str, as_of: date,
) -> Proposed:  # fmt: skip
    """Proposes for the lines of one offer.

    Args:
        titles: from `identify.opened`. cursor: on a flags file with its snapshot. Both with the decisions attached.
        found: the lines (LINE). others: the open lines of other offers, which came first. way: gift or deposit.
    """
    known, asking = _known(store, found, others)
    checked = check.check(titles, policy, pl.concat([_asked(titles, found), known.select(list(OFFERED))]), as_of, way)
    held = _held(cursor, checked.rows["bib_no"].drop_nulls().unique().to_list())
    rules, hints = _by_rules(policy, checked, way), _hints(policy, checked, way)
    worn = condition.answers(titles, policy, found, way, as_of)
    alike = set(checked.candidates.filter(pl.col("score") >= policy.parameters[check.THRESHOLD])["row"])
    cited = {"own": _own(policy, way), "enough": _enough(policy) or _own(policy, way)}
    cases = []
    for line, row in zip(found.iter_rows(named=True), checked.rows.iter_rows(named=True), strict=True):
        place = row["row"]
        case = row | held.get(row["bib_no"], NOT_HELD) | cited | {
            "line": line["line"], "title": line["title"], "copies": line["copies"], "pub_year": line["pub_year"],
            "asked": asking.get(place, 0), "rules": rules.get(place), "condition": worn.get(place, (None, None))[:2],
            "alike": place in alike and row["bib_no"] is None and line["chosen"] is None,
            "hints": hints.get(place, []), "priority": bool(row["prefer"]),
        }  # fmt: skip
        cases.append(case | judge(policy, case))
    labels = told.labels(titles, checked)
    records = dict(titles.execute(sql("queries/gifts_records"), {"asked": list(labels)}).fetchall())
    return Proposed(_told(policy, checked, cases, labels, known, worn), checked, labels, records)


def _known(store: Path, found: pl.DataFrame, others: pl.DataFrame) -> tuple[pl.DataFrame, dict[int, int]]:
    """Titles that come anyway (open lines of other offers, and what is on order), rows counting on; row → requests that wait."""
    known = requests.known(store)[0]
    offered = others.select(
        **{
            name: pl.col(name) if name in LINE else pl.lit(None, kind)
            for name, kind in KNOWN.items()
            if name != "chosen"
        },
        chosen=pl.lit(None, pl.Int64),
    ).with_columns(state=pl.lit("open"), number=others["line"])
    ordered = known.filter(pl.col("state") == "ordered")
    coming = pl.concat([offered.select(list(KNOWN)), ordered.select(list(KNOWN))])
    wanted = known.filter(pl.col("state") == "open")
    names = ("title", "author", "volume", "edition", "isbn")
    both = pl.concat([wanted.select(names), found.select(names)])
    both = both.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    pairs = same.pairs(both).filter(pl.col("row") >= len(wanted), pl.col("earlier") < len(wanted))
    waiting = {row - len(wanted): n for row, n in pairs.group_by("row").len().iter_rows()}
    return coming.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64) + len(found)), waiting


def _asked(titles: duckdb.DuckDBPyConnection, found: pl.DataFrame) -> pl.DataFrame:
    chosen = found["chosen"].drop_nulls().unique().to_list()
    numbers = dict(titles.execute(sql("queries/gifts_chosen"), {"asked": chosen}).fetchall()) | {NONE: -1}
    rows = found.with_row_index("row").iter_rows(named=True)
    return check.offered([row | {"chosen": numbers.get(row["chosen"]), "state": None} for row in rows])


def _held(cursor: duckdb.DuckDBPyConnection, numbers: list[int]) -> dict[int, dict]:
    query = sql("queries/gifts_held").format(leaving=sql("queries/duplicates_leaving"))
    return cursor.sql(query, params={"asked": numbers}).pl().rows_by_key("bib_no", named=True, unique=True)


def _by_rules(policy: Policy, checked: Checked, way: str) -> dict[int, tuple[str, str]]:
    """row → the effect and the id of the rule that speaks against it: one that refuses, then one that asks, then doubts."""
    refusing, asking = (
        [rule.id for rule in rules_of(policy, way) if rule.effect == effect] for effect in ("refuse", "committee")
    )
    found = {}
    for row in checked.weighed.outcomes.iter_rows(named=True):
        said = [("refuse", rule) for rule in refusing if row[rule] == APPLIES]
        said += [("committee", rule) for rule in asking if row[rule] == APPLIES]
        said += [("committee", rule) for rule in (*refusing, *asking) if row[rule] == DOUBT]
        if said:
            found[row["bib_no"]] = said[0]
    return found


def _hints(policy: Policy, checked: Checked, way: str) -> dict[int, list[str]]:
    """row → the rules that ask for the title, also those to which weak signs alone point: such a title is not declined unasked."""
    asking = [rule.id for rule in rules_of(policy, way) if rule.effect == "prefer"]
    rows = checked.weighed.outcomes.iter_rows(named=True)
    return {row["bib_no"]: [rule for rule in asking if (row[rule] or 0) >= DOUBT] for row in rows}


def _own(policy: Policy, way: str) -> str | None:
    """The rule under which the committee is asked: the one that the pack names for what is accepted in this way."""
    return next((rule.id for rule in policy.rules if way in rule.ways and "accept" in rule.cited_for), None)


def _enough(policy: Policy) -> str | None:
    """The rule that says how many copies there should be."""
    named = duplicates.article(policy, "surplus")
    return next((rule.id for rule in policy.rules if rule.article == named), None)


def _told(policy, checked: Checked, cases: list[dict], labels: dict, known: pl.DataFrame, worn: dict) -> pl.DataFrame:
    """ROW of the cases, with what they rest on in words."""
    numbers = dict(known.select("row", "number").iter_rows()) | {case["row"]: case["line"] for case in cases}
    verdicts = [BY_RULES.get(case["why"], case["verdict"]) for case in cases]
    cited = [
        case["rule"] if case["why"] in BY_RULES else rule
        for case, rule in zip(cases, checked.rows["rule"], strict=True)
    ]
    by_rules = checked.rows.with_columns(
        verdict=pl.Series(verdicts, dtype=pl.String), rule=pl.Series(cited, dtype=pl.String)
    )
    reasons = dict(
        told.told(policy, replace(checked, rows=by_rules), labels, numbers).select("row", "reason").iter_rows()
    )
    rows = [
        case | {
            "article": told.article(policy, rule_of(policy, case["rule"])) if case["rule"] else "",
            "reason": _reason(policy, case, reasons[case["row"]], numbers.get(case["earlier"], ""), worn),
        }
        for case in cases
    ]  # fmt: skip
    return pl.DataFrame([{name: row[name] for name in ROW} for row in rows], schema=ROW)


def _reason(policy: Policy, case: dict, checked: str, earlier: str, worn: dict) -> str:
    """Why this is proposed: what the rule about its condition says, the figures, and what the check says."""
    hints = say("policy.comma").join(told.article(policy, rule_of(policy, rule)) for rule in case["hints"])
    figures = {name: case[name] for name in ("wanted", "take", "worn", "sound", "asked", "holds")}
    loans = "—" if case["loans_1y"] is None else case["loans_1y"]
    parts = [say(f"gifts.why_{case['why']}", **figures, loans=loans, earlier=earlier, articles=hints)]
    if case["row"] in worn:
        _, rule, fact = worn[case["row"]]
        parts.insert(0, pieces.reason_text(policy, rule_of(policy, rule), fact, words.language.get()))
    unasked = case["verdict"] == "accept" and (case["row"] in worn or case["why"] == "unclear")
    if case["why"] != "again" and not unasked:
        parts.append(checked)
    return (" " if words.language.get() == "en" else "").join(part for part in parts if part)

"""Why a title is taken or not, in one or two sentences, with the clause and what to do instead, in the present language."""

import duckdb
import polars as pl

from collection import words
from collection.policy import predicate
from collection.policy.model import Policy, Rule
from collection.policy.pieces import rule_of, title_scope
from collection.policy.table import gist
from collection.selection.check import THRESHOLD, Checked
from collection.selection.limits import LIMIT
from collection.store.connection import sql

TOLD = {"row": pl.Int64, "reason": pl.String, "article": pl.String, "alternatives": pl.String}


def labels(cursor: duckdb.DuckDBPyConnection, checked: Checked) -> dict[int, str]:
    """bib_no → title, edition, author, publisher and year, of every record that the answers speak of."""
    asked = {*checked.rows["bib_no"], *checked.rows["other_bib"], *checked.candidates["bib_no"]} - {None}
    found = cursor.sql(sql("queries/selection_titles"), params={"asked": sorted(asked)}).pl()
    return {row["bib_no"]: _label(row) for row in found.iter_rows(named=True)}


def _label(row: dict) -> str:
    named = " ".join(row[name] for name in ("title", "volume", "edition") if row[name])
    told = [named, row["author"], row["publisher"], str(row["pub_year"]) if row["pub_year"] else None]
    return " / ".join(part for part in told if part)


def told(policy: Policy, checked: Checked, named: dict[int, str], earlier: dict[int, str]) -> pl.DataFrame:
    """row, reason, article, alternatives (parted by ;) of every title checked.

    Args:
        named: from `labels`. earlier: row → what a title that came before is called (its request or order number).
    """
    gap = "" if words.language.get() == "ja" else " "
    signs = _signs(checked)
    unseen = _unseen(policy, checked)
    best = (
        checked.candidates.filter(pl.col("score") >= float(policy.parameters[THRESHOLD]))
        .unique("row", keep="first", maintain_order=True)
        .rows_by_key("row", named=True, unique=True)
    )
    found = [
        {
            "row": row["row"],
            "reason": gap.join(
                _reason(policy, row, named, earlier, signs, best.get(row["row"]), unseen.get(row["row"]))
            ),
            "article": article(policy, rule_of(policy, row["rule"])) if row["rule"] else "",
            "alternatives": ";".join(words.code("instead", one) for one in alternatives(policy, row)),
        }
        for row in checked.rows.iter_rows(named=True)
    ]
    return pl.DataFrame(found, schema=TOLD)


def article(policy: Policy, rule: Rule) -> str:
    """The clause by name, in the present language."""
    if words.language.get() == "ja":
        return rule.article
    title = policy.documents[rule.document]["title"]["en"]
    return words.say("screens.article", document=title, clause=rule.clause)


def alternatives(policy: Policy, row: dict) -> list[str]:
    """Codes of what can be done instead, of a row of Checked.rows."""
    own = list(rule_of(policy, row["rule"]).instead) if row["rule"] else []
    if row["verdict"] == "held":
        own = ["other_edition" if row["kind"] == "edition" or not row["copies"] else "reserve", *own]
    return list(dict.fromkeys(own))


def _reason(policy, row: dict, named, earlier, signs, best: dict | None, unseen: list[str] | None) -> list[str]:
    verdict, rule = row["verdict"], rule_of(policy, row["rule"]) if row["rule"] else None
    if verdict == "held":
        return [_held(row, named)]
    if verdict in ("on_order", "duplicate"):
        return [words.say(f"selection.{verdict}", number=earlier.get(row["earlier"], row["earlier"]))]
    if verdict == "over_limit":
        return [words.say("selection.over_limit", counted=row["counted"], limit=rule.values[LIMIT])]
    if verdict == "unclear":
        return [words.say("selection.unclear_alike" if best else "selection.unclear_blank")]
    may = (
        [words.say("selection.may_be_held", title=named[best["bib_no"]], score=round(best["score"]))]
        if best and row["bib_no"] is None
        else []
    )
    if verdict in ("refuse", "committee"):
        there = words.say("policy.comma").join(signs[row["row"], row["rule"]])
        return [
            words.say("selection.doubt" if row["doubt"] else "selection.refuse", gist=gist(rule), signs=there),
            *may,
        ]
    prefer = words.say("policy.comma").join(article(policy, rule_of(policy, one)) for one in row["prefer"])
    return [
        words.say("selection.accept"),
        *([words.say("selection.prefer", articles=prefer)] if prefer else []),
        *([words.say("selection.unseen", facts=words.say("policy.dot").join(unseen))] if unseen else []),
        *may,
    ]  # fmt: skip


def _held(row: dict, named: dict[int, str]) -> str:
    if not row["copies"]:
        return words.say("selection.held_other", title=named[row["other_bib"]], n=row["other_copies"])
    key = "selection.held_edition" if row["kind"] == "edition" else "selection.held"
    said = {"branches": row["branches"], "free": row["free"], "holds": row["holds"]}
    return words.say(key, title=named[row["bib_no"]], **said)


def _signs(checked: Checked) -> dict[tuple[int, str], list[str]]:
    """(row, rule) → the signs found, in words."""
    found: dict[tuple[int, str], list[str]] = {}
    for sign in checked.weighed.found.iter_rows(named=True):
        found.setdefault((sign["bib_no"], sign["rule"]), []).append(sign_words(sign))
    return found


def sign_words(sign: dict) -> str:
    """A sign (a row of Weighed.found) in words: how strong it is, its name, and the words found."""
    name = sign["name"] if words.language.get() == "ja" else sign["en"]
    if sign["words"]:
        name = words.say("selection.with_words", name=name, words=sign["words"])
    return words.say("selection.sign_strong" if sign["strong"] else "selection.sign_weak", name=name)


def _unseen(policy: Policy, checked: Checked) -> dict[int, list[str]]:
    """row → names of the facts that signs against a title ask for and that are not known."""
    facts = {
        (rule.id, place): sorted(predicate.facts_used(sign.when, **title_scope(policy, rule)))
        for rule in policy.rules if rule.effect in ("refuse", "committee")
        for place, sign in enumerate(rule.signs)
    }  # fmt: skip
    glossary, language = words.table("title_facts"), words.language.get()
    found: dict[int, list[str]] = {}
    for row, rule, place in checked.weighed.unseen.select("bib_no", "rule", "place").iter_rows():
        for fact in facts.get((rule, place), ()):
            name = glossary[fact][language]
            if name not in found.setdefault(row, []):
                found[row].append(name)
    return found

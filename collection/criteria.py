"""The criteria of withdrawal as a pack has them: what they are called, which need a survivor, what each turns on, and which
clauses govern where an item goes."""

import re

import polars as pl

from collection import words
from collection.policy import Policy, Rule, pieces, predicate

TURNING = (
    "condition", "idle_years", "years_published", "superseded", "surplus", "years_since_missing", "years_overdue",
    "years_since_issue",
)  # fmt: skip
OVERDUE = {"years_overdue", "due_date"}


def rules(policy: Policy) -> list[Rule]:
    """The rules that make an item a candidate, in the pack's order."""
    return [rule for rule in policy.rules if rule.effect == "candidate"]


# ── what they are called


def place(policy: Policy, rule: Rule) -> str:
    """Where in its document an article stands: 第8条第2項第2号; its number in English."""
    if words.language.get() == "en":
        return rule.clause
    return rule.article.removeprefix(policy.documents[rule.document]["title"]["ja"]).strip() or rule.clause


def article(policy: Policy, rule: Rule) -> str:
    """An article by name: 資料収集管理要綱 第9条; in English its document and its number."""
    if words.language.get() == "ja":
        return rule.article
    document = policy.documents[rule.document]["title"]["en"]
    return words.say("screens.article", document=document, clause=rule.clause)


def short(policy: Policy, rule: Rule) -> str:
    """The last step of that: 第2号, No. 2."""
    last = re.split("(?<=[条項])(?=第)", rule.article)[-1]
    item = re.fullmatch(r"第(\d+)号", last)
    return words.say("policy.item", n=item[1]) if item else place(policy, rule)


def labels(policy: Policy) -> dict[str, str]:
    """Criterion → its name in the present language: 第2号 低利用, No. 2 low use."""
    english = words.language.get() == "en"
    named = {rule.clause: (rule, rule.english.get("label") if english else rule.label) for rule in rules(policy)[::-1]}
    return {clause: f"{short(policy, rule)} {label or ''}".strip() for clause, (rule, label) in reversed(named.items())}


def label(policy: Policy | None, clause: str | None) -> str:
    """A clause in words: the name of a criterion, or where in its document another clause stands; else its number."""
    if policy is None or clause is None:
        return clause or ""
    documents = {rule.document for rule in rules(policy)}
    other = (rule for rule in policy.rules if rule.clause == clause and rule.document in documents)
    known = labels(policy).get(clause)
    return known or next((place(policy, rule) for rule in other), clause)


def spoken(policy: Policy, column: str = "criterion") -> pl.Expr:
    """A column of criteria in words."""
    return pl.col(column).replace(labels(policy))


def listed(policy: Policy, clauses: list[str]) -> str:
    """Several criteria in a sentence: 第3号・第5号."""
    return words.say("policy.dot").join(short(policy, rule) for rule in rules(policy) if rule.clause in clauses)


# ── what they ask


def needing(policy: Policy) -> list[str]:
    """The criteria under which an item goes only when another stays in its place."""
    return [rule.clause for rule in rules(policy) if rule.survivor]


def without_object(policy: Policy) -> list[str]:
    """The criteria that only strike an item off the books: there is nothing to hand on, and nobody can wait for it."""
    return [rule.clause for rule in rules(policy) if rule.route == "record_only"]


def lent(policy: Policy) -> list[str]:
    """Of those, the criteria that count from the due date: such an item is on loan by its nature."""
    gone = without_object(policy)
    return [rule.clause for rule in rules(policy) if rule.clause in gone and OVERDUE.intersection(_asked(policy, rule))]


def turning(policy: Policy) -> dict[str, str]:
    """Criterion → the fact that it turns on: the first of TURNING that its condition asks, where it asks any."""
    found = {}
    for rule in rules(policy):
        for fact in _asked(policy, rule):
            if fact in TURNING:
                found.setdefault(rule.clause, fact)
    return found


def _asked(policy: Policy, rule: Rule) -> list[str]:
    return predicate.facts_used(rule.when, **pieces.scope(policy, rule)) if rule.when else []


# ── where an item goes


def begins(policy: Policy, route: str) -> list[str]:
    """The criteria whose items take a route, where nothing about the item asks for another."""
    usual = {rule.clause: rule.route["else"] if isinstance(rule.route, dict) else rule.route for rule in rules(policy)}
    return [clause for clause, taken in usual.items() if taken == route]


def governing(policy: Policy, criterion: str) -> dict[str, str]:
    """Route → the clause that governs it for items withdrawn under a criterion."""
    return {
        route: rule.clause for rule in policy.rules for met, route in rule.governs.items() if met == criterion
    }  # fmt: skip


def rules_of(policy: Policy, route: str) -> list[Rule]:
    """The rules that govern a route, under whatever criterion."""
    return [rule for rule in policy.rules if route in rule.governs.values()]

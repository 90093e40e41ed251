"""The 対照表: each clause beside its condition in words, its operating values, its cases and the items it touches."""

from collections.abc import Mapping

from collection import words
from collection.policy import predicate
from collection.policy.model import Policy, Rule, Sign
from collection.policy.pieces import scope, title_scope
from collection.policy.spoken import figure, measure_words

COLUMNS = (
    "article", "rule", "in_force", "effect", "gist", "wording", "condition", "values", "operating", "cases", "items",
    "unknown",
)  # fmt: skip


def rows(policy: Policy, counts: Mapping | None = None, cases: Mapping | None = None, wordings: Mapping | None = None):
    """The 対照表 as a list of dicts (keys: COLUMNS), one per rule in force, in the present language.

    Args:
        counts: rule id → (hits, unknown) of today, from table rule_count; None: not counted.
        cases: rule id → number of cases. wordings: (document, clause) → official wording, from attach.wordings.
    """
    return [_row(policy, rule, counts or {}, cases or {}, wordings or {}) for rule in policy.rules]


def _row(policy: Policy, rule: Rule, counts: Mapping, cases: Mapping, wordings: Mapping) -> dict:
    hits, unknown = counts.get(rule.id, (None, None))
    return {
        "article": rule.article,
        "rule": rule.id,
        "in_force": rule.in_force,
        "effect": words.code("effect", rule.effect),
        "gist": gist(rule),
        "wording": wordings.get((rule.document, rule.clause), ""),
        "condition": condition(policy, rule),
        "values": _values(policy, rule.values),
        "operating": _values(policy, operating(policy, rule)),
        "cases": cases.get(rule.id, 0),
        "items": hits,
        "unknown": unknown,
    }


def gist(rule: Rule) -> str:
    """What the clause says in the project's own words, in the present language."""
    return (rule.english.get("gist") if words.language.get() == "en" else None) or rule.gist


def condition(policy: Policy, rule: Rule) -> str:
    """How the clause is tested, in words: a condition, a question, what is missing, or what measures it."""
    if rule.when:
        return predicate.in_words(rule.when, names=policy.names, **scope(policy, rule))
    if rule.signs:
        return words.say("policy.semicolon").join(sign(policy, rule, one) for one in rule.signs)
    if rule.missing:
        english = words.language.get() == "en"
        named = [policy.names.get(name, name) if english else name for name in rule.missing]
        return words.say("policy.table_missing", names=words.say("policy.comma").join(named))
    if rule.measured_by:
        return words.say("policy.table_measured", name=measure_words(rule.measured_by))
    english = rule.english.get("question") if words.language.get() == "en" else None
    return words.say("policy.table_question", question=english or rule.question or "")


def sign(policy: Policy, rule: Rule, one: Sign) -> str:
    """One sign of a rule in words: whether it alone decides, and its condition."""
    said = predicate.in_words(one.when, names=policy.names, **title_scope(policy, rule))
    return words.say("policy.sign_strong" if one.strong else "policy.sign_weak", condition=said)


def operating(policy: Policy, rule: Rule) -> dict:
    """The rule's own operating values and the general ones that its condition names, terms included."""
    used = predicate.values_used(rule.when, **scope(policy, rule)) if rule.when else set()
    for one in rule.signs:
        used |= predicate.values_used(one.when, **title_scope(policy, rule))
    general = {name: value for name, value in policy.parameters.items() if name in used}
    return rule.operating | general


def terms(policy: Policy) -> list[dict]:
    """The pack's terms as dicts (name, gist, condition, operating), in the present language."""
    english, known = words.language.get() == "en", scope(policy)
    return [
        {
            "name": policy.names.get(name, name) if english else name,
            "gist": (english and policy.term_words[name].get("gist_en")) or policy.term_words[name]["gist"],
            "condition": predicate.in_words(text, names=policy.names, **known),
            "operating": _values(policy, {own: known["values"][own] for own in _named(policy, text)}),
        }
        for name, text in policy.terms.items()
    ]


def _named(policy: Policy, text: str) -> list[str]:
    """General operating values that an expression uses, in the pack's order."""
    used = predicate.values_used(text, **scope(policy))
    return [name for name in policy.parameters if name in used]


def _values(policy: Policy, values: dict) -> str:
    english = words.language.get() == "en"
    parts = values.items()
    return words.say("policy.comma").join(
        words.say("policy.valued", name=policy.names.get(name, name) if english else name, value=_shown(value))
        for name, value in parts
    )


def _shown(value: object) -> str:
    return words.say("policy.dot").join(figure(part) for part in value) if isinstance(value, list) else figure(value)


def lines(policy: Policy, counts: Mapping | None = None, cases: Mapping | None = None, wordings: Mapping | None = None):
    """What `collection policy table` prints: tab-separated, headed, blank columns left out."""
    found = rows(policy, counts, cases, wordings)
    shown = [name for name in COLUMNS if any(row[name] not in ("", None) for row in found)]
    head = "\t".join(words.say(f"policy.table_{name}") for name in shown)
    return [head, *("\t".join("" if row[name] is None else str(row[name]) for name in shown) for row in found)]

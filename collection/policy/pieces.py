"""A policy as SQL expressions over one row of the facts view: what the flag engine puts together."""

from collection import words
from collection.policy import predicate, reason
from collection.policy.duck import literal, quoted
from collection.policy.facts import facts, title_facts
from collection.policy.model import Policy, Rule, ScorePart
from collection.words import Problem


def scope(policy: Policy, rule: Rule | ScorePart | None = None) -> dict:
    """What an expression of the policy (of one rule or score part) may name: keyword arguments for predicate.py."""
    values = dict(policy.parameters)
    if rule is not None:
        values |= getattr(rule, "values", {}) | rule.operating
    return {"columns": facts(policy.lists), "terms": policy.terms, "values": values}


def title_scope(policy: Policy, rule: Rule) -> dict:
    """The same for the signs of a rule, which speak of a title on offer."""
    values = policy.parameters | rule.values | rule.operating
    return {"columns": title_facts(policy.lists, policy.word_groups), "terms": {}, "values": values}


def sign_select(policy: Policy, rule: Rule) -> list[str]:
    """SQL of each sign of a rule, in their order: true, false or NULL."""
    return [predicate.compile(sign.when, **title_scope(policy, rule)) for sign in rule.signs]


def rule_of(policy: Policy, rule_id: str) -> Rule:
    """The rule with this id. Raises Problem when it is not in force."""
    for rule in policy.rules:
        if rule.id == rule_id:
            return rule
    raise Problem("policy.no_rule", id=rule_id, policy=policy.name, on=policy.on)


def rules_select(policy: Policy) -> list[tuple[str, str]]:
    """(rule id, SQL that is true, false or NULL) of every rule in force that has a condition."""
    return [(rule.id, predicate.compile(rule.when, **scope(policy, rule))) for rule in policy.rules if rule.when]


def score_select(policy: Policy) -> list[tuple[str, str]]:
    """(part, SQL of 0–100, never NULL): clamped, and the part's own figure where a fact is missing."""
    return [(name, _part(policy, part)) for name, part in policy.score.items()]


def _part(policy: Policy, part: ScorePart) -> str:
    known = scope(policy, part)
    if isinstance(part.formula, str):
        formula = predicate.compile(part.formula, wants="number", **known)
    else:
        results = {said: predicate.compile(str(to), wants="number", **known) for said, to in part.formula.items()}
        formula = _cases(results, known)
    known_figure = f"coalesce(CAST({formula} AS DOUBLE), {literal(float(part.unknown))})"
    return f"least(100e0, greatest(0e0, {known_figure}))"


def score_total_sql(policy: Policy) -> str:
    """SQL of the weighted total, 0–100, over columns score_use, score_freshness … made by `score_select`."""
    shares = [f'{literal(float(part.weight))} * "score_{name}"' for name, part in policy.score.items()]
    return f"(({' + '.join(shares)}) / 100e0)"


def _cases(results: dict[str, str], known: dict) -> str:
    """A table condition → SQL with "else": the first true condition wins."""
    branches = [f"WHEN {predicate.compile(said, **known)} THEN {to}" for said, to in results.items() if said != "else"]
    return f"(CASE {' '.join(branches)} ELSE {results['else']} END)"


def route_sql(policy: Policy, rule: Rule) -> str:
    """SQL of the route's code; NULL for a rule without one."""
    if not isinstance(rule.route, dict):
        return literal(rule.route)
    if set(rule.route) == {"else"}:
        return literal(rule.route["else"])
    return _cases({said: literal(code) for said, code in rule.route.items()}, scope(policy, rule))


def advice_sql(policy: Policy, rule: Rule) -> str:
    """SQL of the advice codes that apply, parted by ; — NULL when none does."""
    if not isinstance(rule.advice, dict):
        return literal(rule.advice)
    known = scope(policy, rule)
    parts = [
        f"CASE WHEN {'TRUE' if said == 'else' else predicate.compile(said, **known)} THEN {literal(code)} END"
        for said, code in rule.advice.items()
    ]
    return f"nullif(concat_ws(';', {', '.join(parts)}), '')"


def reason_sql(policy: Policy, rule: Rule, language: str = "ja") -> str:
    """SQL of the rule's sentence with the item's figures, never NULL; '' when the rule has none."""
    with words.speaking(language):
        text = _reason(rule, language)
        return reason.to_sentence_sql(reason.parse(text, **scope(policy, rule))) if text else quoted("")


def reason_text(policy: Policy, rule: Rule, row: dict, language: str = "ja") -> str:
    """The naive twin of `reason_sql` for one row (English column → stored value)."""
    with words.speaking(language):
        text = _reason(rule, language)
        return reason.sentence(reason.parse(text, **scope(policy, rule)), row) if text else ""


def _reason(rule: Rule, language: str) -> str:
    return (rule.english.get("reason") if language == "en" else None) or rule.reason or ""


def fill(policy: Policy, rule: Rule, row: dict) -> list[tuple[str, bool | None]]:
    """The rule's condition with one item's figures, for the card; empty for a rule without a condition."""
    return predicate.fill(rule.when, row, names=policy.names, **scope(policy, rule)) if rule.when else []

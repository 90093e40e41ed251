"""Why an item has its verdict: one sentence with its figures, and the article it rests on, as SQL over views/told.sql.

The rule's own sentence comes from the pack; what the engine decided (the item that stays, the fact
that is missing) is added in the words of words/reasons.toml.
"""

import re
from functools import lru_cache

from collection import criteria, words
from collection.flag import last_copy_rule
from collection.policy import pieces, predicate
from collection.policy.duck import quoted
from collection.policy.model import Policy, Rule


@lru_cache(maxsize=200)
def reason_sql(policy: Policy, language: str = "ja", rules: frozenset[str] | None = None) -> str:
    """SQL of the sentence for each row of `told`; NULL for an untouched item.

    Args:
        rules: the only ones that speak of the rows asked for, when these are few: planning the sentences of all rules
            takes longer than the query.
    """
    speaking = [rule for rule in policy.rules if rules is None or rule.id in rules]
    with words.speaking(language):
        own = {rule.id: pieces.reason_sql(policy, rule, language) for rule in speaking if rule.reason}
        unknown = {rule.id: _unknown(policy, rule) for rule in speaking if rule.effect == "candidate" and rule.when}
        stays = {kind: _sentence(kind) for kind in ("copy", "edition", "similar")}
        no_survivor = _sentence("no_survivor")
    between = quoted(" " if language == "en" else "")
    last = last_copy_rule(policy)
    would_go = _would_go(policy, language) if last in speaking else "NULL"
    return (
        f"CASE WHEN verdict = 'unknown' THEN {_case('rule', unknown)} "
        f"WHEN verdict = 'keep' AND {_for_want_of_a_survivor(last)} THEN concat_ws({between}, {would_go}, {no_survivor}) "
        f"WHEN verdict IS NOT NULL THEN concat_ws({between}, {_case('rule', own)}, {_case('survivor_kind', stays)}) END"
    )


def article_sql(policy: Policy, rules: frozenset[str] | None = None) -> str:
    """SQL of the clause as text for each row of `told`; `rules` as in reason_sql."""
    return _case("rule", {rule.id: quoted(rule.article) for rule in policy.rules if rules is None or rule.id in rules})


def _would_go(policy: Policy, language: str) -> str:
    """What the first criterion that needs a survivor says of an item which meets one."""
    conditions = dict(pieces.rules_select(policy))
    needing = [rule for rule in criteria.rules(policy) if rule.survivor and rule.when]
    whens = " ".join(f"WHEN {conditions[rule.id]} THEN {pieces.reason_sql(policy, rule, language)}" for rule in needing)
    return f"(CASE {whens} END)" if whens else "NULL"


def _for_want_of_a_survivor(rule: Rule | None) -> str:
    return f"rule = {quoted(rule.id)} AND NOT contains(coalesce(protected_by, ''), rule)" if rule else "false"


def _case(column: str, texts: dict[str, str]) -> str:
    whens = " ".join(f"WHEN {quoted(key)} THEN {text}" for key, text in texts.items())
    return f"(CASE {column} {whens} END)" if texts else "NULL"


def _sentence(key: str) -> str:
    """A sentence of words/reasons.toml as a SQL concatenation of its text and the columns it names."""
    text = words.table("reasons")[key][words.language.get()]
    parts = [part if at % 2 else quoted(part) for at, part in enumerate(re.split(r"\{(\w+)\}", text)) if part]
    return f"concat({', '.join(parts)})"


def _unknown(policy: Policy, rule: Rule) -> str:
    """Names what is not on record: the missing facts of the rule, or else of the protections that stop it."""
    stopping = [other for other in policy.rules if other.when and rule.clause in other.blocks]
    text = words.say("reasons.unknown", article=rule.article, missing="{missing}")
    before, after = text.split("{missing}")
    missing = f"coalesce({_missing(policy, [rule])}, {_missing(policy, stopping)}, '—')"
    return f"concat({quoted(before)}, {missing}, {quoted(after)})"


def _missing(policy: Policy, rules: list[Rule]) -> str:
    asked = set().union(*(predicate.facts_used(rule.when, **pieces.scope(policy, rule)) for rule in rules))
    names = [
        f"CASE WHEN {column} IS NULL THEN {quoted(fact['lacking'][words.language.get()])} END"
        for column, fact in words.table("facts").items()
        if column in asked and "lacking" in fact
    ]
    return f"nullif(concat_ws('・', {', '.join(names)}), '')" if names else "NULL"

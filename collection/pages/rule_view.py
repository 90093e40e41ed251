"""A rule as the card shows it: its article, why it holds, and its condition with one item's figures put in."""

import html

import streamlit as st

from collection import words
from collection.criteria import article
from collection.policy import Policy, Rule, pieces, table

TRUTHS = {True: "○", False: "×", None: "？"}


def rule_of(policy: Policy, rule: str) -> Rule | None:
    """A rule of the pack by its id; None when there is none in force."""
    return next((one for one in policy.rules if one.id == rule), None)


def question(rule: Rule) -> str | None:
    """What a person looks at, in the present language."""
    english = rule.english.get("question") if words.language.get() == "en" else None
    return english or rule.question


def for_item(policy: Policy, rule_id: str, item: dict, heading: str | None = None) -> None:
    """The clause and the condition with the item's figures put in, each comparison with whether it holds."""
    rule = rule_of(policy, rule_id)
    top = f"{html.escape(heading)}：" if heading else ""
    if rule is None:
        st.html(f'<div class="clause">{top}{html.escape(rule_id)}</div>')
        return
    lines = [
        f"<div>{top}<strong>{html.escape(article(policy, rule))}</strong></div>",
        f'<div class="quiet">{html.escape(table.gist(rule))}</div>',
    ]
    lines += [f"<div>{TRUTHS[truth]} {html.escape(told)}</div>" for told, truth in pieces.fill(policy, rule, item)]
    if rule.question and not rule.when:
        lines.append(f"<div>▲ {html.escape(question(rule))}</div>")
    st.html(f'<div class="clause">{"".join(lines)}</div>')

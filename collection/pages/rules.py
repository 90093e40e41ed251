"""基準: each article with its condition, its operating values and how many items it touches."""

import html

import polars as pl
import streamlit as st

from collection import overview, words
from collection.pages import frame, tell
from collection.pages.rule_view import article, question, rule_of
from collection.pages.tell import t
from collection.policy import Policy, Rule, attach, coverage, pieces, predicate, table
from collection.policy.spoken import figure

frame.enter("rules")
snapshot, flags, policy = frame.need_flags()
language = words.language.get()
picked = rule_of(policy, st.query_params.get("rule", ""))
states = [state for state in coverage.STATES if state != "none"]


@st.cache_data(max_entries=10, show_spinner=False)
def counts_of(snapshot: str, flags: str) -> dict[str, tuple[int, int]]:
    with frame.cursor(snapshot, flags) as own:
        return overview.rule_counts(own)


def state_word(state: str) -> str:
    return words.say(f"policy.coverage_{state}")


def values_of(policy: Policy, rule: Rule) -> list[tuple[str, str, str]]:
    """Name, value and who set it: the written rule, or the library's habit (運用値)."""
    named = [(name, value, t("value_of_rule")) for name, value in rule.values.items()]
    named += [(name, value, t("value_operating")) for name, value in table.operating(policy, rule).items()]
    return [
        (
            policy.names.get(name, name) if language == "en" else name,
            "・".join(figure(part) for part in value) if isinstance(value, list) else figure(value),
            kind,
        )
        for name, value, kind in named
    ]


def terms_of(policy: Policy, rule: Rule) -> list[str]:
    """The pack's terms that the condition names, and those inside them."""
    found, texts = [], [rule.when or ""]
    while texts:
        text = texts.pop(0)
        new = [name for name in policy.terms if name in text and name not in found]
        found += new
        texts += [str(policy.terms[name]) for name in new]
    return found


def detail(rule: Rule) -> None:
    """One rule whole: wording, gist, condition, question, values, and the items it touches."""
    st.subheader(article(policy, rule), anchor=False)
    state = state_word(coverage.state_of([rule]))
    st.caption(
        " ・ ".join([rule.id, t("in_force", day=rule.in_force.isoformat()), words.code("effect", rule.effect), state])
    )
    wording = attach.wording(frame.store(), policy.name, rule.document, rule.clause)
    parts = [
        ("label_wording", wording),
        ("label_gist", table.gist(rule)),
        ("label_condition", table.condition(policy, rule)),
    ]
    if rule.when and rule.question:
        parts.append(("label_question", question(rule)))
    for name in terms_of(policy, rule):
        said = policy.names.get(name, name) if language == "en" else name
        meant = predicate.in_words(policy.terms[name], names=policy.names, **pieces.scope(policy))
        parts.append((None, t("term", name=said, meaning=meant)))
    st.html(
        "".join(
            (f"<h4>{t(key)}</h4>" if key else "") + f'<div class="clause">{html.escape(text)}</div>'
            for key, text in parts
            if text
        )
    )
    values = values_of(policy, rule)
    if values:
        tell.table(pl.DataFrame(values, schema=["value_name", "value", "value_kind"], orient="row"))
    hits, unknown = counts.get(rule.id, (None, None))
    if hits is not None:
        st.markdown(t("rule_touches", n=tell.books(hits), unknown=tell.books(unknown)))
        if rule.effect in ("candidate", "keep", "ask") and hits:
            frame.link("candidates", t("rule_list"), {"rule": [rule.id], "verdict": ["all"]})


counts = counts_of(str(snapshot), str(flags))
st.header(t("rules_title", n=len(policy.rules), policy=policy.title[language]), anchor=False)
covered = coverage.summary(policy)[""]
st.caption(
    " ・ ".join(f"{state_word(state)} {covered[state]}" for state in coverage.STATES)
    + f" ／ {t('clauses', n=covered.total())}"
)
with st.container(horizontal=True, gap="small"):
    document = st.pills(
        t("rules_document"), list(policy.documents), format_func=lambda name: policy.documents[name]["title"][language],
        key="rules_document", label_visibility="collapsed",
    )  # fmt: skip
    state = st.pills(
        t("label_coverage"), states, format_func=state_word, key="rules_state", label_visibility="collapsed"
    )
rules = [
    rule for rule in policy.rules
    if document in (None, rule.document) and state in (None, coverage.state_of([rule]))
]  # fmt: skip
if not rules:
    st.info(t("nothing_found"))
    st.stop()
listed = pl.DataFrame(
    {
        "clause": [article(policy, rule) for rule in rules],
        "effect": [words.code("effect", rule.effect) for rule in rules],
        "gist": [table.gist(rule) for rule in rules],
        "coverage": [state_word(coverage.state_of([rule])) for rule in rules],
        "hits": [counts.get(rule.id, (None, None))[0] for rule in rules],
        "cannot_tell": [counts.get(rule.id, (None, None))[1] for rule in rules],
    },
    schema_overrides={"hits": pl.Int64, "cannot_tell": pl.Int64},
)


def pick(key: str) -> None:
    """A row was pressed or reached with the arrows: its rule opens."""
    cells = st.session_state[key].selection.cells
    if cells:
        st.query_params.from_dict(frame.with_language({"rule": [rules[cells[0][0]].id]}))


with st.container(key="stacked_rules"):
    left, right = st.columns([6, 4] if picked else [9999, 1], gap="small" if picked else None)
with left:
    column = st.column_config
    key = f"rules_{document}_{state}_{language}"
    st.dataframe(
        listed, key=key, hide_index=True, row_height=28, placeholder="",
        height=min(28 * len(listed) + 35, 540), alt=t("page_rules"),
        on_select=lambda: pick(key), selection_mode=["single-cell", "single-column"],
        column_order=["clause", "effect", "gist", "hits"] if picked else listed.columns,
        column_config={
            "clause": column.TextColumn(t("label_clause"), width=215 if picked else 230),
            "effect": column.TextColumn(t("label_effect"), width=85),
            "gist": column.TextColumn(t("label_gist"), width=260 if picked else 480),
            "coverage": column.TextColumn(t("label_coverage"), width=120),
            "hits": column.NumberColumn(t("label_hits"), format="localized", width=70),
            "cannot_tell": column.NumberColumn(t("label_cannot_tell"), format="localized", width=70),
        },
    )  # fmt: skip
    st.caption(t("rules_hint"))
if picked:
    with right, st.container(border=True, key="card", gap="xsmall"):
        detail(picked)

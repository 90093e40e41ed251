"""基準: each article with its condition, its operating values and how many items it touches; found by its words, and as a file."""

import html
from functools import partial
from pathlib import Path

import polars as pl
import streamlit as st

from collection import overview, sheets, words
from collection.pages import frame, tell
from collection.pages.rule_view import article, question, rule_of
from collection.pages.tell import t
from collection.policy import Policy, Rule, attach, cases, coverage, pieces, predicate, printing, table
from collection.policy.printing import cited, tests
from collection.policy.spoken import figure
from collection.policy.syntax import fold

frame.enter("rules")
snapshot, flags, policy = frame.need_flags()
language = words.language.get()
picked = rule_of(policy, st.query_params.get("rule", ""))
states = [state for state in coverage.STATES if state != "none"]


@st.cache_data(max_entries=10, show_spinner=False)
def counts_of(snapshot: str, flags: str) -> dict[str, tuple[int, int]]:
    with frame.cursor(snapshot, flags) as own:
        return overview.rule_counts(own)


def title(document: str) -> str:
    return policy.documents[document]["title"][language]


def state_word(state: str) -> str:
    return words.say(f"policy.coverage_{state}")


def matches(rule: Rule, text: str, wording: str) -> bool:
    """Whether every word stands in the rule's number, article, gist, question or signs, in either language, or its wording."""
    said = [rule.id, rule.article, rule.gist, rule.question or "", wording, *rule.english.values()]
    own = fold(" ".join([*said, *(f"{sign.name} {sign.en}" for sign in rule.signs)])).lower()
    return all(part in own for part in fold(text).lower().split())


def address(**parts: str | None) -> None:
    """Changes parts of the address; None takes one away."""
    now = {name: st.query_params.get_all(name) for name in st.query_params if name not in parts}
    st.query_params.from_dict(now | {name: [value] for name, value in parts.items() if value})


def choice(name: str, options: list[str], said, label: str) -> str | None:
    """A filter of one value that stands in the address; None lets everything through."""
    key, now = f"rules_{name}", st.query_params.get(name)
    st.session_state[key] = now if now in options else None
    return st.pills(
        label, options, format_func=said, key=key, label_visibility="collapsed",
        on_change=lambda: address(**{name: st.session_state[key]}),
    )  # fmt: skip


def made(policy: Policy, kind: str, counts: dict, store: Path, language: str) -> bytes:
    """The 対照表 as a file in a language; it is made by a thread that knows none."""
    with words.speaking(language):
        wordings = attach.wordings(store, policy.name)
        return printing.file(policy, kind, counts=counts, cases=cases.counts(policy.folder), wordings=wordings)


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
    told = [rule.id, t("in_force", day=rule.in_force.isoformat()), words.code("effect", rule.effect), state]
    st.caption(" ・ ".join(dict.fromkeys(told)))
    wording = attach.wording(frame.store(), policy.name, rule.document, rule.clause)
    parts = [
        ("label_wording", wording),
        ("label_gist", table.gist(rule)),
        ("label_condition", "\n".join(tests(policy, rule))),
    ]
    if (rule.when or rule.signs or rule.missing) and rule.question:
        parts.append(("label_question", question(rule)))
    for name in terms_of(policy, rule):
        said = policy.names.get(name, name) if language == "en" else name
        meant = predicate.in_words(policy.terms[name], names=policy.names, **pieces.scope(policy))
        parts.append((None, t("term", name=said, meaning=meant)))
    st.html(
        "".join(
            (f"<h4>{t(key)}</h4>" if key else "")
            + f'<div class="clause">{"<br>".join(html.escape(text).splitlines())}</div>'
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
with st.container(horizontal=True, gap="small", vertical_alignment="center"):
    told = [f"{state_word(state)} {covered[state]}" for state in coverage.STATES if covered[state]]
    st.caption(f"{' ・ '.join(told)} ／ {t('clauses', n=covered.total())}", width="stretch")
    for kind in ("xlsx", "pdf"):
        st.download_button(
            t("policy.table_file", kind=kind.upper()), partial(made, policy, kind, counts, frame.store(), language),
            file_name=f"rules-{policy.on}.{kind}", mime=sheets.MIME.get(kind, "application/pdf"), key=f"rules_{kind}",
            on_click="ignore",
        )  # fmt: skip
with st.container(horizontal=True, gap="small", vertical_alignment="center", key="filters"):
    st.session_state["filter_text"] = text = st.query_params.get("text", "").strip()[:100]
    st.text_input(
        t("policy.search"), key="filter_text", placeholder=t("policy.search"), label_visibility="collapsed", width=220,
        type="search", on_change=lambda: address(text=st.session_state["filter_text"].strip()),
    )  # fmt: skip
    document = choice("document", list(policy.documents), title, t("rules_document"))
    state = choice("state", states, state_word, t("label_coverage"))
frame.script("search.js")
wordings = attach.wordings(frame.store(), policy.name) if text else {}
rules = [
    rule for rule in policy.rules
    if document in (None, rule.document) and state in (None, coverage.state_of([rule]))
    and matches(rule, text, wordings.get((rule.document, rule.clause), ""))
]  # fmt: skip
if not rules:
    st.info(t("policy.search_none", text=tell.plain(text)) if text else t("nothing_found"))
    st.stop()
listed = pl.DataFrame(
    {
        "document": [title(rule.document) for rule in rules],
        "rule": [rule.id for rule in rules],
        "clause": [cited(policy, rule) for rule in rules],
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
        address(rule=rules[cells[0][0]].id)


with st.container(key="stacked_rules"):
    left, right = st.columns([6, 4] if picked else [9999, 1], gap="small" if picked else None)
with left:
    column = st.column_config
    key = f"rules_{document}_{state}_{text}_{language}"
    st.dataframe(
        listed, key=key, hide_index=True, row_height=28, placeholder="",
        height=min(28 * len(listed) + 35, 540), alt=t("page_rules"),
        on_select=lambda: pick(key), selection_mode=["single-cell", "single-column"],
        column_order=["rule", "clause", "effect", "gist", "hits"] if picked else listed.drop("rule").columns,
        column_config={
            "document": column.TextColumn(t("rules_document"), width=170),
            "rule": column.TextColumn(t("policy.table_rule"), width=90),
            "clause": column.TextColumn(t("label_clause"), width=125),
            "effect": column.TextColumn(t("label_effect"), width=100),
            "gist": column.TextColumn(t("label_gist"), width=285 if picked else 445),
            "coverage": column.TextColumn(t("label_coverage"), width=160),
            "hits": column.NumberColumn(t("label_hits"), format="localized", width=70),
            "cannot_tell": column.NumberColumn(t("label_cannot_tell"), format="localized", width=70),
        },
    )  # fmt: skip
    st.caption(f"{t('policy.search_found', n=len(rules))} ・ {t('rules_hint')}")
if picked:
    with right, st.container(border=True, key="card", gap="xsmall"):
        detail(picked)

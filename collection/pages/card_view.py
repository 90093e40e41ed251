"""The 資料カード as it stands beside the list and on its own page."""

import html
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import altair as alt
import polars as pl
import streamlit as st

from collection import card, criteria, words, years
from collection.pages import card_forecast, card_similar, decided_view, frame, rule_view, tell
from collection.pages.tell import t
from collection.policy import Policy

FACTS = (
    "item_id", "branch", "location", "call_number", "status", "condition", "accession_date", "source", "price",
    "retention", "issue_date", "due_date", "missing_confirmed_on", "note",
    "publisher", "pub_year", "edition", "series", "isbn", "ndc", "audience", "material", "local", "subjects",
)  # fmt: skip
USE = (
    "last_use",
    "idle_years",
    "loans_1y",
    "loans_3y",
    "in_house_1y",
    "loans_total",
    "holds",
    "copies",
    "copies_branch",
)


def show(
    snapshot: Path, flags: Path, policy: Policy, item_id: str, close: Callable | None = None, wide: bool = False
) -> None:
    """Draws the card of one item, or says that the number is unknown; `wide` sets it in two columns."""
    with frame.cursor(snapshot, flags) as own:
        found = card.read(own, policy, item_id)
    if found is None:
        st.info(t("card_unknown", item=tell.plain(item_id)))
        return
    item = found.item
    _title(item, close)
    decided_view.now(item_id)
    with st.container(key="stacked_card" if wide else "card_body", gap="xsmall"):
        first, second = st.columns([46, 54], gap="large") if wide else [st.container(gap="xsmall") for _ in range(2)]
    with first:
        _judgement(policy, item)
        _loans(found.loans)
        card_forecast.show(snapshot, flags, item["item_no"])
        _score(policy, item)
    with second:
        _copies(found.copies, wide)
        card_similar.show(snapshot, flags, item)
        _facts(item)
        decided_view.history(item_id)


def _title(item: dict, close: Callable | None) -> None:
    if close:
        with st.container(horizontal=True, horizontal_alignment="right", gap="small", vertical_alignment="center"):
            frame.link("card", t("card_open"), {"item": [item["item_id"]]})
            st.button(t("close"), type="tertiary", on_click=close, key="close_card")
    else:
        decided_view.link_to_tag(item["item_id"])
    name = " ".join(part for part in (item["title"], item["volume"]) if part)
    st.subheader(tell.plain(name) or t("card_no_record"), anchor=False)
    author = (item["author"] or "").replace(";", "、")
    parts = (author, item["publisher"], tell.shown("pub_year", item["pub_year"]))
    st.caption(" ／ ".join(tell.plain(part) for part in parts if part))


def _judgement(policy: Policy, item: dict) -> None:
    """Verdict, clause, the condition with this item's figures, protections, and what stays."""
    said = [tell.verdict_html(item["verdict"])]
    named = (criteria.label(policy, item["criterion"]), words.code("route", item["route"]))
    said += [html.escape(word) for word in named if word]
    if item["advice"]:
        said.append(html.escape(t("card_advice", what=tell.shown("advice", item["advice"]))))
    reason = f'<div class="reason">{html.escape(item["reason"])}</div>' if item["reason"] else ""
    st.html(f"<div>{'　'.join(said)}</div>{reason}")
    if item["rule"]:
        rule_view.for_item(policy, item["rule"], item)
    for rule in (item["protected_by"] or "").split(";"):
        if rule and rule != item["rule"]:
            rule_view.for_item(policy, rule, item, t("card_protected"))
    if item["survivor_item_id"]:
        st.markdown(f"**{t('label_survivor')}**")
        stays = t(
            "card_survivor", kind=words.code("survivor", item["survivor_kind"]), title=item["survivor_title"] or "",
            branch=item["survivor_branch"], place=words.code("location", item["survivor_location"]),
            call=item["survivor_call_number"] or "",
        )  # fmt: skip
        frame.link("card", tell.plain(f"{stays} {item['survivor_item_id']}"), {"item": [item["survivor_item_id"]]})


def _loans(loans: pl.DataFrame) -> None:
    """Loans by fiscal year as a small chart whose title says what it shows."""
    if loans.is_empty():
        st.caption(t("card_no_loans"))
        return
    total = int(loans["loans"].sum())
    if total:
        last = int(loans.filter(pl.col("loans") > 0)["fiscal_year"].max())
        message = t("card_loans", years=len(loans), n=tell.number(total), last=years.spoken(last))
    else:
        message = t("card_never", years=len(loans))
    st.markdown(f"**{message}**")
    if not total:
        return
    shown = loans.with_columns(year=pl.col("fiscal_year").cast(pl.String)).select("year", "loans")
    ink = "#9db7f9" if tell.dark() else "#4979f5"
    base = alt.Chart(shown).encode(
        x=alt.X("year:N", title=t("card_fiscal_year"), sort=None, axis=alt.Axis(labelAngle=0, ticks=False)),
        y=alt.Y("loans:Q", title=None, axis=None),
    )
    bars = base.mark_bar(color=ink, size=22).encode(
        tooltip=[alt.Tooltip("year", title=t("card_fiscal_year")), alt.Tooltip("loans", title=t("label_loans"))]
    )
    figures = base.mark_text(dy=-7, color="#f2f2f2" if tell.dark() else "#1a1a1a").encode(
        text=alt.Text("loans:Q", format=",")
    )
    st.altair_chart((bars + figures).properties(height=110).configure_view(stroke=None), alt=message)


def _score(policy: Policy, item: dict) -> None:
    """The score with the parts and weights it is summed from."""
    if item["score"] is None:
        return
    st.markdown(f"**{t('card_score', score=tell.number(item['score'], 1))}**", help=t("help_score"))
    language = words.language.get()
    parts = {name: policy.score[name] for name in card.PARTS}
    found = pl.DataFrame(
        {
            "score_part": [part.words[language] for part in parts.values()],
            "points": [round(item[f"score_{name}"], 1) for name in parts],
            "weight": [part.weight for part in parts.values()],
            "adds": [round(item[f"score_{name}"] * part.weight / 100, 1) for name, part in parts.items()],
        },
        schema_overrides={"points": pl.Float64, "weight": pl.Float64, "adds": pl.Float64},
    )
    tell.table(found)


def _copies(copies: pl.DataFrame, wide: bool) -> None:
    """The other copies and editions of the work, and where they stand."""
    st.markdown(f"**{t('card_copies', n=len(copies)) if len(copies) else t('card_alone')}**")
    if copies.is_empty():
        return
    stays = next((row for row, value in enumerate(copies["stays"]) if value), None)
    names = (
        "item_id",
        "kind",
        "branch",
        "location",
        "status",
        *(("pub_year",) if wide else ()),
        "idle_years",
        "verdict",
    )
    tell.table(
        copies.select(names),
        {
            "kind": lambda value: html.escape(t(f"other_{value}")),
            "verdict": lambda value: tell.verdict_html(value) if value else "",
            "item_id": item_link,
        },
        marked=stays,
    )


def item_link(item_id: str) -> str:
    """A number as a link to its card, for HTML."""
    query = urlencode(frame.with_language({"item": [item_id]}), doseq=True)
    return f'<a href="card?{html.escape(query)}" target="_self">{html.escape(item_id)}</a>'


def _facts(item: dict) -> None:
    """What the files say of the item, and what was measured; blanks are left out."""
    st.markdown(f"**{t('card_facts')}**")
    rows = [(name, item.get(name)) for name in (*FACTS, *USE) if item.get(name) not in (None, "")]
    said = [(html.escape(tell.label(name)), html.escape(tell.shown(name, value))) for name, value in rows]
    cells = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in said)
    st.html(f'<table class="plain facts"><tbody>{cells}</tbody></table>')

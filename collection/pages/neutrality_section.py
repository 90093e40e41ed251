"""偏り of one 目: its authors, publishers and series in figures, the largest of one kind, and what is to change."""

import html
from dataclasses import replace
from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from collection import measures, neutrality
from collection.measures import Scope
from collection.named_fields import Field
from collection.pages import charts, neutrality_fields, scope_bar, tell
from collection.pages.neutrality_fields import SPOKEN, headings
from collection.pages.tell import t
from collection.policy import Policy

VALUES, NUMBERS = 15, 100


def show(found: pl.DataFrame, kind: str, fields: list[Field], scope: Scope, policy: Policy, as_of: date) -> None:
    part = replace(scope, ndc="") != measures.EVERYTHING
    field = neutrality_fields.field_of(scope.ndc, fields)
    whole = found.filter(kind="whole").row(0, named=True)
    said = {"titles": tell.number(whole["titles"]), "items": tell.books(whole["items"])}
    name = tell.plain(neutrality_fields.field_name(scope.ndc, fields))
    st.subheader(t("neutrality.section_title", section=scope.ndc, name=name, **said), anchor=False)
    query = {name: st.query_params.get_all(name) for name in st.query_params if name != "ndc"}
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(t("neutrality.back"), type="tertiary", on_click=st.query_params.from_dict, args=(query,))
        if field and field.article:
            st.caption(t("neutrality.named_by", article=tell.plain(field.article)))
    _figures(found, part, policy)
    _largest(found, kind, part, scope, policy, as_of)


def _figures(found: pl.DataFrame, part: bool, policy: Policy) -> None:
    """One row a kind: now, in the whole library where only a part is looked at, and after the plan."""
    library = neutrality.sections(found, policy, "_library")
    told = neutrality.effect(found, policy).join(
        library.select("kind", library="largest_share", hhi_library="hhi"), on="kind", how="left", maintain_order="left"
    )
    shown = told.select(
        "kind", "distinct", "unknown", "largest", "largest_share", "top5_share", "hhi", "over",
        *(("library", "hhi_library") if part else ()), "largest_share_after", "change", "hhi_after",
    )  # fmt: skip
    more = {"kind": lambda kind: html.escape(t(f"neutrality.{kind}")), "library": tell.percent}
    named = {name: t(f"neutrality.{name}") for name in ("kind", "library", "hhi_library", "hhi_after")}
    named["largest"] = t("neutrality.value")
    tell.table(
        shown,
        SPOKEN | more | dict.fromkeys(("hhi_library", "hhi_after"), tell.number),
        named=headings("author") | named,
    )
    st.caption(t("neutrality.plan_told"))


def _largest(found: pl.DataFrame, kind: str, part: bool, scope: Scope, policy: Policy, as_of: date) -> None:
    """The values with most titles; beside their shares in the whole library where only a part is looked at."""
    word, guide = t(f"neutrality.{kind}"), neutrality.guides(policy)[kind]
    columns = {"share": "titles", "library": "titles_library", "after": "titles_after"}
    shares = {name: pl.col(column) / pl.col(column).sum() for name, column in columns.items()}
    known = found.filter((pl.col("kind") == kind) & pl.col("value").is_not_null()).with_columns(**shares)
    known = known.filter(pl.col("titles") > 0).sort("titles", "value", descending=[True, False])
    if known.is_empty():
        st.info(t("neutrality.no_values", kind=word))
        return
    shown = known.head(VALUES)
    said = [
        t("neutrality.share_books", share=tell.percent(share), n=tell.number(titles), items=tell.books(items))
        for share, titles, items in shown.select("share", "titles", "items").iter_rows()
    ]
    shown = shown.with_columns(
        over=pl.col("share") > guide, said=pl.Series(said),
        said_library=pl.Series([tell.percent(share) for share in shown["library"]]),
    )  # fmt: skip
    tips = [alt.Tooltip("value", title=word), alt.Tooltip("said", title=t("label_share"))]
    names = t("neutrality.library"), t("neutrality.here")

    def draw(dark: bool) -> alt.Chart:
        same = {"y": "value", "dark": dark, "sort": shown["value"].to_list(), "fields": ("value",)}
        if not part:
            return charts.bars(shown, value="share", said="said", tips=tips, marked="over", **same)
        return charts.dumbbell(
            shown, first="library", second="share", names=names, tips=[*tips, alt.Tooltip("said_library", title=names[0])],
            form=".1%", height=30 + 90 // shown.height, **same,
        )  # fmt: skip

    top = shown.row(0, named=True)
    against = t("neutrality.above" if top["over"] else "neutrality.below", guide=tell.percent(guide))
    charts.figure(
        "neutrality_section",
        t("neutrality.finding_largest", kind=word, value=top["value"], share=tell.percent(top["share"]), against=against),
        draw, known.head(NUMBERS).select("value", "titles", "items", "share", *(["library"] if part else []), "after"),
        method=t("neutrality.method_section", kind=word, n=tell.number(known.height), shown=shown.height), as_of=as_of,
        to=lambda bar: scope_bar.to_items(scope, **{kind: bar["value"]}), hint=t("charts.hint"),
        spoken=dict.fromkeys(columns, tell.percent),
        named=headings(kind) | {"value": word, "share": t("label_share"), "library": names[0], "after": t("neutrality.after")},
    )  # fmt: skip

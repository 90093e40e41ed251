"""類→綱→目: how large each class is and how it is lent, from the ten classes down to their 目 and on to the items."""

from dataclasses import replace
from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import composition, measures
from collection.measures import Scope
from collection.pages import charts, scope_bar, tell
from collection.pages.composition_look import Look, cells, class_html, texts, to_class
from collection.pages.tell import t

FARTHEST = 2  # doublings: from a quarter to four times
NARROW, TALL = 600, 420  # pixels of the map on a tablet


def show(look: Look) -> None:
    """Draws the boxes of one level: 類, or what the address (ndc) has chosen of them."""
    children = composition.of_children(look.scope)
    universe = look.scope if children else composition.general(look.scope)
    level = len(look.scope.ndc[:2]) + 1
    whole = composition.balance(cells(look, replace(universe, ndc=""), level))
    found = whole.filter(pl.col("mark").str.starts_with(look.scope.ndc[:level]))
    _path(look, children)
    if found.is_empty():
        st.info(t("nothing_found"))
        return
    _figure(look, universe, found, level, t(f"composition.tree_{'children' if children else 'general'}"))


def _path(look: Look, children: bool) -> None:
    """What is looked at, and the way back up."""
    scope, ndc = look.scope, look.scope.ndc
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="tree_path"):
        st.session_state["tree_looks"] = "children" if children else "general"
        st.segmented_control(
            t("composition.tree_looks"), ("general", "children"), format_func=lambda kind: t(f"composition.tree_{kind}"),
            required=True, key="tree_looks", label_visibility="collapsed", on_change=_changed, args=(scope,),
        )  # fmt: skip
        steps = ["", *(ndc[:end] for end in range(1, len(ndc) + 1))] if ndc else []
        for place, step in enumerate(steps):
            if place:
                st.markdown("›", width="content")
            name = composition.name(step) if step else t("composition.tree_top")
            st.button(
                name, type="tertiary", disabled=step == ndc, on_click=scope_bar.open_with,
                args=(replace(scope, ndc=step),), key=f"tree_step_{place}",
            )  # fmt: skip


def _changed(scope: Scope) -> None:
    children = st.session_state["tree_looks"] == "children"
    scope_bar.open_with(replace(scope, audience=("child",) if children else (), shelf_class=()))


def _figure(look: Look, universe: Scope, found: pl.DataFrame, level: int, within: str) -> None:
    ordered = found.sort("items", descending=True)
    boxes = charts.squarified(ordered["items"].to_list(), NARROW, TALL)
    told = texts(
        ordered, name=("mark", composition.name), books=("items", tell.books), times=("relative", _times),
        use=("relative", _ratio),
    ).with_columns(
        tone=pl.col("relative").log(2).clip(-FARTHEST, FARTHEST), wide=pl.Series([x2 - x for x, _, x2, _ in boxes]),
        figures=pl.concat_str("books", "times", separator=" ", ignore_nulls=True),
    )  # fmt: skip
    roomy = pl.col("wide") > pl.max_horizontal(_wide("name"), _wide("figures"))
    told = told.with_columns(
        said=pl.when(roomy).then("name").otherwise("mark"), more=pl.when(roomy).then("figures").otherwise("times")
    )

    def draw(dark: bool) -> alt.Chart:
        scale = alt.Scale(domain=[-FARTHEST, 0, FARTHEST], range=["#f0925a", "#ececec", "#7096f8"], interpolate="rgb")
        legend = alt.Legend(title=measures.word("relative_use"), orient="top", labelExpr="format(pow(2, datum.value), '~g')", values=[-2, -1, 0, 1, 2], gradientLength=180)  # fmt: skip
        colour = alt.condition("isValid(datum.tone)", alt.Color("tone:Q", scale=scale, legend=legend), alt.value("#cccccc"))  # fmt: skip
        tips = [
            alt.Tooltip("name", title=t("composition.mark")), alt.Tooltip("books", title=tell.label("items")),
            alt.Tooltip("use", title=measures.word("relative_use")),
        ]  # fmt: skip
        return charts.treemap(told, value="items", said="said", more="more", colour=colour, tips=tips, dark=dark, fields=("mark",), width=NARROW, height=TALL)  # fmt: skip

    def to(box: dict) -> None:
        mark = box["mark"]
        if len(mark) == level < 3 and mark != composition.NONE:
            scope_bar.open_with(replace(look.scope, ndc=mark))
            st.rerun()
        if mark == composition.NONE and not composition.of_children(universe):
            scope_bar.to_items(universe, shelf_class=mark)
        to_class(universe, mark, level)

    charts.figure(
        f"tree_{look.scope.ndc}", _title(told), draw, found.drop("held_share", "lent_share"), to=to,
        method=t("composition.tree_method", within=within), as_of=look.as_of, hint=t("charts.hint") if level == 3 else t("composition.tree_hint"),
        named={"mark": t("composition.mark"), "relative": measures.word("relative_use")},
        spoken={"mark": class_html, "relative": _ratio, "turnover": _ratio},
    )  # fmt: skip


_ratio = partial(tell.number, digits=2)


def _times(relative: float) -> str:
    return t("composition.times", value=_ratio(relative))


def _wide(text: str) -> pl.Expr:
    """How many pixels a text takes, about: a letter 6, a kana or kanji, which is three bytes, 11."""
    letters = pl.col(text).str.len_chars()
    return 6 * letters + 2.5 * (pl.col(text).str.len_bytes() - letters)


def _title(told: pl.DataFrame) -> str:
    least = composition.least_used(told.with_columns(held_share=pl.col("items") / pl.col("items").sum()))
    row = told.filter(pl.col("mark") == least) if least else told.sort("items", descending=True)
    said = row.row(0, named=True)
    key = "tree_finding" if least else "tree_most"
    return t(f"composition.{key}", name=said["name"], relative=said["times"] or "–", books=said["books"])

"""鮮度: what is past its shelf life, superseded editions on open shelves, and the fields that the 基準 names."""

from dataclasses import replace

import polars as pl
import streamlit as st

from collection import measures, words
from collection.pages import (
    frame,
    freshness_ages,
    freshness_classes,
    freshness_editions,
    freshness_fields,
    freshness_parts,
    scope_bar,
)  # fmt: skip
from collection.pages.tell import t
from collection.store import snapshots

VIEWS = {
    "classes": freshness_classes, "ages": freshness_ages, "editions": freshness_editions, "fields": freshness_fields,
}  # fmt: skip

frame.enter("freshness")
snapshot, flags, policy = frame.need_flags()


@st.cache_data(max_entries=20, show_spinner=False)
def held(snapshot: str, flags: str, by: tuple[str, ...], scope: measures.Scope) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return measures.compute(own, "holdings", by, scope)


def turn() -> None:
    st.query_params.pop("page", None)
    st.query_params["view"] = st.session_state["freshness_view"]


def choose_class() -> None:
    chosen = st.session_state["freshness_class"]
    scope_bar.open_with(replace(scope, shelf_class=(chosen,) if chosen else ()))


st.header(t("page_freshness"), anchor=False)
everything = held(str(snapshot), str(flags), ("branch", "location"), measures.EVERYTHING)
branches = everything.group_by("branch").agg(pl.col("value").sum()).sort("value", descending=True)["branch"]
scope = scope_bar.show(branches.to_list())
asked = st.query_params.get("view", "classes")
view = asked if asked in VIEWS else "classes"
with st.container(horizontal=True, gap="small", vertical_alignment="center", key="freshness_choice"):
    st.session_state["freshness_view"] = view
    st.segmented_control(
        t("page_freshness"), list(VIEWS), key="freshness_view", on_change=turn, required=True,
        label_visibility="collapsed", format_func=lambda name: t(f"freshness.view_{name}"),
    )  # fmt: skip
    st.session_state["freshness_class"] = scope.shelf_class[0] if len(scope.shelf_class) == 1 else None
    st.pills(
        t("filter_shelf_class"), list(words.table("codes")["shelf_class"]), key="freshness_class", on_change=choose_class,
        label_visibility="collapsed", format_func=lambda mark: words.code("shelf_class", mark),
    )  # fmt: skip
if held(str(snapshot), str(flags), ("whole",), scope).is_empty():
    st.info(t("nothing_found"))
    st.stop()
places = everything["location"].drop_nulls().unique(maintain_order=True).to_list()
VIEWS[view].show(freshness_parts.At(snapshot, flags, policy, snapshots.as_of(snapshot), scope, tuple(places)))

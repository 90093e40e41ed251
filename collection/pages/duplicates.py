"""複本: copies beyond use, titles that ask for more, children's books lacking, and copies to move between branches."""

import polars as pl
import streamlit as st

from collection import decisions, measures
from collection.pages import (
    duplicates_asked,
    duplicates_missing,
    duplicates_moves,
    duplicates_surplus,
    frame,
    scope_bar,
)  # fmt: skip
from collection.pages.duplicates_parts import At
from collection.pages.tell import t
from collection.store import snapshots

VIEWS = {
    "surplus": duplicates_surplus, "asked": duplicates_asked, "missing": duplicates_missing, "moves": duplicates_moves
}  # fmt: skip

frame.enter("duplicates")
snapshot, flags, policy = frame.need_flags()


@st.cache_data(max_entries=5, show_spinner=False)
def held(snapshot: str, flags: str) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return measures.compute(own, "holdings", ("branch",))


def turn() -> None:
    """Another view of the same scope, from its first page."""
    for name in ("page", *duplicates_moves.PARTS):
        st.query_params.pop(name, None)
    st.query_params["view"] = st.session_state["duplicates_view"]


st.header(t("page_duplicates"), anchor=False)
branches = held(str(snapshot), str(flags)).sort("value", "branch", descending=[True, False])["branch"].to_list()
scope = scope_bar.show(branches, (*scope_bar.PARTS, "shelf_class"))
asked = st.query_params.get("view", "surplus")
st.session_state["duplicates_view"] = view = asked if asked in VIEWS else "surplus"
st.segmented_control(
    t("page_duplicates"), list(VIEWS), key="duplicates_view", on_change=turn, required=True, label_visibility="collapsed",
    format_func=lambda name: t(f"duplicates.view_{name}"),
)  # fmt: skip
seq = decisions.decided(frame.store()).seq  # what is kept ready is of this moment
VIEWS[view].show(At(view, snapshot, flags, policy, snapshots.as_of(snapshot), scope, branches, seq))

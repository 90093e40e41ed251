"""規則の鏡: held but refused today, asked for while to be weeded, bought and already a candidate."""

import polars as pl
import streamlit as st

from collection import decisions, measures
from collection.pages import frame, mirror_asked, mirror_bought, mirror_held, mirror_parts, scope_bar
from collection.pages.duplicates_parts import At
from collection.pages.tell import t
from collection.store import snapshots

VIEWS = {"held": mirror_held, "asked": mirror_asked, "bought": mirror_bought}

frame.enter("mirror")
snapshot, flags, policy = frame.need_flags()


@st.cache_data(max_entries=5, show_spinner=False)
def held(snapshot: str, flags: str) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return measures.compute(own, "holdings", ("branch",))


def turn() -> None:
    """Another view of the same scope, from its beginning."""
    mirror_parts.change(view=st.session_state["mirror_view"], **dict.fromkeys(mirror_parts.PARTS))


st.header(t("page_mirror"), anchor=False)
branches = held(str(snapshot), str(flags)).sort("value", "branch", descending=[True, False])["branch"].to_list()
scope = scope_bar.show(branches, ("branch", "shelf_class"))
asked = st.query_params.get("view", "held")
st.session_state["mirror_view"] = view = asked if asked in VIEWS else "held"
st.segmented_control(
    t("page_mirror"), list(VIEWS), key="mirror_view", on_change=turn, required=True, label_visibility="collapsed",
    format_func=lambda name: t(f"mirror.view_{name}"),
)  # fmt: skip
seq = decisions.decided(frame.store()).seq
VIEWS[view].show(At(view, snapshot, flags, policy, snapshots.as_of(snapshot), scope, branches, seq, "mirror"))

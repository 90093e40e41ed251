"""購入の検討: what is under consideration, chosen and ordered, beside the card of the line that was picked; and the 資料費."""

import streamlit as st

from collection.buying import listing
from collection.buying.listing import Filter
from collection.pages import (
    buying_budget,
    buying_list,
    buying_paper,
    buying_parts,
    buying_ready,
    buying_upload,
    doing,
    frame,
    tell,
)
from collection.pages.tell import t

VIEWS = (*listing.VIEWS, "budget")
person = frame.enter("buying")
at = buying_parts.at(person, *frame.need_flags())
filter_now, line = buying_parts.chosen()

if "print" in st.query_params:
    buying_paper.printed(at, filter_now)
    st.stop()


def turned() -> None:
    """Another view, with nothing of the one before."""
    view = st.session_state["buying_view"]
    buying_parts.open_with(Filter(), view=view) if view == "budget" else buying_parts.open_with(Filter(view=view))


def said(view: str) -> str:
    """A view with the number of its lines."""
    if view == "budget":
        return t("buying.view_budget")
    states = ["proposed"] if view == "considered" else list(listing.STATES[view][:1])
    n = buying_ready.every(at)["state"].is_in(states).sum()
    return f"{t(f'buying.view_{view}')} {tell.number(n)}"


view = "budget" if st.query_params.get("view") == "budget" else filter_now.view
with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="buying_head"):
    st.header(t("page_buying"), anchor=False, width="content")
    st.session_state["buying_view"] = view
    st.segmented_control(
        t("buying.views"), VIEWS, key="buying_view", required=True, label_visibility="collapsed", format_func=said,
        on_change=turned,
    )  # fmt: skip
    if view == "considered":
        buying_upload.button(at)
doing.tell_done("buying")
if view == "budget":
    buying_budget.show(at)
    st.stop()
buying_budget.line(at)
if view == "considered":
    buying_upload.show(at)
buying_list.show(at, filter_now, line)

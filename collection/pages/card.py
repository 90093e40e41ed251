"""資料カード: one item on a page of its own, found by its number; its address can be sent to a colleague."""

import streamlit as st

from collection.pages import card_view, frame
from collection.pages.tell import t

frame.enter("card")
snapshot, flags, policy = frame.need_flags()
wanted = st.query_params.get("item", "")


def ask() -> None:
    number = st.session_state["asked_item"].strip()
    st.query_params.from_dict(frame.with_language({"item": [number]} if number else {}))


st.session_state["asked_item"] = wanted
st.text_input(t("card_ask"), key="asked_item", on_change=ask, type="search", width=260)
if wanted:
    card_view.show(snapshot, flags, policy, wanted, wide=True)
else:
    st.info(t("card_empty"))
    frame.link("candidates", t("open_candidates"))

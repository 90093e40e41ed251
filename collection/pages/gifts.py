"""寄贈・寄託: offers by ticket number, what the rules propose, opinions and decisions, accession, named collections."""

import streamlit as st

from collection.pages import doing, frame, gifts_accession, gifts_named, gifts_offers, gifts_parts, gifts_ticket
from collection.pages.tell import t

VIEWS = {"offers": gifts_offers, "accession": gifts_accession, "named": gifts_named}

person = frame.enter("gifts")
snapshot, flags, policy = frame.need_flags()
at = gifts_parts.At(snapshot, flags, policy, person)
st.header(t("page_gifts"), anchor=False)
asked = st.query_params.get("view", "offers")
st.session_state["gifts_view"] = view = asked if asked in VIEWS else "offers"
st.segmented_control(
    t("page_gifts"), list(VIEWS), key="gifts_view", required=True, label_visibility="collapsed",
    format_func=lambda name: t(f"gifts.view_{name}"),
    on_change=lambda: gifts_parts.address(view=st.session_state["gifts_view"]),
)  # fmt: skip
doing.tell_done("gifts")
if ticket := st.query_params.get("ticket"):
    gifts_ticket.show(at, ticket)
else:
    VIEWS[view].show(at)

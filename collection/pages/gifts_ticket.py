"""One offer: its books are scanned or read from a list, weighed, voted on and decided; and the answer to who offered."""

from datetime import date

import streamlit as st

from collection import words
from collection.gifts import answering, standing
from collection.pages import frame, gifts_lines, gifts_parts, gifts_scan, tell
from collection.pages.gifts_parts import At
from collection.pages.tell import t
from collection.words import Problem

PARTS = ("scan", "lines", "slip")


def show(at: At, ticket: str) -> None:
    """The offer of the address."""
    try:
        offer, found = standing.one(frame.store(), ticket)
    except Problem as problem:
        st.info(tell.plain(str(problem)))
        frame.link("gifts", t("gifts.all_offers"))
        return
    gifts_parts.head(offer)
    part = _part(at, ticket)
    if part == "scan":
        gifts_scan.show(at, offer, found)
    elif part == "lines":
        gifts_lines.show(at, offer, found)
    else:
        _slip(at, offer, found)


def _part(at: At, ticket: str) -> str:
    """The part that is shown; it stands in the address."""
    parts = [part for part in PARTS if part != "scan" or at.may("offer_gift")]
    asked = st.query_params.get("part")
    st.session_state["gifts_part"] = asked if asked in parts else "lines"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        frame.link("gifts", t("gifts.all_offers"))
        return st.segmented_control(
            t("gifts.parts"), parts, key="gifts_part", required=True, label_visibility="collapsed",
            format_func=lambda name: t(f"gifts.tab_{name}"),
            on_change=lambda: gifts_parts.address(ticket=ticket, part=st.session_state["gifts_part"]),
        )  # fmt: skip


def _slip(at: At, offer, found) -> None:
    """The answer, to copy or to print."""
    if found.is_empty():
        st.info(t("gifts.slip_empty"))
        return
    st.caption(t("gifts.slip_about"))
    language = words.language.get()

    def paper() -> bytes:
        with words.speaking(language):
            return answering.pdf(at.policy, offer, found, date.today().isoformat())

    st.download_button(
        t("gifts.slip_pdf"),
        data=paper,
        file_name=f"{offer.ticket}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="slip_pdf",
    )
    st.code(answering.text(at.policy, offer, found), language=None, wrap_lines=True)

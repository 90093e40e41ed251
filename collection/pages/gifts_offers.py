"""The offers: every ticket with how far its lines are; and a new one."""

import html

import polars as pl
import streamlit as st

from collection import words
from collection.gifts import keeping, standing
from collection.gifts.lines import CATEGORIES, WAYS, Offer
from collection.pages import frame, gifts_parts, paging, tell
from collection.pages.gifts_parts import At
from collection.pages.tell import t

EACH = 50
COUNTED = {
    "open": ("offered",), "waiting": ("accepted",), "unsettled": ("declined",),
    "done": ("received", "returned", "passed_on", "disposed"),
}  # fmt: skip


def show(at: At) -> None:
    """The list, those that wait for something first."""
    st.caption(t("gifts.intro"))
    made = standing.offers(frame.store())
    if at.may("offer_gift"):
        _new(at, not made)
    if not made:
        st.info(t("gifts.no_offers" if at.may("offer_gift") else "gifts.no_offers_read"))
        return
    page = paging.asked(len(made), EACH)
    shown = made[(page - 1) * EACH : page * EACH]
    rows = pl.DataFrame([_row(offer) for offer in shown], infer_schema_length=None)
    named = {name: t(f"gifts.col_{name}") for name in rows.columns if name not in ("way", "category", "named")}
    named |= {"way": t("gifts.head_way"), "category": t("gifts.category"), "named": t("gifts.head_named")}
    tell.table(rows, {"ticket": _link, "named": html.escape, "category": html.escape, "way": html.escape}, named=named)
    if len(made) > EACH:
        paging.turn(len(made), EACH, page, len(shown), "offers", "gifts.range")


def _row(offer: Offer) -> dict:
    counts = {name: sum(offer.counts.get(state, 0) for state in states) for name, states in COUNTED.items()}
    return {
        "ticket": offer.ticket, "on_day": offer.on_day, "way": words.code("way", offer.way),
        "category": words.code("donor", offer.category), "named": offer.named, "lines": offer.lines, **counts,
    }  # fmt: skip


def _link(ticket: str) -> str:
    return f'<a href="{gifts_parts.href(ticket=ticket)}" target="_self">{html.escape(ticket)}</a>'


def _new(at: At, first: bool) -> None:
    """The form of a new offer. Its texts are looked at before anything is written."""
    with st.expander(t("gifts.offer_new"), expanded=first):
        with st.container(key="stacked_offer_1"):
            one, two = st.columns(2, gap="small")
        with one:
            way = st.segmented_control(
                t("gifts.way"), WAYS, default="gift", required=True, key="offer_way",
                format_func=lambda name: words.code("way", name),
            )  # fmt: skip
        with two:
            category = st.selectbox(
                t("gifts.category"),
                CATEGORIES,
                key="offer_category",
                format_func=lambda name: words.code("donor", name),
            )
        with st.container(key="stacked_offer_2"):
            one, two = st.columns(2, gap="small")
        conditions = one.text_input(
            t("gifts.conditions"), key="offer_conditions", max_chars=300, placeholder=t("gifts.conditions_example")
        )
        named = two.text_input(t("gifts.named"), key="offer_named", max_chars=60, placeholder=t("gifts.named_example"))
        confirmed = gifts_parts.confirm("offer_confirmed", conditions, named)
        if st.button(t("gifts.offer_button"), type="primary", key="offer_make"):
            made: list[str] = []

            def make(person) -> str:
                made.append(keeping.offer(frame.store(), person, way, category, conditions, named, confirmed))
                return t("gifts.offered", ticket=made[0])

            gifts_parts.act(make, lambda: {"ticket": made[0], "part": "scan"})

"""学校等への照会: what a partner is offered, claims with one click, and gets. Large, simple, and nothing else of the collection."""

import polars as pl
import streamlit as st

from collection import offers
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.sources.normalise import match_key_of
from collection.words import Problem, code

ROWS = 20
VIEWS = ("suits", "every", "mine", "decided")
person = frame.enter("offers")
snapshot, flags, _ = frame.head("")
if snapshot is None:
    st.info(t("road.offers_nothing"))
    st.stop()
store, state = frame.store(), st.session_state
st.html(
    """<style>.st-key-offers p { font-size: 1.1rem; } .st-key-offers .stButton button { min-height: 3rem; font-size: 1.05rem; }</style>"""
)


def press(claimed: bool, item: str) -> None:
    """希望する or 取り下げる: the person is asked for again, the ledger decides."""
    own_person = frame.enter("offers")
    act = offers.unclaim if claimed else offers.claim
    try:
        with frame.cursor(snapshot, flags) as own:
            act(own, store, own_person, [item])
    except Problem as problem:
        state["offers_told"] = str(problem)


def facts(row: dict) -> str:
    """The cover in one line: author, year, class, for whom, condition, branch."""
    year = t("road.year", year=row["pub_year"]) if row["pub_year"] else ""
    ndc = t("road.class", ndc=row["ndc"]) if row["ndc"] else ""
    author = (row["author"] or "").replace(";", "、")
    parts = [author, year, ndc, code("audience", row["audience"]), code("condition", row["condition"]), row["branch"]]
    return tell.plain(" ／ ".join(part for part in parts if part))


def title(row: dict) -> str:
    """Title and volume, large."""
    return tell.plain(" ".join(part for part in (row["title"] or t("road.no_title"), row["volume"]) if part))


try:
    with frame.cursor(snapshot, flags) as own:
        shown = offers.shown(own, store, person)
        got = offers.received(own, store, person)
        room = offers.room(own, store, person)
        partner = offers.partner_of(own, person)
except Problem as problem:
    st.header(t("page_offers"), anchor=False)
    st.error(tell.plain(str(problem)))
    st.stop()

mine = shown.filter("claimed")
st.header(t("road.offers_title", name=tell.plain(partner["name"])), anchor=False)
with st.container(key="offers"):
    if told := state.pop("offers_told", None):
        st.error(told)
    limit = (
        t("road.room_none")
        if room is None
        else t("road.room", capacity=tell.books(partner["capacity"]), room=tell.books(max(room, 0)))
    )
    st.markdown(t("road.offers_counts", claimed=tell.books(len(mine)), limit=limit))
    counts = {"suits": int(shown["suits"].sum()), "every": len(shown), "mine": len(mine), "decided": len(got)}
    view = st.segmented_control(
        t("road.view"), VIEWS, required=True, default="suits" if counts["suits"] else "every", key="offers_view",
        label_visibility="collapsed", format_func=lambda name: f"{t(f'road.view_{name}')} {tell.number(counts[name])}",
    )  # fmt: skip
    if view == "decided":
        if got.is_empty():
            st.info(t("road.decided_none"))
        for row in got.head(200).iter_rows(named=True):
            with st.container(border=True, gap="xxsmall"):
                st.markdown(f"**{title(row)}**")
                st.markdown(facts(row))
                st.markdown(t(f"road.got_{row['road']}", on=row["road_on"], slip=tell.plain(row["slip"] or "")))
        st.stop()
    found = {"suits": shown.filter("suits"), "every": shown, "mine": mine}[view]
    if found.is_empty():
        st.info(t("road.offers_nothing" if shown.is_empty() else f"road.none_{view}"))
        st.stop()
    typed = st.text_input(t("road.find"), key="offers_find", max_chars=100)
    if typed.strip():
        words_in = pl.concat_str("title", "author", ignore_nulls=True)
        key = match_key_of(typed)
        found = found.filter([key in match_key_of(text or "") for text in found.select(words_in).to_series()])
    if found.is_empty():
        st.info(t("road.find_none"))
        st.stop()
    pages = -(-len(found) // ROWS)
    page = 1
    if pages > 1:
        page = min(st.pagination(pages, max_visible_pages=5, key=f"page_{view}_{typed}") or 1, pages)
    for row in found[(page - 1) * ROWS : page * ROWS].iter_rows(named=True):
        with st.container(border=True):
            left, right = st.columns([3, 1], gap="small", vertical_alignment="center")
            with left, st.container(gap="xxsmall"):
                st.markdown(f"**{title(row)}**")
                st.markdown(facts(row))
                st.caption(
                    t("road.reply_until", day=row["reply_by"])
                    + (f"　{t('road.you_claimed')}" if row["claimed"] else "")
                )
            right.button(
                t("road.unclaim" if row["claimed"] else "road.claim"), key=f"claim_{row['item_id']}", on_click=press,
                args=(row["claimed"], row["item_id"]), type="secondary" if row["claimed"] else "primary", width="stretch",
                disabled=not row["claimed"] and room is not None and room <= 0,
            )  # fmt: skip

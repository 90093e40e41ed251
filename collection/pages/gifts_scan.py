"""Books of an offer: one field that keeps the focus takes scans and titles; or a list from a file."""

import tempfile
from pathlib import Path

import polars as pl
import streamlit as st

from collection.gifts import keeping, reading, scanning, standing
from collection.gifts.lines import Offer
from collection.gifts.reading import Listed
from collection.pages import frame, gifts_parts, tell
from collection.pages.gifts_parts import At
from collection.pages.tell import t
from collection.words import Problem

SHOWN = 12  # lines below the field, the newest first
LINES = 5  # lines of a file that are named


def show(at: At, offer: Offer, found: pl.DataFrame) -> None:
    """The field and what it took; the list below."""
    _scans(at, offer.ticket)
    _list(at, offer)


def _scans(at: At, ticket: str) -> None:
    """The field. Nothing is weighed here, so that the next scan need not wait."""
    state = st.session_state
    with st.container(key="stacked_scan"):
        one, two = st.columns([70, 30], gap="small", vertical_alignment="bottom")
    with two:
        condition = gifts_parts.condition("scan_condition", label=t("gifts.scan_condition"), width="stretch")
    if typed := state.pop("gift_scanned", None):
        _take(at, ticket, typed, condition)
    if state.pop("gift_undone", False):
        _undo(at, ticket)
    one.text_input(t("gifts.scan"), key="gift_scan", on_change=_asked, help=t("gifts.scan_help"), autocomplete="off")
    frame.script("gifts.js")
    kind, said = state.pop("gift_said", ("", ""))
    if said:
        {"good": st.success, "care": st.warning}[kind](tell.plain(said))
    found = standing.one(frame.store(), ticket)[1].filter(state="offered").sort("seq", descending=True)
    if found.is_empty():
        st.info(t("gifts.no_lines"))
        return
    st.button(t("gifts.undo_last"), key="gift_undo", on_click=lambda: state.update(gift_undone=True))
    shown = found.head(SHOWN).select(
        "place", gifts_parts.title_of(), "isbn", gifts_parts.coded("condition"), "copies", "price"
    )
    named = {"place": t("gifts.head_no"), "title": t("gifts.head_title"), "copies": t("gifts.head_copies")}
    tell.table(shown, named=named | {"price": t("gifts.line_price"), "condition": t("gifts.head_condition")})


def _asked() -> None:
    """A scan: done in the run that follows, once it is known who asks; the field is empty again."""
    st.session_state["gift_scanned"], st.session_state["gift_scan"] = st.session_state["gift_scan"], ""


def _take(at: At, ticket: str, typed: str, condition: str | None) -> None:
    state = st.session_state
    try:
        with frame.cursor(at.snapshot, at.flags) as own:
            taken = scanning.take(frame.store(), own, at.person, ticket, typed, condition)
    except Problem as problem:
        state["gift_said"] = "care", str(problem)
        return
    if taken:
        facts = taken.facts
        said = {"line": taken.line, "title": facts.get("title") or "", "isbn": facts.get("isbn") or ""}
        state["gift_said"] = (
            "care" if taken.what == "isbn" else "good",
            t(f"gifts.scanned_{taken.what}", n=tell.books(facts["copies"]), **said),
        )


def _undo(at: At, ticket: str) -> None:
    try:
        line = scanning.undo(frame.store(), at.person, ticket)
    except Problem as problem:
        st.session_state["gift_said"] = "care", str(problem)
    else:
        st.session_state["gift_said"] = "good", t("gifts.undone_last", line=line or "")


def _list(at: At, offer: Offer) -> None:
    """A file: read, told, and added when the person says so."""
    state = st.session_state
    with st.expander(t("gifts.list_open")):
        st.caption(t("gifts.list_about"))
        turn = state.setdefault("gift_turn", 0)
        sent = st.file_uploader(t("gifts.list_ask"), type=["csv", "tsv", "txt", "xlsx"], key=f"gift_file_{turn}")
        if sent is None:
            return
        listed = _read(sent.name, sent.getvalue())
        if isinstance(listed, str):
            st.error(tell.plain(listed))
            return
        st.markdown(tell.plain(t("gifts.list_read", file=listed.file, n=tell.number(len(listed.rows)))))
        if listed.unread:
            told = {t(f"gifts.unread_{why}"): lines for why, lines in listed.unread.items()}
            st.warning(tell.plain(t("gifts.list_unread", told=_lines(told))))
        if listed.blanked:
            told = {tell.label(name): lines for name, lines in listed.blanked.items()}
            st.caption(tell.plain(t("gifts.list_blanked", told=_lines(told))))
        label = t("gifts.list_button", n=tell.number(len(listed.rows)), ticket=offer.ticket)
        if st.button(label, type="primary", key="gift_list_add", disabled=not listed.rows):

            def add(person) -> str:
                added = keeping.add(frame.store(), person, offer.ticket, listed.rows)
                state["gift_turn"] += 1
                return t("gifts.list_added", n=tell.number(len(added)))

            gifts_parts.act(add, lambda: {"ticket": offer.ticket, "part": "lines"})


def _read(name: str, content: bytes) -> Listed | str:
    """The list, or why it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="collection-") as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        try:
            return reading.read(path)
        except Problem as problem:
            return str(problem)


def _lines(told: dict[str, list[int]]) -> str:
    return "、".join(
        t("gifts.list_lines", what=what, n=len(lines), lines=", ".join(map(str, lines[:LINES])) + (" …" if lines[LINES:] else ""))
        for what, lines in told.items()
    )  # fmt: skip

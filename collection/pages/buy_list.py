"""購入リストを重ねる: a list of books to buy, which stays in the session and is not stored; or what 購入の検討 has chosen and ordered."""

import tempfile
from pathlib import Path

import polars as pl
import streamlit as st

from collection import purchases
from collection.buying import kept, orders
from collection.measures import Scope
from collection.pages import frame, tell
from collection.pages.tell import plain, t
from collection.purchases import Purchases
from collection.words import Problem

LINES = 5  # how many lines of a kind are named


def choose(branches: list[str], scope: Scope) -> Purchases | None:
    """Draws the menu and says what was read; returns the list there is, on whatever screen it was given.

    Args:
        branches: those there are. scope: what the screen looks at, of which the list's part is told.
    """
    state = st.session_state
    with st.popover(t("composition.buy")):
        st.caption(t("composition.buy_help"))
        turn = state.setdefault("buy_turn", 0)
        uploaded = st.file_uploader(t("composition.buy_ask"), type=["csv", "tsv", "txt", "xlsx"], key=f"buy_{turn}")
        if uploaded and state.get("buy_file") != uploaded.file_id:
            state["buy_file"], state["bought"] = (
                uploaded.file_id,
                _read(uploaded.name, uploaded.getvalue(), branches),
            )
        found = state.get("bought")
        coming = kept.every(frame.store()).filter(pl.col("state").is_in(["chosen", "ordered"]))
        if len(coming):
            st.button(t("buying.lay_over", n=tell.number(len(coming))), on_click=_lay_over, args=(coming,))
        if isinstance(found, str):
            st.error(plain(found))
        if found:
            st.button(t("composition.buy_clear"), on_click=_clear)
    if not isinstance(found, Purchases):
        return None
    _told(scope, found)
    return found


def _read(name: str, content: bytes, branches: list[str]) -> Purchases | str:
    """The list, or why it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="collection-") as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        try:
            return purchases.read(path, branches)
        except Problem as problem:
            return str(problem)


def _lay_over(coming: pl.DataFrame) -> None:
    """The lines of 購入の検討 in the place of a file."""
    st.session_state["bought"] = orders.arriving(coming, t("page_buying"))


def _clear() -> None:
    st.session_state["buy_turn"] += 1
    st.session_state.pop("bought", None)


def _told(scope: Scope, found: Purchases) -> None:
    inside = purchases.arriving(found.rows, scope)["arriving"].sum()
    books = tell.books(found.rows["copies"].sum())
    st.caption(plain(t("composition.buy_told", file=found.file, books=books, inside=tell.books(inside))))
    if found.unread:
        told = "、".join(
            t(
                "composition.unread_lines", why=t(f"composition.unread_{why}"), n=tell.number(len(lines)),
                lines=", ".join(map(str, lines[:LINES])) + (" …" if lines[LINES:] else ""),
            )
            for why, lines in found.unread.items()
        )  # fmt: skip
        rows = tell.number(sum(map(len, found.unread.values())))
        st.warning(t("composition.buy_unread", rows=rows, told=told))

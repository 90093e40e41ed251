"""Lists in pages: which page the address asks for, and the place where it is turned."""

from zlib import crc32

import streamlit as st

from collection.pages import tell
from collection.pages.tell import t


def asked(rows: int, each: int) -> int:
    """The page of the address, from 1; the nearest there is when it has none or one too many."""
    text = st.query_params.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(page, 1), max(1, -(-rows // each)))


def turn(rows: int, each: int, page: int, shown: int, of: object, said: str = "range") -> None:
    """Says which rows are shown and draws the pages, where there are several; the page stands in the address.

    Args:
        shown: rows on this page. of: what is listed; another one starts anew. said: the words for the range.
    """
    first = (page - 1) * each + 1
    st.markdown(
        t(said, first=tell.number(first), last=tell.number(first + shown - 1), all=tell.number(rows)), width="content"
    )
    if rows > each:
        key = f"turn_{crc32(repr((of, page)).encode())}"
        st.pagination(-(-rows // each), default=page, max_visible_pages=5, key=key, on_change=_turned, args=(key,))


def _turned(key: str) -> None:
    st.query_params["page"] = str(st.session_state[key])

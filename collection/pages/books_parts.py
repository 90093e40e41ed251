"""What the views of 帳簿 share: parts of the address, pages of a list, files, the text to read before it is given out."""

from collections.abc import Callable

import streamlit as st

from collection import sheets
from collection.pages import tell
from collection.pages.tell import t

ROWS = 100
MIME = sheets.MIME | {"pdf": "application/pdf"}


def asked(name: str) -> str | None:
    """A part of the address; None when it is not there."""
    return st.query_params.get(name, "").strip()[:200] or None


def address(**parts) -> None:
    """Changes parts of the address, None takes one away; the list then starts at its first page."""
    now = {name: st.query_params.get_all(name) for name in st.query_params if name not in parts and name != "page"}
    st.query_params.from_dict(now | {name: [str(value)] for name, value in parts.items() if value not in (None, "")})


def to_item(item_id: str) -> dict[str, list[str]]:
    """The address of the history of an item."""
    return {"view": ["item"], "item": [item_id]}


def choice(name: str, options: dict[str, str], label: str, width: int) -> str | None:
    """A filter of one value that lives in the address; None lets everything through."""
    key = f"books_{name}"
    now = asked(name)
    st.session_state[key] = now if now in options else ""
    st.selectbox(
        label, ["", *options], key=key, width=width,
        format_func=lambda value: options.get(value, t("books.everything")),
        on_change=lambda: address(**{name: st.session_state[key]}),
    )  # fmt: skip
    return st.session_state[key] or None


def text(name: str, label: str, **options) -> str | None:
    """A filter of free text that lives in the address."""
    key = f"books_{name}"
    st.session_state[key] = asked(name) or ""
    st.text_input(label, key=key, on_change=lambda: address(**{name: st.session_state[key]}), **options)
    return st.session_state[key] or None


def page(rows: int) -> int:
    """How many rows to skip."""
    number = asked("page") or "1"
    last = max(-(-rows // ROWS), 1)
    return (min(int(number), last) - 1) * ROWS if number.isascii() and number.isdigit() and number != "0" else 0


def turn_pages(rows: int, skip: int) -> None:
    """第何行から何行まで, and the pages to turn to."""
    st.caption(
        t("books.rows", first=tell.number(skip + 1), last=tell.number(min(skip + ROWS, rows)), n=tell.number(rows))
    )
    pages = -(-rows // ROWS)
    if pages > 1:
        key = f"books_page_{hash(frozenset(st.query_params.to_dict().items()))}"
        st.pagination(
            pages, default=skip // ROWS + 1, max_visible_pages=7, key=key,
            on_change=lambda: st.query_params.update(page=str(st.session_state[key])),
        )  # fmt: skip


def files(name: str, kinds: tuple[str, ...], made: Callable[[str], bytes], key: str, label: str = "books.take") -> None:
    """Buttons that make a file when they are pressed. made: kind (csv, xlsx, pdf) → its bytes."""
    with st.container(horizontal=True, gap="small"):
        for kind in kinds:
            st.download_button(
                t(label, kind=kind.upper()), data=lambda kind=kind: made(kind), file_name=f"{name}.{kind}", mime=MIME[kind],
                key=f"{key}_{kind}", on_click="ignore",
            )  # fmt: skip


def read_first(said: list[str], key: str) -> bool:
    """Shows what people wrote themselves; True once somebody has said that it names nobody."""
    st.caption(t("books.disclose_hint"))
    if said:
        st.dataframe({t("books.free_text"): said}, hide_index=True, height=min(35 * len(said) + 38, 260))
    else:
        st.caption(t("books.no_free_text"))
    return st.checkbox(t("books.disclose_read"), key=key)

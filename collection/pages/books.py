"""帳簿: 除籍簿, 図書受入・除籍状況, the history of one item, and 監査 for managers and administrators."""

import streamlit as st

from collection import words
from collection.pages import books_audit, books_item, books_register, books_year, frame
from collection.pages.tell import t
from collection.roles import may

person = frame.enter("books")
snapshot, _, policy = frame.head(t("page_books"))
library = policy.library[words.language.get()] if policy else t("product")
views = {"register": books_register, "year": books_year, "item": books_item}
if may(person, "audit"):
    views["audit"] = books_audit
view = st.query_params.get("view", "register")
view = view if view in views else "register"


def turn() -> None:
    st.query_params.from_dict(frame.with_language({"view": [st.session_state["books_view"]]}))


st.session_state["books_view"] = view
st.segmented_control(
    t("page_books"), list(views), key="books_view", on_change=turn, required=True, label_visibility="collapsed",
    format_func=lambda name: t(f"books.view_{name}"),
)  # fmt: skip
views[view].show(person, library, policy)

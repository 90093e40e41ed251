"""一冊の経緯: from a number, an ISBN or a title to why the item was withdrawn and everything that was decided on it."""

import html
from pathlib import Path

import polars as pl
import streamlit as st

from collection import books, disclosure, downloads, steps
from collection.books import Answer
from collection.pages import books_parts as parts
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy, attach
from collection.roles import Person, may


def show(person: Person, library: str, policy: Policy | None) -> None:
    store = frame.store()
    key = "books_item"
    st.session_state[key] = parts.asked("item") or ""
    st.text_input(
        t("books.item_ask"), key=key, type="search", width=420, placeholder=t("books.search_hint"),
        on_change=lambda: parts.address(item=st.session_state[key]),
    )  # fmt: skip
    asked = parts.asked("item")
    if asked is None:
        st.info(t("books.item_empty"))
        return
    known = books.answer(store, asked)
    if known is None:
        _offer(asked, books.find(store, asked))
        return
    wording = _wording(store, policy, known.item)
    _answer(known, asked, policy, wording)
    parts.files(f"history-{asked}", ("pdf",), lambda kind: downloads.answer(known, library, policy, wording), "answer")
    if frame.may_open("card") and policy:
        frame.link("card", t("books.to_card"), {"item": [asked]})
    if may(person, "disclose") and st.toggle(t("books.disclose"), key="answer_disclose"):
        given = disclosure.answer(store, person, asked)
        if parts.read_first(disclosure.texts(given.steps, "reason"), f"answer_read_{asked}"):
            parts.files(
                f"history-{asked}-disclosed", ("pdf",),
                lambda kind: downloads.answer(given, library, policy, wording, disclosed=True), "answer_given", "books.take_disclosed",
            )  # fmt: skip


def _offer(asked: str, found: pl.DataFrame) -> None:
    if found.is_empty():
        st.info(t("books.item_unknown", item=tell.plain(asked)))
        frame.link("card", t("books.to_card"), {"item": [asked]})
        return
    st.caption(t("books.item_which", n=tell.books(len(found))))
    for row in found.iter_rows(named=True):
        state = steps.word("road", row["now"]) if row["now"] else ""
        label = "　".join(
            str(part)
            for part in (row["item_id"], downloads.book(row), row["branch"], row["call_number"], state)
            if part
        )
        frame.link("books", tell.plain(label), parts.to_item(row["item_id"]))


def _answer(known: Answer, asked: str, policy: Policy | None, wording: str) -> None:
    st.subheader(tell.plain(downloads.book(known.item) or asked), anchor=False)
    st.markdown("\n\n".join(tell.plain(line) for line in books.sentences(known, policy)))
    if wording:
        st.html(f'<div class="clause">{html.escape(wording)}</div>')
    st.markdown(f"#### {t('books.answer_steps')}")
    head, rows = downloads.step_rows(known, policy)
    _html(head, rows)
    if known.item:
        st.markdown(f"#### {t('books.answer_facts')}")
        _html(None, [list(pair) for pair in downloads.facts(known.item)])


def _wording(store: Path, policy: Policy | None, item: dict) -> str:
    """The official wording of the clause, where the library attached it."""
    if policy is None or not item.get("criterion"):
        return ""
    texts = attach.wordings(store, policy.name)
    said = (item.get("article") or "").partition(" ")[0]
    names = [name for name, document in policy.documents.items() if document["title"]["ja"] == said]
    return next((texts[name, item["criterion"]] for name in names if (name, item["criterion"]) in texts), "")


def _html(head: list[str] | None, rows: list[list[str]]) -> None:
    top = "<thead><tr>" + "".join(f"<th>{html.escape(name)}</th>" for name in head) + "</tr></thead>" if head else ""
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(f'<div class="scroll"><table class="plain">{top}<tbody>{body}</tbody></table></div>')

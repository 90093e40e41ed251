"""One request: a line to begin with, the details to correct, and at the side what comes of it."""

import json
from datetime import date

import streamlit as st

from collection import words
from collection.pages import frame, requests_answer, requests_parts, tell
from collection.pages.requests_parts import At
from collection.pages.tell import t
from collection.requests import checking, reading, standing, tokens
from collection.requests.checking import Answer
from collection.selection import pasted
from collection.words import Problem

ROWS = (
    ("title",), ("author",), ("publisher", "series"), ("isbn", "c_code"), ("ndc", "material"),
    ("price", "pub_year"), ("edition", "volume"),
)  # fmt: skip
MOST = {"title": 400, "author": 200, "publisher": 200, "series": 200}  # characters of a field; of the others 40
LINE, PAGE = 500, 20_000


def show(at: At) -> None:
    """The line, the details, and the answer."""
    _load()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.text_input(
            t("requests.line"), key="req_line", on_change=_begin, args=("req_line",), max_chars=LINE, autocomplete="off",
            placeholder=t("requests.line_placeholder"), label_visibility="collapsed",
        )  # fmt: skip
        with st.popover(t("requests.paste")):
            st.text_area(t("requests.page_text"), key="req_page", height=220, max_chars=PAGE)
            st.button(t("requests.paste_do"), type="primary", key="req_paste", on_click=_begin, args=("req_page",))
    frame.script("requests.js")
    with st.container(key="stacked_request"):
        left, right = st.columns([36, 64], gap="medium")
    with left:
        _details()
    with right:
        if asked := st.session_state.get("req_asked"):
            requests_answer.show(at, _answer(at, asked))
        else:
            st.info(t("requests.ready"))
            _last()


def _last() -> None:
    """The reply for the request taken last in this session, and the way to it."""
    found = standing.one(frame.store(), st.session_state.get("req_last", ""))
    if found and found.state:
        frame.link("requests", t("requests.last", number=found.number), {"view": ["list"], "request": [found.number]})
        requests_answer.reply(found.details["reply"])


def _details() -> None:
    """What is known of the title, each field to be corrected; Enter checks."""
    with st.form("req_form", border=False, enter_to_submit=True), st.container(gap="xsmall", key="req_details"):
        for row in ROWS:
            places = st.columns(len(row), gap="small")
            for place, field in zip(places, row, strict=True):
                if field == "material":
                    codes = ["", *words.table("codes")["material"]]
                    place.selectbox(_label(field), codes, key="req_material", format_func=_material)
                else:
                    place.text_input(
                        _label(field), key=f"req_{field}", max_chars=MOST.get(field, 40), autocomplete="off"
                    )
        st.text_input(
            t("requests.token"), key="req_token", max_chars=100, autocomplete="off", help=t("requests.token_help"),
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(t("requests.check"), type="primary", on_click=_check, key="req_check")
            st.form_submit_button(t("requests.clear"), on_click=requests_parts.clear, key="req_clear")


def _material(code: str) -> str:
    return words.code("material", code) if code else t("requests.not_known")


def _label(field: str) -> str:
    fields = words.table("fields")["bibs"] | words.table("fields")["requests"]
    return fields[field][words.language.get()]


def _begin(key: str) -> None:
    """A line or a page was entered: what it says of a book goes into the details, and is checked.

    A text that names no book, as the second bar code does not, adds to what is there.
    """
    text = st.session_state[key].strip()
    if not text:
        return
    found = {field: str(value) for field, value in pasted.read(text).items()}
    if set(found) <= {"title"}:
        found = {"title": text}
    if "title" in found or "isbn" in found:
        requests_parts.fill(found)
    else:
        st.session_state.update({f"req_{field}": value for field, value in found.items()})
    _check()
    st.session_state[key] = ""


def _check() -> None:
    """Keeps what was typed as what is asked about; another title has no holding chosen yet."""
    frame.speak()
    state = st.session_state
    title, unread = reading.typed({field: state.get(f"req_{field}") or "" for field in requests_parts.FIELDS})
    loaded = state.get("req_loaded", {})
    try:
        person = tokens.hasher(frame.store())(state.get("req_token")) or loaded.get("person")
    except Problem as problem:
        state["requests_refused"] = str(problem)
        return
    before = state.get("req_asked", {})
    chosen = before["chosen"] if before.get("title") == title else None
    state["req_asked"] = {"title": title, "unread": unread, "person": person, "chosen": chosen}


def _load() -> None:
    """A request that the address names: one that was unclear, or one row of the file that is being worked through."""
    number, row = st.query_params.get("again", ""), st.query_params.get("row", "")
    if st.session_state.get("req_loaded", {}).get("place", ("", "")) == (number, row):
        return
    loaded, title = {"place": (number, row)}, {}
    batch = st.session_state.get("req_batch")
    if number and (found := standing.one(frame.store(), number)) and found.state == "unclear":
        loaded |= {"again": (number, found.seq), "person": tokens.known(frame.store()).get(number)}
        title = found.title
    elif batch and row.isdigit() and int(row) < len(batch.found.asked):
        title = batch.found.asked.row(int(row), named=True)
        loaded |= {"row": int(row), "person": title["token"]}
    st.session_state["req_loaded"] = loaded
    requests_parts.fill({field: str(title[field]) for field in requests_parts.FIELDS if title.get(field) is not None})
    if title:
        _check()


def _answer(at: At, asked: dict) -> Answer:
    """What comes of the request; looked for anew when it, the ledger or the rules have changed."""
    key = (
        json.dumps(asked, sort_keys=True),
        standing.last_seq(frame.store()),
        at.policy.hash,
        at.snapshot.name,
        words.language.get(),
    )
    kept = st.session_state.get("req_answer")
    if kept is None or kept[0] != key:
        title = {"received_on": date.today(), **asked["title"], "token": asked["person"], "chosen": asked["chosen"]}
        with st.spinner(t("requests.checking")):
            found = checking.answer(frame.store(), at.snapshot, at.policy, checking.asked([title]), at.as_of)
        kept = st.session_state["req_answer"] = key, found
    if asked["unread"]:
        names = t("policy.comma").join(_label(field) for field in asked["unread"])
        st.caption(tell.plain(t("requests.unread", fields=names)))
    return kept[1]

"""The requests: how many stand where, a list by state, number or title, in pages."""

import html

import polars as pl
import streamlit as st

from collection import steps
from collection.pages import frame, paging, requests_answer, requests_parts, tell
from collection.pages.tell import t
from collection.requests import standing

ROWS = 50
ALL = "open"  # the states in which the person waits


def show(counts: dict[str, int]) -> None:
    """The list of the address. counts: state → requests."""
    if not any(counts.values()):
        st.info(t("requests.none_yet"))
        return
    state, text = _filter(counts)
    requests_answer.costs()
    states = standing.OPEN if state == ALL else (state,)
    whole = counts[state] if state != ALL else sum(counts[one] for one in standing.OPEN)
    page = paging.asked(whole, ROWS)
    found = standing.listed(frame.store(), states, text, ROWS, (page - 1) * ROWS)
    if found.is_empty():
        st.info(t("requests.none_found"))
        return
    tell.table(
        found.select("number", "taken_on", pl.col("title").fill_null(pl.col("isbn")), "author", "verdict", "state", "price", "changed_on"),
        {"number": requests_parts.number_html, "verdict": tell.taking_html, "state": _state},
        named={name: t(f"requests.head_{name}") for name in ("number", "taken_on", "verdict", "state", "changed_on")},
    )  # fmt: skip
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        paging.turn(found["found"][0], ROWS, page, len(found), (state, text), "requests.range")


def _filter(counts: dict[str, int]) -> tuple[str, str]:
    """The state and the words looked for, both in the address."""
    open_now = sum(counts[one] for one in standing.OPEN)
    options = [ALL, *(state for state in standing.STATES if counts[state])]
    asked = st.query_params.get("state", ALL)
    st.session_state["requests_state"] = asked if asked in options else ALL
    st.session_state["requests_text"] = st.query_params.get("text", "")

    def name(state: str) -> str:
        word = t("requests.all_open") if state == ALL else steps.word("request", state)
        return f"{word} {tell.number(open_now if state == ALL else counts[state])}"

    def chosen() -> None:
        state, text = st.session_state["requests_state"], st.session_state["requests_text"].strip()
        requests_parts.address(view="list", state=state, text=text)

    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        state = st.pills(
            t("requests.head_state"), options, key="requests_state", required=True, wrap=True, format_func=name,
            on_change=chosen, label_visibility="collapsed",
        )  # fmt: skip
        text = st.text_input(
            t("requests.find"), key="requests_text", on_change=chosen, max_chars=100, width=260,
            placeholder=t("requests.find"), label_visibility="collapsed",
        )  # fmt: skip
    return state, text


def _state(state: str) -> str:
    return html.escape(steps.word("request", state))

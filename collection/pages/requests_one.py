"""One request: what was asked for, how it stands, what was known, its history, and the next step."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from collection import roles, steps
from collection.pages import doing, frame, requests_answer, requests_parts, tell
from collection.pages.requests_parts import At
from collection.pages.tell import t
from collection.policy.table import gist
from collection.requests import standing, taking, tokens
from collection.requests.standing import Request
from collection.roles import Person
from collection.words import code

SHOWN = (
    "title",
    "volume",
    "author",
    "publisher",
    "series",
    "isbn",
    "c_code",
    "ndc",
    "material",
    "price",
    "pub_year",
    "edition",
)
HISTORY = ("at", "name", "action", "state", "reason")


def show(at: At, number: str) -> None:
    """The request of the address."""
    frame.link("requests", t("requests.back"), {"view": ["list"]})
    found = standing.one(frame.store(), number)
    if found is None:
        st.info(t("requests.no_request", number=tell.plain(number)))
        return
    st.subheader(tell.plain(f"{number}　{requests_parts.title_of(found.title)}"), anchor=False)
    _state(found)
    with st.container(key="stacked_one"):
        left, right = st.columns([48, 52], gap="medium")
    with left:
        _steps(at, found)
        _facts(found)
        _history(found)
    with right:
        _known(found)


def _state(found: Request) -> None:
    verdict = tell.taking(found.details["verdict"])
    said = [t("requests.stands", state=steps.word("request", found.state), verdict=verdict)]
    if into := found.details.get("joined_to"):
        said.append(t("requests.joined_to", number=into))
    if found.joined:
        said.append(t("requests.joined", numbers=t("policy.comma").join(found.joined)))
    st.markdown(tell.plain("　".join(said)))


def _facts(found: Request) -> None:
    rows = [
        {"what": tell.label(name), "said": tell.shown(name, found.title[name])} for name in SHOWN if name in found.title
    ]
    if "request_id" in found.details:
        rows.append({"what": t("requests.file_number"), "said": found.details["request_id"]})
    if rows:
        tell.table(pl.DataFrame(rows), named={"what": t("requests.head_what"), "said": t("requests.head_said")})


def _known(found: Request) -> None:
    """What was known when it was taken, and what the reader was told."""
    known = found.told
    st.markdown(tell.plain(t("requests.known", day=known["as_of"], reason=known["reason"])))
    if known["gist"]:
        requests_answer.clause(known)
    if known["signs"]:
        st.markdown(tell.plain(t("requests.signs", signs=t("policy.comma").join(known["signs"]))))
    if known["holding"]:
        st.markdown(tell.plain(t("requests.matched", title=known["holding"], score=round(known["score"]))))
    requests_answer.reply(found.details["reply"])


def _history(found: Request) -> None:
    rows = [
        {
            "at": event["at"][:16].replace("T", " "), "name": event["name"], "action": code("action", event["kind"]),
            "state": steps.word("request", event["state"]), "reason": event["reason"] or "",
        }
        for event in found.history
    ]  # fmt: skip
    st.markdown(f"**{t('requests.history')}**")
    with st.container(key="req_history"):
        tell.table(pl.DataFrame(rows), named={name: t(f"requests.head_{name}") for name in HISTORY})


# ── the next step


def _steps(at: At, found: Request) -> None:
    """What the person may do with the request as it stands."""
    possible = steps.TRANSITIONS["request"].get(found.state, {})
    mine = [action for action in possible if roles.may(at.person, action)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if found.state == "unclear" and "take_request" in mine:
            frame.link("requests", t("requests.identify"), {"view": ["ask"], "again": [found.number]})
        if "decide_request" in mine and found.state != "joined":
            _decide(found, possible["decide_request"])
        if "override" in mine:
            _override(found)
        if "close_request" in mine:
            _close(at, found, possible["close_request"])
        if found.state and roles.may(at.person, "undo_request"):
            _undo(found)


def _press(label: str, key: str, verb: Callable[[Person], str]) -> None:
    st.button(label, type="primary", key=key, on_click=doing.act, args=("requests", verb))


def _decide(found: Request, states: tuple[str, ...]) -> None:
    with st.popover(t("requests.decide")):
        to = st.radio(
            t("requests.decide_to"), states, key="req_decide_to", horizontal=True,
            format_func=lambda state: steps.word("request", state),
        )  # fmt: skip
        st.text_input(t("requests.reason_of_committee"), key="req_decide_why", max_chars=500)

        def verb(person: Person) -> str:
            why = st.session_state["req_decide_why"]
            taking.decide(frame.store(), person, found.number, found.seq, st.session_state["req_decide_to"], why)
            return t("requests.did", number=found.number, state=steps.word("request", to))

        _press(t("requests.decide_do", state=steps.word("request", to)), "req_decide_do", verb)


def _override(found: Request) -> None:
    with st.popover(t("requests.override")):
        st.markdown(t("requests.override_help"))
        requests_parts.otherwise()
        st.text_input(t("requests.token"), key="req_token_again", max_chars=100, help=t("requests.token_forgotten"))

        def verb(person: Person) -> str:
            to, why = requests_parts.said_otherwise()
            token = tokens.hasher(frame.store())(st.session_state["req_token_again"])
            taking.override(frame.store(), person, found.number, found.seq, to, why, token)
            st.session_state["req_token_again"] = ""
            return t("requests.did", number=found.number, state=steps.word("request", to))

        _press(t("requests.override_do"), "req_override_again", verb)


def _close(at: At, found: Request, states: tuple[str, ...]) -> None:
    with st.popover(t("requests.close")):
        to = st.radio(
            t("requests.close_to"), states, key="req_close_to", horizontal=True,
            format_func=lambda state: steps.word("request", state),
        )  # fmt: skip
        if to == "cancelled":
            cancelling = [rule for rule in at.policy.rules if "cancelled" in rule.cited_for]
            gists = {rule.id: f"{rule.clause} {gist(rule)}" for rule in cancelling}
            st.selectbox(t("requests.close_clause"), list(gists), key="req_close_clause", format_func=gists.get)
        elif found.joined:
            st.caption(t("requests.close_joined", n=len(found.joined)))
        st.text_input(
            t("requests.reason" if to == "cancelled" else "requests.note"), key="req_close_why", max_chars=500
        )

        def verb(person: Person) -> str:
            state = st.session_state
            clause = state.get("req_close_clause") if state["req_close_to"] == "cancelled" else None
            taking.close(
                frame.store(), person, found.number, found.seq, state["req_close_to"], state["req_close_why"], clause
            )
            return t("requests.did", number=found.number, state=steps.word("request", to))

        _press(t("requests.close_do", state=steps.word("request", to)), "req_close_do", verb)


def _undo(found: Request) -> None:
    with st.popover(t("requests.undo")):
        st.caption(t("requests.undo_help"))
        st.text_input(t("requests.note"), key="req_undo_why", max_chars=500)

        def verb(person: Person) -> str:
            taking.undo(frame.store(), person, found.number, found.seq, st.session_state["req_undo_why"])
            return t("requests.undone", number=found.number)

        _press(t("requests.undo_do"), "req_undo_do", verb)

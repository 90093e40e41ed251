"""What is done with one request at the desk: taken as judged, accepted all the same for a reason, or sent to the committee."""

import streamlit as st

from collection import steps
from collection.pages import doing, frame, requests_parts
from collection.pages.requests_parts import At
from collection.pages.tell import t
from collection.requests import taking
from collection.requests.checking import Answer
from collection.roles import Person


def buttons(at: At, found: Answer, row: dict) -> None:
    """The buttons below the verdict."""
    state = taking.BECOMES[row["verdict"]]
    with st.container(horizontal=True, gap="small", key="req_buttons"):
        st.button(t(f"requests.take_{state}"), type="primary", key="req_take", on_click=_take, args=(found,))
        if state == "accepted":
            st.button(t("requests.to_committee"), key="req_committee", on_click=_take, args=(found, "to_committee"))
        elif state == "refused" and st.button(t("requests.override"), key="req_override"):
            _override(found)


def _take(found: Answer, to: str | None = None, reason: str = "") -> None:
    """Writes the request to the ledger; the screen is ready for the next one then."""
    state = st.session_state
    loaded = state.get("req_loaded", {})

    def verb(person: Person) -> str:
        numbers = taking.take(frame.store(), person, found, [0], to, reason, loaded.get("again"))
        if "row" in loaded:
            state["req_batch"].numbers[loaded["row"]] = numbers[0]
        state["req_last"] = numbers[0]
        became = to or taking.BECOMES[found.row(0)["verdict"]]
        return t("requests.taken", number=numbers[0], state=steps.word("request", became))

    if doing.act("requests", verb):
        requests_parts.clear()


def _override(found: Answer) -> None:
    """Asks why it is accepted although the rules refuse it (第9条 原則として)."""

    @st.dialog(t("requests.override_title"), width="medium")
    def ask() -> None:
        frame.enter("requests")
        st.markdown(t("requests.override_help"))
        requests_parts.otherwise()
        pressed = st.button(
            t("requests.override_do"), type="primary", key="req_override_do",
            on_click=lambda: _take(found, *requests_parts.said_otherwise()),
        )  # fmt: skip
        requests_parts.close_when_done(pressed)

    ask()

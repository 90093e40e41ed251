"""What the views of リクエスト share: what is looked at, which view, links, what was done or could not be done."""

import html
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from collection.pages import doing, frame
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person

VIEWS = ("ask", "list", "file")
OTHERWISE = ("accepted", "to_committee")
FIELDS = (  # of a title, as they are typed
    "title", "author", "publisher", "series", "isbn", "c_code", "ndc", "material", "price", "pub_year", "edition",
    "volume",
)  # fmt: skip


@dataclass(frozen=True)
class At:
    """The day's files and the person who looks."""

    snapshot: Path
    flags: Path
    policy: Policy
    person: Person
    as_of: date


def view(said: dict[str, str]) -> str:
    """Draws the choice of the view, which stands in the address, and returns it. said: view → a figure behind its name."""
    asked = st.query_params.get("view")
    st.session_state["requests_view"] = asked if asked in VIEWS else VIEWS[0]
    return st.segmented_control(
        t("requests.views"), VIEWS, key="requests_view", required=True, label_visibility="collapsed",
        format_func=lambda name: f"{t(f'requests.view_{name}')} {said.get(name, '')}".strip(),
        on_change=lambda: address(view=st.session_state["requests_view"]),
    )  # fmt: skip


def address(**parts: str | None) -> None:
    """Opens the screen at another place; what is not named is left behind."""
    st.query_params.from_dict(frame.with_language({name: [value] for name, value in parts.items() if value}))


def href(**parts: str) -> str:
    """The address of a place of this screen, for HTML."""
    query = frame.with_language({name: [value] for name, value in parts.items()})
    return "requests?" + html.escape(urlencode(query, doseq=True))


def number_html(number: str) -> str:
    """The number of a request, which opens it."""
    return f'<a href="{href(view="list", request=number)}" target="_self">{html.escape(number)}</a>'


def title_of(title: dict) -> str:
    """What was asked for, as short as it can be said."""
    named = " ".join(title[name] for name in ("title", "volume", "edition") if title.get(name))
    return named or title.get("isbn") or t("requests.no_title")


def fill(said: dict[str, str]) -> None:
    """Puts another title into the fields of the one request; the person stays."""
    for field in FIELDS:
        st.session_state[f"req_{field}"] = said.get(field, "")


def clear() -> None:
    """Makes the screen ready for the next request."""
    fill({})
    st.session_state["req_token"] = ""
    st.session_state.pop("req_asked", None)
    st.session_state["req_loaded"] = {}
    address(view="ask")


def otherwise() -> None:
    """Asks what is to become of a request that the rules refuse, and why."""
    st.radio(
        t("requests.override_to"), OTHERWISE, key="req_otherwise", horizontal=True,
        format_func=lambda state: t(f"requests.override_{state}"),
    )  # fmt: skip
    st.text_area(t("requests.reason"), key="req_why", max_chars=500)


def said_otherwise() -> tuple[str, str]:
    """What `otherwise` was answered: the state, and the reason."""
    return st.session_state["req_otherwise"], st.session_state["req_why"]


def close_when_done(pressed: bool) -> None:
    """The end of a question: it goes when what was asked has been done, else it says why not."""
    if pressed and "requests_done" in st.session_state:
        st.rerun()
    doing.tell_done("requests")

"""The filters above the list of 購入の検討. What is chosen stands in the address."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from collection import words
from collection.buying import files, lines, listing
from collection.buying.listing import Filter
from collection.pages import buying_parts, tell
from collection.pages.tell import t
from collection.policy.model import VERDICTS

PARTS = {"considered": ("state", "source", "verdict", "shelf_class", "branch", "why"), "chosen": ("source", "shelf_class", "branch"),
         "ordered": ("state", "source", "shelf_class", "branch")}  # fmt: skip
SORTS = {
    "considered": listing.SORTS,
    "chosen": ("rank", "class", "title", "cost"),
    "ordered": ("rank", "class", "title", "cost"),
}


def show(filter_now: Filter, line: str, branches: list[str]) -> None:
    """Draws the filters. line: the open line, which stays open. branches: those there are."""
    said: dict[str, tuple[list[str], Callable[[str], str]]] = {
        "state": (list(listing.STATES[filter_now.view]), state_word),
        "source": (list(lines.KINDS), files.source_word),
        "verdict": ([verdict for verdict in VERDICTS if verdict != "over_limit"], tell.taking),
        "shelf_class": (list(words.table("codes")["shelf_class"]), lambda mark: words.code("shelf_class", mark)),
        "branch": (branches, str),
        "why": (list(listing.WHY), lambda why: t(f"buying.why_{why}")),
    }
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key="filters"):
        for part in PARTS[filter_now.view]:
            _listed(filter_now, line, part, *said[part])
        st.text_input(
            t("buying.filter_text"), placeholder=t("buying.filter_text"), label_visibility="collapsed", width=190, type="search",
            **_widget(filter_now, line, "text"),
        )  # fmt: skip
        st.selectbox(
            t("sort"), SORTS[filter_now.view], format_func=lambda name: t(f"buying.sort_{name}"), label_visibility="collapsed",
            width=150, **_widget(filter_now, line, "sort"),
        )  # fmt: skip
        if replace(filter_now, page=1, sort="rank") != Filter(view=filter_now.view):
            st.button(
                t("clear_filters"),
                type="tertiary",
                on_click=buying_parts.open_with,
                args=(Filter(view=filter_now.view),),
            )


def state_word(state: str) -> str:
    """Where a line stands, in words."""
    return t("buying.state_none") if state == "none" else words.code("purchase_state", state)


def _listed(filter_now: Filter, line: str, part: str, options: list[str], spoken: Callable[[str], str]) -> None:
    values, name = getattr(filter_now, part), t(f"buying.filter_{part}")
    what = "・".join(spoken(value) for value in values[:2]) + (f" +{len(values) - 2}" if len(values) > 2 else "")
    with st.popover(f"{name}: **{tell.plain(what)}**" if values else name):
        st.pills(
            name, list(dict.fromkeys([*options, *values])), selection_mode="multi", format_func=spoken,
            **_widget(filter_now, line, part),
        )  # fmt: skip


def _widget(filter_now: Filter, line: str, part: str) -> dict:
    value = getattr(filter_now, part)
    key = f"buying_{part}"
    st.session_state[key] = list(value) if isinstance(value, tuple) else value
    return {"key": key, "on_change": _changed, "args": (filter_now, line, part)}


def _changed(filter_now: Filter, line: str, part: str) -> None:
    value = st.session_state[f"buying_{part}"]
    told = tuple(value) if isinstance(value, list | tuple) else (value or "").strip()
    buying_parts.open_with(replace(filter_now, page=1, **{part: told}), line)

"""The filters above the figures of the collection: which part is looked at. What is chosen stands in the address."""

from dataclasses import fields, replace

import streamlit as st

from collection import candidates, words
from collection.measures import EVERYTHING, Scope
from collection.pages import frame, tell
from collection.pages.tell import t

PARTS = ("branch", "location", "audience", "material", "ndc")


def chosen() -> Scope:
    """The scope that the address stands for; what cannot be read is left out."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    read = candidates.from_query(query)
    ndc = read.ndc if read.ndc.isdigit() else ""
    return Scope(read.branch, read.location, read.shelf_class, _blank(read.audience), _blank(read.material), ndc)


def show(branches: list[str], parts: tuple[str, ...] = PARTS) -> Scope:
    """Draws the filters and returns what they let through.

    Args:
        branches: the branches there are. parts: which filters, of PARTS and shelf_class.
    """
    scope = chosen()
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key="scope"):
        for part in parts:
            if part == "ndc":
                st.session_state["scope_ndc"] = scope.ndc
                st.text_input(
                    t("filter_ndc"), placeholder=t("filter_ndc"), label_visibility="collapsed", width=150, max_chars=3,
                    key="scope_ndc", on_change=_changed, args=(scope, part),
                )  # fmt: skip
            else:
                _listed(scope, part, branches if part == "branch" else list(words.table("codes")[part]))
        if scope != EVERYTHING:
            st.button(t("charts.clear"), type="tertiary", on_click=open_with, args=(EVERYTHING,))
    return scope


def _listed(scope: Scope, part: str, options: list[str]) -> None:
    values, name = getattr(scope, part), t(f"filter_{part}")
    said = [value if part == "branch" else words.code(part, value) for value in values]
    what = "・".join(said[:2]) + (f" +{len(said) - 2}" if len(said) > 2 else "")
    st.session_state[f"scope_{part}"] = list(values)
    with st.popover(f"{name}: **{tell.plain(what)}**" if said else name):
        st.pills(
            name, list(dict.fromkeys([*options, *values])), selection_mode="multi", key=f"scope_{part}",
            format_func=str if part == "branch" else lambda value: words.code(part, value),
            on_change=_changed, args=(scope, part),
        )  # fmt: skip


def _changed(scope: Scope, part: str) -> None:
    value = st.session_state[f"scope_{part}"]
    open_with(replace(scope, **{part: (value or "").strip() if part == "ndc" else tuple(value)}))


def open_with(scope: Scope) -> None:
    """Writes a scope into the address; what else stands there stays."""
    own = {part.name for part in fields(Scope)}
    kept = {name: st.query_params.get_all(name) for name in st.query_params if name not in own}
    st.query_params.from_dict(kept | _query(scope))


def to_items(scope: Scope, **parts: str | int | list[str] | None) -> None:
    """Opens the list of the items of a scope, whatever was judged or decided of them, narrowed by filters of the list.

    Args:
        parts: as candidates.Filter names them, a value or a list; None leaves a part as the scope has it.
    """
    said = {
        name: value if isinstance(value, list) else [str(value)] for name, value in parts.items() if value is not None
    }
    frame.go("candidates", {"verdict": [candidates.ALL], "tag": [candidates.ALL]} | _query(scope) | said)


def _query(scope: Scope) -> dict[str, list[str]]:
    told = {
        part.name: [value] if isinstance(value, str) else [each or "none" for each in value]
        for part in fields(Scope)
        if (value := getattr(scope, part.name))
    }
    return told


def _blank(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("" if value == "none" else value for value in values)

"""蔵書構成: what its views share: the part that is looked at, its cells, and the choices that stand in the address."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from collection import composition
from collection.measures import Scope
from collection.pages import frame, scope_bar, tell
from collection.pages.tell import t
from collection.policy import Policy


@dataclass(frozen=True)
class Look:
    """What is looked at; branches: all there are, the largest first."""

    snapshot: Path
    flags: Path
    policy: Policy
    scope: Scope
    branches: list[str]
    as_of: date


def cells(look: Look, scope: Scope | None = None, level: int | None = None) -> pl.DataFrame:
    """`composition.cells` of a scope, or of what is looked at."""
    return _cells(str(look.snapshot), str(look.flags), scope or look.scope, level)


@st.cache_data(max_entries=200, show_spinner=False)
def _cells(snapshot: str, flags: str, scope: Scope, level: int | None) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return composition.cells(own, scope, level)


def control(
    name: str, options: list[str], label: str, said: Callable[[str], str] = str, *, start: str | None = None,
    widget: Callable = st.segmented_control, **how,
) -> str:  # fmt: skip
    """One of some options, kept in the address under its name; `start`, or the first, where the address says nothing."""
    asked, key = st.query_params.get(name), f"choose_{name}"
    st.session_state[key] = asked if asked in options else start or options[0]
    more = {"required": True, "label_visibility": "collapsed"} if widget is st.segmented_control else {}
    widget(label, options, key=key, format_func=said, on_change=_keep, args=(name,), **more, **how)
    return st.session_state[key]


def _keep(name: str) -> None:
    st.query_params[name] = st.session_state[f"choose_{name}"]


def to_class(scope: Scope, mark: str, level: int, **parts) -> None:
    """Opens the list of a class in a scope; says so where the list has no filter for it."""
    found = composition.parts(mark, level)
    if found is None:
        st.info(t("composition.no_list"))
    else:
        scope_bar.to_items(scope, **found | parts)


def class_html(mark: str) -> str:
    """A class for tables, with the colour of its 類."""
    colour = tell.CLASS_COLOURS[mark[0]]
    swatch = f'<span class="swatch" style="background:{colour}"></span>'
    return f'<span style="white-space:nowrap">{swatch}{html.escape(composition.name(mark))}</span>'


def texts(found: pl.DataFrame, **said: tuple[str, Callable]) -> pl.DataFrame:
    """The frame with columns of text: name=(column, function of its values); null stays null.

    Made here and not by Polars, whose own threads do not know the language of the reader.
    """
    return found.with_columns(
        pl.Series(name, [None if value is None else speak(value) for value in found[column]], dtype=pl.String)
        for name, (column, speak) in said.items()
    )


def points(difference: float | None) -> str:
    """A difference of shares in points of a hundred: △1.2."""
    return tell.number(difference if difference is None else difference * 100, 1)

"""推移: what is looked at, and its figures, read once a snapshot and remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from collection import measures, trends
from collection.measures import MEASURES, Scope
from collection.pages import frame
from collection.pages.tell import t
from collection.store.connection import connect_flags
from collection.trends import Point

WITHIN = ("share", "loan_share", "relative_use")  # told within each branch where branches stand side by side


@dataclass(frozen=True)
class Look:
    """points: the snapshots that are followed, oldest first. by: what lines are told apart by, of measures.GROUPS. each: one
    picture a branch. running: with years that are not whole. branches: all there are, the largest first."""

    points: list[Point]
    scope: Scope
    by: str
    each: bool
    running: bool
    branches: list[str]

    @property
    def newest(self) -> Point:
        return self.points[-1]

    @property
    def groups(self) -> tuple[str, ...]:
        return ("branch", self.by) if self.each else (self.by,)


def kept() -> tuple[list[Point], list[date]]:
    """`trends.kept` of the store; what flags can tell is remembered as long as they are not made again."""
    return trends.kept(frame.store(), lambda flags: _point(str(flags), flags.stat().st_mtime_ns))


@st.cache_data(max_entries=100, show_spinner=False)
def _point(flags: str, made: int) -> Point | None:
    return trends.point(Path(flags))


def branches(newest: Point) -> list[str]:
    """The branches of the newest snapshot, the largest first."""
    found = _measured(str(newest.flags), "holdings", ("branch",), measures.EVERYTHING, (), None)
    return found.sort("value", "branch", descending=[True, False])["branch"].to_list()


def series(look: Look, name: str) -> pl.DataFrame:
    """A measure year by year (trends.over_snapshots or over_years); years that are not whole only where they are asked for,
    but what is held on a day always."""
    measure, groups = MEASURES[name], look.groups
    if measure.of_year:
        found = trends.over_years(look.newest, _read(look, look.newest, name, (*groups, "fiscal_year")), name, groups)
    else:
        told = [point for point in look.points if trends.tells(point, name)]
        found = trends.over_snapshots([(point, _read(look, point, name, groups)) for point in told], name, groups)
    whole_only = "year" in measure.asks and not look.running
    return found.filter(~pl.col("partial")) if whole_only else found


def _read(look: Look, point: Point, name: str, by: tuple[str, ...]) -> pl.DataFrame:
    within = ("branch",) if look.each and name in WITHIN else ()
    year = None if MEASURES[name].of_year else point.year
    return _measured(str(point.flags), name, by, look.scope, within, year)


@st.cache_data(max_entries=1000, show_spinner=False)
def _measured(
    flags: str, name: str, by: tuple[str, ...], scope: Scope, within: tuple[str, ...], year: int | None
) -> pl.DataFrame:
    with connect_flags(Path(flags)) as own:
        return measures.compute(own, name, by, scope, within=within, year=year)


def choose(name: str, options: list[str], label: str, said: Callable[[str], str]) -> str:
    """One of some options, the first to begin with, kept in the address under its name."""
    _start(name, options)
    st.segmented_control(
        label, options, key=f"trends_{name}", format_func=said, on_change=_keep, args=(name,), required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    return st.session_state[f"trends_{name}"]


def pick_measure(names: tuple[str, ...]) -> str:
    """One of the measures, kept in the address."""
    _start("measure", list(names))
    st.selectbox(
        t("measure"), names, key="trends_measure", format_func=measures.word, on_change=_keep, args=("measure",), width=300,
        label_visibility="collapsed",
    )  # fmt: skip
    return st.session_state["trends_measure"]


def switch(name: str, label: str) -> bool:
    """Yes or no, kept in the address."""
    st.session_state[f"trends_{name}"] = st.query_params.get(name) == "yes"
    return st.toggle(label, key=f"trends_{name}", on_change=_keep, args=(name,))


def _start(name: str, options: list[str]) -> None:
    asked = st.query_params.get(name)
    st.session_state[f"trends_{name}"] = asked if asked in options else options[0]


def _keep(name: str) -> None:
    chosen = st.session_state[f"trends_{name}"]
    if chosen is False:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = "yes" if chosen is True else chosen

"""書架の余裕: how full each branch is, the quota that keeps it within its band, and which classes give it most gently."""

from functools import partial

import polars as pl
import streamlit as st

from collection import decisions, space, words
from collection.pages import frame, space_classes, space_quota, space_shelves, space_years
from collection.pages.tell import t
from collection.policy import Policy

frame.enter("space")
snapshot, flags, policy = frame.need_flags()
seq = decisions.decided(frame.store()).seq


@st.cache_data(max_entries=5, show_spinner=False)
def count(snapshot: str, flags: str) -> space.Counted:
    with frame.cursor(snapshot, flags) as own:
        return space.count(own)


@st.cache_data(max_entries=40, show_spinner=False)
def quotas(snapshot: str, flags: str, seq: int, policy_hash: str, aim: int, _policy: Policy) -> pl.DataFrame:
    counted = count(snapshot, flags)
    with frame.cursor(snapshot, flags) as own:
        return space.shared(own, space.places(counted, _policy, aim), space.places(counted, _policy))


@st.cache_data(max_entries=60, show_spinner=False)
def classes(snapshot: str, flags: str, seq: int, branch: str, place: str, take: int, move: int) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return space.classes(own, branch, place, take, move)


@st.cache_data(max_entries=60, show_spinner=False)
def yearly(snapshot: str, flags: str, seq: int, branch: str, place: str) -> pl.DataFrame:
    counted = count(snapshot, flags)
    with frame.cursor(snapshot, flags) as own:
        return space.yearly(own, counted, branch, place)


def remember(name: str) -> None:
    """What was chosen, into the address."""
    st.query_params[name] = str(st.session_state[f"space_{name}"])


counted = count(str(snapshot), str(flags))
asked = st.query_params.get("place", "open")
st.session_state["space_place"] = place = asked if asked in space.PLACES else "open"
st.header(t("page_space"), anchor=False)
with st.container(key="screen-only"):
    st.segmented_control(
        t("space.place"), space.PLACES, key="space_place", on_change=remember, args=("place",), required=True,
        format_func=lambda value: words.code("location", value), label_visibility="collapsed",
    )  # fmt: skip

found = space.places(counted, policy)
space_shelves.show(counted, found, place, policy)
aim = space_quota.ask_aim(found.filter(pl.col("place") == place), policy, remember)
found = quotas(str(snapshot), str(flags), seq, policy.hash, aim, policy)
space_quota.show(counted, found, place, policy, aim)
row = space_quota.ask_branch(found.filter(pl.col("place") == place), remember)
if row:
    space_classes.show(counted, row, aim, partial(classes, str(snapshot), str(flags), seq))
    space_years.show(counted, row, policy, yearly(str(snapshot), str(flags), seq, row["branch"], place))

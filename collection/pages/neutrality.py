"""偏り: how far a 目 rests on few authors, publishers or series, and what leaving and buying would do to it."""

import polars as pl
import streamlit as st

from collection import decisions, measures, neutrality, words
from collection.measures import Scope
from collection.pages import buy_list, frame, neutrality_fields, neutrality_section, scope_bar, tell
from collection.pages.tell import t
from collection.store import snapshots
from collection.words import Problem

PARTS = ("branch", "location", "audience", "material", "ndc")
frame.enter("neutrality")
snapshot, flags, policy = frame.need_flags()
as_of = snapshots.as_of(snapshot)


@st.cache_data(max_entries=30, show_spinner=False)
def read(
    snapshot: str, flags: str, seq: int, kinds: tuple[str, ...], ndc: tuple[str, ...], scope: Scope
) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return neutrality.values(own, kinds, ndc, scope)


@st.cache_data(max_entries=5, show_spinner=False)
def branches_of(snapshot: str, flags: str) -> list[str]:
    with frame.cursor(snapshot, flags) as own:
        return measures.compute(own, "holdings", ("branch",)).sort("value", descending=True)["branch"].to_list()


def turn() -> None:
    st.query_params["kind"] = st.session_state["neutrality_kind"]


def how() -> None:
    """What is counted, with formula and source, and the operating values it is compared with."""
    with st.popover(t("neutrality.how"), type="tertiary"):
        st.markdown(t("neutrality.told"))
        for name in (*neutrality.GUIDES.values(), neutrality.FEWEST):
            said = policy.names.get(name, name) if words.language.get() == "en" else name
            st.caption(t("neutrality.operating", name=said, value=policy.parameters[name]))


def to_buy(branches: list[str], scope: Scope) -> pl.DataFrame | None:
    """The list of books to buy that was put on a screen, as neutrality counts it."""
    found = buy_list.choose(branches, scope)
    if found is None:
        return None
    rows, outside = neutrality.bought(found.rows)
    titles = rows.filter(kind="whole")["titles_after"].sum()
    st.caption(t("neutrality.bought", n=tell.number(titles), outside=tell.number(outside)))
    return rows


st.header(t("page_neutrality"), anchor=False)
st.caption(t("neutrality.honest"))
branches = branches_of(str(snapshot), str(flags))
scope = scope_bar.show(branches, PARTS)
asked = st.query_params.get("kind")
st.session_state["neutrality_kind"] = kind = asked if asked in neutrality.KINDS else "publisher"
with st.container(horizontal=True, gap="small", vertical_alignment="center", key="neutrality_bar"):
    st.segmented_control(
        t("neutrality.kind"), neutrality.KINDS, key="neutrality_kind", on_change=turn, required=True,
        label_visibility="collapsed", format_func=lambda name: t(f"neutrality.{name}"), width="content",
    )  # fmt: skip
    more = to_buy(branches, scope)
    how()
try:
    fields = neutrality.fields(policy)
except Problem as problem:
    st.warning(tell.plain(str(problem)))
    fields = []
one = len(scope.ndc) == 3
ndc = (scope.ndc,) if scope.ndc else tuple(dict.fromkeys(part for field in fields for part in field.prefixes))
kinds = neutrality.KINDS if one else (kind,)
if not ndc:
    st.info(t("neutrality.no_fields", file=f"{policy.name}/sensitive.csv"))
    st.stop()
found = read(str(snapshot), str(flags), decisions.decided(frame.store()).seq, kinds, ndc, scope)
if not found.filter(kind="whole")["titles"].sum():
    st.info(t("neutrality.nothing"))
    st.stop()
if more is not None:
    found = neutrality.together(found, more, kinds, ndc)
show = neutrality_section.show if one else neutrality_fields.show
show(found, kind, fields, scope, policy, as_of)

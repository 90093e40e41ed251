"""地域資料: what is held of the city, what points to it, and what is lacking; every count opens its items."""

import html

import polars as pl
import streamlit as st

from collection import local, words
from collection.local import Look
from collection.pages import frame, local_charts, local_city, local_likely, local_list, rule_view, scope_bar, tell
from collection.pages.tell import t
from collection.policy import Policy, table
from collection.store import snapshots
from models import artefact

frame.enter("local")
snapshot, flags, policy = frame.need_flags()
as_of = snapshots.as_of(snapshot)
forecast = artefact.found(snapshot, "local")
VIEWS = ("kinds", "clues", "authors", "city", *([local_likely.VIEW] if forecast else []))
COUNTED = {
    "marked": Look(), "harmed": Look(state="harmed"), "only": Look(copies="only"), "list": Look("list"),
    "clue": Look("clue"), "ask": Look("clue", verdict="ask"),
}  # fmt: skip


@st.cache_data(max_entries=3, show_spinner=False)
def read(snapshot: str, flags: str, _policy: Policy) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return local.items(own, _policy)


def turn() -> None:
    local_list.address({"view": st.session_state["local_view"]}, local_list.PARTS)


def clauses() -> None:
    """The clauses that the screen works from, with what they say."""
    with st.popover(t("local.clauses"), type="tertiary"):
        said = [(rule_view.article(policy, rule), table.gist(rule)) for rule in local.rules(policy)]
        st.html("".join(
            f'<div class="clause"><strong>{html.escape(article)}</strong><div class="quiet">{html.escape(gist)}</div></div>'
            for article, gist in said
        ))  # fmt: skip


st.header(t("page_local"), anchor=False)
everything = read(str(snapshot), str(flags), policy)
branches = everything.group_by("branch").len().sort("len", "branch", descending=[True, False])["branch"].to_list()
scope = scope_bar.show(branches)
found = local.scoped(everything, scope)
with st.container(horizontal=True, gap="small", vertical_alignment="center", key="local_tally"):
    for name, look in COUNTED.items():
        n = tell.books(local.looked_at(found, look).height)
        label, query = t(f"local.count_{name}", n=n), local_list.query_of(look)
        st.button(label, key=f"local_{name}", type="tertiary", on_click=st.query_params.from_dict, args=(query,))
    clauses()
view = st.query_params.get("view")
if view == local_list.VIEW:
    local_list.show(found, local_list.look(), as_of)
    st.stop()
st.session_state["local_view"] = view = view if view in VIEWS else VIEWS[0]
st.segmented_control(
    t("page_local"), VIEWS, key="local_view", on_change=turn, required=True, label_visibility="collapsed",
    format_func=lambda name: t(f"local.view_{name}", city=policy.city[words.language.get()]),
)  # fmt: skip
if view == "city":
    local_city.show(snapshot, flags, policy)
elif view == local_likely.VIEW:
    local_likely.show(snapshot, flags, forecast, scope, as_of)
elif everything.is_empty():
    st.info(t("local.empty"))
else:
    getattr(local_charts, view)(found, branches, policy, as_of)

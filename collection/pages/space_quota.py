"""The quota of the year by branch: what has to leave so that the shelves end the year within their band."""

from collections.abc import Callable
from math import ceil

import polars as pl
import streamlit as st

from collection import space, words, years
from collection.pages import space_shelves, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.space import Counted

COLUMNS = (
    "branch", "holdings", "intake", "most", "quota", "decided", "take", "move", "short", "spare", "fill_end"
)  # fmt: skip


def ask_aim(here: pl.DataFrame, policy: Policy, remember: Callable) -> int:
    """The slider of the fill to reach, in per cent: from the lower end of the band to the fullest shelf there is.

    Without a known capacity there is nothing to ask: the upper end of the band.
    """
    low, high = space.band(policy)
    fullest = here["fill"].max()
    if fullest is None:
        return high
    most = max(100, ceil(fullest * 100))
    asked = st.query_params.get("aim", "")
    value = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else high
    st.session_state["space_aim"] = min(max(value, low), most)
    with st.container(key="space_ask_aim"):
        return st.slider(
            t("space.aim"), low, most, step=1, format="%d%%", key="space_aim", on_change=remember, args=("aim",),
            help=t("space.aim_help", high=high), width=420,
        )  # fmt: skip


def ask_branch(here: pl.DataFrame, remember: Callable) -> dict | None:
    """The row of the branch that is looked at: the one in the address, or else the one with the largest quota."""
    if here.is_empty():
        return None
    branches = here["branch"].to_list()
    first = here.sort("quota", descending=True, nulls_last=True)["branch"][0]
    asked = st.query_params.get("branch", first)
    st.session_state["space_branch"] = asked if asked in branches else first
    chosen = st.selectbox(
        t("space.branch"), branches, key="space_branch", on_change=remember, args=("branch",), width=260
    )
    return here.row(branches.index(chosen), named=True)


def show(counted: Counted, found: pl.DataFrame, place: str, policy: Policy, aim: int) -> None:
    """The table of one place. found: of space.shared under the aim."""
    here = found.filter((pl.col("place") == place) & pl.col("quota").is_not_null())
    if here.is_empty():
        return
    year, months = space.year_of(counted.as_of)
    span = int(policy.parameters["受入見込の年数"])
    wanting = here.filter(pl.col("quota") > 0)
    told = {"year": years.spoken(year), "aim": aim, "place": words.code("location", place)}
    if wanting.is_empty():
        st.subheader(t("space.quota_none", **told), anchor=False)
    else:
        st.subheader(t("space.quota", n=len(wanting), quota=tell.books(wanting["quota"].sum()), **told), anchor=False)
    short = here["short"].sum()
    st.markdown(t("space.quota_short", short=tell.books(short)) if short else t("space.quota_rule"))
    rows = here.select(COLUMNS)
    sums = rows.select(pl.lit(t("total")).alias("branch"), pl.col(COLUMNS[1:-1]).sum())
    tell.table(
        pl.concat([rows, sums], how="diagonal"), space_shelves.spoken(COLUMNS), marked=len(rows),
        named=space_shelves.named(COLUMNS),
    )  # fmt: skip
    st.caption(t("space.quota_method", first=year - span, last=year - 1, span=span, months=months))

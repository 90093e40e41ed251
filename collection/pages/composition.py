"""蔵書構成: any measure of the holdings by class and branch, as a heat map whose cells lead to their items."""

from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import measures, words
from collection.measures import Scope
from collection.pages import charts, frame, scope_bar, tell
from collection.pages.tell import t
from collection.store import snapshots

SHOWN = (
    "holdings", "share", "turnover", "relative_use", "freshness", "renewal", "new_on_open", "never_lent", "idle",
    "past_shelf_life", "year_median", "copies_per_title", "holds_per_copy", "received", "withdrawn", "spent", "cost_per_loan",
    "shelf_time",
)  # fmt: skip

frame.enter("composition")
snapshot, flags, policy = frame.need_flags()
as_of = snapshots.as_of(snapshot)
year = measures.year_of(as_of)


@st.cache_data(max_entries=60, show_spinner=False)
def read(
    snapshot: str, flags: str, name: str, by: tuple[str, ...], scope: Scope, within: tuple[str, ...]
) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return measures.compute(own, name, by, scope, within=within, year=year)


measured = partial(read, str(snapshot), str(flags))
st.header(t("page_composition"), anchor=False)
every = measured("holdings", ("branch",), measures.EVERYTHING, ())
branches = every.sort("value", descending=True)["branch"].to_list()
scope = scope_bar.show(branches)
if measured("holdings", ("whole",), scope, ()).is_empty():
    st.info(t("nothing_found"))
    st.stop()


def measure_changed() -> None:
    st.query_params["measure"] = st.session_state["measure"]


asked = st.query_params.get("measure", "holdings")
st.session_state["measure"] = asked if asked in SHOWN else "holdings"
name = st.selectbox(
    t("measure"), SHOWN, key="measure", format_func=measures.word, on_change=measure_changed, width=320,
    help=measures.told(st.session_state["measure"]),
)  # fmt: skip

within = ("branch",) if name in ("share", "relative_use") else ()
cells = measured(name, ("branch", "shelf_class"), scope, within)
classes = [mark for mark in words.table("codes")["shelf_class"] if mark in set(cells["shelf_class"])]
names = {mark: words.code("shelf_class", mark) for mark in classes}
shown = cells.with_columns(
    name=pl.col("shelf_class").replace(names),
    told=pl.col("value").map_elements(partial(tell.figure, name), pl.String, skip_nulls=False),
)


def draw(dark: bool) -> alt.Chart:
    return charts.heat(
        shown, x="branch", y="name", value="value", said="told", dark=dark, fields=("branch", "shelf_class"),
        sort_x=branches, sort_y=list(names.values()), middle=1 if name == "relative_use" else None,
        label_x=f"replace(datum.label, regexp('({t('branch_suffix')})$'), '')",
        tips=[
            alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("name", title=t("filter_shelf_class")),
            alt.Tooltip("told", title=measures.word(name)),
        ],
    )  # fmt: skip


table = cells.pivot("branch", index="shelf_class", values="value").select(
    "shelf_class", *(b for b in branches if b in set(cells["branch"]))
)
top = cells.drop_nulls("value").sort("value", descending=True).row(0, named=True)
charts.figure(
    "composition", t("heat_finding", measure=measures.word(name), branch=top["branch"], name=names[top["shelf_class"]], value=tell.figure(name, top["value"])),
    draw, table, method=measures.told(name), as_of=as_of, hint=t("charts.hint"),
    to=lambda cell: scope_bar.to_items(scope, branch=cell["branch"], shelf_class=cell["shelf_class"]),
    spoken={"shelf_class": tell.class_html} | {b: partial(tell.figure, name) for b in branches},
    named=dict(zip(branches, branches, strict=True)),
)  # fmt: skip

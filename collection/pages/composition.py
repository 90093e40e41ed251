"""蔵書構成: class × branch as a heat map and as a table, and the share of holdings beside the share of loans."""

import altair as alt
import polars as pl
import streamlit as st

from collection import composition, words
from collection.pages import frame, tell
from collection.pages.tell import t

frame.enter("composition")
snapshot, flags, policy = frame.need_flags()
places = ("all", "open", "closed", "reference", "office")


@st.cache_data(max_entries=20, show_spinner=False)
def read(snapshot: str, flags: str, location: tuple[str, ...]) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return composition.cells(own, location)


def place_changed() -> None:
    place = st.session_state["place"]
    st.query_params.from_dict(frame.with_language({} if place in (None, "all") else {"location": [place]}))


place = st.query_params.get("location", "all")
place = place if place in places else "all"
st.header(t("page_composition"), anchor=False)
st.session_state["place"] = place
st.segmented_control(
    tell.label("location"), places, key="place", on_change=place_changed, label_visibility="collapsed", required=True,
    format_func=lambda value: t("everywhere") if value == "all" else words.code("location", value),
)  # fmt: skip
cells = read(str(snapshot), str(flags), () if place == "all" else (place,))
if cells.is_empty():
    st.info(t("nothing_found"))
    st.stop()
branches = composition.branches(cells)
classes = [mark for mark in composition.CLASSES if mark in set(cells["shelf_class"])]
names = {mark: words.code("shelf_class", mark) for mark in classes}
ink, paper = ("#f2f2f2", "#1a1a1a") if tell.dark() else ("#1a1a1a", "#ffffff")


def to_list(branch: str | None, mark: str | None) -> None:
    """Opens the list of all items of a cell, a row or a column."""
    query = {
        "verdict": ["all"],
        **({"branch": [branch]} if branch else {}),
        **({"shelf_class": [mark]} if mark else {}),
    }
    frame.go("candidates", query | ({"location": [place]} if place != "all" else {}))


with st.container(key="stacked_charts"):
    left, right = st.columns([64, 36], gap="medium")
with left:
    st.subheader(t("heat_title", items=tell.books(int(cells["items"].sum()))), anchor=False)
    shown = cells.with_columns(
        name=pl.col("shelf_class").replace(names), held=pl.col("items").map_elements(tell.number, pl.String),
        part=pl.col("share").map_elements(tell.percent, pl.String),
    )  # fmt: skip
    picked = alt.selection_point(name="cell", fields=["branch", "shelf_class"], on="click", clear="dblclick")
    short = f"replace(datum.label, regexp('({t('branch_suffix')})$'), '')"
    top = {"orient": "top", "labelAngle": 0, "labelLimit": 52, "labelOverlap": False, "labelExpr": short}
    bare = {"ticks": False, "domain": False}
    base = alt.Chart(shown).encode(
        x=alt.X("branch:N", sort=branches, title=None, axis=alt.Axis(**top, **bare)),
        y=alt.Y("name:N", sort=list(names.values()), title=None, axis=alt.Axis(labelLimit=140, **bare)),
        tooltip=[
            alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("name", title=t("filter_shelf_class")),
            alt.Tooltip("held", title=t("label_items")), alt.Tooltip("part", title=t("label_share")),
        ],
    )  # fmt: skip
    scale = alt.Scale(range=["#2b2f45", "#4979f5"] if tell.dark() else ["#f4f7ff", "#7096f8"], domainMin=0)
    heat = (
        base.mark_rect(cursor="pointer", stroke=paper)
        .encode(color=alt.Color("share:Q", scale=scale, legend=None))
        .add_params(picked)
    )
    figures = base.mark_text(color=ink, fontSize=11, dy=-6).encode(text="held")
    shares = base.mark_text(color=ink, fontSize=10, dy=7, opacity=0.8).encode(text="part")
    chart = (
        (heat + figures + shares)
        .properties(height=36 * len(classes))
        .configure_view(stroke=None)
        .configure_axis(labelColor=ink, labelFontSize=12)
    )
    event = st.altair_chart(chart, on_select="rerun", selection_mode="cell", key=f"heat_{place}", alt=t("heat_alt"))
    if event.selection.get("cell"):
        cell = event.selection["cell"][0]
        to_list(cell["branch"], cell["shelf_class"])
    st.caption(t("heat_hint"))

with right:
    asked = st.selectbox(
        t("balance_of"), ["", *branches], format_func=lambda value: value or t("whole_library"), key="balance_branch"
    )
    balance = composition.balance(cells, asked or None)
    low = composition.least_used(balance)
    st.subheader(t("balance_title", name=names[low]) if low else t("balance_plain"), anchor=False)
    grey, lent = ("#767676", "#9db7f9") if tell.dark() else ("#b3b3b3", "#264af4")
    long = balance.select(
        pl.col("shelf_class").replace(names).alias("name"), "shelf_class", "held_share", "lent_share"
    ).unpivot(on=["held_share", "lent_share"], index=["name", "shelf_class"], variable_name="kind", value_name="part")
    long = long.with_columns(
        told=pl.col("part").map_elements(tell.percent, pl.String),
        kind=pl.col("kind").replace({k: t(f"label_{k}") for k in ("held_share", "lent_share")}),
    )
    order = [t("label_held_share"), t("label_lent_share")]
    bars = alt.Chart(long).encode(
        y=alt.Y("name:N", sort=list(names.values()), title=None, axis=alt.Axis(ticks=False, labelLimit=140)),
        yOffset=alt.YOffset("kind:N", sort=order),
        x=alt.X("part:Q", title=None, axis=None),
        tooltip=[
            alt.Tooltip("name", title=t("filter_shelf_class")),
            alt.Tooltip("kind", title=" "),
            alt.Tooltip("told", title=t("label_share")),
        ],
    )
    colour = alt.Color(
        "kind:N",
        sort=order,
        scale=alt.Scale(domain=order, range=[grey, lent]),
        legend=alt.Legend(orient="top", title=None),
    )
    labels = bars.mark_text(align="left", dx=3, fontSize=10, color=ink).encode(text="told")
    chart = (
        (bars.mark_bar().encode(color=colour) + labels).properties(height=36 * len(classes)).configure_view(stroke=None)
    )
    st.altair_chart(
        chart.configure_axis(labelColor=ink, labelFontSize=12).configure_legend(labelColor=ink), alt=t("balance_alt")
    )

st.subheader(t("table_title"), anchor=False)
order = pl.col("shelf_class").replace_strict({mark: n for n, mark in enumerate(composition.CLASSES)}, default=99)
table = (
    cells.pivot("branch", index="shelf_class", values="items").fill_null(0).select("shelf_class", *branches).sort(order)
)
table = table.with_columns(total=pl.sum_horizontal(branches))
sums = table.select(pl.lit("total").alias("shelf_class"), *(pl.col(name).sum() for name in (*branches, "total")))
spoken = {"shelf_class": tell.class_html}
tell.table(pl.concat([table, sums]), spoken, marked=len(table), named=dict(zip(branches, branches, strict=True)))
st.subheader(t("balance_plain") + "　" + (asked or t("whole_library")), anchor=False)
spoken |= {name: tell.percent for name in ("held_share", "lent_share")}
spoken |= {name: lambda value: tell.number(value, 2) for name in ("relative", "turnover")}
tell.table(
    balance.select("shelf_class", "items", "held_share", "loans", "lent_share", "relative", "turnover", "candidates"),
    spoken,
)
st.caption(t("table_caption"))

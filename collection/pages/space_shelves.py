"""The shelves now: a bullet for each branch on the band that is wished for, and the same in figures."""

import html
from collections.abc import Callable, Iterable
from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import sheets, space, words, years
from collection.measures import EVERYTHING
from collection.pages import charts, scope_bar, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.space import Counted

WRITTEN = dict.fromkeys(("fill", "fill_full", "fill_end", "low", "high", "share", "share_after"), tell.percent) | {
    "branch": lambda name: f'<span style="white-space:nowrap">{html.escape(name)}</span>',
    "shelf_class": tell.class_html, "score": partial(tell.number, digits=1), "fiscal_year": years.spoken
}  # fmt: skip
ROOM = 1.3  # of the longest bar, for the words beside it
COLUMNS = (
    "branch", "capacity", "holdings", "out", "lost", "on_shelf", "fill", "state", "fill_full", "room", "metres", "room_metres"
)  # fmt: skip


def named(columns: Iterable[str]) -> dict[str, str]:
    """Headings of the columns of this screen."""
    return {name: t(f"space.label_{name}") for name in columns if name not in ("branch", "shelf_class")}


def spoken(columns: Iterable[str]) -> dict[str, Callable]:
    """How the columns of this screen are written: counts unless WRITTEN says otherwise."""
    return {name: WRITTEN.get(name, tell.number) for name in columns if name != "state"}


def show(counted: Counted, found: pl.DataFrame, place: str, policy: Policy) -> None:
    """The chart and the table of one place (found: space.places under the operating values)."""
    here = found.filter(pl.col("place") == place)
    said = words.code("location", place)
    if here.is_empty():
        st.info(t("space.none_held", place=said))
        return
    known_here = here.drop_nulls("fill").sort("fill", descending=True)
    if known_here.is_empty():
        st.info(t("space.none_known", place=said))
    else:
        _bullets(counted, known_here, said, policy)
    _table(here, found, said, policy)


def _bullets(counted: Counted, here: pl.DataFrame, place: str, policy: Policy) -> None:
    low, high = space.band(policy)
    shown = (
        _told(here, policy.parameters["平均の厚さ"])
        .with_columns(
            told=pl.col("fill").map_elements(tell.percent, pl.String),
            back=pl.col("fill_full").map_elements(tell.percent, pl.String),
        )
        .with_columns(
            label=pl.format(t("space.fill_label", fill="{}", state="{}", back="{}"), "told", "state", "back"),
            end=pl.max_horizontal("fill", "fill_full"),
        )
    )
    over, top = shown.filter(pl.col("fill") > pl.col("high")), shown.row(0, named=True)
    told = {
        "place": place,
        "high": high,
        "branch": top["branch"],
        "fill": top["told"],
        "all": len(shown),
        "n": len(over),
    }
    order, widest = shown["branch"].to_list(), max(shown["end"].max(), 1) * ROOM
    tips = [
        alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("capacity", title=t("space.label_capacity"), format=","),
        alt.Tooltip("on_shelf", title=t("space.label_on_shelf"), format=","), alt.Tooltip("label", title=t("space.label_fill")),
        alt.Tooltip("back", title=t("space.label_fill_full")),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        base = alt.Chart(shown.drop("places")).encode(
            y=alt.Y("branch:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=180)),
            tooltip=tips,
        )
        side = alt.X(
            "fill:Q", title=None, axis=alt.Axis(format=".0%", tickCount=8), scale=alt.Scale(domain=[0, widest])
        )
        colour = alt.condition("datum.fill > datum.high", alt.value(charts.orange(dark)), alt.value(charts.blue(dark)))
        band = base.mark_bar(size=24, color=charts.grey(dark), opacity=0.4).encode(x=alt.X("low:Q"), x2="high:Q")
        bar = base.mark_bar(size=9, cursor="pointer").encode(x=side, color=colour).add_params(charts.pick("branch"))
        full = base.mark_tick(size=24, thickness=2, color=charts.ink(dark)).encode(x=alt.datum(1))
        back = base.mark_point(size=70, color=charts.ink(dark), fill=charts.paper(dark)).encode(x="fill_full:Q")
        figures = base.mark_text(align="left", dx=10, fontSize=12, color=charts.ink(dark)).encode(
            x="end:Q", text="label"
        )
        row = base.mark_bar(size=28, opacity=0, cursor="pointer").encode(x=alt.datum(0), x2=alt.datum(widest))
        return (row + band + bar + full + back + figures).properties(height=30 * len(shown))

    columns = ("branch", "capacity", "on_shelf", "fill", "fill_full", "low", "high")
    places = dict(here.select("branch", "places").iter_rows())
    charts.figure(
        "space", t(f"space.fill_{'over' if len(over) else 'within'}", **told), draw, here.select(columns),
        method=t("space.fill_method", low=low, high=high), as_of=counted.as_of, hint=t("charts.hint"),
        spoken=spoken(columns), named=named(columns),
        to=lambda mark: scope_bar.to_items(EVERYTHING, branch=mark["branch"], location=places[mark["branch"]]),
    )  # fmt: skip


def _table(here: pl.DataFrame, found: pl.DataFrame, place: str, policy: Policy) -> None:
    thick = policy.parameters["平均の厚さ"]
    rows = _told(here, thick).select(COLUMNS)
    sums = rows.select(
        pl.lit(t("total")).alias("branch"), pl.col("holdings", "out", "lost", "on_shelf", "metres").sum()
    )
    unknown = here.filter(pl.col("fill").is_null())
    office = found.filter(pl.col("place") == "office")["holdings"].sum()
    st.subheader(t("space.shelves", place=place), anchor=False)
    whole = pl.concat([rows, sums], how="diagonal")
    tell.table(whole, spoken(COLUMNS), marked=len(rows), named=named(COLUMNS))
    st.caption(t("space.count_method", thickness=thick, high=space.band(policy)[1]))
    if len(unknown):
        told = t("space.and").join(unknown["branch"])
        st.caption(
            t("space.no_capacity", branches=tell.plain(told), place=place, n=tell.books(unknown["holdings"].sum()))
        )
    if office:
        st.caption(t("space.office", n=tell.books(office)))
    st.download_button(
        t("space.take_csv"), partial(_csv, found, thick, words.language.get()), file_name="space.csv",
        mime="text/csv", key="space_csv", on_click="ignore",
    )  # fmt: skip


def _csv(found: pl.DataFrame, thick: float, language: str) -> bytes:
    with words.speaking(language):
        columns = ("branch", "place", *COLUMNS[1:], "low", "high", "intake", "gone", "quota", "spare")
        rows = _told(found.filter(pl.col("place").is_in(space.PLACES)), thick).select(columns)
        rows = rows.with_columns(
            pl.col("fill", "fill_full").round(4), pl.col("metres", "room_metres").round(1),
            pl.col("place").replace({place: words.code("location", place) for place in space.PLACES}),
        )  # fmt: skip
        return sheets.csv_bytes(rows.rename(named(columns) | {"branch": tell.label("branch")}))


def _told(found: pl.DataFrame, thick: float) -> pl.DataFrame:
    """With the state of each place in words, and the metres of shelf it takes and has left."""
    state = pl.when(pl.col("fill") > pl.col("high")).then(pl.lit(t("space.state_above")))
    state = state.when(pl.col("fill") < pl.col("low")).then(pl.lit(t("space.state_below")))
    state = state.when(pl.col("fill").is_not_null()).then(pl.lit(t("space.state_within")))
    return found.with_columns(
        state=state, metres=pl.col("on_shelf") * thick / 1000, room_metres=pl.col("room") * thick / 1000
    )

"""鮮度, 類と綱: which classes are past their shelf life, the worst first."""

import html
from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import composition, freshness, measures, words, years
from collection.measures import Scope
from collection.pages import charts, frame, scope_bar, tell
from collection.pages.freshness_parts import At, what
from collection.pages.tell import t

DIVISIONS = 20  # the worst 綱 that are drawn
FIGURES = ("year_median", "freshness", "renewal", "new_on_open")
SPOKEN = {name: partial(tell.figure, name) for name in FIGURES} | {
    "shelf_class": tell.class_html, "division": lambda division: html.escape(_division(division)), "share": tell.percent,
}  # fmt: skip


@st.cache_data(max_entries=40, show_spinner=False)
def read(snapshot: str, flags: str, by: tuple[str, ...], shelves: Scope, scope: Scope, year: int) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return freshness.classes(own, by, shelves, scope, year)


@st.cache_data(max_entries=40, show_spinner=False)
def read_divisions(snapshot: str, flags: str, shelves: Scope) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return freshness.worst_first(freshness.past(own, ("shelf_class", "division"), shelves))


def show(here: At) -> None:
    """The 類 with their figures and the worst 綱 of all; of one 類 its 綱 with their figures."""
    one = len(here.scope.shelf_class) == 1
    by = ("shelf_class", "division") if one else ("shelf_class",)
    found = read(str(here.snapshot), str(here.flags), by, here.shelves, here.scope, here.year)
    if found.is_empty():
        st.info(t("freshness.none_here", place=here.place))
        return
    with st.container(key="stacked_freshness"):
        left, right = st.columns([5, 7], gap="medium")
        with left:
            _bars(here, found, by, "freshness_divisions" if one else "freshness_classes")
        with right:
            _table(here, found, by)
    if not one:
        least = here.policy.parameters["鮮度を比べる最少冊数"]
        divisions = read_divisions(str(here.snapshot), str(here.flags), here.shelves)
        worst = divisions.filter((pl.col("items") >= least) & (pl.col("past") > 0)).head(DIVISIONS)
        if len(worst):
            _bars(here, worst, ("shelf_class", "division"), "freshness_worst", t("freshness.worst_method", least=least))


def _name(row: dict, one: bool) -> str:
    """4 自然科学; of a 綱 49 医学・薬学, among those of all classes with 児童用資料 where it is of these."""
    mark = words.code("shelf_class", row["shelf_class"])
    if "division" not in row:
        return mark
    division = _division(row["division"])
    return division if one or row["shelf_class"].isdigit() else f"{mark} {division}"


def _division(division: str | None) -> str:
    return composition.name(division) if division else t("freshness.no_division")


def _said(row: dict) -> str:
    if row["share"] is None:
        return t("freshness.no_share" if row["lifeless"] else "freshness.no_years")
    return t("freshness.share_of", share=tell.percent(row["share"]), n=tell.books(row["past"]))


def _bars(here: At, found: pl.DataFrame, by: tuple[str, ...], key: str, more: str = "") -> None:
    rows = list(found.iter_rows(named=True))
    worst, names = rows[0], [_name(row, len(here.scope.shelf_class) == 1) for row in rows]
    shown = found.select(*by, pl.col("share").fill_null(0)).with_columns(
        pl.Series("name", names), pl.Series("said", [_said(row) for row in rows]),
        pl.Series("counted", [tell.books(row["rated"]) for row in rows]),
        worst=pl.int_range(pl.len()) == 0 if worst["share"] else False,
    )  # fmt: skip
    if worst["share"]:
        told = "freshness.classes_found" if by == ("shelf_class",) else "freshness.divisions_found"
        rated, share = tell.books(worst["rated"]), tell.percent(worst["share"])
        title = t(told, name=names[0], place=here.place, rated=rated, share=share)
    else:
        title = t("freshness.classes_fresh", what=what(here.scope), place=here.place)

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            shown, y="name", value="share", said="said", sort=names, fields=by, marked="worst", dark=dark, height=24,
            tips=[
                alt.Tooltip("name", title=t("filter_shelf_class")), alt.Tooltip("said", title=measures.word("past_shelf_life")),
                alt.Tooltip("counted", title=t("freshness.rated")),
            ],
        ).properties(padding={"right": 10})  # fmt: skip

    charts.figure(
        key, title, draw, found.select(*by, "items", "rated", "past", "share"),
        method=t("freshness.classes_method", place=here.place) + more, as_of=here.as_of, hint=t("freshness.hint_past"),
        to=lambda mark: scope_bar.to_items(
            here.shelves, shelf_class=mark["shelf_class"], ndc=here.ndc(mark.get("division")), sign="past_life"
        ),
        spoken=SPOKEN, named=_named(here),
    )  # fmt: skip


def _table(here: At, found: pl.DataFrame, by: tuple[str, ...]) -> None:
    st.markdown(f"**{t('freshness.figures', year=tell.plain(years.spoken(here.year)))}**")
    tell.table(found.select(by[-1], "items", "rated", "past", "share", *FIGURES), SPOKEN, named=_named(here))
    st.caption(t("freshness.figures_note", place=here.place))


def _named(here: At) -> dict[str, str]:
    return {name: measures.word(name) for name in FIGURES} | {
        "items": t("freshness.items_of", place=here.place), "rated": t("freshness.rated"), "past": t("freshness.past"),
        "share": t("label_share"), "division": t("freshness.division"),
    }  # fmt: skip

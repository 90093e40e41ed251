"""複本, 予約が多い本: titles with more holds than their copies can serve."""

import altair as alt
import polars as pl
import streamlit as st

from collection import duplicates
from collection.measures import Scope
from collection.pages import charts, frame, tell
from collection.pages.duplicates_parts import At, by_branch, classes, each, listing, narrow
from collection.pages.tell import t
from collection.policy import Policy

COLUMNS = ("title", "author", "holds", "copies", "wanted", "copies_at", "holds_at", "loans_1y")


@st.cache_data(max_entries=40, show_spinner=False)
def _read(snapshot: str, flags: str, seq: int, policy: str, scope: Scope, _policy: Policy) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return duplicates.asked(own, _policy, scope)


def show(at: At) -> None:
    """The copies wanted by class, and the titles that want them."""
    found = _read(str(at.snapshot), str(at.flags), at.seq, at.policy.hash, at.scope, at.policy)
    threshold = tell.number(at.policy.parameters["複本1冊の予約"])
    if found.is_empty():
        st.info(t("duplicates.asked_none", holds=threshold))
        return
    _bars(at, found, threshold)
    named = {
        "copies": t("duplicates.copies_lent"), "wanted": t("duplicates.wanted"), "copies_at": t("duplicates.copies_at"),
        "holds_at": t("duplicates.holds_at"), "loans_1y": t("duplicates.loans_all"),
    }  # fmt: skip
    listing(
        at, t("duplicates.asked_list"), len(found), lambda rows, skip: found.slice(skip, rows), COLUMNS, named, _told
    )


def _told(found: pl.DataFrame) -> pl.DataFrame:
    told = [each(found, column, by_branch) for column in ("copies_at", "holds_at")]
    return found.with_columns(tell.author_of(), *told)


def _bars(at: At, found: pl.DataFrame, threshold: str) -> None:
    names = classes(found)
    counted = found.group_by("shelf_class").agg(pl.col("wanted").sum(), titles=pl.len())
    counted = counted.sort("wanted", "shelf_class", descending=[True, False])
    counted = counted.with_columns(name=pl.col("shelf_class").replace(names), told=each(counted, "wanted", tell.books))
    top = counted.row(0, named=True)

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            counted, y="name", value="wanted", said="told", dark=dark, sort=counted["name"].to_list(), fields=("shelf_class",),
            tips=[alt.Tooltip("name", title=t("filter_shelf_class")), alt.Tooltip("told", title=t("duplicates.wanted"))],
        )  # fmt: skip

    told = {
        "titles": tell.number(len(found)), "n": tell.books(int(found["wanted"].sum())), "name": top["name"],
        "bare": tell.number(int((found["copies"] == 0).sum())), "most": top["told"],
    }  # fmt: skip
    charts.figure(
        "duplicates_asked",
        t("duplicates.asked_found", **told),
        draw, counted.select("shelf_class", "titles", "wanted"),
        method=t("duplicates.asked_method", holds=threshold, article=duplicates.article(at.policy, "asked_for") or ""),
        as_of=at.as_of, hint=t("duplicates.narrow"),
        to=lambda mark: narrow(at, shelf_class=(mark["shelf_class"],)),
        spoken={"shelf_class": tell.class_html},
        named={"titles": t("duplicates.titles"), "wanted": t("duplicates.wanted")},
    )  # fmt: skip

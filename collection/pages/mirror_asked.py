"""規則の鏡, 求められている除籍候補: titles with holds or requests whose copies are on the weeding list or on the way out."""

from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from collection import mirror, years
from collection.measures import Scope
from collection.pages import charts, frame, tell
from collection.pages.duplicates_parts import At, classes, each, listing
from collection.pages.mirror_parts import narrow
from collection.pages.tell import t

COLUMNS = (
    "title", "author", "call_number", "holds", "requests", "last_on", "usable_copies", "staying", "out", "leaving"
)  # fmt: skip
OWN = ("requests", "last_on", "usable_copies", "staying", "out", "leaving")


@st.cache_data(max_entries=20, show_spinner=False)
def _read(snapshot: str, flags: str, seq: int, as_of: date, scope: Scope) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return mirror.asked_for(own, mirror.requested(frame.store(), as_of), scope)


def show(at: At) -> None:
    """The titles of which nothing stays by class, and with them those of which something stays but that were requested."""
    found = _read(str(at.snapshot), str(at.flags), at.seq, at.as_of, at.scope)
    since = years.first(mirror.last_year(at.as_of)).isoformat()
    if found.is_empty():
        st.info(t("mirror.asked_none", since=since))
        return
    nothing = found.filter(staying=0)
    _bars(at, found, nothing, since)
    named = {name: t(f"mirror.{name}") for name in OWN}
    listing(
        at, t("mirror.asked_list"), found.height, lambda rows, skip: found.slice(skip, rows), COLUMNS, named,
        lambda rows: rows.with_columns(tell.author_of(), usable_copies="usable", out="candidates"), help=t("mirror.asked_help"),
    )  # fmt: skip


def _bars(at: At, found: pl.DataFrame, nothing: pl.DataFrame, since: str) -> None:
    names = classes(found)
    counted = found.group_by("shelf_class").agg(
        titles=pl.len(),
        nothing=(pl.col("staying") == 0).sum(),
        holds=pl.col("holds").sum(),
        requests=pl.col("requests").sum(),
    )
    counted = counted.sort("titles", "shelf_class", descending=[True, False])
    counted = counted.with_columns(
        name=pl.col("shelf_class").replace(names),
        told=each(counted, "titles", lambda n: t("mirror.titles_n", n=tell.number(n))),
    )

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            counted, y="name", value="titles", said="told", dark=dark, sort=counted["name"].to_list(), fields=("shelf_class",),
            height=26 + 60 // counted.height,
            tips=[alt.Tooltip("name", title=t("filter_shelf_class")), alt.Tooltip("told", title=t("mirror.titles"))],
        )  # fmt: skip

    said = {"n": tell.number(nothing.height), "some": tell.number(found.height - nothing.height)}
    said |= {name: tell.number(nothing[name].sum()) for name in ("holds", "requests")}
    some = nothing.height < found.height
    key = "finding_some" if nothing.is_empty() else "finding_both" if some else "finding_nothing"
    charts.figure(
        "mirror_asked", t(f"mirror.{key}", **said), draw,
        counted.select("shelf_class", "titles", "nothing", "holds", "requests"),
        method=t("mirror.method_asked", since=since), as_of=at.as_of, hint=t("mirror.hint"),
        to=lambda bar: narrow(shelf_class=bar["shelf_class"]), spoken={"shelf_class": tell.class_html},
        named={name: t(f"mirror.{name}") for name in ("titles", "nothing", "requests")},
    )  # fmt: skip

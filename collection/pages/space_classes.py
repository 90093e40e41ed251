"""One branch and place: the sum of its quota, and which classes give it most gently."""

from collections.abc import Callable

import altair as alt
import polars as pl
import streamlit as st

from collection import space, words
from collection.measures import EVERYTHING
from collection.pages import charts, scope_bar, space_shelves, tell
from collection.pages.tell import t
from collection.space import Counted

WAYS = {"take": "candidate", "move": "move", "rest": "candidate"}  # what becomes of them → their verdict
COLUMNS = (
    "shelf_class", "holdings", "decided", "candidates", "take", "moves", "move", "share", "share_after", "score"
)  # fmt: skip


def show(counted: Counted, row: dict, aim: int, classes: Callable[..., pl.DataFrame]) -> None:
    """What is reckoned for a place (row: of space.shared), and its classes: classes(branch, place, take, move)."""
    told = {"branch": row["branch"], "place": words.code("location", row["place"])}
    if row["quota"] is None:
        st.info(t("space.no_quota", **told))
        return
    _sum(row, aim, told)
    if row["take"] + row["move"]:
        _classes(counted, row, classes(row["branch"], row["place"], row["take"], row["move"]), told)


def _sum(row: dict, aim: int, told: dict) -> None:
    figures = {name: tell.number(row[name]) for name in ("holdings", "intake", "most", "capacity", "on_shelf")}
    surplus = tell.number(row["holdings"] + row["intake"] - row["most"])
    parts = {name: tell.books(row[name]) for name in ("quota", "decided", "take", "move", "short", "spare")}
    parts["fill_end"] = tell.percent(row["fill_end"])
    st.markdown(t("space.sum", aim=aim, surplus=surplus, **told, **figures))
    st.markdown(t("space.sum_quota", **parts) if row["quota"] else t("space.sum_spare", **parts))
    if row["short"] and row["moves"] > row["move"]:
        st.markdown(t("space.stacks_full", moves=tell.books(row["moves"]), room=tell.books(row["room_closed"])))


def _classes(counted: Counted, row: dict, found: pl.DataFrame, told: dict) -> None:
    names = {mark: words.code("shelf_class", mark) for mark in found["shelf_class"]}
    said = {way: t(f"space.way_{way}") for way in WAYS}
    found = found.with_columns(rest=pl.col("candidates") - pl.col("take"), goes=pl.col("take") + pl.col("move"))
    top = found.sort("goes", descending=True).row(0, named=True)
    parts = found.select("shelf_class", *WAYS, goes="goes", end=pl.sum_horizontal(*WAYS)).with_columns(
        name=pl.col("shelf_class").replace(names),
        told=pl.concat_str(pl.col("goes", "end").map_elements(tell.number, pl.String), separator=" / "),
    )
    long = parts.unpivot(list(WAYS), index=["shelf_class", "name"], variable_name="way", value_name="items")
    long = long.filter(pl.col("items") > 0).with_columns(
        kind=pl.col("way").replace(said), nth=pl.col("way").replace_strict({way: n for n, way in enumerate(WAYS)})
    )
    order = list(names.values())

    def draw(dark: bool) -> alt.Chart:
        colours = [charts.blue(dark), charts.orange(dark), charts.grey(dark)]
        shades = {said[way]: colour for way, colour in zip(WAYS, colours, strict=True) if parts[way].sum()}
        scale = alt.Scale(domain=list(shades), range=list(shades.values()))
        legend = alt.Legend(orient="top", title=None, labelLimit=300)
        side = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=180))
        bars = (
            alt.Chart(long)
            .mark_bar(cursor="pointer", size=16)
            .encode(
                y=side,
                x=alt.X("items:Q", title=None, axis=alt.Axis(format=",d", tickCount=5)),
                order="nth:Q",
                color=alt.Color("kind:N", scale=scale, legend=legend),
                tooltip=[
                    alt.Tooltip("name", title=t("filter_shelf_class")),
                    alt.Tooltip("kind", title=t("space.label_kind")),
                    alt.Tooltip("items", title=t("space.label_items"), format=","),
                ],
            )
            .add_params(charts.pick("shelf_class", "way"))
        )
        ends = alt.Chart(parts.with_columns(way=pl.lit("rest"))).encode(y=side, x="end:Q", text="told")
        figures = ends.mark_text(align="left", dx=5, fontSize=11, color=charts.ink(dark))
        return (bars + figures).properties(height=28 * len(order) + 60)

    def to(mark: dict) -> None:
        listing = space.listing(WAYS[mark["way"]])
        here = {"branch": row["branch"], "location": row["places"], "shelf_class": mark["shelf_class"]}
        scope_bar.to_items(EVERYTHING, **here, **listing)

    empty = ({"moves", "move"} if not row["move"] else set()) | ({"decided"} if not row["decided"] else set())
    table = found.select(name for name in COLUMNS if name not in empty)
    shown = {"spoken": space_shelves.spoken(table.columns), "named": space_shelves.named(table.columns)}
    title = t(
        "space.classes", n=tell.books(row["take"] + row["move"]), name=names[top["shelf_class"]],
        most=tell.books(top["goes"]), **told,
    )  # fmt: skip
    charts.figure(
        "space_classes", title, draw, table, method=t("space.classes_method"), as_of=counted.as_of,
        hint=t("charts.hint"), to=to, **shown,
    )  # fmt: skip
    tell.table(table, **shown)

"""規則の鏡, 買ったばかりの除籍候補: what was bought in the last years and is a candidate already, in books and in yen."""

from collections.abc import Callable
from datetime import date
from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import criteria, mirror, years
from collection.measures import Scope
from collection.pages import charts, frame, tell
from collection.pages.duplicates_parts import At, classes, each, listing
from collection.pages.mirror_parts import chosen, narrow, received
from collection.pages.tell import t

COLUMNS = ("title", "author", "call_number", "branch", "accession_date", "criterion", "idle_years", "loans_1y", "price")


@st.cache_data(max_entries=5, show_spinner=False)
def _cells(snapshot: str, flags: str, as_of: date) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return mirror.bought(own, as_of)


@st.cache_data(max_entries=40, show_spinner=False)
def _rows(
    snapshot: str, flags: str, asked: list[int], criterion: str, scope: Scope, labels: dict, rows: int | None, skip: int
) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        found = mirror.bought_items(own, asked, criterion, scope, rows, skip)
    return found.with_columns(tell.author_of(), pl.col("criterion").replace(labels))


def show(at: At) -> None:
    """Year by year, and of the years chosen (the last and the present one) by class, by clause and one by one."""
    cells = mirror.within(_cells(str(at.snapshot), str(at.flags), at.as_of), at.scope)
    if cells.is_empty():
        st.info(t("mirror.bought_none"))
        return
    labels = criteria.labels(at.policy)
    year, criterion = received(), st.query_params.get("criterion", "")
    last = mirror.last_year(at.as_of)
    asked = [year] if year else [last, last + 1]
    of_years = cells.filter(pl.col("received").is_in(asked))
    out = of_years.filter(pl.col("criterion").is_not_null())
    _by_year(at, cells, of_years, out, asked)
    if criterion not in set(out["criterion"]):
        criterion = ""
    if year or criterion:
        said = [years.spoken(year) if year else "", labels.get(criterion, criterion)]
        chosen("・".join(filter(None, said)), "received", "criterion")
    if out.is_empty():
        return
    with st.container(key="stacked_mirror"):
        left, right = st.columns(2, gap="medium")
        with left:
            names = classes(out)
            _bars(at, out, "shelf_class", names, lambda bar: narrow(shelf_class=bar["shelf_class"]))
        with right:
            _bars(at, out, "criterion", labels, lambda bar: narrow(criterion=bar["criterion"]))
    listed = out.filter(criterion=criterion) if criterion else out
    key = str(at.snapshot), str(at.flags), asked, criterion, at.scope
    title, fetch = t("mirror.bought_list", **_said(listed)), partial(_rows, *key, labels)
    listing(at, title, listed["items"].sum(), fetch, COLUMNS, {"price": t("mirror.price")}, lambda rows: rows)


def _said(cells: pl.DataFrame) -> dict[str, str]:
    """How many books, and what they cost."""
    return {"n": tell.books(cells["items"].sum()), "yen": t("mirror.yen", n=tell.number(cells["yen"].sum()))}


def _by_year(at: At, cells: pl.DataFrame, of_years: pl.DataFrame, out: pl.DataFrame, asked: list[int]) -> None:
    gone = pl.col("criterion").is_not_null()
    counted = cells.group_by("received").agg(
        bought=pl.col("items").sum(), items=pl.col("items").filter(gone).sum(), yen=pl.col("yen").filter(gone).sum()
    ).sort("received", descending=True)  # fmt: skip
    shown = counted.with_columns(
        year=each(counted, "received", years.spoken),
        told=pl.Series([t("mirror.books_yen", n=tell.books(n), yen=tell.number(yen)) for n, yen in counted.select("items", "yen").iter_rows()]),
        bought_told=each(counted, "bought", tell.books), asked=pl.col("received").is_in(asked),
    )  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            shown, y="year", value="items", said="told", dark=dark, sort=shown["year"].to_list(), fields=("received",),
            marked="asked",
            tips=[
                alt.Tooltip("year", title=t("mirror.received")), alt.Tooltip("bought_told", title=t("mirror.bought")),
                alt.Tooltip("told", title=t("mirror.items")),
            ],
        )  # fmt: skip

    said = {"years": t("mirror.and").join(map(years.spoken, asked)), "bought": tell.books(of_years["items"].sum())}
    unpriced = (out["items"] - out["priced"]).sum()
    charts.figure(
        "mirror_bought", t("mirror.finding_bought" if out.height else "mirror.finding_bought_none", **said, **_said(out)), draw,
        counted, method=t("mirror.method_bought", n=tell.books(unpriced)), as_of=at.as_of, hint=t("mirror.hint"),
        to=lambda bar: narrow(received=str(bar["received"])), spoken={"received": years.spoken},
        named={name: t(f"mirror.{name}") for name in ("received", "bought", "items")} | {"yen": t("mirror.yen_sum")},
    )  # fmt: skip


def _bars(at: At, out: pl.DataFrame, by: str, names: dict[str, str], to: Callable[[dict], None]) -> None:
    counted = (
        out.group_by(by).agg(pl.col("items", "yen").sum()).sort("yen", "items", by, descending=[True, True, False])
    )
    counted = counted.with_columns(
        name=pl.col(by).replace(names),
        told=pl.Series([t("mirror.books_yen", n=tell.books(n), yen=tell.number(yen)) for n, yen in counted.select("items", "yen").iter_rows()]),
    )  # fmt: skip
    top = counted.row(0, named=True)
    heading = t("filter_shelf_class") if by == "shelf_class" else tell.label(by)

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            counted, y="name", value="yen", said="told", dark=dark, sort=counted["name"].to_list(), fields=(by,),
            height=26 + 60 // counted.height,
            tips=[alt.Tooltip("name", title=heading), alt.Tooltip("told", title=t("mirror.items"))],
        )  # fmt: skip

    charts.figure(
        f"mirror_bought_{by}", t("mirror.finding_most", name=top["name"], told=top["told"]), draw,
        counted.select("name", "items", "yen"), method=t("mirror.method_most"), as_of=at.as_of, hint=t("mirror.hint"),
        to=to, named={"name": heading, "items": t("mirror.items"), "yen": t("mirror.yen_sum")},
    )  # fmt: skip

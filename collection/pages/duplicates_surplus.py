"""複本, 余る複本: copies beyond one a branch and beyond what use asks for, by class and branch."""

from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import duplicates
from collection.measures import Scope
from collection.pages import charts, frame, scope_bar, tell
from collection.pages.duplicates_parts import At, classes, each, listing
from collection.pages.tell import t

COLUMNS = ("title", "call_number", "branch", "copies", "loans_1y", "asks", "surplus", "holds")


@st.cache_data(max_entries=40, show_spinner=False)
def _cells(snapshot: str, flags: str, scope: Scope) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return duplicates.surplus_cells(own, scope)


@st.cache_data(max_entries=40, show_spinner=False)
def _rows(snapshot: str, flags: str, scope: Scope, rows: int | None, skip: int) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return duplicates.surplus(own, scope, rows, skip)


def show(at: At) -> None:
    """How many there are, and the titles they are of."""
    cells = _cells(str(at.snapshot), str(at.flags), at.scope)
    if cells.is_empty():
        st.info(t("duplicates.surplus_none"))
        return
    _heat(at, cells)
    named = {
        "copies": t("duplicates.copies_here"), "loans_1y": t("duplicates.loans_here"), "asks": t("duplicates.asks"),
        "surplus": t("duplicates.surplus"),
    }  # fmt: skip
    fetch = partial(_rows, str(at.snapshot), str(at.flags), at.scope)
    items = tell.books(int(cells["surplus"].sum()))
    if st.button(t("duplicates.surplus_open", n=items)):
        scope_bar.to_items(at.scope, sign="surplus")
    listing(at, t("duplicates.surplus_list"), fetch(1, 0)["rows"][0], fetch, COLUMNS, named, lambda found: found)


def _heat(at: At, cells: pl.DataFrame) -> None:
    names = classes(cells)
    branches = [branch for branch in at.branches if branch in set(cells["branch"])]
    top = cells.sort("surplus", "branch", "shelf_class", descending=[True, False, False]).row(0, named=True)
    shown = cells.with_columns(name=pl.col("shelf_class").replace(names), told=each(cells, "surplus", tell.number))

    def draw(dark: bool) -> alt.Chart:
        return charts.heat(
            shown, x="branch", y="name", value="surplus", said="told", dark=dark, fields=("branch", "shelf_class"),
            sort_x=branches, sort_y=list(names.values()), height=26,
            label_x=f"replace(datum.label, regexp('({t('branch_suffix')})$'), '')",
            tips=[
                alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("name", title=t("filter_shelf_class")),
                alt.Tooltip("told", title=t("duplicates.surplus")),
            ],
        )  # fmt: skip

    told = {
        "n": tell.books(int(cells["surplus"].sum())), "branch": top["branch"], "name": names[top["shelf_class"]],
        "most": tell.books(top["surplus"]),
    }  # fmt: skip
    method = t(
        "duplicates.surplus_method", loans=tell.number(at.policy.parameters["複本1冊の年間貸出"]),
        article=duplicates.article(at.policy, "surplus") or "",
    )  # fmt: skip
    charts.figure(
        "duplicates_surplus", t("duplicates.surplus_found", **told), draw,
        cells.pivot("branch", index="shelf_class", values="surplus").select("shelf_class", *branches),
        method=method, as_of=at.as_of, hint=t("charts.hint"),
        to=lambda cell: scope_bar.to_items(
            at.scope, branch=cell["branch"], shelf_class=cell["shelf_class"], sign="surplus"
        ),
        spoken={"shelf_class": tell.class_html}, named={branch: branch for branch in branches},
    )  # fmt: skip

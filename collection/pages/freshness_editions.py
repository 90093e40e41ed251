"""鮮度, 旧版: items that stand on open shelves while the library holds a newer edition."""

import html
from collections.abc import Callable
from urllib.parse import urlencode

import altair as alt
import polars as pl
import streamlit as st

from collection import candidates, freshness, sheets, words
from collection.measures import Scope
from collection.pages import charts, frame, paging, scope_bar, tell
from collection.pages.freshness_parts import At
from collection.pages.tell import t

ROWS = 100
COLUMNS = ("title", "edition", "pub_year", "newer", "newer_where", "branch", "call_number", "loans_1y")


@st.cache_data(max_entries=40, show_spinner=False)
def read_cells(snapshot: str, flags: str, shelves: Scope) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return freshness.past(own, ("shelf_class", "branch"), shelves)


@st.cache_data(max_entries=40, show_spinner=False)
def read(snapshot: str, flags: str, shelves: Scope, rows: int | None, skip: int) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return freshness.superseded(own, shelves, rows, skip)


def show(here: At) -> None:
    """How many there are by class and branch, and the list of them."""
    cells = read_cells(str(here.snapshot), str(here.flags), here.shelves)
    items = int(cells["superseded"].sum())
    if not items:
        st.info(t("freshness.no_superseded", place=here.place))
        return
    _heat(here, cells, items)
    _list(here, items)


def _heat(here: At, cells: pl.DataFrame, items: int) -> None:
    codes = words.table("codes")["shelf_class"]
    names = {mark: words.code("shelf_class", mark) for mark in codes if mark in set(cells["shelf_class"])}
    branches = cells.group_by("branch").agg(pl.col("items").sum()).sort("items", descending=True)["branch"].to_list()
    shown = cells.with_columns(
        name=pl.col("shelf_class").replace(names), told=pl.col("superseded").map_elements(tell.number, pl.String),
        of=tell.books_of("items"),
    )  # fmt: skip
    top = cells.sort("superseded", descending=True).row(0, named=True)

    def draw(dark: bool) -> alt.Chart:
        return charts.heat(
            shown, x="branch", y="name", value="superseded", said="told", dark=dark, fields=("branch", "shelf_class"),
            sort_x=branches, sort_y=list(names.values()), height=26,
            label_x=f"replace(datum.label, regexp('({t('branch_suffix')})$'), '')",
            tips=[
                alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("name", title=t("filter_shelf_class")),
                alt.Tooltip("told", title=words.code("sign", "superseded")), alt.Tooltip("of", title=t("freshness.items_of", place=here.place)),
            ],
        )  # fmt: skip

    table = cells.pivot("branch", index="shelf_class", values="superseded").select("shelf_class", *branches)
    charts.figure(
        "superseded",
        t("freshness.superseded_found", place=here.place, n=tell.books(items), branch=top["branch"], name=names[top["shelf_class"]], most=tell.books(top["superseded"])),
        draw, table, method=t("freshness.superseded_method"), as_of=here.as_of, hint=t("charts.hint"),
        to=lambda cell: scope_bar.to_items(here.shelves, branch=cell["branch"], shelf_class=cell["shelf_class"], sign="superseded"),
        spoken={"shelf_class": tell.class_html}, named={branch: branch for branch in branches},
    )  # fmt: skip


def _list(here: At, items: int) -> None:
    page = paging.asked(items, ROWS)
    skip = (page - 1) * ROWS
    found = read(str(here.snapshot), str(here.flags), here.shelves, ROWS, skip)
    st.subheader(t("freshness.superseded_list"), anchor=False)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        paging.turn(items, ROWS, page, len(found), ("superseded", here.shelves))
        if st.button(t("freshness.superseded_open")):
            scope_bar.to_items(here.shelves, sign="superseded")
        with st.popover(t("take_out")):
            for kind, mime in sheets.MIME.items():
                st.download_button(
                    t(f"download_{kind}", n=tell.books(items)), data=_file(here, kind, words.language.get()), mime=mime,
                    file_name=f"superseded-{here.as_of.isoformat()}.{kind}", key=f"superseded_{kind}", on_click="ignore",
                )  # fmt: skip
    shown = found.with_columns(
        tell.title_of(), newer=pl.Series([_newer(row) for row in found.iter_rows(named=True)], dtype=pl.String),
        newer_where=pl.Series([_where(row) for row in found.iter_rows(named=True)], dtype=pl.String),
    ).with_columns(
        title=pl.Series([_card(*row) for row in found.with_columns(tell.title_of()).select("item_id", "title").iter_rows()], dtype=pl.String)
    )  # fmt: skip
    tell.table(shown.select(COLUMNS), {"title": str, "newer": str}, named=_named())


def _card(item_id: str, text: str) -> str:
    """A link to the card of an item, for HTML."""
    query = urlencode(frame.with_language({"item": [item_id]}), doseq=True)
    return f'<a href="card?{html.escape(query)}" target="_self">{html.escape(tell.level(text))}</a>'


def _newer(row: dict) -> str:
    """The newer edition as a link to the card of one of its items."""
    if row["newer_item_id"] is None:
        return ""
    said = " ".join(str(part) for part in (row["newer_edition"], row["newer_year"]) if part is not None)
    return _card(row["newer_item_id"], said or row["newer_item_id"])


def _where(row: dict) -> str:
    """Where the newer edition stands: whether at the same branch, or where else."""
    if row["newer_branches"] is None:
        return ""
    branches = row["newer_branches"].split("、")
    if row["branch"] in branches:
        return t("freshness.newer_here", n=tell.books(row["newer_copies"]))
    first = branches[0] if len(branches) == 1 else t("freshness.and_others", branch=branches[0])
    return t("freshness.newer_elsewhere", n=tell.books(row["newer_copies"]), branch=first)


def _named() -> dict[str, str]:
    own = ("newer", "newer_where", "newer_edition", "newer_year", "newer_item_id", "newer_copies", "newer_branches")
    return {name: t(f"freshness.{name}") for name in own} | {"loans_1y": t("freshness.loans_1y")}


def _file(here: At, kind: str, language: str) -> Callable[[], bytes]:
    """The whole list, made when it is asked for; the language is told, since another thread makes it."""

    def made() -> bytes:
        with words.speaking(language):
            with frame.cursor(here.snapshot, here.flags) as own:
                found = freshness.superseded(own, here.shelves)
            coded = found.with_columns(candidates.coded("location"), candidates.coded("shelf_class"))
            named = coded.rename({name: _named().get(name) or tell.label(name) for name in found.columns})
            return sheets.csv_bytes(named) if kind == "csv" else sheets.xlsx_bytes(named, t("freshness.view_editions"))

    return made

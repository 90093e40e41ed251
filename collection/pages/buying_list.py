"""The list of 購入の検討 beside the card of the line that was picked."""

from dataclasses import replace

import polars as pl
import streamlit as st

from collection import words
from collection.buying import files, listing
from collection.buying.listing import Filter
from collection.pages import (
    buying_acts,
    buying_bar,
    buying_card,
    buying_paper,
    buying_parts,
    buying_ready,
    buying_rows,
    tell,
)
from collection.pages.buying_parts import At
from collection.pages.tell import t


def show(at: At, filter_now: Filter, line: str) -> None:
    """Draws filters, list and card, and below what the person may do."""
    found = buying_ready.shown(at, filter_now)
    buying_bar.show(filter_now, line, buying_ready.branches(*at.files))
    if filter_now.view == "considered":
        _hints(at, filter_now)
    if found.is_empty():
        _empty(filter_now)
        buying_acts.show(at, filter_now, found.clear(), found)
        return
    pages = -(-len(found) // listing.ROWS)
    page = min(filter_now.page, pages)
    rows = found.slice((page - 1) * listing.ROWS, listing.ROWS)
    picked = found.filter(pl.col("key") == line)
    with st.container(key="stacked_list"):
        left, right = st.columns([58, 42] if len(picked) else [9999, 1], gap="small" if len(picked) else None)
    with left:
        ticked = _table(at, filter_now, rows, bool(len(picked)))
        _below(at, filter_now, line, found, rows, page, pages)
    if len(picked):
        with right, st.container(border=True, height=600, key="card", gap="xsmall"):
            buying_card.show(at, filter_now, picked.row(0, named=True))
    buying_acts.show(at, filter_now, rows[ticked] if ticked else picked, found)


def _hints(at: At, filter_now: Filter) -> None:
    """The classes that are short of their target, each a link to its lines."""
    found, against = buying_ready.classes(at)
    short = found.filter("short")
    if short.is_empty():
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="gaps"):
        st.caption(t(f"buying.short_{against}"), width="content")
        for row in short.iter_rows(named=True):
            said = t("buying.short_class", mark=words.code("shelf_class", row["mark"]), n=tell.books(row["after_gap"]))
            new = replace(filter_now, shelf_class=(row["mark"],), page=1)
            st.button(
                said, type="tertiary", key=f"short_{row['mark']}", on_click=buying_parts.open_with, args=(new,),
                help=t("buying.short_help", now=tell.percent(row["share"]), target=tell.percent(row["target"])),
            )  # fmt: skip


def _empty(filter_now: Filter) -> None:
    if replace(filter_now, page=1, sort="rank") != Filter(view=filter_now.view):
        st.info(t("buying.nothing_found"))
    else:
        st.info(t(f"buying.empty_{filter_now.view}"))


def _table(at: At, filter_now: Filter, rows: pl.DataFrame, narrow: bool) -> list[int]:
    """The rows of a page; returns the numbers of those that are ticked. A cell that is pressed opens the card of its line."""
    shown = buying_rows.cells(at, rows)
    names = (buying_rows.NARROW if narrow else buying_rows.WIDE)[filter_now.view]
    column = st.column_config
    key = f"buying_{hash((filter_now, at.seq, words.language.get()))}"

    def pick() -> None:
        cells = st.session_state[key].selection.cells
        if cells != st.session_state.get("buying_cell"):
            st.session_state["buying_cell"] = cells
            if cells:
                buying_parts.open_with(filter_now, shown["key"][cells[0][0]])

    event = st.dataframe(
        shown.to_pandas().style.map(buying_rows.ink, subset=["verdict"]), key=key, hide_index=True, row_height=28, height=min(28 * len(shown) + 35, 380), placeholder="",
        on_select=pick, selection_mode=["single-cell", "multi-row"], column_order=names, alt=t("page_buying"),
        column_config={
            name: (column.NumberColumn if name in buying_rows.FIGURES else column.TextColumn)(
                files.heading(name), width=buying_rows.WIDTHS[name], help=buying_rows.help_of(at, name),
                **({"format": "localized"} if name in buying_rows.FIGURES else {}),
            )
            for name in names
        },
    )  # fmt: skip
    return [row for row in event.selection.rows if row < len(rows)]


def _below(
    at: At, filter_now: Filter, line: str, found: pl.DataFrame, rows: pl.DataFrame, page: int, pages: int
) -> None:
    """Which rows are shown, the pages, and the list to take away."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="below"):
        first = (page - 1) * listing.ROWS + 1
        said = {"first": tell.number(first), "last": tell.number(first + len(rows) - 1), "all": tell.number(len(found))}
        st.markdown(t("buying.range", **said), width="content")
        if pages > 1:
            key = f"buying_page_{hash(replace(filter_now, page=page))}"
            st.pagination(
                pages, default=page, max_visible_pages=5, key=key,
                on_change=lambda: buying_parts.open_with(replace(filter_now, page=st.session_state[key]), line),
            )  # fmt: skip
        buying_paper.downloads(at, filter_now, found)

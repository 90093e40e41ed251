"""The list of 購入の検討 on paper and as files: for the meeting, and the order list of a vendor."""

import html
from dataclasses import replace

import polars as pl
import streamlit as st

from collection import sheets, words, years
from collection.buying import files, listing
from collection.buying.listing import Filter
from collection.pages import buying_bar, buying_ready, buying_rows, frame, tell
from collection.pages.buying_parts import At
from collection.pages.tell import t

PRINTED = 500
KEPT_TOGETHER = ("no", "order", "verdict", "votes", "state", "day")  # cells that are not broken into lines


def downloads(at: At, filter_now: Filter, found: pl.DataFrame) -> None:
    """The menu of files; found: the lines that the filter lets through."""
    kinds = {"list": (files.listed, buying_rows.tallied(at, found))} | (
        {"order": (files.ordered, found)} if filter_now.view == "ordered" else {}
    )
    with st.popover(t("take_out")):
        for what, (table, lines) in kinds.items():
            for kind, mime in sheets.MIME.items():
                name = (
                    filter_now.order if what == "order" and filter_now.order else f"buying-{filter_now.view}-{at.as_of}"
                )
                st.download_button(
                    t(f"buying.take_{what}_{kind}"), data=_file(table, lines, kind, words.language.get()), mime=mime,
                    file_name=f"{name}.{kind}", key=f"buying_{what}_{kind}", on_click="ignore",
                )  # fmt: skip
        frame.link("buying", t("print"), listing.to_query(replace(filter_now, page=1)) | {"print": ["1"]})


def _file(table, lines: pl.DataFrame, kind: str, language: str):
    """A function that makes the file when its button is pressed, in whatever thread that is."""

    def make() -> bytes:
        with words.speaking(language):
            found = table(lines)
            return sheets.csv_bytes(found) if kind == "csv" else sheets.xlsx_bytes(found, t("page_buying"))

    return make


def printed(at: At, filter_now: Filter) -> None:
    """The list for the meeting, as a page prints it: the filter in words, the money, and the rows in their order."""
    found = buying_ready.shown(at, replace(filter_now, page=1))
    st.markdown(f"#### {t('buying.print_title', n=tell.number(len(found)), year=years.spoken(buying_ready.year()))}")
    st.html(f'<div class="quiet">{html.escape(described(filter_now))}</div>')
    with st.container(key="screen-only"):
        st.caption(t("print_hint", n=tell.number(PRINTED)) if len(found) > PRINTED else t("print_hint_short"))
        frame.link("buying", t("back_to_list"), listing.to_query(filter_now))
    if found.is_empty():
        st.info(t(f"buying.empty_{filter_now.view}"))
        return
    shown = buying_rows.cells(at, found.head(PRINTED)).select(buying_rows.WIDE[filter_now.view])
    tell.table(
        shown, dict.fromkeys(KEPT_TOGETHER, _together), named={name: files.heading(name) for name in shown.columns}
    )


def _together(value) -> str:
    return f'<span style="white-space:nowrap">{html.escape(tell.shown("", value))}</span>'


def described(filter_now: Filter) -> str:
    """The filter in words."""
    parts = [t(f"buying.view_{filter_now.view}")]
    parts += ["・".join(buying_bar.state_word(one) for one in filter_now.state)] if filter_now.state else []
    parts += ["・".join(files.source_word(one) for one in filter_now.source)] if filter_now.source else []
    parts += ["・".join(words.code("taking", one) for one in filter_now.verdict)] if filter_now.verdict else []
    parts += (
        ["・".join(words.code("shelf_class", one) for one in filter_now.shelf_class)] if filter_now.shelf_class else []
    )
    parts += ["・".join(filter_now.branch)] if filter_now.branch else []
    parts += ["・".join(t(f"buying.why_{one}") for one in filter_now.why)] if filter_now.why else []
    parts += [part for part in (filter_now.order, filter_now.text) if part]
    return " ／ ".join(parts)

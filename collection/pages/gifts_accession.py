"""受入を待つもの: what was accepted, to be entered into the library system and noted as received with its numbers."""

from datetime import date

import polars as pl
import streamlit as st

from collection import named, sheets, words
from collection.gifts import accession, keeping, standing
from collection.pages import frame, gifts_parts, tell
from collection.pages.gifts_parts import At
from collection.pages.tell import t


def show(at: At) -> None:
    """The list, its file, and the numbers that the copies got."""
    st.caption(t("gifts.accession_about"))
    found = accession.listed(standing.lines(frame.store(), "accepted"), standing.offers(frame.store()), date.today())
    if found.is_empty():
        st.info(t("gifts.accession_none"))
        return
    books = tell.books(int(found["take"].sum()))
    st.markdown(f"**{t('gifts.accession_wait', n=books, days=tell.number(found['days'].max()))}**")
    with st.container(horizontal=True, gap="small"):
        language = words.language.get()
        for kind, mime in sheets.MIME.items():
            st.download_button(
                t(f"download_{kind}", n=books), data=_file(found, kind, language), mime=mime, key=f"accession_{kind}",
                file_name=f"accession-{date.today()}.{kind}", on_click="ignore",
            )  # fmt: skip
    if at.may("receive_gift"):
        _receive(found)
    else:
        names = ("line", "title", "way", "take", "named", "days")
        tell.table(_shown(found).select(names), named={name: t(f"gifts.head_{name}") for name in names})


def _file(found: pl.DataFrame, kind: str, language: str):
    def make() -> bytes:
        with words.speaking(language):
            return accession.file(found, kind)

    return make


def _shown(found: pl.DataFrame) -> pl.DataFrame:
    return found.with_columns(gifts_parts.title_of(), gifts_parts.coded("way"))


def _receive(found: pl.DataFrame) -> None:
    """The list with a tick and a place for numbers at every line."""
    st.caption(t("gifts.accession_edit_about"))
    column, names = st.column_config, ("line", "title", "way", "take", "named", "days")
    widths = {"line": 100, "title": 300, "way": 60, "take": 70, "named": 130, "days": 60}
    shown = _shown(found).select(pl.lit(False).alias("tick"), pl.lit("").alias("items"), *names)
    edited = st.data_editor(
        shown, hide_index=True, row_height=28, height=min(28 * len(shown) + 38, 460), disabled=list(names),
        key=f"gift_receive_{len(found)}_{found['seq'].max()}",
        column_config={
            "tick": column.CheckboxColumn(t("gifts.receive_tick"), width=60),
            "items": column.TextColumn(t("gifts.head_items"), width=200, help=t("gifts.accession_scan")),
            **{name: (column.NumberColumn if name in ("take", "days") else column.TextColumn)(t(f"gifts.head_{name}"), width=widths[name])
               for name in names},
        },
    )  # fmt: skip
    chosen = edited.filter("tick")
    lines = chosen["line"].to_list()
    n = tell.books(len(lines))
    if st.button(t("gifts.receive_button", n=n), type="primary", key="gift_receive", disabled=not lines):
        numbers = {line: named.numbers(text or "") for line, text in chosen.select("line", "items").iter_rows()}
        seen = dict(found.filter(pl.col("line").is_in(lines)).select("line", "seq").iter_rows())

        def receive(person) -> str:
            keeping.receive(frame.store(), person, numbers, seen)
            return t("gifts.received", n=n)

        gifts_parts.act(receive)

"""行先, the library system: numbers for its batch withdrawal, and where it and the ledger disagree."""

import html
from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from collection import decisions, reconcile, words
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.roles import Person, may

SHOWN = 100
EVERY = ""


def show(snapshot: Path, person: Person) -> None:
    """A folded part of the screen with both."""
    with frame.cursor(snapshot, None) as own:
        found = reconcile.system_differences(own, frame.store())
    with st.expander(t("road.system", n=tell.number(len(found)))):
        _barcodes(person)
        _differences(found)


def _barcodes(person: Person) -> None:
    st.markdown(f"**{t('road.barcodes')}**")
    now = decisions.decided(frame.store()).items
    lists = now.filter(pl.col("road").is_not_null())["road_list"].drop_nulls().unique().sort(descending=True).to_list()
    chosen = st.selectbox(
        t("road.list_no"),
        [EVERY, *lists],
        key="barcodes_of",
        width=220,
        format_func=lambda each: each or t("road.every_list"),
    )
    numbers = reconcile.barcodes(frame.store(), chosen or None)
    if not numbers:
        st.caption(t("road.no_barcodes"))
        return
    if not may(person, "send_barcodes"):
        st.caption(t("road.librarians_act"))
        return

    def make() -> bytes:
        return reconcile.send_barcodes(frame.store(), person, numbers, chosen or None)

    st.download_button(
        t("road.take_barcodes", n=tell.books(len(numbers))), data=make, mime="text/plain", key="barcodes_file",
        file_name=f"barcodes-{chosen or 'all'}-{date.today()}.txt", on_click="ignore",
    )  # fmt: skip


def _differences(found: pl.DataFrame) -> None:
    st.markdown(f"**{t('road.differences')}**")
    if found.is_empty():
        st.caption(t("road.no_differences"))
        return
    st.caption(t("shelf.differences_hint"))
    spoken = {
        "difference": lambda value: html.escape(t(f"shelf.difference_{value}")),
        "road": lambda value: html.escape(words.code("road_state", value)),
    }
    named = {name: t(f"shelf.{name}") for name in ("difference", "road", "on_day", "days")}
    columns = ("branch", "difference", "item_id", "call_number", tell.title_of(), "status", "road", "on_day", "days")
    tell.table(found.head(SHOWN).select(*columns), spoken, named=named)
    if len(found) > SHOWN:
        st.caption(t("road.more_differences", n=tell.number(len(found) - SHOWN)))

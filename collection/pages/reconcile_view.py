"""What an import found of tags, lists and withdrawals, as 取込 shows it."""

from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from collection import reconcile
from collection.pages import frame, tell
from collection.pages.tell import t

SHOWN = 200


def show(snapshot: Path) -> None:
    """What dropped out lately, and how often library system and ledger disagree; nothing where there is nothing."""
    _dropped(reconcile.dropped(frame.store(), date.today() - reconcile.LATELY))
    with frame.cursor(snapshot, None) as own:
        found = len(reconcile.system_differences(own, frame.store()))
    if found and frame.may_open("road"):
        frame.link("road", t("shelf.differences", n=tell.number(found)))


def _dropped(found: pl.DataFrame) -> None:
    if found.is_empty():
        return
    st.subheader(t("shelf.dropped", n=tell.number(found["item_id"].n_unique())), anchor=False)
    was = [
        t("shelf.dropped_was_tag") if kind == "drop" else t("shelf.dropped_was_entry", list_no=list_no)
        for kind, list_no in found.select("kind", "list_no").iter_rows()
    ]
    shown = found.with_columns(pl.Series("was", was)).select(
        "on_day", "item_id", "title", "branch", "reason", "was", "by_name"
    )
    named = {"on_day": t("shelf.day"), "was": t("shelf.was"), "by_name": t("shelf.by")}
    tell.table(shown.head(SHOWN), named=named)

"""地域資料, the publications of the city that the library does not hold, matched by ISBN or title and year."""

import html
from pathlib import Path

import polars as pl
import streamlit as st

from collection import local, sheets, words
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.words import Problem

ROWS = 100


@st.cache_data(max_entries=5, show_spinner=False)
def _read(snapshot: str, flags: str, rows: list[dict]) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return local.publications(own, rows)


def show(snapshot: Path, flags: Path, policy: Policy) -> None:
    try:
        rows = local.wanted(policy)
    except Problem as problem:
        st.warning(tell.plain(str(problem)))
        return
    city = policy.city[words.language.get()]
    if not rows:
        st.info(t("local.empty_city", city=city, file=f"{policy.name}/{local.PUBLICATIONS.as_posix()}"))
        return
    found = _read(str(snapshot), str(flags), rows)
    lacking = found.filter(pl.col("found") != "held")
    st.subheader(
        t("local.finding_city", city=city, n=tell.number(found.height), lacking=tell.number(lacking.height)),
        anchor=False,
    )
    st.caption(t("local.method_city", file=f"{policy.name}/{local.PUBLICATIONS.as_posix()}"))
    shown = found if st.toggle(t("local.with_held"), key="local_with_held") else lacking
    named = {name: t(f"local.{name}") for name in ("found", "year", "usable", "other_years")}
    if shown.is_empty():
        st.success(t("local.city_complete"))
    else:
        tell.table(shown.head(ROWS), {"found": lambda state: html.escape(t(f"local.found_{state}"))}, named=named)
    if shown.height > ROWS:
        st.caption(t("local.more", n=tell.number(shown.height - ROWS)))

    told = shown.with_columns(pl.col("found").replace({state: t(f"local.found_{state}") for state in local.FOUND}))
    told = told.rename({name: named.get(name) or tell.label(name) for name in told.columns})
    st.download_button(
        "CSV", lambda: sheets.csv_bytes(told), file_name="city-publications.csv", mime="text/csv", on_click="ignore"
    )

"""地域資料, a forecast: records without a local mark that look like local material, with the words that say so."""

import html
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from collection import local, sheets, words
from collection.measures import Scope
from collection.pages import frame, paging, tell
from collection.pages.tell import t
from models import artefact

VIEW = "likely"
ROWS = 50
SHOWN = ("title", "words", "likely", "items", "candidates")
UNDER = ("author", "publisher", "pub_year", "ndc")  # below the title
FILED = ("item_id", "title", *UNDER, *SHOWN[1:])


@st.cache_data(max_entries=3, show_spinner=False)
def _read(snapshot: str, flags: str, file: str, _made: int) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return local.likely(own, artefact.attached(own, Path(file)))


def show(snapshot: Path, flags: Path, file: Path, scope: Scope, as_of: date) -> None:
    """The list within a scope; `file`: the artefact of the model."""
    found = local.records(local.scoped(_read(str(snapshot), str(flags), str(file), file.stat().st_mtime_ns), scope))
    urgent = int((found["candidates"] > 0).sum())
    st.subheader(
        t("local.finding_likely", n=tell.number(found.height), urgent=tell.number(urgent)), anchor=False,
        help=t("local.likely_help"),
    )  # fmt: skip
    st.caption(t("local.method_likely"))
    frame.link("models", t("local.to_model"), {"model": ["local"]}, width="content")
    if found.is_empty():
        st.info(t("local.empty_likely"))
        return
    page = paging.asked(found.height, ROWS)
    shown = found.slice((page - 1) * ROWS, ROWS).with_columns(tell.title_of(), tell.author_of())
    cards = pl.Series("title", [_card(row) for row in shown.iter_rows(named=True)], pl.String)
    tell.table(
        shown.with_columns(cards).select(SHOWN),
        {
            "title": str,
            "words": lambda said: html.escape("・".join(said.split(";"))),
            "likely": lambda share: f"{share:.2f}",
            "candidates": lambda n: f"{tell.verdict_html('candidate')} {n}" if n else "",
        },
        named=_named(),
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        paging.turn(found.height, ROWS, page, shown.height, (VIEW, scope))
        language = words.language.get()
        st.download_button(
            "CSV", lambda: file_of(found, language), file_name=f"local-likely-{as_of}.csv", mime="text/csv",
            key="local_likely_csv", on_click="ignore",
        )  # fmt: skip


def _card(row: dict) -> str:
    """Title of a record with what is UNDER it, as a link to the card of one of its items."""
    query = html.escape(urlencode(frame.with_language({"item": [row["item_id"]]}), doseq=True))
    more = " ／ ".join(tell.level(str(row[name])) for name in UNDER if row[name])
    title = html.escape(tell.level(row["title"]))
    return f'<a href="card?{query}" target="_self">{title}</a><div class="quiet">{html.escape(more)}</div>'


def file_of(found: pl.DataFrame, language: str) -> bytes:
    """The whole list as CSV in a language; it is made by a thread that knows none."""
    with words.speaking(language):
        told = found.with_columns(tell.title_of()).select(FILED)
        return sheets.csv_bytes(told.rename({name: _named().get(name) or tell.label(name) for name in FILED}))


def _named() -> dict[str, str]:
    return {name: t(f"local.likely_{name}") for name in ("words", "likely", "items", "candidates")}

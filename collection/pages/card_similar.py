"""類本 on the card: other works on the same narrow subject, where they are held, and the words that say so."""

import html
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from collection.pages import frame, tell
from collection.pages.tell import t
from models import artefact
from models.similar import found

MOST = 6


def show(snapshot: Path, flags: Path, item: dict) -> None:
    """A short list; nothing where there is no index, no record, or no similar title."""
    index = artefact.found(snapshot, "similar")
    if index is None or item["bib_no"] is None:
        return
    rows = _rows(str(snapshot), str(flags), str(index), item["bib_no"])
    if rows.is_empty():
        return
    st.markdown(f"**{t('models_similar.on_card')}**")
    st.html(f'<ul class="plain">{"".join(map(_line, rows.iter_rows(named=True)))}</ul>')


@st.cache_data(max_entries=500, show_spinner=False)
def _rows(snapshot: str, flags: str, index: str, bib_no: int) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return found.of_item(own, Path(index), bib_no, MOST)


def _line(row: dict) -> str:
    query = urlencode(frame.with_language({"item": [row["item_id"]]}), doseq=True)
    link = f'<a href="card?{html.escape(query)}" target="_self">{html.escape(row["title"])}</a>'
    author = (row["author"] or "").replace(";", "、")
    said = " ／ ".join(html.escape(part) for part in (author, tell.shown("pub_year", row["pub_year"])) if part)
    branches = row["branches"]
    where = branches[0] if len(branches) == 1 else t("models_similar.branches", first=branches[0], n=len(branches))
    why = t(
        "models_similar.why", words=row["shared_words"].replace(";", "・"), place=where, copies=tell.books(row["copies"]),
        **{"class": row["class"]},
    )  # fmt: skip
    return f'<li>{link} <span>{said}</span><br><span class="quiet">{html.escape(why)}</span></li>'

"""除籍候補: the filtered list beside the card of the item that was picked; downloads and a list for paper."""

import html
from dataclasses import replace

import polars as pl
import streamlit as st

from collection import candidates, decisions, forecast, roles, sheets, words
from collection.candidates import Filter
from collection.pages import card_forecast, card_view, filter_bar, frame, tag_bar, tell
from collection.pages.tell import t

person = frame.enter("candidates")
PRINTED = 1000
query = {name: st.query_params.get_all(name) for name in st.query_params}
chosen = candidates.from_query(query)
picked = (query.get("item") or [""])[0]
snapshot, flags, policy = frame.need_flags()
seq = decisions.decided(frame.store()).seq  # what is kept ready is of this moment
foreseen = forecast.mark(snapshot)  # and of this forecast


def open_with(new: Filter, item: str = "") -> None:
    """Writes a filter into the address; the next run shows it."""
    wanted = candidates.to_query(new) | ({"item": [item]} if item else {})
    st.query_params.from_dict(frame.with_language(wanted))


def turned(key: str) -> None:
    """Another page of the same list."""
    open_with(replace(chosen, page=st.session_state[key]), picked)


def pick(key: str, items: pl.Series) -> None:
    """A cell of the list was pressed or reached with the arrows: its card opens. Ticking rows opens none."""
    cells = st.session_state[key].selection.cells
    if cells != st.session_state.get("cell"):
        st.session_state["cell"] = cells
        if cells:
            open_with(chosen, items[cells[0][0]])


@st.cache_data(max_entries=200, show_spinner=False)
def tally_of(snapshot: str, flags: str, seq: int, chosen: Filter) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return candidates.totals(own, chosen)


@st.cache_data(max_entries=60, show_spinner=False)
def page_of(
    snapshot: str, flags: str, seq: int, chosen: Filter, language: str, rows: int, foreseen: str
) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return candidates.page(own, policy, chosen, rows)


@st.cache_data(max_entries=5, show_spinner=False)
def choices_of(snapshot: str, flags: str) -> dict[str, list[str]]:
    with frame.cursor(snapshot, flags) as own:
        return candidates.choices(own)


def download(kind: str, language: str):
    """A function that makes the whole filtered list when its button is pressed."""

    def make() -> bytes:
        with words.speaking(language):
            with frame.cursor(snapshot, flags) as own:
                found = candidates.whole(own, policy, chosen)
            return sheets.csv_bytes(found) if kind == "csv" else sheets.xlsx_bytes(found, t("page_candidates"))

    return make


tally = tally_of(str(snapshot), str(flags), seq, replace(chosen, verdict=(), criterion=(), page=1, sort="score"))
items = candidates.count(tally, chosen)
everything = int(tally_of(str(snapshot), str(flags), seq, Filter(verdict=(), tag=(candidates.ALL,)))["items"].sum())
pages = max(1, -(-items // candidates.ROWS))
chosen = replace(chosen, page=min(chosen.page, pages))

if query.get("print"):
    found = page_of(str(snapshot), str(flags), seq, replace(chosen, page=1), words.language.get(), PRINTED, foreseen)
    st.markdown(f"#### {t('candidates_title', items=tell.books(items), all=tell.books(everything))}")
    st.html(f'<div class="quiet">{html.escape(candidates.describe(policy, chosen))}</div>')
    with st.container(key="screen-only"):
        st.caption(t("print_hint", n=tell.number(PRINTED)) if items > PRINTED else t("print_hint_short"))
        frame.link("candidates", t("back_to_list"), candidates.to_query(chosen))
    printed = found.with_row_index("row", 1).select(
        "row", "call_number", tell.title_of(), tell.author_of(), "pub_year", "branch", "location", "item_id",
        "verdict", "grounds", "route", tell.survivor_of(), pl.col("score").round(0),
    )  # fmt: skip
    tell.table(printed, {"verdict": tell.verdict_html})
    st.stop()

st.header(t("candidates_title", items=tell.books(items), all=tell.books(everything)), anchor=False)
choices = choices_of(str(snapshot), str(flags))
filter_bar.show(policy, chosen, picked, choices, tally, person, open_with)
if not items:
    st.info(t("nothing_found"))
    st.stop()

found = page_of(str(snapshot), str(flags), seq, chosen, words.language.get(), candidates.ROWS, foreseen)
shown = found.select(
    "call_number", tell.title_of(), tell.author_of(), "branch",
    pl.col("verdict").fill_null("none").replace({name: tell.verdict(name, False) for name in candidates.VERDICTS}),
    "grounds", tag_bar.cell(), tell.survivor_of(), "pub_year", pl.col("score").round(0).cast(pl.Int16),
    card_forecast.cell(found),
)  # fmt: skip
colours = {tell.verdict(name, False): said[3 if tell.dark() else 2] for name, said in tell.VERDICTS.items()}


def ink(mark: str) -> str:
    """The colour of a verdict's cell."""
    return f"color: {colours.get(mark, '')}; font-weight: 600"


with st.container(key="stacked_list"):  # always two columns, so that the list keeps its place when the card opens
    left, right = st.columns([62, 38] if picked else [9999, 1], gap="small" if picked else None)
with left:
    room = 30 if foreseen else 0  # pixels that each of three columns gives to the forecast
    narrow = ["call_number", "title", "tag", "branch", "verdict", "grounds", "score"]
    wide = ["call_number", "title", "tag", "branch", "verdict", "grounds", "survivor", "author", "pub_year", "score"]
    if foreseen:
        wide.append("forecast")
        if chosen.sort == "forecast":
            narrow.append("forecast")
    column = st.column_config
    may_tag = roles.may(person, "tag")
    selectable = ["single-cell", "multi-row" if may_tag else "single-column"]
    key = f"list_{hash((chosen, words.language.get()))}"
    selection = st.dataframe(
        shown.to_pandas().style.map(ink, subset=["verdict"]),
        key=key, hide_index=True, row_height=28, height=min(28 * len(shown) + 35, 420),
        on_select=lambda: pick(key, found["item_id"]), selection_mode=selectable, placeholder="",
        alt=t("page_candidates"),
        column_order=narrow if picked else wide,
        column_config={
            "call_number": column.TextColumn(tell.label("call_number"), width=95),
            "title": column.TextColumn(tell.label("title"), width=190 if picked else 225 - room),
            "author": column.TextColumn(tell.label("author"), width=115 - room),
            "branch": column.TextColumn(tell.label("branch"), width=90),
            "verdict": column.TextColumn(t("filter_verdict"), width=85),
            "grounds": column.TextColumn(t("label_grounds"), width=150),
            "tag": column.TextColumn(t("filter_tag"), help=t("tags.help_column"), width=110 - room),
            "survivor": column.TextColumn(t("label_survivor"), width=130),
            "pub_year": column.NumberColumn(t("filter_year"), format="%d", width=60),
            "score": column.NumberColumn(t("filter_score"), help=t("help_score"), width=50),
            "forecast": column.TextColumn(t("models_use.forecast"), help=t("models_use.help"), width=90),
        },
    )  # fmt: skip
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="below"):
        first = (chosen.page - 1) * candidates.ROWS + 1
        st.markdown(
            t("range", first=tell.number(first), last=tell.number(first + len(found) - 1), all=tell.number(items)),
            width="content",
        )
        if pages > 1:
            turn = f"page_{hash(chosen)}"
            st.pagination(pages, default=chosen.page, max_visible_pages=5, key=turn, on_change=turned, args=(turn,))
        with st.popover(t("take_out")):
            for kind, mime in sheets.MIME.items():
                st.download_button(
                    t(f"download_{kind}", n=tell.books(items)), data=download(kind, words.language.get()), mime=mime,
                    file_name=f"candidates-{snapshot.name[:10]}.{kind}", key=f"download_{kind}", on_click="ignore",
                )  # fmt: skip
            frame.link(
                "candidates", t("print"), candidates.to_query(replace(chosen, sort="shelf", page=1)) | {"print": ["1"]}
            )
            if frame.may_open("shelf"):
                frame.link(
                    "shelf", t("shelf.pull"), candidates.to_query(replace(chosen, page=1)) | {"pull": ["filter"]}
                )
            if "librarian" in person.roles:
                drafted_from = candidates.to_query(replace(chosen, page=1)) | {"new": ["1"]}
                frame.link("committee", t("committee.from_filter"), drafted_from)
if picked:
    with right, st.container(border=True, height=600, key="card", gap="xsmall"):
        card_view.show(snapshot, flags, policy, picked, close=lambda: open_with(chosen))
if may_tag:
    rows = [row for row in selection.selection.rows if row < len(found)]
    ticked = tag_bar.Ticked(key, found["item_id"].gather(rows).to_list())
    tag_bar.show(snapshot, flags, policy, person, chosen, items, ticked, picked, choices["branch"])

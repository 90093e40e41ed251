"""除籍候補: the filtered list beside the card of the item that was picked; downloads and a list for paper."""

import html
from dataclasses import replace

import polars as pl
import streamlit as st

from collection import candidates, sheets, words
from collection.candidates import Filter
from collection.pages import card_view, frame, tell
from collection.pages.tell import t

PRINTED = 1000
query = {name: st.query_params.get_all(name) for name in st.query_params}
chosen = candidates.from_query(query)
picked = (query.get("item") or [""])[0]
snapshot, flags, policy = frame.need_flags()


def open_with(new: Filter, item: str = "") -> None:
    """Writes a filter into the address; the next run shows it."""
    wanted = candidates.to_query(new) | ({"item": [item]} if item else {})
    st.query_params.from_dict(frame.with_language(wanted))


def changed(part: str) -> None:
    """A widget of the filter was used: into the address with it, from page 1."""
    value = st.session_state[f"filter_{part}"]
    if isinstance(value, list | tuple):
        value = tuple(value)
    elif value is None and part == "text":
        value = ""
    open_with(replace(chosen, page=1, **{part: value}), picked)


def turned(key: str) -> None:
    """Another page of the same list."""
    open_with(replace(chosen, page=st.session_state[key]), picked)


def pick(key: str, items: pl.Series) -> None:
    """A cell of the list was pressed or reached with the arrows: its card opens."""
    cells = st.session_state[key].selection.cells
    if cells:
        open_with(chosen, items[cells[0][0]])


def widget(part: str) -> dict:
    """What every widget of the filter has in common: its value comes from the address."""
    value = getattr(chosen, part)
    st.session_state[f"filter_{part}"] = list(value) if isinstance(value, tuple) else value
    return {"key": f"filter_{part}", "on_change": changed, "args": (part,)}


@st.cache_data(max_entries=200, show_spinner=False)
def tally_of(snapshot: str, flags: str, chosen: Filter) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return candidates.totals(own, chosen)


@st.cache_data(max_entries=60, show_spinner=False)
def page_of(snapshot: str, flags: str, chosen: Filter, language: str, rows: int) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return candidates.page(own, policy, chosen, rows)


@st.cache_data(max_entries=5, show_spinner=False)
def choices_of(snapshot: str, flags: str) -> dict[str, list[str]]:
    with frame.cursor(snapshot, flags) as own:
        return candidates.choices(own)


def download(kind: str, language: str):
    """A function that makes the whole filtered list when its button is pressed."""

    def make() -> bytes:
        words.language.set(language)
        with frame.cursor(snapshot, flags) as own:
            found = candidates.whole(own, policy, chosen)
        return sheets.csv_bytes(found) if kind == "csv" else sheets.xlsx_bytes(found, t("page_candidates"))

    return make


tally = tally_of(str(snapshot), str(flags), replace(chosen, verdict=(), criterion=(), page=1, sort="score"))
items = candidates.count(tally, chosen)
everything = int(tally_of(str(snapshot), str(flags), Filter(verdict=()))["items"].sum())
pages = max(1, -(-items // candidates.ROWS))
chosen = replace(chosen, page=min(chosen.page, pages))

if query.get("print"):
    found = page_of(str(snapshot), str(flags), replace(chosen, page=1), words.language.get(), PRINTED)
    st.markdown(f"#### {t('candidates_title', items=tell.books(items), all=tell.books(everything))}")
    st.html(f'<div class="quiet">{html.escape(candidates.describe(chosen))}</div>')
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


def listed(part: str, options: list[str], said) -> None:
    """A filter of several words behind a button that says what is chosen."""
    values = getattr(chosen, part)
    what = "・".join(said(value) for value in values[:2]) + (f" +{len(values) - 2}" if len(values) > 2 else "")
    name = t(f"filter_{part}")
    with st.popover(f"{name}: **{tell.plain(what)}**" if values else name):
        st.pills(
            name, list(dict.fromkeys([*options, *values])), selection_mode="multi", format_func=said, **widget(part)
        )


def ranged(name: str, low: str, high: str | None, most: int) -> None:
    """A filter from … to … behind a button that says what is chosen."""
    first, last = getattr(chosen, low), getattr(chosen, high) if high else None
    said = f"{'' if first is None else first}–{'' if last is None else last}" if high else f"≥ {first}"
    with st.popover(f"{name}: **{said}**" if (first, last) != (None, None) else name):
        st.number_input(t("at_least", what=name), min_value=0, max_value=most, step=1, **widget(low))
        if high:
            st.number_input(t("at_most", what=name), min_value=0, max_value=most, step=1, **widget(high))


def coded(field: str):
    return lambda value: words.code(field, value)


with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key="filters"):
    listed("branch", choices["branch"], str)
    listed("location", choices["location"], coded("location"))
    listed("shelf_class", list(words.table("codes")["shelf_class"]), coded("shelf_class"))
    listed("route", list(words.table("codes")["route"]), coded("route"))
    ranged(t("filter_idle"), "idle_from", None, 99)
    ranged(t("filter_year"), "year_from", "year_to", 2100)
    ranged(t("filter_score"), "score_from", "score_to", 100)
    st.text_input(
        t("filter_text"),
        placeholder=t("filter_text"),
        label_visibility="collapsed",
        width=210,
        type="search",
        **widget("text"),
    )
    st.selectbox(
        t("sort"),
        candidates.SORTS,
        format_func=lambda name: t(f"sort_{name}"),
        label_visibility="collapsed",
        width=165,
        **widget("sort"),
    )
    if replace(chosen, page=1, sort="score") != Filter() and st.button(t("clear_filters"), type="tertiary"):
        open_with(Filter())
        st.rerun()

by_verdict = {name: candidates.count(tally, replace(chosen, verdict=(name,))) for name in candidates.VERDICTS}
by_criterion = {
    name: candidates.count(tally, replace(chosen, criterion=(name,))) for name in words.table("codes")["criterion"]
}
with st.container(horizontal=True, gap="xxsmall", key="tallies"):
    st.pills(
        t("filter_verdict"),
        candidates.VERDICTS,
        selection_mode="multi",
        label_visibility="collapsed",
        wrap=True,
        format_func=lambda name: f"{tell.verdict(name)} {tell.number(by_verdict[name])}",
        **widget("verdict"),
    )
    st.pills(
        t("filter_criterion"),
        list(by_criterion),
        selection_mode="multi",
        label_visibility="collapsed",
        wrap=True,
        format_func=lambda name: f"{words.code('criterion', name)} {tell.number(by_criterion[name])}",
        **widget("criterion"),
    )
if chosen.rule:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(t("filter_rule", rule=tell.plain(chosen.rule)))
        if st.button(t("clear_rule"), type="tertiary"):
            open_with(replace(chosen, rule="", page=1))
            st.rerun()

if not items:
    st.info(t("nothing_found"))
    st.stop()

found = page_of(str(snapshot), str(flags), chosen, words.language.get(), candidates.ROWS)
shown = found.select(
    "call_number", tell.title_of(), tell.author_of(), "branch",
    pl.col("verdict").fill_null("none").replace({name: tell.verdict(name, False) for name in candidates.VERDICTS}),
    "grounds", tell.survivor_of(), "pub_year", pl.col("score").round(0).cast(pl.Int16),
)  # fmt: skip
colours = {tell.verdict(name, False): said[3 if tell.dark() else 2] for name, said in tell.VERDICTS.items()}


def ink(mark: str) -> str:
    """The colour of a verdict's cell."""
    return f"color: {colours.get(mark, '')}; font-weight: 600"


with st.container(key="stacked_list"):  # always two columns, so that the list keeps its place when the card opens
    left, right = st.columns([62, 38] if picked else [9999, 1], gap="small" if picked else None)
with left:
    narrow = ["call_number", "title", "branch", "verdict", "grounds", "score"]
    wide = ["call_number", "title", "branch", "verdict", "grounds", "survivor", "author", "pub_year", "score"]
    column = st.column_config
    key = f"list_{hash((chosen, words.language.get()))}"
    st.dataframe(
        shown.to_pandas().style.map(ink, subset=["verdict"]),
        key=key, hide_index=True, row_height=28, height=min(28 * len(shown) + 35, 500),
        on_select=lambda: pick(key, found["item_id"]), selection_mode=["single-cell", "single-column"], placeholder="",
        alt=t("page_candidates"),
        column_order=narrow if picked else wide,
        column_config={
            "call_number": column.TextColumn(tell.label("call_number"), width=95),
            "title": column.TextColumn(tell.label("title"), width=190 if picked else 240),
            "author": column.TextColumn(tell.label("author"), width=120),
            "branch": column.TextColumn(tell.label("branch"), width=90),
            "verdict": column.TextColumn(t("filter_verdict"), width=85),
            "grounds": column.TextColumn(t("label_grounds"), width=150),
            "survivor": column.TextColumn(t("label_survivor"), width=130),
            "pub_year": column.NumberColumn(t("filter_year"), format="%d", width=60),
            "score": column.NumberColumn(t("filter_score"), help=t("help_score"), width=50),
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
if picked:
    with right, st.container(border=True, height=600, key="card", gap="xsmall"):
        card_view.show(snapshot, flags, policy, picked, close=lambda: open_with(chosen))

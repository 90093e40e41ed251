"""除籍簿: what was withdrawn in a fiscal year, by branch, clause, outcome and person; a click opens the item's history."""

from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from collection import books, criteria, decisions, disclosure, downloads, steps, years
from collection.books import Chosen
from collection.pages import books_parts as parts
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person, may

WIDTHS = {"ended_on": 90, "end": 130, "item_id": 100, "title": 210, "author": 110, "branch": 95, "call_number": 90,
          "clause": 115, "reason": 200, "decided_on": 90, "decided_by": 90}  # fmt: skip


@st.cache_data(max_entries=20, show_spinner=False)
def _choices(store: str, seq: int, whole: Chosen) -> dict[str, dict[str, str]]:
    return books.choices(Path(store), whole)


@st.cache_data(max_entries=20, show_spinner=False)
def _count(store: str, seq: int, chosen: Chosen, today: date) -> tuple[int, int]:
    return books.count(Path(store), chosen)


@st.cache_data(max_entries=20, show_spinner=False)
def _page(store: str, seq: int, chosen: Chosen, skip: int, today: date) -> pl.DataFrame:
    return books.register(Path(store), chosen, parts.ROWS, skip)


def show(person: Person, library: str, policy: Policy | None) -> None:
    store = frame.store()
    seq, today = decisions.decided(store).seq, date.today()
    with st.spinner(t("books.counting")):
        chosen = _chosen(store, seq, today, policy)
        rows, pending = _count(str(store), seq, chosen, today)
    period = t("books.all_years") if chosen.first == date.min else years.spoken(years.of(chosen.first))
    if not rows:
        _say_empty(store, period)
        return
    st.markdown(t("books.counted", period=period, n=tell.books(rows - pending), pending=tell.books(pending)))
    skip = parts.page(rows)
    found = _page(str(store), seq, chosen, skip, today)
    _table(found, policy, f"register_{skip}_{hash(chosen)}")
    parts.turn_pages(rows, skip)
    name = "withdrawals" if chosen.first == date.min else f"withdrawals-{chosen.first.year}"
    parts.files(
        name, ("csv", "xlsx", "pdf"),
        lambda kind: downloads.register(books.register(store, chosen), kind, library, period, policy), "register",
    )  # fmt: skip
    if may(person, "disclose") and st.toggle(t("books.disclose"), key="register_disclose"):
        given = disclosure.register(store, person, chosen)
        if parts.read_first(disclosure.texts(given, "decided_because"), "register_read"):
            parts.files(
                f"{name}-disclosed", ("csv", "xlsx", "pdf"),
                lambda kind: downloads.register(given, kind, library, period, policy, disclosed=True), "disclosed", "books.take_disclosed",
            )  # fmt: skip


def _chosen(store: Path, seq: int, today: date, policy: Policy | None) -> Chosen:
    options = [*map(str, books.fiscal_years(store, today)), "all"]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        year = st.query_params.get("fy", options[0])
        st.session_state["books_fy"] = year if year in options else options[0]
        st.selectbox(
            t("books.fiscal_year"), options, key="books_fy", width=175,
            format_func=lambda value: t("books.all_years") if value == "all" else years.spoken(int(value)),
            on_change=lambda: parts.address(fy=st.session_state["books_fy"]),
        )  # fmt: skip
        year = st.session_state["books_fy"]
        whole = Chosen(date.min, date.max) if year == "all" else books.of_year(int(year))
        offered = _choices(str(store), seq, whole)
        clauses = {clause: criteria.label(policy, clause) for clause in offered["clause"]}
        ends = {end: books.end_word(end) for end in books.ENDS}
        narrowed = {
            "branch": parts.choice("branch", offered["branch"], books.heading("branch"), 160),
            "clause": parts.choice("clause", clauses, books.heading("clause"), 160),
            "end": parts.choice("end", ends, books.heading("end"), 130),
            "person": parts.choice("person", offered["person"], books.heading("decided_by"), 140),
            "text": parts.text("text", t("books.search"), placeholder=t("books.search_hint"), width=240),
        }
    return Chosen(whole.first, whole.last, **narrowed)


def _say_empty(store: Path, period: str) -> None:
    if books.count(store, Chosen(date.min, date.max))[0]:
        st.info(t("books.empty_year", period=period))
    else:
        st.info(t("books.empty"))
        frame.link("road", t("books.to_road"))


def _table(found: pl.DataFrame, policy: Policy | None, key: str) -> None:
    shown = found.with_columns(
        tell.title_of(), tell.author_of(),
        books.clauses(found, policy),
        pl.Series("end", [_end(row) for row in found.iter_rows(named=True)], pl.String),
    ).select(*WIDTHS)  # fmt: skip
    st.dataframe(
        shown, key=key, hide_index=True, row_height=28, height=min(28 * len(shown) + 38, 480), selection_mode="single-cell",
        on_select=lambda: _pick(key, found["item_id"].to_list()), placeholder="",
        column_config={name: st.column_config.TextColumn(books.heading(name), width=WIDTHS[name]) for name in WIDTHS},
    )  # fmt: skip
    st.caption(t("books.pick"))


def _pick(key: str, items: list[str]) -> None:
    cells = st.session_state[key].selection.cells
    if cells:
        parts.address(view="item", item=items[cells[0][0]])


def _end(row: dict) -> str:
    if row["end"] == books.PENDING:
        return t("books.pending_now", state=steps.word("road", row["now"]))
    word = books.end_word(row["end"], row["to_whom"])
    return f"{word}・{t('books.back', day=row['back_on'])}" if row["back_on"] else word

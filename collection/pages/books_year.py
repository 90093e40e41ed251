"""図書受入・除籍状況 of a fiscal year, what of it does not agree, and what became of the withdrawn items."""

import html
from datetime import date

import polars as pl
import streamlit as st

from collection import books, decisions, downloads, report, years
from collection.pages import books_parts as parts
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person
from collection.store import snapshots


@st.cache_data(max_entries=6, show_spinner=False)
def _year(store: str, year: int, seq: int, newest: str, today: date) -> report.Year:
    return report.of_year(frame.store(), year)


def show(person: Person, library: str, policy: Policy | None) -> None:
    store, today = frame.store(), date.today()
    newest = snapshots.newest(store)
    if newest is None:
        st.info(t("no_snapshot"))
        frame.link("imports", t("open_imports"))
        return
    known = [str(year) for year in books.fiscal_years(store, today)]
    asked = parts.asked("fy")
    st.session_state["books_fy"] = asked if asked in known else known[0]
    st.selectbox(
        t("books.fiscal_year"), known, key="books_fy", format_func=lambda value: years.spoken(int(value)), width=260,
        on_change=lambda: parts.address(fy=st.session_state["books_fy"]),
    )  # fmt: skip
    with st.spinner(t("books.counting")):
        year = int(st.session_state["books_fy"])
        found = _year(str(store), year, decisions.decided(store).seq, newest.name, today)
    failed = report.failures(found.table)
    if failed:
        said = "\n".join(f"- {tell.plain(line)}" for line in [*failed, *report.reasons(found)])
        st.warning(f"{t('books.report_unbalanced', n=len(failed))}\n\n{said}")
        parts.files(
            f"differences-{year}", ("csv", "xlsx"),
            lambda kind: downloads.table(_differences(found), kind, t("books.head_difference")), "differences", "books.take_differences",
        )  # fmt: skip
    else:
        st.success(t("books.report_balanced"))
    for note in found.notes:
        st.caption(note)
    _table(found.table, {"branch": report.branch_word, "kind": report.kind_word})
    st.caption(t("books.report_rule"))
    name = f"accession-withdrawal-{year}"
    parts.files(name, ("csv", "xlsx", "pdf"), lambda kind: downloads.year(found, kind, library), "year")
    st.subheader(t("books.report_split"), anchor=False)
    _table(found.split, {"branch": report.branch_word})
    st.subheader(t("books.report_recycled"), anchor=False)
    months = {month: month for month in found.recycled.columns[1:-1]}
    _table(found.recycled, {"branch": report.branch_word}, months)
    parts.files(f"recycling-{year}", ("csv", "xlsx"), lambda kind: downloads.recycled(found, kind, library), "recycled")


def _table(found: pl.DataFrame, spoken: dict, named: dict | None = None) -> None:
    said = {name: lambda value, word=word: html.escape(word(value)) for name, word in spoken.items()}
    figures = {name: tell.number for name, kind in found.schema.items() if kind.is_numeric()}
    headings = {name: books.heading(name) for name in found.columns if name not in (named or {})}
    tell.table(found, said | figures, marked=len(found) - 1, named=headings | (named or {}))


def _differences(found: report.Year) -> pl.DataFrame:
    words = {name: t(f"books.difference_{name}") for name in report.DIFFERENCES}
    kinds = {"general": report.kind_word(report.GENERAL), "children": report.kind_word(report.CHILDREN)}
    return found.differences.with_columns(pl.col("difference").replace(words), pl.col("kind").replace(kinds))

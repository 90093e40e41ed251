"""年報: the official tables of a fiscal year in their printed layout, what of them does not agree, and the files to take."""

from datetime import date
from functools import partial

import streamlit as st

from collection import decisions, measures, sheets, words, yearbook, years
from collection.pages import frame, tell, yearbook_table
from collection.pages.tell import t
from collection.policy import Policy
from collection.store import snapshots
from collection.words import Problem
from collection.yearbook import files
from collection.yearbook.counts import AV, Counts

MIME = sheets.MIME | {"pdf": "application/pdf"}
USUAL = LINKED = "2(1)"

frame.enter("yearbook")
snapshot, flags, policy = frame.need_flags()
store = frame.store()


@st.cache_resource(max_entries=8, show_spinner=False)
def begun(of: tuple, year: int, _policy: Policy) -> Counts:
    """The counts of a year, which its tables share. of: everything they depend on besides."""
    return yearbook.begin(frame.store(), year, _policy)


@st.cache_data(max_entries=10, show_spinner=False)
def holds_av(snapshot: str, flags: str) -> bool:
    with frame.cursor(snapshot, flags) as own:
        return not measures.compute(own, "holdings", scope=measures.Scope(material=AV)).is_empty()


def chosen(name: str, options: list[str], usual: str) -> str:
    """What the address says of a choice, or what is usual."""
    asked = st.query_params.get(name)
    st.session_state[f"yearbook_{name}"] = asked if asked in options else usual
    return st.session_state[f"yearbook_{name}"]


def changed(name: str) -> None:
    st.query_params[name] = st.session_state[f"yearbook_{name}"]


def file(counts: Counts, kind: str, lang: str) -> bytes:
    with words.speaking(lang):  # a file is made in a thread of its own
        return files.written(yearbook.whole(counts), kind, policy.library[lang])


lang, today = words.language.get(), date.today()
st.header(t("page_yearbook"), anchor=False)
oldest = measures.year_of(snapshots.as_of(snapshots.all(store)[0]))
known = [str(year) for year in range(years.of(today), oldest - 1, -1)]
with st.container(key="screen-only"):
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        year = int(chosen("fy", known, str(measures.year_of(snapshots.as_of(snapshot)))))
        st.selectbox(
            t("yearbook.fiscal_year"), known, key="yearbook_fy", width=180, on_change=changed, args=("fy",),
            format_func=lambda value: years.spoken(int(value)),
        )  # fmt: skip
        try:
            changed_at = max((file.stat().st_mtime_ns for file in policy.folder.glob("yearbook/*")), default=0)
            depends = (
                str(snapshot),
                str(flags),
                decisions.decided(store).seq,
                today,
                lang,
                str(policy.folder),
                changed_at,
            )
            counts = begun(depends, year, policy)
        except Problem as problem:
            st.error(tell.plain(str(problem)))
            st.stop()
        for kind in ("xlsx", "pdf", "csv"):
            st.download_button(
                t("yearbook.take", kind=kind.upper()), data=partial(file, counts, kind, lang), mime=MIME[kind],
                file_name=f"yearbook-{year}.{kind}", key=f"yearbook_{kind}", on_click="ignore",
            )  # fmt: skip
    number = chosen("table", list(yearbook.TABLES), USUAL)
    st.segmented_control(
        t("yearbook.table"), list(yearbook.TABLES), key="yearbook_table", required=True, on_change=changed, args=("table",),
        label_visibility="collapsed", format_func=lambda number: f"{number} {t(f'yearbook.table_{number}')}",
    )  # fmt: skip
with st.spinner(t("yearbook.counting")):
    table = yearbook.table(counts, number)

st.subheader(f"{table.number} {table.title}", anchor=False)
linked = number == LINKED and counts.end == snapshot
to_items = partial(yearbook_table.to_items, books_only=holds_av(str(snapshot), str(flags))) if linked else None
said = [years.spoken(year), table.unit, table.as_of, files.counted_in(counts.end)]
yearbook_table.show(table, " ".join(filter(None, said)), to_items)
if number == LINKED:
    st.caption(t("yearbook.to_items" if linked else "yearbook.no_items", day=snapshots.as_of(snapshot)))
if table.checks:
    lines = "\n".join(f"- {tell.plain(check)}" for check in table.checks)
    st.warning(f"{t('yearbook.to_check', n=len(table.checks))}\n\n{lines}")
elif table.rows:
    st.success(t("yearbook.agrees"))

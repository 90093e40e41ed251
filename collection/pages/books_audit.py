"""監査: every event with filters, newest first; whether the ledger is whole; who did what how often."""

from datetime import date

import polars as pl
import streamlit as st

from collection import audit, books, decisions, downloads, roles, steps
from collection.audit import Asked
from collection.pages import books_parts as parts
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person
from collection.words import code

COLUMNS = ("at", "name", "role", "kind", "state", "item_id", "title", "list_no", "clause", "reason", "on_day", "seq")

EARLIEST = date(2000, 1, 1)


@st.cache_data(max_entries=4, show_spinner=False)
def _whole(store: str, seq: int) -> dict[str, int]:
    return audit.whole(frame.store())


def show(person: Person, library: str, policy: Policy | None) -> None:
    store = frame.store()
    found = _whole(str(store), decisions.decided(store).seq)
    broken = found["gaps"] or found["loose"] or found["lost"]
    (st.error if broken else st.success)(audit.told(found))
    if not found["events"]:
        st.info(t("books.audit_empty"))
        return
    asked = _asked(audit.doings(store, person, Asked()))
    rows = audit.count(store, asked)
    if not rows:
        st.info(t("books.audit_nothing"))
        return
    skip = parts.page(rows)
    shown = audit.spoken(audit.events(store, person, asked, parts.ROWS, skip))
    shown = shown.with_columns(
        shown["at"].str.slice(0, 19).str.replace("T", " "),
        books.clauses(shown, policy),
    ).select(COLUMNS)
    st.dataframe(
        shown, key=f"audit_{skip}_{hash(asked)}", hide_index=True, row_height=28, height=min(28 * len(shown) + 38, 460),
        on_select=lambda: _pick(f"audit_{skip}_{hash(asked)}", shown["item_id"].to_list()), selection_mode="single-cell",
        placeholder="", column_config={name: books.heading(_head(name)) for name in COLUMNS},
    )  # fmt: skip
    st.caption(t("books.pick"))
    parts.turn_pages(rows, skip)
    parts.files(
        "audit",
        ("csv", "xlsx"),
        lambda kind: downloads.table(_named(audit.events(store, person, asked)), kind, t("books.view_audit")),
        "audit",
    )
    st.subheader(t("books.doings"), anchor=False)
    doings = audit.spoken(audit.doings(store, person, asked)).with_columns(
        last_at=audit.doings(store, person, asked)["last_at"].str.slice(0, 16).str.replace("T", " ")
    )
    tell.table(doings, {"events": tell.number}, named={name: books.heading(_head(name)) for name in doings.columns})


def _asked(doings: pl.DataFrame) -> Asked:
    persons = dict(doings.select("person", "name").unique(maintain_order=True).iter_rows())
    kinds = {kind: code("action", kind) for kind in steps.ACTIONS if kind in set(doings["kind"])}
    held = {role: code("role", role) for role in (*roles.ROLES, roles.SYSTEM) if role in set(doings["role"])}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        return Asked(
            first=_day("first"),
            last=_day("last"),
            person=parts.choice("person", persons, t("books.head_who"), 150),
            role=parts.choice("role", held, books.heading("role"), 120),
            kind=parts.choice("kind", kinds, books.heading("action"), 200),
            list_no=parts.text("list_no", books.heading("list_no"), width=120),
            item_id=parts.text("item_id", books.heading("item_id"), width=150),
        )


def _day(name: str) -> date | None:
    key, asked = f"books_{name}", parts.asked(name)
    try:
        day = date.fromisoformat(asked) if asked else None
    except ValueError:
        day = None
    st.session_state[key] = day if day and EARLIEST <= day <= date.today() else None
    return st.date_input(
        t(f"books.{name}"), key=key, format="YYYY-MM-DD", min_value=EARLIEST, max_value=date.today(), width=140,
        on_change=lambda: parts.address(**{name: st.session_state[key]}),
    )  # fmt: skip


def _pick(key: str, items: list[str | None]) -> None:
    cells = st.session_state[key].selection.cells
    if cells and items[cells[0][0]]:
        st.query_params.from_dict(frame.with_language(parts.to_item(items[cells[0][0]])))


def _head(name: str) -> str:
    return "action" if name == "kind" else name


def _named(events: pl.DataFrame) -> pl.DataFrame:
    spoken = audit.spoken(events)
    return spoken.rename({"kind": "action"})

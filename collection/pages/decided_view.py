"""経緯: what people have decided on one item, now and before, for the 資料カード."""

import html
import json
import sqlite3

import polars as pl
import streamlit as st

from collection import decisions, ledger, roles, steps, words
from collection.pages import frame, tell
from collection.pages.tell import t


def link_to_tag(item_id: str) -> None:
    """A link to the list with this item's card open, where it can be tagged."""
    person = st.session_state.get("person")
    if person and roles.may(person, "tag"):
        query = {"verdict": ["all"], "tag": ["all"], "text": [item_id], "item": [item_id]}
        frame.link("candidates", t("tags.tag_this"), query)


def now(item_id: str) -> None:
    """The tag an item carries with who, when, until when and why; the list it is on; how far its withdrawal is; its named collection."""
    found = decisions.decided(frame.store()).items.filter(pl.col("item_id") == item_id)
    if found.is_empty():
        return
    known = found.row(0, named=True)
    said = []
    if known["tag"]:
        said.append(_tag(known))
    if known["entry"] and known["list_state"] not in (None, "decided"):
        state = words.code("entry_state", known["entry"])
        said.append(t("tags.now_list", list_no=known["list_no"], state=state))
    if known["road"]:
        state = words.code("road_state", known["road"])
        said.append(t("tags.now_road", state=state, day=known["road_on"], list_no=known["road_list"] or "—"))
    if known["named"]:
        said.append(t("tags.now_named", name=known["named"], by=known["named_by"], day=known["named_on"]))
    for line in said:
        st.html(f'<div class="decided">{html.escape(line)}</div>')


def _tag(known: dict) -> str:
    said = t("tags.now_tag", state=words.code("tag_state", known["tag"]), name=known["tag_name"], day=known["tag_on"])
    more = [
        t("tags.now_until", day=known["tag_until"]) if known["tag_until"] else "",
        t("tags.now_to", to=known["tag_to"]) if known["tag_to"] else "",
        known["tag_reason"] or "",
    ]
    return " ".join([said, *filter(None, more)])


def history(item_id: str) -> None:
    """Every decision on the item, newest first: when, who, what, under which clause and why.

    A member's vote is told only when the vote is closed.
    """
    rows = []
    if ledger.path(frame.store()).exists():
        with ledger.reading(frame.store()) as connection:
            rows = ledger.history(connection, item_id)
            lists = ledger.latest(connection, "list", [row["list_no"] for row in rows if row["kind"] == "vote"])
        secret = {number for number, row in lists.items() if row["state"] not in ("resolved", "decided")}
        rows = [row for row in rows if row["kind"] != "vote" or row["list_no"] not in secret]
    st.markdown(f"**{t('tags.history') if rows else t('tags.no_history')}**")
    if not rows:
        return
    told = [(row["on_day"], row["name"], _what(row), row["clause"] or "", _why(row)) for row in reversed(rows)]
    names = ("on_day", "name", "what", "clause", "why")
    tell.table(
        pl.DataFrame(told, schema=dict.fromkeys(names, pl.String), orient="row"),
        {name: html.escape for name in names}, named={name: t(f"tags.history_{name}") for name in names},
    )  # fmt: skip


def _what(row: sqlite3.Row) -> str:
    """The action, and the state it led to."""
    said = words.code("action", row["kind"])
    return t("tags.history_to", action=said, state=steps.word(row["aspect"], row["state"])) if row["state"] else said


def _why(row: sqlite3.Row) -> str:
    details = json.loads(row["details"])
    more = [
        t("tags.now_until", day=details["until"]) if "until" in details else "",
        t("tags.now_to", to=details["to"]) if "to" in details else "",
        t("tags.went_against") if "against" in details else "",
        row["list_no"] or "",
    ]
    return " ".join(filter(None, [row["reason"] or "", *more]))

"""What must be answered before a tag: what it comes to, the reason, the day, the branch, the criterion, and whether a
tag of somebody else is to be changed."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from collection import criteria, ledger, steps, tagging, weigh, words
from collection.candidates import Filter
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem


@dataclass(frozen=True)
class Ask:
    """Which items (a list, or all that a filter lets through), and which tag; None: still to be chosen, or to take off.

    `key` is that of the list, whose ticks are taken away when it is done.
    """

    what: Filter | list[str]
    tag: str | None
    key: str
    off: bool = False


def open_(ask: Ask, snapshot: Path, flags: Path, policy: Policy, branches: list[str]) -> None:
    """Opens the question over the list; it stays open until it is answered or closed."""
    if ask.off:
        title = t("tags.off_title")
    elif ask.tag:
        title = t("tags.title", state=words.code("tag_state", ask.tag))
    else:
        title = t("tags.bulk_title")
    draw = _off if ask.off else _tag
    st.dialog(title, width="medium", on_dismiss=_close)(draw)(ask, snapshot, flags, policy, branches)


def _tag(ask: Ask, snapshot: Path, flags: Path, policy: Policy, branches: list[str]) -> None:
    person = frame.enter("candidates")
    tag = ask.tag or st.segmented_control(
        t("tags.which"), steps.TAGS, format_func=lambda tag: words.code("tag_state", tag), key="ask_tag"
    )
    if not tag:
        st.caption(t("tags.which_first"))
        return
    given = _given(policy, tag, branches)
    with frame.cursor(snapshot, flags) as own:
        carried = weigh.carried(own, ask.what)
        told = weigh.preview(own, policy, ask.what, tag, person, **given)
    _preview(told, tag, single=isinstance(ask.what, list) and len(ask.what) == 1)
    needed = tag == "keep" or told.needing_reason > 0
    if told.needing_reason and tag != "keep":
        st.markdown(t("tags.against", n=tell.number(told.needing_reason)))
    reason = st.text_input(t("tags.reason_needed" if needed else "tags.reason"), key="ask_reason", max_chars=300)
    change = _others(told)
    seen = _seen(carried, person)
    free = len(seen) if change is False else 0
    items = [item for item in carried["item_id"] if change is not False or item not in seen]
    ready = told.items and (tag != "branch" or given["to"]) and (reason.strip() or not needed)
    if told.others.height and change is None:
        ready = False
    count = told.items - (int(told.others["items"].sum()) if free else 0)
    state = words.code("tag_state", tag)
    label = t("tags.do", n=tell.number(max(count, 0)), state=state)
    if st.button(label, type="primary", disabled=not ready or count <= 0, key="ask_do"):
        try:
            done = tagging.tag(
                frame.store(), flags, policy, person, items, tag, reason=reason, seen=seen if change else None, **given
            )
        except ledger.MovedOn as moved:
            st.warning(tell.plain(str(moved)))
            return
        except Problem as problem:
            st.error(tell.plain(str(problem)))
            return
        tell_of(done, tag, ask.key)
        st.rerun()


def _off(ask: Ask, snapshot: Path, flags: Path, policy: Policy, branches: list[str]) -> None:
    """Whether tags of other people are to be taken off."""
    person = frame.enter("candidates")
    with frame.cursor(snapshot, flags) as own:
        carried = weigh.carried(own, ask.what).filter(pl.col("tag").is_not_null())
    seen = _seen(carried, person)
    st.markdown(t("tags.off_others", n=tell.number(len(seen))))
    others = carried.filter(pl.col("item_id").is_in(list(seen)))
    _who(others.group_by("tag_name", "tag").agg(items=pl.len()).sort("items", descending=True))
    if st.button(t("tags.off_do", n=tell.number(len(carried))), type="primary", key="ask_do"):
        try:
            done = tagging.untag(frame.store(), person, carried["item_id"].to_list(), seen=seen)
        except Problem as problem:
            st.warning(tell.plain(str(problem)))
            return
        tell_of(done, None, ask.key)
        st.rerun()


def _close() -> None:
    st.session_state.pop("tag_ask", None)


def tell_of(done: tagging.Done, tag: str | None, key: str) -> None:
    """Has the bar say what became of the items; the ticks of the list are taken away, so that nobody tags twice."""
    _close()
    st.session_state["tag_said"] = ("good" if done.changed else "bad", said(done, tag))
    if done.changed and key in st.session_state and st.session_state[key].selection.rows:
        cells = [list(each) for each in st.session_state[key].selection.cells]
        st.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": cells}}


def said(done: tagging.Done, tag: str | None) -> str:
    """What became of the items, in a sentence or two; whatever was left out is counted by its reason."""
    if tag:
        parts = [t("tags.done", n=tell.number(len(done.changed)), state=words.code("tag_state", tag))]
    else:
        parts = [t("tags.done_off", n=tell.number(len(done.changed)))]
    for why, items in done.left.items():
        first = "、".join(items[:3]) + ("…" if len(items) > 3 else "")
        parts.append(t(f"tags.left_{why}", n=tell.number(len(items))) + t("tags.first_of", items=first))
    return " ".join(parts)


def _given(policy: Policy, tag: str, branches: list[str]) -> dict:
    """What the tag itself needs: until when, to which branch, under which criterion."""
    given: dict = {"until": None, "to": None, "clause": None}
    if tag == "keep":
        given["until"] = st.date_input(
            t("tags.until"), value=None, min_value=date.today(), max_value=date(date.today().year + 50, 12, 31),
            format="YYYY-MM-DD", key="ask_until", help=t("tags.until_help"),
        )  # fmt: skip
    elif tag == "branch":
        given["to"] = st.selectbox(t("tags.to"), branches, index=None, placeholder=t("tags.to_choose"), key="ask_to")
    elif tag == "withdraw":
        labels = criteria.labels(policy)
        given["clause"] = st.selectbox(
            t("tags.clause"), list(labels), index=None, placeholder=t("tags.clause_choose"), key="ask_clause",
            format_func=labels.get,
            help=t("tags.clause_help", by_hand="・".join(labels[clause] for clause in weigh.by_hand(policy))),
        )  # fmt: skip
    return given


def _preview(told: weigh.Preview, tag: str, single: bool) -> None:
    """How many, how much shelf and money, what is left out, last copies, survivors, and the classes before and after."""
    for why, n in told.left.items():
        st.caption(t(f"tags.left_{why}", n=tell.number(n)))
    if single or not told.items:
        return
    figures = [("items", tell.books(told.items))]
    if tag in ("withdraw", "replace", "stacks", "branch"):
        figures.append(("metres", t("tags.metres_value", n=tell.number(told.metres, 1))))
    if tag in ("withdraw", "replace"):
        figures.append(("yen", t("tags.yen_value", n=tell.number(told.yen), none=tell.number(told.no_price))))
        figures.append(("last_copies", tell.books(told.last_copies)))
        figures.append(("survivors", tell.books(told.survivors)))
    figures += [("on_loan", tell.books(told.on_loan)), ("holds", tell.books(told.holds))]
    table = pl.DataFrame({"what": [t(f"tags.figure_{name}") for name, _ in figures], "n": [n for _, n in figures]})
    tell.table(table, named={"what": t("tags.figure"), "n": t("tags.figure_n")})
    if tag == "withdraw":
        with st.expander(t("tags.shares")):
            held, goes = told.shares["held"].sum(), told.shares["goes"].sum()
            shown = told.shares.filter(pl.col("goes") > 0).select(
                "shelf_class", "goes",
                before=pl.col("held") / held, after=(pl.col("held") - pl.col("goes")) / max(held - goes, 1),
            )  # fmt: skip
            tell.table(
                shown,
                {"shelf_class": tell.class_html, "before": tell.percent, "after": tell.percent},
                named={name: t(f"tags.share_{name}") for name in ("goes", "before", "after")},
            )


def _others(told: weigh.Preview) -> bool | None:
    """Whether tags of other people are to be changed; None while it is not answered."""
    if told.others.is_empty():
        return None
    n = tell.number(int(told.others["items"].sum()))
    st.markdown(f"**{t('tags.others', n=n)}**")
    _who(told.others)
    return st.radio(
        t("tags.others_ask"), [False, True], index=None, horizontal=True, key="ask_others",
        format_func=lambda change: t("tags.others_change" if change else "tags.others_leave", n=n),
    )  # fmt: skip


def _who(others: pl.DataFrame) -> None:
    """Whose tags, which, on how many items."""
    tell.table(
        others.select("tag_name", "tag", "items"),
        {"tag": lambda tag: words.code("tag_state", tag)},
        named={"tag_name": t("tags.who"), "tag": t("tags.tag"), "items": t("tags.figure_items")},
    )


def _seen(carried: pl.DataFrame, person: Person) -> dict[str, int]:
    """Item → seq of the tag that somebody else has put on it."""
    others = carried.filter(pl.col("tag").is_not_null() & (pl.col("tag_person") != person.id))
    return dict(others.select("item_id", "tag_seq").iter_rows())

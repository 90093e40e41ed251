"""議案を起こす: from tags or a filter, with a preview of what it takes and leaves out."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import streamlit as st

from collection import accounts, candidates, committee, criteria, words
from collection.candidates import Filter
from collection.pages import committee_list, frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem

LEFT_OUT = ("list", "road", "tag", "named")


def show(person: Person, snapshot: Path, flags: Path, policy: Policy) -> None:
    """The form. A filter in the address (from 除籍候補) is where it starts."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    base = candidates.from_query(query)
    with st.expander(t("committee.draft"), expanded="new" in query):
        source = st.segmented_control(
            t("committee.source"), committee.SOURCES, format_func=lambda name: t(f"committee.choose_{name}"),
            default="candidates" if "new" in query else "mine", required=True, key="draft_source",
        )  # fmt: skip
        chosen = _filter(base, source, snapshot, flags, policy)
        st.caption(tell.plain(candidates.describe(policy, chosen)))
        with frame.cursor(snapshot, flags) as own:
            found = committee.choose(own, frame.store(), chosen, source, person)
        taken = found.filter(pl.col("left_out").is_null())
        members = accounts.members(frame.store())
        _preview(found, taken, members, policy)
        title = st.text_input(
            t("committee.title"), placeholder=t("committee.title_example"), max_chars=80, key="draft_title"
        )
        ready = 0 < len(taken) <= committee.ITEMS and bool(members)
        if st.button(
            t("committee.draft_button", n=tell.books(len(taken))), type="primary", disabled=not ready, key="draft_make"
        ):
            with frame.cursor(snapshot, flags) as own:
                _make(own, flags, policy, person, title, chosen, source, members)


def _make(
    own, flags: Path, policy: Policy, person: Person, title: str, chosen: Filter, source: str, members: list
) -> None:
    try:
        list_no = committee.draft(frame.store(), own, flags, policy, person, title, chosen, source, members)
    except Problem as problem:
        st.error(tell.plain(str(problem)))
    else:
        committee_list.done(t("committee.drafted", list_no=list_no))
        frame.go("committee", {"list": [list_no]})


def _filter(base: Filter, source: str, snapshot: Path, flags: Path, policy: Policy) -> Filter:
    """What the widgets say, over the filter of the address; tags are taken whatever the verdict."""
    with frame.cursor(snapshot, flags) as own:
        known = candidates.choices(own)
    classes, labels = words.table("codes")["shelf_class"], criteria.labels(policy)
    left, middle, right = st.columns(3)
    branch = left.multiselect(
        t("committee.head_branch"),
        known["branch"],
        list(base.branch),
        key="draft_branch",
        placeholder=t("committee.any"),
    )
    shelf_class = middle.multiselect(
        t("committee.head_shelf_class"), list(classes), list(base.shelf_class), key="draft_class", placeholder=t("committee.any"),
        format_func=lambda mark: words.code("shelf_class", mark),
    )  # fmt: skip
    criterion = right.multiselect(
        t("committee.head_criterion"), list(labels), [name for name in base.criterion if name in labels], key="draft_criterion", placeholder=t("committee.any"),
        format_func=labels.get,
    )  # fmt: skip
    verdict = base.verdict if source == "candidates" else ()
    return replace(
        base, branch=tuple(branch), shelf_class=tuple(shelf_class), criterion=tuple(criterion), verdict=verdict, page=1
    )


def _preview(found: pl.DataFrame, taken: pl.DataFrame, members: list[Person], policy: Policy) -> None:
    """How many go on the list and how many do not, and why; how much each member gets to read."""
    if not members:
        st.warning(t("committee.no_members"))
    if taken.is_empty():
        st.info(t("committee.nothing"))
    if len(taken) > committee.ITEMS:
        st.warning(t("committee.too_many", n=tell.number(len(taken)), most=tell.number(committee.ITEMS)))
    left = {why: int((found["left_out"] == why).sum()) for why in LEFT_OUT}
    told = "　".join(t(f"committee.left_{why}", n=tell.books(n)) for why, n in left.items() if n)
    if told:
        st.markdown(t("committee.left_out", told=told))
    if members and len(taken):
        each = min(policy.parameters["受け持つ委員の数"], len(members))
        share = tell.books(-(-len(taken) * each // len(members)))
        st.markdown(t("committee.shares", members=len(members), each=each, share=share))

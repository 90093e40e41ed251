"""One list: where it stands, what the person may do with it, and its parts: votes, outcome, checks, approval."""

from pathlib import Path

import polars as pl
import streamlit as st

from collection import accounts, agenda, committee, criteria, meeting, sheets, steps, words
from collection.agenda import Agenda
from collection.pages import approve_view, committee_checks, committee_vote, doing, frame, models_agreement, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem

PARTS = ("vote", "items", "fairness", "balance", "rest", "approve")


def done(said: str) -> None:
    """Keeps what happened for the run that follows, which says it."""
    st.session_state["committee_done"] = said


def act(said: str, action, *args) -> None:
    """Does something with a list; says what happened, or why it could not be done."""
    try:
        action(*args)
    except Problem as problem:
        st.error(tell.plain(str(problem)))
    else:
        done(said)
        st.rerun()


def show(person: Person, snapshot: Path, flags: Path, policy: Policy, list_no: str) -> None:
    """The list of the address."""
    made = agenda.one(frame.store(), list_no)
    st.header(tell.plain(f"{made.list_no}　{made.title}"), anchor=False)
    doing.tell_done("committee")
    if made.state is None:
        frame.link("committee", t("committee.all_lists"))
        st.info(t("committee.taken_back", reason=tell.plain(made.reason or "")))
        st.stop()
    _head(made, policy)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        frame.link("committee", t("committee.all_lists"))
        _downloads(made, snapshot, flags, policy)
        if "librarian" in person.roles:
            _actions(person, made)
    part = _part(person, made)
    if part == "vote":
        committee_vote.show(person, snapshot, flags, policy, made)
    elif part == "items":
        _items(person, snapshot, flags, policy, made)
    elif part == "approve":
        approve_view.show(person, made.list_no)
    else:
        getattr(committee_checks, part)(person, snapshot, flags, policy, made)


def _head(made: Agenda, policy: Policy) -> None:
    said = {
        "state": steps.word("list", made.state), "on": made.drafted_on, "name": made.drafted_name,
        "source": t(f"committee.source_{made.source}"), "filter": meeting.filter_of(made, policy), "day": made.as_of,
    }  # fmt: skip
    st.markdown(t("committee.head_line", **{name: tell.plain(value) for name, value in said.items()}))
    if made.state == "drafted" and made.reason:
        st.warning(tell.plain(t("committee.sent_back", reason=made.reason)))


def _part(person: Person, made: Agenda) -> str:
    """The part of the list that is shown; the address keeps it."""
    parts = [part for part in PARTS if part != "approve" or made.state in ("resolved", "decided")]
    if "committee" not in person.roles or made.state == "drafted":
        parts.remove("vote")
    asked = st.query_params.get("part")
    first = "vote" if "vote" in parts and made.state == "in_review" else "items"
    st.session_state["committee_part"] = asked if asked in parts else first

    def changed() -> None:
        st.query_params["part"] = st.session_state["committee_part"]

    return st.segmented_control(
        t("committee.parts"), parts, format_func=lambda name: t(f"committee.tab_{name}"), required=True,
        key="committee_part", on_change=changed, label_visibility="collapsed",
    )  # fmt: skip


def _downloads(made: Agenda, snapshot: Path, flags: Path, policy: Policy) -> None:
    language = words.language.get()

    def file(kind: str):
        def make() -> bytes:
            with words.speaking(language):
                if kind in sheets.MIME:
                    found = meeting.sheet(frame.store(), made.list_no)
                    return sheets.csv_bytes(found) if kind == "csv" else sheets.xlsx_bytes(found, made.list_no)
                with frame.cursor(snapshot, flags) as own:
                    return getattr(meeting, kind)(own, frame.store(), policy, made.list_no)

        return make

    with st.popover(t("take_out")):
        kinds = ["pack", *(["minutes"] if made.closing else []), "xlsx", "csv"]
        for kind in kinds:
            st.download_button(
                t(f"committee.take_{kind}"), data=file(kind), on_click="ignore", key=f"take_{kind}",
                file_name=f"{made.list_no}-{kind}.pdf" if kind not in sheets.MIME else f"{made.list_no}.{kind}",
                mime=sheets.MIME.get(kind, "application/pdf"),
            )  # fmt: skip


def _actions(person: Person, made: Agenda) -> None:
    """What a librarian does with a draft or a list in review."""
    store = frame.store()
    if made.state == "drafted":
        if st.button(t("committee.submit"), type="primary", key="list_submit"):
            act(t("committee.submitted", list_no=made.list_no), committee.submit, store, person, made.list_no)
        with st.popover(t("committee.take_back")):
            reason = st.text_input(t("committee.reason"), key="back_reason")
            if st.button(t("committee.take_back_button", list_no=made.list_no), key="list_back"):
                act(
                    t("committee.was_taken_back", list_no=made.list_no),
                    committee.leave,
                    store,
                    person,
                    made.list_no,
                    None,
                    reason,
                )
    if made.state == "in_review":
        with st.popover(t("committee.recall")):
            reason = st.text_input(t("committee.reason"), key="recall_reason")
            if st.button(t("committee.recall_button"), key="list_recall"):
                act(
                    t("committee.recalled", list_no=made.list_no), committee.recall, store, person, made.list_no, reason
                )


def _items(person: Person, snapshot: Path, flags: Path, policy: Policy, made: Agenda) -> None:
    """The list with votes and outcome; progress and, for the manager, the end of the vote."""
    store = frame.store()
    found = meeting.results(store, made.list_no)
    if made.state == "in_review":
        _progress(person, made, found)
    if made.closing:
        st.markdown(_counted(made.closing["counts"]))
    found, order = models_agreement.agenda(snapshot, flags, found)
    names = {member["id"]: member["name"] for member in made.members}
    outcome = pl.col("outcome" if made.state == "in_review" else "state")
    shown = found.select(
        "call_number", tell.title_of(), tell.author_of(), "branch", criterion=criteria.spoken(policy, "clause"),
        reason=pl.col("reason"), readers=pl.col("readers").list.eval(pl.element().replace(names)).list.join("、"),
        votes=pl.format("{}・{}・{}", *steps.VOTES), outcome=_coded("entry_state", outcome),
        likely_kept="likely_kept",
    )  # fmt: skip
    column = st.column_config
    heads = ("call_number", "title", "branch", "criterion", "reason", "readers", "outcome")
    widths = dict(zip(heads, (90, 230, 90, 110, 260, 110, 70), strict=True))
    event = st.dataframe(
        shown, hide_index=True, row_height=28, height=min(28 * len(shown) + 35, 480), key=f"list_items_{made.seq}_{order}",
        on_select="rerun" if made.state == "drafted" else "ignore", selection_mode="multi-row",
        alt=t("committee.part_list"),
        column_order=["outcome", "votes", *(["likely_kept"] if order == "likely" else []), "call_number", "title", "author", "branch", "criterion", "reason", "readers"],
        column_config={
            **{name: column.TextColumn(t(f"committee.head_{name}"), width=width) for name, width in widths.items()},
            "author": column.TextColumn(tell.label("author"), width=110),
            "votes": column.TextColumn(t("committee.head_votes"), width=80, help=t("committee.outcomes_told")),
            "likely_kept": models_agreement.likely_column(),
        },
    )  # fmt: skip
    if made.state == "drafted" and "librarian" in person.roles:
        _take_off(person, made, found["item_id"].gather(event.selection.rows).to_list())
    divided = meeting.dissent(found, agenda.votes(store, made.list_no))
    st.subheader(t("committee.part_divided"), anchor=False)
    key = "divided_found" if len(divided) else "divided_none"
    st.markdown(t(f"committee.{key}", n=len(divided)))
    if len(divided):
        told = divided.select(
            "call_number", "title", "name", choice=_coded("vote_state", pl.col("choice")), comment="comment"
        )
        named = {name: t(f"committee.head_{name}") for name in ("choice", "comment")} | {
            "name": t("committee.head_member")
        }
        tell.table(told.head(200), named=named)


def _take_off(person: Person, made: Agenda, items: list[str]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        reason = st.text_input(t("committee.reason"), key="leave_reason", width=360)
        if st.button(t("committee.leave_button", n=tell.books(len(items))), disabled=not items, key="list_leave"):
            act(
                t("committee.left", n=tell.books(len(items))),
                committee.leave,
                frame.store(),
                person,
                made.list_no,
                items,
                reason,
            )


def _progress(person: Person, made: Agenda, found: pl.DataFrame) -> None:
    """Who has voted on how much, whether there is a quorum, and the button that ends the vote."""
    store = frame.store()
    members, votes = accounts.members(store), agenda.votes(store, made.list_no)
    there = committee.attendance(votes, members, made.operating)
    st.markdown(t("committee.quorum_now", **{name: there[name] for name in ("members", "voted", "needed")}))
    shares = found.select("item_id", reader=pl.col("readers")).explode("reader")
    cast = shares.join(votes, left_on=["item_id", "reader"], right_on=["item_id", "person"], how="semi")
    rows = [
        (member.name, int((shares["reader"] == member.id).sum()), int((cast["reader"] == member.id).sum()),
         int((votes["person"] == member.id).sum()))
        for member in members
    ]  # fmt: skip
    told = pl.DataFrame(
        rows, orient="row", schema={"member": pl.String, "share": pl.Int64, "of_share": pl.Int64, "cast": pl.Int64}
    )
    tell.table(told, named={name: t(f"committee.head_{name}") for name in told.columns})
    counts = {choice: int((found["outcome"] == choice).sum()) for choice in steps.VOTES}
    st.markdown(t("committee.as_it_stands") + " " + _counted(counts))
    if "manager" in person.roles:
        enough = there["voted"] >= there["needed"]
        if not enough:
            missing = there["needed"] - there["voted"]
            st.info(t("committee.no_quorum", missing=missing, needed=there["needed"], voted=there["voted"]))
        if st.button(
            t("committee.close", n=tell.books(len(found))), type="primary", disabled=not enough, key="list_close"
        ):
            act(t("committee.closed", list_no=made.list_no), committee.close, store, person, made.list_no, members)


def _counted(counts: dict[str, int]) -> str:
    return "　".join(f"{words.code('entry_state', choice)} **{tell.books(counts[choice])}**" for choice in steps.VOTES)


def _coded(field: str, value: pl.Expr) -> pl.Expr:
    return value.replace({name: words.code(field, name) for name in words.table("codes")[field]})

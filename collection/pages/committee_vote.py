"""投票: a member's own share first; a vote for each row, for a selection, or for all that is left, after a preview."""

from pathlib import Path

import polars as pl
import streamlit as st

from collection import agenda, committee, criteria, steps, words
from collection.agenda import Agenda
from collection.pages import committee_list, frame, models_agreement, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person


def show(person: Person, snapshot: Path, flags: Path, policy: Policy, made: Agenda) -> None:
    """The table to vote from; when the vote is over, what the member voted."""
    store = frame.store()
    entries = agenda.entries(store, made.list_no)
    own = agenda.votes(store, made.list_no).filter(pl.col("person") == person.id).select("item_id", "choice", "comment")
    share = entries.filter(pl.col("readers").list.contains(person.id))
    if share.is_empty():
        st.info(t("committee.no_share"))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        every = share.is_empty() or _which(share, entries) == "all"
        found = (entries if every else share).join(own, on="item_id", how="left", maintain_order="left")
        left = found.filter(pl.col("choice").is_null())
        said = {"done": tell.number(len(found) - len(left)), "n": tell.books(len(found))}
        st.markdown(t("committee.voted", **said), width="content")
        found, order = models_agreement.agenda(snapshot, flags, found)
    bar = st.container()  # above the table, where it stays in sight
    rows = _table(made, policy, found, order)
    if made.state != "in_review":
        bar.caption(t("committee.vote_over"))
        return
    chosen = found[rows]
    with bar:
        _buttons(person, policy, made, chosen, left)
    if len(chosen) == 1:
        _card(chosen.row(0, named=True))


def _which(share: pl.DataFrame, entries: pl.DataFrame) -> str:
    counts = {"mine": tell.books(len(share)), "all": tell.books(len(entries))}
    return st.segmented_control(
        t("committee.which"), list(counts), required=True, default="mine", key="vote_which",
        label_visibility="collapsed", format_func=lambda name: t(f"committee.which_{name}", n=counts[name]),
    )  # fmt: skip


def _table(made: Agenda, policy: Policy, found: pl.DataFrame, order: str) -> list[int]:
    """The rows with the member's votes; returns the numbers of those selected."""
    shown = found.select(
        choice=pl.col("choice").fill_null("none").replace(_words("vote_state")), likely_kept="likely_kept",
        call_number="call_number",
        title=tell.title_of(), author=tell.author_of(), branch="branch",
        criterion=pl.coalesce(criteria.spoken(policy, "clause"), pl.col("verdict").replace(_words("verdict"))),
        reason="reason",
        survivor=pl.concat_str(pl.col("survivor_kind").replace(_words("survivor")), "survivor_branch", separator=" ", ignore_nulls=True),
        score=pl.col("score").round(0), comment=pl.col("comment").fill_null(""),
    )  # fmt: skip
    column = st.column_config
    widths = {"choice": 70, "call_number": 85, "title": 210, "author": 95, "branch": 85, "criterion": 105, "reason": 230,
              "survivor": 120, "comment": 130}  # fmt: skip
    named = {"author": tell.label("author")}
    event = st.dataframe(
        shown, hide_index=True, row_height=28, height=min(28 * len(shown) + 35, 330), key=f"vote_rows_{made.list_no}_{len(found)}_{order}",
        on_select="rerun", selection_mode="multi-row", alt=t("committee.tab_vote"),
        column_order=[name for name in shown.columns if name != "likely_kept" or order == "likely"],
        column_config={
            "likely_kept": models_agreement.likely_column(),
            **{name: column.TextColumn(named.get(name) or t(f"committee.head_{name}"), width=width) for name, width in widths.items()},
            "score": column.NumberColumn(t("committee.head_score"), format="%d", width=45, help=t("help_score")),
        },
    )  # fmt: skip
    return event.selection.rows


def _card(row: dict) -> None:
    """What the list knows of the one item that is selected."""
    with st.container(border=True, gap="xxsmall"):
        frame.link("card", tell.plain(f"{row['title']} {row['volume'] or ''}"), {"item": [row["item_id"]]})
        st.markdown(tell.plain(row["reason"] or ""))
        st.caption(tell.plain(row["article"] or ""))


def _buttons(person: Person, policy: Policy, made: Agenda, chosen: pl.DataFrame, left: pl.DataFrame) -> None:
    if left.is_empty():
        st.success(t("committee.all_voted"))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        comment = st.text_input(t("committee.head_comment"), key="vote_comment", max_chars=400, width=220)
        for choice in steps.VOTES:
            word = words.code("vote_state", choice)
            said = t("committee.vote_button", n=tell.books(len(chosen)), choice=word)
            if st.button(said, disabled=chosen.is_empty(), key=f"vote_{choice}"):
                _cast(person, made, chosen["item_id"].to_list(), choice, comment)
        if len(left):
            _rest(person, policy, made, left)
    if chosen.is_empty():
        st.caption(t("committee.vote_how"))


def _rest(person: Person, policy: Policy, made: Agenda, left: pl.DataFrame) -> None:
    """残り全部に: one vote for all rows without one, after saying what they are."""
    with st.popover(t("committee.rest_vote", n=tell.books(len(left)))):
        choice = st.segmented_control(
            t("committee.head_choice"), steps.VOTES, format_func=lambda name: words.code("vote_state", name),
            default="withdraw", required=True, key="rest_choice",
        )  # fmt: skip
        counts = left.group_by(clause=pl.col("clause").fill_null("")).len().sort("clause")
        for clause, n in counts.iter_rows():
            st.markdown(f"{criteria.label(policy, clause) or t('committee.no_criterion')} {tell.books(n)}")
        comment = st.text_input(t("committee.head_comment"), key="rest_comment", max_chars=400)
        said = t("committee.vote_button", n=tell.books(len(left)), choice=words.code("vote_state", choice))
        if st.button(said, type="primary", key="rest_cast"):
            _cast(person, made, left["item_id"].to_list(), choice, comment)


def _cast(person: Person, made: Agenda, items: list[str], choice: str, comment: str) -> None:
    said = t("committee.vote_done", n=tell.books(len(items)), choice=words.code("vote_state", choice))
    votes = {item: (choice, comment) for item in items}
    committee_list.act(said, committee.vote, frame.store(), person, made.list_no, votes)


def _words(field: str) -> dict[str, str]:
    return {name: words.code(field, name) for name in words.table("codes")[field]}

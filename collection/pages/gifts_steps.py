"""What the person may do with the ticked lines of an offer: vote, decide, settle, take back, undo."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from collection import steps, words
from collection.gifts import deciding, keeping
from collection.gifts.checking import Proposed
from collection.gifts.lines import Offer
from collection.pages import frame, gifts_parts
from collection.pages.gifts_parts import At
from collection.pages.tell import t
from collection.roles import Person

SETTLED = tuple(keeping.SETTLED.values())
FOLLOWED = {"accept": "for", "decline": "against"}  # proposal → the opinion that agrees with it


@dataclass(frozen=True)
class Chosen:
    """The lines that are ticked, the group they are ticked in, and what is known of them."""

    at: At
    offer: Offer
    lines: pl.DataFrame
    group: pl.DataFrame
    proposed: Proposed
    tally: pl.DataFrame
    own: pl.DataFrame
    members: list[Person]

    @property
    def rows(self) -> str:
        """How many lines are ticked, in words."""
        return gifts_parts.rows(len(self.lines))

    @property
    def none(self) -> bool:
        """Whether nothing is ticked."""
        return self.lines.is_empty()

    def proposed_of(self, lines: list[str]) -> pl.DataFrame:
        """What is proposed for lines."""
        return self.proposed.rows.filter(pl.col("line").is_in(lines))

    def seen(self, found: pl.DataFrame) -> dict[str, int]:
        """Line → its last step, as the person saw it."""
        return dict(found.select("line", "seq").iter_rows())


def show(chosen: Chosen, which: str) -> None:
    """The buttons of a group of lines, for the roles of the person."""
    at = chosen.at
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        if which == "offered" and at.may("cast"):
            _vote(chosen)
            _vote_as_proposed(chosen)
        if which == "offered" and at.may("accept_gift"):
            _decide(chosen, ("accept_gift", "decline_gift"))
            _decide_all(chosen)
        if which in ("accepted", "declined") and at.may("accept_gift"):
            _decide(chosen, ("decline_gift",) if which == "accepted" else ("accept_gift",))
        if which == "declined" and at.may("settle_gift"):
            _settle(chosen)
        if which == "offered" and at.may("take_back_gift"):
            _take_back(chosen)
        if at.may("undo_gift"):
            _undo(chosen)
    if chosen.none:
        st.caption(t("gifts.pick_how"))


def _vote(chosen: Chosen) -> None:
    """A member's opinion on what is ticked."""
    with st.popover(t("gifts.vote"), disabled=chosen.none):
        comment = st.text_input(t("gifts.comment"), key="gift_comment", max_chars=300)
        confirmed = gifts_parts.confirm("gift_comment_confirmed", comment)
        for opinion in steps.OPINIONS:
            word = words.code("ballot_state", opinion)
            if st.button(t("gifts.vote_button", n=chosen.rows, opinion=word), key=f"gift_vote_{opinion}"):
                _cast(chosen, dict.fromkeys(chosen.lines["line"], (opinion, comment)), confirmed)


def _vote_as_proposed(chosen: Chosen) -> None:
    """The proposals followed on every line without an own opinion, but for those that are to be talked about."""
    voted = set(chosen.own["line"])
    rest = {
        line: (FOLLOWED[proposal], "")
        for line, proposal in chosen.proposed_of(chosen.group["line"].to_list()).select("line", "proposal").iter_rows()
        if proposal in FOLLOWED and line not in voted
    }
    with st.popover(t("gifts.vote_proposed", n=gifts_parts.rows(len(rest))), disabled=not rest):
        st.caption(t("gifts.vote_proposed_about"))
        for opinion in FOLLOWED.values():
            n = sum(given == opinion for given, _ in rest.values())
            st.markdown(t("gifts.vote_button", n=gifts_parts.rows(n), opinion=words.code("ballot_state", opinion)))
        if st.button(t("gifts.vote_proposed_button"), type="primary", key="gift_vote_proposed"):
            _cast(chosen, rest, True)


def _cast(chosen: Chosen, given: dict[str, tuple[str, str]], confirmed: bool) -> None:
    def cast(person) -> str:
        n = deciding.vote(frame.store(), person, chosen.offer.ticket, given, confirmed)
        return t("gifts.vote_done", n=gifts_parts.rows(n))

    gifts_parts.act(cast)


def _decide(chosen: Chosen, acts: tuple[str, ...]) -> None:
    """The manager's decision on what is ticked."""
    with st.popover(t("gifts.decide"), disabled=chosen.none):
        reason = st.text_input(t("gifts.decide_reason"), key="gift_reason", max_chars=300)
        for act in acts:
            if st.button(t(f"gifts.{act}_button", n=chosen.rows), key=act):
                _decided(chosen, dict.fromkeys(chosen.lines["line"], act), reason)


def _decide_all(chosen: Chosen) -> None:
    """Every line of the group as the members' opinions say."""
    agreed = {opinion: act for act, opinion in deciding.ACTS.items()}
    acts = {line: agreed[said] for line, said in chosen.tally.select("line", "outcome").iter_rows() if said in agreed}
    n = {act: gifts_parts.rows(list(acts.values()).count(act)) for act in agreed.values()}
    with st.popover(t("gifts.decide_all"), disabled=not acts):
        rest = gifts_parts.rows(len(chosen.group) - len(acts))
        st.markdown(t("gifts.decide_all_about", accept=n["accept_gift"], decline=n["decline_gift"], rest=rest))
        if st.button(
            t("gifts.decide_all_button", n=gifts_parts.rows(len(acts))), type="primary", key="gift_decide_all"
        ):
            _decided(chosen, acts, "")


def _decided(chosen: Chosen, acts: dict[str, str], reason: str) -> None:
    def decide(person) -> str:
        seen = chosen.seen(chosen.group)
        n = deciding.decide(
            frame.store(), person, chosen.at.policy, chosen.members, chosen.proposed_of(list(acts)), acts, reason, seen
        )
        return t("gifts.decided", n=gifts_parts.rows(n))

    gifts_parts.act(decide)


def _settle(chosen: Chosen) -> None:
    """What became of declined lines, by the rule of the pack unless there is a reason."""
    usual = keeping.treatment(chosen.at.policy, chosen.offer.way)
    with st.popover(t("gifts.settle"), disabled=chosen.none):
        if chosen.offer.way == "deposit":
            st.caption(t("gifts.settle_about_deposit"))
        else:
            st.caption(t("gifts.settle_about", usual=words.code("gift_state", usual)))
        options = SETTLED if chosen.offer.way == "gift" else (usual,)
        state = st.radio(
            t("gifts.settle"), options, options.index(usual), key="gift_settled", label_visibility="collapsed",
            format_func=lambda name: words.code("gift_state", name),
        )  # fmt: skip
        reason = st.text_input(t("gifts.reason"), key="gift_settle_reason", max_chars=300)
        said = {"n": chosen.rows, "state": words.code("gift_state", state)}
        if st.button(t("gifts.settle_button", **said), type="primary", key="gift_settle"):

            def settle(person) -> str:
                keeping.settle(frame.store(), person, chosen.at.policy, chosen.offer.way, chosen.lines, state, reason)
                return t("gifts.settled", **said)

            gifts_parts.act(settle)


def _take_back(chosen: Chosen) -> None:
    """Lines that were noted by mistake or are no longer offered; or the whole offer while nothing of it is decided."""
    with st.popover(t("gifts.take_back")):
        reason = st.text_input(t("gifts.take_back_reason"), key="gift_back_reason", max_chars=300)
        if st.button(t("gifts.take_back_button", n=chosen.rows), disabled=chosen.none, key="gift_take_back"):

            def take_back(person) -> str:
                return t(
                    "gifts.taken_back",
                    n=gifts_parts.rows(keeping.take_back(frame.store(), person, chosen.lines, reason)),
                )

            gifts_parts.act(take_back)
        if st.button(t("gifts.take_back_offer", ticket=chosen.offer.ticket), key="gift_take_back_offer"):

            def all_of_it(person) -> str:
                n = keeping.take_back(frame.store(), person, chosen.group, reason, chosen.offer.ticket)
                return t("gifts.taken_back", n=gifts_parts.rows(n))

            gifts_parts.act(all_of_it, lambda: {"view": "offers"})


def _undo(chosen: Chosen) -> None:
    """The last step of what is ticked."""
    with st.popover(t("gifts.undo"), disabled=chosen.none):
        reason = st.text_input(t("gifts.undo_reason"), key="gift_undo_reason", max_chars=300)
        if st.button(t("gifts.undo_button", n=chosen.rows), key="gift_undo_lines"):

            def undo(person) -> str:
                return t("gifts.undone", n=gifts_parts.rows(keeping.undo(frame.store(), person, chosen.lines, reason)))

            gifts_parts.act(undo)

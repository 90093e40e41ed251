"""The bar below the list: what the person may do with the lines that are ticked, or with the one whose card is open."""

from collections.abc import Callable
from datetime import date

import polars as pl
import streamlit as st

from collection import steps, words
from collection.buying import keeping, verdicts, voting
from collection.buying.listing import Filter
from collection.pages import buying_parts, buying_ready, buying_rows, doing, frame, tell
from collection.pages.buying_parts import At
from collection.pages.tell import t
from collection.roles import Person


def show(at: At, filter_now: Filter, picked: pl.DataFrame, found: pl.DataFrame) -> None:
    """Draws the bar. picked: the lines that are meant. found: all that the filter lets through."""
    with st.bottom.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key="buying_acts"):
        said = t("buying.choose_first") if picked.is_empty() else t("buying.for_lines", n=tell.number(len(picked)))
        st.markdown(said, width="content")
        {"considered": _considered, "chosen": _chosen, "ordered": _ordered}[filter_now.view](at, picked, found)


def _considered(at: At, picked: pl.DataFrame, found: pl.DataFrame) -> None:
    fresh = picked.filter(
        pl.col("state").is_in(["none", "passed"]), pl.col("verdict").is_in([*verdicts.BUYABLE, "refuse"])
    )
    there = picked.filter(state="proposed")
    if at.may("propose"):
        _button("propose", t("buying.propose", n=tell.number(len(fresh))), fresh, _propose, at)
    if at.may("cast"):
        _opinions(there)
    if at.may("choose"):
        ready = _won(at, found if picked.is_empty() else there)
        _button("choose", t("buying.choose", n=tell.number(len(ready))), ready, _choose, at, kind="primary")
    if at.may("pass_over"):
        _with_reason("pass_over", there, _pass_over, at, needed=False)
    if at.may("take_off"):
        _with_reason("take_off", there, _take_off, at)


def _chosen(at: At, picked: pl.DataFrame, found: pl.DataFrame) -> None:
    if at.may("order"):
        meant = found if picked.is_empty() else picked
        _button("order", t("buying.order", n=tell.number(len(meant))), meant, _order, at, kind="primary")
    if at.may("pass_over"):
        _with_reason("pass_over", picked, _pass_over, at)


def _ordered(at: At, picked: pl.DataFrame, found: pl.DataFrame) -> None:
    there = picked.filter(state="ordered")
    if at.may("receive"):
        with st.popover(t("buying.receive", n=tell.number(len(there))), disabled=there.is_empty()):
            st.date_input(
                t("buying.delivered_on"),
                value=date.today(),
                max_value=date.today(),
                format="YYYY-MM-DD",
                key="buying_on",
            )
            _button("receive", t("buying.receive_now"), there, _receive, at, kind="primary")
    if at.may("cancel_order"):
        _with_reason("cancel_order", there, _cancel, at)


def _button(name: str, label: str, meant: pl.DataFrame, verb: Callable, *args, kind: str = "secondary") -> None:
    st.button(
        label, key=f"buying_act_{name}", disabled=meant.is_empty(), type=kind, on_click=verb, args=(meant, *args)
    )  # fmt: skip


def _with_reason(name: str, meant: pl.DataFrame, verb: Callable, *args, needed: bool = True) -> None:
    """A step that is taken for a reason."""
    with st.popover(t(f"buying.{name}", n=tell.number(len(meant))), disabled=meant.is_empty()):
        st.text_input(t("buying.reason" if needed else "buying.reason_pass"), key=f"buying_why_{name}", max_chars=400)
        _button(name, t(f"buying.{name}_now"), meant, verb, *args)


def _opinions(there: pl.DataFrame) -> None:
    for opinion in steps.OPINIONS:
        _button(
            f"cast_{opinion}",
            f"{buying_rows.MARKS[opinion]} {words.code('ballot_state', opinion)}",
            there,
            _cast,
            opinion,
        )
    st.text_input(
        t("buying.comment"), placeholder=t("buying.comment"), label_visibility="collapsed", key="buying_comment", width=160, max_chars=400,
    )  # fmt: skip


def _won(at: At, found: pl.DataFrame) -> pl.DataFrame:
    """The lines under consideration that the committee is for."""
    return buying_rows.tallied(at, found.filter(state="proposed")).filter(outcome="for").drop(voting.VOTED)


def _seen(meant: pl.DataFrame) -> dict[str, int]:
    return dict(meant.select("no", "seq").iter_rows())


def _propose(meant: pl.DataFrame, at: At) -> None:
    def propose(person: Person) -> str:
        return said_of(keeping.propose(frame.store(), person, at.policy, meant))

    doing.act("buying", propose)


def said_of(outcome: dict[str, list[str]]) -> str:
    """What became of lines that were proposed, in words."""
    parts = [t(f"buying.proposed_{name}", n=tell.number(len(nos))) for name, nos in outcome.items() if nos]
    return t("policy.comma").join(parts) or t("buying.proposed_nothing")


def _cast(meant: pl.DataFrame, opinion: str) -> None:
    comment = st.session_state["buying_comment"]

    def cast(person: Person) -> str:
        voting.cast(frame.store(), person, {no: (opinion, comment) for no in meant["no"]})
        return t("buying.cast_done", n=tell.number(len(meant)), opinion=words.code("ballot_state", opinion))

    doing.act("buying", cast)


def _choose(meant: pl.DataFrame, at: At) -> None:
    def choose(person: Person) -> str:
        n = voting.choose(frame.store(), person, at.policy, meant, buying_ready.members())
        return t("buying.chosen_done", n=tell.number(n))

    doing.act("buying", choose)


def _pass_over(meant: pl.DataFrame, at: At) -> None:
    reason = st.session_state["buying_why_pass_over"]

    def pass_over(person: Person) -> str:
        n = voting.pass_over(frame.store(), person, at.policy, meant, buying_ready.members(), reason)
        return t("buying.passed_done", n=tell.number(n))

    doing.act("buying", pass_over)


def _take_off(meant: pl.DataFrame, at: At) -> None:
    reason = st.session_state["buying_why_take_off"]

    def take_off(person: Person) -> str:
        keeping.take_off(frame.store(), person, _seen(meant), reason)
        return t("buying.taken_off", n=tell.number(len(meant)))

    doing.act("buying", take_off)


def _order(meant: pl.DataFrame, at: At) -> None:
    def order(person: Person) -> str:
        number = keeping.order(frame.store(), person, at.policy, _seen(meant))
        st.session_state["buying_order_made"] = number
        return t("buying.ordered_done", n=tell.number(len(meant)), order=number)

    if doing.act("buying", order):
        buying_parts.open_with(Filter(view="ordered", order=st.session_state.pop("buying_order_made")))


def _receive(meant: pl.DataFrame, at: At) -> None:
    on = st.session_state["buying_on"]

    def receive(person: Person) -> str:
        closing = keeping.receive(frame.store(), person, _seen(meant), on)
        told = t("buying.received_done", n=tell.number(len(meant)))
        return told + (t("buying.can_be_closed", numbers=t("policy.comma").join(closing)) if closing else "")

    doing.act("buying", receive)


def _cancel(meant: pl.DataFrame, at: At) -> None:
    reason = st.session_state["buying_why_cancel_order"]

    def cancel(person: Person) -> str:
        keeping.cancel(frame.store(), person, _seen(meant), reason)
        return t("buying.cancelled_done", n=tell.number(len(meant)))

    doing.act("buying", cancel)

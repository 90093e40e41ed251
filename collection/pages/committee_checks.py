"""The checks of a list: 偏り with the box for the reason, 均衡, and what meets the same criteria but was not proposed."""

from pathlib import Path

import polars as pl
import streamlit as st

from collection import agenda, criteria, meeting, sheets, words
from collection import balance as balance_check
from collection import fairness as fairness_check
from collection.agenda import Agenda
from collection.pages import committee_list, frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person, may

SHOWN = 200


def fairness(person: Person, snapshot: Path, flags: Path, policy: Policy, made: Agenda) -> None:
    """The concentrations with their reasons; who may answer gives one for some of them, or for all that wait."""
    with frame.cursor(snapshot, flags) as own:
        found = fairness_check.findings(own, frame.store(), made.list_no)
    level, fewest = made.operating["偏りの有意水準"], made.operating["偏りの最少冊数"]
    key = "fairness_found" if len(found) else "fairness_none"
    st.markdown(t(f"committee.{key}", n=len(found), level=level, fewest=fewest))
    if found.is_empty():
        return
    shown = pl.DataFrame(meeting.concentrations(found), schema=list(meeting.CONCENTRATION), orient="row")
    tell.table(shown, named={name: t(f"committee.head_{name}") for name in shown.columns})
    if may(person, "answer") and made.state in ("in_review", "resolved"):
        _answer(person, made, found)


def _answer(person: Person, made: Agenda, found: pl.DataFrame) -> None:
    values = found.select("attribute", "value").rows()
    waiting = found.filter(pl.col("reason").is_null()).select("attribute", "value").rows()
    st.markdown(t("committee.waiting", n=len(waiting)))
    chosen = st.multiselect(
        t("committee.answer_for"), values, default=waiting[:1], key=f"answer_for_{len(waiting)}",
        format_func=lambda pair: f"{t(f'committee.attribute_{pair[0]}')} {pair[1]}",
    )  # fmt: skip
    reason = st.text_area(
        t("committee.head_answer"), placeholder=t("committee.answer_example"), max_chars=1000, key="answer_reason"
    )
    if st.button(t("committee.answer_button", n=len(chosen)), type="primary", disabled=not chosen, key="answer_give"):
        said = t("committee.answered", n=len(chosen))
        committee_list.act(said, fairness_check.answer, frame.store(), person, made.list_no, chosen, reason)


def balance(person: Person, snapshot: Path, flags: Path, policy: Policy, made: Agenda) -> None:
    """Shares of the classes before and after, local material, and what loses its last title."""
    entries = agenda.entries(frame.store(), made.list_no)
    items = entries.filter(pl.col("state").is_in(fairness_check.PROPOSED))["item_id"].to_list()
    with frame.cursor(snapshot, flags) as own:
        found = balance_check.check(own, frame.store(), items)
    said = {"before": tell.books(found.local_before), "after": tell.books(found.local_after)}
    shares = {"share_before": f"{found.share_before:.2%}", "share_after": f"{found.share_after:.2%}"}
    st.markdown(t("committee.balance_of", n=tell.books(len(items))))
    st.markdown(t("committee.local", **said, **shares))
    named = {name: t(f"committee.head_{name}") for name in found.classes.columns}
    tell.table(
        found.classes,
        {"shelf_class": tell.class_html, "share_before": tell.percent, "share_after": tell.percent}, named=named,
    )  # fmt: skip
    st.subheader(t("committee.part_last"), anchor=False)
    st.markdown(t("committee.last_found" if len(found.last) else "committee.last_none", n=len(found.last)))
    if len(found.last):
        last = found.last.with_columns(pl.col("branch").fill_null(t("committee.whole_library")))
        tell.table(last, named={name: t(f"committee.head_{name}") for name in last.columns})


def rest(person: Person, snapshot: Path, flags: Path, policy: Policy, made: Agenda) -> None:
    """What meets the same criteria and is not on the list: counted, and the first of them; all of them as a file."""
    with frame.cursor(snapshot, flags) as own:
        found = meeting.not_proposed(own, frame.store(), made.list_no)
    st.markdown(t("committee.rest_found" if len(found) else "committee.rest_none", n=tell.books(len(found))))
    if found.is_empty():
        return
    found = found.with_columns(criteria.spoken(policy))
    counts = meeting.counted(found)
    named = {mark: words.code("shelf_class", mark) for mark in counts.columns[2:-1]} | {"total": t("total")}
    tell.table(counts, named={"criterion": t("committee.head_criterion")} | named)
    st.subheader(t("committee.rest_first", n=tell.number(min(SHOWN, len(found)))), anchor=False)
    spoken = found.select(
        "call_number", tell.title_of(), tell.author_of(), "branch", "criterion", "idle_years", "pub_year", "score",
        tag=pl.col("tag").replace({name: words.code("tag_state", name) for name in words.table("codes")["tag_state"]}),
        list_no="list_no",
    )  # fmt: skip
    named = {"criterion": t("committee.head_criterion"), "score": t("committee.head_score"), "tag": t("committee.head_tag"),
             "list_no": t("committee.head_list_no")}  # fmt: skip
    tell.table(spoken.head(SHOWN), named=named)
    whole = found.select("item_id", *spoken.columns).rename(
        {name: named.get(name) or sheets.heading(name) for name in ("item_id", *spoken.columns)}
    )
    st.download_button(
        t("committee.take_rest", n=tell.books(len(found))), data=lambda: sheets.xlsx_bytes(whole, made.list_no), on_click="ignore",
        file_name=f"{made.list_no}-not-proposed.xlsx", mime=sheets.MIME["xlsx"], key="take_rest",
    )  # fmt: skip

"""決裁: what the list would do now, item by item, and the button that does it. Part of the committee's screen."""

from pathlib import Path

import polars as pl
import streamlit as st

from collection import agenda, approve, criteria, decisions, fairness, overview
from collection.candidates import coded
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person, may
from collection.words import Problem


def show(person: Person, list_no: str) -> None:
    """The state of approval of a list; for a manager who may, the check and the buttons."""
    snapshot, flags = frame.opened()
    policy = _policy(flags)
    store = frame.store()
    if told := st.session_state.pop("approve_told", None):
        st.success(told)
    _so_far(store, list_no)
    if agenda.one(store, list_no).state == "decided":
        st.info(t("road.list_decided"))
        return
    if not may(person, "approve"):
        st.info(t("road.managers_approve"))
        return
    if approve.may_not(store, person, list_no):
        st.warning(t("road.own_list", list_no=list_no, name=tell.plain(person.name)))
        return
    if flags is None or policy is None:
        st.warning(t("road.no_flags"))
        return
    with frame.cursor(snapshot, flags) as own:
        open_findings = len(fairness.unanswered(own, store, list_no))
    if open_findings:
        st.warning(t("road.unanswered", n=open_findings, list_no=list_no))
        return
    if len(approve.pending(store, list_no)):
        _check(store, flags, policy, person, list_no)
    else:
        st.info(t("road.nothing_pending", list_no=list_no))
    _finish(store, person, list_no)


def _policy(flags: Path | None) -> Policy | None:
    if flags is None:
        return None
    with frame.cursor(*frame.opened()) as own:
        return frame.policy_of(overview.judging(own))


def _so_far(store: Path, list_no: str) -> None:
    now = decisions.decided(store).items
    approved = now.filter((pl.col("road_list") == list_no) & (pl.col("road") != "readmitted"))
    pending = approve.pending(store, list_no)
    entries = agenda.entries(store, list_no)
    refused = entries.filter(pl.col("state") == "refused")
    figures = {"approved": len(approved), "pending": len(pending), "refused": len(refused)}
    st.markdown(t("road.approval_counts", **{name: tell.books(n) for name, n in figures.items()}))
    if len(refused):
        st.markdown(f"**{t('road.refused_list', n=tell.books(len(refused)))}**")
        named = {"reason_last": t("road.why_refused")}
        tell.table(refused.select("item_id", tell.title_of(), "branch", "reason_last").head(200), named=named)


def _check(store: Path, flags: Path, policy: Policy, person: Person, list_no: str) -> None:
    """Every pending item with what the check finds now; approve what is chosen, or all of it."""
    found = approve.check(store, flags, policy, list_no).sort(pl.col("refused").is_null(), maintain_order=True)
    why = [approve.why_refused(row) if row["refused"] else "" for row in found.iter_rows(named=True)]
    shown = found.select(
        pl.when(pl.col("refused").is_null()).then(pl.lit(t("road.passes"))).otherwise(pl.lit(t("road.fails"))).alias("result"),
        "item_id",
        "title",
        criteria.spoken(policy, "clause").alias("criterion"),
        coded("route"),
        pl.concat_str(coded("survivor", "survivor_kind"), "survivor", "survivor_branch", separator=" ", ignore_nulls=True).alias("stays"),
        pl.Series("why", why, dtype=pl.String),
    )  # fmt: skip
    named = {"result": t("road.result"), "title": tell.label("title"), "stays": t("road.stays"), "why": t("road.why_refused"),
             "route": tell.label("route"), "criterion": tell.label("criterion"), "item_id": tell.label("item_id")}  # fmt: skip
    widths = {"result": 95, "item_id": 90, "title": 230, "criterion": 110, "route": 110, "stays": 190, "why": 320}
    event = st.dataframe(
        shown, hide_index=True, row_height=28, height=min(28 * len(shown) + 36, 380), alt=t("road.approve_table"),
        key=f"approve_{list_no}_{len(shown)}", on_select="rerun", selection_mode="multi-row",
        column_config={name: st.column_config.TextColumn(said, width=widths[name]) for name, said in named.items()},
    )  # fmt: skip
    rows = [row for row in event.selection.rows if row < len(found)]
    chosen = found[sorted(rows)] if rows else found
    failing = int(chosen["refused"].is_not_null().sum())
    label = t("road.approve_button", n=tell.books(len(chosen) - failing))
    if failing:
        label = t("road.approve_button_some", n=tell.books(len(chosen) - failing), refused=tell.books(failing))
    st.caption(t("road.approve_about"))
    if st.button(label, type="primary", key="approve"):
        items = chosen["item_id"].to_list() if rows else None
        _told(lambda: _approve(store, flags, policy, person, list_no, items))


def _approve(store: Path, flags: Path, policy: Policy, person: Person, list_no: str, items: list[str] | None) -> str:
    done = approve.approve(store, flags, policy, person, list_no, items)
    key = "road.did_approve_closed" if done.closed else "road.did_approve"
    return t(key, n=tell.books(len(done.approved)), refused=tell.books(len(done.refused)))


def _finish(store: Path, person: Person, list_no: str) -> None:
    """The ways to end it otherwise: without the rest, or back to who drafted it."""
    n = len(approve.pending(store, list_no))
    with st.container(horizontal=True, gap="small"):
        with st.popover(t("road.finish")):
            st.markdown(t("road.finish_about", n=tell.books(n)))
            why = st.text_input(t("road.reason"), key="finish_reason", max_chars=300)
            if st.button(t("road.finish_button", n=tell.books(n)), key="finish", disabled=not why.strip()):
                _told(lambda: t("road.did_finish", n=tell.books(approve.finish(store, person, list_no, why))))
        with st.popover(t("road.send_back")):
            st.markdown(t("road.send_back_about"))
            why_back = st.text_input(t("road.reason"), key="send_back_reason", max_chars=300)
            if st.button(t("road.send_back_button"), key="send_back", disabled=not why_back.strip()):
                _told(lambda: _send_back(store, person, list_no, why_back))


def _send_back(store: Path, person: Person, list_no: str, why: str) -> str:
    approve.send_back(store, person, list_no, why)
    return t("road.did_send_back", list_no=list_no)


def _told(act) -> None:
    try:
        frame.enter("committee")
        said = act()
    except Problem as problem:
        st.error(tell.plain(str(problem)))
    else:
        st.session_state["approve_told"] = said
        st.rerun()

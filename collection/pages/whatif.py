"""試算: other operating values on sliders, what they would take and leave, and the same rule tried on the past."""

import json
from pathlib import Path

import polars as pl
import streamlit as st

from collection import decisions, facts, overview, whatif
from collection.pages import frame, whatif_controls, whatif_effects, whatif_past, whatif_saved
from collection.pages.tell import t
from collection.policy import Policy
from collection.store import snapshots

person = frame.enter("whatif")
snapshot, flags, policy = frame.need_flags()
as_of = snapshots.as_of(snapshot)


@st.cache_resource(max_entries=1, show_spinner=False, on_release=lambda prepared: prepared.close())
def prepared(snapshot: str, flags: str, policy_hash: str, _policy: Policy) -> whatif.Prepared:
    with frame.cursor(snapshot, flags) as own:
        judged = overview.judging(own)
    known = decisions.decided(frame.store(), judged["ledger_seq"])
    day = judged["as_of"]
    return whatif.prepare(Path(snapshot), _policy, day, facts.decided_on(known.items, day))


@st.cache_data(max_entries=60, show_spinner=False)
def outcome(snapshot: str, flags: str, policy_hash: str, scenario: str, _policy: Policy) -> pl.DataFrame:
    return whatif.evaluate(prepared(snapshot, flags, policy_hash, _policy), json.loads(scenario))


@st.cache_data(max_entries=60, show_spinner=False)
def past(snapshot: str, flags: str, policy_hash: str, scenario: str, n: int, _policy: Policy) -> pl.DataFrame:
    return whatif.backtest(prepared(snapshot, flags, policy_hash, _policy), json.loads(scenario), n)


def evaluated(scenario: dict) -> pl.DataFrame:
    """The outcome of a scenario, from the cache where somebody has asked before."""
    return outcome(str(snapshot), str(flags), policy.hash, json.dumps(scenario, sort_keys=True), policy)


st.header(t("page_whatif"), anchor=False)
st.caption(t("whatif.what_it_is"))
with st.spinner(t("whatif.preparing"), show_time=True):
    laid = prepared(str(snapshot), str(flags), policy.hash, policy)
scenario = whatif_controls.from_address(policy)
with st.container(key="stacked_whatif"):
    left, right = st.columns([30, 70], gap="medium")
with left:
    whatif_controls.show(policy, scenario)
with right:
    now, then = evaluated(whatif.NOTHING), evaluated(scenario)
    whatif_effects.show(now, then, policy, as_of)
    back = whatif.years_back(laid)
    whatif_past.show(
        back, lambda asked, n: past(str(snapshot), str(flags), policy.hash, json.dumps(asked, sort_keys=True), n, policy),
        scenario, as_of,
    )  # fmt: skip
whatif_saved.show(person, policy, scenario, evaluated)

"""行先: what stands where on the road of a withdrawn item, the next step of each stage, its clause, day and reason, and the way back."""

import streamlit as st

from collection import road
from collection.pages import frame, road_lots, road_offers, road_picture, road_steps, road_system, tell
from collection.pages.tell import t

EVERY = ""
person = frame.enter("road")
snapshot, flags, policy = frame.need_flags()
store, state = frame.store(), st.session_state
st.header(t("page_road"), anchor=False)
with frame.cursor(snapshot, flags) as own:
    counts = road.counts(own, store)
if told := state.pop("road_told", None):
    st.success(told)
if refused := state.pop("road_refused", None):
    st.error(refused)
if counts.is_empty():
    st.info(t("road.empty"))
    frame.link("committee", t("road.to_committee"))
    road_system.show(snapshot, person)
    st.stop()

by_state = {name: sum(counts.filter(counts["road"] == name)["items"]) for name in road.STATES}
by_stage = {stage: sum(by_state[name] for name in states) for stage, states in road.STAGES.items()}
road_picture.show(policy, by_state)


def chosen(name: str) -> None:
    """A stage or a branch was chosen: into the address."""
    st.query_params[name] = state[f"road_{name}"]


first = next((stage for stage, items in by_stage.items() if items), "to_offer")
asked = st.query_params.get("stage")
state["road_stage"] = asked if asked in road.STAGES else first
branches = [EVERY, *sorted(set(counts["branch"]))]
state["road_branch"] = st.query_params.get("branch") if st.query_params.get("branch") in branches else EVERY
with st.container(horizontal=True, gap="small", vertical_alignment="center"):
    stage = st.pills(
        t("road.stage"), list(road.STAGES), required=True, wrap=True, key="road_stage", label_visibility="collapsed", on_change=chosen, args=("stage",),
        format_func=lambda name: f"{t(f'road.stage_{name}')} {tell.number(by_stage[name])}",
    )  # fmt: skip
    branch = st.selectbox(
        t("road.branch"), branches, key="road_branch", label_visibility="collapsed", on_change=chosen, args=("branch",), width=170,
        format_func=lambda name: name or t("road.every_branch"),
    )  # fmt: skip
st.caption(road_steps.about(policy, stage))
with frame.cursor(snapshot, flags) as own:
    found = road.items(own, store, road.STAGES[stage], branch or None)
at = road_steps.At(snapshot, flags, policy, person, stage, found)
if not by_stage[stage]:
    st.info(road_steps.why_empty(policy, stage))
elif found.is_empty():
    st.info(t("road.empty_branch", branch=branch))
elif stage in ("to_offer", "offered", "assigned"):
    getattr(road_offers, stage)(at)
elif stage in ("to_give", "in_lot"):
    getattr(road_lots, stage)(at)
else:
    {"to_discard": road_steps.to_discard, "to_strike": road_steps.to_strike, "done": road_steps.ended}[stage](at)
if stage == "done":
    road_offers.slips(at)
road_system.show(snapshot, person)

"""A small picture of the road: every state with its count, by the criteria that begin it, as the steps connect them."""

import html

import streamlit as st

from collection import criteria, words
from collection.pages import tell
from collection.pages.tell import t
from collection.policy import Policy

ROWS = (  # the route that begins the road → states from left to right, and what leads on to the row below
    ("transfer_offer", ("to_offer", "offered", "assigned", "transferred"), "unclaimed"),
    ("give_away", ("to_give", "in_lot", "given"), "left"),
    ("discard", ("to_discard", "discarded"), ""),
    ("record_only", ("to_strike", "struck", "readmitted"), ""),
)  # fmt: skip
STYLE = """<style>
.road { display: grid; grid-template-columns: minmax(5.5em, max-content) repeat(4, minmax(9em, max-content)); gap: 0.1rem 1.6rem; font-size: 0.86rem; align-items: center;
  overflow-x: auto; padding: 0.2rem 0 0.4rem; }
.road .begin { opacity: 0.8; grid-column: 1; }
.road .state { border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: 4px; padding: 0.1rem 0.5rem; position: relative;
  display: flex; justify-content: space-between; gap: 0.6em; white-space: nowrap; }
.road .state.some { font-weight: 600; background: color-mix(in srgb, currentColor 7%, transparent); }
.road .state.none { opacity: 0.7; }
.road .state + .state::before { content: "→"; position: absolute; left: -1.4rem; font-weight: 400; }
.road .down { grid-column: 2 / -1; font-size: 0.78rem; opacity: 0.8; }
@media (max-width: 1000px) { .road { grid-template-columns: minmax(4.5em, max-content) repeat(4, minmax(6.6em, max-content)); gap: 0.1rem 1.3rem; font-size: 0.78rem; }
  .road .state { padding: 0.1rem 0.3rem; } .road .state + .state::before { left: -1.15rem; } }
</style>"""


def show(policy: Policy, counts: dict[str, int]) -> None:
    """Draws the road with how many items stand at each state."""
    parts = []
    for route, states, down in ROWS:
        begin = criteria.listed(policy, criteria.begins(policy, route))
        parts.append(f'<div class="begin">{html.escape(begin)}</div>')
        for nth, state in enumerate(states):
            some = "some" if counts[state] else "none"
            place = f' style="grid-column: {nth + 2}"'
            name, items = html.escape(words.code("road_state", state)), tell.number(counts[state])
            parts.append(f'<div class="state {some}"{place}><span>{name}</span><span>{items}</span></div>')
        if down:
            parts.append(f'<div class="down">↓ {html.escape(t(f"road.down_{down}"))}</div>')
    st.html(f'{STYLE}<div class="road" role="img" aria-label="{html.escape(t("road.picture"))}">{"".join(parts)}</div>')

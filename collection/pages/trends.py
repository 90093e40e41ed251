"""推移: shares, loans, what came and went, and ages, from fiscal year to fiscal year."""

import streamlit as st

from collection import trends
from collection.measures import MEASURES
from collection.pages import frame, scope_bar, trends_figures, trends_look
from collection.pages.tell import t
from collection.pages.trends_look import Look

VIEWS = {  # view → its measures, and what they can be told by, the first to begin with
    "shares": (("share",), ("shelf_class", "branch", "audience")),
    "loans": (("loans_of_year",), ("shelf_class", "branch", "audience", "whole")),
    "flows": (("received", "withdrawn", "spent"), ("whole", "shelf_class", "branch", "audience")),
    "ages": (("year_median", "freshness", "renewal"), ("shelf_class", "branch", "audience", "whole")),
    "any": (tuple(MEASURES), ("whole", "shelf_class", "branch", "audience")),
}

frame.enter("trends")
frame.need_flags()
points, left = trends_look.kept()
newest, branches = points[-1], trends_look.branches(points[-1])

st.header(t("page_trends"), anchor=False)
scope = scope_bar.show(branches, (*scope_bar.PARTS, "shelf_class"))
with st.container(horizontal=True, gap="small", vertical_alignment="center", key="trends_choices"):
    view = trends_look.choose("view", list(VIEWS), t("trends.view"), lambda name: t(f"trends.view_{name}"))
    names, groups = VIEWS[view]
    by = trends_look.choose("by", list(groups), t("trends.by"), lambda group: t(f"trends.by_{group}"))
    if view == "any":
        names = (trends_look.pick_measure(names),)
    of_years = all(MEASURES[name].of_year for name in names)
    each = by != "branch" and (of_years or len(points) > 1) and trends_look.switch("each", t("trends.each"))
    running = trends.any_partial(points, names) and trends_look.switch("running", t("trends.running"))
if left:
    st.warning(t("trends.left_out", days="・".join(day.isoformat() for day in left)))
look = Look(points, scope, by, each, running, branches)
if not of_years and len(points) == 1:
    st.info(t("trends.one_point", day=newest.as_of.isoformat()))
    frame.link("yearbook", t("trends.published"))
if view == "flows" and look.groups == ("whole",):
    trends_figures.show_flows(look)
    trends_figures.show(look, "spent")
else:
    for name in names:
        trends_figures.show(look, name)
notes = dict.fromkeys(note for name in names for note in trends_figures.notes(look, name))
if notes:
    st.caption(" ".join(notes))

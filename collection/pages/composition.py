"""蔵書構成: what the collection is made of, five views of the part that the filters above let through."""

import streamlit as st

from collection import composition
from collection.measures import EVERYTHING
from collection.pages import (
    composition_balance,
    composition_branches,
    composition_heat,
    composition_tree,
    composition_use,
    frame,
    scope_bar,
)  # fmt: skip
from collection.pages.composition_look import Look, cells, control
from collection.pages.tell import t
from collection.store import snapshots

VIEWS = {
    "heat": composition_heat, "use": composition_use, "tree": composition_tree, "branches": composition_branches,
    "balance": composition_balance,
}  # fmt: skip

frame.enter("composition")
snapshot, flags, policy = frame.need_flags()
look = Look(snapshot, flags, policy, EVERYTHING, [], snapshots.as_of(snapshot))
branches = composition.branches(cells(look))

st.header(t("page_composition"), anchor=False)
scope = scope_bar.show(branches, (*scope_bar.PARTS, "shelf_class"))
view = control("view", list(VIEWS), t("composition.view"), {name: t(f"composition.view_{name}") for name in VIEWS}.get)
look = Look(snapshot, flags, policy, scope, branches, look.as_of)
if cells(look).is_empty():
    st.info(t("nothing_found"))
    st.stop()
VIEWS[view].show(look)

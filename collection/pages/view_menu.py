"""保存した見方: the filters a person, or everybody, keeps under a name."""

from dataclasses import replace

import streamlit as st

from collection import candidates, roles, views
from collection.candidates import Filter
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem


def show(policy: Policy, chosen: Filter, person: Person) -> None:
    """The menu: links to the saved filters, and a form that saves the present one."""
    with st.popover(t("tags.views")):
        if said := st.session_state.pop("view_said", None):
            st.warning(said)
        found = views.all(frame.store(), person)
        for view in found:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                name = t("tags.view_shared", name=view.name, by=view.by) if view.shared else view.name
                frame.link("candidates", tell.plain(name), view.query)
                if not view.shared or roles.may(person, "share_view"):
                    st.button(
                        t("tags.view_remove"), type="tertiary", on_click=_remove, args=(view.name, view.shared),
                        key=f"remove_view_{view.shared}_{view.name}",
                    )  # fmt: skip
        if not found:
            st.caption(t("tags.no_views"))
        st.text_input(t("tags.view_ask"), key="view_ask", max_chars=views.LONGEST)
        if roles.may(person, "share_view"):
            st.checkbox(t("tags.view_share"), key="view_share")
        query = candidates.to_query(replace(chosen, page=1))
        st.button(t("tags.view_save"), on_click=_save, args=(query,), key="view_save")
        st.caption(tell.plain(candidates.describe(policy, chosen)))


def _save(query: dict[str, list[str]]) -> None:
    state = st.session_state
    _try(views.save, state["view_ask"], query, state.get("view_share", False))


def _remove(name: str, shared: bool) -> None:
    _try(views.remove, name, shared)


def _try(verb, *values) -> None:
    """Does it as the person who is signed in now; what cannot be done is said in the menu."""
    person = frame.enter("candidates")
    try:
        verb(frame.store(), person, *values)
    except Problem as problem:
        st.session_state["view_said"] = str(problem)

"""Doing something on a screen, and what is said of it in the run that follows."""

from collections.abc import Callable

import streamlit as st

from collection.pages import frame, tell
from collection.roles import Person
from collection.words import Problem


def act(screen: str, verb: Callable[[Person], str]) -> bool:
    """Does something as the person who is signed in now, and keeps what is said of it for `tell_done`; False when it could
    not be done. Called where a button was pressed, before the screen is drawn anew.
    """
    try:
        st.session_state[f"{screen}_done"] = verb(frame.enter(screen))
    except Problem as problem:
        st.session_state[f"{screen}_refused"] = str(problem)
        return False
    return True


def tell_done(screen: str) -> None:
    """Says what was done in the run before, or why it could not be done."""
    if done := st.session_state.pop(f"{screen}_done", None):
        st.success(tell.lines(done))
    if refused := st.session_state.pop(f"{screen}_refused", None):
        st.warning(tell.lines(refused))

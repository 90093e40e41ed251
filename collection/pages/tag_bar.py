"""The bar below the list: tags for what is chosen, for everything the filter lets through, and the way back."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import streamlit as st

from collection import ledger, shelf, steps, tagging, words
from collection.candidates import Filter
from collection.pages import frame, tag_dialog, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem

SHORTCUTS = {tag: key for key, tag in shelf.KEYS.items()}
OUTCOMES = {"good": ":green[✓] ", "bad": ":orange[▲] "}
MARKS = {"withdraw": "✕", "keep": "■", "repair": "＋", "replace": "⇄", "stacks": "▼", "branch": "→", "hold": "…"}


@dataclass(frozen=True)
class Ticked:
    """The ticked items of the list, and the key of its widget, by which the ticks are taken away."""

    key: str
    items: list[str]


def cell() -> pl.Expr:
    """The tag of each row as mark, word and who; what is on a list or on the road says so first."""
    words_of = {tag: f"{MARKS[tag]} {words.code('tag_state', tag)}" for tag in steps.TAGS}
    roads = {state: words.code("road_state", state) for state in steps.TRANSITIONS["road"] if state}
    tagged = pl.concat_str(pl.col("tag").replace(words_of), "tag_name", separator=" ", ignore_nulls=True)
    return (
        pl.when(pl.col("road").is_not_null()).then(pl.col("road").replace(roads))
        .when(pl.col("list_no").is_not_null()).then(pl.format(t("tags.on_list", list_no="{}"), "list_no"))
        .when(pl.col("tag").is_not_null()).then(tagged).otherwise(pl.lit("")).alias("tag")
    )  # fmt: skip


def show(
    snapshot: Path, flags: Path, policy: Policy, person: Person, chosen: Filter, items: int, ticked: Ticked,
    picked: str, branches: list[str],
) -> None:  # fmt: skip
    """Draws the bar.

    Args:
        chosen, items: the filter and how many items it lets through. picked: the item whose card is open,
        which is meant where none is ticked.
    """
    state = st.session_state
    targets = ticked.items or ([picked] if picked else [])
    if ask := state.get("tag_ask"):
        tag_dialog.open_(ask, snapshot, flags, policy, branches)
    if told := state.pop("tag_said", None):
        kind, text = told
        st.bottom.markdown(f"{OUTCOMES[kind]}{tell.plain(text)}")
    with st.bottom.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key="tag_bar"):
        if not targets:
            said = t("tags.choose_first")
        elif ticked.items:
            said = t("tags.for_selected", n=tell.number(len(ticked.items)))
        else:
            said = t("tags.for_card")
        st.markdown(said, width="content")
        for tag in steps.TAGS:
            st.button(
                words.code("tag_state", tag), key=f"tag_{tag}", shortcut=SHORTCUTS.get(tag), disabled=not targets,
                on_click=_press, args=(flags, policy, targets, tag, ticked.key),
            )  # fmt: skip
        st.button(
            t("tags.untag"),
            key="tag_off",
            disabled=not targets,
            on_click=_off,
            args=(targets, ticked.key),
            type="tertiary",
        )
        if items:
            st.button(
                t("tags.all_of_filter", n=tell.number(items)), key="tag_all", on_click=_ask,
                args=(tag_dialog.Ask(chosen, None, ticked.key),),
            )  # fmt: skip
        _undo_button(person)
        with st.popover("?", help=t("tags.help")):
            st.markdown(t("tags.keys"))


def _undo_button(person: Person) -> None:
    act = tagging.last_act(frame.store(), person)
    if act is None:
        return
    what = words.code("tag_state", act.state) if act.state else t("tags.untag")
    st.button(
        t("tags.undo", n=tell.number(len(act.items)), state=what), key="tag_undo", shortcut="U", on_click=_undo,
        disabled=not act.items, help=t("tags.passed", n=len(act.passed)) if act.passed else None,
    )  # fmt: skip


def _press(flags: Path, policy: Policy, items: list[str], tag: str, key: str) -> None:
    """A tag at once where nothing need be asked; else the question."""
    person = frame.enter("candidates")
    if tag == "branch":
        return _ask(tag_dialog.Ask(items, tag, key))
    try:
        done = tagging.tag(frame.store(), flags, policy, person, items, tag)
    except (ledger.MovedOn, tagging.ReasonNeeded, tagging.ClauseNeeded):
        return _ask(tag_dialog.Ask(items, tag, key))
    except Problem as problem:
        return _say("bad", str(problem))
    if "no_criterion" in done.left and not done.changed:
        return _ask(tag_dialog.Ask(items, tag, key))
    tag_dialog.tell_of(done, tag, key)


def _off(items: list[str], key: str) -> None:
    person = frame.enter("candidates")
    try:
        done = tagging.untag(frame.store(), person, items)
    except ledger.MovedOn:
        return _ask(tag_dialog.Ask(items, None, key, off=True))
    except Problem as problem:
        return _say("bad", str(problem))
    tag_dialog.tell_of(done, None, key)


def _undo() -> None:
    person = frame.enter("candidates")
    try:
        items = tagging.undo_last(frame.store(), person)
    except Problem as problem:
        return _say("bad", str(problem))
    _say("good", t("tags.undone", n=tell.number(len(items))))


def _ask(ask: tag_dialog.Ask) -> None:
    st.session_state["tag_ask"] = ask


def _say(kind: str, text: str) -> None:
    st.session_state["tag_said"] = (kind, text)

"""書架モード: scan, see the verdict in large type, press one of four keys; beside it the pull list, and 不明確認."""

from datetime import datetime
from pathlib import Path

import polars as pl
import streamlit as st

from collection import criteria, ledger, shelf, tagging, words
from collection.pages import frame, shelf_card, shelf_pull, tell
from collection.pages.tell import t
from collection.words import Problem

HERE = Path(__file__).parent
SHOWN = 20  # rows of the session's list on the screen; all of them are in the file
person = frame.enter("shelf")
snapshot, flags, policy = frame.need_flags()
store, state = frame.store(), st.session_state
st.html(HERE / "shelf.css")
pull = shelf_pull.begun(snapshot, flags, policy)
if pull and st.query_params.get("print"):
    shelf_pull.print_view(pull)
    st.stop()


@st.cache_data(max_entries=3, show_spinner=False)
def branches_of(snapshot: str, flags: str) -> list[str]:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return shelf.branches(own)


def asked(kind: str, value: str = "") -> None:
    """A scan, a key or a reason: done in the run that follows, once it is known who asks."""
    state.setdefault("shelf_asked", []).append((kind, state[value] if kind in ("scan", "why") else value))
    if kind in ("scan", "why"):
        state[value] = ""


def look(scanned: str) -> shelf.Seen:
    with frame.cursor(snapshot, flags) as own:
        return shelf.look(own, store, here, scanned)


def say(kind: str, what: str, todo: str = "") -> None:
    """Adds to what stands in large type above the card."""
    state["shelf_told"] = [*state.get("shelf_told", []), (kind, what, todo)]


def scan(typed: str) -> None:
    """A number: its card comes up, and the session's list gets a line. A lone key pressed with Enter is a key."""
    key = shelf.key_of(typed)
    if key or not shelf.readings(typed):
        return press(key) if key else None
    seen = look(typed)
    state["shelf_now"], state["shelf_pending"], state["shelf_known"], state["shelf_told"] = seen.number, None, None, []
    for what in seen.says:
        say(shelf_card.kind_of(what), *shelf_card.said(seen, what, snapshot, here))
    if seen.item and pull:
        say(*shelf_pull.tick(pull, person, seen.number))
    if look(typed).decided.get("shelf") == "missed":
        shelf.find(store, person, seen.number)
    facts = shelf_card.read(snapshot, flags, policy, seen.number) if seen.item else None
    verdict = [tell.verdict(facts["verdict"], False)] if facts else []
    line = {
        "at": f"{datetime.now():%H:%M:%S}", "item_id": seen.number,
        "title": shelf_card.name_of(seen.item) if seen.item else "",
        "said": " ／ ".join([*verdict, *(what for _, what, _ in state["shelf_told"])]),
        "tag": "", "care": bool(seen.says),
    }  # fmt: skip
    state["shelf_scans"] = [line, *state.get("shelf_scans", [])]


def press(key: str) -> None:
    """One of the four keys; a criterion or a ready reason while one is asked for; u or 0."""
    pending = state.get("shelf_pending")
    if key.upper() == shelf.UNDO:
        undo()
    elif key == shelf.CANCEL:
        state["shelf_pending"] = None
    elif pending and pending["asks"] == "clause":
        clauses = tagging.by_hand(policy)
        if int(key) <= len(clauses):
            put(pending["tag"], clauses[int(key) - 1])
    elif pending:
        put(pending["tag"], pending["clause"], t(f"shelf.because_{pending['tag']}_{key}"))
    else:
        seen = look(state["shelf_now"]) if state.get("shelf_now") else None
        if seen is None or seen.item is None:
            say("care", t("shelf.scan_first"))
        elif not seen.can_be_tagged:
            say("care", t("shelf.not_now"))
        else:
            put(shelf.KEYS[key])


def put(tag: str, clause: str | None = None, reason: str | None = None) -> None:
    """The tag on the item at hand. The criterion or the reason it needs is asked for on the same card.

    A colleague's tag is changed by the second press only, once the first has said whose it is.
    """
    item, word, known = state["shelf_now"], words.code("tag_state", tag), state.get("shelf_known")
    try:
        done = tagging.tag(store, flags, policy, person, [item], tag, reason=reason, clause=clause, seen=known)
    except ledger.MovedOn as moved:
        state["shelf_known"] = {row["subject"]: row["seq"] if row["state"] else 0 for row in moved.rows}
        say("care", t("shelf.why_moved", problem=moved, state=word))
    except tagging.ClauseNeeded:
        state["shelf_pending"] = {"tag": tag, "asks": "clause", "clause": None}
    except tagging.ReasonNeeded:
        state["shelf_pending"] = {"tag": tag, "asks": "reason", "clause": clause}
    else:
        state["shelf_pending"] = None
        said = t("shelf.tagged" if done.changed else "shelf.same", state=word)
        state["shelf_told"] = [("good", said, reason or "")]
        mark(item, word)


def undo() -> None:
    """Takes back the person's last tag."""
    items = tagging.undo_last(store, person)
    state["shelf_pending"] = None
    state["shelf_told"] = [("good", t("shelf.undone", items="、".join(items)), "")]
    for item in items:
        mark(item, "")


def mark(item: str, tag: str) -> None:
    """The tag into the newest line of the item in the session's list."""
    line = next((line for line in state.get("shelf_scans", []) if line["item_id"] == item), None)
    if line:
        line["tag"] = tag


def choices() -> list[str]:
    """What the keys 1, 2 … stand for now: the tags, or the criteria or reasons for the tag that was chosen."""
    pending = state.get("shelf_pending")
    if not pending:
        return [words.code("tag_state", tag) for tag in shelf.KEYS.values()]
    if pending["asks"] == "clause":
        return [criteria.label(policy, clause) for clause in tagging.by_hand(policy)]
    return [t(f"shelf.because_{pending['tag']}_{key}") for key in shelf.KEYS]


def buttons() -> None:
    """The four keys, or what is asked for the one that was pressed."""
    pending = state.get("shelf_pending")
    if pending:
        asks = "shelf.why" if pending["asks"] == "reason" else "shelf.which"
        st.markdown(f"**{t(asks, state=words.code('tag_state', pending['tag']))}**")
    labels = {str(key): label for key, label in enumerate(choices(), 1)}
    labels |= {shelf.CANCEL: t("shelf.why_cancel")} if pending else {}
    with st.container(horizontal=True, gap="small", key="shelf_whys" if pending else "shelf_keys"):
        for key, label in labels.items():
            st.button(
                f"{key} {label}", key=f"shelf_key_{key}", on_click=asked, args=("key", key), width="stretch", wrap=True
            )
    if pending and pending["asks"] == "reason":
        st.text_input(t("shelf.why_own"), key="shelf_own_why", on_change=asked, args=("why", "shelf_own_why"))


def scans() -> None:
    """What was scanned in this session, newest first."""
    lines = state.get("shelf_scans", [])
    if not lines:
        return
    n = {
        "n": len(lines),
        "tagged": sum(bool(line["tag"]) for line in lines),
        "care": sum(line["care"] for line in lines),
    }
    st.markdown(f"**{t('shelf.scans', **{name: tell.number(value) for name, value in n.items()})}**")
    found = pl.DataFrame(lines, infer_schema_length=None).drop("care")
    named = {name: t(f"shelf.{name}") for name in ("at", "said", "tag")}
    tell.table(found.head(SHOWN), named=named)
    shelf_pull.downloads(found.rename({name: named.get(name) or tell.label(name) for name in found.columns}), "scans")
    st.caption(t("shelf.scans_help"))


branches = branches_of(str(snapshot), str(flags))
if st.query_params.get("view") == "missed":
    shelf_pull.note()
    shelf_pull.missed_view(snapshot, flags, person, branches)
    st.stop()

with st.container(key="shelf", gap="small"):
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="screen-only"):
        if "shelf_branch" not in state:
            state["shelf_branch"] = person.branch if person.branch in branches else branches[0]
        here = st.selectbox(t("shelf.branch"), branches, key="shelf_branch", width=240, label_visibility="collapsed")
        st.button(t("shelf.undo"), key="shelf_key_u", on_click=asked, args=("key", "u"))
        if pull is None:
            shelf_pull.start(branches, here)
            frame.link("shelf", t("shelf.missed_page"), {"view": ["missed"]})
        with st.popover(t("shelf.keys_title")):
            st.caption(t("shelf.keys"))
    st.text_input(
        t("shelf.scan"), key="shelf_scan", on_change=asked, args=("scan", "shelf_scan"), autocomplete="off",
        placeholder=t("shelf.scan_placeholder"),
    )  # fmt: skip
    frame.script("shelf.js")
    for kind, value in state.pop("shelf_asked", []):
        try:
            if kind == "why":
                pending = state.get("shelf_pending")
                if pending and value.strip():
                    put(pending["tag"], pending["clause"], value.strip())
            else:
                scan(value) if kind == "scan" else press(value)
        except Problem as problem:
            say("care", str(problem))
    shelf_pull.note()
    if state.get("shelf_now"):
        seen = look(state["shelf_now"])
        facts = shelf_card.read(snapshot, flags, policy, seen.number) if seen.item else None
        shelf_card.draw(seen, facts, policy, state.get("shelf_told", []))
        if seen.item and seen.can_be_tagged:
            buttons()
    else:
        st.info(t("shelf.ready"))
    if pull:
        pull = shelf_pull.begun(snapshot, flags, policy)
        shelf_pull.show(pull, person)
    scans()

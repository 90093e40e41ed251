"""What the stages of 行先 share: the table, what is chosen of it, day and reason, the step and the way back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from collection import criteria, road, sheets, words
from collection.candidates import coded
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person, may
from collection.words import Problem, code

FILE_NAMES = ("road", "road_on", "road_name", "road_reason", "list_no", "offer", "reply_by", "partner", "lot", "slip")
BEGINS = ("to_offer", "to_give", "to_discard", "to_strike")  # stages where a road can begin
SHOWN = ("call_number", "title", "author", "branch", "condition", "criterion", "since", "road_name", "list_no")


@dataclass(frozen=True)
class At:
    """Where on the road the screen stands: the day's files, who looks, and the items there (columns of road_items.sql)."""

    snapshot: Path
    flags: Path
    policy: Policy
    person: Person
    stage: str
    found: pl.DataFrame

    @property
    def library(self) -> str:
        """The library's name in the present language."""
        return self.policy.library[words.language.get()]


GOVERNED = {  # stage → the route whose clauses govern it
    "to_offer": "transfer_offer", "offered": "transfer_offer", "assigned": "transfer_offer", "to_give": "give_away",
    "in_lot": "give_away", "to_discard": "discard", "to_strike": "record_only",
}  # fmt: skip


def about(policy: Policy, stage: str) -> str:
    """What a stage is, behind the clauses that govern it."""
    said = t(f"road.about_{stage}")
    rules = criteria.rules_of(policy, GOVERNED[stage]) if stage in GOVERNED else []
    places = dict.fromkeys(criteria.place(policy, rule) for rule in rules)
    return t("road.under", articles=t("policy.dot").join(places), said=said) if places else said


def why_empty(policy: Policy, stage: str) -> str:
    """Why nothing stands at a stage, and what brings something there."""
    begins = criteria.listed(policy, criteria.begins(policy, GOVERNED[stage])) if stage in BEGINS else ""
    return t(f"road.empty_{stage}") + (t("road.begins", criteria=begins) if begins else "")


def seen(found: pl.DataFrame) -> dict[str, int]:
    """Item → its last step, as the person saw it."""
    return dict(found.select("item_id", "road_seq").iter_rows())


def done(what: str) -> None:
    """Says what was done above the screen, drawn anew."""
    st.session_state["road_told"] = what
    st.rerun()


def refused(problem: Problem) -> None:
    """Says above the screen why nothing was done."""
    st.session_state["road_refused"] = str(problem)
    st.rerun()


def above() -> DeltaGenerator:
    """The place above the table where day, reason and button stand side by side; filled once it is known what is chosen."""
    return st.container(horizontal=True, gap="small", vertical_alignment="bottom")


def press(label: str, act: Callable[[], str], key: str, disabled: bool = False) -> None:
    """A button that acts and says what it did, or why it could not."""
    if st.button(label, type="primary", key=key, disabled=disabled):
        try:
            frame.enter("road")
            told = act()
        except Problem as problem:
            refused(problem)
        else:
            done(told)


def table(at: At, found: pl.DataFrame, *more: str) -> pl.DataFrame:
    """The items, each with a tick; returns those that are ticked."""
    names = {
        "since": t("road.since"), "road_name": t("road.by"), "list_no": t("road.list_no"), "reply_by": t("road.reply_by"),
        "lot": t("road.lot"), "slip": t("road.slip_no"), "partner": t("road.receiver"), "state": t("road.now"),
        "road_reason": t("road.reason"),
    }  # fmt: skip
    shown = found.select(
        "item_id", "call_number", tell.title_of(), tell.author_of(), "branch", coded("condition"), criteria.spoken(at.policy),
        "road_name", "list_no", "reply_by", "lot", "slip", "partner", "road_reason",
        since="road_on", state=coded("road_state", "road"),
    )  # fmt: skip
    event = st.dataframe(
        shown.select("item_id", *SHOWN, *more), hide_index=True, row_height=28, height=min(28 * len(shown) + 36, 340),
        key=f"table_{at.stage}_{found['road_seq'].max()}_{len(found)}", on_select="rerun", selection_mode="multi-row",
        alt=t(f"road.stage_{at.stage}"),
        column_config={
            "item_id": st.column_config.TextColumn(tell.label("item_id"), width=90),
            "title": st.column_config.TextColumn(tell.label("title"), width=260),
            "author": st.column_config.TextColumn(tell.label("author"), width=120),
            "criterion": st.column_config.TextColumn(tell.label("criterion"), width=110),
            **{name: st.column_config.TextColumn(tell.label(name), width=90) for name in ("call_number", "branch", "condition")},
            **{name: st.column_config.TextColumn(said, width=90) for name, said in names.items()},
        },
    )  # fmt: skip
    return found[sorted(row for row in event.selection.rows if row < len(found))]


def chosen_of(at: At, found: pl.DataFrame, *more: str) -> pl.DataFrame:
    """As `table`; everything when nothing is ticked."""
    ticked = table(at, found, *more)
    return found if ticked.is_empty() else ticked


def day_and_reason(at: At, reason_key: str = "road.reason") -> tuple[date, str]:
    """The day of a step and, where it matters, why."""
    day = st.date_input(t("road.day"), max_value="today", format="YYYY-MM-DD", key=f"day_{at.stage}", width=150)
    return day or date.today(), st.text_input(t(reason_key), key=f"reason_{at.stage}", max_chars=300, width=320)


def needs(at: At, kind: str) -> bool:
    """Whether the person may take this step; says who may when not."""
    if may(at.person, kind):
        return True
    st.caption(t("road.librarians_act"))
    return False


def back_and_out(at: At, chosen: pl.DataFrame, found: pl.DataFrame) -> None:
    """The last step taken back for what is chosen, and the list as a file."""
    with st.container(horizontal=True, gap="small"):
        with st.popover(t("road.undo")):
            if len(chosen) == len(found) and len(found) > 1:
                st.caption(t("road.undo_choose"))
            why = st.text_input(t("road.undo_reason"), key=f"undo_reason_{at.stage}", max_chars=300)
            label = t("road.undo_button", n=tell.books(len(chosen)))

            def act() -> str:
                n = road.undo(frame.store(), at.person, seen(chosen), why)
                return t("road.undone", n=tell.books(n))

            press(label, act, f"undo_{at.stage}")
        with st.popover(t("take_out")):
            for kind, mime in sheets.MIME.items():
                st.download_button(
                    t(f"download_{kind}", n=tell.books(len(found))), data=file(at.policy, found, kind, words.language.get()), mime=mime,
                    file_name=f"road-{at.stage}-{date.today()}.{kind}", key=f"file_{kind}_{at.stage}", on_click="ignore",
                )  # fmt: skip


def file(policy: Policy, found: pl.DataFrame, kind: str, language: str) -> Callable[[], bytes]:
    """A function that makes the list of a stage as CSV or XLSX, in words."""

    def make() -> bytes:
        with words.speaking(language):
            table = found.drop("road_seq", "class_mark").with_columns(
                coded("condition"), criteria.spoken(policy), coded("location"), coded("audience"), coded("road_state", "road")
            )  # fmt: skip
            names = {name: t(f"road.file_{name}") for name in FILE_NAMES}
            table = table.rename({name: names.get(name) or tell.label(name) for name in table.columns})
            return sheets.csv_bytes(table) if kind == "csv" else sheets.xlsx_bytes(table, t("page_road"))

    return make


def _plain(at: At, kind: str) -> None:
    """A stage whose next step needs a day and a reason only."""
    place = above()
    chosen = chosen_of(at, at.found)
    with place:
        if needs(at, kind):
            day, reason = day_and_reason(at)

            def act() -> str:
                n = road.step(frame.store(), at.person, kind, seen(chosen), day, reason)
                return t(f"road.did_{kind}", n=tell.books(n))

            press(t(f"road.do_{kind}", n=tell.books(len(chosen))), act, kind)
    back_and_out(at, chosen, at.found)


def to_discard(at: At) -> None:
    """廃棄."""
    _plain(at, "discard")


def to_strike(at: At) -> None:
    """帳簿のみ: there is no object to hand on."""
    _plain(at, "strike")


def ended(at: At) -> None:
    """What has reached an end; what was struck off and turned up again is readmitted (編入)."""
    ends = [state for state in road.STAGES["done"] if state in set(at.found["road"])]
    end = st.segmented_control(
        t("road.end"),
        ends,
        default=ends[0],
        required=True,
        key="end",
        format_func=lambda name: code("road_state", name),
    )
    found = at.found.filter(pl.col("road") == end)
    extra = {"transferred": ("slip",), "given": ("lot",), "discarded": ("lot",)}.get(end, ())
    chosen = chosen_of(at, found, *extra, "road_reason")
    if end == "struck" and needs(at, "readmit"):
        _readmit(at, found)
    back_and_out(at, chosen, found)


def _readmit(at: At, found: pl.DataFrame) -> None:
    with st.form("readmit"):
        st.markdown(t("road.readmit_about"))
        left, middle, right = st.columns(3, gap="small")
        item = left.text_input(t("road.readmit_item"), max_chars=40).strip()
        number = middle.text_input(t("road.readmit_number"), max_chars=40).strip()
        why = right.text_input(t("road.readmit_why"), max_chars=300)
        if st.form_submit_button(t("road.readmit_button")):
            try:
                at_seq = {each: seq for each, seq in seen(found).items() if each == item}
                if not at_seq:
                    raise Problem("road.readmit_unknown", item=item)
                road.step(frame.store(), frame.enter("road"), "readmit", at_seq, None, why, {"number": number})
            except Problem as problem:
                refused(problem)
            else:
                done(t("road.readmitted", item=tell.plain(item)))

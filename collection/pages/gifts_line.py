"""One line of an offer: why it is proposed so, which holding it may be, what the members say; and what was noted of it, to mend."""

import polars as pl
import streamlit as st

from collection import words
from collection.gifts import keeping
from collection.gifts.lines import NONE
from collection.pages import frame, gifts_parts, tell
from collection.pages.gifts_steps import Chosen
from collection.pages.tell import t
from collection.selection import told
from collection.sources.readers import outputs, reader
from collection.words import Problem

MENDED = ("title", "volume", "author", "publisher", "pub_year", "isbn", "c_code", "ndc", "price")  # in typed form
FIGURES = ("sound", "worn", "holds", "asked", "wanted")


def show(chosen: Chosen, given: pl.DataFrame, found: pl.DataFrame) -> None:
    """The line that is ticked.

    Args:
        given: the members' opinions. found: all lines of the offer, whose places count as rows of the proposal's check.
    """
    line = chosen.lines.row(0, named=True)
    row = found["line"].to_list().index(line["line"])
    said = chosen.proposed_of([line["line"]]).row(0, named=True)
    with st.container(border=True, gap="xsmall", key="gift_line"):
        name = chosen.lines.select(gifts_parts.title_of()).item()
        st.markdown(f"**{tell.plain(line['line'])}　{tell.plain(name)}**")
        if line["state"] == "offered":
            st.html(f"<div>{gifts_parts.proposal_html(said['proposal'])}</div>")
        st.markdown(tell.plain(said["reason"]))
        if said["rule"]:
            frame.link("rules", tell.plain(said["article"]), {"rule": [said["rule"]]})
        if said["bib_no"] is not None:
            figures = {name: tell.number(said[name]) for name in FIGURES}
            loans = "—" if said["loans_1y"] is None else tell.number(said["loans_1y"])
            st.caption(t("gifts.figures", loans=loans, **figures))
        _signs(chosen, row)
        if line["state"] != "offered" or chosen.at.may("accept_gift"):
            _comments(given, line["line"])
        if line["state"] == "offered" and chosen.at.may("offer_gift"):
            _same_book(chosen, row, line)
            _mend(chosen, line)


def _signs(chosen: Chosen, row: int) -> None:
    found = chosen.proposed.checked.weighed.found.filter(pl.col("bib_no") == row)
    if len(found):
        told_of = dict.fromkeys(told.sign_words(sign) for sign in found.iter_rows(named=True))
        st.caption(f"{t('gifts.signs')}：{'　'.join(map(tell.plain, told_of))}")


def _comments(given: pl.DataFrame, line: str) -> None:
    own = given.filter(pl.col("item_id") == line)
    if len(own):
        st.markdown(f"**{t('gifts.comments')}**")
        for vote in own.iter_rows(named=True):
            word = words.code("ballot_state", vote["choice"])
            st.markdown(tell.plain(" ".join(filter(None, [vote["name"], word, vote["comment"]]))))


def _same_book(chosen: Chosen, row: int, line: dict) -> None:
    """Which holding the line is, where a person has to say so or may say otherwise."""
    candidates = chosen.proposed.checked.candidates.filter(pl.col("row") == row)
    if candidates.is_empty():
        return
    labels, scores = chosen.proposed.labels, dict(candidates.select("bib_no", "score").iter_rows())
    ids = chosen.proposed.records
    names = {
        ids[number]: t("gifts.same_choice", title=labels[number], score=round(score))
        for number, score in scores.items()
    }
    with st.popover(t("gifts.same_book")):
        st.caption(t("gifts.same_about"))
        options = [*names, NONE]
        now = line["chosen"] if line["chosen"] in options else chosen.proposed_of([line["line"]])["bib_id"][0]
        picked = st.radio(
            t("gifts.same_book"), options, options.index(now) if now in options else None, key=f"gift_same_{line['seq']}",
            format_func=lambda one: names.get(one) or t("gifts.same_none"), label_visibility="collapsed",
        )  # fmt: skip
        if st.button(t("gifts.same_button"), key="gift_same_take", disabled=picked is None):

            def choose(person) -> str:
                keeping.change(frame.store(), person, line, chosen=picked)
                return t("gifts.same_done", line=line["line"])

            gifts_parts.act(choose)


def _mend(chosen: Chosen, line: dict) -> None:
    """What was noted, in the words of a list."""
    seq = line["seq"]
    with st.expander(t("gifts.line_mend")), st.form(f"gift_mend_{seq}", border=False):
        with st.container(key="stacked_mend"):
            columns = st.columns(3, gap="small")
        typed = {
            name: columns[place % 3].text_input(
                t(f"gifts.line_{name}"), "" if line[name] is None else str(line[name]), key=f"mend_{name}_{seq}", max_chars=300
            )
            for place, name in enumerate(MENDED)
        }  # fmt: skip
        with columns[0]:
            condition = gifts_parts.condition(f"mend_condition_{seq}", line["condition"], width="stretch")
        copies = columns[1].number_input(t("gifts.head_copies"), 1, 999, line["copies"], key=f"mend_copies_{seq}")
        local = columns[2].multiselect(
            t("gifts.line_local"), list(words.table("codes")["local"]), line["local"].split(";") if line["local"] else [],
            key=f"mend_local_{seq}", format_func=lambda name: words.code("local", name),
        )  # fmt: skip
        note = st.text_input(t("gifts.line_note"), line["note"] or "", key=f"mend_note_{seq}", max_chars=300)
        confirmed = gifts_parts.confirm(f"mend_confirmed_{seq}", note)
        if st.form_submit_button(t("gifts.line_button"), type="primary"):

            def mend(person) -> str:
                facts = _read(typed) | {
                    "condition": condition, "copies": int(copies), "local": ";".join(local) or None, "note": note.strip() or None,
                }  # fmt: skip
                keeping.change(frame.store(), person, line, confirmed, **facts)
                return t("gifts.line_mended", line=line["line"])

            gifts_parts.act(mend)


def _read(typed: dict[str, str]) -> dict:
    """What was typed as a line keeps it. Raises Problem when a field cannot be read."""
    found: dict = {}
    for name, text in typed.items():
        about = words.table("fields")["bibs"][name]
        columns = outputs("bibs", name, about)
        values, why = reader(about, False)(text.strip()) if text.strip() else ((None,) * len(columns), None)
        if why and values[0] is None:
            raise Problem("gifts.line_unreadable", what=t(f"gifts.line_{name}"), text=text)
        found |= dict(zip(columns, values, strict=True))
    return {name: value for name, value in found.items() if name in (*MENDED, "class_mark")}

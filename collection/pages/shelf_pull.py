"""抜き取り一覧 and 不明確認 as 書架モード shows them: on the screen beside the scanning, and on paper."""

import html
import re
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import streamlit as st

from collection import candidates, decisions, sheets, shelf, steps, words
from collection.candidates import Filter
from collection.pages import frame, shelf_card, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem

NEXT = 30  # rows of the list under the card: what comes next on the shelf
OWN = ("pull", "of", "since", "print", "view", "lang")


@dataclass(frozen=True)
class Pull:
    """A pull list being worked on: its rows, how many cannot be on the shelf, whether it was cut, and what it is of."""

    items: pl.DataFrame
    away: int
    cut: bool
    title: str
    since: int


def query_of(kind: str, of: str = "", more: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    """The address of a pull list: of a filter of 除籍候補, a tag (`of` its state) or a committee list (`of` its number)."""
    return {**(more or {}), "pull": [kind], **({"of": [of]} if of else {})}


def begun(snapshot: Path, flags: Path, policy: Policy) -> Pull | None:
    """The pull list of the address; None when it names none. Its beginning is written into the address once."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    kind, of = (query.get(name, [""])[0] for name in ("pull", "of"))
    if kind not in ("filter", "tag", "list"):
        return None
    chosen = candidates.from_query({name: values for name, values in query.items() if name not in OWN})
    told = query.get("since", [""])[0]
    if not (told.isascii() and told.isdigit() and len(told) < 12):
        told = str(decisions.decided(frame.store()).seq)
        st.query_params["since"] = told
    with frame.cursor(snapshot, flags) as own:
        asked = (kind, of, replace(chosen, page=1), str(flags), told)
        if st.session_state.get("shelf_pull", (None,))[0] != asked:  # what is pulled stays the same while one walks
            st.session_state["shelf_pull"] = asked, _numbers(own, policy, kind, of, chosen)
        numbers = st.session_state["shelf_pull"][1]
        found, away = shelf.pull_list(own, frame.store(), numbers[: shelf.PULLED], int(told))
    return Pull(found, away, len(numbers) > shelf.PULLED, _title(policy, kind, of, chosen), int(told))


def _numbers(own, policy: Policy, kind: str, of: str, chosen: Filter) -> list[str]:
    if kind == "filter":
        first = replace(chosen, sort="shelf", page=1)
        return candidates.page(own, policy, first, shelf.PULLED + 1)["item_id"].to_list()
    branch = chosen.branch[0] if chosen.branch else None
    tag, list_no = (of, None) if kind == "tag" else (None, of)
    return shelf.decided_items(own, frame.store(), tag, list_no, branch)


def _title(policy: Policy, kind: str, of: str, chosen: Filter) -> str:
    if kind == "filter":
        return candidates.describe(policy, chosen)
    named = t("shelf.pull_of_tag", state=words.code("tag_state", of)) if kind == "tag" else ""
    named = named or t("shelf.pull_of_list", list_no=of)
    return f"{named} ／ {'・'.join(chosen.branch) or t('shelf.pull_all_branches')}"


def tick(pull: Pull, person: Person, number: str) -> tuple[str, str, str]:
    """Notes a scanned item as found when it is on the list; gives what to say: kind, words, what to do."""
    row = pull.items.filter(pl.col("item_id") == number)
    if row.is_empty():
        return "care", t("shelf.pull_other"), ""
    left = int((~pull.items["ticked"]).sum())
    if not row["ticked"][0]:
        shelf.find(frame.store(), person, number)
        left -= 1
    return "good", t("shelf.pull_ticked", left=tell.number(left)), ""


def show(pull: Pull, person: Person) -> None:
    """How far the list is, what comes next on the shelf, and its end: 不明確認."""
    st.markdown(f"**{t('shelf.pull')}** {tell.plain(pull.title)}")
    ticked = int(pull.items["ticked"].sum())
    left = pull.items.filter(~pl.col("ticked") & ~pl.col("missed"))
    if pull.items.is_empty():
        st.info(t("shelf.pull_empty"))
    else:
        count = {"n": tell.number(len(pull.items)), "ticked": tell.number(ticked), "left": tell.number(len(left))}
        st.progress(ticked / len(pull.items), t("shelf.pull_count", **count))
        st.html(table(left.head(NEXT), boxes=False))
    notes(pull)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        query = {name: st.query_params.get_all(name) for name in st.query_params if name != "lang"}
        frame.link("shelf", t("shelf.pull_print"), query | {"print": ["1"]})
        frame.link("shelf", t("shelf.pull_close"))
        frame.link("shelf", t("shelf.missed_page"), {"view": ["missed"]})
    if len(left):
        st.button(
            t("shelf.pull_miss", n=tell.number(len(left))),
            key="shelf_miss", on_click=_miss, args=(left["item_id"].to_list(), pull.since),
        )  # fmt: skip
    elif len(pull.items):
        st.success(t("shelf.pull_done"))


def _miss(items: list[str], since: int) -> None:
    """The pull list is at its end: what is not ticked goes to 不明確認."""
    try:
        n = shelf.not_found(frame.store(), frame.enter("shelf"), items, since)
        st.session_state["shelf_note"] = "shelf.pull_missed", n
    except Problem as problem:
        st.session_state["shelf_note"] = problem


def note() -> None:
    """What came of a button that acted before the screen was drawn."""
    told = st.session_state.pop("shelf_note", None)
    if isinstance(told, Problem):
        st.warning(str(told))
    elif told:
        key, n = told
        st.info(t(key, n=tell.number(n)))


def notes(pull: Pull) -> None:
    """What is not on the list, and why."""
    if pull.away:
        st.caption(t("shelf.pull_away", n=tell.number(pull.away)))
    if pull.cut:
        st.caption(t("shelf.pull_cut", n=tell.number(shelf.PULLED)))


def print_view(pull: Pull) -> None:
    """The whole list for paper: groups by place and class, a box to tick, the number in words."""
    st.markdown(f"#### {t('shelf.pull')} {t('books', n=tell.number(len(pull.items)))}")
    st.html(f'<div class="quiet">{html.escape(pull.title)}</div>')
    with st.container(key="screen-only"):
        st.caption(t("shelf.pull_print_hint"))
        query = {name: st.query_params.get_all(name) for name in st.query_params if name not in ("lang", "print")}
        frame.link("shelf", t("shelf.pull_back"), query)
    notes(pull)
    st.html(table(pull.items, boxes=True))


def table(found: pl.DataFrame, boxes: bool) -> str:
    """Rows in shelf order under a heading for each place and class; with boxes (paper) or as what is still to find."""
    names = [*(["check"] if boxes else []), "call_number", "title", "author", "item_id"]
    heads = [t("shelf.check") if name == "check" else tell.label(name) for name in names]
    rows, before = [], None
    for row in found.iter_rows(named=True):
        group = f"{shelf_card.place_of(row['branch'], row['location'])}　{_class_of(row['call_number'])}"
        if group != before:
            rows.append(f'<tr class="group"><th colspan="{len(names)}">{html.escape(group)}</th></tr>')
            before = group
        state = "ticked" if row["ticked"] else "missed" if row["missed"] else "open"
        said = {
            "check": t(f"shelf.state_{state}"),
            "title": shelf_card.name_of(row),
            "author": (row["author"] or "").replace(";", "、"),
        }
        cells = "".join(
            f'<td class="{"box" if name == "check" else ""}">{html.escape(said.get(name) or row.get(name) or "")}</td>'
            for name in names
        )
        rows.append(f'<tr class="{state}">{cells}</tr>')
    head = "".join(f"<th>{html.escape(name)}</th>" for name in heads)
    return (
        f'<div class="scroll"><table class="plain pull"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _class_of(call_number: str | None) -> str:
    """The beginning of a call number by which shelves are labelled: two digits of the class, with what stands before them."""
    return re.match(r"\D*\d{0,2}", call_number or "")[0].rstrip("/ 　")


def start(branches: list[str], here: str) -> None:
    """Makes a pull list from a tag or a committee list."""
    with st.popover(t("shelf.pull_start")):
        st.caption(t("shelf.pull_hint"))
        everywhere = t("shelf.pull_all_branches")
        branch = st.selectbox(t("filter_branch"), [everywhere, *branches], index=1 + branches.index(here))
        more = {} if branch == everywhere else {"branch": [branch]}
        lists = decisions.decided(frame.store()).items["list_no"].drop_nulls().unique().sort(descending=True).to_list()
        said = {f"tag:{state}": t("shelf.pull_of_tag", state=words.code("tag_state", state)) for state in steps.TAGS}
        said |= {f"list:{number}": t("shelf.pull_of_list", list_no=number) for number in lists}
        chosen = st.selectbox(t("shelf.pull"), list(said), format_func=said.get)
        if st.button(t("shelf.pull_go"), type="primary"):
            kind, _, of = chosen.partition(":")
            frame.go("shelf", query_of(kind, of, more))
        frame.link("candidates", t("shelf.pull_candidates"))


def missed_view(snapshot: Path, flags: Path, person: Person, branches: list[str]) -> None:
    """不明確認: what was not found, since when, by whom; to take away, and to end when the loss is on record."""
    everywhere = t("shelf.pull_all_branches")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        asked = st.selectbox(t("filter_branch"), [everywhere, *branches], key="missed_branch", width=260)
        frame.link("shelf", t("shelf.pull_back"))
    with frame.cursor(snapshot, flags) as own:
        found = shelf.missed(own, frame.store(), None if asked == everywhere else asked)
    st.subheader(t("shelf.missed", n=tell.number(len(found))), anchor=False)
    st.caption(t("shelf.missed_hint"))
    if found.is_empty():
        st.info(t("shelf.missed_empty"))
        return
    shown = found.select(
        "call_number", tell.title_of(), "item_id", "branch", "location", "shelf_on", "days", "shelf_name", "status"
    )
    named = {"shelf_on": t("shelf.missed_since"), "days": t("shelf.missed_days"), "shelf_name": t("shelf.missed_by"),
             "status": t("shelf.missed_status")}  # fmt: skip
    tell.table(shown, named=named)
    spoken = shown.with_columns(candidates.coded("location"), candidates.coded("status"))
    downloads(spoken.rename({name: named.get(name) or tell.label(name) for name in spoken.columns}), "missed")
    told = dict(
        found.select(
            "item_id", pl.concat_str("call_number", tell.title_of(), "item_id", separator=" ", ignore_nulls=True)
        ).iter_rows()
    )
    chosen = st.multiselect(t("shelf.settle_pick"), list(told), format_func=told.get, key="settled")
    picked = found.filter(pl.col("item_id").is_in(chosen))
    st.button(
        t("shelf.settle", n=tell.number(len(picked))),
        disabled=picked.is_empty(),
        on_click=_settle,
        args=(picked, t("shelf.settle_reason")),
    )


def _settle(picked: pl.DataFrame, reason: str) -> None:
    """The library system has the loss on record: the search ends."""
    try:
        n = shelf.settle(frame.store(), frame.enter("shelf"), picked, reason)
        st.session_state["shelf_note"] = "shelf.settled", n
    except Problem as problem:
        st.session_state["shelf_note"] = problem


def downloads(found: pl.DataFrame, name: str) -> None:
    """A table as CSV and XLSX, under the names that its columns have; made when the button is pressed."""
    made = {"csv": lambda: sheets.csv_bytes(found), "xlsx": lambda: sheets.xlsx_bytes(found, name)}
    with st.container(horizontal=True, gap="small"):
        for kind, make in made.items():
            st.download_button(
                t(f"shelf.scans_{kind}"), data=make, file_name=f"{name}.{kind}", mime=sheets.MIME[kind],
                key=f"{name}_{kind}", on_click="ignore",
            )  # fmt: skip

"""The lists of 購入の検討, kept ready part by part: each part is made anew only when what it rests on has changed."""

from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from collection import accounts, composition, decisions, forecast, words, years
from collection.buying import budget, copies, gaps, kept, lines, listing, priority, use, verdicts, wanted
from collection.buying.listing import Filter
from collection.pages import frame, tell
from collection.pages.buying_parts import At
from collection.pages.tell import t
from collection.policy import Policy, PolicyErrors
from collection.roles import Person
from collection.selection import identify


@st.cache_data(max_entries=4, show_spinner=False)
def _ledger(store: str, seq: int) -> tuple[pl.DataFrame, pl.DataFrame, set[str], pl.DataFrame]:
    """The lines people keep, those that requests ask for, the numbers of the open requests, and the ballots."""
    asked, waiting = wanted.requests(Path(store))
    return kept.every(Path(store)), asked, waiting, kept.ballots(Path(store))


def every(at: At) -> pl.DataFrame:
    """kept.KEPT of the lines people keep."""
    return _ledger(str(frame.store()), at.seq)[0]


def asked(at: At) -> pl.DataFrame:
    """The lines that readers' requests ask for."""
    return _ledger(str(frame.store()), at.seq)[1]


def ballots(at: At) -> pl.DataFrame:
    """kept.BALLOT of the lines under consideration."""
    return _ledger(str(frame.store()), at.seq)[3]


def classes(at: At) -> tuple[pl.DataFrame, str]:
    """The classes and whether they are short (gaps.of); empty, with a warning, where the pack's targets cannot be read."""
    coming = every(at).filter(kept.coming(at.as_of, at.policy))
    try:
        return _gaps(*at.files, at.rules, at.moments["facts"], gaps.arriving(coming), at.policy)
    except PolicyErrors as errors:
        st.warning(tell.plain(str(errors.problems[0])))
        return pl.DataFrame(schema={"mark": pl.String, "short": pl.Boolean}), gaps.TARGETS


@st.cache_data(max_entries=10, show_spinner=False)
def _gaps(
    snapshot: str, flags: str, rules: str, seq: int, coming: pl.DataFrame, _policy: Policy
) -> tuple[pl.DataFrame, str]:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return gaps.of(own, _policy, coming)


@st.cache_data(max_entries=5, show_spinner=False)
def _day(snapshot: str, flags: str, rules: str, seq: int, short: tuple[str, ...], _policy: Policy) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return wanted.of_the_day(own, _policy, list(short))


@st.cache_data(max_entries=5, show_spinner=False)
def _records(snapshot: str, flags: str, seq: int, bib_ids: tuple[str, ...]) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return wanted.titles(own, list(bib_ids))


@st.cache_data(max_entries=3, show_spinner=False)
def _names(snapshot: str, flags: str) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return use.names(own)


@st.cache_data(max_entries=5, show_spinner=False)
def _use(snapshot: str, flags: str, foreseen: str, said: pl.DataFrame) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return use.of(own, said, _names(snapshot, flags))


@st.cache_data(max_entries=3, show_spinner=False)
def _class_use(snapshot: str, flags: str) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return copies.class_use(own)


@st.cache_data(max_entries=3, show_spinner=False)
def branches(snapshot: str, flags: str) -> list[str]:
    """The branches there are, the largest first."""
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return composition.branches(composition.cells(own))


def used(at: At) -> pl.DataFrame:
    """How the branches use each class (copies.used_at)."""
    return copies.used_at(_class_use(*at.files), at.policy)


@st.cache_resource(max_entries=4, show_spinner=False)
def _memory(snapshot: str, flags: str, rules: str, seq: int, language: str) -> verdicts.Memory:
    return verdicts.Memory()


def _judged(at: At, found: pl.DataFrame) -> pl.DataFrame:
    def weigh(new: pl.DataFrame) -> pl.DataFrame:
        with st.spinner(t("buying.weighing")), identify.opened(at.snapshot) as titles:
            decisions.attach(titles, frame.store())
            return verdicts.weigh(titles, at.policy, new, at.as_of)

    memory = _memory(*at.files, at.rules, at.moments["held"], words.language.get())
    return verdicts.against(found, memory.weigh(found, weigh), every(at), at.as_of, at.policy)


def considered(at: At) -> pl.DataFrame:
    """The lines under consideration in the order of priority (listing.compose)."""
    return _composed(*at.files, at.rules, at.seq, words.language.get(), forecast.mark(at.snapshot), at)


@st.cache_data(max_entries=4, show_spinner=False)
def _composed(snapshot: str, flags: str, rules: str, seq: int, language: str, foreseen: str, _at: At) -> pl.DataFrame:
    _, asked, waiting, _ = _ledger(str(frame.store()), seq)
    short = classes(_at)[0].filter("short")["mark"].to_list()
    day = _day(snapshot, flags, rules, _at.moments["facts"], tuple(short), _at.policy)
    found = listing.gather(every(_at), asked, day, _at.as_of, _at.policy)
    judged = _judged(_at, found)
    bib_ids = {*found["bib_id"], *judged["held_bib"]} - {None}
    records = _records(snapshot, flags, _at.moments["facts"], tuple(sorted(bib_ids)))
    told = _use(snapshot, flags, foreseen, found.select("author", "series", "ndc", "audience"))
    return listing.compose(found, judged, records, told, used(_at), short, waiting, _at.policy)


@st.cache_data(max_entries=10, show_spinner=False)
def left(store: str, snapshot: str, flags: str, seq: int, year: int) -> pl.DataFrame:
    """What the pots of a fiscal year have left (budget.left)."""
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return budget.left(Path(store), own, year)


def year() -> int:
    """The fiscal year that is running."""
    return years.of(date.today())


def money(at: At) -> dict:
    """The year's budget as budget.total tells it, with `chosen`, the cost of what is chosen and not ordered yet, and `free`, what
    is left for what is under consideration; without a budget free is None. What is chosen without a price is unpriced too."""
    told = budget.total(left(str(frame.store()), *at.files, at.seq, year()))
    promised = every(at).filter(state="chosen").with_columns(copies=lines.copies())
    cost = promised["price"] * promised["copies"]
    free = None if told["left"] is None else told["left"] - int(cost.sum())
    return told | {"chosen": int(cost.sum()), "free": free, "unpriced": told["unpriced"] + cost.null_count()}


def shown(at: At, filter_now: Filter) -> pl.DataFrame:
    """The lines of a view that a filter lets through, in its order, with cost and running total."""
    if filter_now.view == "considered":
        found, free = considered(at), money(at)["free"]
    else:
        found, free = listing.decided(every(at), filter_now.view), None
    through = priority.running(listing.let_through(found, filter_now), free)
    return listing.sorted_by(through, filter_now.sort)


def members() -> list[Person]:
    """The members of the committee."""
    return accounts.members(frame.store())

"""The filters above the list of 除籍候補: what is chosen stands in the address, and every choice says how many it gives."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import streamlit as st

from collection import candidates, criteria, words, years
from collection.candidates import Filter
from collection.pages import frame, tell, view_menu
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person

Open = Callable[[Filter, str], None]


def show(
    policy: Policy, chosen: Filter, picked: str, choices: dict[str, list[str]], tally: pl.DataFrame, person: Person,
    open_with: Open,
) -> None:  # fmt: skip
    """Draws the filters.

    Args:
        picked: the item whose card is open, which stays open. choices: branches and places there are.
        tally: candidates.totals under the rest of the filter. open_with: writes a filter and an item into the address.
    """
    bar = _Bar(chosen, picked, person, open_with)
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key="filters"):
        bar.listed("branch", choices["branch"], str)
        bar.listed("location", choices["location"], _coded("location"))
        bar.listed("shelf_class", list(words.table("codes")["shelf_class"]), _coded("shelf_class"))
        bar.listed("route", list(words.table("codes")["route"]), _coded("route"))
        bar.listed("tag", [*candidates.TAGS, candidates.ALL], candidates.tag_word)
        bar.ranged(t("filter_idle"), "idle_from", None, 99)
        bar.ranged(t("filter_year"), "year_from", "year_to", 2100)
        bar.ranged(t("filter_score"), "score_from", "score_to", 100)
        bar.more()
        st.text_input(
            t("filter_text"), placeholder=t("filter_text"), label_visibility="collapsed", width=190, type="search",
            **bar.widget("text"),
        )  # fmt: skip
        st.selectbox(
            t("sort"), candidates.SORTS, format_func=lambda name: t(f"sort_{name}"), label_visibility="collapsed",
            width=165, **bar.widget("sort"),
        )  # fmt: skip
        view_menu.show(policy, chosen, person)
        frame.script("search.js")
        if replace(chosen, page=1, sort="score") != Filter():
            st.button(t("clear_filters"), type="tertiary", on_click=open_with, args=(Filter(), ""))
    _tallies(bar, tally, criteria.labels(policy))
    exact = [
        (part, t("filter_exact", what=tell.label(part), value=tell.plain(getattr(chosen, part))), t("clear_exact", what=tell.label(part)))
        for part in ("author", "publisher", "series")
    ]  # fmt: skip
    for part, said, label in (
        *exact,
        ("rule", t("filter_rule", rule=tell.plain(chosen.rule)), t("clear_rule")),
        ("by", t("tags.filter_by", person=tell.plain(chosen.by)), t("tags.clear_by")),
    ):
        if getattr(chosen, part) and not (part == "by" and chosen.by == person.id):
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.caption(said)
                bare = replace(chosen, page=1, **{part: ""})
                st.button(label, type="tertiary", on_click=open_with, args=(bare, ""), key=f"clear_{part}")


def _tallies(bar: "_Bar", tally: pl.DataFrame, labels: dict[str, str]) -> None:
    """Verdicts and criteria, each with the number it would give."""
    chosen = bar.chosen
    by_verdict = {name: candidates.count(tally, replace(chosen, verdict=(name,))) for name in candidates.VERDICTS}
    by_criterion = {name: candidates.count(tally, replace(chosen, criterion=(name,))) for name in labels}
    with st.container(horizontal=True, gap="xxsmall", key="tallies"):
        st.pills(
            t("filter_verdict"), candidates.VERDICTS, selection_mode="multi", label_visibility="collapsed", wrap=True,
            format_func=lambda name: f"{tell.verdict(name)} {tell.number(by_verdict[name])}", **bar.widget("verdict"),
        )  # fmt: skip
        st.pills(
            t("filter_criterion"), list(by_criterion), selection_mode="multi", label_visibility="collapsed", wrap=True,
            format_func=lambda name: f"{labels[name]} {tell.number(by_criterion[name])}",
            **bar.widget("criterion"),
        )  # fmt: skip


class _Bar:
    """The widgets of one run: their values come from the address and go back into it."""

    def __init__(self, chosen: Filter, picked: str, person: Person, open_with: Open):
        self.chosen, self.picked, self.person, self.open_with = chosen, picked, person, open_with

    def changed(self, part: str) -> None:
        """A widget was used: into the address with it, from page 1."""
        value = st.session_state[f"filter_{part}"]
        if isinstance(value, list | tuple):
            value = tuple(value)
        elif value is None and part in candidates.EXACT:
            value = ""
        self.open_with(replace(self.chosen, page=1, **{part: value}), self.picked)

    def changed_by(self) -> None:
        """Only what the person tagged, or everybody's."""
        by = self.person.id if st.session_state["filter_mine"] else ""
        self.open_with(replace(self.chosen, page=1, by=by), self.picked)

    def widget(self, part: str) -> dict:
        """What every widget has in common."""
        value = getattr(self.chosen, part)
        st.session_state[f"filter_{part}"] = list(value) if isinstance(value, tuple) else value
        return {"key": f"filter_{part}", "on_change": self.changed, "args": (part,)}

    def listed(self, part: str, options: list[str], said: Callable[[str], str]) -> None:
        """A filter of several words behind a button that says what is chosen."""
        values, name = getattr(self.chosen, part), t(f"filter_{part}")
        mine = part == "tag" and self.chosen.by == self.person.id
        spoken = [*([t("tags.mine")] if mine else []), *(said(value) for value in values)]
        what = "・".join(spoken[:2]) + (f" +{len(spoken) - 2}" if len(spoken) > 2 else "")
        with st.popover(f"{name}: **{tell.plain(what)}**" if spoken else name):
            if part == "tag":
                st.session_state["filter_mine"] = mine
                st.checkbox(t("tags.only_mine"), key="filter_mine", on_change=self.changed_by)
            st.pills(
                name, list(dict.fromkeys([*options, *values])), selection_mode="multi", format_func=said,
                **self.widget(part),
            )  # fmt: skip

    def more(self) -> None:
        """The filters that are asked for now and then, behind one button that says what is chosen."""
        chosen, name = self.chosen, t("filter_more")
        kinds = ("audience", "material", "sign")
        said = [
            *([chosen.ndc] if chosen.ndc else []),
            *(words.code(kind, value) for kind in kinds for value in getattr(chosen, kind)),
        ]
        said += [years.spoken(chosen.received)] if chosen.received is not None else []
        what = "・".join(said[:2]) + (f" +{len(said) - 2}" if len(said) > 2 else "")
        with st.popover(f"{name}: **{tell.plain(what)}**" if said else name):
            st.text_input(t("filter_ndc"), max_chars=3, **self.widget("ndc"))
            for kind in kinds:
                options = list(words.table("codes")[kind])
                st.pills(
                    t(f"filter_{kind}"), list(dict.fromkeys([*options, *getattr(chosen, kind)])), selection_mode="multi",
                    format_func=_coded(kind), **self.widget(kind),
                )  # fmt: skip
            st.number_input(t("filter_received"), min_value=1900, max_value=2100, step=1, **self.widget("received"))

    def ranged(self, name: str, low: str, high: str | None, most: int) -> None:
        """A filter from … to … behind a button that says what is chosen."""
        first, last = getattr(self.chosen, low), getattr(self.chosen, high) if high else None
        said = f"{'' if first is None else first}–{'' if last is None else last}" if high else f"≥ {first}"
        with st.popover(f"{name}: **{said}**" if (first, last) != (None, None) else name):
            st.number_input(t("at_least", what=name), min_value=0, max_value=most, step=1, **self.widget(low))
            if high:
                st.number_input(t("at_most", what=name), min_value=0, max_value=most, step=1, **self.widget(high))


def _coded(field: str) -> Callable[[str], str]:
    return lambda value: words.code(field, value)

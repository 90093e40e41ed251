"""The plans of a fiscal year, each with its targets as bars; the samples below."""

import streamlit as st

from collection import measures, words, years
from collection.pages import frame, plans_parts, tell
from collection.pages.plans_parts import At
from collection.pages.tell import t
from collection.plans import keeping, model, reporting, standing
from collection.plans.keeping import Kept
from collection.plans.standing import Standing
from collection.roles import may

MOST = 8  # targets of a plan that are shown here


def show(at: At, own: dict[str, Kept]) -> None:
    """The list of a fiscal year."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        year = _year(at, own)
        found = reporting.of_year(own, year)
        shown = [(plans_parts.stand(at, kept), model.column_of(kept.plan, year)) for kept in found.values()]
        if shown:
            title = t("plans.report_title", year=years.spoken(year))
            plans_parts.files(shown, at, title, f"targets-{year}")
        if may(at.person, "set_plan"):
            st.button(
                t("plans.new"), on_click=plans_parts.address, kwargs={"view": "new", "fy": str(year)}, key="new_plan"
            )
    for (stand, column), kept in zip(shown, found.values(), strict=True):
        _plan(stand, column, kept)
    if not shown:
        st.info(t("plans.empty", year=years.spoken(year)))
    _samples(expanded=not own)


def _year(at: At, own: dict[str, Kept]) -> int:
    """The fiscal year to look at, from the address; the choice stands in the address."""
    now = measures.year_of(at.as_of)
    covered = {each for kept in own.values() for column in kept.plan.columns
               for each in range(model.first_year(column), model.last_year(column) + 1)}  # fmt: skip
    options = sorted(covered | {now, now + 1}, reverse=True)
    asked = plans_parts.year_asked(now)
    st.session_state["plans_fy"] = asked if asked in options else now
    st.selectbox(
        t("plans.head_year"), options, key="plans_fy", format_func=years.spoken, width=190,
        on_change=lambda: plans_parts.address(fy=str(st.session_state["plans_fy"])),
    )  # fmt: skip
    return st.session_state["plans_fy"]


def _plan(stand: Standing, column: str, kept: Kept) -> None:
    plan = stand.plan
    with st.container(key=f"plan_{plan.id}", gap="xxsmall"):
        frame.link("plans", tell.plain(plan.name), {"plan": [plan.id], "year": [column]})
        counted = "・".join(
            f"{plans_parts.judgement(mark) if mark else t('plans.not_judged')} {n}"
            for mark, n in standing.tally(stand, column).items()
        )
        said = {"kind": t(f"plans.kind_{plan.kind}"), "year": model.column_word(column), "by": kept.by, "at": kept.at}
        st.caption(tell.plain(t("plans.line", n=len(plan.projects), counted=counted, **said)))
        plans_parts.goals(stand, column, MOST)


def _samples(expanded: bool) -> None:
    samples = keeping.samples()
    with st.expander(t("plans.samples", n=len(samples)), expanded=expanded):
        st.caption(t("plans.samples_hint"))
        for kept in samples.values():
            plan = kept.plan
            name = t("plans.sample_line", name=plan.name, kind=t(f"plans.kind_{plan.kind}"), library=plan.library)
            frame.link("plans", tell.plain(name), {"plan": [plan.id]})
    if words.language.get() != "ja":
        st.caption(t("plans.texts_as_written"))

"""Saved scenarios: keep one, compare two, adopt one as the operating values from a day on, and what was adopted so far."""

from collections.abc import Callable
from datetime import date

import polars as pl
import streamlit as st

from collection import adopted, criteria, roles, scenarios, whatif, words
from collection.pages import frame, tell, whatif_controls
from collection.pages.tell import t
from collection.policy import Policy, PolicyErrors
from collection.roles import Person
from collection.words import Problem

NOW = ""  # the operating values as they are, among the names of scenarios


def show(person: Person, policy: Policy, scenario: dict, evaluated: Callable[[dict], pl.DataFrame]) -> None:
    """Draws saving, the list, the comparison of two, and the versions that were adopted."""
    saved = {found["name"]: found for found in scenarios.saved(frame.store(), policy.name)}
    if told := st.session_state.pop("whatif_told", None):
        (st.error if told[0] == "error" else st.success)(tell.plain(told[1]))
    with st.container(key="stacked_whatif_saved"):
        left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(t("whatif.saved"), anchor=False)
        if roles.may(person, "save_scenario"):
            _save(person, policy, scenario, evaluated)
        if not saved:
            st.caption(t("whatif.nothing_saved"))
        for name, found in saved.items():
            _saved(person, policy, name, found)
    with right:
        _versions(person, policy, scenario, evaluated)
    _compare(policy, saved, scenario, evaluated)


def _save(person: Person, policy: Policy, scenario: dict, evaluated: Callable) -> None:
    with st.form("whatif_save", border=False):
        name = st.text_input(t("whatif.name"), max_chars=scenarios.NAME)
        note = st.text_input(t("whatif.note"), max_chars=200)
        if st.form_submit_button(t("whatif.save"), disabled=scenario == whatif.NOTHING, help=t("whatif.save_help")):
            figures = whatif.figures(evaluated(scenario), policy)
            _do(
                lambda: scenarios.save(frame.store(), person, policy.name, name, scenario, figures, note),
                t("whatif.was_saved"),
            )


def _saved(person: Person, policy: Policy, name: str, found: dict) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            name, type="tertiary", key=f"open_{name}", on_click=whatif_controls.to_address, args=(found["scenario"],)
        )
        st.caption(f"{tell.plain(found['by'])} {found['at'][:10]} {tell.plain(found['note'])}")
        if roles.may(person, "remove_scenario"):
            st.button(
                t("whatif.remove"), type="tertiary", key=f"remove_{name}", on_click=_remove, args=(person, policy, name, found["seq"])
            )  # fmt: skip


def _remove(person: Person, policy: Policy, name: str, seq: int) -> None:
    frame.enter("whatif")
    _act(lambda: scenarios.remove(frame.store(), person, policy.name, name, seq), t("whatif.was_removed", name=name))


def _versions(person: Person, policy: Policy, scenario: dict, evaluated: Callable) -> None:
    st.subheader(t("whatif.versions"), anchor=False, help=t("whatif.versions_help"))
    known = adopted.history(frame.store(), policy.name)
    follows = known[-1]["seq"] if known else 0
    for version in reversed(known):
        said = whatif_controls.changes(policy, version["adopted"]) if version["adopted"] else []
        values = "、".join(f"{name} {after}" for name, _, after in said) or t("whatif.repealed")
        st.markdown(
            f"**{version['in_force']}** {tell.plain(values)}  \n"
            f"{tell.plain(version['name'])} {version['at'][:10]}：{tell.plain(version['reason'])}"
        )
    if not known:
        st.caption(t("whatif.nothing_adopted"))
    if not roles.may(person, "adopt"):
        return
    with st.popover(t("whatif.adopt"), disabled=scenario == whatif.NOTHING), st.form("whatif_adopt", border=False):
        told = whatif_controls.changes(policy, scenario)
        st.markdown("  \n".join(f"{tell.plain(name)}: {before} → **{after}**" for name, before, after in told))
        in_force = st.date_input(t("whatif.in_force"), date.today(), format="YYYY-MM-DD")
        reason = st.text_area(t("whatif.reason"), max_chars=400)
        if st.form_submit_button(t("whatif.adopt_now"), type="primary"):
            figures = whatif.figures(evaluated(scenario), policy)
            _do(
                lambda: adopted.adopt(
                    frame.store(), person, policy, scenario, in_force, reason, follows=follows, figures=figures
                ),
                t("whatif.was_adopted", day=in_force.isoformat()),
            )  # fmt: skip
    if known and known[-1]["adopted"]:
        with st.popover(t("whatif.repeal")), st.form("whatif_repeal", border=False):
            in_force = st.date_input(t("whatif.in_force"), date.today(), format="YYYY-MM-DD")
            reason = st.text_area(t("whatif.reason"), max_chars=400)
            if st.form_submit_button(t("whatif.repeal_now")):
                _do(
                    lambda: adopted.repeal(frame.store(), person, policy.name, in_force, reason, follows=follows),
                    t("whatif.was_repealed", day=in_force.isoformat()),
                )


def _compare(policy: Policy, saved: dict, scenario: dict, evaluated: Callable) -> None:
    st.subheader(t("whatif.compare"), anchor=False)
    if not saved:
        st.caption(t("whatif.compare_needs"))
        return
    names = [NOW, *saved]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = [_chosen(f"whatif_{side}", names, first) for side, first in (("a", 0), ("b", 1))]
    asked = [saved[name]["scenario"] if name else whatif.NOTHING for name in chosen]
    told = [whatif.figures(evaluated(one), policy) for one in asked]
    titles = [name or t("whatif.now") for name in chosen]
    first, second = ({name: after for name, _, after in whatif_controls.changes(policy, one)} for one in asked)
    before = {name: before for one in asked for name, before, _ in whatif_controls.changes(policy, one)}
    st.caption(t("whatif.compare_values"))
    values = pl.DataFrame(
        [(name, first.get(name, was), second.get(name, was)) for name, was in before.items()],
        schema={"what": pl.String, "a": pl.String, "b": pl.String}, orient="row",
    )  # fmt: skip
    heads = {"what": t("whatif.what"), "a": titles[0], "b": titles[1], "more": t("whatif.more")}
    if len(values):
        tell.table(values, named=heads)
    rows = [
        (
            words.code("verdict", code) if code != "none" else t("verdict_none"),
            *(one["verdict"].get(code, 0) for one in told),
        )
        for code in (*words.table("codes")["verdict"], "none")
    ]
    for kind in ("criterion", "shelf_class", "branch"):
        for code in sorted({*told[0][kind], *told[1][kind]}):
            name = criteria.label(policy, code) if kind == "criterion" else words.code(kind, code)
            rows.append((f"{t('whatif.candidates')} {name}", *(one[kind].get(code, 0) for one in told)))
    rows.append((t("whatif.metres_freed"), *(round(one["metres"]) for one in told)))
    found = pl.DataFrame(rows, schema={"what": pl.String, "a": pl.Int64, "b": pl.Int64}, orient="row")
    tell.table(found.with_columns(more=pl.col("b") - pl.col("a")), named=heads)
    past = [tell.percent(one["past"]) for one in told]
    st.caption(t("whatif.compare_past", a=titles[0], b=titles[1], past_a=past[0], past_b=past[1]))


def _chosen(key: str, names: list[str], first: int) -> str:
    """One side of the comparison; which one stands in the address."""
    asked = st.query_params.get(key.removeprefix("whatif_"), names[min(first, len(names) - 1)])
    st.session_state[key] = asked if asked in names else names[min(first, len(names) - 1)]

    def changed() -> None:
        st.query_params[key.removeprefix("whatif_")] = st.session_state[key]

    return st.selectbox(
        t("whatif.side"), names, key=key, width=260, on_change=changed, label_visibility="collapsed",
        format_func=lambda name: name or t("whatif.now"),
    )  # fmt: skip


def _do(action: Callable, told: str) -> None:
    """Does it and draws the screen anew, or says why it cannot be."""
    _act(action, told)
    st.rerun()


def _act(action: Callable, told: str) -> None:
    try:
        action()
        st.session_state["whatif_told"] = ("done", told)
    except (Problem, PolicyErrors) as problem:
        st.session_state["whatif_told"] = ("error", str(problem))

"""A new plan: from a file, as a copy of another plan or of a sample, or target by target in a small form."""

from dataclasses import replace

import streamlit as st

from collection import candidates, measures, words, years
from collection.pages import frame, plans_parts, tell
from collection.pages.plans_parts import At
from collection.pages.tell import t
from collection.plans import checking, keeping, model, reading
from collection.plans.keeping import Kept
from collection.plans.model import Indicator, Period, Plan, Project
from collection.roles import Person, may
from collection.words import Problem, code

WAYS = ("target", "file", "copy")
CHOSEN = ("audience", "material", "local")  # parts of a filter that are chosen from a list


def show(at: At, own: dict[str, Kept]) -> None:
    """The ways to make a plan; only for who may."""
    frame.link("plans", t("plans.back_to_list"))
    if not may(at.person, "set_plan"):
        st.info(t("plans.may_not"))
        return
    asked = st.query_params.get("way", "copy" if "copy" in st.query_params else "target")
    st.session_state["plan_way"] = asked if asked in WAYS else "target"
    st.segmented_control(
        t("plans.new"), WAYS, key="plan_way", required=True, format_func=lambda way: t(f"plans.way_{way}"),
        on_change=lambda: plans_parts.address(view="new", way=st.session_state["plan_way"]),
    )  # fmt: skip
    {"target": _target, "file": _file, "copy": _copy}[st.session_state["plan_way"]](at, own)


def _file(at: At, own: dict[str, Kept]) -> None:
    """A TOML or CSV file: read, shown, and kept when the person says so."""
    st.caption(t("plans.file_hint"))
    frame.uploader_words()
    sent = st.file_uploader(t("plans.file"), type=["toml", "csv"], key="plan_file")
    if sent is None:
        return
    try:
        plan = reading.read(sent.name, sent.getvalue())
    except Problem as problem:
        st.error(tell.lines(str(problem)))
        return
    before = own.get(plan.id)
    targets = sum(len(project.indicators) for project in plan.projects)
    said = {
        "name": plan.name,
        "kind": t(f"plans.kind_{plan.kind}"),
        "years": "・".join(map(model.column_word, plan.columns)),
    }
    st.markdown(tell.plain(t("plans.file_read", n=len(plan.projects), targets=targets, **said)))
    if before:
        st.warning(tell.plain(t("plans.file_replaces", name=before.plan.name, by=before.by, at=before.at)))
    label = t("plans.replace" if before else "plans.keep", name=tell.plain(plan.name))
    st.button(label, type="primary", key="keep_file", on_click=_kept, args=(plan, before.seq if before else 0))


def _copy(at: At, own: dict[str, Kept]) -> None:
    """The plan of another year, or a sample, moved to a new year."""
    known = own | {plan_id: kept for plan_id, kept in keeping.samples().items() if plan_id not in own}
    options = list(known)
    asked = st.query_params.get("copy", "")
    source = st.selectbox(
        t("plans.copy_from"), options, options.index(asked) if asked in options else 0, key="copy_from", width=620,
        format_func=lambda plan_id: known[plan_id].plan.name + (f"（{t('plans.sample')}）" if known[plan_id].sample else ""),
    )  # fmt: skip
    plan = known[source].plan
    first = model.first_year(plan.columns[0])
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        now = measures.year_of(at.as_of) + 1
        year = st.number_input(
            t("plans.copy_year"),
            *plans_parts.YEARS,
            first if known[source].sample else max(now, first + 1),
            key=f"copy_year_{source}",
            width=190,
        )
        name = st.text_input(
            t("plans.copy_name"),
            model.name_moved(plan.name, int(year) - first),
            key=f"copy_name_{source}_{year}",
            max_chars=200,
            width=420,
        )
    copied = model.moved(plan, int(year) - first, _free(f"{plan.kind}-{int(year)}"), name.strip() or plan.name)
    if known[source].sample:
        copied = replace(copied, library=at.library, note="")
    st.caption(tell.plain(t("plans.copy_hint", years="・".join(map(model.column_word, copied.columns)))))
    st.button(
        t("plans.copy_button", name=tell.plain(copied.name)),
        type="primary",
        key="keep_copy",
        on_click=_kept,
        args=(copied, 0),
    )


def _target(at: At, own: dict[str, Kept]) -> None:
    """One target: its name and number, what counts, and into which plan it goes."""
    year = plans_parts.year_asked(measures.year_of(at.as_of))
    fitting = {plan_id: kept for plan_id, kept in own.items() if model.column_of(kept.plan, year)}
    options, into = ["", *fitting], st.query_params.get("into", "")
    st.caption(t("plans.target_hint"))
    with frame.cursor(at.snapshot, at.flags) as cursor:
        places = candidates.choices(cursor)
    with st.form("new_target", border=False):
        with st.container(key="stacked_target_1"):
            one, two, three = st.columns([40, 40, 20], gap="small")
            one.selectbox(
                t("plans.into"),
                options,
                options.index(into) if into in options else 0,
                key="target_plan",
                format_func=lambda plan_id: own[plan_id].plan.name if plan_id else t("plans.into_new"),
            )
            two.text_input(
                t("plans.new_name"),
                t("plans.new_name_usual", year=model.column_word(str(year))),
                key="target_plan_name",
                max_chars=200,
            )
            three.number_input(t("plans.head_year"), *plans_parts.YEARS, year, key="target_year")
        with st.container(key="stacked_target_2"):
            one, two, three = st.columns([60, 20, 20], gap="small")
            one.text_input(
                t("plans.target_name"), key="target_name", max_chars=200, placeholder=t("plans.target_example")
            )
            two.number_input(t("plans.target_count"), 0, 10_000_000, 0, key="target_count")
            three.text_input(t("plans.head_unit"), t("plans.volumes"), key="target_unit", max_chars=10)
        st.markdown(f"**{t('plans.what_counts')}**")
        st.selectbox(
            t("plans.head_counted_by"),
            [model.ACCESSIONS, *model.MEASURED, model.ENTERED],
            key="target_source",
            format_func=model.source_word,
            width=300,
        )
        with st.container(key="stacked_target_3"):
            one, two, three = st.columns(3, gap="small")
            one.multiselect(t("plans.head_branch"), places["branch"], key="target_branch", placeholder=t("plans.all"))
            two.multiselect(
                t("plans.head_location"),
                places["location"],
                key="target_location",
                placeholder=t("plans.all"),
                format_func=lambda value: code("location", value),
            )
            for column, part in zip((three, one, two), CHOSEN, strict=True):
                column.multiselect(
                    t(f"plans.head_{part}"),
                    list(words.table("codes")[part]),
                    key=f"target_{part}",
                    placeholder=t("plans.all"),
                    format_func=lambda value, part=part: code(part, value),
                )
            three.text_input(t("plans.ndc_begins"), key="target_ndc", max_chars=60, placeholder="007;8")
        st.text_input(t("plans.words_in"), key="target_words", max_chars=300, placeholder=t("plans.words_example"))
        st.form_submit_button(t("plans.target_button"), type="primary", on_click=_add_target, args=(at, own))


def _add_target(at: At, own: dict[str, Kept]) -> None:
    state = st.session_state
    column = str(state["target_year"])
    where = {part: list(state[f"target_{part}"]) for part in ("branch", "location", *CHOSEN)}
    where |= {
        part: [text.strip() for text in state[f"target_{part}"].replace("；", ";").split(";") if text.strip()]
        for part in ("ndc", "words")
    }
    filters = ({part: values for part, values in where.items() if values},) if any(where.values()) else ()
    name, source = state["target_name"].strip(), state["target_source"]
    into = own.get(state["target_plan"])

    def added(person: Person) -> str:
        if not name:
            raise Problem("plans.need_name")
        one = Indicator(
            "1",
            name,
            unit=state["target_unit"].strip(),
            source=source,
            where=filters,
            target={column: state["target_count"]},
        )
        plan = (
            into.plan
            if into
            else Plan(
                _free(f"targets-{column}"),
                state["target_plan_name"].strip() or name,
                at.library,
                "targets",
                (Period((column,)),),
            )
        )
        if column not in plan.columns:
            raise Problem("plans.year_not_covered", year=years.spoken(int(column)), name=plan.name)
        numbers = {project.no for project in plan.projects}
        no = next(str(n) for n in range(1, 10_000) if str(n) not in numbers)
        _keep(person, model.with_project(plan, Project(no, name, indicators=(one,))), into.seq if into else 0)
        return t("plans.target_added", name=name, plan=plan.name)

    plans_parts.act(added, then={"fy": column})


def _free(plan_id: str) -> str:
    """The id, or the next one that no plan ever had."""
    used = keeping.used_ids(frame.store())
    return next(each for n in range(1, 10_000) if (each := plan_id if n == 1 else f"{plan_id}-{n}") not in used)


def _kept(plan: Plan, follows: int) -> None:
    def kept(person: Person) -> str:
        _keep(person, plan, follows)
        return t("plans.kept", name=plan.name)

    plans_parts.act(kept, then={"plan": plan.id})


def _keep(person: Person, plan: Plan, follows: int) -> None:
    """Keeps a plan once it is found right, as a file would be."""
    if wrong := checking.problems(t("plans.this_form"), model.told(plan), lambda path, key: None):
        raise wrong[0]
    keeping.keep(frame.store(), person, plan, follows)

"""One project of a plan in one year: its figures and how they are judged, what was entered, and the forms to enter more."""

import html

import polars as pl
import streamlit as st

from collection.pages import frame, plans_books, plans_parts, tell
from collection.pages.plans_parts import At
from collection.pages.tell import t
from collection.plans import keeping, model, reading, standing
from collection.plans.keeping import Kept, Report
from collection.plans.model import JUDGEMENTS, Indicator, Plan, Project
from collection.plans.standing import Standing
from collection.roles import Person, may
from collection.words import Problem

TEXTS = ("evaluation", "issues", "next")


def show(at: At, kept: Kept, stand: Standing, project: Project, column: str) -> None:
    """A project in the year of the address."""
    plan = kept.plan
    st.subheader(tell.plain(f"{project.no} {project.name}"), anchor=False)
    marks = [t(f"plans.form_{name}") for name in ("priority", "new") if getattr(project, name)]
    page = t("plans.on_page", page=project.page) if project.page else ""
    about = [standing.group_word(plan, project), standing.theme_word(plan, project), project.section, page, *marks]
    st.caption(tell.plain(" ／ ".join(part for part in about if part)))
    for text in (project.purpose, project.content):
        if text:
            st.markdown(tell.plain(text))
    _figures(stand, project, column)
    _judged(stand, project, column)
    if not kept.sample and may(at.person, "report_plan"):
        _forms(stand, project, column)
    elif kept.sample:
        st.caption(t("plans.sample_note"))
    for one in project.indicators:
        if one.source == model.ACCESSIONS:
            plans_books.show(at, stand, project, one, column)
    if not kept.sample:
        st.markdown(f"**{t('plans.view_history')}**")
        history(keeping.history(frame.store(), plan.id, project.no), plan)


def _figures(stand: Standing, project: Project, column: str) -> None:
    """Target and actual of every indicator in every column; the one that is looked at stands out."""
    columns, rows = stand.plan.columns, []
    for one in project.indicators:
        how = " ／ ".join(filter(None, (model.source_word(one.source), model.where_word(one))))
        names = [plans_parts.plain(one.name), f'<span class="quiet">{plans_parts.plain(how)}</span>']
        actuals = [_value(stand.cell(project, one, each).actual, one, each == column) for each in columns]
        if one.role == "work":
            rows.append([names[0], plans_parts.plain(t("plans.head_actual")), *actuals])
        else:
            targets = [_value(one.target.get(each), one, each == column) for each in columns]
            rows.append([names[0], plans_parts.plain(t("plans.head_target")), *targets])
            rows.append([names[1], plans_parts.plain(t("plans.head_actual")), *actuals])
    if rows:
        right = [] if all(one.role == "work" for one in project.indicators) else range(2, 2 + len(columns))
        plans_parts.table(["", "", *map(model.column_word, columns)], rows, right)


def _value(value: model.Value | None, one: Indicator, now: bool) -> str:
    said = plans_parts.plain(model.value_word(value) if one.role == "work" else model.unit_word(value, one.unit))
    return f"<b>{said}</b>" if now else said


def _judged(stand: Standing, project: Project, column: str) -> None:
    """The judgement, whose it is, and the figures it was made from."""
    said = stand.said[project.no, column]
    if said.judgement is None:
        return
    own = said.remarks["judgement"]
    who = t("plans.judged_by_person", by=said.report.by if said.report else t("plans.the_file"), why=said.remarks["why"]) if own else t("plans.judged_by_rule")  # fmt: skip
    st.html(f"<div>{plans_parts.judgement_html(said.judgement)} {html.escape(who)}</div>")
    plan, told = stand.plan, []
    own_rows = standing.rows(stand, column).filter(pl.col("no") == project.no, pl.col("judged") != "")
    for row in own_rows.iter_rows(named=True):
        reached = t("plans.unknown")
        if row["attained"] is not None:
            reached = f"{row['actual']} ÷ {row['target']} = {row['attained']:,.1f}%"
        if row["ends"] is not None:
            reached += t("plans.ends_at", forecast=tell.number(round(row["forecast"])), share=f"{row['ends']:,.1f}")
        told.append(f"{row['judged']} {row['indicator']}: {reached}")
    if own:
        told.insert(
            0,
            t(
                "plans.rule_says",
                judgement=plans_parts.judgement(said.by_rule) if said.by_rule else t("plans.not_judged"),
            ),
        )
    values = {name: model.value_word(plan.value(name)) for name in ("reached", "out_of_reach", "missed")}
    st.caption(tell.plain(" ／ ".join(told)) + "  \n" + tell.plain(t("plans.rule_short", **values)))


def _forms(stand: Standing, project: Project, column: str) -> None:
    """What can be entered for the year that is looked at, as one form; only what was changed is recorded."""
    plan, said = stand.plan, stand.said[project.no, column]
    seen = {
        one.id: report.seq if (report := stand.cell(project, one, column).report) else 0 for one in project.indicators
    }
    seen[""] = said.report.seq if said.report else 0
    tag = f"{plan.id}_{project.no}_{column}_{max(seen.values())}"
    with (
        st.expander(
            t("plans.enter", year=model.column_word(column)),
            expanded=not any(seen.values()) and not all(one.counted for one in project.indicators),
        ),
        st.form(f"enter_{tag}", border=False),
    ):
        for one in project.indicators:
            cell = stand.cell(project, one, column)
            with st.container(key=f"stacked_{tag}_{one.id}"):
                left, right = st.columns([45, 55], gap="small")
                label = t("plans.actual_of", name=tell.plain(one.name), unit=f"（{one.unit}）" if one.unit else "")
                written = model.value_word(cell.actual, one.unit) if cell.by_hand else ""
                counted = t("plans.counted_now", n=model.unit_word(cell.count.so_far, one.unit)) if cell.count else ""
                left.text_input(
                    label, written, key=f"actual_{tag}_{one.id}", max_chars=keeping.LONGEST, placeholder=counted
                )
                right.text_input(
                    t("plans.form_reason"), cell.reason, key=f"reason_{tag}_{one.id}", max_chars=keeping.LONGEST
                )
        st.text_input(t("plans.note"), key=f"note_{tag}", max_chars=300, help=t("plans.note_help"))
        with st.container(key=f"stacked_judge_{tag}"):
            left, right = st.columns([45, 55], gap="small")
            choices = ["", *JUDGEMENTS]
            left.selectbox(
                t("plans.own_judgement"), choices, choices.index(said.remarks["judgement"]), key=f"judgement_{tag}",
                format_func=lambda mark: plans_parts.judgement(mark) if mark else t("plans.as_rule", mark=said.by_rule or "—"),
            )  # fmt: skip
            right.text_input(t("plans.why"), said.remarks["why"], key=f"why_{tag}", max_chars=300)
        with st.container(key=f"stacked_texts_{tag}"):
            for place, name in zip(st.columns(3, gap="small"), TEXTS, strict=True):
                place.text_area(
                    t(f"plans.head_{name}"),
                    said.remarks[name],
                    key=f"{name}_{tag}",
                    max_chars=keeping.LONGEST,
                    height=110,
                )
        st.form_submit_button(
            t("plans.record", year=model.column_word(column)),
            type="primary",
            on_click=_record,
            args=(stand, project, column, seen, tag),
        )


def _record(stand: Standing, project: Project, column: str, seen: dict[str, int], tag: str) -> None:
    """Records what the form of `tag` holds and the standing it was drawn from does not."""
    state = st.session_state
    plan, typed = stand.plan, []

    def entries() -> list:
        events = []
        for one in project.indicators:
            cell = stand.cell(project, one, column)
            text, reason = state[f"actual_{tag}_{one.id}"].strip(), state[f"reason_{tag}_{one.id}"].strip()
            if text != (model.value_word(cell.actual, one.unit) if cell.by_hand else "") or reason != cell.reason:
                typed.append(f"{one.name} {text}")
                value = _value_of(one, text)
                events.append(
                    keeping.entered(plan, project, one, column, value, reason, seen[one.id], state[f"note_{tag}"])
                )
        now = stand.said[project.no, column].remarks
        remarks = {name: state[f"{name}_{tag}"].strip() for name in model.REMARKS}
        if remarks != now:
            typed.extend(remarks[name] for name in model.REMARKS if remarks[name] != now[name])
            events.append(keeping.said(plan, project, column, remarks, seen[""]))
        return events

    def recorded(person: Person) -> str:
        events = entries()
        if not events:
            raise Problem("plans.nothing_changed")
        keeping.record(frame.store(), person, plan, events)
        return t("plans.recorded", n=len(events), name=project.name, year=model.column_word(column))

    plans_parts.act(recorded, lambda: " ／ ".join(filter(None, typed)))


def _value_of(one: Indicator, text: str) -> model.Value | None:
    """What was typed as a value; None when nothing was. Raises Problem for a figure that is none."""
    if not text or one.role == "work":
        return text or None
    value = reading.value_of(text)
    if value is None or value == model.ANY_TIME:
        raise Problem("plans.bad_value", name=one.name, text=text)
    return value


def history(found: list[tuple[str, Report]], plan: Plan) -> None:
    """Who entered what, and when, newest first."""
    if not found:
        st.caption(t("plans.no_history"))
        return
    rows = [{"at": report.at, "by": report.by, "what": _what(kind, report, plan), "entered": _entered(report), "note": report.note}
            for kind, report in found[:100]]  # fmt: skip
    tell.table(pl.DataFrame(rows), named={name: t(f"plans.history_{name}") for name in rows[0]})
    if len(found) > 100:
        st.caption(t("plans.more_history", n=len(found) - 100))


def _what(kind: str, report: Report, plan: Plan) -> str:
    if kind != "report_plan":
        return t(f"plans.history_{kind}")
    project = plan.project(report.details["project"])
    one = (
        next((each for each in project.indicators if each.id == report.details["indicator"]), None) if project else None
    )
    name = one.name if one else t("plans.history_remarks")
    return t(
        "plans.history_of", no=report.details["project"], name=name, year=model.column_word(report.details["column"])
    )


def _entered(report: Report) -> str:
    details = report.details
    if "plan" in details and isinstance(details["plan"], dict):
        return t("plans.history_projects", n=len(details["plan"]["projects"]))
    if "remarks" in details:
        said = [
            f"{t(f'plans.remark_{name}')}: {details['remarks'][name]}"
            for name in model.REMARKS
            if details["remarks"][name] and name != "why"
        ]
        return " ／ ".join(said)
    if "actual" in details:
        reason = f"（{details['reason']}）" if details["reason"] else ""
        return (t("plans.taken_back") if details["actual"] is None else model.value_word(details["actual"])) + reason
    return ""

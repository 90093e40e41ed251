"""One plan: its targets as bars, the form of the library, its history; or one of its projects."""

import streamlit as st

from collection.pages import frame, plans_parts, plans_project, tell
from collection.pages.plans_parts import At
from collection.pages.tell import t
from collection.plans import form, keeping, model, printing, standing
from collection.plans.form import Box, Table
from collection.plans.keeping import Kept
from collection.plans.standing import Standing
from collection.roles import Person, may

VIEWS = ("goals", "form", "history")


def show(at: At, kept: Kept) -> None:
    """The plan that stands in the address."""
    stand, plan = plans_parts.stand(at, kept), kept.plan
    project = plan.project(st.query_params.get("project", ""))
    column = st.query_params.get("year", "")
    column = column if column in plan.columns else standing.newest_column(stand)
    if project:
        frame.link("plans", t("plans.back_to_plan", name=tell.plain(plan.name)), {"plan": [plan.id], "year": [column]})
        plans_project.show(at, kept, stand, project, column)
        return
    back = {} if kept.sample else {"fy": [str(model.first_year(column))]}
    frame.link("plans", t("plans.back_to_list"), back)
    st.subheader(tell.plain(plan.name), anchor=False)
    if kept.sample:
        st.info(t("plans.sample_note"))
    parts = [
        plan.library,
        t(f"plans.kind_{plan.kind}"),
        t("plans.set_by", by=kept.by, at=kept.at) if kept.by else "",
        plan.note,
    ]
    st.caption(tell.plain(" ／ ".join(part for part in parts if part)))
    view = _bar(at, kept, stand, column)
    if view == "goals":
        plans_parts.goals(stand, column)
        with st.popover(t("plans.rule"), type="tertiary"):
            st.markdown("  \n".join(map(tell.plain, printing.legend(plan))))
    elif view == "form":
        _form(stand, column)
    else:
        plans_project.history(keeping.history(frame.store(), plan.id), plan)


def _bar(at: At, kept: Kept, stand: Standing, column: str) -> str:
    """The choices above a plan; returns the view that is chosen."""
    plan = kept.plan
    views = VIEWS[:2] if kept.sample else VIEWS
    asked = st.query_params.get("view", "goals")
    st.session_state["plan_view"] = asked if asked in views else "goals"
    st.session_state["plan_year"] = column

    def turn() -> None:
        plans_parts.address(plan=plan.id, year=st.session_state["plan_year"], view=st.session_state["plan_view"])

    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox(
            t("plans.head_year"),
            plan.columns,
            key="plan_year",
            format_func=model.column_word,
            width=170,
            on_change=turn,
        )
        st.segmented_control(
            t("plans.look"),
            views,
            key="plan_view",
            on_change=turn,
            required=True,
            format_func=lambda name: t(f"plans.view_{name}"),
        )
        title = t("plans.report_title", year=model.column_word(column))
        plans_parts.files([(stand, column)], at, title, plan.id, plan)
        if may(at.person, "set_plan"):
            label = t("plans.copy_sample" if kept.sample else "plans.copy")
            st.button(label, on_click=plans_parts.address, kwargs={"view": "new", "copy": plan.id}, key="copy_plan")
            if not kept.sample:
                st.button(
                    t("plans.target_button"), key="add_target", on_click=plans_parts.address,
                    kwargs={"view": "new", "way": "target", "into": plan.id, "fy": column[:4]},
                )  # fmt: skip
                _drop(kept)
    return st.session_state["plan_view"]


def _drop(kept: Kept) -> None:
    with st.popover(t("plans.drop")):
        st.caption(t("plans.drop_hint"))
        st.text_input(t("plans.reason"), key="drop_why", max_chars=300)

        def dropped(person: Person) -> str:
            keeping.drop(frame.store(), person, kept.plan, kept.seq, st.session_state["drop_why"])
            return t("plans.dropped", name=kept.plan.name)

        first = str(model.first_year(kept.plan.columns[0]))
        st.button(
            t("plans.drop_button", name=tell.plain(kept.plan.name)), key="drop_plan", on_click=plans_parts.act,
            args=(dropped,), kwargs={"then": {"fy": first}},
        )  # fmt: skip


def _form(stand: Standing, column: str) -> None:
    """The form of the library, as it is printed."""
    plan = stand.plan
    if plan.kind != "progress":
        _table(form.table(stand, column))
        return
    for project in plan.projects:
        if form.measured(project):
            boxes = form.block(stand, project, column)
            st.html(
                f'<div class="scroll">{_block(form.widths(plan), boxes, {project.no: _to(stand, project.no, column)})}</div>'
            )
    if (other := form.others(stand, column)) is not None:
        _table(other)


def _to(stand: Standing, no: str, column: str) -> str:
    return plans_parts.href(plan=stand.plan.id, year=column, project=no)


def _block(widths: list[int], boxes: list[Box], links: dict[str, str]) -> str:
    """The boxes of a block as a table; a text that is a key of `links` leads there."""
    rows: dict[int, list[Box]] = {}
    for box in sorted(boxes, key=lambda box: (box.y, box.x)):
        rows.setdefault(box.y, []).append(box)
    body = "".join("<tr>" + "".join(_box(box, links) for box in row) + "</tr>" for row in rows.values())
    columns = "".join(f'<col style="width:{width / sum(widths):.1%}">' for width in widths)
    return f'<table class="form"><colgroup>{columns}</colgroup><tbody>{body}</tbody></table>'


def _box(box: Box, links: dict[str, str]) -> str:
    tag, text = "th" if box.look == "head" else "td", plans_parts.plain(box.text)
    if box.text in links and box.look != "head":
        text = f'<a href="{links[box.text]}" target="_self">{text}</a>'
    return f'<{tag} class="{box.look}" colspan="{box.wide}" rowspan="{box.tall}">{text}</{tag}>'


def _table(table: Table) -> None:
    if table.heading:
        st.subheader(table.heading, anchor=False)
    plans_parts.table(
        table.head, [[plans_parts.plain(printing.text(cell)) for cell in row] for row in table.rows], table.right
    )

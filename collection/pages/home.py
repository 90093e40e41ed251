"""ホーム: what waits for the person, what was imported, the counts by verdict and criterion, what needs attention."""

from datetime import date

import polars as pl
import streamlit as st

from collection import criteria, decisions, overview, tasks
from collection.pages import frame, tell
from collection.pages.tell import t

person = frame.enter("home")
snapshot, flags, policy = frame.head("")
if snapshot is None:
    st.header(t("page_home"), anchor=False)
    st.info(t("no_snapshot"))
    frame.link("imports", t("open_imports"))
    st.stop()


@st.cache_data(max_entries=10, show_spinner=False)
def read(snapshot: str, flags: str | None, seq: int):
    with frame.cursor(snapshot, flags) as own:
        facts, files = overview.holdings(own), overview.imports(own)
        return facts, files, *((overview.tally(own), overview.gaps(own)) if flags else (None, None))


facts, files, tally, gaps = read(snapshot, flags, decisions.decided(frame.store()).seq)
st.header(t("home_title", items=tell.books(facts["items"]), branches=facts["branches"]), anchor=False)
st.caption(t("home_facts", bibs=tell.number(facts["bibs"]), first=tell.month(facts["loans_from"]) or t("no_loans"),
             last=tell.month(facts["loans_to"])))  # fmt: skip


def waiting() -> None:
    """What the person has to do, each line a link to its screen."""
    st.subheader(t("tasks.title"), anchor=False)
    found = tasks.tasks(frame.store(), person, date.today())
    if not found:
        st.caption(t("tasks.none"))
    for task in found:
        frame.link(
            task.screen,
            t(f"tasks.{task.key}", n=tell.books(task.n), count=tell.number(task.n), list_no=task.list_no),
            task.query,
        )


def counted(label: str, items: int, query: dict, help: str | None = None) -> None:
    """One line: what, and how many as a link to the list."""
    left, right = st.columns([3, 2], gap="small", vertical_alignment="center", wrap=False)
    left.markdown(label, help=help)
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        frame.link("candidates", tell.books(items), query)


with st.container(gap="xxsmall"):
    waiting()
if tally is None:
    st.info(t("no_flags"))
    frame.link("imports", t("open_flagging"))
else:
    by_verdict = dict(tally.group_by("verdict").agg(pl.col("items").sum()).iter_rows())
    flagged = tally.filter(pl.col("verdict") == "candidate")
    by_criterion = dict(flagged.group_by("criterion").agg(pl.col("items").sum()).iter_rows())
    blocks = st.grid(3, min_column_width=250, gap=("small", "medium"))
    with blocks.cell(), st.container(gap="xxsmall"):
        st.subheader(t("home_verdicts"), anchor=False)
        for verdict in ("candidate", "move", "ask", "unknown", "keep"):
            counted(tell.verdict(verdict), by_verdict.get(verdict, 0), {"verdict": [verdict]}, t(f"help_{verdict}"))
        if "road" in by_verdict:
            counted(t("tags.choice_road"), by_verdict["road"], {"verdict": ["all"], "tag": ["road"]})
    with blocks.cell(), st.container(gap="xxsmall"):
        st.subheader(t("home_criteria"), anchor=False)
        for criterion, label in (criteria.labels(policy) if policy else {}).items():
            counted(label, by_criterion.get(criterion, 0), {"criterion": [criterion]})
    with blocks.cell(), st.container(gap="xxsmall"):
        st.subheader(t("home_attention"), anchor=False)
        rejected = int(files["error"].sum()) if len(files) else 0
        if rejected:
            frame.link("imports", t("attention_rejects", n=tell.number(rejected)))
        for verdict in ("ask", "unknown"):
            n = by_verdict.get(verdict, 0)
            if n:
                frame.link("candidates", t(f"attention_{verdict}", n=tell.books(n)), {"verdict": [verdict]})
        if gaps["no_class"]:
            told = t("attention_no_class", n=tell.books(gaps["no_class"]))
            frame.link("candidates", told, {"shelf_class": ["-"], "verdict": ["all"]})
        for gap in ("no_bib", "no_year", "no_use"):
            if gaps[gap]:
                st.markdown(t(f"attention_{gap}", n=tell.books(gaps[gap])))
        if not (rejected or any(gaps.values()) or by_verdict.get("ask") or by_verdict.get("unknown")):
            st.markdown(t("attention_none"))

    st.subheader(t("home_branches"), anchor=False)
    shown = ("candidate", "move", "ask", "unknown", "keep")
    table = tally.pivot("verdict", index="branch", values="items", aggregate_function="sum").fill_null(0)
    table = table.with_columns(pl.lit(0).alias(name) for name in (*shown, "none", "road") if name not in table.columns)
    table = table.with_columns(total=pl.sum_horizontal(*shown, "none", "road")).sort(
        "total", "branch", descending=[True, False]
    )
    columns = ["branch", "total", *shown]
    event = st.dataframe(
        table.select(columns), hide_index=True, key="branches",
        on_select="rerun", selection_mode=["single-cell", "single-column"],
        row_height=29, height=29 * len(table) + 34, alt=t("home_branches"),
        column_config={
            "branch": st.column_config.TextColumn(tell.label("branch"), width="medium"),
            "total": st.column_config.NumberColumn(t("label_items"), format="localized"),
            **{name: st.column_config.NumberColumn(tell.verdict(name, False), format="localized") for name in shown},
        },
    )  # fmt: skip
    if event.selection.cells:
        row, column = event.selection.cells[0]
        query = {"branch": [table["branch"][row]]}
        frame.go("candidates", {**query, "verdict": [column if column in shown else "all"]})
    st.caption(t("home_branches_hint"))

st.subheader(t("home_imports"), anchor=False)
if files.is_empty():
    st.caption(t("home_no_files"))
else:
    tell.table(
        files.select("file", "kind", "encoding", "rows", "loaded", "changed", "unchanged", "skipped", "error", "gone"),
        {"kind": tell.kinds},
    )

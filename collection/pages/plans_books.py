"""What a target counts: the course of the year against the target, how the forecast was made, and the books themselves."""

import html
from datetime import date
from functools import partial
from pathlib import Path

import altair as alt
import polars as pl
import streamlit as st

from collection import candidates, sheets, words, years
from collection.candidates import coded
from collection.pages import card_view, charts, frame, paging, tell
from collection.pages.plans_parts import At
from collection.pages.tell import t
from collection.plans import counting, model
from collection.plans.counting import Count
from collection.plans.model import Indicator, Project
from collection.plans.standing import Cell, Standing

ROWS = 50


@st.cache_data(max_entries=60, show_spinner=False)
def _days(snapshot: str, flags: str, key: str, _one: Indicator, first: date, last: date) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return counting.received(own, {"": _one}, first, last).select("day", "items")


@st.cache_data(max_entries=60, show_spinner=False)
def _books(snapshot: str, flags: str, key: str, _one: Indicator, first: date, last: date, skip: int) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return counting.books(own, _one, first, last, ROWS, skip)


def show(at: At, stand: Standing, project: Project, one: Indicator, column: str) -> None:
    """The year of a column, as far as it has come, of one target."""
    cell = stand.cell(project, one, column)
    st.markdown(f"**{t('plans.books_title', name=tell.plain(one.name))}**")
    if cell.count is None:
        st.caption(t("plans.not_begun"))
        return
    year = cell.count.year
    read = (str(at.snapshot), str(at.flags), repr(one.where), one)
    days = _days(*read, years.first(year), years.last(year))
    st.caption(tell.plain(told(stand, cell.count, one)))
    if cell.by_hand:
        by = cell.report.by if cell.report else t("plans.the_file")
        actual, counted = (model.unit_word(value, one.unit) for value in (cell.actual, cell.count.so_far))
        st.caption(tell.plain(t("plans.by_hand", actual=actual, by=by, n=counted)))
    for where in one.where:
        if missing := [
            name for name in where.get("branch", ()) if name not in _branches(str(at.snapshot), str(at.flags))
        ]:
            st.warning(t("plans.no_branch", branch=tell.plain("・".join(missing))))
    if days.is_empty():
        st.info(t("plans.no_books", year=years.spoken(year)))
        return
    _course(at, stand, one, cell, days)
    _list(at, read, days, project, one, year)


@st.cache_data(max_entries=10, show_spinner=False)
def _branches(snapshot: str, flags: str) -> set[str]:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return set(candidates.choices(own)["branch"])


def told(stand: Standing, count: Count, one: Indicator) -> str:
    """How a count stands and how its forecast was made, in a sentence."""
    figures = {
        "n": model.unit_word(count.so_far, one.unit),
        "year": years.spoken(count.year),
        "day": stand.as_of.isoformat(),
    }
    if not count.running:
        return t("plans.count_whole", **figures)
    if count.forecast is None:
        return t("plans.count_early", days=f"{stand.plan.value('forecast_days'):.0f}", **figures)
    values = {"share": f"{count.share * 100:.1f}", "forecast": model.unit_word(round(count.forecast), one.unit)}
    if count.how == "days":
        return t("plans.count_days", least=f"{stand.plan.value('season_items'):.0f}", **figures, **values)
    between = {"low": model.unit_word(round(count.low), one.unit), "high": model.unit_word(round(count.high), one.unit)}
    return t("plans.count_season", years=f"{stand.plan.value('season_years'):.0f}", **figures, **values, **between)


def _course(at: At, stand: Standing, one: Indicator, cell: Cell, days: pl.DataFrame) -> None:
    """Items received so far, month by month, against the target; a month leads to its books."""
    year, target = cell.count.year, model.number(cell.target)
    by_month = days.group_by(month=pl.col("day").dt.strftime("%Y-%m")).agg(pl.col("items").sum())
    months = [month for month in years.months(year) if month <= at.as_of.isoformat()[:7]]
    found = pl.DataFrame({"month": months}).join(by_month, on="month", how="left", maintain_order="left").with_columns(
        pl.col("items").fill_null(0)
    ).with_columns(so_far=pl.col("items").cum_sum())  # fmt: skip
    reached = (
        found.filter(pl.col("so_far") >= target)["month"] if target is not None else pl.Series([], dtype=pl.String)
    )
    figures = {
        "n": model.unit_word(int(found["items"].sum()), one.unit),
        "target": model.unit_word(cell.target, one.unit),
    }
    if len(reached):
        title = t("plans.course_reached", month=reached[0], **figures)
    else:
        title = t("plans.course_short" if target is not None else "plans.course", **figures)
    named = {"month": t("plans.head_month"), "items": t("plans.head_items"), "so_far": t("plans.head_so_far")}

    charts.figure(
        f"course_{one.id}", title, partial(_chart, found, cell, one, named), found, method=t("plans.course_method"), as_of=at.as_of, named=named,
        to=lambda picked: st.query_params.update(month=picked["month"], page="1"), hint=t("plans.course_hint"),
    )  # fmt: skip


def _chart(found: pl.DataFrame, cell: Cell, one: Indicator, named: dict[str, str], dark: bool) -> alt.Chart:
    target = model.number(cell.target)
    top = max(found["so_far"].max(), target or 0) * 1.12 or 1
    tips = [alt.Tooltip(name, title=said) for name, said in named.items()]
    base = alt.Chart(found).encode(
        x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=0, ticks=False)),
        y=alt.Y("so_far:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(tickCount=4)),
        tooltip=tips,
    )
    bars = base.mark_bar(color=charts.blue(dark), cursor="pointer").add_params(charts.pick("month"))
    chart = bars + base.mark_text(dy=-7, color=charts.ink(dark), fontSize=11).encode(text="so_far:Q")
    if target is None:
        return chart.properties(height=190)
    said = t("plans.target_line", target=model.unit_word(cell.target, one.unit))
    line = alt.Chart(pl.DataFrame({"target": [target], "said": [said]})).encode(y="target:Q")
    rule = line.mark_rule(color=charts.orange(dark), strokeDash=[6, 3], strokeWidth=2)
    name = line.mark_text(align="left", x=4, dy=-7, color=charts.orange(dark), fontSize=11).encode(text="said:N")
    return (chart + rule + name).properties(height=190)


def _list(at: At, read: tuple, days: pl.DataFrame, project: Project, one: Indicator, year: int) -> None:
    """The books of the year, or of the month in the address, page by page."""
    month = st.query_params.get("month", "")
    month = month if month in years.months(year) else ""
    first, last = (years.first(year), years.last(year)) if not month else _month(month)
    total = int(days.filter(pl.col("day").is_between(first, last))["items"].sum())
    page = paging.asked(total, ROWS)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(t("plans.books_counted", n=tell.books(total), when=month or years.spoken(year)))
        if month:
            st.button(
                t("plans.whole_year"),
                type="tertiary",
                key=f"whole_{one.id}",
                on_click=lambda: st.query_params.pop("month"),
            )
        for kind, mime in sheets.MIME.items():
            st.download_button(
                t(f"plans.take_{kind}"), data=partial(_file, at, one, first, last, kind, words.language.get()), mime=mime,
                file_name=f"{project.no}-{month or year}.{kind}", key=f"books_{kind}_{one.id}", on_click="ignore",
            )  # fmt: skip
    found = _books(*read, first, last, (page - 1) * ROWS)
    held = dict(found.select("item_id", pl.col("gone_on").is_null()).iter_rows())
    shown = found.select(
        "accession_date", "item_id", "call_number", tell.title_of(), tell.author_of(), "publisher", "pub_year", "branch"
    )
    tell.table(
        shown,
        {"item_id": lambda item: card_view.item_link(item) if held[item] else html.escape(f"{item} {t('plans.gone')}")},
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        paging.turn(total, ROWS, page, len(found), (project.no, one.id, month))


def _month(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01")
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1) - date.resolution


def _file(at: At, one: Indicator, first: date, last: date, kind: str, language: str) -> bytes:
    with words.speaking(language):
        with frame.cursor(at.snapshot, at.flags) as own:
            found = counting.books(own, one, first, last)
        spoken = found.with_columns(coded("material"), coded("audience"), coded("location"), coded("source"))
        named = spoken.rename(sheets.heading)
        return sheets.csv_bytes(named) if kind == "csv" else sheets.xlsx_bytes(named, t("plans.books_sheet"))

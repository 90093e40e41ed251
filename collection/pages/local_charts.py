"""地域資料, the charts: by kind and branch, by place and condition, by copies, by year, by clue and by author of the city."""

from collections.abc import Callable
from datetime import date
from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import local, measures, words, years
from collection.local import Look
from collection.pages import charts, local_list, scope_bar, tell
from collection.pages.tell import t
from collection.policy import Policy

YEARS = 15
CLUES = 25


def kinds(found: pl.DataFrame, branches: list[str], policy: Policy, as_of: date) -> None:
    """The marked items: where they stand, in which state, how many copies there are, what came when."""
    marked = local.looked_at(found, Look())
    if marked.is_empty():
        st.info(t("local.empty_marked"))
        return
    _by_branch(marked, branches, as_of)
    with st.container(key="stacked_local"):
        left, right = st.columns(2, gap="medium")
        with left:
            _by_state(marked, as_of)
        with right:
            _by_copies(marked, as_of)
    _by_year(marked, as_of)


def _by_branch(marked: pl.DataFrame, branches: list[str], as_of: date) -> None:
    cells = _named(local.by_kind(marked, "branch"), "kind", partial(words.code, "local"))
    top = cells.sort("items", "kind_name", "branch", descending=[True, False, False]).row(0, named=True)
    lacking = [words.code("local", kind) for kind in words.table("codes")["local"] if kind not in set(cells["kind"])]
    title = t("local.finding_kinds", kind=top["kind_name"], branch=top["branch"], n=tell.books(top["items"]))
    _heat(
        "local_kinds", title + (t("local.finding_lacking", kinds="・".join(lacking)) if lacking else ""), cells,
        x="branch", y="kind_name", sort_x=branches, sort_y=[words.code("local", kind) for kind in words.table("codes")["local"]],
        method=t("local.method_kinds"), as_of=as_of, fields=("branch", "kind"),
        to=lambda cell: local_list.open_with(Look(kind=cell["kind"]), branch=cell["branch"]),
    )  # fmt: skip


def _by_state(marked: pl.DataFrame, as_of: date) -> None:
    cells = marked.group_by("location", "state").agg(items=pl.len())
    cells = _named(_named(cells, "location", _place), "state", local_list.state_word)
    harmed = marked.filter(pl.col("state").is_in(local.HARMED))
    alone = harmed.filter(
        pl.col("copies") == pl.col("usable")
    ).height  # no other: it is itself the only usable one, or none is
    _heat(
        "local_state", t("local.finding_state", n=tell.books(harmed.height), alone=tell.books(alone)), cells,
        x="location_name", y="state_name", sort_x=[_place(place) for place in (*words.table("codes")["location"], None)],
        sort_y=[local_list.state_word(state) for state in local.STATES],
        method=t("local.method_state"), as_of=as_of, fields=("location", "state"),
        to=lambda cell: local_list.open_with(Look(state=cell["state"]), location=cell["location"]),
    )  # fmt: skip


def _by_copies(marked: pl.DataFrame, as_of: date) -> None:
    cells = _named(local.by_kind(marked, "several"), "kind", partial(words.code, "local"))
    cells = _named(cells, "several", lambda copies: t(f"local.copies_{copies}"))
    only = marked.filter(pl.col("several") == "only").height
    _heat(
        "local_copies", t("local.finding_only", n=tell.books(only), share=tell.percent(only / marked.height)), cells,
        x="several_name", y="kind_name", sort_x=[t(f"local.copies_{copies}") for copies in local.COPIES],
        sort_y=[words.code("local", kind) for kind in words.table("codes")["local"]],
        method=t("local.method_copies"), as_of=as_of, fields=("kind", "several"),
        to=lambda cell: local_list.open_with(Look(kind=cell["kind"], copies=cell["several"])),
    )  # fmt: skip


def _by_year(marked: pl.DataFrame, as_of: date) -> None:
    last = measures.year_of(as_of)
    unknown = marked["received"].null_count()
    spread = pl.DataFrame({"received": range(last - YEARS + 1, last + 1)}, schema={"received": pl.Int64})
    counted = marked.group_by(pl.col("received").cast(pl.Int64)).agg(items=pl.len())
    shown = spread.join(counted, on="received", how="left").fill_null(0).sort("received")
    said = _each(shown, lambda row: tell.books(row["items"]))
    shown = shown.with_columns(said, year=pl.col("received").cast(pl.String), last=pl.col("received") == last)

    def draw(dark: bool) -> alt.Chart:
        base = alt.Chart(shown).encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, ticks=False)),
            y=alt.Y("items:Q", title=None, axis=None),
            tooltip=[alt.Tooltip("year", title=t("local.fiscal_year")), alt.Tooltip("said", title=t("label_items"))],
        )
        colour = alt.condition("datum.last", alt.value(charts.blue(dark)), alt.value(charts.grey(dark)))
        bars = base.mark_bar(cursor="pointer").encode(color=colour).add_params(charts.pick("received"))
        figures = base.mark_text(dy=-7, fontSize=11, color=charts.ink(dark)).encode(text="said")
        return (bars + figures).properties(height=180)

    now, before = shown["items"][-1], shown["items"][-2]
    title = t("local.finding_year", year=years.spoken(last), n=tell.books(now), change=tell.number(now - before))
    charts.figure(
        "local_year", title, draw, shown.select("received", "items"),
        method=t("local.method_year", n=tell.books(unknown)), as_of=as_of, hint=t("charts.hint"),
        to=lambda bar: scope_bar.to_items(scope_bar.chosen(), sign="local", received=bar["received"]),
        spoken={"received": years.spoken}, named={"received": t("local.fiscal_year")},
    )  # fmt: skip


def clues(found: pl.DataFrame, branches: list[str], policy: Policy, as_of: date) -> None:
    """The items without a mark to which words point: by word, and those that a person has to look at."""
    hidden = local.looked_at(found, Look("clue"))
    if hidden.is_empty():
        st.info(t("local.empty_clues"))
        return
    counted = local.by_clue(hidden)
    ask = local.looked_at(hidden, Look("clue", verdict="ask")).height
    shown = counted.head(CLUES).with_columns(
        _each(counted.head(CLUES), lambda row: t("local.said_clue", n=tell.books(row["items"]), ask=tell.books(row["ask"])))
    )  # fmt: skip
    title = t("local.finding_clues", n=tell.books(hidden.height), ask=tell.books(ask))
    _bars("local_clues", title, shown, counted, "clue", t("local.method_clues"), as_of,
          lambda bar: local_list.open_with(Look("clue", clue=bar["clue"])), {"ask": t("local.ask")})  # fmt: skip
    local_list.show(found, Look("clue", verdict="ask"), as_of)


def authors(found: pl.DataFrame, branches: list[str], policy: Policy, as_of: date) -> None:
    """What is held of each author of the city."""
    counted = local.by_author(found, policy)
    if counted.is_empty():
        st.info(t("local.empty_authors", list=local.authors(policy)))
        return
    held = counted.filter(pl.col("items") > 0)
    if held.is_empty():
        st.info(t("local.no_author", n=counted.height, names="、".join(map(tell.plain, counted["author"]))))
        return
    shown = counted.with_columns(
        _each(counted, lambda row: t("local.said_author", n=tell.books(row["items"]), titles=tell.number(row["titles"])))
    )  # fmt: skip
    title = t("local.finding_authors", n=counted.height, held=held.height)
    _bars("local_authors", title, shown, counted, "author", t("local.method_authors", list=local.authors(policy)), as_of,
          lambda bar: local_list.open_with(Look("list", author=bar["author"])), {"titles": t("local.titles")})  # fmt: skip


def _bars(
    key: str, title: str, shown: pl.DataFrame, table: pl.DataFrame, y: str, method: str, as_of: date, to, named: dict
) -> None:
    named = named | {y: t(f"local.{y}")}
    tips = [alt.Tooltip(y, title=named[y]), alt.Tooltip("said", title=t("label_items"))]

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            shown, y=y, value="items", said="said", tips=tips, dark=dark, sort=shown[y].to_list(), fields=(y,)
        )

    charts.figure(
        key, title, draw, table, method=method, as_of=as_of, to=to, named=named, hint=t("charts.hint")
    )  # fmt: skip


def _heat(
    key: str, title: str, cells: pl.DataFrame, *, x: str, y: str, sort_x: list, sort_y: list, method: str, as_of: date,
    fields: tuple[str, ...], to,
) -> None:  # fmt: skip
    shown = cells.with_columns(_each(cells, lambda row: tell.books(row["items"])))
    across, down = (_ordered(cells[side], order) for side, order in ((x, sort_x), (y, sort_y)))
    tips = [alt.Tooltip(y, title=_side(y)), alt.Tooltip(x, title=_side(x)), alt.Tooltip("said", title=t("label_items"))]

    def draw(dark: bool) -> alt.Chart:
        return charts.heat(
            shown, x=x, y=y, value="items", said="said", tips=tips, dark=dark, sort_x=across, sort_y=down, fields=fields,
            label_x=f"split(replace(datum.label, regexp('({t('branch_suffix')})$'), ''), ' ')", height=36 + 60 // len(down),
        )  # fmt: skip

    table = cells.pivot(x, index=y, values="items").select(y, *across).sort(
        pl.col(y).replace_strict({name: n for n, name in enumerate(down)}, return_dtype=pl.Int64)
    )  # fmt: skip
    charts.figure(
        key, title, draw, table, method=method, as_of=as_of, to=to, hint=t("charts.hint"),
        named={y: _side(y)} | {name: name for name in across},
    )  # fmt: skip


def _side(column: str) -> str:
    return {
        "branch": tell.label("branch"), "kind_name": tell.label("local"), "location_name": tell.label("location"),
        "state_name": tell.label("condition"), "several_name": t("local.copies"),
    }[column]  # fmt: skip


def _named(cells: pl.DataFrame, column: str, word) -> pl.DataFrame:
    """The cells with the words of a coded column beside it, as <column>_name."""
    names = {value: word(value) for value in cells[column].unique()}
    return cells.with_columns(pl.col(column).replace_strict(names, return_dtype=pl.String).alias(f"{column}_name"))


def _place(code: str | None) -> str:
    return words.code("location", code) if code else t("local.no_place")


def _ordered(present: pl.Series, order: list[str]) -> list[str]:
    """What is there in the order asked for; a library's own places come last."""
    held = set(present)
    return [*(name for name in order if name in held), *sorted(held - set(order))]


def _each(found: pl.DataFrame, tell_row: Callable[[dict], str]) -> pl.Series:
    """The words for each row of a few, as the column `said`."""
    return pl.Series("said", [tell_row(row) for row in found.iter_rows(named=True)], dtype=pl.String)

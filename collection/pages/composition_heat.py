"""熱地図: any measure by class and branch; a cell opens its items."""

from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import composition, measures, words, years
from collection.measures import MEASURES, Scope
from collection.pages import charts, frame, tell
from collection.pages.composition_look import Look, class_html, control, texts, to_class
from collection.pages.tell import t

LEVELS = {"shelf_class": 0, "division": 2, "section": 3}
EACH_BRANCH = ("share", "loan_share", "relative_use")  # add up at each branch
IDLE, COVER = range(1, 31), ("95", "97", "99")


@st.cache_data(max_entries=100, show_spinner=False)
def _measured(snapshot: str, flags: str, name: str, by: tuple[str, ...], scope: Scope, **asked) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return measures.compute(own, name, by, scope, **asked)


@st.cache_data(max_entries=100, show_spinner=False)
def _listed(snapshot: str, flags: str, by: tuple[str, ...], scope: Scope, opened: dict) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return composition.listed(own, by, scope, opened)


def show(look: Look) -> None:
    """Draws the choices and the map."""
    files = str(look.snapshot), str(look.flags)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="heat_choices"):
        asked = st.query_params.get("measure", "")
        name = control(
            "measure", list(MEASURES), t("measure"), measures.word, widget=st.selectbox, width=260,
            help=measures.told(asked if asked in MEASURES else "holdings"),
        )  # fmt: skip
        values = _values(look, name)
        rows = _rows(look.scope)
    by, opened = ("branch", rows), composition.opens(name, year=values["year"], idle=values["idle"])
    within = ("branch",) if name in EACH_BRANCH else ()
    found = _measured(*files, name, by, look.scope, within=within, **values)
    if found.drop_nulls("value").is_empty():
        st.info(t("composition.no_figures", measure=measures.word(name)))
        return
    listed = _listed(*files, by, look.scope, opened)
    cells = (
        found.join(listed, on=by, how="left", nulls_equal=True)
        .with_columns(pl.col("items").fill_null(0), mark=pl.col(rows).fill_null(composition.NONE))
        .sort(composition.order())
    )
    figure = partial(tell.figure, name)
    cells = texts(cells, name=("mark", composition.name), told=("value", figure), books=("items", tell.books))
    _figure(look, name, cells, LEVELS[rows], opened, within)


def _values(look: Look, name: str) -> dict[str, int]:
    """What a measure asks for: the fiscal year, the years without use, the part of the loans."""
    year, idle, cover = measures.year_of(look.as_of), measures.IDLE_YEARS, measures.COVER
    asks = MEASURES[name].asks
    if "year" in asks:
        told = name if MEASURES[name].of_year else "received"
        counted = _measured(str(look.snapshot), str(look.flags), told, ("fiscal_year",), look.scope)
        known = counted.filter((pl.col("value") > 0) & (pl.col("fiscal_year") <= year))["fiscal_year"]
        options = [str(one) for one in sorted({year, *known}, reverse=True)]
        year = int(control("year", options, t("composition.year"), lambda one: years.spoken(int(one)), widget=st.selectbox, width=170))  # fmt: skip
    if "idle" in asks:
        options, said = [str(one) for one in IDLE], lambda n: t("composition.idle_years", n=n)
        idle = int(control("idle", options, t("composition.idle"), said, start=str(idle), widget=st.selectbox, width=150))  # fmt: skip
    if "cover" in asks:
        cover = int(control("cover", list(COVER), t("composition.cover"), "{}%".format))
    return {"year": year, "idle": idle, "cover": cover}


def _rows(scope: Scope) -> str:
    """Whether the rows are 類, 綱 or 目: as fine as the scope lets them be few enough to read."""
    level = composition.digits(scope)
    if level == 0:
        st.caption(t("composition.rows_hint"))
        return "shelf_class"
    options = list(LEVELS)[: 2 if level == 1 else 3]
    said = {rows: t(f"composition.rows_{rows}") for rows in options}
    return control("rows", options, t("composition.rows"), said.get, start="section" if level == 3 else "division")


def _figure(look: Look, name: str, cells: pl.DataFrame, level: int, opened: dict, within: tuple) -> None:
    branches = [branch for branch in look.branches if branch in set(cells["branch"])]
    rows = cells["name"].unique(maintain_order=True).to_list()

    def draw(dark: bool) -> alt.Chart:
        return charts.heat(
            cells, x="branch", y="name", value="value", said="told", dark=dark, fields=("branch", "mark"),
            sort_x=branches, sort_y=rows, middle=1 if name == "relative_use" else None, height=36 if level == 0 else 26,
            label_x=f"replace(datum.label, regexp('({t('branch_suffix')})$'), '')",
            tips=[
                alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("name", title=t("composition.mark")),
                alt.Tooltip("told", title=measures.word(name)), alt.Tooltip("books", title=t("composition.listed")),
            ],
        )  # fmt: skip

    def to(cell: dict) -> None:
        to_class(look.scope, cell["mark"], level, **{"branch": cell["branch"]} | opened)

    top = cells.drop_nulls("value").sort("value", descending=True).row(0, named=True)
    said = {
        "measure": measures.word(name),
        "branch": top["branch"],
        "name": top["name"],
        "value": _with_unit(name, top["told"]),
    }
    method = measures.told(name)
    charts.figure(
        "composition", t("heat_finding", **said), draw,
        cells.pivot("branch", index="mark", values="value").select("mark", *branches),
        method=t("composition.each_branch", told=method) if within else method, as_of=look.as_of, to=to,
        hint=t("charts.hint"), spoken={"mark": class_html} | dict.fromkeys(branches, partial(tell.figure, name)),
        named={"mark": t("composition.mark")} | dict(zip(branches, branches, strict=True)),
    )  # fmt: skip


def _with_unit(name: str, figure: str) -> str:
    """A figure with the unit of its measure; per cent is in it already."""
    if MEASURES[name].form == "share":
        return figure
    return t("composition.with_unit", figure=figure, unit=words.table("measures")[name]["unit"][words.language.get()])

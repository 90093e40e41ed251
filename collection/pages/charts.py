"""Charts: one message each, said in its title. Every mark leads to its items, every chart has its numbers and its method.

A page draws with the functions here (heat, dumbbell, bars, lines, treemap) or with Altair itself, and shows the chart with
`figure`. A chart that can be clicked carries the selection `pick`. Colours are told apart by the colour-blind and in
grey print; nothing is said by colour alone.
"""

from collections.abc import Callable
from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from collection import sheets, words
from collection.pages import tell
from collection.pages.tell import t

FONT = "Hiragino Sans, BIZ UDPGothic, Yu Gothic UI, Meiryo, Noto Sans CJK JP, sans-serif"
WIDTH = 860  # points of a picture in a file
Draw = Callable[[bool], alt.Chart]


def ink(dark: bool) -> str:
    """The colour of text and figures."""
    return "#f2f2f2" if dark else "#1a1a1a"


def paper(dark: bool) -> str:
    """The colour behind the chart."""
    return "#1a1a1a" if dark else "#ffffff"


def grey(dark: bool) -> str:
    """For what nothing is said of."""
    return "#767676" if dark else "#b3b3b3"


def blue(dark: bool) -> str:
    """For what the title speaks of."""
    return "#9db7f9" if dark else "#264af4"


def orange(dark: bool) -> str:
    """For what needs attention; darker than blue in grey print."""
    return "#ffa66d" if dark else "#ac3e00"


def pick(*fields: str) -> alt.Parameter:
    """The selection of a chart whose marks can be clicked; the fields are handed to `figure`'s `to`."""
    return alt.selection_point(name="pick", fields=list(fields), on="click", clear="dblclick")


def figure(
    key: str, title: str, draw: Draw, table: pl.DataFrame, *, method: str, as_of: date,
    to: Callable[[dict], None] | None = None, spoken: dict | None = None, named: dict | None = None, hint: str = "",
) -> None:  # fmt: skip
    """Shows a chart with its title, method and as-of day, its numbers as a table, and the files PNG, SVG and CSV.

    Args:
        key: of the widgets, unique on the screen. title: the finding, as a sentence; also the text for who cannot see it.
        draw: makes the chart for the dark (True) or the light theme; files are always light.
        table: the numbers, columns named by the glossary or by `named`; `spoken` as in tell.table.
        method: one line on how it was counted.
        to: called with the fields of the mark that was clicked; the chart must carry `pick`.
        hint: what a click does, in a few words.
    """
    with st.container(key=f"figure_{key}"):
        st.subheader(tell.plain(title), anchor=False)
        chart = _dressed(draw(tell.dark()), tell.dark())
        if to is None:
            st.altair_chart(chart, key=f"chart_{key}", alt=title)
        else:
            turn = st.session_state.setdefault(
                f"turn_{key}", 0
            )  # a chart that was clicked starts anew, without its selection
            event = st.altair_chart(
                chart, on_select="rerun", selection_mode="pick", key=f"chart_{key}_{turn}", alt=title
            )
            if picked := event.selection.get("pick"):
                st.session_state[f"turn_{key}"] = turn + 1
                to(picked[0])
        said = t("charts.method", day=as_of.isoformat(), method=method)
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"under_{key}"):
            st.caption(" ".join([said, hint]) if hint else said)
            with st.popover(t("charts.numbers"), type="tertiary"):
                tell.table(table, spoken, named=named)
                _files(key, title, said, draw, table, named or {})


def _files(key: str, title: str, said: str, draw: Draw, table: pl.DataFrame, named: dict) -> None:
    language = words.language.get()  # a file is made when it is asked for, by a thread that knows no language

    def image(kind: str) -> Callable[[], bytes]:
        def made() -> bytes:
            with words.speaking(language):
                return picture(draw(False), title, said, kind)

        return made

    def numbers() -> bytes:
        with words.speaking(language):
            return sheets.csv_bytes(table.rename({name: named.get(name) or tell.label(name) for name in table.columns}))

    with st.container(horizontal=True, gap="xsmall"):
        for kind, data, mime in (
            ("csv", numbers, "text/csv"),
            ("png", image("png"), "image/png"),
            ("svg", image("svg"), "image/svg+xml"),
        ):
            st.download_button(
                kind.upper(), data, file_name=f"{key}.{kind}", mime=mime, key=f"{kind}_{key}", on_click="ignore"
            )


def picture(chart: alt.Chart, title: str, said: str, kind: str) -> bytes:
    """A chart as a PNG (twice the size of the screen) or SVG file, with its title and method in it."""
    import vl_convert  # starts an engine of its own, which most sessions never need

    sized = chart.properties(width=WIDTH) if isinstance(chart, alt.Chart | alt.LayerChart) else chart
    whole = _dressed(sized, False).properties(
        title=alt.TitleParams(title, subtitle=said, anchor="start", fontSize=15, subtitleFontSize=11)
    )
    told = whole.configure(font=FONT, background="#ffffff").to_json()
    if kind == "png":
        return vl_convert.vegalite_to_png(told, scale=2, allowed_base_urls=[])
    return vl_convert.vegalite_to_svg(told, allowed_base_urls=[]).encode()


def _dressed(chart: alt.Chart, dark: bool) -> alt.Chart:
    return (
        chart.configure_view(stroke=None)
        .configure_axis(labelColor=ink(dark), titleColor=ink(dark), labelFontSize=12, titleFontSize=12, labelLimit=160)
        .configure_legend(labelColor=ink(dark), titleColor=ink(dark), labelFontSize=12, titleFontSize=12)
        .configure_header(labelColor=ink(dark), labelFontSize=12)
    )


def heat(
    found: pl.DataFrame, *, x: str, y: str, value: str, said: str, tips: list[alt.Tooltip], dark: bool,
    sort_x: list, sort_y: list, fields: tuple[str, ...], more: str | None = None, middle: float | None = None,
    label_x: str = "datum.label", height: int = 36,
) -> alt.Chart:  # fmt: skip
    """A heat map with its figures in the cells.

    Args:
        found: one row a cell. x, y: columns of the two sides, in the orders sort_x and sort_y. value: what colours a cell.
        said: text column written in the cell; more: a second, smaller line. middle: the value without colour, where
        both more and less say something. fields: handed on when a cell is clicked. label_x: a Vega expression.
    """
    top = alt.Axis(orient="top", labelAngle=0, labelLimit=64, labelOverlap=False, labelExpr=label_x, ticks=False, domain=False)  # fmt: skip
    base = alt.Chart(found).encode(
        x=alt.X(f"{x}:N", sort=sort_x, title=None, axis=top),
        y=alt.Y(f"{y}:N", sort=sort_y, title=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False)),
        tooltip=tips,
    )
    if middle is None:
        scale = alt.Scale(range=["#2b2f45", "#4979f5"] if dark else ["#f4f7ff", "#7096f8"], domainMin=0)
    else:
        scale = alt.Scale(
            range=["#c16a2c", "#333333", "#4979f5"] if dark else ["#ffc199", "#ffffff", "#7096f8"],
            domainMid=middle,
            interpolate="rgb",
        )
    cells = base.mark_rect(cursor="pointer", stroke=paper(dark)).encode(
        color=alt.Color(f"{value}:Q", scale=scale, legend=None)
    )
    figures = base.mark_text(color=ink(dark), fontSize=11, dy=-6 if more else 0).encode(text=said)
    chart = cells.add_params(pick(*fields)) + figures
    if more:
        chart += base.mark_text(color=ink(dark), fontSize=10, dy=7, opacity=0.8).encode(text=more)
    return chart.properties(height=height * len(sort_y))


def dumbbell(
    found: pl.DataFrame, *, y: str, first: str, second: str, names: tuple[str, str], tips: list[alt.Tooltip], dark: bool,
    sort: list, fields: tuple[str, ...], form: str = ".0%", height: int = 30,
) -> alt.Chart:  # fmt: skip
    """Two figures of each row on one line: `first` as an open grey ring, `second` as a full blue point.

    Args:
        found: one row a line, `first` and `second` numbers (null: no point). names: what they are called in the legend.
    """
    order = list(names)
    kept = list(dict.fromkeys([y, *fields, *(str(tip.shorthand).partition(":")[0] for tip in tips)]))
    long = found.with_columns(_first=pl.col(first), _second=pl.col(second)).unpivot(
        on=["_first", "_second"], index=kept, variable_name="_of", value_name="_part"
    )
    long = long.with_columns(pl.col("_of").replace({"_first": names[0], "_second": names[1]}))
    side = alt.Y(f"{y}:N", sort=sort, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=150, grid=True))
    line = (
        alt.Chart(found)
        .mark_rule(color=grey(dark), strokeWidth=3)
        .encode(y=side, x=alt.X(f"{first}:Q", title=None, axis=alt.Axis(format=form, tickCount=8)), x2=f"{second}:Q")
    )
    points = (
        alt.Chart(long)
        .mark_point(size=110, cursor="pointer", strokeWidth=2)
        .encode(
            y=side,
            x=alt.X("_part:Q", title=None),
            color=alt.Color("_of:N", sort=order, scale=alt.Scale(domain=order, range=[grey(dark), blue(dark)]), legend=alt.Legend(orient="top", title=None)),
            fill=alt.Fill("_of:N", sort=order, scale=alt.Scale(domain=order, range=[paper(dark), blue(dark)]), legend=None),
            shape=alt.Shape("_of:N", sort=order, scale=alt.Scale(domain=order, range=["circle", "diamond"]), legend=alt.Legend(orient="top", title=None)),
            tooltip=tips,
        )
        .add_params(pick(*fields))
    )  # fmt: skip
    return (line + points).properties(height=height * max(len(found), 1))


def bars(
    found: pl.DataFrame, *, y: str, value: str, said: str, tips: list[alt.Tooltip], dark: bool, sort: list,
    fields: tuple[str, ...], marked: str | None = None, height: int = 26,
) -> alt.Chart:  # fmt: skip
    """Horizontal bars with their figures at the end; grey, but blue where the truth column `marked` holds."""
    colour = alt.value(blue(dark))
    if marked:
        colour = alt.condition(f"datum.{marked}", alt.value(blue(dark)), alt.value(grey(dark)))
    base = alt.Chart(found).encode(
        y=alt.Y(f"{y}:N", sort=sort, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=200)),
        x=alt.X(f"{value}:Q", title=None, axis=None),
        tooltip=tips,
    )
    shown = base.mark_bar(cursor="pointer").encode(color=colour).add_params(pick(*fields))
    figures = base.mark_text(align="left", dx=4, fontSize=11, color=ink(dark)).encode(text=said)
    return (shown + figures).properties(height=height * max(len(found), 1))


def lines(
    found: pl.DataFrame, *, x: str, y: str, by: str, colours: dict[str, str], tips: list[alt.Tooltip], dark: bool,
    fields: tuple[str, ...], form: str = ",.0f", height: int = 300,
) -> alt.Chart:  # fmt: skip
    """Lines over time, each named at its end instead of in a legend.

    Args:
        found: one row a point. x: an ordered text column, y: a number. by: the column of the lines, colours: its colours.
    """
    names = list(colours)
    colour = alt.Color(f"{by}:N", scale=alt.Scale(domain=names, range=list(colours.values())), legend=None)
    side = {
        "x": alt.X(f"{x}:O", title=None, axis=alt.Axis(labelAngle=0, ticks=False)),
        "y": alt.Y(f"{y}:Q", title=None, axis=alt.Axis(format=form, tickCount=5)),
    }
    base = alt.Chart(found).encode(**side, tooltip=tips)
    strokes = base.mark_line(strokeWidth=2).encode(color=colour)
    points = base.mark_point(filled=True, size=60, cursor="pointer").encode(color=colour).add_params(pick(*fields))
    last = alt.Chart(found.filter(pl.col(x) == pl.col(x).max())).encode(**side)
    ends = last.mark_text(align="left", dx=8, fontSize=11, color=ink(dark)).encode(text=f"{by}:N")
    return (strokes + points + ends).properties(height=height, padding={"right": 110})


def treemap(
    found: pl.DataFrame, *, value: str, said: str, more: str, colour: alt.Color, tips: list[alt.Tooltip], dark: bool,
    fields: tuple[str, ...], width: int = 640, height: int = 420,
) -> alt.Chart:  # fmt: skip
    """Rectangles as large as `value` (positive), the largest first; text where there is room for it."""
    ordered = found.filter(pl.col(value) > 0).sort(value, descending=True)
    placed = ordered.with_columns(
        pl.DataFrame(
            squarified(ordered[value].to_list(), width, height), schema=["x", "y", "x2", "y2"], orient="row"
        ).cast(pl.Float64)
    ).with_columns(
        middle_x=(pl.col("x") + pl.col("x2")) / 2, middle_y=(pl.col("y") + pl.col("y2")) / 2,
        wide=pl.col("x2") - pl.col("x"), tall=pl.col("y2") - pl.col("y"),
    )  # fmt: skip
    across, down = alt.Scale(domain=[0, width]), alt.Scale(domain=[height, 0])
    base = alt.Chart(placed).encode(tooltip=tips)
    boxes = (
        base.mark_rect(stroke=paper(dark), strokeWidth=1.5, cursor="pointer")
        .encode(
            x=alt.X("x:Q", axis=None, scale=across),
            x2="x2:Q",
            y=alt.Y("y:Q", axis=None, scale=down),
            y2="y2:Q",
            color=colour,
        )
        .add_params(pick(*fields))
    )
    roomy = base.transform_filter("datum.wide > 30 && datum.tall > 28").encode(
        x=alt.X("middle_x:Q", axis=None, scale=across), y=alt.Y("middle_y:Q", axis=None, scale=down)
    )
    names = roomy.mark_text(fontSize=11, dy=-7, color="#1a1a1a").encode(text=said)
    figures = roomy.mark_text(fontSize=10, dy=7, color="#1a1a1a").encode(text=more)
    return (boxes + names + figures).properties(height=height)


def squarified(values: list[float], width: float, height: float) -> list[tuple[float, float, float, float]]:
    """Rectangles (x, y, x2, y2) that fill width × height in the proportions of `values`, as near to squares as may be.

    Args:
        values: positive, the largest first.

    Source: Bruls, Huizing, van Wijk, Squarified Treemaps (2000).
    """
    total, placed = sum(values), []
    areas = [value * width * height / total for value in values]
    x, y, wide, tall = 0.0, 0.0, float(width), float(height)
    while areas:
        short, row = min(wide, tall), [areas[0]]
        for area in areas[1:]:
            if _worst([*row, area], short) > _worst(row, short):
                break
            row.append(area)
        areas = areas[len(row) :]
        deep, at = sum(row) / short, 0.0
        for area in row:
            length = area / deep
            if wide >= tall:
                placed.append((x, y + at, x + deep, y + at + length))
            else:
                placed.append((x + at, y, x + at + length, y + deep))
            at += length
        x, y, wide, tall = (x + deep, y, wide - deep, tall) if wide >= tall else (x, y + deep, wide, tall - deep)
    return placed


def _worst(row: list[float], short: float) -> float:
    """The worst ratio of sides in a row laid along a side of length `short`."""
    total = sum(row)
    return max(short**2 * max(row) / total**2, total**2 / (short**2 * min(row)))

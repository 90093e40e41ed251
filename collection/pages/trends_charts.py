"""推移: how figures of several years are drawn: lines with their names at the end, and one small picture a branch.

All take one row a point: year, name (of its line), value, partial, least, told (the figure in words), when (the year in words).
colours: line → colour. form: of measures.FORMS. fields: handed on when a point is clicked.
"""

import altair as alt
import polars as pl

from collection import trends, years
from collection.pages import charts
from collection.pages.tell import t

ACROSS, ROW = 4, 185  # small pictures side by side, and how high each is in pixels
LEFT, WIDE = 0.03, 0.70  # where a small picture begins in its place and how wide it is; the names stand behind it
TOP, TALL = 0.26, 0.62
OWN_SCALE = ("count", "yen")  # forms that differ with the size of a branch


def over_time(
    found: pl.DataFrame,
    colours: dict[str, str],
    form: str,
    tips: list[alt.Tooltip],
    fields: tuple[str, ...],
    dark: bool,
) -> alt.Chart:
    """Lines over the years, each named at its end."""
    height = 420 if len(colours) > 5 else 260
    low = found["value"].min() if form == "year" else 0
    high = max(found["value"].max(), low + 1e-9)
    scale = alt.Scale(domain=[low, high], nice=True)
    figures = {"share": ".0%" if high > 0.05 else ".1%", "year": "d", "ratio": ",.2~f"}.get(form, ",d")
    axis = alt.Axis(labelAngle=0, ticks=False, domain=False, labelExpr=_year_labels(found))
    across = alt.X("year:O", title=None, scale=alt.Scale(padding=0.3), axis=axis)
    up = alt.Y("value:Q", title=None, scale=scale, axis=alt.Axis(format=figures, tickCount=5))
    base = alt.Chart(found).encode(x=across, y=up, tooltip=tips)
    lines, points = _strokes(base, colours, fields, dark)
    last = found.sort("year").group_by("name", maintain_order=True).last()
    ends = _spread(last, "year", "value", (high - low) * 19 / height, low)
    beside = alt.Chart(ends).encode(x=across, y=alt.Y("at:Q", title=None, scale=scale))
    return (lines + points + _names(beside, colours, "name", dark)).properties(height=height, padding={"right": 130})


def panels(
    found: pl.DataFrame, branches: list[str], colours: dict[str, str], short: dict[str, str], form: str,
    tips: list[alt.Tooltip], fields: tuple[str, ...], dark: bool,
) -> alt.Chart:  # fmt: skip
    """One small picture a branch, all in one chart, so that it is as wide as the screen. short: line → its name at the end.

    Counts are drawn on the branch's own scale, everything else on one for all.
    """
    at = {branch: n for n, branch in enumerate(branches) if branch in set(found["branch"])}
    nth = {branch: n for n, branch in enumerate(at)}
    known = found["year"].unique().sort().to_list()
    steps = {year: n * WIDE / max(len(known) - 1, 1) for n, year in enumerate(known)}
    ends = found.group_by("branch").agg(low=pl.col("value").min(), high=pl.col("value").max())
    if form not in OWN_SCALE:
        ends = ends.with_columns(pl.col("low").min(), pl.col("high").max())
    ends = ends.with_columns(
        low=pl.col("low") if form == "year" else 0.0, left=pl.col("branch").replace_strict(nth) % ACROSS + LEFT,
        top=pl.col("branch").replace_strict(nth) // ACROSS,
    ).with_columns(right=pl.col("left") + WIDE, head=pl.col("top") + 0.12, floor=pl.col("top") + TOP + TALL)  # fmt: skip
    part = (pl.col("value") - pl.col("low")) / pl.max_horizontal(pl.col("high") - pl.col("low"), 1e-9)
    placed = found.join(ends, on="branch").with_columns(
        x=pl.col("left") + pl.col("year").replace_strict(steps), up=TALL * part, y=pl.col("floor") - TALL * part
    )
    rows = (len(nth) - 1) // ACROSS + 1
    wide, tall = alt.Scale(domain=[0, ACROSS], nice=False), alt.Scale(domain=[rows, 0], nice=False)

    def place(frame: pl.DataFrame, x: str, y: str) -> alt.Chart:
        sides = {"x": alt.X(f"{x}:Q", axis=None, scale=wide), "y": alt.Y(f"{y}:Q", axis=None, scale=tall)}
        return alt.Chart(frame).encode(**sides)

    lines, points = _strokes(place(placed, "x", "y").encode(detail="branch:N", tooltip=tips), colours, fields, dark, 24)
    last = placed.filter(pl.col("year") == known[-1])
    said = _spread(last, "branch", "up", 11 / ROW, 0).with_columns(
        short=pl.col("name").replace(short), at=pl.col("floor") - pl.col("at")
    )
    ends = ends.with_columns(first=pl.lit(str(known[0])), last=pl.lit(str(known[-1])))
    text = {"fontSize": 10, "color": charts.ink(dark), "dy": 9}
    return (
        place(ends, "left", "floor").mark_rule(color=charts.grey(dark)).encode(x2="right:Q")
        + lines
        + points
        + _names(place(said, "right", "at"), colours, "short", dark, 9)
        + place(ends, "left", "head")
        .mark_text(align="left", fontWeight="bold", color=charts.ink(dark))
        .encode(text="branch")
        + place(ends, "left", "floor").mark_text(align="left", **text).encode(text="first")
        + place(ends, "right", "floor").mark_text(align="right", **text).encode(text="last")
    ).properties(height=ROW * rows)


def standing(
    found: pl.DataFrame,
    colours: dict[str, str],
    form: str,
    tips: list[alt.Tooltip],
    fields: tuple[str, ...],
    dark: bool,
) -> alt.Chart:
    """One year alone: bars, or for years of publication points on a line."""
    names = list(colours)
    if form != "year":
        return charts.bars(found, y="name", value="value", said="told", tips=tips, dark=dark, sort=names, fields=fields)
    side = alt.Axis(ticks=False, domain=False, grid=True, labelLimit=200)
    across = alt.X(
        "value:Q", title=None, scale=alt.Scale(zero=False, padding=30), axis=alt.Axis(format="d", tickCount=6)
    )
    base = alt.Chart(found).encode(y=alt.Y("name:N", sort=names, title=None, axis=side), x=across, tooltip=tips)
    points = base.mark_point(filled=True, size=80, color=charts.blue(dark), cursor="pointer")
    figures = base.mark_text(align="left", dx=9, fontSize=11, color=charts.ink(dark)).encode(text="told")
    return (points.add_params(charts.pick(*fields)) + figures).properties(height=26 * len(names))


def _strokes(
    base: alt.Chart, colours: dict[str, str], fields: tuple[str, ...], dark: bool, size: int = 60
) -> tuple[alt.Chart, alt.Chart]:
    """Lines and points; the points of years that are told in part are open."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    colour = alt.Color("name:N", scale=scale, legend=None)
    lines = base.mark_line(strokeWidth=2).encode(color=colour)
    inside = alt.condition(
        "datum.partial || datum.least", alt.value(charts.paper(dark)), alt.Fill("name:N", scale=scale, legend=None)
    )
    points = base.mark_point(size=size, cursor="pointer", opacity=1).encode(color=colour, fill=inside)
    return lines, points.add_params(charts.pick(*fields))


def _names(beside: alt.Chart, colours: dict[str, str], said: str, dark: bool, size: int = 11) -> alt.Chart:
    """The name of each line behind its end, with its colour before it."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    marks = beside.mark_text(align="left", dx=7, fontSize=size, text="■").encode(
        color=alt.Color("name:N", scale=scale, legend=None)
    )
    return marks + beside.mark_text(align="left", dx=20, fontSize=size, color=charts.ink(dark)).encode(text=said)


def _spread(last: pl.DataFrame, within: str, y: str, gap: float, low: float) -> pl.DataFrame:
    """The last points with `at`: where their names stand so that no two lie on each other."""
    parts = last.partition_by(within)
    return pl.concat(part.with_columns(at=pl.Series(trends.apart(part[y].to_list(), gap, low))) for part in parts)


def _year_labels(found: pl.DataFrame) -> str:
    """A Vega expression: the year in words, in two lines, and whether it is not whole."""
    partial = dict(found.group_by("year").agg(pl.col("partial").any()).iter_rows())
    said = {
        str(year): [*years.spoken(year).rstrip("）").split("（"), *([t("trends.partial")] if partial[year] else [])]
        for year in sorted(partial)
    }
    return f"{said}[datum.label]"

"""館ごと: the classes of each branch beside those of all branches, one small picture a branch on one scale."""

from dataclasses import replace

import altair as alt
import polars as pl

from collection import composition
from collection.pages import charts, tell
from collection.pages.composition_look import Look, cells, class_html, points, texts, to_class
from collection.pages.tell import t

WIDE = 0.5  # the part of a branch's column that the longest bar takes; its figure stands behind it


def show(look: Look) -> None:
    """Draws the shares of each class at each branch of the scope, against those of all branches."""
    every, level = replace(look.scope, branch=()), composition.digits(look.scope)
    found = composition.by_branch(cells(look, every))
    if look.scope.branch:
        found = found.filter(pl.col("branch").is_in(list(look.scope.branch)))
    branches = [branch for branch in look.branches if branch in set(found["branch"])]
    scale = WIDE / max(found["share"].max(), found["whole_share"].max())
    told = (
        texts(
            found,
            name=("mark", composition.name),
            said=("share", tell.percent),
            whole=("whole_share", tell.percent),
            books=("items", tell.books),
        )
        .with_columns(
            at=pl.col("branch").replace_strict(
                {branch: n for n, branch in enumerate(branches)}, return_dtype=pl.Float64
            ),
            more=pl.col("difference") > 0,
        )
        .with_columns(end=pl.col("at") + pl.col("share") * scale, line=pl.col("at") + pl.col("whole_share") * scale)
    )

    def draw(dark: bool) -> alt.Chart:
        return _small_multiples(told, branches, dark)

    charts.figure(
        "branches", _title(told), draw, found, method=t("composition.branches_method"), as_of=look.as_of,
        hint=t("charts.hint"), to=lambda bar: to_class(look.scope, bar["mark"], level, branch=bar["branch"]),
        spoken={"mark": class_html, "share": tell.percent, "whole_share": tell.percent, "difference": points},
        named={
            "mark": t("composition.mark"), "share": tell.label("held_share"), "whole_share": t("composition.whole_share"),
            "difference": t("composition.difference"),
        },
    )  # fmt: skip


def _small_multiples(told: pl.DataFrame, branches: list[str], dark: bool) -> alt.Chart:
    """Columns side by side in one picture, so that one click leads on and the picture is as wide as the screen."""
    names = told.unique("mark", maintain_order=True)["name"].to_list()
    short = f"replace({branches}[datum.value], regexp('({t('branch_suffix')})$'), '')"
    axis = alt.Axis(
        values=list(range(len(branches))), labelExpr=short, orient="top", labelAlign="left", ticks=False, domain=False,
        gridColor=charts.grey(dark), gridOpacity=0.5, labelLimit=64, labelOverlap=False,
    )  # fmt: skip
    base = alt.Chart(told).encode(
        y=alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False)),
        tooltip=[
            alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("name", title=t("composition.mark")),
            alt.Tooltip("said", title=tell.label("held_share")), alt.Tooltip("whole", title=t("composition.whole_share")),
            alt.Tooltip("books", title=tell.label("items")),
        ],
    )  # fmt: skip
    across = alt.X("at:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, len(branches)], nice=False))
    bars = base.mark_bar(height={"band": 0.6}, cursor="pointer").encode(
        x=across, x2="end:Q",
        color=alt.condition("datum.more", alt.value(charts.blue(dark)), alt.value(charts.grey(dark))),
    ).add_params(charts.pick("branch", "mark"))  # fmt: skip
    lines = base.mark_tick(thickness=2, size=18, color=charts.orange(dark)).encode(x="line:Q")
    figures = base.mark_text(align="left", dx=3, fontSize=10, color=charts.ink(dark)).encode(
        x="further:Q", text=alt.Text("share:Q", format=".0%")
    )
    told_further = "max(datum.end, datum.line)"
    return (bars + lines + figures.transform_calculate(further=told_further)).properties(height=30 * len(names))


def _title(told: pl.DataFrame) -> str:
    last = pl.col("mark") == composition.NONE  # named only where there is no other
    row = told.sort(last, pl.col("difference").abs(), descending=[False, True]).row(0, named=True)
    key = "branches_more" if row["more"] else "branches_less"
    return t(f"composition.{key}", branch=row["branch"], name=row["name"], share=row["said"], whole=row["whole"])

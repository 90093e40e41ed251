"""蔵書と貸出: what part of the holdings each class is, beside its part of the loans."""

from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import composition, measures
from collection.pages import charts, tell
from collection.pages.composition_look import Look, cells, class_html, texts, to_class
from collection.pages.tell import t


def show(look: Look) -> None:
    """Draws the two shares of each class, the least lent named in the title."""
    found, level = composition.balance(cells(look)), composition.digits(look.scope)
    if found["lent_share"].null_count():
        st.info(t("composition.no_loans"))
        return
    told = texts(
        found, name=("mark", composition.name), held=("held_share", tell.percent), lent=("lent_share", tell.percent),
        use=("relative", _ratio), turn=("turnover", _ratio),
    )  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.dumbbell(
            told, y="name", first="held_share", second="lent_share", dark=dark, sort=told["name"].to_list(),
            names=(tell.label("held_share"), tell.label("lent_share")), fields=("mark",),
            tips=[
                alt.Tooltip("name", title=t("composition.mark")), alt.Tooltip("held", title=tell.label("held_share")),
                alt.Tooltip("lent", title=tell.label("lent_share")), alt.Tooltip("use", title=measures.word("relative_use")),
                alt.Tooltip("turn", title=tell.label("turnover")),
            ],
        )  # fmt: skip

    charts.figure(
        "use", _title(told), draw, found, method=t("composition.use_method"), as_of=look.as_of, hint=t("charts.hint"),
        to=lambda row: to_class(look.scope, row["mark"], level), 
        named={"mark": t("composition.mark"), "relative": measures.word("relative_use")},
        spoken={
            "mark": class_html, "held_share": tell.percent, "lent_share": tell.percent, "relative": _ratio, "turnover": _ratio,
        },
    )  # fmt: skip


_ratio = partial(tell.number, digits=2)


def _title(told: pl.DataFrame) -> str:
    least = composition.least_used(told)
    if least is None:
        return t("composition.use_plain")
    row = told.row(by_predicate=pl.col("mark") == least, named=True)
    return t("composition.use_finding", name=row["name"], held=row["held"], lent=row["lent"])

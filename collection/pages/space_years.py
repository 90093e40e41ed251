"""What the fiscal years brought to a branch and place and took from it: what the expected intake rests on."""

import altair as alt
import polars as pl
import streamlit as st

from collection import space, words, years
from collection.measures import EVERYTHING
from collection.pages import charts, frame, scope_bar, space_shelves, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.space import Counted

KINDS = ("basis", "before", "gone")  # received in the years that the expectation rests on, received earlier, gone


def show(counted: Counted, row: dict, policy: Policy, found: pl.DataFrame) -> None:
    """The years of one place. row: of space.places; found: of space.yearly."""
    year, months = space.year_of(counted.as_of)
    first = year - int(policy.parameters["受入見込の年数"])
    said = {kind: t(f"space.year_{kind}") for kind in KINDS}
    basis = pl.col("fiscal_year").is_between(first, year - 1)
    parts = found.select(
        "fiscal_year", "gone", basis=pl.when(basis).then("received"), before=pl.when(~basis).then("received")
    )
    long = parts.unpivot(list(KINDS), index="fiscal_year", variable_name="kind", value_name="items")
    long = long.filter(pl.col("items") > 0).with_columns(
        name=pl.col("kind").replace(said), told=pl.col("items").map_elements(tell.number, pl.String),
        signed=pl.when(pl.col("kind") == "gone").then(-pl.col("items")).otherwise("items"),
    )  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        colours = [charts.blue(dark), charts.grey(dark), charts.orange(dark)]
        shades = {said[kind]: colour for kind, colour in zip(KINDS, colours, strict=True) if kind in set(long["kind"])}
        scale = alt.Scale(domain=list(shades), range=list(shades.values()))
        span = alt.Scale(domain=found["fiscal_year"].to_list())
        base = alt.Chart(long).encode(
            x=alt.X("fiscal_year:O", title=None, axis=alt.Axis(labelAngle=0, ticks=False), scale=span),
            y=alt.Y("signed:Q", title=None, axis=alt.Axis(format=",d", tickCount=5)),
            tooltip=[
                alt.Tooltip("fiscal_year:O", title=t("space.label_fiscal_year")),
                alt.Tooltip("name", title=t("space.label_kind")),
                alt.Tooltip("told", title=t("space.label_items")),
            ],
        )
        legend = alt.Legend(orient="top", title=None, labelLimit=300)
        bars = base.mark_bar(cursor="pointer").encode(color=alt.Color("name:N", scale=scale, legend=legend))
        figures = base.mark_text(dy=-7, fontSize=11, color=charts.ink(dark)).encode(text="told")
        return (bars.add_params(charts.pick("kind", "fiscal_year")) + figures).properties(height=260)

    def to(mark: dict) -> None:
        if mark["kind"] == "gone":
            frame.go("books", _official(mark["fiscal_year"]))
        else:
            scope_bar.to_items(EVERYTHING, branch=row["branch"], location=row["places"], received=mark["fiscal_year"])

    told = {"branch": row["branch"], "place": words.code("location", row["place"]), "year": years.spoken(year)}
    title = t("space.years", intake=tell.books(row["intake"]), months=months, first=first, last=year - 1, **told)
    table = found.rename({"gone": "gone_year"})
    charts.figure(
        "space_years", title, draw, table, method=t("space.years_method"), as_of=counted.as_of, hint=t("charts.hint"), to=to,
        spoken=space_shelves.spoken(table.columns), named=space_shelves.named(table.columns),
    )  # fmt: skip
    since = space.seen_from(counted)
    notes = [t("space.years_unseen", first=since, day=counted.since.isoformat()) if since else t("space.years_never")]
    if found["ended"].sum():
        notes.append(t("space.years_ended", years=space.SERIES, n=tell.books(found["ended"].sum())))
    st.caption(" ".join(notes))
    frame.link("books", t("space.years_official"), _official(found["fiscal_year"][-1]))


def _official(year: int) -> dict[str, list[str]]:
    """The address of 図書受入・除籍状況 of a fiscal year."""
    return {"view": ["year"], "fy": [str(year)]}

"""鮮度, 分野: how fresh the fields are that the 基準 names, clause by clause."""

import html
from functools import partial
from urllib.parse import urlencode

import altair as alt
import polars as pl
import streamlit as st

from collection import candidates, freshness, measures, words, years
from collection.candidates import Filter
from collection.freshness import FAR, NEAR, Field
from collection.measures import Scope
from collection.pages import charts, frame, scope_bar, tell
from collection.pages.freshness_parts import At
from collection.pages.tell import t

SHOWN = ("items", "year_median", "share", "near_share", "far_share", "received")


@st.cache_data(max_entries=40, show_spinner=False)
def read(snapshot: str, flags: str, fields: list[Field], shelves: Scope, year: int) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return freshness.of_fields(own, fields, shelves, year)


def show(here: At) -> None:
    """The fields side by side with their clauses, and the classes that make them up, the worst first."""
    fields = freshness.fields(here.policy)
    if not fields:
        st.info(t("freshness.no_fields", columns="、".join(freshness.COLUMNS)))
        return
    found = read(str(here.snapshot), str(here.flags), fields, here.shelves, here.year)
    if found.is_empty():
        st.info(t("freshness.none_here", place=here.place))
        return
    names = {field.name: field.name if words.language.get() == "ja" else field.en for field in fields}
    _table(here, found, fields, names)
    _bars(here, found, names)


def _table(here: At, found: pl.DataFrame, fields: list[Field], names: dict[str, str]) -> None:
    whole = {row["field"]: row for row in found.filter(pl.col("prefix").is_null()).iter_rows(named=True)}
    held = dict(found.drop_nulls("prefix").select(pl.concat_str("field", "prefix"), "items").iter_rows())
    rows = [
        {
            "field": f"<strong>{html.escape(names[field.name])}</strong><br><span class='quiet' style='white-space:nowrap'>{html.escape(_article(here, field))}</span>",
            "classes": "　".join(_link(here, prefix, held.get(field.name + prefix, 0)) for prefix in field.prefixes),
            **{name: whole.get(field.name, {}).get(name) for name in SHOWN},
        }
        for field in fields
    ]  # fmt: skip
    kinds = {"field": pl.String, "classes": pl.String, "items": pl.Int64, "received": pl.Int64}
    named = {
        "field": t("freshness.field"), "classes": t("freshness.field_classes"), "items": t("freshness.items_of", place=here.place),
        "year_median": measures.word("year_median"), "share": measures.word("past_shelf_life"),
        "near_share": t("freshness.within", years=NEAR), "far_share": t("freshness.within", years=FAR),
        "received": t("freshness.received_in", year=years.spoken(here.year)),
    }  # fmt: skip
    spoken = {"field": str, "classes": str, "year_median": partial(tell.figure, "year_median")}
    shares = {name: tell.percent for name in ("share", "near_share", "far_share")}
    schema = {name: kinds.get(name, pl.Float64) for name in ("field", "classes", *SHOWN)}
    st.subheader(t("freshness.fields_head", place=here.place), anchor=False)
    tell.table(pl.DataFrame(rows, schema=schema), spoken | shares, named=named)
    st.caption(t("freshness.fields_note"))


def _article(here: At, field: Field) -> str:
    """The clause by name, in the present language."""
    language = words.language.get()
    if language == "ja":
        return field.article
    document, clause = freshness.clause_of(here.policy, field)
    return t("article", document=here.policy.documents[document]["title"][language], clause=clause)


def _link(here: At, prefix: str, items: int) -> str:
    """A class with its items, as a link to their list where there are any."""
    said = html.escape(t("freshness.class_items", ndc=prefix, n=tell.books(items)))
    if not items:
        return f'<span style="white-space:nowrap">{said}</span>'
    shelves = here.shelves
    chosen = Filter(
        branch=shelves.branch, location=shelves.location, shelf_class=(prefix[0],), ndc=here.ndc(prefix), verdict=(), tag=(candidates.ALL,),
        audience=tuple(code or "none" for code in shelves.audience), material=tuple(code or "none" for code in shelves.material),
    )  # fmt: skip
    query = urlencode(frame.with_language(candidates.to_query(chosen)), doseq=True)
    return f'<a href="candidates?{html.escape(query)}" target="_self" style="white-space:nowrap">{said}</a>'


def _bars(here: At, found: pl.DataFrame, names: dict[str, str]) -> None:
    whole = dict(found.filter(pl.col("prefix").is_null()).select("field", "share").iter_rows())
    classes = (
        found.drop_nulls(["prefix", "share"])
        .with_columns(whole=pl.col("field").replace_strict(whole, return_dtype=pl.Float64))
        .sort("whole", "field", "share", descending=[True, False, True])
    )
    if classes.is_empty():
        return
    worst = classes["field"][0]
    shown = classes.with_columns(
        name=pl.concat_str(pl.col("field").replace(names), "prefix", separator=" "), worst=pl.col("field") == worst,
        said=pl.Series([t("freshness.share_of", share=tell.percent(share), n=tell.books(past)) for share, past in classes.select("share", "past").iter_rows()]),
        counted=tell.books_of("items"),
    ).select("field", "prefix", "name", "share", "said", "counted", "worst", "items", "past")  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            shown, y="name", value="share", said="said", sort=shown["name"].to_list(), fields=("prefix",), marked="worst", dark=dark, height=24,
            tips=[
                alt.Tooltip("name", title=t("freshness.field")), alt.Tooltip("said", title=measures.word("past_shelf_life")),
                alt.Tooltip("counted", title=t("freshness.items_of", place=here.place)),
            ],
        ).properties(padding={"right": 10})  # fmt: skip

    charts.figure(
        "freshness_fields", t("freshness.fields_found", name=names[worst], place=here.place, share=tell.percent(whole[worst])),
        draw, shown.select("name", "items", "past", "share"), method=t("freshness.fields_method", place=here.place), as_of=here.as_of,
        hint=t("freshness.hint_past"), spoken={"share": tell.percent},
        to=lambda mark: scope_bar.to_items(here.shelves, shelf_class=mark["prefix"][0], ndc=here.ndc(mark["prefix"]), sign="past_life"),
        named={"name": t("freshness.field"), "items": t("freshness.items_of", place=here.place), "past": t("freshness.part_past"), "share": t("label_share")},
    )  # fmt: skip

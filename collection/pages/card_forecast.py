"""予測 where facts are shown: one line under the loans of a card, a cell of the list, and what 試算 says of its candidates."""

from pathlib import Path

import polars as pl
import streamlit as st

from collection import forecast
from collection.pages import frame, tell
from collection.pages.tell import t


def show(snapshot: Path, flags: Path, item_no: int) -> None:
    """What is foreseen of an item, named as a forecast, with the way to its back-test; nothing without a forecast."""
    if not forecast.mark(snapshot):
        return
    with frame.cursor(snapshot, flags) as own:
        found = forecast.of_item(own, item_no)
    if found is None:
        st.caption(t("models_use.card_none"))
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="card_forecast"):
        st.caption(
            t("models_use.card", **spoken(found["loans_12"], found["low_12"], found["high_12"])), width="content"
        )
        link()


def regret(snapshot: Path, flags: Path, ago: int) -> None:
    """How much of what the rules flag today is likely to be lent again, and how such a forecast did some years ago."""
    file = forecast.file_of(snapshot)
    if file is None:
        return
    with frame.cursor(snapshot, flags) as own:
        found = forecast.regret(own)
        back = forecast.looked_back(own, file, 12).filter(ago=ago)
    if found.is_empty():
        return
    items, *lent = found.select(pl.col("items", "lent_12", "lent_36").sum()).row(0)
    months, likely = (36, lent[1]) if found["lent_36"].count() else (12, lent[0])
    said = [
        t("models_use.regret_line", n=tell.books(items), share=tell.percent(likely / items), months=months),
        *looked(back),
    ]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="regret_forecast"):
        st.caption(" ".join(said), width="content")
        link()


def looked(back: pl.DataFrame) -> list[str]:
    """What was foreseen of what past cutoffs would have flagged, and what came: a sentence each (forecast.looked_back)."""
    parts = {"expected": "expected", "actual": "went_out"}
    return [
        t("models_use.looked_line", ago=row["ago"], n=tell.books(row["items"]),
          **{name: tell.percent(row[part] / row["items"]) for name, part in parts.items()})
        for row in back.iter_rows(named=True)
    ]  # fmt: skip


def link() -> None:
    """The way to how the forecast did on past years."""
    frame.link("models", t("models_use.how_good"), {"model": ["use"]})


def cell(found: pl.DataFrame) -> pl.Series:
    """Columns forecast, low_12 and high_12 of a list as one text: 0.3（0〜1）; blank where nothing is foreseen."""
    rows = found.select("forecast", "low_12", "high_12").iter_rows()
    told = ["" if loans is None else t("models_use.cell", **spoken(loans, low, high)) for loans, low, high in rows]
    return pl.Series("forecast", told, pl.String)


def spoken(loans: float, low: float, high: float) -> dict[str, str]:
    """loans, low and high as the screen writes them: the mean to one decimal, as it is no count."""
    return {"loans": tell.number(loans, 1), "low": tell.number(low), "high": tell.number(high)}

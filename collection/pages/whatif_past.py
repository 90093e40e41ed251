"""The back-test of 試算: had the rule been applied some years ago, how much of what it would have taken went out later?"""

from collections.abc import Callable
from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from collection.candidates import coded
from collection.pages import card_forecast, charts, frame, tell
from collection.pages.tell import t


def show(back: list[int], ask: Callable[[dict, int], pl.DataFrame], scenario: dict, as_of: date) -> None:
    """Draws it.

    Args:
        back: how many years it can go back. ask: gives whatif.backtest of a scenario and a number of years.
    """
    if not back:
        st.subheader(t("whatif.past_title"), anchor=False)
        st.info(t("whatif.no_past"))
        return
    asked = st.query_params.get("back", "")
    st.session_state["whatif_back"] = int(asked) if asked.isdigit() and int(asked) in back else min(2, back[-1])
    n = st.segmented_control(
        t("whatif.back"), back, key="whatif_back", required=True, on_change=_back_changed,
        format_func=lambda years: t("whatif.years_ago", years=years),
    )  # fmt: skip
    found = ask(scenario, n)
    whole = found.row(0, named=True)
    shown = found.filter(pl.col("items") > 0).with_columns(
        name=coded("shelf_class").replace("", t("total")),
        told=pl.concat_str(pl.col("share").map_elements(tell.percent, pl.String)),
        between=pl.concat_str(
            pl.col("low").map_elements(tell.percent, pl.String), pl.lit("–"), pl.col("high").map_elements(tell.percent, pl.String)
        ),
    )  # fmt: skip
    if not whole["items"]:
        st.subheader(t("whatif.past_title"), anchor=False)
        st.info(t("whatif.past_nothing", years=n))
        return
    title = t(
        "whatif.past_finding", years=n, items=tell.books(whole["items"]), share=tell.percent(whole["share"]),
        low=tell.percent(whole["low"]), high=tell.percent(whole["high"]),
    )  # fmt: skip
    tips = [
        alt.Tooltip("name", title=t("filter_shelf_class")), alt.Tooltip("items", title=t("whatif.past_items"), format=","),
        alt.Tooltip("went_out", title=t("whatif.past_went_out"), format=","), alt.Tooltip("told", title=t("whatif.past_share")),
        alt.Tooltip("between", title=t("whatif.past_between")),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        side = alt.Y("name:N", sort=shown["name"].to_list(), title=None, axis=alt.Axis(ticks=False, domain=False))
        axis = alt.Axis(format=".0%", tickCount=6)
        base = alt.Chart(shown).encode(y=side, tooltip=tips)
        spans = base.mark_rule(strokeWidth=4, color=charts.grey(dark)).encode(
            x=alt.X("low:Q", title=None, axis=axis), x2="high:Q"
        )
        points = base.mark_point(filled=True, size=90, color=charts.blue(dark), cursor="pointer").encode(x="share:Q")
        figures = base.mark_text(align="left", dx=12, fontSize=11, color=charts.ink(dark)).encode(
            x="high:Q", text="told"
        )
        return (spans + points.add_params(charts.pick("shelf_class")) + figures).properties(height=26 * len(shown))

    method = t("whatif.past_method", years=n)
    if whole["cut_short"]:
        method += t("whatif.past_cut_short")
    charts.figure(
        "whatif_past", title, draw, shown.select("shelf_class", "items", "went_out", "share", "low", "high", "loans"), method=method,
        as_of=as_of, spoken={"shelf_class": _class_html} | {name: tell.percent for name in ("share", "low", "high")},
        to=lambda picked: frame.go("candidates", {"shelf_class": [picked["shelf_class"]]} if picked["shelf_class"] else {}),
        hint=t("whatif.present_list"),
        named={name: t(f"whatif.past_{name}") for name in ("items", "went_out", "share", "low", "high", "loans")},
    )  # fmt: skip
    card_forecast.regret(*frame.opened(), n)


def _back_changed() -> None:
    st.query_params["back"] = str(st.session_state["whatif_back"])


def _class_html(mark: str) -> str:
    return tell.class_html(mark or "total")

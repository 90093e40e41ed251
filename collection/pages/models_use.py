"""モデル, 利用の予測: how it did on past years beside two plain guesses, and how much of what is flagged may be missed."""

import altair as alt
import polars as pl
import streamlit as st

from collection import forecast, words
from collection.pages import card_forecast, charts, frame, tell
from collection.pages.duplicates_parts import each
from collection.pages.models_parts import At
from collection.pages.tell import t
from collection.store import snapshots
from models.artefact import Manifest

ERRORS = ("deviance_model", "deviance_last_year", "deviance_class_age")


def summary(manifest: Manifest) -> str:
    """The main result against its baseline."""
    found = manifest.figures["horizons"]["12"]
    low, high = (tell.number(total, 2) for total in found["classes"])
    return t("models_use.summary", gain=tell.percent(found["gain"]), low=low, high=high)


def show(at: At) -> None:
    """The back-test of a horizon, what it comes to for the candidates, and the figures of the branches."""
    if at.file is None:
        st.info(t("models_use.none"))
        return
    horizon = _horizon(list(at.manifest.figures["horizons"]))
    figures = at.manifest.figures["horizons"][str(horizon)]
    with frame.cursor(at.snapshot, at.flags) as own:
        tested, groups = forecast.backtest(own, at.file, horizon), forecast.calibration(own, at.file, horizon)
        regretted = forecast.regret(own)
        back = forecast.looked_back(own, at.file, 12)
    st.caption(t(f"models_use.split_{figures['split']}"))
    _backtest(at, tested, figures)
    _calibration(at, groups)
    said = {
        name: tell.percent(value)
        for name, value in (("covered", figures["covered"]), ("right", figures["right"]["model"]))
    }
    st.markdown(t("models_use.covered", **said))
    _regret(at, regretted, horizon)
    for line in card_forecast.looked(back):
        st.caption(line)
    if branches := at.manifest.figures["branches"]:
        st.caption(
            t("models_use.branches", gain=tell.percent(branches["gain"]), total=tell.number(branches["total"], 2))
        )


def _horizon(known: list[str]) -> int:
    asked = st.query_params.get("months", known[0])
    st.session_state["use_months"] = asked if asked in known else known[0]
    if len(known) > 1:
        st.segmented_control(
            t("models_use.months", months=""), known, key="use_months", required=True, label_visibility="collapsed",
            format_func=lambda months: t("models_use.months", months=months), on_change=_turn,
        )  # fmt: skip
    return int(st.session_state["use_months"])


def _turn() -> None:
    st.query_params["months"] = st.session_state["use_months"]


def _backtest(at: At, tested: pl.DataFrame, figures: dict) -> None:
    """The error of the forecast and of the better plain guess, by class."""
    shown = tested.with_columns(
        name=_class(tested), plain=pl.min_horizontal(ERRORS[1:]),
        told=each(tested, "ratio", lambda ratio: "" if ratio is None else tell.number(ratio, 2)), tried=each(tested, "items", tell.books),
    )  # fmt: skip
    worse = shown.filter(pl.col("deviance_model") >= pl.col("plain"))
    key = "backtest_some" if len(worse) else "backtest_title"
    said = {"classes": "・".join(worse["name"])} if len(worse) else {}
    tips = [
        alt.Tooltip("name", title=t("filter_shelf_class")), alt.Tooltip("tried", title=_head("items")),
        alt.Tooltip("deviance_model", title=t("models_use.guess_model"), format=".2f"),
        alt.Tooltip("plain", title=t("models_use.guess_plain"), format=".2f"), alt.Tooltip("told", title=_head("ratio")),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.dumbbell(
            shown, y="name", first="plain", second="deviance_model", names=(t("models_use.guess_plain"), t("models_use.guess_model")),
            tips=tips, dark=dark, sort=shown["name"].to_list(), fields=("shelf_class",), form=".1f", height=34,
        )  # fmt: skip

    columns = ("items", "actual", "model", "ratio", *ERRORS, "covered")
    charts.figure(
        "use_backtest", t(f"models_use.{key}", gain=tell.percent(figures["gain"]), **said), draw, tested.select("shelf_class", *columns),
        method=t("models_use.backtest_method", n=tell.books(figures["items"])), as_of=snapshots.as_of(at.snapshot),
        spoken={"shelf_class": tell.class_html, "covered": tell.percent} | dict.fromkeys(("actual", "model"), tell.number)
        | dict.fromkeys(("ratio", *ERRORS), lambda value: tell.number(value, 2)),
        named={name: _head(name) for name in columns}, hint=t("models_use.to_class"),
        to=lambda mark: frame.go("candidates", {"shelf_class": [mark["shelf_class"]], "verdict": ["all"], "sort": ["forecast"]}),
    )  # fmt: skip


def _calibration(at: At, groups: pl.DataFrame) -> None:
    """What came of forecasts that said about as much."""
    shown = groups.with_columns(group=each(groups, "least", lambda least: t("models_use.group", least=f"{least:g}")))
    names = {"mean": t("models_use.guess_model"), "actual": _head("came")}
    tips = [
        alt.Tooltip("group", title=_head("group")), alt.Tooltip("items", title=_head("items"), format=","),
        *(alt.Tooltip(name, title=said, format=".2f") for name, said in names.items()),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.dumbbell(
            shown, y="group", first="actual", second="mean", names=(names["actual"], names["mean"]), tips=tips, dark=dark,
            sort=shown["group"].to_list(), fields=("least",), form=",.0f", height=32,
        )  # fmt: skip

    charts.figure(
        "use_calibration", t("models_use.calibration_title"), draw, shown.select("group", "items", "mean", came="actual"),
        method=t("models_use.calibration_method"), as_of=snapshots.as_of(at.snapshot),
        spoken={name: lambda value: tell.number(value, 2) for name in ("mean", "came")},
        named={name: _head(name) for name in ("group", "items", "mean", "came")},
    )  # fmt: skip


def _regret(at: At, regretted: pl.DataFrame, horizon: int) -> None:
    """Of the candidates of today, the share likely to be lent again, by class; the numbers by criterion too."""
    if regretted.is_empty():
        return
    lent = f"lent_{horizon}"
    by_class = regretted.group_by("shelf_class").agg(pl.col("items", "lent_12", "lent_36").sum())
    by_class = by_class.with_columns(share=pl.col(lent) / pl.col("items"), name=_class(by_class)).sort(
        "share", descending=True
    )
    shown = by_class.with_columns(
        told=each(by_class, "share", tell.percent), candidates=each(by_class, "items", tell.books)
    )
    whole = regretted.select(pl.col("items", lent).sum()).row(0)
    tips = [
        alt.Tooltip("name", title=t("filter_shelf_class")), alt.Tooltip("candidates", title=_head("candidates")),
        alt.Tooltip("told", title=_head(lent)),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            shown, y="name", value="share", said="told", tips=tips, dark=dark, sort=shown["name"].to_list(), fields=("shelf_class",)
        )  # fmt: skip

    parts = ["lent_12", "lent_36"] if regretted["lent_36"].count() else ["lent_12"]
    table = regretted.select(
        "criterion", "shelf_class", candidates="items", **{part: pl.col(part) / pl.col("items") for part in parts}
    )
    charts.figure(
        "use_regret", t("models_use.regret_title", n=tell.books(whole[0]), months=horizon, share=tell.percent(whole[1] / whole[0])), draw,
        table, method=t("models_use.regret_method"), as_of=snapshots.as_of(at.snapshot),
        spoken={"shelf_class": tell.class_html} | dict.fromkeys(parts, tell.percent),
        named={name: _head(name) for name in ("candidates", *parts)}, hint=t("models_use.regret_class"),
        to=lambda mark: frame.go("candidates", {"shelf_class": [mark["shelf_class"]], "sort": ["forecast"]}),
    )  # fmt: skip


def _class(found: pl.DataFrame) -> pl.Series:
    return each(found, "shelf_class", lambda mark: words.code("shelf_class", mark)).alias("name")


def _head(name: str) -> str:
    return t(f"models_use.head_{name}")

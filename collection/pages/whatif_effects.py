"""What a scenario does: candidates by criterion, class and branch, shelf metres and fill, balance and freshness."""

from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from collection import criteria, whatif, words
from collection.candidates import coded
from collection.pages import charts, frame, tell
from collection.pages.tell import t
from collection.policy import Policy


def show(now: pl.DataFrame, then: pl.DataFrame, policy: Policy, as_of: date) -> None:
    """Draws the effects of `then` beside `now` (both of whatif.evaluate)."""
    before, after = whatif.figures(now, policy), whatif.figures(then, policy)
    count = {name: told["verdict"].get("candidate", 0) for name, told in (("before", before), ("after", after))}
    st.subheader(
        t(
            "whatif.headline", before=tell.books(count["before"]), after=tell.books(count["after"]),
            more=_signed(count["after"] - count["before"]), metres=tell.number(after["metres"]), more_metres=_signed(round(after["metres"] - before["metres"])),
        ), anchor=False,
    )  # fmt: skip
    _verdicts(before, after, criteria.labels(policy))
    _by_class(now, then, as_of)
    _by_branch(now, then, policy)
    _classes(now, then)


def _verdicts(before: dict, after: dict, labels: dict[str, str]) -> None:
    rows = [
        ("verdict", code, before["verdict"].get(code, 0), after["verdict"].get(code, 0))
        for code in (*words.table("codes")["verdict"], "none")
    ] + [
        ("criterion", code, before["criterion"].get(code, 0), after["criterion"].get(code, 0))
        for code in labels if code in before["criterion"] or code in after["criterion"]
    ]  # fmt: skip
    said = pl.DataFrame(
        [(f"{tell.verdict_html(code)}" if kind == "verdict" else labels[code], a, b, b - a) for kind, code, a, b in rows],
        schema={"what": pl.String, "before": pl.Int64, "after": pl.Int64, "more": pl.Int64}, orient="row",
    )  # fmt: skip
    tell.table(said, {"what": str, "more": _signed}, named=_named(what=t("whatif.what")))


def _by_class(now: pl.DataFrame, then: pl.DataFrame, as_of: date) -> None:
    found = (
        whatif.classes(now).select("shelf_class", before="items")
        .join(whatif.classes(then).select("shelf_class", after="items"), on="shelf_class", how="full", coalesce=True, maintain_order="left")
        .with_columns(pl.col("before", "after").fill_null(0))
        .with_columns(more=pl.col("after") - pl.col("before"), name=coded("shelf_class"))
    )  # fmt: skip
    most = found.sort(pl.col("more").abs(), descending=True).row(0, named=True)
    said = (
        t("whatif.class_more", name=most["name"], more=_signed(most["more"]))
        if most["more"]
        else t("whatif.class_same")
    )
    tips = [
        alt.Tooltip("name", title=t("filter_shelf_class")),
        alt.Tooltip("before", title=t("whatif.before"), format=","),
        alt.Tooltip("after", title=t("whatif.after"), format=","),
    ]
    charts.figure(
        "whatif_classes", said,
        lambda dark: charts.dumbbell(
            found, y="name", first="before", second="after", names=(t("whatif.before"), t("whatif.after")), tips=tips,
            dark=dark, sort=found["name"].to_list(), fields=("shelf_class",), form=",.0f",
        ),
        found.select("shelf_class", "before", "after", "more"), method=t("whatif.class_method"), as_of=as_of,
        to=lambda picked: frame.go("candidates", {"shelf_class": [picked["shelf_class"]]}), hint=t("whatif.present_list"),
        spoken={"shelf_class": tell.class_html, "more": _signed}, named=_named(),
    )  # fmt: skip


def _by_branch(now: pl.DataFrame, then: pl.DataFrame, policy: Policy) -> None:
    st.subheader(t("whatif.branches"), anchor=False)
    after = whatif.shelves(then, policy).select(
        "branch", "place", after="items", metres="metres", fill_after="fill_after"
    )
    before = whatif.shelves(now, policy).select("branch", "place", "fill", before="items", fill_before="fill_after")
    found = after.join(before, on=["branch", "place"], how="full", coalesce=True, maintain_order="left").select(
        "branch", "place", "before", "after", more=pl.col("after") - pl.col("before"), metres="metres", fill="fill",
        fill_before="fill_before", fill_after="fill_after",
    )  # fmt: skip
    spoken = {"place": lambda code: words.code("location", code), "more": _signed, "metres": tell.number}
    spoken |= {name: tell.percent for name in ("fill", "fill_before", "fill_after")}
    said = {name: t(f"whatif.{name}") for name in ("place", "metres", "fill", "fill_before", "fill_after")}
    tell.table(found, spoken, named=_named(**said))
    st.caption(t("whatif.branches_method", thick=f"{policy.parameters['平均の厚さ']:g}"))


def _classes(now: pl.DataFrame, then: pl.DataFrame) -> None:
    st.subheader(t("whatif.balance"), anchor=False)
    before = whatif.classes(now).select(
        "shelf_class", "share", "past", share_before="share_after", past_before="past_after"
    )
    after = whatif.classes(then).select("shelf_class", "share_after", "past_after")
    found = before.join(after, on="shelf_class", how="full", coalesce=True, maintain_order="left").select(
        "shelf_class", "share", "share_before", "share_after", "past", "past_before", "past_after"
    )
    spoken = {"shelf_class": tell.class_html} | {name: tell.percent for name in found.columns[1:]}
    tell.table(found, spoken, named={name: t(f"whatif.{name}") for name in found.columns[1:]})
    st.caption(t("whatif.balance_method"))


def _named(**more: str) -> dict[str, str]:
    return {"before": t("whatif.before"), "after": t("whatif.after"), "more": t("whatif.more")} | more


def _signed(value: int | None) -> str:
    if value is None:
        return ""
    return f"＋{tell.number(value)}" if value > 0 else tell.number(value) if value < 0 else "±0"

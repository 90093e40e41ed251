"""鮮度, 出版年: the age pyramid of a class, open shelves to the left, all else to the right, with the line of its shelf life."""

import altair as alt
import polars as pl
import streamlit as st

from collection import freshness, words
from collection.freshness import Ages
from collection.measures import Scope
from collection.pages import charts, frame, scope_bar, tell
from collection.pages.freshness_parts import At, places, what
from collection.pages.tell import t

ROW = 16  # pixels a year


@st.cache_data(max_entries=40, show_spinner=False)
def read(snapshot: str, flags: str, scope: Scope, this_year: int) -> Ages:
    with frame.cursor(snapshot, flags) as own:
        return freshness.ages(own, scope, this_year)


def show(here: At) -> None:
    """Draws the pyramid."""
    found = read(str(here.snapshot), str(here.flags), here.scope, here.this_year)
    if not found.sides["items"].sum():
        st.info(t("freshness.none_placed"))
        return
    elsewhere = tuple(place for place in here.scope.location or here.places if place != "open")
    sides = {"open": words.code("location", "open"), "elsewhere": places(elsewhere) or t("freshness.elsewhere")}
    newest, oldest = found.rows["year"].max(), found.rows["year"].min()
    labels = {year: _label(year, newest, oldest) for year in range(newest, oldest - 1, -1)}
    rows = found.rows.with_columns(label=pl.col("year").replace_strict(labels))
    lives = _lives(here, found.lives)
    marks, heads = _marks(rows, sides), _heads(found.sides, sides)
    parts = [t("freshness.part_all"), t("freshness.part_past")]

    def to(mark: dict) -> None:
        year = mark["year"]
        scope_bar.to_items(
            here.scope, location=["open"] if mark["side"] == "open" else list(elsewhere), sign="past_life" if mark["part"] == "past" else None,
            year_from=None if year == oldest else year, year_to=None if year == newest else year,
        )  # fmt: skip

    table = rows.pivot("side", index="label", values=["items", "past"], maintain_order=True).select(
        "label", "items_open", "past_open", "items_elsewhere", "past_elsewhere"
    )
    counts = {
        f"{figure}_{side}": t(f"freshness.{figure}_of", place=name) for side, name in sides.items() for figure in ("items", "past")
    }  # fmt: skip
    charts.figure(
        "ages", _finding(found, sides, what(here.scope)), lambda dark: _draw(marks, heads, labels, lives, parts, dark), table,
        method=_method(found),
        as_of=here.as_of, to=to, named=counts | {"label": tell.label("pub_year")}, hint=t("charts.hint"),
    )  # fmt: skip
    st.caption("  \n".join(_notes(here, lives)) or t("freshness.no_life"))


def _notes(here: At, lives: pl.DataFrame) -> list[str]:
    """What each line says."""
    return [
        t(
            "freshness.life_note", line=tell.plain(life["line"]), n=tell.books(life["items"]), note=tell.plain(life["note"]),
            year=here.this_year - life["years"] - 1,
        )
        for life in lives.iter_rows(named=True)
    ]  # fmt: skip


def _method(found: Ages) -> str:
    """How it was counted, and how many are not drawn."""
    lacking = {"ages_undated": found.undated, "ages_unplaced": found.unplaced}
    left = [t(f"freshness.{key}", n=tell.books(items)) for key, items in lacking.items() if items]
    return t("freshness.ages_method") + "".join(left)


def _label(year: int, newest: int, oldest: int) -> str:
    return t("freshness.and_before", year=year) if year == oldest else str(year)


def _lives(here: At, lives: pl.DataFrame) -> pl.DataFrame:
    """years and items of each shelf life, its line in words (5年（49）) and what the pack notes of the classes it is of."""
    scope = here.scope
    chosen = [scope.ndc] if scope.ndc else [mark if mark.isdigit() else "" for mark in scope.shelf_class or ("",)]
    told = []
    for years in lives["years"]:
        of = [
            one for one in here.policy.classes if one["shelf_life"] == years
            and any(one["prefix"].startswith(part) or part.startswith(one["prefix"]) for part in chosen)
        ]  # fmt: skip
        named = [one["prefix"] or t("freshness.other_classes") for one in of]
        classes = "・".join(named[:4]) + ("…" if len(named) > 4 else "")
        note = (
            of[0]["note" if words.language.get() == "ja" else "note_en"] if len(of) == 1 else t("freshness.life_named")
        )
        told.append({"line": t("freshness.life", years=years, classes=classes), "note": note})
    return pl.concat([lives, pl.DataFrame(told, schema={"line": pl.String, "note": pl.String})], how="horizontal")


def _finding(found: Ages, sides: dict[str, str], classes: str) -> str:
    open_side, elsewhere = found.sides.iter_rows(named=True)
    side = open_side if open_side["items"] else elsewhere
    said = {
        "what": classes,
        "place": sides[side["side"]],
        "n": tell.books(side["past"]),
        "rated": tell.books(side["rated"]),
    }
    if not side["rated"]:
        return t("freshness.ages_lifeless", **said)
    said["share"] = tell.percent(side["past"] / side["rated"])
    return t("freshness.ages_found_part" if side["lifeless"] else "freshness.ages_found", **said)


def _marks(rows: pl.DataFrame, sides: dict[str, str]) -> pl.DataFrame:
    """One row a bar: all items of a year, and over it those past their shelf life; open shelves count to the left."""
    sign = pl.when(pl.col("side") == "open").then(-1).otherwise(1)
    return pl.concat(
        rows.filter(pl.col(figure) > 0).with_columns(
            part=pl.lit(part), said=pl.lit(t(f"freshness.part_{part}")), x=pl.col(figure) * sign,
            where=pl.col("side").replace(sides), counted=tell.books_of("items"),
            over=tell.books_of("past"),
        )
        for part, figure in (("all", "items"), ("past", "past"))
    )  # fmt: skip


def _heads(counts: pl.DataFrame, sides: dict[str, str]) -> list[str]:
    """What stands above either side: 開架 29,408冊."""
    return [f"{sides[side]} {tell.books(items)}" for side, items in counts.select("side", "items").iter_rows()]


def _draw(marks: pl.DataFrame, heads: list[str], labels: dict[int, str], lives: pl.DataFrame, parts: list[str], dark: bool) -> alt.Chart:  # fmt: skip
    order = list(labels.values())
    across = alt.X("x:Q", title=None, axis=alt.Axis(labelExpr="format(abs(datum.value), ',')", tickCount=8))
    told = [label for year, label in labels.items() if year % 5 == 0 or year in (max(labels), min(labels))]
    down = {"sort": order, "title": None, "scale": alt.Scale(domain=order, paddingInner=0.15)}
    bars = (
        alt.Chart(marks)
        .mark_bar(cursor="pointer")
        .encode(
            x=across.stack(None),
            y=alt.Y("label:N", **down, axis=alt.Axis(values=told, ticks=False, domain=False, labelOverlap=False)),
            color=alt.Color("said:N", scale=alt.Scale(domain=parts, range=[charts.grey(dark), charts.orange(dark)]), legend=alt.Legend(orient="bottom", title=None)),
            tooltip=[
                alt.Tooltip("label", title=tell.label("pub_year")), alt.Tooltip("where", title=tell.label("location")),
                alt.Tooltip("counted", title=t("label_items")), alt.Tooltip("over", title=parts[1]),
            ],
        )
        .add_params(charts.pick("side", "year", "part"))
    )  # fmt: skip
    middle = alt.Chart(pl.DataFrame({"x": [0]})).mark_rule(color=charts.ink(dark)).encode(x="x:Q")
    above = [
        alt.Chart(pl.DataFrame({"x": [0], "said": [said]}))
        .mark_text(align=align, dx=dx, dy=-8, fontSize=12, fontWeight="bold", color=charts.ink(dark))
        .encode(x="x:Q", y=alt.value(0), text="said")
        for said, align, dx in zip(heads, ("right", "left"), (-8, 8), strict=True)
    ]
    newest = max(labels)
    drawn = lives.with_columns(label=(newest - pl.col("years")).replace_strict(labels))
    at = alt.Y("label:N", **down, bandPosition=1)
    line = alt.Chart(drawn).mark_rule(strokeDash=[5, 3], strokeWidth=1.5, color=charts.ink(dark)).encode(y=at)
    name = (
        alt.Chart(drawn)
        .mark_text(align="left", dx=6, fontSize=12, fontWeight="bold", color=charts.ink(dark))
        .encode(y=at, x=alt.value("width"), text="line")
    )
    whole = alt.layer(bars, middle, *above, line, name)
    return whole.properties(height=ROW * len(order), padding={"top": 18, "left": 5, "right": 5, "bottom": 5})

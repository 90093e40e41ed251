"""推移: a figure a measure, its finding as title and beneath it what it cannot tell."""

from collections.abc import Callable

import altair as alt
import polars as pl
import streamlit as st

from collection import measures, trends, words, years
from collection.measures import MEASURES
from collection.pages import charts, frame, scope_bar, tell, trends_charts
from collection.pages.tell import t
from collection.pages.trends_look import Look, series

OF_LIST = {  # measure → the filter of the list that shows the items it counts
    "never_lent": {"sign": "never_lent"}, "idle": {"idle_from": measures.IDLE_YEARS}, "past_shelf_life": {"sign": "past_life"},
    "holds_per_copy": {"sign": "asked_for"}, "new_on_open": {"location": "open"},
}  # fmt: skip
RECEIVED = ("received", "spent", "freshness", "new_on_open")  # count what was received in the year
FLOWS = ("received", "withdrawn")
COLOURS = [tell.CLASS_COLOURS[mark] for mark in "123456789K0-"]  # also of lines that are no classes, grey last


def show(look: Look, name: str) -> None:
    """Draws a measure over the years."""
    found = _said(series(look, name), look.by, name)
    if found["value"].count() == 0:
        st.info(t("trends.nothing", measure=measures.word(name)))
        return
    _draw(look, name, found, name, _finding(look, found, name), lambda mark: _to(look, name, mark))


def show_flows(look: Look) -> None:
    """Draws what came and what went, all together, in one figure; only what came where nothing is known of the other."""
    parts = [_said(series(look, name).with_columns(kind=pl.lit(name)), "whole", name) for name in FLOWS]
    if parts[1].is_empty():
        show(look, "received")
        return
    found = pl.concat(parts)
    went = parts[1].sort(~pl.col("partial"), "year").row(-1, named=True)
    came = parts[0].row(by_predicate=pl.col("year") == went["year"], named=True)
    title = t("trends.flowed", year=went["when"], came=came["told"], went=went["told"])
    _draw(look, "flows", found, "received", title, lambda mark: _to(look, mark["kind"], mark))


def _said(found: pl.DataFrame, by: str, name: str) -> pl.DataFrame:
    """With the words of a point: name (of its line), told (the figure) and when."""
    return found.with_columns(
        name=pl.Series([word(by, mark, name) for mark in found[by]], dtype=pl.String),
        told=pl.Series([_figure(name, value) for value in found["value"]], dtype=pl.String),
        when=pl.Series([when(*at) for at in found.select("year", "partial", "least").iter_rows()], dtype=pl.String),
    )


def _figure(name: str, value: float | None) -> str:
    """A figure with its unit; blank for what cannot be told."""
    said, unit = tell.figure(name, value), words.table("measures")[name]["unit"][words.language.get()]
    if not said or MEASURES[name].form == "share" or unit == "year":
        return said
    return f"{said} {unit}" if unit.isascii() else f"{said}{unit}"


def word(by: str, mark: str | None, name: str) -> str:
    """What a line is called: its group, or the measure itself where everything is together."""
    if by == "whole":
        return measures.word(name)
    if mark is None:
        return t("said_no", what=t(f"trends.by_{by}"))
    return mark if by == "branch" else words.code(by, mark)


def when(year: int, partial: bool, least: bool) -> str:
    """A fiscal year in words, and whether it is told in part."""
    key = "when_partial" if partial else "when_least" if least else "when"
    return t(f"trends.{key}", year=years.spoken(year))


def _finding(look: Look, found: pl.DataFrame, name: str) -> str:
    change, said = trends.most_changed(found, look.groups), {"measure": measures.word(name)}
    if change:
        old, new = change
        said |= {"first": years.spoken(old["year"]), "old": old["told"]}
        said |= {"last": years.spoken(new["year"]), "new": new["told"]}
        key, row = "moved", new
    else:
        row = found.drop_nulls("value").sort("year", "value").row(-1, named=True)
        said |= {"year": when(row["year"], row["partial"], False), "value": row["told"]}
        key = "stands"
    if look.groups == ("whole",):
        return t(f"trends.{key}_whole", **said)
    if key == "stands" and MEASURES[name].form == "year":
        key = "stands_newest"
    place = [row["branch"]] if look.each else []
    return t(f"trends.{key}", name=" ".join(place if look.by == "whole" else [*place, row["name"]]), **said)


def _draw(look: Look, key: str, found: pl.DataFrame, name: str, title: str, to: Callable[[dict], None]) -> None:
    """One figure of rows that `_said` made; name: the measure, or one of the same form."""
    form, of = MEASURES[name].form, t("measure" if look.by == "whole" else f"trends.by_{look.by}")
    lines = _lines(look, found)
    fields = ("year", *(part for part in ("kind", *look.groups) if part in found.columns and part != "whole"))
    tips = [
        *([alt.Tooltip("branch", title=tell.label("branch"))] if look.each else []), alt.Tooltip("name", title=of),
        alt.Tooltip("when", title=t("trends.year")), alt.Tooltip("told", title=tell.label("items") if "kind" in fields else measures.word(name)),
    ]  # fmt: skip
    drawn, chart = found.drop_nulls("value"), {"form": form, "tips": tips, "fields": fields}

    def draw(dark: bool) -> alt.Chart:
        colours = _coloured(lines, look.by, dark)
        if look.each:
            short = {line: line if look.by == "audience" else mark for line, mark in lines.items()}
            return trends_charts.panels(drawn, look.branches, colours, short, dark=dark, **chart)
        kind = trends_charts.standing if drawn["year"].n_unique() == 1 else trends_charts.over_time
        return kind(drawn, colours, dark=dark, **chart)

    index = ["branch", "name"] if look.each and look.by != "whole" else ["branch"] if look.each else ["name"]
    table = found.pivot("year", index=index, values="value", sort_columns=True)
    columns = {str(at[0]): when(*at) for at in found.select("year", "partial", "least").unique().iter_rows()}
    charts.figure(
        key, title, draw, table, method=_method(look, found, name), as_of=look.newest.as_of, to=to,
        hint=t("trends.hint_gone" if "kind" in found.columns else "trends.hint"),
        spoken=dict.fromkeys(columns, lambda value: tell.figure(name, value)), named={"name": of, **columns},
    )  # fmt: skip


def _lines(look: Look, found: pl.DataFrame) -> dict[str, str]:
    """The name of each line and what it stands for, in the order of the codes, or of the branches."""
    known = dict(found.select("name", look.by).unique().iter_rows())
    order = look.branches if look.by == "branch" else list(words.table("codes").get(look.by, ()))
    place = {mark: n for n, mark in enumerate(order)}
    return dict(sorted(known.items(), key=lambda line: (place.get(line[1], len(place)), line[0])))


def _coloured(lines: dict[str, str], by: str, dark: bool) -> dict[str, str]:
    if by == "shelf_class":
        return {line: tell.CLASS_COLOURS[mark] for line, mark in lines.items()}
    if len(lines) <= 2:
        return dict(zip(lines, (charts.blue(dark), charts.orange(dark)), strict=False))
    return {line: COLOURS[n % len(COLOURS)] for n, line in enumerate(lines)}


def _method(look: Look, found: pl.DataFrame, name: str) -> str:
    measure, told = MEASURES[name], t("trends.flows") if "kind" in found.columns else measures.told(name)
    parts = [told, t("trends.method_years") if measure.of_year else t("trends.method_days", n=found["year"].n_unique())]
    if look.each and measure.form in trends_charts.OWN_SCALE:
        parts.append(t("trends.method_own_scale"))
    elif look.each:
        low = found["value"].min() if measure.form == "year" else 0
        parts.append(t("trends.method_one_scale", low=_figure(name, low), high=_figure(name, found["value"].max())))
    return t("trends.sentences").join(parts)


def _to(look: Look, name: str, mark: dict) -> None:
    """The items behind a point that are held now; of what has gone, the books of the year."""
    if name == "withdrawn":
        frame.go("books", {"view": ["year"], "fy": [str(mark["year"])]})
    scope_bar.to_items(look.scope, **filters(name, mark, look.groups))


def filters(name: str, mark: dict, groups: tuple[str, ...]) -> dict[str, str | int | None]:
    """The parts of the list's filter that show the items behind a point; None where it has nothing to say."""
    own = {group: mark.get(group) or "none" for group in groups if group != "whole"}
    return own | OF_LIST.get(name, {}) | {"received": mark["year"] if name in RECEIVED else None}


def notes(look: Look, name: str) -> list[str]:
    """What a measure cannot tell of some days or years, in sentences."""
    newest, found = look.newest, []
    left = [point.as_of.isoformat() for point in look.points if not trends.tells(point, name)]
    if name in (*trends.LENT, *trends.LENT_LATELY) and newest.loans_from is None:
        found.append(t("trends.no_loans"))
    elif name in trends.LENT:
        found.append(t("trends.loans_from", month=tell.month(newest.loans_from)))
    elif name in trends.LENT_LATELY and left:
        found.append(t("trends.no_year_of_loans", days="・".join(left)))
    first = newest.counted_on[0] if newest.counted_on else newest.as_of
    if (name == "renewal" and left) or (name == "withdrawn" and len(trends.told_years(newest, name)) < trends.SPAN):
        found.append(t("trends.gone_unknown", day=first.isoformat()))
    if name in trends.CAME and first > years.first(newest.year - trends.SPAN + 1):
        found.append(t("trends.received_kept", day=first.isoformat()))
    return found

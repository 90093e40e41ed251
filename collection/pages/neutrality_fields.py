"""偏り, the delicate fields at a glance: the share of the largest value of each 目, and what a plan would change."""

import html
from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from collection import neutrality, words
from collection.measures import Scope
from collection.named_fields import Field
from collection.pages import charts, tell
from collection.pages.tell import t
from collection.policy import Policy

ROWS, CHANGED = 20, 15
STATES = {True: "true", False: "false", None: "few"}  # of `over`
HEADINGS = (
    "field", "section", "titles", "items", "unknown", "distinct", "largest_share", "top5_share", "hhi", "over", "change",
    "titles_after",
)  # fmt: skip
SPOKEN = {
    "largest_share": tell.percent, "top5_share": tell.percent, "largest_share_after": tell.percent, "hhi": tell.number,
    "over": lambda over: html.escape(state_word(over)), "change": lambda change: html.escape(points(change)),
}  # fmt: skip


def show(found: pl.DataFrame, kind: str, fields: list[Field], scope: Scope, policy: Policy, as_of: date) -> None:
    told = neutrality.effect(found, policy)
    names = {section: field_name(section, fields) for section in told["section"]}
    told = told.with_columns(field=pl.col("section").replace_strict(names, return_dtype=pl.String))
    known = told.drop_nulls("largest_share").sort(
        "over", "largest_share", "section", descending=[True, True, False], nulls_last=True
    )
    if known.is_empty():
        st.info(t("neutrality.no_values", kind=t(f"neutrality.{kind}")))
        return
    named = {field_name(ndc, fields): None for field in fields for ndc in field.prefixes}
    _strip(known, kind, list(named | dict.fromkeys(told["field"])), policy, as_of)
    st.pills(
        t("neutrality.open"), known["section"].sort().to_list(), key=f"neutrality_open_{_turn()}",
        on_change=lambda: _go(st.session_state[f"neutrality_open_{_turn()}"]),
        format_func=lambda one: f"{one} {names[one]}" if names[one] in named else one,
    )  # fmt: skip
    st.subheader(t("neutrality.most"), anchor=False)
    shown = known.head(ROWS).select(
        "field", "section", "titles", "unknown", "distinct", "largest", "largest_share", "over", "top5_share", "hhi"
    )
    tell.table(shown, SPOKEN, named=headings(kind))
    if known.height > ROWS:
        st.caption(t("neutrality.rest", n=tell.number(known.height - ROWS)))
    _plan(told, kind, as_of)


def field_of(section: str, fields: list[Field]) -> Field | None:
    """The field that names a class most closely, the first of several; None when no field does."""
    near = [(len(ndc), -n) for n, field in enumerate(fields) for ndc in field.prefixes if section.startswith(ndc)]
    return fields[-max(near)[1]] if near else None


def field_name(section: str, fields: list[Field]) -> str:
    """The field of a class in the present language, or its 綱."""
    field = field_of(section, fields)
    if field is None:
        return t("neutrality.division", n=section[:2])
    return field.en if words.language.get() == "en" else field.name


def headings(kind: str) -> dict[str, str]:
    """The columns of this screen in the present language."""
    largest = t("neutrality.largest", kind=t(f"neutrality.{kind}"))
    after = {"largest": largest, "largest_share_after": t("neutrality.after")}
    return {name: t(f"neutrality.{name}") for name in HEADINGS} | after


def state_word(over: bool | None) -> str:
    """Whether the guide is exceeded; it is not told where too few titles are on record."""
    return t(f"neutrality.state_{STATES[over]}")


def points(change: float | None) -> str:
    """A change of a share in percentage points: △0.4ポイント."""
    return "" if change is None else t("neutrality.points", n=tell.number(change * 100, 2))


def _go(section: str) -> None:
    """Opens one 目 in the scope of this screen."""
    st.session_state["neutrality_turn"] = _turn() + 1
    st.query_params["ndc"] = section


def _open(section: str) -> None:
    _go(section)
    st.rerun()


def _turn() -> int:
    """How many 目 were opened: a chart that comes back is a new one, without the mark that was clicked."""
    return st.session_state.get("neutrality_turn", 0)


def _strip(known: pl.DataFrame, kind: str, order: list[str], policy: Policy, as_of: date) -> None:
    """One mark a 目, on the line of its field, as far to the right as its largest value has a share."""
    word, guide = t(f"neutrality.{kind}"), neutrality.guides(policy)[kind]
    rows = known.select("largest_share", "largest_titles", "over").rows()
    shown = known.with_columns(
        said=pl.Series([t("neutrality.share_titles", share=tell.percent(a), n=tell.number(n)) for a, n, _ in rows]),
        state=pl.Series([state_word(over) for _, _, over in rows]),
    )
    states = [state_word(over) for over in STATES]
    farthest = max(guide * 1.1, known["largest_share"].max() * 1.05)
    tips = [
        alt.Tooltip("section", title=t("neutrality.section")), alt.Tooltip("largest", title=word),
        alt.Tooltip("said", title=t("label_share")), alt.Tooltip("titles", title=t("neutrality.titles"), format=","),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        side = alt.Axis(ticks=False, domain=False, grid=True, labelLimit=200)
        across = alt.Axis(format=".0%", tickCount=6)
        base = alt.Chart(shown).encode(
            x=alt.X("largest_share:Q", title=None, axis=across, scale=alt.Scale(domain=[0, farthest])),
            y=alt.Y("field:N", sort=order, title=None, axis=side),
            tooltip=tips,
        )
        colours = alt.Scale(domain=states, range=[charts.orange(dark), charts.blue(dark), charts.grey(dark)])
        shapes = alt.Scale(domain=states, range=["diamond", "circle", "square"])
        marks = base.mark_point(filled=True, size=110, cursor="pointer", opacity=0.85).encode(
            color=alt.Color("state:N", scale=colours, legend=alt.Legend(orient="top", title=None)),
            shape=alt.Shape("state:N", scale=shapes, legend=alt.Legend(orient="top", title=None)),
        )
        line = alt.Chart(pl.DataFrame({"guide": [guide]})).mark_rule(strokeDash=[4, 3], color=charts.ink(dark))
        named = base.transform_filter(alt.datum.over).mark_text(dy=-12, fontSize=11, color=charts.ink(dark))
        layers = line.encode(x="guide:Q") + marks.add_params(charts.pick("section")) + named.encode(text="section")
        return layers.properties(height=40 * shown["field"].n_unique() + 70)

    over = known["over"].sum()
    limit = tell.percent(guide)
    charts.figure(
        "neutrality_fields",
        t("neutrality.finding_over" if over else "neutrality.finding_none", kind=word, guide=limit, n=over), draw,
        known.select("field", "section", "titles", "items", "largest", "largest_share", "top5_share", "hhi"),
        method=t("neutrality.method", kind=word, guide=limit, fewest=policy.parameters[neutrality.FEWEST]), as_of=as_of,
        to=lambda mark: _open(mark["section"]), hint=t("neutrality.hint"),
        spoken=SPOKEN, named=headings(kind),
    )  # fmt: skip


def _plan(told: pl.DataFrame, kind: str, as_of: date) -> None:
    """The 目 whose titles change, with the share of their largest value now and after the plan."""
    now, then = pl.col("titles").fill_null(0), pl.col("titles_after").fill_null(0)
    changed = told.filter(now != then)
    if changed.is_empty():
        st.subheader(t("neutrality.no_plan"), anchor=False)
        st.caption(t("neutrality.plan_told"))
        return
    shown = changed.drop_nulls("change").sort(pl.col("change").abs(), "section", descending=[True, False]).head(CHANGED)
    shown = shown.with_columns(
        name=pl.format("{} {}", "section", "field"),
        said=pl.Series([tell.percent(share) for share in shown["largest_share"]], dtype=pl.String),
        said_after=pl.Series([tell.percent(share) for share in shown["largest_share_after"]], dtype=pl.String),
    )
    names = t("neutrality.now"), t("neutrality.after")
    tips = [
        alt.Tooltip("name", title=t("neutrality.section")), alt.Tooltip("said", title=names[0]),
        alt.Tooltip("said_after", title=names[1]),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.dumbbell(
            shown, y="name", first="largest_share", second="largest_share_after", names=names, tips=tips, dark=dark,
            sort=shown["name"].to_list(), fields=("section",), form=".1%", height=30 + 90 // max(shown.height, 1),
        )  # fmt: skip

    moved = changed.select(leaving=(now - then).clip(0).sum(), coming=(then - now).clip(0).sum()).row(0, named=True)
    said = t("neutrality.plan", n=changed.height, **{name: tell.number(n) for name, n in moved.items()})
    before, after = told["over"].sum(), told["over_after"].sum()
    title = t(
        "neutrality.finding_plan" if before != after else "neutrality.finding_plan_same", before=before, after=after
    )
    charts.figure(
        "neutrality_plan", title, draw,
        changed.select("section", "field", "titles", "titles_after", "largest_share", "largest_share_after", "change"),
        method=said + t("neutrality.plan_told"), as_of=as_of, hint=t("neutrality.hint"),
        to=lambda mark: _open(mark["section"]), spoken=SPOKEN, named=headings(kind),
    )  # fmt: skip

"""規則の鏡, いまの規則なら受け入れない蔵書: by rule, beside the use of other books, by class and branch, and one by one."""

from datetime import date
from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import candidates, mirror, words
from collection.criteria import article
from collection.measures import Scope
from collection.mirror import Look
from collection.pages import charts, frame, tell
from collection.pages.duplicates_parts import At, classes, each, listing
from collection.pages.mirror_parts import change, chosen, narrow
from collection.pages.tell import t
from collection.policy import Policy, table
from collection.policy.model import Rule
from collection.selection.told import sign_words

LABEL = {"ja": 16, "en": 28}  # letters of what a clause says that stand beside its mark
COLUMNS = ("title", "author", "call_number", "branch", "loans_1y", "article", "taking", "signs", "verdict")


@st.cache_data(max_entries=4, show_spinner=False)
def _mirrored(snapshot: str, flags: str, policy: str, as_of: date, way: str, _policy: Policy) -> tuple:
    with frame.cursor(snapshot, flags) as own:
        found = mirror.mirrored(own, _policy, as_of, way)
        return found, mirror.cells(own, found)


@st.cache_data(max_entries=40, show_spinner=False)
def _rows(
    snapshot: str, flags: str, policy: str, as_of: date, way: str, look: Look, scope: Scope, language: str,
    _policy: Policy, _found: pl.DataFrame, rows: int | None, skip: int,
) -> pl.DataFrame:  # fmt: skip
    """A page of the items with the signs of their rule, in words."""
    with frame.cursor(snapshot, flags) as own:
        items = mirror.items(own, _found, look, scope, rows, skip)
        signs = mirror.signs_found(own, _policy, as_of, way, items).rows_by_key(["bib_no", "rule"], named=True)
    articles = {rule.id: article(_policy, rule) for rule in mirror.rules(_policy, way)}
    said = [
        words.say("policy.semicolon").join(map(sign_words, signs[key]))
        for key in items.select("bib_no", "rule").iter_rows()
    ]
    return items.with_columns(
        tell.author_of(), candidates.coded("verdict"), each(items, "taking", _taking),
        article=pl.col("rule").replace(articles), signs=pl.Series(said, dtype=pl.String),
    )  # fmt: skip


def show(at: At) -> None:
    """What the rules would not take, whether people want it, where it stands, and the items."""
    way = _way()
    rules = {rule.id: rule for rule in mirror.rules(at.policy, way)}
    key = str(at.snapshot), str(at.flags), at.policy.hash, at.as_of, way
    with st.spinner(t("mirror.reading")):
        found, everywhere = _mirrored(*key, at.policy)
    counted = mirror.within(everywhere, at.scope)
    told = mirror.by_rule(counted)
    if told.is_empty():
        st.info(t("mirror.held_none" if rules else "mirror.no_rules"))
        return
    st.info(t("mirror.not_weeded"))
    told = told.with_columns(
        label=pl.Series([_label(rules[rule], taking) for rule, taking in told.select("rule", "taking").iter_rows()]),
        article=pl.Series([article(at.policy, rules[rule]) for rule in told["rule"]]),
        gist=pl.Series([_gist(rules[rule]) for rule in told["rule"]]),
        taking_word=each(told, "taking", _taking),
    )
    told = told.with_columns(
        label=pl.when(pl.col("label").is_duplicated()).then(pl.format("{} {}", "label", "article")).otherwise("label")
    )
    with st.container(key="stacked_mirror"):
        left, right = st.columns(2, gap="medium")
        with left:
            _by_rule(at, told, way)
        with right:
            _use(at, told)
    look = _look(rules)
    listed = counted.filter(pl.col("rule").is_not_null())
    if look != Look():
        listed = listed.filter(rule=look.rule, taking=look.taking)
        chosen(_label(rules[look.rule], look.taking), "rule", "taking")
    if listed.is_empty():
        st.info(t("mirror.list_empty"))
        return
    _by_place(at, listed)
    named = {name: t(f"mirror.{name}") for name in ("article", "taking", "signs")}
    fetch = partial(_rows, *key, look, at.scope, words.language.get(), at.policy, found)
    listing(at, t("mirror.held_list"), listed["items"].sum(), fetch, COLUMNS, named, lambda rows: rows)


def _way() -> str:
    asked = st.query_params.get("way")
    st.session_state["mirror_way"] = way = asked if asked in mirror.WAYS else mirror.WAYS[0]
    st.segmented_control(
        t("mirror.way"), mirror.WAYS, key="mirror_way", required=True, label_visibility="collapsed",
        format_func=lambda name: t(f"mirror.way_{name}"),
        on_change=lambda: change(way=st.session_state["mirror_way"], rule=None, taking=None),
    )  # fmt: skip
    return way


def _look(rules: dict[str, Rule]) -> Look:
    """What the address asks for, when there is such a rule and such an outcome."""
    rule, taking = (st.query_params.get(name, "") for name in ("rule", "taking"))
    return Look(rule, taking) if rule in rules and taking in mirror.TAKINGS else Look()


def _taking(taking: str) -> str:
    return t("mirror.doubt") if taking == "doubt" else words.code("taking", taking)


def _gist(rule: Rule) -> str:
    """What a clause says, as it stands inside a sentence."""
    return table.gist(rule).rstrip("。.")


def _label(rule: Rule, taking: str) -> str:
    """What a clause says, in short; a doubt is told apart."""
    gist, most = _gist(rule), LABEL[words.language.get()]
    short = gist if len(gist) <= most else f"{gist[: most - 1].rstrip()}…"
    return t("mirror.label_doubt", gist=short) if taking == "doubt" else short


def _named() -> dict[str, str]:
    names = ("gist", "candidates", "lent", "other")
    return {name: t(f"mirror.{name}") for name in names} | {"taking_word": t("mirror.taking")}


SPOKEN = {"share": tell.percent, "lent": partial(tell.number, digits=1), "other": partial(tell.number, digits=1)}
NUMBERS = ("article", "gist", "taking_word", "items", "share", "candidates", "lent", "other")


def _by_rule(at: At, told: pl.DataFrame, way: str) -> None:
    shown = told.with_columns(said=each(told, "items", tell.books), refused=pl.col("taking") == "refuse")
    top = told.row(0, named=True)
    tips = [
        alt.Tooltip("article", title=t("mirror.article")), alt.Tooltip("gist", title=t("mirror.gist")),
        alt.Tooltip("taking_word", title=t("mirror.taking")), alt.Tooltip("said", title=t("label_items")),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            shown, y="label", value="items", said="said", tips=tips, dark=dark, sort=shown["label"].to_list(),
            fields=("rule", "taking"), marked="refused", height=26 + 60 // shown.height,
        )  # fmt: skip

    said = {
        "n": tell.books(told["items"].sum()),
        "share": tell.percent(told["share"].sum()),
        "most": tell.books(top["items"]),
    }
    charts.figure(
        "mirror_rules", t("mirror.finding_held", gist=top["gist"], **said), draw, told.select(NUMBERS),
        method=t("mirror.method_held", way=t(f"mirror.way_{way}")), as_of=at.as_of, hint=t("mirror.hint"),
        to=lambda bar: narrow(rule=bar["rule"], taking=bar["taking"]), spoken=SPOKEN, named=_named(),
    )  # fmt: skip


def _use(at: At, told: pl.DataFrame) -> None:
    """Loans a copy of these beside those of the other books of their classes: is the rule right, or do people want it?"""
    known = told.drop_nulls(["lent", "other"])
    if known.is_empty():
        st.info(t("mirror.no_loans"))
        return
    names = t("mirror.other"), t("mirror.lent")
    shown = known.with_columns(
        *(each(known, name, partial(tell.number, digits=1)).alias(f"said_{name}") for name in ("lent", "other"))
    )
    tips = [
        alt.Tooltip("gist", title=t("mirror.gist")), alt.Tooltip("said_lent", title=names[1]),
        alt.Tooltip("said_other", title=names[0]),
    ]  # fmt: skip

    def draw(dark: bool) -> alt.Chart:
        return charts.dumbbell(
            shown, y="label", first="other", second="lent", names=names, tips=tips, dark=dark,
            sort=shown["label"].to_list(), fields=("rule", "taking"), form=".1f", height=30 + 120 // shown.height,
        )  # fmt: skip

    wanted = known.filter(pl.col("lent") > pl.col("other"))
    key = "use_none" if wanted.is_empty() else "use_all" if wanted.height == known.height else "use_some"
    top = known.with_columns(more=pl.col("lent") / pl.col("other")).sort("more", descending=True).row(0, named=True)
    said = {"n": wanted.height, "rules": known.height, "gist": top["gist"]}
    said |= {name: tell.number(top[name], 1) for name in ("lent", "other")}
    charts.figure(
        "mirror_use", t(f"mirror.{key}", **said), draw, known.select("article", "gist", "taking_word", "items", "lent", "other"),
        method=t("mirror.method_use"), as_of=at.as_of, hint=t("mirror.hint"),
        to=lambda mark: narrow(rule=mark["rule"], taking=mark["taking"]), spoken=SPOKEN, named=_named(),
    )  # fmt: skip


def _by_place(at: At, listed: pl.DataFrame) -> None:
    names = classes(listed)
    branches = [branch for branch in at.branches if branch in set(listed["branch"])]
    cells = listed.group_by("branch", "shelf_class").agg(pl.col("items").sum())
    cells = cells.sort("items", "branch", "shelf_class", descending=[True, False, False])
    top = cells.row(0, named=True)
    shown = cells.with_columns(name=pl.col("shelf_class").replace(names), said=each(cells, "items", tell.number))

    def draw(dark: bool) -> alt.Chart:
        return charts.heat(
            shown, x="branch", y="name", value="items", said="said", dark=dark, fields=("branch", "shelf_class"),
            sort_x=branches, sort_y=list(names.values()), height=26 + 60 // len(names),
            label_x=f"replace(datum.label, regexp('({t('branch_suffix')})$'), '')",
            tips=[
                alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("name", title=t("filter_shelf_class")),
                alt.Tooltip("said", title=t("label_items")),
            ],
        )  # fmt: skip

    said = {
        "n": tell.books(listed["items"].sum()),
        "out": tell.books(listed["candidates"].sum()),
        "branch": top["branch"],
    }
    said |= {"name": names[top["shelf_class"]], "most": tell.books(top["items"])}
    charts.figure(
        "mirror_places", t("mirror.finding_places", **said), draw,
        cells.pivot("branch", index="shelf_class", values="items").sort("shelf_class").select("shelf_class", *branches),
        method=t("mirror.method_places"), as_of=at.as_of, hint=t("mirror.hint"),
        to=lambda cell: narrow(branch=cell["branch"], shelf_class=cell["shelf_class"]),
        spoken={"shelf_class": tell.class_html}, named={branch: branch for branch in branches},
    )  # fmt: skip

"""目標との差: the share of each class against its target, the share of a year before or of the loans, now and after."""

from functools import partial

import altair as alt
import polars as pl
import streamlit as st

from collection import composition, purchases, shares
from collection.pages import buy_list, charts, frame, scope_bar, tell
from collection.pages.composition_look import Look, cells, class_html, control, texts, to_class
from collection.pages.tell import plain, t
from collection.policy import PolicyErrors
from collection.store import snapshots

AGAINST = ("target", "year", "loans")
OUT = {"tag": ["withdraw", "list", "road"]}
ROOM = 1.15  # beside the longest band, for its gap in words
FIGURES = (
    "mark", "items", "share", "target", "band", "gap", "leaving", "arriving", "after", "after_share", "after_gap"
)  # fmt: skip


def show(look: Look) -> None:
    """Draws what to compare with, what leaves and comes, and the shares now and after."""
    said = {name: t(f"composition.against_{name}") for name in AGAINST}
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="balance_choices"):
        against = control("against", list(AGAINST), t("composition.against"), said.get)
        going = _going(look)
        bought = buy_list.choose(look.branches, look.scope)
    aims = AIMS[against](look)
    if aims is None:
        return
    coming = purchases.arriving(bought.rows, look.scope) if bought else shares.NOTHING
    found = shares.compare(shares.moved(cells(look), going, coming), aims)
    _figure(look, found, t(f"composition.aim_{against}"), bool(len(going) or len(coming)))


def _going(look: Look) -> pl.DataFrame:
    """What is on its way out, said beside a link to its list."""
    with frame.cursor(look.snapshot, look.flags) as own:
        going = shares.leaving(own, look.scope)
    if going.is_empty():
        st.caption(t("composition.going_none"))
        return going
    sums = going.select(pl.col("tagged", "listed", "approved").sum()).row(0, named=True)
    st.caption(t("composition.going", **{stage: tell.books(count) for stage, count in sums.items()}))
    if st.button(t("composition.going_list"), type="tertiary"):
        scope_bar.to_items(look.scope, **OUT)
    return going


def _targets(look: Look) -> pl.DataFrame | None:
    try:
        told = shares.targets(look.policy.folder / shares.FILE)
    except PolicyErrors as errors:
        for problem in errors.problems:
            st.error(plain(str(problem)))
        return None
    if unknown := sorted(set(told["branch"]) - {"", *look.branches}):
        st.warning(plain(t("composition.unknown_branches", file=shares.FILE, branches="、".join(unknown))))
    found = shares.wanted(told, look.scope)
    if found.is_empty():
        st.info(t("composition.no_targets", file=shares.FILE))
        return None
    branch = look.scope.branch[0] if len(look.scope.branch) == 1 else t("charts.whole_library")
    st.caption(plain(t("composition.targets_told", file=shares.FILE, branch=branch)))
    return found


def _year_before(look: Look) -> pl.DataFrame | None:
    kept = shares.year_before(frame.store(), look.snapshot)
    if kept is None:
        st.info(t("composition.no_year"))
        return None
    st.caption(t("composition.year_told", day=snapshots.as_of(kept[0]).isoformat()))
    with frame.cursor(*kept) as own:
        return shares.as_aims(composition.balance(composition.cells(own, look.scope)), "held_share")


def _loans(look: Look) -> pl.DataFrame | None:
    found = composition.balance(cells(look))
    if found["lent_share"].null_count():
        st.info(t("composition.no_loans"))
        return None
    st.caption(t("composition.loans_told"))
    return shares.as_aims(found, "lent_share")


AIMS = {"target": _targets, "year": _year_before, "loans": _loans}


def _figure(look: Look, found: pl.DataFrame, aim: str, moves: bool) -> None:
    level = composition.digits(look.scope)
    told = texts(
        found, name=("mark", composition.name), now=("gap", _spoken), later=("after_gap", _spoken), band=("tolerance", _band),
        share_said=("share", tell.percent), target_said=("target", tell.percent), after_said=("after_share", tell.percent),
    )  # fmt: skip
    aimed, allowed = pl.col("target"), pl.col("tolerance")
    later = pl.col("after_share") if moves else pl.lit(None, pl.Float64)
    gaps = [_marked("now", "inside"), *([_marked("later", "after_inside")] if moves else [])]
    told = told.with_columns(
        low=pl.max_horizontal(aimed - allowed, 0), high=aimed + allowed, later_share=later,
        end=pl.max_horizontal("share", later, "target", aimed + allowed), said=pl.concat_str(gaps, separator=" → "),
    )  # fmt: skip
    table = told.select(FIGURES)
    heading = {name: t(f"composition.label_{name}", aim=aim) for name in FIGURES if name not in ("mark", "items")}
    spoken = {"mark": class_html} | dict.fromkeys(("share", "target", "after_share"), tell.percent)
    named = {"mark": t("composition.mark")} | heading
    charts.figure(
        "balance", _title(told, aim), partial(_bullets, told, aim, moves), table,
        method=t("composition.balance_method", aim=aim), as_of=look.as_of, hint=t("charts.hint"),
        to=lambda row: to_class(look.scope, row["mark"], level), spoken=spoken, named=named,
    )  # fmt: skip
    tell.table(table, spoken, named=named)


def _bullets(told: pl.DataFrame, aim: str, moves: bool, dark: bool) -> alt.Chart:
    """Of each class the band of its tolerance, the line of its target, and a dumbbell from the share now to that after."""
    tips = [alt.Tooltip("name", title=t("composition.mark"))] + [
        alt.Tooltip(field, title=t(f"composition.label_{label}", aim=aim)) for field, label in (
            ("share_said", "share"), ("target_said", "target"), ("band", "band"), ("now", "gap"),
            ("after_said", "after_share"), ("later", "after_gap"),
        )
    ]  # fmt: skip
    names = told["name"].to_list()
    base = alt.Chart(told).encode(y=alt.Y("name:N", sort=names, title=None), tooltip=tips)
    bands = base.mark_bar(height=18, color=charts.grey(dark), opacity=0.35).encode(
        x=alt.X("low:Q", title=None), x2="high:Q"
    )
    aims = base.mark_tick(thickness=2, size=22, color=charts.orange(dark)).encode(x="target:Q")
    points = charts.dumbbell(
        told, y="name", first="share", second="later_share", names=(t("composition.now"), t("composition.after")), tips=tips,
        dark=dark, sort=names, fields=("mark",),
    )  # fmt: skip
    gaps = base.mark_text(align="left", dx=12, fontSize=11, color=charts.ink(dark)).encode(x="end:Q", text="said")
    room = base.mark_rule(opacity=0, tooltip=None).encode(x=alt.datum(told["end"].max() * ROOM))
    return (bands + aims + points + gaps + room).properties(height=30 * len(names))


def _title(told: pl.DataFrame, aim: str) -> str:
    row = shares.furthest(told)
    if row is None:
        return t("composition.balance_inside" if told["tolerance"].count() else "composition.balance_same")
    key = "balance_more" if row["share"] > row["target"] else "balance_less"
    said = {"name": row["name"], "books": tell.books(abs(row["gap"])), "share": row["share_said"]}
    return t(f"composition.{key}", aim=aim, target=row["target_said"], **said)


def _spoken(gap: int) -> str:
    if gap == 0:
        return t("composition.gap_none")
    return t("composition.gap_more" if gap > 0 else "composition.gap_less", books=tell.books(abs(gap)))


def _marked(gap: str, inside: str) -> pl.Expr:
    """A gap in words, with a word more where the share lies beyond its tolerance."""
    return (
        pl.when(pl.col(inside).not_()).then(pl.format(t("composition.beyond", said="{}"), gap)).otherwise(pl.col(gap))
    )


def _band(tolerance: float) -> str:
    return f"±{tolerance * 100:.1f}"

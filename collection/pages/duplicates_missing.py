"""複本, 児童の本の欠け: titles of the lists wanted at every branch that a branch has no copy of (基準 第3の2(5))."""

import altair as alt
import polars as pl
import streamlit as st

from collection import duplicates
from collection.measures import Scope
from collection.pages import charts, frame, tell
from collection.pages.duplicates_parts import At, by_branch, each, listing, narrow, short
from collection.pages.tell import t
from collection.policy import Policy
from collection.policy.check_parts import LIST_COLUMNS

COLUMNS = ("title", "author", "listed", "copies", "copies_at", "missing_at")


@st.cache_data(max_entries=40, show_spinner=False)
def _read(snapshot: str, flags: str, seq: int, policy: str, scope: Scope, _policy: Policy) -> pl.DataFrame:
    with frame.cursor(snapshot, flags) as own:
        return duplicates.missing(own, _policy, scope)


def show(at: At) -> None:
    """The titles lacking by branch, and by title the branches that lack it."""
    titles = tell.number(len(duplicates.titles(at.policy)))
    if titles == "0":
        _say_how(at.policy)
        return
    found = _read(str(at.snapshot), str(at.flags), at.seq, at.policy.hash, at.scope, at.policy)
    if at.scope.ndc or at.scope.audience or at.scope.material or at.scope.shelf_class:
        st.caption(t("duplicates.missing_unknown"))
    if found.is_empty():
        st.info(t("duplicates.missing_none", titles=titles))
        return
    by_title = _by_title(found)
    _bars(at, found, by_title, titles)
    named = {name: t(f"duplicates.{name}") for name in ("copies_at", "missing_at", "listed")}
    listing(
        at, t("duplicates.missing_list"), len(by_title), lambda rows, skip: by_title.slice(skip, rows), COLUMNS, named, _told,
        more=("publisher", "isbn"),
    )  # fmt: skip


def _say_how(policy: Policy) -> None:
    st.info(t("duplicates.missing_empty", policy=policy.name, columns="・".join(LIST_COLUMNS)))
    for name, file in duplicates.list_files(policy).items():
        st.markdown("- " + tell.plain(t("duplicates.missing_file", name=name, file=file)))
    frame.link("imports", t("open_flagging"))


def _by_title(found: pl.DataFrame) -> pl.DataFrame:
    """One row a title, those lacking at most branches first."""
    once = pl.exclude("row", "branch").first()
    return (
        found.group_by("row", maintain_order=True)
        .agg(once, missing=pl.col("branch").sort())
        .sort(pl.col("missing").list.len(), "row", descending=[True, False])
        .with_columns(volume=pl.lit(None, pl.String))
    )


def _told(found: pl.DataFrame) -> pl.DataFrame:
    lacking = [
        "・".join(map(short, branches)) if copies else t("duplicates.missing_everywhere")
        for branches, copies in found.select("missing", "copies").iter_rows()
    ]
    return found.with_columns(each(found, "copies_at", by_branch), missing_at=pl.Series(lacking, dtype=pl.String))


def _bars(at: At, found: pl.DataFrame, by_title: pl.DataFrame, titles: str) -> None:
    counted = found.group_by("branch").agg(titles=pl.len()).sort("titles", "branch", descending=[True, False])
    counted = counted.with_columns(told=each(counted, "titles", tell.number))
    top = counted.row(0, named=True)

    def draw(dark: bool) -> alt.Chart:
        return charts.bars(
            counted, y="branch", value="titles", said="told", dark=dark, sort=counted["branch"].to_list(), fields=("branch",),
            tips=[alt.Tooltip("branch", title=tell.label("branch")), alt.Tooltip("told", title=t("duplicates.missing_titles"))],
        )  # fmt: skip

    told = {
        "titles": titles, "lacking": tell.number(len(by_title)), "branch": top["branch"], "most": top["told"],
        "nowhere": tell.number(int((by_title["copies"] == 0).sum())),
    }  # fmt: skip
    lists = "・".join(duplicates.wanted_lists(at.policy))
    charts.figure(
        "duplicates_missing",
        t("duplicates.missing_found", **told), draw, counted.select("branch", "titles"),
        method=t("duplicates.missing_method", lists=lists, article=duplicates.article(at.policy, "missing") or ""),
        as_of=at.as_of, hint=t("duplicates.narrow"),
        to=lambda mark: narrow(at, branch=(mark["branch"],)),
        named={"titles": t("duplicates.missing_titles")},
    )  # fmt: skip

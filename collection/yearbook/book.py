"""The tables of a fiscal year in their order, and what of them does not agree."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl

from collection import report, years
from collection.policy import Policy
from collection.store import snapshots
from collection.words import say
from collection.yearbook import counts, flows, holdings
from collection.yearbook.counts import Counts
from collection.yearbook.frame import Frame, ordered, spoken_day
from collection.yearbook.layout import Table

ENDS = 5  # years of 所蔵数
BOOKS = ~pl.col("av")


@dataclass(frozen=True)
class Yearbook:
    """All tables of a fiscal year, counted in the snapshot `end`."""

    year: int
    end: Path
    tables: tuple[Table, ...]


def of_year(store: Path, year: int, policy: Policy) -> Yearbook:
    """Count all tables of a fiscal year. Raises: as counts.begin."""
    return whole(counts.begin(store, year, policy))


def whole(own: Counts) -> Yearbook:
    """All tables of the counts of a year."""
    return Yearbook(own.year, own.end, tuple(table(own, number) for number in TABLES))


def table(own: Counts, number: str) -> Table:
    """One of TABLES."""
    frame, made, checks = TABLES[number](own)
    names = "・".join(branch.name for branch in frame.branches[len(own.settings.branches) :])
    if names and own.settings.branches:
        checks = (*checks, say("yearbook.check_branches", branches=names))
    return replace(made, checks=(*made.checks, *checks))


Made = tuple[Frame, Table, tuple[str, ...]]


def _frame(own: Counts, found: dict[str, int]) -> Frame:
    closing = min(snapshots.as_of(own.end), years.last(own.year))
    return Frame(own.year, spoken_day(closing), ordered(own.settings, found), own.settings)


def _of_held(make: Callable[[Frame, pl.DataFrame], Table], which: pl.Expr) -> Callable[[Counts], Made]:
    """A table of what is held at the end of the year, and whether a snapshot lies there."""

    def made(own: Counts) -> Made:
        sizes = own.held.filter(which).group_by("branch").agg(pl.col("items").sum())
        frame = _frame(own, dict(sizes.iter_rows()))
        return frame, make(frame, own.held), _far(own.year, own.end)

    return made


def _years(own: Counts) -> Made:
    """1(3): of each year what the snapshot at its end holds, else the pack's figures; where the data knows nothing
    audio-visual, the pack's figure of that. Of the year itself a later snapshot is counted back when there is nothing better."""
    figures, published, checks = {}, {}, ()
    for year in range(own.year - ENDS + 1, own.year + 1):
        told = own.settings.published.get(year, (None, None, None))
        snapshot = counts.at_end(own.store, year)
        if snapshot is None and year == own.year and told[0] is None and snapshots.as_of(own.end) > years.last(year):
            snapshot = own.end
        if snapshot is None:
            figures[year] = told
            published |= {year: "all"} if told[0] is not None else {}
            continue
        held = own.held if year == own.year else counts.held(snapshot, years.first(year + 1), own.steps, own.settings)
        figures[year] = _kinds(held)
        checks += _far(year, snapshot)
        if figures[year][2] is None and told[2] is not None:
            figures[year], published[year] = (*figures[year][:2], told[2]), "av"
    frame = _frame(own, {})
    checks += _otherwise(own, figures) if published.get(own.year) == "all" else ()
    return frame, flows.by_year(frame, figures, published), checks


def _movement(own: Counts) -> Made:
    """2(3); it says so when it closes with another number than 2(1)."""
    both = own.moved.table.filter(pl.col("kind") == report.BOTH)
    ends = dict(both.select("branch", "holdings_end").iter_rows())
    end, books = ends.pop(report.ALL), own.held.filter(BOOKS)["items"].sum()
    said = {"books": f"{books:,}", "end": f"{end:,}"}
    frame = _frame(own, ends)
    return frame, flows.movement(frame, own.moved), (say("yearbook.check_total", **said),) if end != books else ()


def _loans(own: Counts) -> Made:
    if own.lent is None:
        frame = _frame(own, {})
        return frame, flows.no_loans(frame), ()
    found, months = own.lent
    frame = _frame(own, dict(found.group_by("branch").agg(pl.col("loans").sum()).iter_rows()))
    return frame, flows.loans(frame, found, months), ()


TABLES: dict[str, Callable[[Counts], Made]] = {
    "1(3)": _years,
    "2(1)": _of_held(holdings.classes, BOOKS),
    "2(2)": _of_held(holdings.places, BOOKS),
    "2(3)": _movement,
    "2(4)": _of_held(holdings.audiovisual, pl.col("av")),
    "4(1)": _loans,
}


def _kinds(held: pl.DataFrame) -> flows.Figures:
    """general, children, audio-visual; None for the last where nothing audio-visual is in the data."""
    books = held.filter(BOOKS)
    general, children = (books.filter(pl.col("kind") == kind)["items"].sum() for kind in ("general", "children"))
    return general, children, held.filter("av")["items"].sum() or None


def _otherwise(own: Counts, figures: dict[int, flows.Figures]) -> tuple[str, ...]:
    """That the published figure of the year differs from what the snapshot gives."""
    counted, told = own.held.filter(BOOKS)["items"].sum(), sum(n or 0 for n in figures[own.year][:2])
    said = {"published": f"{told:,}", "counted": f"{counted:,}"}
    return (say("yearbook.check_published", **said),) if counted != told else ()


def _far(year: int, snapshot: Path) -> tuple[str, ...]:
    """That the snapshot of a year does not lie at its end."""
    last, as_of = years.last(year), snapshots.as_of(snapshot)
    near = last <= as_of <= last + timedelta(days=1)
    return () if near else (say("yearbook.check_far", last=last, day=as_of),)

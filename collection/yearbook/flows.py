"""What the years brought: 所蔵数 of five years, 図書受入・除籍状況, 個人貸出の状況."""

import polars as pl

from collection import report, years
from collection.words import say
from collection.yearbook.frame import Frame, headed, short, spoken_day
from collection.yearbook.layout import Column, Row, Table

MOVES = ("purchased", "donated", "reaccessioned"), ("withdrawn", "transferred")
Figures = tuple[int | None, int | None, int | None]  # general, children, audio-visual


def by_year(frame: Frame, figures: dict[int, Figures], published: dict[int, str]) -> Table:
    """1(3): holdings at the ends of years.

    Args:
        figures: by fiscal year; None for what is not known. published: the years of which "all" figures, or only those of
            audio-visual material ("av"), come from the pack.
    """
    heads = ("general_books", "children_books", "books", "av", "total")
    rows = []
    for year, (general, children, av) in figures.items():
        books = None if general is None or children is None else general + children
        rows.append(Row((short(year),), (general, children, books, av, None if books is None else books + (av or 0))))
    told = {what: [year for year, part in published.items() if part == what] for what in ("all", "av")}
    notes = [say(f"yearbook.note_published_{what}", years=_listed(which)) for what, which in told.items() if which]
    blank = [year for year, (general, _, _) in figures.items() if general is None]
    books_only = [year for year, (general, _, av) in figures.items() if general is not None and av is None]
    missing = {"years": blank, "years_av": books_only}
    return Table(
        "1(3)", say("yearbook.table_1(3)"), say("yearbook.unit_all"), say("yearbook.each_end"), (say("yearbook.head_year"),),
        tuple(Column((say(f"yearbook.{head}"),)) for head in heads), tuple(rows),
        (*frame.notes("1(3)"), say("yearbook.note_av"), *notes),
        checks=tuple(say(f"yearbook.check_{what}", years=_listed(which)) for what, which in missing.items() if which),
    )  # fmt: skip


def _listed(which: list[int]) -> str:
    return "・".join(map(short, which))


def movement(frame: Frame, found: report.Year) -> Table:
    """2(3): what came and went, by branch and kind, as 帳簿 counts it; what does not agree is not made to."""
    more, less = (
        [(say(f"yearbook.{side}"), say(f"yearbook.{name}")) for name in (*names, "total")]
        for side, names in zip(("increase", "decrease"), MOVES, strict=True)
    )
    start = spoken_day(years.last(frame.year - 1))
    ends = [(say("yearbook.holdings_on", day=day), None) for day in (start, frame.closing)]
    heads = (ends[0], *more, *less, (say("yearbook.moves"), None), ends[1], (say("yearbook.net"), None))
    figures = {(branch, kind): values for branch, kind, *values in found.table.iter_rows()}
    nothing = [0] * len(report.COUNTED)
    labelled = [(branch.name, headed(branch, branch.head)) for branch in frame.branches]
    rows = [
        Row((*labels, report.kind_word(kind)), tuple(figures.get((name, kind), nothing)), kind == report.BOTH)
        for name, labels in (*labelled, (report.ALL, (say("yearbook.total"), None)))
        for kind in report.KINDS
    ]
    out = found.split.filter(pl.col("branch") == report.ALL).row(0, named=True)
    parts = {"all": out["discarded"] + out["given"], "discarded": out["discarded"], "given": out["given"]}
    split = say("yearbook.note_split", **{name: f"{items:,}" for name, items in parts.items()})
    return Table(
        "2(3)", say("yearbook.table_2(3)"), say("yearbook.unit_books"), "", (say("yearbook.head_branch"), None, say("yearbook.head_kind")),
        tuple(map(Column, heads)), tuple(rows), (*frame.notes("2(3)"), split, say("yearbook.note_transfer")),
        (say("books.report_rule"),), (*found.notes, *report.failures(found.table), *report.reasons(found)),
    )  # fmt: skip


def loans(frame: Frame, found: pl.DataFrame, months: dict[int, tuple[int, int]]) -> Table:
    """4(1): loans by branch and year and their mean by open day; a year without any figures stays blank.

    The mean of all is the sum of the branches' means, as the yearbook has it. Args: see counts.loans.
    """
    lent = {tuple(key): items for *key, items in found.iter_rows()}
    lends_av = any(kind == "av" for _, _, kind in lent)
    rows, checks = [], []
    for year, (first, last) in months.items():
        own = []
        for branch in frame.branches:
            days = frame.settings.open_days.get((year, branch.name))
            counts = [lent.get((year, branch.name, kind), 0) for kind in ("general", "children", "av")]
            own.append(_lent(days, *counts, lends_av) if first <= last else (days, *[None] * 6))
            rows.append(Row((short(year), branch.head), own[-1]))
        sums = [None if None in values else sum(values) for values in zip(*own, strict=True)]
        rows.append(Row((short(year), say("yearbook.total")), (None, *sums[1:]), True))
        closed = "・".join(b.head for b in frame.branches if (year, b.name) not in frame.settings.open_days)
        if closed:
            checks.append(say("yearbook.check_days", year=years.spoken(year), branches=closed))
        if last - first < 11:
            checks.append(say("yearbook.check_months", year=years.spoken(year), n=max(last - first + 1, 0)))
    lending, books = say("yearbook.lent"), say("yearbook.books_lent")
    heads = (
        (say("yearbook.open_days"), None, None), *((lending, books, say(f"yearbook.{name}")) for name in ("adults", "minors", "sum")),
        *((lending, say(f"yearbook.{name}"), None) for name in ("av", "total", "mean")),
    )  # fmt: skip
    if not lends_av:
        checks.append(say("yearbook.check_av_lent"))
    return _loans_table(frame, tuple(map(Column, heads)), tuple(rows), (), tuple(checks))


def no_loans(frame: Frame) -> Table:
    """4(1) where no loans were counted yet."""
    return _loans_table(frame, (), (), (say("yearbook.no_loans"),), ())


def _loans_table(frame: Frame, columns: tuple, rows: tuple, notes: tuple, checks: tuple) -> Table:
    return Table(
        "4(1)", say("yearbook.table_4(1)"), say("yearbook.unit_all"), "", (say("yearbook.head_year"), say("yearbook.head_library")),
        columns, rows, (*frame.notes("4(1)"), *notes), tuple(say(f"yearbook.method_{what}") for what in ("loans", "mean", "persons")), checks,
    )  # fmt: skip


def _lent(days: int | None, general: int, children: int, av: int, lends_av: bool) -> tuple:
    whole = general + children + av
    mean = (2 * whole + days) // (2 * days) if days else None
    return (days, general, children, general + children, av if lends_av else None, whole, mean)

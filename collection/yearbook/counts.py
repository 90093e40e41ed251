"""What the yearbook counts: holdings of a day, and loans of fiscal years, as small tables by branch and kind."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from collection import books, facts, report, years
from collection.policy import Policy
from collection.store import snapshots
from collection.store.connection import connect, connect_flags, sql
from collection.words import Problem
from collection.yearbook.settings import Settings, read

AV = ("cassette", "cd", "video", "dvd", "daisy")  # 視聴覚資料; everything else is counted among books
YEARS = 3  # of loans
Lent = tuple[pl.DataFrame, dict[int, tuple[int, int]]]


@dataclass(frozen=True)
class Counts:
    """What the tables of a fiscal year are made of; each part is counted when a table first asks for it.

    Attributes:
        end: the snapshot of the year's end, as 図書受入・除籍状況 chooses it.
    """

    store: Path
    year: int
    settings: Settings
    end: Path

    @cached_property
    def held(self) -> pl.DataFrame:
        """What is on the books at the end of the year; see `held`."""
        return held(self.end, years.first(self.year + 1), self.steps, self.settings)

    @cached_property
    def moved(self) -> report.Year:
        """What came and went in the year."""
        return report.of_year(self.store, self.year)

    @cached_property
    def lent(self) -> Lent | None:
        """The loans of YEARS fiscal years; see `lent`."""
        return lent(self.store, self.end, self.year)

    @cached_property
    def steps(self) -> pl.DataFrame:
        """The steps of all roads, as `held` needs them."""
        return books.read(self.store, sql("queries/report_steps").format(roads=books.roads()), {}, report.STEPS)


def begin(store: Path, year: int, policy: Policy) -> Counts:
    """The counts of a fiscal year, nothing counted yet.

    Raises:
        Problem: no snapshot, a year that has not begun, or a file of the pack's yearbook that cannot be read.
    """
    if years.first(year) > date.today():
        raise Problem("books.year_to_come", year=years.spoken(year))
    snapshots.need(store)
    end = snapshots.newest(store, until=years.first(year + 1)) or snapshots.all(store)[0]
    return Counts(store, year, read(policy.folder), end)


def at_end(store: Path, year: int) -> Path | None:
    """The newest snapshot of a fiscal year, that of 1 April after it at best; None when the year has none."""
    found = snapshots.newest(store, until=years.first(year + 1))
    return found if found and snapshots.as_of(found) > years.first(year) else None


def held(snapshot: Path, day: date, steps: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """What is on the books when a day begins, counted as 図書受入・除籍状況 does.

    Returns:
        branch, kind (general, children), shelf_class (0–9, K, -), location, told (the words of places.csv in its note),
        material, av (whether it is audio-visual), ndc (of audio-visual material only), items.
    """
    _, _, rows = sql("queries/report_on_books").format(day=day, snapshot="of_day").partition("\nFROM ")
    told = [word for *_, word in settings.places if word]
    with connect(attach={"of_day": snapshot}) as connection:
        connection.register("steps", steps)
        query = sql("queries/yearbook_held").format(rows=rows)
        return connection.sql(query, params={"av": list(AV), "words": told}).pl()


def lent(store: Path, snapshot: Path, year: int) -> Lent | None:
    """The loans of YEARS fiscal years, from the flags of a snapshot, or the newest ones; None when none were made.

    Returns:
        fiscal_year, branch, kind (general, children, av), loans; and for each year the first and the last month with
        figures (months since year 0), the first after the last when it has none.
    """
    flags = snapshots.flags_of(snapshot) or snapshots.newest_flags(store)
    if flags is None:
        return None
    first = year - YEARS + 1
    with connect_flags(flags) as connection:
        if not connection.execute(sql("queries/flag_tables")).fetchall():
            return None
        asked = {"av": list(AV), "first": first, "last": year}
        found = connection.sql(sql("queries/yearbook_loans"), params=asked).pl()
        known = connection.execute(sql("queries/yearbook_months")).fetchone()
    start, end = known if known[0] is not None else (1, 0)
    months = {
        each: (max(start, facts.month_number(years.first(each))), min(end, facts.month_number(years.last(each))))
        for each in range(first, year + 1)
    }
    return found, months

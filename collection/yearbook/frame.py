"""What all tables of the yearbook share: the branches in their order, the notes of the pack, years and days as it writes them."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from collection import words, years
from collection.words import say
from collection.yearbook.layout import Column
from collection.yearbook.settings import Branch, Settings

EVERYWHERE = "*"  # key of the column over all branches
ERAS = {"令和": "R", "平成": "H", "昭和": "S", "大正": "T", "明治": "M"}


@dataclass(frozen=True)
class Frame:
    """A fiscal year: its closing day in words, the branches in the order of the yearbook, and what the pack says."""

    year: int
    closing: str
    branches: tuple[Branch, ...]
    settings: Settings

    @property
    def as_of(self) -> str:
        """（令和7年3月31日現在）."""
        return say("yearbook.at_close", day=self.closing)

    def notes(self, number: str) -> tuple[str, ...]:
        """The pack's notes under a table."""
        return tuple(f"{note.mark}{note.text}" for note in self._notes(number))

    def columns(self, number: str, form: str) -> tuple[Column, ...]:
        """A column a branch, headed with the marks of its notes, and one for all."""
        marks = {branch.name: "" for branch in self.branches}
        marks |= {note.branch: note.mark for note in self._notes(number)}
        own = [Column(headed(branch, branch.head + marks[branch.name]), form, branch.name) for branch in self.branches]
        return (*own, Column((say("yearbook.total"), None), form, EVERYWHERE))

    def across(self, cells: dict[tuple[str, str], int], values: tuple[str, ...]) -> tuple[int, ...]:
        """The items of some values at each branch, and at all of them. cells: (branch, value) → items."""
        own = [sum(cells.get((branch.name, value), 0) for value in values) for branch in self.branches]
        return (*own, sum(own))

    def _notes(self, number: str) -> list:
        return [note for note in self.settings.notes if number in note.tables and note.first <= self.year <= note.last]


def ordered(settings: Settings, found: dict[str, int]) -> tuple[Branch, ...]:
    """The branches of the pack in its order, then those only the data has (name → items), the largest first."""
    known = {branch.name for branch in settings.branches}
    others = sorted(found.keys() - known, key=lambda name: (-found[name], name))
    return (*settings.branches, *(Branch(name, name) for name in others))


def headed(branch: Branch, head: str) -> tuple[str, str | None]:
    """The two levels of a branch's head: its group and its own, or its own over both."""
    return (branch.group, head) if branch.group else (head, None)


def cells(found: pl.DataFrame, column: str) -> dict[tuple[str, str], int]:
    """(branch, value of the column) → items."""
    summed = found.group_by("branch", column).agg(pl.col("items").sum())
    return {(branch, value): items for branch, value, items in summed.iter_rows()}


def short(year: int) -> str:
    """R6 for 令和6年度; FY2024 in English."""
    if words.language.get() == "en":
        return f"FY{year}"
    start, era = next(known for known in years.ERAS if year >= known[0])
    return f"{ERAS[era]}{year - start + 1}"


def spoken_day(day: date) -> str:
    """令和7年3月31日; 2025-03-31 in English."""
    if words.language.get() == "en":
        return day.isoformat()
    start, era = next(known for known in years.ERAS if years.of(day) >= known[0])
    return f"{era}{day.year - start + 1}年{day.month}月{day.day}日"

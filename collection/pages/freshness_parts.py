"""鮮度: what its four views share."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from collection import measures, words
from collection.measures import Scope
from collection.pages.tell import t
from collection.policy import Policy


@dataclass(frozen=True)
class At:
    """What is looked at. places: where items stand, of the whole library."""

    snapshot: Path
    flags: Path
    policy: Policy
    as_of: date
    scope: Scope
    places: tuple[str, ...]

    @property
    def shelves(self) -> Scope:
        """The part of the scope whose freshness counts: the places chosen, or else the open shelves."""
        return self.scope if self.scope.location else replace(self.scope, location=("open",))

    def ndc(self, prefix: str | None) -> str | None:
        """The filter of a class that is looked at: the scope's own, where that is the narrower one."""
        return max(self.scope.ndc, prefix or "", key=len) or None

    @property
    def place(self) -> str:
        """The places of `shelves` in words."""
        return places(self.shelves.location)

    @property
    def year(self) -> int:
        """The last whole fiscal year."""
        return measures.year_of(self.as_of)

    @property
    def this_year(self) -> int:
        """The year from which the flags count years since publication."""
        return self.policy.on.year


def places(codes: tuple[str, ...]) -> str:
    """Places in words: 書庫・調査相談."""
    return "・".join(words.code("location", code) for code in codes)


def what(scope: Scope) -> str:
    """The classes of a scope in words: 4 自然科学, 分類49, or 蔵書."""
    named = [words.code("shelf_class", mark) for mark in scope.shelf_class]
    if scope.ndc:
        named.append(t("freshness.of_class", ndc=scope.ndc))
    return "・".join(named) or t("freshness.holdings")

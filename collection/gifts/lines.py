"""An offer and its lines as data. A line is one title of an offer; its number is the offer's ticket number and its place."""

from dataclasses import dataclass

import polars as pl

from collection.selection.facts import TEXTS, TITLE

WAYS = ("gift", "deposit")
CATEGORIES = ("person", "group", "author", "publisher", "office", "other")  # of who offers: all that is kept of them
CONDITIONS = ("good", "repairable", "soiled", "damaged")
FACTS = (*TEXTS, "price", "pub_year", "copies", "condition", "note", "chosen")  # what an event keeps of a line
DECIDED = (
    "take",
    "items",
    "proposal",
    "why",
    "rule",
)  # and of a decision: copies to take, their numbers, what was proposed and why
OPEN = ("offered", "accepted")  # states in which a title may still come
NONE = "-"  # of `chosen`: a person said that none of the holdings is the same
LINE = {
    "line": pl.String, "ticket": pl.String, "place": pl.Int64, "state": pl.String, "seq": pl.Int64, "on_day": pl.String,
    "by": pl.String, "reason": pl.String, "clause": pl.String,
    **{name: TITLE[name] for name in (*TEXTS, "price", "pub_year")},
    "copies": pl.Int64, "condition": pl.String, "note": pl.String, "chosen": pl.String,
    "take": pl.Int64, "items": pl.List(pl.String), "proposal": pl.String, "why": pl.String, "rule": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """One offer.

    Attributes:
        way: of WAYS. category: of CATEGORIES. conditions: what was asked for with it. named: the named collection wished for.
        on_day, by: when it was noted, and by whom of the staff. counts: state → how many of its lines stand in it.
    """

    ticket: str
    seq: int
    way: str
    category: str
    conditions: str
    named: str
    on_day: str
    by: str
    counts: dict[str, int]

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return sum(self.counts.values())


def frame(rows: list[dict]) -> pl.DataFrame:
    """Lines with the columns of LINE; what a dict does not say is null, `copies` 1."""
    told = [{"copies": 1, **{name: row[name] for name in LINE if row.get(name) is not None}} for row in rows]
    return pl.DataFrame(told, schema=LINE)


def kept(row: dict, *names: str) -> dict:
    """What an event keeps of a line: FACTS, and other names, that are known."""
    return {name: row[name] for name in (*FACTS, *names) if row.get(name) not in (None, "", [])}

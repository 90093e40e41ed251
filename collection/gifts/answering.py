"""The answer to who offered: by ticket number, what was taken and what was not, why, and what becomes of it. Names nobody."""

import polars as pl

from collection import paper, words
from collection.gifts.keeping import treatment
from collection.gifts.lines import Offer
from collection.policy.model import Policy
from collection.policy.pieces import rule_of
from collection.selection.told import article
from collection.words import say

TAKEN, NOT_TAKEN = ("accepted", "received"), ("declined", "returned", "passed_on", "disposed")


def text(policy: Policy, offer: Offer, found: pl.DataFrame) -> str:
    """The answer as plain text in the present language.

    Args:
        found: the offer's lines (LINE).
    """
    taken, declined, open_now = _parts(found)
    parts = [
        say(f"gifts.slip_greeting_{offer.way}", ticket=offer.ticket),
        _listed("gifts.slip_taken", taken, [_named(row) for row in taken.iter_rows(named=True)]),
        say("gifts.slip_named", named=offer.named) if offer.named and len(taken) else "",
        _listed("gifts.slip_declined", declined,
                [f"{_named(row)}　{_why(policy, row)}" for row in declined.iter_rows(named=True)]),
        say(f"gifts.slip_then_{treatment(policy, offer.way)}") if len(declined) else "",
        _listed("gifts.slip_open", open_now, [_named(row) for row in open_now.iter_rows(named=True)]),
        policy.library[words.language.get()],
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def pdf(policy: Policy, offer: Offer, found: pl.DataFrame, day: str) -> bytes:
    """The answer on paper: the same, the lines as tables."""
    taken, declined, open_now = _parts(found)
    sections = [
        _section("slip_taken", taken, [[_title(row), _copies(row)] for row in taken.iter_rows(named=True)], ("title", "copies")),
        _section("slip_declined", declined, [[_title(row), _copies(row), _why(policy, row)] for row in declined.iter_rows(named=True)],
                 ("title", "copies", "reason")),
        _section("slip_open", open_now, [[_title(row), _copies(row)] for row in open_now.iter_rows(named=True)], ("title", "copies")),
    ]  # fmt: skip
    told = [say("gifts.slip_named", named=offer.named)] if offer.named and len(taken) else []
    told += [say(f"gifts.slip_then_{treatment(policy, offer.way)}")] if len(declined) else []
    return paper.pdf("sections", {
        "library": policy.library[words.language.get()], "title": say("gifts.slip_title", ticket=offer.ticket),
        "as_of": say("books.made_on", day=day), "landscape": False, "facts": [],
        "sections": [
            {"heading": words.code("way", offer.way), "told": [say(f"gifts.slip_greeting_{offer.way}", ticket=offer.ticket), *told],
             "head": [], "rows": [], "widths": [], "right": [], "note": ""},
            *(part for part in sections if part["rows"]),
        ],
    })  # fmt: skip


def _parts(found: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The lines that were taken, those that were not, and those that are not decided."""
    return tuple(found.filter(pl.col("state").is_in(states)) for states in (TAKEN, NOT_TAKEN, ("offered",)))


def _listed(key: str, found: pl.DataFrame, rows: list[str]) -> str:
    return "\n".join([say(key, n=len(found)), *(f"・{row}" for row in rows)]) if rows else ""


def _named(row: dict) -> str:
    return f"{_title(row)}　{_copies(row)}"


def _title(row: dict) -> str:
    """Title and volume with the author; the ISBN where no title is known."""
    title = " ".join(row[name] for name in ("title", "volume") if row[name]) or f"ISBN {row['isbn']}"
    author = (row["author"] or "").replace(";", "、")
    return f"{title} ／ {author}" if author else title


def _copies(row: dict) -> str:
    return say("screens.books", n=row["take"] if row["state"] in TAKEN and row["take"] else row["copies"])


def _why(policy: Policy, row: dict) -> str:
    """Why a line was not taken, as it can be told outside, with the clause."""
    said = say(f"gifts.slip_why_{row['why'] or 'committee'}")
    return (
        said + say("gifts.slip_clause", clause=article(policy, rule_of(policy, row["rule"]))) if row["rule"] else said
    )


def _section(key: str, found: pl.DataFrame, rows: list[list[str]], head: tuple[str, ...]) -> dict:
    shown, note = paper.cut(rows)
    widths = {"title": 5, "copies": 1, "reason": 5}
    return {
        "heading": say(f"gifts.{key}", n=len(found)), "told": [], "head": [say(f"gifts.head_{name}") for name in head],
        "rows": shown, "widths": [widths[name] for name in head], "right": [1], "note": note,
    }  # fmt: skip

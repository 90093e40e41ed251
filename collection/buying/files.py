"""The list as a file for the meeting, and the order list, in the words of the present language."""

import polars as pl

from collection import sheets, words
from collection.buying import lines, orders
from collection.candidates import coded
from collection.words import code, say, table

LISTED = (
    "rank", "no", "state", "title", "volume", "author", "publisher", "edition", "pub_year", "isbn", "ndc", "sources", "verdict",
    "reason", "article", "preferred", "requests", "holds", "replaced", "gap", "points",
    "author_copies", "author_per_copy", "author_never", "class_copies", "class_per_copy", "class_never",
    "series_copies", "series_per_copy", "series_never",
    "places", "copies", "price", "cost", "total", "for", "against", "later",
)  # fmt: skip
TRUTHS = ("preferred", "replaced", "gap")


def heading(column: str) -> str:
    """The name of a column in the present language: this list's own, else the glossary's."""
    own = f"head_{column}"
    return say(f"buying.{own}") if own in table("buying") else sheets.heading(column)


def listed(found: pl.DataFrame) -> pl.DataFrame:
    """The lines as a table; of a later view without what was weighed before."""
    spoken = found.with_columns(
        state(), sources(), places(),
        coded("taking", "verdict"),
        *(pl.when(pl.col(name)).then(pl.lit("○")).otherwise(pl.lit("")).alias(name) for name in TRUTHS if name in found.columns),
        *(pl.col(name).round(2) for name in found.columns if name.endswith(("_per_copy", "_never"))),
    )  # fmt: skip
    return spoken.select(name for name in LISTED if name in spoken.columns).rename(heading)


def ordered(found: pl.DataFrame) -> pl.DataFrame:
    """The order list of lines: a row for each branch and title."""
    return orders.rows(found).rename(heading)


def state() -> pl.Expr:
    """Where a line stands, in words."""
    known = {name: code("purchase_state", name) for name in table("codes")["purchase_state"]}
    return pl.col("state").replace(known | {"none": say("buying.state_none")}).alias("state")


def sources() -> pl.Expr:
    """What asks for a line, each kind once, in words."""
    named = {kind: say(f"buying.source_{kind}") for kind in lines.KINDS}
    kinds = (
        pl.col("sources").list.eval(pl.element().struct.field("kind").replace(named)).list.unique(maintain_order=True)
    )
    return kinds.list.join(say("policy.dot")).alias("sources")


def places() -> pl.Expr:
    """Branches with their copies: 北口図書館 1・鳴尾図書館 2."""
    each = pl.format("{} {}", pl.element().struct.field("branch"), pl.element().struct.field("copies"))
    return pl.col("places").list.eval(each).list.join(say("policy.dot")).alias("places")


def source_word(kind: str) -> str:
    """What asks for a line, in words."""
    return words.say(f"buying.source_{kind}")

"""The rows of 購入の検討 as tables show them: the columns of each view, their words and widths."""

import polars as pl

from collection import duplicates
from collection.buying import files, voting
from collection.pages import buying_ready, tell
from collection.pages.buying_parts import At
from collection.pages.tell import t

WIDE = {
    "considered": ("rank", "title", "author", "ndc", "sources", "verdict", "copies", "cost", "total", "points", "votes", "state"),
    "chosen": ("no", "title", "author", "ndc", "sources", "places", "copies", "price", "cost", "total"),
    "ordered": ("order", "no", "title", "author", "isbn", "places", "copies", "cost", "day", "state"),
}  # fmt: skip
NARROW = {  # beside the card
    "considered": ("rank", "title", "verdict", "cost", "total", "votes", "state"),
    "chosen": ("no", "title", "copies", "cost", "total"),
    "ordered": ("order", "title", "copies", "cost", "state"),
}  # fmt: skip
WIDTHS = {
    "rank": 45, "no": 90, "order": 82, "title": 225, "author": 110, "ndc": 62, "sources": 112, "verdict": 118, "copies": 50,
    "price": 65, "cost": 70, "total": 88, "points": 45, "votes": 92, "state": 80, "places": 190, "isbn": 110, "day": 86,
}  # fmt: skip
FIGURES = ("rank", "copies", "price", "cost", "total", "points")
HELPED = ("rank", "total", "verdict", "points", "copies")
MARKS = {"for": "○", "against": "×", "later": "…"}
FIRST = "◎"  # before the title of what is collected with priority


def tallied(at: At, found: pl.DataFrame) -> pl.DataFrame:
    """The lines with what the members' opinions make of them (voting.VOTED); null for one that nobody proposed."""
    nos = found["no"].drop_nulls().to_list()
    tally = voting.outcomes(nos, buying_ready.ballots(at), buying_ready.members(), at.policy)
    return found.join(tally, on="no", how="left", maintain_order="left")


def cells(at: At, found: pl.DataFrame) -> pl.DataFrame:
    """The lines in words: their key, and every column that a view shows."""
    votes = [pl.format(f"{mark} {{}}", pl.col(opinion)) for opinion, mark in MARKS.items()]
    marked = {name: pl.when(pl.col(column)).then(pl.lit(f"{mark} ")).otherwise(pl.lit(""))
              for name, column, mark in (("title", "preferred", FIRST), ("state", "over", t("buying.over")))}  # fmt: skip
    return tallied(at, found).select(
        "key", "no", "order", "isbn", "ndc", "rank", "copies", "price", "cost", "total", "points",
        pl.concat_str(marked["title"], tell.title_of()).alias("title"), tell.author_of(), files.sources(), files.places(),
        pl.concat_str(marked["state"], files.state()).alias("state"),
        pl.col("verdict").replace({code: tell.taking(code) for code in tell.TAKINGS}),
        votes=pl.when(pl.col("cast") > 0).then(pl.concat_str(votes, separator="  ")),
        day=pl.coalesce("delivered_on", "ordered_on"),
    )  # fmt: skip


def ink(cell: str | None) -> str:
    """The colour of a verdict's cell."""
    colours = {tell.taking(code): told[3 if tell.dark() else 2] for code, told in tell.TAKINGS.items()}
    return f"color: {colours.get(cell, '')}; font-weight: 600"


def help_of(at: At, column: str) -> str | None:
    """What a heading means, where it needs telling; of the copies with the clause, where the pack has it."""
    if column not in HELPED:
        return None
    clause = duplicates.article(at.policy, "asked_for") if column == "copies" else None
    return t(f"buying.help_{column}") + (t("buying.by_clause", article=clause) if clause else "")

"""A line of the buying list as data: a title, what asks for it, and how many copies are to stand where.

Frames of lines have the columns of LINE; `no` is the number of a line that people keep, null for one that only the facts
of the day ask for.
"""

import polars as pl

from collection.selection import same
from collection.selection.facts import TEXTS

KINDS = ("request", "vendor", "holds", "replace", "worn", "listed", "known")  # what may ask for a line
AGAIN = ("holds", "replace", "worn", "listed")  # of these the library has the title, and wants one more copy
SOURCE = pl.Struct({"kind": pl.String, "of": pl.String})  # of: number of the request or item, name of the file or list
PLACE = pl.Struct({"branch": pl.String, "copies": pl.Int64})
TITLE = dict.fromkeys(TEXTS, pl.String) | {"price": pl.Int64, "pub_year": pl.Int64}
LINE = {
    "no": pl.String, **TITLE, "bib_id": pl.String, "sources": pl.List(SOURCE), "places": pl.List(PLACE), "wanted": pl.Int64,
}  # fmt: skip
CHILD, NONE = "K", "-"


def frame(rows: list[dict] | pl.DataFrame) -> pl.DataFrame:
    """Lines of rows, or of a frame; what they do not say is null, sources and places are empty lists then."""
    if not isinstance(rows, pl.DataFrame):
        rows = pl.DataFrame([{name: row.get(name) for name in LINE} for row in rows], schema=LINE)
    told = [
        pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, kind).alias(name)
        for name, kind in LINE.items()
    ]
    return rows.select(told).with_columns(pl.col("sources", "places").fill_null([]))


def of_kind(*kinds: str) -> pl.Expr:
    """Whether one of the kinds asks for a line."""
    return pl.col("sources").list.eval(pl.element().struct.field("kind").is_in(kinds)).list.any()


def count_of(kind: str) -> pl.Expr:
    """How many sources of a kind ask for a line."""
    return pl.col("sources").list.eval(pl.element().struct.field("kind") == kind).list.sum().cast(pl.Int64)


def copies() -> pl.Expr:
    """The copies of a line; null where no branch is named, which nobody has decided yet."""
    named = pl.col("places").list.len() > 0
    return (
        pl.when(named).then(pl.col("places").list.eval(pl.element().struct.field("copies")).list.sum()).alias("copies")
    )


def mark() -> pl.Expr:
    """The shelf class of a line: K, the first digit of its class, or - where it has none."""
    digit = pl.col("ndc").str.slice(0, 1).fill_null(NONE)
    return pl.when(pl.col("audience").eq("child").fill_null(False)).then(pl.lit(CHILD)).otherwise(digit)


def section() -> pl.Expr:
    """The class of three digits, with K before it for children's books; null where it is not told as finely."""
    digits = pl.col("ndc").str.slice(0, 3)
    child = pl.when(pl.col("audience").eq("child").fill_null(False)).then(pl.lit(CHILD)).otherwise(pl.lit(""))
    return pl.when(digits.str.len_chars() == 3).then(child + digits)


def together(found: pl.DataFrame) -> pl.DataFrame:
    """Lines of which no two are the same title; what people keep stays as it is, but with all that asks for it.

    Args:
        found: lines, those that are kept before the others.

    Returns:
        one line for each title: of several every field from the first that has it, every source once, at each branch the
        most copies that one of them asks for, and the largest `wanted`.
    """
    found = found.with_columns(owner=owners(found)).with_row_index("row").cast({"row": pl.Int64})
    kept = pl.col("no").first().over("owner").is_not_null()
    alone = ~kept | (pl.col("row") == pl.col("owner"))
    found = found.with_columns(pl.when(alone).then(pl.col(name)) for name in (*TITLE, "bib_id", "places"))
    by_branch = found.select("owner", "places").explode("places").drop_nulls().unnest("places")
    places = (
        by_branch.group_by("owner", "branch", maintain_order=True)
        .agg(pl.col("copies").max())
        .group_by("owner", maintain_order=True)
        .agg(places=pl.struct("branch", "copies"))
    )
    return frame(
        found.group_by("owner", maintain_order=True)
        .agg(
            *(pl.col(name).drop_nulls().first() for name in ("no", *TITLE, "bib_id")),
            pl.col("sources").explode().drop_nulls().unique(maintain_order=True),
            pl.col("wanted").max(),
        )
        .join(places, on="owner", how="left", maintain_order="left")
    )


def owners(found: pl.DataFrame) -> pl.Series:
    """For each row the row of the line it belongs to. Of two titles that only a third makes one, each stays by itself."""
    kept = found["no"].is_not_null().to_list()
    own = list(range(len(found)))
    for row, earlier in same.pairs(found.drop("row", strict=False).with_row_index("row")).rows():
        if own[row] == row and own[earlier] == earlier and not kept[row]:
            own[row] = earlier
    return pl.Series(own, dtype=pl.Int64)

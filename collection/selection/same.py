"""Which of several titles on offer are the same: asked for twice, or asked for while on order."""

import polars as pl

from collection.sources.normalise import match_key

ORDER = "order"


def says_nothing(title: pl.Expr) -> pl.Expr:
    """Whether a title cannot be looked for: blank, or marks only."""
    return title.map_batches(match_key, return_dtype=pl.String).fill_null("") == ""


def pairs(titles: pl.DataFrame) -> pl.DataFrame:
    """row, earlier: two titles are the same when their ISBN is, or, where one has none, title, volume and edition are and
    nothing speaks against it: the authors, where both are named, share their beginning.

    Args:
        titles: row, title, author, volume, edition, isbn; the earlier ones first.

    Returns:
        one row for each title and each earlier one that is the same, in that order.
    """
    keys = titles.select(
        "row", "isbn",
        title=match_key(titles["title"]),
        author=match_key(titles["author"].str.split(";").list.first()),
        volume=match_key(titles["volume"].fill_null("")),
        edition=match_key(titles["edition"].fill_null("")),
    ).with_row_index(ORDER)  # fmt: skip
    by_isbn = keys.filter(pl.col("isbn").is_not_null())
    by_title = keys.filter(pl.col("title") != "")
    same_isbn = by_isbn.join(by_isbn, on="isbn", suffix="_of")
    same_title = by_title.join(by_title, on=["title", "volume", "edition"], suffix="_of").filter(
        pl.col("isbn").is_null() | pl.col("isbn_of").is_null(), _agree(pl.col("author"), pl.col("author_of"))
    )
    return (
        pl.concat(
            [found.select("row", ORDER, earlier="row_of", before=f"{ORDER}_of") for found in (same_isbn, same_title)]
        )
        .filter(pl.col("before") < pl.col(ORDER))
        .unique()
        .sort(ORDER, "before")
        .select("row", "earlier")
    )


def first_standing(pairs: pl.DataFrame, standing: set[int]) -> dict[int, int]:
    """row → the first earlier row of the same title, of those that stand and are not themselves the same as one that stood."""
    found: dict[int, int] = {}
    for row, earlier in pairs.iter_rows():
        if row not in found and earlier in standing and earlier not in found:
            found[row] = earlier
    return found


def _agree(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether two authors may be one: either is not named, or one name begins with the other."""
    return (one.is_null() | other.is_null() | one.str.starts_with(other) | other.str.starts_with(one)).fill_null(True)

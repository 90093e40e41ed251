"""What the library's own use says of a line: how the books of its author, its class and its series are lent."""

import duckdb
import polars as pl

from collection import works
from collection.buying import lines
from collection.sources.normalise import match_key
from collection.store.connection import sql

KINDS = ("author", "class", "series")
FIGURES = ("copies", "per_copy", "never")
NUMBER = r"\s*[;；].*$|[\s(（]*(?:第|no\.?|vol\.?)?\s*\d+[巻号集]?[)）]*$"  # of a volume of a series, behind its name
NAMES = {"kind": pl.String, "text": pl.String, "key": pl.String}


def names(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """NAMES: the key of every first author and every series of the records, which do not change within a snapshot."""
    found = cursor.sql(sql("queries/buying_names")).pl()
    kinds = [
        found.filter(kind=kind).with_columns(key=pl.col("text").map_batches(KEYS[kind], return_dtype=pl.String))
        for kind in KEYS
    ]
    return pl.concat(kinds).filter(pl.col("key") != "").select(list(NAMES))


def author_key(authors: pl.Series) -> pl.Series:
    """The key of the first author: what authors do (著, 編 …) and all others left out."""
    first = authors.str.split(";").list.first().str.strip_chars().str.replace(works.ROLE, "")
    return match_key(first)


def series_key(series: pl.Series) -> pl.Series:
    """The key of a series without the number of the volume."""
    return match_key(series.str.replace(f"(?i){NUMBER}", ""))


KEYS = {"author": author_key, "series": series_key}


def of(cursor: duckdb.DuckDBPyConnection, found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """What the use of the held copies says of each line.

    Args:
        found: lines. known: from `names`.

    Returns:
        for each line in its order, and for each of KINDS: <kind>_copies, the held copies; <kind>_per_copy, their loans of the
        last twelve months ÷ copies; <kind>_never, the share (0–1) of copies never lent. Null where nothing is held or the line
        names none.
    """
    keys = found.select(
        author=author_key(found["author"]), series=series_key(found["series"]), **{"class": lines.section()}
    )
    asked = pl.concat([keys.select(kind=pl.lit(kind), key=kind) for kind in KINDS]).filter(pl.col("key") != "").unique()
    sections = asked.filter(kind="class").with_columns(text="key")
    meant = pl.concat([known.join(asked, on=["kind", "key"], how="semi"), sections.select(list(NAMES))])
    cursor.register("meant", meant.to_arrow())
    used = cursor.sql(sql("queries/buying_use")).pl()
    cursor.unregister("meant")
    for kind in KINDS:
        told = used.filter(kind=kind).select(
            pl.col("key").alias(kind), pl.col("copies").alias(f"{kind}_copies"),
            (pl.col("loans") / pl.col("copies")).alias(f"{kind}_per_copy"),
            (pl.col("never_lent") / pl.col("copies")).alias(f"{kind}_never"),
        )  # fmt: skip
        keys = keys.join(told, on=kind, how="left", maintain_order="left")
    return keys.select(f"{kind}_{figure}" for kind in KINDS for figure in FIGURES)

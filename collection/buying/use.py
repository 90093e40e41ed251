"""What the library's own use says of a line: how the books of its author, its class and its series are lent."""

from math import ceil

import duckdb
import polars as pl

from collection import forecast, works
from collection.buying import lines
from collection.policy import Policy
from collection.sources.normalise import match_key
from collection.store.connection import sql

EACH = "複本1冊の年間貸出"
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
        last twelve months ÷ copies; <kind>_never, the share (0–1) of copies never lent; <kind>_forecast, loans foreseen of a copy in the next
        twelve (null without a forecast). Null where nothing is held or the line names none.
    """
    keys = found.select(
        author=author_key(found["author"]), series=series_key(found["series"]), **{"class": lines.section()}
    )
    asked = pl.concat([keys.select(kind=pl.lit(kind), key=kind) for kind in KINDS]).filter(pl.col("key") != "").unique()
    sections = asked.filter(kind="class").with_columns(text="key")
    meant = pl.concat([known.join(asked, on=["kind", "key"], how="semi"), sections.select(list(NAMES))])
    forecast.attach(cursor)
    cursor.register("meant", meant.to_arrow())
    used = cursor.sql(sql("queries/buying_use")).pl()
    cursor.unregister("meant")
    for kind in KINDS:
        told = used.filter(kind=kind).select(
            pl.col("key").alias(kind), pl.col("copies").alias(f"{kind}_copies"),
            (pl.col("loans") / pl.col("copies")).alias(f"{kind}_per_copy"),
            (pl.col("never_lent") / pl.col("copies")).alias(f"{kind}_never"),
            pl.when(pl.col("told") > 0).then(pl.col("foreseen") / pl.col("told")).alias(f"{kind}_forecast"),
        )  # fmt: skip
        keys = keys.join(told, on=kind, how="left", maintain_order="left")
    return keys.select(f"{kind}_{figure}" for kind in KINDS for figure in (*FIGURES, "forecast"))


def advised(line: dict, policy: Policy) -> tuple[str, int] | None:
    """How many copies at a branch would serve what is foreseen of the author, or else of the series or the class: which of KINDS,
    and copies of 運用値 複本1冊の年間貸出 loans each, one at least; None where nothing is foreseen of any."""
    for kind in ("author", "series", "class"):
        if (loans := line[f"{kind}_forecast"]) is not None:
            return kind, max(1, ceil(loans / policy.parameters[EACH]))
    return None

"""What the screens read of an index of similar titles."""

from pathlib import Path

import duckdb
import polars as pl

from collection.store.connection import sql
from models import artefact


def of_item(cursor: duckdb.DuckDBPyConnection, index: Path, bib_no: int, most: int) -> pl.DataFrame:
    """The similar titles of a record that are held: item_id (one of them), title, author, pub_year, copies, branches,
    shared_words (parted by ;), class (what both begin with), score (0–1); of other works, the most similar first."""
    query = sql("models/similar/of_item").format(index=artefact.attached(cursor, index))
    return cursor.sql(query, params={"bib_no": bib_no, "most": most}).pl()


def survivors(cursor: duckdb.DuckDBPyConnection) -> int:
    """How many items may go because a similar title stays."""
    return cursor.sql(sql("models/similar/survivors")).fetchall()[0][0]

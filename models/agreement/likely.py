"""How likely the committee keeps the items of a list, to put its agenda in that order; and what else the model found."""

from pathlib import Path

import duckdb
import polars as pl

from collection.store.connection import connect, sql
from models import artefact

TABLES = ("reliability", "factor", "parting", "proposal")


def of_items(cursor: duckdb.DuckDBPyConnection, file: Path, items: list[str]) -> pl.DataFrame:
    """item_id and likely_kept (0–1) of those that the model can tell.

    Args:
        cursor: has the snapshot attached as facts_of_day. file: the artefact.
    """
    query = sql("models/agreement/likely").format(model=artefact.attached(cursor, file))
    return cursor.sql(query, params={"items": items}).pl()


def found(file: Path) -> dict[str, pl.DataFrame]:
    """The tables of an artefact by name: TABLES (see train.py, parting.py and design.factors)."""
    with connect(file, read_only=True) as connection:
        return {name: connection.table(name).pl() for name in TABLES}

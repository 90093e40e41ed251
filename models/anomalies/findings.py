"""What stands out, as a manager reads it: findings with their evidence, and the items of each. Nobody else reads it."""

from pathlib import Path

import duckdb
import polars as pl

from collection.roles import Person
from collection.store.connection import connect, sql
from collection.words import Problem
from models import artefact

ROLE = "manager"
ITEMS = 200  # shown of one finding


def all(file: Path, person: Person) -> pl.DataFrame:
    """The findings of an artefact, the clearest of each kind first: columns of train.FINDING.

    Raises:
        Problem: the person is no manager.
    """
    _require(person)
    with connect(file, read_only=True) as connection:
        return connection.table("finding").pl()


def items(cursor: duckdb.DuckDBPyConnection, file: Path, person: Person, finding: int) -> pl.DataFrame:
    """The items of a finding, at most ITEMS: item_id, call_number, title, volume, author, branch, month (lent again), loans
    (in it), idle (months before it), verdict.

    Args:
        cursor: on a flags file with its snapshot attached as facts_of_day.

    Raises:
        Problem: the person is no manager.
    """
    _require(person)
    query = sql("models/anomalies/items").format(model=artefact.attached(cursor, file))
    return cursor.sql(query, params={"finding": finding, "rows": ITEMS}).pl()


def _require(person: Person) -> None:
    if ROLE not in person.roles:
        raise Problem("models_anomalies.not_allowed")

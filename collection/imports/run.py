"""What the steps of one import share."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from collection.progress import Progress
from collection.store.connection import sql


@dataclass(frozen=True)
class Run:
    """One import on its way. Schema `old` is the last snapshot (or an empty one), `new` the one being made."""

    connection: duckdb.DuckDBPyConnection
    work: Path  # folder of what is not finished
    as_of: date
    imported_at: datetime
    partial: bool
    accept_gone: bool
    rebuild: bool
    progress: Progress
    changes: Counter = field(default_factory=Counter)  # kind → rows that changed something
    known: set = field(default_factory=set)  # kinds whose now_ table is set up

    def execute(self, query: str, **names: str) -> duckdb.DuckDBPyConnection:
        """Run store/queries/<query>.sql with its {placeholders} filled by names this package checked."""
        return self.connection.execute(sql(f"queries/{query}").format(**names) if names else sql(f"queries/{query}"))

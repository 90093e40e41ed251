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

    def staged(self, part) -> None:
        """Set up the view `staged` over a staged table; `row` tells its rows apart and keeps their order.

        A line does that, but for MARC, where one record may hold several items, and there the staged thing is a table.
        """
        row = "rowid" if part.encoding.startswith("marc") else "line"
        self.execute(f"import_{part.kind}_staged", table=part.table, row=row)

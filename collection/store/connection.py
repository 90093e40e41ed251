"""The only place that opens a database, and the only door to the .sql files."""

import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

SQL = Path(__file__).parent
MEMORY_LIMIT = os.environ.get("COLLECTION_MEMORY", "1200MB")


@cache
def sql(name: str) -> str:
    """The text of one .sql file, named by folder and stem: sql("queries/candidates_page")."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def connect(path: Path | str = ":memory:", *, read_only: bool = False, attach: dict[str, Path] | None = None):
    """A DuckDB connection that needs no network and spills beside its own file.

    Args:
        path: the database file, or ":memory:".
        read_only: open it without the right to change it (any number of readers at once).
        attach: schema name → database file, each attached READ_ONLY.
    """
    config = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": MEMORY_LIMIT,
    }
    connection = duckdb.connect(str(path), read_only=read_only, config=config)
    try:
        for name, file in (attach or {}).items():
            quoted = str(file).replace("'", "''")
            connection.execute(f"ATTACH IF NOT EXISTS '{quoted}' AS {name} (READ_ONLY)")
        yield connection
    finally:
        connection.close()


@contextmanager
def connect_flags(flags: Path):
    """A read-only connection to a flags file, with the snapshot it was made from attached as facts_of_day."""
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    with connect(flags, read_only=True, attach={"facts_of_day": snapshot}) as connection:
        yield connection

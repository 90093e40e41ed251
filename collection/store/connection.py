"""The only place that opens a database, and the only door to the .sql files."""

import os
import sqlite3
import time
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import duckdb

SQL = Path(__file__).parent
MODELS = Path(__file__).parents[2] / "models"  # whose .sql files stand with each model
LEDGER_WAIT = 20  # seconds a writer waits for another before it gives up
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": os.environ.get("COLLECTION_MEMORY", "1200MB"),
}  # of every DuckDB database of this process


@cache
def sql(name: str) -> str:
    """The text of one .sql file, named by folder and stem: sql("queries/candidates_page"), sql("models/use/features")."""
    folder = MODELS.parent if name.startswith("models/") else SQL
    return (folder / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def connect(path: Path | str = ":memory:", *, read_only: bool = False, attach: dict[str, Path] | None = None):
    """A DuckDB connection that needs no network and spills beside its own file.

    Args:
        path: the database file, or ":memory:".
        read_only: open it without the right to change it (any number of readers at once).
        attach: schema name → database file, each attached READ_ONLY.
    """
    connection = duckdb.connect(str(path), read_only=read_only, config=CONFIG)
    try:
        for name, file in (attach or {}).items():
            attach_file(connection, name, file)
        yield connection
    finally:
        connection.close()


def attach_file(connection: duckdb.DuckDBPyConnection, name: str, file: Path) -> None:
    """Attach a file READ_ONLY, unless another connection to the same database has done so.

    Not by ATTACH IF NOT EXISTS: where another database of the process has the same file attached, that can wait for
    ever in DuckDB 2.0.0 (it takes a database made at the address of an earlier one for that one).
    """
    attached = sql("queries/attached"), {"name": name}
    if connection.execute(*attached).fetchall():
        return
    quoted = str(file).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
    except duckdb.BinderException:  # another thread was quicker
        if not connection.execute(*attached).fetchall():
            raise


@contextmanager
def connect_ledger(path: Path):
    """A connection of its own to a SQLite file of decisions or accounts, safe against a crash at any moment.

    Every commit is on the disk before it is acknowledged (WAL, synchronous FULL); writers wait for one another.
    A new file is for its owner's eyes only; SQLite gives the files beside it the same rights.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=LEDGER_WAIT, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection):
    """All of a block or nothing; nobody else writes until it ends."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def examine_ledger(path: Path):
    """The same without the right to change anything; neither made nor brought up to date."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=LEDGER_WAIT)
    try:
        connection.row_factory = sqlite3.Row
        yield connection
    finally:
        connection.close()


def copy_ledger(path: Path, target: Path) -> None:
    """One steady picture of a SQLite file as a new file `target`, whatever is written meanwhile; nobody waits for it."""
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with examine_ledger(path) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL. While two do so at once SQLite refuses one without waiting, so it is tried again."""
    end = time.monotonic() + LEDGER_WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


@cache
def migrations(name: str) -> list[list[str]]:
    """The steps that make a SQLite file (schema/<name>/*.sql), oldest first, each a list of statements."""
    return [_statements(file.read_text(encoding="utf-8")) for file in sorted((SQL / "schema" / name).glob("*.sql"))]


def _statements(script: str) -> list[str]:
    found, lines = [], []
    for line in script.splitlines(keepends=True):
        lines.append(line)
        if sqlite3.complete_statement("".join(lines)):
            found.append("".join(lines))
            lines = []
    return found


@contextmanager
def connect_flags(flags: Path):
    """A read-only connection to a flags file, with the snapshot it was made from attached as facts_of_day."""
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    with connect(flags, read_only=True, attach={"facts_of_day": snapshot}) as connection:
        yield connection

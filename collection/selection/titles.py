"""The index by which `identify` finds titles: keys of every record, and which records hold which two characters.

It stands beside the snapshot as `<snapshot>.titles.duckdb`, made once, with three tables: `entry`, one row a record;
`gram`, which records hold a token (title_keys.tokens), sorted by token; `token`, how many records hold it.
"""

import hashlib
import os
import secrets
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from collection.progress import Progress, silent
from collection.selection import title_keys
from collection.sources.normalise.keys import variants
from collection.store import snapshots
from collection.store.connection import connect, sql

MEMORY = "400MB"  # for DuckDB; beside it the keys of one part of the records are made
PART = 50_000  # records whose keys are made at once


def index(snapshot: Path, progress: Progress | None = None) -> Path:
    """The index of a snapshot, made when it is not there (about 12 s for a million records).

    It is built aside and put in its place whole, so that several processes may do so at once.
    """
    target = snapshot.with_name(f"{snapshot.stem}.titles.duckdb")
    if not (target.exists() and _is_of(target, target.stat().st_mtime_ns, snapshot, snapshot.stat().st_mtime_ns)):
        aside = target.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            _build(aside, snapshot, progress or silent)
            os.replace(aside, target)
        finally:
            aside.unlink(missing_ok=True)
    return target


@cache
def _is_of(file: Path, changed: int, snapshot: Path, snapshot_changed: int) -> bool:
    """Whether an index was made from this snapshot by this code; asked once for files that do not change."""
    try:
        with connect(file, read_only=True) as connection:
            return connection.sql(sql("queries/titles_form")).pl().item() == _form(snapshot)
    except duckdb.Error:
        return False


def _form(snapshot: Path) -> str:
    """A fingerprint of what an index is made from and how; another snapshot of that name, or other code, has another."""
    how = [Path(file).read_text(encoding="utf-8") for file in (__file__, title_keys.__file__)]
    return hashlib.sha256(f"{snapshots.made(snapshot)} {how} {variants()} {pl.__version__}".encode()).hexdigest()


def _build(file: Path, snapshot: Path, progress: Progress) -> None:
    with connect(file, attach={"facts_of_day": snapshot}) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(sql("queries/titles_entry"))
        connection.execute(sql("queries/titles_posting"))
        records = connection.sql(sql("queries/titles_count")).pl().item()
        for first in range(0, records, PART):
            progress("identify.stage_keys", first, records)
            _add(connection, first, first + PART - 1)
        for done, name in enumerate(("gram", "token")):
            progress("identify.stage_sort", done, 2)
            connection.execute(sql(f"queries/titles_{name}"))
        connection.execute(sql("queries/titles_made"), {"form": _form(snapshot)})
        progress("identify.stage_sort", 2, 2)


def _add(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
    """Write the keys and tokens of the records `first` to `last`."""
    bibs = connection.sql(sql("queries/titles_bibs"), params={"first": first, "last": last}).pl()
    keyed = title_keys.keys(bibs)
    for query, rows in (
        ("add", title_keys.packed(keyed)),
        ("post", title_keys.tokens(keyed.with_columns(no="bib_no"))),
    ):
        connection.register("arriving", rows.to_arrow())
        connection.execute(sql(f"queries/titles_{query}"))
        connection.unregister("arriving")

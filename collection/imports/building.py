"""The new snapshot from what is known: numbers, shelf order, match keys, works, content hash."""

import hashlib
import os
import shutil
from pathlib import Path

from collection import works
from collection.imports import merging
from collection.imports.run import Run
from collection.sources.normalise import match_key
from collection.store.connection import sql

SCHEMA = "schema/snapshot"
NEW = "new.duckdb"


def nothing_before(connection) -> None:
    """Where there is no last snapshot, an empty one stands for it, so that no step need ask."""
    connection.execute("ATTACH ':memory:' AS old")
    connection.execute("USE old")
    connection.execute(sql(SCHEMA))
    connection.execute("USE memory")


def open_new(run: Run, base: Path | None, anew: bool) -> None:
    """Begin the new snapshot, attached as `new`: empty, or a copy of the last one where bibs and items stay."""
    file = run.work / NEW
    if not anew:
        shutil.copyfile(base, file)
    quoted = str(file).replace("'", "''")
    run.connection.execute(f"ATTACH '{quoted}' AS new")
    if anew:
        run.connection.execute("USE new")
        run.connection.execute(sql(SCHEMA))
        run.connection.execute("USE memory")
        for table in ("import_file", "import_note"):
            run.connection.execute(f"INSERT INTO new.{table} SELECT * FROM old.{table}")
    else:
        for table in ("meta", "hold", "retention", "partner"):
            run.connection.execute(f"DELETE FROM new.{table}")


def bibs_and_items(run: Run, same_bibs: bool) -> None:
    """Number bibs and items, place them on the shelf, match works, and write them.

    Args:
        same_bibs: no bib is new or changed, so that numbers, keys and works of the last snapshot hold.
    """
    merging.know(run, "items")
    connection = run.connection
    if same_bibs:
        connection.execute("DROP TABLE IF EXISTS now_bibs")
        run.execute("import_bib_same")
        connection.execute("CREATE VIEW bib AS FROM new.bib")
        run.execute("import_item")
        run.execute("works_items")
        connection.execute("DROP VIEW bib")
    else:
        _bibs(run)
        run.execute("import_item")
        works.assign(connection)
        run.execute("import_publish_bib")
        connection.execute("DROP TABLE bib")
    run.execute("import_publish_item")
    connection.execute("DROP TABLE item")
    connection.execute("DROP TABLE now_items")


def _bibs(run: Run) -> None:
    """Number the bibs and make their match keys."""
    merging.know(run, "bibs")
    titles = run.connection.sql(sql("queries/import_titles")).pl()
    keys = titles.with_columns(title_key=match_key(titles["title"]).fill_null("")).select("bib_id", "title_key")
    run.connection.register("title_keys", keys.to_arrow())
    run.execute("import_bib")
    run.connection.unregister("title_keys")
    run.connection.execute("DROP TABLE now_bibs")


def others(run: Run) -> None:
    """Write holds, retention and partners."""
    for kind in merging.REPLACED:
        merging.know(run, kind)
        run.execute(f"import_publish_{kind}")


def describe(run: Run) -> str:
    """Fill the one row of meta. Gives the content hash, 12 hex digits: the same facts in any order, the same hash."""
    figures = run.execute("import_hash").fetchall()
    content_hash = hashlib.sha256(repr(figures).encode()).hexdigest()[:12]
    run.connection.execute(sql("queries/import_meta"), {"as_of": run.as_of, "content_hash": content_hash})
    return content_hash


def publish(file: Path, target: Path) -> None:
    """Put a finished snapshot in its place, whole: it is there after a power cut or it is not, never half."""
    _sync(file)
    os.replace(file, target)
    if os.name == "posix":
        _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

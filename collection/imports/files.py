"""What is given to an import: files and folders, and the lock that keeps two imports apart."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from collection.words import Problem

SUFFIXES = {".csv", ".tsv", ".txt", ".xlsx", ".mrc", ".marc", ".xml"}
UNFINISHED = ".import-"  # what an import that was cut off leaves behind begins so


def inputs(files: list) -> list[tuple[str | None, Path]]:
    """(kind or None, file) for every file given, a folder standing for the data files in it, by name.

    Raises Problem for a missing file, for an empty folder and when nothing is given.
    """
    found = []
    for given in files:
        kind, path = given if isinstance(given, tuple) else (None, given)
        path = Path(path)
        if path.is_dir():
            inside = [file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.name[0] not in ".~"]
            if not inside:
                raise Problem("imports.empty_folder", where=path)
            found += [(kind, file) for file in sorted(inside)]
        elif path.is_file():
            found.append((kind, path))
        else:
            raise Problem("imports.no_file", where=path)
    if not found:
        raise Problem("imports.no_files")
    return found


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Only one import at a time. The lock is SQLite's, on a file: it works on every system and dies with its process.

    Raises Problem when another import runs.
    """
    store.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(store / "import.lock", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Problem("imports.locked", where=store) from error
        yield


@contextmanager
def workplace(holdings: Path) -> Iterator[Path]:
    """An empty folder beside the snapshots for one import, removed at its end. What a crash left is removed first."""
    holdings.mkdir(parents=True, exist_ok=True)
    for left in holdings.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left)
    work = holdings / f"{UNFINISHED}work"
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)

"""Files in: CSV, TSV, XLSX and MARC become typed tables, every row with its line, every oddity counted."""

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

import duckdb

from collection.sources import explaining, staging
from collection.sources.staged import Staged
from collection.words import Problem

__all__ = ["Staged", "content_of", "explain", "stage"]

Progress = Callable[[str, float, float], None]
ZIP, OLD_EXCEL, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


def content_of(path: Path) -> str:
    """What a file is, from its first bytes: "marc21", "marcxml", "xlsx" or "text".

    Raises:
        Problem: the file does not exist, is empty, or is of a kind that cannot be read here (old Excel, PDF).
    """
    from collection.sources import marc

    path = Path(path)
    if not path.is_file():
        raise Problem("sources.no_file", file=str(path))
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise Problem("sources.empty_file", file=path.name)
    if head.startswith((OLD_EXCEL, PDF)):
        raise Problem("sources.other_format", file=path.name)
    if head.startswith(ZIP):
        return "xlsx"
    return marc.is_marc(path) or "text"


def stage(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    kind: str | None = None,
    mapping: Path | str | None = None,
    progress: Progress | None = None,
) -> list[Staged]:
    """Reads one file into typed tables of `connection`; the file itself is only read.

    Args:
        connection: a DuckDB connection; the tables made stay in it, notes go to its table staged_note.
        path: a CSV, TSV, XLSX, MARC21 or MARCXML file; what it is is told from its content.
        kind: what it holds (bibs, items, loans, holds, retention, partners, requests); None: told from its header.
        mapping: a mapping file or the name of a shipped one; None: the shipped one that fits, else the header speaks.
        progress: called with ("imports.stage_read", bytes read, bytes in all).

    Returns:
        One Staged for each kind of rows; a file of bibs and items gives both, over the same lines.

    Raises:
        Problem: the file cannot be read, has a personal column, or nobody can tell what it holds.
    """
    path = Path(path)
    content = content_of(path)
    size = path.stat().st_size

    def read(done: int) -> None:
        if progress:
            progress("imports.stage_read", done, size)

    if content in ("marc21", "marcxml"):
        from collection.sources import marc

        return marc.stage(connection, path, kind, mapping, read)
    folder = Path(tempfile.mkdtemp(prefix="collection-"))
    weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
    staged = staging.stage(connection, path, content, folder, kind, mapping, read)
    read(size)
    return staged


def explain(path: Path, mapping: Path | str | None = None, out: Path | None = None) -> tuple[str, str]:
    """How each column of a table file is understood, as text, and as a mapping (TOML) to edit.

    Args:
        path: a CSV, TSV or XLSX file.
        mapping: as for `stage`.
        out: where the mapping is written; None: nowhere.

    Returns:
        (text, TOML).
    """
    path = Path(path)
    with tempfile.TemporaryDirectory(prefix="collection-") as folder:
        content = content_of(path)
        if content in ("marc21", "marcxml"):
            raise Problem("sources.explain_marc", file=path.name)
        text, toml = explaining.explain(path, content, Path(folder), mapping)
    if out:
        out.write_text(toml, encoding="utf-8")
    return text, toml

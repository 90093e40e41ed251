"""What a model has learnt, as one DuckDB file beside its snapshot: `<snapshot>.<model>-<form>.model.duckdb`.

`form` is a fingerprint of the snapshot, of the model's own code and SQL and of the libraries it was made with; a file of
another form is refused. The file holds the model's tables and `manifest`, one row. There is no pickle in it: nothing that runs.
"""

import hashlib
import json
import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import duckdb

from collection.store import snapshots
from collection.store.connection import attach_file, connect, sql

MODELS = Path(__file__).parent
LIBRARIES = ("duckdb", "numpy", "polars", "rapidfuzz", "scikit-learn", "scipy")
SEED = 20250401  # of everything drawn at random


@dataclass(frozen=True)
class Manifest:
    """How an artefact came about.

    Attributes:
        model: one of models.NAMES. form: the fingerprint. made_at: UTC, ISO.
        snapshot: file name. flags: file name; None for a model that needs none. code: sha256 of the model's own files.
        versions: library → version. seed: SEED. figures: what training measured, the model's own.
    """

    model: str
    form: str
    made_at: str
    snapshot: str
    flags: str | None
    code: str
    versions: dict[str, str]
    seed: int
    figures: dict


@dataclass(frozen=True)
class Making:
    """An artefact that is being made: `connection` is open on it, with facts_of_day and flags (where given) attached."""

    connection: duckdb.DuckDBPyConnection
    snapshot: Path
    name: str
    flags: Path | None

    def finish(self, figures: dict) -> Manifest:
        """Write the manifest; the file is published when the block ends."""
        made = Manifest(
            self.name, form(self.snapshot, self.name), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", self.snapshot.name,
            self.flags.name if self.flags else None, _code(self.name), _versions(), SEED, figures,
        )  # fmt: skip
        self.connection.execute(sql("models/manifest_write"), {"told": json.dumps(vars(made), ensure_ascii=False)})
        return made


@contextmanager
def building(snapshot: Path, name: str, flags: Path | None = None) -> Iterator[Making]:
    """A new artefact, built aside and put in its place whole, also beside readers; nothing is left of one that fails.

    Its connection has the snapshot attached as facts_of_day and the flags, where given, as flags, both read only.
    """
    target = snapshot.with_name(f"{snapshot.stem}.{name}-{form(snapshot, name)}.model.duckdb")
    aside = target.with_suffix(f".{secrets.token_hex(4)}.part")
    try:
        with connect(aside, attach={"facts_of_day": snapshot} | ({"flags": flags} if flags else {})) as connection:
            yield Making(connection, snapshot, name, flags)
        os.replace(aside, target)
        for old in set(_files(snapshot, name)) - {target}:
            old.unlink(missing_ok=True)
    finally:
        aside.unlink(missing_ok=True)


def found(snapshot: Path, name: str) -> Path | None:
    """The artefact of a model over a snapshot; None when there is none, or only one that is refused."""
    file = snapshot.with_name(f"{snapshot.stem}.{name}-{form(snapshot, name)}.model.duckdb")
    return file if manifest(file) else None


def earlier(snapshot: Path, name: str) -> Path | None:
    """The artefact of the latest other snapshot of the store up to that day, made by today's code and libraries; None without."""
    days = [other for other in snapshots.all(snapshot.parents[1]) if other.name[:10] <= snapshot.name[:10]]
    made = [file for other in reversed(days) if other != snapshot for file in _files(other, name)]
    return next((file for file in made if _of_today(manifest(file))), None)


def refused(snapshot: Path, name: str) -> list[Path]:
    """Artefacts of other code, libraries or facts than today's, or that cannot be read."""
    return [file for file in _files(snapshot, name) if file != found(snapshot, name)]


def manifest(file: Path) -> Manifest | None:
    """The manifest of an artefact; None when there is none, it cannot be read or does not fit its name."""
    try:
        return _manifest(file, file.stat().st_mtime_ns)
    except (OSError, duckdb.Error, TypeError, ValueError):
        return None


@lru_cache(maxsize=64)
def _manifest(file: Path, changed: int) -> Manifest | None:
    with connect(file, read_only=True) as connection:
        (told,) = connection.execute(sql("models/manifest_read")).fetchone()
    made = Manifest(**json.loads(told))
    return made if file.name == f"{Path(made.snapshot).stem}.{made.model}-{made.form}.model.duckdb" else None


def attached(cursor: duckdb.DuckDBPyConnection, file: Path) -> str:
    """Attach an artefact read only; the schema name under which its tables stand, another after each training."""
    name = f"model_{file.name.split('.')[1].replace('-', '_')}_{file.stat().st_mtime_ns}"
    attach_file(cursor, name, file)
    return name


def form(snapshot: Path, name: str) -> str:
    """Eight hex digits over the snapshot, the model's code and the libraries."""
    told = [snapshot.name, str(snapshots.made(snapshot)), _code(name), _versions()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]


def _of_today(made: Manifest | None) -> bool:
    return made is not None and (made.code, made.versions) == (_code(made.model), _versions())


def _files(snapshot: Path, name: str) -> list[Path]:
    return sorted(snapshot.parent.glob(f"{snapshot.stem}.{name}-*.model.duckdb"))


@cache
def _code(name: str) -> str:
    files = [file for file in sorted((MODELS / name).iterdir()) if file.suffix in (".py", ".sql", ".toml")]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}

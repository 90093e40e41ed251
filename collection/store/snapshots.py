"""Which snapshots and flags a store holds, oldest first. Nothing here is ever changed or removed."""

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from collection.store.connection import connect, sql
from collection.words import Problem

FOLDER = "holdings"
SNAPSHOT = re.compile(r"(?P<as_of>\d{4}-\d{2}-\d{2})-(?P<hash>[0-9a-f]{12})\.duckdb")
FLAGS = re.compile(r"(?P<snapshot>\d{4}-\d{2}-\d{2}-[0-9a-f]{12})\.(?P<policy>.+)-(?P<policy_hash>[0-9a-f]{8})\.duckdb")


def as_of(snapshot: Path) -> date:
    """The day a snapshot describes, from its file name. Raises ValueError for another kind of file."""
    match = SNAPSHOT.fullmatch(snapshot.name)
    if match is None:
        raise ValueError(snapshot.name)
    return date.fromisoformat(match["as_of"])


def path(store: Path, day: date, content_hash: str) -> Path:
    """Where the snapshot of a day with this content stands."""
    return store / FOLDER / f"{day.isoformat()}-{content_hash}.duckdb"


def all(store: Path) -> list[Path]:
    """Every snapshot by its day; those of one day in the order in which they were made."""
    found = [file for file in (store / FOLDER).glob("*.duckdb") if SNAPSHOT.fullmatch(file.name)]
    days = [as_of(file) for file in found]
    return sorted(found, key=lambda file: (as_of(file), made(file) if days.count(as_of(file)) > 1 else datetime.min))


def newest(store: Path, until: date | None = None) -> Path | None:
    """The snapshot of the latest day, or of the latest day up to `until`; None when there is none."""
    found = [file for file in all(store) if until is None or as_of(file) <= until]
    return found[-1] if found else None


def need(store: Path) -> Path:
    """The newest snapshot. Raises Problem, with the next step, when nothing was imported yet."""
    found = newest(store)
    if found is None:
        raise Problem("imports.no_snapshot", where=store)
    return found


def flags_of(snapshot: Path, policy: str | None = None) -> Path | None:
    """The flags last made over a snapshot, by one policy or by any; None when there are none."""
    found = []
    for file in snapshot.parent.glob(f"{snapshot.stem}.*.duckdb"):
        match = FLAGS.fullmatch(file.name)
        if match and policy in (None, match["policy"]):
            found.append(file)
    return max(found, key=lambda file: (file.stat().st_mtime_ns, file.name), default=None)


def last_policy(store: Path) -> str | None:
    """The name of the policy that the flags of the latest day were last made by; None when there are no flags."""
    found = [file for file in (store / FOLDER).glob("*.duckdb") if FLAGS.fullmatch(file.name)]
    newest = max(found, key=lambda file: (file.name[:10], file.stat().st_mtime_ns), default=None)
    return FLAGS.fullmatch(newest.name)["policy"] if newest else None


def newest_flags(store: Path, policy: str | None = None) -> Path | None:
    """The flags last made over the newest snapshot; None when it has none."""
    snapshot = newest(store)
    return flags_of(snapshot, policy) if snapshot else None


def need_flags(store: Path, policy: str | None = None) -> Path:
    """The flags of the newest snapshot. Raises Problem, with the next step, when they were not made yet."""
    snapshot = need(store)
    found = flags_of(snapshot, policy)
    if found is None:
        raise Problem("imports.no_flags", as_of=as_of(snapshot).isoformat())
    return found


def made(snapshot: Path) -> datetime:
    """When a snapshot was made: the time of its last import."""
    return _made(snapshot, snapshot.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _made(snapshot: Path, changed: int) -> datetime:
    with connect(snapshot, read_only=True) as connection:
        return connection.execute(sql("queries/import_published_at")).fetchone()[0] or datetime.min

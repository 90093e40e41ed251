"""`collection backup` and `collection restore`: a store as one file, taken while the app runs, and a store from it.

In it: ledger and accounts, the newest snapshot with its flags, those a list of the committee was drawn from, the
policies kept with lists, the attached wordings and the rejects. `manifest.json` names each file with size and sha256.
Not in it, on purpose: whose the open requests are (requests/tokens.py), which is forgotten when they end.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from collection import __version__, accounts, ledger
from collection.policy.archive import FOLDER as POLICIES
from collection.progress import Progress, silent
from collection.store import snapshots
from collection.store.connection import copy_ledger, examine_ledger, migrations, sql
from collection.words import Problem

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES = 50_000_000
PIECE = 1 << 20
FOLDERS = (POLICIES, "texts", "rejects")
DATABASES = {ledger.FILE: "ledger", accounts.FILE: "accounts"}  # file → its schema
UNFINISHED = ".restore"
PART = re.compile(r"[^/\\:\x00-\x1f]+")  # of a file's place: no drive, no other system's separator


def backup(store: Path, out: Path, progress: Progress = silent) -> dict:
    """Writes the store into one file, built aside and put in its place whole. The app may run and write meanwhile.

    Returns:
        the manifest: format, product, made_at, ledger (its schema's version and last event), files.

    Raises:
        Problem: there is nothing to save, the ledger is damaged, or the disk is too small.
    """
    if not ledger.path(store).exists() and snapshots.newest(store) is None:
        raise Problem("upkeep.nothing", where=store)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=out.parent) as folder:
        work = Path(folder)
        files = {name: store / name for name in DATABASES if (store / name).exists()}
        for name in files:
            files[name] = work / name
            _copy(store / name, files[name])
        files |= {file.relative_to(store).as_posix(): file for file in _kept(store, files.get(ledger.FILE))}
        _check_space(out.parent, sum(file.stat().st_size for file in files.values()))
        manifest = _write(work / "archive", files, progress)
        os.replace(work / "archive", out)
        _sync(out.parent)
    return manifest


def _copy(source: Path, target: Path) -> None:
    try:
        copy_ledger(source, target)
        version, last = look_over(target)
    except sqlite3.DatabaseError:
        raise Problem("upkeep.damaged", file=source) from None


def look_over(database: Path) -> tuple[int, int]:
    """The version of a database's schema, and of a ledger its last event. Raises sqlite3.DatabaseError when damaged."""
    with examine_ledger(database) as connection:
        (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if told != "ok":
            raise sqlite3.DatabaseError(told)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return version, ledger.last_seq(connection) if database.name == ledger.FILE and version else 0


def _kept(store: Path, ledger_copy: Path | None) -> Iterator[Path]:
    """Every file beside the databases that is worth keeping; what an import builds just now is not."""
    newest = snapshots.newest(store)
    flags = newest and snapshots.flags_of(newest)
    named = of_lists(ledger_copy) if ledger_copy else {}
    wanted = {file for file in (newest, flags) if file} | {
        store / place for places in named.values() for place in places
    }
    yield from sorted(file for file in wanted if file.is_file())
    for folder in FOLDERS:
        for file in sorted((store / folder).rglob("*")):
            parts = file.relative_to(store).parts
            if file.is_file() and not any(part.startswith(".") or part.endswith(".part") for part in parts):
                yield file


def of_lists(ledger_file: Path) -> dict[str, list[str]]:
    """List number → the places in the store that its drafting names: snapshot, flags, and the copy of the policy."""
    if not look_over(ledger_file)[0]:
        return {}
    with examine_ledger(ledger_file) as connection:
        rows = connection.execute(sql("queries/upkeep_lists")).fetchall()
    folders = {"snapshot": snapshots.FOLDER, "flags": snapshots.FOLDER, "policy": POLICIES}
    return {row["list_no"]: [f"{folders[name]}/{row[name]}" for name in folders if row[name]] for row in rows}


def _write(archive: Path, files: dict[str, Path], progress: Progress) -> dict:
    total, done, entries = sum(file.stat().st_size for file in files.values()), 0, []
    handle = os.open(archive, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w") as packed:
        for name, file in files.items():
            kind = zipfile.ZIP_STORED if file.suffix == ".duckdb" else zipfile.ZIP_DEFLATED
            entry = zipfile.ZipInfo(name, datetime.now().timetuple()[:6])
            entry.compress_type = kind
            digest, size = hashlib.sha256(), 0
            with file.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    target.write(piece)
                    size += len(piece)
                    progress("upkeep.stage_backup", done + size, max(total, done + size))
            done += size
            modified = file.stat().st_mtime_ns  # by which the flags made last are known
            entries.append({"name": name, "bytes": size, "sha256": digest.hexdigest(), "modified": modified})
        manifest = {
            "format": FORMAT, "product": __version__, "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "databases": {name: dict(zip(("version", "last"), look_over(files[name]), strict=True))
                          for name in DATABASES if name in files},
            "files": entries,
        }  # fmt: skip
        packed.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        packed.close()
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def last(manifest: dict) -> str:
    """The last event of the ledger in a backup, as it is written."""
    return f"{manifest['databases'].get(ledger.FILE, {}).get('last', 0):,}"


def restore(store: Path, archive: Path, progress: Progress = silent) -> dict:
    """Fills an empty store from a backup. All of it is unpacked aside and checked before anything is put in place.

    Returns:
        the manifest.

    Raises:
        Problem: the store is not empty, the archive is not whole, a newer version wrote it, or the disk is too small.
    """
    _refuse_full(store)
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    work = store / UNFINISHED
    shutil.rmtree(work, ignore_errors=True)
    try:
        with _opened(archive) as packed:
            manifest = _manifest(packed, archive)
            _check_space(store, sum(entry["bytes"] for entry in manifest["files"]))
            work.mkdir(mode=0o700)
            _unpack(packed, manifest, work, archive, progress)
        for name in set(DATABASES) & {entry["name"] for entry in manifest["files"]}:
            _check_database(work / name, archive)
        _put_in_place(work, store, [entry["name"] for entry in manifest["files"]])
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _refuse_full(store: Path) -> None:
    there = [name for name in DATABASES if (store / name).exists()]
    if there or snapshots.newest(store):
        raise Problem("upkeep.not_empty", where=store, there=there[0] if there else f"{snapshots.FOLDER}/")


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with closing(zipfile.ZipFile(archive)) as packed:
            yield packed
    except (FileNotFoundError, IsADirectoryError):
        raise Problem("upkeep.no_archive", file=archive) from None
    # RuntimeError: what is said to be encrypted, or packed in another way
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        raise Problem("upkeep.not_whole", file=archive) from None


def _manifest(packed: zipfile.ZipFile, archive: Path) -> dict:
    """The manifest, when the archive holds what it names and nothing else. Raises Problem otherwise."""
    inside = {entry.filename: entry.file_size for entry in packed.infolist()}
    if MANIFEST not in inside or inside[MANIFEST] > MANIFEST_BYTES or len(inside) != len(packed.infolist()):
        raise Problem("upkeep.no_backup", file=archive)
    try:
        manifest = json.loads(packed.read(MANIFEST))
        format_, named = manifest["format"], {entry["name"]: entry["bytes"] for entry in manifest["files"]}
    except (ValueError, KeyError, TypeError):
        raise Problem("upkeep.no_backup", file=archive) from None
    if format_ != FORMAT:
        raise Problem("upkeep.newer_backup", file=archive, product=manifest.get("product", ""))
    inside.pop(MANIFEST)
    if named != inside:
        raise Problem("upkeep.not_whole", file=archive)
    for name in named:
        if not _belongs(name):
            raise Problem("upkeep.strange", file=archive, name=name)
    return manifest


def _belongs(name: str) -> bool:
    """Whether a name is a place of a store: one of the databases, or a file below one of its folders."""
    parts = name.split("/")
    if any(not PART.fullmatch(part) or part in (".", "..") or part != part.rstrip(". ") for part in parts):
        return False
    return name in DATABASES or (len(parts) > 1 and parts[0] in (snapshots.FOLDER, *FOLDERS))


def _unpack(packed: zipfile.ZipFile, manifest: dict, work: Path, archive: Path, progress: Progress) -> None:
    total, done = sum(entry["bytes"] for entry in manifest["files"]), 0
    for entry in manifest["files"]:
        target = work / PurePosixPath(entry["name"])
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with packed.open(entry["name"]) as source, _new(target, entry["name"]) as out:
            while piece := source.read(PIECE):
                digest.update(piece)
                out.write(piece)
                done += len(piece)
                progress("upkeep.stage_restore", done, total)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != entry["sha256"]:
            raise Problem("upkeep.not_whole", file=archive)
        os.utime(target, ns=(entry["modified"], entry["modified"]))


def _new(target: Path, name: str) -> BinaryIO:
    rights = 0o600 if name in DATABASES else 0o644
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights), "wb")


def _check_database(file: Path, archive: Path) -> None:
    known = len(migrations(DATABASES[file.name]))
    try:
        version, _ = look_over(file)
    except sqlite3.DatabaseError:
        raise Problem("upkeep.not_whole", file=archive) from None
    if version > known:
        raise Problem("ledger.newer", file=archive, version=version, known=known)


def _put_in_place(work: Path, store: Path, names: list[str]) -> None:
    """The ledger last: as long as it is missing the restore can be done again. Files that are there stay when equal."""
    for name in names:
        if (store / name).exists() and (store / name).read_bytes() != (work / name).read_bytes():
            raise Problem("upkeep.not_empty", where=store, there=name)
    for name in sorted(names, key=lambda name: (name == ledger.FILE, name in DATABASES, name)):
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(work / name, store / name)
        _sync((store / name).parent)


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Problem("upkeep.no_space", where=folder, needed=f"{needed / 1e9:,.1f}", free=f"{free / 1e9:,.1f}")


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

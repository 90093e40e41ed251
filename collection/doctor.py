"""`collection doctor`: is a store sound, and if not, what to do. Nothing is changed, and nothing is brought up to date."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from collection import accounts, backup, ledger, paper
from collection.imports.files import UNFINISHED
from collection.imports.files import locked as import_locked
from collection.policy import archive
from collection.progress import Progress, silent
from collection.requests import tokens
from collection.store import snapshots
from collection.store.connection import connect, examine_ledger, migrations, sql
from collection.words import Problem, code, say

LEAST_FREE = 2e9  # bytes that an import and a backup of a small library take
HEADERS = 3 * 4096  # bytes of a DuckDB file before its first block
LEFT_OVER = (
    f"{snapshots.FOLDER}/{UNFINISHED}*", f"{snapshots.FOLDER}/*.part", "*.part", "texts/*.part", "policies/*.part",
    f"{backup.UNFINISHED}*", ".backup-*",
)  # fmt: skip
SHEET = {
    "library": "", "title": "蔵書", "as_of": "", "landscape": False, "told": [], "note": "",
    "head": ["蔵書"], "rows": [], "widths": [1], "right": [],
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One line: whether it is right, and the message (words/upkeep.toml) with its values."""

    right: bool
    key: str
    values: dict[str, Any]

    def __str__(self) -> str:
        told = say(self.key if "." in self.key else f"upkeep.{self.key}", **self.values)
        return say("upkeep.right" if self.right else "upkeep.wrong", told=told)


def _right(key: str, /, **values) -> Finding:
    return Finding(True, key, values)


def _wrong(key: str, /, **values) -> Finding:
    return Finding(False, key, values)


def examine(store: Path, progress: Progress = silent) -> list[Finding]:
    """Everything that was looked at, right or wrong, in the order in which to mend it."""
    if not store.is_dir():
        return [_wrong("folder_missing", where=store)]
    checks = (_folder, _ledger, _accounts, _tokens, _rights, _holdings, _lists, _left_over, _paper)
    found = []
    for done, check in enumerate(checks, start=1):
        found += check(store)
        progress("upkeep.stage_doctor", done, len(checks))
    return found


def _folder(store: Path) -> Iterator[Finding]:
    if not os.access(store, os.W_OK | os.X_OK):
        yield _wrong("folder_locked", where=store)
    needed = LEAST_FREE + 3 * max((file.stat().st_size for file in _in_order(store)), default=0)
    free = shutil.disk_usage(store).free
    said = {"free": f"{free / 1e9:,.1f}", "needed": f"{needed / 1e9:,.1f}"}
    yield _right("space_right", free=said["free"]) if free >= needed else _wrong("space_low", **said)


def _ledger(store: Path) -> Iterator[Finding]:
    file = ledger.path(store)
    try:
        if not file.exists() or not backup.look_over(file)[0]:  # an empty file is as good as none
            yield _wrong("ledger_lost") if accounts.path(store).exists() else _right("ledger_none")
            return
        with examine_ledger(file) as connection:
            yield from _version(connection, "ledger") or _records(connection)
    except sqlite3.DatabaseError as error:
        yield _wrong("ledger_damaged", told=error)


def _version(connection: sqlite3.Connection, schema: str) -> list[Finding]:
    """A version of the file that cannot be looked into further; nothing when it can."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    known = len(migrations(schema))
    if version > known:
        return [_wrong(f"{schema}_newer", version=version, known=known)]
    if version < known and schema == "ledger":
        return [_wrong("ledger_older", version=version, known=known)]
    return []


def _records(connection: sqlite3.Connection) -> Iterator[Finding]:
    made = {(row["type"], row["name"]): row["sql"] for row in connection.execute(sql("queries/upkeep_schema"))}
    differing = sorted(name for kind, name in set(made.items()) ^ set(_as_made("ledger").items()) for name in [kind[1]])
    if differing:
        yield _wrong("ledger_rules", names="、".join(dict.fromkeys(differing)))
        return
    connection.create_function("sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest(), deterministic=True)
    numbers = connection.execute(sql("queries/upkeep_numbers")).fetchone()
    chains = connection.execute(sql("queries/upkeep_chains")).fetchone()
    evidence = connection.execute(sql("queries/upkeep_evidence")).fetchone()
    wrong = []
    if chains["wrong"]:
        wrong.append(_wrong("ledger_chains", n=chains["wrong"], first=chains["first"]))
    if numbers["missing"]:
        wrong.append(_wrong("ledger_gaps", n=numbers["missing"]))
    if evidence["changed"] or evidence["lost"]:
        wrong.append(_wrong("ledger_evidence", changed=evidence["changed"], lost=evidence["lost"]))
    yield from wrong or [_right("ledger_right", n=f"{numbers['events']:,}")]


def _as_made(schema: str) -> dict[tuple[str, str], str]:
    """What a new file of this version holds."""
    connection = sqlite3.connect(":memory:")
    try:
        for script in migrations(schema):
            for statement in script:
                connection.execute(statement)
        return {(kind, name): text for kind, name, text in connection.execute(sql("queries/upkeep_schema"))}
    finally:
        connection.close()


def _accounts(store: Path) -> Iterator[Finding]:
    file = accounts.path(store)
    if not file.exists():
        yield _wrong("accounts_none")
        return
    try:
        backup.look_over(file)
        with examine_ledger(file) as connection:
            wrong = _version(connection, "accounts")
    except sqlite3.DatabaseError as error:
        wrong = [_wrong("accounts_damaged", told=error)]
    yield from wrong or _people([person for person in accounts.all(store) if not person.disabled])


def _people(working: list[accounts.Account]) -> Iterator[Finding]:
    demo = [person for person in working if person.sign_in == "demo"]
    wrong = []
    if not working:
        wrong.append(_wrong("accounts_none"))
    elif demo and len(demo) < len(working):
        wrong.append(_wrong("accounts_demo", names="、".join(person.id for person in demo)))
    for role in ("admin", "manager") if working else ():
        if not any(role in person.roles for person in working):
            wrong.append(_wrong("accounts_no_role", role=code("role", role)))
    all_demo = _right("accounts_only_demo") if demo else _right("accounts_right", n=len(working))
    yield from wrong or [all_demo]


def _tokens(store: Path) -> Iterator[Finding]:
    yield from (Finding(*found) for found in tokens.examine(store))


def _rights(store: Path) -> Iterator[Finding]:
    if os.name != "posix":
        return
    names = (*backup.DATABASES, *tokens.FILES)
    files = [file for name in names for file in (store / name, store / f"{name}-wal") if file.exists()]
    open_ = [file for file in files if file.stat().st_mode & 0o077]
    if open_:
        mode = f"{open_[0].stat().st_mode & 0o777:o}"
        yield _wrong("rights", names="、".join(file.name for file in open_), mode=mode, files=" ".join(map(str, open_)))
    elif files:
        yield _right("rights_right")


def _holdings(store: Path) -> Iterator[Finding]:
    found = _in_order(store)
    files = sorted((store / snapshots.FOLDER).glob("*.duckdb"))
    newest = found[-1] if found else None
    flags = snapshots.flags_of(newest) if newest else None
    wrong = []
    for file in files:
        of = snapshots.FLAGS.fullmatch(file.name)
        if of and not file.with_name(f"{of['snapshot']}.duckdb").exists():
            wrong.append(_wrong("flags_alone", name=file.name, snapshot=f"{of['snapshot']}.duckdb"))
        if not _sound(file, whole=file in (newest, flags)):
            wrong.append(_wrong("holding_damaged", name=file.name))
    if not files:
        wrong.append(_wrong("snapshots_none"))
    elif newest and not flags:
        wrong.append(_wrong("flags_none", as_of=snapshots.as_of(newest), policy=_last_policy(store)))
    yield from wrong or [_right("snapshots_right", n=len(found), as_of=snapshots.as_of(newest))]


def _in_order(store: Path) -> list[Path]:
    """The snapshots, oldest first; none when two are of one day and one of them cannot be opened."""
    try:
        return snapshots.all(store)
    except duckdb.Error:
        return []


def _last_policy(store: Path) -> str:
    """The policy that was applied last, or kept in the store; where there is none, the word for its name."""
    kept = [folder.name.rpartition("-")[0] for folder in sorted((store / archive.FOLDER).glob("*-*"))]
    return snapshots.last_policy(store) or (kept[-1] if kept else say("upkeep.policy_name"))


def _sound(file: Path, whole: bool) -> bool:
    """Whether a file has the length its header tells and can be opened; `whole`: every block of it read, too."""
    try:
        with connect(file, read_only=True) as connection:
            ((length,),) = connection.execute(sql("queries/upkeep_blocks")).fetchall()
            if file.stat().st_size < HEADERS + length:
                return False
            for (table,) in connection.execute(sql("queries/upkeep_tables")).fetchall() if whole else ():
                connection.execute(sql("queries/upkeep_read").format(table=f'"{table}"')).fetchall()
    except duckdb.Error:
        return False
    return True


def _lists(store: Path) -> Iterator[Finding]:
    try:
        named = backup.of_lists(ledger.path(store)) if ledger.path(store).exists() else {}
    except sqlite3.DatabaseError:
        return  # said of the ledger
    lost = [
        _wrong("list_lost", list_no=number, name=name)
        for number, names in named.items()
        for name in names
        if not (store / name).exists()
    ]
    yield from lost or ([_right("lists_right", n=len(named))] if named else [])


def _left_over(store: Path) -> Iterator[Finding]:
    if _import_runs(store):
        return
    left = sorted({file for pattern in LEFT_OVER for file in store.glob(pattern)})
    yield from (_wrong("left_over", name=file.relative_to(store).as_posix()) for file in left)


def _import_runs(store: Path) -> bool:
    if not (store / "import.lock").exists():
        return False
    try:
        with import_locked(store):
            return False
    except Problem:
        return True


def _paper(store: Path) -> Iterator[Finding]:
    try:
        paper.pdf("plain", SHEET)
    except Problem as problem:
        yield Finding(False, problem.key, problem.values)
        return
    yield _right("font_right")

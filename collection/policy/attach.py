"""`collection policy attach-text`: the library's own wording of its rules, kept in the store, never in the project."""

import csv
from pathlib import Path

from collection.policy import coverage
from collection.policy.model import Policy
from collection.policy.pack import read_csv
from collection.words import Problem

COLUMNS = ("document", "clause", "document_title", "text")


def wording_file(store: Path, policy: str) -> Path:
    """Where the wording of a policy lies in a store."""
    return store / "texts" / f"{policy}.csv"


def attach(store: Path, policy: Policy, file: Path) -> tuple[int, int]:
    """Load a CSV of document, clause, (document_title,) text in place of what was there; a faulty file changes nothing.

    Returns:
        how many clauses were taken, and how many of them the policy's documents know.

    Raises:
        Problem: the file cannot be read, lacks a column, or has a blank or a clause twice.
    """
    try:
        rows = read_csv(file)
    except (OSError, UnicodeDecodeError):
        raise Problem("policy.attach_file", file=str(file)) from None
    found = set(rows[0]) - {""} if rows else set()
    if not {"document", "clause", "text"} <= found:
        raise Problem("policy.attach_columns", file=file.name, found="、".join(sorted(found)) or "—")
    seen = set()
    for row in rows:
        key = (row["document"], row["clause"])
        if not all((*key, row["text"])):
            raise Problem("policy.attach_row", file=file.name, line=row[""])
        if key in seen:
            said = {"document": key[0], "clause": key[1]}
            raise Problem("policy.attach_twice", file=file.name, line=row[""], **said)
        seen.add(key)
    _write(wording_file(store, policy.name), rows)
    return len(rows), len(seen & set(coverage.clauses(policy)))


def _write(path: Path, rows: list[dict]) -> None:
    """Written aside and put in place whole, so that a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    with aside.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows([row.get(column, "") for column in COLUMNS] for row in rows)
    aside.replace(path)


def wordings(store: Path, policy: str) -> dict[tuple[str, str], str]:
    """(document, clause) → the official wording; empty when none was attached."""
    path = wording_file(store, policy)
    return {(row["document"], row["clause"]): row["text"] for row in read_csv(path)} if path.exists() else {}


def wording(store: Path, policy: str, document: str, clause: str) -> str | None:
    """The official wording of one clause; None when the library attached none."""
    return wordings(store, policy).get((document, clause))

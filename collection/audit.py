"""監査: every event of the ledger, who did what how often, and whether the ledger is whole."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from collection import steps
from collection.books import NUMBER, TEXT, read
from collection.roles import Person, require
from collection.store.connection import sql
from collection.words import code, say

EVENTS = {
    "seq": NUMBER, "at": TEXT, "on_day": TEXT, "person": TEXT, "name": TEXT, "role": TEXT, "aspect": TEXT, "kind": TEXT,
    "state": TEXT, "item_id": TEXT, "title": TEXT, "subject": TEXT, "list_no": TEXT, "clause": TEXT, "reason": TEXT,
    "follows": NUMBER,
}  # fmt: skip
DOINGS = {"person": TEXT, "name": TEXT, "role": TEXT, "kind": TEXT, "events": NUMBER, "last_at": TEXT}


@dataclass(frozen=True)
class Asked:
    """Which events: written from `first` to `last`, by whom, in which role, which action, of which list or item."""

    first: date | None = None
    last: date | None = None
    person: str | None = None
    role: str | None = None
    kind: str | None = None
    list_no: str | None = None
    item_id: str | None = None


def events(store: Path, person: Person, asked: Asked, rows: int | None = None, skip: int = 0) -> pl.DataFrame:
    """The events asked for, EVENTS, the newest first. Raises Problem when the person may not see the audit."""
    require(person, "audit")
    query = sql("queries/books_audit").format(audited=sql("queries/books_audited"))
    return read(store, query, {**_parameters(asked), "rows": -1 if rows is None else rows, "skip": skip}, EVENTS)


def count(store: Path, asked: Asked) -> int:
    """How many events are asked for."""
    query = sql("queries/books_audit_count").format(audited=sql("queries/books_audited"))
    found = read(store, query, _parameters(asked), {"events": NUMBER})
    return found.item() if len(found) else 0


def doings(store: Path, person: Person, asked: Asked) -> pl.DataFrame:
    """DOINGS: who did what how often, among the events asked for. Raises Problem as `events`."""
    require(person, "audit")
    return read(
        store, sql("queries/books_doings").format(audited=sql("queries/books_audited")), _parameters(asked), DOINGS
    )


def whole(store: Path) -> dict[str, int]:
    """events, and of them: gaps in their numbers, loose (not following the latest of the chain), lost evidence."""
    schema = dict.fromkeys(("events", "gaps", "loose", "lost"), NUMBER)
    found = read(store, sql("queries/books_chains"), {}, schema)
    return found.row(0, named=True) if len(found) else dict.fromkeys(schema, 0)


def told(found: dict[str, int]) -> str:
    """What `whole` found, in a sentence."""
    said = {name: f"{value:,}" for name, value in found.items()}
    return say(
        "books.chain_broken" if found["gaps"] or found["loose"] or found["lost"] else "books.chain_right", **said
    )


def spoken(found: pl.DataFrame) -> pl.DataFrame:
    """Events or doings with codes in words; the headings are books.heading."""
    words = {"role": lambda row: code("role", row["role"]), "kind": lambda row: code("action", row["kind"])}
    if "aspect" in found.columns:
        words["state"] = lambda row: steps.word(row["aspect"], row["state"])
    keys = [name for name in ("aspect", "kind", "role", "state") if name in found.columns]
    known = found.select(keys).unique()
    said = known.with_columns(
        pl.Series(f"{name}_word", [word(row) for row in known.iter_rows(named=True)], TEXT)
        for name, word in words.items()
    )
    joined = found.join(said, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col(f"{name}_word").alias(name) for name in words).select(found.columns)


def _parameters(asked: Asked) -> dict:
    return {
        name: value.isoformat() if isinstance(value, date) else value or None for name, value in asdict(asked).items()
    }

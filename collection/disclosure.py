"""情報公開: the books without those who keep them. Names and accounts become roles; what was decided and why stays.

A reason is free text: a name that the ledger knows is taken out of it, any other name only a reader can find.
"""

from dataclasses import replace
from pathlib import Path

import polars as pl

from collection import books
from collection.books import TEXT, Answer, Chosen
from collection.roles import Person, require
from collection.store.connection import sql
from collection.words import code, table

MASK = "■■"


def register(store: Path, person: Person, chosen: Chosen) -> pl.DataFrame:
    """The register of books.register without names. Raises Problem when the person may not disclose."""
    require(person, "disclose")
    found = books.register(store, replace(chosen, person=None))
    return found.with_columns(
        decided_by=pl.col("decided_role").replace(_role_words()), decided_because=_masked(store, "decided_because")
    )


def answer(store: Path, person: Person, item_id: str) -> Answer | None:
    """The history of books.answer without names. Raises Problem when the person may not disclose."""
    require(person, "disclose")
    known = books.answer(store, item_id)
    if known is None:
        return None
    roads = known.roads.with_columns(
        decided_by=pl.col("decided_role").replace(_role_words()), decided_because=_masked(store, "decided_because")
    )
    steps = known.steps.with_columns(name=pl.col("role"), person=pl.lit(None, TEXT), reason=_masked(store, "reason"))
    return Answer(known.item, roads, steps)


def texts(found: pl.DataFrame, column: str) -> list[str]:
    """What people wrote themselves, to be read before it is given out: decided_because of a register, reason of steps."""
    return sorted({text for text in found[column].drop_nulls() if text.strip()})


def names(store: Path) -> list[str]:
    """Every name and account that the ledger knows, and the parts of the names, the longest first."""
    found = books.read(store, sql("queries/books_names"), {}, {"name": TEXT})["name"].to_list()
    parts = {part for name in found for part in (name, *name.split()) if len(part) > 1}
    said = {word for role in table("codes")["role"].values() for word in role.values()}
    return sorted(parts - said, key=len, reverse=True)


def _role_words() -> dict[str, str]:
    return {role: code("role", role) for role in table("codes")["role"]}


def _masked(store: Path, column: str) -> pl.Expr:
    known = names(store)
    return pl.col(column).str.replace_many(known, [MASK], leftmost=True) if known else pl.col(column)

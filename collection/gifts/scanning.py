"""Books scanned or typed one after another: an ISBN, the bar code below it (C-code and price), or a title."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import duckdb

from collection.gifts import keeping, standing
from collection.gifts.lines import FACTS
from collection.roles import Person
from collection.sources.normalise import c_code_of, isbn_of
from collection.store.connection import sql
from collection.words import Problem

SECOND = 192  # how the second bar code of a Japanese book begins: C-code (4), price (5) and a check digit follow


@dataclass(frozen=True)
class Scan:
    """What a scan or a typed line says: facts of a title; `second` where they belong to the book scanned before."""

    facts: dict
    second: bool = False


@dataclass(frozen=True)
class Taken:
    """What a scan did to which line: new, isbn (new, and nothing is known of it but that), copy (one more), more (C-code and
    price added), title (of the line before); with the line's facts."""

    what: str
    line: str
    facts: dict


def read(text: str) -> Scan | None:
    """An ISBN (any form), the second bar code, or 書名／著者／出版者; None: nothing was typed.

    Raises:
        Problem: digits that are no book's, or no title before the stroke.
    """
    said = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[\s-]", "", said)
    if not said:
        return None
    if re.fullmatch(rf"{SECOND}\d{{10}}", digits):
        price = int(digits[7:12])
        return Scan({"c_code": c_code_of(digits[3:7])[0]} | ({"price": price} if price else {}), second=True)
    if re.fullmatch(r"\d{8,}[Xx]?", digits):
        isbn, _ = isbn_of(digits)
        if isbn is None:
            raise Problem("gifts.no_isbn", text=said)
        return Scan({"isbn": isbn})
    parts = [part.strip() for part in re.split("[／/]", text.strip())]
    if not parts[0]:
        raise Problem("gifts.no_title")
    return Scan({name: part for name, part in zip(("title", "author", "publisher"), parts, strict=False) if part})


def take(
    store: Path, cursor: duckdb.DuckDBPyConnection, person: Person, ticket: str, text: str, condition: str | None = None
) -> Taken | None:
    """Adds what was scanned to an offer; None when nothing was typed.

    An ISBN that stands there already counts one copy more; a title typed when the line before has none is that line's.

    Args:
        cursor: sees a snapshot as facts_of_day. condition: of the books to come, for a new line.

    Raises:
        Problem: it cannot be read; a second bar code comes before any book.
    """
    scan = read(text)
    if scan is None:
        return None
    _, found = standing.one(store, ticket)
    rows = found.filter(state="offered").sort("seq").to_dicts()
    last = rows[-1] if rows else None
    if scan.second:
        if last is None:
            raise Problem("gifts.no_line_before")
        return _changed(store, person, "more", last, scan.facts)
    isbn = scan.facts.get("isbn")
    if again := next((row for row in rows if isbn and row["isbn"] == isbn), None):
        return _changed(store, person, "copy", again, {"copies": again["copies"] + 1})
    if "title" in scan.facts and last and last["title"] is None:
        return _changed(store, person, "title", last, scan.facts)
    facts = scan.facts | (known(cursor, isbn) if isbn else {}) | {"copies": 1, "condition": condition}
    [line] = keeping.add(store, person, ticket, [facts])
    return Taken("new" if facts.get("title") else "isbn", line, facts)


def undo(store: Path, person: Person, ticket: str) -> str | None:
    """Takes back what was last done to a line that is not decided; returns the line, None when there is none."""
    _, found = standing.one(store, ticket)
    last = found.filter(state="offered").sort("seq").tail(1)
    if last.is_empty():
        return None
    keeping.undo(store, person, last)
    return last["line"][0]


def known(cursor: duckdb.DuckDBPyConnection, isbn: str) -> dict:
    """The facts of the newest record that bears an ISBN, as an offer keeps them; {} when the library has none."""
    found = cursor.sql(sql("queries/gifts_record"), params={"isbn": isbn}).pl()
    row = found.row(0, named=True) if len(found) else {}
    return {name: row[name] for name in FACTS if row.get(name) is not None}


def _changed(store: Path, person: Person, what: str, row: dict, facts: dict) -> Taken:
    keeping.change(store, person, row, **facts)
    return Taken(what, row["line"], row | facts)

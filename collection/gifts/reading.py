"""A list of what is offered (CSV, TSV, XLSX in the form of `bibs`)."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from collection import words
from collection.gifts import persons
from collection.gifts.lines import CONDITIONS, FACTS
from collection.purchases import COPIES, cells_of
from collection.sources import content_of
from collection.sources.headers import header_key, match
from collection.sources.normalise import code_of, count_of
from collection.sources.normalise.text import plain
from collection.sources.opening import Opened, open_table
from collection.sources.readers import outputs, reader
from collection.words import Problem

WHYS = ("columns", "nothing", "isbn", "copies", "condition")  # why a row of a list cannot be taken
MOST = 2000  # lines of one list: more no committee can look at


@dataclass(frozen=True)
class Listed:
    """A list as read.

    Attributes:
        rows: facts of each line (names of lines.FACTS). unread: why (WHYS) → lines of the file that cannot be taken.
        blanked: field → lines in which it could not be read, or held something personal, and was left blank.
    """

    file: str
    rows: list[dict]
    unread: dict[str, list[int]] = field(default_factory=dict)
    blanked: dict[str, list[int]] = field(default_factory=dict)


def read(path: Path) -> Listed:
    """Reads a list with the headers of `bibs`, and 冊数, 状態 (of the material) and 備考; a row without 冊数 is one volume.

    Raises:
        Problem: the file cannot be read, has a column about persons, neither titles nor ISBN, or too many rows.
    """
    content = content_of(path)
    if content not in ("text", "xlsx"):
        raise Problem("gifts.no_table", file=path.name)
    with tempfile.TemporaryDirectory(prefix="collection-") as folder:
        opened = open_table(path, content, Path(folder), whole=False)
        persons.refuse_donors(opened.columns, path.name)
        named = _named(opened)
        if not {"title", "isbn"} & set(named):
            raise Problem("gifts.no_title_column", file=path.name)
        found = Listed(path.name, [])
        for line, cells in cells_of(opened):
            row, why, blanked = _row(cells, named, serial=opened.frame is not None)
            if why:
                found.unread.setdefault(why, []).append(line)
            else:
                found.rows.append(row)
                for name in blanked:
                    found.blanked.setdefault(name, []).append(line)
    if len(found.rows) > MOST:
        raise Problem("gifts.too_many_lines", n=f"{len(found.rows):,}", most=f"{MOST:,}")
    return found


def _named(opened: Opened) -> dict[str, str]:
    """field → column. 状態, of a holding whether it is on the shelf, is of an offer how worn it is."""
    columns, counted = list(opened.columns), {header_key(name) for name in COPIES}
    copies = [("copies", column) for column in columns if header_key(column) in counted]
    items = match(columns, "items")
    worn = items.get("condition") or items.get("status")
    own = {name: column for name, column in (("condition", worn), ("note", items.get("note"))) if column}
    records = match(columns, "bibs").items()
    return (
        {name: column for name, column in records if name in FACTS and column not in own.values()} | own | dict(copies)
    )


def _row(cells: dict | None, named: dict[str, str], serial: bool) -> tuple[dict, str | None, list[str]]:
    """(the facts, None, fields left blank), or (nothing, why, nothing)."""
    if cells is None:
        return {}, "columns", []
    said = {name: plain(cells[column]) for name, column in named.items()}
    copies, unclear = count_of(said.pop("copies", None))
    condition, unknown = code_of("condition", said.pop("condition", None))
    note = said.pop("note", "")
    row, blanked = {}, []
    for name, text in said.items():
        if text:
            about = words.table("fields")["bibs"][name]
            values, why = reader(about, serial)(text)
            row |= dict(zip(outputs("bibs", name, about), values, strict=True))
            blanked += [name] if why and values[0] is None else []
    if note and persons.found_in(note):
        note, blanked = "", [*blanked, "note"]
    wrong = {
        "isbn": "isbn" in blanked and not row.get("title"),
        "nothing": not row.get("title") and not row.get("isbn"),
        "copies": unclear or copies == 0,
        "condition": unknown or condition not in (None, *CONDITIONS),
    }
    if why := next((name for name, met in wrong.items() if met), None):
        return {}, why, []
    facts = {name: value for name, value in row.items() if name in FACTS and value is not None}
    return facts | {"copies": copies or 1, "condition": condition, "note": note or None}, None, blanked

"""書架モード and the pull list: what a scanned number is, what to do with it, and what was looked for and not found."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, ledger
from collection.ledger import Event, append
from collection.roles import Person
from collection.store.connection import sql

KEYS = {"1": "withdraw", "2": "keep", "3": "stacks", "4": "hold"}
UNDO, CANCEL = "U", "0"
FRAMED = re.compile(r"(?:[A-D*])(.+)(?:[A-D*])", re.IGNORECASE)  # NW-7 and Code 39 send their start and stop marks
NOT_OF_A_NUMBER = re.compile(r"[\s\x00-\x1f]+")
NO_ITEM = "unknown"
STOPPED = (NO_ITEM, "gone", "withdrawn", "road", "on_list")  # no tag can be put on these
PULLED = 2000  # longest pull list: more than a cart or a day takes
NOT_THERE = ("missing", "on_loan", "withdrawn")  # by their status, nobody will find these on the shelf


@dataclass(frozen=True)
class Seen:
    """What a scanned number turned out to be.

    Attributes:
        number: the item's number, or what was scanned when no item carries it.
        item: its place, status, title and last day of holding; None when no item carries the number.
        decided: its present decisions (columns of decisions.PARTS); empty when there are none.
        says: what the librarian must know, most urgent first: words/shelf.toml said_… and todo_….
    """

    number: str
    item: dict | None
    decided: dict
    says: tuple[str, ...]

    @property
    def can_be_tagged(self) -> bool:
        """Whether the item is held and no withdrawal was approved."""
        return not set(self.says) & set(STOPPED)


def readings(scanned: str) -> list[str]:
    """Ways to read what a scanner or a hand typed: half-width, without blanks, then without frame marks, upper and lower case."""
    plain = NOT_OF_A_NUMBER.sub("", unicodedata.normalize("NFKC", scanned))
    found = [plain]
    if framed := FRAMED.fullmatch(plain):
        found.append(framed[1])
    return list(dict.fromkeys(way for each in found for way in (each, each.upper(), each.lower()) if way))


def key_of(scanned: str) -> str | None:
    """The key that was pressed instead of scanning: 1–4, 0 or U; None for a number."""
    [key, *_] = [*readings(scanned), ""]
    return key.upper() if key.upper() in (*KEYS, UNDO, CANCEL) else None


def look(cursor: duckdb.DuckDBPyConnection, store: Path, branch: str | None, scanned: str) -> Seen:
    """What a scanned number is, and what is to be said of it at this branch.

    Args:
        cursor: on a flags file with its snapshot attached. branch: where the librarian stands; None: not asked.
    """
    ways = readings(scanned)
    found = cursor.sql(sql("queries/shelf_find"), params={"readings": ways}).pl()
    if found.is_empty():
        return Seen(ways[0] if ways else "", None, {}, (NO_ITEM,))
    item = found.row(0, named=True)
    known = decisions.decided(store).items.filter(pl.col("item_id") == item["item_id"])
    decided = known.row(0, named=True) if len(known) else {}
    return Seen(item["item_id"], item, decided, tuple(_says(item, decided, branch)))


def _says(item: dict, decided: dict, branch: str | None):
    on_the_road = decided.get("road") not in (None, "readmitted")
    if on_the_road:
        yield "road"
    elif item["gone_on"] is not None:
        yield "gone"
    elif item["status"] == "withdrawn":
        yield "withdrawn"
    if branch and item["branch"] != branch:
        yield "other_branch"
    if item["gone_on"] is None and item["status"] in ("on_loan", "on_hold_shelf", "in_transit", "missing", "in_repair"):
        yield item["status"]
    if item["gone_on"] is None and item["holds"]:
        yield "reserved"
    if decided.get("entry") and decided.get("list_state") not in (None, "decided") and not on_the_road:
        yield "on_list"
    if decided.get("shelf") == "missed":
        yield "was_missed"


def branches(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """The branches, largest first."""
    return [branch for (branch,) in cursor.execute(sql("queries/shelf_branches")).fetchall()]


def decided_items(
    cursor: duckdb.DuckDBPyConnection, store: Path, tag: str | None, list_no: str | None, branch: str | None
) -> list[str]:
    """Numbers of the held items that carry a tag or stand on a list, at one branch or at all, in shelf order."""
    decisions.attach(cursor, store)
    asked = {"tag": tag, "list_no": list_no, "branch": branch}
    return [item for (item,) in cursor.execute(sql("queries/shelf_decided"), asked).fetchall()]


def pull_list(cursor: duckdb.DuckDBPyConnection, store: Path, items: list[str], since: int) -> tuple[pl.DataFrame, int]:
    """Items to take off the shelf in its order, and how many of those asked for cannot stand there (lent, missing).

    Args:
        since: number of the ledger's last event when the list was begun: only what was found later is ticked.

    Returns:
        columns of shelf_pull.sql with `ticked` and `missed` (both since then).
    """
    decisions.attach(cursor, store)
    found = cursor.sql(sql("queries/shelf_pull"), params={"items": items}).pl()
    there = found.filter(~pl.col("status").fill_null("").is_in(NOT_THERE))
    new = pl.col("shelf_seq").fill_null(0) > since
    there = there.with_columns(
        ticked=(new & (pl.col("shelf") == "found")).fill_null(False),
        missed=(new & (pl.col("shelf") == "missed")).fill_null(False),
    )
    return there, len(found) - len(there)


def find(store: Path, person: Person, item_id: str) -> None:
    """Note that an item was found on the shelf. Raises Problem when the role does not allow it."""
    with ledger.writing(store) as connection:
        append(connection, person, [Event("find", item_id, item_id=item_id)])


def not_found(store: Path, person: Person, items: list[str], since: int) -> int:
    """Put the items of a pull list that nobody has ticked or noted since it was begun on the list of 不明確認; returns how many.

    Args:
        since: as in `pull_list`. What somebody found in this very moment stays found.
    """
    with ledger.writing(store) as connection:
        known = ledger.latest(connection, "shelf", items)
        left = [item for item in items if item not in known or known[item]["seq"] <= since]
        append(connection, person, [Event("miss", item, item_id=item) for item in left])
    return len(left)


def missed(
    cursor: duckdb.DuckDBPyConnection, store: Path, branch: str | None = None, today: date | None = None
) -> pl.DataFrame:
    """不明確認: what was looked for, not found and not settled, in shelf order: columns of shelf_missed.sql."""
    decisions.attach(cursor, store)
    return cursor.sql(sql("queries/shelf_missed"), params={"branch": branch, "today": today or date.today()}).pl()


def settle(store: Path, person: Person, items: pl.DataFrame, reason: str) -> int:
    """End the search for items (from `missed`): the library system records the loss. Returns how many.

    Raises:
        MovedOn: one was found or settled meanwhile.
    """
    events = [
        Event("settle", item, None, seq, item, reason=reason)
        for item, seq in items.select("item_id", "shelf_seq").iter_rows()
    ]
    with ledger.writing(store) as connection:
        append(connection, person, events)
    return len(events)

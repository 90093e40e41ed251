"""A list of the committee again, byte for byte, from what its drafting wrote down: policy, snapshot, ledger, items."""

import hashlib
import json
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from collection import decisions, flag, ledger
from collection.export import listed
from collection.facts import decided_on
from collection.policy import Policy, PolicyErrors, archive, load
from collection.sheets import csv_bytes
from collection.store import snapshots
from collection.store.connection import connect, connect_flags, sql
from collection.words import Problem
from models.similar.index import index


@dataclass(frozen=True)
class Again:
    """A list made again: its bytes, how many items were on it, the sha256 of the bytes now and at the drafting."""

    content: bytes
    items: int
    sha256: str
    then: str

    @property
    def same(self) -> bool:
        """Byte for byte the same as when it was drafted."""
        return self.sha256 == self.then


def bytes_of(cursor: duckdb.DuckDBPyConnection, policy: Policy, items: list[str]) -> bytes:
    """The list as CSV in the form of `export candidates`: shelf order, reasons in Japanese, the same bytes every time.

    Args:
        cursor: on a flags file with its snapshot attached as facts_of_day.
        policy: the pack those flags were made with.
        items: item numbers in any order; one that the snapshot does not hold has no row.
    """
    return csv_bytes(listed(cursor, policy, items))


def again(store: Path, list_no: str) -> Again:
    """Make a list again from the policy, the snapshot and the ledger of its drafting.

    The flags of that day are read where they still are, and made anew in a place of their own where they are not.

    Raises:
        Problem: there is no such list; its snapshot or its pack is no longer in the store.
    """
    drafted, items = _drafted(store, list_no)
    policy = _policy(store, list_no, drafted)
    snapshot = store / snapshots.FOLDER / drafted["snapshot"]
    if not snapshot.exists():
        said = {"snapshot": drafted["snapshot"], "folder": snapshot.parent}
        raise Problem("books.no_snapshot_of_list", list_no=list_no, **said)
    flags = snapshot.with_name(drafted["flags"])
    if flags.exists():
        with connect_flags(flags) as connection:
            content = bytes_of(connection, policy, items)
    else:
        content = _judged_again(store, policy, drafted, snapshot, items)
    return Again(content, len(items), hashlib.sha256(content).hexdigest(), drafted["sha256"])


def _judged_again(store: Path, policy: Policy, drafted: dict, snapshot: Path, items: list[str]) -> bytes:
    as_of = date.fromisoformat(drafted["as_of"])
    decided = decided_on(decisions.decided(store, until=drafted["flags_seq"]).items, as_of)
    with tempfile.TemporaryDirectory() as aside:
        attached = {"facts_of_day": snapshot}
        with connect(Path(aside) / "flags.duckdb", attach=attached) as connection:
            flag.judge(connection, policy, as_of, decided, index(snapshot))
            return bytes_of(connection, policy, items)


def _drafted(store: Path, list_no: str) -> tuple[dict, list[str]]:
    found = None
    if ledger.path(store).exists():
        with ledger.reading(store) as connection:
            found = connection.execute(sql("queries/reproduce_draft"), {"list_no": list_no}).fetchone()
            if found:
                details = json.loads(found["details"])
                asked = {"list_no": list_no, "seq": found["seq"], "items": details["items"]}
                items = [item for (item,) in connection.execute(sql("queries/reproduce_entered"), asked)]
                return details, items
    raise Problem("books.no_list", list_no=list_no)


def _policy(store: Path, list_no: str, drafted: dict) -> Policy:
    folder = archive.kept(store, drafted["policy"], drafted["policy_hash"])
    try:
        policy = load(folder, date.fromisoformat(drafted["as_of"])) if folder else None
    except (Problem, PolicyErrors):
        policy = None
    if policy is None or policy.hash != drafted["policy_hash"]:
        said = {"policy": drafted["policy"], "hash": drafted["policy_hash"], "folder": store / archive.FOLDER}
        raise Problem("books.no_pack_of_list", list_no=list_no, **said)
    return policy

"""What people have decided so far, one row an item, as a small table that DuckDB joins to the facts of the day."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import duckdb
import polars as pl

from collection import ledger
from collection.store.connection import sql

CHAIN = {
    "aspect": pl.String, "item_id": pl.String, "state": pl.String, "seq": pl.Int64, "at": pl.String,
    "on_day": pl.String, "person": pl.String, "name": pl.String, "list_no": pl.String, "clause": pl.String,
    "reason": pl.String, "details": pl.String,
}  # fmt: skip
PARTS = {  # column of `decided` → from the chain of which aspect, which column or which detail
    "tag": {"tag": "state", "tag_seq": "seq", "tag_at": "at", "tag_on": "on_day", "tag_person": "person", "tag_name": "name",
            "tag_reason": "reason", "tag_clause": "clause", "tag_until": "details.until", "tag_to": "details.to"},
    "entry": {"entry": "state", "entry_seq": "seq", "list_no": "list_no", "entry_clause": "clause"},
    "road": {"road": "state", "road_seq": "seq", "road_on": "on_day", "road_name": "name", "road_list": "list_no",
             "road_reason": "reason",
             "road_clause": "clause", "offer": "details.offer", "reply_by": "details.reply_by",
             "partner": "details.partner", "lot": "details.lot", "slip": "details.slip",
             "road_criterion": "details.criterion"},
    "shelf": {"shelf": "state", "shelf_seq": "seq", "shelf_on": "on_day", "shelf_name": "name"},
    "named": {"named": "details.name", "named_seq": "seq", "named_on": "on_day", "named_by": "name",
              "named_reason": "reason", "named_ticket": "details.ticket"},
}  # fmt: skip


@dataclass(frozen=True)
class Decided:
    """The present decisions.

    Attributes:
        seq: the last event they know of.
        chains: the latest event of each chain, also of those whose state has ended.
        items: item_id and the columns of PARTS, with list_state; one row for every item that has a state.
    """

    seq: int
    chains: pl.DataFrame
    items: pl.DataFrame


NOTHING = pl.DataFrame(schema=CHAIN)
_newest: dict[Path, Decided] = {}
NOT_ASKED = pl.DataFrame(schema={"item_id": pl.String, "item_no": pl.Int32})
_numbered: dict[tuple[Path, str], tuple[int, pl.DataFrame]] = {}
_asked: dict[tuple[Path, str], pl.DataFrame] = {}
_lock = Lock()


def decided(store: Path, until: int | None = None) -> Decided:
    """What is decided now, or what was after the event `until`."""
    if not ledger.path(store).exists():
        return Decided(0, NOTHING, _items(NOTHING, {}))
    with _lock, ledger.reading(store) as connection:
        newest = _newest.get(store) if until is None else None
        seq = ledger.last_seq(connection)
        if newest and newest.seq == seq:
            return newest
        if newest and newest.seq > seq:  # a backup was restored
            newest = None
        bounds = {"since": newest.seq if newest else 0, "until": until if until is not None else seq}
        rows = [tuple(row) for row in connection.execute(sql("queries/decided_changed"), bounds)]
        lists = dict(map(tuple, connection.execute(sql("queries/decided_lists"), {"until": bounds["until"]})))
        changed = pl.DataFrame(rows, schema=CHAIN, orient="row")
        before = newest.chains.join(changed, on=["aspect", "item_id"], how="anti") if newest else NOTHING
        chains = pl.concat([before, changed])
        found = Decided(bounds["until"], chains, _items(chains, lists))
        if until is None:
            _newest[store] = found
        return found


def attach(cursor: duckdb.DuckDBPyConnection, store: Path, until: int | None = None) -> int:
    """Gives a cursor, which has a snapshot attached as facts_of_day, the table `decided` (item_no and `Decided.items`).

    Returns:
        the number of the last event it knows of.
    """
    now = decided(store, until)
    [(snapshot,)] = cursor.execute(sql("queries/decided_snapshot")).fetchall()
    known = _numbered.get((store, snapshot)) if until is None else None
    if known is None or known[0] != now.seq:
        numbers = _numbers_of(cursor, (store, snapshot), now.items)
        table = now.items.join(numbers, on="item_id").sort("item_no")
        known = now.seq, table.select("item_no", *now.items.columns)
        if until is None:
            _numbered[store, snapshot] = known
    cursor.register("decided", known[1])
    return now.seq


def _numbers_of(cursor: duckdb.DuckDBPyConnection, key: tuple[Path, str], items: pl.DataFrame) -> pl.DataFrame:
    """item_id and item_no of those that the snapshot holds; only what was not asked before is looked for."""
    asked = _asked.get(key, NOT_ASKED)
    new = items.select("item_id").join(asked, on="item_id", how="anti")
    if len(new):
        cursor.register("decided_new", new)
        asked = pl.concat([asked, cursor.sql(sql("queries/decided_numbers")).pl().cast(NOT_ASKED.schema)])
        cursor.unregister("decided_new")
        _asked[key] = asked
    return asked.drop_nulls()


def _items(chains: pl.DataFrame, lists: dict[str, str]) -> pl.DataFrame:
    standing = chains.filter(pl.col("state").is_not_null())
    items = standing.select("item_id").unique(maintain_order=True)
    for aspect, columns in PARTS.items():
        part = standing.filter(pl.col("aspect") == aspect)
        told = {
            name: pl.col("details").str.json_path_match(source.replace("details.", "$."))
            if source.startswith("details.")
            else pl.col(source)
            for name, source in columns.items()
        }
        items = items.join(part.select("item_id", **told), on="item_id", how="left")
    state = pl.col("list_no").replace_strict(lists, default=None, return_dtype=pl.String)
    return items.with_columns(list_state=state)


def leaving() -> pl.Expr:
    """Whether an item of `Decided.items` is on its way out: approved, on an open list, or tagged for withdrawal."""
    on_road = pl.col("road").is_not_null() & (pl.col("road") != "readmitted")
    on_list = pl.col("entry").is_in(["entered", "withdraw"]) & (pl.col("list_state") != "decided")
    return (on_road | on_list | (pl.col("tag") == "withdraw")).fill_null(False)

"""Records land in DuckDB in groups: their bytes in one table, what they say, as texts, in others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import duckdb
import polars as pl

from collection.sources.marc import items, rules, shape
from collection.sources.marc.binary import Read

ENOUGH = 20_000  # records written at once, or the few more of a batch
NOTHING = ("",) * len(rules.COLUMNS)
ITEM_TEXTS = {"line": pl.Int64} | dict.fromkeys(["reason", "bib_id", *items.FIELDS], pl.String)
Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


@dataclass
class Landed:
    """What was landed.

    records, item_fields: how many. mapping: the one used.
    notes: for each its count and its first line and position. broken: line and position of what could not be read.
    barcodes: mapping → records in which it finds a barcode.
    """

    records: int = 0
    item_fields: int = 0
    mapping: items.Mapping | None = None
    notes: dict[str, list[int]] = field(default_factory=dict)
    broken: list[tuple[int, int]] = field(default_factory=list)
    barcodes: dict[str, int] = field(default_factory=dict)


@dataclass
class Group:
    """Records to be written, in columns, and what the mapping finds in them."""

    lines: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    reasons: list[str | None] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    own: list[dict[str, str]] = field(default_factory=list)
    units: list[tuple] = field(default_factory=list)
    mapping: items.Mapping | None = None


def land(
    connection: duckdb.DuckDBPyConnection,
    read: Callable[[], Iterator[list[Read]]],
    tables: dict[str, str],
    mappings: list[items.Mapping],
) -> Landed:
    """Fills the tables named under "raw", "bibs" and "items" with all records; they are made unless there is no record.

    raw: line BIGINT, record BLOB, position BIGINT. bibs, items: line BIGINT, reason VARCHAR and the fields as text.
    Of several mappings the one that finds barcodes in most records of the file is taken. The best in the first batch is
    used at once; when the whole file tells otherwise it is read again.

    Args:
        read: gives the batches of binary.read or xml.read, from the first record on.
        mappings: one that was asked for, or all shipped ones.
    """
    landed = _land(connection, read(), tables, mappings)
    best = _best(mappings, landed.barcodes)
    if best and best is not landed.mapping:
        landed = _land(connection, read(), tables, [best])
    return landed


def _land(connection, batches: Iterator[list[Read]], tables: dict[str, str], mappings: list[items.Mapping]) -> Landed:
    landed = Landed()
    for made, group in enumerate(groups(batches, mappings, landed)):
        _put(connection, group, tables, made == 0)
    return landed


def _put(connection: duckdb.DuckDBPyConnection, group: Group, tables: dict[str, str], first: bool) -> None:
    for name, frame in zip(("raw", "bibs", "items"), frames(group), strict=True):
        if first or len(frame):
            connection.register("landing", frame.to_arrow())
            into = "CREATE OR REPLACE TABLE {} AS" if first else "INSERT INTO {}"
            connection.execute(f"{into.format(tables[name])} FROM landing")
            connection.unregister("landing")


def groups(batches: Iterator[list[Read]], mappings: list[items.Mapping], landed: Landed) -> Iterator[Group]:
    """All records in groups of ENOUGH or a few more; what is counted goes to `landed`."""
    landed.mapping = mappings[0] if len(mappings) == 1 else None
    group = Group()
    for batch in batches:
        if len(mappings) > 1 and not landed.records:
            own = [rules.by_tag(read.fields) for read in batch]
            found = {mapping.name: sum(items.has_barcode(record, mapping) for record in own) for mapping in mappings}
            landed.mapping = _best(mappings, found)
        _take(batch, mappings if len(mappings) > 1 else [], group, landed)
        if len(group.lines) >= ENOUGH:
            yield group
            group = Group()
    if group.lines:
        yield group


def _best(mappings: list[items.Mapping], barcodes: dict[str, int]) -> items.Mapping | None:
    """The mapping that finds barcodes in most records, of equal ones the first; None when none finds any."""
    best = max(mappings, key=lambda mapping: barcodes.get(mapping.name, 0), default=None)
    return best if best and barcodes.get(best.name) else None


def _take(batch: list[Read], counted: list[items.Mapping], group: Group, landed: Landed) -> None:
    """Adds the records of a batch to the group, and counts the barcodes that mappings find in them.

    A record's fields are laid out by tag and let go one record at a time: kept, they would keep the garbage collector
    busy.
    """
    mapping = group.mapping = landed.mapping
    tags = frozenset().union(*[(one.item, one.holding) for one in counted])
    by_tag, bib_row, add = rules.by_tag, rules.bib_row, group.rows.append
    before = len(group.units)
    for line, position, raw, leader, fields, reason, note in batch:
        group.lines.append(line)
        group.positions.append(position)
        group.raw.append(raw)
        group.reasons.append(reason)
        if note:
            landed.notes.setdefault(note, [0, line, position])[0] += 1
        if reason:
            landed.broken.append((line, position))
        own = by_tag(fields)
        if counted and not tags.isdisjoint(own):
            for one in counted:
                landed.barcodes[one.name] = landed.barcodes.get(one.name, 0) + items.has_barcode(own, one)
        if mapping:
            group.own.append(items.bib_texts(own, mapping))
            group.units += [(line, *unit) for unit in items.units(own, mapping)]
        add(NOTHING if leader is None else bib_row(leader, own))
    landed.item_fields += len(group.units) - before
    landed.records += len(batch)


def frames(group: Group) -> Frames:
    """The raw, bibs and items frames of a group."""
    line = pl.Series("line", group.lines, dtype=pl.Int64)
    reason = pl.Series("reason", group.reasons, dtype=pl.String)
    raw = pl.DataFrame(
        [line, pl.Series("record", group.raw, dtype=pl.Binary), pl.Series("position", group.positions, dtype=pl.Int64)]
    )
    columns = zip(rules.COLUMNS, zip(*group.rows, strict=True), strict=True)
    bibs = shape.bib_fields(
        pl.DataFrame([pl.Series(name, texts, dtype=pl.String) for name, texts in columns] + [line, reason])
    )
    for name in group.mapping.bib if group.mapping else ():
        told = pl.Series("told", [texts.get(name) for texts in group.own], dtype=pl.String)
        bibs = bibs.with_columns(pl.coalesce(told, name).alias(name))
    return raw, bibs, _items(group, bibs)


def _items(group: Group, bibs: pl.DataFrame) -> pl.DataFrame:
    """Item texts under every item field there is; those the mapping lacks are NULL."""
    if not group.units:
        return pl.DataFrame(schema=ITEM_TEXTS)
    schema = {"line": pl.Int64} | {str(at): pl.String for at in range(len(group.mapping.places))}
    named = items.as_columns(pl.DataFrame(group.units, schema=schema, orient="row"), group.mapping)
    named = named.join(bibs.select("line", "bib_id"), on="line", how="left", maintain_order="left")
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in ITEM_TEXTS if name not in named.columns]
    return named.with_columns(missing).select(list(ITEM_TEXTS))

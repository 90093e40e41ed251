"""Records land in DuckDB in batches: their bytes in one table, what they say, as texts, in others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

import duckdb
import polars as pl

from collection.sources.marc import items, rules, shape
from collection.sources.marc.binary import Read

ENOUGH = 20_000  # records landed at once
NOTHING = ("",) * len(rules.COLUMNS)


@dataclass
class Landed:
    """What was landed: records and item fields read; for each note its count and first line and position; where the
    records stand (line, position) that could not be read."""

    records: int = 0
    item_fields: int = 0
    mapping: items.Mapping | None = None
    notes: dict[str, list[int]] = field(default_factory=dict)
    broken: list[tuple[int, int]] = field(default_factory=list)


def land(
    connection: duckdb.DuckDBPyConnection,
    batches: Iterator[list[Read]],
    tables: dict[str, str],
    mappings: list[items.Mapping],
) -> Landed:
    """Fills the tables named under "raw", "bibs" and "items" (created here) with all records.

    raw: line BIGINT, record BLOB, position BIGINT. bibs, items: line BIGINT, reason VARCHAR and the fields as text.
    Of several mappings the one that finds most barcodes where first any are found is taken for the rest of the file.

    Args:
        batches: from binary.read or xml.read.
        mappings: one that was asked for, or all shipped ones.
    """
    landed = Landed(mapping=mappings[0] if len(mappings) == 1 else None)
    for name, frame in zip(("raw", "bibs", "items"), _frames([], landed), strict=True):
        _put(connection, f"CREATE OR REPLACE TABLE {tables[name]} AS FROM landing", frame)
    while records := list(islice(chain.from_iterable(batches), ENOUGH)):
        landed.mapping = landed.mapping or _speaking(records, mappings)
        for name, frame in zip(("raw", "bibs", "items"), _frames(records, landed), strict=True):
            _put(connection, f"INSERT INTO {tables[name]} FROM landing", frame)
    return landed


def _put(connection: duckdb.DuckDBPyConnection, statement: str, frame: pl.DataFrame) -> None:
    connection.register("landing", frame.to_arrow())
    connection.execute(statement)
    connection.unregister("landing")


def _speaking(records: list[Read], mappings: list[items.Mapping]) -> items.Mapping | None:
    """The mapping under which most of the records have barcodes; None when none has any."""
    tags = frozenset().union(*[(mapping.item, mapping.holding) for mapping in mappings])
    some = [record.fields for record in records if not tags.isdisjoint(dict(record.fields))]
    barcodes = [sum(items.has_items(items.units(fields, mapping), mapping) for fields in some) for mapping in mappings]
    return mappings[barcodes.index(max(barcodes))] if any(barcodes) else None


def _frames(records: list[Read], landed: Landed) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The raw, bibs and items frames of some records; counts go to `landed`."""
    mapping = landed.mapping
    rows, own, units = [], [], []
    for record in records:
        rows.append(rules.bib_row(record.leader, record.fields) if record.leader is not None else NOTHING)
        if record.note:
            landed.notes.setdefault(record.note, [0, record.line, record.position])[0] += 1
        if record.reason:
            landed.broken.append((record.line, record.position))
        if mapping:
            own.append(items.bib_texts(record.fields, mapping))
            units.extend([(record.line, *unit) for unit in items.units(record.fields, mapping)])
    line = pl.Series("line", [record.line for record in records], dtype=pl.Int64)
    reason = pl.Series("reason", [record.reason for record in records], dtype=pl.String)
    content = pl.Series("record", [record.raw for record in records], dtype=pl.Binary)
    position = pl.Series("position", [record.position for record in records], dtype=pl.Int64)
    raw = pl.DataFrame([line, content, position])
    texts = pl.DataFrame(rows, schema=dict.fromkeys(rules.COLUMNS, pl.String), orient="row").with_columns(line, reason)
    bibs = shape.bib_fields(texts)
    for name in mapping.bib if mapping else ():
        told = pl.Series("told", [texts_of.get(name) for texts_of in own], dtype=pl.String)
        bibs = bibs.with_columns(pl.coalesce(told, name).alias(name))
    landed.records += len(records)
    landed.item_fields += len(units)
    return raw, bibs, _items(units, bibs, mapping)


def _items(units: list[tuple], bibs: pl.DataFrame, mapping: items.Mapping | None) -> pl.DataFrame:
    """Item texts under every item field there is; those the mapping lacks are NULL."""
    fields = ["line", "reason", "bib_id", *items.FIELDS]
    schema = {"line": pl.Int64} | {str(at): pl.String for at in range(len(mapping.places) if mapping else 0)}
    rows = pl.DataFrame(units, schema=schema, orient="row")
    named = items.as_columns(rows, mapping) if mapping else rows
    named = named.join(bibs.select("line", "bib_id"), on="line", how="left", maintain_order="left")
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in fields if name not in named.columns]
    return named.with_columns(missing).select(fields)

"""MARC 21 files (ISO 2709 and MARCXML): every record becomes a bib, and its items where a mapping finds them."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from collection import words
from collection.sources import typed
from collection.sources.decode import digest
from collection.sources.headers import required
from collection.sources.marc import binary, items, rules, xml
from collection.sources.marc.landing import Landed, land
from collection.sources.readers import STAGED
from collection.sources.staged import Staged, add_note, next_number
from collection.words import Problem

PLACES = 10  # broken records named one by one in the report
# The year of the imprint, else the coded one; the imprint's words as they stand.
OWN_COLUMNS = {
    "pub_year": "coalesce(pub_year, TRY_CAST(s.coded_year AS SMALLINT))::SMALLINT AS pub_year",
    "pub_year_text": "s.imprint AS pub_year_text",
}
XML_HEAD = 1 << 12  # bytes in which a MARCXML file shows itself


def is_marc(path: Path) -> str | None:
    """ "marc21" or "marcxml" when the head of the file looks like one, else None."""
    with path.open("rb") as file:
        head = file.read(XML_HEAD)
    text = head.removeprefix(binary.BOM).lstrip()
    if text.startswith(b"<"):
        return "marcxml" if b"MARC21/slim" in head or xml.OPEN.search(head) or b"<collection" in head else None
    return "marc21" if b"\x1e" in head and b"\x1f" in head else None


def stage(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    kind: str | None = None,
    mapping: str | Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Staged]:
    """Reads one MARC file into staged_bibs_<n> and, when it holds items, staged_items_<n>, over one raw_<n>.

    A record that cannot be read is a row with a reason; raw_<n> keeps the bytes and the byte position of every record.

    Args:
        connection: where the tables go.
        path: ISO 2709 or MARCXML, told from its bytes.
        kind: "bibs" or "items" to take only these; None: both.
        mapping: a shipped mapping of item fields or the path of a TOML file; None: the shipped one that finds items.
        progress: told the number of bytes read so far.

    Raises:
        Problem: no record in the file, or a mistake in the mapping.
    """
    encoding = is_marc(path) or "marc21"
    mappings = [items.load(mapping)] if mapping else [items.load(name) for name in items.ORDER]
    wanted = rules.TAGS.union(*[one.tags for one in mappings])
    number = next_number(connection)
    tables = {"raw": f"raw_{number}", "bibs": f"texts_bibs_{number}", "items": f"texts_items_{number}"}
    reader = xml if encoding == "marcxml" else binary
    told = progress or (lambda done: None)
    landed = land(connection, lambda: reader.read(path, wanted, told), tables, mappings)
    if not landed.records:
        raise Problem("marc.no_records", file=path.name)
    kinds = [one for one in ("bibs", "items") if kind in (None, one) and (one == "bibs" or landed.item_fields)]
    name = landed.mapping.name if landed.mapping else ""
    sha256 = digest(path)
    staged = []
    for one in kinds:
        table = f"staged_{one}_{number}"
        fields = _typed(connection, one, tables[one], table, path.name)
        rows = landed.records if one == "bibs" else landed.item_fields
        staged.append(Staged(path.name, sha256, encoding, name, one, table, tables["raw"], rows, fields))
    for one in ("bibs", "items"):
        connection.execute(f"DROP TABLE {tables[one]}")
    _report(connection, path.name, landed)
    return staged


def _typed(connection: duckdb.DuckDBPyConnection, kind: str, source: str, table: str, file: str) -> tuple[str, ...]:
    """The texts of `source` as the staged table; returns the staged columns for which any record says something."""
    fields = list(words.table("fields")[kind])
    counted = ", ".join(f"count({field})" for field in fields)
    counts = connection.execute(f"SELECT {counted} FROM {source}").fetchall()[0]
    needed = required(kind)
    texts = {field: field for field, count in zip(fields, counts, strict=True) if count or field in needed}
    if "pub_year" in texts:
        texts["pub_year"] = "plain_year"
    notes = typed.build(connection, kind, texts, source, f"{table}_values")
    columns = ", ".join(OWN_COLUMNS.get(column, column) for column in STAGED[kind])
    years = ", pub_year AS imprint, coded_year" if kind == "bibs" else ""
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT s.line, coalesce(s.reason, t.reason) AS reason, {columns} "
        f"FROM (SELECT line, reason{years} FROM {source}) s POSITIONAL JOIN {table}_values t"
    )
    connection.execute(f"DROP TABLE {table}_values")
    for told in notes:
        line = connection.execute(f"SELECT line FROM {table} LIMIT 1 OFFSET {told.place}").fetchall()[0][0]
        add_note(connection, file, told.reason, told.field, told.rows, line, told.example)
    return typed.present(kind, texts)


def _report(connection: duckdb.DuckDBPyConnection, file: str, landed: Landed) -> None:
    """Notes on mended records, and where those stand that could not be read."""
    for reason, (rows, line, position) in landed.notes.items():
        add_note(connection, file, reason, None, rows, line, words.say("marc.place", line=line, position=position))
    if landed.broken:
        places = [words.say("marc.place", line=line, position=position) for line, position in landed.broken[:PLACES]]
        more = words.say("marc.more", rows=len(landed.broken) - PLACES) if len(landed.broken) > PLACES else ""
        line = landed.broken[0][0]
        add_note(connection, file, "marc_places", None, len(landed.broken), line, "、".join(places) + more)

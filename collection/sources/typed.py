"""From a relation of texts to a staged table, in one statement.

Plain forms are read by SQL. The rest of a column, few distinct values as a rule, is read by the plain functions of
`normalise`, once for each distinct value, and looked up by an ENUM made of these values: the order of the rows, and so
the line numbers, are left alone, which a join does not promise. Values are first taken from a sample; when the table
then holds one that was not in it, the distinct values of the whole file are read and the statement runs again.
"""

from dataclasses import dataclass

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from collection import words
from collection.sources import readers
from collection.store.connection import sql

POLARS = {
    "VARCHAR": pl.String,
    "DATE": pl.Date,
    "BOOLEAN": pl.Boolean,
    "DOUBLE": pl.Float64,
    "SMALLINT": pl.Int16,
    "USMALLINT": pl.Int32,
    "INTEGER": pl.Int32,
    "UTINYINT": pl.UInt8,
}
LONG = 2_000
FEW, SHARE = 50, 0.02
ISBN_REASONS = {-1: "isbn_mended", -2: "isbn_wrong"}
MACROS = ("isbn_sum_13", "isbn_sum_10", "isbn_check_978", "isbn_plain")


@dataclass(frozen=True)
class Note:
    """Something the report tells of: `rows` rows of `field`, the first of them the row `place` (from 0)."""

    reason: str
    field: str
    rows: int
    place: int
    example: str


def build(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    texts: dict[str, str],
    source: str,
    table: str,
    sample: str | None = None,
    serial: bool = False,
    reasons: bool = True,
) -> list[Note]:
    """Reads `source` into the typed table `table`: reason and the staged columns of `kind`, rows in the source's order.

    Args:
        connection: where both are.
        kind: bibs, items, loans …
        texts: field → SQL expression of its text over `source`.
        source: what stands behind FROM; rows as text.
        table: name of the table to make.
        sample: what stands behind FROM for a part of the rows that shows most values; None: `source` itself.
        serial: bare numbers in date fields are Excel days.
        reasons: the table has a column reason; False: whoever reads it asks `reason_sql`, and spares its room.

    Returns:
        What was mended or could not be read, with counts.
    """
    if any("isbn" in expression or field == "isbn" for field, expression in texts.items()):
        for macro in MACROS:
            connection.execute(sql(f"queries/{macro}"))
    fields = [field for field, about in _fields(kind, texts).items() if _mapped(about)]
    values = _odd_values(connection, kind, texts, fields, sample or source)
    if sample:
        # Of a column full of different values a sample shows too few; and to look for one in vain is slow in DuckDB.
        rows = connection.execute(f"SELECT count(*) FROM {sample}").fetchall()[0][0]
        crowded = [field for field in fields if len(values[field]) > max(FEW, rows * SHARE)]
        values |= _odd_values(connection, kind, texts, crowded, source)
    maps = _read_into(connection, kind, texts, source, table, values, serial, reasons)
    if sample and connection.execute(f"SELECT bool_or(odd) FROM {table}").fetchall()[0][0]:
        _clear(connection, maps)
        values = _odd_values(connection, kind, texts, fields, source)
        maps = _read_into(connection, kind, texts, source, table, values, serial, reasons)
    notes = _notes(connection, kind, texts, table, maps)
    _clear(connection, maps)
    return notes


def present(kind: str, texts: dict[str, str]) -> tuple[str, ...]:
    """The staged columns that `texts` fill, those that follow from a field (isbn_text, never_lent …) among them."""
    more = {
        "isbn": ("isbn", "isbn_text"),
        "pub_year": ("pub_year", "pub_year_text"),
        "ndc": tuple(readers.outputs("bibs", "ndc", {"type": "ndc"})),
        "years": ("years", "permanent"),
        "last_loan_date": ("last_loan_date", "never_lent"),
        "loans_total": ("loans_total", "never_lent"),
    }
    filled = {column for field in texts for column in more.get(field, (field,))}
    return tuple(column for column in readers.STAGED[kind] if column in filled)


def reason_sql(kind: str, texts: dict[str, str]) -> str:
    """SQL over the typed columns of what makes a row an error: a required field that is blank or cannot be read."""
    cases = []
    for field, about in _fields(kind, texts).items():
        if about.get("required"):
            permanent = " AND NOT coalesce(permanent, false)" if about["type"] == "years" else ""
            cases.append(f"WHEN {field} IS NULL{permanent} THEN 'blank_{field}'")
    return f"CASE {' '.join(cases)} END" if cases else "NULL::VARCHAR"


def _fields(kind: str, texts: dict[str, str]) -> dict[str, dict]:
    return {field: about for field, about in words.table("fields")[kind].items() if field in texts}


def _mapped(about: dict) -> bool:
    return about["type"] not in ("text", "names")


def _texts_sql(kind: str, texts: dict[str, str], source: str) -> str:
    """Two layers: the texts as t_<field>, and beside them what their plain forms need."""
    fields = _fields(kind, texts)
    chosen = ", ".join(f"{texts[field]} AS t_{field}" for field in fields)
    helpers = [helper for field, about in fields.items() for helper in readers.helpers_sql(about, f"t_{field}")]
    return f"SELECT {', '.join(['*', *helpers])} FROM (SELECT {chosen} FROM {source})"


def _odd_values(connection, kind: str, texts: dict[str, str], fields: list[str], source: str) -> dict[str, set[str]]:
    """The distinct values of `fields` in `source` that are not in plain form."""
    if not fields:
        return {}
    about = _fields(kind, texts)
    wanted = []
    for field in fields:
        plain = readers.plain_sql(about[field], f"t_{field}")
        odd = f" AND {plain} IS NULL" if plain else ""
        wanted.append(f"list(DISTINCT t_{field}) FILTER (WHERE t_{field} IS NOT NULL{odd})")
    chosen = {field: texts[field] for field in fields}
    query = f"SELECT {', '.join(wanted)} FROM ({_texts_sql(kind, chosen, source)})"
    found = connection.execute(query).fetchall()[0]
    return {field: set(values or ()) for field, values in zip(fields, found, strict=True)}


def _read_into(
    connection,
    kind: str,
    texts: dict[str, str],
    source: str,
    table: str,
    values: dict[str, set[str]],
    serial: bool,
    reasons: bool,
) -> dict[str, dict]:
    """Lays out what `values` mean and makes the table; returns what was laid out."""
    maps = {}
    for field, about in _fields(kind, texts).items():
        known = values.get(field, set()) | set(readers.expected(about))
        if known:
            columns = readers.outputs(kind, field, about)
            maps[field] = _lay(connection, f"{table}_{field}", columns, known, readers.reader(about, serial))
    reason = f"{reason_sql(kind, texts)} AS reason, " if reasons else ""
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT {reason}* FROM ({_statement(kind, texts, source, maps)})"
    )
    return maps


def _lay(connection, name: str, columns: dict[str, str], values: set[str], read) -> dict:
    """An ENUM of `values`, and for each column a list of what they mean, the first telling which have a reason.

    A short list is a variable. A long one is a function over Arrow: a variable is unpacked anew for every 2,048 rows.
    """
    values = sorted(values)
    results = [read(value) for value in values]
    lists = {"noted": pl.Series([place if why else None for place, (_, why) in enumerate(results)], dtype=pl.Int32)}
    for place, (column, dtype) in enumerate(columns.items()):
        lists[column] = pl.Series([result[place] for result, _ in results], dtype=POLARS[dtype], strict=False)
    frame = pl.DataFrame({"text": values, "place": range(len(values)), **lists})
    connection.register(f"{name}_frame", frame)
    connection.execute(f"DROP TYPE IF EXISTS {name}")
    connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT text FROM {name}_frame ORDER BY place)")
    long = len(values) > LONG
    for place, (column, dtype) in enumerate({"noted": "INTEGER", **columns}.items()):
        if long:
            connection.create_function(
                f"{name}_{place}",
                _taker(frame[column].to_arrow()),
                ["INTEGER"],
                dtype,
                type="arrow",
                null_handling="special",
            )
        else:
            connection.execute(
                f'SET VARIABLE {name}_{place} = (SELECT list("{column}" ORDER BY place) FROM {name}_frame)'
            )
    connection.unregister(f"{name}_frame")
    return {"name": name, "long": long, "columns": columns, "values": values, "reasons": [why for _, why in results]}


def _taker(values: pa.Array):
    return lambda places: values.take(pc.subtract(places, 1))


def _clear(connection, maps: dict[str, dict]) -> None:
    for laid in maps.values():
        for place in range(len(laid["columns"]) + 1):
            if laid["long"]:
                connection.remove_function(f"{laid['name']}_{place}")
            else:
                connection.execute(f"RESET VARIABLE {laid['name']}_{place}")
        connection.execute(f"DROP TYPE {laid['name']}")


def _look(maps: dict[str, dict], field: str, place: int) -> str | None:
    """SQL of what the value of `field` means in its column `place` (0: whether it has a reason); None: nothing laid out."""
    laid = maps.get(field)
    if not laid:
        return None
    return f"{laid['name']}_{place}(i_{field})" if laid["long"] else f"getvariable('{laid['name']}_{place}')[i_{field}]"


def _statement(kind: str, texts: dict[str, str], source: str, maps: dict[str, dict]) -> str:
    """The SELECT that reads a table, in layers: t_ texts, p_ their plain readings, i_ places of the others, columns."""
    fields = _fields(kind, texts)
    plain = {field: readers.plain_sql(about, f"t_{field}") for field, about in fields.items()}
    columns, noted, odd = {}, [], []
    for field, about in fields.items():
        own = f"p_{field}" if plain[field] else None
        if about["type"] == "isbn":
            columns["isbn_text"] = readers.trimmed_sql("t_isbn")
            own = "nullif(ltrim(p_isbn, '~'), '!')"
        if about["type"] == "year":
            columns["pub_year_text"] = readers.trimmed_sql(f"t_{field}")
        for place, column in enumerate(readers.outputs(kind, field, about), 1):
            choices = [own if place == 1 else None, _look(maps, field, place), columns.get(column)]
            columns[column] = f"coalesce({', '.join([choice for choice in choices if choice] or ['NULL'])})"
        if _mapped(about):
            told = _look(maps, field, 0) if _has_reasons(maps, field) else None
            if about["type"] == "isbn":
                told = f"CASE WHEN p_isbn = '!' THEN -2 WHEN starts_with(p_isbn, '~') THEN -1 ELSE {told or 'NULL'} END"
            noted += [f"{told} AS x_{field}"] if told else []
            unknown = [f"t_{field} IS NOT NULL"]
            unknown += [f"p_{field} IS NULL"] if plain[field] else []
            unknown += [f"i_{field} IS NULL"] if field in maps else []
            odd.append(f"({' AND '.join(unknown)})")
    if kind == "items" and ("last_loan_date" in fields or "loans_total" in fields):
        never = _look(maps, "last_loan_date", 2) or "false"
        columns["never_lent"] = f"coalesce({never}, false) OR coalesce({columns.get('loans_total', 'NULL')} = 0, false)"
    typed = [f"({columns.get(column, 'NULL')})::{dtype} AS {column}" for column, dtype in readers.STAGED[kind].items()]
    read = [f"{sql_text} AS p_{field}" for field, sql_text in plain.items() if sql_text]
    query = f"SELECT {', '.join(['*', *read])} FROM ({_texts_sql(kind, texts, source)})"
    query = f"SELECT {', '.join(['*', *[_place(maps, field, plain[field]) for field in maps]])} FROM ({query})"
    return f"SELECT {', '.join([*typed, *noted, ' OR '.join(odd) or 'false'])} AS odd FROM ({query})"


def _place(maps: dict[str, dict], field: str, plain: str | None) -> str:
    """SQL of where a text stands in what was laid out for its field; only asked where it is not plain."""
    place = f"enum_code(TRY_CAST(t_{field} AS {maps[field]['name']}))::INTEGER + 1"
    return f"CASE WHEN p_{field} IS NULL THEN {place} END AS i_{field}" if plain else f"{place} AS i_{field}"


def _has_reasons(maps: dict[str, dict], field: str) -> bool:
    return field in maps and any(maps[field]["reasons"])


def _notes(connection, kind: str, texts: dict[str, str], table: str, maps: dict[str, dict]) -> list[Note]:
    """Counts of what the maps had a reason for, by field and reason."""
    notes = []
    for field, about in _fields(kind, texts).items():
        if about["type"] != "isbn" and not _has_reasons(maps, field):
            continue
        query = (
            f"SELECT x_{field}, count(*), min(rowid) FROM {table} "
            f"WHERE x_{field} IS NOT NULL AND {reason_sql(kind, texts)} IS NULL GROUP BY ALL"
        )
        by_reason: dict[str, list] = {}
        for place, rows, first in connection.execute(query).fetchall():
            reason = ISBN_REASONS[place] if place < 0 else maps[field]["reasons"][place]
            example = "" if place < 0 else maps[field]["values"][place]
            by_reason.setdefault(reason, []).append((first, rows, example))
        for reason, found in by_reason.items():
            first, _, example = min(found)
            if not example:
                example = connection.execute(f"SELECT isbn_text FROM {table} WHERE rowid = {first}").fetchall()[0][0]
            notes.append(Note(reason, field, sum(rows for _, rows, _ in found), first, example))
    return notes

"""How each type of field is read: the columns it fills, the SQL for its plain form, the Python for all others."""

import re
from collections.abc import Callable

from collection.sources import normalise
from collection.sources.normalise.text import BLANKS, plain

# Staged columns by kind, as in store/schema/snapshot.sql.
_CLASSES = {
    "ndc": "VARCHAR",
    "ndc_edition": "UTINYINT",
    "class_mark": "VARCHAR",
    "ndc_all": "VARCHAR",
    "ndlc": "VARCHAR",
    "ddc": "VARCHAR",
}
STAGED = {
    "bibs": {
        **dict.fromkeys(("bib_id", "title", "title_kana", "volume", "series", "author", "publisher"), "VARCHAR"),
        "pub_year": "SMALLINT",
        **dict.fromkeys(("pub_year_text", "edition", "isbn", "isbn_text", "c_code"), "VARCHAR"),
        **_CLASSES,
        **dict.fromkeys(("audience", "material", "language"), "VARCHAR"),
        "price": "INTEGER",
        **dict.fromkeys(("subjects", "local"), "VARCHAR"),
    },
    "items": {
        **dict.fromkeys(("item_id", "bib_id", "branch", "location", "call_number"), "VARCHAR"),
        "accession_date": "DATE",
        "source": "VARCHAR",
        "price": "INTEGER",
        **dict.fromkeys(("status", "condition"), "VARCHAR"),
        **dict.fromkeys(("missing_confirmed_on", "due_date"), "DATE"),
        "reminders": "INTEGER",
        "last_reminder_date": "DATE",
        "unrecoverable": "BOOLEAN",
        "retention": "VARCHAR",
        "issue_date": "DATE",
        "loans_total": "INTEGER",
        "last_loan_date": "DATE",
        "never_lent": "BOOLEAN",
        "note": "VARCHAR",
    },
    "loans": {"item_id": "VARCHAR", "month": "SMALLINT", "loans": "USMALLINT", "in_house": "USMALLINT"},
    "holds": {"bib_id": "VARCHAR", "branch": "VARCHAR", "holds": "INTEGER"},
    "retention": {"bib_id": "VARCHAR", "years": "DOUBLE", "permanent": "BOOLEAN"},
    "partners": {
        **dict.fromkeys(("partner_id", "name", "kind", "wants_ndc", "wants_audience"), "VARCHAR"),
        "capacity": "INTEGER",
    },
    "requests": {
        "request_id": "VARCHAR",
        "received_on": "DATE",
        **dict.fromkeys(("title", "author", "publisher", "isbn", "isbn_text", "c_code"), "VARCHAR"),
        **_CLASSES,
        "material": "VARCHAR",
        "pub_year": "SMALLINT",
        "pub_year_text": "VARCHAR",
        "price": "INTEGER",
        **dict.fromkeys(("edition", "requester_token"), "VARCHAR"),
    },
}


def outputs(kind: str, field: str, about: dict) -> dict[str, str]:
    """The staged columns a field of `kind` fills from its distinct values, with their SQL types, in order."""
    columns = STAGED[kind]
    if about["type"] == "ndc":
        return {name: _CLASSES[name] for name in _CLASSES}
    if about["type"] == "years":
        return {"years": "DOUBLE", "permanent": "BOOLEAN"}
    if about["type"] == "date":
        return {field: "DATE", "never": "BOOLEAN"}
    return {field: columns[field]}


def trimmed_sql(text: str) -> str:
    """The column `text` without blanks around it, NULL when nothing is left. Trimming costs far more than asking first."""
    blanks = " || ".join(f"chr({ord(blank)})" for blank in BLANKS)
    tidy = [f"{text} >= '!'", f"NOT starts_with({text}, chr(12288))"]
    tidy += [f"NOT ends_with({text}, chr({ord(blank)}))" for blank in BLANKS]
    return f"CASE WHEN {' AND '.join(tidy)} THEN {text} ELSE nullif(trim({text}, {blanks}), '') END"


def plain_sql(about: dict, text: str) -> str | None:
    """SQL that reads the plain form of a type from the column `text`, NULL where it is not plain; None: it has none.

    `text` stands beside its helpers `text`_n (as a number) and `text`_d (as a day): see `helpers_sql`.
    """
    kind = about["type"]
    if kind in ("text", "names"):
        return trimmed_sql(text)
    if kind == "id":
        return (
            f"CASE WHEN strlen({text}) = length({text}) AND {text} >= '!' AND right({text}, 1) >= '!' THEN {text} END"
        )
    if kind == "date":
        return f"CASE WHEN strlen({text}) = 10 AND {text}_d BETWEEN DATE '1900-01-02' AND DATE '2099-12-31' THEN {text}_d END"
    if kind == "year":
        return f"CASE WHEN strlen({text}) = 4 AND {text}_n BETWEEN 1000 AND 2099 AND {text}_n::VARCHAR = {text} THEN {text}_n END"
    if kind in ("count", "yen"):
        # One character that is a number is a digit; of longer texts "+5", "5." and "1e3" are numbers to DuckDB too.
        return (
            f"CASE WHEN strlen({text}) = 1 THEN {text}_n "
            f"WHEN {text}_n >= 0 AND strlen({text}) < 10 AND {text}_n::VARCHAR = {text} THEN {text}_n END"
        )
    if kind == "isbn":
        return f"isbn_plain({text}_p, {text}_t, {text}_n)"
    return None


def expected(about: dict) -> list[str]:
    """Values that a type will have anyway, laid into its look-up beside those of a sample: the months of fifty years."""
    if about["type"] != "month":
        return []
    return [f"{year}-{month:02}" for year in range(1990, 2040) for month in range(1, 13)]


def helpers_sql(about: dict, text: str) -> list[str]:
    """Columns that the plain SQL of a type reads, worked out once."""
    kind = about["type"]
    if kind == "date":
        return [f"TRY_CAST({text} AS DATE) AS {text}_d"]
    if kind in ("year", "count", "yen"):
        return [f"TRY_CAST({text} AS INTEGER) AS {text}_n"]
    if kind == "isbn":
        digits = f"replace({text}, '-', '')"
        return [
            f"{digits} AS {text}_p",
            f"TRY_CAST({digits} AS BIGINT) AS {text}_t",
            f"TRY_CAST(left({digits}, 9) AS INTEGER) AS {text}_n",
        ]
    return []


def reader(about: dict, serial: bool) -> Callable[[str], tuple[tuple, str | None]]:
    """The plain function for a type: one text in, (the values of its columns, reason) out.

    Args:
        about: the field's entry in words/fields.toml.
        serial: bare numbers in date fields are Excel days.
    """
    kind = about["type"]
    if kind == "date":
        return lambda text: _day(text, serial)
    if kind == "ndc":
        return _classes
    if kind == "years":
        return normalise.kept_years_of
    several = kind == "codes"
    function = {
        "id": lambda text: (normalise.id_of(text), None),
        "text": lambda text: (normalise.text_of(text), None),
        "names": lambda text: (normalise.text_of(text), None),
        "year": normalise.year_of,
        "month": normalise.month_of,
        "count": normalise.count_of,
        "yen": normalise.yen_of,
        "truth": normalise.truth_of,
        "isbn": normalise.isbn_of,
        "c_code": normalise.c_code_of,
        "language": normalise.language_of,
        "classes": _prefixes,
        "code": lambda text: normalise.code_of(about["codes"], text),
        "codes": lambda text: normalise.code_of(about["codes"], text, several),
    }[kind]
    return lambda text: _single(function(text))


def _single(read: tuple) -> tuple[tuple, str | None]:
    return (read[0],), read[1]


def _day(text: str, serial: bool) -> tuple[tuple, str | None]:
    day, reason = normalise.date_of(text, serial)
    return (day, reason == "never"), (None if reason == "never" else reason)


def _classes(text: str) -> tuple[tuple, str | None]:
    found, reason = normalise.classes_of(text)
    return tuple(getattr(found, name) for name in _CLASSES), reason


def _prefixes(text: str) -> tuple[str | None, str | None]:
    parts = [part.strip() for part in re.split(r"[;、,]", plain(text)) if part.strip()]
    good = [part for part in parts if re.fullmatch(r"\d{1,3}(\.\d+)?|[A-Z]", part)]
    return ";".join(good) or None, (None if len(good) == len(parts) else "ndc_unreadable")

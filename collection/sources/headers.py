"""Which field a column header means, and what kind of file a header row makes."""

import re
import unicodedata
from functools import cache

from collection import words
from collection.words import Problem

KINDS = ("items", "bibs", "loans", "holds", "retention", "partners", "requests")


def header_key(header: str) -> str:
    """A header as it is compared: NFKC, lower case, without blanks, marks and the counting word behind the unit."""
    return re.sub(r"[\s_\-・/.:,*※■●◆()\[\]「」'\"]", "", unicodedata.normalize("NFKC", header).lower())


@cache
def known(kind: str) -> dict[str, str]:
    """header_key of every name a field of `kind` goes by → the field."""
    names = {}
    fields = words.table("fields")[kind]
    for field, about in fields.items():
        for name in (field, about["ja"], about["en"]):
            names[header_key(name)] = field
    for field, about in fields.items():
        for name in about.get("aliases", ()):
            names.setdefault(header_key(name), field)
    return names


def required(kind: str) -> list[str]:
    """The fields without which a file of `kind` cannot be read."""
    return [field for field, about in words.table("fields")[kind].items() if about.get("required")]


def match(headers: list[str], kind: str) -> dict[str, str]:
    """field → header for every field of `kind` the headers name; own names win over aliases, then the first column."""
    names, found = known(kind), {}
    fields = words.table("fields")[kind]
    for header in headers:
        field = names.get(header_key(header))
        if not field:
            continue
        own = header_key(header) in {header_key(name) for name in (field, fields[field]["ja"], fields[field]["en"])}
        if field not in found or own and found[field][1] is False:
            found[field] = (header, own)
    return {field: header for field, (header, _) in found.items()}


def kinds_of(headers: list[str], file: str, kind: str | None = None) -> list[str]:
    """What a file with these headers holds: one kind, or bibs and items together.

    Raises:
        Problem: no kind has all its required columns (the nearest kind and what it lacks are named).
    """
    candidates = [kind] if kind else KINDS
    matches = {one: match(headers, one) for one in candidates}
    complete = [one for one in candidates if all(field in matches[one] for field in required(one))]
    if not complete:
        nearest = max(candidates, key=lambda one: (sum(f in matches[one] for f in required(one)), len(matches[one])))
        fields = words.table("fields")[nearest]
        missing = [fields[field][words.language.get()] for field in required(nearest) if field not in matches[nearest]]
        raise Problem(
            "sources.columns_missing" if kind or matches[nearest] else "sources.kind_unknown",
            file=file,
            kind=words.say(f"sources.kind_{nearest}"),
            missing="、".join(missing) if words.language.get() == "ja" else ", ".join(missing),
        )
    best = max(complete, key=lambda one: len(matches[one]))
    if not kind and best in ("bibs", "items") and {"bibs", "items"} <= set(complete):
        return ["bibs", "items"]
    return [best]

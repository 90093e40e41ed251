"""The form of every file of a pack: which keys, which kinds of value. What has the wrong form is told and put aside.

The checks of meaning, and everything after them, can so rely on the form of what is left.
"""

import datetime
from dataclasses import replace

from collection.policy.pack import Pack, Place, Source
from collection.policy.suggest import nearest
from collection.words import Problem

NUMBER = (int, float)
ANY = (int, float, str, bool, datetime.date)
TEXTS = {"*": str}
VALUES = {"*": (*ANY, list)}
TITLE = {"ja": str, "en": str}
POLICY = {"name": str, "title": dict, "library": dict, "city": dict, "clauses": str, "documents": dict, "lists": dict}
DOCUMENT = {"prefix": str, "title": TITLE}
LIST = {"file": str, "en": str}
PARAMETER = {"value": (*ANY, list), "choices": [ANY], "unit": str, "gist": str, "gist_en": str, "en": str}
TERM = {"when": str, "gist": str, "gist_en": str, "en": str, "operating": VALUES}
CLASS = {
    "prefix": str,
    "idle_years": int,
    "shelf_life": int,
    "use_only": bool,
    "similar": bool,
    "note": str,
    "note_en": str,
}
SCORE = {
    "weight": NUMBER,
    "formula": (str, TEXTS),
    "unknown": NUMBER,
    "ja": str,
    "en": str,
    "meaning": TITLE,
    "operating": VALUES,
}
WORD_GROUP = {"words": [str], "fields": [str], "except": [str], "en": str, "note": str}
SIGN = {"name": str, "en": str, "strong": bool, "when": str}
CLUE = {"words": [str], "fields": [str], "except": [str], "classes": [str], "note": str}
RULE = {
    "id": str,
    "article": str,
    "document": str,
    "clause": str,
    "label": str,
    "effect": str,
    "route": (str, TEXTS),
    "survivor": bool,
    "by_hand": bool,
    "blocks": TEXTS,
    "governs": TEXTS,
    "missing": [str],
    "measured_by": str,
    "advice": (str, TEXTS),
    "ways": [str],
    "instead": [str],
    "cited_for": [str],
    "signs_of": [str],
    "version": list,
}
VERSION = {
    "in_force": datetime.date,
    "gist": str,
    "values": VALUES,
    "operating": VALUES,
    "when": str,
    "reason": str,
    "question": str,
    "sign": list,
    "repealed": bool,
}
ENGLISH = {"label": str, "gist": str, "reason": str, "question": str}
ADOPTED = {"values": {"*": NUMBER}, "classes": dict}
ENTRIES = {  # files made of named tables: keys of a table, the required ones, what to say when it is none
    "operating": (PARAMETER, ("value", "gist", "en"), "parameter_form"),
    "terms": (TERM, ("when", "gist", "en"), "term_form"),
    "word_groups": (WORD_GROUP, ("words", "fields", "en"), "word_group_form"),
    "score": (SCORE, ("weight", "formula", "unknown", "ja", "en"), "score_form"),
}
LISTED = {  # files made of one list of tables
    "classes": ("class", CLASS, ("prefix", "idle_years"), "class_form"),
    "clues": ("clue", CLUE, (), "clue_form"),
}


def form(pack: Pack) -> None:
    """Tell every mistake of form in pack.problems and leave only what is well formed in pack.parts and pack.rules."""
    for part, source in pack.parts.items():
        if part in ENTRIES:
            keys, required, wrong = ENTRIES[part]
            data = _entries(pack, source, source.data, keys, required, wrong)
        elif part in LISTED:
            data = _listed(pack, source, *LISTED[part])
        else:
            data = {"policy": _policy, "en": _english, "adopted": _adopted}[part](pack, source)
        pack.parts[part] = replace(source, data=data)
    pack.rules = [replace(source, data=_rule(pack, source)) for source in pack.rules]


def _shaped(
    pack: Pack, source: Source, data: dict, keys: dict, required: tuple, version: int | None = None, at="", sign=None
) -> dict:
    """The entries of one table that have a known key and the right kind of value; the others are told."""
    kept = {}
    for key, value in data.items():
        where = Place(source, key, version, sign)
        if key not in keys:
            pack.wrong("unknown_key", where, name=key, nearest=nearest(key, keys))
        elif not fits(value, keys[key]):
            pack.wrong("wrong_type", where, name=key, wants=Problem(f"policy.type_{_type_name(keys[key])}"))
        elif value in ("", []) and (key in required or key == "missing") and key != "prefix":
            pack.wrong("empty", where, name=key)
        else:
            kept[key] = value
    for key in required:
        if key not in data:
            pack.wrong("missing_key", Place(source, at, version, sign), name=key)
    return kept


def fits(value: object, wanted: object) -> bool:
    """Of the kind wanted: a type, several, [kind] for a list, {"*": kind} or {key: kind} for a table.

    A truth is no number, and a date with a time is no date.
    """
    match wanted:
        case tuple():
            return any(fits(value, one) for one in wanted)
        case [kind]:
            return isinstance(value, list) and all(fits(part, kind) for part in value)
        case {"*": kind}:
            return isinstance(value, dict) and all(fits(part, kind) for part in value.values())
        case dict():
            same = isinstance(value, dict) and set(value) == set(wanted)
            return same and all(fits(value[key], kind) for key, kind in wanted.items())
    return type(value) is wanted


def _type_name(wanted: object) -> str:
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    return "_or_".join(kind.__name__ if isinstance(kind, type) else type(kind).__name__ for kind in kinds)


def _entries(pack: Pack, source: Source, data: dict, keys: dict, required: tuple, wrong: str) -> dict:
    kept = {}
    for name, said in data.items():
        if isinstance(said, dict):
            kept[name] = _shaped(pack, source, said, keys, required, at=name)
        else:
            pack.wrong(wrong, Place(source, name), name=name)
    return kept


def _listed(pack: Pack, source: Source, key: str, keys: dict, required: tuple, wrong: str) -> dict:
    kept = []
    entries = _shaped(pack, source, source.data, {key: list}, (key,)).get(key, [])
    for entry in entries:
        if isinstance(entry, dict):
            kept.append(_shaped(pack, source, entry, keys, required, at=key))
        else:
            pack.wrong(wrong, Place(source, key))
    return {key: kept}


def _policy(pack: Pack, source: Source) -> dict:
    data = _shaped(pack, source, source.data, POLICY, ("name", "title", "library", "documents"))
    for key in ("title", "library", "city"):
        if key in data and not fits(data[key], TITLE):
            pack.wrong("two_languages", Place(source, key), name=key)
            del data[key]
    for key, spec, wrong in (("documents", DOCUMENT, "document_form"), ("lists", LIST, "list_form")):
        for name, said in data.get(key, {}).items():
            if not fits(said, spec) or ";" in name:
                pack.wrong(wrong, Place(source, name), name=name)
        data[key] = {name: said for name, said in data.get(key, {}).items() if fits(said, spec) and ";" not in name}
    return data


def _adopted(pack: Pack, source: Source) -> dict:
    data = _shaped(pack, source, source.data, ADOPTED, ())
    classes = _entries(pack, source, data.get("classes", {}), {"idle_years": int, "shelf_life": int}, (), "class_form")
    return {"values": data.get("values", {}), "classes": classes}


def _rule(pack: Pack, source: Source) -> dict:
    data = _shaped(pack, source, source.data, RULE, ("id", "article", "document", "clause", "effect", "version"))
    versions = []
    for number, version in enumerate(data.get("version", [])):
        if isinstance(version, dict):
            versions.append(_version(pack, source, number, version))
        else:
            pack.wrong("version_form", Place(source, "version"))
    return {**data, "version": versions}


def _version(pack: Pack, source: Source, number: int, version: dict) -> dict:
    day = version.get("in_force")
    required = ("gist",)
    if isinstance(day, str | datetime.datetime):
        pack.wrong("version_date", Place(source, "in_force", number), value=day)
        version = {key: value for key, value in version.items() if key != "in_force"}
    else:
        required = ("in_force", "gist")
    if version.get("repealed") is True:
        required = required[:-1]
    shaped = _shaped(pack, source, version, VERSION, required, number)
    if "sign" not in shaped:
        return shaped
    signs = [sign for sign in shaped["sign"] if isinstance(sign, dict)]
    if len(signs) < len(shaped["sign"]):
        pack.wrong("sign_form", Place(source, "sign", number))
    told = [_shaped(pack, source, sign, SIGN, tuple(SIGN), number, "sign", nth) for nth, sign in enumerate(signs)]
    return {**shaped, "sign": told}


def _english(pack: Pack, source: Source) -> dict:
    kept = {}
    for key, said in source.data.items():
        if not fits(said, TEXTS):
            pack.wrong("wrong_type", Place(source, key), name=key, wants=Problem("policy.type_dict"))
        else:
            kept[key] = said if key == "names" else _shaped(pack, source, said, ENGLISH, ("gist",), at=key)
    return kept

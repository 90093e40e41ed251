"""What the expressions of a pack may name, and the checks that every file of it shares."""

import datetime
from collections.abc import Iterable
from pathlib import Path

from collection.policy import predicate
from collection.policy.facts import facts, title_facts
from collection.policy.pack import Pack, Place, Source, read_csv
from collection.policy.syntax import fold
from collection.words import Problem


def parameters(pack: Pack) -> dict:
    """Name → value of the general operating values, the terms' own included."""
    found = {name: said["value"] for name, said in pack.data("operating").items() if "value" in said}
    for said in pack.data("terms").values():
        found |= said.get("operating", {})
    return found


def terms(pack: Pack) -> dict[str, str]:
    """Name → expression of the terms that can be read."""
    return {name: said["when"] for name, said in pack.data("terms").items() if "when" in said}


def columns(pack: Pack) -> dict:
    """The facts, with 名簿 knowing the pack's lists."""
    return facts(pack.data("policy").get("lists", {}))


def title_columns(pack: Pack) -> dict:
    """The facts of a title on offer, with 名簿 and 語群 knowing the pack's names."""
    return title_facts(pack.data("policy").get("lists", {}), pack.data("word_groups"))


def names(pack: Pack, source: Source, found: Iterable[str], taken: Iterable[str], version: int | None = None) -> None:
    """A name of the pack must be free: no fact, nothing else that is visible beside it."""
    known = {fold(name) for name in taken}
    for name in found:
        where = Place(source, name, version)
        if fold(name) in columns(pack) | title_columns(pack):
            pack.wrong("name_is_fact", where, name=name)
        elif fold(name) in known:
            pack.wrong("name_taken", where, name=name)
        elif not predicate_name(name):
            pack.wrong("name_form", where, name=name)


def predicate_name(name: str) -> bool:
    """Whether a name can be written in an expression."""
    text = fold(name)
    return bool(text) and not text[0].isdigit() and all(char.isalnum() or char in "_・" for char in text)


def value_problems(pack: Pack, source: Source, values: dict, version: int | None = None) -> None:
    """Values are numbers, texts, truths, dates or lists of texts or numbers; years are not negative."""
    for name, value in values.items():
        where = Place(source, name, version)
        parts = value if isinstance(value, list) else [value]
        if not parts or not all(isinstance(part, int | float | str | datetime.date) for part in parts):
            pack.wrong("value_kind", where, name=name)
        elif isinstance(value, int | float) and value < 0 and "年" in name:
            pack.wrong("negative_years", where, name=name, value=value)


def expression(pack: Pack, where, name: str, text: str, scope: dict, wants: str = "truth") -> None:
    """Check one expression and say where each of its mistakes is."""
    for what in predicate.mistakes(text, wants=wants, **scope):
        pack.wrong("in_expression", where, name=name, what=what)


def scope(pack: Pack, values: dict | None = None) -> dict:
    """What an expression of this pack may name, as arguments of the functions of predicate.py."""
    return {"columns": columns(pack), "terms": terms(pack), "values": parameters(pack) | (values or {})}


def title_scope(pack: Pack, values: dict) -> dict:
    """The same for the signs of a rule, which speak of a title on offer."""
    return {"columns": title_columns(pack), "terms": {}, "values": parameters(pack) | values}


def csv_rows(pack: Pack, path: Path) -> list[dict] | None:
    """The rows of a CSV of the pack; None and a mistake when its encoding can not be told."""
    try:
        return read_csv(path)
    except UnicodeDecodeError:
        pack.wrong("csv_encoding", Place(path.relative_to(pack.folder).as_posix()))
        return None


def line(file: str, number: int) -> Problem:
    """A place known by its line."""
    return Problem("policy.place_line", file=file, line=number)

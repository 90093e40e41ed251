"""Mappings: TOML files that say which field each column of a foreign file becomes.

name = "our-system"                 # shown in the report
detect = ["登録番号", "書名", …]      # used by itself for files that have all these headers; leave out: only when asked for
[split."書誌情報"]                   # a packed column: every named group becomes a column "書誌情報.group"
pattern = '^(?P<title>[^ ]+) …'
[items]                             # one table for every kind the file gives: field = how it is made
item_id = "登録番号"                 # a column
branch = { constant = "中央図書館" }
audience = { file = '_(child|adult)', map = { child = "児童" }, else = "一般" }   # from the file's name
author = { columns = ["著者", "責任表示"] }                                     # the first that is not blank
ndc = { column = "分類", pattern = '^([0-9.]+)' }                              # the part in brackets
material = { column = "種別", map = { "文字資料" = "図書" } }                     # words of the file → words known here
bib_id = { isbn = "ISBN", hash = ["書名", "著者"], prefix = "h" }               # the ISBN-13, else a name made of the row
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from collection import words
from collection.sources.headers import KINDS, header_key, required
from collection.sources.tables import literal, name
from collection.words import Problem

SHIPPED = Path(__file__).parent / "mappings"
PARTS = {"column", "columns", "pattern", "map", "constant", "file", "isbn", "hash", "prefix", "else"}


@dataclass(frozen=True)
class Mapping:
    """One mapping: `kinds` is kind → field → recipe (a column's name or a table), `split` is column → pattern.

    `text` is the file as it stands.
    """

    name: str
    detect: tuple[str, ...]
    split: dict[str, str]
    kinds: dict[str, dict]
    text: str


def read(path: Path) -> Mapping:
    """Reads and checks a mapping file.

    Raises:
        Problem: it is no TOML, or names a kind, field or part that does not exist, or a pattern is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem("sources.mapping_no_toml", file=path.name, error=str(error)) from None
    kinds = {kind: recipes for kind, recipes in said.items() if kind in KINDS}
    for key in said:
        if key not in KINDS and key not in ("name", "detect", "split"):
            raise Problem("sources.mapping_unknown", file=path.name, key=key)
    if not kinds:
        raise Problem("sources.mapping_empty", file=path.name)
    split = {column: about.get("pattern", "") for column, about in said.get("split", {}).items()}
    for kind, recipes in kinds.items():
        for field, recipe in recipes.items():
            if field not in words.table("fields")[kind]:
                raise Problem("sources.mapping_unknown", file=path.name, key=f"{kind}.{field}")
            if not isinstance(recipe, str) and not (isinstance(recipe, dict) and recipe.keys() <= PARTS):
                raise Problem("sources.mapping_unknown", file=path.name, key=f"{kind}.{field} = {recipe}")
            for part in ("pattern", "file"):
                _check_pattern(path, f"{kind}.{field}", recipe.get(part, "") if isinstance(recipe, dict) else "")
    for column, pattern in split.items():
        _check_pattern(path, f"split.{column}", pattern)
    return Mapping(
        said.get("name", path.stem.removesuffix(".mapping")), tuple(said.get("detect", ())), split, kinds, text
    )


def find(headers: list[str]) -> Mapping | None:
    """The shipped mapping whose `detect` headers are all there; of several the one that asks for most."""
    keys = {header_key(header) for header in headers}
    fitting = [
        mapping
        for mapping in map(read, sorted(path for path in SHIPPED.glob("*.toml") if not path.name.startswith("marc-")))
        if mapping.detect and {header_key(header) for header in mapping.detect} <= keys
    ]
    return max(fitting, key=lambda mapping: len(mapping.detect), default=None)


def plan(mapping: Mapping, columns: tuple[str, ...], file: str) -> dict[str, dict[str, str]]:
    """kind → field → SQL expression of the field's text over the file's columns.

    Raises:
        Problem: a column is not in the file, or a required field has no recipe.
    """
    by_key = {header_key(column): name(column) for column in columns}
    for column, pattern in mapping.split.items():
        packed = _column(by_key, column, mapping, file)
        groups = list(re.compile(pattern).groupindex)
        listed = ", ".join(map(literal, groups))
        for group in groups:
            by_key[header_key(f"{column}.{group}")] = (
                f"regexp_extract({packed}, {literal(pattern)}, [{listed}]).{name(group)}"
            )
    made = {}
    for kind, recipes in mapping.kinds.items():
        for field in required(kind):
            if field not in recipes:
                said = words.table("fields")[kind][field][words.language.get()]
                raise Problem("sources.mapping_lacks", file=file, mapping=mapping.name, kind=kind, field=said)
        made[kind] = {field: _sql(recipe, by_key, mapping, file) for field, recipe in recipes.items()}
    return made


def used(mapping: Mapping) -> set[str]:
    """header_key of every column of the file that the mapping reads."""
    columns = {header_key(column) for column in mapping.split}
    for recipes in mapping.kinds.values():
        for recipe in recipes.values():
            parts = {"column": recipe} if isinstance(recipe, str) else recipe
            named = [parts.get("column"), parts.get("isbn"), *parts.get("columns", ()), *parts.get("hash", ())]
            columns |= {header_key(column) for column in named if column}
    return columns


def _column(by_key: dict[str, str], column: str, mapping: Mapping, file: str) -> str:
    found = by_key.get(header_key(column))
    if not found:
        raise Problem("sources.mapping_column", file=file, mapping=mapping.name, column=column)
    return found


def _sql(recipe: str | dict, by_key: dict[str, str], mapping: Mapping, file: str) -> str:
    """SQL of one recipe."""
    if isinstance(recipe, str):
        return _column(by_key, recipe, mapping, file)
    if "constant" in recipe:
        return literal(str(recipe["constant"]))
    from_file = re.search(recipe["file"], file) if "file" in recipe else None
    part = (from_file.group(1) if from_file.groups() else from_file.group()) if from_file else None
    if "isbn" in recipe or "hash" in recipe:
        columns = [_column(by_key, column, mapping, file) for column in recipe.get("hash", ())]
        before = literal(recipe.get("prefix", "") + (f"{part}-" if part else ""))
        choices = []
        if "isbn" in recipe:
            digits = f"replace({_column(by_key, recipe['isbn'], mapping, file)}, '-', '')"
            number, nine = f"TRY_CAST({digits} AS BIGINT)", f"TRY_CAST(left({digits}, 9) AS INTEGER)"
            choices.append(f"nullif(ltrim(isbn_plain({digits}, {number}, {nine}), '~'), '!')")
        if columns:
            choices.append(f"{before} || left(md5(concat_ws(chr(31), {', '.join(columns)})), 12)")
        return f"coalesce({', '.join(choices)})"
    if "file" in recipe:
        said = recipe.get("map", {}).get(part, part) if part else recipe.get("else")
        return literal(said) if said else "NULL::VARCHAR"
    names = recipe.get("columns") or [recipe["column"]]
    text = "coalesce(" + ", ".join(f"nullif({_column(by_key, one, mapping, file)}, '')" for one in names) + ")"
    if "pattern" in recipe:
        text = f"nullif(regexp_extract({text}, {literal(recipe['pattern'])}, {min(1, re.compile(recipe['pattern']).groups)}), '')"
    if "map" in recipe:
        cases = " ".join(f"WHEN {literal(word)} THEN {literal(known)}" for word, known in recipe["map"].items())
        text = f"CASE {text} {cases} ELSE {text} END"
    return text


def _check_pattern(path: Path, key: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise Problem("sources.mapping_pattern", file=path.name, key=key, error=str(error)) from None

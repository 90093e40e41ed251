"""A pack as it lies in its folder: TOML and CSV files read, mistakes of form collected with file and line."""

import csv
import io
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from collection.policy.suggest import nearest
from collection.words import Problem, say

PACK_FILES = ("policy", "terms", "classes", "operating", "score", "clues", "word_groups", "en", "adopted")
OPTIONAL = ("clues", "word_groups", "en", "adopted")
RESERVED = ("lists", "cases")


@dataclass(frozen=True)
class Source:
    """One file of the pack: name relative to the folder, text, and the data read from it."""

    name: str
    text: str
    data: dict


@dataclass
class Pack:
    """Everything read from a folder; `parts` by stem (policy, terms …), `rules` the rule files."""

    folder: Path
    parts: dict[str, Source] = field(default_factory=dict)
    rules: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, where: "Place | Problem", **said) -> None:
        self.problems.append(Problem(f"policy.{key}", where=where, **said))

    def data(self, part: str) -> dict:
        return self.parts[part].data if part in self.parts else {}


@dataclass(frozen=True)
class Place:
    """Where something stands, said only when asked: file and, when it can be found, the line of `key` (in the version-th
    [[version]], there in the sign-th [[version.sign]]). To look for it costs more than to check it."""

    source: Source | str
    key: str = ""
    version: int | None = None
    sign: int | None = None

    def __str__(self) -> str:
        if isinstance(self.source, str):
            return say("policy.place", file=self.source)
        number = _line_of(self.source.text.splitlines(), self.key, self.version, self.sign)
        if number is None:
            return say("policy.place", file=self.source.name)
        return say("policy.place_line", file=self.source.name, line=number)


def _line_of(lines: list[str], key: str, version: int | None, sign: int | None) -> int | None:
    first = 0
    for wanted, table in ((version, "version"), (sign, r"version\s*\.\s*sign")):
        if wanted is not None:
            head = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
            heads = [number for number, line in enumerate(lines) if number >= first and head.match(line)]
            first = heads[wanted] if wanted < len(heads) else first
    if not key:
        return first + 1 if first else None
    bare = re.escape(key)
    pattern = re.compile(rf"""(^|[\[{{,.])\s*["']?{bare}["']?\s*([\].=]|$)""")
    return next((number for number, line in enumerate(lines[first:], start=first + 1) if pattern.search(line)), None)


def read(folder: Path) -> Pack:
    """Read every file of a pack. Raises Problem when the folder is not there; other mistakes are collected."""
    if not folder.is_dir():
        raise Problem("policy.no_folder", folder=str(folder))
    pack = Pack(folder)
    for path in sorted(folder.glob("*.toml")):
        if path.stem in PACK_FILES:
            pack.parts[path.stem] = _read_toml(path, pack)
        else:
            pack.wrong("unknown_file", Place(path.name), nearest=nearest(path.stem, PACK_FILES))
    for stem in PACK_FILES:
        if stem not in pack.parts and stem not in OPTIONAL:
            pack.wrong("no_file", Place(f"{stem}.toml"))
    for path in sorted(folder.glob("*/**/*.toml")):
        if path.relative_to(folder).parts[0] not in RESERVED:
            source = _read_toml(path, pack)
            if source.data:
                pack.rules.append(source)
    return pack


def _read_toml(path: Path, pack: Pack) -> Source:
    name = path.relative_to(pack.folder).as_posix()
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        pack.wrong("not_utf8", Problem("policy.place_line", file=name, line=line))
        return Source(name, "", {})
    try:
        return Source(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        _syntax_problem(name, text, str(error), pack)
        return Source(name, text, {})


def _syntax_problem(name: str, text: str, message: str, pack: Pack) -> None:
    """What tomllib says, as a librarian can use it: the line, its text, and the usual cause."""
    found = re.search(r"at line (\d+)", message)
    lines = text.splitlines() or [""]
    line = min(int(found.group(1)) if found else len(lines), len(lines))
    shown = lines[line - 1].strip()
    bare = re.match(r"[^\"'=#]*[^\x00-\x7f\"'=#][^\"'=#]*=", shown) or re.search(r"[{,]\s*[^\x00-\x7f\"']+\s*=", shown)
    if "date" in message:
        key = "toml_date"
    elif "Cannot overwrite" in message or "twice" in message or "Cannot declare" in message:
        key = "toml_twice"
    elif any(mark in shown for mark in "＝“”＂［］｛｝"):
        key = "toml_wide"
    elif bare:
        key = "toml_key"
    else:
        key = "toml_syntax"
    pack.wrong(key, Problem("policy.place_line", file=name, line=line), text=shown)


def read_csv(path: Path) -> list[dict]:
    """A small CSV of the pack as dicts, each with its line under "". UTF-8 (with or without BOM), or CP932 from Excel.

    Raises:
        UnicodeDecodeError: neither encoding fits. FileNotFoundError: it is not there.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp932")
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    rows = []
    for row in reader:
        cells = {(key or "").strip(): (value or "").strip() for key, value in row.items() if isinstance(value, str)}
        if any(cells.values()):
            rows.append({**cells, "": reader.line_num})
    return rows

"""What is wrong with the data of a plan: keys, kinds of value, codes, numbers that stand twice, columns that are not there."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from collection import words
from collection.plans import model
from collection.plans.model import JUDGEMENTS, KINDS, OPERATING, REMARKS, ROLES, SOURCES, WHERE
from collection.policy.forms import fits
from collection.policy.suggest import nearest
from collection.sources.normalise import match_key_of
from collection.words import Problem

TEXTS = {"*": str}
PLAN = {
    "id": str, "name": str, "library": str, "kind": str, "note": str, "periods": [dict], "projects": [dict],
    "groups": TEXTS, "themes": TEXTS, "operating": {"*": (int, float)},
}  # fmt: skip
PERIOD = {"name": str, "columns": [str]}
PROJECT = {
    "no": str, "name": str, "group": str, "theme": str, "section": str, "page": (str, int), "priority": bool, "new": bool,
    "purpose": str, "content": str, "indicators": [dict], "remarks": {"*": TEXTS},
}  # fmt: skip
INDICATOR = {
    "id": str, "name": str, "role": str, "unit": str, "source": str, "where": [{"*": [str]}], "target": {"*": (int, float, str)},
    "actual": {"*": (int, float, str)}, "reason": TEXTS,
}  # fmt: skip
COLUMN = re.compile(r"\d{4}(?:-\d{4})?")
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
MOST = {"projects": 500, "indicators": 50, "columns": 30}


@dataclass
class Mistakes:
    """The mistakes of one file. line: (path of a table, key) → the line it stands on, or None."""

    file: str
    line: Callable[[tuple, str], int | None]
    found: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, path: tuple = (), at: str = "", **said) -> None:
        """One more mistake, at a key of a table."""
        number = self.line(path, at)
        where = Problem("plans.place_line", file=self.file, line=number) if number else self.file
        self.found.append(Problem(f"plans.{key}", where=where, **said))

    def shaped(self, table: dict, keys: dict, required: tuple[str, ...], path: tuple = ()) -> bool:
        """Whether a table has known keys only, the right kind of values, and what it must have."""
        before = len(self.found)
        for key, value in table.items():
            if key not in keys:
                self.wrong("unknown_key", path, key, name=key, nearest=nearest(key, keys))
            elif not fits(value, keys[key]):
                self.wrong("wrong_type", path, key, name=key)
        for key in required:
            if table.get(key) in (None, "", []):
                self.wrong("missing_key", path, name=key)
        return len(self.found) == before

    def one_of(self, values: Iterable[str], known: Iterable[str], path: tuple, at: str) -> None:
        """Whether every value is known."""
        for value in values:
            if value not in known:
                self.wrong("not_known", path, at, name=at, text=value, known="、".join(known))


def problems(file: str, data: dict, line: Callable[[tuple, str], int | None]) -> list[Problem]:
    """Every mistake of a plan's data (the shape of model.told, with what is usual left out). line: as Mistakes."""
    to = Mistakes(file, line)
    if not to.shaped(data, PLAN, ("id", "name", "kind", "periods", "projects")):
        return to.found
    to.one_of([data["kind"]], KINDS, (), "kind")
    to.one_of(data.get("operating", {}), OPERATING, (), "operating")
    if not ID.fullmatch(data["id"]):
        to.wrong("bad_id", at="id", text=data["id"])
    if len(data["projects"]) > MOST["projects"]:
        to.wrong("too_many", at="projects", most=MOST["projects"])
    columns = _columns(data["periods"], to)
    numbers: set[str] = set()
    for n, project in enumerate(data["projects"] if columns else ()):
        _project(project, ("projects", n), columns, numbers, to)
    return to.found


def _columns(periods: list[dict], to: Mistakes) -> list[str]:
    """The columns of the periods in their order; empty when they cannot be read."""
    if not all([to.shaped(period, PERIOD, ("columns",), ("periods", n)) for n, period in enumerate(periods)]):
        return []
    columns = [column for period in periods for column in period["columns"]]
    years = [(model.first_year(column), model.last_year(column)) for column in columns if COLUMN.fullmatch(column)]
    follow = all(a[1] < b[0] for a, b in zip(years, years[1:], strict=False))
    if len(years) < len(columns) or len(columns) > MOST["columns"] or not follow or any(a > b for a, b in years):
        to.wrong("bad_columns", ("periods", 0), "columns")
        return []
    return columns


def _project(project: dict, path: tuple, columns: list[str], numbers: set[str], to: Mistakes) -> None:
    if not to.shaped(project, PROJECT, ("no", "name"), path):
        return
    _once(project["no"], numbers, path, "no", to)
    to.one_of(project.get("remarks", {}), columns, path, "remarks")
    for remarks in project.get("remarks", {}).values():
        to.one_of(remarks, REMARKS, path, "remarks")
        to.one_of(filter(None, [remarks.get("judgement")]), JUDGEMENTS, path, "judgement")
    if len(project.get("indicators", ())) > MOST["indicators"]:
        to.wrong("too_many", path, "indicators", most=MOST["indicators"])
    ids: set[str] = set()
    for m, one in enumerate(project.get("indicators", ())):
        _indicator(one, (*path, "indicators", m), columns, ids, to)


def _once(mark: str, seen: set[str], path: tuple, at: str, to: Mistakes) -> None:
    if mark in seen or "/" in mark:
        to.wrong("bad_no", path, at, text=mark)
    seen.add(mark)


def _indicator(one: dict, path: tuple, columns: list[str], ids: set[str], to: Mistakes) -> None:
    if not to.shaped(one, INDICATOR, ("id", "name"), path):
        return
    _once(one["id"], ids, path, "id", to)
    to.one_of([one.get("role", "target")], ROLES, path, "role")
    to.one_of([one.get("source", model.ENTERED)], SOURCES, path, "source")
    for name in ("target", "actual", "reason"):
        to.one_of(one.get(name, {}), columns, path, name)
    texts = {
        name: [value for value in one.get(name, {}).values() if isinstance(value, str)] for name in ("target", "actual")
    }
    to.one_of(texts["target"], (model.ANY_TIME, model.NOT_SET), path, "target")
    if one.get("role") != "work":
        to.one_of(texts["actual"], (model.NOT_SET,), path, "actual")
    _where(one.get("where", []), one.get("source", model.ENTERED), path, to)


def _where(filters: list[dict], source: str, path: tuple, to: Mistakes) -> None:
    if filters and source == model.ENTERED:
        to.wrong("where_unused", path, "where")
    for where in filters:
        known = model.OF_MEASURES if source in model.MEASURED else WHERE
        to.one_of(where, known, path, "where")
        for part, values in where.items():
            if part in model.CODED and part != "location":
                to.one_of(values, words.table("codes")[part], path, "where")
            if not all(value.strip() and (part != "words" or match_key_of(value)) for value in values):
                to.wrong("missing_key", path, "where", name=part)
    if source in model.MEASURED and (len(filters) > 1 or any(len(where.get("ndc", ())) > 1 for where in filters)):
        to.wrong("where_measure", path, "where")

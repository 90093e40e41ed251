"""Plan files: TOML for any plan, CSV for a plain list of targets. Every mistake is told with file, line and what to do.

docs/plans.md says how to write one.
"""

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from collection import words
from collection.plans import checking, model
from collection.plans.model import KINDS, Plan
from collection.sources.normalise.codes import code_of
from collection.sources.normalise.text import plain
from collection.words import Problem, say

LARGEST = 1_000_000  # bytes of a plan file
OF_PLAN, OF_PROJECT = ("plan", "library", "kind", "note"), ("group", "theme", "section", "page", "purpose", "content")
COLUMNS = (*OF_PLAN, "year", "no", "project", *OF_PROJECT, "indicator", "unit", "target", "actual", *model.WHERE)
Line = Callable[[tuple, str], int | None]  # path of a table ("projects", 0, …) and a key → where it stands


class PlanErrors(Problem):
    """Every mistake of a plan file at once. problems: list of Problem, in the order of the file."""

    def __init__(self, file: str, problems: list[Problem]):
        super().__init__("plans.refused", file=file, n=len(problems))
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *map(str, self.problems)])


def read(name: str, content: bytes) -> Plan:
    """The plan in a .toml or .csv file (UTF-8 or CP932). Raises PlanErrors, or Problem for what is no such file."""
    file, ending = Path(name).name, Path(name).suffix.lower()
    if ending not in (".toml", ".csv"):
        raise Problem("plans.bad_ending", file=file)
    if len(content) > LARGEST:
        raise Problem("plans.too_large", file=file, most=f"{LARGEST:,}")
    text = _decoded(file, content)
    data, line = _toml(file, text) if ending == ".toml" else _csv(file, text)
    if problems := checking.problems(file, data, line):
        raise PlanErrors(file, problems)
    return model.of(data)


def _decoded(file: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\0", "")
        except UnicodeDecodeError:
            pass
    raise Problem("plans.bad_encoding", file=file)


def _toml(file: str, text: str) -> tuple[dict, Line]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        lines = text.splitlines() or [""]
        number = min(int(found[1]) if found else len(lines), len(lines))
        place = Problem("plans.place_line", file=file, line=number)
        raise PlanErrors(file, [Problem("plans.bad_toml", where=place, text=lines[number - 1].strip())]) from None
    return {"id": _id(file), **data}, lambda path, key: _line_of(text, path, key)


def _line_of(text: str, path: tuple, key: str) -> int | None:
    """The line of a key in the table a path names; of the table itself when the key is not written there."""
    lines, first, table = text.splitlines(), 0, ""
    for name, number in zip(path[::2], path[1::2], strict=True):
        table = f"{table}.{name}" if table else name
        heads = [n for n, line in enumerate(lines) if n >= first and re.fullmatch(rf"\s*\[\[\s*{table}\s*\]\].*", line)]
        if number >= len(heads):
            return None
        first = heads[number] + 1
    written = re.compile(rf"""^\s*(\[[\w.]*)?["']?{re.escape(key)}["']?\s*[\].=]""")
    for number, line in enumerate(lines[first:], start=first + 1):
        if key and written.search(line):
            return number
        if table and re.match(r"\s*\[\[", line) and not line.strip().startswith(f"[[{table}."):
            break
    return first or None


def _csv(file: str, text: str) -> tuple[dict, Line]:
    """The rows of a list as the data of a plan: rows of one 事業 and one 目標 become one indicator, each year a column."""
    table = csv.reader(io.StringIO(text, newline=""))
    heads = [_column(head) for head in next(table, [])]
    wrong = [Problem("plans.csv_column", where=_at(file, 1), name=head) for head, known in heads if head and not known]
    fields = [known for _, known in heads]
    for needed in ("project", "target"):
        if needed not in fields and not (needed == "target" and "theme" in fields):
            wrong.append(Problem("plans.csv_needs", where=_at(file, 1), name=heading(needed)))
    if wrong:
        raise PlanErrors(file, wrong)
    rows = []
    for cells in table:
        row = {field: cell.strip() for field, cell in zip(fields, cells, strict=False) if field and cell.strip()}
        if row:
            rows.append((table.line_num, row))
    return _built(file, rows)


def _column(head: str) -> tuple[str, str | None]:
    said = plain(head)
    known = {
        name: column
        for column in COLUMNS
        for name in (column, *(plain(words.table("plans")[f"head_{column}"][lang]) for lang in words.LANGUAGES))
    }
    return said, known.get(said)


def heading(column: str) -> str:
    """The name of a column of a plan list in the present language."""
    return say(f"plans.head_{column}")


def _built(file: str, rows: list[tuple[int, dict]]) -> tuple[dict, Line]:
    first = rows[0][1] if rows else {}
    projects: dict[str, dict] = {}
    places: dict[tuple, int] = {}
    unread: list[Problem] = []
    numbers = {row["no"] for _, row in rows if "no" in row}
    free = (str(n) for n in range(1, len(rows) + len(numbers) + 1) if str(n) not in numbers)
    unnumbered: dict[str, str] = {}
    for line, row in rows:
        name = row.get("project", "")
        if "no" not in row and name not in unnumbered:
            unnumbered[name] = next(free)
        no = row.get("no") or unnumbered[name]
        head = {"no": no, "name": name, "indicators": []} | {field: row[field] for field in OF_PROJECT if field in row}
        project = projects.setdefault(no, head)
        known = project["indicators"]
        one = next((one for one in known if one["name"] == row.get("indicator", name)), None)
        if one is None:
            one = _indicator(file, line, row, str(len(known) + 1), unread)
            known.append(one)
        path = "projects", list(projects).index(no)
        places.setdefault(path, line)
        places.setdefault((*path, "indicators", known.index(one)), line)
        column = _year(row.get("year", ""))
        if column is None:
            unread.append(Problem("plans.csv_year", where=_at(file, line), text=row.get("year", "")))
        for field in ("target", "actual"):
            if field in row:
                value = value_of(row[field])
                one[field][column] = row[field] if value is None else value
    if unread:
        raise PlanErrors(file, unread)
    columns = sorted({_year(row["year"]) for _, row in rows})
    data = {
        "id": _id(file), "name": first.get("plan", Path(file).stem), "library": first.get("library", ""),
        "kind": _kind(first.get("kind", "")), "note": first.get("note", ""), "periods": [{"columns": columns}],
        "projects": list(projects.values()),
    }  # fmt: skip
    return data, lambda path, key: places.get(path, 1)


def _indicator(file: str, line: int, row: dict, number: str, unread: list[Problem]) -> dict:
    where, unknown = _where(row)
    unread += [
        Problem("plans.csv_code", where=_at(file, line), name=heading(part), text=text) for part, text in unknown
    ]
    one = {
        "id": number, "name": row.get("indicator", row.get("project", "")), "unit": row.get("unit", ""),
        "role": "target" if "target" in row else "work", "target": {}, "actual": {},
    }  # fmt: skip
    return one | ({"source": model.ACCESSIONS, "where": [where]} if where else {})


def _id(file: str) -> str:
    """The name of the file as the id of a plan, or a number made of it."""
    stem = Path(file).stem.lower()
    return stem if checking.ID.fullmatch(stem) else f"plan-{hashlib.sha256(stem.encode()).hexdigest()[:8]}"


def _kind(text: str) -> str:
    said = {words.table("plans")[f"kind_{kind}"][lang]: kind for kind in KINDS for lang in words.LANGUAGES}
    return said.get(text, text or "targets")


def _year(text: str) -> str | None:
    """2024, 令和6年度 or 2024-2026 as the name of a column; None for anything else."""
    said = plain(text)
    if era := re.fullmatch(r"(?:令和|R)\s*(元|\d{1,2})\s*(?:年度?)?", said):
        return str(2018 + (1 if era[1] == "元" else int(era[1])))
    found = re.fullmatch(r"(\d{4})(?:年度?)?(?:[-~～–](\d{4})(?:年度?)?)?", said)
    return "-".join(part for part in found.groups() if part) if found else None


def _where(row: dict) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """The filter of a row, and what of it is no known code."""
    where, unknown = {}, []
    for part in model.WHERE:
        for text in filter(None, map(str.strip, re.split("[;；、]", row.get(part, "")))):
            value, wrong = code_of(part, text) if part in model.CODED else (text, None)
            if wrong or value is None:
                unknown.append((part, text))
            else:
                where.setdefault(part, []).append(value)
    return where, unknown


def value_of(text: str) -> model.Value | None:
    """75, 1,300,000, 81%, ７５冊, 随時 and "-" as a value; None for what is none of them."""
    said = plain(text)
    if said in (model.ANY_TIME, "as needed"):
        return model.ANY_TIME
    if re.fullmatch(r"[-‐‑–—―ー－]", said):
        return model.NOT_SET
    match = re.fullmatch(
        r"([△▲-]?)((?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,4})?)\s*(?:%|冊|点|回|件|人|円|タイトル)?", said
    )
    if match is None:
        return None
    figure = float(match[2].replace(",", "")) * (-1 if match[1] else 1)
    return int(figure) if figure == int(figure) else figure


def _at(file: str, line: int) -> Problem:
    return Problem("plans.place_line", file=file, line=line)

"""Fields of knowledge that a clause names, as a file of the pack lists them: those wanted fresh, those to be kept in balance.

Columns: 分野, 英語, 分類 (how the classes begin, parted by ;) and 条.
"""

import re
from dataclasses import dataclass

from collection.policy import Policy
from collection.policy.pack import read_csv
from collection.words import Problem

COLUMNS = ("分野", "英語", "分類", "条")


@dataclass(frozen=True)
class Field:
    """A field: its names, how its classes begin, and the article that names it."""

    name: str
    en: str
    prefixes: tuple[str, ...]
    article: str


def read(policy: Policy, file: str) -> list[Field]:
    """The fields of a file of the pack in its order; none when it has no such file.

    Raises:
        Problem: a row that cannot be read, with its line.
    """
    path = policy.folder / file
    if not path.exists():
        return []
    try:
        rows = read_csv(path)
    except UnicodeDecodeError:
        raise Problem("policy.csv_encoding", where=file) from None
    found: dict[str, Field] = {}
    for row in rows:
        said = {"file": file, "line": row[""]}
        if missing := [column for column in COLUMNS if not row.get(column)]:
            raise Problem("named_fields.blank", columns="、".join(missing), **said)
        name, en, classes, article = (row[column] for column in COLUMNS)
        if name in found:
            raise Problem("named_fields.twice", name=name, **said)
        prefixes = tuple(part.strip() for part in classes.split(";"))
        for prefix in prefixes:
            inside = any(prefix.startswith(other) for other in prefixes if other != prefix)
            if not re.fullmatch("[0-9]{1,3}", prefix) or inside or prefixes.count(prefix) > 1:
                raise Problem("named_fields.class", name=prefix, **said)
        found[name] = Field(name, en, prefixes, article)
    return list(found.values())

"""The rules straight in SQLite: sql/sqlite_judge.sql over one file database with the indexes it needs."""

import json
import re
import sqlite3
import time
from contextlib import closing
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import polars as pl

from collection.policy.model import Policy
from collection.store.connection import connect
from tests.bench import constants
from tests.bench.library import statements

MONTHS = range(2000 * 12, 2030 * 12)


def load(snapshot: Path, database: Path, policy: Policy) -> None:
    """The library as a SQLite database, and the pack's tables beside it."""
    with closing(sqlite3.connect(database)) as rival, connect(snapshot, read_only=True) as facts:
        rival.execute("PRAGMA journal_mode = OFF")
        rival.execute("PRAGMA synchronous = OFF")
        for statement in statements("sqlite_schema"):
            rival.execute(statement)
        for table in ("bib", "item", "loan", "hold", "retention"):
            columns = rival.execute(f"PRAGMA table_info({table})").fetchall()
            texts = ", ".join(day(name) if name in DAYS else name for _, name, *_ in columns)
            rows = facts.execute(f"SELECT {texts} FROM {table}")
            while some := rows.fetchmany(100_000):
                rival.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", some)
        rival.executemany("INSERT INTO month_end VALUES (?, ?)", [(month, month_end(month)) for month in MONTHS])
        names = ("prefix", "idle_years", "shelf_life", "use_only", "similar")
        rival.executemany(
            "INSERT INTO class_rule VALUES (?, ?, ?, ?, ?)", [[rule[name] for name in names] for rule in policy.classes]
        )
        for statement in statements("sqlite_indexes"):
            rival.execute(statement)
        rival.commit()


DAYS = (
    "accession_date",
    "missing_confirmed_on",
    "due_date",
    "last_reminder_date",
    "issue_date",
    "last_loan_date",
    "gone_on",
)


def day(column: str) -> str:
    """A column of days as numbers: 20250401."""
    return f"year({column}) * 10000 + month({column}) * 100 + day({column}) AS {column}"


def month_end(month: int) -> int:
    """The last day of a month as a number."""
    day = date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
    return day.year * 10000 + day.month * 100 + day.day


def judge(database: Path, policy: Policy) -> tuple[float, pl.DataFrame]:
    """Seconds from measure to score, and what was judged."""
    told = {
        **constants.figures(policy),
        "any_clue": constants.any_clue(policy),
        "clue_classes": constants.clue_classes(policy),
        "authors": constants.authors(policy),
    }
    points = constants.points_here(policy)
    with closing(sqlite3.connect(database)) as rival:
        rival.execute("PRAGMA temp_store = MEMORY")
        rival.execute("PRAGMA cache_size = -524288")
        rival.execute("PRAGMA mmap_size = 2147418112")
        rival.create_function("has", 2, _has, deterministic=True)
        rival.create_function("points_here", 5, points, deterministic=True)
        rival.create_function("title_words", 1, _title_words, deterministic=True)
        begun = time.perf_counter()
        for statement in statements("sqlite_judge"):
            rival.execute(statement, told)
        seconds = time.perf_counter() - begun
        rows = rival.execute("SELECT * FROM judged")
        names = [name for name, *_ in rows.description]
        return seconds, pl.DataFrame(rows.fetchall(), schema=names, orient="row", infer_schema_length=None)


@lru_cache
def _pattern(pattern: str) -> re.Pattern:
    return re.compile(pattern)


def _has(text: str | None, pattern: str) -> bool | None:
    return None if text is None else _pattern(pattern).search(text) is not None


def _title_words(title: str) -> str:
    return json.dumps(constants.title_words(title), ensure_ascii=False)

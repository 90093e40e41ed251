"""The rules straight in SQLite: sql/sqlite_judge.sql over one file database with the indexes it needs."""

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from collection.policy.model import Policy
from collection.store.connection import connect
from tests.bench import constants, library
from tests.bench.library import statements

MONTHS = range(2000 * 12, 2030 * 12)


def load(snapshot: Path, database: Path, policy: Policy, similar: Path) -> None:
    """The library as a SQLite database, and the pack's tables and the similar titles beside it."""
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
        rival.executemany("INSERT INTO neighbour VALUES (?, ?, ?, ?)", library.neighbours(similar).rows())
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
    with closing(sqlite3.connect(database)) as rival:
        rival.execute("PRAGMA temp_store = MEMORY")
        rival.execute("PRAGMA cache_size = -524288")
        rival.execute("PRAGMA mmap_size = 2147418112")
        for name, pattern in (
            ("is_annual", constants.ANNUAL),
            ("has_clue", constants.any_clue(policy)),
            ("in_clue_class", constants.clue_classes(policy)),
            ("by_listed_author", constants.authors(policy)),
        ):
            rival.create_function(name, 1, _finder(pattern), deterministic=True)
        rival.create_function("points_here", 5, constants.points_here(policy), deterministic=True)
        begun = time.perf_counter()
        for statement in statements("sqlite_judge"):
            rival.execute(statement, constants.figures(policy))
        seconds = time.perf_counter() - begun
        rows = rival.execute("SELECT * FROM judged")
        names = [name for name, *_ in rows.description]
        return seconds, pl.DataFrame(rows.fetchall(), schema=names, orient="row", infer_schema_length=None)


def _finder(pattern: str) -> Callable[[str | None], bool | None]:
    search = re.compile(pattern).search
    return lambda text: None if text is None else search(text) is not None

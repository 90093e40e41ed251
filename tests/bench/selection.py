"""Thousands of requests checked at once, and the first look into the mirror of the rules, over the whole library."""

import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import polars as pl

from collection import decisions, mirror
from collection.policy.model import Policy
from collection.selection import check, identify
from collection.store.connection import connect, connect_flags
from tests.bench import library
from tests.bench.pages import UNDECIDED

REQUESTS = 2000
PERSONS = 400
HELD = "SELECT title, author, publisher, pub_year, material FROM bib ORDER BY hash(bib_no) LIMIT $n"
CODES = (None, "0093", "8093", "6041", "0979", "9476", "0047")
MATERIALS = ("book", "book", "book", "comic", "picture_book", "dvd", "cd", "periodical", None)


def requests(snapshot: Path, policy: Policy, n: int = REQUESTS) -> pl.DataFrame:
    """Requests of PERSONS: every second one for a record of the library, the others for titles with words that the pack
    looks for, C-codes and materials of all kinds; one in ten asked for twice."""
    words = [word for group in policy.word_groups.values() for word in group["words"]] or ["本"]
    with connect(snapshot, read_only=True) as connection:
        held = connection.sql(HELD, params={"n": n}).pl().to_dicts()
    titles = [
        held[place] if place % 2 else
        {"title": f"架空の{words[place % len(words)]} {place // 20}", "c_code": CODES[place % len(CODES)],
         "author": held[place]["author"], "material": MATERIALS[place % len(MATERIALS)], "price": 500 + place}
        for place in range(min(n, len(held)))
    ]  # fmt: skip
    titles = [titles[place - 1] if place % 10 == 9 else title for place, title in enumerate(titles)]
    told = [
        title | {"token": f"person {place % PERSONS}", "received_on": library.AS_OF - timedelta(days=place % 90)}
        for place, title in enumerate(titles)
    ]
    return check.offered(told)


def checked(snapshot: Path, policy: Policy, asked: pl.DataFrame) -> tuple[float, Counter]:
    """Seconds, and how often each verdict was given; the index of titles is there already."""
    with identify.opened(snapshot) as cursor:
        decisions.attach(cursor, UNDECIDED)
        begun = time.perf_counter()
        found = check.check(cursor, policy, asked, library.AS_OF, "request")
        return time.perf_counter() - begun, Counter(found.rows["verdict"])


def first_look(flags: Path, policy: Policy) -> tuple[float, int]:
    """Seconds until the mirror has run the rules over every record held, and how many items they would not take."""
    with connect_flags(flags) as cursor:
        begun = time.perf_counter()
        counted = mirror.cells(cursor, mirror.mirrored(cursor, policy, library.AS_OF, "request"))
        seconds = time.perf_counter() - begun
    return seconds, counted.filter(pl.col("rule").is_not_null())["items"].sum()

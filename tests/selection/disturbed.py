"""Requests as people write them: real titles of the NACSIS file, disturbed, some of them held and some not.

A fifth of the records are left out of the library. The requests are drawn from all records, with one disturbance each,
every fourth with two, and are the same for the same seed. What is right is told by the works of the whole file.
"""

import random
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from collection.imports import import_files
from collection.sources.normalise.keys import variants
from collection.store.connection import connect

FILE = Path(__file__).parents[2] / "../shared/real/nacsis/cat10000_url.tsv"
DAY = date(2025, 4, 1)
ASKED = ("title", "author", "publisher", "isbn", "volume", "edition", "pub_year")
KANJI = re.compile(r"[一-龠]")
PERSON = re.compile(r"([一-龠]{2})[一-龠ぁ-んァ-ヶ]{1,3}(?:\s*\[?[著編訳作]|[,;]|$)")
COMPANY = re.compile(r"(?:出版社|出版会|出版部|出版|書店|書房|印刷局|新聞社|新社|社)$")
OLD = {}
for _old, _new in variants().items():
    OLD.setdefault(_new, []).append(_old)
HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
HALF |= {
    unicodedata.normalize("NFKC", chr(code) + mark): chr(code) + mark
    for code in range(0xFF66, 0xFF9E)
    for mark in "ﾞﾟ"
    if len(unicodedata.normalize("NFKC", chr(code) + mark)) == 1
}


def library(folder: Path) -> tuple[Path, pl.DataFrame]:
    """A library of four fifths of the file.

    Returns:
        its snapshot, and all records of the file: bib_id, the columns of ASKED, work (of the whole file), held.
    """
    whole = import_files(folder / "whole", DAY, [FILE]).snapshot
    with connect(whole, read_only=True) as connection:
        query = f"SELECT bib_id, {', '.join(ASKED)}, title_kana, work_no AS work FROM bib ORDER BY bib_no"
        records = connection.sql(query).pl().with_columns(pl.col("pub_year").cast(pl.Int64))
    rng = random.Random("held")
    records = records.with_columns(held=pl.Series([rng.random() < 0.8 for _ in range(len(records))]))
    left = set(records.filter(~pl.col("held"))["bib_id"])
    header, *lines = FILE.read_text(encoding="utf-8").splitlines()
    part = folder / "part.tsv"
    part.write_text("\n".join([header, *(line for line in lines if line.split("\t")[4] not in left)]), encoding="utf-8")
    return import_files(folder / "held", DAY, [part]).snapshot, records


def requests(records: pl.DataFrame, count: int, seed: int) -> pl.DataFrame:
    """`count` requests: row, the columns of ASKED, and of what was asked for bib_id, work, kind (of disturbance), held (its work is)."""
    rng = random.Random(seed)
    drawn = records.with_columns(held=pl.col("held").any().over("work")).rows(named=True)
    every = "".join(row["title"] for row in drawn)
    letters = [letter for letter in every if KANJI.fullmatch(letter)]
    rows = []
    for row in rng.sample(drawn, count):
        kinds = []
        for _ in range(2 if rng.random() < 0.25 else 1):
            row, kind = _disturbed(rng, row, letters, kinds)
            kinds += kind
        rows.append(row | {"row": len(rows), "kind": "+".join(kinds)})
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides=dict.fromkeys(ASKED[:-1], pl.String))


def _disturbed(rng: random.Random, row: dict, letters: list[str], done: list[str]) -> tuple[dict, list[str]]:
    """The row with one disturbance more, of those that it allows."""
    for kind in rng.sample(list(DISTURBANCES), len(DISTURBANCES)):
        changed = None if kind in done else DISTURBANCES[kind](rng, row, letters)
        if changed:
            return row | changed, [kind]
    return row, []


def typo(rng: random.Random, row: dict, letters: list[str]) -> dict | None:
    """One or two characters (one in a short title) swapped with the next, dropped, doubled, or a wrong kanji."""
    title = list(row["title"])
    if len(title) < 4:
        return None
    for _ in range(rng.choice((1, 2)) if len(title) >= 8 else 1):
        at = rng.choice([place for place, letter in enumerate(title[:-1]) if letter.isalnum()] or [0])
        how = rng.choice(("swap", "drop", "double", "wrong"))
        if how == "swap":
            title[at], title[at + 1] = title[at + 1], title[at]
        elif how == "drop":
            del title[at]
        elif how == "double":
            title.insert(at, title[at])
        else:
            title[at] = rng.choice(letters)
    return {"title": "".join(title)}


def no_subtitle(rng: random.Random, row: dict, letters: list[str]) -> dict | None:
    """What stands before the first colon."""
    head, colon, _ = row["title"].partition(" : ")
    return {"title": head} if colon else None


def kana(rng: random.Random, row: dict, letters: list[str]) -> dict | None:
    """The reading where there is one; else hiragana for katakana and the other way round, or other widths."""
    if row["title_kana"]:
        return {"title": row["title_kana"]}
    title = row["title"]
    turned = re.sub("[ァ-ヶ]", lambda found: chr(ord(found[0]) - 0x60), title)
    back = re.sub("[ぁ-ゖ]", lambda found: chr(ord(found[0]) + 0x60), title)
    narrow = "".join(HALF.get(letter, letter) for letter in title)
    wide = re.sub("[!-~]", lambda found: chr(ord(found[0]) + 0xFEE0), title)
    ways = [way for way in (turned, back, narrow, wide) if way != title]
    return {"title": rng.choice(ways)} if ways else None


def other_edition(rng: random.Random, row: dict, letters: list[str]) -> dict | None:
    """Another edition statement, and a later year."""
    said = rng.choice([way for way in ("第2版", "第3版", "改訂版", "新版", "増補版") if way != row["edition"]])
    year = row["pub_year"] and min(2025, row["pub_year"] + rng.randrange(2, 15))
    return {"edition": said, "pub_year": year}


def no_author(rng: random.Random, row: dict, letters: list[str]) -> dict | None:
    """Nobody named."""
    return {"author": None} if row["author"] else None


def family_name(rng: random.Random, row: dict, letters: list[str]) -> dict | None:
    """Of the first person the family name alone."""
    person = PERSON.match(row["author"] or "")
    return {"author": person[1]} if person else None


def short_publisher(rng: random.Random, row: dict, letters: list[str]) -> dict | None:
    """A publisher as people call it."""
    name = (row["publisher"] or "").strip("[]")
    short = COMPANY.sub("", name) if COMPANY.search(name) else name[:4] if len(name) > 6 else name
    return {"publisher": short} if len(short) >= 2 and short != name else None


def old_forms(rng: random.Random, row: dict, letters: list[str]) -> dict | None:
    """Old or variant forms of every character that has one."""
    title = "".join(rng.choice(OLD.get(letter, [letter])) for letter in row["title"])
    return {"title": title} if title != row["title"] else None


DISTURBANCES: dict[str, Callable[[random.Random, dict, list[str]], dict | None]] = {
    made.__name__: made
    for made in (typo, no_subtitle, kana, other_edition, no_author, family_name, short_publisher, old_forms)
}

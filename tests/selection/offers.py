"""A small library and titles on offer to it, both random: held ones, their like, and what the rules speak of."""

from datetime import date, timedelta
from random import Random

from collection.sources.normalise import match_key_of
from tests.random_library import random_library

AS_OF = date(2025, 4, 1)
TITLES = (
    "算数ﾄﾞﾘﾙ", "電気ドリルの使い方", "計電気ドリル算", "英語の問題集", "學問のすすめ", "C++入門", "がんが治る食事", "小さい市の歴史",
    "夜明けの港", "月刊 旅と鉄道", "月刊 旅と鉄道 2024年5月号", "月刊 旅と鉄道の本", "まんが日本史", "ふつうの本", "ふつうの本 続", "（・）", "", None,
)  # fmt: skip
ISBNS = (*(f"97840000000{number:02d}" for number in range(8)), "9784000000017")
OTHERS = {
    "series": ("計算ドリル叢書", "岩の文庫"), "author": ("水野あかり", "水野　あかり;森一", "北野光", "山田太郎", "山田"),
    "publisher": ("文芸会", "波止場書房"), "volume": ("1", "２"), "edition": ("奇跡の改訂版", "改訳", "第2版"),
    "c_code": ("6041", "0979", "8093", "193", "", "0375"), "ndc": ("375.4", "376.87", "726.1", "913.6", "216.4", "49"),
    "class_mark": ("K", "9"), "audience": ("child", "general"), "language": ("jpn", "eng"), "subjects": ("小さい市",),
    "local": ("local", "sake;local"),
}  # fmt: skip


def library(rng: Random, items: int = 60) -> dict[str, list[dict]]:
    """Tables of a snapshot: random items, of records whose titles tell them apart."""
    tables = random_library(rng, items)
    for bib in tables["bib"]:
        bib["title"] = "月刊 旅と鉄道" if bib["material"] == "periodical" else f"{bib['title']}{bib['work_no']}番"
        bib["title_key"] = match_key_of(bib["title"])
        bib["isbn"] = f"978410000{bib['bib_no']:04d}"
    return tables


def titles(rng: Random, bibs: list[dict], n: int) -> list[dict]:
    """Titles of all kinds, a third of them of records of the library, many of them alike."""
    return [_title(rng, row, bibs) for row in range(n)]


def _title(rng: Random, row: int, bibs: list[dict]) -> dict:
    told = {
        "row": row, "title": rng.choice(TITLES), "isbn": rng.choice([None, None, *ISBNS]),
        "material": rng.choice(["book", "book", "book", "comic", "cd", "periodical", None]),
        "price": rng.choice([None, 800, 899, 900, 4999, 5000]), "pub_year": rng.choice([None, 1990, 2014, 2015, 2025]),
        "received_on": rng.choice([None, None, date(2024, 7, 31), AS_OF - timedelta(days=rng.randrange(300))]),
        "token": rng.choice([None, "a", "a", "a", "b"]), "state": rng.choice([None] * 7 + ["open", "ordered"]),
        "chosen": rng.choice([None] * 12 + [-1, rng.choice(bibs)["bib_no"]]),
    }  # fmt: skip
    told |= {name: rng.choice([None, None, *words]) for name, words in OTHERS.items()}
    if rng.random() < 0.33:
        bib = rng.choice(bibs)
        told |= {name: bib[name] for name in ("title", "author", "publisher", "volume")}
        told["isbn"] = rng.choice([None, bib["isbn"]])
    return told

"""Random libraries, written straight into a snapshot: every kind of item, fact and gap the rules know of."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl

from collection.store.connection import connect, sql

AS_OF = date(2025, 4, 1)
LOANS_FROM, LOANS_TO = 2020 * 12 + 3, 2025 * 12 + 2  # 2020-04 … 2025-03
CLASSES = ["007.6", "210.3", "291.09", "324.7", "498.3", "498.39", "596.2", "723.1", "913.6", "913.6", None]
TITLES = [
    "健康体操の手引",
    "健康料理の手引",
    "西宮の歴史散歩",
    "法律相談",
    "表計算の活用",
    "長い物語",
    "京都散歩",
    "健康白書2019",
]
BRANCHES = ["中央図書館", "北口図書館", "鳴尾図書館"]


def _day(rng: Random, years: int) -> date:
    return AS_OF - timedelta(days=rng.randrange(0, years * 366))


def _maybe(rng: Random, value, blank: float = 0.15):
    return None if rng.random() < blank else value


def random_library(rng: Random, items: int, titles: float = 0.5) -> dict[str, list[dict]]:
    """Tables of a snapshot as rows: bib, item, loan, hold, retention. About `items * titles` records.

    Several units share a work (with and without an order in time), several records a unit.
    """
    bibs, works = [], max(1, int(items * titles * 0.7))
    for bib_no in range(max(1, int(items * titles))):
        work = rng.randrange(works)
        rank = rng.choice([None, None, 1, 1, 2, 3])
        bibs.append(
            {
                "bib_no": bib_no,
                "bib_id": f"B{bib_no}",
                "title": TITLES[work % len(TITLES)] + ("" if work % 3 else str(work)),
                "author": rng.choice(["山川花子", "小松左京", None]),
                "volume": rng.choice([None, None, None, "1"]),
                "publisher": rng.choice(["波止場書房", "西宮書林", None]),
                "pub_year": _maybe(rng, rng.randrange(1980, 2025)),
                "ndc": CLASSES[work % len(CLASSES)],
                "class_mark": rng.choice([None, "E", "K"]),
                "audience": rng.choice(["general", "general", "child", None]),
                "material": rng.choice(["book"] * 8 + ["periodical", "yearbook", "reference", "picture_book", None]),
                "local": rng.choice([None] * 12 + ["local", "sake;local", "human_rights"]),
                "title_key": TITLES[work % len(TITLES)],
                "work_no": work,
                "unit_no": work * 10 + (rank or 0) if rank or rng.random() < 0.8 else work * 10 + rng.choice([4, 5]),
                "edition_rank": rank,
            }
        )
    rows = [_item(rng, number, bibs) for number in range(items)]
    loans = [
        {
            "item_no": row["item_no"],
            "month": month,
            "loans": rng.randrange(0, 4),
            "in_house": rng.choice([None, None, 0, 2]),
        }
        for row in rows
        if rng.random() < 0.3
        for month in sorted(rng.sample(range(LOANS_FROM, LOANS_TO + 1), rng.randrange(1, 4)))
    ]
    holds = [
        {"bib_no": rng.randrange(len(bibs)), "branch": None, "holds": rng.randrange(1, 3)} for _ in range(items // 30)
    ]
    retention = [
        {"bib_no": bib["bib_no"], "years": None if forever else rng.choice([1.0, 3.0]), "permanent": forever}
        for bib in bibs
        if bib["material"] == "periodical" and rng.random() < 0.7
        for forever in [rng.random() < 0.2]
    ]
    return {"bib": bibs, "item": rows, "loan": loans, "hold": holds, "retention": retention}


def _item(rng: Random, number: int, bibs: list[dict]) -> dict:
    bib = rng.choice(bibs)
    status = rng.choice(["available"] * 12 + ["missing", "on_loan", "on_hold_shelf", "in_repair", "withdrawn", None])
    total = rng.choice([None, 0, 5, 9])
    last = None if total == 0 else _maybe(rng, _day(rng, 25), 0.4)
    return {
        "item_no": number,
        "item_id": f"{number:08d}",
        "bib_no": _maybe(rng, bib["bib_no"], 0.01),
        "bib_id": bib["bib_id"],
        "work_no": None,
        "unit_no": None,
        "branch": rng.choice(BRANCHES),
        "location": rng.choice(["open", "open", "open", "closed", "reference", None]),
        "call_number": rng.choice(["913.6/ヤ", "913.6/ヤ/2", None]),
        "accession_date": _maybe(rng, _day(rng, 30)),
        "source": rng.choice(["purchase"] * 8 + ["gift", "deposit", None]),
        "status": status,
        "condition": rng.choice([None] * 9 + ["good", "repairable", "soiled", "damaged"]),
        "missing_confirmed_on": _maybe(rng, _day(rng, 8)) if status == "missing" else None,
        "due_date": _maybe(rng, _day(rng, 9)) if status == "on_loan" else None,
        "reminders": rng.choice([None, 0, 1, 4]),
        "last_reminder_date": _maybe(rng, _day(rng, 6)) if status == "on_loan" else None,
        "unrecoverable": rng.choice([None, False, True]) if status == "on_loan" else None,
        "retention": rng.choice([None] * 15 + ["archival", "permanent", "rare"]),
        "issue_date": _maybe(rng, _day(rng, 8)) if bib["material"] == "periodical" else None,
        "loans_total": total,
        "last_loan_date": last,
        "never_lent": total == 0,
        "gone_on": rng.choice([None] * 20 + [AS_OF]),
        "shelf_order": number,
    }


def random_pairs(rng: Random, library: dict[str, list[dict]], share: float = 0.3) -> list[dict]:
    """Pairs of records as an index of similar titles holds them: some with a class too wide for a survivor, some of one work."""
    count = len(library["bib"])
    drawn = {(rng.randrange(count), rng.randrange(count)) for _ in range(round(count * count * share))}
    return [
        {
            "bib_no": one, "other_no": other, "score": rng.choice([0.4, 0.404, 0.5, 0.9]),
            "shared_words": rng.choice(["健康", "健康;体操"]), "class": rng.choice(["498.3", "498.39", "498"]),
        }
        for one, other in sorted(drawn) if one != other
    ]  # fmt: skip


def write_pairs(path: Path, pairs: list[dict]) -> Path:
    """Write pairs as the table that rules read of an index of similar titles."""
    with connect(path) as connection:
        rows = pl.DataFrame(pairs, schema_overrides={"score": pl.Float32})
        connection.register("rows", rows.to_arrow())
        connection.execute("CREATE TABLE neighbour AS SELECT * FROM rows")
    return path


def write_snapshot(path: Path, library: dict[str, list[dict]]) -> Path:
    """Write a random library as a snapshot file (schema/snapshot.sql), work and unit numbers of the items placed."""
    with connect(path) as connection:
        connection.execute(sql("schema/snapshot"))
        connection.execute("INSERT INTO meta VALUES (?, 'random', ?, ?)", [AS_OF, LOANS_FROM, LOANS_TO])
        for table, rows in library.items():
            if rows:
                connection.register("rows", pl.DataFrame(rows, infer_schema_length=None).to_arrow())
                connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows")
                connection.unregister("rows")
        connection.execute(sql("queries/works_items"))
    return path

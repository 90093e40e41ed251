"""The library that is measured: 1,000,000 items, 620,000 records and 15,000,000 rows of loans at scale 1.

Everything in it is made up; what the pack's lists and clues look for is taken from the pack.
"""

from datetime import date
from pathlib import Path

import polars as pl

from collection.policy.load import load
from collection.policy.model import Policy
from collection.store import snapshots
from collection.store.connection import connect, sql

AS_OF = date(2025, 4, 1)
ITEMS, BIBS = 1_000_000, 620_000
PACK = Path(__file__).parents[2] / "data" / "policies" / "nishinomiya"
SQL = Path(__file__).parent / "sql"
# Of every 100 items: 30 not lent in the five years, 28 in 4 months, 16 in 18, 4 in 20, 15 in 40, 7 in all 60: 15 rows an item.
LENT_MONTHS = (
    "CREATE TEMP MACRO lent_months(n) AS "
    "CASE WHEN n < 30 THEN 0 WHEN n < 58 THEN 4 WHEN n < 74 THEN 18 WHEN n < 78 THEN 20 WHEN n < 93 THEN 40 ELSE 60 END"
)


def policy() -> Policy:
    """The pack whose rules are measured."""
    return load(PACK, AS_OF)


def statements(name: str) -> list[str]:
    """The statements of one file of sql/."""
    return [text for text in (SQL / f"{name}.sql").read_text(encoding="utf-8").split(";\n") if text.strip()]


def neighbours(similar: Path) -> pl.DataFrame:
    """bib_no, other_no, score (to two decimals), class: what the rivals are told of similar titles."""
    with connect(similar, read_only=True) as connection:
        return connection.sql("SELECT bib_no, other_no, round(score, 2) AS score, class FROM neighbour").pl()


def make(store: Path, scale: float = 1.0) -> Path:
    """The library as the only snapshot of a store; `scale` is a part of the million items."""
    rules = policy()
    path = snapshots.path(store, AS_OF, "0" * 12)
    path.parent.mkdir(parents=True)
    with connect(path) as connection:
        connection.execute(sql("schema/snapshot"))
        connection.execute(LENT_MONTHS)
        words = [word for clue in rules.clues for word in (*clue["words"], *clue["except"])]
        authors = [row["author"] for listed in rules.lists.values() for row in listed.rows if row["author"]]
        for name, texts in (("clue_word", words), ("listed_author", authors)):
            connection.register("texts", pl.DataFrame({"n": range(len(texts)), "text": texts}).to_arrow())
            connection.execute(f"CREATE TEMP TABLE {name} AS FROM texts")
            connection.unregister("texts")
        for statement in statements("library"):
            connection.execute(statement.format(items=round(ITEMS * scale), bibs=round(BIBS * scale)))
        connection.execute(sql("queries/works_items"))
    return path

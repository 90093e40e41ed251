"""Libraries in which nothing is unusual: many items long idle, a few lent again each month by chance alone."""

from datetime import date
from pathlib import Path
from random import Random

from collection import flag
from tests.random_library import AS_OF, LOANS_FROM, LOANS_TO, random_library, write_snapshot
from tests.road_store import POLICY

AGAIN = 0.006  # chance of a loan of an idle item in a month


def quiet_library(rng: Random, items: int) -> dict[str, list[dict]]:
    """A random library on open shelves; a third of the items is lent every few months, the others hardly ever."""
    library = random_library(rng, items, 0.6)
    for bib in library["bib"]:
        bib |= {"material": "book", "audience": "general"}
    for row in library["item"]:
        row |= {"location": "open", "status": "available", "gone_on": None, "accession_date": date(2012, 5, 1)}
    chance = [0.3 if rng.random() < 0.33 else AGAIN for _ in library["item"]]
    library["loan"] = [
        {"item_no": number, "month": month, "loans": 1 + (rng.random() < 0.05), "in_house": None}
        for number, likely in enumerate(chance)
        for month in range(LOANS_FROM, LOANS_TO + 1)
        if rng.random() < likely
    ]
    return library


def sleepers(library: dict, until: int, **wanted) -> list[dict]:
    """Items never lent in the month `until` or before, with those values."""
    lent = {row["item_no"] for row in library["loan"] if row["month"] <= until}
    return [
        row
        for row in library["item"]
        if row["item_no"] not in lent and all(row[name] == value for name, value in wanted.items())
    ]


def lend(library: dict, items: list[dict], month: int, loans: int = 1) -> None:
    """Loans of items in a month, in place of what they had in it."""
    numbers = {row["item_no"] for row in items}
    kept = [row for row in library["loan"] if row["item_no"] not in numbers or row["month"] != month]
    new = [{"item_no": number, "month": month, "loans": loans, "in_house": None} for number in numbers]
    library["loan"] = sorted(kept + new, key=lambda row: (row["item_no"], row["month"]))


def flagged_store(folder: Path, library: dict) -> Path:
    """A store of that library; returns its flags file."""
    (folder / "holdings").mkdir(parents=True)
    write_snapshot(folder / "holdings" / f"{AS_OF}-0123456789ab.duckdb", library)
    return flag.flag(folder, POLICY, AS_OF)

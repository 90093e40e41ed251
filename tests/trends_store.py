"""A store with the demo library as it may have stood on several days: without what came later, with what has gone since."""

import csv
from datetime import date
from pathlib import Path

from collection import demo, flag, imports, policy
from tests.small_store import PACK

SCALE = 0.002
GOES = 25  # of the items held on the first day, one in so many is gone by the second, the next by the third
DAYS = [date(2023, 4, 1), date(2024, 4, 1), date(2025, 4, 1), date(2025, 8, 15)]


def build(store: Path, files: Path, days: list[date] = DAYS, flagged: list[date] = DAYS, scale: float = SCALE) -> Path:
    """Import the library as of each day, oldest first, and apply the rules to the days of `flagged`; returns the store."""
    whole = {path.name: path for path in demo.write(files / "whole", scale, 1)}
    items, loans = _rows(whole["items.csv"]), _rows(whole["loans.csv"])
    for nth, day in enumerate(days):
        first, today, folder = days[0].isoformat(), day.isoformat(), files / day.isoformat()
        folder.mkdir()
        came = [row for row in items if row["受入日"] < today]
        held = [row for n, row in enumerate(came) if row["受入日"] >= first or n % GOES >= nth]
        known = {row["資料番号"] for row in held}
        lent = [row for row in loans if row["month"] < today[:7] and row["item_id"] in known]
        given = [_write(folder / "items.csv", held), _write(folder / "loans.csv", lent)]
        imports.import_files(store, day, [whole["bibs.csv"], whole["holds.csv"], *given], accept_gone=True)
        if day in flagged:
            flag.flag(store, policy.load(PACK, day), day)
    return store


def _rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path

"""The fiscal year agrees with a count item by item, and says what does not agree."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from collection import ledger, report, years
from collection.ledger import Event, append
from collection.report import ALL, BOTH, COUNTED, KINDS
from collection.store import snapshots
from collection.store.connection import connect, sql
from collection.words import Problem
from tests.naive_year import ENDS, counted
from tests.test_books import LIBRARIAN, MANAGER, step, told, write

PUBLISHED = Path(__file__).parents[2] / "shared" / "reference" / "accession_withdrawal_fy2024.csv"
BRANCHES = ["中央図書館", "北口図書館", "鳴尾図書館"]
YEAR = 2023
ROUTES = {
    "to_discard": ["discard"], "to_give": ["put_in_lot", "give"], "to_strike": ["strike", "readmit"],
    "to_offer": ["offer", "assign", "hand_over"],
}  # fmt: skip


def write_snapshot(store: Path, day: date, items: list[dict]) -> Path:
    """A snapshot of a day with these items: item_id, branch, kind, accession_date, source, gone_on, status."""
    path = snapshots.path(store, day, f"{day:%Y%m%d}0000")
    path.parent.mkdir(parents=True, exist_ok=True)
    bibs = [{"bib_no": n, "bib_id": kind, "title": kind, "audience": audience, "title_key": kind, "work_no": n, "unit_no": n}
            for n, (kind, audience) in enumerate((("general", "general"), ("children", "child")))]  # fmt: skip
    rows = [
        {"item_no": n, "bib_no": ["general", "children"].index(item["kind"]), "bib_id": item["kind"], "never_lent": False,
         "shelf_order": n, **{name: item[name] for name in item if name != "kind"}}
        for n, item in enumerate(items)
    ]  # fmt: skip
    with connect(path) as connection:
        connection.execute(sql("schema/snapshot"))
        connection.execute("INSERT INTO meta VALUES (?, 'random', NULL, NULL)", [day])
        for table, found in (("bib", bibs), ("item", rows)):
            if found:
                connection.register("rows", pl.DataFrame(found, infer_schema_length=None).to_arrow())
                connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows")
                connection.unregister("rows")
    return path


def random_items(rng: Random, day: date, before: list[dict]) -> list[dict]:
    """Items at a later day: some moved, gone, withdrawn or reclassified, and new ones."""
    items = [dict(item) for item in before]
    for item in items:
        if item["gone_on"] is None and rng.random() < 0.15:
            item["gone_on"] = day
        item["branch"] = rng.choice(BRANCHES) if rng.random() < 0.2 else item["branch"]
        item["kind"] = rng.choice(["general", "children"]) if rng.random() < 0.1 else item["kind"]
        item["status"] = "withdrawn" if rng.random() < 0.05 else "available"
    for number in range(len(items), len(items) + 40):
        received = rng.choice([None, day - timedelta(days=rng.randrange(0, 500)), day, day + timedelta(days=400)])
        items.append(
            {
                "item_id": str(number), "branch": rng.choice(BRANCHES), "kind": rng.choice(["general", "children"]),
                "accession_date": received, "source": rng.choice(["purchase", "purchase", "gift", "reaccession", "deposit", None]),
                "gone_on": None, "status": "available",
            }
        )  # fmt: skip
    return items


def random_roads(rng: Random, store: Path, items: list[dict]) -> list[dict]:
    """Roads of some items, written to the ledger; returns their steps as the twin reads them."""
    made = []
    to = {"put_in_lot": "in_lot", "give": "given", "discard": "discarded", "strike": "struck", "readmit": "readmitted",
          "offer": "offered", "assign": "assigned", "hand_over": "transferred"}  # fmt: skip
    unknown = {"item_id": "9999", "branch": BRANCHES[0], "kind": "general"}
    with ledger.writing(store) as connection:
        for item in [*rng.sample(items, len(items) // 2), unknown]:
            number, branch = item["item_id"], rng.choice([item["branch"], BRANCHES[0]])
            evidence = told(number, branch=branch, audience="child" if item["kind"] == "children" else "general")
            day, first = date(YEAR - 1, 10, 1) + timedelta(days=rng.randrange(700)), rng.choice(sorted(ROUTES))
            begin = Event("approve", number, first, item_id=number, clause="8-2-1", evidence=evidence)
            known = {"item_id": number, "branch": branch, "kind": item["kind"]}
            append(connection, MANAGER, [begin], day)
            made.append({**known, "on_day": day.isoformat(), "state": first})
            for kind in ROUTES[first][: rng.randrange(0, 4)]:
                day += timedelta(days=rng.randrange(0, 120))
                append(connection, LIBRARIAN, [step(kind, number, to[kind])], day)
                made.append({**known, "on_day": day.isoformat(), "state": to[kind]})
    return made


@pytest.mark.parametrize("seed", range(6))
def test_a_year_is_what_counting_item_by_item_gives(tmp_path, seed):
    rng = Random(seed)
    days = [
        rng.choice([date(2023, 3, 20), date(2023, 4, 1), date(2023, 6, 1)]),
        rng.choice([date(2024, 3, 31), date(2024, 4, 1), date(2024, 2, 1)]),
    ]
    if seed == 0:
        days = days[:1]
    items, taken = [], []
    for day in days:
        items = random_items(rng, day, items)
        taken.append({"as_of": day, "items": items})
        write_snapshot(tmp_path, day, items)
    steps = random_roads(rng, tmp_path, items)
    found = report.of_year(tmp_path, YEAR)
    cells, wrong = counted(YEAR, taken[0], taken[-1], steps)
    names = (
        "holdings_start",
        "purchased",
        "donated",
        "reaccessioned",
        "withdrawn",
        "transferred",
        "branch_moves_net",
        "holdings_end",
    )
    for row in found.table.iter_rows(named=True):
        branches = BRANCHES if row["branch"] == ALL else [row["branch"]]
        kinds = KINDS[:2] if row["kind"] == BOTH else [row["kind"]]
        for name in names:
            assert row[name] == sum(cells[b, k, name] for b in branches for k in kinds), (
                row["branch"],
                row["kind"],
                name,
            )
    assert dict(found.differences.group_by("difference").len().iter_rows()) == dict(wrong)
    ended = [step for step in steps if step["state"] in ENDS and "2023-04-01" <= step["on_day"] <= "2024-03-31"]
    assert found.split.row(-1)[1:] == (
        sum(step["state"] in ("discarded", "struck") for step in ended), sum(step["state"] == "given" for step in ended),
        sum(step["state"] == "transferred" for step in ended), len(ended),
    )  # fmt: skip
    assert found.recycled["total"][-1] == sum(step["state"] == "given" for step in ended)
    assert bool(report.failures(found.table)) == bool(wrong) or not wrong
    assert found.notes or (days[0] <= date(2023, 4, 1) and days[-1] >= date(2024, 3, 31))


def test_a_year_without_differences_agrees(tmp_path):
    def item(number, branch, **more):
        return {"item_id": number, "branch": branch, "kind": "general", "accession_date": date(2020, 1, 1), "source": "purchase",
                "gone_on": None, "status": "available", **more}  # fmt: skip

    write_snapshot(tmp_path, date(2023, 4, 1), [item(str(n), BRANCHES[n % 2]) for n in range(6)])
    later = [item(str(n), BRANCHES[n % 2], gone_on=date(2024, 3, 31) if n in (0, 1) else None) for n in range(5)]
    later += [item("5", BRANCHES[2]), item("6", BRANCHES[2], accession_date=date(2023, 9, 1), source="gift")]
    write_snapshot(tmp_path, date(2024, 4, 1), later)
    approved = [
        Event("approve", n, "to_discard", item_id=n, clause="8-2-1", evidence=told(n, branch=BRANCHES[int(n) % 2]))
        for n in "01"
    ]
    write(tmp_path, MANAGER, *approved, on=date(2023, 5, 1))
    write(tmp_path, LIBRARIAN, step("discard", "0"), step("discard", "1"), on=date(2023, 6, 1))
    found = report.of_year(tmp_path, YEAR)
    assert report.identities(found.table).is_empty() and found.differences.is_empty() and not found.notes
    assert found.table.row(-1) == (ALL, BOTH, 6, 0, 1, 0, 1, 2, 0, 2, 0, 5, -1)


def published() -> pl.DataFrame:
    if not PUBLISHED.exists():
        pytest.skip(f"{PUBLISHED.name} is not beside the project")
    return pl.read_csv(PUBLISHED)


def test_the_published_year_agrees():
    table = published()
    assert table.columns == list(report.COLUMNS)
    assert report.identities(table).is_empty() and report.failures(table) == []


def test_any_one_wrong_figure_is_seen():
    table, rng = published(), Random(3)
    for _ in range(60):
        row, column, by = rng.randrange(len(table)), rng.choice(COUNTED), rng.choice([-7, 1, 400])
        wrong = (
            table.with_row_index("n")
            .with_columns(pl.col(column) + pl.when(pl.col("n") == row).then(by).otherwise(0))
            .drop("n")
        )
        found = report.identities(wrong)
        branch, kind = table["branch"][row], table["kind"][row]
        assert found.filter((pl.col("branch") == branch) & (pl.col("by").abs() == abs(by))).height, (
            branch,
            kind,
            column,
        )
        own = set(found.filter((pl.col("branch") == branch) & (pl.col("kind") == kind))["identity"])
        assert own & {"increase", "decrease", "balance", "net"}
        assert len(report.failures(wrong)) == len(found)


def test_a_year_to_come_and_an_empty_store_are_said(tmp_path):
    with pytest.raises(Problem):
        report.of_year(tmp_path, 2023)
    with pytest.raises(Problem):
        report.of_year(tmp_path, years.of(date.today()) + 1)


def test_fiscal_years_begin_in_april():
    assert [years.of(day) for day in (date(2025, 3, 31), date(2025, 4, 1))] == [2024, 2025]
    assert years.months(2024)[0] == "2024-04" and years.months(2024)[-1] == "2025-03" and len(years.months(2024)) == 12
    assert years.spoken(2026) == "令和8年度（2026）"

"""気になる動き: what is planted is found, nothing stands out where nothing is planted, and every count has a naive twin."""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from math import comb, sqrt
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

import models
from collection import ledger
from collection.ledger import Event, append
from collection.roles import Person
from collection.store.connection import connect, connect_flags, sql
from collection.words import Problem
from models import artefact
from models.anomalies import bounds, findings, train, unusual
from tests.models.quiet_library import flagged_store, lend, quiet_library, sleepers
from tests.random_library import AS_OF, LOANS_FROM, LOANS_TO, write_snapshot
from tests.road_store import LIBRARIAN, MANAGER, POLICY

MAY = 2024 * 12 + 4  # a month with four years of figures before it
EARLIER = AS_OF - timedelta(days=90)
OTHERS = [Person(f"tagger{n}", f"司書{n}", frozenset({"librarian"})) for n in range(4)]


def found(flags: Path) -> pl.DataFrame:
    """The findings of a store, trained now."""
    models.train(flags.parents[1], flags, POLICY, "anomalies")
    return findings.all(artefact_of(flags), MANAGER)


def artefact_of(flags: Path) -> Path:
    return artefact.found(flags.with_name(flags.name.split(".")[0] + ".duckdb"), "anomalies")


def items_of(flags: Path, finding: int) -> set[str]:
    with connect_flags(flags) as cursor:
        return set(findings.items(cursor, artefact_of(flags), MANAGER, finding)["item_id"])


def tag(store: Path, person: Person, tags: dict[str, str], on: date, verdict: str = "candidate") -> None:
    told = {item: json.dumps({"item_id": item, "verdict": verdict, "criterion": "8-2-2"}) for item in tags}
    with ledger.writing(store) as connection:
        append(connection, person, [
            Event("tag", item, state, item_id=item, evidence=told[item]) for item, state in tags.items()
        ], on=on)  # fmt: skip


# ── nothing planted


@pytest.mark.parametrize("seed", range(3))
def test_nothing_stands_out_where_nothing_is_planted(tmp_path, seed):
    rng = Random(seed)
    library = quiet_library(rng, 1500)
    write_earlier(tmp_path, library)
    flags = flagged_store_beside(tmp_path, library)
    marked = rng.sample([row["item_id"] for row in library["item"]], 400)
    for person, part in zip(OTHERS, range(4), strict=True):
        own = marked[part::4]
        tag(tmp_path, person, {item: rng.choice(["keep", "withdraw", "withdraw"]) for item in own}, date(2024, 3, 10))
    assert found(flags).is_empty()
    looked = artefact.manifest(artefact_of(flags)).figures["looked"]
    assert min(looked[kind] for kind in ("woken_class", "woken_shelf", "burst", "after", "moved", "tags_keep")) > 0


def write_earlier(store: Path, library: dict, **changed: dict) -> None:
    """The snapshot before, alike but for `changed`: item_id → values."""
    (store / "holdings").mkdir(parents=True, exist_ok=True)
    items = [row | changed.get(f"i{row['item_id']}", {}) for row in library["item"]]
    path = store / "holdings" / f"{EARLIER}-0123456789aa.duckdb"
    write_snapshot(path, library | {"item": items})


def flagged_store_beside(store: Path, library: dict) -> Path:
    """As flagged_store, in a folder that holds an earlier snapshot."""
    from collection import flag

    write_snapshot(store / "holdings" / f"{AS_OF}-0123456789ab.duckdb", library)
    return flag.flag(store, POLICY, AS_OF)


@pytest.mark.parametrize(("clumped", "alarms"), [(0, bounds.ALARMS), (0.2, 0.06), (0.5, 0.15)])
def test_chance_alone_seldom_makes_a_finding(clumped, alarms):
    """Of 200 quiet libraries at most so many have a finding; where readers borrow in clumps (card.md), somewhat more."""
    rng = np.random.default_rng(1)
    had = 0
    for _ in range(200):
        weight = rng.uniform(50, 400, 40)[:, None] * rng.uniform(0.8, 1.2, (40, 24))
        lent = rng.poisson(weight * 0.01 * (rng.gamma(1 / clumped, clumped, (40, 24)) if clumped else 1))
        frame = pl.DataFrame({
            "branch": ["中央"] * 960, "cell": np.repeat([str(n) for n in range(40)], 24), "month": np.tile(np.arange(24), 40),
            "lent": lent.ravel(), "at_risk": weight.ravel().astype(int), "weight": weight.ravel(),
            "whole": np.repeat(lent.sum(1), 24), "weights": np.repeat(weight.sum(1), 24),
        })  # fmt: skip
        had += len(unusual.lent_together(frame)) > 0
    assert had <= 200 * alarms + 3 * sqrt(200 * alarms)


def test_clumping_is_what_was_put_in():
    rng = np.random.default_rng(2)
    usual, part = np.full(20000, 4.0), np.full(20000, 0.01)
    for clumped in (0, 0.3, 1.0):
        lent = rng.poisson(usual * (rng.gamma(1 / clumped, clumped, 20000) if clumped else 1))
        assert unusual.clumping(lent, usual, part) == pytest.approx(clumped, abs=0.05 + 0.2 * clumped)
    assert unusual.clumping(np.array([9.0, 1.0]), np.array([1.0, 1.0]), np.array([0.1, 0.1])) == 0


# ── planted


def test_a_cluster_of_one_class_is_found(tmp_path):
    library = quiet_library(Random(11), 1500)
    bibs = [bib["bib_no"] for bib in library["bib"] if (bib["ndc"] or "").startswith("4")]
    asleep = [row for row in sleepers(library, MAY, branch="北口図書館") if row["bib_no"] in bibs][:14]
    lend(library, asleep, MAY)
    flags = flagged_store(tmp_path / "store", library)
    rows = found(flags)
    [row] = rows.filter(pl.col("kind") == "woken_class").rows(named=True)
    assert len(rows) == 1
    assert (row["branch"], row["shelf_class"], row["month"]) == ("北口図書館", "4", MAY)
    assert row["items"] >= 14 > 3 * row["expected"]
    assert items_of(flags, row["finding"]) >= {one["item_id"] for one in asleep}
    assert found(flags).equals(rows)  # again, the same


def test_neighbours_on_the_shelf_of_several_classes_are_found(tmp_path):
    library = quiet_library(Random(12), 2400)
    placed = sorted(sleepers(library, MAY, branch="中央図書館"), key=lambda row: row["shelf_order"])
    near = [row for row in placed if 800 <= row["shelf_order"] < 1000][:16]
    lend(library, near, MAY)
    flags = flagged_store(tmp_path / "store", library)
    rows = found(flags).filter(pl.col("kind") == "woken_shelf")
    assert rows["branch"].to_list() == ["中央図書館"] and rows["shelf_class"].to_list() == [None]
    assert items_of(flags, rows["finding"][0]) >= {row["item_id"] for row in near}


def test_items_lent_several_times_at_once_are_found(tmp_path):
    library = quiet_library(Random(13), 1500)
    asleep = sleepers(library, MAY, branch="鳴尾図書館")[:3]
    lend(library, asleep[:2], MAY, loans=5)
    lend(library, asleep[2:], MAY, loans=2)
    flags = flagged_store(tmp_path / "store", library)
    rows = found(flags).filter(pl.col("kind") == "burst")
    named = set().union(*(items_of(flags, number) for number in rows["finding"]))
    assert named == {row["item_id"] for row in asleep[:2]}


def test_loans_after_a_mark_are_found(tmp_path):
    library = quiet_library(Random(14), 1500)
    bibs = [bib["bib_no"] for bib in library["bib"] if (bib["ndc"] or "").startswith("9")]
    asleep = [row for row in sleepers(library, LOANS_TO, branch="中央図書館") if row["bib_no"] in bibs][:16]
    for number, row in enumerate(asleep[:10]):
        lend(library, [row], MAY + 1 + number % 5)
    flags = flagged_store(tmp_path / "store", library)
    tag(tmp_path / "store", LIBRARIAN, {row["item_id"]: "withdraw" for row in asleep}, date(2024, 5, 20))
    [row] = found(flags).filter(pl.col("kind") == "after").rows(named=True)
    assert (row["branch"], row["shelf_class"], row["items"]) == ("中央図書館", "9", 10)
    assert json.loads(row["evidence"]) == {"marked": 16, "months": bounds.AFTER}
    assert items_of(flags, row["finding"]) == {one["item_id"] for one in asleep[:10]}


def test_changes_at_once_between_two_snapshots_are_found(tmp_path):
    library = quiet_library(Random(15), 1200)
    asleep = sleepers(library, LOANS_TO, branch="北口図書館")[:30]
    gone = [row for row in library["item"] if row["branch"] == "鳴尾図書館"][:40]
    elsewhere = [row for row in library["item"] if row["branch"] == "中央図書館"][:40]
    before = {f"i{row['item_id']}": {"last_loan_date": date(2015, 1, 1)} for row in asleep}
    before |= {f"i{row['item_id']}": {"status": "missing"} for row in gone + elsewhere}
    for row in asleep:
        row["last_loan_date"] = date(2025, 2, 3)
    for row in gone[30:] + elsewhere[3:]:
        row["status"] = "missing"
    write_earlier(tmp_path, library, **before)
    flags = flagged_store_beside(tmp_path, library)
    rows = {row["kind"]: row for row in found(flags).iter_rows(named=True)}
    assert set(rows) == {"moved", "back"}
    assert (rows["moved"]["branch"], rows["moved"]["day"], rows["moved"]["items"]) == (
        "北口図書館",
        date(2025, 2, 3),
        30,
    )
    assert items_of(flags, rows["moved"]["finding"]) == {row["item_id"] for row in asleep}
    assert (rows["back"]["branch"], rows["back"]["items"]) == ("鳴尾図書館", 30)
    assert rows["back"]["expected"] == pytest.approx(40 * 3 / 40)


def test_one_persons_tags_far_from_the_others_are_found(tmp_path):
    rng = Random(16)
    library = quiet_library(rng, 900)
    flags = flagged_store(tmp_path / "store", library)
    items = [row["item_id"] for row in library["item"]]
    for number, person in enumerate(OTHERS):
        keep = 0.8 if number == 3 else 0.3
        tags = {item: "keep" if rng.random() < keep else "withdraw" for item in items[number * 80 : number * 80 + 80]}
        tag(tmp_path / "store", person, tags, date(2025, 3, 20))
    rows = found(flags)
    assert set(rows["kind"]) == {"tags_keep", "tags_withdraw"} and set(rows["person"]) == {"tagger3"}
    [kept] = rows.filter(pl.col("kind") == "tags_keep").rows(named=True)
    assert kept["items"] > 55 and kept["expected"] < 35
    assert "tagger3" not in json.dumps(artefact.manifest(artefact_of(flags)).figures)


# ── twins


@pytest.fixture(scope="module")
def quiet(tmp_path_factory) -> tuple[dict, Path]:
    rng = Random(21)
    library = quiet_library(rng, 500)
    for row in library["item"]:
        row["accession_date"] = rng.choice([None, date(2012, 5, 1), date(2020, 9, 1), date(2021, 11, 20)])
        row["gone_on"] = rng.choice([None] * 9 + [AS_OF])
        row["location"] = rng.choice(["open", "open", "closed", "reference", None])
    return library, flagged_store(tmp_path_factory.mktemp("quiet") / "store", library)


@pytest.fixture
def spells(quiet):
    flags = quiet[1]
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    with connect(attach={"flags": flags, "facts_of_day": snapshot}) as connection:
        connection.execute(sql("models/anomalies/features"), {"idle": bounds.IDLE, "neighbours": 40})
        yield connection


def naive_spells(library: dict) -> list[tuple]:
    """(item, branch, class, block, begin, until, woken, loans, idle), month after month."""
    lent = defaultdict(dict)
    for row in library["loan"]:
        lent[row["item_no"]][row["month"]] = row["loans"]
    told = []
    for row in library["item"]:
        if row["gone_on"] or row["location"] in ("reference", "office"):
            continue
        came = row["accession_date"]
        since = max(came.year * 12 + came.month - 1 if came else 0, LOANS_FROM - 1)
        ndc = library["bib"][row["bib_no"]]["ndc"] if row["bib_no"] is not None else None
        begin = None
        for month in range(since + 1, LOANS_TO + 1):
            idle = month - since - 1
            if idle == bounds.IDLE:
                begin = month
            loans = lent[row["item_no"]].get(month)
            if idle >= bounds.IDLE and (loans or month == LOANS_TO):
                told.append(
                    (
                        row["item_no"],
                        row["branch"],
                        (ndc or "-")[0],
                        row["shelf_order"] // 40,
                        begin,
                        month,
                        bool(loans),
                        loans,
                        idle,
                    )
                )
            if loans:
                since = month
    return told


def test_the_idle_stretches_are_as_counted_by_hand(quiet, spells):
    assert spells.table("spell").fetchall() == naive_spells(quiet[0])


@pytest.mark.parametrize(("column", "at"), [("shelf_class", 2), ("block", 3)])
def test_what_was_lent_again_is_as_counted_by_hand(quiet, spells, column, at):
    risk, lent = Counter(), Counter()
    for spell in naive_spells(quiet[0]):
        cell = spell[1], str(spell[at])
        risk.update((*cell, month) for month in range(spell[4], spell[5] + 1))
        lent[(*cell, spell[5])] += spell[6]
    rate = sum(lent.values()) / sum(risk.values())
    found = spells.sql(sql("models/anomalies/woken").format(cell=column), params={"steady": bounds.STEADY}).pl()
    assert {row[:3]: row[3:5] for row in found.rows()} == {key: (lent[key], risk[key]) for key in risk}
    for row in found.iter_rows(named=True):
        key = row["branch"], row["cell"], row["month"]
        others = [other for other in risk if other[2] == key[2] and other != key]
        season = (sum(lent[other] for other in others) + bounds.STEADY) / (
            sum(risk[other] for other in others) * rate + bounds.STEADY
        )
        assert row["weight"] == pytest.approx(risk[key] * season, abs=1e-6)
        assert row["whole"] == sum(lent[other] for other in risk if other[:2] == key[:2])


def test_what_was_lent_after_a_mark_is_as_counted_by_hand(quiet, spells):
    rng = Random(5)
    days = {row["item_no"]: date(2024, rng.randrange(1, 7), 15) for row in rng.sample(quiet[0]["item"], 200)}
    marks = {number: day.year * 12 + day.month - 1 for number, day in days.items()}
    spells.register("mark", pl.DataFrame({
        "item_id": [f"{number:08d}" for number in days], "on_day": [day.isoformat() for day in days.values()]
    }))  # fmt: skip
    stretches = naive_spells(quiet[0])
    marked, spans = defaultdict(list), {}
    for number, branch, mark, _, begin, until, woken, *_ in stretches:
        if number in marks:
            months = [
                month for month in range(begin, until + 1) if marks[number] < month <= marks[number] + bounds.AFTER
            ]
            if months:
                marked[branch, mark].append((len(months), woken and until in months))
                spans.setdefault((branch, mark), []).extend(months)
    others = defaultdict(lambda: [0, 0])
    for number, branch, mark, _, begin, until, woken, *_ in stretches:
        if number not in marks and (branch, mark) in spans:
            low, high = min(spans[branch, mark]), max(spans[branch, mark])
            months = [month for month in range(begin, until + 1) if low <= month <= high]
            others[branch, mark][0] += woken and until in months
            others[branch, mark][1] += len(months)
    found = spells.sql(sql("models/anomalies/after"), params={"months": bounds.AFTER}).fetchall()
    assert {row[:2]: row[2:] for row in found} == {
        cell: (len(rows), sum(lent for _, lent in rows), sum(n for n, _ in rows), *others[cell]) for cell, rows in marked.items()
    }  # fmt: skip
    items = spells.sql(sql("models/anomalies/after_items"), params={"months": bounds.AFTER}).fetchall()
    assert len(items) == sum(lent for rows in marked.values() for _, lent in rows)


def test_persons_are_compared_as_counted_by_hand():
    rng = Random(6)
    tags = [
        (rng.choice("abcd"), f"{n}", rng.choice(["keep", "withdraw", "hold"]), rng.choice(["candidate 8-2-2", "ask ", "none "]))
        for n in range(300)
    ] + [("e", "x", "keep", "nobody else")]  # fmt: skip
    with connect() as connection:
        connection.register("tag", pl.DataFrame(tags, schema=train.NOBODY.schema, orient="row"))
        found = connection.sql(
            sql("models/anomalies/persons"), params={"state": "keep", "others": 10, "persons": 2}
        ).fetchall()
    expected = []
    for person in "abcd":
        own = [tag for tag in tags if tag[0] == person]
        usual = variance = 0.0
        for stratum in {tag[3] for tag in own}:
            n = sum(tag[3] == stratum for tag in own)
            others = [tag[2] == "keep" for tag in tags if tag[3] == stratum and tag[0] != person]
            usual += n * sum(others) / len(others)
            part = (sum(others) + 0.5) / (len(others) + 1)
            variance += n * part * (1 - part) * (1 + n / len(others))
        expected.append(
            (person, len(own), sum(tag[2] == "keep" for tag in own), pytest.approx(usual), pytest.approx(variance))
        )
    assert found == expected


def test_between_two_persons_nobody_is_unusual():
    tags = [(person, f"{person}{n}", person, "candidate 8-2-2") for person in ("keep", "withdraw") for n in range(90)]
    with connect() as connection:
        told = pl.DataFrame(tags, schema=train.NOBODY.schema, orient="row")
        asked = {"state": "keep", "others": bounds.OTHERS, "persons": bounds.PERSONS}
        assert train._with_tags(connection, told, "persons", asked).is_empty()


def test_what_changed_between_two_snapshots_is_as_counted_by_hand(tmp_path):
    rng = Random(9)
    library = quiet_library(rng, 400)
    before = {}
    for row in library["item"]:
        row["last_loan_date"] = rng.choice([None, date(2024, 1, 5), date(2024, 9, 9), date(2018, 3, 3)])
        row["status"] = rng.choice(["available", "missing", "on_loan"])
        row["gone_on"] = rng.choice([None] * 9 + [AS_OF])
        then = {
            "last_loan_date": rng.choice([row["last_loan_date"], None, date(2023, 2, 2)]),
            "status": rng.choice(["available", "missing"]),
        }
        before[f"i{row['item_id']}"] = then | {"gone_on": None}
    write_earlier(tmp_path, library, **before)
    write_snapshot(tmp_path / "holdings" / f"{AS_OF}-0123456789ab.duckdb", library)
    months = {(row["item_no"], row["month"]) for row in library["loan"]}
    moved, back = [], []
    for row in library["item"]:
        was, day = before[f"i{row['item_id']}"], row["last_loan_date"]
        if row["gone_on"]:
            continue
        month = day.year * 12 + day.month - 1 if day else 0
        if day != was["last_loan_date"] and LOANS_FROM <= month <= LOANS_TO and (row["item_no"], month) not in months:
            moved.append((row["item_no"], row["branch"], day))
        if was["status"] == "missing":
            back.append((row["item_no"], row["branch"], row["status"] == "available"))
    earlier, now = sorted((tmp_path / "holdings").glob("*.duckdb"))
    with connect(attach={"facts_of_day": now, "before": earlier}) as connection:
        assert connection.sql(sql("models/anomalies/moved")).fetchall() == moved
        assert connection.sql(sql("models/anomalies/back")).fetchall() == back
    assert len(moved) > 50 and len(back) > 50


def test_marks_and_tags_are_read_from_the_ledger(tmp_path):
    rng, marks, tags = Random(10), {}, {}
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(60)]
    for day in days:
        person, item, state = rng.choice(OTHERS), f"{rng.randrange(25):08d}", rng.choice(["keep", "withdraw", "hold"])
        verdict = rng.choice(["candidate", "ask"])
        tag(tmp_path, person, {item: state}, day, verdict)
        tags[person.id, item] = state, f"{verdict} 8-2-2"
        if state == "withdraw":
            marks.setdefault(item, day.isoformat())
    with ledger.reading(tmp_path) as connection:
        assert dict(map(tuple, connection.execute(sql("models/anomalies/marks")))) == marks
        found = [tuple(row) for row in connection.execute(sql("models/anomalies/tags"))]
    assert {row[:2]: row[2:] for row in found} == tags and len(found) == len(tags)


def test_the_chance_of_a_cluster_is_the_binomial_tail():
    frame = pl.DataFrame({
        "branch": ["a"] * 2, "cell": ["4"] * 2, "month": [1, 2], "lent": [9, 3], "at_risk": [50, 550],
        "weight": [50.0, 550.0], "whole": [12, 12], "weights": [600.0, 600.0],
    })  # fmt: skip
    [row] = unusual.lent_together(frame).iter_rows(named=True)
    tail = sum(comb(12, n) * (1 / 12) ** n * (11 / 12) ** (12 - n) for n in range(9, 13))
    assert (row["month"], row["expected"]) == (1, pytest.approx(3 * 50 / 550))
    assert row["p"] == pytest.approx(tail)


# ── who reads it


def test_nobody_but_a_manager_reads_it(quiet):
    flags = quiet[1]
    found(flags)
    with connect_flags(flags) as cursor, pytest.raises(Problem):
        findings.items(cursor, artefact_of(flags), LIBRARIAN, 0)
    with pytest.raises(Problem):
        findings.all(artefact_of(flags), Person("all", "山田", frozenset({"librarian", "committee", "admin"})))

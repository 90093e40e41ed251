"""試算: a scenario's answer is what flagging under its values gives, and the back-test equals its naive twin."""

from collections import Counter
from dataclasses import replace
from datetime import date
from math import sqrt
from pathlib import Path
from random import Random

import polars as pl
import pytest

from collection import flag, whatif
from collection.policy import load
from collection.policy.load import changed
from collection.store.connection import connect
from models.similar.index import index
from tests import naive_flag
from tests.random_library import AS_OF, LOANS_FROM, LOANS_TO, random_library, write_snapshot

POLICY = load(Path(__file__).parents[1] / "data" / "policies" / "nishinomiya", AS_OF)
SLID = ("利用だけの無利用年数", "受入保護年数", "複本1冊の年間貸出", "督促の間隔年数")


def random_scenario(rng: Random) -> dict:
    prefixes = [entry["prefix"] for entry in POLICY.classes]
    return {
        "values": {name: rng.randrange(1, 15) for name in rng.sample(SLID, rng.randrange(0, 4))},
        "classes": {
            prefix: {"idle_years": rng.randrange(0, 9), "shelf_life": rng.randrange(0, 20)}
            for prefix in rng.sample(prefixes, rng.randrange(0, 6))
        },
    }


def cells(rows: list[dict]) -> Counter:
    found = Counter()
    for row in rows:
        place = row.get("place") or (row["location"] if row["location"] in ("closed", "office") else "open")
        key = (row["branch"], place, row["shelf_class"], row["verdict"] or "none", row["criterion"])
        found[key] += row.get("items", 1)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_scenario_gives_what_flagging_under_its_values_gives(tmp_path, seed):
    rng = Random(seed)
    snapshot = write_snapshot(tmp_path / "snapshot.duckdb", random_library(rng, 300, 0.4))
    prepared = whatif.prepare(snapshot, POLICY, AS_OF)
    for scenario in (whatif.NOTHING, random_scenario(rng), random_scenario(rng)):
        with connect(attach={"facts_of_day": snapshot}) as connection:
            flag.judge(connection, changed(POLICY, scenario), AS_OF, similar=index(snapshot))
            expected = cells(connection.sql("SELECT * FROM judged").pl().to_dicts())
        assert cells(whatif.evaluate(prepared, scenario).to_dicts()) == expected
    prepared.close()


def test_a_scenario_leaves_nothing_behind(tmp_path):
    snapshot = write_snapshot(tmp_path / "snapshot.duckdb", random_library(Random(7), 200, 0.4))
    prepared = whatif.prepare(snapshot, POLICY, AS_OF)
    before = whatif.evaluate(prepared)
    whatif.evaluate(prepared, {"values": {"複本1冊の年間貸出": 1}, "classes": {"": {"idle_years": 0, "shelf_life": 0}}})
    assert whatif.evaluate(prepared).equals(before)
    prepared.close()


def naive_backtest(policy, library: dict, n: int) -> dict[str, tuple[int, int, int]]:
    """shelf_class → items the rule on low use and low value would have taken n years ago, of them lent since, and loans since."""
    cut, then = LOANS_TO - 12 * n, AS_OF.replace(year=AS_OF.year - n)
    covered = (cut - LOANS_FROM + 1) // 12
    naive = naive_flag.facts(policy, library)
    items = {item["item_no"]: item for item in library["item"]}
    bibs = {bib["bib_no"]: bib for bib in library["bib"]}
    found = {}
    for number, row in naive.items():
        loans = [loan for loan in library["loan"] if loan["item_no"] == number and loan["month"] <= LOANS_TO]
        later = sum(loan["loans"] for loan in loans if loan["month"] > cut)
        last = max((loan["month"] for loan in loans if loan["month"] <= cut and loan["loans"] > 0), default=None)
        idle, use_only = row["class_idle_years"], row["use_only"]
        if not row["circulates"] or idle is None:
            continue
        idle = min(max(idle, policy.parameters["利用だけの無利用年数"]) if use_only else idle, covered)
        old = None not in (row["years_published"], row["class_shelf_life"]) and (
            row["years_published"] - n > row["class_shelf_life"]
        )
        held = naive_flag.whole_years(items[number]["accession_date"], then)
        if not (use_only or old) or held is None or held < idle or (last is not None and cut - last < 12 * idle):
            continue
        bib = bibs.get(items[number]["bib_no"], {})
        shelf_class = "K" if bib.get("audience") == "child" else (bib.get("ndc") or "-")[0]
        before = found.get(shelf_class, (0, 0, 0))
        found[shelf_class] = (before[0] + 1, before[1] + (later > 0), before[2] + later)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_back_test_equals_its_naive_twin(tmp_path, seed):
    rng = Random(seed)
    library = random_library(rng, 400, 0.5)
    prepared = whatif.prepare(write_snapshot(tmp_path / "snapshot.duckdb", library), POLICY, AS_OF)
    assert whatif.years_back(prepared) == [1, 2, 3, 4]
    for scenario in (whatif.NOTHING, random_scenario(rng)):
        for n in (1, 3):
            found = whatif.backtest(prepared, scenario, n)
            told = {row["shelf_class"]: (row["items"], row["went_out"], row["loans"]) for row in found.to_dicts()}
            expected = naive_backtest(changed(POLICY, scenario), library, n)
            assert told.pop("") == tuple(sum(part) for part in zip((0, 0, 0), *expected.values(), strict=True))
            assert told == expected
    prepared.close()


@pytest.mark.parametrize(("went", "items"), [(0, 10), (10, 10), (3, 10), (1, 1), (40, 1000)])
def test_the_interval_is_wilsons(went, items):
    z, part = 1.959963984540054, went / items
    middle, wide = part + z * z / (2 * items), z * sqrt(part * (1 - part) / items + z * z / (4 * items * items))
    row = pl.DataFrame({"items": [items], "went_out": [went]}).with_columns(whatif.interval()).row(0, named=True)
    assert row["low"] == pytest.approx((middle - wide) / (1 + z * z / items), abs=1e-12)
    assert row["high"] == pytest.approx((middle + wide) / (1 + z * z / items), abs=1e-12)
    assert row["low"] - 1e-12 <= row["share"] <= row["high"] + 1e-12


def test_without_loan_figures_there_is_nothing_to_test_on(tmp_path):
    library = random_library(Random(3), 50, 0.5) | {"loan": []}
    prepared = whatif.prepare(write_snapshot(tmp_path / "snapshot.duckdb", library), POLICY, AS_OF)
    assert whatif.years_back(replace(prepared, as_of=date(2020, 4, 1))) == []
    prepared.close()


def test_the_effects_can_be_counted_by_hand():
    def cell(branch, place, shelf_class, verdict, items, out, dated, past):
        return {"branch": branch, "place": place, "shelf_class": shelf_class, "verdict": verdict,
                "criterion": "8-2-2" if verdict == "candidate" else None, "items": items, "out": out, "dated": dated, "past": past}  # fmt: skip

    found = pl.DataFrame(
        [
            cell("北口図書館", "open", "4", "candidate", 10, 2, 10, 10),
            cell("北口図書館", "open", "4", "none", 30, 5, 30, 6),
            cell("北口図書館", "open", "9", "none", 60, 10, 0, 0),
            cell("北口図書館", "office", "0", "candidate", 4, 0, 0, 0),
            cell("段上分室", "open", "9", "keep", 20, 0, 0, 0),
        ]
    )
    policy = replace(POLICY, capacity={"北口図書館": (100, 0)}, parameters=POLICY.parameters | {"平均の厚さ": 20})
    assert whatif.shelves(found, policy).rows() == [
        ("北口図書館", "open", 10, 0.2, (100 - 17) / 100, (90 - 15) / 100),
        ("段上分室", "open", 0, 0.0, None, None),
    ]
    told = {row["shelf_class"]: row for row in whatif.classes(found).to_dicts()}
    assert told["4"] == {
        "shelf_class": "4", "items": 10, "share": 40 / 124, "share_after": 30 / 110, "past": 16 / 40, "past_after": 6 / 30
    }  # fmt: skip
    assert (told["9"]["past"], told["0"]["items"]) == (None, 4)
    assert whatif.taken(found, "branch").rows() == [("北口図書館", 14)]
    kept = whatif.figures(found, policy)
    assert (kept["verdict"], kept["criterion"], kept["metres"], kept["past"]) == (
        {"candidate": 14, "keep": 20, "none": 90}, {"8-2-2": 14}, 0.2, 6 / 30
    )  # fmt: skip

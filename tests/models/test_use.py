"""The forecast of use: its facts against naive twins, nothing of the future among them, and what is learnt from them."""

from copy import deepcopy
from datetime import date
from random import Random

import numpy as np
import polars as pl
import pytest

import models
from collection import flag, policy
from collection.demo import AS_OF
from collection.store.connection import connect, sql
from collection.words import Problem
from models import artefact
from models.use import learn, rows, train, tried
from models.use.rows import Rows
from tests import foreseen_store, road_store
from tests.random_library import LOANS_FROM, LOANS_TO, random_library, write_snapshot
from tests.small_store import PACK

CUTOFFS = (2021 * 12 + 2, 2023 * 12 + 9, LOANS_TO)
CLOSED = ("reference", "office")


def lent_library(seed: int) -> dict[str, list[dict]]:
    """A random library that lends much, with items gone at different times and prices on some records."""
    rng = Random(seed)
    library = random_library(rng, 220, titles=0.25)
    library["loan"] = [
        {"item_no": row["item_no"], "month": month, "loans": rng.randrange(0, 4), "in_house": rng.choice([None, 3])}
        for row in library["item"]
        if rng.random() < 0.8
        for month in sorted(rng.sample(range(LOANS_FROM, LOANS_TO + 1), rng.randrange(1, 40)))
    ]
    for bib in library["bib"]:
        bib["price"] = rng.choice([None, 1500])
    for row in library["item"]:
        row["price"] = rng.choice([None, 900])
        row["gone_on"] = rng.choice([None] * 6 + [date(2021, 3, 31), date(2023, 10, 1), date(2024, 6, 5)])
    return library


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def placed(path, library) -> list[dict]:
    """The items as the snapshot has them, with their record as `bib` and their loans by month as `lent`."""
    with connect(path, read_only=True) as connection:
        units = dict(connection.execute("SELECT item_no, unit_no FROM item").fetchall())
    lent: dict[int, dict[int, int]] = {}
    for loan in library["loan"]:
        lent.setdefault(loan["item_no"], {})[loan["month"]] = loan["loans"]
    return [
        row | {"unit_no": units[row["item_no"]], "lent": lent.get(row["item_no"], {}),
               "bib": library["bib"][row["bib_no"]] if row["bib_no"] is not None else {}}
        for row in library["item"]
    ]  # fmt: skip


def between(row: dict, first: int, last: int) -> int:
    return sum(loans for month, loans in row["lent"].items() if first <= month <= last)


def shelf_class(row: dict) -> str:
    return "K" if row["bib"].get("audience") == "child" else (row["bib"].get("ndc") or "-")[0]


def held_at(items: list[dict], cutoff: int, closed=CLOSED) -> list[dict]:
    """What circulated and was held at the end of a month."""
    return [
        row for row in items
        if (row["location"] or "") not in closed and row["bib"].get("material") != "reference"
        and (row["accession_date"] is None or month_of(row["accession_date"]) <= cutoff)
        and (row["gone_on"] is None or month_of(row["gone_on"]) > cutoff)
    ]  # fmt: skip


def per(loans: int, items: int) -> float | None:
    return loans / items if items else None


def naive_features(items: list[dict], cutoff: int) -> list[dict]:
    """features.sql by loops over the items."""
    held = held_at(items, cutoff)
    for row in held:
        row["year"] = [between(row, cutoff - 12 * n - 11, cutoff - 12 * n) for n in range(3)]
    told = []
    for row in held:
        bib, of_branch = row["bib"], [other for other in held if other["branch"] == row["branch"]]
        level = [sum(other["year"][n] for other in of_branch) for n in range(3)]
        others = [
            other
            for other in held
            if row["unit_no"] is not None and other["unit_no"] == row["unit_no"] and other is not row
        ]
        author = [
            other for other in held
            if bib.get("author") and other["bib"].get("author") == bib["author"] and other["unit_no"] != row["unit_no"]
        ]  # fmt: skip
        section = lambda one: (one["bib"].get("audience") == "child", (one["bib"].get("ndc") or "")[:3])  # noqa: E731
        subject = [other for other in held if bib.get("ndc") and section(other) == section(row) and other is not row]
        months = [month for month, loans in row["lent"].items() if month <= cutoff and loans]
        earlier = [
            row["year"][n] * level[0] / level[n] if cutoff - 12 * n - 11 >= LOANS_FROM and level[n] else None
            for n in (1, 2)
        ]
        months_held = cutoff - month_of(row["accession_date"]) if row["accession_date"] else None
        known = cutoff - LOANS_FROM + 1
        told.append({
            "item_no": row["item_no"], "unit_no": row["unit_no"], "branch": row["branch"], "location": row["location"],
            "shelf_class": shelf_class(row), "division": bib["ndc"][:2] if bib.get("ndc") else None,
            "audience": bib.get("audience"), "material": bib.get("material"),
            "loans_12": row["year"][0], "loans_6": between(row, cutoff - 5, cutoff),
            "months_lent": sum(month > cutoff - 12 for month in months),
            "months_idle": cutoff - max(months) if months else None, "months_held": months_held,
            "before_12": earlier[0], "before_24": earlier[1],
            "months_told": known if months_held is None else min(months_held + 1, known),
            "years_published": cutoff // 12 - bib["pub_year"] if bib.get("pub_year") else None,
            "price": row["price"] or bib.get("price"),
            "copies": len(others) + 1, "copies_branch": sum(other["branch"] == row["branch"] for other in others) + 1,
            "others_lent": per(sum(other["year"][0] for other in others), len(others)),
            "author_lent": per(sum(other["year"][0] for other in author), len(author)),
            "subject_lent": per(sum(other["year"][0] for other in subject), len(subject)),
        })  # fmt: skip
    return told


def same(found: list[dict], expected: list[dict]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.keys() == other.keys()
        for name in one:
            value = pytest.approx(other[name]) if isinstance(other[name], float) else other[name]
            assert one[name] == value, (name, one, other)


@pytest.mark.parametrize("seed", range(3))
def test_the_features_equal_their_naive_twin(tmp_path, seed):
    library = lent_library(seed)
    snapshot = write_snapshot(tmp_path / "s.duckdb", library)
    items = placed(snapshot, library)
    with connect(attach={"facts_of_day": snapshot}) as connection:
        for cutoff in CUTOFFS:
            found = connection.sql(sql("models/use/features"), params={"cutoff": cutoff, "first": LOANS_FROM}).pl()
            same(found.to_dicts(), naive_features(items, cutoff))


@pytest.mark.parametrize("seed", range(2))
def test_the_places_equal_their_naive_twin(tmp_path, seed):
    library = lent_library(seed)
    snapshot = write_snapshot(tmp_path / "s.duckdb", library)
    items = placed(snapshot, library)
    cutoff = LOANS_TO - 12
    copies = [row for row in held_at(items, cutoff, (*CLOSED, "closed")) if row["bib"] and row["unit_no"] is not None]
    expected = []
    for unit, branch in sorted({(row["unit_no"], row["branch"]) for row in copies}):
        title = [row for row in copies if row["unit_no"] == unit]
        here, elsewhere = ([row for row in title if (row["branch"] == branch) == own] for own in (True, False))
        mark = min(map(shelf_class, title))

        def lent(found: list[dict]) -> int:
            return sum(between(row, cutoff - 11, cutoff) for row in found)

        def of_class(at: str, mark: str = mark) -> list[dict]:
            return [row for row in copies if shelf_class(row) == mark and row["branch"] == at]

        others = len(of_class(branch)) - len(here)
        if others <= 0:
            continue
        usual = sum(
            1000 * lent(of_class(row["branch"])) // len(of_class(row["branch"]))
            for row in elsewhere
            if of_class(row["branch"])
        )
        expected.append({
            "unit_no": unit, "branch": branch, "actual": sum(between(row, cutoff + 1, cutoff + 12) for row in here) / len(here),
            "elsewhere": len(elsewhere), "elsewhere_lent": per(lent(elsewhere), len(elsewhere)),
            "elsewhere_times": 1000 * lent(elsewhere) / usual if usual else None,
            "usual": max((lent(of_class(branch)) - lent(here)) / others, 0.01),
            "months_held": min((cutoff - month_of(row["accession_date"]) for row in title if row["accession_date"]), default=None),
        })  # fmt: skip
    with connect(attach={"facts_of_day": snapshot}) as connection:
        query = sql("models/use/places").format(where="stood")
        found = connection.sql(query, params={"cutoff": cutoff, "months": 12}).pl()
    one_class = {
        unit
        for unit in {row["unit_no"] for row in copies}
        if len({shelf_class(row) for row in copies if row["unit_no"] == unit}) == 1
    }
    told = [{name: row[name] for name in expected[0]} for row in found.to_dicts() if row["unit_no"] in one_class]
    same(told, [row for row in expected if row["unit_no"] in one_class])
    assert len(told) > 20


def test_nothing_after_the_cutoff_is_read(tmp_path):
    library, cutoff = lent_library(7), 2023 * 12 + 2
    changed, rng = deepcopy(library), Random(1)
    for loan in changed["loan"]:
        if loan["month"] > cutoff:
            loan["loans"], loan["in_house"] = rng.randrange(9), 9
    for row in changed["item"]:
        row |= {"status": "missing", "condition": "soiled", "loans_total": rng.randrange(99), "last_loan_date": date(2025, 3, 1),
                "never_lent": not row["never_lent"], "unrecoverable": True, "reminders": 3}  # fmt: skip
        if row["gone_on"] and month_of(row["gone_on"]) > cutoff:
            row["gone_on"] = rng.choice([None, date(2025, 2, 2)])
        if row["accession_date"] and month_of(row["accession_date"]) > cutoff:
            row["accession_date"] = date(2025, 1, 9)
    changed["hold"] = [{"bib_no": 0, "branch": None, "holds": 50}]
    told = []
    for nth, one in enumerate((library, changed)):
        snapshot = write_snapshot(tmp_path / f"{nth}.duckdb", one)
        with connect(attach={"facts_of_day": snapshot}) as connection:
            asked = {"cutoff": cutoff, "first": LOANS_FROM}
            items = connection.sql(sql("models/use/features"), params=asked).pl()
            places = connection.sql(
                sql("models/use/places").format(where="stood"), params={"cutoff": cutoff, "months": 12}
            ).pl()
            lent = connection.sql(sql("models/use/truth"), params={"cutoff": cutoff, "months": 12}).pl()
        told.append((items, places.drop("actual"), lent.sort("item_no")))
    assert told[0][0].equals(told[1][0])
    assert told[0][1].equals(told[1][1])
    assert not told[0][2].equals(told[1][2])
    assert len(told[0][0]) > 50


def test_the_truth_and_the_levels_by_hand(tmp_path):
    library, cutoff = lent_library(3), 2022 * 12 + 5
    snapshot = write_snapshot(tmp_path / "s.duckdb", library)
    items = placed(snapshot, library)
    with connect(attach={"facts_of_day": snapshot}) as connection:
        for months in (12, 36):
            asked = {"cutoff": cutoff, "months": months}
            truth = dict(connection.sql(sql("models/use/truth"), params=asked).fetchall())
            levels = dict(connection.sql(sql("models/use/levels"), params=asked).fetchall())
            lent = {row["item_no"]: between(row, cutoff + 1, cutoff + months) for row in items}
            assert truth == {item: loans for item, loans in lent.items() if loans}
            for branch, level in levels.items():
                of = [row for row in items if row["branch"] == branch]
                before = sum(between(row, cutoff - 11, cutoff) for row in of)
                assert level == pytest.approx(max(sum(lent[row["item_no"]] for row in of) / before, 0.1))


def made_up(columns: dict[str, list[float]], actual: list[float], months: int = 12) -> Rows:
    """Rows with some columns and a truth."""
    known = np.array(list(columns.values()), dtype=np.float32).T
    keys = pl.DataFrame({"item_no": range(len(actual)), "unit_no": range(len(actual))})
    kinds = {"shelf_class": ["9", "K"]}
    return Rows(
        0, keys, tuple(columns), known, kinds, months, np.array(actual, float), np.full(len(actual), months / 12)
    )


def test_the_plain_guesses_by_hand():
    nan = float("nan")
    before = made_up(
        {"loans_12": [0, 0, 4, 2], "shelf_class": [0, 0, 0, 1], "years_published": [5, 5, 15, nan]}, [0, 3, 5, 8]
    )
    after = made_up(
        {"loans_12": [0, 6, 1, 1], "shelf_class": [0, 0, 1, nan], "years_published": [9, 35, nan, 3]}, [1, 1, 1, 1]
    )
    assert tried.last_year([before], after).tolist() == [
        1.5,
        6,
        1,
        1,
    ]  # the two that were not lent before were lent 0 and 3
    assert tried.class_age([before], after).tolist() == pytest.approx([1.5, 8 / 3, 8, 4])
    three_years = made_up({"loans_12": [0, 6]}, [0, 0], months=36)
    assert tried.last_year([made_up({"loans_12": [0]}, [2])], three_years).tolist() == [2, 18]


def test_the_deviance_by_hand():
    found = tried.deviance(np.array([0.0, 2.0, 3.0]), np.array([0.5, 2.0, 1.0]))
    assert found.tolist() == pytest.approx([1.0, 0.0, 2 * (3 * np.log(3) - 2)])


def test_the_figures_of_a_back_test_by_hand():
    after = made_up({"loans_12": [0, 6, 1], "shelf_class": [0, 0, 1]}, [0, 4, 2])
    told = {
        "model": [0.2, 4, 1],
        "last_year": [0.5, 6, 1],
        "class_age": [2, 2, 2],
        "low": [0, 3, 1.5],
        "high": [1, 5, 3],
        "lent": [0, 1, 1],
    }
    found = tried.by_class(tried.Tried("time", after, {name: np.array(values, float) for name, values in told.items()}))
    assert found.select("shelf_class", "items", "actual", "model", "covered", "zeros", "told_zero_model").rows() == [
        ("9", 2, 4.0, 4.2, 2, 1, 1), ("K", 1, 2.0, 1.0, 1, 0, 0)
    ]  # fmt: skip
    figures = tried.figures(found)
    by_hand = {
        name: np.mean(
            [
                tried.deviance(np.array([came]), np.array([said], float))[0]
                for came, said in zip([0, 4, 2], told[name], strict=True)
            ]
        )
        for name in tried.GUESSES
    }
    assert figures["deviance"] == pytest.approx(by_hand)
    assert figures["gain"] == pytest.approx(1 - by_hand["model"] / min(by_hand["last_year"], by_hand["class_age"]))
    assert (figures["classes"], figures["covered"], figures["zeros"]["model"]) == (pytest.approx([0.5, 1.05]), 1.0, 1.0)


def simulated(count: int, seed: int) -> Rows:
    """Poisson counts with a mean that one column tells, beside a column of noise and one that is not known."""
    rng = np.random.default_rng(seed)
    mean = rng.gamma(0.7, 3, count)
    columns = {
        "loans_12": rng.poisson(mean),
        "price": rng.random(count),
        "before_12": np.full(count, np.nan),
        "shelf_class": rng.integers(0, 2, count),
    }
    return made_up(columns, rng.poisson(mean).tolist())


def test_what_is_learnt_is_calibrated_and_lies_in_its_interval():
    learned, fresh = learn.learn([simulated(6000, 1)]), simulated(6000, 2)
    mean = learned.mean(fresh)
    around = learned.around(mean)
    assert "before_12" not in learned.columns
    assert (mean > 0).all()
    assert ((around["low"] <= mean) & (mean <= around["high"])).all()
    assert mean.sum() == pytest.approx(fresh.actual.sum(), rel=0.05)
    covered = ((fresh.actual >= around["low"]) & (fresh.actual <= around["high"])).mean()
    assert 0.78 < covered < 0.97
    assert around["lent"].mean() == pytest.approx((fresh.actual > 0).mean(), abs=0.03)
    one_for_all = np.full(len(mean), fresh.actual.mean())
    assert tried.deviance(fresh.actual, mean).mean() < 0.5 * tried.deviance(fresh.actual, one_for_all).mean()


def test_cutoffs_leave_a_year_before_and_the_horizon_after():
    assert train.cutoffs(LOANS_FROM, LOANS_TO, 12) == [LOANS_TO - 48, LOANS_TO - 36, LOANS_TO - 24, LOANS_TO - 12]
    assert train.cutoffs(LOANS_FROM, LOANS_TO, 36) == [LOANS_TO - 48, LOANS_TO - 36]
    assert train.cutoffs(LOANS_FROM, LOANS_FROM + 23, 12) == [LOANS_FROM + 11]
    assert train.cutoffs(LOANS_FROM, LOANS_FROM + 46, 36) == []


def test_a_back_test_learns_from_what_was_over_by_then():
    def at(cutoff: int, months: int) -> Rows:
        return Rows(
            cutoff,
            pl.DataFrame({"unit_no": [1, 2, 3, 4, None]}),
            (),
            np.zeros((5, 0)),
            {},
            months,
            np.zeros(5),
            np.ones(5),
        )

    yearly = list(train.splits([at(12, 12), at(24, 12), at(36, 12)]))
    assert [(split, [part.cutoff for part in before], after.cutoff) for split, before, after in yearly] == [
        ("time", [12], 24), ("time", [12, 24], 36)
    ]  # fmt: skip
    [(split, before, after)] = train.splits([at(12, 36), at(24, 36)])
    assert (split, [part.cutoff for part in before], after.cutoff) == ("titles", [12, 24], 24)
    learnt = [set(part.keys["unit_no"]) for part in before]
    assert learnt[0] == learnt[1]
    assert not learnt[0] & set(after.keys["unit_no"])


@pytest.fixture(scope="module")
def foreseen(flagged):
    """A connection to the artefact of the small library, its snapshot and flags attached, and its manifest."""
    flags = foreseen_store.of(flagged)
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    file = artefact.found(snapshot, "use")
    with connect(file, read_only=True, attach={"facts_of_day": snapshot, "flags": flags}) as connection:
        yield connection, artefact.manifest(file)


def test_the_forecast_beats_the_plain_guesses_on_the_demo(foreseen):
    _, manifest = foreseen
    for horizon, split in (("12", "time"), ("36", "titles")):
        found = manifest.figures["horizons"][horizon]
        assert found["split"] == split
        assert found["gain"] >= 0.15
        assert 0.8 <= found["covered"] <= 1
        assert found["total"] == pytest.approx(1, abs=0.15)
    assert manifest.figures["learnt_from"]["from"] == "2020-04"
    assert manifest.figures["branches"]["gain"] > 0
    assert all(sum(spread["shares"]) == pytest.approx(1) for spread in manifest.figures["spread"].values())


def test_every_item_that_can_be_lent_has_a_forecast_in_its_interval(foreseen):
    connection, _ = foreseen
    found = connection.sql("SELECT * FROM item_forecast").pl()
    wrong = found.filter(
        (pl.col("loans_12") < 0) | (pl.col("low_12") > pl.col("loans_12")) | (pl.col("loans_12") > pl.col("high_12"))
        | ~pl.col("lent_12").is_between(0, 1) | ~pl.col("lent_36").is_between(0, 1) | (pl.col("loans_36") < 0)
    )  # fmt: skip
    assert wrong.is_empty()
    assert found.null_count().sum_horizontal()[0] == 0
    asked = """
        SELECT item_no FROM facts_of_day.item JOIN flags.judged USING (item_no)
        WHERE circulates AND item.status IS DISTINCT FROM 'missing' AND accession_date < DATE '2025-04-01'"""
    assert found["item_no"].to_list() == sorted(item for (item,) in connection.execute(asked).fetchall())


def test_titles_are_foreseen_at_every_branch_once(foreseen):
    connection, _ = foreseen
    found = connection.sql("SELECT * FROM branch_forecast").pl()
    assert len(found) == found.n_unique(["unit_no", "branch"]) > 0
    assert found.filter((pl.col("low_12") > pl.col("loans_12")) | (pl.col("loans_12") > pl.col("high_12"))).is_empty()
    wanted = connection.execute(
        "SELECT unit_no FROM flags.judged WHERE usable AND circulates AND coalesce(location, '') <> 'closed' "
        "GROUP BY unit_no HAVING bool_or(loans_1y = 0 OR surplus) AND sum(loans_1y) > 0"
    ).fetchall()
    assert set(found["unit_no"]) <= {unit for (unit,) in wanted}


def test_what_looked_flagged_then_is_counted_by_hand(foreseen):
    connection, _ = foreseen
    found = connection.sql("SELECT * FROM looked_back WHERE horizon = 12 ORDER BY ago").pl()
    assert set(found["ago"]) == {1, 2, 3}
    assert (found["expected"] <= found["items"]).all()
    values = policy.load(PACK, AS_OF).parameters
    judged = connection.sql("SELECT * FROM flags.judged WHERE circulates").pl().to_dicts()
    known = connection.execute("SELECT item_no, month, loans FROM facts_of_day.loan WHERE loans > 0").fetchall()
    came = dict(connection.execute("SELECT item_no, accession_date FROM facts_of_day.item").fetchall())
    ago, cutoff = 1, LOANS_TO - 12
    last, later = {}, set()
    for item, month, _ in known:
        if month <= cutoff:
            last[item] = max(last.get(item, 0), month)
        elif month <= cutoff + 12:
            later.add(item)
    items = lent = 0
    for row in judged:
        long = (
            max(row["class_idle_years"], values["利用だけの無利用年数"]) if row["use_only"] else row["class_idle_years"]
        )
        idle = 12 * min(long, (cutoff - LOANS_FROM + 1) // 12)
        low_value = row["use_only"] or (
            row["years_published"] is not None
            and row["class_shelf_life"] is not None
            and row["years_published"] - ago > row["class_shelf_life"]
        )
        item = row["item_no"]
        quiet = item not in last or cutoff - last[item] >= idle
        if low_value and came[item] and cutoff - month_of(came[item]) >= idle and quiet:
            items, lent = items + 1, lent + (item in later)
    of_year = found.filter(ago=1).select(pl.col("items", "went_out").sum()).row(0)
    assert of_year == (items, lent)


def test_two_trainings_give_equal_tables(flagged, tmp_path, monkeypatch):
    monkeypatch.setattr(learn, "MOST", 1500)
    monkeypatch.setattr(train, "MOST", 1500)
    monkeypatch.setitem(learn.TREES, "max_iter", 8)
    store = road_store.copied(flagged, tmp_path / "store")
    flags, told = store / "holdings" / flagged.name, []
    for _ in range(2):
        made = models.train(store, flags, policy.load(PACK, AS_OF), "use")
        snapshot = flags.with_name(made.snapshot)
        with connect(artefact.found(snapshot, "use"), read_only=True) as connection:
            names = ("item_forecast", "branch_forecast", "backtest", "calibration", "looked_back")
            told.append(([connection.sql(f"FROM {name}").pl() for name in names], made.figures | {"seconds": 0}))
    assert all(one.equals(other) for one, other in zip(told[0][0], told[1][0], strict=True))
    assert told[0][1] == told[1][1]


@pytest.mark.parametrize("months", [0, 23])
def test_a_short_history_is_told(tmp_path, months):
    with connect(tmp_path / "a.duckdb") as connection:
        connection.execute("ATTACH ':memory:' AS facts_of_day; ATTACH ':memory:' AS flags")
        connection.execute("CREATE TABLE facts_of_day.meta (loans_from SMALLINT, loans_to SMALLINT)")
        connection.execute("CREATE TABLE flags.judging AS SELECT DATE '2025-04-01' AS as_of")
        told = [LOANS_TO - months + 1, LOANS_TO] if months else [None, None]
        connection.execute("INSERT INTO facts_of_day.meta VALUES (?, ?)", told)
        with pytest.raises(Problem, match=f"{months}か月分しかありません"):
            train.train(connection, tmp_path, None, lambda *_: None)


def made(folder, library: dict, first: int) -> dict:
    """Train over a random library whose loan figures begin with a month; figures, with the tables of items and of branches."""
    (folder / "holdings").mkdir(parents=True)
    snapshot = write_snapshot(folder / "holdings" / f"{AS_OF}-0123456789ab.duckdb", library)
    with connect(snapshot) as connection:
        connection.execute("UPDATE meta SET loans_from = ?", [first])
        connection.execute("DELETE FROM loan WHERE month < ?", [first])
    pack = policy.load(PACK, AS_OF)
    flags = flag.flag(folder, pack, AS_OF)
    figures = models.train(folder, flags, pack, "use").figures
    with connect(artefact.found(snapshot, "use"), read_only=True) as connection:
        tables = {
            name: connection.sql(f"FROM {name}").pl() for name in ("item_forecast", "branch_forecast", "backtest")
        }
    return figures | tables


def test_where_36_months_cannot_be_learnt_only_12_are_made(tmp_path):
    found = made(tmp_path, lent_library(1), LOANS_TO - 29)
    assert set(found["horizons"]) == {"12"}
    assert found["horizons"]["12"]["split"] == "titles"
    assert set(found["backtest"]["horizon"]) == {12}
    items = found["item_forecast"]
    assert items["loans_36"].null_count() == items["lent_36"].null_count() == len(items) > 50
    assert items["loans_12"].null_count() == 0


def test_a_library_of_few_loans_is_told_and_leaves_nothing(tmp_path):
    library = lent_library(2)
    library["loan"] = library["loan"][:60]
    with pytest.raises(Problem, match="学ぶには"):
        made(tmp_path, library, LOANS_FROM)
    assert not list((tmp_path / "holdings").glob("*.use-*"))


def test_branches_of_few_loans_are_not_foreseen(tmp_path):
    library = lent_library(1)
    for row in library["item"]:
        row["location"] = "closed" if row["location"] in ("open", None) else row["location"]
    found = made(tmp_path, library, LOANS_FROM)
    assert found["branches"] is None
    assert found["branch_forecast"].is_empty()
    assert len(found["item_forecast"]) > 50


def test_rows_are_of_whole_months(tmp_path):
    with connect(tmp_path / "a.duckdb") as connection:
        connection.execute("ATTACH ':memory:' AS facts_of_day; ATTACH ':memory:' AS flags")
        connection.execute(
            f"CREATE TABLE facts_of_day.meta AS SELECT {LOANS_FROM} AS loans_from, {LOANS_TO + 1} AS loans_to"
        )
        connection.execute("CREATE TABLE flags.judging AS SELECT DATE '2025-04-20' AS as_of")
        assert rows.span(connection) == (LOANS_FROM, LOANS_TO)

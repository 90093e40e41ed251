"""What is foreseen, beside the facts: empty without a forecast, and counted as a person would where there is one."""

from pathlib import Path

import polars as pl
import pytest

from collection import candidates, decisions, duplicates, forecast, policy
from collection.buying import lines, use
from collection.candidates import Filter
from collection.demo import AS_OF
from collection.store.connection import connect
from models import artefact
from tests import foreseen_store
from tests.small_store import PACK

POLICY = policy.load(PACK, AS_OF)


def snapshot_of(flags: Path) -> Path:
    return flags.with_name(flags.name.split(".")[0] + ".duckdb")


@pytest.fixture(scope="module")
def foreseen(flagged, tmp_path_factory):
    """As `cursor`, over the store with a forecast."""
    flags = foreseen_store.of(flagged)
    with connect(attach={"flags": flags, "facts_of_day": snapshot_of(flags)}) as connection:
        connection.execute("SET search_path = 'flags.main'")
        decisions.attach(connection, tmp_path_factory.mktemp("undecided"))
        assert forecast.attach(connection)
        yield connection


@pytest.fixture(scope="module")
def rows(foreseen) -> list[dict]:
    """Every held item with its facts and, where there is one, its forecast."""
    return (
        foreseen.sql("""
        SELECT judged.*, item.status, item.work_no, forecast.* EXCLUDE (item_no)
        FROM judged JOIN facts_of_day.item AS item USING (item_no) LEFT JOIN forecast USING (item_no)
        ORDER BY item_no""")
        .pl()
        .to_dicts()
    )


def test_without_a_forecast_everything_is_empty_and_still_there(cursor, flagged):
    assert not forecast.attach(cursor)
    assert (
        cursor.execute("SELECT * FROM judged LEFT JOIN forecast USING (item_no) WHERE loans_12 IS NOT NULL").fetchall()
        == []
    )
    assert cursor.execute("FROM branch_forecast").fetchall() == []
    assert forecast.of_item(cursor, 0) is None
    assert forecast.regret(cursor).is_empty()
    assert duplicates.foreseen(cursor, POLICY).is_empty()
    assert forecast.mark(snapshot_of(flagged)) == ""
    assert forecast.file_of(snapshot_of(flagged)) is None


def test_without_facts_attached_there_is_no_forecast():
    with connect() as connection:
        assert forecast.of_cursor(connection) is None


def test_a_forecast_made_anew_has_another_mark(flagged, tmp_path):
    flags = foreseen_store.of(flagged)
    snapshot = snapshot_of(flags)
    file = artefact.found(snapshot, "use")
    assert forecast.file_of(snapshot) == file
    assert forecast.mark(snapshot) == f"{file.name}-{file.stat().st_mtime_ns}"
    (tmp_path / snapshot.name).symlink_to(snapshot)
    refused = tmp_path / f"{snapshot.stem}.use-00000000.model.duckdb"
    refused.write_bytes(file.read_bytes())
    assert forecast.mark(tmp_path / snapshot.name) == ""


def test_an_item_has_what_the_artefact_says(foreseen, rows):
    told = next(row for row in rows if row["loans_12"] is not None and row["loans_12"] > 2)
    found = forecast.of_item(foreseen, told["item_no"])
    assert found == {name: told[name] for name in found}
    assert {"loans_12", "low_12", "high_12", "lent_12", "loans_36", "lent_36"} < set(found)
    without = next(row for row in rows if row["loans_12"] is None)
    assert forecast.of_item(foreseen, without["item_no"]) is None


def test_the_list_is_ordered_by_the_forecast(foreseen, rows):
    chosen = Filter(verdict=(), sort="forecast")
    found = candidates.page(foreseen, POLICY, chosen, rows=len(rows))
    known = [row for row in rows if row["loans_12"] is not None]
    ordered = sorted(known, key=lambda row: (row["loans_12"], row["shelf_order"]))
    assert found["forecast"].head(len(known)).to_list() == [row["loans_12"] for row in ordered]
    assert found["forecast"].tail(len(rows) - len(known)).null_count() == len(rows) - len(known)
    others = candidates.page(foreseen, POLICY, Filter(verdict=()), rows=len(rows))
    kept = {"forecast", "low_12", "high_12"}
    assert others.sort("item_id").select(sorted(kept)).equals(found.sort("item_id").select(sorted(kept)))


def test_regret_by_hand(foreseen, rows):
    expected = {}
    for row in rows:
        if row["verdict"] == "candidate" and row["lent_12"] is not None:
            cell = expected.setdefault((row["criterion"], row["shelf_class"]), [0, 0.0, 0.0])
            for at, part in enumerate((1, row["lent_12"], row["lent_36"])):
                cell[at] += part
    found = forecast.regret(foreseen)
    assert {tuple(row[:2]): list(row[2:]) for row in found.rows()} == {
        key: [items, pytest.approx(soon, abs=0.01), pytest.approx(later, abs=0.01)]
        for key, (items, soon, later) in expected.items()
    }
    assert found["items"].sum() > 100


def test_copies_that_would_be_lent_elsewhere_equal_their_naive_twin(foreseen, rows):
    there: dict[int, list[tuple[str, float]]] = {}
    for unit, branch, loans in foreseen.execute("SELECT unit_no, branch, loans_12 FROM branch_forecast").fetchall():
        there.setdefault(unit, []).append((branch, loans))
    present = {(row["work_no"], row["branch"]) for row in rows if row["usable"]}
    allowing, least = duplicates.allowing(POLICY), POLICY.parameters["よく借りられる貸出"]
    idle: dict[int, dict] = {}
    for row in rows:
        fresh = (
            row["use_only"]
            or row["class_shelf_life"] is None
            or (row["years_published"] or 0) <= row["class_shelf_life"]
        )
        unknown = row["years_published"] is None and row["class_shelf_life"] is not None and not row["use_only"]
        free = row["protected_by"] is None or all(rule in allowing for rule in row["protected_by"].split(";"))
        if (
            row["loans_1y"] == 0 and row["loans_12"] is not None and row["usable"] and row["circulates"] and row["location"] != "closed"
            and not row["superseded"] and fresh and not unknown and free and (row["status"] or "available") == "available"
        ):  # fmt: skip
            kept = idle.get(row["unit_no"])
            if kept is None or (row["loans_12"], row["item_no"]) < (kept["loans_12"], kept["item_no"]):
                idle[row["unit_no"]] = row
    expected = []
    for unit, row in idle.items():
        where = [
            (loans, branch)
            for branch, loans in there.get(unit, [])
            if (row["work_no"], branch) not in present and loans >= least and loans > row["high_12"]
        ]
        if where:
            loans, branch = min(where, key=lambda one: (-one[0], one[1]))
            expected.append((row["item_no"], row["branch"], branch, row["loans_12"], loans))
    found = duplicates.foreseen(foreseen, POLICY)
    assert sorted(found.select("item_no", "branch", "to_branch", "forecast_here", "forecast_there").rows()) == sorted(
        expected
    )
    gain = found["forecast_there"] - found["forecast_here"]
    assert gain.is_sorted(descending=True)
    assert expected
    assert (found["demand"] == "foreseen").all()


def test_moves_carry_both_forecasts_and_are_the_same_as_without(foreseen, cursor, rows):
    found, without = (duplicates.moves(own, POLICY) for own in (foreseen, cursor))
    beside = [f"{part}_{side}" for part in ("forecast", "low", "high") for side in ("here", "there")]
    assert found.drop(beside).equals(without.drop(beside))
    assert without.select(beside).null_count().sum_horizontal()[0] == len(without) * len(beside)
    here = {row["item_no"]: row["loans_12"] for row in rows}
    assert found["forecast_here"].to_list() == [here[item] for item in found["item_no"]]


@pytest.mark.parametrize("horizon", forecast.HORIZONS)
def test_the_back_test_adds_up(foreseen, horizon):
    file = forecast.of_cursor(foreseen)
    figures = artefact.manifest(file).figures["horizons"][str(horizon)]
    found = forecast.backtest(foreseen, file, horizon)
    items = found["items"].sum()
    assert items == figures["items"] == forecast.calibration(foreseen, file, horizon)["items"].sum()
    for guess, deviance in figures["deviance"].items():
        assert (found[f"deviance_{guess}"] * found["items"]).sum() / items == pytest.approx(deviance)
    assert found["model"].sum() / found["actual"].sum() == pytest.approx(figures["total"])
    assert found.select(pl.col("ratio").min().alias("low"), pl.col("ratio").max().alias("high")).row(
        0
    ) == pytest.approx(tuple(figures["classes"]))
    groups = forecast.calibration(foreseen, file, horizon)
    assert (groups["mean"] * groups["items"]).sum() == pytest.approx(found["model"].sum(), rel=1e-6)
    back = forecast.looked_back(foreseen, file, horizon)
    assert (back["went_out"] <= back["items"]).all()
    assert back["ago"].is_sorted()


def test_what_is_foreseen_of_an_author_or_class_is_the_mean_of_its_copies(foreseen, cursor):
    stock = foreseen.sql("""
        SELECT judged.ndc, judged.audience, string_split(bib.author, ';')[1] AS author, forecast.loans_12
        FROM judged JOIN facts_of_day.bib USING (bib_no) LEFT JOIN forecast USING (item_no)""").pl()  # fmt: skip
    known = use.names(foreseen)
    authors = (
        stock.drop_nulls().group_by("author").len().sort("len", "author", descending=[True, False])["author"].head(5)
    )
    asked = lines.frame([{"title": "本", "author": author, "ndc": "913", "audience": "child"} for author in authors])
    found = use.of(foreseen, asked, known)
    child = stock.filter(pl.col("ndc") == "913", pl.col("audience") == "child")["loans_12"]
    keys = use.author_key(stock["author"])
    for key, row in zip(use.author_key(authors), found.iter_rows(named=True), strict=True):
        assert row["class_forecast"] == pytest.approx(child.mean(), abs=0.001)
        assert row["author_forecast"] == pytest.approx(stock.filter(keys == key)["loans_12"].mean(), abs=0.001)
    without = use.of(cursor, asked, use.names(cursor))
    assert without.select(f"{kind}_forecast" for kind in use.KINDS).null_count().sum_horizontal()[0] == 3 * len(asked)


@pytest.mark.parametrize(
    ("author", "series", "klass", "expected"),
    [
        (0.2, 30.0, 30.0, ("author", 1)), (12.0, None, None, ("author", 1)), (12.1, None, None, ("author", 2)),
        (None, 25.0, 1.0, ("series", 3)), (None, None, 0.0, ("class", 1)), (None, None, None, None),
    ],
)  # fmt: skip
def test_copies_that_would_serve_what_is_foreseen(author, series, klass, expected):
    assert POLICY.parameters[use.EACH] == 12
    line = {"author_forecast": author, "series_forecast": series, "class_forecast": klass}
    assert use.advised(line, POLICY) == expected

"""Every measure equals its naive twin, has all its words and one question; docs/measures.md is up to date."""

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import isfinite
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest

from collection import measures, words
from collection.flag import count_years, judge
from collection.measures import EVERYTHING, GROUPS, MEASURES, Scope
from collection.policy.load import load
from collection.store.connection import SQL, connect
from tests import naive_measures
from tests.naive_measures import Asked, Rows, rows_of
from tests.random_library import AS_OF, LOANS_FROM, LOANS_TO, random_library, write_snapshot
from tests.small_store import PACK

DOCUMENT = Path(__file__).parents[1] / "docs" / "measures.md"
POLICY = load(PACK, AS_OF)
STOCK_GROUPS = GROUPS[:-1]
SCOPED = ("branch", "location", "shelf_class", "audience", "material")
PLACE = (*SCOPED, "ndc")
ADDITIVE = ("holdings", "loans", "received", "withdrawn", "spent", "loans_of_year")
TOLD = {
    "unit": "単位 Unit", "formula": "式 Formula", "meaning": "意味 Meaning", "source": "出典 Source",
    "cannot": "分からないこと Limits",
}  # fmt: skip
ASKS = {"year": "年度 fiscal year", "idle": "無利用の年数 idle years", "cover": "貸出の何% per cent of loans"}
UNITS = {
    "count": ("冊", "回"), "share": ("%",), "ratio": ("倍", "回", "冊", "件", "円"), "year": ("年",), "yen": ("円",),
    "months": ("か月",),
}  # fmt: skip


def measures_page() -> str:
    """docs/measures.md: what each measure counts, from words/measures.toml."""
    parts = [
        "# ものさし Measures",
        "",
        "`collection/words/measures.toml` から作った表。手では直さない（`python -m tests.test_measures`）。",
        "どのものさしも、全体・類・綱・目・館・配架場所・対象・資料種別と、その組合せで出せる。「年度別」とあるものは年度でも出せる。",
    ]
    for name, told in words.table("measures").items():
        measure = MEASURES[name]
        parts += ["", f"## {told['ja']} {told['en']}", "", "| | 日本語 | English |", "|---|---|---|"]
        parts += [f"| {heading} | {told[key]['ja']} | {told[key]['en']} |" for key, heading in TOLD.items()]
        asked = "。決めて使う数: " + "、".join(ASKS[ask] for ask in measure.asks) if measure.asks else ""
        parts += [
            "",
            f"[`{name}`](../collection/store/measures/{name}.sql){'・年度別' if measure.of_year else ''}{asked}",
        ]
    return "\n".join(parts) + "\n"


def test_the_document_of_the_measures_is_up_to_date():
    assert DOCUMENT.read_text(encoding="utf-8") == measures_page()


def test_every_measure_has_one_question_a_twin_and_all_its_words():
    told = words.table("measures")
    assert {file.stem for file in (SQL / "measures").glob("*.sql")} == set(MEASURES) == set(told)
    for name, measure in MEASURES.items():
        assert set(told[name]) == {"ja", "en", *TOLD}
        for said in (told[name], *(told[name][key] for key in TOLD)):
            assert said["ja"].strip() and said["en"].strip()
            assert not re.search("[ぁ-んァ-ヶ一-龠]", said["en"])
        assert told[name]["unit"]["ja"] in UNITS[measure.form]
        assert callable(getattr(naive_measures, name))


# ── random libraries


def stirred(rng: Random, library: dict) -> dict:
    """A random library where items left in other years too, and loans stand in odd months: several together, before the
    accession, after the last month."""
    for item in library["item"]:
        if rng.random() < 0.1:
            item["gone_on"] = AS_OF - timedelta(days=rng.randrange(1500))
        item["price"] = rng.choice([None, 0, 980, 1500, 12000])
    known = {(loan["item_no"], loan["month"]) for loan in library["loan"]}
    for item in rng.sample(library["item"], len(library["item"]) // 3):
        for month in {rng.randrange(LOANS_TO - 14, LOANS_TO + 3) for _ in range(rng.randrange(1, 7))}:
            if (item["item_no"], month) not in known:
                loans = rng.randrange(0, 6)
                library["loan"].append({"item_no": item["item_no"], "month": month, "loans": loans, "in_house": None})
    library["loan"].sort(key=lambda loan: (loan["item_no"], loan["month"]))
    return library


def without(library: dict, *names: str) -> dict:
    """A library without its loans, or in which some fields of the items are blank."""
    for row in library["item"]:
        row.update({name: None for name in names if name in row})
    return library | ({"loan": []} if "loan" in names else {})


LIBRARIES = {
    "large": lambda: (stirred(Random(1), random_library(Random(1), 160, 0.5)), AS_OF),
    "many copies in mid-month": lambda: (stirred(Random(2), random_library(Random(2), 120, 0.1)), date(2025, 5, 20)),
    "one item": lambda: (stirred(Random(4), random_library(Random(4), 1, 1)), AS_OF),
    "no loans": lambda: (without(random_library(Random(5), 40), "loan"), AS_OF),
    "blanks": lambda: (without(stirred(Random(6), random_library(Random(6), 60)), "accession_date", "bib_no", "location"), AS_OF),
}  # fmt: skip


@contextmanager
def flagged(folder: Path, library: dict, as_of: date):
    """A connection to the flags of a library."""
    snapshot = write_snapshot(folder / "snapshot.duckdb", library)
    if not library["loan"]:
        with connect(snapshot) as connection:
            connection.execute("UPDATE meta SET loans_from = NULL, loans_to = NULL")
    with connect(folder / "flags.duckdb", attach={"facts_of_day": snapshot}) as connection:
        judge(connection, POLICY, as_of)
        count_years(connection, as_of)
        yield connection


def read(connection, as_of: date) -> dict:
    """The library of a connection as the twin takes it."""
    names = {name: f"facts_of_day.{name}" for name in ("bib", "item", "loan")} | {"judged": "judged"}
    found = {name: connection.sql(f"FROM {table}").pl().to_dicts() for name, table in names.items()}
    meta = connection.sql("FROM facts_of_day.meta").pl().row(0, named=True)
    return found | {"as_of": as_of, "loans_from": meta["loans_from"]}


@dataclass
class Known:
    """A flagged library and its rows."""

    name: str
    connection: duckdb.DuckDBPyConnection
    rows: Rows


@pytest.fixture(scope="module", params=LIBRARIES)
def library(request, tmp_path_factory):
    made, as_of = LIBRARIES[request.param]()
    with flagged(tmp_path_factory.mktemp("library"), made, as_of) as connection:
        yield Known(request.param, connection, rows_of(read(connection, as_of)))


@pytest.fixture(scope="module")
def demo(cursor):
    return Known("demo", cursor, rows_of(read(cursor, AS_OF)))


# ── against the twin


def lets_through(scope: Scope, row: dict) -> bool:
    listed = all((row[part] or "") in getattr(scope, part) for part in SCOPED if getattr(scope, part))
    return listed and (row["ndc"] or "").startswith(scope.ndc)


def random_scope(rng: Random, rows: Rows) -> Scope:
    known = rows.stock or [{part: "" for part in SCOPED}]
    lists = {
        part: tuple({rng.choice(known)[part] or "" for _ in range(rng.randrange(1, 4))})
        for part in SCOPED
        if rng.random() < 0.3
    }
    return Scope(**lists, ndc=rng.choice(["", "", "", "9", "49", "913"]))


def agree(known: Known, name: str, by: tuple, scope=EVERYTHING, within=(), year=None, idle=5, cover=95) -> None:
    """The measure lists each group once and in order, with the value of the twin; what it does not list is nothing."""
    asked = {"year": year, "idle": idle, "cover": cover}
    frame = measures.compute(known.connection, name, by, scope, within=within, **asked)
    assert frame.columns == [*by, "value"] and frame.equals(frame.sort(by, nulls_last=True))
    found = {row[:-1]: row[-1] for row in frame.iter_rows()}
    assert len(found) == len(frame) and all(value is None or isfinite(value) for value in found.values())
    rows = known.rows if scope == EVERYTHING else known.rows.where(lambda row: lets_through(scope, row))
    wholes, loan_years = rows.by(*within), {row["fiscal_year"] for row in known.rows.happened if row.get("loans")}
    for key, part in rows.by(*by).items():
        whole = wholes[tuple(key[by.index(group)] for group in within)]
        value = getattr(naive_measures, name)(part, Asked(whole=whole, loan_years=loan_years, **asked))
        if key in found:
            expected = None if value is None else pytest.approx(value, rel=1e-12, abs=0)
            assert found.pop(key) == expected, (name, by, scope, key)
        else:
            assert not value, (name, by, scope, key)
    assert found == {}


def a_year(rng: Random, name: str) -> int | None:
    """A fiscal year; for what can tell of all of them, also none."""
    return rng.choice([2018, 2023, 2024, 2024, *([None, None] if MEASURES[name].of_year else [])])


def groups_of(name: str) -> tuple[str, ...]:
    return GROUPS if MEASURES[name].of_year else STOCK_GROUPS


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_equals_its_twin_by_every_group_and_crossing(library, name):
    """Each library takes every so many of the groupings, so that together they take all."""
    rng, turn = Random(name), list(LIBRARIES).index(library.name)
    groupings = [by for size in (1, 2) for by in combinations(groups_of(name), size)]
    for by in groupings[turn :: len(LIBRARIES)]:
        agree(library, name, by, year=a_year(rng, name))


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_equals_its_twin_in_any_scope(library, name):
    rng = Random(f"{name} {library.name}")
    for _ in range(3):
        by = tuple(rng.sample(groups_of(name), rng.randrange(1, 4)))
        within = tuple(rng.sample(by, rng.randrange(len(by))))
        agree(library, name, by, random_scope(rng, library.rows), within, a_year(rng, name))


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_equals_its_twin_on_the_demo(demo, name):
    rng = Random(name)
    for scope in (EVERYTHING, random_scope(rng, demo.rows)):
        agree(demo, name, tuple(rng.sample(groups_of(name), 2)), scope, year=a_year(rng, name))


def test_any_number_of_idle_years_and_any_cover(library):
    for years in range(11):
        agree(library, "idle", ("shelf_class",), idle=years)
    for cover in (95, 97, 99):
        agree(library, "shelf_time", ("shelf_class",), cover=cover)
        agree(library, "shelf_time", ("whole",), cover=cover)


def test_shares_add_up_to_one_within_each_group(library):
    for name, within in (("share", ()), ("share", ("branch",)), ("loan_share", ()), ("loan_share", ("branch",))):
        by = ("branch", "shelf_class")
        agree(library, name, by, within=within)
        found = measures.compute(library.connection, name, by, within=within).drop_nulls("value")
        sums = found.group_by(within).agg(pl.col("value").sum()) if within else found.select(pl.col("value").sum())
        assert sums["value"].to_list() == pytest.approx([1] * len(sums)) or found.is_empty()
        agree(library, "relative_use", by, within=within)


def test_relative_use_times_share_is_the_share_of_loans(library):
    for by in (("shelf_class",), ("branch", "audience")):
        found = measures.together(library.connection, ("share", "loan_share", "relative_use"), by)
        assert (found["share"] * found["relative_use"]).to_list() == pytest.approx(found["loan_share"].to_list())


@pytest.mark.parametrize("name", ADDITIVE)
def test_the_parts_make_the_whole(library, name):
    year = 2024 if "year" in MEASURES[name].asks else None
    whole = measures.compute(library.connection, name, year=year)["value"].sum()
    for group in STOCK_GROUPS:
        assert measures.compute(library.connection, name, (group,), year=year)["value"].sum() == whole


def test_more_is_never_less(library):
    connection = library.connection
    quartiles = measures.together(connection, ("year_lower", "year_median", "year_upper"), ("branch",)).drop_nulls()
    assert (quartiles["year_lower"] <= quartiles["year_median"]).all()
    assert (quartiles["year_median"] <= quartiles["year_upper"]).all()
    waits = [
        measures.compute(connection, "shelf_time", cover=cover)["value"].to_list() for cover in (50, 95, 97, 99, 100)
    ]
    assert waits == sorted(waits)
    idle = [measures.compute(connection, "idle", idle=years)["value"].to_list() for years in range(11)]
    assert idle == sorted(idle, reverse=True) or idle[0] == [None]


def test_what_cannot_be_asked_is_refused(library):
    connection = library.connection
    for wrong in (
        {"name": "holdings", "by": ()}, {"name": "holdings", "by": ("title",)}, {"name": "holdings", "by": ("fiscal_year",)},
        {"name": "share", "by": ("branch",), "within": ("shelf_class",)}, {"name": "freshness"}, {"name": "new_on_open"},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=wrong["name"]):
            measures.compute(connection, **wrong)
    with pytest.raises(KeyError):
        measures.compute(connection, "quality")


# ── year_cell and shelf_time


def counted(rows: Rows) -> dict[tuple, Counter]:
    cells = {}
    kinds = {"purchase": "purchased", "gift": "donated", "reaccession": "reaccessioned"}
    for row in rows.happened:
        cell = cells.setdefault(tuple(row[name] for name in ("fiscal_year", *PLACE)), Counter())
        cell.update({"loans": row.get("loans", 0), "received": row.get("came", 0), "spent": row.get("spent", 0)})
        cell.update({kinds.get(row.get("source"), "other"): 1, "gone": row.get("gone", 0)})
    return cells


def check_the_tables(known: Known) -> None:
    """year_cell and shelf_time are what counting row by row gives; judged has each held item in its groups."""
    tables = {name: known.connection.sql(f"FROM {name}").pl() for name in ("year_cell", "shelf_time", "judged")}
    cells = counted(known.rows)
    assert len(tables["year_cell"]) == len(cells)
    for row in tables["year_cell"].to_dicts():
        cell = cells[tuple(row[name] for name in ("fiscal_year", *PLACE))]
        for name in ("loans", "received", "purchased", "donated", "reaccessioned", "spent", "gone"):
            assert row[name] == cell[name], (row, name)
    waited = Counter(tuple(row[name] for name in (*PLACE, "months")) for row in known.rows.gaps)
    shelf_time = tables["shelf_time"].select(*PLACE, "months", "loans")
    assert {row[:-1]: row[-1] for row in shelf_time.iter_rows()} == waited and len(shelf_time) == len(waited)
    judged = dict(zip(tables["judged"]["item_no"], tables["judged"].select(PLACE).iter_rows(), strict=True))
    assert judged == {row["item_no"]: tuple(row[name] for name in PLACE) for row in known.rows.stock}


def test_the_tables_behind_the_measures_are_counted_row_by_row(library):
    check_the_tables(library)


def test_they_are_on_the_demo_too(demo):
    check_the_tables(demo)


def one_item(**facts) -> dict:
    """A library of one purchased item of class 913, with what is said of it."""
    library = random_library(Random(1), 1, 1)
    library["bib"] = [library["bib"][0] | {"ndc": "913.6", "audience": "general", "material": "book"}]
    said = {
        "bib_no": 0,
        "status": "available",
        "source": "purchase",
        "price": 1000,
        "gone_on": None,
        "accession_date": None,
    }
    return library | {"item": [library["item"][0] | said | facts], "loan": [], "hold": [], "retention": []}


@pytest.mark.parametrize(
    ("facts", "came", "went"),
    [
        ({"accession_date": date(2024, 3, 31)}, 2023, None),
        ({"accession_date": date(2024, 4, 1)}, 2024, None),
        ({"accession_date": date(2023, 1, 1), "gone_on": date(2025, 4, 1)}, 2022, 2024),
        ({"gone_on": date(2024, 4, 2)}, None, 2024),
        ({"accession_date": date(2024, 12, 31), "gone_on": date(2025, 3, 31)}, 2024, 2024),
    ],
)
def test_days_fall_into_fiscal_years(tmp_path, facts, came, went):
    """An import on 1 April tells of the year that has just ended."""
    with flagged(tmp_path, one_item(**facts), AS_OF) as connection:
        years = connection.sql("FROM year_cell").pl()
        assert years.filter(pl.col("received") > 0)["fiscal_year"].to_list() == ([came] if came else [])
        assert years.filter(pl.col("gone") > 0)["fiscal_year"].to_list() == ([went] if went else [])
        assert years["spent"].sum() == (1000 if came else 0)


@pytest.mark.parametrize(
    ("accession", "loans", "waited"),
    [
        (date(2023, 5, 9), {"2024-05": 1}, [12]),
        (None, {"2024-05": 1}, [49]),
        (date(2010, 1, 1), {"2024-05": 1}, [49]),
        (date(2024, 9, 1), {"2024-05": 1}, [0]),
        (date(2010, 1, 1), {"2023-12": 2, "2024-06": 3, "2024-07": 1}, [0, 0, 1, 6]),
        (date(2010, 1, 1), {"2023-12": 2, "2024-04": 0, "2024-06": 1}, [6]),
        (date(2010, 1, 1), {"2024-03": 2}, []),
        (date(2024, 10, 1), {"2025-03": 1, "2025-04": 4}, [5]),
    ],
)
def test_idleness_counts_from_the_loan_before(tmp_path, accession, loans, waited):
    """Loan figures begin in April 2020; the last twelve months are April 2024 to March 2025."""
    library = one_item(accession_date=accession)
    months = {month: int(month[:4]) * 12 + int(month[5:]) - 1 for month in loans}
    library["loan"] = [
        {"item_no": 0, "month": months[month], "loans": n, "in_house": None} for month, n in loans.items()
    ]
    with flagged(tmp_path, library, AS_OF) as connection:
        assert LOANS_FROM == 2020 * 12 + 3
        found = connection.sql("FROM shelf_time ORDER BY months").pl()
        assert [months for months, loans in found.select("months", "loans").iter_rows() for _ in range(loans)] == waited
        lent = connection.sql("SELECT fiscal_year, sum(loans) FROM year_cell GROUP BY ALL").pl()
        assert dict(lent.iter_rows()).get(2024, 0) == sum(
            n for month, n in loans.items() if "2024-04" <= month <= "2025-03"
        )


def test_a_hold_on_a_record_of_many_volumes_counts_once(tmp_path):
    """Two volumes of one record with three holds: three holds for two copies."""
    library = one_item(call_number="913.6/ヤ/1", condition=None, unrecoverable=None)
    library["item"].append(library["item"][0] | {"item_no": 1, "item_id": "00000001", "call_number": "913.6/ヤ/2"})
    library["bib"][0]["volume"] = None
    library["hold"] = [{"bib_no": 0, "branch": None, "holds": 3}]
    with flagged(tmp_path, library, AS_OF) as connection:
        assert connection.sql("SELECT DISTINCT unit_no FROM judged").pl().height == 2
        assert measures.compute(connection, "holds_per_copy")["value"].to_list() == [1.5]


def test_what_was_withdrawn_by_its_status_is_not_held(tmp_path):
    library = one_item(status="withdrawn", accession_date=date(2020, 5, 1))
    library["loan"] = [{"item_no": 0, "month": LOANS_TO, "loans": 1, "in_house": None}]
    with flagged(tmp_path, library, AS_OF) as connection:
        for name in ("holdings", "loans", "shelf_time"):
            assert measures.compute(connection, name).is_empty()
        assert measures.compute(connection, "loans_of_year", year=2024)["value"].to_list() == [1]


if __name__ == "__main__":
    DOCUMENT.write_text(measures_page(), encoding="utf-8")

"""鮮度, counted again item by item in plain Python."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from statistics import median

import polars as pl
import pytest

from collection import candidates, decisions, flag, freshness, measures, named_fields, policy
from collection.candidates import ALL, Filter
from collection.freshness import DEPTH, FAR, NEAR
from collection.measures import EVERYTHING, Scope
from collection.policy import coverage
from collection.store import snapshots
from collection.store.connection import connect, connect_flags, sql
from collection.words import Problem
from tests.random_library import AS_OF, random_library, write_snapshot
from tests.small_store import PACK

THIS_YEAR, YEAR = AS_OF.year, 2024
OPEN = Scope(location=("open",))
SCOPES = [
    EVERYTHING, OPEN, Scope(branch=("北口図書館",), audience=("general", "")),
    Scope(shelf_class=("4",), ndc="49", location=("open", "closed")), Scope(shelf_class=("8",), ndc="0"),
]  # fmt: skip


@pytest.fixture(scope="module")
def pack():
    return policy.load(PACK, AS_OF)


@pytest.fixture(scope="module", params=["random", "demo"])
def library(request, tmp_path_factory, pack):
    """A random library or the demo one: its flags file, a cursor on it as the screens see it, and its held items."""
    if request.param == "demo":
        flags = request.getfixturevalue("flagged")
    else:
        flags = _random(tmp_path_factory.mktemp("random"), pack)
    with connect_flags(flags) as cursor:
        decisions.attach(cursor, tmp_path_factory.mktemp("undecided"))
        yield flags, cursor, cursor.sql("SELECT * FROM judged ORDER BY item_no").pl().to_dicts()


def _random(store: Path, pack) -> Path:
    path = snapshots.path(store, AS_OF, "0" * 12)
    path.parent.mkdir(parents=True)
    write_snapshot(path, random_library(Random(4), 3000, titles=0.3))
    return flag.flag(store, pack, AS_OF)


def within(row: dict, scope: Scope) -> bool:
    parts = ("branch", "location", "shelf_class", "audience", "material")
    listed = all(not getattr(scope, part) or (row[part] or "") in getattr(scope, part) for part in parts)
    return listed and (not scope.ndc or (row["ndc"] or "").startswith(scope.ndc))


def rated(row: dict) -> bool:
    return row["pub_year"] is not None and row["class_shelf_life"] is not None


def is_past(row: dict) -> bool:
    return rated(row) and THIS_YEAR - row["pub_year"] > row["class_shelf_life"]


def items_listed(cursor, scope: Scope, **narrowed) -> int:
    """How many items the list shows when a mark of a scope is clicked."""
    told = vars(scope) | {"verdict": (), "tag": (ALL,)} | narrowed
    told["audience"] = tuple(code or "none" for code in told["audience"])
    return candidates.count(candidates.totals(cursor, Filter(**told)), Filter(**told))


@pytest.mark.parametrize("scope", SCOPES)
def test_the_pyramid_is_what_is_counted_item_by_item(library, scope):
    _, cursor, items = library
    found = freshness.ages(cursor, scope, THIS_YEAR)
    held = [row for row in items if within(row, scope)]
    oldest = THIS_YEAR - DEPTH - 1
    for side, placed in (("open", lambda at: at == "open"), ("elsewhere", lambda at: at not in ("open", None))):
        here = [row for row in held if placed(row["location"])]
        counted = {year: [0, 0] for year in range(THIS_YEAR, oldest - 1, -1)}
        for row in here:
            if row["pub_year"] is not None:
                year = min(max(row["pub_year"], oldest), THIS_YEAR)
                counted[year][0] += 1
                counted[year][1] += is_past(row)
        rows = [row for row in found.rows.iter_rows(named=True) if row["side"] == side]
        assert {row["year"]: [row["items"], row["past"]] for row in rows} == counted
        assert next(row for row in found.sides.iter_rows(named=True) if row["side"] == side) == {
            "side": side, "items": len(here), "rated": sum(map(rated, here)), "past": sum(map(is_past, here)),
            "lifeless": sum(row["class_shelf_life"] is None for row in here),
        }  # fmt: skip
    lives = [row["class_shelf_life"] for row in held if row["class_shelf_life"] is not None]
    assert dict(found.lives.iter_rows()) == {years: lives.count(years) for years in set(lives)}
    assert found.undated == sum(row["pub_year"] is None and row["location"] is not None for row in held)
    assert found.unplaced == sum(row["location"] is None for row in held)


def test_every_year_of_a_long_shelf_life_stands_by_itself():
    needed = {"shelf_order": 0, "bib_no": 0, "branch": "北口図書館", "shelf_class": "1", "never_lent": False}
    with connect() as cursor:
        cursor.execute(sql("schema/judged"))
        for item_no, year in enumerate((2030, 1985, 1984, 1900, None)):
            told = needed | {"item_no": item_no, "location": "open", "pub_year": year, "class_shelf_life": DEPTH + 10}
            told["years_published"] = None if year is None else THIS_YEAR - year
            cursor.execute(f"INSERT INTO judged ({', '.join(told)}) VALUES ({', '.join('?' * len(told))})", [*told.values()])  # fmt: skip
        found = freshness.ages(cursor, EVERYTHING, THIS_YEAR)
    held = found.rows.filter(pl.col("items") > 0)
    assert held.rows() == [("open", 2025, 1, 0), ("open", 1985, 1, 0), ("open", 1984, 2, 2)]
    assert found.undated == 1


def test_a_bar_of_the_pyramid_opens_as_many_items(library):
    _, cursor, _ = library
    rows = freshness.ages(cursor, Scope(shelf_class=("4",)), THIS_YEAR).rows.filter(side="open")
    for row in rows.head(15).iter_rows(named=True):
        clicked = {"location": ("open",), "year_from": row["year"], "year_to": row["year"]}
        if row["year"] == THIS_YEAR:
            del clicked["year_to"]
        assert items_listed(cursor, Scope(shelf_class=("4",)), **clicked) == row["items"]
        assert items_listed(cursor, Scope(shelf_class=("4",)), sign=("past_life",), **clicked) == row["past"]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("by", [("shelf_class",), ("shelf_class", "division"), ("shelf_class", "section", "branch")])
def test_what_is_past_is_counted_item_by_item(library, scope, by):
    _, cursor, items = library
    groups = {}
    for row in items:
        if within(row, scope):
            told = row | {"division": row["ndc"] and row["ndc"][:2], "section": row["ndc"]}
            groups.setdefault(tuple(told[name] for name in by), []).append(row)
    found = freshness.past(cursor, by, scope)
    assert len(found) == len(groups)
    for row in found.iter_rows(named=True):
        held = groups[tuple(row[name] for name in by)]
        past, judged = sum(map(is_past, held)), sum(map(rated, held))
        assert (row["items"], row["past"], row["rated"]) == (len(held), past, judged)
        assert row["lifeless"] == sum(one["class_shelf_life"] is None for one in held)
        assert row["superseded"] == sum(one["superseded"] for one in held)
        assert row["share"] == (past / judged if judged else None)


def test_classes_come_worst_first_with_their_measures(library):
    _, cursor, _ = library
    found = freshness.classes(cursor, ("shelf_class",), OPEN, EVERYTHING, YEAR)
    shares = [share for share in found["share"] if share is not None]
    assert shares == sorted(shares, reverse=True)
    assert found["share"].to_list()[: len(shares)] == shares
    for name, scope in {
        "year_median": OPEN,
        "new_on_open": OPEN,
        "freshness": EVERYTHING,
        "renewal": EVERYTHING,
    }.items():
        measured = dict(measures.compute(cursor, name, ("shelf_class",), scope, year=YEAR).iter_rows())
        assert dict(found.select("shelf_class", name).iter_rows()) == {mark: measured[mark] for mark in found["shelf_class"]}  # fmt: skip
    measured = dict(measures.compute(cursor, "past_shelf_life", ("shelf_class",), OPEN).iter_rows())
    assert dict(found.select("shelf_class", "share").iter_rows()) == pytest.approx(measured)
    worst = found.row(0, named=True)
    listed = items_listed(cursor, OPEN, shelf_class=(worst["shelf_class"],), sign=("past_life",))
    assert listed == worst["past"] > 0


@pytest.mark.parametrize("scope", SCOPES)
def test_superseded_editions_are_found_item_by_item(library, scope):
    _, cursor, items = library
    records = {row["bib_no"]: row for row in cursor.sql("SELECT * FROM facts_of_day.bib").pl().to_dicts()}
    facts = {row["item_no"]: row for row in cursor.sql("SELECT * FROM facts_of_day.item").pl().to_dicts()}
    newest: dict[int, dict] = {}
    for row in items:
        record = records.get(row["bib_no"])
        if row["usable"] and record and record["edition_rank"] is not None:
            work = newest.setdefault(facts[row["item_no"]]["work_no"], {"rank": 0, "held": []})
            if record["edition_rank"] > work["rank"]:
                work.update(rank=record["edition_rank"], held=[])
            if record["edition_rank"] == work["rank"]:
                work["held"].append(row)
    expected = {}
    for row in items:
        rank = records[row["bib_no"]]["edition_rank"] if row["bib_no"] is not None else None
        work = newest.get(facts[row["item_no"]]["work_no"])
        if within(row, scope) and rank is not None and work and rank < work["rank"]:
            expected[facts[row["item_no"]]["item_id"]] = (row, work["held"])
    found = freshness.superseded(cursor, scope)
    assert {row["item_id"] for row in found.iter_rows(named=True)} == set(expected)
    for row in found.iter_rows(named=True):
        old, held = expected[row["item_id"]]
        assert (row["branch"], row["pub_year"], row["loans_1y"]) == (
            old["branch"],
            old["pub_year"],
            old["loans_1y"] or 0,
        )
        assert row["newer_copies"] == len(held)
        assert row["newer_branches"].split("、") == sorted({one["branch"] for one in held})
        assert row["newer_year"] in {one["pub_year"] for one in held}
        assert row["newer_item_id"] in {facts[one["item_no"]]["item_id"] for one in held}
    loans = found["loans_1y"].to_list()
    assert loans == sorted(loans, reverse=True)
    assert len(found) == freshness.past(cursor, ("whole",), scope)["superseded"].sum()
    assert len(found) == items_listed(cursor, scope, sign=("superseded",))


def test_the_pages_of_superseded_editions_make_the_whole(library):
    _, cursor, _ = library
    whole = freshness.superseded(cursor, EVERYTHING)["item_id"].to_list()
    assert len(whole) > 7
    pages = [freshness.superseded(cursor, EVERYTHING, 7, skip)["item_id"].to_list() for skip in range(0, len(whole), 7)]
    assert [item for page in pages for item in page] == whole


def test_fields_are_counted_item_by_item(library, pack):
    _, cursor, items = library
    named = freshness.fields(pack)
    found = {(row["field"], row["prefix"]): row for row in freshness.of_fields(cursor, named, OPEN, YEAR).to_dicts()}
    open_items = [row for row in items if row["location"] == "open" and row["shelf_class"] != "K" and row["ndc"]]
    expected = {}
    for field in named:
        for prefix in (None, *field.prefixes):
            held = [row for row in open_items if row["ndc"].startswith(prefix or field.prefixes)]
            if held:
                expected[field.name, prefix] = held
    assert set(found) == set(expected) and len(expected) > 5
    for key, held in expected.items():
        row, ages = found[key], [THIS_YEAR - one["pub_year"] for one in held if one["pub_year"] is not None]
        assert row["items"] == len(held)
        assert (row["past"], row["rated"]) == (sum(map(is_past, held)), sum(map(rated, held)))
        assert (row["dated"], row["near"], row["far"]) == (len(ages), sum(a <= NEAR for a in ages), sum(a <= FAR for a in ages))  # fmt: skip
        assert row["received"] == sum(one["received"] == YEAR for one in held)
        assert row["year_median"] == (median([THIS_YEAR - age for age in ages]) if ages else None)
        assert row["near_share"] == (row["near"] / row["dated"] if ages else None)
        if key[1]:
            clicked = {"shelf_class": (key[1][0],), "ndc": key[1]}
            assert items_listed(cursor, OPEN, **clicked) == row["items"]
            assert items_listed(cursor, OPEN, sign=("past_life",), **clicked) == row["past"]


def test_every_field_of_the_pack_names_a_clause_that_there_is(pack):
    named = freshness.fields(pack)
    assert [field.en for field in named] == [
        "Information science", "Travel guides", "Law", "Natural sciences", "Medicine", "Technology"
    ]  # fmt: skip
    assert {freshness.clause_of(pack, field) for field in named} <= set(coverage.clauses(pack))
    assert freshness.clause_of(pack, named[0]) == ("collection-criteria", "4-1-1-2")


def test_the_fields_are_those_whose_clauses_ask_for_what_is_new(pack):
    path = Path(__file__).parents[2] / "shared" / "reference" / "clauses.csv"
    if not path.exists():
        pytest.skip("the wording of the clauses is not here")
    wording = {(row["document"], row["clause"]): row["text"] for row in policy.pack.read_csv(path)}
    asked = {
        "情報科学": "最新",
        "旅行ガイド": "買換え",
        "法律": "改訂版",
        "自然科学": "最新",
        "医学": "安全性",
        "技術": "最新",
    }
    for field in freshness.fields(pack):
        text = wording[freshness.clause_of(pack, field)]
        assert asked[field.name] in text
        assert field.name[:2] in text


BAD = {
    "named_fields.blank": "情報科学,,007,資料収集に関する基準 第4の1(1)イ",
    "named_fields.class": "情報科学,Information,0071,資料収集に関する基準 第4の1(1)イ",
    "freshness.field_article": "情報科学,Information,007,資料収集の基準 第4の1(1)イ",
    "named_fields.twice": "医学,Medicine,49,資料収集に関する基準 第4の1(5)ウ\n医学,Medicine,48,資料収集に関する基準 第4の1(5)ウ",
}


@pytest.mark.parametrize("key", BAD)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_bad_row_is_told_with_its_line(pack, tmp_path, key, encoding):
    assert told(pack, tmp_path, BAD[key], encoding).key == key


@pytest.mark.parametrize("classes", ["54;548", "54;54", "医学", "5 4", ";", "54;"])
def test_classes_that_overlap_or_are_none_are_refused(pack, tmp_path, classes):
    assert told(pack, tmp_path, f"技術,Technology,{classes},資料収集に関する基準 第4の1(6)ア").values["line"] == 2


def told(pack, folder: Path, rows: str, encoding: str = "utf-8") -> Problem:
    (folder / "fields.csv").write_text(f"{','.join(named_fields.COLUMNS)}\n{rows}\n", encoding=encoding)
    with pytest.raises(Problem) as raised:
        freshness.fields(in_folder(pack, folder))
    assert "fields.csv" in str(raised.value)
    return raised.value


def test_a_pack_without_fields_has_none(pack, tmp_path):
    assert freshness.fields(in_folder(pack, tmp_path)) == []


def in_folder(pack, folder: Path):
    return replace(pack, folder=folder)


def test_the_file_has_one_row_a_section_and_branch(library, pack):
    flags, cursor, items = library
    found = freshness.listed(flags, pack)
    assert found.columns == [
        "class", "section", "branch", "items", "open_items", "median_year", "past_shelf_life", "past_shelf_life_share",
        "superseded_open", "received", "freshness", "renewal",
    ]  # fmt: skip
    assert found.select("class", "section", "branch").is_unique().all()
    assert (found["items"].sum(), found["open_items"].sum()) == (len(items), sum(row["location"] == "open" for row in items))  # fmt: skip
    assert found["past_shelf_life"].sum() == sum(map(is_past, items))
    assert found["superseded_open"].sum() == sum(row["superseded"] and row["location"] == "open" for row in items)
    year = measures.year_of(date(2025, 4, 1))
    assert found["received"].sum() == measures.compute(cursor, "received", year=year)["value"].sum()
    for row in found.sample(10, seed=1).iter_rows(named=True):
        key = (row["class"], row["section"], row["branch"])
        held = [one for one in items if (one["shelf_class"], one["ndc"], one["branch"]) == key]
        years = [one["pub_year"] for one in held if one["pub_year"] is not None]
        assert row["items"] == len(held)
        assert row["median_year"] == (median(years) if years else None)
        assert row["freshness"] == (row["received"] / len(held) if held else None)

"""地域資料 against plain counting over a random library, and the publications of the city one by one."""

from collections import Counter
from dataclasses import replace
from random import Random

import polars as pl
import pytest

from collection import flag, local
from collection.local import Look
from collection.measures import Scope
from collection.store.connection import connect, connect_flags
from collection.words import Problem
from tests.random_library import AS_OF, random_library, write_snapshot
from tests.road_store import POLICY

FACTS = (
    "SELECT item_id, judged.branch, judged.location, judged.audience, judged.ndc, judged.local, local_clue, listed,"
    " copies, received, verdict, status, condition, author, bib.bib_id FROM judged JOIN facts_of_day.item USING (item_no)"
    " LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no ORDER BY judged.shelf_order"
)
AUTHORS = [None, "山川花子", "小松左京", "小松 左京;山川花子", "須賀，敦子"]
TITLES = ["西宮の歴史散歩", "夙川と鳴尾", "京都散歩"]


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Flags of a random library with several marks, clues and authors of the city."""
    rng, folder = Random(7), tmp_path_factory.mktemp("town")
    library = random_library(rng, 900, 0.4)
    for bib in library["bib"]:
        bib["author"], bib["title"] = rng.choice(AUTHORS), rng.choice(TITLES)
        bib["local"] = rng.choice([None, None, "local", "sake;local", "washi", "official"])
    (folder / "holdings").mkdir()
    write_snapshot(folder / "holdings" / f"{AS_OF}-0123456789ab.duckdb", library)
    return flag.flag(folder, POLICY, AS_OF)


@pytest.fixture(scope="module")
def found(town):
    with connect_flags(town) as cursor:
        yield local.items(cursor, POLICY)


@pytest.fixture(scope="module")
def rows(town) -> list[dict]:
    """The same items, told in plain Python."""
    with connect_flags(town) as cursor:
        every = cursor.sql(FACTS).pl().to_dicts()
    return [told for row in every if (told := naive(row))["groups"]]


def naive(row: dict) -> dict:
    kinds = row["local"].split(";") if row["local"] else []
    clues = row["local_clue"].split("・") if row["local_clue"] else []
    listed = local.authors(POLICY) in (row["listed"] or "").split(";")
    state = "missing" if row["status"] == "missing" else row["condition"] or "unknown"
    several = {None: "unknown", 0: "none", 1: "only"}.get(row["copies"], "several")
    groups = [name for name, held in (("marked", kinds), ("list", listed), ("clue", clues)) if held]
    return row | {"kinds": kinds, "clues": clues, "state": state, "several": several, "groups": groups}


def by_name(row: dict, name: str) -> bool:
    bare = "".join(mark for mark in row["author"] or "" if mark not in " 　,，・")
    return "list" in row["groups"] and name in bare


def test_every_item_is_told_as_plain_python_tells_it(found, rows):
    names = ("item_id", "kinds", "clues", "state", "several", "branch", "location", "received", "verdict")
    assert found.select(names).rows() == [tuple(row[name] for name in names) for row in rows]
    assert {name for row in rows for name in row["groups"]} == set(local.GROUPS)
    assert {row["several"] for row in rows} >= {"none", "only", "several"}
    assert {row["state"] for row in rows} == set(local.STATES)


LOOKS = {
    "marked": (Look(), lambda row: "marked" in row["groups"]),
    "kind": (Look(kind="local"), lambda row: "local" in row["kinds"]),
    "clue": (Look("clue", clue="鳴尾"), lambda row: "鳴尾" in row["clues"]),
    "ask": (Look("clue", verdict="ask"), lambda row: row["clues"] and row["verdict"] == "ask"),
    "untouched": (Look("clue", verdict="none"), lambda row: row["clues"] and row["verdict"] is None),
    "author": (Look("list", author="小松左京"), lambda row: by_name(row, "小松左京")),
    "harmed": (Look(state="harmed"), lambda row: row["kinds"] and row["state"] in local.HARMED),
    "unknown state": (Look(state="unknown"), lambda row: row["kinds"] and row["state"] == "unknown"),
    "only copy": (Look(kind="sake", copies="only"), lambda row: "sake" in row["kinds"] and row["several"] == "only"),
}


@pytest.mark.parametrize(("look", "holds"), LOOKS.values(), ids=LOOKS)
def test_a_look_lets_through_what_plain_python_does(found, rows, look, holds):
    expected = [row["item_id"] for row in rows if holds(row)]
    assert local.looked_at(found, look)["item_id"].to_list() == expected and expected


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        (Scope(branch=("北口図書館", "鳴尾図書館")), lambda row: row["branch"] != "中央図書館"),
        (Scope(location=("closed", "")), lambda row: row["location"] in ("closed", None)),
        (Scope(audience=("child",), ndc="9"), lambda row: row["audience"] == "child" and (row["ndc"] or "")[:1] == "9"),
    ],
)
def test_a_scope_narrows_the_items(found, rows, scope, holds):
    assert local.scoped(found, scope)["item_id"].to_list() == [row["item_id"] for row in rows if holds(row)]


def test_counts_by_kind_clue_and_author(found, rows):
    kinds = Counter((kind, row["branch"]) for row in rows for kind in row["kinds"])
    assert dict(((kind, branch), n) for kind, branch, n in local.by_kind(found, "branch").rows()) == kinds
    clues = Counter(clue for row in rows for clue in row["clues"])
    ask = Counter(clue for row in rows for clue in row["clues"] if row["verdict"] == "ask")
    told = local.by_clue(found)
    assert {clue: (items, asked) for clue, items, asked in told.rows()} == {
        clue: (n, ask[clue]) for clue, n in clues.items()
    }
    assert told["items"].is_sorted(descending=True) and sum(ask.values())
    held = {
        name: [row for row in rows if by_name(row, name)] for name in ("小松左京", "須賀敦子", "佐藤愛子", "遠藤周作")
    }
    expected = {name: (len(part), len({row["bib_id"] for row in part})) for name, part in held.items()}
    assert {name: (items, titles) for name, items, titles in local.by_author(found, POLICY).rows()} == expected
    assert expected["須賀敦子"][0] and not expected["佐藤愛子"][0]


def test_a_pack_without_a_list_of_authors(found):
    assert local.by_author(found, replace(POLICY, lists={})).is_empty()


def test_the_clauses_are_those_that_speak_of_local_material():
    assert {rule.clause for rule in local.rules(POLICY)} >= {"5-2-1", "5-2-2", "5-2-3", "3-5-1", "3-5-3"}


def test_the_file_tells_why_each_item_is_in_it(town, rows):
    made = local.listed(town, POLICY)
    assert tuple(made.columns) == local.COLUMNS and made.height == len(rows)
    assert made["item_id"].to_list() == [row["item_id"] for row in rows]
    why = {"marked": "marked", "list": "list:市ゆかりの著者"}
    for row, kinds, reason in zip(rows, made["kinds"], made["reason"], strict=True):
        assert kinds == (";".join(row["kinds"]) or None)
        assert reason == ";".join(why.get(name) or "clue:" + "・".join(row["clues"]) for name in row["groups"])


# ── publications of the city

BIBS = [  # bib_no, title_key, isbn, pub_year, held items (usable or not)
    (0, "西宮市統計書", None, 2023, [True, False]),
    (1, "西宮市統計書", None, 2021, [True]),
    (2, "市民のしおり", None, None, [True]),
    (3, "西宮の文化財", "9784000000017", 2001, [True]),
    (4, "失われた市史", None, 1960, []),
]
WANTED = {  # title, year, isbn → found, items, usable, other_years
    ("西宮市　統計書", "令和5年", ""): ("held", 2, 1, "2021"),
    ("西宮市統計書", "2024", ""): ("other_years", 0, 0, "2021・2023"),
    ("西宮市統計書", "", ""): ("held", 3, 2, None),
    ("市民のしおり", "2020", ""): ("unsure", 0, 0, None),
    ("市民のしおり", "", ""): ("held", 1, 1, None),
    ("別の書名", "", "4-00-000001-2"): ("held", 1, 1, None),
    ("別の書名", "1999", "978-4-00-000001-7"): ("held", 1, 1, None),
    ("失われた市史", "1960", ""): ("none", 0, 0, None),
    ("どこにもない", "", ""): ("none", 0, 0, None),
    ("西宮市統計書", "いつか", ""): ("unclear", 3, 2, None),
    ("", "2023", ""): ("unclear", 0, 0, None),
    ("", "", "123"): ("unclear", 0, 0, None),
}


def test_publications_are_matched_by_isbn_or_title_and_year():
    with connect() as cursor:
        cursor.execute("ATTACH ':memory:' AS facts_of_day")
        cursor.execute("CREATE TABLE facts_of_day.bib (bib_no INT, title_key VARCHAR, isbn VARCHAR, pub_year SMALLINT)")
        cursor.execute("CREATE TABLE judged (bib_no INT, usable BOOLEAN)")
        cursor.executemany("INSERT INTO facts_of_day.bib VALUES (?, ?, ?, ?)", [bib[:4] for bib in BIBS])
        cursor.executemany("INSERT INTO judged VALUES (?, ?)", [(bib[0], usable) for bib in BIBS for usable in bib[4]])
        rows = [{"title": a, "publisher": "市", "year": b, "isbn": c, "note": ""} for a, b, c in WANTED]
        found = local.publications(cursor, rows)
        assert local.publications(cursor, []).is_empty()
    told = {
        (a, b, c): rest
        for a, b, c, *rest in found.select("title", "year", "isbn", "found", "items", "usable", "other_years").rows()
    }
    assert {key: tuple(rest) for key, rest in told.items()} == WANTED
    order = [local.FOUND.index(state) for state in found["found"]]
    assert order == sorted(order)


def test_the_list_of_the_pack_can_be_read(tmp_path):
    assert all(row["title"] for row in local.wanted(POLICY)) and local.wanted(POLICY)
    other = replace(POLICY, folder=tmp_path)
    assert local.wanted(other) == []
    (tmp_path / "lists").mkdir()
    (tmp_path / local.PUBLICATIONS).write_bytes("書名\n市史\n".encode("cp932"))
    assert [row["title"] for row in local.wanted(other)] == ["市史"]
    (tmp_path / local.PUBLICATIONS).write_bytes(b"\x81\x20")
    with pytest.raises(Problem):
        local.wanted(other)


def test_nothing_local_is_no_error(found):
    none = found.clear()
    assert local.by_kind(none, "branch").is_empty() and local.by_clue(none).is_empty()
    assert local.by_author(none, POLICY)["items"].sum() == 0
    assert isinstance(local.looked_at(none, Look("clue", clue="夙川")), pl.DataFrame)

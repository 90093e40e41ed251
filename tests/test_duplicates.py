"""複本 against its naive twin on random libraries, and what no move may do."""

from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from math import ceil
from random import Random

import polars as pl
import pytest

from collection import duplicates, steps
from collection.flag import count_years, judge
from collection.measures import EVERYTHING, Scope
from collection.policy.load import load
from collection.policy.model import PolicyList
from collection.store.connection import connect
from tests import naive_duplicates as naive
from tests.random_library import AS_OF, BRANCHES, LOANS_TO, TITLES, random_library, write_snapshot
from tests.small_store import PACK

PLAIN = load(PACK, AS_OF)
POLICY = replace(PLAIN, parameters=PLAIN.parameters | {"よく借りられる貸出": 3})  # in a small library more is well used
SEEDS = range(12)
WHERE = [*BRANCHES, "北部図書館", "山口分室", "甲東園分室", "高須分室"]
VALUES = {"holds_per_copy": "複本1冊の予約", "loans_per_copy": "複本1冊の年間貸出", "well_used": "よく借りられる貸出"}
DECIDED = {"item_no": pl.Int32, "tag": pl.String, "entry": pl.String, "list_state": pl.String, "road": pl.String}


def isbn(number: int) -> str:
    """A valid ISBN."""
    twelve = f"978400{number:06d}"
    return twelve + str(-sum(int(digit) * (1 + 2 * (at % 2)) for at, digit in enumerate(twelve)) % 10)


CHILDREN = PolicyList("課題図書", "Set books", tuple(
    {"title": title, "author": author, "publisher": None, "isbn": isbn, "note": None}
    for title, author, isbn in (
        (TITLES[0], None, None), (TITLES[1], "山川 花子", None), (TITLES[4], None, isbn(1)), (None, None, f"{isbn(2)[:3]}-{isbn(2)[3:]}"),
        (None, "山川花子", None), ("どこにもない本", None, None), (None, None, "978"), (f"{TITLES[0]} ", None, None),
    )
))  # fmt: skip
LISTING = replace(POLICY, lists=POLICY.lists | {CHILDREN.name: CHILDREN})


def busy_library(rng: Random) -> dict[str, list[dict]]:
    """A random library of many copies, much lent and asked for, with little that hinders a move."""
    library = random_library(rng, rng.choice([60, 600]), rng.choice([0.12, 0.2, 0.8]))
    for bib in library["bib"]:
        bib |= {
            "local": rng.choice([None] * 15 + ["sake"]),
            "isbn": isbn(bib["bib_no"] % 4) if rng.random() < 0.5 else None,
        }
        bib |= {"author": rng.choice(["山川花子", "山川花子;海野次郎", None]), "volume": rng.choice([None] * 5 + ["1"])}
        bib |= {"edition_rank": rng.choice([None] * 4 + [1, 2])}
        bib |= {
            "pub_year": rng.choice([2024, 2024, 2023, 2021, 2000, None]),
            "material": rng.choice(["book"] * 9 + ["reference"]),
        }
    for item in library["item"]:
        item |= {
            "branch": rng.choice(WHERE),
            "location": rng.choice(["open"] * 6 + ["closed", "closed", "reference", None]),
        }
        item["accession_date"] = AS_OF - timedelta(days=rng.randrange(300, 9000))
        item["condition"] = rng.choice([None] * 15 + ["damaged"])
        item |= {"retention": None, "issue_date": None, "source": "purchase", "gone_on": None}
        item |= {
            "status": rng.choice(["available"] * 10 + ["on_loan", "in_transit", "in_repair", "missing", None]),
            "call_number": rng.choice(["913.6/ヤ"] * 9 + ["913.6/ヤ/2"]),
        }
    liked = {bib["bib_id"]: rng.choice([1, 4, 7]) for bib in library["bib"]}
    months = range(LOANS_TO - 15, LOANS_TO + 1)
    library["loan"] = [
        {"item_no": item["item_no"], "month": month, "loans": rng.randrange(liked[item["bib_id"]]), "in_house": None}
        for item in library["item"]
        if rng.random() < 0.6
        for month in sorted(rng.sample(months, 8))
    ]
    pairs = {(rng.randrange(len(library["bib"])), rng.choice([*WHERE, None])) for _ in range(len(library["bib"]) // 3)}
    library["hold"] = [
        {"bib_no": bib, "branch": branch, "holds": rng.randrange(1, 9)} for bib, branch in sorted(pairs, key=str)
    ]
    return library


def decisions_of(rng: Random, library: dict) -> list[dict]:
    return [
        {
            "item_no": item["item_no"], "tag": rng.choice([None, *steps.TAGS, "withdraw", "withdraw"]), "entry": rng.choice([None, "entered", "keep"]),
            "list_state": rng.choice([None, "in_review", "decided"]), "road": rng.choice([None, None, "to_offer", "readmitted"]),
        }
        for item in library["item"] if rng.random() < 0.15
    ]  # fmt: skip


@contextmanager
def made_world(folder, seed: int, library: dict | None = None):
    """A connection to the flags of a random library with random decisions, and the same as the twin sees it; or to those of
    the library given, where nothing is decided."""
    rng = Random(seed)
    decided = [] if library else decisions_of(rng, library := busy_library(rng))
    snapshot = write_snapshot(folder / f"{seed}.duckdb", library)
    with connect(folder / f"{seed}.flags.duckdb", attach={"facts_of_day": snapshot}) as connection:
        judge(connection, POLICY, AS_OF)
        count_years(connection, AS_OF)
        connection.register("decided", pl.DataFrame(decided, schema=DECIDED))
        bibs = {bib["bib_no"]: bib for bib in connection.sql("SELECT * FROM facts_of_day.bib").pl().to_dicts()}
        items = {row["item_no"]: row for row in connection.sql("SELECT * FROM facts_of_day.item").pl().to_dicts()}
        stock = [
            row | {"status": items[row["item_no"]]["status"], "work_no": items[row["item_no"]]["work_no"]}
            | {"title_no": row["bib_no"] is not None and bibs[row["bib_no"]]["unit_no"], "item_id": items[row["item_no"]]["item_id"]}
            for row in connection.sql("SELECT * FROM judged").pl().to_dicts()
        ]  # fmt: skip
        lent, cells = Counter(), connection.sql("SELECT * FROM year_cell WHERE loans > 0").pl()
        for row in cells.filter(pl.col("fiscal_year") == pl.col("fiscal_year").max()).to_dicts():
            lent[row["branch"], row["shelf_class"]] += row["loans"]
        world = naive.World(stock, bibs, library["hold"], {row["item_no"]: row for row in decided}, lent)
        yield connection, world


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("random")
        yield [stack.enter_context(made_world(folder, seed)) for seed in SEEDS]


@pytest.fixture(params=SEEDS)
def drawn(request, worlds):
    return worlds[request.param]


def values() -> dict[str, int]:
    return {name: POLICY.parameters[word] for name, word in VALUES.items()}


@pytest.mark.parametrize("scope", [EVERYTHING, Scope(branch=("中央図書館",), location=("open",)), Scope(ndc="91")])
def test_surplus_copies_equal_the_twin(drawn, scope):
    connection, world = drawn

    def holds(row: dict) -> bool:
        return (
            (not scope.branch or row["branch"] in scope.branch) and (not scope.location or row["location"] in scope.location)
            and (row["ndc"] or "").startswith(scope.ndc)
        )  # fmt: skip

    twin = naive.surplus(world, holds)
    unit = {row["item_id"]: row["unit_no"] for row in world.stock}
    found = duplicates.surplus(connection, scope)
    assert {
        (unit[row["item_id"]], row["branch"]): (row["surplus"], row["copies"], row["asks"], row["loans_1y"])
        for row in found.to_dicts()
    } == twin
    assert found["rows"].to_list() == [len(twin)] * len(twin)
    pages = [duplicates.surplus(connection, scope, 7, skip) for skip in range(0, len(twin), 7)]
    assert pl.concat([found.clear(), *pages]).equals(found)
    cells = Counter(
        (row["branch"], row["shelf_class"]) for row in world.stock if row["surplus"] and holds(row)
    )  # fmt: skip
    assert {row[:2]: row[2] for row in duplicates.surplus_cells(connection, scope).iter_rows()} == cells


def test_titles_asked_for_equal_the_twin(drawn):
    connection, world = drawn
    title_no = {bib["bib_id"]: bib["unit_no"] for bib in world.bibs.values()}
    found = duplicates.asked(connection, POLICY)
    twin = naive.asked(world, values()["holds_per_copy"])
    assert {title_no[row["bib_id"]]: (row["holds"], row["copies"], row["wanted"]) for row in found.to_dicts()} == twin
    assert found["wanted"].is_sorted(descending=True)
    for row in found.to_dicts():
        assert sum_told(row["holds_at"]) <= row["holds"]
        assert sum_told(row["copies_at"]) == row["copies"]


def sum_told(told: str | None) -> int:
    return sum(int(part.rpartition(" ")[2]) for part in (told or "").split(";") if part)


def test_a_scope_narrows_the_titles_asked_for(drawn):
    connection, _ = drawn
    everything = duplicates.asked(connection, POLICY)
    for branch in WHERE:
        kept = duplicates.asked(connection, POLICY, Scope(branch=(branch,)))["bib_id"].to_list()
        assert kept == [row["bib_id"] for row in everything.to_dicts() if branch in row["at_branches"]]
    in_class = duplicates.asked(connection, POLICY, Scope(shelf_class=("9", "K")))
    assert (
        in_class["bib_id"].to_list() == everything.filter(pl.col("shelf_class").is_in(["9", "K"]))["bib_id"].to_list()
    )


@pytest.mark.parametrize("location", [(), ("open",), ("", "closed")])
def test_titles_lacking_equal_the_twin(drawn, location):
    connection, world = drawn
    wanted = duplicates.titles(LISTING).select("title", "author", pl.col("isbn_key").alias("isbn")).to_dicts()
    found = duplicates.missing(connection, LISTING, Scope(location=location))
    branches = found.group_by("row").agg("branch")
    assert dict(branches.select("row", pl.col("branch").map_elements(set, pl.Object)).iter_rows()) == naive.missing(
        world, wanted, location
    )
    assert found.select("row", "branch").is_duplicated().sum() == 0


def test_moves_equal_the_twin(drawn):
    connection, world = drawn
    found = duplicates.moves(connection, POLICY)
    twin = naive.moves(world, duplicates.allowing(POLICY), **values())
    assert sorted(found.select("item_no", "branch", "to_branch", "demand").iter_rows()) == sorted(twin)


def test_a_scope_narrows_the_moves(drawn):
    connection, _ = drawn
    everything = duplicates.moves(connection, POLICY)
    for branch in WHERE:
        chosen = Scope(branch=(branch,), location=("open",), ndc="9")
        kept = [
            row["item_no"] for row in everything.to_dicts()
            if branch in (row["branch"], row["to_branch"]) and row["location"] == "open" and (row["ndc"] or "").startswith("9")
        ]  # fmt: skip
        assert duplicates.moves_of(everything, chosen)["item_no"].to_list() == kept


def test_no_move_does_harm(drawn):
    connection, world = drawn
    stock, before, asks = {row["item_no"]: row for row in world.stock}, naive.places(world), values()
    found = duplicates.moves(connection, POLICY).to_dicts()
    assert len({row["item_no"] for row in found}) == len(found)
    given = Counter((stock[row["item_no"]]["unit_no"], row["branch"]) for row in found)
    got = Counter((stock[row["item_no"]]["unit_no"], row["to_branch"]) for row in found)
    assert not given.keys() & got.keys()
    survivors = {row["survivor_item_no"] for row in world.stock}
    for row in found:
        item = stock[row["item_no"]]
        assert row["survivor"] == (row["item_no"] in survivors)
        assert row["branch"] == item["branch"] != row["to_branch"]
        assert item["status"] in (None, "available")
        assert item["protected_by"] in (None, *duplicates.allowing(POLICY))
        assert not world.leaving(item) and item["usable"] and item["circulates"]
    for (unit, branch), n in given.items():
        place = before[unit, branch]
        left = place.copies - n
        assert left >= ceil(place.loans / asks["loans_per_copy"])
        assert left >= ceil(place.holds / asks["holds_per_copy"])
        assert left >= 1 or place.unneeded
    for (unit, branch), n in got.items():
        place = before.get((unit, branch), naive.Place(0, None, None, 0, True, False))
        assert place.copies + n <= max(place.wants(asks), 1)


def test_every_kind_of_move_comes_up(worlds):
    demands = Counter()
    for connection, _ in worlds:
        demands.update(duplicates.moves(connection, POLICY)["demand"])
    assert min(demands[demand] for demand in duplicates.DEMANDS) > 4


def small_library(copies: list[tuple[str, str, int]], holds: list[tuple[str, str, int]]) -> dict[str, list[dict]]:
    """Books of one class from copies (title, branch, loans last year; 0: idle for long), and holds (title, branch, holds)."""
    titles = list(dict.fromkeys(title for title, _, _ in copies))
    bibs = [
        {
            "bib_no": number, "bib_id": title, "title": title, "title_key": title, "ndc": "913.6", "audience": "general",
            "material": "book", "work_no": number, "unit_no": number, "pub_year": 2000,
        }
        for number, title in enumerate(titles)
    ]  # fmt: skip
    items = [
        {
            "item_no": number, "item_id": f"{number:04d}", "bib_no": titles.index(title), "bib_id": title, "branch": branch,
            "location": "open", "status": "available", "accession_date": AS_OF - timedelta(days=9000),
            "last_loan_date": AS_OF - timedelta(days=8000), "never_lent": False, "shelf_order": number,
        }
        for number, (title, branch, _) in enumerate(copies)
    ]  # fmt: skip
    loans = [
        {"item_no": number, "month": LOANS_TO, "loans": n, "in_house": None}
        for number, (*_, n) in enumerate(copies)
        if n
    ]
    waiting = [{"bib_no": titles.index(title), "branch": branch, "holds": n} for title, branch, n in holds]
    return {"bib": bibs, "item": items, "loan": loans, "hold": waiting}


def moved(folder, copies: list[tuple[str, str, int]], holds: list[tuple[str, str, int]]) -> list[tuple[str, str, str]]:
    with made_world(folder, 0, small_library(copies, holds)) as (connection, _):
        found = duplicates.moves(connection, POLICY).sort("title", "to_branch")
        return found.select("title", "to_branch", "demand").rows()


def test_spare_copies_go_first_to_who_waits_and_one_to_each_branch(tmp_path):
    here = [("本", "中央図書館", 0), ("本", "中央図書館", 0), ("本", "鳴尾図書館", 11)]
    others = [("他", "北口図書館", 9), ("他", "山口分室", 5)]
    expected = [("本", "北口図書館", "holds"), ("本", "山口分室", "none")]
    assert moved(tmp_path, here + others, [("本", "北口図書館", 1)]) == expected


def test_the_only_copy_stays_where_it_is(tmp_path):
    others = [("他", "北口図書館", 9)]
    assert moved(tmp_path, [("本", "中央図書館", 0), *others], [("本", "北口図書館", 1)]) == []


def test_only_protection_by_holds_allows_a_move():
    assert duplicates.allowing(POLICY) == ["km-8-1-holds"]


def test_a_title_on_two_lists_is_one_title():
    other = PolicyList("受賞作品", "Awards", (CHILDREN.rows[0], CHILDREN.rows[5]))
    found = duplicates.titles(replace(LISTING, lists=LISTING.lists | {other.name: other}))
    assert found["title"].to_list() == [TITLES[0], TITLES[1], TITLES[4], None, "どこにもない本"]
    assert found["listed"].to_list() == ["課題図書・受賞作品", "課題図書", "課題図書", "課題図書", "課題図書・受賞作品"]


def test_lists_of_authors_are_no_titles():
    assert duplicates.titles(POLICY).is_empty()
    assert "市ゆかりの著者" not in duplicates.list_files(POLICY)
    assert all((PACK / file).is_file() for file in duplicates.list_files(POLICY).values())


def test_the_file_tells_every_finding(flagged, cursor):
    found = duplicates.listed(flagged, LISTING)
    assert dict(found.schema) == duplicates.COLUMNS
    counts = dict(found["kind"].value_counts().iter_rows())
    assert counts == {
        kind: len(part)
        for kind, part in {
            "surplus": duplicates.surplus(cursor), "asked_for": duplicates.asked(cursor, LISTING),
            "missing": duplicates.missing(cursor, LISTING), "move": duplicates.moves(cursor, LISTING),
        }.items()
        if len(part)
    }  # fmt: skip
    assert {"surplus", "missing", "move"} <= set(counts)
    assert found["article"].null_count() == 0
    moves = found.filter(kind="move")
    assert moves["to_branch"].null_count() == 0 and found.filter(pl.col("kind") != "move")["to_branch"].is_null().all()
    nowhere = found.filter(title="どこにもない本")
    assert set(nowhere["branch"]) == set(found.filter(kind="missing")["branch"]) and nowhere["item_id"].is_null().all()

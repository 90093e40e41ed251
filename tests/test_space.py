"""書架の余裕 against its naive twin: how full, the quota, what it is made of, and the list that stands behind it."""

import shutil
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor
from random import Random
from statistics import median

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection import candidates, decisions, ledger, policy, space, years
from collection.demo import figures
from collection.ledger import Event
from collection.space import Counted
from collection.store.connection import connect, connect_flags
from tests import road_store, small_store
from tests.random_library import AS_OF, BRANCHES

PACK = policy.load(small_store.PACK, AS_OF)
SMALL = {
    "中央図書館": (250, 9000),
    "北口図書館": (2200, 0),
    "鳴尾図書館": (900, 30),
    "若竹分室": (100, 0),
    "どこにもない館": (1, 1),
}
POLICY = replace(PACK, capacity=SMALL)
GOES = ("to_offer", "to_give", "to_discard", "to_strike")


@pytest.fixture(scope="module", params=["demo", "random"])
def decided(request, flagged, tmp_path_factory):
    """A library on which people have decided here and there: a cursor with the decisions attached, its rows, its flags."""
    store, rng = tmp_path_factory.mktemp("space") / "store", Random(5)
    if request.param == "demo":
        shutil.copytree(flagged.parent, store / "holdings")
        flags = store / "holdings" / flagged.name
    else:
        flags, _ = road_store.random_store(store, rng, 1500, 0.5)
    with connect_flags(flags) as cursor:
        items = [item for (item,) in cursor.execute(WITH_ITEM.format("item_id")).fetchall()]
        rng.shuffle(items)
        for state in GOES:
            road_store.on_road(store, [items.pop() for _ in range(40)], state)
        on_road = road_store.present(store, "road")
        struck = [item for item, state in on_road.items() if state == "to_strike"]
        with ledger.writing(store) as connection:
            ledger.append(connection, road_store.LIBRARIAN, [
                *(Event("discard", item, item_id=item) for item, state in on_road.items() if state == "to_discard"),
                *(Event("strike", item, item_id=item) for item in struck),
                *(Event("readmit", item, item_id=item) for item in struck[:15]),
                *(Event("tag", item, rng.choice(["keep", "keep", "withdraw", "stacks"]), item_id=item, reason="試し")
                  for item in items[:300]),
            ])  # fmt: skip
        decisions.attach(cursor, store)
        rows = cursor.sql(WITH_ITEM.format("judged.*, item_id, status, unrecoverable")).pl().to_dicts()
        states = {aspect: road_store.present(store, aspect) for aspect in ("road", "tag")}
        for row in rows:
            row["road"], row["tag"] = states["road"].get(row["item_id"]), states["tag"].get(row["item_id"])
        yield cursor, rows, flags


WITH_ITEM = "SELECT {} FROM judged JOIN facts_of_day.item USING (item_no) ORDER BY item_no"


def place_of(row: dict) -> str:
    return row["location"] if row["location"] in ("closed", "office") else "open"


def leaves(row: dict) -> bool:
    return row["road"] is not None and row["road"] != "readmitted"


def way_of(row: dict) -> str | None:
    if leaves(row) or row["tag"] == "keep" or row["route"] == "record_only":
        return None
    return row["verdict"] if row["verdict"] in ("candidate", "move") else None


def by_place(rows: list[dict]) -> dict[tuple, list[dict]]:
    found = defaultdict(list)
    for row in rows:
        found[row["branch"], place_of(row)].append(row)
    return found


def naive_quota(held: int, on_shelf: int, intake: int, capacity: int, aim: int) -> tuple[int, int]:
    """The least number that must leave, and the greatest that may still come, one volume after the other."""

    def fits(volumes: int) -> bool:
        return Fraction(volumes * on_shelf, held) * 100 <= aim * capacity if held else volumes * 100 <= aim * capacity

    quota = spare = 0
    while not fits(held + intake - quota):
        quota += 1
    while not quota and fits(held + intake + spare + 1):
        spare += 1
    return quota, spare


def naive_taken(rows: list[dict], way: str, wanted: int) -> list[dict]:
    """The first of a queue: by score, unknown last; of one score every class at the same pace, in shelf order."""
    peers = defaultdict(list)
    for row in sorted((row for row in rows if way_of(row) == way), key=lambda row: row["shelf_order"]):
        peers[row["score"], row["shelf_class"]].append(row)
    queue = [
        (score is None, score or 0, Fraction(2 * nth + 1, 2 * len(same)), mark, row["shelf_order"], row)
        for (score, mark), same in peers.items()
        for nth, row in enumerate(same)
    ]
    return [last for *_, last in sorted(queue, key=lambda entry: entry[:-1])[:wanted]]


def test_how_full_it_is_equals_the_naive_twin(decided):
    cursor, rows, _ = decided
    found = space.places(space.count(cursor), POLICY)
    named = {(row["branch"], row["place"]): row for row in found.to_dicts()}
    held = by_place(rows)
    known = {
        (branch, place) for branch, both in SMALL.items() for place, n in zip(space.PLACES, both, strict=True) if n
    }
    assert set(named) == set(held) | {key for key in known if key[0] in {branch for branch, _ in held}}
    for (branch, place), row in named.items():
        here = held[branch, place]
        lost = [r for r in here if r["status"] == "missing" or r["unrecoverable"]]
        out = [r for r in here if r in lost or r["status"] in ("on_loan", "on_hold_shelf", "in_transit", "in_repair")]
        capacity = dict(zip(space.PLACES, SMALL.get(branch, ()), strict=False)).get(place) or None
        assert (row["holdings"], row["out"], row["lost"]) == (len(here), len(out), len(lost))
        assert (row["capacity"], row["on_shelf"]) == (capacity, len(here) - len(out))
        assert set(row["places"]) == ({r["location"] or "none" for r in here} or {place})
        if capacity:
            assert row["fill"] == pytest.approx((len(here) - len(out)) / capacity)
            assert row["fill_full"] == pytest.approx((len(here) - len(lost)) / capacity)
            assert row["room"] == floor(Fraction(9, 10) * capacity) - (len(here) - len(out))
            assert (row["quota"], row["spare"]) == naive_quota(len(here), row["on_shelf"], row["intake"], capacity, 90)
        else:
            unknown = ("fill", "fill_full", "fill_end", "room", "most", "quota", "spare")
            assert [row[name] for name in unknown] == [None] * len(unknown)


def test_the_intake_is_the_mean_of_the_last_years(decided):
    cursor, _, _ = decided
    items = cursor.sql("SELECT branch, location, accession_date FROM facts_of_day.item").pl().to_dicts()
    came = Counter(
        (row["branch"], place_of(row)) for row in items
        if row["accession_date"] and years.of(row["accession_date"]) in (2022, 2023, 2024)
    )  # fmt: skip
    found = space.places(space.count(cursor), POLICY)
    for branch, place, intake in found.select("branch", "place", "intake").iter_rows():
        assert intake == floor(Fraction(came[branch, place], 3) + Fraction(1, 2))


@given(
    held=st.integers(0, 900), away=st.floats(0, 1), capacity=st.integers(1, 900), received=st.integers(0, 300),
    aim=st.integers(1, 200), as_of=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
)  # fmt: skip
def test_the_quota_is_the_least_that_fits(held, away, capacity, received, aim, as_of):
    out = round(held * away)
    year, months = space.year_of(as_of)
    places = [{"branch": "北口図書館", "place": "open", "holdings": held, "out": out, "lost": 0, "places": ["open"]}]
    past = [{"branch": "北口図書館", "place": "open", "fiscal_year": year - 2, "received": received, "gone": 7}]
    counted = Counted(pl.DataFrame(places), pl.DataFrame(past), as_of, None)
    [row] = space.places(counted, replace(PACK, capacity={"北口図書館": (capacity, 0)}), aim).to_dicts()
    intake = floor(Fraction(received * months, 36) + Fraction(1, 2))
    assert row["intake"] == intake
    assert row["gone"] is None
    if held and out == held:  # all is out: what stands there at the end of the year cannot be told
        assert row["quota"] is None
    else:
        assert (row["quota"], row["spare"]) == naive_quota(held, held - out, intake, capacity, aim)


@pytest.mark.parametrize(("since", "gone"), [(None, None), (date(2025, 4, 1), None), (date(2024, 4, 1), 20), (date(2024, 4, 2), None), (date(2010, 4, 1), 17)])  # fmt: skip
def test_what_left_is_told_of_the_years_that_were_seen_whole(since, gone):
    places = [{"branch": "北口図書館", "place": "open", "holdings": 50, "out": 0, "lost": 0, "places": ["open"]}]
    past = [{"branch": "北口図書館", "place": "open", "fiscal_year": year, "received": 0, "gone": left}
            for year, left in ((2021, 99), (2022, 30), (2024, 20))]  # fmt: skip
    [row] = space.places(Counted(pl.DataFrame(places), pl.DataFrame(past), date(2025, 4, 1), since), POLICY).to_dicts()
    assert row["gone"] == gone


@pytest.mark.parametrize(
    ("as_of", "year", "months"),
    [
        (date(2025, 3, 30), 2024, 1), (date(2025, 3, 31), 2025, 12), (date(2025, 4, 1), 2025, 12),
        (date(2025, 4, 30), 2025, 11), (date(2025, 10, 15), 2025, 6), (date(2025, 12, 31), 2025, 3),
    ],
)  # fmt: skip
def test_the_months_that_are_left(as_of, year, months):
    assert space.year_of(as_of) == (year, months)


@pytest.mark.parametrize("aim", [50, 90, 150])
def test_what_a_quota_is_made_of_equals_the_naive_twin(decided, aim):
    cursor, rows, _ = decided
    counted = space.count(cursor)
    usual = space.places(counted, POLICY)
    found = space.shared(cursor, space.places(counted, POLICY, aim), usual).to_dicts()
    spare = dict(usual.filter(place="closed").select("branch", "spare").iter_rows())
    held, some = by_place(rows), 0
    for row in found:
        here = held[row["branch"], row["place"]]
        ready = [len([r for r in here if way_of(r) == way]) for way in ("candidate", "move")]
        going = [r for r in here if leaves(r) and r["road"] not in ("to_strike", "struck")]
        room = (spare.get(row["branch"]) or 0) if row["place"] == "open" else 0
        assert (row["decided"], row["candidates"], row["moves"], row["room_closed"]) == (len(going), *ready, room)
        if row["quota"] is None:
            assert (row["take"], row["move"], row["short"]) == (None, None, None)
            continue
        left = max(row["quota"] - len(going), 0)
        take = min(left, ready[0])
        move = min(left - take, ready[1], room)
        assert (row["take"], row["move"], row["short"]) == (take, move, left - take - move)
        some += move
    assert some or aim == 150


@pytest.mark.parametrize(("take", "move"), [(0, 0), (7, 0), (25, 3), (10**6, 10**6)])
def test_the_classes_equal_the_naive_twin(decided, take, move):
    cursor, rows, _ = decided
    held = by_place(rows)
    for branch, place in [("中央図書館", "open"), ("中央図書館", "closed"), ("北口図書館", "open")]:
        here = held[branch, place]
        found = space.classes(cursor, branch, place, take, move)
        goes = {"take": naive_taken(here, "candidate", take), "move": naive_taken(here, "move", move)}
        going = [r for r in here if leaves(r) and r["road"] not in ("to_strike", "struck")]
        away = Counter(r["shelf_class"] for r in [*goes["take"], *goes["move"], *going])
        assert set(found["shelf_class"]) == {r["shelf_class"] for r in here}
        for row in found.to_dicts():
            mine = [r for r in here if r["shelf_class"] == row["shelf_class"]]
            scores = [r["score"] for part in goes.values() for r in part if r in mine and r["score"] is not None]
            assert row["holdings"] == len(mine)
            for name, part in {**goes, "decided": going}.items():
                assert row[name] == len([r for r in part if r["shelf_class"] == row["shelf_class"]])
            assert row["candidates"] == len([r for r in mine if way_of(r) == "candidate"])
            assert row["moves"] == len([r for r in mine if way_of(r) == "move"])
            assert row["share"] == pytest.approx(len(mine) / len(here))
            assert row["share_after"] == pytest.approx(
                (len(mine) - away[row["shelf_class"]]) / (len(here) - away.total())
            )
            assert row["score"] == (pytest.approx(median(scores), abs=1e-4) if scores else None)


def test_one_score_is_shared_out_in_proportion():
    with connect() as cursor:
        cursor.execute("""CREATE TABLE judged AS SELECT i AS item_no, '北口' AS branch, 'open' AS location, 'candidate' AS verdict,
            'discard' AS route, CASE WHEN i < 30 THEN '0' ELSE '9' END AS shelf_class, 5.0 AS score, i AS shelf_order FROM range(40) AS r(i)""")
        cursor.execute("CREATE TABLE decided (item_no INTEGER, road VARCHAR, tag VARCHAR)")
        found = space.classes(cursor, "北口", "open", 8, 0)
    assert dict(found.select("shelf_class", "take").iter_rows()) == {"0": 6, "9": 2}


@pytest.mark.parametrize("way", ["candidate", "move"])
def test_what_goes_stands_first_in_the_list_behind_it(decided, way):
    """The screen opens the list of a class: as many items as were counted, those that go at its top."""
    cursor, rows, _ = decided
    here = [row for row in by_place(rows)["北口図書館", "open"] if row["location"]]
    taken = naive_taken(here, way, 9)
    for mark in {row["shelf_class"] for row in here if way_of(row) == way}:
        said = space.listing(way) | {"branch": "北口図書館", "location": ["open", "reference"], "shelf_class": mark}
        asked = {name: part if isinstance(part, list) else [part] for name, part in said.items() if part}
        listed = candidates.page(cursor, PACK, candidates.from_query(asked))["item_id"].to_list()
        assert len(listed) == len([row for row in here if way_of(row) == way and row["shelf_class"] == mark])
        goes = [row["item_id"] for row in taken if row["shelf_class"] == mark]
        assert set(listed[: len(goes)]) == set(goes)


def test_the_years_equal_the_naive_twin(decided):
    cursor, rows, _ = decided
    items = cursor.sql("SELECT * FROM facts_of_day.item").pl().to_dicts()
    counted = space.count(cursor)
    counted = replace(counted, since=date(2020, 4, 1))
    ended = [row for row in rows if row["road"] in ("discarded", "struck")]
    for branch in BRANCHES:
        found = space.yearly(cursor, counted, branch, "open")
        here = [row for row in items if row["branch"] == branch and place_of(row) == "open"]
        came = Counter(years.of(row["accession_date"]) for row in here if row["accession_date"])
        went = len([row for row in here if row["gone_on"]])  # random libraries lose items on 1 April 2025 only
        assert found["fiscal_year"].to_list() == list(range(2015, 2025))
        assert found["received"].to_list() == [came[year] for year in range(2015, 2025)]
        assert found["gone"].to_list() == [None] * 5 + [0] * 4 + [went]
        assert found["ended"].sum() == 0  # they ended today, after the years that are shown
    today = years.of(date.today())
    later = space.yearly(cursor, replace(counted, as_of=years.first(today + 1)), "中央図書館", "open")
    assert later["ended"][-1] == len([row for row in ended if (row["branch"], place_of(row)) == ("中央図書館", "open")])


def test_the_demo_has_the_published_places(flagged):
    found = space.listed(flagged, PACK)
    volumes, scale = figures.volumes(small_store.SCALE).sum(axis=1), small_store.SCALE
    published = figures.table("holdings_by_place").with_columns(place=pl.col("place").replace_strict(
        {"open_general": "open", "open_children": "open", "reference": "open", "closed": "closed", "office": "office"}
    )).group_by("branch", "place").agg(pl.col("volumes").sum())  # fmt: skip
    for branch, place, holdings in found.select("branch", "place", "holdings").iter_rows():
        built = (
            volumes[figures.branches().index(branch)][:3]
            if place == "open"
            else volumes[figures.branches().index(branch)][3:4]
        )
        assert holdings == built.sum()
        [whole] = published.filter((pl.col("branch") == branch) & (pl.col("place") == place))["volumes"]
        assert abs(holdings - whole * scale) < len(figures.CLASSES)


def test_the_export_has_its_columns_and_no_office(flagged):
    found = space.listed(flagged, PACK)
    assert tuple(found.columns) == space.LISTED
    assert set(found["place"]) == set(space.PLACES)
    assert found["holdings"].to_list() == (found["on_shelf"] + found["out"]).to_list()
    unknown = found.filter(pl.col("capacity").is_null())
    assert {"越木岩分室", "西宮浜義務教育学校"} <= set(unknown["branch"])
    assert unknown["fill"].null_count() == unknown["quota"].null_count() == len(unknown)

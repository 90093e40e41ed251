"""The mirror of the rules: what is held, wanted and bought, each counted by a naive twin over random libraries."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

import polars as pl
import pytest

from collection import ledger, mirror, policy, years
from collection.ledger import Event, append
from collection.measures import Scope
from collection.mirror import TAKINGS, Look
from collection.store.connection import connect
from tests.policy import small_pack
from tests.policy.sign_pack import write_pack
from tests.random_library import AS_OF, write_snapshot
from tests.road_store import EVERYBODY, POLICY
from tests.selection import naive_check as naive
from tests.selection import offers

SEEDS = range(3)
SCOPES = (
    Scope(),
    Scope(branch=("北口図書館",)),
    Scope(shelf_class=("9", "4")),
    Scope(branch=("中央図書館", "鳴尾図書館"), shelf_class=("K",)),
)
THIS, LAST = years.of(AS_OF), years.of(AS_OF) - 1


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return policy.load(write_pack(tmp_path_factory.mktemp("pack")), AS_OF)


@pytest.fixture(scope="module", params=SEEDS)
def world(request, pack, tmp_path_factory):
    """A cursor with flags made up at random over a random library, and what the twin knows of the same."""
    rng = Random(request.param)
    tables = library(rng)
    judged = [flagged(rng, item, tables["bib"]) for item in tables["item"] if item["gone_on"] is None]
    decided = [decision(rng, row["item_no"]) for row in judged[::4]]
    snapshot = write_snapshot(tmp_path_factory.mktemp("mirror") / "library.duckdb", tables)
    with connect(attach={"facts_of_day": snapshot}) as cursor:
        for name, rows in (("judged", judged), ("decided", decided)):
            cursor.register(name, pl.DataFrame(rows, infer_schema_length=None).to_arrow())
        yield cursor, naive.World(pack, tables["bib"], tables["item"], tables["hold"]), judged, decided


def library(rng: Random) -> dict[str, list[dict]]:
    """A random library whose records are of the kinds that the rules speak of."""
    tables = offers.library(rng, 260)
    for bib in tables["bib"]:
        told = offers.titles(rng, tables["bib"], 1)[0]
        bib |= {
            name: told[name]
            for name in ("series", "publisher", "edition", "ndc", "audience", "price", "pub_year", "local")
        }
        bib |= {
            "c_code": rng.choice([None, "6041", "0979", "8093"]),
            "title": told["title"] or "本",
            "material": told["material"],
        }
        bib["title_key"] = naive.key(bib["title"])
    for item in tables["item"]:
        item["price"] = rng.choice([None, 900, 1500])
    tables["hold"] = [
        {"bib_no": rng.randrange(len(tables["bib"])), "branch": None, "holds": rng.randrange(1, 4)} for _ in range(40)
    ]
    return tables


def flagged(rng: Random, item: dict, bibs: list[dict]) -> dict:
    bib = {bib["bib_no"]: bib for bib in bibs}.get(item["bib_no"], {"ndc": None, "audience": None})
    verdict = rng.choice(["candidate", "candidate", "keep", "ask", None])
    day = item["accession_date"]
    return {
        "item_no": item["item_no"], "bib_no": item["bib_no"], "branch": item["branch"], "verdict": verdict,
        "criterion": rng.choice(["8-2-1", "8-2-3"]) if verdict == "candidate" else None, "rule": None, "idle_years": 1,
        "shelf_class": "K" if bib["audience"] == "child" else (bib["ndc"] or "-")[0], "usable": rng.random() < 0.8,
        "received": day and rng.choice([THIS, LAST, LAST - 1, LAST - 7]), "shelf_order": item["shelf_order"],
        "circulates": rng.random() < 0.9, "loans_1y": rng.choice([None, 0, 1, 5, 20]),
    }  # fmt: skip


def decision(rng: Random, item_no: int) -> dict:
    return {
        "item_no": item_no, "tag": rng.choice([None, "withdraw", "keep"]), "entry": rng.choice([None, "entered", "keep"]),
        "list_state": rng.choice([None, "drafted", "decided"]), "road": rng.choice([None, "to_offer", "readmitted"]),
    }  # fmt: skip


# --- held, but refused today


def twin(known: naive.World, judged: list[dict], way: str) -> dict[int, tuple[str, str]]:
    """bib_no → (rule, taking) of the records held that the rules would not take."""
    signs = naive.signs_of(known.policy, way)
    rules = [rule for rule in known.policy.rules if rule.id in signs]
    together, found = known.policy.parameters["弱い手がかりが揃う数"], {}
    held = {row["bib_no"] for row in judged}
    for bib in known.bibs:
        there = naive.facts_of(known, bib, AS_OF, way)
        said = {rule: naive.outcome(trees, there, together) for rule, trees in signs.items()}
        verdict, rule, doubt = naive.by_rules(said, rules)
        if verdict != "accept" and bib["bib_no"] in held:
            found[bib["bib_no"]] = rule, "doubt" if doubt else verdict
    return found


@pytest.mark.parametrize("way", mirror.WAYS)
def test_the_records_held_are_judged_as_titles_on_offer(world, way):
    cursor, known, judged, _ = world
    found = mirror.mirrored(cursor, known.policy, AS_OF, way)
    expected = twin(known, judged, way)
    assert {bib_no: (rule, taking) for bib_no, rule, taking in found.iter_rows()} == expected
    assert {taking for _, taking in expected.values()} == set(TAKINGS if way == "request" else TAKINGS[1:])


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


@pytest.mark.parametrize("scope", SCOPES)
def test_every_item_counts_once_for_the_rule_that_decides(world, scope):
    cursor, known, judged, _ = world
    found = mirror.mirrored(cursor, known.policy, AS_OF, "request")
    of = twin(known, judged, "request")
    here = [row for row in judged if inside(row, scope)]
    told = mirror.by_rule(mirror.within(mirror.cells(cursor, found), scope))
    counted = Counter(of[row["bib_no"]] for row in here if row["bib_no"] in of)
    assert {(rule, taking): n for rule, taking, n in told.select("rule", "taking", "items").iter_rows()} == counted
    assert told["items"].to_list() == sorted(counted.values(), reverse=True)
    lent = [row for row in here if row["circulates"] and row["loans_1y"] is not None]
    others, copies = defaultdict(int), Counter()
    for row in lent:
        if row["bib_no"] not in of:
            others[row["shelf_class"]] += row["loans_1y"]
            copies[row["shelf_class"]] += 1
    for row in told.iter_rows(named=True):
        mine = [one for one in here if of.get(one["bib_no"]) == (row["rule"], row["taking"])]
        loans = [one for one in lent if one in mine]
        beside = [
            others[one["shelf_class"]] / copies[one["shelf_class"]] for one in loans if copies[one["shelf_class"]]
        ]
        assert row["share"] == pytest.approx(len(mine) / len(here))
        assert row["candidates"] == sum(one["verdict"] == "candidate" for one in mine)
        assert row["lent"] == pytest.approx(ratio(sum(one["loans_1y"] for one in loans), len(loans)))
        assert row["other"] == pytest.approx(ratio(sum(beside), len(beside)))


def inside(row: dict, scope: Scope) -> bool:
    return all(not getattr(scope, name) or row[name] in getattr(scope, name) for name in ("branch", "shelf_class"))


@pytest.mark.parametrize("scope", SCOPES)
def test_the_list_has_the_items_that_were_counted(world, scope):
    cursor, known, judged, _ = world
    found = mirror.mirrored(cursor, known.policy, AS_OF, "request")
    of = twin(known, judged, "request")
    ids = {item["item_no"]: item["item_id"] for item in known.items}
    told = mirror.by_rule(mirror.within(mirror.cells(cursor, found), scope))
    looks = [Look(), *(Look(*row) for row in told.select("rule", "taking").iter_rows())]
    for look in looks:
        mine = [
            row for row in judged
            if inside(row, scope) and row["bib_no"] in of and (look == Look() or of[row["bib_no"]] == (look.rule, look.taking))
        ]  # fmt: skip
        mine.sort(
            key=lambda row: (-1 if row["loans_1y"] is None else row["loans_1y"], -row["shelf_order"]), reverse=True
        )
        listed = mirror.items(cursor, found, look, scope)
        assert listed["item_id"].to_list() == [ids[row["item_no"]] for row in mine]
        assert mirror.items(cursor, found, look, scope, 5, 3).equals(listed.slice(3, 5))


def test_the_signs_of_a_page_are_those_of_the_rule_that_decides(world):
    cursor, known, *_ = world
    page = mirror.items(cursor, mirror.mirrored(cursor, known.policy, AS_OF, "request"), Look(), rows=40)
    found = mirror.signs_found(cursor, known.policy, AS_OF, "request", page)
    signs, bibs = naive.signs_of(known.policy, "request"), {bib["bib_no"]: bib for bib in known.bibs}
    for bib_no, rule in page.select("bib_no", "rule").unique().iter_rows():
        facts = naive.facts_of(known, bibs[bib_no], AS_OF, "request")
        there = [place for place, (_, tree) in enumerate(signs[rule]) if naive.value_of(tree, facts) is True]
        assert found.filter(bib_no=bib_no, rule=rule)["place"].to_list() == there != []


def test_a_pack_without_signs_refuses_nothing(world, tmp_path):
    cursor, _, judged, _ = world
    bare = policy.load(small_pack.write_pack(tmp_path), AS_OF)
    found = mirror.mirrored(cursor, bare, AS_OF, "request")
    counted = mirror.cells(cursor, found)
    assert found.is_empty() and counted["items"].sum() == len(judged) and mirror.by_rule(counted).is_empty()


def test_the_demo_holds_what_would_be_refused(cursor):
    found = mirror.mirrored(cursor, POLICY, AS_OF, "request")
    counted = mirror.cells(cursor, found)
    assert mirror.by_rule(counted)["items"].sum() == len(mirror.items(cursor, found, Look())) > 10


# --- asked for while to be weeded


def leaves(row: dict | None) -> bool:
    on_list = row is not None and row["entry"] in ("entered", "withdraw") and row["list_state"] not in (None, "decided")
    return on_list or (row is not None and (row["tag"] == "withdraw" or row["road"] not in (None, "readmitted")))


@pytest.mark.parametrize("scope", SCOPES)
def test_titles_that_lose_every_copy_while_they_are_asked_for(world, scope):
    cursor, known, judged, decided = world
    rng = Random(9)
    wanted = [
        (bib["bib_id"], rng.randrange(1, 3), AS_OF - timedelta(days=rng.randrange(90))) for bib in known.bibs[::5]
    ]
    requests = pl.DataFrame([*wanted, ("nowhere", 1, AS_OF)], schema=mirror.REQUESTED, orient="row")
    found = mirror.asked_for(cursor, requests, scope)
    known_of, units = {row["item_no"]: row for row in decided}, defaultdict(list)
    by_no = {bib["bib_no"]: bib for bib in known.bibs}
    for row in judged:
        if row["bib_no"] is not None:
            units[by_no[row["bib_no"]]["unit_no"]].append(row)
    expected = {}
    for unit, rows in units.items():
        holds = sum(hold["holds"] for hold in known.holds if by_no[hold["bib_no"]]["unit_no"] == unit)
        asked = [one for one in wanted if next(bib for bib in known.bibs if bib["bib_id"] == one[0])["unit_no"] == unit]
        going = [row for row in rows if row["verdict"] == "candidate" or leaves(known_of.get(row["item_no"]))]
        staying = [row for row in rows if row["usable"] and row not in going]
        on_road = [row for row in rows if leaves(known_of.get(row["item_no"]))]
        if (
            going
            and (asked or (holds and not staying))
            and (not scope.branch or any(row["branch"] in scope.branch for row in rows))
        ):
            expected[unit] = (
                holds, sum(n for _, n, _ in asked), max((day for *_, day in asked), default=None),
                sum(row["usable"] for row in rows), len(staying), len(going) - len(on_road), len(on_road),
            )  # fmt: skip
    unit_of = {bib["bib_id"]: bib["unit_no"] for bib in known.bibs}
    told = {
        unit_of[row["bib_id"]]: tuple(row[name] for name in ("holds", "requests", "last_on", "usable", "staying", "candidates", "leaving"))
        for row in found.iter_rows(named=True)
    }  # fmt: skip
    if scope.shelf_class:
        assert set(told.items()) <= set(expected.items())
        assert set(found["shelf_class"]) <= set(scope.shelf_class)
    else:
        assert told == expected and len(told) == len(found)
    assert found["staying"].eq(0).to_list() == sorted(found["staying"].eq(0).to_list(), reverse=True)
    bad = {row["item_no"] for row in judged if row["verdict"] == "candidate" or leaves(known_of.get(row["item_no"]))}
    ids = {item["item_no"]: item["item_id"] for item in known.items}
    assert set(found["item_id"]) <= {ids[item_no] for item_no in bad}


def test_requests_count_from_last_year_unless_cancelled_or_taken_back(tmp_path):
    today = date.today()
    first = years.first(mirror.last_year(today))

    def take(number: str, bib_id: str | None, day: date, state: str = "reserved") -> None:
        details = {"title": "本"} | ({"bib_id": bib_id} if bib_id else {})
        with ledger.writing(tmp_path) as connection:
            append(connection, EVERYBODY, [Event("take_request", number, state, details=details)], on=day)

    take("R1", "B1", first - timedelta(days=1))
    take("R2", "B1", first)
    take("R3", "B1", today, "joined")
    take("R4", "B2", today, "accepted")
    take("R5", "B3", today)
    take("R6", None, today, "refused")
    with ledger.writing(tmp_path) as connection:
        append(connection, EVERYBODY, [Event("close_request", "R4", "cancelled", details={"bib_id": "B2"})])
        ledger.undo(connection, EVERYBODY, list(ledger.latest(connection, "request", ["R5"]).values()))
    assert mirror.requested(tmp_path, today).rows() == [("B1", 2, today)]
    assert mirror.requested(tmp_path / "no ledger", today).is_empty()


# --- bought, and a candidate already


@pytest.mark.parametrize("scope", SCOPES)
def test_what_was_bought_and_could_already_go(world, scope):
    cursor, known, judged, _ = world
    items = {item["item_no"]: item for item in known.items}
    bought = [row for row in judged if items[row["item_no"]]["source"] == "purchase" and inside(row, scope)]
    recent = [row for row in bought if row["received"] is not None and row["received"] >= THIS - mirror.YEARS]
    cells = mirror.within(mirror.bought(cursor, AS_OF), scope)
    counted, yen, priced = Counter(), Counter(), Counter()
    for row in recent:
        key = row["received"], row["branch"], row["shelf_class"], row["criterion"]
        price = items[row["item_no"]]["price"]
        counted[key] += 1
        yen[key] += price or 0
        priced[key] += price is not None
    keys = ("received", "branch", "shelf_class", "criterion")
    told = {
        tuple(row[name] for name in keys): (row["items"], row["yen"], row["priced"])
        for row in cells.iter_rows(named=True)
    }
    assert told == {key: (counted[key], yen[key], priced[key]) for key in counted}
    for received, criterion in (([THIS, LAST], ""), ([LAST], "8-2-1")):
        out = [
            items[row["item_no"]] | {"shelf_order": row["shelf_order"]} for row in bought
            if row["received"] in received and row["verdict"] == "candidate" and criterion in ("", row["criterion"])
        ]  # fmt: skip
        out.sort(key=lambda item: (-(item["price"] or -1), item["shelf_order"]))
        listed = mirror.bought_items(cursor, received, criterion, scope)
        assert listed["item_id"].to_list() == [item["item_id"] for item in out]
        assert mirror.bought_items(cursor, received, criterion, scope, 3, 2).equals(listed.slice(2, 3))

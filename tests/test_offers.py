"""管理換照会: what partners see, claim and get; who receives is fair, and never more than fits."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pypdf
import pytest

from collection import ledger, offers, road, transfers, years
from collection.roles import Person
from collection.store.connection import connect_flags, sql
from collection.words import Problem
from tests import small_store
from tests.road_store import LIBRARIAN, NURSERY, POLICY, SCHOOL, on_road, present

TODAY = date.today()
PAST = TODAY + timedelta(days=15)
COVER = {"item_id", "title", "volume", "author", "pub_year", "ndc", "audience", "condition", "branch", "offer", "reply_by",
         "claimed", "suits"}  # fmt: skip


@pytest.fixture
def offered(store, flagged) -> tuple[str, list[str]]:
    """An offer of 40 items that runs for two weeks."""
    items = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[:40]
    seen = on_road(store, items, "to_offer")
    return offers.offer(store, LIBRARIAN, seen, TODAY + timedelta(days=14)), items


def last(store: Path, item: str) -> dict:
    with ledger.reading(store) as connection:
        return json.loads(ledger.latest(connection, "road", [item])[item]["details"])


def seen(facts, store: Path, *states: str) -> dict[str, int]:
    return dict(road.items(facts, store, states).select("item_id", "road_seq").iter_rows())


def test_a_partner_sees_only_what_is_offered_and_only_in_time(store, facts, offered, flagged):
    _, items = offered
    on_road(store, small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-1'")[:5], "to_discard")
    shown = offers.shown(facts, store, SCHOOL)
    assert set(shown["item_id"]) == set(items)
    assert set(shown.columns) == COVER
    assert len(offers.shown(facts, store, SCHOOL, TODAY + timedelta(days=14))) == 40
    assert offers.shown(facts, store, SCHOOL, PAST).is_empty()


def test_what_suits_the_partner_comes_first(store, facts, offered):
    shown = offers.shown(facts, store, SCHOOL)
    wants = offers.partners(facts).row(by_predicate=pl.col("partner_id") == "P001", named=True)
    assert shown["suits"].to_list() == sorted(shown["suits"].to_list(), reverse=True)
    for row in shown.iter_rows(named=True):
        child = row["audience"] == "child"
        of_class = any((row["ndc"] or "").startswith(want) for want in wants["wants_ndc"].split(";"))
        if row["suits"]:
            assert child
        elif child:
            assert not of_class


def test_only_a_partner_sees_and_claims_for_itself_alone(store, facts, offered):
    _, [item, *_] = offered
    nobody = Person("x", "だれか", frozenset({"partner"}))
    for person in (nobody, Person("y", "よそ", frozenset({"partner"}), None, "P999")):
        with pytest.raises(Problem, match="結び付いていません"):
            offers.shown(facts, store, person)
        with pytest.raises(Problem, match="結び付いていません"):
            offers.claim(facts, store, person, [item])
    with pytest.raises(Problem, match="学校等"):
        offers.claim(facts, store, LIBRARIAN, [item])
    offers.claim(facts, store, SCHOOL, [item])
    assert present(store, "claim") == {f"{item}/P001": "claimed"}
    assert not offers.shown(facts, store, NURSERY)["claimed"].any()
    with pytest.raises(Problem):
        offers.unclaim(facts, store, NURSERY, [item])
    offers.unclaim(facts, store, SCHOOL, [item])
    assert present(store, "claim") == {}


def test_what_is_not_on_offer_cannot_be_claimed(store, facts, offered, flagged):
    _, [item, *_] = offered
    held = small_store.items_of(flagged, "verdict IS DISTINCT FROM 'candidate'")[0]
    for chosen, day in (([held], TODAY), ([item], PAST), ([item, held], TODAY)):
        with pytest.raises(Problem, match="照会していません"):
            offers.claim(facts, store, SCHOOL, chosen, day)
    with pytest.raises(Problem, match="選んで"):
        offers.claim(facts, store, SCHOOL, [])
    assert present(store, "claim") == {}


def test_capacity_is_respected(store, facts, flagged):
    small = Person("small", "つたの窓幼稚園", frozenset({"partner"}), None, "P017")
    assert offers.room(facts, store, small) == 60
    items = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[:62]
    offers.offer(store, LIBRARIAN, on_road(store, items, "to_offer"), TODAY)
    with pytest.raises(Problem, match="あと60冊"):
        offers.claim(facts, store, small, items)
    offers.claim(facts, store, small, items[:59])
    assert offers.room(facts, store, small) == 1
    with ThreadPoolExecutor(2) as pool:

        def one(item: str) -> bool:
            with connect_flags(flagged) as cursor:
                try:
                    return offers.claim(cursor, store, small, [item]) == 1
                except Problem:
                    return False

        assert sorted(pool.map(one, items[60:])) == [False, True]  # fmt: skip
    assert offers.room(facts, store, small) == 0


def naive_choice(claims: list[tuple[str, str]], so_far: dict, room: dict) -> dict:
    had, free = dict(so_far), dict(room)
    result = {}
    for item in dict.fromkeys(item for item, _ in claims):
        able = [(had.get(p, 0), nth, p) for nth, (i, p) in enumerate(claims) if i == item and free.get(p) != 0]
        if not able:
            result[item] = None
            continue
        _, _, partner = min(able)
        result[item] = partner
        had[partner] = had.get(partner, 0) + 1
        if free.get(partner) is not None:
            free[partner] -= 1
    return result


@pytest.mark.parametrize("seed", range(200))
def test_who_gets_what_equals_the_naive_twin(seed):
    rng = Random(seed)
    names = [f"P{n}" for n in range(rng.randrange(1, 6))]
    claims = [
        (f"i{item}", name)
        for item in range(rng.randrange(1, 15))
        for name in rng.sample(names, rng.randrange(len(names) + 1))
    ]
    rng.shuffle(claims)
    so_far = {name: rng.randrange(4) for name in names if rng.random() < 0.7}
    room = {name: rng.choice([None, 0, 1, 3, 100]) for name in names}
    found = offers.choose(claims, so_far, room)
    assert {item: partner for item, (partner, _, _) in found.items()} == naive_choice(claims, so_far, room)
    for partner in names:
        got = sum(1 for each, _, _ in found.values() if each == partner)
        assert room[partner] is None or got <= room[partner]


def test_fewest_received_first_then_the_earliest(store, facts, offered):
    number, items = offered
    one, two, three, four, five = items[:5]
    offers.claim(facts, store, SCHOOL, [one, two, three])
    offers.claim(facts, store, NURSERY, [one, two, four])
    found = {row["item_id"]: row for row in offers.proposals(facts, store, number).iter_rows(named=True)}
    assert [found[item]["proposed"] for item in (one, two, three, four, five)] == ["P001", "P019", "P001", "P019", None]
    assert [found[item]["by"] for item in (one, two, three)] == ["earliest", "fewest", "only"]
    assert found[one]["claims"] == ["P001", "P019"]


def test_settled_after_the_reply_date_or_with_a_reason(store, facts, offered):
    number, items = offered
    offers.claim(facts, store, SCHOOL, items[:2])
    proposed = offers.proposals(facts, store, number)
    with pytest.raises(Problem, match="回答期限"):
        offers.settle(facts, store, LIBRARIAN, number, proposed)
    with pytest.raises(Problem, match="司書"):
        offers.settle(facts, store, SCHOOL, number, proposed, today=PAST)
    assert offers.settle(facts, store, LIBRARIAN, number, proposed, today=PAST) == (2, 38)
    assert set(present(store, "road").values()) == {"assigned", "to_give"}
    told = last(store, items[0])
    assert (told["partner"], told["partner_name"], told["by"], told["claims"]) == (
        "P001",
        "朝凪小学校",
        "only",
        ["P001"],
    )
    assert offers.room(facts, store, SCHOOL) == 398


def test_a_change_needs_a_reason_and_a_claimant(store, facts, offered):
    number, items = offered
    one, two = items[:2]
    offers.claim(facts, store, SCHOOL, [one, two])
    offers.claim(facts, store, NURSERY, [one])
    proposed = offers.proposals(facts, store, number)
    for change in ({one: ("P019", " ")}, {two: ("P019", "近いから")}, {one: ("P999", "x")}):
        with pytest.raises(Problem):
            offers.settle(facts, store, LIBRARIAN, number, proposed, change, today=PAST)
    change = {one: ("P019", "読み聞かせに使うため"), two: (None, "汚れが見つかったため")}
    assert offers.settle(facts, store, LIBRARIAN, number, proposed, change, today=PAST) == (1, 39)
    assert last(store, one)["partner"] == "P019" and last(store, one)["by"] == "person"
    assert present(store, "road")[two] == "to_give"


def test_a_claim_that_came_meanwhile_is_not_overlooked(store, facts, offered):
    number, items = offered
    proposed = offers.proposals(facts, store, number)
    offers.claim(facts, store, SCHOOL, items[:1])
    with pytest.raises(Problem, match="希望が"):
        offers.settle(facts, store, LIBRARIAN, number, proposed, early="急ぐため")
    assert set(present(store, "road").values()) == {"offered"}


def test_what_was_received_before_counts(store, facts, flagged):
    items = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[:3]
    first = offers.offer(store, LIBRARIAN, on_road(store, items[:2], "to_offer"), TODAY)
    offers.claim(facts, store, SCHOOL, items[:2])
    offers.settle(facts, store, LIBRARIAN, first, offers.proposals(facts, store, first), early="早い引渡しのため")
    second = offers.offer(store, LIBRARIAN, on_road(store, items[2:], "to_offer"), TODAY)
    assert second.endswith("-02")
    offers.claim(facts, store, SCHOOL, items[2:])
    offers.claim(facts, store, NURSERY, items[2:])
    [row] = offers.proposals(facts, store, second).iter_rows(named=True)
    assert (row["proposed"], row["by"], row["received"]) == ("P019", "fewest", 0)


def test_claims_on_an_offer_that_was_taken_back_do_not_count(store, facts, flagged):
    [item] = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[:1]
    offers.offer(store, LIBRARIAN, on_road(store, [item], "to_offer"), TODAY)
    offers.claim(facts, store, SCHOOL, [item])
    road.undo(store, LIBRARIAN, seen(facts, store, "offered"))
    again = offers.offer(store, LIBRARIAN, seen(facts, store, "to_offer"), TODAY)
    assert not offers.shown(facts, store, SCHOOL)["claimed"].any()
    assert offers.proposals(facts, store, again)["claims"].to_list() == [None]
    offers.claim(facts, store, SCHOOL, [item])
    assert offers.proposals(facts, store, again)["claims"].to_list() == [["P001"]]


def test_handed_over_with_a_numbered_slip(store, facts, offered):
    number, items = offered
    offers.claim(facts, store, SCHOOL, items[:3])
    offers.claim(facts, store, NURSERY, items[3:5])
    offers.settle(facts, store, LIBRARIAN, number, offers.proposals(facts, store, number), today=PAST)
    both = seen(facts, store, "assigned")
    with pytest.raises(Problem, match="1か所ずつ"):
        transfers.hand_over(store, LIBRARIAN, both)
    slip = transfers.hand_over(store, LIBRARIAN, {item: both[item] for item in items[:3]})
    assert slip == f"{years.of(TODAY)}-管理換-01"
    assert transfers.hand_over(store, LIBRARIAN, {item: both[item] for item in items[3:5]}).endswith("-02")
    assert transfers.slips(store).select("slip", "partner", "items").rows()[1] == (slip, "P001", 3)
    assert set(offers.received(facts, store, SCHOOL)["item_id"]) == set(items[:3])
    pdf = transfers.slip_pdf(facts, store, POLICY, slip)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert slip in text.replace("\n", "") and "朝凪小学校" in text and all(item in text for item in items[:3])
    with pytest.raises(Problem):
        transfers.slip_pdf(facts, store, POLICY, "2020-管理換-01")


def test_many_partners_at_once_lose_no_claim(store, flagged, offered):
    number, items = offered
    schools = [Person(f"s{n}", f"{n}", frozenset({"partner"}), None, f"P{n:03}") for n in range(1, 9)]

    def work(person: Person) -> int:
        rng, claimed = Random(person.id), 0
        with connect_flags(flagged) as cursor:
            for item in rng.sample(items, 6):
                claimed += offers.claim(cursor, store, person, [item])
        return claimed

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, schools)) == 48
    with ledger.reading(store) as connection:
        assert len(connection.execute(sql("queries/offers_claims"), {"partner": None}).fetchall()) == 48


def test_a_reply_date_before_the_offer_is_refused(store, flagged):
    items = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[:1]
    with pytest.raises(Problem, match="回答期限"):
        offers.offer(store, LIBRARIAN, on_road(store, items, "to_offer"), TODAY - timedelta(days=1))

"""特別文庫: what is locked stays; who may put in and take out; a withdrawal is refused, and no rule by use and value flags it."""

from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from collection import approve, decisions, ledger, named, words
from collection.facts import decided_on
from collection.flag import judge
from collection.gifts import keeping
from collection.ledger import Event, MovedOn, append
from collection.roles import ROLES, Person
from collection.store.connection import connect
from collection.words import Problem
from tests import committee_store, naive_flag, road_store, small_store
from tests.random_library import AS_OF, random_library, write_snapshot
from tests.test_flag import judged_rows, random_decisions

POLICY = road_store.POLICY
LIBRARIAN, MANAGER = road_store.LIBRARIAN, road_store.MANAGER


@pytest.fixture
def store(flagged, tmp_path):
    return committee_store.copy(flagged, tmp_path)


@pytest.fixture(scope="module")
def held(flagged) -> list[str]:
    return small_store.items_of(flagged, "verdict IS NULL")[:6]


def lock(store, facts, items, name: str = "海辺文庫", person: Person = LIBRARIAN, **more) -> named.Done:
    return named.lock(store, facts, person, name, items, **({"reason": "寄贈の約束"} | more))


def names(store) -> dict[str, str]:
    return dict(named.items(store).select("item_id", "name").iter_rows())


def test_items_are_put_in_and_moved_and_say_why(store, facts, held):
    ticket = keeping.offer(store, LIBRARIAN, "gift", "group")
    assert lock(store, facts, held[:2], ticket=ticket, reason="").locked == held[:2]
    assert lock(store, facts, held[1:3], "山の文庫").locked == held[1:3]
    assert names(store) == {held[0]: "海辺文庫", held[1]: "山の文庫", held[2]: "山の文庫"}
    kept = named.items(store, "海辺文庫").row(0, named=True)
    assert (kept["ticket"], kept["reason"], kept["by"]) == (ticket, None, LIBRARIAN.name)
    assert set(named.items(store, "山の文庫")["reason"]) == {"寄贈の約束"}


def test_what_cannot_be_put_in_is_told(store, facts, held):
    lock(store, facts, held[:1])
    road_store.on_road(store, held[1:2], "to_offer")
    [gone] = facts.execute("SELECT item_id FROM facts_of_day.item WHERE status = 'withdrawn' LIMIT 1").fetchone() or [
        None
    ]
    framed = f"A{held[2]}A"  # a bar code with its start and stop marks
    given = [held[0], held[1], "00000000", framed, held[2], *([gone] if gone else [])]
    done = lock(store, facts, given)
    assert done.locked == [held[2]]
    assert done.left == {"there": [held[0], held[2]], "road": [held[1]], "unknown": ["00000000"]} | (
        {"gone": [gone]} if gone else {}
    )
    for more, said in (({"items": []}, "資料番号"), ({"name": " "}, "文庫の名"), ({"reason": " "}, "理由")):
        with pytest.raises(Problem, match=said):
            lock(store, facts, **({"items": held[3:4]} | more))
    with pytest.raises(Problem, match="人の名らしい"):
        lock(store, facts, held[3:4], reason="田中一郎")
    assert set(names(store)) == {held[0], held[2]}


def test_numbers_as_scanned():
    assert named.numbers(" 111\n222, 111、333;444\t") == ["111", "222", "333", "444"]


def test_only_the_manager_takes_out_and_with_a_reason(store, facts, held):
    lock(store, facts, held[:2])
    seen = dict(named.items(store).select("item_id", "seq").iter_rows())
    for role in ROLES:
        person = Person("x", "だれか", frozenset({role}))
        if role != "manager":
            with pytest.raises(Problem, match="操作"):
                named.unlock(store, person, seen, "約束が終わった")
        if role != "librarian":
            with pytest.raises(Problem, match="操作"):
                lock(store, facts, held[2:3], person=person)
    with pytest.raises(Problem, match="理由"):
        named.unlock(store, MANAGER, seen, " ")
    assert named.unlock(store, MANAGER, {held[0]: seen[held[0]]}, "約束が終わった") == 1
    assert set(names(store)) == {held[1]}
    with pytest.raises(MovedOn):
        named.unlock(store, MANAGER, {held[0]: seen[held[0]]}, "もう一度")
    assert lock(store, facts, held[:1]).locked == held[:1]


def test_figures_of_a_collection_equal_those_counted_by_hand(store, facts, held):
    lock(store, facts, held[:4])
    lock(store, facts, held[4:], "山の文庫")
    decisions.attach(facts, store)
    found = named.collections(facts).rows_by_key("name", named=True, unique=True)
    for name, items in (("海辺文庫", held[:4]), ("山の文庫", held[4:])):
        rows = facts.sql(
            "SELECT item_id, judged.branch, loans_1y, verdict FROM judged JOIN facts_of_day.item USING (item_no)"
        ).pl()
        own = [row for row in rows.iter_rows(named=True) if row["item_id"] in items]
        assert (found[name]["items"], found[name]["held"]) == (len(items), len(own))
        assert found[name]["loans_1y"] == sum(row["loans_1y"] for row in own)
        assert found[name]["branches"] == "、".join(sorted({row["branch"] for row in own}))
        assert set(named.listed(facts, name)["item_id"]) == set(items)
    assert named.listed(facts, "ない文庫").is_empty()


def test_approval_refuses_what_was_locked_after_the_vote(store, flagged, facts):
    items = small_store.items_of(flagged, "criterion = '8-2-2' AND verdict = 'candidate'")[:40]
    road_store.resolved(store, "2025-001", dict.fromkeys(items, "8-2-2"))
    before = approve.check(store, flagged, POLICY, "2025-001").filter(pl.col("refused").is_null())["item_id"].to_list()
    assert before
    lock(store, facts, before[:1])
    told = approve.check(store, flagged, POLICY, "2025-001").row(
        by_predicate=pl.col("item_id") == before[0], named=True
    )
    assert told["refused"] == "named" and "海辺文庫" in approve.why_refused(told)
    done = approve.approve(store, flagged, POLICY, MANAGER, "2025-001", before[:2])
    assert before[0] not in done.approved and before[0] in [item for item, _, _ in done.refused]
    assert names(store) == {before[0]: "海辺文庫"}
    token = words.language.set("en")
    try:
        assert "海辺文庫" in approve.why_refused(told)
    finally:
        words.language.reset(token)


@settings(max_examples=12, deadline=None)
@given(seed=some.integers(0, 10**6), items=some.integers(20, 200), share=some.sampled_from([0.3, 0.8]))
def test_no_rule_by_use_and_value_flags_what_is_locked(tmp_path_factory, seed, items, share):
    """km-12-2-named: a random library, random locks; then the same library without them."""
    library = random_library(Random(seed), items, 0.4)
    decided = random_decisions(Random(seed), library, share)
    locked = {item["item_no"] for item in library["item"] if decided.get(item["item_id"], {}).get("named")}
    judged = judged_rows(tmp_path_factory.mktemp("locked"), library, decided=decided)
    for number in locked & judged.keys():
        row = judged[number]
        assert "8-2-2" not in (row["criteria"] or "").split(";") and row["survivor_item_no"] is None
        assert row["verdict"] != "candidate" or row["criterion"] in ("8-2-3", "8-2-5")
        assert row["named_collection"] and "km-12-2-named" in row["protected_by"].split(";")
    for number in judged.keys() - locked:
        assert judged[number]["named_collection"] is None


def test_a_lock_keeps_an_item_that_would_go(tmp_path):
    """Item by item: every candidate of 第2号 of a random library is one no more once it is locked."""
    library = random_library(Random(5), 200, 0.3)
    (tmp_path / "free").mkdir()
    free = judged_rows(tmp_path / "free", library)
    going = [number for number, row in free.items() if row["criterion"] == "8-2-2" and row["verdict"] == "candidate"]
    assert len(going) > 5
    snapshot = write_snapshot(tmp_path / "snapshot.duckdb", library)
    with ledger.writing(tmp_path) as connection:
        append(connection, LIBRARIAN, [
            Event("lock", f"{number:08d}", item_id=f"{number:08d}", reason="約束", details={"name": "海辺文庫"}) for number in going
        ])  # fmt: skip
    told = decided_on(decisions.decided(tmp_path).items, AS_OF)
    assert set(told["named_collection"]) == {"海辺文庫"} and not told["kept"].any() and not told["leaving"].any()
    with connect(tmp_path / "flags.duckdb", attach={"facts_of_day": snapshot}) as connection:
        judge(connection, POLICY, AS_OF, told)
        found = dict(
            connection.execute("SELECT item_no, verdict FROM judged WHERE named_collection IS NOT NULL").fetchall()
        )
    assert found.keys() == set(going) and "candidate" not in found.values()
    naive = naive_flag.verdicts(
        POLICY, naive_flag.facts(POLICY, library, {f"{n:08d}": {"named": "海辺文庫"} for n in going})
    )
    assert {number: naive[number]["verdict"] for number in going} == found

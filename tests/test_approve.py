"""決裁: the survivor guarantee holds whoever approves what in which order; refusals name the item and the reason."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection import approve, decisions, ledger, road
from collection.ledger import Event, append
from collection.roles import Person
from collection.store.connection import connect
from collection.words import Problem
from tests import naive_flag, small_store
from tests.road_store import EVERYBODY, LIBRARIAN, MANAGER, POLICY, present, random_store, resolved

NEEDING = "8-2-2"


def judged_of(flags: Path) -> dict[str, dict]:
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    query = "SELECT item.item_id, judged.* FROM f.judged AS judged JOIN s.item AS item USING (item_no)"
    with connect(attach={"f": flags, "s": snapshot}) as connection:
        return {row["item_id"]: row for row in connection.sql(query).pl().to_dicts()}


class Naive:
    """The check item by item, straight from its sentences."""

    def __init__(self, library: dict, judged: dict[str, dict]):
        self.judged = judged
        self.item = {f"{item['item_no']:08d}": item for item in library["item"]}
        placed = naive_flag.parts(library)
        self.place = {item: placed[row["item_no"]] for item, row in self.item.items()}
        self.rank = {
            item: library["bib"][row["bib_no"]]["edition_rank"] if row["bib_no"] is not None else None
            for item, row in self.item.items()
        }

    def supports(self, other: str, item: str) -> bool:
        """Whether `other` is a copy or a newer edition of the item."""
        same_unit = self.place[other][1] == self.place[item][1]
        newer = self.rank[item] is not None and self.rank[other] is not None and self.rank[other] > self.rank[item]
        return other != item and (same_unit or (self.place[other][0] == self.place[item][0] and newer))

    def survivor(self, item: str, stayers: set[str], named: str | None, kind: str | None) -> bool:
        if any(self.supports(other, item) for other in stayers):
            return True
        of_work = any(self.place[other][0] == self.place[item][0] for other in stayers)
        return kind == "similar" and named in stayers and of_work

    def named(self, item: str) -> tuple[str | None, str | None]:
        row = self.judged[item]
        number = row["survivor_item_no"]
        return (None if number is None else f"{number:08d}"), row["survivor_kind"]

    def refused(self, batch: dict[str, str], road_now: dict, leaving: set[str]) -> dict[str, str | None]:
        """Item → why it is refused. road_now: what is approved → (criterion, survivor, kind)."""
        usable = {item for item, row in self.judged.items() if row["usable"]}
        flagged = {item for item, row in self.judged.items() if row["verdict"] == "candidate"}
        stayers = usable - flagged - leaving - set(road_now) - set(batch)
        rest = usable - set(road_now) - set(batch)
        broken = {
            item: (survivor, kind)
            for item, (criterion, survivor, kind) in road_now.items()
            if criterion == NEEDING and item in self.judged and not self.survivor(item, rest, survivor, kind)
        }
        return {item: self.one(item, clause, stayers, usable, broken) for item, clause in batch.items()}

    def one(self, item: str, clause: str, stayers: set, usable: set, broken: dict) -> str | None:
        if item not in self.judged:
            return "gone"
        row, status = self.judged[item], self.item[item]["status"]
        route = self.route(item, clause)
        if status == "on_loan" and clause != "8-2-5":
            return "on_loan"
        if status == "on_hold_shelf":
            return "on_hold_shelf"
        if status == "missing" and route != "record_only":
            return "missing"
        if row["usable"] and row["holds"] > 0 and clause == NEEDING:
            return "reserved"
        named, kind = self.named(item)
        if clause == NEEDING and not self.survivor(item, stayers, named, kind):
            return "survivor_lost" if named else "no_survivor"
        for other, (survivor, kind) in broken.items():
            same_work = self.place[item][0] == self.place[other][0]
            if item in usable and (self.supports(item, other) or item == survivor or (kind == "similar" and same_work)):
                return "relied_on"
        return None

    def route(self, item: str, clause: str) -> str:
        row, fact = self.judged[item], self.item[item]
        if row["criterion"] == clause and row["route"]:
            return row["route"]
        if clause == "8-2-4":
            worn = fact["condition"] in ("soiled", "damaged", "repairable")
            return "record_only" if fact["status"] == "missing" else "discard" if worn else "give_away"
        return {"8-2-1": "discard", "8-2-2": "transfer_offer", "8-2-3": "record_only", "8-2-5": "record_only"}[clause]


def road_now(store: Path) -> dict[str, tuple]:
    """What is approved → criterion, survivor, kind, from all events one after the other."""
    now = {}
    with ledger.reading(store) as connection:
        for row in connection.execute("SELECT * FROM event WHERE aspect = 'road' ORDER BY seq"):
            details = json.loads(row["details"])
            now[row["subject"]] = row["clause"], details.get("survivor"), details.get("survivor_kind")
            if row["state"] is None:
                del now[row["subject"]]
    return now


def check_guarantee(naive: Naive, now: dict[str, tuple]) -> int:
    """Every approved 第2号 item has a usable survivor that is not on the road; no work lost its last usable copy."""
    stays = {item for item, row in naive.judged.items() if row["usable"]} - set(now)
    needing = [item for item, (criterion, _, _) in now.items() if criterion == NEEDING]
    for item in needing:
        _, survivor, kind = now[item]
        assert naive.survivor(item, stays, survivor, kind), item
        assert any(naive.place[other][0] == naive.place[item][0] for other in stays), item
    return len(needing)


def some_items(rng: Random, judged: dict[str, dict], n: int) -> dict[str, str]:
    """Candidates under their criterion, some items that stay, and some that no rule speaks of, under any."""
    candidates = [item for item, row in judged.items() if row["verdict"] == "candidate"]
    named = [f"{row['survivor_item_no']:08d}" for row in judged.values() if row["survivor_item_no"] is not None]
    chosen = rng.sample(candidates, min(n, len(candidates)))
    others = [item for item in rng.sample([*named, *judged], min(n // 2, len(judged))) if item not in chosen]
    by_hand = {item: rng.choice([NEEDING, NEEDING, "8-2-1", "8-2-4"]) for item in others}
    return {item: judged[item]["criterion"] for item in chosen} | by_hand


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6), items=st.integers(30, 300), titles=st.sampled_from([0.1, 0.3]))
def test_the_check_equals_its_naive_twin(tmp_path_factory, seed, items, titles):
    rng = Random(seed)
    store = tmp_path_factory.mktemp("approve") / "store"
    flags, library = random_store(store, rng, items, titles)
    naive = Naive(library, judged_of(flags))
    for nth in range(4):
        taken = set(present(store, "entry"))
        batch = {
            item: clause for item, clause in some_items(rng, naive.judged, items // 6).items() if item not in taken
        }
        if not batch:
            continue
        resolved(store, f"2025-{nth:03d}", batch)
        tagged = [item for item in rng.sample(list(naive.judged), 3) if item not in present(store, "tag")]
        with ledger.writing(store) as connection:
            append(connection, LIBRARIAN, [Event("tag", item, "withdraw", item_id=item) for item in tagged])
        now = road_now(store)
        items_now = decisions.decided(store).items.filter(decisions.leaving())
        expected = naive.refused(batch, now, set(items_now["item_id"]) - set(now))
        found = approve.check(store, flags, POLICY, f"2025-{nth:03d}")
        assert {row["item_id"]: row["refused"] for row in found.iter_rows(named=True)} == expected
        for row in found.filter(found["survivor"].is_not_null() & found["refused"].is_null()).iter_rows(named=True):
            assert row["survivor"] not in now and row["survivor"] not in batch
        done = approve.approve(store, flags, POLICY, MANAGER, f"2025-{nth:03d}")
        assert set(done.approved) == {item for item, why in expected.items() if why is None}
        assert done.closed
        check_guarantee(naive, road_now(store))


def test_the_guarantee_holds_whoever_approves_what_at_once(tmp_path):
    """Several managers, one real ledger: lists made, approved in parts and undone in any order."""
    approved = refused = 0
    for seed in range(2):
        store = tmp_path / str(seed)
        flags, library = random_store(store, Random(seed), 300, 0.2)
        naive = Naive(library, judged_of(flags))
        everything = list(some_items(Random(seed), naive.judged, 160).items())
        Random(seed).shuffle(everything)

        def work(nth: int, store=store, flags=flags, everything=everything) -> tuple[int, int]:
            rng, manager, done = Random(nth), Person(f"m{nth}", "課長", frozenset({"manager"})), [0, 0]
            for part in range(4):
                batch = dict(everything[nth * 4 + part :: 16])
                list_no = f"2025-{nth}{part}"
                resolved(store, list_no, batch)
                some = rng.sample(list(batch), len(batch) // 2)
                for chosen in (some, None):
                    if chosen is None and not len(approve.pending(store, list_no)):
                        continue
                    found = approve.approve(store, flags, POLICY, manager, list_no, chosen)
                    done = [done[0] + len(found.approved), done[1] + len(found.refused)]
                    if found.approved and rng.random() < 0.4:
                        now = decisions.decided(store).items.rows_by_key("item_id", named=True, unique=True)
                        one = rng.choice(found.approved)
                        road.undo(store, manager, {one: now[one]["road_seq"]}, "見直し")
            return tuple(done)

        with ThreadPoolExecutor(4) as pool:
            for one in pool.map(work, range(4)):
                approved, refused = approved + one[0], refused + one[1]
        assert check_guarantee(naive, road_now(store))
    assert approved > 60 and refused > 20


# ── the sentences one by one, on the demo library


@pytest.fixture
def flags(flagged, store) -> Path:
    return store / "holdings" / flagged.name


def survivor_of(flags: Path, item: str) -> str:
    with connect(attach={"f": flags, "s": flags.with_name(flags.name.split(".")[0] + ".duckdb")}) as connection:
        query = """SELECT other.item_id FROM s.item AS item JOIN f.judged ON judged.item_no = item.item_no
            JOIN s.item AS other ON other.item_no = judged.survivor_item_no WHERE item.item_id = ?"""
        return connection.execute(query, [item]).fetchone()[0]


def lonely(flags: Path) -> str:
    """A candidate whose unit has exactly one usable copy besides, and no other edition."""
    where = """criterion = '8-2-2' AND verdict = 'candidate' AND survivor_kind = 'copy' AND usable AND copies = 2 AND holds = 0
        AND item.status = 'available'
        AND (SELECT count(*) FROM s.item AS other WHERE other.work_no = item.work_no) = 2"""
    return small_store.items_of(flags, where)[0]


def test_each_criterion_begins_its_road(store, flags):
    wanted = {
        "8-2-1": "to_discard",
        "8-2-2": "to_offer",
        "8-2-3": "to_strike",
        "8-2-4": "to_give",
        "8-2-5": "to_strike",
    }
    routes = {"8-2-4": "AND route = 'give_away'"}
    items = {
        small_store.items_of(flags, f"verdict = 'candidate' AND criterion = '{clause}' {routes.get(clause, '')}")[
            0
        ]: clause
        for clause in wanted
    }
    resolved(store, "2025-001", items)
    done = approve.approve(store, flags, POLICY, MANAGER, "2025-001")
    assert done.refused == [] and done.closed
    assert present(store, "road") == {item: wanted[clause] for item, clause in items.items()}
    assert present(store, "list") == {"2025-001": "decided"}
    [needing] = [item for item, clause in items.items() if clause == "8-2-2"]
    with ledger.reading(store) as connection:
        last = ledger.history(connection, needing)[-1]
    told = json.loads(last["told"])
    assert (last["clause"], last["list_no"], last["name"]) == ("8-2-2", "2025-001", "佐藤")
    assert json.loads(last["details"])["survivor"] == told["survivor_item_id"]


def test_who_drafted_or_tagged_may_not_approve(store, flags):
    items = small_store.items_of(flags, "criterion = '8-2-1' AND verdict = 'candidate'")[:2]
    both = Person("both", "係長", frozenset({"librarian", "committee", "manager"}))
    resolved(store, "2025-001", {items[0]: "8-2-1"}, by=both)
    with ledger.writing(store) as connection:
        append(connection, both, [Event("tag", items[1], "withdraw", item_id=items[1])])
    resolved(store, "2025-002", {items[1]: "8-2-1"})
    for list_no in ("2025-001", "2025-002"):
        assert approve.may_not(store, both, list_no)
        with pytest.raises(Problem, match="係長"):
            approve.approve(store, flags, POLICY, both, list_no)
    with pytest.raises(Problem, match="課長"):
        approve.approve(store, flags, POLICY, LIBRARIAN, "2025-001")
    assert present(store, "road") == {}
    assert approve.approve(store, flags, POLICY, MANAGER, "2025-001").approved == [items[0]]


def test_an_item_whose_survivor_is_leaving_is_refused_by_name(store, flags):
    item = lonely(flags)
    stays = survivor_of(flags, item)
    resolved(store, "2025-001", {stays: "8-2-1"})
    assert approve.approve(store, flags, POLICY, MANAGER, "2025-001").approved == [stays]
    resolved(store, "2025-002", {item: "8-2-2"})
    done = approve.approve(store, flags, POLICY, MANAGER, "2025-002")
    [(refused, title, why)] = done.refused
    assert refused == item and title and stays in why and "除籍決裁済のため" in why
    assert present(store, "entry")[item] == "refused"


def test_of_two_that_stand_for_each_other_neither_goes_in_one_batch(store, flags):
    item = lonely(flags)
    stays = survivor_of(flags, item)
    resolved(store, "2025-001", {item: "8-2-2", stays: "8-2-2"})
    done = approve.approve(store, flags, POLICY, MANAGER, "2025-001")
    assert done.approved == [] and {each for each, _, _ in done.refused} == {item, stays}


def test_what_stays_for_another_is_not_let_go_afterwards(store, flags):
    item = lonely(flags)
    stays = survivor_of(flags, item)
    resolved(store, "2025-001", {item: "8-2-2"})
    assert approve.approve(store, flags, POLICY, MANAGER, "2025-001").approved == [item]
    resolved(store, "2025-002", {stays: "8-2-1"})
    [(_, _, why)] = approve.approve(store, flags, POLICY, MANAGER, "2025-002").refused
    assert item in why


def test_a_tag_a_list_and_a_flag_count_against_a_survivor(store, flags):
    item = lonely(flags)
    stays = survivor_of(flags, item)
    resolved(store, "2025-001", {item: "8-2-2"})
    with ledger.writing(store) as connection:
        append(connection, LIBRARIAN, [Event("tag", stays, "withdraw", item_id=stays)])
    assert approve.check(store, flags, POLICY, "2025-001")["fate"].to_list() == ["tagged"]
    resolved(store, "2025-002", {stays: "8-2-1"})
    assert approve.check(store, flags, POLICY, "2025-001")["fate"].to_list() == ["listed"]


def test_what_is_lent_reserved_or_gone_is_refused(store, flags):
    lent = small_store.items_of(flags, "item.status = 'on_loan' AND verdict IS DISTINCT FROM 'candidate'")[0]
    reserved = small_store.items_of(flags, "holds > 0 AND usable AND item.status = 'available'")[0]
    resolved(store, "2025-001", {lent: "8-2-1", reserved: "8-2-2", "nowhere": "8-2-1"})
    found = dict(approve.check(store, flags, POLICY, "2025-001").select("item_id", "refused").iter_rows())
    assert found == {lent: "on_loan", reserved: "reserved", "nowhere": "gone"}


def test_an_unanswered_concentration_blocks(store, flags):
    author = "SELECT author FROM s.bib WHERE author IS NOT NULL GROUP BY author ORDER BY count(*) DESC LIMIT 1"
    where = f"bib_no IN (SELECT bib_no FROM s.bib WHERE author = ({author}))".replace("bib_no IN", "judged.bib_no IN")
    items = small_store.items_of(flags, where)[:12]
    resolved(store, "2025-001", dict.fromkeys(items, "8-2-1"), level=0.9)
    with pytest.raises(Problem, match="偏り"):
        approve.approve(store, flags, POLICY, MANAGER, "2025-001")
    assert present(store, "road") == {}


def test_a_part_now_and_the_rest_later_or_not_at_all(store, flags):
    items = small_store.items_of(flags, "criterion = '8-2-1' AND verdict = 'candidate'")[:3]
    resolved(store, "2025-001", dict.fromkeys(items, "8-2-1"))
    done = approve.approve(store, flags, POLICY, MANAGER, "2025-001", items[:1])
    assert done.approved == items[:1] and not done.closed
    assert present(store, "list") == {"2025-001": "resolved"}
    with pytest.raises(Problem, match=items[0]):
        approve.approve(store, flags, POLICY, MANAGER, "2025-001", items[:1])
    with pytest.raises(Problem, match="理由"):
        approve.finish(store, MANAGER, "2025-001", " ")
    assert approve.finish(store, MANAGER, "2025-001", "来年度に送る") == 2
    assert present(store, "list") == {"2025-001": "decided"}
    assert [present(store, "entry")[item] for item in items] == ["withdraw", "refused", "refused"]
    with pytest.raises(Problem, match="決裁済"):
        approve.finish(store, EVERYBODY, "2025-001", "もう一度")


def test_a_list_is_sent_back_whole_or_not_at_all(store, flags):
    items = small_store.items_of(flags, "criterion = '8-2-1' AND verdict = 'candidate'")[:3]
    resolved(store, "2025-001", dict.fromkeys(items[:2], "8-2-1"))
    resolved(store, "2025-002", {items[2]: "8-2-1"})
    approve.approve(store, flags, POLICY, MANAGER, "2025-001", items[:1])
    with pytest.raises(Problem, match="差し戻せません"):
        approve.send_back(store, MANAGER, "2025-001", "根拠を足すこと")
    with pytest.raises(Problem, match="理由"):
        approve.send_back(store, MANAGER, "2025-002", "")
    approve.send_back(store, MANAGER, "2025-002", "根拠を足すこと")
    assert present(store, "list") == {"2025-001": "resolved", "2025-002": "drafted"}
    with pytest.raises(Problem, match="作成中"):
        approve.approve(store, flags, POLICY, MANAGER, "2025-002")

"""Tags: each rule, two people on one item, undo of a whole act, and the present state against a replay of random acts."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from random import Random
from shutil import copytree

import pytest

from collection import candidates, decisions, flag, ledger, policy, tagging, weigh
from collection.candidates import Filter
from collection.ledger import Event, MovedOn
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect_flags
from collection.tagging import ClauseNeeded, ReasonNeeded
from collection.words import Problem
from tests import small_store

PACK = policy.load(small_store.PACK, small_store.demo.AS_OF)
YAMADA = Person("yamada", "山田", frozenset({"librarian"}))
SATO = Person("sato", "佐藤", frozenset({"librarian"}))
CHIEF = Person("tanaka", "田中", frozenset({"manager"}))
TODAY = date.today()


@pytest.fixture(scope="module")
def kinds(flagged) -> dict[str, list[str]]:
    """Item numbers by what the rules say of them."""
    found = {
        verdict: small_store.items_of(flagged, f"verdict = '{verdict}'")
        for verdict in ("move", "ask", "unknown", "keep")
    }
    found["candidate"] = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")
    found["none"] = small_store.items_of(flagged, "verdict IS NULL")
    found["asked"] = small_store.items_of(flagged, "verdict = 'ask' AND criteria = '8-2-2'")
    found["protected"] = small_store.items_of(flagged, "verdict = 'keep' AND rule = 'km-8-1-new'")
    found["deposit"] = small_store.items_of(flagged, "source = 'deposit'")
    return found


@pytest.fixture
def store(flagged, tmp_path) -> Path:
    (tmp_path / "holdings").symlink_to(flagged.parent)
    return tmp_path


def put(store: Path, items: list[str], state: str, person: Person = YAMADA, **given) -> tagging.Done:
    return tagging.tag(store, snapshots.newest_flags(store), PACK, person, items, state, **given)


def now(store: Path) -> dict[str, dict]:
    return {row["item_id"]: row for row in decisions.decided(store).items.to_dicts()}


def seqs(store: Path) -> dict[str, int]:
    return {item: row["tag_seq"] for item, row in now(store).items()}


# ── one tag


def test_a_candidate_is_tagged_with_its_criterion_and_evidence(store, kinds):
    [item, *_] = kinds["candidate"]
    assert put(store, [item], "withdraw") == tagging.Done([item], {})
    with ledger.reading(store) as connection:
        [row] = ledger.history(connection, item)
    assert (row["state"], row["clause"], row["person"]) == ("withdraw", "8-2-2", "yamada")
    assert '"criterion":"8-2-2"' in row["told"]
    assert now(store)[item]["tag_name"] == "山田"


AGAINST = {  # tag → verdicts that make it ask for a reason; 残す always does
    "withdraw": ("ask", "unknown"),
    "replace": ("keep", "move"),
    "keep": ("candidate", "move", "ask", "unknown", "keep", "none"),
    "stacks": ("candidate",),
    "branch": ("candidate", "move"),
    "repair": (),
    "hold": (),
}


@pytest.mark.parametrize("verdict", ["candidate", "move", "ask", "unknown", "keep", "none"])
@pytest.mark.parametrize("state", AGAINST)
def test_what_goes_against_the_rules_asks_for_a_reason(store, flagged, kinds, state, verdict):
    if state == "withdraw" and verdict in ("move", "keep", "none"):
        return
    plain = "" if verdict == "move" else "AND advice IS NULL AND judged.location IS DISTINCT FROM 'closed'"
    asked = "verdict = 'ask' AND criteria = '8-2-2'" if state == "withdraw" else None
    said = "verdict IS NULL" if verdict == "none" else f"verdict = '{verdict}'"
    [item, *_] = small_store.items_of(flagged, asked if verdict == "ask" and asked else f"{said} {plain}")
    given = (
        {"to": "中央図書館" if branch_of(flagged, item) != "中央図書館" else "北口図書館"} if state == "branch" else {}
    )
    if verdict in AGAINST[state]:
        with pytest.raises(ReasonNeeded):
            put(store, [item], state, **given)
        with pytest.raises(ReasonNeeded):
            put(store, [item], state, reason=" 　", **given)
        assert now(store) == {}
    put(store, [item], state, reason="棚で見て決めた" if verdict in AGAINST[state] else None, **given)
    assert now(store)[item]["tag"] == state


def branch_of(flags: Path, item: str) -> str:
    with connect_flags(flags) as cursor:
        [(branch,)] = cursor.execute("SELECT branch FROM facts_of_day.item WHERE item_id = ?", [item]).fetchall()
    return branch


def test_keeping_until_a_day(store, kinds):
    [item, *_] = kinds["candidate"]
    with pytest.raises(Problem, match="今日より前"):
        put(store, [item], "keep", reason="要る", until=TODAY - timedelta(days=1))
    with pytest.raises(Problem, match="今日より前"):
        put(store, [item], "hold", until=TODAY)
    put(store, [item], "keep", reason="要る", until=TODAY)
    assert now(store)[item]["tag_until"] == TODAY.isoformat()


def test_another_branch_must_be_named_and_another_one(store, flagged, kinds):
    [item, *_] = kinds["candidate"]
    for given in ({}, {"to": "火星図書館"}):
        with pytest.raises(Problem, match="館"):
            put(store, [item], "branch", reason="向こうで使う", **given)
    with pytest.raises(Problem, match="すでに"):
        put(store, [item], "branch", reason="向こうで使う", to=branch_of(flagged, item))
    with pytest.raises(Problem, match="館は要りません"):
        put(store, [item], "hold", to="中央図書館")


# ── the criterion of 除籍


def test_what_the_rules_ask_or_cannot_tell_may_be_withdrawn_under_that_criterion(store, kinds, flagged):
    for item in (kinds["asked"][0], small_store.items_of(flagged, "rule = 'km-8-2-2' AND verdict = 'unknown'")[0]):
        with pytest.raises(Problem, match="8-2-4"):
            put(store, [item], "withdraw", clause="8-2-4", reason="古い")
        put(store, [item], "withdraw", clause="8-2-2", reason="現物を見て、残す理由がない")
        assert now(store)[item]["tag_clause"] == "8-2-2"


def test_damage_seen_at_the_shelf_needs_the_criterion_from_the_person(store, kinds):
    [item, *_] = kinds["none"]
    with pytest.raises(ClauseNeeded, match="8-2-1"):
        put(store, [item], "withdraw", reason="水ぬれ")
    with pytest.raises(Problem, match="8-2-2"):
        put(store, [item], "withdraw", clause="8-2-2", reason="古い")
    with pytest.raises(ReasonNeeded):
        put(store, [item], "withdraw", clause="8-2-1")
    put(store, [item], "withdraw", clause="8-2-1", reason="水ぬれ")
    assert now(store)[item]["tag_clause"] == "8-2-1"


def test_what_a_protection_keeps_is_not_withdrawn_and_the_clause_is_named(store, kinds):
    [item, *_] = kinds["protected"]
    for given in ({}, {"clause": "8-2-2"}):
        with pytest.raises(Problem, match="第8条第1項"):
            put(store, [item], "withdraw", reason="古い", **given)
    put(store, [item], "withdraw", clause="8-2-1", reason="水ぬれ")  # a protection makes 第1号 a question
    [deposit, *_] = kinds["deposit"]
    with pytest.raises(Problem, match="第13条第2項"):
        put(store, [deposit], "withdraw", clause="8-2-1", reason="水ぬれ")


def test_the_last_copy_is_not_withdrawn_as_little_used(store, flagged):
    [item, *_] = small_store.items_of(flagged, "verdict = 'move' AND protected_by = 'km-8-2-2-last'")
    with pytest.raises(Problem, match="第8条第2項第2号"):
        put(store, [item], "withdraw", clause="8-2-2", reason="古い")


# ── what cannot be tagged


def test_what_is_not_held_is_said(store, flagged):
    gone = small_store.items_of(flagged, "true")
    with connect_flags(flagged) as cursor:
        query = "SELECT item_id FROM facts_of_day.item WHERE status = 'withdrawn' OR gone_on IS NOT NULL"
        withdrawn = [item for (item,) in cursor.execute(query).fetchall()]
    assert not set(withdrawn) & set(gone)
    for item in ("9999999999", *withdrawn[:1]):
        with pytest.raises(Problem, match=item):
            put(store, [item], "hold")


def test_an_item_on_a_list_or_on_the_road_is_not_tagged_again(store, kinds):
    listed, approved, refused = kinds["candidate"][:3]
    with ledger.writing(store) as connection:
        ledger.append(connection, YAMADA, [
            Event("draft", "2026-001", list_no="2026-001"),
            *(Event("enter", item, item_id=item, list_no="2026-001") for item in (listed, approved)),
        ])  # fmt: skip
        ledger.append(connection, CHIEF, [Event("approve", approved, "to_offer", item_id=approved, list_no="2026-001")])
    for item, where in ((listed, "議案 2026-001 に載って"), (approved, "決裁されています（議案 2026-001）")):
        with pytest.raises(Problem, match=where):
            put(store, [item], "hold")
    done = put(store, [listed, approved, refused, "nowhere"], "hold")
    assert done == tagging.Done([refused], {"list": [listed], "road": [approved], "not_held": ["nowhere"]})
    assert tagging.untag(store, YAMADA, [listed]).left == {"list": [listed]}


def test_only_librarians_tag(store, kinds):
    for verb in (lambda: put(store, kinds["candidate"][:1], "hold", CHIEF), lambda: tagging.untag(store, CHIEF, ["1"])):
        with pytest.raises(Problem, match="司書"):
            verb()


# ── two people on one item


def test_nobody_changes_what_he_has_not_seen(store, kinds):
    item, other = kinds["candidate"][:2]
    put(store, [item], "withdraw")
    with pytest.raises(MovedOn, match="山田さんが「除籍」"):
        put(store, [item, other], "hold", SATO)
    assert set(now(store)) == {item}
    put(store, [item, other], "hold", SATO, seen=seqs(store))
    assert {row["tag"] for row in now(store).values()} == {"hold"}
    with pytest.raises(MovedOn):
        put(store, [item], "withdraw", YAMADA, seen={item: 1})
    with pytest.raises(MovedOn):
        tagging.untag(store, YAMADA, [item])
    assert tagging.untag(store, YAMADA, [item], seen=seqs(store)).changed == [item]
    with pytest.raises(MovedOn):
        put(store, [item], "withdraw", SATO, seen={item: 2})
    put(store, [item], "withdraw", SATO, seen={item: 0})


def test_the_same_tag_again_is_no_conflict_and_no_event(store, kinds):
    items = kinds["candidate"][:3]
    put(store, items[:2], "withdraw")
    assert put(store, items, "withdraw", SATO) == tagging.Done([items[2]], {"same": items[:2]})
    assert put(store, items[:1], "withdraw") == tagging.Done([], {"same": items[:1]})
    with ledger.reading(store) as connection:
        assert ledger.last_seq(connection) == 3


# ── undo


def test_an_act_is_undone_as_a_whole_and_then_the_one_before(store, kinds):
    items = kinds["candidate"][:40]
    put(store, items[:30], "withdraw")
    put(store, items[20:], "hold")
    tagging.untag(store, YAMADA, items[:5])
    assert tagging.last_act(store, YAMADA) == tagging.Act(None, items[:5], [])
    assert tagging.undo_last(store, YAMADA) == items[:5]
    assert tagging.last_act(store, YAMADA) == tagging.Act("hold", items[20:], [])
    assert tagging.undo_last(store, YAMADA) == items[20:]
    assert {item: row["tag"] for item, row in now(store).items()} == dict.fromkeys(items[:30], "withdraw")
    assert tagging.undo_last(store, YAMADA) == items[:30]
    assert now(store) == {}
    assert tagging.last_act(store, YAMADA) is None
    with pytest.raises(Problem, match="元に戻せる"):
        tagging.undo_last(store, YAMADA)


def test_what_somebody_decided_since_stays(store, kinds):
    items = kinds["candidate"][:4]
    put(store, items, "withdraw")
    put(store, items[:1], "hold", SATO, seen=seqs(store))
    with ledger.writing(store) as connection:
        ledger.append(connection, YAMADA, [
            Event("draft", "2026-001", list_no="2026-001"), Event("enter", items[1], item_id=items[1], list_no="2026-001"),
        ])  # fmt: skip
    assert tagging.last_act(store, YAMADA) == tagging.Act("withdraw", items[2:], items[:2])
    assert tagging.undo_last(store, YAMADA) == items[2:]
    assert {item: row["tag"] for item, row in now(store).items()} == {items[0]: "hold", items[1]: "withdraw"}
    with pytest.raises(Problem, match="2冊"):
        tagging.undo_last(store, YAMADA)
    assert tagging.undo_last(store, SATO) == items[:1]


def test_what_an_undo_restores_is_again_the_tag_of_whoever_put_it_on(store, kinds):
    [item, *_] = kinds["candidate"]
    put(store, [item], "keep", reason="読書会で使う")
    put(store, [item], "hold", SATO, seen=seqs(store))
    tagging.undo_last(store, SATO)
    row = now(store)[item]
    assert (row["tag"], row["tag_name"], row["tag_person"], row["tag_reason"]) == (
        "keep",
        "山田",
        "yamada",
        "読書会で使う",
    )
    with pytest.raises(MovedOn):
        put(store, [item], "hold", SATO)
    put(store, [item], "hold")


@pytest.mark.parametrize("seed", range(4))
def test_the_present_state_is_the_replay_of_all_acts(store, flagged, kinds, seed):
    """Random acts of two people, undone at random: a plain dict that replays them says the same as the ledger."""
    rng, items = Random(seed), kinds["candidate"][:12]
    told: dict[str, str] = {}
    stacks: dict[str, list[dict]] = defaultdict(list)  # person → acts: item → (before, after), newest last
    for _ in range(25):
        person = rng.choice([YAMADA, SATO])
        chosen = rng.sample(items, rng.randrange(1, 5))
        verb = rng.choice(["tag", "tag", "untag", "undo"])
        if verb == "undo":
            act = stacks[person.id][-1] if stacks[person.id] else {}
            mine = {item for item, (_, after) in act.items() if told.get(item) == after}
            if not mine:
                with pytest.raises(Problem):
                    tagging.undo_last(store, person)
                continue
            assert set(tagging.undo_last(store, person)) == mine
            for item in mine:
                told[item] = act.pop(item)[0]
            if not act:
                stacks[person.id].pop()
            continue
        state = f"{verb}{rng.random()}"  # every act is another, so that nobody's is taken for somebody else's
        if verb == "tag":
            word = rng.choice(["withdraw", "hold", "repair", "keep"])
            done = put(store, chosen, word, person, reason=state, seen={item: 0 for item in chosen} | {
                item: seq for item, seq in seqs(store).items() if item in chosen and seq
            })  # fmt: skip
            state = f"{word} {state}"
        else:
            done = tagging.untag(
                store, person, chosen, seen={i: q for i, q in seqs(store).items() if i in chosen and q}
            )
        if done.changed:
            stacks[person.id].append({item: (told.get(item), state) for item in done.changed})
            told |= dict.fromkeys(done.changed, state)
    expected = {item: state.split()[0] for item, state in told.items() if state and not state.startswith("untag")}
    assert {item: row["tag"] for item, row in now(store).items() if row["tag"]} == expected
    again = decisions.decided(store, until=decisions.decided(store).seq).items
    assert {row["item_id"]: row["tag"] for row in again.to_dicts() if row["tag"]} == expected


# ── many at once


def everything(cursor) -> list[dict]:
    query = """SELECT judged.*, item.item_id, item.price, item.status, item.source, item.work_no AS work, decided.* EXCLUDE (item_no)
        FROM judged JOIN facts_of_day.item USING (item_no) LEFT JOIN decided ON decided.item_no = judged.item_no"""
    return cursor.sql(query).pl().to_dicts()


@pytest.mark.parametrize(("state", "chosen"), [
    ("withdraw", Filter(verdict=(), tag=("all",))), ("withdraw", Filter(criterion=("8-2-2",))),
    ("keep", Filter(verdict=("candidate", "move"))), ("hold", Filter(branch=("中央図書館",))),
    ("stacks", Filter(verdict=("move", "candidate"), tag=("all",))),
])  # fmt: skip
def test_the_preview_equals_its_naive_twin(store, flagged, kinds, state, chosen):
    rng = Random(3)
    some = rng.sample(kinds["candidate"], 40)
    put(store, some[:20], "withdraw")
    put(store, some[20:30], "keep", SATO, reason="要る")
    with ledger.writing(store) as connection:
        ledger.append(connection, CHIEF, [
            Event("approve", item, "to_offer", item_id=item) for item in some[:5]
        ])  # fmt: skip
    with connect_flags(flagged) as cursor:
        decisions.attach(cursor, store)
        rows = everything(cursor)
        wanted = set(weigh.carried(cursor, chosen)["item_id"])
        assert wanted == set(candidates.page(cursor, PACK, chosen, rows=len(rows))["item_id"])
        told = weigh.preview(cursor, PACK, chosen, state, YAMADA)
    going, left = [], Counter()
    for row in rows:
        if row["item_id"] in wanted:
            why = naive_left(row, state)
            left[why] += 1
            if why is None:
                going.append(row)
    assert told.left == {why: n for why, n in left.items() if why}
    gone = {row["item_id"] for row in going}
    assert told.items == len(going) == left[None]
    assert told.metres == len(going) * 25 / 1000
    assert told.yen == sum(row["price"] or 0 for row in going)
    assert told.no_price == sum(row["price"] is None for row in going)
    assert told.on_loan == sum(row["status"] == "on_loan" for row in going)
    assert told.holds == sum(row["holds"] > 0 for row in going)
    stocked = {
        row["work"] for row in rows
        if row["usable"] and row["item_id"] not in gone and row["tag"] != "withdraw" and row["road"] is None
    }  # fmt: skip
    assert told.last_copies == sum(row["usable"] and row["work"] not in stocked for row in going)
    named = {row["survivor_item_no"] for row in rows}
    assert told.survivors == sum(row["item_no"] in named for row in going)
    assert told.needing_reason == sum(naive_against(row, state) for row in going)
    others = Counter((row["tag_name"], row["tag"]) for row in going if row["tag"] and row["tag_person"] != "yamada")
    assert {(name, tag): n for name, tag, n in told.others.iter_rows()} == others
    held, goes = Counter(row["shelf_class"] for row in rows), Counter(row["shelf_class"] for row in going)
    assert {name: (n, less) for name, n, less in told.shares.iter_rows()} == {n: (held[n], goes[n]) for n in held}


def naive_left(row: dict, state: str) -> str | None:
    if row["road"]:
        return "road"
    if row["tag"] == state:
        return "same"
    if state == "withdraw" and row["verdict"] != "candidate":
        possible = (row["criteria"] or "").split(";") if row["verdict"] == "ask" else []
        possible = (
            ["-".join(row["rule"].split("-")[1:4])] if row["verdict"] == "unknown" else [c for c in possible if c]
        )
        clause = possible[0] if len(possible) == 1 else None
        protections = (row["protected_by"] or "").split(";")
        blocked = {rule.id for rule in PACK.rules if rule.blocks.get(clause or "8-2-2") == "keep"}
        if (clause or "8-2-2") == "8-2-2":
            blocked.add("km-8-2-2-last")
        return "protected" if blocked & set(protections) else None if clause else "no_criterion"
    return "there" if state == "stacks" and row["location"] == "closed" else None


def naive_against(row: dict, state: str) -> bool:
    advice = (row["advice"] or "").split(";")
    if state == "hold" or (state == "stacks" and "closed_stack" in advice):
        return False
    agrees = {
        "withdraw": {"candidate"}, "keep": {"keep", "ask", "unknown", None}, "stacks": {"move", "keep", "ask", "unknown", None}
    }  # fmt: skip
    return row["verdict"] not in agrees[state]


def test_in_bulk_everything_is_accounted_for(store, flagged, kinds):
    """All that the filter lets through: what is tagged and what is left out is the whole, as the preview said."""
    put(store, kinds["candidate"][:3], "keep", SATO, reason="要る")
    with connect_flags(flagged) as cursor:
        decisions.attach(cursor, store)
        chosen = Filter(verdict=("candidate", "move", "keep"))
        carried = weigh.carried(cursor, chosen)
        told = weigh.preview(cursor, PACK, chosen, "withdraw", YAMADA)
    items = carried["item_id"].to_list()
    with pytest.raises(MovedOn, match="3件"):
        put(store, items, "withdraw")
    seen = dict(carried.filter(carried["tag_seq"] > 0).select("item_id", "tag_seq").iter_rows())
    done = put(store, items, "withdraw", seen=seen)
    assert len(done.changed) == told.items
    assert {why: len(left) for why, left in done.left.items()} == told.left
    assert sorted([*done.changed, *(item for left in done.left.values() for item in left)]) == sorted(items)
    assert tagging.undo_last(store, YAMADA) == done.changed
    assert {row["tag"] for row in now(store).values()} == {"keep"}


def test_a_kept_item_is_protected_at_the_next_flagging(flagged, tmp_path, kinds):
    copytree(flagged.parent, tmp_path / "holdings")
    [item, *_] = kinds["candidate"]
    put(tmp_path, [item], "keep", reason="読書会で使う")
    flags = flag.flag(tmp_path, PACK, small_store.demo.AS_OF)
    assert small_store.items_of(flags, f"item_id = '{item}' AND rule = 'km-8-1-kept'") == [item]
    with pytest.raises(Problem, match="第8条第1項"):
        put(tmp_path, [item], "withdraw", SATO, clause="8-2-2", reason="古い", seen=seqs(tmp_path))

"""委員会: lists, shares of the members, votes, outcomes, quorum."""

import hashlib
import json
from collections import Counter
from threading import Thread

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from collection import agenda, committee, ledger, named, reproduce, steps
from collection.candidates import Filter
from collection.ledger import Event
from collection.roles import Person
from collection.words import Problem
from tests import committee_store as people
from tests.committee_store import LIBRARIAN, MANAGER, MEMBERS, OTHER, POLICY, drafted
from tests.small_store import items_of

RULES = {"受け持つ委員の数": 2, "委員会の賛成割合": 0.5, "委員会の定足数": 0.5}


@pytest.fixture
def store(flagged, tmp_path):
    return people.copy(flagged, tmp_path)


@pytest.fixture(scope="module")
def candidates_(flagged):
    return items_of(flagged, "verdict = 'candidate'")


@pytest.fixture
def in_review(store, cursor, flagged, candidates_):
    """The number of a list of eight items in review."""
    people.tag(store, cursor, candidates_[:8])
    list_no = drafted(store, cursor, flagged)
    committee.submit(store, LIBRARIAN, list_no)
    return list_no


def on_list(store, list_no) -> list[str]:
    return agenda.entries(store, list_no)["item_id"].to_list()


# ── drafting


def test_a_list_takes_what_is_tagged_and_says_what_it_rests_on(store, cursor, flagged, candidates_):
    people.tag(store, cursor, candidates_[:5])
    people.tag(store, cursor, candidates_[5:7], person=OTHER)
    people.tag(store, cursor, candidates_[7:9], "keep")
    list_no = drafted(store, cursor, flagged, source="mine")
    assert sorted(on_list(store, list_no)) == sorted(candidates_[:5])
    made = agenda.one(store, list_no)
    assert (made.state, made.title, made.items, made.drafted_by) == ("drafted", "第1回", 5, "yamada")
    assert made.flags == flagged.name and made.policy_hash == POLICY.hash
    with ledger.reading(store) as connection:
        [row] = connection.execute("SELECT * FROM event WHERE kind = 'draft'").fetchall()
        entered = connection.execute(
            "SELECT count(*) FROM event WHERE kind = 'enter' AND evidence IS NOT NULL"
        ).fetchone()
    told = json.loads(row["details"])
    assert told["sha256"] == hashlib.sha256(reproduce.bytes_of(cursor, POLICY, candidates_[:5])).hexdigest()
    assert told["ledger_seq"] == 9 and entered[0] == 5
    entries = agenda.entries(store, list_no)
    assert entries["title"].null_count() == 0 and entries["clause"].null_count() == 0
    assert set(entries["reason"].is_not_null()) == {True}


def test_numbers_follow_one_another(store, cursor, flagged, candidates_):
    people.tag(store, cursor, candidates_[:4])
    people.tag(store, cursor, candidates_[4:6], person=OTHER)
    first = drafted(store, cursor, flagged, source="mine")
    second = drafted(store, cursor, flagged, source="mine", person=OTHER)
    assert [first[5:], second[5:]] == ["001", "002"]
    assert [made.list_no for made in agenda.every(store)] == [second, first]


def test_what_is_on_a_list_on_the_road_or_kept_is_left_out_and_told(store, cursor, flagged, candidates_):
    people.tag(store, cursor, candidates_[:3])
    drafted(store, cursor, flagged)
    people.tag(store, cursor, candidates_[3:5], "keep")
    with ledger.writing(store) as connection:
        ledger.append(connection, MANAGER, [Event("approve", candidates_[5], "to_discard", item_id=candidates_[5])])
    named.lock(store, cursor, LIBRARIAN, "海辺文庫", candidates_[6:7], reason="寄贈の約束")
    found = committee.choose(cursor, store, Filter(), "candidates", LIBRARIAN)
    assert Counter(found["left_out"].drop_nulls()) == {"list": 3, "tag": 2, "road": 1, "named": 1}
    list_no = drafted(store, cursor, flagged, Filter(), source="candidates")
    assert set(on_list(store, list_no)) == set(candidates_) - set(candidates_[:7])
    assert not committee.choose(cursor, store, Filter(), "candidates", LIBRARIAN)["left_out"].has_nulls()
    with pytest.raises(Problem, match="載せられる資料がありません"):
        drafted(store, cursor, flagged, Filter(), source="candidates")


def test_a_list_needs_title_members_and_somebody_who_may(store, cursor, flagged, candidates_):
    people.tag(store, cursor, candidates_[:3])
    for more, said in (({"title": " "}, "題名"), ({"members": []}, "選書委員"), ({"person": MANAGER}, "司書の操作")):
        with pytest.raises(Problem, match=said):
            drafted(store, cursor, flagged, **more)
    assert agenda.every(store) == []


def test_too_long_a_list_is_refused(store, cursor, flagged, monkeypatch):
    monkeypatch.setattr(committee, "ITEMS", 10)
    with pytest.raises(Problem, match="10冊まで"):
        drafted(store, cursor, flagged, Filter(), source="candidates")


def test_two_who_draft_at_once_do_not_share_an_item(store, cursor, flagged, candidates_):
    people.tag(store, cursor, candidates_[:30])
    said = []

    def make(own):
        own.execute("SET search_path = 'flags.main'")
        try:
            drafted(store, own, flagged)
        except Problem as problem:
            said.append(problem.key)

    threads = [Thread(target=make, args=(cursor.cursor(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = agenda.every(store)
    assert len(made) == 1 and len(on_list(store, made[0].list_no)) == 30
    assert len(said) == 3 and set(said) <= {"committee.changed", "committee.nothing"}


@given(items=some.integers(0, 400), members=some.integers(1, 12), each=some.integers(1, 4))
def test_shares_are_even(items, members, each):
    names = [str(n) for n in range(members)]
    shares = committee.readers(items, names, each)
    assert len(shares) == items
    assert all(len(set(share)) == len(share) == min(each, members) for share in shares)
    counts = Counter(name for share in shares for name in share)
    loads = [counts[name] for name in names]
    assert max(loads) - min(loads) <= 1
    blocks = sum(shares[n] != shares[n - 1] for n in range(1, items))
    assert blocks < members


# ── on its way


def test_items_and_whole_drafts_are_taken_off_with_a_reason(store, cursor, flagged, candidates_):
    people.tag(store, cursor, candidates_[:3])
    list_no = drafted(store, cursor, flagged)
    with pytest.raises(Problem, match="理由"):
        committee.leave(store, LIBRARIAN, list_no, candidates_[:1], "")
    with pytest.raises(Problem, match="載っていません"):
        committee.leave(store, LIBRARIAN, list_no, candidates_[9:10], "誤り")
    committee.leave(store, LIBRARIAN, list_no, candidates_[:1], "貸出が出た")
    assert set(on_list(store, list_no)) == set(candidates_[1:3])
    committee.leave(store, LIBRARIAN, list_no, None, "作り直す")
    assert agenda.every(store) == [] and on_list(store, list_no) == []
    assert drafted(store, cursor, flagged)[5:] == "002"


def test_only_a_draft_is_changed_and_only_a_list_in_review_is_voted_on(store, in_review):
    items = on_list(store, in_review)
    with pytest.raises(Problem, match="審議中"):
        committee.leave(store, LIBRARIAN, in_review, items[:1], "誤り")
    committee.recall(store, LIBRARIAN, in_review, "直す")
    with pytest.raises(Problem, match="作成中"):
        committee.vote(store, MEMBERS[0], in_review, {items[0]: ("keep", "")})
    with pytest.raises(Problem, match="ありません"):
        committee.submit(store, LIBRARIAN, "1999-001")


def test_an_empty_draft_is_not_submitted(store, cursor, flagged, candidates_):
    people.tag(store, cursor, candidates_[:1])
    list_no = drafted(store, cursor, flagged)
    committee.leave(store, LIBRARIAN, list_no, candidates_[:1], "誤り")
    with pytest.raises(Problem, match="資料がありません"):
        committee.submit(store, LIBRARIAN, list_no)


def test_a_member_votes_for_himself_and_may_think_again(store, in_review):
    first, second, *_ = on_list(store, in_review)
    assert (
        committee.vote(store, MEMBERS[0], in_review, {first: ("withdraw", ""), second: ("hold", "実物を見たい")}) == 2
    )
    assert committee.vote(store, MEMBERS[0], in_review, {first: ("withdraw", " "), second: ("keep", "郷土の人")}) == 1
    committee.vote(store, MEMBERS[1], in_review, {second: ("withdraw", "")})
    found = {
        (row["item_id"], row["person"]): (row["choice"], row["comment"])
        for row in agenda.votes(store, in_review).to_dicts()
    }
    assert found == {
        (first, "iin1"): ("withdraw", ""), (second, "iin1"): ("keep", "郷土の人"), (second, "iin2"): ("withdraw", "")
    }  # fmt: skip
    with ledger.reading(store) as connection:
        assert connection.execute("SELECT count(*) FROM event WHERE kind = 'vote'").fetchone()[0] == 4
    for who, item, said in ((LIBRARIAN, first, "選書委員の操作"), (MEMBERS[2], "0", "載っていません")):
        with pytest.raises(Problem, match=said):
            committee.vote(store, who, in_review, {item: ("keep", "")})


def test_no_quorum_no_close(store, in_review):
    items = on_list(store, in_review)
    committee.vote(store, MEMBERS[0], in_review, {item: ("withdraw", "") for item in items})
    with pytest.raises(Problem, match="あと1人"):
        committee.close(store, MANAGER, in_review, MEMBERS)
    assert agenda.one(store, in_review).state == "in_review"
    committee.vote(store, MEMBERS[1], in_review, {items[0]: ("withdraw", "")})
    with pytest.raises(Problem, match="課長の操作"):
        committee.close(store, LIBRARIAN, in_review, MEMBERS)
    closing = committee.close(store, MANAGER, in_review, MEMBERS)
    assert closing["counts"] == {"withdraw": 1, "keep": 0, "hold": 7}
    made = agenda.one(store, in_review)
    assert made.state == "resolved" and made.closing == closing
    assert [member["id"] for member in closing["present"]] == ["iin1", "iin2"]


def test_the_outcome_keeps_clause_evidence_and_dissent(store, in_review):
    items = on_list(store, in_review)
    committee.vote(store, MEMBERS[0], in_review, {item: ("withdraw", "") for item in items})
    committee.vote(store, MEMBERS[1], in_review, {item: ("withdraw", "") for item in items})
    committee.vote(store, MEMBERS[2], in_review, {items[0]: ("keep", "類書がない")})
    before = agenda.entries(store, in_review)
    committee.close(store, MANAGER, in_review, MEMBERS)
    after = agenda.entries(store, in_review)
    assert set(after["state"]) == {"withdraw"}
    assert before.drop("state", "seq").equals(after.drop("state", "seq"))
    with ledger.reading(store) as connection:
        rows = connection.execute("SELECT * FROM event WHERE kind = 'resolve'").fetchall()
    assert all(row["evidence"] and row["clause"] for row in rows)
    tallies = {row["item_id"]: json.loads(row["details"])["tally"] for row in rows}
    assert tallies[items[0]] == {"withdraw": 2, "keep": 1, "hold": 0}
    told = committee.outcomes(after, agenda.votes(store, in_review), 4, RULES)
    assert told.filter(committee.split(told))["item_id"].to_list() == items[:1]


def test_a_list_sent_back_is_voted_on_again(store, in_review):
    items = on_list(store, in_review)
    for member in MEMBERS[:2]:
        committee.vote(store, member, in_review, {item: ("withdraw", "") for item in items})
    committee.close(store, MANAGER, in_review, MEMBERS)
    with ledger.writing(store) as connection:
        ledger.append(connection, MANAGER, [Event("send_back", in_review, list_no=in_review, reason="郷土を確かめる")])
    before = agenda.entries(store, in_review)["readers"]
    committee.submit(store, LIBRARIAN, in_review)
    again = agenda.entries(store, in_review)
    assert (
        set(again["state"]) == {"entered"} and again["item_id"].to_list() == items and again["readers"].equals(before)
    )
    assert agenda.one(store, in_review).closing == {}
    committee.vote(store, MEMBERS[0], in_review, {items[0]: ("keep", "郷土")})
    assert committee.close(store, MANAGER, in_review, MEMBERS)["counts"] == {"withdraw": 7, "keep": 0, "hold": 1}


def naive_outcome(votes: list[str], members: int, rules: dict) -> str:
    """The rule as one would say it, for one item."""
    if not votes or len(votes) < min(rules["受け持つ委員の数"], members):
        return "hold"
    carried = [
        choice for choice in ("withdraw", "keep") if votes.count(choice) > rules["委員会の賛成割合"] * len(votes)
    ]
    return carried[0] if len(carried) == 1 else "hold"


@given(
    cast=some.lists(some.lists(some.sampled_from(steps.VOTES), max_size=6), max_size=8), members=some.integers(1, 8),
    each=some.integers(1, 4), share=some.sampled_from([0.25, 0.5, 0.6, 2 / 3, 0.9]),
)  # fmt: skip
def test_outcomes_equal_the_rule_said_plainly(cast, members, each, share):
    rules = {"受け持つ委員の数": each, "委員会の賛成割合": share}
    entries = pl.DataFrame({"item_id": [str(n) for n in range(len(cast))]}, schema={"item_id": pl.String})
    rows = [(str(n), str(who), choice) for n, votes in enumerate(cast) for who, choice in enumerate(votes)]
    votes = pl.DataFrame(rows, schema={"item_id": pl.String, "person": pl.String, "choice": pl.String}, orient="row")
    found = committee.outcomes(entries, votes, members, rules)
    assert found["outcome"].to_list() == [naive_outcome(votes, members, rules) for votes in cast]
    assert found["cast"].to_list() == [len(votes) for votes in cast]


@pytest.mark.parametrize(
    ("members", "share", "needed"), [(4, 0.5, 2), (5, 0.5, 3), (1, 0.5, 1), (3, 1.0, 3), (6, 2 / 3, 4)]
)
def test_the_quorum_is_a_share_of_the_members(members, share, needed):
    people_ = [Person(str(n), str(n), frozenset({"committee"})) for n in range(members)]
    none = pl.DataFrame(schema={"person": pl.String})
    found = committee.attendance(none, people_, {"委員会の定足数": share})
    assert (found["needed"], found["voted"], len(found["absent"])) == (needed, 0, members)
    stranger = pl.DataFrame({"person": ["0", "0", "gone"]})
    assert committee.attendance(stranger, people_, {"委員会の定足数": share})["voted"] == 1

"""The road of a line from the proposal to the delivery, and that nothing is bought twice."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import polars as pl
import pytest

from collection import ledger, years
from collection.buying import keeping, kept, twice, voting
from collection.ledger import MovedOn
from collection.roles import Person
from collection.store import snapshots
from collection.words import Problem
from tests.buying import buyers
from tests.buying import naive_buying as naive
from tests.buying.buyers import (
    BRANCH,
    LIBRARIAN,
    MANAGER,
    MEMBERS,
    OTHER,
    POLICY,
    SECOND,
    all_for,
    choose,
    chosen,
    events,
    line,
    propose,
    seen,
    states,
)  # fmt: skip

EVERYBODY = Person("all", "全員", frozenset({"librarian", "committee", "manager"}))
YEAR = years.of(date.today())
FIRST, NEXT, THIRD = (f"P{YEAR}-{n:04d}" for n in (1, 2, 3))


def held_title(facts) -> dict:
    """A title of which the small library holds a copy that nobody has decided on."""
    row = facts.sql(
        "SELECT bib.title, bib.author, bib.publisher, bib.isbn, bib.pub_year::BIGINT AS pub_year, bib.volume FROM judged "
        "JOIN facts_of_day.bib AS bib USING (bib_no) WHERE usable AND isbn IS NOT NULL AND author IS NOT NULL ORDER BY item_no"
    ).pl()
    return row.row(0, named=True)


def test_a_line_goes_from_the_proposal_to_the_delivery(store):
    assert propose(store, line("まだない本"), line("もう一つの本", of="R1", kind="request"))["new"] == [FIRST, NEXT]
    all_for(store, FIRST, NEXT)
    assert choose(store, FIRST, NEXT) == 2
    number = keeping.order(store, LIBRARIAN, POLICY, events(store, FIRST, NEXT))
    assert number == f"O{YEAR}-001"
    assert set(seen(store, FIRST, NEXT)["order"]) == {number}
    assert keeping.receive(store, LIBRARIAN, events(store, FIRST)) == []
    assert keeping.receive(store, LIBRARIAN, events(store, NEXT)) == ["R1"]
    last = seen(store, FIRST).row(0, named=True)
    assert last["state"] == "received" and last["delivered_on"] == date.today() and last["tally"]["for"] == 3
    assert [row["kind"] for row in kept.history(store, FIRST)] == ["propose", "choose", "order", "receive"]


def test_what_was_known_is_kept_with_the_proposal(store):
    found = buyers.lines.frame([line("まだない本")]).with_columns(verdict=pl.lit("accept"), rule=pl.lit("km-5-3"))
    keeping.propose(store, LIBRARIAN, POLICY, found)
    with ledger.reading(store) as connection:
        row = ledger.latest(connection, "purchase", [FIRST])[FIRST]
        told = connection.execute("SELECT told FROM evidence WHERE hash = ?", [row["evidence"]]).fetchone()["told"]
    assert row["clause"] == "km-5-3" and '"verdict": "accept"' in told


def test_the_same_title_adds_to_the_line_that_is_there(store):
    propose(store, line("まだない本", author="山田太郎", price=None))
    said = propose(store, line("まだない本", "request", "R7", price=1800, isbn="9784000000014"), person=OTHER)
    assert said == {"new": [], "joined": [FIRST], "again": [], "left": []}
    row = seen(store, FIRST).row(0, named=True)
    assert (row["price"], row["isbn"], row["author"]) == (1800, "9784000000014", "山田太郎")
    assert [source["of"] for source in row["sources"]] == ["新刊.csv", "R7"]


def test_a_line_passed_over_is_taken_up_again_and_its_votes_begin_anew(store):
    propose(store, line("まだない本"))
    all_for(store, FIRST, opinion="against")
    assert voting.pass_over(store, MANAGER, POLICY, seen(store, FIRST), MEMBERS) == 1
    assert propose(store, line("まだない本"))["again"] == [FIRST]
    assert states(store) == {FIRST: "proposed"} and kept.ballots(store).is_empty()


def test_copies_are_changed_by_hand_and_votes_stay(store):
    propose(store, line("まだない本"))
    all_for(store, FIRST)
    keeping.change(store, LIBRARIAN, FIRST, events(store, FIRST)[FIRST], {BRANCH: 0, "鳴尾図書館": 3}, 2500)
    row = seen(store, FIRST).row(0, named=True)
    assert row["places"] == [{"branch": "鳴尾図書館", "copies": 3}] and row["price"] == 2500
    assert len(kept.ballots(store)) == len(MEMBERS)
    for wrong in ({BRANCH: -1}, {BRANCH: 1000}):
        with pytest.raises(Problem):
            keeping.change(store, LIBRARIAN, FIRST, row["seq"], wrong, None)


def test_who_may_do_what(store):
    propose(store, line("まだない本"))
    with pytest.raises(Problem):
        voting.cast(store, LIBRARIAN, {FIRST: ("for", "")})
    all_for(store, FIRST)
    with pytest.raises(Problem):
        choose(store, FIRST, person=LIBRARIAN)
    choose(store, FIRST)
    with pytest.raises(Problem):
        keeping.order(store, MANAGER, POLICY, events(store, FIRST))
    assert states(store) == {FIRST: "chosen"}


def test_an_opinion_may_be_changed_and_what_says_the_same_is_not_written(store):
    propose(store, line("まだない本"))
    assert voting.cast(store, MEMBERS[0], {FIRST: ("for", "要る")}) == 1
    assert voting.cast(store, MEMBERS[0], {FIRST: ("for", " 要る ")}) == 0
    assert voting.cast(store, MEMBERS[0], {FIRST: ("later", "")}) == 1
    assert kept.ballots(store)["opinion"].to_list() == ["later"]


@pytest.mark.parametrize(
    ("opinions", "outcome"),
    [
        (["for", "for", "against"], "for"),
        (["for", "against"], "later"),
        (["for", "later"], "later"),
        (["against", "against"], "against"),
    ],
)
def test_what_comes_of_opinions(store, opinions, outcome):
    propose(store, line("まだない本"))
    for member, opinion in zip(MEMBERS, opinions, strict=False):
        voting.cast(store, member, {FIRST: (opinion, "")})
    told = voting.outcomes([FIRST], kept.ballots(store), MEMBERS, POLICY).row(0, named=True)
    assert told["outcome"] == outcome
    if outcome == "for":
        assert choose(store, FIRST) == 1
    else:
        with pytest.raises(Problem, match="過半数"):
            choose(store, FIRST)
        assert states(store) == {FIRST: "proposed"}


def test_without_a_quorum_nothing_is_chosen(store):
    propose(store, line("まだない本"))
    voting.cast(store, MEMBERS[0], {FIRST: ("for", "")})
    with pytest.raises(Problem, match="定足数"):
        choose(store, FIRST)


def test_what_the_committee_has_not_decided_stays(store):
    propose(store, line("決まった本"), line("割れた本"))
    all_for(store, FIRST)
    assert choose(store, FIRST, NEXT) == 1
    assert states(store) == {FIRST: "chosen", NEXT: "proposed"}


def test_a_reason_passes_over_what_is_chosen(store):
    [no] = chosen(store, line("まだない本"))
    voting.pass_over(store, MANAGER, POLICY, seen(store, no), MEMBERS, "資料費が足りないため")
    assert states(store) == {no: "passed"}


def test_what_is_held_is_not_chosen(store, facts):
    propose(store, line(**held_title(facts)))
    all_for(store, FIRST)
    with pytest.raises(Problem, match="蔵書にある"):
        choose(store, FIRST)
    assert states(store) == {FIRST: "proposed"}


def test_one_more_copy_of_what_is_held_is_chosen_once(store, facts):
    title = held_title(facts)
    [no] = chosen(store, line(**title, kind="replace", of="1100000001"))
    assert propose(store, line(**title, kind="holds", of="B1"))["left"] == [no]


def test_what_was_chosen_is_not_ordered_when_a_later_snapshot_holds_it(store, facts, monkeypatch):
    title = held_title(facts)
    monkeypatch.setattr(twice, "look", lambda store, policy, nos: twice.Looked(snapshots.newest(store), []))
    [no] = chosen(store, line(**title))
    monkeypatch.undo()
    with pytest.raises(Problem, match="蔵書にある"):
        keeping.order(store, LIBRARIAN, POLICY, events(store, no))


def test_a_snapshot_that_comes_between_stops_the_choice(store):
    propose(store, line("まだない本"))
    looked = twice.look(store, POLICY, [FIRST])
    newer = replace(looked, snapshot=looked.snapshot.with_name("2024-01-01-0123456789ab.duckdb"))
    with ledger.writing(store) as connection, pytest.raises(Problem, match="新しい蔵書"):
        twice.refuse(connection, store, POLICY, newer, [FIRST])


def test_titles_that_only_a_third_makes_one_are_not_bought_twice_through_it(store):
    propose(store, line("同じ本", isbn="9784000000014"), line("同じ本", isbn="9784000000021"))
    assert set(states(store)) == {FIRST, NEXT}, "two ISBN are two books"
    nos = chosen(store, line("別の本"))
    assert choose_all(store, FIRST, NEXT) == 2
    assert nos == [THIRD]


def choose_all(store, *nos: str) -> int:
    all_for(store, *nos)
    return choose(store, *nos)


def test_two_managers_at_once_choose_a_title_once(store, monkeypatch):
    """Both see the title under consideration under a number of its own, and press at the same moment."""
    monkeypatch.setattr(
        keeping, "_alike", lambda there, found: {}
    )  # two people proposed it at once, before this was looked for
    first, second = propose(store, line("同じ本"))["new"] + propose(store, line("同じ本"))["new"]
    monkeypatch.undo()
    all_for(store, first, second)
    start, outcomes = threading.Barrier(2), []

    def press(no: str, person) -> None:
        shown = seen(store, no)
        start.wait(10)
        try:
            outcomes.append(voting.choose(store, person, POLICY, shown, MEMBERS))
        except Problem as problem:
            outcomes.append(problem.key)

    threads = [threading.Thread(target=press, args=pair) for pair in ((first, MANAGER), (second, SECOND))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["1", "buying.twice"]
    assert sorted(states(store).values()) == ["chosen", "proposed"]


def test_two_managers_on_the_same_line_do_not_overwrite_each_other(store):
    propose(store, line("まだない本"))
    all_for(store, FIRST)
    shown = seen(store, FIRST)
    voting.choose(store, MANAGER, POLICY, shown, MEMBERS)
    with pytest.raises((MovedOn, Problem)):
        voting.choose(store, SECOND, POLICY, shown, MEMBERS)


def test_the_last_step_is_taken_back_unless_that_buys_twice(store, monkeypatch):
    [no] = chosen(store, line("まだない本"))
    voting.pass_over(store, MANAGER, POLICY, seen(store, no), MEMBERS, "高いため")
    monkeypatch.setattr(keeping, "_alike", lambda there, found: {})
    [other] = chosen(store, line("まだない本"))
    monkeypatch.undo()
    with pytest.raises(Problem, match="同じ本"):
        keeping.undo(store, MANAGER, POLICY, no, events(store, no)[no])
    assert states(store) == {no: "passed", other: "chosen"}
    keeping.undo(store, MANAGER, POLICY, other, events(store, other)[other])
    keeping.undo(store, MANAGER, POLICY, no, events(store, no)[no])
    assert states(store) == {no: "chosen", other: "proposed"}


def test_an_order_is_cancelled_and_ordered_anew(store):
    [no] = chosen(store, line("まだない本"))
    first = keeping.order(store, LIBRARIAN, POLICY, events(store, no))
    keeping.cancel(store, LIBRARIAN, events(store, no), "版元品切れ")
    assert seen(store, no)["order"].to_list() == [None]
    assert keeping.order(store, LIBRARIAN, POLICY, events(store, no)) != first


def test_a_line_without_branches_is_not_chosen(store):
    propose(store, line("まだない本", places=[]))
    all_for(store, FIRST)
    with pytest.raises(Problem, match="冊数"):
        choose(store, FIRST)
    shown = seen(store, FIRST).with_columns(places=pl.Series([[{"branch": BRANCH, "copies": 2}]]))
    assert voting.choose(store, MANAGER, POLICY, shown, MEMBERS) == 1
    assert seen(store, FIRST)["places"].to_list() == [[{"branch": BRANCH, "copies": 2}]], "as it was proposed and seen"


def test_a_delivered_title_counts_as_coming_until_the_holdings_can_show_it(store):
    lag = timedelta(days=POLICY.parameters[kept.LAG])
    told = pl.DataFrame(
        {"state": ["received"] * 3, "delivered_on": [buyers.AS_OF - lag, buyers.AS_OF - lag + timedelta(1), None]}
    )
    assert told.select(kept.coming(buyers.AS_OF, POLICY)).to_series().to_list() == [False, True, True]


def test_a_line_is_taken_off_for_a_reason(store):
    propose(store, line("まだない本"))
    with pytest.raises(Problem):
        keeping.take_off(store, LIBRARIAN, events(store, FIRST), " ")
    keeping.take_off(store, LIBRARIAN, events(store, FIRST), "二重に載せたため")
    assert states(store) == {} and propose(store, line("まだない本"))["new"] == [NEXT]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_do_no_title_is_bought_twice(store, seed, monkeypatch):
    """People propose, vote, choose, order, cancel and undo as it comes; after every step no two lines buy one title.

    Every proposal gets a number of its own, as if all were made at once.
    """
    monkeypatch.setattr(keeping, "_alike", lambda there, found: {})
    rng = Random(seed)
    titles = [
        {"title": "本"},
        {"title": "本", "isbn": "9784000000017"},
        {"title": "本", "isbn": "9784000000024"},
        {"title": "山", "author": "森"},
        {"title": "山"},
    ]

    def step() -> None:
        there = kept.every(store)
        [no] = rng.sample(there["no"].to_list(), 1) if len(there) else [FIRST]
        verb = rng.choice(["propose", "propose", "choose", "choose", "order", "cancel", "undo", "pass"])
        if verb == "propose":
            propose(store, line(**rng.choice(titles), kind="holds", of=str(rng.random())))
        elif verb == "choose":
            all_for(store, no)
            choose(store, no)
        elif verb == "order":
            keeping.order(store, LIBRARIAN, POLICY, events(store, no))
        elif verb == "cancel":
            keeping.cancel(store, LIBRARIAN, events(store, no), "版元品切れ")
        elif verb == "undo":
            keeping.undo(store, EVERYBODY, POLICY, no, events(store, no)[no])
        else:
            voting.pass_over(store, MANAGER, POLICY, seen(store, no), MEMBERS, "見直し")

    bought_once = 0
    for _ in range(25):
        with suppress(Problem, KeyError):
            step()
        bought = kept.every(store).filter(kept.coming(buyers.AS_OF, POLICY)).to_dicts()
        assert not [1 for place, one in enumerate(bought) for other in bought[:place] if naive.same(one, other)]
        bought_once += len(bought)
    assert bought_once

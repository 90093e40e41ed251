"""Requests in the ledger: taken, decided on, ended and taken back, step by step, and never over what somebody else did."""

import json
from datetime import date

import pytest

from collection import ledger, steps, years
from collection.ledger import Event, MovedOn, append
from collection.requests import standing, taking, tokens
from collection.roles import Person
from collection.words import Problem

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
MANAGER = Person("sato", "佐藤", frozenset({"manager"}))
MEMBER = Person("suzuki", "鈴木", frozenset({"committee"}))
NEW = {"title": "ヌレソカワを歩く", "author": "布目渚", "publisher": "野分社", "price": 1800}
STUDY = {"title": "ヌレソカワ数学", "c_code": "7041"}
POP_UP = {"title": "ヌレソカワのとびだす絵本", "author": "根来環"}


@pytest.fixture
def taken(store, ask):
    """taken({"title": …}, person="A"): the number of a request that was taken as judged."""

    def take(title: dict, person: str | None = None, **more) -> str:
        return taking.take(store, LIBRARIAN, ask(title, person=person), [0], **more)[0]

    return take


def state(store, number):
    return standing.one(store, number).state


def seq(store, number):
    return standing.one(store, number).seq


def test_every_verdict_has_a_state_that_may_begin():
    begins = steps.TRANSITIONS["request"][None]["take_request"]
    assert set(taking.BECOMES.values()) == set(begins)


@pytest.mark.parametrize(
    ("title", "becomes"),
    [(NEW, "accepted"), (STUDY, "refused"), (POP_UP, "to_committee"), ({"title": "帰り道"}, "unclear")],
)
def test_a_request_is_taken_as_judged(store, taken, title, becomes):
    number = taken(title)
    found = standing.one(store, number)
    assert number == f"R{years.of(date.today())}-0001"
    assert found.state == becomes
    assert found.title == title
    assert found.told["reason"] and found.told["policy"] == "nishinomiya" and found.details["reply"]
    assert standing.counts(store) == dict.fromkeys(standing.STATES, 0) | {becomes: 1}


def test_what_is_held_goes_to_reservation(store, library, taken):
    book = library[1][1]
    number = taken({name: book[name] for name in ("title", "author", "isbn")})
    found = standing.one(store, number)
    assert (found.state, found.details["bib_id"]) == ("reserved", book["bib_id"])
    assert "中央図書館" in found.details["reply"]


def test_numbers_go_on_and_the_list_shows_the_newest_first(store, taken):
    numbers = [taken(NEW | {"title": f"本{word}", "author": word}) for word in ("甲斐", "乙川", "丙田")]
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]
    assert standing.listed(store, standing.OPEN)["number"].to_list() == numbers[::-1]
    page = standing.listed(store, standing.OPEN, rows=1, skip=1)
    assert (page["number"].item(), page["found"].item()) == (numbers[1], 3)
    assert standing.listed(store, standing.OPEN, "乙川")["number"].to_list() == [numbers[1]]
    assert standing.listed(store, standing.OPEN, numbers[2][-4:])["number"].to_list() == [numbers[2]]
    assert standing.listed(store, ("refused",)).is_empty()


def test_the_open_requests_have_a_price(store, taken):
    assert standing.costs(store) == {"requests": 0, "yen": 0, "unpriced": 0}
    for title in (NEW, NEW, POP_UP, STUDY):
        taken(title)
    assert standing.costs(store) == {"requests": 2, "yen": 1800, "unpriced": 1}


def test_the_same_title_is_joined_and_ends_with_the_first(store, taken):
    first, second = taken(NEW, "A"), taken(NEW | {"publisher": None}, "B")
    assert (state(store, second), standing.one(store, second).details["joined_to"]) == ("joined", first)
    assert standing.one(store, first).joined == [second]
    assert len(tokens.known(store)) == 2
    taking.close(store, LIBRARIAN, first, seq(store, first), "provided")
    assert state(store, first) == state(store, second) == "provided"
    assert tokens.known(store) == {}


def test_when_the_first_is_cancelled_the_next_takes_its_place(store, taken):
    first, second, third = taken(NEW, "A"), taken(NEW, "B"), taken(NEW, "C")
    taking.close(store, LIBRARIAN, first, seq(store, first), "cancelled", "申出による", "ln-10-1-1")
    assert [state(store, number) for number in (first, second, third)] == ["cancelled", "accepted", "joined"]
    assert standing.one(store, third).details["joined_to"] == second
    assert standing.one(store, first).history[-1]["clause"] == "ln-10-1-1"
    assert set(tokens.known(store)) == {second, third}
    assert standing.one(store, taken(NEW)).details["joined_to"] == second


def test_when_the_committee_refuses_those_joined_are_refused_too(store, taken):
    first, second = taken(POP_UP), taken(POP_UP)
    taking.decide(store, MANAGER, first, seq(store, first), "refused", "壊れやすい")
    assert state(store, first) == state(store, second) == "refused"
    assert "お受けできません" in standing.one(store, second).details["reply"]


def test_the_committee_accepts(store, taken):
    number = taken(POP_UP)
    assert "会議で検討" in standing.one(store, number).details["reply"]
    taking.decide(store, MANAGER, number, seq(store, number), "accepted")
    assert state(store, number) == "accepted"
    assert "お受けしました" in standing.one(store, number).details["reply"]


@pytest.mark.parametrize("to", ["accepted", "to_committee"])
def test_a_refusal_is_overridden_for_a_reason_only(store, ask, taken, to):
    with pytest.raises(Problem) as refused:
        taken(STUDY, to=to, reason="  ")
    assert refused.value.key == "requests.no_reason"
    assert standing.counts(store)["refused"] == 0
    number = taken(STUDY, "A", to=to, reason="学校の授業で使う")
    found = standing.one(store, number)
    assert [event["kind"] for event in found.history] == ["take_request", "override"]
    assert (found.state, found.history[-1]["reason"], found.history[-1]["clause"]) == (
        to,
        "学校の授業で使う",
        "ln-9-1-1",
    )
    assert set(tokens.known(store)) == {number}


def test_a_refusal_is_overridden_later_and_the_person_told_anew(store, taken):
    number = taken(STUDY, "A")
    assert tokens.known(store) == {}
    taking.override(store, LIBRARIAN, number, seq(store, number), "accepted", "代わりがない", "hash of A")
    assert state(store, number) == "accepted"
    assert tokens.known(store) == {number: "hash of A"}


def test_what_would_be_accepted_may_go_to_the_committee(store, taken):
    number = taken(NEW, to="to_committee")
    assert state(store, number) == "to_committee"
    assert len(standing.one(store, number).history) == 1


def test_an_unclear_request_is_identified_and_keeps_its_person(store, ask, taken):
    number = taken({"title": "帰り道"}, "A")
    again = ask(NEW)
    assert taking.take(store, LIBRARIAN, again, [0], again=(number, seq(store, number))) == {0: number}
    assert (state(store, number), standing.one(store, number).title) == ("accepted", NEW)
    assert set(tokens.known(store)) == {number}
    with pytest.raises(MovedOn):
        taking.take(store, LIBRARIAN, ask(POP_UP), [0], again=(number, seq(store, number) - 1))


def test_a_step_is_taken_back(store, taken):
    number = taken(NEW)
    taking.close(store, LIBRARIAN, number, seq(store, number), "borrowed")
    taking.undo(store, LIBRARIAN, number, seq(store, number), "取り違え")
    assert (state(store, number), standing.one(store, number).title) == ("accepted", NEW)
    taking.close(store, LIBRARIAN, number, seq(store, number), "provided")
    assert state(store, number) == "provided"
    with pytest.raises(Problem):
        taking.undo(store, MEMBER, number, seq(store, number))


def test_two_at_once_do_not_write_over_each_other(store, ask, taken):
    number = taken(POP_UP)
    seen = seq(store, number)
    taking.decide(store, MANAGER, number, seen, "accepted")
    for late in (
        lambda: taking.decide(store, MANAGER, number, seen, "refused", "だめ"),
        lambda: taking.close(store, LIBRARIAN, number, seen, "cancelled", "申出"),
        lambda: taking.undo(store, MANAGER, number, seen),
    ):
        with pytest.raises(MovedOn):
            late()
    assert state(store, number) == "accepted"


def test_the_same_title_taken_meanwhile_is_noticed(store, ask, taken):
    mine, other = ask(NEW), ask({"title": "まったく別の本", "author": "別人"})
    number = taken(NEW)
    with pytest.raises(Problem) as refused:
        taking.take(store, LIBRARIAN, mine, [0])
    assert refused.value.key == "requests.came_between" and number in str(refused.value)
    assert taking.take(store, LIBRARIAN, other, [0])[0] > number


def test_a_request_is_not_joined_to_one_that_ended_meanwhile(store, ask, taken):
    number = taken(NEW)
    again = ask(NEW)
    taking.close(store, LIBRARIAN, number, seq(store, number), "provided")
    with pytest.raises(Problem) as refused:
        taking.take(store, LIBRARIAN, again, [0])
    assert refused.value.key == "requests.ended_between"


@pytest.mark.parametrize("person", [MANAGER, MEMBER])
def test_only_a_librarian_takes_and_ends(store, ask, taken, person):
    number = taken(NEW)
    with pytest.raises(Problem):
        taking.take(store, person, ask(POP_UP), [0])
    with pytest.raises(Problem):
        taking.close(store, person, number, seq(store, number), "provided")
    with pytest.raises(Problem):
        taking.decide(store, LIBRARIAN, number, seq(store, number), "refused", "わけ")
    assert standing.counts(store)["accepted"] == 1


def test_many_are_taken_at_once(store, ask):
    titles = [NEW, STUDY, NEW | {"price": None}, POP_UP, {"title": "帰り道"}]
    found = ask(*titles)
    numbers = taking.take(store, LIBRARIAN, found, [0, 1, 2, 3])
    assert [number[-4:] for number in numbers.values()] == ["0001", "0002", "0003", "0004"]
    states = [state(store, number) for number in numbers.values()]
    assert states == ["accepted", "refused", "joined", "to_committee"]
    assert standing.one(store, numbers[2]).details["joined_to"] == numbers[0]


def test_what_is_on_order_is_told(store, ask):
    everybody = Person("all", "全員", frozenset({"librarian", "manager"}))
    with ledger.writing(store) as connection:
        append(connection, everybody, [
            Event("propose", "B2025-0001", details=NEW), Event("choose", "B2025-0001", details=NEW),
            Event("order", "B2025-0001", details=NEW),
        ])  # fmt: skip
    row = ask(NEW).row(0)
    assert row["verdict"] == "on_order" and "B2025-0001" in row["reason"]
    assert taking.BECOMES["on_order"] == "reserved"


def test_the_details_name_the_title_as_the_check_does(store, taken):
    number = taken(NEW | {"received_on": date(2025, 4, 3)})
    with ledger.reading(store) as connection:
        details = json.loads(ledger.latest(connection, "request", [number])[number]["details"])
    assert {name: details[name] for name in NEW} == NEW and details["received_on"] == "2025-04-03"
    assert details["verdict"] == "accept" and not any("token" in name for name in details)

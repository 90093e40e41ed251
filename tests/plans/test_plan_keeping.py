"""What people set and enter: kept with who and when, never written over, and only by those who may."""

import threading
from dataclasses import replace
from datetime import date

import pytest

from collection import ledger
from collection.ledger import MovedOn
from collection.plans import keeping, standing
from collection.plans.model import Indicator, Period, Plan, Project
from collection.roles import Person
from collection.words import Problem

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
MANAGER = Person("sato", "佐藤", frozenset({"manager"}))
COMMITTEE = Person("iin", "委員", frozenset({"committee"}))
ONE = Indicator("目標", "紙芝居", unit="冊", target={"2023": 50, "2024": 60}, actual={"2023": 48})
PROJECT = Project("1", "紙芝居をふやす", indicators=(ONE,), remarks={"2023": {"evaluation": "あと少し"}})
PLAN = Plan("tameshi", "試し", "朝凪図書館", "targets", (Period(("2023", "2024")),), (PROJECT,))


@pytest.fixture
def kept(tmp_path):
    return tmp_path, keeping.keep(tmp_path, LIBRARIAN, PLAN, 0)


def enter(store, person, value, follows, column="2024", **more):
    return keeping.record(
        store, person, PLAN, [keeping.entered(PLAN, PROJECT, ONE, column, value, "", follows, **more)]
    )[0]


def cell(store, column="2024"):
    stand = standing.of(PLAN, keeping.reports(store, PLAN.id), {}, date(2026, 4, 1))
    return stand.cell(PROJECT, ONE, column)


def test_a_plan_is_kept_changed_and_dropped_with_its_history(kept):
    store, seq = kept
    assert keeping.kept(store)["tameshi"].plan == PLAN
    seq = keeping.keep(store, MANAGER, replace(PLAN, name="新しい名"), seq)
    assert (keeping.kept(store)["tameshi"].plan.name, keeping.kept(store)["tameshi"].by) == ("新しい名", "佐藤")
    with pytest.raises(Problem, match="理由"):
        keeping.drop(store, MANAGER, PLAN, seq, " ")
    keeping.drop(store, MANAGER, PLAN, seq, "やめた")
    assert keeping.kept(store) == {}
    said = [(kind, report.by, report.note) for kind, report in keeping.history(store, "tameshi")]
    assert said == [("drop_plan", "佐藤", "やめた"), ("set_plan", "佐藤", ""), ("set_plan", "山田", "")]
    with pytest.raises(Problem, match="前に"):
        keeping.keep(store, LIBRARIAN, PLAN, 0)
    with pytest.raises(Problem, match="消された"):
        enter(store, LIBRARIAN, 3, 0)


def test_what_is_entered_stands_in_place_of_the_file_and_can_be_taken_back(kept):
    store, _ = kept
    assert (cell(store, "2023").actual, cell(store).actual) == (48, None)
    first = enter(store, LIBRARIAN, 51, 0, "2023", note="数え直し")
    assert cell(store, "2023").actual == 51 and cell(store, "2023").judged == "a"
    assert (cell(store, "2023").report.by, cell(store, "2023").report.note) == ("山田", "数え直し")
    second = enter(store, MANAGER, 0, first, "2023")
    assert cell(store, "2023").actual == 0  # nothing is a figure too
    enter(store, MANAGER, None, second, "2023")
    assert cell(store, "2023").actual == 48
    entered = [report.details["actual"] for kind, report in keeping.history(store, "tameshi", "1")]
    assert entered == [None, 0, 51]


def test_remarks_and_a_judgement_of_ones_own_need_a_reason(kept):
    store, _ = kept

    def judged():
        stand = standing.of(PLAN, keeping.reports(store, PLAN.id), {}, date(2026, 4, 1))
        return stand.said["1", "2023"]

    assert (judged().judgement, judged().by_rule, judged().remarks["evaluation"]) == ("b", "b", "あと少し")
    with pytest.raises(Problem, match="理由"):
        keeping.said(PLAN, PROJECT, "2023", {"judgement": "a"}, 0)
    with pytest.raises(Problem, match="判定"):
        keeping.said(PLAN, PROJECT, "2023", {"judgement": "d", "why": "x"}, 0)
    event = keeping.said(PLAN, PROJECT, "2023", {"judgement": "a", "why": "3月に2冊届いた", "next": "つづける"}, 0)
    keeping.record(store, MANAGER, PLAN, [event])
    assert (judged().judgement, judged().by_rule, judged().report.by) == ("a", "b", "佐藤")
    assert judged().remarks == {
        "judgement": "a",
        "why": "3月に2冊届いた",
        "evaluation": "",
        "issues": "",
        "next": "つづける",
    }


@pytest.mark.parametrize("verb", ["keep", "enter"])
def test_only_librarians_and_managers_write(kept, verb):
    store, seq = kept
    with pytest.raises(Problem, match="司書・課長"):
        keeping.keep(store, COMMITTEE, PLAN, seq) if verb == "keep" else enter(store, COMMITTEE, 3, 0)
    assert len(keeping.history(store, "tameshi")) == 1


def test_of_two_who_saw_the_same_one_is_told_who_was_first(kept):
    store, _ = kept
    enter(store, LIBRARIAN, 10, 0)
    with pytest.raises(MovedOn) as first:
        enter(store, MANAGER, 20, 0)
    assert first.value.rows[0]["name"] == "山田" and cell(store).actual == 10


def test_of_twenty_at_once_one_is_first_and_nothing_is_lost(kept):
    store, _ = kept
    start, won, refused = threading.Barrier(20), [], []

    def act(number: int) -> None:
        person = Person(f"lib{number}", f"司書{number}", frozenset({"librarian"}))
        start.wait(10)
        try:
            won.append((enter(store, person, number, 0), number))
        except MovedOn:
            refused.append(number)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and len(refused) == 19
    assert cell(store).actual == won[0][1]


def test_several_entries_are_written_together_or_not_at_all(kept):
    store, _ = kept
    enter(store, LIBRARIAN, 10, 0)
    events = [
        keeping.said(PLAN, PROJECT, "2024", {"evaluation": "よい"}, 0),
        keeping.entered(PLAN, PROJECT, ONE, "2024", 12, "", 0),
    ]
    with pytest.raises(MovedOn):
        keeping.record(store, MANAGER, PLAN, events)
    stand = standing.of(PLAN, keeping.reports(store, PLAN.id), {}, date(2026, 4, 1))
    assert stand.said["1", "2024"].remarks["evaluation"] == ""


def test_plans_of_like_names_do_not_mix(tmp_path):
    other = replace(PLAN, id="tameshi-2")
    for plan in (PLAN, other):
        keeping.keep(tmp_path, LIBRARIAN, plan, 0)
    keeping.record(tmp_path, LIBRARIAN, other, [keeping.entered(other, PROJECT, ONE, "2024", 5, "", 0)])
    assert keeping.reports(tmp_path, "tameshi") == {} and len(keeping.reports(tmp_path, "tameshi-2")) == 1
    assert "tameshi-2" in keeping.used_ids(tmp_path) and "minato-2021" in keeping.used_ids(tmp_path)


def test_reading_makes_no_ledger(tmp_path):
    assert (keeping.kept(tmp_path), keeping.reports(tmp_path, "x"), keeping.history(tmp_path, "x")) == ({}, {}, [])
    assert not ledger.path(tmp_path).exists()


def test_a_text_has_an_end(kept):
    store, _ = kept
    with pytest.raises(Problem, match="2000|2,000"):
        keeping.said(PLAN, PROJECT, "2024", {"next": "長" * 2001}, 0)

"""Who may do what: roles.csv, which a librarian reads, is the truth; the tables and the ledger obey it.

The screens are tried in pages/test_enter.py.
"""

import csv
from pathlib import Path

import pytest

from collection import ledger, roles, steps
from collection.ledger import Event, append
from collection.roles import Person
from collection.words import Problem, code, say

HELD = (*roles.ROLES, roles.SYSTEM)


def truth() -> list[dict[str, str]]:
    with (Path(__file__).parent / "roles.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def told(kind: str) -> dict[str, set[str]]:
    """Screen or action → the roles with ○."""
    return {
        row["鍵"]: {role for role in HELD if row[code("role", role)] == "○"} for row in truth() if row["種別"] == kind
    }


def somebody(role: str) -> Person:
    return Person(role, "山田", frozenset({role}))


def test_every_cell_is_filled():
    marks = {row[code("role", role)] for row in truth() for role in HELD}
    assert marks == {"○", "－"}
    assert len({(row["種別"], row["鍵"]) for row in truth()}) == len(truth())


def test_the_words_are_those_of_the_screens():
    for row in truth():
        word = say(f"screens.page_{row['鍵']}") if row["種別"] == "画面" else code("action", row["鍵"])
        assert row["名前"] == word


def test_the_screens_are_as_written():
    assert told("画面") == {screen: set(allowed) for screen, allowed in roles.SCREENS.items()}


def test_every_screen_stands_in_one_section_of_the_menu():
    placed = [screen for names in roles.MENU.values() for screen in names]
    assert sorted(placed) == sorted(roles.SCREENS)


def test_the_actions_are_as_written():
    assert told("操作") == {action: set(allowed) for action, allowed in roles.ACTIONS.items()}


def test_every_step_is_an_action_of_the_table():
    assert set(steps.ACTIONS) <= set(told("操作"))


@pytest.mark.parametrize("role", HELD)
def test_asking_agrees_with_the_table(role):
    person = somebody(role)
    for action, allowed in told("操作").items():
        assert roles.may(person, action) == (role in allowed)
        if role in allowed:
            assert roles.require(person, action) == role
        else:
            with pytest.raises(Problem) as refused:
                roles.require(person, action)
            assert all(code("role", each) in str(refused.value) for each in allowed)
    assert roles.screens(person) == [screen for screen, allowed in told("画面").items() if role in allowed]


@pytest.mark.parametrize("role", HELD)
def test_the_ledger_refuses_what_the_table_forbids(role, tmp_path):
    forbidden = [action for action, allowed in told("操作").items() if action in steps.ACTIONS and role not in allowed]
    assert forbidden
    for action in forbidden:
        with (
            pytest.raises(Problem) as refused,
            ledger.writing(tmp_path) as connection,
        ):
            append(connection, somebody(role), [Event(action, "1", item_id="1")])
        assert refused.value.key == "roles.not_allowed"
    with ledger.reading(tmp_path) as connection:
        assert ledger.last_seq(connection) == 0


def test_several_roles_add_up():
    person = Person("a", "山田", frozenset({"librarian", "manager"}))
    for action, allowed in roles.ACTIONS.items():
        assert roles.may(person, action) == bool(person.roles & set(allowed))
    assert not roles.may(Person("b", "鈴木", frozenset()), "tag")

"""Scenarios that are kept: under a name, newest first, removed without a trace on the list but not in the ledger."""

import pytest

from collection import ledger, scenarios
from collection.ledger import MovedOn
from collection.roles import Person
from collection.words import Problem

YAMADA = Person("yamada", "山田", frozenset({"librarian"}))
MEMBER = Person("ito", "伊藤", frozenset({"committee"}))
SHORT = {"values": {"受入保護年数": 1}, "classes": {}}
LONG = {"values": {"受入保護年数": 5}, "classes": {"9": {"idle_years": 8}}}


def test_a_scenario_comes_back_as_it_was_saved(tmp_path):
    scenarios.save(tmp_path, YAMADA, "nishinomiya", " 短く  守る ", SHORT, {"candidates": 12}, "ためし")
    [found] = scenarios.saved(tmp_path, "nishinomiya")
    assert (found["name"], found["scenario"], found["figures"], found["by"], found["note"]) == (
        "短く 守る", SHORT, {"candidates": 12}, "山田", "ためし"
    )  # fmt: skip
    assert scenarios.saved(tmp_path, "another") == []


def test_saving_again_replaces_it_and_the_ledger_keeps_both(tmp_path):
    scenarios.save(tmp_path, YAMADA, "nishinomiya", "案", SHORT, {})
    scenarios.save(tmp_path, YAMADA, "nishinomiya", "別の案", SHORT, {})
    scenarios.save(tmp_path, YAMADA, "nishinomiya", "案", LONG, {})
    assert [(found["name"], found["scenario"]) for found in scenarios.saved(tmp_path, "nishinomiya")] == [
        ("案", LONG), ("別の案", SHORT)
    ]  # fmt: skip
    with ledger.reading(tmp_path) as connection:
        assert ledger.last_seq(connection) == 3


def test_removing_needs_the_version_that_was_seen(tmp_path):
    first = scenarios.save(tmp_path, YAMADA, "nishinomiya", "案", SHORT, {})
    second = scenarios.save(tmp_path, YAMADA, "nishinomiya", "案", LONG, {})
    with pytest.raises(MovedOn):
        scenarios.remove(tmp_path, YAMADA, "nishinomiya", "案", first)
    scenarios.remove(tmp_path, YAMADA, "nishinomiya", "案", second)
    assert scenarios.saved(tmp_path, "nishinomiya") == []


@pytest.mark.parametrize("name", ["", "　 ", "長" * 61])
def test_a_name_is_needed_and_not_too_long(tmp_path, name):
    with pytest.raises(Problem):
        scenarios.save(tmp_path, YAMADA, "nishinomiya", name, SHORT, {})


def test_members_of_the_committee_only_look(tmp_path):
    with pytest.raises(Problem):
        scenarios.save(tmp_path, MEMBER, "nishinomiya", "案", SHORT, {})

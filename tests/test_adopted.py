"""Operating values that a library adopted: in force from their day, on top of one another, kept with the pack that judged."""

from datetime import date

import pytest

from collection import adopted, flag, overview
from collection.ledger import MovedOn
from collection.policy import PolicyErrors, archive, load
from collection.roles import Person
from collection.store.connection import connect_flags
from collection.words import Problem
from tests.small_store import PACK

MANAGER = Person("sato", "佐藤", frozenset({"manager"}))
LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
DAY = date(2025, 4, 1)
LONGER = {"values": {"利用だけの無利用年数": 12}, "classes": {"007": {"idle_years": 2}}}


def policy():
    return load(PACK, DAY)


def last(store) -> int:
    return adopted.history(store, "nishinomiya")[-1]["seq"]


def test_nothing_is_adopted_at_first(tmp_path):
    assert adopted.adopted_on(tmp_path, "nishinomiya", DAY) is None
    assert adopted.policy_on(tmp_path, PACK, DAY).hash == policy().hash


def test_adopted_values_are_in_force_from_their_day(tmp_path):
    adopted.adopt(tmp_path, MANAGER, policy(), LONGER, date(2025, 3, 1), "委員会で決めた", follows=0, name="長め")
    assert adopted.policy_on(tmp_path, PACK, date(2025, 2, 28)).parameters["利用だけの無利用年数"] == 10
    found = adopted.policy_on(tmp_path, PACK, DAY)
    assert found.parameters["利用だけの無利用年数"] == 12
    classes = {entry["prefix"]: entry for entry in found.classes}
    assert (classes["007"]["idle_years"], classes["007"]["shelf_life"]) == (2, 3)
    assert found.hash != policy().hash
    told = adopted.history(tmp_path, "nishinomiya")[0]
    assert (told["name"], told["reason"], told["scenario"], told["in_force"]) == (
        "佐藤", "委員会で決めた", "長め", "2025-03-01"
    )  # fmt: skip


def test_a_later_version_builds_on_the_one_before_and_a_repeal_ends_all(tmp_path):
    adopted.adopt(tmp_path, MANAGER, policy(), LONGER, date(2025, 3, 1), "一", follows=0)
    more = {"values": {"受入保護年数": 3}, "classes": {"007": {"shelf_life": 4}}}
    adopted.adopt(tmp_path, MANAGER, policy(), more, date(2025, 3, 20), "二", follows=last(tmp_path))
    assert adopted.adopted_on(tmp_path, "nishinomiya", date(2025, 3, 10)) == LONGER
    both = {
        "values": {"利用だけの無利用年数": 12, "受入保護年数": 3},
        "classes": {"007": {"idle_years": 2, "shelf_life": 4}},
    }
    assert adopted.adopted_on(tmp_path, "nishinomiya", DAY) == both
    adopted.repeal(tmp_path, MANAGER, "nishinomiya", date(2025, 3, 25), "元に戻す", follows=last(tmp_path))
    assert adopted.adopted_on(tmp_path, "nishinomiya", DAY) is None
    assert [event["reason"] for event in adopted.history(tmp_path, "nishinomiya")] == ["一", "二", "元に戻す"]


@pytest.mark.parametrize("reason", ["", " 　"])
def test_a_reason_is_needed(tmp_path, reason):
    with pytest.raises(Problem):
        adopted.adopt(tmp_path, MANAGER, policy(), LONGER, DAY, reason, follows=0)


def test_only_a_manager_adopts_and_never_over_what_he_has_not_seen(tmp_path):
    with pytest.raises(Problem):
        adopted.adopt(tmp_path, LIBRARIAN, policy(), LONGER, DAY, "理由", follows=0)
    adopted.adopt(tmp_path, MANAGER, policy(), LONGER, DAY, "理由", follows=0)
    with pytest.raises(MovedOn):
        adopted.adopt(tmp_path, MANAGER, policy(), LONGER, DAY, "理由", follows=0)


@pytest.mark.parametrize(
    "wrong", [{"values": {"ない値": 3}, "classes": {}}, {"values": {}, "classes": {"zz": {"idle_years": 3}}},
              {"values": {"受入保護年数": -1}, "classes": {}}, {"values": {}, "classes": {}}],
)  # fmt: skip
def test_what_the_pack_does_not_know_is_refused(tmp_path, wrong):
    with pytest.raises((Problem, PolicyErrors)) as told:
        adopted.adopt(tmp_path, MANAGER, policy(), wrong, DAY, "理由", follows=0)
    assert str(told.value)
    assert adopted.history(tmp_path, "nishinomiya") == []


def test_flags_under_adopted_values_can_be_made_again(store):
    adopted.adopt(store, MANAGER, policy(), LONGER, DAY, "理由", follows=0)
    found = adopted.policy_on(store, PACK, DAY)
    flags = flag.flag(store, found, DAY)
    with connect_flags(flags) as cursor:
        assert overview.judging(cursor)["policy_hash"] == found.hash
    kept = load(archive.kept(store, "nishinomiya", found.hash), DAY)
    assert kept.hash == found.hash
    assert kept.parameters == found.parameters
    assert kept.classes == found.classes

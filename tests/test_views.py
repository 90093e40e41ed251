"""Saved views: everybody's own, the shared ones, and who may share."""

import pytest

from collection import candidates, ledger, views
from collection.candidates import Filter
from collection.roles import Person
from collection.words import Problem

YAMADA = Person("yamada", "山田", frozenset({"librarian"}))
SATO = Person("sato", "佐藤", frozenset({"committee"}))
QUERY = candidates.to_query(Filter(branch=("北口図書館",), criterion=("8-2-2",), tag=("none",)))


def names(store, person) -> list[tuple[str, bool]]:
    return [(view.name, view.shared) for view in views.all(store, person)]


def test_nothing_saved_yet(tmp_path):
    assert views.all(tmp_path, YAMADA) == []
    assert not ledger.path(tmp_path).exists()


def test_own_views_are_seen_by_oneself_and_shared_ones_by_all(tmp_path):
    views.save(tmp_path, YAMADA, "  北口 の棚 ", QUERY)
    views.save(tmp_path, YAMADA, "今月の議案", {}, shared=True)
    views.save(tmp_path, SATO, "私の/見方", QUERY)
    assert names(tmp_path, YAMADA) == [("北口 の棚", False), ("今月の議案", True)]
    assert names(tmp_path, SATO) == [("私の/見方", False), ("今月の議案", True)]
    [own, shared] = views.all(tmp_path, YAMADA)
    assert candidates.from_query(own.query) == Filter(branch=("北口図書館",), criterion=("8-2-2",), tag=("none",))
    assert shared.by == "山田"


def test_the_same_name_is_saved_over_and_can_be_removed_once(tmp_path):
    views.save(tmp_path, YAMADA, "棚", QUERY)
    views.save(tmp_path, YAMADA, "棚", {"verdict": ["all"]})
    assert [view.query for view in views.all(tmp_path, YAMADA)] == [{"verdict": ["all"]}]
    views.remove(tmp_path, YAMADA, "棚")
    assert views.all(tmp_path, YAMADA) == []
    with pytest.raises(Problem, match="棚"):
        views.remove(tmp_path, YAMADA, "棚")
    views.save(tmp_path, YAMADA, "棚", QUERY)
    assert names(tmp_path, YAMADA) == [("棚", False)]


@pytest.mark.parametrize("name", ["", " 　 ", "長" * 41])
def test_a_view_needs_a_name(tmp_path, name):
    with pytest.raises(Problem, match="40字"):
        views.save(tmp_path, YAMADA, name, QUERY)


def test_only_those_who_may_share_do(tmp_path):
    views.save(tmp_path, YAMADA, "共有", QUERY, shared=True)
    with pytest.raises(Problem):
        views.save(tmp_path, SATO, "共有", {}, shared=True)
    with pytest.raises(Problem):
        views.remove(tmp_path, SATO, "共有", shared=True)
    assert names(tmp_path, SATO) == [("共有", True)]


def test_names_like_patterns_are_names(tmp_path):
    views.save(tmp_path, Person("%", "x", frozenset({"librarian"})), "_%", QUERY)
    assert names(tmp_path, YAMADA) == []


def test_an_account_named_like_the_shared_ones_saves_none(tmp_path):
    with pytest.raises(Problem, match="shared"):
        views.save(tmp_path, Person("shared", "x", frozenset({"committee"})), "棚", QUERY)

"""The criteria of 西宮市's pack: their names, what they ask, and the clauses that govern where an item goes."""

from collection import criteria, words
from tests.road_store import POLICY

CLAUSES = ["8-2-1", "8-2-2", "8-2-3", "8-2-4", "8-2-5"]


def spoken(language: str, say) -> object:
    token = words.language.set(language)
    try:
        return say()
    finally:
        words.language.reset(token)


def test_they_are_called_by_the_last_step_of_their_article():
    assert list(criteria.labels(POLICY).values()) == ["第1号 汚損・破損", "第2号 低利用", "第3号 不明", "第4号 保存年限", "第5号 未返却"]  # fmt: skip
    english = spoken("en", lambda: criteria.labels(POLICY))
    assert list(english) == CLAUSES
    assert english["8-2-4"] == "No. 4 retention passed"
    assert criteria.listed(POLICY, ["8-2-5", "8-2-3"]) == "第3号・第5号"


def test_another_clause_is_called_by_its_place_and_an_unknown_one_by_its_number():
    assert criteria.label(POLICY, "10-1-2") == "第10条第2号"
    assert spoken("en", lambda: criteria.label(POLICY, "10-1-2")) == "10-1-2"
    assert [criteria.label(POLICY, clause) for clause in ("99", None)] == ["99", ""]
    assert criteria.label(None, "8-2-2") == "8-2-2"


def test_what_they_ask():
    assert criteria.needing(POLICY) == ["8-2-2"]
    assert criteria.without_object(POLICY) == ["8-2-3", "8-2-5"]
    assert criteria.lent(POLICY) == ["8-2-5"]
    assert criteria.turning(POLICY) == dict(zip(
        CLAUSES, ("condition", "idle_years", "years_since_missing", "years_since_issue", "years_overdue"), strict=True
    ))  # fmt: skip


def test_where_an_item_goes():
    begun = {
        route: criteria.begins(POLICY, route) for route in ("transfer_offer", "give_away", "discard", "record_only")
    }
    assert begun == {
        "transfer_offer": ["8-2-2"], "give_away": ["8-2-4"], "discard": ["8-2-1"], "record_only": ["8-2-3", "8-2-5"],
    }  # fmt: skip
    assert criteria.governing(POLICY, "8-2-2") == {"transfer_offer": "9-1", "give_away": "10-1-1", "discard": "11-1"}
    assert criteria.governing(POLICY, "8-2-4") == {"give_away": "10-1-2", "discard": "11-1"}
    assert criteria.governing(POLICY, "8-2-5") == {}
    assert [rule.clause for rule in criteria.rules_of(POLICY, "give_away")] == ["10-1-1", "10-1-2"]

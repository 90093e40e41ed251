"""The screens under the pack of another town speak its clauses and articles, and none of 西宮市's."""

import re
from datetime import date

import pytest

from collection import committee, flag, words
from collection.candidates import Filter
from collection.store.connection import connect_flags
from tests import road_store, small_store
from tests.pages.conftest import texts
from tests.policy.test_minato import POLICY

PAGES = (
    "home", "candidates", "shelf", "committee", "road", "whatif", "rules", "local", "duplicates", "freshness", "space",
    "composition", "neutrality", "books", "trends", "requests", "gifts", "buying", "mirror", "imports", "yearbook",
)  # fmt: skip
FOREIGN = re.compile(r"第\d+[条号]|8-2-\d|西宮市|要綱")


@pytest.fixture(scope="module")
def town(flagged, tmp_path_factory):
    """A store with the small demo library under this pack, a list before the committee and an item at each step begun."""
    store = road_store.copied(flagged, tmp_path_factory.mktemp("town") / "store")
    for old in store.glob("holdings/*.nishinomiya-*.duckdb"):
        old.unlink()
    flags = flag.flag(store, POLICY, small_store.demo.AS_OF)
    found = {
        clause: small_store.items_of(flags, f"criterion = '{clause}' AND verdict = 'candidate'") for clause in ("2-1", "2-5", "2-8")
    }  # fmt: skip
    for clause, state in (("2-1", "to_discard"), ("2-5", "to_offer"), ("2-8", "to_give")):
        road_store.on_road(store, found[clause][:1], state, clause, POLICY)
    with connect_flags(flags) as cursor:
        committee.draft(
            store, cursor, flags, POLICY, road_store.LIBRARIAN, "春の除籍", Filter(criterion=("2-5",)), "candidates",
            [road_store.EVERYBODY],
        )  # fmt: skip
    return store, found


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_screen_opens_and_names_no_foreign_clause(open_page, town, page, lang):
    shown = texts(open_page(page, lang, store=town[0]))
    assert FOREIGN.findall(shown) == []


def test_filters_and_cards_speak_the_towns_clauses(open_page, town):
    store, found = town
    app = open_page("candidates", store=store, criterion="2-5")
    said = [option for group in app.get("button_group") for option in group.options]
    assert any("2(5) 類書" in str(option) for option in said)
    assert "除籍基準 2(5)" in texts(open_page("card", store=store, item=found["2-5"][1]))


def test_the_road_begins_with_the_towns_criteria(open_page, town):
    shown = texts(open_page("road", store=town[0], stage="to_offer"))
    assert "2(3)・2(4)・2(5)" in shown
    assert "4(1): " in shown
    empty = texts(open_page("road", store=town[0], stage="to_strike"))
    assert "2(6)・2(7)" in empty


@pytest.mark.parametrize("part", ["items", "fairness", "balance", "rest"])
def test_the_list_of_the_committee_names_them_too(open_page, town, part):
    number = f"{date.today().year if date.today().month > 3 else date.today().year - 1}-001"
    app = open_page("committee", store=town[0], list=number, part=part)
    assert FOREIGN.findall(texts(app)) == []

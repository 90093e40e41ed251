import pytest

from collection import criteria, ledger, words
from collection.ledger import Event
from collection.roles import Person
from tests import road_store, small_store
from tests.pages.conftest import texts


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("criterion", ["8-2-1", "8-2-2", "8-2-3", "8-2-4", "8-2-5"])
def test_a_candidate_names_its_clause_and_figures(open_page, flagged, lang, criterion):
    item = small_store.items_of(flagged, f"verdict = 'candidate' AND criterion = '{criterion}'")[0]
    shown = texts(open_page("card", lang, item=item))
    assert criteria.label(road_store.POLICY, criterion) in shown
    assert "○" in shown


@pytest.mark.parametrize("verdict", ["move", "ask", "keep", "unknown"])
def test_other_verdicts_have_a_card(open_page, flagged, verdict):
    item = small_store.items_of(flagged, f"verdict = '{verdict}'")[0]
    assert words.code("verdict", verdict) in texts(open_page("card", item=item))


def test_the_survivor_of_low_use_is_a_link_to_its_card(open_page, flagged):
    item = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[0]
    links = [link for link in open_page("card", item=item).get("page_link") if "item=" in link.proto.query_string]
    assert links


def test_an_unknown_number_is_said(open_page):
    assert "9999" in open_page("card", item="9999").info[0].value


def test_without_a_number_it_says_what_to_do(open_page):
    assert open_page("card").info


def test_asking_for_a_number_writes_the_address(open_page):
    app = open_page("card")
    app.text_input[0].set_value("123").run()
    assert app.query_params["item"] == "123"


def test_a_vote_is_told_only_when_the_vote_is_closed(open_page, store, flagged):
    item = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[0]
    road_store.resolved(store, "2026-001", {item: "8-2-2"})
    voter = Person("tanaka", "投票した田中", frozenset({"committee", "manager", "librarian"}))
    with ledger.writing(store) as connection:
        vote = Event("vote", f"2026-001/{item}/tanaka", "keep", item_id=item, list_no="2026-001")
        ledger.append(connection, voter, [vote, Event("send_back", "2026-001", list_no="2026-001")])
    assert "投票した田中" not in texts(open_page("card", store=store, item=item))
    with ledger.writing(store) as connection:
        moves = [Event(kind, "2026-001", list_no="2026-001") for kind in ("submit", "close")]
        ledger.append(connection, voter, moves)
    assert "投票した田中" in texts(open_page("card", store=store, item=item))

"""The partner's screen: what is offered, one click to claim and to withdraw, nothing else."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from collection import offers, words
from collection.roles import Person
from collection.store.connection import connect_flags
from tests import small_store
from tests.pages.conftest import texts
from tests.road_store import LIBRARIAN, SCHOOL, on_road, present


@pytest.fixture
def store(flagged, tmp_path) -> Path:
    shutil.copytree(flagged.parent, tmp_path / "holdings")
    return tmp_path


@pytest.fixture
def offered(store, flagged) -> list[str]:
    items = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[:30]
    offers.offer(store, LIBRARIAN, on_road(store, items, "to_offer"), date.today())
    return items


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_nothing_offered_says_so(open_page, store, lang):
    app = open_page("offers", lang, store=store, role="partner")
    assert app.info and not app.button


def test_one_click_claims_and_one_withdraws(open_page, store, offered):
    app = open_page("offers", store=store, role="partner")
    assert "朝凪小学校" in app.header[0].value
    app.get("button_group")[0].set_value("every").run() if app.session_state["offers_view"] != "every" else None
    [first, *_] = [button for button in app.button if str(button.key).startswith("claim_")]
    first.click().run()
    item = first.key.removeprefix("claim_")
    assert present(store, "claim") == {f"{item}/P001": "claimed"}
    assert "希望中 1冊" in texts(app)
    app.button(key=f"claim_{item}").click().run()
    assert present(store, "claim") == {}


def test_only_what_is_offered_is_shown(open_page, store, offered, flagged):
    other = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-1'")[:1]
    on_road(store, other, "to_discard", "8-2-1")
    app = open_page("offers", store=store, role="partner")
    shown = {button.key.removeprefix("claim_") for button in app.button if str(button.key).startswith("claim_")}
    assert shown and shown <= set(offered)


def test_an_account_without_a_partner_and_staff_see_nothing(open_page, store, offered):
    alone = open_page("offers", store=store, person=Person("x", "だれか", frozenset({"partner"})))
    assert "結び付いていません" in alone.error[0].value and not alone.button
    assert open_page("offers", store=store, role="librarian").error


def test_what_was_decided_for_them_is_shown(open_page, store, offered, flagged):
    with connect_flags(flagged) as cursor:
        offers.claim(cursor, store, SCHOOL, offered[:1])
        number = offers.offers(cursor, store)["offer"][0]
        offers.settle(cursor, store, LIBRARIAN, number, offers.proposals(cursor, store, number), early="試し")
    app = open_page("offers", store=store, role="partner")
    app.get("button_group")[0].set_value("decided").run()
    assert "お渡しします" in texts(app)

"""地域資料: its views, its list in place, and the ways from a count to its items."""

import csv
import io
import re

import pytest

from collection import local, words
from collection.local import Look
from collection.pages import local_list
from collection.store.connection import connect_flags
from tests.pages.conftest import texts
from tests.road_store import POLICY


@pytest.fixture(scope="module")
def held(flagged):
    with connect_flags(flagged) as cursor:
        yield local.items(cursor, POLICY)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("view", ["kinds", "clues", "authors", "city", "list", "nonsense"])
def test_every_view_opens_in_both_languages(open_page, lang, view):
    assert texts(open_page("local", lang, view=view))


def test_the_counts_at_the_top_lead_to_lists_of_that_length(open_page, held):
    links = [button.label for button in open_page("local").button]
    for look in (Look(), Look(copies="only"), Look("clue"), Look("clue", verdict="ask")):
        n = f"{local.looked_at(held, look).height:,}冊"
        assert any(label.endswith(n) for label in links)
        shown = texts(open_page("local", view="list", **{name: value for name, value in vars(look).items() if value}))
        assert f": {n}" in shown


def test_a_list_shows_its_items_with_links_to_their_cards(open_page, held):
    kind = local.by_kind(held).sort("items")["kind"][-1]
    wanted = local.looked_at(held, Look(kind=kind))["item_id"].to_list()
    assert re.findall(r"card\?item=(\d+)", texts(open_page("local", view="list", kind=kind))) == wanted != []


def test_a_long_list_is_paged(open_page, held, monkeypatch):
    monkeypatch.setattr(local_list, "ROWS", 10)
    everything = local.looked_at(held, Look())["item_id"].to_list()
    for page in (1, 2, 3):
        shown = re.findall(r"card\?item=(\d+)", texts(open_page("local", view="list", page=str(page))))
        assert shown == everything[page * 10 - 10 : page * 10] != []


@pytest.mark.parametrize(("lang", "word"), [("ja", "郷土"), ("en", "Local")])
def test_the_file_speaks_the_language_it_was_asked_in(held, lang, word):
    token = words.language.set("ja" if lang == "en" else "en")
    try:
        made = local_list.file_of(local.looked_at(held, Look()), "csv", lang)
    finally:
        words.language.reset(token)
    rows = list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"))))
    assert len(rows) == local.looked_at(held, Look()).height
    assert any(word in row[{"ja": "郷土区分", "en": "Local mark"}[lang]] for row in rows)


def test_a_branch_narrows_list_and_counts(open_page, held):
    branch = held["branch"].mode()[0]
    n = local.looked_at(held.filter(branch=branch), Look()).height
    assert f"{n:,}冊" in texts(open_page("local", branch=branch))
    assert texts(open_page("local", view="list", branch=branch)).count("card?item=") == min(n, 100)


def test_what_the_address_should_not_say_is_left_out(open_page, held):
    n = local.looked_at(held, Look()).height
    shown = texts(
        open_page("local", view="list", of="all", kind="gold", state="lost", copies="9", verdict="?", page="-3")
    )
    assert f": {n:,}冊" in shown


def test_an_empty_list_says_what_to_do(open_page):
    assert open_page("local", view="list", of="clue", clue="どこにもない語").info


def test_the_publications_that_are_lacking_are_named(open_page):
    shown = texts(open_page("local", view="city"))
    assert "図書館の概要" in shown and "city_publications.csv" in shown


def test_a_clue_is_shown_as_text(open_page):
    shown = texts(open_page("local", view="list", of="clue", clue="<b>*x*</b>"))
    assert "<b>*x*" not in shown

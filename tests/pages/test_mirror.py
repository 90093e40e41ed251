"""規則の鏡: its three views in both languages, what a click chooses, and the tables behind them."""

import re

import pytest

from collection import decisions, ledger, mirror, words
from collection.ledger import Event, append
from collection.measures import Scope
from collection.mirror import Look
from collection.pages import duplicates_parts
from collection.store.connection import connect_flags
from tests.pages.conftest import texts
from tests.random_library import AS_OF
from tests.road_store import EVERYBODY, POLICY

LINK = re.compile(r"card\?item=(\d+)")


@pytest.fixture(scope="module")
def reader(flagged, tmp_path_factory):
    with connect_flags(flagged) as cursor:
        decisions.attach(cursor, tmp_path_factory.mktemp("undecided"))
        yield cursor


@pytest.fixture(scope="module")
def refused(reader):
    return mirror.mirrored(reader, POLICY, AS_OF, "request")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("view", ["held", "asked", "bought", "nonsense"])
def test_every_view_opens_in_both_languages(open_page, lang, view):
    assert texts(open_page("mirror", lang, view=view))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_nothing_is_weeded_for_what_is_seen_here(open_page, lang):
    app = open_page("mirror", lang)
    assert app.info[0].value == words.table("mirror")["not_weeded"][lang]


def test_the_list_has_the_items_of_the_figures(open_page, reader, refused, monkeypatch):
    monkeypatch.setattr(duplicates_parts, "ROWS", 20)
    items = mirror.items(reader, refused, Look())
    assert items.height > 20
    for page in (1, 2):
        shown = texts(open_page("mirror", page=str(page)))
        assert LINK.findall(shown) == items["item_id"].to_list()[page * 20 - 20 : page * 20]
        assert f"{items.height:,}冊" in shown and f"/ {items.height:,}件" in shown


def test_a_click_on_a_rule_lists_its_items_with_their_signs(open_page, reader, refused):
    told = mirror.by_rule(mirror.cells(reader, refused))
    for rule, taking, n in told.select("rule", "taking", "items").iter_rows():
        shown = texts(open_page("mirror", rule=rule, taking=taking))
        assert set(LINK.findall(shown)) <= set(mirror.items(reader, refused, Look(rule, taking))["item_id"])
        assert len(LINK.findall(shown)) == min(n, 100) and "手がかり：" in shown


def test_a_branch_and_a_class_narrow_what_is_counted(open_page, reader, refused):
    everywhere = mirror.items(reader, refused, Look())
    branch = everywhere["branch"].mode()[0]
    n = mirror.items(reader, refused, Look(), Scope(branch=(branch,), shelf_class=("7",))).height
    assert 0 < n < everywhere.height
    assert len(LINK.findall(texts(open_page("mirror", branch=branch, shelf_class="7")))) == min(n, 100)
    assert open_page("mirror", shelf_class="-").info


def test_the_two_ways_have_their_own_rules(open_page):
    request, selection = (texts(open_page("mirror", way=way)) for way in mirror.WAYS)
    assert "受け付けない" in request and request != selection
    assert texts(open_page("mirror", way="gift", rule="nonsense", taking="?", page="-3")) == request


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_year_of_buying_opens_what_is_a_candidate_already(open_page, reader, lang):
    year = AS_OF.year - 2
    items = mirror.bought_items(reader, [year])
    shown = texts(open_page("mirror", lang, view="bought", received=str(year)))
    assert LINK.findall(shown) == items["item_id"].to_list()[:100] != []
    assert f"{items['price'].sum():,}" in shown
    criterion = items["criterion"][0]
    some = texts(open_page("mirror", lang, view="bought", received=str(year), criterion=criterion))
    assert LINK.findall(some) == mirror.bought_items(reader, [year], criterion)["item_id"].to_list()[:100]


def test_what_was_asked_for_and_is_tagged_for_withdrawal_is_told(open_page, store, reader):
    query = (
        "SELECT any_value(item.item_id), any_value(item.bib_id) FROM judged JOIN facts_of_day.item USING (item_no) "
        "JOIN facts_of_day.bib ON bib.bib_no = judged.bib_no WHERE judged.usable AND judged.holds = 0 "
        "GROUP BY bib.unit_no HAVING count(*) = 1 ORDER BY 1 LIMIT 1"
    )
    ((item_id, bib_id),) = reader.execute(query).fetchall()
    assert item_id not in texts(open_page("mirror", view="asked", store=store))
    with ledger.writing(store) as connection:
        append(connection, EVERYBODY, [
            Event("take_request", "R2025-0001", "reserved", details={"title": "本", "bib_id": bib_id}),
            Event("tag", item_id, "withdraw", item_id=item_id, reason="試し"),
        ])  # fmt: skip
    shown = texts(open_page("mirror", view="asked", store=store))
    assert LINK.findall(shown) == [item_id]
    assert "1点（予約0件、リクエスト1件）" in shown

"""偏り: the fields, one 目, and what a plan does."""

import pytest

from collection import ledger, neutrality
from collection.ledger import Event
from collection.roles import Person
from collection.store.connection import connect_flags
from tests.pages.conftest import texts
from tests.road_store import POLICY

EVERYBODY = Person("a", "山田", frozenset({"librarian", "manager"}))


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", ["author", "publisher", "series"])
@pytest.mark.parametrize("ndc", ["", "9", "159", "999"])
def test_every_view_opens_in_both_languages(open_page, lang, kind, ndc):
    assert texts(open_page("neutrality", lang, kind=kind, ndc=ndc))


def test_the_fields_of_the_pack_are_told_with_their_clauses(open_page):
    app = open_page("neutrality")
    assert "人生訓" in texts(app)
    [choice] = [pills for pills in app.get("button_group") if "159 人生訓" in pills.options]
    choice.set_value("159").run()
    assert not app.exception
    assert app.query_params["ndc"] == "159"
    assert "第4の1(2)エ" in texts(app)


def test_a_section_tells_its_titles_and_items(open_page, flagged):
    with connect_flags(flagged) as cursor:
        [(titles, items)] = cursor.execute(
            "SELECT count(DISTINCT bib_no), count(*) FROM judged WHERE ndc = '159'"
        ).fetchall()
        branch, there = cursor.execute(
            "SELECT branch, count(*) FROM judged WHERE ndc = '159' GROUP BY branch ORDER BY 2 DESC"
        ).fetchone()
    assert f"{titles:,}タイトル・{items:,}冊" in texts(open_page("neutrality", ndc="159"))
    part = texts(open_page("neutrality", ndc="159", branch=branch))
    assert f"{there:,}冊" in part and "全館での割合" in part


def test_what_was_approved_shows_in_what_comes_after(open_page, store):
    [flags] = store.glob("holdings/*.nishinomiya-*.duckdb")
    with connect_flags(flags) as cursor:
        items = [item for (item,) in cursor.execute(
            "SELECT item_id FROM judged JOIN facts_of_day.item USING (item_no) WHERE ndc = '159' ORDER BY item_id LIMIT 30"
        ).fetchall()]  # fmt: skip
    before = texts(open_page("neutrality", store=store))
    with ledger.writing(store) as connection:
        ledger.append(connection, EVERYBODY, [Event("approve", item, "to_discard", item_id=item) for item in items])
    after = texts(open_page("neutrality", store=store))
    assert "予定で増減するタイトルはこの範囲にない" in before
    assert "予定のあと" in after and "予定で増減するタイトルはこの範囲にない" not in after and "1の目で" in after


def test_a_kind_that_is_not_known_is_the_publisher(open_page):
    assert open_page("neutrality", kind="reader").segmented_control[0].value == "publisher"


def test_the_operating_values_are_named(open_page):
    shown = texts(open_page("neutrality"))
    for name in (*neutrality.GUIDES.values(), neutrality.FEWEST):
        assert f"{name}: {POLICY.parameters[name]}" in shown

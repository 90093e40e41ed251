"""推移: every view in both languages, over one snapshot and over several; what is clicked leads to what was counted."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from collection import candidates, measures
from collection.measures import MEASURES
from collection.pages import trends_figures
from collection.store import snapshots
from tests import trends_store
from tests.pages.conftest import assert_right, texts
from tests.trends_store import DAYS

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> Path:
    """A store with the snapshots of four days, all flagged."""
    return trends_store.build(tmp_path_factory.mktemp("followed"), tmp_path_factory.mktemp("files"))


def headings(app) -> list[str]:
    return [heading.value for heading in app.subheader]


@pytest.mark.parametrize(
    ("lang", "said", "link"), [("ja", "2025-04-01 現在のものだけ", "「年報」"), ("en", "as of 2025-04-01", "yearbook")]
)
def test_one_snapshot_shows_what_there_is_and_says_what_gives_the_trend(open_page, lang, said, link):
    app = open_page("trends", lang)
    assert said in app.info[0].value and link in texts(app)
    assert len(headings(app)) == 1 and "31.6%" in headings(app)[0]


def test_loans_of_one_snapshot_are_followed_over_its_years(open_page):
    app = open_page("trends", view="loans", by="whole")
    assert not app.info
    assert "令和2年度（2020）" in headings(app)[0] and "令和6年度（2024）" in headings(app)[0]
    assert "2020-04" in app.caption[-1].value


def test_of_one_snapshot_nobody_knows_what_has_gone(open_page):
    app = open_page("trends", view="flows")
    assert [heading[:2] for heading in headings(app)] == ["令和", "令和"] and "除かれた" not in headings(app)[0]
    assert "2025-04-01" in app.caption[-1].value
    assert len(open_page("trends", view="any", measure="withdrawn").info) == 1


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("view", ["shares", "loans", "flows", "ages", "any"])
def test_every_view_opens_in_both_languages(open_page, followed, view, lang):
    app = open_page("trends", lang, store=followed, view=view)
    assert headings(app) and not app.info
    assert lang == "ja" or not [heading for heading in headings(app) if JAPANESE.search(heading)]


@pytest.mark.parametrize(
    "query",
    [
        {"by": "branch"}, {"by": "audience", "each": "yes"}, {"each": "yes"}, {"view": "loans", "by": "whole", "each": "yes"},
        {"view": "flows", "running": "yes"}, {"view": "flows", "by": "shelf_class", "each": "yes"},
        {"view": "ages", "each": "yes"}, {"view": "any", "measure": "cost_per_loan", "by": "audience", "branch": "北口図書館"},
        {"view": "nothing", "by": "nothing", "measure": "nothing"},
    ],
)  # fmt: skip
def test_every_choice_can_be_drawn(open_page, followed, query):
    app = open_page("trends", store=followed, **query)
    assert headings(app) and not app.info


@pytest.mark.parametrize(
    "name", ["loan_share", "relative_use", "new_on_open", "idle", "year_upper", "withdrawn", "spent", "shelf_time"]
)
def test_any_measure_can_be_followed(open_page, followed, name):
    app = open_page("trends", store=followed, view="any", measure=name)
    assert app.selectbox(key="trends_measure").value == name
    assert set(app.selectbox(key="trends_measure").options) == {measures.word(each) for each in MEASURES}
    assert measures.word(name) in headings(app)[0]


def test_years_that_are_not_whole_are_shown_when_asked_for(open_page, followed):
    whole = texts(open_page("trends", store=followed, view="ages", by="whole"))
    running = texts(open_page("trends", store=followed, view="ages", by="whole", running="yes"))
    assert whole.count("令和7年度（2025） 途中") == 1  # what is held on a day is told of that day
    assert running.count("令和7年度（2025） 途中") == 3


def test_the_numbers_stand_in_a_table(open_page, followed):
    shown = texts(open_page("trends", store=followed, view="loans"))
    for year in ("令和2年度（2020）", "令和6年度（2024）", "9 文学", "児童用資料"):
        assert year in shown
    assert "令和元年度" not in shown


def test_a_choice_stands_in_the_address(open_page, followed):
    app = open_page("trends", store=followed)
    app.segmented_control(key="trends_by").set_value("audience").run()
    app.toggle(key="trends_each").set_value(True).run()
    assert_right(app)
    assert app.query_params["each"] == "yes" and app.query_params["by"] == "audience"
    app.toggle(key="trends_each").set_value(False).run()
    assert "each" not in app.query_params


def test_a_filter_without_items_says_so(open_page, followed):
    app = open_page("trends", store=followed, ndc="999")
    assert app.info and not headings(app)


def test_a_snapshot_without_flags_is_said(open_page, followed, tmp_path):
    shutil.copytree(followed / snapshots.FOLDER, tmp_path / snapshots.FOLDER)
    second = next(file for file in snapshots.all(tmp_path) if snapshots.as_of(file) == DAYS[1])
    snapshots.flags_of(second).unlink()
    app = open_page("trends", store=tmp_path)
    assert str(DAYS[1]) in app.warning[0].value
    assert "令和5年度" not in texts(app)


@pytest.mark.parametrize("name", ["never_lent", "idle", "past_shelf_life", "received", "holdings"])
def test_a_click_opens_the_list_of_what_was_counted(cursor, name):
    """The share of a class of this day is the part of its list that the measure's filter leaves."""
    whole = {"never_lent": "circulates", "idle": "idle_years IS NOT NULL",
             "past_shelf_life": "years_published IS NOT NULL AND class_shelf_life IS NOT NULL"}  # fmt: skip
    year = measures.year_of(date(2025, 4, 1))
    counted = dict(measures.compute(cursor, name, ("shelf_class",), year=2024).iter_rows())
    for mark in ("4", "9", "K"):
        query = trends_figures.filters(name, {"shelf_class": mark, "year": year}, ("shelf_class",))
        query = {key: [str(value)] for key, value in query.items() if value is not None}
        chosen = candidates.from_query({"verdict": ["all"], "tag": ["all"]} | query)
        items = candidates.count(candidates.totals(cursor, chosen), chosen)
        if name in whole:
            every = cursor.sql(f"SELECT count(*) AS n FROM judged WHERE shelf_class = '{mark}' AND {whole[name]}").pl()[
                "n"
            ][0]
            items = items / every if every else None
        assert items == (pytest.approx(counted[mark]) if counted[mark] is not None else None)

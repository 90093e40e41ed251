import re

import pytest

from collection import words
from tests.pages.conftest import texts

VIEWS = ("classes", "ages", "editions", "fields")


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_its_finding(open_page, view, lang):
    app = open_page("freshness", lang, view=view)
    said = {
        "classes": ("鮮度年数で見る開架", "is the least fresh"), "ages": ("がそれを超えている", "is past it"),
        "editions": ("新しい版を持ちながら", "though a newer one is held"), "fields": ("いちばん多い", "is the oldest"),
    }[view][lang == "en"]  # fmt: skip
    assert any(said in heading.value for heading in app.subheader)
    assert any("%" in heading.value or re.search(r"\d", heading.value) for heading in app.subheader)


def test_an_unknown_view_shows_the_first(open_page):
    assert open_page("freshness", view="<b>").segmented_control[0].value == "classes"


def test_the_views_and_classes_stand_in_the_address(open_page):
    app = open_page("freshness")
    app.segmented_control[0].set_value("ages").run()
    app.pills(key="freshness_class").set_value("4").run()
    assert (app.query_params["view"], app.query_params["shelf_class"]) == ("ages", "4")
    assert "4 自然科学は開架の" in app.subheader[0].value
    assert "破線 5年（49）" in texts(app) and "運用値" in texts(app)
    app.pills(key="freshness_class").set_value(None).run()
    assert "shelf_class" not in app.query_params


def test_a_class_judged_by_use_alone_is_said_to_have_no_shelf_life(open_page):
    assert "鮮度年数がありません" in texts(open_page("freshness", view="ages", shelf_class="9"))
    assert "開架に鮮度年数を超えた資料がない" in open_page("freshness", shelf_class="9").subheader[0].value


@pytest.mark.parametrize("view", VIEWS)
def test_filters_narrow_every_view(open_page, view):
    whole = open_page("freshness", view=view)
    narrow = open_page("freshness", view=view, branch="鳴尾図書館", audience="general")
    assert whole.subheader[-1 if view == "fields" else 0].value != narrow.subheader[-1 if view == "fields" else 0].value


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("location", ["closed", "office"])
def test_another_place_is_told_as_such_or_said_to_be_empty(open_page, view, location):
    app = open_page("freshness", view=view, location=location)
    place = words.code("location", location)
    assert place in "".join(heading.value for heading in app.subheader) + "".join(info.value for info in app.info)


def test_superseded_editions_link_to_their_cards_and_to_the_newer(open_page):
    app = open_page("freshness", view="editions")
    [table] = [
        element.value for element in app.get("html") if "<table" in element.value and "card?item=" in element.value
    ]
    rows = re.findall(r"<tr class.*?</tr>", table)
    assert rows and all(len(re.findall(r'href="card\?item=\d+"', row)) == 2 for row in rows)
    assert open_page("freshness", view="editions", page="9999").subheader[0].value == app.subheader[0].value


def test_a_filter_without_superseded_editions_says_so(open_page):
    app = open_page("freshness", view="editions", ndc="91", location="office")
    assert app.info and not app.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("lang", "clause"),
    [("ja", "資料収集に関する基準 第4の1(5)ウ"), ("en", "Criteria for collecting library material, 4-1-5-3")],
)
def test_each_field_names_its_clause_and_opens_its_classes(open_page, lang, clause):
    shown = texts(open_page("freshness", lang, view="fields", branch="北口図書館"))
    assert clause in shown
    [link] = re.findall(r'href="candidates\?([^"]*ndc=49[^"]*)"', shown)
    for part in ("location=open", "shelf_class=4", "verdict=all", "tag=all", "branch=%E5%8C%97"):
        assert part in link

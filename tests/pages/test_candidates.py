import pytest

from tests import small_store
from tests.pages.conftest import texts


def rows(app):
    return app.dataframe[0].value


def shown_count(app) -> int:
    """The first figure of the title."""
    digits = app.header[0].value.replace(",", "")
    return int("".join(mark if mark.isdigit() else " " for mark in digits).split()[0])


def test_the_list_opens_with_the_candidates(open_page, flagged):
    app = open_page("candidates")
    assert shown_count(app) == len(small_store.items_of(flagged, "verdict = 'candidate'"))
    assert set(rows(app)["verdict"]) == {"● 候補"}
    assert len(rows(app)) <= 200


def test_english_is_complete(open_page):
    app = open_page("candidates", "en")
    assert app.header[0].value.startswith("Weeding list")
    assert set(rows(app)["verdict"]) == {"● Candidate"}
    labels = [*(each.label for each in app.selectbox), *(each.label for each in app.get("button_group"))]
    assert not any(ord(mark) > 0x3000 for label in labels for mark in label)


def test_the_address_is_the_filter(open_page, flagged):
    app = open_page("candidates", verdict="all", criterion="8-2-2", branch="中央図書館", sort="shelf")
    expected = small_store.items_of(flagged, "criterion = '8-2-2' AND judged.branch = '中央図書館'")
    assert shown_count(app) == len(expected)
    assert app.selectbox[0].value == "shelf"


def test_a_widget_writes_the_address_and_starts_at_page_one(open_page):
    app = open_page("candidates", verdict="all", page="2")
    app.selectbox[0].set_value("oldest").run()
    assert app.query_params["sort"] == "oldest"
    assert "page" not in app.query_params
    assert app.query_params["verdict"] == "all"
    app.text_input(key="filter_text").set_value("殺人").run()
    assert app.query_params["text"] == "殺人"


def test_a_broken_link_still_opens_the_list(open_page):
    app = open_page("candidates", verdict="nonsense", page="-3", sort="x", score_to="many", idle_from="1e9")
    assert shown_count(app) >= 0


def test_nothing_found_says_so(open_page):
    app = open_page("candidates", text="この書名の本はない")
    assert "条件を一つ外して" in app.info[0].value


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_card_opens_beside_the_list(open_page, flagged, lang):
    item = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[0]
    app = open_page("candidates", lang, item=item)
    assert len(app.dataframe) == 1
    assert item in texts(app)
    app.button(key="close_card").click().run()
    assert "item" not in app.query_params


def test_the_printed_list_is_plain_and_in_words(open_page):
    app = open_page("candidates", print="1", sort="shelf", criterion="8-2-2")
    assert not app.dataframe
    assert "第2号" in texts(app)


def test_a_rule_filter_can_be_taken_away(open_page):
    app = open_page("candidates", rule="km-8-2-2", verdict="all")
    [button] = [each for each in app.button if each.label == "規則の条件を外す"]
    button.click().run()
    assert "rule" not in app.query_params

"""購入の検討: its views, what each role may do, the list and the card, the budget, and files."""

import re
from datetime import date

import polars as pl
import pytest

from collection import years
from collection.buying import budget, keeping, kept
from tests.buying import buyers
from tests.buying.buyers import LIBRARIAN, MANAGER, MEMBERS, POLICY, all_for, chosen, events, line, propose
from tests.buying.conftest import indexed, store  # noqa: F401 fixtures
from tests.pages.conftest import signed_in, texts
from tests.pages.test_hostile import harmless

NOW = years.of(date.today())
FIRST = f"P{NOW}-0001"


@pytest.fixture
def buying(store):  # noqa: F811
    """A store in which members may vote."""
    for member in MEMBERS:
        signed_in(store, member)
    return store


def button(app, key: str):
    return next(one for one in app.button if one.key == f"buying_act_{key}")


def html_of(app) -> str:
    return "\n".join(str(element.value) for element in app.get("html"))


@pytest.mark.parametrize(
    ("lang", "view", "word"),
    [
        ("ja", "considered", "資料費"), ("en", "considered", "budget"),
        ("ja", "chosen", "購入を決めた本はありません"), ("en", "chosen", "Nothing is chosen"),
        ("ja", "ordered", "発注した本はありません"), ("en", "ordered", "Nothing is ordered"),
        ("ja", "budget", "資料費は入っていません"), ("en", "budget", "No budget is set"),
    ],
)  # fmt: skip
def test_every_view_opens_in_both_languages(open_page, buying, lang, view, word):
    app = open_page("buying", lang, store=buying, view=view)
    assert word in texts(app)


def test_the_list_has_what_the_day_asks_for_and_the_card_says_why(open_page, buying):
    app = open_page("buying", store=buying)
    assert len(app.dataframe) == 1 and len(app.dataframe[0].value)
    rows = kept.every(buying)
    assert rows.is_empty()
    propose(buying, line("海の物語", author="山田太郎", ndc="913.6"))
    app = open_page("buying", store=buying, line=FIRST)
    said = texts(app)
    assert "海の物語" in said and "この分類（3桁）" in html_of(app) and "経緯" in said
    assert FIRST in app.query_params["line"]


def test_a_member_votes_and_the_manager_chooses(open_page, buying):
    propose(buying, line("まだない本"))
    app = open_page("buying", store=buying, person=MEMBERS[0], line=FIRST)
    assert not [one for one in app.button if one.key == "buying_act_choose"]
    app.text_input(key="buying_comment").set_value("要る")
    button(app, "cast_for").click().run()
    assert kept.ballots(buying).select("person", "opinion", "comment").rows() == [(MEMBERS[0].id, "for", "要る")]
    all_for(buying, FIRST)
    app = open_page("buying", store=buying, person=MANAGER, line=FIRST)
    button(app, "choose").click().run()
    assert kept.every(buying)["state"].to_list() == ["chosen"]


def test_what_cannot_be_done_is_said(open_page, buying):
    propose(buying, line("まだない本"))
    app = open_page("buying", store=buying, person=LIBRARIAN, line=FIRST)
    button(app, "take_off").click().run()
    assert "理由を書いてください" in texts(app)
    assert kept.every(buying)["state"].to_list() == ["proposed"]


def test_a_line_is_ordered_and_delivered_and_its_request_named(open_page, buying):
    chosen(buying, line("頼まれた本", "request", f"R{NOW}-0009"))
    app = open_page("buying", store=buying, person=LIBRARIAN, view="chosen")
    button(app, "order").click().run()
    assert app.query_params["view"] == "ordered" or app.query_params["view"] == ["ordered"]
    app = open_page("buying", store=buying, person=LIBRARIAN, view="ordered", line=FIRST)
    button(app, "receive").click().run()
    assert f"R{NOW}-0009" in texts(app) and "リクエスト" in texts(app)
    assert kept.every(buying)["state"].to_list() == ["received"]


def test_copies_are_changed_on_the_card(open_page, buying):
    propose(buying, line("まだない本"))
    app = open_page("buying", store=buying, person=LIBRARIAN, line=FIRST)
    field = next(one for one in app.number_input if one.key.endswith(buyers.BRANCH))
    field.set_value(3)
    next(one for one in app.button if one.label == "冊数と価格を直す").click().run()
    assert kept.every(buying)["places"].to_list() == [[{"branch": buyers.BRANCH, "copies": 3}]]


def test_the_money_runs_out_where_the_line_says(open_page, buying):
    budget.put(buying, MANAGER, NOW, pl.DataFrame([(None, None, 1500)], schema=budget.POT, orient="row"), 0)
    propose(buying, line("一冊め", ndc="913"), line("二冊め", ndc="913"))
    app = open_page("buying", store=buying, source="vendor")
    shown = app.dataframe[0].value
    assert shown["total"].tolist() == [1000, 2000]
    assert [text.startswith("予算超") for text in shown["state"]] == [False, True]
    assert "残り 1,500円" in texts(app)


def test_the_manager_sets_the_budget_and_others_only_read_it(open_page, buying):
    app = open_page("buying", store=buying, person=MANAGER, view="budget")
    app.number_input(key="pot_yen").set_value(5_000_000)
    app.text_input(key="pot_note").set_value("当初予算")
    next(one for one in app.button if one.label == "この額にする").click().run()
    assert budget.present(buying, NOW).pots["budget"].to_list() == [5_000_000]
    assert "5,000,000円" in html_of(app)
    app = open_page("buying", store=buying, person=LIBRARIAN, view="budget")
    assert not app.number_input and "5,000,000円" in html_of(app)


def test_the_printed_list_has_a_row_for_each_line(open_page, buying):
    propose(buying, line("市の酒蔵"), line("海の本"))
    app = open_page("buying", store=buying, print="1", source="vendor")
    table = next(text for text in html_of(app).split("<table")[1:] if "市の酒蔵" in text)
    assert len(re.findall(r'<tr class="">', table)) == 2


def test_a_step_is_taken_back(open_page, buying):
    [no] = chosen(buying, line("まだない本"))
    keeping.order(buying, LIBRARIAN, POLICY, events(buying, no))
    app = open_page("buying", store=buying, person=LIBRARIAN, view="ordered", line=no)
    app.button(key="buying_undo").click().run()
    assert kept.every(buying)["state"].to_list() == ["chosen"]


def test_where_the_filter_finds_nothing_the_screen_says_so(open_page, buying):
    app = open_page("buying", store=buying, text="どこにもない書名")
    assert "この条件に合う行はありません" in texts(app)


def test_what_is_chosen_is_laid_over_the_shares_of_the_classes(open_page, buying):
    chosen(buying, line("まだない本", ndc="913.6", places=[{"branch": buyers.BRANCH, "copies": 3}]))
    app = open_page("composition", store=buying, view="balance")
    next(one for one in app.button if one.label.startswith("購入の検討の決定・発注分（1行）")).click().run()
    assert "3冊" in texts(app) and "購入の検討" in texts(app)


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>本", "[押す](javascript:alert(1))", '"><img src=x onerror=alert(1)>本']
)
def test_a_hostile_title_is_shown_as_text(open_page, buying, title):
    propose(buying, line(title, of=f"{title}.csv", author=title, publisher=title, series=title))
    harmless(open_page("buying", store=buying, line=FIRST), "")
    harmless(open_page("buying", store=buying, source="vendor", text=title, print="1"), "")

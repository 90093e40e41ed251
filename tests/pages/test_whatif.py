"""試算 on screen: what the address says, saving, comparing and adopting."""

from datetime import date

import pytest

from collection import adopted, scenarios
from collection.roles import Person
from tests.pages.conftest import texts

CHANGED = {"v": "利用だけの無利用年数:3"}
YAMADA = Person("yamada", "山田", frozenset({"librarian"}))


@pytest.mark.parametrize(
    ("lang", "words"), [("ja", ("全体の運用値", "過去でためす")), ("en", ("General operating values", "interval"))]
)
def test_the_screen_opens_in_both_languages(open_page, lang, words):
    shown = texts(open_page("whatif", lang))
    assert words[0] in shown
    assert "95" in shown


def test_a_scenario_in_the_address_moves_its_slider_and_the_figures(open_page):
    app = open_page("whatif", **CHANGED)
    assert app.slider(key="whatif_v_利用だけの無利用年数").value == 3
    assert "±0）" not in app.subheader[1].value
    assert "10 → **3**" in texts(app)


def test_a_slider_writes_the_address_and_back_again(open_page):
    app = open_page("whatif")
    app.slider(key="whatif_v_受入保護年数").set_value(5).run()
    assert app.query_params["v"] == "受入保護年数:5"
    app.slider(key="whatif_c__idle_years").set_value(7).run()
    assert app.query_params["c"] == ":7:"
    app.slider(key="whatif_v_受入保護年数").set_value(2).run()
    assert "v" not in app.query_params


@pytest.mark.parametrize(
    "wrong",
    [
        "ない値:3",
        "利用だけの無利用年数:あ",
        "利用だけの無利用年数",
        ":::",
        "不明の起算:3",
        "利用だけの無利用年数:99",
        "007:99:99",
    ],
)
def test_an_address_that_cannot_be_read_is_left_out(open_page, wrong):
    app = open_page("whatif", v=wrong, c=wrong)
    assert app.slider(key="whatif_v_利用だけの無利用年数").value == 10


def test_a_librarian_saves_and_compares(open_page, store):
    scenarios.save(store, YAMADA, "nishinomiya", "前の案", {"values": {"受入保護年数": 9}, "classes": {}}, {}, "ためし")
    app = open_page("whatif", store=store, role="librarian", **CHANGED)
    app.text_input[0].set_value("短い案")
    app.button[[button.label for button in app.button].index("この試算を保存する")].click().run()
    assert [found["name"] for found in scenarios.saved(store, "nishinomiya")] == ["短い案", "前の案"]
    app.selectbox(key="whatif_b").set_value("前の案").run()
    assert not app.exception
    assert "前の案" in texts(app)
    assert "いまの運用値" in texts(app)


def test_a_manager_adopts_with_a_reason(open_page, store):
    app = open_page("whatif", store=store, role="manager", **CHANGED)
    press = lambda: app.button[[button.label for button in app.button].index("運用値として採り入れる")].click().run()  # noqa: E731
    press()
    assert [error.value for error in app.error if "理由" in error.value]
    app.text_area[0].set_value("委員会で決めた")
    app.date_input[0].set_value(date(2025, 4, 1))
    press()
    [version] = adopted.history(store, "nishinomiya")
    assert (version["adopted"]["values"], version["reason"]) == ({"利用だけの無利用年数": 3}, "委員会で決めた")


def test_who_may_not_adopt_sees_no_button(open_page):
    app = open_page("whatif", role="librarian", **CHANGED)
    assert "運用値として採り入れる" not in [button.label for button in app.button]

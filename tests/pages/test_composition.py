import re
import shutil

import polars as pl
import pytest

from collection import purchases
from collection.measures import MEASURES
from collection.pages import frame
from collection.policy import load
from collection.purchases import Purchases
from tests.pages.conftest import assert_right, texts
from tests.small_store import PACK, demo

VIEWS = ("heat", "use", "tree", "branches", "balance")


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A copy of the pack whose targets a test may change."""
    folder = tmp_path / "policies" / PACK.name
    shutil.copytree(PACK.parents[1], tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(frame, "PACKS", folder.parent)
    assert load(folder, demo.AS_OF).folder == folder
    return folder


@pytest.fixture
def visit(open_page):
    """visit(view="tree", lang="en") opens the screen once, and then again and again at other addresses."""
    opened = []

    def at(lang: str = "ja", **query):
        if not opened:
            opened.append(open_page("composition", lang))
        app = opened[0]
        app.query_params = {"lang": lang, **query}
        app.run()
        assert_right(app)
        return app

    return at


@pytest.mark.parametrize(("lang", "word"), [("ja", "9 文学"), ("en", "9 Literature")])
def test_the_figures_stand_in_a_table_too(visit, lang, word):
    for view in VIEWS:
        app = visit(lang, view=view)
        assert word in texts(app)
        assert lang == "ja" or not re.search("[ぁ-ん]", app.subheader[0].value)


def test_a_filter_narrows_every_view(visit):
    for view in VIEWS:
        assert texts(visit(view=view)) != texts(visit(view=view, location="closed"))


def test_nothing_to_look_at_is_said(visit):
    for view in VIEWS:
        app = visit(view=view, branch="どこにもない館")
        assert app.info
        assert not app.subheader


def test_within_a_class_its_divisions_are_shown(visit):
    for view in VIEWS[1:]:
        assert "49 医学・薬学" in texts(visit(view=view, ndc="4", against="loans"))


def test_a_part_without_any_class_number_is_drawn(visit):
    for view in VIEWS:
        assert "分類なし" in texts(visit(view=view, audience="child", material="picture_book", against="loans"))


def test_every_measure_can_be_drawn(visit):
    for measure in MEASURES:
        app = visit("en", measure=measure, year="2023", idle="8", cover="97")
        assert app.subheader or app.info


def test_rows_of_the_heat_map(visit):
    for rows, word in {"shelf_class": "4 自然科学", "division": "49 医学・薬学", "section": "498"}.items():
        assert f">{word}<" in texts(visit(ndc="4", rows=rows))


def test_the_choices_of_a_measure_stand_in_the_address(open_page):
    app = open_page("composition", measure="idle", idle="3")
    before = app.subheader[0].value
    app.selectbox(key="choose_idle").set_value("20").run()
    assert app.query_params["idle"] == "20"
    assert app.subheader[0].value != before


def test_the_treemap_goes_down_and_back_up(open_page):
    app = open_page("composition", view="tree", ndc="91")
    assert "913" in texts(app)
    app.button(key="tree_step_1").click().run()
    assert app.query_params["ndc"] == "9"
    assert "93 英米文学" in texts(app)
    app.button(key="tree_step_0").click().run()
    assert "ndc" not in app.query_params


def test_the_treemap_of_childrens_books(open_page):
    general = open_page("composition", view="tree")
    assert "児童用資料</span>" not in texts(general)
    general.segmented_control(key="tree_looks").set_value("children").run()
    assert general.query_params["audience"] == "child"
    assert "9 文学" in texts(general)


def test_targets_are_operating_values(open_page):
    assert "運用値" in texts(open_page("composition", view="balance"))


def test_without_targets_the_screen_says_what_to_do(open_page, pack):
    (pack / "targets.csv").unlink()
    app = open_page("composition", view="balance")
    assert "targets.csv" in app.info[0].value
    assert not app.subheader


def test_a_mistake_in_the_targets_is_said_with_its_line(open_page, pack):
    (pack / "targets.csv").write_text("類,館,対象,割合(%),許容(±ポイント)\n0,,,5,1\n十,,,5,1\n", encoding="utf-8")
    app = open_page("composition", view="balance")
    assert "3行目" in app.error[0].value


def test_a_branch_that_is_not_there_is_said(open_page, pack):
    with (pack / "targets.csv").open("a", encoding="utf-8") as file:
        file.write("0,北口分館,,5,1\n")
    assert "北口分館" in open_page("composition", view="balance").warning[0].value


def test_no_year_before_is_said(open_page):
    assert "1年ほど前" in open_page("composition", view="balance", against="year").info[0].value


def test_a_purchase_list_moves_the_shares(open_page):
    app = open_page("composition", view="balance", against="loans")
    before = texts(app)
    rows = pl.DataFrame(
        [{"branch": None, "ndc": "440", "audience": "general", "material": "book", "copies": 900}], schema=purchases.ROW
    )
    app.session_state["bought"] = Purchases("購入.csv", rows, {"copies": [3, 4]})
    app.run()
    after = texts(app)
    assert "900冊" in after and "900冊" not in before
    assert "3, 4行目" in app.warning[0].value
    next(button for button in app.button if button.label == "購入リストを外す").click().run()
    assert texts(app) == before

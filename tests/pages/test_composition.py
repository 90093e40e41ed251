import pytest

from tests.pages.conftest import texts


@pytest.mark.parametrize(("lang", "word"), [("ja", "児童用資料"), ("en", "Children")])
def test_the_figures_stand_in_a_table_too(open_page, lang, word):
    shown = texts(open_page("composition", lang))
    assert word in shown
    assert "中央図書館" in shown


def test_a_place_narrows_the_figures(open_page):
    everywhere, closed = open_page("composition"), open_page("composition", location="closed")
    assert everywhere.subheader[0].value != closed.subheader[0].value


def test_one_branch_is_compared(open_page):
    app = open_page("composition")
    app.selectbox[0].set_value("北口図書館").run()
    assert not app.exception
    assert any("北口図書館" in heading.value for heading in app.subheader)

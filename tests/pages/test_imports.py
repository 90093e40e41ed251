from datetime import date

import pytest

from tests.pages.conftest import assert_right, texts

BIBS = "書誌番号,書名,出版年\nB1,=1+1 の本,2001\nB2,潮の本,平成11\n"
ITEMS = "資料番号,書誌番号,所蔵館,状態\n1,B1,中央図書館,在架\n2,B2,中央図書館,在架\n"


def press(app, label: str):
    [button] = [each for each in app.button if each.label == label]
    button.click().run()
    assert_right(app)
    return app


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "bibs.csv").write_text(BIBS, encoding="utf-8")
    (folder / "items.csv").write_text(ITEMS, encoding="cp932")
    return folder


@pytest.mark.parametrize(("lang", "word"), [("ja", "取込"), ("en", "Import")])
def test_it_opens_in_both_languages(open_page, lang, word):
    assert open_page("imports", lang).header[0].value == word


def test_a_folder_is_explained_imported_and_flagged(open_page, files, tmp_path):
    app = open_page("imports", store=tmp_path / "store")
    app.text_input(key="folder").set_value(str(files)).run()
    press(app, "列の読み方を確かめる")
    assert any("書名" in block.value for block in app.code)
    app.date_input(key="as_of").set_value(date(2025, 4, 1)).run()
    press(app, "取り込む")
    assert "2025-04-01" in app.success[0].value
    assert "items.csv" in texts(app)
    app.selectbox(key="pack").set_value("nishinomiya").run()
    press(app, "規則をあてる")
    assert "2冊" in app.header[0].value


def test_a_folder_that_is_not_there_is_said(open_page, tmp_path):
    app = open_page("imports", store=tmp_path / "store")
    app.text_input(key="folder").set_value(str(tmp_path / "nowhere")).run()
    press(app, "取り込む")
    assert app.error

import pytest

from collection import policy
from tests import small_store
from tests.pages.conftest import texts


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_rule_is_listed(open_page, lang):
    pack = policy.load(small_store.PACK, small_store.demo.AS_OF)
    assert len(open_page("rules", lang).dataframe[0].value) == len(pack.rules)


@pytest.mark.parametrize(("lang", "word"), [("ja", "運用値"), ("en", "Operating value")])
def test_a_rule_shows_its_condition_and_operating_values(open_page, lang, word):
    shown = texts(open_page("rules", lang, rule="km-8-2-2"))
    assert word in shown
    assert "km-8-2-2" in shown


def test_attached_wording_stands_beside_the_gist(open_page, flagged, tmp_path):
    (tmp_path / "holdings").mkdir()
    for file in flagged.parent.glob("*.duckdb"):
        (tmp_path / "holdings" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "texts").mkdir()
    table = "document,clause,document_title,text\ncollection-management,8-2-2,要綱,ここに条文がある\n"
    (tmp_path / "texts" / "nishinomiya.csv").write_text(table, encoding="utf-8")
    assert "ここに条文がある" in texts(open_page("rules", store=tmp_path, rule="km-8-2-2"))


def test_the_list_of_a_rule_is_a_link(open_page):
    links = open_page("rules", rule="km-8-2-2").get("page_link")
    assert any("rule=km-8-2-2" in link.proto.query_string for link in links)

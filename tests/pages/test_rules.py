import unicodedata

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


def listed(app) -> list[str]:
    return app.dataframe[0].value["rule"].to_list() if len(app.dataframe) else []


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    "text", ["8-2-2", "第４の１ 児童書", "第４の１(３) 地図", "まんが 予約", "comics", "除籍", "zzz"]
)
def test_the_search_finds_the_rules_that_have_every_word(open_page, lang, text):
    expected = []
    for rule in policy.load(small_store.PACK, small_store.demo.AS_OF).rules:
        own = unicodedata.normalize("NFKC", "\n".join(map(str, [
            rule.id, rule.article, rule.gist, rule.question, *rule.english.values(),
            *(each for sign in rule.signs for each in (sign.name, sign.en)),
        ]))).casefold()  # fmt: skip
        if all(word in own for word in unicodedata.normalize("NFKC", text).casefold().split(" ")):
            expected.append(rule.id)
    app = open_page("rules", lang, text=text)
    assert listed(app) == expected
    assert bool(expected) != any(text in info.value for info in app.info)


def test_what_is_typed_and_chosen_stands_in_the_address_beside_the_open_rule(open_page):
    app = open_page("rules", rule="km-8-2-2")
    app.text_input(key="filter_text").input("まんが").run()
    assert app.query_params == {"lang": "ja", "rule": "km-8-2-2", "text": "まんが"}
    assert "ln-9-1-2" in listed(app) and "cc-4-1-8-3" in listed(app)
    app.pills(key="rules_document").select("lending").run()
    assert app.query_params["document"] == "lending" and app.query_params["text"] == "まんが"
    assert set(listed(app)) and all(rule.startswith("ln-") for rule in listed(app))
    app.text_input(key="filter_text").input("").run()
    assert "text" not in app.query_params


def test_the_attached_wording_is_searched(open_page, shown_store, tmp_path):
    (tmp_path / "holdings").symlink_to(shown_store / "holdings")
    (tmp_path / "texts").mkdir()
    table = "document,clause,document_title,text\nlending,9-1-2,要綱,ふしぎな条文\n"
    (tmp_path / "texts" / "nishinomiya.csv").write_text(table, encoding="utf-8")
    assert listed(open_page("rules", store=tmp_path, text="ふしぎな")) == ["ln-9-1-2"]


def test_the_table_can_be_taken_as_sheet_and_on_paper(open_page):
    assert len(open_page("rules").get("download_button")) == 2


def test_a_rule_that_lacks_a_column_says_what_a_person_looks_at(open_page):
    rule = next(
        rule for rule in policy.load(small_store.PACK, small_store.demo.AS_OF).rules if rule.missing and rule.question
    )
    assert rule.question in texts(open_page("rules", rule=rule.id))

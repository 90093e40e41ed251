import pytest

from collection.store import snapshots
from tests import road_store, small_store
from tests.pages.conftest import texts


@pytest.mark.parametrize(("lang", "word"), [("ja", "判定"), ("en", "Verdicts")])
def test_home_counts_what_is_held_and_what_was_imported(open_page, lang, word):
    app = open_page("home", lang)
    assert word in [heading.value for heading in app.subheader]
    assert "items.csv" in texts(app)


def test_every_count_is_a_link_to_its_list(open_page):
    app = open_page("home")
    asked = [link.proto.query_string for link in app.get("page_link")]
    for verdict in ("candidate", "move", "ask", "unknown", "keep"):
        assert f"verdict={verdict}" in asked
    for criterion in range(1, 6):
        assert f"criterion=8-2-{criterion}" in asked


def test_what_is_on_its_road_is_counted_as_such_and_the_counts_agree_with_the_list(open_page, store, flagged):
    candidates = small_store.items_of(flagged, "verdict = 'candidate'")
    road_store.on_road(store, candidates[:7], "to_discard")
    shown = texts(open_page("home", store=store))
    assert f"{len(candidates) - 7:,}冊" in shown
    assert "除籍の決裁済" in shown
    assert open_page("candidates", store=store).header[0].value.split("冊")[0].endswith(f"{len(candidates) - 7:,}")


def test_an_empty_store_says_what_to_do_next(open_page, tmp_path):
    app = open_page("home", store=tmp_path)
    assert "取込" in app.info[0].value


def test_facts_without_flags_say_what_to_do_next(open_page, flagged, tmp_path):
    (tmp_path / "holdings").mkdir()
    snapshot = snapshots.newest(flagged.parents[1])
    (tmp_path / "holdings" / snapshot.name).write_bytes(snapshot.read_bytes())
    assert "規則をあてる" in open_page("home", store=tmp_path).info[0].value
    for page in ("candidates", "card", "composition", "rules"):
        assert "規則をあてる" in open_page(page, store=tmp_path).info[0].value

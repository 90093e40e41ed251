"""類本 on the page モデル and on the card: pairs with their words; nothing where there is no index."""

import re

import pytest

from collection import words
from collection.store.connection import connect_flags
from collection.store.snapshots import newest
from models import artefact
from models.similar import found
from tests import road_store, small_store
from tests.pages.conftest import texts


def said(key: str, lang: str) -> str:
    return words.table("models_similar")[key][lang]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_model_shows_figures_and_pairs_that_can_be_checked(open_page, flagged, lang):
    shown = texts(open_page("models", lang, model="similar"))
    figures = artefact.manifest(artefact.found(newest(flagged.parents[1]), "similar")).figures
    assert f"{figures['pairs']:,}" in shown and f"{figures['titles']:,}" in shown
    assert said("examples", lang) in shown and said("head_shared_words", lang) in shown


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_card_names_similar_titles_with_words_class_and_place(open_page, flagged, lang):
    item = small_store.items_of(flagged, "survivor_kind = 'similar' AND verdict = 'candidate'")[0]
    shown = texts(open_page("card", lang, item=item))
    assert said("on_card", lang) in shown
    index = artefact.found(newest(flagged.parents[1]), "similar")
    with connect_flags(flagged) as cursor:
        bib_no, shared, survivor = cursor.execute(
            "SELECT judged.bib_no, survivor_words, stays.bib_no FROM judged JOIN facts_of_day.item USING (item_no) "
            "JOIN facts_of_day.item AS stays ON stays.item_no = survivor_item_no WHERE item.item_id = ?", [item],
        ).fetchone()  # fmt: skip
        rows = found.of_item(cursor, index, bib_no, 6)
        title = cursor.execute("SELECT title FROM facts_of_day.bib WHERE bib_no = ?", [survivor]).fetchone()[0]
    assert shared in rows["shared_words"].to_list() and title in rows["title"].to_list()
    for row in rows.iter_rows(named=True):
        assert row["title"] in shown and row["shared_words"].replace(";", "・") in shown and row["class"] in shown
        assert f"item={row['item_id']}" in shown


def test_the_list_of_an_item_equals_its_naive_twin(flagged):
    index = artefact.found(newest(flagged.parents[1]), "similar")
    with connect_flags(flagged) as cursor:
        pairs = cursor.sql(f"SELECT * FROM {artefact.attached(cursor, index)}.neighbour").pl().to_dicts()
        bibs = {row["bib_no"]: row for row in cursor.sql("SELECT * FROM facts_of_day.bib").pl().to_dicts()}
        items = cursor.sql("SELECT item.* FROM judged JOIN facts_of_day.item AS item USING (item_no)").pl().to_dicts()
        held = {}
        for item in items:
            held.setdefault(item["bib_no"], []).append(item)
        asked = sorted({pair["bib_no"] for pair in pairs})[::40]
        for bib_no in asked:
            mine = [
                pair for pair in pairs
                if pair["bib_no"] == bib_no and pair["other_no"] in held
                and bibs[pair["other_no"]]["work_no"] != bibs[bib_no]["work_no"]
            ]  # fmt: skip
            best = {}
            for pair in sorted(
                mine, key=lambda p: (-p["score"], -(bibs[p["other_no"]]["pub_year"] or 0), p["other_no"])
            ):
                best.setdefault(bibs[pair["other_no"]]["title_key"], pair)
            best = sorted(best.values(), key=lambda pair: (-pair["score"], pair["other_no"]))[:6]
            rows = found.of_item(cursor, index, bib_no, 6).to_dicts()
            assert [row["item_id"] for row in rows] == [
                min(item["item_id"] for item in held[pair["other_no"]]) for pair in best
            ]
            assert [row["branches"] for row in rows] == [
                sorted({item["branch"] for item in held[pair["other_no"]]}) for pair in best
            ]
            assert [row["copies"] for row in rows] == [len(held[pair["other_no"]]) for pair in best]


def test_without_an_index_the_card_shows_nothing_of_it(open_page, flagged, tmp_path):
    store = road_store.copied(flagged, tmp_path / "store")
    for file in (store / "holdings").glob("*.model.duckdb"):
        file.unlink()
    item = small_store.items_of(flagged, "survivor_kind = 'similar' AND verdict = 'candidate'")[0]
    shown = texts(open_page("card", store=store, item=item))
    assert said("on_card", "ja") not in shown
    assert re.search("共通の語：", shown)  # the reason was kept with the flags

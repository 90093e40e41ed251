"""利用の予測 on its view of モデル and where it stands beside the facts; nothing of it without a model."""

import re
from datetime import date

import pytest

from collection import decisions, duplicates, forecast, policy, words, years
from collection.demo import AS_OF
from collection.store.connection import connect_flags
from models import artefact
from tests import foreseen_store, road_store
from tests.buying import buyers
from tests.pages.conftest import texts
from tests.small_store import PACK, items_of


@pytest.fixture
def foreseen(flagged, shown_store):
    """The store with a forecast, with accounts of its own."""
    return foreseen_store.of(flagged).parents[1]


def lent_item(flagged) -> str:
    return items_of(flagged, "circulates AND usable AND loans_3y > 3")[0]


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("months", ["12", "36"])
def test_the_view_tells_the_back_test(open_page, foreseen, flagged, lang, months):
    app = open_page("models", lang, store=foreseen, model="use", months=months)
    manifest = artefact.manifest(forecast.file_of(flagged_snapshot(foreseen, flagged)))
    figures = manifest.figures["horizons"][months]
    said = texts(app)
    assert f"{figures['gain'] * 100:.1f}%" in said
    assert words.say(f"models_use.split_{figures['split']}") in said
    assert f"{figures['covered'] * 100:.1f}%" in said


def flagged_snapshot(store, flagged):
    return store / "holdings" / (flagged.name.split(".")[0] + ".duckdb")


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_overview_tells_the_result_in_one_sentence(open_page, foreseen, flagged, lang):
    said = texts(open_page("models", lang, store=foreseen))
    gain = artefact.manifest(forecast.file_of(flagged_snapshot(foreseen, flagged))).figures["horizons"]["12"]["gain"]
    assert f"{gain * 100:.1f}%" in said


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_without_a_model_the_view_says_how_to_make_one(open_page, lang):
    app = open_page("models", lang, model="use")
    assert words.say("models_use.none") in texts(app)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_card_names_the_forecast_and_its_interval(open_page, foreseen, flagged, lang):
    item = lent_item(flagged)
    app = open_page("card", lang, store=foreseen, item=item)
    [line] = [caption.value for caption in app.caption if words.say("models_use.forecast") in caption.value]
    assert re.search(r"\d(\.\d)?.*\d+[〜–]\d+", line)
    assert words.say("models_use.how_good") in texts(app)


def test_the_card_says_when_an_item_has_none(open_page, foreseen, flagged):
    reference = items_of(flagged, "NOT circulates")[0]
    assert words.say("models_use.card_none") in texts(open_page("card", store=foreseen, item=reference))


def test_without_a_model_no_screen_speaks_of_a_forecast(open_page, flagged):
    asked = [("card", {"item": lent_item(flagged)}), ("duplicates", {"view": "moves"}), ("whatif", {})]
    for screen, query in asked:
        assert "予測" not in texts(open_page(screen, **query))
    app = open_page("candidates", sort="forecast")
    assert "forecast" not in str(app.dataframe[0].proto.column_order)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_list_has_the_forecast_as_a_column(open_page, foreseen, lang):
    app = open_page("candidates", lang, store=foreseen, sort="forecast")
    shown = app.dataframe[0].value["forecast"]
    assert len(shown) > 50
    assert shown.iloc[0].startswith("0.0")
    assert "forecast" in str(app.dataframe[0].proto.column_order)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_moves_that_only_the_forecast_speaks_for_stand_apart(open_page, foreseen, flagged, lang):
    flags = foreseen / "holdings" / flagged.name
    app = open_page("duplicates", lang, store=foreseen, view="moves", demand="foreseen")
    with connect_flags(flags) as cursor:
        decisions.attach(cursor, foreseen)
        found = duplicates.foreseen(cursor, policy.load(PACK, AS_OF))
    assert f"{len(found):,}" in app.subheader[0].value
    assert words.say("models_use.moves_list") in texts(app)
    assert words.say("duplicates.because_none", loans="@", copies="@", holds="@").split("@")[0] not in texts(app)
    assert words.say("models_use.how_good") in texts(app)
    every = open_page("duplicates", lang, store=foreseen, view="moves")
    assert words.say("models_use.moves_list") not in texts(every)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_look_back_tells_how_much_may_be_missed(open_page, foreseen, flagged, lang):
    with connect_flags(foreseen / "holdings" / flagged.name) as cursor:
        found = forecast.regret(cursor)
    share = found["lent_36"].sum() / found["items"].sum()
    said = texts(open_page("whatif", lang, store=foreseen, back="1"))
    assert words.say("models_use.regret_line", n="@", share=f"{share * 100:.1f}%", months=36).split("@")[1] in said
    assert words.say("models_use.looked_line", ago=1, n="@", expected="@", actual="@").split("@")[0] in said


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_line_of_the_buying_list_tells_what_is_foreseen_of_books_like_it(open_page, flagged, tmp_path, lang):
    store = road_store.copied(foreseen_store.of(flagged), tmp_path / "store")
    buyers.propose(store, buyers.line("まだない本", author="だれもしらない", ndc="913.6"))
    app = open_page("buying", lang, store=store, line=f"P{years.of(date.today())}-0001")
    said = texts(app)
    advised = words.say("models_use.advised", of=words.say("buying.use_class"), copies="@", each=12)
    assert advised.split("@")[1] in said
    assert words.say("models_use.per_copy") in said
    assert words.say("models_use.how_good") in said

"""モデル: the overview and one view a model, how models are made, who may, and what has drifted; and the list they lead to."""

import csv
import io
import re
import shutil

import pytest

import models
from collection import flag, local, words
from collection.pages import local_likely, models_parts
from collection.progress import silent
from collection.store.connection import connect, connect_flags
from collection.store.snapshots import newest, newest_flags
from models import artefact
from models.local import train
from tests.models import local_town
from tests.pages.conftest import assert_right, texts
from tests.random_library import AS_OF
from tests.road_store import POLICY


@pytest.fixture(scope="module")
def untrained(tmp_path_factory):
    """A store with enough marked records to learn from, and no model, also not the one that flags are made with."""
    store = local_town.write(tmp_path_factory.mktemp("untrained"), local_town.town()).parents[1]
    flag.flag(store, POLICY, AS_OF)
    for file in (store / "holdings").glob("*.model.duckdb"):
        file.unlink()
    return store


@pytest.fixture(scope="module")
def trained(untrained, tmp_path_factory):
    store = tmp_path_factory.mktemp("trained")
    shutil.copytree(untrained / "holdings", store / "holdings")
    models.train(store, newest_flags(store), POLICY, "local")
    return store


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("model", ["all", *models.NAMES, "nonsense"])
def test_every_view_opens_without_any_model(open_page, untrained, lang, model):
    assert texts(open_page("models", lang, store=untrained, model=model))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_similar_titles_are_there_once_the_rules_were_applied(open_page, shown_store, lang):
    assert artefact.found(newest(shown_store), "similar")
    for model in ("all", "similar"):
        assert AS_OF.isoformat() in texts(open_page("models", lang, model=model))
    assert [info.value for info in open_page("models", lang).info] == [words.table("models")["empty"][lang]]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_nothing_trained_says_what_to_do(open_page, untrained, lang):
    for role, key in (("librarian", "empty"), ("committee", "empty_ask")):
        app = open_page("models", lang, store=untrained, role=role)
        assert [info.value for info in app.info] == [words.table("models")[key][lang]]
        assert bool(app.button) == (role == "librarian")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_overview_tells_the_main_result_beside_the_baseline(open_page, trained, lang):
    shown = texts(open_page("models", lang, store=trained))
    figures = artefact.manifest(artefact.found(newest(trained), "local")).figures["held_out"]
    for name in ("model", "list"):
        assert f"{figures[name]['precision'] * 100:.1f}%" in shown
    assert "model=local" in shown and AS_OF.isoformat() in shown


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_view_shows_card_figures_words_and_what_it_was_made_with(open_page, trained, lang):
    app = open_page("models", lang, store=trained, model="local")
    shown = texts(app)
    card = next(value.value for value in app.markdown if "216.4" in value.value)
    assert bool(re.search("[ぁ-ん]", card)) is (lang == "ja")
    assert "渚町" in shown and local_town.OFFICE in shown and "鳴尾" not in shown
    assert str(artefact.SEED) in shown and words.table("models")["drift_none"][lang] in shown
    assert "鳴尾" in texts(open_page("models", lang, store=trained, model="local", words="all"))


def test_the_button_makes_a_model_and_the_list_is_there(open_page, untrained, tmp_path):
    store = tmp_path
    shutil.copytree(untrained / "holdings", store / "holdings")
    assert "likely" not in open_page("local", store=store).button_group[0].options
    app = open_page("models", store=store, model="local", role="librarian")
    app.button(key="train_local").click().run()
    assert_right(app)
    assert artefact.found(newest(store), "local") and "渚町" in texts(app)
    assert "card?item=" in texts(open_page("local", store=store, view="likely"))


def test_what_could_not_be_made_says_why(open_page, store):
    app = open_page("models", store=store, model="local")
    app.button(key="train_local").click().run()
    assert_right(app)
    assert "200" in app.warning[0].value and artefact.found(newest(store), "local") is None


def test_two_do_not_train_at_once(open_page, store):
    app = open_page("models", store=store, model="local")
    with models_parts.TRAINING:
        app.button(key="train_local").click().run()
    assert_right(app)
    assert words.table("models")["busy"]["ja"] in [warning.value for warning in app.warning]
    assert not models_parts.TRAINING.locked()


@pytest.mark.parametrize("role", ["committee", "manager"])
def test_who_may_not_train_has_no_button(open_page, trained, role):
    for model in ("all", "local"):
        assert not [
            one for one in open_page("models", store=trained, role=role, model=model).button if "train" in str(one.key)
        ]


def test_one_of_other_facts_is_refused_and_said_so(open_page, trained, tmp_path):
    shutil.copytree(trained / "holdings", tmp_path / "holdings")
    with connect(newest(tmp_path)) as connection:
        connection.execute(
            "INSERT INTO import_file (imported_at, as_of, file, kind, sha256, rows, loaded, changed, unchanged, skipped, error, gone)"
            " VALUES ('2030-01-01', '2025-04-01', 'x', 'bibs', 'x', 0, 0, 0, 0, 0, 0, 0)"
        )
    shown = texts(open_page("models", store=tmp_path, model="local"))
    assert words.table("models")["state_refused"]["ja"] in shown and "渚町" not in shown


@pytest.fixture(scope="module")
def two_days(trained, tmp_path_factory):
    """The same store after a snapshot of the year before, when every book was older."""
    store = tmp_path_factory.mktemp("two_days")
    shutil.copytree(trained / "holdings", store / "holdings")
    before = local_town.town(8)
    for bib in before["bib"]:
        bib["pub_year"] = 1970
    snapshot = local_town.write(store, before, "2024-04-01-0123456789ab.duckdb")
    with artefact.building(snapshot, "local") as making:
        making.finish(train.train(making.connection, store, POLICY, silent))
    return store


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_drift_is_told_against_the_snapshot_before(open_page, two_days, lang):
    shown, table = texts(open_page("models", lang, store=two_days, model="local")), words.table("models")
    assert table["drift_much"][lang] in shown and "2024-04-01" in shown and table["drift_none"][lang] not in shown
    assert words.table("models_local")["spread_pub_year"][lang] in shown


def test_what_stands_out_of_persons_and_loans_is_for_managers(open_page, untrained):
    for role, hidden in (("librarian", True), ("manager", False)):
        shown = texts(open_page("models", store=untrained, role=role))
        assert (words.table("models")["secret"]["ja"] in shown) is hidden


# ── the list on the screen 地域資料


@pytest.fixture(scope="module")
def listed(trained):
    with connect_flags(newest_flags(trained)) as cursor:
        schema = artefact.attached(cursor, artefact.found(newest(trained), "local"))
        yield local.likely(cursor, schema)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_list_leads_to_the_cards_by_pages(open_page, trained, listed, monkeypatch, lang):
    monkeypatch.setattr(local_likely, "ROWS", 10)
    records = local.records(listed)
    for page in (1, 2):
        shown = texts(open_page("local", lang, store=trained, view="likely", page=str(page)))
        assert re.findall(r"card\?item=(\d+)", shown) == records["item_id"].to_list()[page * 10 - 10 : page * 10] != []
    assert f"{records.height}" in shown


def test_a_branch_narrows_the_list(open_page, trained, listed):
    branch = listed["branch"].mode().sort()[0]
    records = local.records(listed.filter(branch=branch))
    shown = texts(open_page("local", store=trained, view="likely", branch=branch))
    assert shown.count("card?item=") == min(records.height, local_likely.ROWS) < local.records(listed).height


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_file_has_every_record(listed, lang):
    records = local.records(listed)
    rows = list(csv.reader(io.StringIO(local_likely.file_of(records, lang).decode("utf-8-sig"))))
    assert len(rows) == records.height + 1
    assert words.table("local")["likely_words"][lang] in rows[0]


def test_without_a_model_the_address_of_the_list_leads_elsewhere(open_page, untrained):
    assert "card?item=" not in texts(open_page("local", store=untrained, view="likely"))

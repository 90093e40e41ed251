"""規則と人のちがい on its screen, and the agenda in its order."""

import re
from datetime import date
from random import Random

import polars as pl
import pytest

import models
from collection import agenda, committee, words
from collection.candidates import Filter
from collection.pages import models_agreement
from collection.store import snapshots
from collection.store.connection import connect_flags
from models import artefact
from models.agreement import likely
from tests import committee_store as people
from tests import road_store
from tests.committee_store import LIBRARIAN, MEMBERS, POLICY
from tests.models import decided_lists
from tests.pages.conftest import signed_in, texts


@pytest.fixture(scope="module")
def learnt(flagged, tmp_path_factory):
    """A store with 600 decisions, the model learnt from them, and a list in review; (store, number of that list)."""
    store = road_store.copied(flagged, tmp_path_factory.mktemp("learnt"))
    flags = store / "holdings" / flagged.name
    rng = Random(8)
    items = [decided_lists.facts(rng, number) | {"ndc": "723.1"} for number in range(600)]
    lists = decided_lists.shared_out(items, 4)
    decided_lists.hold_meetings(
        store, lists, lambda told: rng.random() < (0.9 if told["idle_years"] < 8 else 0.1), date(2025, 6, 1)
    )
    models.train(store, flags, POLICY, "agreement")
    for member in MEMBERS:
        signed_in(store, member)
    with connect_flags(flags) as cursor:
        number = people.drafted(
            store, cursor, flags, Filter(criterion=("8-2-2",), branch=("中央図書館",)), "candidates"
        )
    committee.submit(store, LIBRARIAN, number)
    return store, number


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_without_a_model_it_says_how_many_decisions_lack(open_page, shown_store, lang):
    app = open_page("models", lang, store=shown_store, model="agreement")
    assert {"ja": "あと500冊", "en": "500 more"}[lang] in texts(app)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_it_shows_what_was_learnt_and_proposes(open_page, learnt, lang):
    app = open_page("models", lang, store=learnt[0], model="agreement")
    said = texts(app)
    assert {"ja": "第2号 低利用", "en": "No. 2 low use"}[lang] in said
    assert {"ja": "無利用年数が1多いと", "en": "Idle years: 1 more"}[lang] in said
    assert {"ja": "5から8に", "en": "from 5 to 8"}[lang] in said
    assert lang == "ja" or not re.search("[ぁ-ん]", "\n".join(element.value for element in app.subheader))
    app = open_page("models", lang, store=learnt[0])
    assert {"ja": "ブライア", "en": "Brier"}[lang] in texts(app)


def test_the_proposal_opens_the_trial_with_its_value(open_page, learnt):
    app = open_page("models", store=learnt[0], model="agreement")
    [address] = [link.proto.query_string for link in app.get("page_link") if "試算する" in link.label]
    assert "c=72%3A8%3A" in address
    app = open_page("whatif", store=learnt[0], c="72:8:")
    assert "5 → **8**" in texts(app)


@pytest.mark.parametrize("part", ["items", "vote"])
def test_the_agenda_comes_in_that_order_only_when_asked(open_page, learnt, part):
    store, number = learnt
    person = MEMBERS[0]
    app = open_page("committee", store=store, person=person, list=number, part=part)
    before = list(app.dataframe[0].value["call_number"])
    assert app.dataframe[0].value["likely_kept"].isna().all()  # nobody who does not ask reads a forecast
    app = open_page("committee", store=store, person=person, list=number, part=part, order="likely")
    told = list(app.dataframe[0].value["likely_kept"])
    assert told == sorted(told, reverse=True) and len(set(told)) > 1
    after = list(app.dataframe[0].value["call_number"])
    assert sorted(after) == sorted(before) and after != before
    file = artefact.found(snapshots.newest(store), "agreement")
    with connect_flags(snapshots.newest_flags(store)) as cursor:
        entries = agenda.entries(store, number)["item_id"].to_list()
        known = likely.of_items(cursor, file, entries)
    assert {round(value * 100) for value in known["likely_kept"]} >= set(told)


def test_a_vote_for_the_rest_in_that_order_reaches_the_same_items(open_page, learnt):
    store, number = learnt
    app = open_page("committee", store=store, person=MEMBERS[1], list=number, part="vote", order="likely")
    assert app.button(key="vote_keep").disabled  # nothing is chosen yet
    app.button(key="rest_cast").click().run()
    own = agenda.votes(store, number).filter(pl.col("person") == MEMBERS[1].id)
    share = agenda.entries(store, number).filter(pl.col("readers").list.contains(MEMBERS[1].id))
    assert sorted(own["item_id"]) == sorted(share["item_id"])


@pytest.mark.parametrize(
    ("better", "ja", "en"),
    [(True, "25%小さい", "25% smaller"), (False, "割合だけで見込むほうが当たる", "shares alone foretell better")],
)
def test_the_result_is_said_against_the_baseline(better, ja, en):
    figures = {
        "learnt_from": {"rows": 600}, "tried": {"future": 150}, "better": better,
        "brier": {"model": 0.15, "overall": 0.21, "criterion": 0.2},
    }  # fmt: skip
    made = artefact.Manifest("agreement", "", "", "", "", "", {}, 0, figures)
    for lang, said in (("ja", ja), ("en", en)):
        token = words.language.set(lang)
        assert said in models_agreement.summary(made)
        words.language.reset(token)


def test_without_a_model_the_agenda_has_no_forecast(open_page, learnt, flagged, tmp_path, cursor):
    store = people.copy(flagged, tmp_path)
    signed_in(store, MEMBERS[0])
    number = people.drafted(store, cursor, flagged, Filter(criterion=("8-2-2",), branch=("中央図書館",)), "candidates")
    app = open_page("committee", store=store, person=LIBRARIAN, list=number, order="likely")
    assert app.dataframe[0].value["likely_kept"].isna().all()
    assert "残されそうな順" not in texts(app)

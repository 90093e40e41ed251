"""気になる動き on its screen: what stands out for a manager, nothing for anybody else."""

from random import Random

import pytest

import models
from tests.models.quiet_library import flagged_store, lend, quiet_library, sleepers
from tests.models.test_anomalies import MAY, OTHERS, tag
from tests.pages.conftest import signed_in, texts
from tests.road_store import AS_OF, POLICY


@pytest.fixture(scope="module")
def stirred(tmp_path_factory):
    """A store with a cluster of loans and one person who keeps almost everything."""
    rng = Random(31)
    library = quiet_library(rng, 1200)
    bibs = [bib["bib_no"] for bib in library["bib"] if (bib["ndc"] or "").startswith("4")]
    lend(library, [row for row in sleepers(library, MAY, branch="北口図書館") if row["bib_no"] in bibs][:14], MAY)
    flags = flagged_store(tmp_path_factory.mktemp("stirred") / "store", library)
    store = flags.parents[1]
    items = [row["item_id"] for row in library["item"]]
    for number, person in enumerate(OTHERS):
        keep = 0.9 if number == 2 else 0.2
        own = items[number * 80 : number * 80 + 80]
        tag(store, person, {item: "keep" if rng.random() < keep else "withdraw" for item in own}, AS_OF)
        signed_in(store, person)
    models.train(store, flags, POLICY, "anomalies")
    return store


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_manager_reads_what_stands_out_and_its_items(open_page, stirred, lang):
    app = open_page("models", lang, store=stirred, role="manager", model="anomalies")
    said = texts(app)
    assert {"ja": "2024-05に、長く", "en": "idle for long"}[lang] in said
    assert {"ja": "司書2さんの印80件", "en": "80 tags by 司書2"}[lang] in said
    app = open_page("models", lang, store=stirred, role="manager", model="anomalies", finding="0")
    said = texts(app)
    assert said.count('href="card?') >= 14 and "2024-05" in said
    assert "司書2" not in said


@pytest.mark.parametrize("role", ["librarian", "committee", "admin"])
def test_nobody_else_sees_anything(open_page, stirred, role):
    for query in ({"model": "anomalies"}, {"model": "anomalies", "finding": "0"}, {}):
        said = texts(open_page("models", store=stirred, role=role, **query))
        assert "司書2" not in said and "冊続けて" not in said and 'href="card?' not in said


@pytest.mark.parametrize("finding", ["999", "x", "-1", "٣", "9" * 30])
def test_an_address_of_no_finding_shows_the_list(open_page, stirred, finding):
    app = open_page("models", store=stirred, role="manager", model="anomalies", finding=finding)
    assert "2024-05に、長く" in texts(app)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_when_nothing_stands_out_it_says_so_and_what_was_looked_at(open_page, shown_store, store, flagged, lang):
    app = open_page("models", lang, store=shown_store, role="manager", model="anomalies")
    assert {"ja": "まだ調べていません", "en": "Nothing has been looked at"}[lang] in texts(app)
    models.train(store, store / "holdings" / flagged.name, POLICY, "anomalies")
    app = open_page("models", lang, store=store, role="manager", model="anomalies")
    assert {"ja": "目立つ動きはありません", "en": "Nothing stands out"}[lang] in texts(app)
    assert {"ja": "3年以上動かなかったあとに動いた本", "en": "items lent again after 3 idle years"}[lang] in texts(app)

"""Which rules a title meets: words found, facts at their edges, strong and weak signs; each against its naive twin."""

from dataclasses import replace
from itertools import product
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection import policy
from collection.policy.model import WAYS, Sign
from collection.policy.signs import TOGETHER, outcome, outcome_sql
from collection.selection import facts
from collection.selection.signs import APPLIES, DOUBT, weigh
from collection.store.connection import connect, sql
from tests.policy.sign_pack import write_pack
from tests.random_library import write_snapshot
from tests.selection import naive_check as naive
from tests.selection import offers
from tests.selection.offers import AS_OF

NO_SERIALS = pl.DataFrame(schema={"title_key": pl.String})


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return policy.load(write_pack(tmp_path_factory.mktemp("pack")), AS_OF)


def groups_of(pack, **texts: str | None) -> dict[str, list[str]]:
    """Group → words found in one title."""
    found = facts.word_groups(facts.titles([texts]).rename({"row": "bib_no"}), pack).to_dicts()
    return {one["group"]: one["words"] for row in found for one in row["found_words"]}


STUDY = "学参の語"
WORDS = {
    "plain": ({"title": "計算ドリル"}, ["ドリル"]),
    "half-width": ({"title": "計算ﾄﾞﾘﾙ"}, ["ドリル"]),
    "old form": ({"title": "學問のすゝめ"}, ["学問のすゝめ"]),
    "marks and blanks": ({"title": "英語の「問・題 集」"}, ["問題集"]),
    "full-width and small letters": ({"title": "はじめてのｃ＋＋"}, ["C++"]),
    "a mark that tells": ({"title": "はじめてのC"}, None),
    "kana apart": ({"title": "計算どりる"}, None),
    "a longer word that means something else": ({"title": "電気ドリルの使い方"}, None),
    "the longer word and the word": ({"title": "電気ドリルの計算ドリル"}, ["ドリル"]),
    "what stands around the longer word": ({"title": "問題電気ドリル集"}, None),
    "another field": ({"title": "算数", "series": "夏のドリル"}, ["ドリル"]),
    "several fields and words": ({"title": "算数問題集", "series": "夏のドリル"}, ["ドリル", "問題集"]),
    "across two fields": ({"title": "算数ド", "series": "リル"}, None),
    "a field that is not looked at": ({"title": "算数", "publisher": "ドリル社"}, None),
    "a field without text": ({"title": None, "series": "ドリル"}, ["ドリル"]),
    "nothing": ({"title": None}, None),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_word_is_found_however_it_is_written(pack, name):
    texts, expected = WORDS[name]
    found = groups_of(pack, **texts).get(STUDY)
    assert (sorted(found) if found else found) == expected


PIECES = st.sampled_from(
    [
        "ドリル",
        "ﾄﾞﾘﾙ",
        "電気",
        "電気ドリル",
        "問題",
        "集",
        "・",
        " ",
        "治る",
        "奇蹟",
        "奇跡",
        "文芸",
        "会",
        "算",
        "C",
        "++",
        "ﾙ",
    ]
)
TEXT = st.one_of(st.none(), st.lists(PIECES, max_size=6).map("".join))


@settings(max_examples=150, deadline=None)
@given(title=TEXT, series=TEXT, publisher=TEXT, edition=TEXT)
def test_words_are_found_as_by_the_twin(pack, title, series, publisher, edition):
    given_texts = {"title": title, "series": series, "publisher": publisher, "edition": edition}
    found = {group: set(words) for group, words in groups_of(pack, **given_texts).items()}
    assert found == {group: set(words) for group, words in naive.words_found(pack, given_texts).items()}


def test_a_pack_without_words_finds_none(pack):
    found = facts.word_groups(
        facts.titles([{"title": "計算ドリル"}]).rename({"row": "bib_no"}), replace(pack, word_groups={})
    )
    assert found.is_empty() and found.columns == ["bib_no", "word_groups", "found_words"]


@pytest.mark.parametrize("together", [1, 2, 2.5, 3])
@pytest.mark.parametrize("strength", list(product([True, False], repeat=3)))
def test_signs_say_the_same_together_in_python_and_in_sql(strength, together):
    signs = [Sign("", "", strong, "") for strong in strength]
    truths = list(product([None, True, False], repeat=3))
    with connect() as connection:
        connection.register(
            "seen", pl.DataFrame(truths, schema=dict.fromkeys("abc", pl.Boolean), orient="row").to_arrow()
        )
        told = connection.execute(f"SELECT {outcome_sql(signs, 'abc', together)} FROM seen").fetchall()
    words = {True: APPLIES, "doubt": DOUBT, False: 0, None: None}
    assert told == [(words[outcome(signs, row, together)],) for row in truths]


def test_what_signs_say_together():
    strong, weak = Sign("s", "", True, ""), Sign("w", "", False, "")
    assert outcome([strong, weak], [True, None], 2) is True
    assert outcome([weak, weak, weak], [True, False, True], 2) is True
    assert outcome([weak, weak], [True, None], 2) == "doubt"
    assert outcome([strong, weak], [False, True], 2) == "doubt"
    assert outcome([strong, weak], [None, False], 2) is False
    assert outcome([strong, weak], [None, None], 2) is None


def told(pack, rows: list[dict], way: str = "request", serials: pl.DataFrame = NO_SERIALS) -> list[dict]:
    """Rows of title_fact."""
    with connect() as connection:
        facts.lay(connection, facts.titles(rows))
        facts.gather(connection, pack, AS_OF, way, serials)
        return connection.sql("FROM title_fact ORDER BY bib_no").pl().to_dicts()


@pytest.mark.parametrize(
    ("code", "parts"),
    [("6041", ("6", "0", "41")), ("0093", ("0", "0", "93")), ("", (None,) * 3), ("193", (None,) * 3), ("C604", (None,) * 3),
     ("60411", (None,) * 3), (None, (None,) * 3)],
)  # fmt: skip
def test_only_a_whole_c_code_is_read(pack, code, parts):
    """193 may be 0193 without its zero: a form 9 read from it would refuse a book as a comic."""
    (row,) = told(pack, [{"title": "本", "c_code": code}])
    assert (row["c_target"], row["c_form"], row["c_content"]) == parts


def test_facts_that_are_missing_are_not_false(pack):
    (row,) = told(pack, [{"title": "本"}])
    unknown = {name for name, value in row.items() if value is None}
    assert unknown >= {
        "received_month",
        "years_published",
        "class_shelf_life",
        "word_groups",
        "local_clue",
        "listed",
        "price",
    }
    assert row["serial_held"] is False and row["way"] == "request"


def test_every_fact_of_a_title_is_that_of_the_twin(pack):
    rng = Random(3)
    tables = offers.library(rng)
    rows = offers.titles(rng, tables["bib"], 300)
    serials = pl.DataFrame({"title_key": sorted(naive.serials(naive.World(pack, tables["bib"], tables["item"])))})
    world = naive.World(pack, tables["bib"], tables["item"])
    assert serials.height
    for way in WAYS:
        for given_row, row in zip(rows, told(pack, rows, way, serials), strict=True):
            assert comparable(row) == comparable(naive.facts_of(world, given_row, AS_OF, way)), given_row


def comparable(row: dict) -> dict:
    """Without what the twin does not tell: the words found, which words point to the city, and the order of groups."""
    kept = {name: value for name, value in row.items() if name not in ("bib_no", "found_words")}
    return kept | {"local_clue": row["local_clue"] is None, "word_groups": set((row["word_groups"] or "").split(";"))}


def test_the_records_of_a_snapshot_have_the_same_facts(pack, tmp_path):
    tables = offers.library(Random(4))
    world = naive.World(pack, tables["bib"], tables["item"])
    with connect(write_snapshot(tmp_path / "library.duckdb", tables)) as connection:
        facts.gather(connection, pack, AS_OF, "selection", NO_SERIALS)
        found = connection.sql("FROM title_fact ORDER BY bib_no").pl().to_dicts()
    for bib, row in zip(tables["bib"], found, strict=True):
        twin = naive.facts_of(world, bib, AS_OF, "selection") | {"serial_held": False}
        assert comparable(row) == comparable(twin)


def weighed(pack, rows: list[dict], way: str = "request"):
    with connect() as connection:
        facts.lay(connection, facts.titles(rows))
        facts.gather(connection, pack, AS_OF, way, NO_SERIALS)
        return weigh(connection, pack, way)


def test_signs_are_told_with_their_strength_and_the_words_of_their_own_groups(pack):
    found = weighed(pack, [{"title": "奇跡が治る計算ドリル", "c_code": "6041"}, {"title": "ふつうの本"}])
    assert found.found.filter(pl.col("rule").is_in(["ln-9-1-1", "cc-2-2"])).select("bib_no", "rule", "place", "strong", "words").rows() == [
        (0, "cc-2-2", 0, False, "奇跡・治る"), (0, "ln-9-1-1", 0, True, None), (0, "ln-9-1-1", 1, False, "ドリル"),
    ]  # fmt: skip
    assert found.outcomes.select("ln-9-1-1", "cc-2-2").rows() == [(APPLIES, DOUBT), (0, 0)]


def test_what_cannot_be_told_is_named(pack):
    unseen = weighed(pack, [{"title": "本", "ndc": "913.6", "audience": "child"}]).unseen.filter(rule="ln-9-1-1")
    assert unseen["place"].to_list() == [0, 3]  # neither C-code nor price


def test_each_way_has_its_own_rules(pack):
    request, gift = (weighed(pack, [{"title": "本"}], way).outcomes.columns for way in ("request", "gift"))
    assert {"ln-9-1-1", "ln-8-1"} <= set(request) - set(gift)
    assert set(gift) - set(request) == {"cc-2-3"}


def test_signs_say_what_the_twin_says(pack):
    rng = Random(6)
    tables = offers.library(rng)
    rows = offers.titles(rng, tables["bib"], 200)
    world = naive.World(pack, [], [])
    for way in ("request", "gift"):
        found = weighed(pack, rows, way)
        signs = naive.signs_of(pack, way)
        for given_row, row in zip(rows, found.outcomes.iter_rows(named=True), strict=True):
            there = naive.facts_of(world, given_row, AS_OF, way)
            for rule, trees in signs.items():
                said = naive.outcome(trees, there, pack.parameters[TOGETHER])
                assert {APPLIES: "applies", DOUBT: "doubt"}.get(row[rule]) == said


def test_no_title_at_all(pack):
    found = weighed(pack, [])
    assert found.outcomes.is_empty() and found.found.is_empty() and found.unseen.is_empty()


def test_serials_are_those_that_are_held(tmp_path):
    tables = offers.library(Random(2))
    world = naive.World(None, tables["bib"], tables["item"])
    with connect(attach={"facts_of_day": write_snapshot(tmp_path / "library.duckdb", tables)}) as connection:
        found = connection.sql(sql("queries/selection_serials")).pl()["title_key"].to_list()
    assert sorted(found) == sorted(naive.serials(world)) != []

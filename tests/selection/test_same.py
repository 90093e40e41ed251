"""Which titles on offer are the same: against a naive twin, and case by case."""

from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection.selection import check, same
from tests.selection import naive_check as naive
from tests.selection import offers

COLUMNS = ("title", "author", "volume", "edition", "isbn")


def paired(*titles: dict) -> list[tuple[int, int]]:
    return same.pairs(check.offered(list(titles))).rows()


def naive_pairs(titles: list[dict]) -> list[tuple[int, int]]:
    return [
        (later, earlier)
        for later, one in enumerate(titles)
        for earlier, other in enumerate(titles[:later])
        if naive.same(other, one)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_titles_are_the_same_as_for_the_twin(seed):
    rng = Random(seed)
    titles = offers.titles(rng, offers.library(rng)["bib"], 120)
    found = paired(*titles)
    assert found == naive_pairs(titles)
    assert len(found) > 20


def of(values):
    return st.one_of(st.none(), st.sampled_from(values))


TITLE = st.fixed_dictionaries(
    {
        "title": of(["本", "本 ", "ほん", "・", ""]), "author": of(["山田", "山田太郎;森", "山田次郎", ""]),
        "volume": of(["1", "１", "2"]), "edition": of(["第2版", "第２版", ""]), "isbn": of(["9784000000017", "9784000000024"]),
    }
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(TITLE, max_size=6))
def test_any_titles_are_the_same_as_for_the_twin(titles):
    assert paired(*titles) == naive_pairs(titles)


BOOK = {"title": "海の本", "author": "山田太郎"}
CASES = {
    "written otherwise": (BOOK, {"title": "海の「本」", "author": "山田　太郎"}, True),
    "the isbn decides": (BOOK | {"isbn": "9784000000017"}, {"title": "別の題", "isbn": "9784000000017"}, True),
    "two isbns": (BOOK | {"isbn": "9784000000017"}, BOOK | {"isbn": "9784000000024"}, False),
    "one isbn": (BOOK | {"isbn": "9784000000017"}, BOOK, True),
    "another volume": (BOOK | {"volume": "1"}, BOOK | {"volume": "2"}, False),
    "a volume and none": (BOOK | {"volume": "1"}, BOOK, False),
    "another edition": (BOOK | {"edition": "第2版"}, BOOK, False),
    "no author named": (BOOK, {"title": "海の本"}, True),
    "only the family name": (BOOK, {"title": "海の本", "author": "山田"}, True),
    "another author": (BOOK, {"title": "海の本", "author": "森一"}, False),
    "more authors": (BOOK, {"title": "海の本", "author": "山田太郎;森一"}, True),
    "no letters": ({"title": "・"}, {"title": "（）"}, False),
    "nothing": ({}, {}, False),
}


@pytest.mark.parametrize("name", CASES)
def test_two_titles(name):
    one, other, alike = CASES[name]
    assert paired(one, other) == paired(other, one) == ([(1, 0)] if alike else [])


def test_earlier_means_before_in_the_frame_whatever_the_numbers():
    frame = check.offered([BOOK, BOOK, BOOK]).with_columns(row=pl.Series([7, 3, 5]))
    assert same.pairs(frame).rows() == [(3, 7), (5, 7), (5, 3)]


@pytest.mark.parametrize(
    ("title", "nothing"),
    [("本", False), ("", True), ("（・）", True), ("　", True), (None, True), ("C++", False), ("!", True)],
)
def test_a_title_without_letters_says_nothing(title, nothing):
    frame = pl.DataFrame({"title": [title]}, schema={"title": pl.String})
    assert frame.select(said=same.says_nothing(pl.col("title")))["said"].to_list() == [nothing]


@settings(max_examples=200, deadline=None)
@given(links=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7))), standing=st.sets(st.integers(0, 7)))
def test_each_is_joined_to_the_first_that_stands_and_is_not_joined_itself(links, standing):
    pairs = sorted((later, earlier) for later, earlier in links if earlier < later)
    expected: dict[int, int] = {}
    for later in range(8):
        for earlier in range(later):
            if (later, earlier) in pairs and earlier in standing and earlier not in expected:
                expected.setdefault(later, earlier)
    frame = pl.DataFrame(pairs, schema={"row": pl.Int64, "earlier": pl.Int64}, orient="row")
    assert same.first_standing(frame, standing) == expected

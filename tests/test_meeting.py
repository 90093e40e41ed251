"""The papers of the committee: what they say, and that nothing was left out of them."""

import io
import re

import polars as pl
import pypdf
import pytest

from collection import agenda, candidates, committee, fairness, meeting, words
from collection.candidates import Filter
from collection.words import Problem
from tests import committee_store as people
from tests.committee_store import LIBRARIAN, MANAGER, MEMBERS, POLICY


@pytest.fixture(scope="module")
def store(flagged, cursor, tmp_path_factory):
    """A closed list of the candidates of 第2号 at the largest branch in class 9, one vote divided."""
    store = people.copy(flagged, tmp_path_factory.mktemp("meeting"))
    chosen = Filter(criterion=("8-2-2",), shelf_class=("9",), branch=("中央図書館",))
    list_no = people.drafted(store, cursor, flagged, chosen, source="candidates", title="9類 第1回")
    committee.submit(store, LIBRARIAN, list_no)
    items = agenda.entries(store, list_no)["item_id"].to_list()
    for member in MEMBERS[:2]:
        committee.vote(store, member, list_no, {item: ("withdraw", "") for item in items})
    committee.vote(store, MEMBERS[2], list_no, {items[0]: ("keep", "類書がない")})
    committee.close(store, MANAGER, list_no, MEMBERS)
    fairness.answer(store, LIBRARIAN, list_no, fairness.unanswered(cursor, store, list_no), "9類をまとめて見直した")
    return store


@pytest.fixture
def list_no(store):
    return agenda.every(store)[0].list_no


def text(pdf: bytes) -> str:
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert all(f"{n} / {len(pages)}" in page for n, page in enumerate(pages, start=1))
    return re.sub(r"\s", "", "".join(pages))


def test_the_pack_tells_how_the_list_was_made_and_all_of_it(store, cursor, list_no):
    told = text(meeting.pack(cursor, store, POLICY, list_no))
    entries = agenda.entries(store, list_no)
    for said in (
        "この一覧のつくり方",
        "超幾何分布",
        "偏りの検査",
        "均衡の検査",
        "提案されていない資料",
        "委員1、委員2",
    ):
        assert said in told
    for row in entries.iter_rows(named=True):
        assert re.sub(r"\s", "", row["title"]) in told and row["survivor_item_id"] in told


def test_the_minutes_tell_who_voted_and_what_was_divided(store, cursor, list_no):
    told = text(meeting.minutes(cursor, store, POLICY, list_no))
    for said in ("委員4人のうち3人が投票", "投票しなかった委員委員4", "類書がない", "9類をまとめて見直した"):
        assert said in told


def test_there_are_no_minutes_before_the_vote_is_closed(flagged, cursor, tmp_path):
    store = people.copy(flagged, tmp_path)
    list_no = people.drafted(store, cursor, flagged, Filter(shelf_class=("4",)), source="candidates")
    with pytest.raises(Problem, match="作成中"):
        meeting.minutes(cursor, store, POLICY, list_no)


def test_both_documents_speak_english(store, cursor, list_no):
    token = words.language.set("en")
    try:
        assert "Howthislistwasmade" in text(meeting.pack(cursor, store, POLICY, list_no))
        assert "3of4membersvoted" in text(meeting.minutes(cursor, store, POLICY, list_no))
    finally:
        words.language.reset(token)


def test_what_was_not_proposed_is_the_rest_of_the_same_criteria(store, cursor, list_no):
    found = meeting.not_proposed(cursor, store, list_no)
    every = candidates.whole(cursor, POLICY, Filter(criterion=("8-2-2",), branch=("中央図書館",)))
    expected = set(every[every.columns[0]])
    expected -= set(agenda.entries(store, list_no)["item_id"])
    assert set(found["item_id"]) == expected and len(found) == len(expected)
    counts = meeting.counted(found)
    assert counts["total"].sum() == len(found)
    naive = {mark: int((found["shelf_class"] == mark).sum()) for mark in counts.columns[2:-1]}
    assert {mark: counts[mark].sum() for mark in naive} == naive


def test_nothing_left_is_counted_as_nothing(store, cursor, list_no):
    assert meeting.counted(meeting.not_proposed(cursor, store, list_no).clear()).is_empty()


def test_the_sheet_has_a_row_for_each_item_with_its_votes(store, list_no):
    found = meeting.sheet(store, list_no)
    assert len(found) == len(agenda.entries(store, list_no))
    assert found["結果"].to_list()[0] == "除籍" and set(found["受け持つ委員"].str.count_matches("、")) == {1}
    assert found.select(pl.col("除籍", "残す", "保留")).row(0) == (2, 1, 0)


def test_dissent_is_kept(store, list_no):
    told = meeting.dissent(meeting.results(store, list_no), agenda.votes(store, list_no))
    assert told.select("name", "choice", "comment").rows() == [
        (member.name, choice, comment)
        for member, choice, comment in zip(
            MEMBERS, ("withdraw", "withdraw", "keep"), ("", "", "類書がない"), strict=False
        )
    ]

"""The reply says what becomes of the request, by which clause, and what can be done instead, politely and to nobody by name."""

import re

import pytest

from collection import words
from collection.policy.model import VERDICTS
from collection.requests import checking, replies

BOOK = ("title", "author", "publisher", "isbn")
KANA = re.compile("[ぁ-んァ-ヶ]")


@pytest.fixture(params=words.LANGUAGES)
def language(request):
    token = words.language.set(request.param)
    yield request.param
    words.language.reset(token)


def known(found, wordings=None) -> dict:
    return checking.evidence(found, [0], wordings or {})[0]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_reply(language, verdict):
    said = {
        "rule": None,
        "holding": "A",
        "other": "B",
        "copies": 1,
        "kind": "same",
        "holds": 2,
        "branches": "X 1",
        "verdict": verdict,
    }
    text = replies.reply({"title": "THE BOOK"}, said, verdict)
    assert "THE BOOK" in text and "{" not in text
    if language == "en":
        assert not KANA.search(text)
    else:
        assert re.search("(ます|ません|ください|ございます)。", text)


def test_a_refusal_quotes_the_clause_and_tells_what_to_do_instead(ask, language):
    found = ask({"title": "大学受験 数学", "c_code": "7041"})
    text = replies.reply(found.asked.row(0, named=True), known(found), "refuse")
    assert found.row(0)["article"] in text
    assert words.say("requests.reply_interlibrary") in text and words.say("requests.reply_ndl") in text
    official = known(found, {("lending", "9-1-1"): "要綱のことばそのもの。"})
    assert "要綱のことばそのもの" in replies.reply(found.asked.row(0, named=True), official, "refuse")


def test_an_override_says_what_was_decided_and_not_the_refusal(ask):
    found = ask({"title": "大学受験 数学", "c_code": "7041"})
    text = replies.reply(found.asked.row(0, named=True), known(found), "accept")
    assert "お受けしました" in text and "第9条" not in text


def test_a_holding_is_told_with_its_branches(ask, library):
    book = library[1][1]
    found = ask({name: book[name] for name in BOOK})
    text = replies.reply(found.asked.row(0, named=True), known(found), "held")
    assert "中央図書館 1、北口図書館 1" in text and "予約" in text
    other = ask({name: book[name] for name in BOOK if name != "isbn"} | {"edition": "第9版", "pub_year": 2025})
    text = replies.reply(other.asked.row(0, named=True), known(other), "held")
    assert "版はありません" in text and book["title"] in text


def test_what_has_no_title_is_named_by_its_isbn(ask):
    found = ask({"isbn": "9784900999992"})
    assert "9784900999992" in replies.reply(found.asked.row(0, named=True), known(found), "accept")


def test_no_person_is_in_a_reply_or_in_what_is_kept(ask):
    found = ask({"title": "ヌレソカワを歩く", "author": "布目渚"}, person="利用者-1")
    kept = known(found)
    assert "利用者-1" not in str(kept) and found.asked["token"][0] not in str(kept)

"""リクエスト on screen: checked with the verdict and its clause, taken, overridden for a reason, ended; files; both languages."""

import pytest

from collection import policy, words
from collection.policy import attach
from collection.requests import checking, standing, taking, tokens
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect
from tests import requests_file, small_store
from tests.hostile_store import HOSTILE
from tests.pages.conftest import assert_right, texts

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian", "manager"}))
PACK = policy.load(small_store.PACK, requests_file.AS_OF)
NEW = {"title": "ヌレソカワを歩く", "author": "布目渚", "price": 1800}
STUDY = {"title": "ヌレソカワ数学", "c_code": "7041"}


@pytest.fixture
def store(flagged, tmp_path):
    """A store of the test's own, its snapshot and the index of titles those of the small library."""
    (tmp_path / "holdings").symlink_to(flagged.parent)
    return tmp_path


@pytest.fixture(scope="module")
def book(flagged) -> dict:
    """A book that is held, told apart by its title and author."""
    with connect(flagged.with_name(flagged.name.split(".")[0] + ".duckdb"), read_only=True) as connection:
        query = "SELECT title, author, bib_id FROM bib WHERE material = 'book' AND edition IS NULL AND volume IS NULL AND isbn IS NOT NULL AND length(title) > 9 ORDER BY bib_no LIMIT 1"
        return connection.sql(query).pl().row(0, named=True)


def begin(app, line: str):
    return app.text_input(key="req_line").set_value(line).run()


def fill(app, **said):
    for field, text in said.items():
        app.text_input(key=f"req_{field}").set_value(text)
    return app.button(key="req_check").click().run()


def taken(store, *titles: dict, person: str | None = None) -> list[str]:
    token = tokens.hasher(store)(person)
    found = checking.answer(
        store,
        snapshots.newest(store),
        PACK,
        checking.asked([{"token": token, **title} for title in titles]),
        requests_file.AS_OF,
    )
    return list(taking.take(store, LIBRARIAN, found, list(range(len(titles)))).values())


def state(store, number):
    return standing.one(store, number).state


# ── one request


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_screen_says_how_to_begin(open_page, store, lang):
    app = open_page("requests", lang, store=store)
    assert [box.value for box in app.info] == [words.say("requests.ready")]
    assert app.text_input(key="req_title").value == ""


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_title_is_judged_and_taken(open_page, store, lang):
    app = begin(open_page("requests", lang, store=store), NEW["title"])
    app = fill(app, author=NEW["author"], price="1,800円", token="A-1")
    assert_right(app)
    said = texts(app)
    assert words.code("taking", "accept") in said and words.say("requests.reply_accept") in app.code[0].value
    assert "0" in [caption.value for caption in app.caption if "20" in caption.value][0]
    app.button(key="req_take").click().run()
    assert_right(app)
    [number] = standing.listed(store, standing.OPEN)["number"]
    assert number in app.success[0].value
    assert standing.one(store, number).title | NEW == standing.one(store, number).title
    assert app.text_input(key="req_title").value == app.text_input(key="req_token").value == ""
    assert tokens.known(store) == {number: tokens.hasher(store)("A-1")}
    assert words.say("requests.reply_accept") in app.code[0].value


def test_a_refusal_shows_clause_wording_signs_and_what_to_do_instead(open_page, store, tmp_path):
    file = tmp_path / "texts.csv"
    file.write_text("document,clause,text\nlending,9-1-1,図書館の要綱の言葉。\n", encoding="utf-8")
    attach.attach(store, PACK, file)
    app = fill(begin(open_page("requests", store=store), STUDY["title"]), c_code=f"C{STUDY['c_code']}")
    said = texts(app)
    assert words.code("taking", "refuse") in said and "第9条第1項第1号" in said
    assert "図書館の要綱の言葉" in said and "図書館の要綱の言葉" in app.code[0].value
    assert "Cコードの対象が学参" in said and words.say("requests.strong") in said
    assert words.code("instead", "interlibrary") in said
    app.button(key="req_take").click().run()
    assert standing.counts(store)["refused"] == 1


def test_a_refusal_is_overridden_for_a_reason(open_page, store):
    app = fill(begin(open_page("requests", store=store), STUDY["title"]), c_code=STUDY["c_code"], token="A")
    app.button(key="req_override").click().run()
    app.button(key="req_override_do").click().run()
    assert words.say("requests.no_reason") in texts(app)
    assert standing.counts(store)["refused"] == 0
    app.button(key="req_override").click().run()  # AppTest draws the whole screen anew, and so closes the question
    app.text_area(key="req_why").set_value("授業で使う")
    app.button(key="req_override_do").click().run()
    assert_right(app)
    [number] = standing.listed(store, standing.OPEN)["number"]
    assert [event["kind"] for event in standing.one(store, number).history] == ["take_request", "override"]
    assert list(tokens.known(store)) == [number]


def test_a_holding_is_shown_with_its_copies(open_page, store, book):
    app = fill(begin(open_page("requests", store=store), book["title"]), author=book["author"])
    said = texts(app)
    assert words.code("taking", "held") in said and "図書館" in said
    assert words.say("requests.head_lent") in said and words.say("requests.kind_same") in said
    app.button(key="req_take").click().run()
    assert standing.counts(store)["reserved"] == 1


def test_a_candidate_is_chosen_by_a_person(open_page, store, book):
    app = fill(begin(open_page("requests", store=store), book["title"][:-2]), author=book["author"])
    choices = [button for button in app.button if str(button.key).startswith("req_same_")]
    assert choices
    choices[0].click().run()
    assert_right(app)
    assert words.code("taking", "held") in texts(app)
    app = fill(app, token="A")
    assert words.code("taking", "held") in texts(app)
    app.button(key="req_choose_again").click().run()
    app.button(key="req_none").click().run()
    assert words.say("requests.chosen_none") in texts(app)
    assert words.code("taking", "accept") in texts(app)


def test_both_bar_codes_of_a_book_are_read_one_after_the_other(open_page, store):
    app = begin(begin(open_page("requests", store=store), "9784101010014"), "1920093005005")
    assert app.text_input(key="req_isbn").value == "9784101010014"
    assert (app.text_input(key="req_c_code").value, app.text_input(key="req_price").value) == ("0093", "500")


def test_a_title_that_is_typed_stays_as_it_was_typed(open_page, store):
    app = begin(open_page("requests", store=store), "ヌレソカワのしかけ絵本")
    assert app.text_input(key="req_title").value == "ヌレソカワのしかけ絵本"
    assert words.code("taking", "committee") in texts(app)


def test_the_text_of_a_shop_page_fills_the_details(open_page, store):
    app = open_page("requests", store=store)
    app.text_area(key="req_page").set_value(
        "ヌレソカワ湾の地学\n著者：布目 渚\n出版社：野分社\nISBN：978-4-10-101001-4\n価格：2,420円（本体2,200円）"
    )
    app.button(key="req_paste").click().run()
    assert_right(app)
    assert app.text_input(key="req_title").value == "ヌレソカワ湾の地学"
    assert app.text_input(key="req_price").value == "2200"
    assert words.code("taking", "accept") in texts(app)


def test_what_cannot_be_read_is_said(open_page, store):
    app = fill(begin(open_page("requests", store=store), "本"), isbn="123", pub_year="むかし")
    assert any("ISBN" in caption.value and "出版年" in caption.value for caption in app.caption)


def test_somebody_who_was_quicker_is_noticed(open_page, store):
    app = fill(begin(open_page("requests", store=store), NEW["title"]), author=NEW["author"])
    [number] = taken(store, NEW)
    app.button(key="req_take").click().run()
    assert number in app.warning[0].value
    assert words.code("taking", "duplicate") in texts(app)
    assert standing.counts(store)["accepted"] == 1


@pytest.mark.parametrize("role", ["committee", "manager"])
def test_those_who_do_not_take_requests_only_look(open_page, store, role):
    app = fill(begin(open_page("requests", store=store, role=role), NEW["title"]), author=NEW["author"])
    assert words.code("taking", "accept") in texts(app)
    assert not [button for button in app.button if button.key in ("req_take", "req_committee", "req_override")]


def test_hostile_text_is_shown_as_text(open_page, store):
    app = open_page("requests", store=store)
    for text in HOSTILE:
        app = fill(begin(app, text), title=text[:400], author=text[:200])
        assert_right(app)
        shown = [element.value for element in app.get("html") if "request-verdict" in str(element.value)]
        assert not any("<script" in str(value) or "<img" in str(value) for value in shown)
    app.button(key="req_take").click().run()
    assert_right(open_page("requests", store=store, view="list"))


# ── the list and one of it


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_an_empty_list_says_why(open_page, store, lang):
    app = open_page("requests", lang, store=store, view="list")
    assert [box.value for box in app.info] == [words.say("requests.none_yet")]


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_list_is_narrowed_by_state_and_words(open_page, store, lang):
    first, second, third = taken(store, NEW, STUDY, {"title": "トビナタを読む", "author": "根来環"})
    said = texts(open_page("requests", lang, store=store, view="list"))
    assert first in said and third in said and second not in said
    said = texts(open_page("requests", lang, store=store, view="list", state="refused"))
    assert second in said and first not in said
    said = texts(open_page("requests", lang, store=store, view="list", text="トビナタ"))
    assert third in said and first not in said
    assert open_page("requests", lang, store=store, view="list", text="ありません").info


def test_long_lists_are_turned_in_pages(open_page, store):
    numbers = taken(store, *({"title": f"本{n}の話", "author": f"著者{n}"} for n in range(60)))
    first, second = (texts(open_page("requests", store=store, view="list", page=page)) for page in ("1", "2"))
    assert numbers[-1] in first and numbers[0] not in first
    assert numbers[0] in second and numbers[-1] not in second


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_request_is_opened_with_its_history(open_page, store, lang):
    [number] = taken(store, STUDY)
    app = open_page("requests", lang, store=store, view="list", request=number)
    said = texts(app)
    assert number in app.subheader[0].value and "7041" in said and words.code("action", "take_request") in said
    assert "9-1-1" in said or "第9条第1項第1号" in said
    assert app.code[0].value == standing.one(store, number).details["reply"]
    assert open_page("requests", lang, store=store, view="list", request="R1999-0001").info


def test_a_request_is_cancelled_with_its_ground_and_taken_back(open_page, store):
    [number] = taken(store, NEW)
    app = open_page("requests", store=store, view="list", request=number, role="librarian")
    app.radio(key="req_close_to").set_value("cancelled").run()
    app.button(key="req_close_do").click().run()
    assert words.say("requests.no_reason") in app.warning[0].value
    app.text_input(key="req_close_why").set_value("利用者から申出").run()
    app.button(key="req_close_do").click().run()
    assert_right(app)
    assert state(store, number) == "cancelled"
    assert standing.one(store, number).history[-1]["clause"] == "ln-10-1-1"
    app.button(key="req_undo_do").click().run()
    assert state(store, number) == "accepted"


def test_the_manager_decides_and_the_librarian_does_not(open_page, store):
    [number] = taken(store, {"title": "ヌレソカワのとびだす絵本", "author": "根来環"})
    app = open_page("requests", store=store, view="list", request=number, role="librarian")
    assert "req_decide_do" not in [button.key for button in app.button]
    app = open_page("requests", store=store, view="list", request=number, role="manager")
    assert "req_close_do" not in [button.key for button in app.button]
    app.button(key="req_decide_do").click().run()
    assert_right(app)
    assert state(store, number) == "accepted"


def test_a_refused_request_is_overridden_later(open_page, store):
    [number] = taken(store, STUDY)
    app = open_page("requests", store=store, view="list", request=number)
    app.text_area(key="req_why").set_value("授業で使う").run()
    app.text_input(key="req_token_again").set_value("B").run()
    app.button(key="req_override_again").click().run()
    assert_right(app)
    assert state(store, number) == "accepted" and tokens.known(store) == {number: tokens.hasher(store)("B")}


def test_an_unclear_request_is_completed(open_page, store):
    [number] = taken(store, {"title": "・・・"}, person="A")
    app = open_page("requests", store=store, again=number)
    app = fill(app, title=NEW["title"], author=NEW["author"])
    app.button(key="req_take").click().run()
    assert_right(app)
    assert (state(store, number), standing.one(store, number).title["title"]) == ("accepted", NEW["title"])
    assert list(tokens.known(store)) == [number]


# ── a file


@pytest.fixture
def sent(open_page, store, tmp_path):
    """A file of five requests, sent: one of each kind."""

    def send(lang: str = "ja"):
        rows = [
            {"request_id": "1", "received_on": "2025-03-03", "requester_token": "A", **{name: str(value) for name, value in NEW.items()}},
            {"request_id": "2", "received_on": "2025-03-03", **STUDY},
            {"request_id": "3", "received_on": "2025-03-04", "title": NEW["title"], "author": NEW["author"]},
            {"request_id": "4", "received_on": "", "title": "・"},
            {"request_id": "5", "received_on": "2025-03-04", "title": "ヌレソカワのしかけ絵本", "author": "根来環"},
        ]  # fmt: skip
        content = requests_file.write(tmp_path / "r.csv", rows).read_bytes()
        app = open_page("requests", lang, store=store, view="file")
        app.get("file_uploader")[0].set_value(("r.csv", content, "text/csv")).run()
        assert_right(app)
        return app

    return send


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_file_is_checked_and_taken_as_judged(sent, store, lang):
    app = sent(lang)
    said = texts(app)
    for verdict in ("accept", "refuse", "duplicate", "unclear", "committee"):
        assert words.code("taking", verdict) in said
    assert standing.last_seq(store) == 0
    assert {button.key for button in app.get("download_button")} >= {"req_download_csv", "req_download_xlsx"}
    app.button(key="req_take_all").click().run()
    assert_right(app)
    counts = standing.counts(store)
    assert {name: counts[name] for name in ("accepted", "refused", "joined", "unclear", "to_committee")} == {
        "accepted": 1, "refused": 1, "joined": 1, "unclear": 0, "to_committee": 0,
    }  # fmt: skip
    assert "req_take_all" not in [button.key for button in app.button]
    assert len(tokens.known(store)) == 1
    left = [link.label for link in app.get("page_link")]
    assert any("しかけ" in label for label in left) and len([label for label in left if "—" in label]) == 2


def test_what_was_taken_is_not_checked_again_in_another_language(sent, store):
    app = sent()
    app.button(key="req_take_all").click().run()
    app.query_params = {"lang": "en", "view": "file"}
    app.run()
    assert_right(app)
    said = texts(app)
    assert "Same request open" not in said and "Took 3 requests" in said and "For the committee" in said
    app.button(key="req_again").click().run()
    assert_right(app)
    assert "Weak sign" in texts(app) and "弱い手がかり" not in texts(app)


def test_one_that_is_left_is_taken_by_itself(sent, store):
    app = sent()
    app.query_params = {"lang": "ja", "view": "ask", "row": "4"}
    app.run()
    assert app.text_input(key="req_title").value == "ヌレソカワのしかけ絵本"
    app.button(key="req_take").click().run()
    assert standing.counts(store)["to_committee"] == 1
    app.query_params = {"lang": "ja", "view": "file"}
    app.run()
    assert_right(app)
    app.button(key="req_take_all").click().run()
    assert sum(standing.counts(store).values()) == 4


def test_a_file_that_cannot_be_read_says_so(open_page, store):
    app = open_page("requests", store=store, view="file")
    app.get("file_uploader")[0].set_value(("r.csv", "氏名,書名\nだれか,本\n".encode(), "text/csv")).run()
    assert "氏名" in app.error[0].value and "だれか" not in texts(app)

"""書架モード as a librarian uses it: scan, read, press; the pull list and 不明確認."""

import shutil

import pytest

from collection import ledger, shelf
from collection.ledger import Event, append
from collection.roles import Person
from tests import small_store
from tests.pages.conftest import texts

ALL = Person("all", "佐藤", frozenset({"librarian", "manager"}))


@pytest.fixture
def store(flagged, tmp_path):
    shutil.copytree(flagged.parents[1], tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def candidate(flagged) -> str:
    return small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2' AND holds = 0")[0]


def branch_of(flagged, item: str) -> str:
    return next(
        branch for branch in ("中央図書館", "北部図書館", "鳴尾図書館", "北口図書館")
        if item in small_store.items_of(flagged, f"judged.branch = '{branch}'")
    )  # fmt: skip


def scan(app, number: str):
    app.text_input(key="shelf_scan").set_value(number).run()
    assert not app.exception
    return "\n".join(element.value for element in app.get("html"))


def tags(store) -> dict[str, str]:
    with ledger.reading(store) as connection:
        rows = connection.execute("SELECT subject, state FROM present WHERE aspect = 'tag'")
        return {row["subject"]: row["state"] for row in rows}


def test_it_waits_for_a_scan(open_page, store):
    app = open_page("shelf", store=store, role="librarian")
    assert "読み取りを待っています" in texts(app)
    assert app.selectbox(key="shelf_branch").value == "北口図書館"


@pytest.mark.parametrize("role", ["committee", "manager", "admin", "partner"])
def test_others_do_not_get_in(open_page, store, role):
    app = open_page("shelf", store=store, role=role)
    assert not app.text_input


@pytest.mark.parametrize(("lang", "word"), [("ja", "候補"), ("en", "Candidate")])
def test_a_scan_shows_the_card_and_is_ready_again(open_page, store, candidate, lang, word):
    app = open_page("shelf", lang, store=store, role="librarian")
    said = scan(app, f"A{candidate}A")
    assert candidate in said and word in said
    assert app.text_input(key="shelf_scan").value == ""
    assert [app.button(key=f"shelf_key_{key}").label[0] for key in shelf.KEYS] == ["1", "2", "3", "4"]


def test_a_key_and_enter_tags_what_was_scanned_and_u_takes_it_back(open_page, store, candidate):
    app = open_page("shelf", store=store, role="librarian")
    scan(app, candidate)
    said = scan(app, "1")
    assert "「除籍」を付けました" in said
    assert tags(store) == {candidate: "withdraw"}
    scan(app, "ｕ")
    assert tags(store) == {}
    scan(app, "1")
    assert tags(store) == {candidate: "withdraw"}


def test_a_button_tags(open_page, store, candidate):
    app = open_page("shelf", store=store, role="librarian")
    scan(app, candidate)
    app.button(key="shelf_key_4").click().run()
    if not tags(store):
        app.button(key="shelf_key_1").click().run()
    assert tags(store) == {candidate: "hold"}


def test_what_goes_against_the_advice_asks_why_on_the_same_card(open_page, store, candidate):
    app = open_page("shelf", store=store, role="librarian")
    scan(app, candidate)
    scan(app, "2")
    assert tags(store) == {}
    assert "理由" in texts(app)
    scan(app, "3")
    assert tags(store) == {candidate: "keep"}
    with ledger.reading(store) as connection:
        row = ledger.latest(connection, "tag", [candidate])[candidate]
    assert row["reason"] == "定評のある本" and row["evidence"]


def test_the_reason_can_be_written_or_the_key_given_up(open_page, store, candidate):
    app = open_page("shelf", store=store, role="librarian")
    scan(app, candidate)
    scan(app, "2")
    scan(app, "0")
    assert "shelf_own_why" not in app.session_state or not tags(store)
    scan(app, "2")
    app.text_input(key="shelf_own_why").set_value("展示に使う").run()
    assert tags(store) == {candidate: "keep"}


def test_a_tag_that_a_colleague_gave_meanwhile_is_not_written_over(open_page, store, candidate):
    app = open_page("shelf", store=store, role="librarian")
    scan(app, candidate)
    with ledger.writing(store) as connection:
        append(connection, ALL, [Event("tag", candidate, "hold", item_id=candidate, reason="相談中")])
    said = scan(app, "1")
    assert tags(store) == {candidate: "hold"} and "佐藤" in said
    scan(app, "1")
    assert tags(store) == {candidate: "withdraw"}


def test_every_scan_is_in_the_list_of_the_session(open_page, store, candidate):
    app = open_page("shelf", store=store, role="librarian")
    scan(app, "no-such-number")
    assert "この番号の資料はありません" in texts(app)
    assert "shelf_key_1" not in [button.key for button in app.button]
    scan(app, "1")
    scan(app, candidate)
    said = scan(app, "1")
    assert said.index(candidate, said.index("時刻")) < said.index("NO-SUCH-NUMBER".lower(), said.index("時刻"))
    assert "この作業で読み取った資料 2件" in texts(app)
    assert len(app.get("download_button")) == 2


def test_hostile_text_is_shown_as_it_is(open_page, store):
    app = open_page("shelf", store=store, role="librarian")
    said = scan(app, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in said and "&lt;script&gt;alert(1)" in said


def test_a_pull_list_is_walked_to_its_end(open_page, store, flagged):
    app = open_page("shelf", store=store, role="librarian", pull="filter", criterion="8-2-2", branch="中央図書館")
    assert app.query_params["since"] == "0"
    items = app.session_state["shelf_pull"][1]
    said = scan(app, items[0])
    assert "見つかったと記しました" in said
    [miss] = [button for button in app.button if button.key == "shelf_miss"]
    miss.click().run()
    assert not app.exception
    with ledger.reading(store) as connection:
        states = dict(map(tuple, connection.execute("SELECT subject, state FROM present WHERE aspect = 'shelf'")))
    assert states[items[0]] == "found" and set(states.values()) == {"found", "missed"}
    lost = next(item for item, state in states.items() if state == "missed")
    again = open_page("shelf", store=store, role="librarian")
    assert "不明確認の資料です" in scan(again, lost)
    missed = open_page("shelf", store=store, role="librarian", view="missed")
    assert lost not in texts(missed) and "山田" in texts(missed)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_printed_pull_list_has_a_box_for_every_item(open_page, store, lang):
    app = open_page(
        "shelf",
        lang,
        store=store,
        role="librarian",
        pull="filter",
        criterion="8-2-2",
        branch="北部図書館",
        **{"print": "1"},
    )
    assert texts(app).count("□") == len(app.session_state["shelf_pull"][1])
    assert not app.text_input


def test_a_broken_address_still_opens(open_page, store):
    for query in ({"pull": "x"}, {"pull": "list", "of": "2099-999", "since": "9" * 30}, {"pull": "tag", "of": "'; --"}):
        assert not open_page("shelf", store=store, role="librarian", **query).exception


def test_an_empty_list_of_what_is_missing_says_so(open_page, store):
    app = open_page("shelf", store=store, role="librarian", view="missed")
    assert "棚になかった資料はありません" in texts(app)


def test_what_is_no_candidate_asks_for_the_criterion_and_the_reason(open_page, store, flagged):
    item = small_store.items_of(flagged, "verdict IS NULL AND status = 'available' AND holds = 0")[0]
    app = open_page("shelf", store=store, role="librarian")
    scan(app, item)
    scan(app, "1")
    assert "どの号にあたりますか" in texts(app)
    scan(app, "1")
    assert "理由を選ぶか" in texts(app) and tags(store) == {}
    scan(app, "1")
    with ledger.reading(store) as connection:
        row = ledger.latest(connection, "tag", [item])[item]
    assert (row["state"], row["clause"], row["reason"]) == ("withdraw", "8-2-1", "汚れ・傷みがひどい")


def test_an_item_on_a_list_is_left_alone(open_page, store, candidate):
    with ledger.writing(store) as connection:
        append(
            connection,
            ALL,
            [Event("draft", "L", list_no="L"), Event("enter", candidate, item_id=candidate, list_no="L")],
        )
    app = open_page("shelf", store=store, role="librarian")
    assert "議案 L に載っています" in scan(app, candidate)
    assert "shelf_key_1" not in [button.key for button in app.button]
    scan(app, "1")
    assert tags(store) == {}

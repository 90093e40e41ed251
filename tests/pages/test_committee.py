"""The committee screen: from the draft to the closed vote, by the people who may do each part."""

import pytest

from collection import accounts, agenda, committee, fairness
from collection.candidates import Filter
from tests import committee_store as people
from tests.committee_store import LIBRARIAN, MANAGER, MEMBERS
from tests.pages.conftest import signed_in, texts
from tests.small_store import items_of


@pytest.fixture
def store(flagged, tmp_path):
    store = people.copy(flagged, tmp_path)
    for member in MEMBERS:
        signed_in(store, member)
    return store


@pytest.fixture
def tagged(store, cursor, flagged):
    items = items_of(flagged, "verdict = 'candidate'")[:12]
    people.tag(store, cursor, items)
    return items


@pytest.fixture
def drafted(store, cursor, flagged, tagged):
    return people.drafted(store, cursor, flagged)


def labels(app) -> list[str]:
    return [button.label for button in app.button]


def test_empty_says_what_comes_next(open_page, store):
    app = open_page("committee", store=store, person=MANAGER)
    assert "議案はまだありません" in texts(app)
    assert not app.expander


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_librarian_drafts_and_submits(open_page, store, tagged, lang):
    app = open_page("committee", lang, store=store, person=LIBRARIAN)
    app.text_input(key="draft_title").set_value("第1回").run()
    app.button(key="draft_make").click().run()
    [made] = agenda.every(store)
    assert made.items == 12 and [member["id"] for member in made.members] == [member.id for member in MEMBERS]
    app = open_page("committee", lang, store=store, person=LIBRARIAN, list=made.list_no)
    app.button(key="list_submit").click().run()
    assert agenda.one(store, made.list_no).state == "in_review"
    assert not app.error


def test_what_cannot_be_drafted_says_why(open_page, store):
    app = open_page("committee", store=store, person=LIBRARIAN)
    assert "載せられる資料がありません" in texts(app)
    assert app.button(key="draft_make").disabled


def test_without_a_title_nothing_is_drafted(open_page, store, tagged):
    app = open_page("committee", store=store, person=LIBRARIAN)
    app.button(key="draft_make").click().run()
    assert "題名" in app.error[0].value and agenda.every(store) == []


def test_a_filter_of_the_address_becomes_a_list(open_page, store, flagged):
    app = open_page("committee", store=store, person=LIBRARIAN, new="1", criterion="8-2-2", branch="中央図書館")
    app.text_input(key="draft_title").set_value("中央").run()
    app.button(key="draft_make").click().run()
    [made] = agenda.every(store)
    expected = items_of(flagged, "criterion = '8-2-2' AND verdict = 'candidate' AND judged.branch = '中央図書館'")
    assert sorted(agenda.entries(store, made.list_no)["item_id"]) == sorted(expected)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_member_votes_on_the_share_and_the_manager_closes(open_page, store, drafted, lang):
    committee.submit(store, LIBRARIAN, drafted)
    for member in MEMBERS[:2]:
        app = open_page("committee", lang, store=store, person=member, list=drafted)
        assert len(app.dataframe[0].value) == 6
        app.button(key="rest_cast").click().run()
        assert not app.error
    assert len(agenda.votes(store, drafted)) == 12
    app = open_page("committee", lang, store=store, person=MANAGER, list=drafted)
    app.button(key="list_close").click().run()
    assert agenda.one(store, drafted).closing["counts"] == {"withdraw": 3, "keep": 0, "hold": 9}
    assert not app.error


def test_without_a_quorum_the_manager_waits(open_page, store, drafted):
    committee.submit(store, LIBRARIAN, drafted)
    app = open_page("committee", store=store, person=MANAGER, list=drafted)
    assert app.button(key="list_close").disabled and "あと2人" in texts(app)


def test_each_sees_only_what_he_may_do(open_page, store, drafted):
    for who in (MEMBERS[0], MANAGER):
        app = open_page("committee", store=store, person=who, list=drafted)
        assert not {"委員会に出す", "取り下げる"} & set(labels(app))
    committee.submit(store, LIBRARIAN, drafted)
    app = open_page("committee", store=store, person=LIBRARIAN, list=drafted)
    assert not any("議決する" in label or "投票する" in label for label in labels(app))
    for role in ("admin", "partner"):
        app = open_page("committee", store=store, role=role, list=drafted)
        assert "議案" not in texts(app)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("part", ["fairness", "balance", "rest", "items"])
def test_every_part_opens(open_page, store, drafted, part, lang):
    committee.submit(store, LIBRARIAN, drafted)
    app = open_page("committee", lang, store=store, person=LIBRARIAN, list=drafted, part=part)
    assert len(texts(app)) > 300 or app.dataframe


def test_concentrations_are_answered(open_page, store, cursor, flagged):
    list_no = people.drafted(store, cursor, flagged, Filter(shelf_class=("9",)), source="candidates")
    committee.submit(store, LIBRARIAN, list_no)
    waiting = fairness.unanswered(cursor, store, list_no)
    assert waiting
    app = open_page("committee", store=store, person=MANAGER, list=list_no, part="fairness")
    assert "未回答" in texts(app) and not app.text_area
    app = open_page("committee", store=store, person=LIBRARIAN, list=list_no, part="fairness")
    app.multiselect(key=f"answer_for_{len(waiting)}").set_value(waiting).run()
    app.text_area(key="answer_reason").set_value("9類をまとめて見直した <b>").run()
    app.button(key="answer_give").click().run()
    assert fairness.unanswered(cursor, store, list_no) == []
    assert "<b>" not in texts(app)


def test_an_unknown_list_says_so(open_page, store):
    app = open_page("committee", store=store, person=LIBRARIAN, list="1999-001'")
    assert "ありません" in app.error[0].value


def test_members_are_those_with_the_role(store):
    assert {member.id for member in accounts.members(store)} == {member.id for member in MEMBERS}

import json
from datetime import date

import pytest

from collection import ledger, years
from collection.ledger import Event, append
from collection.roles import Person
from tests.pages.conftest import texts

MANAGER = Person("kacho", "佐藤 一郎", frozenset({"manager"}))
LIBRARIAN = Person("yamada", "山田 花子", frozenset({"librarian"}))
TOLD = {"title": "古い<b>健康</b>の本", "author": "著者", "branch": "北口図書館", "article": "資料収集管理要綱 第8条第2項第1号",
        "reason": "破損している", "criterion": "8-2-1", "isbn": "9784000000017", "audience": "general"}  # fmt: skip


@pytest.fixture
def withdrawn(flagged, tmp_path):
    """A store in which two items were approved and one of them discarded; the snapshot knows neither."""
    store = tmp_path / "store"
    store.mkdir()
    (store / "holdings").symlink_to(flagged.parent)
    day = years.first(years.of(date.today()))
    told = json.dumps(TOLD, ensure_ascii=False)
    with ledger.writing(store) as connection:
        approved = [
            Event(
                "approve",
                item,
                "to_discard",
                item_id=item,
                list_no="2026-001",
                clause="8-2-1",
                evidence=told,
                reason="佐藤 一郎が確認",
            )
            for item in ("X1", "X2")
        ]
        append(connection, MANAGER, approved, day)
        append(connection, LIBRARIAN, [Event("discard", "X1", item_id="X1", list_no="2026-001", clause="11-1")], day)
    return store


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("view", ["register", "year", "item", "audit"])
def test_every_view_opens_without_and_with_decisions(open_page, withdrawn, lang, view):
    assert texts(open_page("books", lang, view=view))
    app = open_page("books", lang, store=withdrawn, view=view)
    assert not [error.value for error in app.error]


def test_the_register_shows_what_ended_and_what_is_on_its_way(open_page, withdrawn):
    app = open_page("books", store=withdrawn)
    shown = app.dataframe[0].value
    assert shown["item_id"].tolist() == ["X2", "X1"]
    assert "処理中" in shown["end"][0] and shown["end"][1] == "廃棄"
    narrowed = open_page("books", store=withdrawn, end="discarded").dataframe[0].value
    assert narrowed["item_id"].tolist() == ["X1"]
    assert open_page("books", store=withdrawn, text="ない本").info


def test_from_a_number_or_a_title_to_the_answer(open_page, withdrawn):
    shown = texts(open_page("books", store=withdrawn, view="item", item="X1"))
    assert "第8条第2項第1号" in shown and "破損している" in shown and "山田 花子" in shown
    assert "<b>健康" not in shown
    links = [
        link.label for link in open_page("books", store=withdrawn, view="item", item="9784000000017").get("page_link")
    ]
    assert sum("X1" in label or "X2" in label for label in links) == 2
    assert open_page("books", store=withdrawn, view="item", item="nothing").info


def test_the_year_says_what_does_not_agree(open_page, withdrawn):
    app = open_page("books", store=withdrawn, view="year")
    assert app.warning and "決裁" in texts(app)


@pytest.mark.parametrize(
    ("role", "sees"), [("librarian", False), ("committee", False), ("manager", True), ("admin", True)]
)
def test_audit_and_disclosure_are_for_some(open_page, withdrawn, role, sees):
    app = open_page("books", store=withdrawn, role=role, view="audit")
    assert any("佐藤 一郎" in str(frame.value.to_dict()) for frame in app.dataframe if "seq" in frame.value) == sees
    assert bool(open_page("books", store=withdrawn, role=role).toggle) == sees


def test_the_disclosure_is_given_after_reading(open_page, withdrawn):
    app = open_page("books", store=withdrawn, role="manager", view="item", item="X1")
    app.toggle[0].set_value(True).run()
    free = app.dataframe[0].value
    assert "佐藤" not in str(free) and "■■" in str(free)
    before = len(app.get("download_button"))
    app.checkbox[0].check().run()
    assert len(app.get("download_button")) == before + 1


def test_a_partner_may_not_open_the_books(open_page, withdrawn):
    app = open_page("books", store=withdrawn, role="partner")
    assert not app.dataframe and "除籍簿" not in texts(app)


def test_the_audit_is_narrowed_by_the_address(open_page, withdrawn):
    app = open_page("books", store=withdrawn, role="manager", view="audit", kind="discard")
    assert app.dataframe[0].value["item_id"].tolist() == ["X1"]
    assert app.success

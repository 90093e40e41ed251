"""Tagging on 除籍候補: the bar, the question before a tag, two people, undo, the filter by tag, saved views, 経緯."""

import pytest

from collection import candidates, decisions, ledger, views
from collection.ledger import Event
from collection.roles import Person
from tests import small_store
from tests.pages.conftest import texts

YAMADA = Person("yamada", "山田", frozenset({"librarian"}), "北口図書館")
SATO = Person("sato", "佐藤", frozenset({"librarian"}))


@pytest.fixture
def store(flagged, tmp_path):
    (tmp_path / "holdings").symlink_to(flagged.parent)
    return tmp_path


@pytest.fixture
def items(flagged) -> list[str]:
    return small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")


def write(store, *events: Event, person: Person = SATO) -> None:
    everything = Person(person.id, person.name, frozenset({"librarian", "manager"}))
    with ledger.writing(store) as connection:
        ledger.append(connection, everything, list(events))


def tags(store) -> dict[str, tuple[str, str]]:
    return {row["item_id"]: (row["tag"], row["tag_name"]) for row in decisions.decided(store).items.to_dicts()}


def press(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def test_the_open_item_is_tagged_shown_and_undone(open_page, store, items):
    app = open_page("candidates", store=store, person=YAMADA, item=items[0])
    assert app.button(key="tag_withdraw").proto.shortcut == "1"
    press(app, "tag_withdraw")
    assert tags(store) == {items[0]: ("withdraw", "山田")}
    assert "1冊に「除籍」を付けました。" in texts(app)
    assert list(app.dataframe[0].value["tag"]).count("✕ 除籍 山田") == 1
    assert "印「除籍」 山田" in texts(app)
    press(app, "tag_undo")
    assert tags(store) == {}
    assert not [button for button in app.button if button.key == "tag_undo"]


def test_nothing_can_be_tagged_before_something_is_chosen(open_page, store):
    app = open_page("candidates", store=store, person=YAMADA)
    assert all(button.disabled for button in app.button if button.key in ("tag_keep", "tag_off", "tag_withdraw"))


def test_keeping_asks_for_the_reason(open_page, store, items):
    app = press(open_page("candidates", store=store, person=YAMADA, item=items[0]), "tag_keep")
    assert app.button(key="ask_do").disabled
    app.text_input(key="ask_reason").set_value("読書会で使う").run()
    press(app, "ask_do")
    assert tags(store) == {items[0]: ("keep", "山田")}
    assert "読書会で使う" in texts(open_page("card", store=store, person=SATO, item=items[0]))


def test_somebody_elses_tag_is_changed_only_when_that_is_answered(open_page, store, items):
    write(store, Event("tag", items[0], "keep", item_id=items[0], reason="要る"))
    app = press(open_page("candidates", store=store, person=YAMADA, item=items[0]), "tag_hold")
    assert tags(store) == {items[0]: ("keep", "佐藤")}
    assert app.button(key="ask_do").disabled
    assert any("佐藤" in html.value for html in app.get("html"))
    app.radio(key="ask_others").set_value(False).run()
    assert app.button(key="ask_do").disabled
    app.radio(key="ask_others").set_value(True).run()
    press(app, "ask_do")
    assert tags(store) == {items[0]: ("hold", "山田")}
    press(app, "tag_off")
    assert tags(store) == {}


def test_taking_off_somebody_elses_tag_asks_first(open_page, store, items):
    write(store, Event("tag", items[0], "hold", item_id=items[0]))
    app = press(open_page("candidates", store=store, person=YAMADA, item=items[0]), "tag_off")
    assert tags(store) == {items[0]: ("hold", "佐藤")}
    press(app, "ask_do")
    assert tags(store) == {}


def test_what_is_on_a_list_says_so(open_page, store, items):
    write(
        store,
        Event("draft", "2026-001", list_no="2026-001"),
        Event("enter", items[0], item_id=items[0], list_no="2026-001"),
    )
    app = press(open_page("candidates", store=store, person=YAMADA, item=items[0]), "tag_hold")
    assert "議案 2026-001 に載っています" in texts(app)
    assert "議案 2026-001" in list(app.dataframe[0].value["tag"])


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_everything_in_the_filter_is_tagged_after_a_preview(open_page, store, items, lang):
    write(store, Event("tag", items[0], "keep", item_id=items[0], reason="要る"))
    app = press(open_page("candidates", lang, store=store, person=YAMADA, criterion="8-2-2"), "tag_all")
    [choice] = [group for group in app.get("button_group") if group.key == "ask_tag"]
    choice.set_value("withdraw").run()
    shown = texts(app)
    assert f"{len(items):,}" in shown
    assert f"{len(items) * 25 / 1000:,.1f} m" in shown
    app.radio(key="ask_others").set_value(False).run()
    press(app, "ask_do")
    assert set(tags(store).values()) == {("keep", "佐藤"), ("withdraw", "山田")}
    assert len(tags(store)) == len(items)


def test_without_a_criterion_it_is_asked_for(open_page, store, flagged):
    [item, *_] = small_store.items_of(flagged, "verdict IS NULL")
    app = press(open_page("candidates", store=store, person=YAMADA, verdict="all", item=item), "tag_withdraw")
    assert app.button(key="ask_do").disabled
    app.selectbox(key="ask_clause").set_value("8-2-1").run()
    app.text_input(key="ask_reason").set_value("水ぬれ").run()
    press(app, "ask_do")
    assert tags(store) == {item: ("withdraw", "山田")}


def test_who_may_not_tag_has_no_bar(open_page, store):
    app = open_page("candidates", store=store, role="committee")
    assert not [button for button in app.button if button.key and button.key.startswith("tag_")]


def test_the_list_leaves_out_what_is_on_the_road_until_asked(open_page, store, items):
    write(
        store,
        Event("tag", items[0], "withdraw", item_id=items[0]),
        Event("approve", items[1], "to_offer", item_id=items[1]),
    )
    where = {"store": store, "person": YAMADA, "criterion": "8-2-2"}
    assert len(open_page("candidates", **where).dataframe[0].value) == min(len(items) - 1, candidates.ROWS)
    assert list(open_page("candidates", tag="withdraw", **where).dataframe[0].value["tag"]) == ["✕ 除籍 佐藤"]
    assert len(open_page("candidates", tag="road", **where).dataframe[0].value) == 1
    app = open_page("candidates", by="sato", **where)
    assert len(app.dataframe[0].value) == 1
    assert "sato" in texts(app)
    press(app, "clear_by")
    assert "by" not in app.query_params


def test_a_filter_is_saved_and_removed(open_page, store):
    app = open_page("candidates", store=store, person=YAMADA, criterion="8-2-2", branch="中央図書館")
    app.text_input(key="view_ask").set_value("中央の*第2号*").run()
    press(app, "view_save")
    [view] = views.all(store, YAMADA)
    assert (view.name, view.query) == ("中央の*第2号*", {"branch": ["中央図書館"], "criterion": ["8-2-2"]})
    assert "中央の\\*第2号\\*" in texts(app)
    press(app, "remove_view_False_中央の*第2号*")
    assert views.all(store, YAMADA) == []
    press(app, "view_save")
    assert [view.name for view in views.all(store, YAMADA)] == ["中央の*第2号*"]


def test_the_card_tells_what_was_decided(open_page, store, items):
    name = "<script>alert(1)</script>"
    write(
        store,
        Event("tag", items[0], "keep", item_id=items[0], reason=name, clause="8-2-2", details={"until": "2030-03-31"}),
    )
    write(store, Event("untag", items[0], item_id=items[0]))
    write(store, Event("tag", items[0], "branch", item_id=items[0], details={"to": "北口図書館", "against": True}))
    shown = texts(open_page("card", store=store, person=YAMADA, item=items[0]))
    assert "経緯" in shown
    assert "2030-03-31 まで" in shown
    assert "→ 北口図書館" in shown
    assert name not in shown
    assert "&lt;script&gt;" in shown
    assert "この資料に印を付ける" in shown

"""行先 and 決裁 on the screen: each stage's next step, the way back, and who may."""

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import pytest

from collection import offers, road, words
from collection.pages import road_steps
from collection.store.connection import connect_flags
from tests import small_store
from tests.pages.conftest import texts
from tests.road_store import LIBRARIAN, NURSERY, POLICY, SCHOOL, on_road, present, resolved

STAGES = ("to_offer", "offered", "assigned", "to_give", "in_lot", "to_discard", "to_strike", "done")


@pytest.fixture
def store(flagged, tmp_path) -> Path:
    shutil.copytree(flagged.parent, tmp_path / "holdings")
    return tmp_path


def press(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception and not app.error, [error.value for error in app.error]
    return app


def waiting(flagged, store: Path, state: str, n: int = 3) -> list[str]:
    items = small_store.items_of(flagged, "verdict = 'candidate' AND judged.branch = '北口図書館'")[:n]
    on_road(store, items, state)
    return items


def test_nothing_approved_says_what_comes_first(open_page, store):
    assert "課長が決裁すると" in open_page("road", store=store).info[0].value


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_empty_stage_says_what_comes_next(open_page, store, flagged, lang):
    waiting(flagged, store, "to_discard")
    for stage in STAGES:
        app = open_page("road", lang, store=store, stage=stage)
        assert bool(app.info) == (stage != "to_discard")


@pytest.mark.parametrize(
    ("state", "key", "after"),
    [("to_offer", "offer", "offered"), ("to_give", "put_in_lot", "in_lot"), ("to_discard", "discard", "discarded"),
     ("to_strike", "strike", "struck")],
)  # fmt: skip
def test_the_next_step_and_the_way_back(open_page, store, flagged, state, key, after):
    items = waiting(flagged, store, state)
    app = press(open_page("road", store=store, stage=state), key)
    assert present(store, "road") == dict.fromkeys(items, after)
    assert "3冊" in app.success[0].value
    stage = next(name for name, states in road.STAGES.items() if after in states)
    press(open_page("road", store=store, stage=stage), f"undo_{stage}")
    assert present(store, "road") == dict.fromkeys(items, state)


def test_claims_are_settled_handed_over_and_the_rest_goes_on(open_page, store, flagged):
    items = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")[:4]
    number = offers.offer(store, LIBRARIAN, on_road(store, items, "to_offer"), date.today())
    with connect_flags(flagged) as cursor:
        offers.claim(cursor, store, SCHOOL, items[:2])
        offers.claim(cursor, store, NURSERY, items[:1])
    app = open_page("road", store=store, stage="offered")
    assert number in texts(app) + app.selectbox(key="offer_shown").options[0]
    assert app.button(key="settle").disabled
    app.text_input(key="early").set_value("学期末に間に合わせるため").run()
    press(app, "settle")
    assert sorted(present(store, "road").values()) == ["assigned", "assigned", "to_give", "to_give"]
    app = press(open_page("road", store=store, stage="assigned"), "hand_over")
    assert "管理換-01" in app.success[0].value
    assert "transferred" in present(store, "road").values()
    assert open_page("road", store=store, stage="done").get("download_button")


def test_a_lot_is_counted(open_page, store, flagged):
    waiting(flagged, store, "to_give")
    press(open_page("road", store=store, stage="to_give"), "put_in_lot")
    app = open_page("road", store=store, stage="in_lot")
    lot = app.selectbox(key="lot_shown").value
    with connect_flags(flagged) as cursor:
        inside = [
            row["item_id"] for row in road.items(cursor, store, ("in_lot",)).iter_rows(named=True) if row["lot"] == lot
        ]
    app.text_area(key=f"left_{lot}").set_value("99999999").run()
    app.button(key="count").click().run()
    assert "99999999" in app.error[0].value
    app.text_area(key=f"left_{lot}").set_value(inside[0]).run()
    press(app, "count")
    now = present(store, "road")
    assert now[inside[0]] == "to_discard" and [now[item] for item in inside[1:]] == ["given"] * (len(inside) - 1)


def test_a_manager_sees_but_a_librarian_acts(open_page, store, flagged):
    waiting(flagged, store, "to_discard")
    app = open_page("road", store=store, stage="to_discard", role="manager")
    assert not [button for button in app.button if button.key == "discard"]
    assert "司書が行います" in texts(app)
    for role in ("committee", "partner"):
        assert open_page("road", store=store, role=role).error


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_stage_as_a_file(store, flagged, lang):
    waiting(flagged, store, "to_discard")
    with connect_flags(flagged) as cursor:
        found = road.items(cursor, store, ("to_discard",))
    token = words.language.set("ja")
    data, sheet = road_steps.file(POLICY, found, "csv", lang)(), road_steps.file(POLICY, found, "xlsx", lang)()
    words.language.reset(token)
    head, *rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == 3 and len(set(head)) == len(head)
    assert ("廃棄待ち" if lang == "ja" else "To be discarded") in rows[0]
    assert sheet.startswith(b"PK")


def test_hostile_titles_do_no_harm(open_page, store, flagged):
    waiting(flagged, store, "to_discard")
    app = open_page("road", "en", store=store, stage='"><script>', branch="<b>")
    assert "<script>" not in texts(app)


# ── 決裁, as the committee's screen shows it


def approval(store: Path, role: str, lang: str = "ja"):
    from streamlit.testing.v1 import AppTest

    def page(role: str, lang: str):
        from collection import words
        from collection.pages import approve_view, frame
        from collection.roles import Person

        words.language.set(lang)
        person = Person(role, "佐藤", frozenset({role}))
        frame.enter = lambda screen: person
        approve_view.show(person, "2025-001")

    app = AppTest.from_function(page, args=(role, lang), default_timeout=60)
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


@pytest.fixture
def resolved_list(store, flagged, monkeypatch) -> list[str]:
    from collection.pages import frame

    monkeypatch.setenv("COLLECTION_STORE", str(store))
    monkeypatch.setattr(frame, "enter", frame.enter)
    items = small_store.items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-1'")[:3]
    resolved(store, "2025-001", dict.fromkeys([*items, "nowhere"], "8-2-1"))
    return items


def test_the_manager_approves_and_reads_the_refusals(store, resolved_list):
    app = approval(store, "manager")
    assert "3冊の除籍を決裁し、1冊は" in app.button(key="approve").label
    app.button(key="approve").click().run()
    assert not app.error and not app.exception
    assert set(present(store, "road")) == set(resolved_list)
    assert "決裁は終わりました" in app.success[0].value
    assert "最新の取込では" in texts(app)


def test_others_only_read(store, resolved_list):
    for role in ("librarian", "committee"):
        app = approval(store, role)
        assert not app.button and "課長" in app.info[0].value
    assert approval(store, "manager", "en").button(key="approve").label.startswith("Approve")

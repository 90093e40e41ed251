"""書架モード: reading what scanners send, what is said of an item, the pull list in shelf order, 不明確認."""

import csv
import re
import shutil
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection import decisions, imports, ledger, shelf
from collection.ledger import Event, append
from collection.roles import Person
from collection.store.connection import connect, connect_flags
from collection.words import Problem
from tests import small_store

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
MANAGER = Person("kacho", "佐藤", frozenset({"librarian", "manager"}))
FULL = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture
def store(flagged, tmp_path):
    """A copy of the small library that may be written to."""
    shutil.copytree(flagged.parents[1], tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def own(store, flagged):
    with connect_flags(store / "holdings" / flagged.name) as cursor:
        yield cursor


def decide(store, *events, person=MANAGER):
    with ledger.writing(store) as connection:
        append(connection, person, list(events))


@pytest.mark.parametrize(
    ("scanned", "number"),
    [("1234567", "1234567"), ("１２３４５６７", "1234567"), (" 1234 567\r\n", "1234567"), ("A1234567A", "1234567"),
     ("a1234567b", "1234567"), ("*1234567*", "1234567"), ("\x021234567\x03", "1234567"), ("1234567\u3000", "1234567")],
)  # fmt: skip
def test_what_scanners_and_hands_send_is_read(scanned, number):
    assert number in shelf.readings(scanned)


def test_a_number_that_itself_begins_and_ends_in_letters_comes_first(own):
    assert shelf.readings("A123B")[0] == "A123B"
    assert "AB12C" in shelf.readings("ab12c")


@given(st.text(max_size=30))
def test_anything_can_be_scanned(text):
    found = shelf.readings(text)
    assert all(found) and len(found) == len(set(found))
    assert shelf.key_of(text) in (None, "0", "1", "2", "3", "4", "U")


def test_a_lone_key_is_no_number():
    assert [shelf.key_of(text) for text in ("1", "４", " 2 ", "u", "U", "5", "12", "", "あ", "0")] == [
        "1", "4", "2", "U", "U", None, None, None, None, "0",
    ]  # fmt: skip


def item_where(own, condition: str) -> dict:
    query = f"SELECT item.*, holds FROM facts_of_day.item JOIN judged USING (item_no) WHERE {condition} ORDER BY item_no LIMIT 1"
    return own.sql(query).pl().row(0, named=True)


PLAIN = "status IS NULL OR status = 'available'"


def test_a_scan_finds_the_item_however_it_was_read(own, store):
    item = item_where(own, f"({PLAIN}) AND holds = 0")
    for scanned in (item["item_id"], item["item_id"].translate(FULL), f"A{item['item_id']}C", f" {item['item_id']}\n"):
        seen = shelf.look(own, store, item["branch"], scanned)
        assert (seen.number, seen.says, seen.can_be_tagged) == (item["item_id"], (), True)
    assert not ledger.path(store).exists()


def test_what_should_not_be_in_the_hand_is_said(own, store):
    assert shelf.look(own, store, None, "99-nowhere").says == ("unknown",)
    assert shelf.look(own, store, None, "").says == ("unknown",)
    for status in ("on_loan", "on_hold_shelf", "in_transit", "missing"):
        item = item_where(own, f"status = '{status}'")
        assert status in shelf.look(own, store, item["branch"], item["item_id"]).says
    item = item_where(own, f"({PLAIN}) AND holds > 0")
    assert shelf.look(own, store, item["branch"], item["item_id"]).says == ("reserved",)
    assert shelf.look(own, store, "ほかの館", item["item_id"]).says == ("other_branch", "reserved")
    item = item_where(own, f"({PLAIN}) AND holds = 0")["item_id"]
    decide(
        store, Event("draft", "2026-001", list_no="2026-001"), Event("enter", item, item_id=item, list_no="2026-001")
    )
    assert (
        shelf.look(own, store, None, item).says == ("on_list",) and not shelf.look(own, store, None, item).can_be_tagged
    )
    decide(store, Event("approve", item, "to_offer", item_id=item, list_no="2026-001"))
    seen = shelf.look(own, store, None, item)
    assert seen.says == ("road",) and not seen.can_be_tagged


def test_gone_and_withdrawn_items_take_no_tag(tmp_path):
    header = ("item_id", "bib_id", "branch", "status")
    folder = tmp_path / "store"
    (tmp_path / "bibs.csv").write_text("bib_id,title\nb1,空の本\n", encoding="utf-8")
    rows = [(f"{number:02}", "b1", "中央", "withdrawn" if number == 3 else "") for number in range(30)]
    for day, left in ((date(2025, 4, 1), rows), (date(2025, 5, 1), rows[1:])):
        with (tmp_path / "items.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *left])
        imports.import_files(folder, day, [tmp_path / "bibs.csv", tmp_path / "items.csv"])
    from collection import flag, policy

    flags = flag.flag(folder, policy.load(small_store.PACK, date(2025, 5, 1)), date(2025, 5, 1))
    with connect_flags(flags) as cursor:
        assert [shelf.look(cursor, folder, "中央", item).says for item in ("00", "03", "04")] == [
            ("gone",), ("withdrawn",), (),
        ]  # fmt: skip
        assert shelf.look(cursor, folder, None, "00").item["gone_on"] == date(2025, 5, 1)


def test_the_pull_list_is_ticked_by_what_is_found_after_it_was_begun(own, store):
    items = [row[0] for row in own.execute(f"SELECT item_id FROM facts_of_day.item WHERE {PLAIN} LIMIT 6").fetchall()]
    lent = item_where(own, "status = 'on_loan'")["item_id"]
    decide(store, Event("find", items[0], item_id=items[0]))
    since = decisions.decided(store).seq
    found, away = shelf.pull_list(own, store, [*items, lent], since)
    assert (set(found["item_id"]), away, found["ticked"].sum()) == (set(items), 1, 0)
    shelf.find(store, LIBRARIAN, items[1])
    found, _ = shelf.pull_list(own, store, items, since)
    assert found.filter(found["ticked"])["item_id"].to_list() == [items[1]]
    # a colleague finds one more before the end: it does not go to 不明確認
    shelf.find(store, LIBRARIAN, items[2])
    left = found.filter(~found["ticked"])["item_id"].to_list()
    assert shelf.not_found(store, LIBRARIAN, left, since) == 4
    assert shelf.not_found(store, LIBRARIAN, left, since) == 0
    lost = shelf.missed(own, store, today=date.today())
    assert set(lost["item_id"]) == {items[0], *items[3:]}
    assert lost["days"].to_list() == [0] * 4 and set(lost["shelf_name"]) == {"山田"}
    shelf.find(store, LIBRARIAN, items[3])
    still = shelf.missed(own, store)
    assert shelf.settle(store, LIBRARIAN, still.head(2), "記録した") == 2
    assert len(shelf.missed(own, store)) == 1
    assert shelf.look(own, store, None, still["item_id"][2]).says == ("was_missed",)


def test_only_librarians_tick(store):
    with pytest.raises(Problem, match="司書"):
        shelf.find(store, Person("x", "委員", frozenset({"committee"})), "1")


def test_a_pull_list_of_a_tag_or_a_list_is_of_one_branch_or_all(own, store):
    rows = own.execute("SELECT item_id, branch FROM facts_of_day.item ORDER BY hash(item_id) LIMIT 40").fetchall()
    decide(store, *(Event("tag", item, "withdraw", item_id=item) for item, _ in rows[:30]))
    decide(
        store,
        Event("draft", "L", list_no="L"),
        *(Event("enter", item, item_id=item, list_no="L") for item, _ in rows[20:]),
    )
    here = rows[0][1]
    assert set(shelf.decided_items(own, store, "withdraw", None, None)) == {item for item, _ in rows[:30]}
    assert set(shelf.decided_items(own, store, "withdraw", None, here)) == {i for i, b in rows[:30] if b == here}
    assert set(shelf.decided_items(own, store, None, "L", None)) == {item for item, _ in rows[20:]}
    assert shelf.decided_items(own, store, "keep", None, None) == []


def naive_place(call_number: str) -> list[tuple]:
    """A call number as a list to compare: numbers by their worth, what follows a point as decimals, the rest by letter."""
    text = call_number.translate(str.maketrans("０１２３４５６７８９．／　", "0123456789./ ")).upper()
    text = re.sub(r"(?<=\d) +(?=\d)", "/", text).replace(" ", "")
    return [
        (ord("0"), int(whole), decimals or "") if whole else (ord(other), 0, "")
        for whole, decimals, other in re.findall(r"(\d+)(?:\.(\d+))?|(.)", text)
    ]


def random_call_number(rng: Random) -> str:
    digits = rng.choice(["7", "007", "49", "498", "913", "E", "K913", "R 291"])
    decimals = rng.choice(["", "", ".6", ".12", ".6"])
    mark = rng.choice(["ア", "ヤ", "ヤマ", "A", "B12", "ム", ""])
    volume = rng.choice(["", str(rng.randrange(1, 130)), f"{rng.randrange(1, 12)} {rng.randrange(1, 130)}"])
    parted = rng.choice(["/", " ", "/", "　", ""]) if mark else rng.choice(["/", " "])
    text = f"{digits}{decimals}{parted}{mark}{rng.choice(['', '/', ' ']) if mark else ' '}{volume}".rstrip(" /")
    return text.translate(FULL) if rng.random() < 0.1 else text


def test_shelf_order_is_that_of_a_plain_comparison(tmp_path):
    rng = Random(5)
    rows = [
        (f"{number:04}", "b1", rng.choice(["中央", "北口"]), rng.choice(["open", "closed"]), random_call_number(rng))
        for number in range(1500)
    ]
    with (tmp_path / "items.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("item_id", "bib_id", "branch", "location", "call_number"), *rows])
    (tmp_path / "bibs.csv").write_text("bib_id,title\nb1,空の本\n", encoding="utf-8")
    result = imports.import_files(tmp_path / "store", date(2025, 4, 1), [tmp_path / "bibs.csv", tmp_path / "items.csv"])
    with connect(result.snapshot, read_only=True) as connection:
        found = connection.execute("SELECT branch, location, call_number FROM item ORDER BY shelf_order").fetchall()
    places = [(branch, location, naive_place(call)) for branch, location, call in found]
    assert places == sorted(places)
    assert len({call for _, _, call in found}) > 300

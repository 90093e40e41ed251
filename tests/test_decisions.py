"""The present decisions as a table: the same whether read at once or bit by bit."""

import json
from random import Random

import polars as pl

from collection import decisions, ledger, steps
from collection.ledger import Event, append
from collection.roles import THE_PRODUCT, Person

EVERYBODY = Person("a", "山田", frozenset({"librarian", "manager", "committee"}))


def naive(store) -> dict[str, dict]:
    """Item → aspect → (state, list) from all events, one after the other."""
    now = {}
    with ledger.reading(store) as connection:
        for row in connection.execute("SELECT * FROM event ORDER BY seq"):
            if row["aspect"] in decisions.PARTS:
                now[row["subject"], row["aspect"]] = row["state"]
    return {key: state for key, state in now.items() if state}


def shown(items: pl.DataFrame) -> dict:
    return {
        (row["item_id"], aspect): row[aspect]
        for row in items.iter_rows(named=True)
        for aspect in decisions.PARTS
        if row[aspect]
    }


def test_bit_by_bit_equals_at_once(tmp_path):
    rng = Random(7)
    for _ in range(30):
        events = []
        for item in rng.sample(range(40), 5):
            state = rng.choice([*steps.TAGS, None])
            row = {}
            with ledger.reading(tmp_path) as connection:
                row = ledger.latest(connection, "tag", [str(item)]).get(str(item), {})
            if state:
                events.append(Event("tag", str(item), state, item_id=str(item), details={"until": f"20{item}-01-01"}))
            elif row and row["state"]:
                events.append(Event("untag", str(item), item_id=str(item)))
        with ledger.writing(tmp_path) as connection:
            append(connection, EVERYBODY, events)
        assert shown(decisions.decided(tmp_path).items) == naive(tmp_path)
    now = decisions.decided(tmp_path)
    again = decisions.decided(tmp_path, until=now.seq)
    assert again.items.sort("item_id").equals(now.items.sort("item_id"))
    assert now.items.filter(pl.col("tag_until").is_null() & pl.col("tag").is_not_null()).is_empty()


def test_no_ledger_means_no_decisions(tmp_path):
    assert decisions.decided(tmp_path).items.is_empty()
    assert not ledger.path(tmp_path).exists()


def test_what_leaves(tmp_path):
    with ledger.writing(tmp_path) as connection:
        append(connection, EVERYBODY, [
            Event("tag", "1", "withdraw"), Event("tag", "2", "keep"), Event("approve", "3", "to_offer"),
            Event("draft", "2026-001", list_no="2026-001"), Event("enter", "4", list_no="2026-001"),
        ])  # fmt: skip
    items = decisions.decided(tmp_path).items
    assert sorted(items.filter(decisions.leaving())["item_id"]) == ["1", "3", "4"]


def test_the_cursor_sees_them_by_row_number(cursor, flagged, tmp_path):
    item_id, item_no = cursor.execute("SELECT item_id, item_no FROM facts_of_day.item LIMIT 1 OFFSET 5").fetchone()
    with ledger.writing(tmp_path) as connection:
        append(connection, EVERYBODY, [Event("tag", item_id, "hold", item_id=item_id, reason="相談する")])
    with cursor.cursor() as own:
        assert decisions.attach(own, tmp_path) == 1
        assert own.execute("SELECT item_no, tag, tag_reason FROM decided").fetchall() == [(item_no, "hold", "相談する")]
        with ledger.writing(tmp_path) as connection:
            append(connection, THE_PRODUCT, [Event("drop", item_id, item_id=item_id)])
        decisions.attach(own, tmp_path)
        assert own.execute("SELECT count(*) FROM decided").fetchone() == (0,)
        assert json.loads(ledger_details(tmp_path)) == {}


def ledger_details(store) -> str:
    with ledger.reading(store) as connection:
        return connection.execute("SELECT details FROM event ORDER BY seq DESC LIMIT 1").fetchone()[0]

"""均衡の検査 against plain counting."""

from random import Random

import pytest

from collection import balance, ledger
from collection.ledger import Event
from collection.roles import Person
from tests import committee_store as people

EVERYBODY = Person("a", "山田", frozenset({"librarian", "manager"}))


def facts(cursor) -> list[dict]:
    return cursor.sql(
        "SELECT item_id, judged.branch, judged.shelf_class, bib.local, bib.ndc, bib.bib_no, status, unrecoverable"
        " FROM judged JOIN facts_of_day.item USING (item_no) LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no"
    ).pl().to_dicts()  # fmt: skip


def naive(rows: list[dict], items: set[str], gone: set[str]) -> dict:
    rows = [row for row in rows if row["item_id"] in items or row["item_id"] not in gone]
    stays = [row for row in rows if row["item_id"] not in items]
    lost = {}
    on_shelf = [row for row in rows if row["status"] not in ("missing", "withdrawn") and not row["unrecoverable"]]
    for row in on_shelf:
        moku = (row["ndc"] or "")[:3]
        if len(moku) == 3 and moku.isdigit():
            for branch in (None, row["branch"]):
                lost.setdefault((branch, moku), []).append(row)
    return {
        "before": {mark: sum(row["shelf_class"] == mark for row in rows) for mark in {r["shelf_class"] for r in rows}},
        "after": {mark: sum(row["shelf_class"] == mark for row in stays) for mark in {r["shelf_class"] for r in rows}},
        "local": (sum(row["local"] is not None for row in rows), sum(row["local"] is not None for row in stays)),
        "sizes": (len(rows), len(stays)),
        "last": {
            key: (len({row["bib_no"] for row in held}), len(held)) for key, held in lost.items()
            if all(row["item_id"] in items for row in held)
        },
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_shares_and_last_titles(flagged, cursor, tmp_path, seed):
    rng, rows = Random(seed), facts(cursor)
    store = people.copy(flagged, tmp_path)
    numbers = [row["item_id"] for row in rows]
    gone, leaving = set(rng.sample(numbers, 300)), set(rng.sample(numbers, 2500))
    with ledger.writing(store) as connection:
        ledger.append(
            connection, EVERYBODY, [Event("approve", item, "to_discard", item_id=item) for item in sorted(gone)]
        )
    found, expected = balance.check(cursor, store, sorted(leaving)), naive(rows, leaving, gone)
    classes = {row["shelf_class"]: row for row in found.classes.to_dicts()}
    assert {mark: row["before"] for mark, row in classes.items()} == expected["before"]
    assert {mark: row["after"] for mark, row in classes.items()} == expected["after"]
    before, after = expected["sizes"]
    for row in classes.values():
        assert row["share_before"] == pytest.approx(row["before"] / before)
        assert row["share_after"] == pytest.approx(row["after"] / after)
    assert (found.local_before, found.local_after) == expected["local"]
    assert found.share_after == pytest.approx(expected["local"][1] / after)
    last = {(row["branch"], row["moku"]): (row["titles"], row["items"]) for row in found.last.to_dicts()}
    assert last == expected["last"] and last


def test_a_list_of_nothing_changes_nothing(flagged, cursor, tmp_path):
    found = balance.check(cursor, people.copy(flagged, tmp_path), [])
    assert found.classes["leaving"].sum() == 0 and found.last.is_empty()
    assert found.local_before == found.local_after


def test_everything_leaves(flagged, cursor, tmp_path):
    found = balance.check(cursor, people.copy(flagged, tmp_path), [row["item_id"] for row in facts(cursor)])
    assert set(found.classes["share_after"]) == {0.0} and found.share_after == 0

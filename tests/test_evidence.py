"""What the ledger keeps of an item says the same as its card."""

import json

import polars as pl

from collection import card, evidence
from collection.policy import load
from tests import small_store


def test_the_evidence_is_what_the_card_says(cursor, flagged):
    policy = load(small_store.PACK, small_store.demo.AS_OF)
    items = small_store.items_of(flagged, "verdict IN ('candidate', 'ask', 'keep')")[::97][:20]
    few, many = (evidence.of_items(cursor, policy, asked) for asked in (items, [*items, *map(str, range(30))]))
    assert few.sort("item_id").equals(many.sort("item_id"))
    assert sorted(few["item_id"]) == sorted(items)
    for item_id, told in few.select("item_id", "told").iter_rows():
        shown, known = card.read(cursor, policy, item_id).item, json.loads(told)
        for name in ("title", "branch", "criterion", "reason", "survivor_item_id", "verdict", "pub_year", "holds"):
            assert known[name] == shown[name], name
        assert known["article"] and known["policy_hash"] == policy.hash


def test_what_is_not_held_has_no_evidence(cursor):
    policy = load(small_store.PACK, small_store.demo.AS_OF)
    assert evidence.of_items(cursor, policy, ["nowhere"]).select(pl.len()).item() == 0

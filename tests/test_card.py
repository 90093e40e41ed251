"""The card says of an item what the exported list says, and finds the copies that stand beside it."""

from random import Random

import pytest

from collection import card, policy
from collection.export import candidates as exported
from tests import small_store

PACK = policy.load(small_store.PACK, small_store.demo.AS_OF)


@pytest.fixture(scope="module")
def listed(flagged, tmp_path_factory) -> list[dict]:
    """The exported list, from a copy: one process opens a database file under one name only."""
    folder = tmp_path_factory.mktemp("copy")
    for file in flagged.parent.glob("*.duckdb"):
        (folder / file.name).write_bytes(file.read_bytes())
    return exported(folder / flagged.name, PACK).to_dicts()


def test_the_card_gives_the_reason_of_the_exported_list(cursor, listed):
    verdicts = {row["verdict"] for row in listed}
    rng = Random(1)
    for verdict in sorted(verdicts):
        rows = [row for row in listed if row["verdict"] == verdict]
        for row in rng.sample(rows, min(len(rows), 15)):
            item = card.read(cursor, PACK, row["item_id"]).item
            assert {name: item[name] for name in ("verdict", "criterion", "route", "reason")} == {
                name: row[name] for name in ("verdict", "criterion", "route", "reason")
            }


def test_the_parts_of_the_score_add_up_to_it(cursor, listed):
    for row in listed[:200:10]:
        item = card.read(cursor, PACK, row["item_id"]).item
        total = sum(PACK.score[part].weight * item[f"score_{part}"] for part in card.PARTS) / 100
        assert item["score"] == pytest.approx(total, abs=0.01)


def test_a_survivor_that_is_a_copy_stands_among_the_copies(cursor, listed):
    rows = [row for row in listed if row["survivor_reason"] == "copy"][:20]
    assert rows
    for row in rows:
        found = card.read(cursor, PACK, row["item_id"])
        assert found.copies.filter(found.copies["stays"])["item_id"].to_list() == [row["survivor_item_id"]]


def test_every_year_with_figures_is_there(cursor, listed):
    found = card.read(cursor, PACK, listed[0]["item_id"])
    assert found.loans["fiscal_year"].to_list() == [2020, 2021, 2022, 2023, 2024]


def test_an_unknown_number_has_no_card(cursor):
    assert card.read(cursor, PACK, "9999") is None

"""無償譲渡: lots by branch, their labels, and what was taken or left."""

import io
from datetime import date
from pathlib import Path

import polars as pl
import pypdf
import pytest

from collection import lots, road, years
from collection.words import Problem
from tests import small_store
from tests.road_store import LIBRARIAN, MANAGER, on_road, present

YEAR = years.of(date.today())


def waiting(flagged, store: Path, branch: str, n: int) -> list[str]:
    items = small_store.items_of(flagged, f"judged.branch = '{branch}'")[:n]
    on_road(store, items, "to_give")
    return items


def test_a_lot_for_each_branch_numbered_in_its_year(store, facts, flagged):
    north, centre = waiting(flagged, store, "北口図書館", 3), waiting(flagged, store, "中央図書館", 2)
    made = lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))
    assert made == [f"中央-{YEAR}-01", f"北口-{YEAR}-01"]
    found = {row["lot"]: row for row in lots.lots(facts, store).iter_rows(named=True)}
    assert [found[lot]["items"] for lot in made] == [len(centre), len(north)]
    with pytest.raises(Problem, match="司書"):
        lots.count(store, MANAGER, made[0], [])
    with pytest.raises(Problem, match="選んで"):
        lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))


def test_what_is_left_goes_on_and_the_rest_was_given(store, facts, flagged):
    items = waiting(flagged, store, "北口図書館", 5)
    [lot] = lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))
    with pytest.raises(Problem, match="99999999"):
        lots.count(store, LIBRARIAN, lot, ["99999999", items[0]])
    assert set(present(store, "road").values()) == {"in_lot"}
    assert lots.count(store, LIBRARIAN, lot, items[:2]) == (3, 2)
    assert [present(store, "road")[item] for item in items] == ["to_discard"] * 2 + ["given"] * 3
    [row] = lots.lots(facts, store).iter_rows(named=True)
    assert (row["items"], row["waiting"], row["given"], row["left"]) == (5, 0, 3, 2)
    with pytest.raises(Problem, match=lot):
        lots.count(store, LIBRARIAN, lot, [])


def test_the_number_of_a_lot_is_not_given_again(store, facts, flagged):
    waiting(flagged, store, "北口図書館", 2)
    lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))
    road.undo(store, LIBRARIAN, dict(road.items(facts, store, ("in_lot",)).select("item_id", "road_seq").iter_rows()))
    again = lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))
    assert again == [f"北口-{YEAR}-02"]
    assert lots.lots(facts, store)["lot"].to_list() == again


def test_a_label_for_every_item_24_on_a_sheet(store, facts, flagged):
    items = waiting(flagged, store, "北口図書館", 25)
    [lot] = lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))
    pages = pypdf.PdfReader(io.BytesIO(lots.labels_pdf(facts, store, lot, "図書館"))).pages
    texts = [page.extract_text() for page in pages]
    assert [text.count("リサイクル本") for text in texts] == [lots.LABELS, 1]
    assert all(any(item in text for text in texts) for item in items)
    assert road.items(facts, store, ("in_lot",)).filter(pl.col("lot") == lot).height == 25

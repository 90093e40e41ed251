"""行先: nothing skips, every step keeps what matters, the last one can be taken back; docs/steps.md is up to date."""

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from collection import ledger, lots, offers, road, steps, words, years
from collection.ledger import MovedOn
from collection.roles import ACTIONS
from collection.words import Problem, code
from tests import small_store
from tests.road_store import EVERYBODY, LIBRARIAN, MANAGER, SCHOOL, on_road, present

DOCUMENT = Path(__file__).parents[1] / "docs" / "steps.md"
DRAWN = (
    "road", "tag", "list", "entry", "vote", "finding", "claim", "shelf", "request", "gift", "purchase", "ballot", "named",
)  # fmt: skip


def steps_page() -> str:
    """docs/steps.md: the chains of states as drawings, and who may take which step."""
    parts = [
        "# 状態の移り方",
        "",
        "`collection/steps.py` と `roles.py` の表から作った図。手では直さない（`python -m tests.test_road`）。",
        "",
    ]
    for aspect in DRAWN:
        parts += [f"## {code('aspect', aspect)}", "", "```mermaid", steps.diagram(aspect), "```", ""]
    parts += ["## だれが行えるか", "", "| 操作 | 役割 |", "|---|---|"]
    for action, aspect in steps.ACTIONS.items():
        if aspect in DRAWN:
            parts.append(f"| {code('action', action)} | {'・'.join(code('role', role) for role in ACTIONS[action])} |")
    return "\n".join(parts) + "\n"


def test_the_document_of_the_steps_is_up_to_date():
    assert DOCUMENT.read_text(encoding="utf-8") == steps_page()


def some(flagged, n: int, where: str = "branch = '北口図書館'") -> list[str]:
    return small_store.items_of(flagged, where.replace("branch", "judged.branch"))[:n]


def last(store: Path, item: str) -> dict:
    with ledger.reading(store) as connection:
        row = dict(ledger.latest(connection, "road", [item])[item])
    return row | {"details": json.loads(row["details"])}


def seen(store: Path, *items: str) -> dict[str, int]:
    return {item: last(store, item)["seq"] for item in items}


def test_the_whole_road_of_an_unclaimed_item(store, facts, flagged):
    [item] = some(flagged, 1)
    on_road(store, [item], "to_offer")
    number = offers.offer(store, LIBRARIAN, seen(store, item), date.today())
    assert number == f"{years.of(date.today())}-照会-01"
    offers.settle(facts, store, LIBRARIAN, number, offers.proposals(facts, store, number), early="月末のため")
    assert present(store, "road") == {item: "to_give"}
    [lot] = lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))
    assert lots.count(store, LIBRARIAN, lot, [item]) == (0, 1)
    assert road.step(store, LIBRARIAN, "discard", seen(store, item), date.today(), " 傷みあり ") == 1
    with ledger.reading(store) as connection:
        told = [(row["kind"], row["clause"], row["reason"]) for row in ledger.history(connection, item)]
    assert told == [
        ("approve", "8-2-2", None), ("offer", "9-1", None), ("not_claimed", "9-1", "月末のため"), ("put_in_lot", "10-1-1", None),
        ("leave_over", "10-1-1", None), ("discard", "11-1", "傷みあり"),
    ]  # fmt: skip
    end = last(store, item)
    assert end["list_no"] == "2025-001"
    assert {name: end["details"][name] for name in ("criterion", "offer", "lot")} == {
        "criterion": "8-2-2", "offer": number, "lot": lot
    }  # fmt: skip


def test_retention_passed_goes_straight_to_the_public_and_damaged_is_discarded(store, facts, flagged):
    serial, torn, lost = some(flagged, 3)
    on_road(store, [serial], "to_give", "8-2-4")
    on_road(store, [torn], "to_discard", "8-2-1")
    on_road(store, [lost], "to_strike", "8-2-3")
    lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))
    assert last(store, serial)["clause"] == "10-1-2"
    for kind in ("offer", "put_in_lot", "strike", "hand_over"):
        with pytest.raises(Problem, match="廃棄待ち"):
            road.step(store, LIBRARIAN, kind, seen(store, torn))
    road.step(store, LIBRARIAN, "strike", seen(store, lost))
    road.step(store, LIBRARIAN, "readmit", seen(store, lost), reason="書庫で見つかった", details={"number": "99000001"})
    assert present(store, "road")[lost] == "readmitted"
    assert last(store, lost)["clause"] == "8-2-3"


def test_the_last_step_is_taken_back_until_the_next_one(store, facts, flagged):
    one, two = some(flagged, 2)
    on_road(store, [one, two], "to_give")
    before = seen(store, one, two)
    [lot] = lots.put_in_lots(store, LIBRARIAN, road.items(facts, store, ("to_give",)))
    with pytest.raises(MovedOn):
        road.undo(store, LIBRARIAN, before)
    lots.count(store, LIBRARIAN, lot, [])
    assert road.undo(store, LIBRARIAN, seen(store, one), "数え違い") == 1
    assert present(store, "road") == {one: "in_lot", two: "given"}
    assert last(store, one)["details"]["lot"] == lot
    road.undo(store, LIBRARIAN, seen(store, one))
    assert present(store, "road")[one] == "to_give"
    with pytest.raises(Problem, match="課長"):
        road.undo(store, LIBRARIAN, seen(store, one))
    road.undo(store, MANAGER, seen(store, one), "決裁の取消し")
    assert present(store, "road") == {two: "given"}


def test_a_step_over_what_one_has_not_seen_or_chosen_is_refused(store, flagged):
    [item] = some(flagged, 1)
    first = on_road(store, [item], "to_discard", "8-2-1")
    road.step(store, LIBRARIAN, "discard", first)
    with pytest.raises(MovedOn):
        road.step(store, LIBRARIAN, "discard", first)
    with pytest.raises(Problem, match="選んで"):
        road.step(store, LIBRARIAN, "discard", {})
    with pytest.raises(Problem, match="番号"):
        road.step(store, LIBRARIAN, "discard", {"nowhere": 1})
    with pytest.raises(Problem, match="司書"):
        road.step(store, SCHOOL, "discard", seen(store, item))


def test_a_day_cannot_lie_before_the_step_before(store, flagged):
    [item] = some(flagged, 1)
    first = on_road(store, [item], "to_discard", "8-2-1")
    with pytest.raises(Problem):
        road.step(store, LIBRARIAN, "discard", first, date.today() - timedelta(days=1))


def test_counts_are_those_of_the_ledger(store, facts, flagged):
    rng = Random(3)
    items = some(flagged, 60, "true")
    wanted = {state: [] for state in steps.ROUTES.values()}
    for item in items:
        wanted[rng.choice(list(wanted))].append(item)
    for state, chosen in wanted.items():
        on_road(store, chosen, state)
    counted = road.counts(facts, store)
    by_state = dict(counted.group_by("road").agg(pl.col("items").sum()).iter_rows())
    assert by_state == {state: len(chosen) for state, chosen in wanted.items() if chosen}
    for row in counted.iter_rows(named=True):
        shown = road.items(facts, store, (row["road"],), row["branch"])
        assert len(shown) == row["items"] and set(shown["branch"]) == {row["branch"]}


def test_random_walks_never_leave_the_roads_of_the_rules(store, facts, flagged):
    """Whatever is tried, an end is reached only over every step that lies before it."""
    rng = Random(11)
    kinds = [
        kind for kind, aspect in steps.ACTIONS.items() if aspect == "road" and kind not in ("approve", "undo_road")
    ]
    items = some(flagged, 12, "true")
    for item in items:
        on_road(store, [item], rng.choice(list(steps.ROUTES.values())))
    for _ in range(250):
        item = rng.choice(items)
        try:
            road.step(store, EVERYBODY, rng.choice(kinds), seen(store, item))
        except Problem:
            continue
    must = {"transferred": ["to_offer", "offered", "assigned"], "given": ["to_give", "in_lot"], "struck": ["to_strike"]}
    for item, end in present(store, "road").items():
        with ledger.reading(store) as connection:
            states = [row["state"] for row in ledger.history(connection, item)]
        assert [state for state in must.get(end, []) if state not in states] == []


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_state_is_on_one_stage(lang):
    shown = [state for states in road.STAGES.values() for state in states]
    assert sorted(shown) == sorted(state for state in steps.TRANSITIONS["road"] if state)


if __name__ == "__main__":
    DOCUMENT.write_text(steps_page(), encoding="utf-8")

"""資料費: pots against a naive twin; what is spent, ordered and asked for in a store; who may set it."""

from datetime import date
from random import Random

import polars as pl
import pytest

from collection import ledger, years
from collection.buying import budget, keeping
from collection.ledger import Event, MovedOn
from collection.words import Problem
from tests.buying import naive_buying as naive
from tests.buying.buyers import AS_OF, LIBRARIAN, MANAGER, POLICY, chosen, events, line

NOW, PAST = years.of(date.today()), years.of(AS_OF) - 1
BRANCHES, MARKS = [None, "北口図書館", "鳴尾図書館"], [None, "3", "9", "K"]


def pots(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=budget.POT, orient="row")


@pytest.mark.parametrize("seed", range(40))
def test_each_amount_comes_out_of_the_pot_that_names_most_of_it(seed):
    rng = Random(seed)
    places = [(branch, mark) for branch in BRANCHES for mark in MARKS]
    set_up = pots(*((*place, rng.randrange(10**6)) for place in rng.sample(places, rng.randrange(6))))
    parts = [
        {"branch": rng.choice([*BRANCHES, "よその館"]), "shelf_class": rng.choice(MARKS[1:] + ["5"]), "kind": rng.choice(budget.KINDS),
         "yen": rng.randrange(5000), "unpriced": rng.randrange(2)}
        for _ in range(rng.randrange(40))
    ]  # fmt: skip
    found = budget._left(set_up, pl.DataFrame(parts, schema=budget.PART))
    expected = naive.pots_left(set_up.to_dicts(), parts)
    named = {pot: sums for pot, sums in expected.items() if pot is not None}
    told = [row for row in found.iter_rows(named=True) if row["budget"] is not None]
    assert {
        (row["branch"], row["shelf_class"]): [row[name] for name in ("budget", *budget.KINDS, "unpriced")]
        for row in told
    } == named
    for row in told:
        assert row["left"] == row["budget"] - row["spent"] - row["ordered"] - row["requested"]
    rest = [row for row in found.iter_rows(named=True) if row["budget"] is None]
    if None in expected or not set_up.height:
        [row] = rest
        assert row["left"] is None
        assert [row[name] for name in (*budget.KINDS, "unpriced")] == expected.get(None, [None, 0, 0, 0, 0])[1:]
    else:
        assert rest == []


def test_without_a_budget_nothing_is_said_to_be_left(store, facts):
    [row] = budget.left(store, facts, PAST).iter_rows(named=True)
    assert row["budget"] is None and row["left"] is None and row["spent"] > 0


def test_what_was_spent_is_what_the_holdings_cost(store, facts):
    bought = facts.sql(
        "SELECT branch, price, accession_date FROM facts_of_day.item WHERE source = 'purchase' AND accession_date IS NOT NULL"
    ).pl()
    own = [row for row in bought.iter_rows(named=True) if years.of(row["accession_date"]) == PAST]
    budget.put(store, MANAGER, PAST, pots(("北口図書館", None, 9_000_000), (None, None, 50_000_000)), 0)
    found = {row["branch"]: row for row in budget.left(store, facts, PAST).iter_rows(named=True)}
    here = sum(row["price"] or 0 for row in own if row["branch"] == "北口図書館")
    assert found["北口図書館"]["spent"] == here > 0
    assert found["北口図書館"]["left"] == 9_000_000 - here
    assert found[None]["spent"] == sum(row["price"] or 0 for row in own) - here
    assert sum(row["unpriced"] for row in found.values()) == sum(row["price"] is None for row in own)


def test_orders_and_requests_come_out_once_and_unknown_prices_are_counted(store, facts):
    def request(no: str, **title) -> Event:
        return Event("take_request", no, "accepted", details={"verdict": "accept", **title})

    with ledger.writing(store) as connection:
        asked = [
            request("R1", title="頼まれた本", price=2000), request("R2", title="値の分からない本"),
            request("R3", title="買う本", price=1500),
        ]  # fmt: skip
        ledger.append(connection, LIBRARIAN, asked)
    places = [{"branch": "北口図書館", "copies": 2}, {"branch": "鳴尾図書館", "copies": 1}]
    nos = chosen(store, line("買う本", "request", "R3", price=1500, places=places), line("値のない本", price=None))
    left = budget.left(store, facts, NOW).row(0, named=True)
    assert (left["ordered"], left["requested"], left["unpriced"]) == (0, 2000, 1)
    keeping.order(store, LIBRARIAN, POLICY, events(store, *nos))
    left = budget.left(store, facts, NOW).row(0, named=True)
    assert (left["ordered"], left["requested"], left["unpriced"]) == (4500, 2000, 2)
    keeping.receive(store, LIBRARIAN, events(store, *nos))
    assert budget.left(store, facts, NOW)["ordered"].to_list() == [4500], "the holdings do not have it yet"
    assert budget.total(budget.left(store, facts, NOW))["left"] is None


def test_history_is_kept_and_nobody_writes_over_what_they_have_not_seen(store):
    first = budget.put(store, MANAGER, 2030, pots((None, None, 10_000_000)), 0, "当初予算")
    budget.put(store, MANAGER, 2030, pots((None, None, 8_000_000)), first, "減額")
    assert [(one.note, one.pots["budget"][0]) for one in budget.history(store, 2030)] == [
        ("減額", 8_000_000),
        ("当初予算", 10_000_000),
    ]
    with pytest.raises(MovedOn):
        budget.put(store, MANAGER, 2030, pots((None, None, 9_000_000)), first)
    with pytest.raises(Problem):
        budget.put(store, LIBRARIAN, 2030, pots((None, None, 1)), 0)
    assert budget.present(store, 2031).pots.is_empty()


@pytest.mark.parametrize("wrong", [[(None, "9", 1), (None, "9", 2)], [(None, None, -1)], [(None, None, None)]])
def test_what_is_no_budget_is_refused(store, wrong):
    with pytest.raises(Problem):
        budget.put(store, MANAGER, 2030, pots(*wrong), 0)


def test_the_total_counts_what_fits_no_pot():
    left = budget._left(pots(("北口図書館", None, 1000)), pl.DataFrame(
        [("北口図書館", "9", "spent", 300, 0), ("鳴尾図書館", "9", "ordered", 200, 1)], schema=budget.PART, orient="row",
    ))  # fmt: skip
    assert budget.total(left) == {
        "budget": 1000,
        "spent": 300,
        "ordered": 200,
        "requested": 0,
        "left": 500,
        "unpriced": 1,
    }

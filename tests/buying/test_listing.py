"""The committee's list as a whole: each title once, the verdict by other lines, filters and order lists."""

from random import Random

import polars as pl
import pytest

from collection import decisions
from collection.buying import copies, keeping, kept, lines, listing, orders, twice, use, verdicts, voting, wanted
from collection.buying.listing import Filter
from collection.composition import CLASSES
from collection.selection import identify
from collection.store import snapshots
from tests.buying.buyers import (
    AS_OF,
    LIBRARIAN,
    MANAGER,
    MEMBERS,
    POLICY,
    all_for,
    choose,
    chosen,
    events,
    line,
    propose,
    seen,
    states,
)  # fmt: skip
from tests.buying.test_keeping import FIRST, held_title

QUERIES = (
    {}, {"view": ["ordered"], "state": ["received"]}, {"state": ["none", "proposed"], "source": ["holds"], "why": ["gap", "preferred"]},
    {"verdict": ["committee"], "shelf_class": ["9", "K"], "branch": ["北口図書館"], "text": ["山"], "sort": ["cost"], "page": ["3"]},
    {"order": ["O2025-001"], "view": ["ordered"]},
)  # fmt: skip


MEMORY = verdicts.Memory()  # every test has the same holdings, policy and decisions


def composed(store, facts) -> pl.DataFrame:
    """The list under consideration, made part after part."""
    decisions.attach(facts, store)
    every = kept.every(store)
    asked, waiting = wanted.requests(store)
    found = listing.gather(every, asked, wanted.of_the_day(facts, POLICY, []), AS_OF, POLICY)
    with identify.opened(snapshots.newest(store)) as cursor:
        decisions.attach(cursor, store)
        judged = MEMORY.weigh(found, lambda new: verdicts.weigh(cursor, POLICY, new, AS_OF))
    judged = verdicts.against(found, judged, every, AS_OF, POLICY)
    records = wanted.titles(facts, [bib for bib in {*found["bib_id"], *judged["held_bib"]} if bib])
    used = copies.used_at(copies.class_use(facts), POLICY)
    told = use.of(facts, found, use.names(facts))
    return listing.compose(found, judged, records, told, used, ["4"], waiting, POLICY)


@pytest.mark.parametrize("query", QUERIES)
def test_a_filter_survives_its_address(query):
    chosen_now = listing.from_query(query)
    assert listing.to_query(chosen_now) == query
    assert listing.from_query(listing.to_query(chosen_now)) == chosen_now


@pytest.mark.parametrize(
    "query", [{"view": ["x"], "sort": ["y"], "page": ["-1"], "state": ["ordered"], "source": ["z"], "why": [""]}]
)
def test_what_cannot_be_read_in_an_address_is_left_out(query):
    assert listing.from_query(query) == Filter()


def test_the_list_has_each_title_once_and_leaves_out_what_is_bought(store, facts):
    before = composed(store, facts)
    assert set(before["state"]) == {"none"} and before["key"].is_unique().all()
    assert before["rank"].to_list() == list(range(1, len(before) + 1))
    first, second = before.filter(pl.col("buyable")).head(2).select(list(lines.LINE)).to_dicts()
    [no] = propose(store, first)["new"]
    after = composed(store, facts)
    assert len(after) == len(before) and after.filter(no=no)["title"].to_list() == [first["title"]]
    all_for(store, no)
    choose(store, no)
    assert len(composed(store, facts)) == len(before) - 1
    [other] = chosen(store, second)
    assert states(store) == {no: "chosen", other: "chosen"}
    assert not {first["title"], second["title"]} & set(
        composed(store, facts).filter(pl.col("bib_id").is_in([first["bib_id"], second["bib_id"]]))["title"]
    )


def test_copies_are_proposed_until_somebody_says_how_many(store, facts):
    propose(store, line("まだない小説", ndc="913.6", places=[]))
    row = composed(store, facts).filter(no=FIRST).row(0, named=True)
    assert row["places"] and row["copies"] == sum(place["copies"] for place in row["places"])
    keeping.change(store, LIBRARIAN, FIRST, row["seq"], {"鳴尾図書館": 2}, 900)
    row = composed(store, facts).filter(no=FIRST).row(0, named=True)
    assert row["places"] == [{"branch": "鳴尾図書館", "copies": 2}] and row["price"] == 900


def test_the_verdict_names_the_line_that_is_the_same(store, monkeypatch):
    monkeypatch.setattr(keeping, "_alike", lambda there, found: {})
    [bought] = chosen(store, line("同じ本"))
    first, second = propose(store, line("同じ本"), line("違う本"), line("違う本"))["new"][:2]
    third = f"{second[:-1]}{int(second[-1]) + 1}"
    every = kept.every(store)
    found = every.filter(state="proposed")
    judged = pl.DataFrame(
        {name: [value] * len(found) for name, value in (("verdict", "accept"), ("reason", "理由"))},
        schema_overrides=verdicts.VERDICT,
    ).select(
        pl.col(name) if name in ("verdict", "reason") else pl.lit(None, kind).alias(name)
        for name, kind in verdicts.VERDICT.items()
    )
    told = verdicts.against(found, judged, every, AS_OF, POLICY)
    assert dict(zip(found["no"], told.select("verdict", "earlier").rows(), strict=True)) == {
        first: ("on_order", bought), second: ("accept", None), third: ("duplicate", second),
    }  # fmt: skip
    assert bought in told["reason"][0]


def test_what_is_looked_for_before_choosing_says_what_the_list_says(store, facts):
    rng = Random(3)
    rows = facts.sql(
        "SELECT DISTINCT ON (bib.unit_no) bib.title, bib.author, bib.publisher, bib.isbn, bib.volume, bib.edition, bib.pub_year, bib.ndc "
        "FROM judged JOIN facts_of_day.bib AS bib USING (bib_no)"
    ).pl().cast({"pub_year": pl.Int64}).to_dicts()  # fmt: skip
    drawn = [row | {"isbn": rng.choice([row["isbn"], None])} for row in rng.sample(rows, 30)]
    propose(
        store, *drawn, line("どこにもない本"), *(line(**row, kind="replace", of="1") for row in rng.sample(rows, 3))
    )
    found = kept.every(store)
    with identify.opened(snapshots.newest(store)) as cursor:
        decisions.attach(cursor, store)
        told = verdicts.weigh(cursor, POLICY, found, AS_OF)
        held = twice.held(cursor, POLICY, found)
    assert sorted(held) == found["no"].filter(told["verdict"] == "held").to_list() and held


def test_a_filter_lets_through_what_it_says(store, facts):
    found = composed(store, facts)
    through = {
        Filter(source=("holds",)): lambda row: "holds" in [source["kind"] for source in row["sources"]],
        Filter(verdict=("committee",)): lambda row: row["verdict"] == "committee",
        Filter(shelf_class=("9", "K")): lambda row: row["shelf_class"] in ("9", "K"),
        Filter(branch=("鳴尾図書館",)): lambda row: "鳴尾図書館" in [place["branch"] for place in row["places"]],
        Filter(why=("holds", "preferred")): lambda row: row["holds"] > 0 or row["preferred"],
        Filter(text=found["title"][0]): lambda row: found["title"][0] in row["title"],
    }  # fmt: skip
    for chosen_now, holds in through.items():
        told = listing.let_through(found, chosen_now)
        assert told["key"].to_list() == [row["key"] for row in found.iter_rows(named=True) if holds(row)]
    assert {mark for mark in found["shelf_class"]} <= set(CLASSES)
    for sort in listing.SORTS:
        assert sorted(listing.sorted_by(found.with_columns(cost="price"), sort)["key"]) == sorted(found["key"])


def test_lines_passed_over_are_shown_when_asked_for(store, facts):
    propose(store, line("見送る本"))
    voting.pass_over(store, MANAGER, POLICY, seen(store, FIRST), MEMBERS, "高いため")
    found = composed(store, facts)
    assert FIRST not in listing.let_through(found, Filter())["no"].to_list()
    [row] = listing.let_through(found, Filter(state=("passed",))).to_dicts()
    assert row["no"] == FIRST and not row["buyable"]


def test_an_order_list_has_a_row_for_each_branch_and_title(store):
    places = [{"branch": "北口図書館", "copies": 2}, {"branch": "鳴尾図書館", "copies": 1}]
    nos = chosen(
        store,
        line("山の本", places=places, price=1500, isbn="9784000000017", ndc="291"),
        line("値のない本", price=None, audience="child"),
    )
    number = keeping.order(store, LIBRARIAN, POLICY, events(store, *nos))
    found = orders.rows(kept.every(store))
    assert found.select("order", "no", "branch", "copies", "price", "cost").rows() == [
        (number, nos[0], "北口図書館", 2, 1500, 3000), (number, nos[1], "北口図書館", 1, None, None), (number, nos[0], "鳴尾図書館", 1, 1500, 1500),
    ]  # fmt: skip
    laid = orders.arriving(kept.every(store), "発注")
    assert laid.rows["copies"].sum() == 4 and set(laid.rows["ndc"].drop_nulls()) == {"291"}


def test_held_titles_stay_out_of_the_money(store, facts):
    propose(store, line(**held_title(facts)))
    row = composed(store, facts).filter(no=FIRST).row(0, named=True)
    assert row["verdict"] == "held" and not row["buyable"] and row["reason"]

"""How many titles one person may ask for: against a naive twin, one title after another."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection import policy
from collection.policy.model import VERDICTS
from collection.selection import limits
from collection.selection.signs import APPLIES, DOUBT, Weighed
from tests.policy.sign_pack import write_pack
from tests.selection.offers import AS_OF

WIDE, COMICS, SUMMER, SONGS = "ln-8-1", "ln-8-1-1", "ln-8-1-3", "ln-8-2"
MOST = {SONGS: 1, COMICS: 2, SUMMER: 2, WIDE: 4}


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return policy.load(write_pack(tmp_path_factory.mktemp("pack")), AS_OF)


def test_the_narrowest_limit_comes_first(pack):
    assert [(rule.id, rule.values["上限"]) for rule in limits.rules(pack, "request")] == list(MOST.items())
    assert limits.rules(pack, "gift") == []


def reached(pack, rows: list[dict], pairs: list[tuple[int, int]]) -> list[tuple[str | None, int | None]]:
    """(limit, counted) of rows: state, token, base and limits, the rules that count them."""
    frame = pl.DataFrame(
        [(place, row["state"], row["token"], row["base"]) for place, row in enumerate(rows)],
        schema={"row": pl.Int64, "state": pl.String, "token": pl.String, "base": pl.String}, orient="row",
    )  # fmt: skip
    outcomes = pl.DataFrame(
        [(place, *(row["limits"].get(rule) for rule in MOST)) for place, row in enumerate(rows)],
        schema={"bib_no": pl.Int32} | dict.fromkeys(MOST, pl.Int32), orient="row",
    )  # fmt: skip
    weighed = Weighed(outcomes, pl.DataFrame(), pl.DataFrame())
    links = pl.DataFrame(pairs, schema={"row": pl.Int64, "earlier": pl.Int64}, orient="row")
    found = limits.reached(frame, pack, weighed, links, "request")
    assert found.drop("limit", "counted").equals(frame)
    return found.select("limit", "counted").rows()


def twin(rows: list[dict], pairs: list[tuple[int, int]]) -> list[tuple[str | None, int | None]]:
    held, found = {token: Counter() for token in "ab"}, []
    for place, row in enumerate(rows):
        told = (None, None)
        if row["token"]:
            counts = [rule for rule in MOST if row["limits"].get(rule) == APPLIES]
            places = held[row["token"]]
            for rule in reversed(counts):
                if places[rule] >= MOST[rule]:
                    told = rule, places[rule]
            before = {earlier for later, earlier in pairs if later == place}
            new = not any(rows[earlier]["token"] == row["token"] for earlier in before)
            waits = told == (None, None) and row["base"] in ("held", "on_order", "accept", "committee")
            if new and (waits or row["state"] == "open"):
                for rule in counts:
                    places[rule] += 1
        found.append(told)
    return found


ROW = st.fixed_dictionaries(
    {
        "state": st.sampled_from([None, None, None, "open", "ordered"]), "token": st.sampled_from(["a", "a", "b", None]),
        "base": st.sampled_from([verdict for verdict in VERDICTS if verdict not in ("duplicate", "over_limit")]),
        "limits": st.dictionaries(st.sampled_from(list(MOST)), st.sampled_from([APPLIES, APPLIES, DOUBT, 0, None]), max_size=3),
    }
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.data(), rows=st.lists(ROW, max_size=14))
def test_limits_are_reached_as_in_the_twin(pack, data, rows):
    later = st.integers(1, max(1, len(rows) - 1))
    links = data.draw(st.sets(later.flatmap(lambda row: st.tuples(st.just(row), st.integers(0, row - 1))), max_size=5))
    pairs = sorted(links) if len(rows) > 1 else []
    assert reached(pack, rows, pairs) == twin(rows, pairs)


def row(*rules: str, base: str = "accept", token: str | None = "a", state: str | None = None) -> dict:
    return {"state": state, "token": token, "base": base, "limits": dict.fromkeys(rules, APPLIES)}


@pytest.mark.parametrize(
    ("base", "takes"),
    [("held", True), ("on_order", True), ("accept", True), ("committee", True), ("refuse", False), ("unclear", False)],
)
def test_what_takes_a_place(pack, base, takes):
    assert reached(pack, [row(SONGS, base=base), row(SONGS)], [])[1] == ((SONGS, 1) if takes else (None, None))


def test_a_title_over_one_limit_takes_no_place_in_another(pack):
    books = [row(WIDE) for _ in range(4)]
    assert (
        reached(pack, [row(COMICS, WIDE)] * 3 + books, [])
        == [(None, None)] * 2 + [(COMICS, 2)] + [(None, None)] * 2 + [(WIDE, 4)] * 2
    )
    assert reached(pack, [*books, *[row(COMICS, WIDE)] * 2, row(COMICS)], [])[4:] == [(WIDE, 4)] * 2 + [(None, None)]


def test_a_doubt_counts_for_no_limit(pack):
    unsure = row() | {"limits": {SONGS: DOUBT}}
    assert reached(pack, [unsure, unsure, row(SONGS)], []) == [(None, None)] * 3

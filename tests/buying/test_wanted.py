"""What asks to be bought today, against the rows of the demo library."""

import json
from math import ceil

import polars as pl
import pytest

from collection import decisions, duplicates, ledger
from collection.buying import gaps, lines, wanted
from collection.ledger import Event
from tests import committee_store
from tests.buying.buyers import LIBRARIAN, POLICY


@pytest.fixture(scope="module")
def items(cursor) -> list[dict]:
    return cursor.sql(
        "SELECT judged.*, item.item_id, item.bib_id, item.condition, item.call_number, bib.volume AS bib_volume FROM judged "
        "JOIN facts_of_day.item AS item USING (item_no) JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no"
    ).pl().to_dicts()  # fmt: skip


def worn(items: list[dict], tags: dict[str, str]) -> dict[str, str]:
    """Item → replace or worn, from the rows: the tag, the advice, or worn and wanted without another usable copy."""
    usable = {}
    for item in items:
        if item["usable"] and tags.get(item["item_id"]) != "withdraw":
            usable.setdefault(item["unit_no"], set()).add(item["item_id"])
    found = {}
    for item in items:
        tag = tags.get(item["item_id"])
        if tag == "replace":
            found[item["item_id"]] = "replace"
        elif tag in (None, "withdraw"):
            wanted_now = (item["holds"] or 0) > 0 or (item["loans_1y"] or 0) > 0
            if "replace" in (item["advice"] or "").split(";") and item["verdict"] == "candidate":
                found[item["item_id"]] = "replace"
            elif item["condition"] in ("soiled", "damaged") and wanted_now and not usable.get(item["unit_no"]):
                found[item["item_id"]] = "worn"
    return found


def told(found: pl.DataFrame) -> dict[str, str]:
    sources = found["sources"].explode().struct.unnest()
    return dict(zip(sources["of"], sources["kind"], strict=True))


def test_worn_copies_are_bought_anew(cursor, items):
    found = wanted.replacements(cursor)
    expected = worn(items, {})
    assert expected and told(found).keys() == expected.keys()
    assert {item for item, kind in told(found).items() if kind == "worn"} <= {
        item for item, kind in expected.items() if kind == "worn"
    }
    assert found.filter(pl.col("places").list.len() == 0).is_empty()


def test_what_a_person_decided_comes_before_the_advice(store, facts, items):
    advised = [item for item, kind in worn(items, {}).items() if kind == "replace"]
    healthy = [item["item_id"] for item in items if item["usable"] and item["condition"] == "good"][:2]
    tags = {advised[0]: "keep", advised[1]: "repair", healthy[0]: "replace", healthy[1]: "withdraw"}
    for item, tag in tags.items():
        committee_store.tag(store, facts, [item], tag)
    decisions.attach(facts, store)
    assert told(wanted.replacements(facts)).keys() == worn(items, tags).keys()


def test_holds_ask_for_copies_where_readers_wait(cursor):
    found, each = wanted.holds(cursor, POLICY), POLICY.parameters["複本1冊の予約"]
    asked = duplicates.asked(cursor, POLICY)
    assert found["wanted"].to_list() == asked["wanted"].to_list()
    for line, holds_at in zip(found.iter_rows(named=True), asked["holds_at"], strict=True):
        waiting = dict(
            (part.rsplit(" ", 1)[0], int(part.rsplit(" ", 1)[1])) for part in (holds_at or "").split(";") if part
        )
        placed = {place["branch"]: place["copies"] for place in line["places"]}
        assert sum(placed.values()) == line["wanted"] or not waiting
        assert all(copies <= ceil(waiting[branch] / each) for branch, copies in placed.items())


@pytest.mark.parametrize(
    ("copies", "holds_at", "expected"),
    [
        (3, "北口図書館 7;鳴尾図書館 2", {"北口図書館": 3}),
        (4, "北口図書館 7;鳴尾図書館 2", {"北口図書館": 3, "鳴尾図書館": 1}),
        (2, None, {}),
    ],
)
def test_copies_for_holds_are_spread(copies, holds_at, expected):
    assert {place["branch"]: place["copies"] for place in wanted._spread(copies, holds_at, 3)} == expected


def test_requests_of_one_title_are_one_line(store):
    def request(no: str, state: str, **details) -> Event:
        return Event("take_request", no, state, details=details)

    with ledger.writing(store) as connection:
        ledger.append(connection, LIBRARIAN, [
            request("R2025-0001", "accepted", title="頼まれた本", price=1500), request("R2025-0002", "joined", title="頼まれた本", joined_to="R2025-0001"),
            request("R2025-0003", "to_committee", title="審議の本"), request("R2025-0004", "refused", title="断った本"),
            request("R2025-0005", "joined", title="終わった本", joined_to="R2024-0009"),
        ])  # fmt: skip
    found, waiting = wanted.requests(store)
    assert found["title"].to_list() == ["頼まれた本", "審議の本"]
    assert found.select(lines.count_of("request")).to_series().to_list() == [2, 1]
    assert waiting == {"R2025-0001", "R2025-0002", "R2025-0003"}


def test_short_classes_name_titles_that_had_readers_and_are_gone(cursor):
    from_year = 2025 - POLICY.parameters[wanted.YEARS]
    found = wanted.known(cursor, POLICY, list("0123456789K"))
    usable = {
        row[0]
        for row in cursor.sql(
            "SELECT DISTINCT bib.unit_no FROM judged JOIN facts_of_day.bib AS bib USING (bib_no) WHERE usable"
        ).fetchall()
    }
    for bib_id in found["bib_id"]:
        unit, year = cursor.execute(
            "SELECT unit_no, pub_year FROM facts_of_day.bib WHERE bib_id = ?", [bib_id]
        ).fetchall()[0]
        assert unit not in usable and year >= from_year
    per_class = found.group_by(pl.col("sources").list.first().struct.field("of")).len()
    assert per_class["len"].max() is None or per_class["len"].max() <= POLICY.parameters[wanted.EACH]
    assert wanted.known(cursor, POLICY, []).is_empty()


def test_a_class_is_short_below_its_target_and_chosen_books_fill_it(cursor):
    found, against = gaps.of(cursor, POLICY, gaps.arriving(lines.frame([])))
    assert against == gaps.TARGETS
    for row in found.iter_rows(named=True):
        low = row["target"] is not None and row["share"] < row["target"] - row["tolerance"] - 1e-9
        assert row["short"] == (low and row["mark"] != "-")
    short = found.filter("short")
    if len(short):
        mark, need = short["mark"][0], short["after_gap"][0]
        kind = {"audience": "child"} if mark == "K" else {"ndc": f"{mark}00"}
        coming = lines.frame([{"title": "山ほど", "places": [{"branch": "北口図書館", "copies": need * 2}], **kind}])
        assert not gaps.of(cursor, POLICY, gaps.arriving(coming))[0].filter(mark=mark)["short"][0]


def test_lines_of_the_day_carry_the_fields_of_their_records(cursor):
    found = wanted.of_the_day(cursor, POLICY, [])
    assert len(found) and found["title"].null_count() == 0
    known = found.filter(pl.col("bib_id").is_not_null())
    records = wanted.titles(cursor, known["bib_id"].to_list())
    assert records.schema["holds"] == pl.Int64
    assert set(known["title"]) <= set(records["title"])
    assert json.loads(found.head(1).write_json())[0]["sources"]

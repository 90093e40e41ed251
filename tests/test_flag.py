"""The flag engine against its naive twin, and the sentences of SEMANTICS one by one."""

from datetime import timedelta
from pathlib import Path
from random import Random
from shutil import copytree

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection import ledger, overview, steps
from collection.facts import decided_on
from collection.flag import flag, judge
from collection.ledger import Event
from collection.policy import Policy
from collection.policy.load import load
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect, connect_flags
from tests import naive_flag, small_store
from tests.random_library import AS_OF, random_library, random_pairs, write_pairs, write_snapshot

PACK = Path(__file__).parents[1] / "data" / "policies" / "nishinomiya"
POLICY = load(PACK, AS_OF)
FACTS = (
    "last_use", "idle_years", "years_held", "years_published", "years_since_issue", "years_overdue",
    "years_since_reminder", "years_since_missing", "inventories_missed", "loans_1y", "loans_3y", "in_house_1y", "holds", "copies",
    "copies_branch", "surplus", "superseded", "usable", "class_idle_years", "class_shelf_life", "use_only",
    "subject_literature", "circulates", "annual", "retention_years", "retention_permanent", "local_clue", "listed",
    "kept", "kept_until", "named_collection",
)  # fmt: skip


DECISION = {
    "item_id": pl.String, "tag": pl.String, "tag_until": pl.String, "road": pl.String, "entry": pl.String,
    "list_state": pl.String, "named": pl.String,
}  # fmt: skip


def random_decisions(rng: Random, library: dict, share: float) -> dict[str, dict]:
    """item_id → tag, until, road, named: what people may have decided on a part of a library."""
    return {
        item["item_id"]: {
            "tag": rng.choice([*steps.TAGS, "keep", "keep", "withdraw", None]),
            "until": rng.choice([None, AS_OF, AS_OF - timedelta(days=1), AS_OF + timedelta(days=90)]),
            "road": rng.choice([None, None, None, "to_offer", "given", "readmitted"]),
            "named": rng.choice([None, None, "山川文庫"]),
        }
        for item in library["item"]
        if rng.random() < share
    }


def decision_rows(decided: dict[str, dict]) -> pl.DataFrame:
    """The same as decisions.Decided.items tells it."""
    rows = [
        (item, known["tag"], known["until"] and known["until"].isoformat(), known["road"], None, None, known["named"])
        for item, known in decided.items()
    ]
    return decided_on(pl.DataFrame(rows, schema=DECISION, orient="row"), AS_OF)


def judged_rows(
    folder: Path, library: dict, decided: dict | None = None, policy: Policy = POLICY, pairs: list[dict] | None = None
) -> dict[int, dict]:
    snapshot = write_snapshot(folder / "snapshot.duckdb", library)
    similar = write_pairs(folder / "pairs.duckdb", pairs) if pairs else None
    with connect(folder / "flags.duckdb", attach={"facts_of_day": snapshot}) as connection:
        judge(connection, policy, AS_OF, decision_rows(decided or {}), similar)
        return {row["item_no"]: row for row in connection.sql("SELECT * FROM judged").pl().to_dicts()}


@pytest.fixture
def fresh(tmp_path_factory):
    return lambda: tmp_path_factory.mktemp("library")


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6), items=st.integers(1, 160), titles=st.sampled_from([0.2, 0.5, 1.0]),
    share=st.sampled_from([0, 0.2, 0.6]),
)  # fmt: skip
def test_facts_and_verdicts_equal_the_naive_twin(tmp_path_factory, seed, items, titles, share):
    library = random_library(Random(seed), items, titles)
    decided = random_decisions(Random(seed), library, share)
    check_twin(tmp_path_factory.mktemp("library"), library, decided, POLICY, random_pairs(Random(seed), library))


def check_twin(folder: Path, library: dict, decided: dict, policy: Policy, pairs: list[dict] = ()) -> dict:
    """Facts and verdicts of every item as the naive twin tells them."""
    judged = judged_rows(folder, library, decided, policy, pairs)
    naive = naive_flag.facts(policy, library, decided)
    assert judged.keys() == naive.keys()
    for number, row in naive.items():
        assert {name: judged[number][name] for name in FACTS} == {name: row[name] for name in FACTS}
    expected = naive_flag.verdicts(policy, naive, pairs)
    words = {(pair["bib_no"], pair["other_no"]): pair["shared_words"] for pair in pairs}
    for number, row in expected.items():
        told = {name: judged[number][name] for name in row}
        assert told == row, naive[number]
        similar = row["survivor_kind"] == "similar" and (naive[number], naive[row["survivor_item_no"]])
        shared = words[similar[0]["bib_no"], similar[1]["bib_no"]] if similar else None
        assert judged[number]["survivor_words"] == shared
    return judged


def test_some_items_go_for_a_similar_title_as_the_naive_twin_says(tmp_path):
    library = random_library(Random(1), 4000, 0.4)
    judged = check_twin(tmp_path, library, {}, POLICY, random_pairs(Random(1), library, 0.05))
    assert [row["survivor_kind"] for row in judged.values()].count("similar") > 5


def test_survivors_hold_on_a_large_random_library(tmp_path):
    """SEMANTICS, the survivor guarantee, on 200,000 items."""
    library = random_library(Random(2025), 200_000, 0.3)
    pairs = random_pairs(Random(2025), library, 2e-5)
    judged = judged_rows(tmp_path, library, pairs=pairs)
    check_guarantee(library, judged)
    assert sum(row["survivor_item_no"] is not None for row in judged.values()) > 1000


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6), items=st.integers(1, 400), titles=st.sampled_from([0.05, 0.2, 0.6]),
    share=st.sampled_from([0, 0.1, 0.5]),
)  # fmt: skip
def test_survivors_hold_on_random_libraries(tmp_path_factory, seed, items, titles, share):
    library = random_library(Random(seed), items, titles)
    decided = random_decisions(Random(seed), library, share)
    leaving = {number for number, row in naive_flag.facts(POLICY, library, decided).items() if row["leaving"]}
    pairs = random_pairs(Random(seed), library)
    check_guarantee(library, judged_rows(tmp_path_factory.mktemp("library"), library, decided, pairs=pairs), leaving)


def check_guarantee(
    library: dict, judged: dict[int, dict], leaving: set[int] = frozenset(), policy: Policy = POLICY
) -> None:
    """Take away every flagged item, and all that people let go: each named survivor is there, usable, of the right kind;
    no work is lost."""
    placed = naive_flag.parts(library)
    items = {item["item_no"]: item for item in library["item"]}
    rank = {
        item["item_no"]: library["bib"][item["bib_no"]]["edition_rank"] if item["bib_no"] is not None else None
        for item in library["item"]
    }
    flagged = {number for number, row in judged.items() if row["verdict"] == "candidate"}
    needs = naive_flag.needing(policy)
    replaced = {number for number in flagged if needs & set(judged[number]["criteria"].split(";"))}
    for number in replaced:
        row = judged[number]
        stays = row["survivor_item_no"]
        assert stays is not None
        assert stays not in flagged
        assert stays not in leaving
        assert stays != number
        assert usable(items[stays])
        kind = row["survivor_kind"]
        assert (placed[stays][1] == placed[number][1]) == (kind == "copy")
        if kind == "edition":
            assert placed[stays][0] == placed[number][0]
            assert rank[stays] > rank[number]
        if kind == "similar":
            assert placed[stays][0] != placed[number][0]
            assert row["subject_literature"] and row["survivor_words"]
    stocked = {placed[number][0] for number in replaced if usable(items[number])}
    left = {placed[number][0] for number in judged.keys() - flagged - leaving if usable(items[number])}
    assert stocked <= left


def usable(item: dict) -> bool:
    return (
        item["status"] not in ("missing", "withdrawn")
        and item["condition"] not in ("soiled", "damaged")
        and not item["unrecoverable"]
        and item["source"] != "deposit"
        and item["gone_on"] is None
    )


def verdicts(flags: Path) -> list[tuple]:
    with connect_flags(flags) as cursor:
        return cursor.execute("SELECT * FROM judged ORDER BY item_no").fetchall()


def test_flags_know_the_decisions_and_can_be_made_again_as_they_were(flagged, tmp_path):
    """A kept candidate is kept, a leaving survivor is nobody's; under the old ledger state the old flags come back."""
    copytree(flagged.parent, tmp_path / "holdings")
    day = small_store.demo.AS_OF
    [candidate, *_] = small_store.items_of(flagged, "criterion = '8-2-2' AND verdict = 'candidate'")
    named = "item_no IN (SELECT survivor_item_no FROM f.judged WHERE survivor_kind = 'copy') AND verdict IS NULL"
    [survivor, *_] = small_store.items_of(flagged, named)
    librarian = Person("a", "山田", frozenset({"librarian"}))
    with ledger.writing(tmp_path) as connection:
        ledger.append(connection, librarian, [
            Event("tag", candidate, "keep", item_id=candidate, reason="郷土の棚に要る", details={"until": day.isoformat()}),
            Event("tag", survivor, "withdraw", item_id=survivor, clause="8-2-1", reason="水ぬれ"),
        ])  # fmt: skip
    after = flag(tmp_path, POLICY, day)
    assert after != flagged
    kept = f"item_id = '{candidate}' AND verdict = 'keep' AND rule = 'km-8-1-kept' AND kept_until = DATE '{day}'"
    assert small_store.items_of(after, kept) == [candidate]
    used = f"survivor_item_no = (SELECT item_no FROM s.item WHERE item_id = '{survivor}')"
    assert small_store.items_of(flagged, used)
    assert not small_store.items_of(after, used)
    with connect_flags(after) as cursor:
        assert overview.judging(cursor)["ledger_seq"] == 2
    assert flag(tmp_path, POLICY, day) == after
    again = flag(tmp_path, POLICY, day, snapshot=snapshots.newest(tmp_path), until=0)
    assert again.name == flagged.name
    assert verdicts(again) == verdicts(flagged)


def test_without_loan_figures_nobody_knows_which_copies_are_surplus(tmp_path):
    library = random_library(Random(11), 150, 0.3) | {"loan": []}
    snapshot = write_snapshot(tmp_path / "snapshot.duckdb", library)
    with connect(snapshot) as connection:
        connection.execute("UPDATE meta SET loans_from = NULL, loans_to = NULL")
    with connect(tmp_path / "flags.duckdb", attach={"facts_of_day": snapshot}) as connection:
        judge(connection, POLICY, AS_OF)
        found = connection.sql("SELECT copies_branch, surplus FROM judged WHERE usable").fetchall()
    assert {surplus for copies, surplus in found if copies == 1} == {False}
    assert {surplus for copies, surplus in found if copies > 1} == {False, None}

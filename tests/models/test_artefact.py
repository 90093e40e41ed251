"""Artefacts: published whole or not at all, refused when anything they rest on has changed, and their drift."""

import json
import os
import shutil
from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection.store import snapshots
from collection.store.connection import connect, connect_flags
from models import artefact, drift
from tests.random_library import AS_OF

FIGURES = {"learnt_from": {"rows": 3}, "spread": {"age": {"edges": [1], "shares": [0.25, 0.75]}}, "seconds": 0.5}


@pytest.fixture
def toy(monkeypatch, tmp_path):
    """The folder of a model whose code a test may change."""
    folder = tmp_path / "models" / "toy"
    folder.mkdir(parents=True)
    (folder / "train.py").write_text("# one", encoding="utf-8")
    monkeypatch.setattr(artefact, "MODELS", folder.parent)
    artefact._code.cache_clear()
    yield folder
    artefact._code.cache_clear()


@pytest.fixture
def flags(store):
    return snapshots.newest_flags(store)


def make(flags, number: int = 1, figures: dict = FIGURES) -> artefact.Manifest:
    with artefact.building(snapshots.newest(flags.parents[1]), "toy", flags) as making:
        making.connection.execute(f"CREATE TABLE learnt AS SELECT {number} AS number")
        return making.finish(figures)


def number_in(flags) -> int:
    snapshot = snapshots.newest(flags.parents[1])
    with connect_flags(flags) as cursor:
        schema = artefact.attached(cursor, artefact.found(snapshot, "toy"))
        return cursor.execute(f"SELECT number FROM {schema}.learnt").fetchone()[0]


def files(flags) -> list[str]:
    return sorted(file.name for file in flags.parent.glob("*toy*"))


def test_what_is_made_is_found_with_its_manifest(toy, flags):
    snapshot = snapshots.newest(flags.parents[1])
    assert artefact.found(snapshot, "toy") is None and artefact.refused(snapshot, "toy") == []
    made = make(flags)
    file = artefact.found(snapshot, "toy")
    assert artefact.manifest(file) == made and artefact.refused(snapshot, "toy") == []
    assert (made.model, made.snapshot, made.flags, made.seed) == ("toy", snapshot.name, flags.name, artefact.SEED)
    assert made.figures == FIGURES and set(made.versions) == {"python", *artefact.LIBRARIES}
    assert number_in(flags) == 1


def test_making_again_takes_the_place_also_beside_a_reader(toy, flags):
    make(flags)
    snapshot = snapshots.newest(flags.parents[1])
    with connect_flags(flags) as cursor:
        before = artefact.attached(cursor, artefact.found(snapshot, "toy"))
        make(flags, 2)
        os.utime(artefact.found(snapshot, "toy"), ns=(1, 1))
        after = artefact.attached(cursor, artefact.found(snapshot, "toy"))
        numbers = [cursor.execute(f"SELECT number FROM {name}.learnt").fetchone()[0] for name in (before, after)]
    assert numbers == [1, 2] and len(files(flags)) == 1


def test_one_that_fails_leaves_what_was_there(toy, flags):
    make(flags)
    with pytest.raises(ZeroDivisionError), artefact.building(snapshots.newest(flags.parents[1]), "toy") as making:
        making.finish({"share": 1 / 0})
    assert number_in(flags) == 1 and len(files(flags)) == 1


def test_other_code_is_refused_and_replaced_when_it_is_made_again(toy, flags):
    made = make(flags)
    snapshot = snapshots.newest(flags.parents[1])
    (toy / "train.py").write_text("# two", encoding="utf-8")
    artefact._code.cache_clear()
    assert artefact.found(snapshot, "toy") is None and len(artefact.refused(snapshot, "toy")) == 1
    again = make(flags, 2)
    assert again.code != made.code and again.form != made.form
    assert artefact.refused(snapshot, "toy") == [] and len(files(flags)) == 1


def test_a_query_of_the_model_counts_as_code_and_its_card_does_not(toy, flags):
    snapshot = snapshots.newest(flags.parents[1])
    before = artefact.form(snapshot, "toy")
    for name, same in (("card.md", True), ("features.sql", False)):
        (toy / name).write_text("# one", encoding="utf-8")
        artefact._code.cache_clear()
        assert (artefact.form(snapshot, "toy") == before) is same


@pytest.mark.parametrize("harm", ["renamed", "cut", "empty", "of_another_form"])
def test_what_is_not_what_its_name_says_is_refused(toy, flags, harm):
    make(flags)
    snapshot = snapshots.newest(flags.parents[1])
    file = artefact.found(snapshot, "toy")
    if harm == "renamed":
        target = file.with_name(file.name.replace(artefact.form(snapshot, "toy"), "0" * 8))
        file.rename(target)
        assert artefact.manifest(target) is None
    elif harm == "of_another_form":
        with connect(file) as connection:
            (told,) = connection.execute("FROM manifest").fetchone()
            connection.execute("UPDATE manifest SET told = ?", [json.dumps(json.loads(told) | {"form": "0" * 8})])
    else:
        file.write_bytes(file.read_bytes()[:5000] if harm == "cut" else b"")
    assert artefact.found(snapshot, "toy") is None and len(artefact.refused(snapshot, "toy")) == 1


def test_facts_that_were_imported_again_are_other_facts(toy, flags):
    make(flags)
    snapshot = snapshots.newest(flags.parents[1])
    with connect(snapshot) as connection:
        connection.execute("UPDATE import_file SET imported_at = imported_at + INTERVAL 1 SECOND")
    assert artefact.found(snapshot, "toy") is None


def test_without_flags_the_facts_alone_are_there(toy, flags):
    snapshot = snapshots.newest(flags.parents[1])
    with artefact.building(snapshot, "toy") as making:
        attached = {
            name for (name,) in making.connection.execute("SELECT database_name FROM duckdb_databases()").fetchall()
        }
        assert making.finish(FIGURES).flags is None
    assert "facts_of_day" in attached and "flags" not in attached
    assert artefact.found(snapshot, "toy")


def test_the_earlier_one_is_that_of_the_snapshot_before_and_of_the_same_code(toy, flags):
    snapshot = snapshots.newest(flags.parents[1])
    before = shutil.copy(snapshot, snapshot.with_name("2024-04-01-0123456789ab.duckdb"))
    for file in (before, snapshot):
        with artefact.building(file, "toy") as making:
            making.finish(FIGURES)
    assert artefact.found(before, "toy") and artefact.earlier(snapshot, "toy") == artefact.found(before, "toy")
    assert artefact.earlier(before, "toy") is None
    (toy / "train.py").write_text("# two", encoding="utf-8")
    artefact._code.cache_clear()
    assert artefact.earlier(snapshot, "toy") is None


# ── drift


def manifest(spread: dict) -> artefact.Manifest:
    return artefact.Manifest(
        "toy", "0", "2025-04-01T00:00:00Z", f"{AS_OF}-0.duckdb", "f", "c", {}, 1, {"spread": spread}
    )


def test_the_index_of_a_small_case_by_hand():
    assert drift.index([0.5, 0.5], [0.5, 0.5]) == 0
    assert drift.index([0.75, 0.25], [0.5, 0.5]) == pytest.approx(0.25 * log(1.5) - 0.25 * log(0.5))
    assert drift.index([1.0, 0.0], [0.0, 1.0]) == pytest.approx(2 * (1 - 1e-4) * log(1e4))


shares = st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(any).map(lambda n: [one / sum(n) for one in n])


@given(shares, shares)
def test_the_index_is_never_negative_and_the_same_both_ways(now, before):
    found = drift.index(now, before)
    assert found >= 0 and found == pytest.approx(drift.index(before, now)) and (found == 0) == (now == before)


@pytest.mark.parametrize(
    ("index", "word"), [(0, "same"), (0.0999, "same"), (0.1, "rather"), (0.25, "much"), (9, "much")]
)
def test_how_an_index_reads(index, word):
    assert drift.told(index) == word


def test_only_what_was_counted_over_the_same_bins_is_compared():
    now = manifest({"age": {"edges": [1], "shares": [0.5, 0.5]}, "use": {"edges": [1], "shares": [1, 0]}})
    before = manifest({"age": {"edges": [1], "shares": [0.5, 0.5]}, "use": {"edges": [2], "shares": [1, 0]}})
    assert drift.between(now, before) == {"age": 0}
    assert drift.between(now, replace(before, figures={"spread": {}})) == {}

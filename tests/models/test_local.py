"""隠れた地域資料: the counting against plain Python, the figures by hand, and no record judged by words it taught."""

import re
from collections import Counter
from contextlib import contextmanager
from hashlib import md5

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from collection import flag, local, words
from collection.progress import silent
from collection.store.connection import connect, connect_flags
from collection.store.snapshots import newest
from collection.words import Problem
from models import artefact
from models.local import train as model
from tests.models import local_town
from tests.random_library import AS_OF
from tests.road_store import POLICY


@pytest.fixture(scope="module")
def library() -> dict[str, list[dict]]:
    return local_town.town()


@pytest.fixture(scope="module")
def snapshot(library, tmp_path_factory):
    return local_town.write(tmp_path_factory.mktemp("town"), library)


@pytest.fixture(scope="module")
def made(snapshot):
    """The flags of the town and the manifest of the model trained over it."""
    store = snapshot.parents[1]
    flags = flag.flag(store, POLICY, AS_OF)
    return flags, models.train(store, flags, POLICY, "local")


@contextmanager
def opened(snapshot):
    with connect(attach={"facts_of_day": snapshot}) as connection:
        yield connection, model.read(connection, POLICY)


def learnt(snapshot) -> artefact.Manifest:
    """The same without flags, which nothing is learnt from."""
    with artefact.building(snapshot, "local") as making:
        return making.finish(model.train(making.connection, snapshot.parents[1], POLICY, silent))


def table(file, name: str) -> list[tuple]:
    """A table of the artefact over a snapshot, or over the snapshot of a flags file."""
    with connect(artefact.found(newest(file.parents[1]), "local"), read_only=True) as connection:
        return connection.execute(f"FROM {name}").fetchall()


# ── the same in plain Python


def said(bib: dict) -> set[tuple[str, str]]:
    """The words of a record, kind and word."""
    text = " ".join(part for part in (bib["title"], (bib["subjects"] or "").replace(";", " ")) if part)
    found = {("author", name.strip()) for name in (bib["author"] or "").split(";") if name.strip()}
    for kind, said in (("word", text), ("publisher", bib["publisher"] or "")):
        for run in re.findall("[一-龥ヶ]{2,}|[ァ-ヴー]{2,}", said):
            kanji = re.search("[一-龥]", run)
            lengths = range(2, 6) if kanji else [len(run)]
            found |= {(kind, run[at : at + n]) for n in lengths for at in range(len(run) - n + 1)}
    return found | ({("publisher", bib["publisher"])} if bib["publisher"] else set())


def half(bib: dict) -> int:
    return ord(md5(f"{artefact.SEED}/{bib['work_no']}".encode()).hexdigest()[-1]) % 2


def mark(bib: dict) -> bool | None:
    if bib["local"] is None:
        return False
    return True if {"local", "official"} & set(bib["local"].split(";")) else None


def naive_vocabulary(bibs: list[dict], of_half: int) -> set[tuple[str, str]]:
    records, works = Counter(), {}
    for bib in bibs:
        if half(bib) != of_half or mark(bib) is None:
            continue
        for word in said(bib):
            records[word] += 1
            if mark(bib):
                works.setdefault(word, set()).add(bib["work_no"])
    enough = [word for word, of in works.items() if len(of) >= model.LEAST_WORKS]
    return {
        (kind, word) for kind, word in enough
        if not any(other[0] == kind and other[1] != word and word in other[1] and records[other] == records[kind, word]
                   for other in enough)
    }  # fmt: skip


def test_records_and_words_are_those_of_plain_python(library, snapshot):
    with opened(snapshot) as (connection, records):
        told = {row["bib_no"]: (row["half"], row["marked"]) for row in records.iter_rows(named=True)}
        assert told == {bib["bib_no"]: (half(bib), mark(bib)) for bib in library["bib"]}
        assert {True, False, None} == {marked for _, marked in told.values()}
        tokens = set(connection.execute("SELECT bib_no, kind, word FROM token").fetchall())
        assert tokens == {(bib["bib_no"], *word) for bib in library["bib"] for word in said(bib)}
        for of_half in (0, 1):
            learnt, _ = model.learn(connection, records, of_half)
            expected = naive_vocabulary(library["bib"], of_half)
            assert set(learnt.select("kind", "word").iter_rows()) == expected != set()


def test_the_words_told_are_counted_as_plain_python_counts_them(library, made):
    counted, marked = Counter(), Counter()
    for bib in library["bib"]:
        for word in said(bib) if mark(bib) is not None else ():
            counted[word] += 1
            marked[word] += mark(bib)
    told = table(made[0], "local_word")
    assert {(kind, word): (n, of) for kind, word, _, n, of in told} == {
        (kind, word): (counted[kind, word], marked[kind, word]) for kind, word, *_ in told
    }
    assert all(weight >= model.POINTS for _, _, weight, _, _ in told)
    assert {("word", place) for place in local_town.PLACES} <= {(kind, word) for kind, word, *_ in told}


def test_hidden_local_records_are_found_by_words_that_a_person_can_check(library, made):
    titles = table(made[0], "local_title")
    hidden, bibs = local_town.hidden(library), {bib["bib_no"]: bib for bib in library["bib"]}
    assert len({bib_no for bib_no, *_ in titles} & hidden) >= 0.9 * len(hidden) > 20
    known = {word for _, word, *_ in table(made[0], "local_word")}
    for bib_no, likely, words_told in titles:
        assert bibs[bib_no]["local"] is None and likely >= round(made[1].figures["line"], 4)
        own = {word for _, word in said(bibs[bib_no])}
        assert set(words_told.split(";")) <= own & known and len(words_told.split(";")) <= model.MOST_WORDS
    assert [likely for _, likely, _ in titles] == sorted((likely for _, likely, _ in titles), reverse=True)


def test_the_figures_are_those_of_the_half_that_was_held_out(library, made):
    figures = made[1].figures
    held_out = [bib for bib in library["bib"] if half(bib) == 1 and mark(bib) is not None]
    marked = sum(mark(bib) for bib in held_out)
    assert (figures["held_out"]["records"], figures["held_out"]["marked"]) == (len(held_out), marked)
    clued = [bib for bib in held_out if local_town.PLACES[-1] in bib["title"]]  # the pack's list knows but this place
    told = figures["held_out"]["list"]
    assert (told["found"], told["right"]) == (len(clued), sum(mark(bib) for bib in clued))
    found = figures["held_out"]["model"]
    assert found["precision"] >= model.PRECISION and found["recall"] > told["recall"]
    assert figures["held_out"]["both"]["found"] >= max(found["found"], told["found"])
    assert figures["marked"] == sum(mark(bib) or 0 for bib in library["bib"])
    assert figures["listed"] == len(table(made[0], "local_title"))
    for spread in figures["spread"].values():
        assert len(spread["shares"]) == len(spread["edges"]) + 1 and sum(spread["shares"]) == pytest.approx(1, abs=1e-5)


# ── no leakage


def test_no_work_is_on_both_sides(snapshot):
    with opened(snapshot) as (_, records):
        assert records.select("work_no", "half").unique().height == records["work_no"].n_unique()
        assert 0.4 < records["half"].mean() < 0.6


@pytest.mark.parametrize("of_half", [0, 1])
def test_what_is_learnt_from_a_half_knows_nothing_of_the_other(library, snapshot, tmp_path, of_half):
    other = [
        bib
        if half(bib) == of_half
        else bib | {"title": "霧浜の謎", "publisher": "別", "subjects": None, "local": "local"}
        for bib in library["bib"]
    ]
    changed = local_town.write(tmp_path, library | {"bib": other})
    weights = []
    for file in (snapshot, changed):
        with opened(file) as (connection, records):
            weights.append(model.learn(connection, records, of_half)[0].rows())
    assert weights[0] == weights[1]


def test_it_learns_the_same_again(made, tmp_path, library):
    snapshot = local_town.write(tmp_path, library)
    again = learnt(snapshot)
    for name in ("local_title", "local_word"):
        assert table(snapshot, name) == table(made[0], name)
    assert again.figures == {name: value for name, value in made[1].figures.items() if name != "seconds"}


# ── the measures by hand

MARKED = np.array([True, False, True, True, False, False])
ORDER = np.array([0.9, 0.8, 0.8, 0.3, 0.2, 0.1])


def test_measures_of_a_small_case_by_hand(monkeypatch):
    found = model.measured(MARKED, ORDER >= 0.8, ORDER)
    assert found == {"found": 3, "right": 2, "precision": 2 / 3, "recall": 2 / 3, "first": 3, "first_right": 2}
    monkeypatch.setattr(model, "FIRST", 2)  # of two that are equally likely the first in order counts
    assert model.measured(MARKED, ORDER >= 0.2, ORDER)["first_right"] == 1
    nothing = model.measured(MARKED, ORDER > 1, ORDER)
    assert (nothing["found"], nothing["precision"], nothing["recall"], nothing["first"]) == (0, None, 0, 0)


def naive_line(marked: list[bool], likely: list[float]) -> float | None:
    for line in sorted(set(likely)):
        above = [is_marked for is_marked, value in zip(marked, likely, strict=True) if value >= line]
        if sum(above) >= model.PRECISION * len(above):
            return line
    return None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=30))
def test_the_line_is_the_lowest_that_keeps_the_precision(rows):
    marked, likely = [mark for mark, _ in rows], [value / 6 for _, value in rows]
    assert model.line_of(np.array(marked), np.array(likely)) == naive_line(marked, likely)


# ── too little


def test_too_few_marked_records_are_told_and_leave_nothing(tmp_path):
    snapshot = local_town.write(tmp_path, local_town.town(records=300))
    with pytest.raises(Problem) as problem:
        learnt(snapshot)
    assert problem.value.key == "models_local.too_few" and words.say("models_local.too_few", **problem.value.values)
    assert list(snapshot.parent.iterdir()) == [snapshot]


def test_marked_records_without_a_word_in_common(tmp_path):
    library = local_town.town()
    for bib in library["bib"]:
        bib |= {"title": "ほん", "subjects": None, "publisher": None, "author": None}
    with pytest.raises(Problem) as problem:
        learnt(local_town.write(tmp_path, library))
    assert problem.value.key == "models_local.no_words"


def test_where_the_precision_is_out_of_reach_nothing_is_listed(tmp_path):
    library = local_town.town()
    for number, bib in enumerate(library["bib"]):
        bib |= {"title": "渚町の本", "subjects": None, "publisher": None, "author": None}
        bib["local"] = "local" if number % 10 == 0 else None
    manifest = learnt(local_town.write(tmp_path, library))
    assert manifest.figures["line"] is None and manifest.figures["listed"] == 0
    assert manifest.figures["held_out"]["model"]["found"] == 0


# ── what the screens read


@pytest.fixture(scope="module")
def read(made):
    """The list of the screen 地域資料 and the words of the screen モデル."""
    with connect_flags(made[0]) as cursor:
        schema = artefact.attached(cursor, artefact.found(newest(made[0].parents[1]), "local"))
        yield local.likely(cursor, schema), local.words(cursor, schema, POLICY)


def test_the_list_has_the_held_items_of_every_listed_record(made, read):
    found, _ = read
    listed = {bib_no for bib_no, *_ in table(made[0], "local_title")}
    with connect_flags(made[0]) as cursor:
        judged = cursor.execute(
            "SELECT item_id, j.bib_no, verdict FROM judged j JOIN facts_of_day.item USING (item_no)"
        ).fetchall()
    held = [row for row in judged if row[1] in listed]
    assert sorted(found.select("item_id", "bib_no", "verdict").rows()) == sorted(held)
    told = local.records(found)
    assert told["bib_no"].n_unique() == told.height == len({bib_no for _, bib_no, _ in held})
    for row in told.iter_rows(named=True):
        verdicts = {item: verdict for item, bib_no, verdict in held if bib_no == row["bib_no"]}
        candidates = [item for item, verdict in verdicts.items() if verdict == "candidate"]
        assert (row["items"], row["candidates"]) == (len(verdicts), len(candidates))
        assert row["item_id"] in (candidates or verdicts)
    order = [(row["candidates"] == 0, -row["likely"]) for row in told.iter_rows(named=True)]
    assert order == sorted(order) and told["candidates"].sum()


def test_words_that_the_pack_knows_are_told_apart(read):
    clues = {(row["kind"], row["word"]): row["clue"] for row in read[1].iter_rows(named=True)}
    assert clues["word", "鳴尾"] == "鳴尾" and clues["word", "渚町"] is None
    assert clues["publisher", local_town.OFFICE] is None

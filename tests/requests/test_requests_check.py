"""2,000 mixed requests: each has the verdict and the clause that are right, whatever else stands in the file."""

import csv
from random import Random

import polars as pl
import pytest

from collection import decisions
from collection.__main__ import main
from collection.policy.signs import TOGETHER
from collection.requests import checking, reading, standing, taking, tokens
from collection.roles import Person
from collection.selection import check, identify
from collection.store import snapshots
from tests import requests_file
from tests.requests_file import AS_OF

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
TIED = ("twice", "busy")  # kinds whose verdict rests on other rows


@pytest.fixture(scope="module")
def rows(library) -> list[dict]:
    return requests_file.requests(library[1])


@pytest.fixture(scope="module")
def file(rows, tmp_path_factory):
    return requests_file.write(tmp_path_factory.mktemp("file") / "リクエスト.csv", rows)


@pytest.fixture(scope="module")
def titles(library, file) -> pl.DataFrame:
    return reading.read(file, tokens.hasher(library[0])).titles


@pytest.fixture(scope="module")
def answer(library, pack, titles):
    return checking.answer(library[0], snapshots.newest(library[0]), pack, titles, AS_OF)


def test_every_verdict_and_clause_is_right(library, rows, file, tmp_path, capsys):
    out = tmp_path / "判定.csv"
    asked = ["--policy", "nishinomiya", "--as-of", AS_OF.isoformat(), "--in", str(file), "--out", str(out)]
    assert main(["check-requests", "--store", str(library[0]), *asked]) == 1  # ten say neither title nor ISBN
    assert len(rows) == 2000
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as source:
        found = list(csv.DictReader(source))
    assert list(found[0]) == list(checking.RESULT)
    wrong = [
        (row["kind"], row["title"] if "title" in row else row["isbn"], said["verdict"], said["rule"], said["reason"])
        for row, said in zip(rows, found, strict=True)
        if (row["request_id"], row["verdict"], row["rule"]) != (said["request_id"], said["verdict"], said["rule"])
    ]
    assert wrong == []
    assert all(said["reason"] and said["article"] for said in found)
    assert requests_file.BUSY not in out.read_text(encoding="utf-8-sig")
    assert all((said["matched_bib_id"] != "") == (said["match_score"] != "") for said in found)
    printed = capsys.readouterr().out
    assert "2,000件" in printed and f"受付 {sum(row['verdict'] == 'accept' for row in rows):,}件" in printed


def test_the_matched_record_is_the_one_that_was_meant(library, rows, answer):
    meant = {record["isbn"]: record["bib_id"] for record in library[1]}
    found = dict(zip((row["request_id"] for row in rows), checking.result(answer)["matched_bib_id"], strict=True))
    by_isbn = [row for row in rows if row["kind"] == "by isbn"]
    assert by_isbn
    assert [row for row in by_isbn if found[row["request_id"]] != meant[row["isbn"].replace("-", "")]] == []


@pytest.mark.parametrize("seed", range(3))
def test_a_verdict_does_not_rest_on_unrelated_rows(library, pack, rows, titles, answer, seed):
    kinds = pl.Series([row["kind"] for row in rows])
    free = titles.filter(~kinds.is_in(TIED))
    some = free.sample(150, seed=seed, shuffle=True)
    alone = checking.answer(library[0], snapshots.newest(library[0]), pack, _numbered(some), AS_OF)
    compared = checking.result(alone).join(checking.result(answer), on="request_id", suffix="_of_all")
    assert len(compared) == 150
    for column in checking.RESULT[1:]:
        assert compared[column].to_list() == compared[f"{column}_of_all"].to_list()


def _numbered(titles: pl.DataFrame) -> pl.DataFrame:
    return titles.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))


def test_one_row_alone_is_judged_as_among_all(library, pack, titles, answer):
    rng = Random(3)
    for row in rng.sample(range(len(titles)), 6):
        verdict = checking.result(answer)["verdict"][row]
        if verdict not in ("duplicate", "over_limit"):
            alone = checking.answer(library[0], snapshots.newest(library[0]), pack, _numbered(titles[row]), AS_OF)
            assert checking.result(alone)["verdict"].to_list() == [verdict]


def test_what_does_not_bear_on_a_request_changes_nothing(store, ask, pack):
    """The answer, which looks only at what bears on it, against a check of everything that is open."""
    rng = Random(5)
    titles = [
        {"title": f"{word}の話", "author": name}
        for word in ("渡船", "石橋", "水門", "風車", "桟橋", "松原")
        for name in ("相原渚", "")
    ]
    for _ in range(12):
        taking.take(store, LIBRARIAN, ask(rng.choice(titles), person=rng.choice("ABCDE")), [0])
    some = checking.asked(
        [{"token": tokens.hasher(store)(rng.choice("AF")), **title} for title in rng.sample(titles, 4)]
    )
    snapshot = snapshots.newest(store)
    found = checking.answer(store, snapshot, pack, some, AS_OF)
    known, _ = standing.known(store)
    assert 0 < len(found.known) < len(known)
    every = known.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64) + len(some))
    whole = pl.concat([some.select(list(check.OFFERED)), every.select(list(check.OFFERED))])
    with identify.opened(snapshot) as cursor:
        decisions.attach(cursor, store)
        checked = check.check(cursor, pack, whole, AS_OF, "request")
    numbers = dict(every.select("row", "number").iter_rows()), dict(found.known.select("row", "number").iter_rows())
    told = [
        [(row["verdict"], row["rule"], row["counted"], of.get(row["earlier"], row["earlier"])) for row in rows.iter_rows(named=True)]
        for rows, of in zip((checked.rows, found.checked.rows), numbers, strict=True)
    ]  # fmt: skip
    assert told[0] == told[1]


def test_a_weak_sign_alone_never_refuses(pack, answer):
    refused = answer.checked.rows.filter(pl.col("verdict") == "refuse").select(bib_no="row", rule="rule")
    signs = answer.checked.weighed.found.with_columns(pl.col("bib_no").cast(pl.Int64)).join(
        refused, on=["bib_no", "rule"]
    )
    weighed = signs.group_by("bib_no").agg(strong=pl.col("strong").any(), found=pl.len())
    assert len(weighed) == len(refused) > 300
    assert weighed.filter(~pl.col("strong") & (pl.col("found") < pack.parameters[TOGETHER])).is_empty()
    alone = answer.checked.rows.filter("doubt")
    assert len(alone) > 50 and alone["verdict"].unique().to_list() == ["committee"]


def test_what_a_person_looks_at_stays_aside(rows, answer):
    aside = dict(checking.aside(answer).iter_rows())
    kinds = {row: rows[row]["kind"] for row in aside}
    assert {why for row, why in aside.items() if "one weak sign" in kinds[row]} == {"doubt"}
    assert {why for row, why in aside.items() if kinds[row] == "unclear"} == {"unclear"}
    assert [why for row, why in aside.items() if kinds[row] == "busy"] == ["over_limit"]
    assert not {kinds[row] for row in aside} & {"ordinary", "by isbn", "DVD", "study aid by C-code"}

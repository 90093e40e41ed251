"""What use says of lines, and where copies are proposed, against naive twins over the demo library and random ones."""

from random import Random

import polars as pl
import pytest

from collection.buying import copies, lines, use
from tests.buying import naive_buying as naive
from tests.buying.buyers import POLICY

EACH = POLICY.parameters[copies.HOLDS]
LEAST, ABOVE = POLICY.parameters[copies.LEAST], POLICY.parameters[copies.ABOVE]


@pytest.fixture(scope="module")
def stock(cursor) -> list[dict]:
    """The held items with what their records say, as plain rows."""
    return cursor.sql(
        "SELECT branch, bib.author, bib.series, judged.ndc, judged.audience, loans_1y, judged.never_lent, usable, circulates, location "
        "FROM judged JOIN facts_of_day.bib AS bib USING (bib_no)"
    ).pl().to_dicts()  # fmt: skip


@pytest.fixture(scope="module")
def asked(stock) -> pl.DataFrame:
    """Lines by authors and in classes that are held, and by some that are not."""
    rng = Random(1)
    drawn = rng.sample(stock, 25)
    rows = [
        {"title": "本", "author": rng.choice([item["author"], f"{item['author'] or '誰か'}著", "だれもしらない"]), "audience": item["audience"],
         "ndc": rng.choice([item["ndc"], f"{item['ndc'] or '9'}.6", None, "9"])}
        for item in drawn
    ]  # fmt: skip
    return lines.frame(rows)


def test_use_is_counted_over_what_is_held(cursor, stock, asked):
    found = use.of(cursor, asked, use.names(cursor))
    known = 0
    for line, told in zip(asked.iter_rows(named=True), found.iter_rows(named=True), strict=True):
        expected = naive.use(line, stock)
        for kind in ("author", "class"):
            said = tuple(told[f"{kind}_{figure}"] for figure in use.FIGURES)
            assert said == pytest.approx(expected.get(kind, (None, None, None)))
            known += said[0] is not None
    assert known > 10


def test_a_series_goes_by_its_name_without_the_number(tmp_path):
    names = pl.Series(
        ["岩波新書 ; 1234", "岩波新書", "岩波新書 第12巻", "岩波新書（34）", "ちくま文庫 A-1", "20世紀の歴史"]
    )
    keys = use.series_key(names).to_list()
    assert keys[:4] == ["岩波新書"] * 4
    assert keys[5] == "20世紀の歴史"


def test_the_first_author_goes_by_the_name_alone():
    names = pl.Series(["山田, 太郎著", "山田太郎;森花子", "山田太郎　著", None])
    assert use.author_key(names).to_list() == ["山田太郎"] * 3 + [None]


def test_copies_go_where_the_class_is_used(cursor, stock, asked):
    lendable = [row for row in stock if row["usable"] and row["circulates"] and row["location"] != "closed"]
    used = copies.used_at(copies.class_use(cursor), POLICY)
    rng = Random(2)
    rows = [
        row | {"wanted": rng.choice([None, None, 3, 9]), "places": rng.choice([[], [], [{"branch": "鳴尾図書館", "copies": 1}]])}
        for row in asked.to_dicts()
    ]  # fmt: skip
    readers = [rng.choice([0, 0, 1, 8, 30]) for _ in rows]
    found = copies.proposed(lines.frame(rows), used, pl.Series(readers), POLICY)
    for row, told, waiting in zip(rows, found, readers, strict=True):
        order = naive.order_of(row, lendable, LEAST, ABOVE)
        expected = naive.places(row, order, waiting, EACH)
        assert {place["branch"]: place["copies"] for place in told} == expected
        assert sum(expected.values()) >= max(1, row["wanted"] or 0, -(-waiting // EACH))


def test_where_nothing_was_lent_nobody_is_told_where(cursor):
    nothing = copies.class_use(cursor).with_columns(loans=pl.lit(0))
    found = copies.proposed(
        lines.frame([{"title": "本", "ndc": "913"}]), copies.used_at(nothing, POLICY), pl.Series([0]), POLICY
    )
    assert found.to_list() == [[]]

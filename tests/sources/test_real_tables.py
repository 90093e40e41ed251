"""The real files of ../shared/real: every row accounted for, and what they are known to hold is found."""

from pathlib import Path

import pytest

from collection.sources import stage
from collection.store.connection import connect

REAL = Path(__file__).parents[2] / "../shared/real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files (../shared/real) are not here")
WAKAYAMA = {
    "H26-Kinan-library-lending-best-100_Children_s_book_.csv": 127,
    "H26-Kinan-library-lending-best-100_General_books_.csv": 131,
    "H26-Main-library-lending-best-100_Children_s_book_.csv": 104,
    "H26-Main-library-lending-best-100_General_books_.csv": 119,
}


@pytest.fixture
def connection():
    with connect() as made:
        yield made


def lines(connection, staged) -> list[int]:
    return connection.sql(f"SELECT line FROM {staged.table} WHERE reason IS NULL ORDER BY line").pl()["line"].to_list()


def test_nacsis(connection):
    (staged,) = stage(connection, REAL / "nacsis/cat10000_url.tsv")
    assert (staged.mapping, staged.kind, staged.rows, staged.encoding) == ("nacsis", "bibs", 10_000, "utf-8")
    assert lines(connection, staged) == list(range(2, 10_002))
    editions = connection.sql(f"SELECT ndc_edition, count(*) FROM {staged.table} GROUP BY ALL ORDER BY ALL").pl().rows()
    counted = dict(editions)
    assert (counted[8], counted[6], counted[9], counted[7]) == (3958, 1269, 877, 134)
    ndlc, years, odd = (
        connection.sql(
            f"SELECT count(ndlc), count(pub_year), count(*) FILTER (WHERE ndc !~ '^[0-9]{{1,3}}([.][0-9]+)?$') FROM {staged.table}"
        )
        .pl()
        .row(0)
    )
    assert ndlc == 96 and years >= 9413 and odd == 0


@pytest.mark.parametrize(("name", "rows"), WAKAYAMA.items())
def test_wakayama(connection, name, rows):
    bibs, items = stage(connection, REAL / "wakayama" / name)
    assert (bibs.mapping, bibs.encoding, items.rows) == ("wakayama", "cp932", rows)
    assert lines(connection, items) == list(range(2, rows + 2))
    blank, children = (
        connection.sql(
            f"SELECT count(*) FILTER (WHERE title IS NULL OR publisher IS NULL OR pub_year IS NULL OR ndc IS NULL AND class_mark "
            f"IS NULL), count(*) FILTER (WHERE audience = 'child') FROM {bibs.table}"
        )
        .pl()
        .row(0)
    )
    assert blank == 0 and children == (rows if "Children" in name else 0)
    lent, copies = connection.sql(f"SELECT min(loans_total), count(DISTINCT item_id) FROM {items.table}").pl().row(0)
    assert lent > 0 and copies == rows


def test_the_cut_off_978_is_mended_in_285_rows(connection):
    for name in WAKAYAMA:
        stage(connection, REAL / "wakayama" / name)
    mended = connection.sql("SELECT sum(rows) FROM staged_note WHERE reason = 'isbn_mended'").pl().item()
    wrong = connection.sql("SELECT count(*) FROM staged_note WHERE reason = 'isbn_wrong'").pl().item()
    assert mended == 285 and wrong == 0


def test_ndl_sample(connection):
    (staged,) = stage(connection, REAL / "ndl_sample/derived_ndl_300.csv")
    assert (staged.mapping, staged.rows) == ("ndl-sample", 300)
    assert lines(connection, staged) == list(range(2, 302))
    row = (
        connection.sql(f"SELECT title, author, pub_year, isbn, price, material FROM {staged.table} LIMIT 1").pl().row(0)
    )
    assert row[2:] == (2007, "9784046218803", 2667, "book")
    isbns = (
        connection.sql(f"SELECT count(*) FROM {staged.table} WHERE isbn_text IS NOT NULL AND isbn IS NULL").pl().item()
    )
    assert isbns == 0

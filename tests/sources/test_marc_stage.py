"""A MARC file from its bytes to staged tables: every record accounted for, bytes kept, items joined, nothing guessed."""

from datetime import date
from pathlib import Path

import polars as pl
import pymarc
import pytest
from hypothesis import given, settings
from marc_records import control, data, field, japan_marc, library_of_congress, marc, row_of
from naive_marc import bib_of
from test_marc_binary import REAL, RECORDS
from test_marcxml import as_xml

from collection.sources import content_of, stage
from collection.sources import marc as source
from collection.sources.marc import binary, landing, reference, rules, shape
from collection.store.connection import connect
from collection.words import Problem, table


@pytest.fixture
def connection():
    with connect() as made:
        yield made


def staged(
    connection, tmp_path: Path, content: bytes, name: str = "some.mrc", **arguments
) -> tuple[list, list[list[dict]]]:
    """The Staged of a file with these bytes, and the rows of their tables."""
    path = tmp_path / name
    path.write_bytes(content)
    found = stage(connection, path, **arguments)
    return found, [connection.sql(f"FROM {one.table} ORDER BY line").pl().to_dicts() for one in found]


def notes(connection) -> dict[str, tuple]:
    return {
        row[0]: row[1:]
        for row in connection.sql("SELECT reason, rows, example_line, example FROM staged_note").fetchall()
    }


def test_a_bib_becomes_typed(connection, tmp_path):
    (bibs,), ((row,),) = staged(connection, tmp_path, marc(*japan_marc("鳰の海 : 句集", kana="ニオ ノ ウミ")))
    assert (bibs.kind, bibs.encoding, bibs.rows, bibs.mapping, bibs.file) == ("bibs", "marc21", 1, "", "some.mrc")
    assert (row["line"], row["reason"]) == (1, None)
    assert (row["bib_id"], row["title"], row["title_kana"]) == ("000001", "鳰の海 : 句集", "ニオ ノ ウミ")
    assert (row["pub_year"], row["pub_year_text"], row["price"]) == (2007, "2007.12", 2667)
    assert (row["ndc"], row["ndc_edition"], row["ndc_all"], row["ndlc"]) == ("911.368", 9, "NDC9:911.368", "KH612")
    assert (row["isbn"], row["isbn_text"]) == ("9784046218803", "978-4-04-621880-3")
    assert {"title", "price", "ndc", "material"} <= set(bibs.fields)
    assert not {"c_code", "local", "edition"} & set(bibs.fields)


def test_the_coded_year_stands_in_where_the_imprint_tells_none(connection, tmp_path):
    fields = [
        control("001", "1"),
        control("008", "000104s1820    ja            000 0 jpn  "),
        data("245", "本"),
        field("260", "  ", ("c", "文政三年")),
    ]
    _, ((row,),) = staged(connection, tmp_path, marc(*fields))
    assert (row["pub_year"], row["pub_year_text"]) == (1820, "文政三年")


def test_the_staged_columns_are_those_of_the_snapshot(connection, tmp_path):
    koha = [*japan_marc("本"), field("952", "  ", ("a", "KITA"), ("p", "100"))]
    found, _ = staged(connection, tmp_path, marc(*koha))
    schema = (Path(__file__).parents[2] / "collection/store/schema/snapshot.sql").read_text(encoding="utf-8")
    connection.execute(schema)
    for one, there in zip(found, ("bib", "item"), strict=True):
        own = dict(connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {one.table})").fetchall())
        types = dict(connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {there})").fetchall())
        assert (own.pop("line"), own.pop("reason")) == ("BIGINT", "VARCHAR")
        own.pop("bib_id")
        assert own.items() <= types.items()


def test_items_belong_to_the_record_they_stand_in(connection, tmp_path):
    one = [
        *japan_marc("本一", number="x"),
        field("952", "  ", ("a", "KITA"), ("d", "2015-04-01"), ("p", "１００1"), ("1", "1")),
        field("999", "  ", ("c", "4711")),
    ]
    two = [*japan_marc("本二", number="y"), field("999", "  ", ("c", "4712"))]
    (bibs, items), (bib_rows, item_rows) = staged(connection, tmp_path, marc(*one) + marc(*two))
    assert (bibs.mapping, items.mapping, items.rows, bibs.raw) == ("marc-koha-952", "marc-koha-952", 1, items.raw)
    assert [row["bib_id"] for row in bib_rows] == ["4711", "4712"]
    (item,) = item_rows
    assert (item["line"], item["item_id"], item["bib_id"], item["branch"]) == (1, "1001", "4711", "KITA")
    assert (item["accession_date"], item["status"]) == (date(2015, 4, 1), "missing")


def test_an_item_without_barcode_is_an_error_and_is_counted(connection, tmp_path):
    fields = [*japan_marc("本"), field("952", "  ", ("a", "KITA"), ("p", "100")), field("952", "  ", ("a", "KITA"))]
    (_, items), (_, rows) = staged(connection, tmp_path, marc(*fields))
    assert items.rows == len(rows) == 2
    assert sorted(row["reason"] or "" for row in rows) == ["", "blank_item_id"]


def test_other_uses_of_an_item_tag_give_no_items(connection, tmp_path):
    found, _ = staged(connection, tmp_path, marc(*japan_marc("本"), field("952", "  ", ("a", "From old catalog"))))
    assert [one.kind for one in found] == ["bibs"]


def test_every_record_of_a_long_file_is_staged(connection, tmp_path):
    number = 20_500
    record = marc(*japan_marc("本", number="000001"))
    path = tmp_path / "long.mrc"
    path.write_bytes(b"".join(record.replace(b"000001", b"%06d" % at, 1) for at in range(1, number + 1)))
    (bibs,) = stage(connection, path)
    query = (
        "SELECT count(*), count(DISTINCT line), min(line), max(line), count(*) FILTER (bib_id::INTEGER = line) FROM {}"
    )
    assert connection.execute(query.format(bibs.table)).fetchall() == [(number, number, 1, number, number)]
    raw = connection.execute(f"SELECT count(*), min(line), max(line), sum(octet_length(record)) FROM {bibs.raw}")
    assert (bibs.rows, raw.fetchall()) == (number, [(number, 1, number, path.stat().st_size)])


def test_batches_of_any_size_land_whole(connection, monkeypatch):
    monkeypatch.setattr(landing, "ENOUGH", 7)
    line, batches = 0, []
    for size in (3, 7, 1, 20, 5):
        batches.append([binary.Read(line + at + 1, 0, b"x", " " * 24, [], None, None) for at in range(size)])
        line += size
    landed = landing.land(connection, lambda: iter(batches), {name: name for name in ("raw", "bibs", "items")}, [])
    assert landed.records == 36
    for name in ("raw", "bibs"):
        assert connection.execute(f"SELECT list(line ORDER BY line) FROM {name}").fetchall() == [([*range(1, 37)],)]


@pytest.mark.parametrize("enough", [1, 1000])
def test_the_mapping_of_most_records_is_taken_for_the_whole_file(connection, tmp_path, monkeypatch, enough):
    monkeypatch.setattr(landing, "ENOUGH", enough)
    monkeypatch.setattr(binary, "CHUNK", 512)
    none = marc(*japan_marc("本零", number="x0"), field("999", "  ", ("c", "70")), field("952", "  ", ("a", "KITA")))
    other = marc(*japan_marc("本一", number="x1"), field("949", "  ", ("i", "1"), ("l", "k")))
    koha = [
        marc(
            *japan_marc("本二", number=f"x{at}"),
            field("952", "  ", ("a", "KITA"), ("p", f"10{at}")),
            field("999", "  ", ("c", f"7{at}")),
        )
        for at in (2, 3)
    ]
    for content, barcodes in (
        (none + other + b"".join(koha), [None, "102", "103"]),
        (none + koha[0], [None, "102"]),
        (koha[0] + other, ["102"]),
    ):
        (bibs, items), (bib_rows, item_rows) = staged(connection, tmp_path, content)
        assert (items.mapping, [row["item_id"] for row in item_rows]) == ("marc-koha-952", barcodes)
        assert (bibs.rows, items.rows) == (len(bib_rows), len(item_rows)) == (content.count(b"\x1d"), len(barcodes))
        assert [row["bib_id"] for row in bib_rows][-1][0] == ("x" if content.endswith(other) else "7")
        assert bib_rows[0]["bib_id"][0] == "7"


def test_a_mapping_can_be_named_and_a_kind_chosen(connection, tmp_path):
    content = marc(
        *japan_marc("本"), field("949", "  ", ("i", "1"), ("l", "k")), field("952", "  ", ("a", "KITA"), ("p", "2"))
    )
    (items,), (rows,) = staged(connection, tmp_path, content, mapping="marc-949", kind="items")
    assert (items.kind, items.mapping, [row["item_id"] for row in rows]) == ("items", "marc-949", ["1"])


def test_broken_records_are_rows_with_a_reason_and_keep_their_bytes(connection, tmp_path):
    good, cut = marc(*japan_marc("本一")), marc(*japan_marc("本二"))[:90]
    (bibs,), (rows,) = staged(connection, tmp_path, good + b"broken\x1d" + good + cut)
    assert bibs.rows == len(rows) == 4
    assert [row["reason"] for row in rows] == [None, "marc_broken", None, "marc_truncated"]
    raw = connection.sql(f"SELECT line, record, position FROM {bibs.raw} ORDER BY line").fetchall()
    assert raw[1] == (2, b"broken\x1d", len(good))
    assert b"".join(record for _, record, _ in raw) == good + b"broken\x1d" + good + cut
    rows_told, line, example = notes(connection)["marc_places"]
    assert (rows_told, line) == (2, 2)
    assert str(len(good)) in example


def test_every_reason_has_its_words(connection, tmp_path):
    assert {"marc_broken", "marc_truncated", "marc_places", "marc_mended", "marc_bad_bytes"} <= table("imports").keys()


def test_a_record_without_title_or_number_is_an_error(connection, tmp_path):
    _, (rows,) = staged(connection, tmp_path, marc(control("001", "1"), data("500", "x")) + marc(data("245", "本")))
    assert [row["reason"] for row in rows] == ["blank_title", "blank_bib_id"]


def test_marcxml_and_iso_2709_stage_alike(connection, tmp_path):
    records = [marc(*japan_marc("本")), marc(*library_of_congress())]
    (binary_bibs,), (from_binary,) = staged(connection, tmp_path, b"".join(records))
    (xml_bibs,), (from_xml,) = staged(connection, tmp_path, as_xml(*records), name="some.xml")
    assert (binary_bibs.encoding, xml_bibs.encoding) == ("marc21", "marcxml")
    assert from_binary == from_xml


def test_what_a_file_is_is_told_from_its_bytes(tmp_path):
    for content, kind in [
        (marc(*japan_marc("本")), "marc21"),
        (as_xml(marc(*japan_marc("本"))), "marcxml"),
        ("書名,著者\n".encode(), "text"),
    ]:
        path = tmp_path / "file.dat"
        path.write_bytes(content)
        assert content_of(path) == kind


def test_a_file_without_records_is_said(connection, tmp_path):
    path = tmp_path / "none.xml"
    path.write_bytes(as_xml())
    with pytest.raises(Problem, match=r"none\.xml"):
        source.stage(connection, path)


def test_progress_reaches_the_size_of_the_file(connection, tmp_path):
    told = []
    content = marc(*japan_marc("本")) * 3
    staged(connection, tmp_path, content, progress=lambda stage_name, done, size: told.append((done, size)))
    assert told[-1] == (len(content), len(content))


def shaped(records: list[tuple[str, list]]) -> list[dict]:
    rows = [row_of(leader, fields) for leader, fields in records]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rules.COLUMNS, pl.String), orient="row")
    return shape.bib_fields(frame.with_columns(line=1, reason=pl.lit(None, dtype=pl.String))).to_dicts()


def same(found: list[dict], naive: list[dict]) -> bool:
    return [{name: row[name] for name in twin} for row, twin in zip(found, naive, strict=True)] == naive


@given(records=RECORDS)
@settings(max_examples=60, deadline=None)
def test_the_rules_equal_their_naive_twin(records):
    read = [pymarc.Record(marc(*fields)) for fields in records]
    assert same(
        shaped([(str(record.leader), reference.fields_of(record)) for record in read]),
        [bib_of(record) for record in read],
    )


@pytest.mark.parametrize("name", ["books_jpn.mrc", "books_with_ndc.mrc"])
def test_real_records_equal_their_naive_twin_and_all_load(connection, name):
    if not (REAL / name).exists():
        pytest.skip(f"{name} of the shared real files is not here")
    content = (REAL / name).read_bytes()
    naive = [bib_of(record) for record in pymarc.MARCReader(content, force_utf8=True)]
    found = shaped([(binary.leader_of(raw), fields) for _, raw, fields in binary.slices(content, rules.TAGS)])
    assert same(found, naive)
    (bibs,) = stage(connection, REAL / name)
    errors = connection.sql(f"SELECT count(*) FROM {bibs.table} WHERE reason IS NOT NULL").fetchall()[0][0]
    assert (bibs.rows, errors) == (content.count(b"\x1d"), 0)

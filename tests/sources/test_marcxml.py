"""MARCXML gives what ISO 2709 gives, streams, and loses only what is broken."""

from pathlib import Path
from xml.etree import ElementTree

import pymarc
import pytest
from marc_records import japan_marc, library_of_congress, marc, row_of
from pymarc.marcxml import record_to_xml_node

from collection.sources.marc import binary, reference, rules, xml

SLIM = "http://www.loc.gov/MARC21/slim"


def as_xml(*records: bytes, prefix: str = "") -> bytes:
    """The records as a MARCXML collection."""
    nodes = [record_to_xml_node(pymarc.Record(record)) for record in records]
    bodies = b"".join(ElementTree.tostring(node, encoding="unicode").encode() for node in nodes)
    if prefix:
        for name in (b"record", b"leader", b"controlfield", b"datafield", b"subfield"):
            bodies = bodies.replace(b"<" + name, b"<marc:" + name).replace(b"</" + name, b"</marc:" + name)
    name, space = ("marc:collection", "xmlns:marc") if prefix else ("collection", "xmlns")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} {space}="{SLIM}">'.encode() + bodies + f"</{name}>".encode()
    )


def read(tmp_path: Path, content: bytes) -> list[binary.Read]:
    path = tmp_path / "some.xml"
    path.write_bytes(content)
    return [record for batch in xml.read(path, rules.TAGS, lambda done: None) for record in batch]


def rows(records: list[binary.Read]) -> list:
    return [row_of("", record.fields) if record.fields else record.reason for record in records]


JAPAN, CONGRESS = marc(*japan_marc("鳰の海")), marc(*library_of_congress())


@pytest.mark.parametrize("prefix", ["", "marc"])
def test_the_same_fields_as_from_iso_2709(tmp_path, prefix):
    records = read(tmp_path, as_xml(JAPAN, CONGRESS, prefix=prefix))
    assert rows(records) == [row_of("", reference.by_pymarc(record)[1]) for record in (JAPAN, CONGRESS)]
    assert records[1].leader[5:8] == "nam"
    assert [record.line for record in records] == [1, 2]


@pytest.mark.parametrize("prefix", ["", "marc"])
def test_only_the_broken_record_is_lost(tmp_path, prefix):
    whole = as_xml(JAPAN, CONGRESS, JAPAN, prefix=prefix)
    broken = whole.replace("酒の歴史".encode(), "酒\x0bの<歴史".encode())
    records = read(tmp_path, broken)
    assert [record.reason for record in records] == [None, "marc_broken", None]
    assert broken[records[1].position :].startswith(records[1].raw)
    assert "酒".encode() in records[1].raw
    assert rows(records)[0] == rows(records)[2]


def test_a_file_that_ends_in_a_record_is_an_error_row(tmp_path):
    whole = as_xml(JAPAN, CONGRESS)
    records = read(tmp_path, whole[:-200])
    assert [record.reason for record in records] == [None, "marc_truncated"]


def test_a_record_without_its_end_does_not_swallow_the_next(tmp_path):
    whole = as_xml(JAPAN, CONGRESS)
    records = read(tmp_path, whole.replace(b"</record>", b"", 1))
    assert [record.reason for record in records] == ["marc_truncated", None]


def test_entities_are_not_resolved(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    entity = f'<!DOCTYPE collection [<!ENTITY leak SYSTEM "{secret}">]>'.encode()
    content = as_xml(JAPAN).replace(b"<collection", entity + b"<collection", 1).replace("鳰の海".encode(), b"&leak;")
    assert "秘密" not in str(read(tmp_path, content))


def test_a_long_file_comes_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(xml, "BATCH", 3)
    path = tmp_path / "long.xml"
    path.write_bytes(as_xml(*[JAPAN] * 8))
    told: list[int] = []
    assert [len(batch) for batch in xml.read(path, rules.TAGS, told.append)] == [3, 3, 2]
    assert told == sorted(told)


def test_records_inside_oai_answers_are_found(tmp_path):
    inner = as_xml(JAPAN).partition(b">\n")[2]
    answer = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
    answer += b"<record><header/><metadata>" + inner + b"</metadata></record>" + b"</ListRecords></OAI-PMH>"
    (only,) = read(tmp_path, answer)
    assert rows([only]) == [row_of("", reference.by_pymarc(JAPAN)[1])]


def test_a_stray_end_tag_loses_nothing_else(tmp_path):
    whole = as_xml(JAPAN, CONGRESS)
    records = read(tmp_path, whole.replace(b"</record>", b"</record></record>", 1))
    assert [record.reason for record in records] == [None, None]

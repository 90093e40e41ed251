"""ISO 2709: the slicer equals pymarc record for record, and nothing is lost where a file is broken."""

from pathlib import Path

import pymarc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marc_records import data, japan_marc, marc, row_of

from collection.sources.marc import binary, reference, rules

REAL = Path(__file__).parents[2] / "../shared/real/lc_japanese"
SHAPED = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
CODES = st.sampled_from("abcnptvxyz269")
DATA_FIELD = st.builds(
    lambda tag, indicators, parts: pymarc.Field(
        tag, pymarc.Indicators(*indicators), [pymarc.Subfield(*part) for part in parts]
    ),
    st.sampled_from(sorted(tag for tag in rules.TAGS if tag > "009") + ["500", "505", "952"]),
    st.tuples(st.sampled_from(" 012"), st.sampled_from(" 012")),
    st.lists(st.tuples(CODES, SHAPED), max_size=4),
)
LINKED_FIELD = st.builds(
    lambda tag, number, script, text: data("880", f"{tag}-{number:02}{script}", text, first="6"),
    st.sampled_from(["245", "100", "260", "490", "650"]),
    st.integers(0, 3),
    st.sampled_from(["/$1", "/(B", ""]),
    SHAPED,
)
CONTROL_FIELD = st.builds(
    lambda tag, text: pymarc.Field(tag, data=text), st.sampled_from(["001", "007", "008"]), SHAPED
)
RECORDS = st.lists(st.lists(CONTROL_FIELD | DATA_FIELD | LINKED_FIELD, min_size=1, max_size=12), min_size=1, max_size=5)


def read(tmp_path: Path, content: bytes) -> list[binary.Read]:
    path = tmp_path / "some.mrc"
    path.write_bytes(content)
    return [record for batch in binary.read(path, rules.TAGS, lambda done: None) for record in batch]


def titles(records: list[binary.Read]) -> list[str | None]:
    return [
        row_of(record.leader, record.fields)[rules.COLUMNS.index("title")] if record.fields else None
        for record in records
    ]


@given(records=RECORDS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_slicer_extracts_what_pymarc_extracts(records):
    content = b"".join(marc(*fields) for fields in records)
    sliced = list(binary.slices(content, rules.TAGS))
    by_pymarc = list(pymarc.MARCReader(content))
    assert len(sliced) == len(by_pymarc)
    for (_, raw, fields), record in zip(sliced, by_pymarc, strict=True):
        assert fields is not None or any(field.tag > "009" and not field.subfields for field in record.fields)
        extracted = row_of(binary.leader_of(raw), fields or reference.by_pymarc(raw)[1])
        assert extracted == row_of(str(record.leader), reference.fields_of(record))


@pytest.mark.parametrize("name", ["books_jpn.mrc", "books_with_ndc.mrc"])
def test_the_slicer_equals_pymarc_on_real_records(name):
    if not (REAL / name).exists():
        pytest.skip(f"{name} of the shared real files is not here")
    content = (REAL / name).read_bytes()
    sliced = [row_of(binary.leader_of(raw), fields) for _, raw, fields in binary.slices(content, rules.TAGS)]
    assert sliced == [
        row_of(str(record.leader), reference.fields_of(record))
        for record in pymarc.MARCReader(content, force_utf8=True)
    ]


def test_a_record_broken_in_the_middle_is_reported_with_its_place_and_the_next_is_read(tmp_path):
    good, other = marc(*japan_marc("本一")), marc(*japan_marc("本二"))
    records = read(tmp_path, good + b"no record at all\x1d" + other)
    assert titles(records) == ["本一", None, "本二"]
    assert [(record.line, record.position, record.reason) for record in records][1] == (2, len(good), "marc_broken")
    assert records[1].raw == b"no record at all\x1d"


def test_a_truncated_last_record_is_a_row_with_an_error(tmp_path):
    good, cut = marc(*japan_marc("本一")), marc(*japan_marc("本二"))[:100]
    records = read(tmp_path, good + cut)
    assert [record.reason for record in records] == [None, "marc_truncated"]
    assert (records[1].raw, records[1].position) == (cut, len(good))


def test_a_record_cut_short_does_not_swallow_the_one_glued_to_it(tmp_path):
    cut, whole = marc(*japan_marc("本一"))[:120], marc(*japan_marc("本二"))
    records = read(tmp_path, cut + whole + whole)
    assert [record.reason for record in records] == ["marc_truncated", None, None]
    assert titles(records) == [None, "本二", "本二"]
    assert [record.line for record in records] == [1, 2, 3]


@pytest.mark.parametrize("between", [b"\n", b"\r\n", b"\x00\x00", b"\r\n\r\n"])
def test_what_stands_between_records_is_passed_over(tmp_path, between):
    one, two = marc(*japan_marc("本一")), marc(*japan_marc("本二"))
    records = read(tmp_path, b"\xef\xbb\xbf" + one + between + two + between + b"\x1a")
    assert titles(records) == ["本一", "本二"]
    assert records[1].raw == two


def test_every_record_terminator_is_counted_however_the_file_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(binary, "CHUNK", 777)
    content = b"".join(marc(*japan_marc(f"本{number}")) for number in range(20)) + b"x\x1d" + marc(*japan_marc("末"))
    records = read(tmp_path, content)
    assert len(records) == content.count(b"\x1d") == 22
    assert [record.position for record in records][1:] == [at + 1 for at, byte in enumerate(content) if byte == 0x1D][
        :-1
    ]
    assert titles(records)[-2:] == [None, "末"]


def test_a_leader_that_lies_about_its_encoding_is_not_believed(tmp_path):
    record = bytearray(marc(*japan_marc("鷗外全集")))
    record[9:10] = b" "
    assert titles(read(tmp_path, bytes(record))) == ["鷗外全集"]


@pytest.mark.parametrize("place", [0, 5, 6, 10, 12, 20])
def test_a_bad_byte_in_the_leader_is_tolerated(tmp_path, place):
    record = bytearray(marc(*japan_marc("本一")))
    record[place] = 0x80 | record[place]
    assert titles(read(tmp_path, bytes(record))) == ["本一"]


def test_cp932_is_read_as_such_whatever_the_leader_says(tmp_path):
    text = marc(*japan_marc("髙﨑の①", kana="タカサキ"))
    fields = reference.fields_of(pymarc.Record(text))
    bodies = [(tag, body.encode("cp932")) for tag, body in fields]
    for scheme in (b" ", b"a"):
        record = raw_marc(bodies, scheme)
        assert reference.encoding_of(record) == "cp932"
        assert titles(read(tmp_path, record)) == ["髙﨑の①"]


def test_marc8_with_escapes_is_read_by_pymarc(tmp_path):
    # 日本 in EACC, as MARC-8 writes it: ESC $ 1, three bytes a character, ESC ( B
    record = raw_marc([("001", b"x1"), ("245", b"00\x1fa\x1b$1!Bs!Ci\x1b(B."), ("100", b"1 \x1faT\xe5oky\xe5o")], b" ")
    (only,) = read(tmp_path, record)
    assert only.reason is None
    author = row_of(only.leader, only.fields)[rules.COLUMNS.index("author")]
    assert author == "Tōkyō"
    assert titles([only])[0].rstrip(".") == "日本"


def test_a_few_bad_bytes_in_utf8_do_not_lose_the_record(tmp_path):
    record = marc(*japan_marc("日本の歴史と文化の研究")).replace("究".encode(), b"\xe7\xa9 ")
    (only,) = read(tmp_path, record)
    assert (only.reason, only.note) == (None, "marc_bad_bytes")
    assert titles([only])[0].startswith("日本の歴史と文化の研")


def test_a_directory_that_counts_characters_is_made_anew(tmp_path):
    fields = reference.fields_of(pymarc.Record(marc(*japan_marc("日本の歴史"))))
    (only,) = read(tmp_path, raw_marc([(tag, body.encode()) for tag, body in fields], b"a", counted_in_characters=True))
    assert (only.reason, only.note) == (None, "marc_mended")
    assert titles([only]) == ["日本の歴史"]


def raw_marc(bodies: list[tuple[str, bytes]], scheme: bytes, counted_in_characters: bool = False) -> bytes:
    """A record with bodies as they are given, and a directory that may be wrong."""
    directory, text, offset = b"", b"", 0
    for tag, body in bodies:
        length = len(body.decode() if counted_in_characters else body) + 1
        directory += tag.encode() + b"%04d%05d" % (length, offset)
        text += body + b"\x1e"
        offset += length
    base = 24 + len(directory) + 1
    leader = b"%05dnam" % (base + len(text) + 1) + b" " + scheme + b"22%05d   4500" % base
    return leader + directory + b"\x1e" + text + b"\x1d"

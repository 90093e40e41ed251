"""pymarc, the reference: reads whatever the slicer finds odd, and what the slicer is tested against."""

import re
import warnings
from collections.abc import Iterator

import pymarc

NEXT_LEADER = re.compile(rb"[0-9]{5}[acdnps][a-z][a-z ][a-z ][ a]22[0-9]{5}[ 0-9a-zA-Z]{3}4500")
LEADER, ENTRY = 24, 12
Odd = tuple[int, bytes, str | None, list[tuple[str, str]], str | None, str | None]


class Broken(Exception):
    """These bytes are no MARC record; says what is wrong, in the words of pymarc or ours."""


def is_utf8(raw: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def encoding_of(raw: bytes) -> str:
    """The encoding that the bytes of a record speak for, whatever its leader says.

    "utf-8"; "utf-8-damaged" when a few bytes among good ones are wrong; "cp932" when bytes occur that
    MARC-8 has no use for and all decode; else "marc-8".
    """
    if b"\x1b" in raw:
        return "marc-8"
    if is_utf8(raw):
        return "utf-8"
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if sum(not character.isascii() for character in text) - bad > 4 * bad:
        return "utf-8-damaged"
    if set(raw) & (set(range(0x80, 0xA0)) - {0x88, 0x89, 0x8D, 0x8E}):
        try:
            raw.decode("cp932")
        except UnicodeDecodeError:
            return "marc-8"
        return "cp932"
    return "marc-8"


def by_pymarc(raw: bytes) -> tuple[str, list[tuple[str, str]], str | None]:
    """Leader, fields (all tags) and note of one record, read by pymarc after its leader was put right.

    Raises:
        Broken: when directory and terminators cannot be brought together, or pymarc gives up.
    """
    encoding = encoding_of(raw)
    tidy, mended = _put_right(raw, encoding)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pymarc.exceptions.BadSubfieldCodeWarning)
            record = pymarc.Record(
                tidy,
                hide_utf8_warnings=True,
                utf8_handling="replace",
                file_encoding="cp932" if encoding == "cp932" else "iso8859-1",
            )
    except (pymarc.exceptions.PymarcException, ValueError, LookupError) as error:
        raise Broken(str(error)) from error
    note = "marc_bad_bytes" if encoding == "utf-8-damaged" else "marc_mended" if mended else None
    return raw[:LEADER].decode("ascii", "replace"), fields_of(record), note


def fields_of(record: pymarc.Record) -> list[tuple[str, str]]:
    """A pymarc record as plain (tag, text) pairs, the form the rules read."""
    return [
        (field.tag, field.data)
        if field.control_field
        else (field.tag, "".join([*field.indicators, *(f"\x1f{code}{value}" for code, value in field.subfields)]))
        for field in record.fields
    ]


def read_odd(raw: bytes) -> Iterator[Odd]:
    """Offset, bytes, leader, fields, reason and note of what stands between two record terminators.

    Usually one record. When one was cut short and the next glued to it, the cut one is reported and the next is read.
    """
    offset = 0
    while True:
        part = raw[offset:]
        try:
            leader, fields, note = by_pymarc(part)
        except Broken:
            following = NEXT_LEADER.search(part, LEADER)
            if following is None:
                yield offset, part, None, [], "marc_broken", None
                return
            yield offset, part[: following.start()], None, [], "marc_truncated", None
            offset += following.start()
            continue
        yield offset, part, leader, fields, None, note
        return


def _put_right(raw: bytes, encoding: str) -> tuple[bytes, bool]:
    """The record with a leader that tells the truth, and a directory made from the terminators where it was wrong."""
    head, *bodies = raw.removesuffix(b"\x1d").removesuffix(b"\x1e").split(b"\x1e")
    directory = head[LEADER:]
    if len(head) <= LEADER or len(directory) % ENTRY or not bodies:
        raise Broken("directory")
    entries = [directory[at : at + ENTRY] for at in range(0, len(directory), ENTRY)]
    body = b"\x1e".join(bodies) + b"\x1e"
    mended = not all(_points_at_a_field(entry, body) for entry in entries)
    if mended:
        if len(entries) != len(bodies) or NEXT_LEADER.search(body):
            raise Broken("directory")
        directory, offset = b"", 0
        for entry, field in zip(entries, bodies, strict=True):
            directory += entry[:3] + b"%04d%05d" % (len(field) + 1, offset)
            offset += len(field) + 1
        if len(directory) != ENTRY * len(entries):
            raise Broken("length")
    leader = bytearray(raw[:LEADER].decode("ascii", "replace").replace("\ufffd", " ").encode("ascii"))
    leader[9:10] = b"a" if encoding.startswith("utf-8") else b" "
    leader[12:17] = b"%05d" % (LEADER + len(directory) + 1)
    leader[0:5] = b"%05d" % min(LEADER + len(directory) + 1 + len(body) + 1, 99999)
    return bytes(leader) + directory + b"\x1e" + body + b"\x1d", mended


def _points_at_a_field(entry: bytes, body: bytes) -> bool:
    """Whether a directory entry names exactly one field of the body."""
    if not entry[3:].isdigit():
        return False
    length, offset = int(entry[3:7]), int(entry[7:])
    end = offset + length - 1
    starts_a_field = offset == 0 or body[offset - 1 : offset] == b"\x1e"
    return starts_a_field and length > 0 and body.find(b"\x1e", offset) == end

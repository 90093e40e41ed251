"""ISO 2709 files: a slicer that finds every record by its terminators and decodes only the fields that are asked for.

A record in good order (its directory agrees with the field terminators, its bytes are UTF-8) is sliced
here; whatever is odd is handed to pymarc (reference.py). Nothing trusts the leader: its lengths and its
encoding are often wrong in real files.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from collection.sources.marc import reference

RECORD, FIELD, SUBFIELD, ESCAPE = 0x1D, 0x1E, 0x1F, 0x1B
LEADER, ENTRY = 24, 12
CHUNK = 1 << 19  # bytes read at a time: small enough for the processor's cache
BETWEEN = b"\r\n\x00\x1a"  # what files carry between records
BOM = b"\xef\xbb\xbf"
# A directory entry is tag (3 bytes), length (4 digits) and offset (5 digits): a product gives the three as numbers.
ENTRY_PARTS = np.zeros((ENTRY, 3), dtype=np.float32)
ENTRY_PARTS[:3, 0], ENTRY_PARTS[3:7, 1] = (65536, 256, 1), (1000, 100, 10, 1)
ENTRY_PARTS[7:, 2] = (10000, 1000, 100, 10, 1)
ENTRY_ZEROS = np.array([0, 1111 * ord("0"), 11111 * ord("0")], dtype=np.float32)
FIRST_DATA_TAG = int.from_bytes(b"010", "big")


class Read(NamedTuple):
    """One record of a file, as read.

    line: 1 for the first record. position: bytes from the start of the file. raw: its own bytes.
    leader, fields: None and () when it could not be read; a field is (tag, text), the text of a data
    field being its two indicators and its subfields, each behind U+001F. reason: key of the words
    file, None when good. note: something mended in reading, or None.
    """

    line: int
    position: int
    raw: bytes
    leader: str | None
    fields: list[tuple[str, str]]
    reason: str | None
    note: str | None


def read(path: Path, wanted: frozenset[str], progress: Callable[[int], None]) -> Iterator[list[Read]]:
    """Batches of the records of one file, in order; every record terminator, and a rest without one, gives a record.

    Args:
        path: an ISO 2709 file of any size.
        wanted: the tags to decode; a record read by pymarc carries all its tags.
        progress: told the number of bytes read so far.
    """
    line, position, rest = 1, 0, b""
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            chunk = rest + block
            cut = chunk.rfind(RECORD) + 1
            rest = chunk[cut:]
            if not cut:
                continue
            batch = _numbered(chunk[:cut], wanted, line, position)
            position, line = position + cut, line + len(batch)
            progress(position)
            yield batch
    tail = rest.strip(BETWEEN)
    if tail.removeprefix(BOM):
        yield [Read(line, position + rest.find(tail), tail, None, [], "marc_truncated", None)]


def _numbered(chunk: bytes, wanted: frozenset[str], line: int, position: int) -> list[Read]:
    """The records of a chunk that ends in a record terminator, odd ones read by pymarc."""
    batch: list[Read] = []
    add = batch.append
    for start, raw, fields in slices(chunk, wanted):
        if fields is not None:
            add(Read(line + len(batch), position + start, raw, leader_of(raw), fields, None, None))
            continue
        for offset, part, leader, found, reason, note in reference.read_odd(raw):
            add(Read(line + len(batch), position + start + offset, part, leader, found, reason, note))
    return batch


def leader_of(raw: bytes) -> str:
    """The leader as text; a byte that is no ASCII becomes U+FFFD."""
    return raw[:LEADER].decode("ascii", "replace")


def slices(chunk: bytes, wanted: frozenset[str]) -> Iterator[tuple[int, bytes, list[tuple[str, str]] | None]]:
    """Start, bytes and wanted fields of each record of a chunk that ends in a record terminator.

    The fields are None where the record is odd: its directory does not agree with its terminators, it is
    not UTF-8 or holds MARC-8 escapes, a wanted field lacks its two indicators, a subfield code is no ASCII.
    """
    buffer = np.frombuffer(chunk, dtype=np.uint8)
    starts, ends = _bounds(chunk, buffer)
    try:
        text, valid = chunk.decode("utf-8"), True
    except UnicodeDecodeError:
        text, valid = chunk.decode("utf-8", "replace"), False
    marks = np.flatnonzero(buffer == FIELD)
    first, last = np.searchsorted(marks, starts), np.searchsorted(marks, ends)
    count = last - first - 1
    tidy = (count >= 1) & (buffer[ends - 1] == FIELD) & ~_foreign(chunk, buffer, starts, ends, valid)
    head = marks[np.where(tidy, first, 0)] if marks.size else starts
    tidy &= head - starts - LEADER == ENTRY * count

    number = np.repeat(np.flatnonzero(tidy), count[tidy])  # of each directory entry: its record …
    step = np.arange(number.size) - np.repeat(np.cumsum(count[tidy]) - count[tidy], count[tidy])  # … and place in it
    entry = buffer[(starts[number] + LEADER + ENTRY * step)[:, None] + np.arange(ENTRY)]
    code, length, offset = (entry.astype(np.float32) @ ENTRY_PARTS - ENTRY_ZEROS).astype(np.int32).T
    mark = first[number] + step
    begin, end = marks[mark] + 1, marks[mark + 1]
    agrees = (length == end - begin + 1) & (offset == begin - head[number] - 1)
    agrees &= (entry[:, 3:] - ord("0") <= 9).all(axis=1)

    names = sorted(wanted)
    codes = np.array([int.from_bytes(name.encode("ascii"), "big") for name in names], dtype=np.int32)
    tag = np.minimum(np.searchsorted(codes, code), len(names) - 1)
    asked = codes[tag] == code
    indicators = (end - begin > 2) & (buffer[begin] != SUBFIELD) & (buffer[begin + 1] != SUBFIELD)
    indicators &= buffer[np.minimum(begin + 2, buffer.size - 1)] == SUBFIELD
    agrees &= ~asked | (code < FIRST_DATA_TAG) | indicators
    tidy[number[~agrees]] = False

    asked &= tidy[number]
    between = text.split("\x1e")
    tags, texts = map(names.__getitem__, tag[asked].tolist()), map(between.__getitem__, (mark[asked] + 1).tolist())
    pairs = list(zip(tags, texts, strict=True))
    upto = np.cumsum(np.bincount(number[asked], minlength=starts.size)).tolist()
    before = 0
    for start, stop, good, after in zip(starts.tolist(), ends.tolist(), tidy.tolist(), upto, strict=True):
        if stop > start:
            yield start, chunk[start : stop + 1], pairs[before:after] if good else None
        before = after


def _bounds(chunk: bytes, buffer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First byte of each record, past what stands between records, and the place of its terminator."""
    ends = np.flatnonzero(buffer == RECORD)
    starts = np.concatenate(([0], ends[:-1] + 1))
    for at in np.flatnonzero((buffer[starts] < ord(" ")) | (buffer[starts] == BOM[0])).tolist():
        piece = chunk[starts[at] : ends[at]]
        starts[at] += len(piece) - len(piece.lstrip(BETWEEN).removeprefix(BOM).lstrip(BETWEEN))
    return starts, ends


def _foreign(chunk: bytes, buffer: np.ndarray, starts: np.ndarray, ends: np.ndarray, valid: bool) -> np.ndarray:
    """For each record: whether it is not plain UTF-8 MARC and needs pymarc."""
    foreign = np.zeros(starts.size, dtype=bool)
    odd = (buffer[:-1] == SUBFIELD) & (buffer[1:] >= 0x80)
    odd |= buffer[:-1] == ESCAPE
    foreign[np.searchsorted(ends, np.flatnonzero(odd))] = True
    if not valid:
        pieces = zip(starts.tolist(), ends.tolist(), strict=True)
        foreign |= np.fromiter((not reference.is_utf8(chunk[a:b]) for a, b in pieces), dtype=bool, count=starts.size)
    return foreign

"""MARCXML, streamed by lxml: each record gives the same plain fields as ISO 2709 and is then let go."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from lxml import etree

from collection.sources.marc.binary import Read

BATCH = 5000  # records
BLOCK = 4 << 20  # bytes
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True}
NAMESPACE = b"http://www.loc.gov/MARC21/slim"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
OPEN = re.compile(rb"<((?:[\w.-]+:)?)record(?=[\s>])")
CLOSE = re.compile(rb"</(?:[\w.-]+:)?record\s*>")


def read(path: Path, wanted: frozenset[str], progress: Callable[[int], None]) -> Iterator[list[Read]]:
    """Batches of the records of one MARCXML file, with or without namespace, also inside OAI-PMH answers.

    No network, no DTD, no entities. From a place on where the file is not well-formed its records are cut out and
    parsed one by one, so that only the broken one is lost; it is given with a reason.
    """
    records = _records(path, wanted, progress)
    while batch := list(islice(records, BATCH)):
        yield batch


def _records(path: Path, wanted: frozenset[str], progress: Callable[[int], None]) -> Iterator[Read]:
    """The records one by one; progress is told the bytes read so far."""
    given = 0
    with path.open("rb") as file:
        try:
            for _, element in etree.iterparse(file, tag="{*}record", **SAFE):
                if element.tag.startswith(OAI):
                    element.clear()
                    continue
                if next(element.iterancestors(element.tag), None) is not None:
                    break  # the record around it never ended
                given += 1
                progress(file.tell())
                yield _read(element, given, file.tell(), wanted)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            else:
                return
        except etree.XMLSyntaxError:
            pass
    for at, (start, piece) in enumerate(_pieces(path)):
        if at >= given:
            progress(start)
            yield _alone(piece, at + 1, start, wanted)


def _pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    """Start and bytes of everything that looks like a <record>, whole or not."""
    rest, position = b"", 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            rest += block
            done = 0
            for close in CLOSE.finditer(rest):
                opens = [found.start() for found in OPEN.finditer(rest, done, close.start())]
                for start, end in zip(opens, [*opens[1:], close.end()], strict=False):
                    yield position + start, rest[start:end]
                done = close.end()
            rest, position = rest[done:], position + done
    cut = OPEN.search(rest)
    if cut:
        yield position + cut.start(), rest[cut.start() :]


def _alone(piece: bytes, line: int, position: int, wanted: frozenset[str]) -> Read:
    """One cut-out record, parsed by itself under the prefix it uses."""
    prefix = OPEN.match(piece)[1]
    root = b"<r xmlns:%s='%s'>" % (prefix[:-1], NAMESPACE) if prefix else b"<r>"
    try:
        element = etree.fromstring(root + piece + b"</r>", etree.XMLParser(**SAFE))[0]
    except etree.XMLSyntaxError:
        reason = "marc_broken" if CLOSE.search(piece) else "marc_truncated"
        return Read(line, position, piece, None, [], reason, None)
    return _read(element, line, position, wanted)


def _read(element: etree._Element, line: int, position: int, wanted: frozenset[str]) -> Read:
    """One <record>: its fields as (tag, text), its bytes as XML of its own."""
    leader, fields = "", []
    for child in element:
        tag = child.get("tag")
        if tag in wanted:
            if tag < "010":
                fields.append((tag, child.text or ""))
                continue
            text = child.get("ind1", " ") + child.get("ind2", " ")
            for part in child:
                code = part.get("code")
                if code:
                    text += f"\x1f{code}{part.text or ''}"
            fields.append((tag, text))
        elif tag is None and isinstance(child.tag, str) and child.tag.endswith("leader"):
            leader = (child.text or "").ljust(24)[:24]
    raw = etree.tostring(element, encoding="utf-8", with_tail=False)
    return Read(line, position, raw, leader, fields, None if leader or fields else "marc_broken", None)

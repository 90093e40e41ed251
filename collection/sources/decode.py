"""The encoding of a text file, told from all of its bytes; what DuckDB then reads is always clean UTF-8."""

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from collection.words import Problem

CHUNK = 1 << 20
NO_CHARACTERS = "\x80\uf8f0\uf8f1\uf8f2\uf8f3"  # what Python makes of the bytes that CP932 does not define
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class Decoded:
    """A text file as it can be read: `path` is the file itself or, where something had to be changed, a clean copy.

    `nul` counts bytes of the original, `lines` the lines of what is read, the last with or without its end;
    `mixed` tells that the original ends its lines in more than one way.
    """

    path: Path
    encoding: str
    size: int
    nul: int
    lines: int
    mixed: bool


def decode(path: Path, folder: Path, progress: Callable[[int], None] | None = None) -> Decoded:
    """Finds the encoding of `path` by decoding all of it: UTF-16 by its mark, strict UTF-8, then CP932.

    Args:
        path: the file; it is only read.
        folder: where a clean UTF-8 copy goes when the file is not UTF-8, holds NUL bytes or mixes line ends.
        progress: told the number of bytes read so far.

    Returns:
        Decoded; encoding is "utf-8", "utf-8-sig", "cp932" or "utf-16".

    Raises:
        Problem: the file is empty; or bytes fit no encoding (line, column and bytes are named).
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise Problem("sources.empty_file", file=path.name)
    if start[:2] in UTF16:
        try:
            return _copy(path, folder, UTF16[start[:2]], "utf-16", size, progress)
        except _Undecodable as error:
            raise _problem(path, error.offset, UTF16[start[:2]]) from None
    seen, failed = _look(path, progress)
    if seen["nul"] * 5 > size:
        raise Problem("sources.no_text", file=path.name)
    if failed is None:
        encoding = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
        if not (seen["nul"] or seen["ends"].odd):
            return Decoded(path, encoding, size, 0, seen["ends"].feeds + seen["open"], False)
        return _copy(path, folder, "utf-8-sig", encoding, size, progress)
    try:
        return _copy(path, folder, "cp932", "cp932", size, progress)
    except _Undecodable as error:
        # The encoding that got further is the one the file was meant to have.
        if start.startswith(codecs.BOM_UTF8) or failed > error.offset:
            raise _problem(path, failed, "utf-8") from None
        raise _problem(path, error.offset, "cp932") from None


def digest(path: Path) -> str:
    """SHA-256 of the file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Undecodable(Exception):
    def __init__(self, offset: int):
        super().__init__(offset)
        self.offset = offset


@dataclass
class _Ends:
    """Line ends counted over the chunks of a file (bytes or text): LF, CR, and the two together."""

    feeds: int = 0
    returns: int = 0
    pairs: int = 0

    @property
    def odd(self) -> bool:
        """Not all LF and not all CR LF."""
        return self.returns > 0 and not self.returns == self.pairs == self.feeds

    @property
    def mixed(self) -> bool:
        return self.odd and self.feeds > 0


def _count(ends: _Ends, chunk, last, feed, back) -> None:
    """Adds the line ends of `chunk`, which stands behind the character `last`."""
    ends.feeds += chunk.count(feed)
    if back in chunk or last == back:
        ends.returns += chunk.count(back)
        ends.pairs += chunk.count(back + feed) + (last == back and chunk[:1] == feed)


def _look(path: Path, progress: Callable[[int], None] | None) -> tuple[dict, int | None]:
    """One pass over the bytes: NUL bytes, line ends, and the offset of the first byte that is not UTF-8 (None: all are)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    nul = done = 0
    failed, last, ends = None, b"", _Ends()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            nul += chunk.count(b"\0")
            _count(ends, chunk, last, b"\n", b"\r")
            waiting = len(decoder.getstate()[0])
            if failed is None and (waiting or not chunk.isascii()):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    failed = done - waiting + error.start
            done += len(chunk)
            last = chunk[-1:]
            if progress:
                progress(done)
    if failed is None and decoder.getstate()[0]:
        failed = done - len(decoder.getstate()[0])
    return {"nul": nul, "ends": ends, "open": last != b"\n"}, failed


def _copy(
    path: Path, folder: Path, codec: str, encoding: str, size: int, progress: Callable[[int], None] | None
) -> Decoded:
    """Writes the UTF-8 copy, without NUL and byte order mark; where lines end in several ways, all end in LF there."""
    decoder = codecs.getincrementaldecoder(codec)()
    target = folder / f"{path.stem}.{digest(path)[:8]}.utf8"
    nul = done = 0
    last, ends = "", _Ends()
    with path.open("rb") as file, target.open("w", encoding="utf-8", newline="") as out:
        while True:
            chunk = file.read(CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                # Most figures are ASCII throughout, and to look whether a chunk is costs next to nothing.
                plain = chunk and codec == "cp932" and not waiting and chunk.isascii()
                text = str(chunk, "ascii") if plain else decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise _Undecodable(done - waiting + error.start) from None
            if codec == "cp932" and any(character in text for character in NO_CHARACTERS):
                undefined = min(text.index(character) for character in NO_CHARACTERS if character in text)
                raise _Undecodable(done - waiting + len(text[:undefined].encode(codec)))
            if not done and text[:1] == "\ufeff":
                text = text[1:]
            found = text.count("\0")
            if found:
                nul += found
                text = text.replace("\0", "")
            _count(ends, text, last, "\n", "\r")
            out.write(text)
            done += len(chunk)
            last = text[-1:] or last
            if progress and chunk:
                progress(done)
            if not chunk:
                break
    lines = ends.feeds + (last != "\n")
    if ends.odd:
        _one_line_end(target)
        lines = ends.feeds + ends.returns - ends.pairs + (last not in "\r\n")
    return Decoded(target, encoding, size, nul, lines, ends.mixed)


def _one_line_end(path: Path) -> None:
    """Rewrites a UTF-8 copy with LF as its only line end."""
    rewritten = path.with_suffix(".lf")
    with path.open(encoding="utf-8", newline=None) as file, rewritten.open("w", encoding="utf-8", newline="") as out:
        while text := file.read(CHUNK):
            out.write(text)
    rewritten.replace(path)


def _problem(path: Path, offset: int, codec: str) -> Problem:
    """Names line and column (in characters, from 1) of the byte at `offset`."""
    line, start, done = 1, 0, 0
    with path.open("rb") as file:
        while done < offset:
            chunk = file.read(min(CHUNK, offset - done))
            if b"\n" in chunk:
                line += chunk.count(b"\n")
                start = done + chunk.rindex(b"\n") + 1
            done += len(chunk)
        file.seek(start)
        before = file.read(offset - start)
        wrong = file.read(1)
    column = len(before.decode(codec, errors="replace").lstrip("\ufeff")) + 1
    return Problem(
        "sources.undecodable",
        file=path.name,
        line=line,
        column=column,
        bytes=wrong.hex().upper(),
        encoding=codec.upper(),
    )

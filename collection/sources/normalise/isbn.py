"""ISBN: check digits, 10 → 13, and the 978 that spreadsheets and exports cut off.

The set-based form for plain digits is store/queries/isbn_plain.sql.
"""

import re

from collection.sources.normalise.text import plain

SHAPE = re.compile(r"97[89]\d{10}|\d{9}[\dX]")
DASHES = re.compile(r"[\s\-‐‑‒–—―−ー・]")


def isbn_of(text: str | None) -> tuple[str | None, str | None]:
    """The ISBN-13 that `text` holds: hyphens, width, a leading "ISBN" and words behind it do not matter.

    Returns:
        (13 digits, None); (13 digits, "isbn_mended") where a cut-off 978 was put back;
        (None, "isbn_wrong") where something is written that is no ISBN.
    """
    said = plain(text).upper()
    if not said:
        return None, None
    for part in re.split(r"[;,:(/|]|\s(?=[^\d\s-])", said.removeprefix("ISBN")):
        digits = DASHES.sub("", part).removeprefix("ISBN").lstrip("(:")
        if not SHAPE.fullmatch(digits):
            continue
        if len(digits) == 13:
            if digits[-1] == _check13(digits[:12]):
                return digits, None
        elif digits[-1] == _check10(digits[:9]):
            return "978" + digits[:9] + _check13("978" + digits[:9]), None
        elif digits[-1] == _check13("978" + digits[:9]):
            return "978" + digits, "isbn_mended"
    return None, "isbn_wrong"


def _check10(nine: str) -> str:
    left = (11 - sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11) % 11
    return "X" if left == 10 else str(left)


def _check13(twelve: str) -> str:
    return str((10 - sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve)) % 10) % 10)

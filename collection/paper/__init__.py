"""Documents for paper: a template of this folder (*.typ) and data make a PDF. The data never becomes source text.

Every template imports base.typ, which gives it A4 sheets with library, title, as-of day and page n / N, tables
that repeat their head, and bars. What it says comes with the data, in the present language.
"""

import json
import re
from functools import cache
from pathlib import Path

import typst

from collection import words
from collection.words import Problem, say

FOLDER = Path(__file__).parent
FONTS = (
    "Hiragino Sans", "Hiragino Kaku Gothic ProN", "BIZ UDPGothic", "Yu Gothic UI", "Yu Gothic", "Meiryo",
    "Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic",
)  # fmt: skip
ROWS = 3000  # rows of one table: 30,000 in one document took 3.7 GB
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean(value):
    """Text without control characters and without marks that turn the reading direction; lists and dicts likewise.

    Other values are left as they are.
    """
    if isinstance(value, str):
        return HARMFUL.sub("", value)
    if isinstance(value, dict):
        return {clean(key): clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean(each) for each in value]
    return value


def cut(rows: list) -> tuple[list, str]:
    """The rows that fit on paper, and a sentence on how many more the XLSX has ("" when all fit)."""
    left = len(rows) - ROWS
    return rows[:ROWS], say("paper.cut", shown=f"{ROWS:,}", left=f"{left:,}") if left > 0 else ""


def pdf(template: str, data: dict) -> bytes:
    """A document as PDF, the same bytes for the same data.

    Args:
        template: the stem of a .typ file of this folder.
        data: what JSON can hold. base.typ reads library, title and as_of (text), and landscape (bool).
            No list may be longer than ROWS: `cut` it and say so.

    Raises:
        Problem: the machine has no Japanese font.
        ValueError: a list is too long for one document.
    """
    if _longest(data) > ROWS:
        raise ValueError(f"{template}: more than {ROWS} rows")
    fonts, families = _fonts()
    known = [family for family in FONTS if family in families]
    if not known:
        raise Problem("paper.no_font", fonts="、".join(FONTS))
    told = {**clean(data), "fonts": known, "lang": words.language.get()}
    return typst.compile(
        FOLDER / f"{template}.typ",
        root=FOLDER,
        font_paths=fonts,
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
    )


@cache
def _fonts() -> tuple[typst.Fonts, frozenset[str]]:
    fonts = typst.Fonts()
    return fonts, frozenset(fonts.families())


def _longest(value) -> int:
    if isinstance(value, dict):
        return max(map(_longest, value.values()), default=0)
    if isinstance(value, list | tuple):
        return max([len(value), *map(_longest, value)])
    return 0

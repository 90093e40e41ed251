"""The key by which titles and names are matched and searched."""

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import polars as pl

DASHES = "-‐‑‒–—―−ー─━"
KANA = "ぁ-ゖァ-ヺ"
KEPT_MARKS = "+#"


@cache
def variants() -> dict[str, str]:
    """Old or variant form of a character → the form it is matched as, from variants.toml."""
    table = tomllib.loads((Path(__file__).parent / "variants.toml").read_text(encoding="utf-8"))
    return {pair[0]: pair[1] for pair in table["pairs"].split()}


def match_key(series: pl.Series) -> pl.Series:
    """Titles or names made comparable: NFKC, lower case, variant characters folded, marks and spaces gone.

    A dash of any kind behind kana is the long-vowel mark ー, elsewhere it goes. + and # stay (C, C++ and C# are three).
    Katakana and hiragana stay apart. Null stays null; the result has the length and order of `series`.
    """
    forms = variants()
    return (
        series.str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_many(list(forms), list(forms.values()))
        .str.replace_all(f"([{KANA}])[{DASHES}]+", "${1}\ue000")
        .str.replace_all(f"[{DASHES}]|[\\p{{P}}\\p{{S}}\\p{{Z}}\\p{{C}}--[{KEPT_MARKS}\ue000]]", "")
        .str.replace_all("\ue000", "ー", literal=True)
    )


def match_key_of(text: str) -> str:
    """`match_key` of one text, in plain Python."""
    key, before = [], ""
    for character in unicodedata.normalize("NFKC", text).lower():
        character = variants().get(character, character)
        if character in DASHES:
            if "ぁ" <= before <= "ゖ" or "ァ" <= before <= "ヺ":
                key.append("ー")
        elif character in KEPT_MARKS or unicodedata.category(character)[0] not in "PSZC":
            key.append(character)
        before = character
    return "".join(key)

"""Coded values, numbers and yes or no, from the words that library systems use for them."""

import re
import tomllib
from functools import cache
from pathlib import Path

from collection import words
from collection.sources.normalise.text import plain

YES = {"1", "○", "〇", "◯", "はい", "有", "あり", "true", "t", "y", "yes", "on", "済", "回収不能", "1.0"}
NO = {"0", "×", "x", "✕", "いいえ", "無", "なし", "false", "f", "n", "no", "off", "-", "0.0"}
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
PERMANENT = re.compile(r"永年|永久|無期限|permanent", re.IGNORECASE)
OPEN_TABLES = {"location"}  # a library's own places are kept as they are


@cache
def synonyms(field: str) -> dict[str, str]:
    """Every word known for a coded field → its code: the codes, their Japanese and English words, synonyms.toml."""
    known = {}
    more = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))
    for code, said in words.table("codes").get(field, {}).items():
        for word in (code, *said.values(), *more.get(field, {}).get(code, ())):
            known[_bare(word)] = code
    return known


def code_of(field: str, text: str | None, several: bool = False) -> tuple[str | None, str | None]:
    """The code of a coded field (audience, material, location, status …) from its word in Japanese or English.

    Args:
        field: a table of codes.toml.
        text: what the file says.
        several: several values parted by ; may stand in it; codes come back parted by ;.

    Returns:
        (code, None), or (None, "code_unknown"). A location that is no code is the library's own place and kept.
    """
    said = plain(text)
    if not said:
        return None, None
    known = synonyms(field)
    parts = [part for part in re.split(r"[;,、・/]", said) if part.strip()] if several else [said]
    found = [known.get(_bare(part)) for part in parts]
    if field in OPEN_TABLES:
        return found[0] or said, None
    codes = list(dict.fromkeys(code for code in found if code))
    known_none = [
        part for part, code in zip(parts, found, strict=True) if not code and _bare(part) not in known_blanks()
    ]
    return ";".join(codes) or None, ("code_unknown" if known_none else None)


@cache
def known_blanks() -> frozenset[str]:
    """Words that say "nothing here" in a coded column."""
    return frozenset(
        map(_bare, ("なし", "無", "無し", "-", "0", "該当なし", "通常", "一般資料", "none", "null", "未設定"))
    )


def language_of(text: str | None) -> tuple[str | None, str | None]:
    """ISO 639-2 code of the first language told: jpn, 日本語, ja, jpneng → jpn; what is not known stays, in lower case."""
    said = plain(text).lower()
    if not said:
        return None, None
    code = language_words().get(said) or language_words().get(re.split(r"[;,、・/ ]", said)[0])
    if code:
        return code, None
    return (said[:3] if re.fullmatch(r"(?:[a-z]{3})+", said) else said), None


@cache
def language_words() -> dict[str, str]:
    """Names and two-letter codes of languages → ISO 639-2."""
    table = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))["language"]
    return {word.lower(): code for code, said in table.items() for word in said}


def yen_of(text: str | None) -> tuple[int | None, str | None]:
    """Yen without tax where both are told: 2,667円, ¥1200+税, 1,320円 (本体1,200円), 2667.0; (None, "price_unreadable") else."""
    said = plain(text)
    if not said:
        return None, None
    if re.search(r"[$€£元]|USD|EUR|GBP", said):
        return None, "price_unreadable"
    plain_price = re.search(r"本体\D{0,6}?(\d[\d,]*)", said)
    number = NUMBER.search(plain_price.group(1) if plain_price else said)
    amount = int(number.group().replace(",", "")) if number else None
    return (amount, None) if amount is not None and amount < 2**31 else (None, "price_unreadable")


def count_of(text: str | None) -> tuple[int | None, str | None]:
    """A count: 12, 1,234, 12回, １２, 12.0; (None, "number_unreadable") else, also below zero."""
    said = plain(text)
    if not said:
        return None, None
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.0+)?\s*(?:回|件|冊|点|人|円)?", said)
    return (int(match.group(1).replace(",", "")), None) if match else (None, "number_unreadable")


def truth_of(text: str | None) -> tuple[bool | None, str | None]:
    """Yes or no: 1 ○ はい 有 true / 0 × いいえ 無 false; (None, "truth_unreadable") else."""
    said = plain(text).lower()
    if not said:
        return None, None
    return (said in YES, None) if said in YES | NO else (None, "truth_unreadable")


def kept_years_of(text: str | None) -> tuple[tuple[float | None, bool], str | None]:
    """How long a serial is kept, as (years, permanent): 5, 5年, 6か月, 1年6か月, 永年; ((None, False), "years_unreadable")."""
    said = plain(text)
    if not said:
        return (None, False), None
    if PERMANENT.search(said):
        return (None, True), None
    match = re.fullmatch(r"(?:(\d+(?:\.\d+)?)\s*(?:年間?|years?)?)?\s*(?:(\d+)\s*[かカヶケヵ箇ヵ]月間?分?)?", said)
    if not match or not any(match.groups()):
        return (None, False), "years_unreadable"
    return (float(match.group(1) or 0) + int(match.group(2) or 0) / 12, False), None


def _bare(word: str) -> str:
    return re.sub(r"[\s_・]", "", plain(word)).lower()

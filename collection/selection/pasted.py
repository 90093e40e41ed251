"""What a librarian pastes or scans of one book, as fields: an ISBN, the two bar codes, the text of a page, or a title.

The words that pages use are in pasted.toml (pasted_words.py). Nothing of a person is read: a line that begins with such a label, or holds a
telephone number, an address or e-mail is passed over.
"""

import re
import unicodedata
from collections.abc import Iterator

from collection.selection.pasted_words import DAY, fields, patterns
from collection.sources import personal
from collection.sources.normalise import c_code_of, isbn_of, year_of

FIELDS = ("title", "author", "publisher", "series", "volume", "edition", "isbn", "c_code", "price", "pub_year")
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
IN_NUMBER = re.compile(r"(?<=\d)[‐‑‒–—―−ー](?=[\dXx])")
BOTH_CODES = re.compile(r"(97[89]\d{10})\s*(192\d{10})")
SECOND_CODE = re.compile(r"192(\d{4})(\d{5})\d")
ISBN_13 = re.compile(r"(?<![\d-])97[89](?:[ -]?\d){10}(?![\d-])")
ISBN_10 = re.compile(r"(?<![\d-])\d(?:[ -]?\d){8}[ -]?[\dXx](?![\d-])")
C_CODE = re.compile(r"(?<![A-Za-z])C ?(\d{4})(?!\d)", re.IGNORECASE)
AMOUNT = re.compile(r"[¥\\] ?(\d[\d,]*)E?|(\d[\d,]*) ?円")
QUOTED = re.compile(r"『([^『』]+)』")
OWNED = re.compile(r"([^:\t]{1,12}?)\s*(?:[:\t]|\s[\d-]{4,}$)")
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
DECORATION = "■□◆◇●○・▼▲▶※*>•–—| "
LONGEST = 60  # characters of a line that names people, a price or a day
AROUND_A_PRICE = 12  # characters of a line that says no more than a price


def read(text: str) -> dict[str, str | int]:
    """What a text says of a book.

    Returns:
        of title, author (several parted by " ; ", 訳 behind a translator), publisher, series, volume, edition, isbn (13
        digits), c_code (four digits) and, as int, price (yen, without tax when both are told) and pub_year those found.
    """
    lines = _lines(text)
    found = _codes(lines)
    told = list(_labelled(lines))
    for field, _, value in told:
        _take(found, field, value)
    free = [line for field, line, _ in told if field is None and _speaks(line)]
    _read_free(free, found)
    prices = [line for field, line, _ in told if field == "price"] or [line for line in free if len(line) <= LONGEST]
    found.setdefault("price", _price(prices))
    return {name: found[name] for name in FIELDS if found.get(name)}


def _lines(text: str) -> list[str]:
    """The lines of a text, each with one label at most; those about people are left out."""
    plain = IN_NUMBER.sub("-", INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
    plain = patterns()["framed_role"].sub(r"(\1)", plain)
    plain = patterns()["framed"].sub(r"\n\1:", plain)
    plain = BOTH_CODES.sub(r"\1\n\2", patterns()["next_label"].sub("\n", plain))
    lines = [line.strip().lstrip(DECORATION).rstrip() for line in plain.splitlines()]
    return [line for line in lines if line and not _of_a_person(line)]


def _of_a_person(line: str) -> bool:
    owned = OWNED.match(line)
    if owned and personal.is_personal(owned[1]):
        return True
    return not ISBN_13.search(line) and any(
        each.search(line) for each in (personal.EMAIL, personal.DASHED_PHONE, personal.ADDRESS)
    )


def _codes(lines: list[str]) -> dict[str, str | int]:
    """isbn, c_code, and the price that the second bar code holds."""
    found: dict[str, str | int] = {}
    for line in lines:
        second = SECOND_CODE.fullmatch(line)
        if second and sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(line)) % 10 == 0:
            found |= {"c_code": second[1]} | ({"price": int(second[2])} if int(second[2]) else {})
        short = "isbn" in line.lower() or LINK.search(line) or ISBN_10.fullmatch(line)
        for code in ISBN_13.findall(line) + (ISBN_10.findall(line) if short else []):
            isbn, doubt = isbn_of(code)
            if isbn and not doubt:
                found.setdefault("isbn", isbn)
        if code := C_CODE.search(line):
            found.setdefault("c_code", code[1])
    return found


def _labelled(lines: list[str]) -> Iterator[tuple[str | None, str, str]]:
    """field, line and value of each line; a value may stand under its label. What stands under one of `other` is left out."""
    waiting = None
    for line in lines:
        label = patterns()["label"].fullmatch(line)
        if label:
            field, value = fields()[(label[1] or label[2]).lower()], label[3].strip()
            waiting = None if value else field
            yield field, line, value
        elif waiting is None:
            yield None, line, ""
        elif waiting != "other":
            yield waiting, line, line
            waiting = None


def _take(found: dict, field: str | None, value: str) -> None:
    """Put a value where it belongs; what is there already stays, but for more authors."""
    if not value or field in (None, "other", "isbn", "price"):
        return
    if field in ("author", "translator"):
        found["author"] = " ; ".join([*filter(None, [found.get("author")]), *_names(value, field == "translator")])
    elif field in ("publisher", "pub_year"):
        _take_issue(found, value, field == "pub_year")
    elif field == "c_code":
        found.setdefault("c_code", c_code_of(value)[0])
    elif field == "title":
        _take_title(found, value)
    else:
        found.setdefault(field, value)


def _take_issue(found: dict, value: str, is_day: bool) -> None:
    """Publisher and year: 講談社, 講談社; 改訂版 (2020/4/15), or 2020年4月 behind whichever label."""
    day = DAY.search(value)
    year = int(day[1]) if day else year_of(value)[0] if is_day or value.isdecimal() else None
    if year:
        found.setdefault("pub_year", year)
    name, _, edition = (DAY.sub("", value) if day else "" if year else value).partition(";")
    for field, said in (("publisher", name), ("edition", edition)):
        if said.strip():
            found.setdefault(field, said.strip())


def _take_title(found: dict, value: str) -> None:
    """A title, without the binding, day and series that shops write behind it."""
    day = DAY.search(value)
    bound = patterns()["binding"].search(value)
    if bound and bound.start():
        value = value[: bound.start()]
        if day:
            found.setdefault("pub_year", int(day[1]))
    if series := patterns()["series"].search(value):
        found.setdefault("series", series[1].strip())
        value = value[: series.start()]
    found.setdefault("title", value.strip())


def _names(value: str, translated: bool = False) -> list[str]:
    """The people of 山田太郎／著 鈴木花子／訳, 山田 太郎 (著), 鈴木 花子 (翻訳), 山田太郎著 ; 鈴木花子訳, 山田太郎、鈴木花子."""
    translating = patterns()["translating"]
    parted = patterns()["role"].sub(lambda role: "訳;" if translating.fullmatch(role[1] or role[2]) else ";", value)
    names = [name.strip(" []()・") for name in re.split("[;/]" if value.isascii() else "[;、,/]", parted)]
    return [f"{name}訳" if translated and name[-1] != "訳" else name for name in names if 0 < len(name) <= LONGEST]


def _speaks(line: str) -> bool:
    """Whether a line without a label says something besides codes and the words of any page."""
    rest = re.sub("isbn", "", line, flags=re.IGNORECASE)
    for code in (ISBN_13, ISBN_10, C_CODE):
        rest = code.sub("", rest)
    noise = LINK.search(line) or patterns()["page"].fullmatch(line) or re.fullmatch(r"[\d\s-]{8,}", line)
    return not noise and bool(re.search(r"\w", rest))


def _read_free(lines: list[str], found: dict) -> None:
    """Title, people and year from the lines without labels: the first that is nothing else is the title."""
    for line in lines:
        day = DAY.search(line)
        if day and len(line) <= LONGEST and (day[0].strip() == line or patterns()["issued"].search(line)):
            found.setdefault("pub_year", int(day[1]))
        elif AMOUNT.search(line) and len(AMOUNT.sub("", line)) <= AROUND_A_PRICE:
            continue
        elif _names_people(line, "title" in found):
            if "author" not in found:
                _take(found, "author", line)
        elif "title" not in found:
            _read_title(line, found)


def _names_people(line: str, has_title: bool) -> bool:
    """Whether a line ends in what people did: 山田 太郎 (著) anywhere, 山田太郎著 when the title was there before."""
    *_, last = [None, *patterns()["role"].finditer(line)]
    return bool(last and last.end() == len(line) and (last[0].strip()[0] in "/([" or has_title and last[2] != "編"))


def _read_title(line: str, found: dict) -> None:
    """A title, with what is said of it in one line: 山田太郎著『書名』(講談社, 2020年), 書名 / 山田太郎著."""
    quoted, named = QUOTED.search(line), patterns()["named"].fullmatch(line)
    around = [piece for piece in re.split(r"[、,;()\s]+", QUOTED.sub(" ", line)) if piece]
    said = [piece for piece in around if patterns()["role"].search(piece) or DAY.fullmatch(piece) or year_of(piece)[0]]
    if quoted and (said or not around):
        found["title"] = quoted[1]
        for piece in around:
            if piece in said and year_of(piece)[0]:
                _take(found, "pub_year", piece)
            else:
                _take(found, "author" if piece in said else "publisher", piece)
    elif named:
        _take_title(found, named[1])
        _take(found, "author", named[2])
    else:
        _take_title(found, line)


def _price(lines: list[str]) -> int | None:
    """The price without tax if any line tells it, else the first."""
    for line in lines:
        if untaxed := patterns()["untaxed"].search(line):
            return _yen(untaxed[1] or untaxed[2])
    for line in lines:
        amount = AMOUNT.search(line) or re.search(r":\s*((\d[\d,]*))$", line)
        if amount:
            return _yen(amount[1] or amount[2])
    return None


def _yen(digits: str) -> int | None:
    yen = int(digits.replace(",", ""))
    return yen if yen < 2**31 else None

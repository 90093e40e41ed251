"""Days, years and months in every form that library exports are seen to use."""

import re
from calendar import monthrange
from datetime import date, timedelta

from collection.sources.normalise.text import plain

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
SHORT_ERAS = {"明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和"}
LETTER_ERAS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
ERA_LENGTH = {"明治": 45, "大正": 15, "昭和": 64, "平成": 31, "令和": 99}
FIRST_YEAR, LAST_YEAR = 1000, 2099
NO_DAYS = {"0", "00000000", "99999999", "19000101", "19000100", "18991230", "18991231"}
UNKNOWN_YEAR = re.compile(
    r"年不明|年未詳|不詳|^[\[(〔]?\d{4}年代|^[\[(〔]?\s*[年月]*\s*[\])〕]?$|^[\[(〔]?\d{1,3}-{1,3}\??\s*[\])〕}]?"
)
ERA = re.compile(r"(明治|大正|昭和|平成|令和|[明大昭平令](?=[\d元])|(?<![A-Za-z])[MTSHR](?=\s*[\d元]))\s*(元|\d{1,2})")
WESTERN = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(?=\d{4}(?!\d)|\d{2}(?!\d)|(?!\d))")
SPLIT = re.compile(r"[年月日/.\-\s]+")
TIME = re.compile(r"[T\s]\d{1,2}:\d{2}.*$")


def year_of(text: str | None) -> tuple[int | None, str | None]:
    """The first year of publication, e.g. "[1998]", "昭和22 [1947]", "c2001", "2001-2005", "20190401" → 2019.

    Returns:
        (year, None); (None, "year_unknown") for [19--], 出版年不明, 0 and 19; (None, "year_unreadable") otherwise.
    """
    said = plain(text)
    if not said:
        return None, None
    if said.isdecimal() and len(said) < 4 or UNKNOWN_YEAR.search(said):
        return None, "year_unknown"
    corrected = re.search(r"i\.\s?e\.\s*(.+)", said)
    western = WESTERN.search(corrected.group(1) if corrected else said)
    if western and FIRST_YEAR <= int(western.group(1)) <= LAST_YEAR:
        return int(western.group(1)), None
    year = _era_year(said)
    return (year, None) if year else (None, "year_unreadable")


def date_of(text: str | None, serial: bool = False) -> tuple[date | None, str | None]:
    """One day, e.g. 20190401, 2019/4/1, 2019-04-01, 4/1/19, R7.4.1, 平成31年4月30日.

    Args:
        text: what the file says.
        serial: read a bare five-digit number as an Excel day (in XLSX files only).

    Returns:
        (day, None); (first day of it, "date_partial") when only a year or month is told; (None, "never") for 1/1/00,
        0000-00-00, 1900/01/01 and their like; (None, "date_unreadable") otherwise.
    """
    said = TIME.sub("", plain(text)).strip()
    if not said or not said.strip("-/. "):
        return None, None
    if re.sub(r"(?<!\d)(?=\d(?!\d))", "0", said).translate(_MARKS) in NO_DAYS or re.fullmatch(
        r"0*1/0*1/(00|1900)", said
    ):
        return (None, None) if said.startswith("9") else (None, "never")
    if re.fullmatch(r"0[0/.\-]*", said):
        return None, "never"
    if re.fullmatch(r"9999.*", said):
        return None, None
    if serial and re.fullmatch(r"[1-7]\d{4}(\.\d+)?", said):
        return date(1899, 12, 30) + timedelta(days=int(float(said))), None
    year, month, day = _parts(said)
    try:
        made = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None, "date_unreadable"
    if not FIRST_YEAR <= made.year <= LAST_YEAR:
        return None, "date_unreadable"
    return made, (None if day else "date_partial")


def month_of(text: str | None) -> tuple[int | None, str | None]:
    """The month as months since year 0, e.g. "2024-04" → 24291; also 202404, 2024年4月, R6.4 and any full date.

    Returns:
        (month, None), or (None, "month_unreadable"): a bare year is not a month.
    """
    said = TIME.sub("", plain(text)).strip()
    if not said:
        return None, None
    if re.fullmatch(r"\d{6}", said):
        year, month, day = int(said[:4]), int(said[4:]), None
    else:
        year, month, day = _parts(said)
    if not year or not month or not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None, "month_unreadable"
    if day is not None and not 1 <= day <= monthrange(year, month)[1]:
        return None, "month_unreadable"
    return year * 12 + month - 1, None


_MARKS = str.maketrans("", "", "/.-年月日 ")


def _era_year(said: str) -> int | None:
    era = ERA.search(said)
    if not era:
        return None
    name = LETTER_ERAS.get(era.group(1), SHORT_ERAS.get(era.group(1), era.group(1)))
    number = 1 if era.group(2) == "元" else int(era.group(2))
    return ERAS[name] + number if 1 <= number <= ERA_LENGTH[name] else None


def _parts(said: str) -> tuple[int | None, int | None, int | None]:
    """Year, month and day as told; the year is None when nothing fits."""
    if re.fullmatch(r"\d{8}", said):
        return int(said[:4]), int(said[4:6]), int(said[6:])
    era = ERA.match(said)
    if era:
        rest = said[era.end() :].strip("年月日/.- ")
        return _numbers(_era_year(said), rest)
    # A year alone at the end is American (M/D/YY); two digits in front never are a year: nobody could tell which.
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", said)
    if american:
        month, day, year = (int(part) for part in american.groups())
        if len(american.group(3)) == 2:
            year += 2000 if year < 69 else 1900
        return (year, month, day) if month <= 12 else (None, None, None)
    western = re.fullmatch(r"\[?(\d{4})(?:\]?$|\]?[年/.\-\s](.*))", said)
    if not western:
        return None, None, None
    return _numbers(int(western.group(1)), (western.group(2) or "").strip("年月日/.- "))


def _numbers(year: int | None, rest: str) -> tuple[int | None, int | None, int | None]:
    if not rest:
        return year, None, None
    numbers = SPLIT.split(rest)
    if len(numbers) > 2 or not all(re.fullmatch(r"\d{1,2}", number) for number in numbers):
        return None, None, None
    month, day = ([int(number) for number in numbers] + [None])[:2]
    # A 0 for the day or month is how some systems say "not known".
    return (year, month or None, day or None) if month or not day else (None, None, None)

"""Fiscal years of a city: 1 April to 31 March, named by the year in which they begin."""

from datetime import date

from collection import words

ERAS = ((2019, "令和"), (1989, "平成"), (1926, "昭和"), (1912, "大正"), (1868, "明治"))


def of(day: date) -> int:
    """The fiscal year of a day: 2025-03-31 → 2024."""
    return day.year - (day.month < 4)


def first(year: int) -> date:
    """1 April."""
    return date(year, 4, 1)


def last(year: int) -> date:
    """31 March of the next year."""
    return date(year + 1, 3, 31)


def months(year: int) -> list[str]:
    """2024-04 … 2025-03."""
    return [f"{year + (month > 12)}-{(month - 1) % 12 + 1:02d}" for month in range(4, 16)]


def spoken(year: int) -> str:
    """令和6年度（2024）, or FY2024 in English."""
    if words.language.get() == "en":
        return f"FY{year}"
    for start, era in ERAS:
        if year >= start:
            nth = year - start + 1
            return f"{era}{'元' if nth == 1 else nth}年度（{year}）"
    return f"{year}年度"

"""Plans once more in plain Python: what a target counts, item by item; the forecast; the judgement."""

from datetime import date
from fractions import Fraction

from collection.sources.normalise import match_key_of


def lets_through(where: dict[str, list[str]], item: dict, bib: dict) -> bool:
    """Whether one filter lets an item through: every part, by any of its values."""
    subjects = (bib.get("subjects") or "").split(";")
    held = {
        "branch": lambda value: item["branch"] == value,
        "location": lambda value: item["location"] == value,
        "source": lambda value: item["source"] == value,
        "audience": lambda value: bib.get("audience") == value,
        "material": lambda value: bib.get("material") == value,
        "ndc": lambda value: (bib.get("ndc") or "").startswith(value),
        "local": lambda value: value in (bib.get("local") or "").split(";"),
        "words": lambda value: (
            match_key_of(value) in (bib.get("title_key") or "")
            or any(match_key_of(value) in match_key_of(subject) for subject in subjects)
        ),
    }
    return all(any(held[part](value) for value in values) for part, values in where.items())


def counts(filters: list[dict], item: dict, bib: dict) -> bool:
    """Whether a target counts an item: one of its filters, or none being written, lets it through."""
    return any(lets_through(where, item, bib) for where in filters or [{}])


def fiscal_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def forecast(days: list[date], year: int, as_of: date, years: int, least: int, from_day: int) -> tuple | None:
    """(forecast, low, high) of a running year as fractions, low and high None without a course of earlier years."""
    passed = (as_of - date(year, 4, 1)).days
    so_far = [day for day in days if fiscal_year(day) == year]
    if not so_far or passed < from_day:
        return None
    until, whole, shares = 0, 0, []
    for before in range(year - years, year):
        own = [day for day in days if fiscal_year(day) == before]
        mark = (as_of.month + 8) % 12, as_of.day  # April is month 0 of the year
        early = [day for day in own if ((day.month + 8) % 12, day.day) <= mark]
        until, whole = until + len(early), whole + len(own)
        if early:
            shares.append(Fraction(len(early), len(own)))
    if until and whole >= least:
        n = len(so_far)
        return n / Fraction(until, whole), n / max(shares), n / min(shares)
    return len(so_far) / Fraction(passed + 1, (date(year + 1, 4, 1) - date(year, 4, 1)).days), None, None


def judged(target, actual, expected, running: bool, last: bool, reached=100, out_of_reach=30, missed=80) -> str | None:
    """The judgement of an indicator by its meaning, in fractions."""
    if isinstance(target, str) or target is None:
        return None
    known = [
        Fraction(value)
        for value in (actual, expected if running else None)
        if not isinstance(value, str) and value is not None
    ]
    best = None
    for value in known:
        share = value / Fraction(target) * 100 if target else Fraction(100)
        if share >= reached:
            return "a"
        best = share
    if running and expected is None:
        return "-"
    if best is None:
        return "-"
    return "c" if best < (missed if last and not running else out_of_reach) else "b"

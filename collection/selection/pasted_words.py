"""The words of pasted.toml as patterns, by which the text of a page is read. All are for NFKC text, of any case."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

DAY = re.compile(r"\(?\s*((?:19|20)\d{2})(?:[年/.-]\s?\d{1,2}(?:[月/.-](?:\s?\d{1,2}日?)?)?|年)\s*\)?")
YEN = r"[¥\\]? ?(\d[\d,]*)"


@cache
def table() -> dict[str, dict[str, list[str]]]:
    """pasted.toml: labels by the field they stand before, and other words."""
    text = unicodedata.normalize("NFKC", (Path(__file__).parent / "pasted.toml").read_text(encoding="utf-8"))
    return tomllib.loads(text)


@cache
def fields() -> dict[str, str]:
    """Label → field."""
    return {label: field for field, listed in table()["labels"].items() for label in listed}


@cache
def patterns() -> dict[str, re.Pattern]:
    """The patterns, and what their groups hold.

    label: a line with a label (1 or 2) and its value (3); next_label: what parts two labels of one line; framed: 【label】
    (1); framed_role: 【著】 behind a name (1); role: what people did, set off (1) or at the end of the name (2); named: a title
    (1) and who wrote it (2); translating: a role of a translator; binding: the binding behind a title, with the day or not;
    series: a series in brackets behind a title (1); issued: a word beside the day of publication; untaxed: a price without
    tax (1 or 2); page: a line that any page has.
    """
    words, labels = table()["words"], list(fields())
    long, short = _any(label for label in labels if len(label) > 1), _any(label for label in labels if len(label) == 1)
    roles = words["role"] + words["translating"]
    role, at_the_end = _any(roles), _any([word for word in roles if len(word) > 1] + ["著", "編", "訳"])
    before, behind = _any(words["untaxed_before"]), _any(words["untaxed_behind"])
    made = {
        "label": rf"(?:({long})(?:\s*[:/]\s*|\s+|$|(?=[\d¥(]))|({short})\s*[:/]\s*)(.*)",
        "next_label": rf"(?<=\S)\s*[/|、,\s]\s*(?=(?:{long})\s*:)",
        "framed": rf"【({long})】",
        "framed_role": rf"(?<=\S)【({role})】(?=[\s、,;/【-]|$)",
        "role": rf"(?:\s*[/(\[]\s*|\s+)({role})(?:[・、,/]\s*(?:{role}))*\s*[)\]]?(?=[\s;、,/]|$)|({at_the_end})(?=[\s;、,/]|$)",
        "named": r"(.+?)\s*[/\s]\s*([^\s/]{2,20}(?:共著|編著|監修|著|訳))",
        "translating": _any(words["translating"]),
        "binding": rf"\s*(?:{_any(words['binding'])})\s*[-–—]?\s*(?={DAY.pattern}$|$)",
        "series": rf"(?<=\S)\s*[(<〈]([^()<>〈〉]*(?:{_any(words['series'])})[^()<>〈〉]*)[)>〉]$",
        "issued": _any(words["issued"]),
        "untaxed": rf"(?:{before})[:\s(]*{YEN}|(\d[\d,]*) ?円? ?\(?(?:{behind})(?! ?[¥\d])",
        "page": rf"(?:{_any(words['page'])})",
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in made.items()}


def _any(listed) -> str:
    """A pattern of words, the longest first."""
    return "|".join(map(re.escape, sorted(set(listed), key=len, reverse=True)))

"""Classes: NDC of every edition, the marks before it, NDLC and DDC kept apart; and the C code."""

import re
from dataclasses import dataclass

from collection.sources.normalise.text import plain

# What may stand before or behind a class to say which scheme it is.
SCHEME = (
    r"(?:NDC\s*\(?\s*(?:新訂)?(?P<ndc>\d{1,2})?\s*版?\)?|njb(?:/0*(?P<njb>\d{1,2}))?"
    r"|(?P<ndlc>NDLC|kktb)|(?P<ddc>DD?C(?:\d{1,2})?)|(?P<other>LCC|NLMC|NLM|UDC|LC|CC|KDC|CLC))"
)
BEFORE = re.compile(rf"^{SCHEME}\s*[:：]?\s*(?P<class>\S.*)$", re.IGNORECASE)
BEHIND = re.compile(rf"^(?P<class>\S+?)\s*(?:\|\|?|[(\[:]|\s)\s*{SCHEME}\s*[)\]]?$", re.IGNORECASE)
NDC = re.compile(r"(?:\d{1,3}(?:\.\d+)?|\d{4,9})")
MARK_AND_NDC = re.compile(r"([A-Z]|YA|LL|AV|CD|DVD|KE|KR|[ぁ-んァ-ヶー一-龥]{1,4})[\s/.\-・]*(\d{1,3}(?:\.\d+)?)?")
NDLC = re.compile(r"[A-Z]{1,3}-?\d+(?:-[A-Z]?\d+)?")
EDITIONS = range(6, 11)


@dataclass(frozen=True)
class Classes:
    """What a record's class numbers say; the first NDC is the shelf class.

    `ndc_all` lists every NDC as "NDC9:913.6;913"; a part without an edition is not marked in the source.
    """

    ndc: str | None = None
    ndc_edition: int | None = None
    class_mark: str | None = None
    ndc_all: str | None = None
    ndlc: str | None = None
    ddc: str | None = None


def classes_of(text: str | None) -> tuple[Classes, str | None]:
    """Every class in `text`, parted by ; or 、 or ||: 913.6, NDC9:913.6, 911.368 njb/09, K913, E, NDLC:KH612, DDC:895.6.

    Returns:
        (classes, None); (classes, "ndc_mended") where a lost leading zero before the point was put back (19.5 → 019.5);
        (classes, "ndc_unreadable") where a part is no class at all.
    """
    said = plain(text)
    found: dict[str, list] = {"ndc": [], "ndlc": [], "ddc": []}
    mark = reason = None
    for part in re.split(r"\s*[;；、]\s*|\s*\|\|\s*(?!njb|ndc)", said, flags=re.IGNORECASE) if said else ():
        part_mark, why = _one(part, found)
        mark, reason = mark or part_mark, reason or why
    first = found["ndc"][0] if found["ndc"] else (None, None)
    every = ";".join(f"NDC{edition}:{number}" if edition else number for number, edition in found["ndc"])
    return (
        Classes(
            first[0], first[1], mark, every or None, ";".join(found["ndlc"]) or None, ";".join(found["ddc"]) or None
        ),
        reason,
    )


def c_code_of(text: str | None) -> tuple[str | None, str | None]:
    """The four digits of a C code: "0093", "C0093", "Ｃ００９３", "C0093\\2667E"; lost zeros (93) are put back.

    Returns:
        (four digits, None), (four digits, "c_code_mended") or (None, "c_code_unreadable").
    """
    said = plain(text).upper()
    if not said:
        return None, None
    whole = re.match(r"C?\s*(\d{4})(?!\d)", said)
    if whole:
        return whole.group(1), None
    cut = re.fullmatch(r"(\d{2,3})(?:\.0)?", said)
    return (cut.group(1).zfill(4), "c_code_mended") if cut else (None, "c_code_unreadable")


def _one(part: str, found: dict[str, list]) -> tuple[str | None, str | None]:
    """Adds one class to `found`; returns its mark and what is wrong with it."""
    if not part:
        return None, None
    marked = BEFORE.match(part) or BEHIND.match(part)
    if marked and marked["other"]:
        return None, None
    if marked and (marked["ndlc"] or marked["ddc"]):
        found["ndlc" if marked["ndlc"] else "ddc"].append(marked["class"])
        return None, None
    number = marked["class"].strip() if marked else part
    edition = int(marked["ndc"] or marked["njb"] or 0) if marked else 0
    shelf = re.split(r"[/\s]", number)[0]
    for candidate in (number, shelf):
        if NDC.fullmatch(candidate):
            digits, why = _pointed(candidate)
            found["ndc"].append((digits, edition if edition in EDITIONS else None))
            return None, why
    for candidate in (number.upper(), shelf.upper()):
        with_mark = MARK_AND_NDC.fullmatch(candidate)
        # One letter and one or two digits is NDLC (Y84), except behind the marks that children's shelves use.
        if with_mark and (
            with_mark[2] is None or len(with_mark[2]) > 2 or with_mark[1] in "KEJR" or len(with_mark[1]) > 1
        ):
            if with_mark[2]:
                digits, why = _pointed(with_mark[2])
                found["ndc"].append((digits, edition if edition in EDITIONS else None))
                return with_mark[1], why
            return with_mark[1], None
    if NDLC.fullmatch(number.upper()):
        found["ndlc"].append(number.upper())
        return None, None
    return None, "ndc_unreadable"


def _pointed(number: str) -> tuple[str, str | None]:
    """The class with its point: 9136 → 913.6, 19.5 → 019.5 (its zero was lost); 007 and 91 stay."""
    whole, point, rest = number.partition(".")
    if point:
        return whole.zfill(3) + "." + rest, ("ndc_mended" if len(whole) < 3 else None)
    return (whole[:3] + "." + whole[3:] if len(whole) > 3 else whole), None

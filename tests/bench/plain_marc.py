"""MARC 21 by a plain pymarc loop: one record at a time into the same texts of a bib as collection.sources.marc makes."""

import re
from pathlib import Path

import pymarc

from tests.sources.naive_marc import bib_of, end_of_area, text_of

NDC_SOURCE = re.compile(r"(?:njb|ndc)/?0?(10|[6-9])?", re.IGNORECASE)
WHOLE_SET = re.compile(r"セット|全巻|\bset\b", re.IGNORECASE)
EAN = re.compile(r"\s*192-?([0-9]{4})([0-9]{5})[0-9]")
AUDIENCE = {"a": "child", "b": "child", "c": "child", "j": "child", "d": "young", "e": "general", "g": "general"}
PRINT = {"tb": "large_print", "tc": "braille", "fb": "braille"}
SOUND = ((r"(?i)daisy|デイジー", "daisy"), (r"(?i)カセット|cassette|録音テープ", "cassette"),
         (r"(?i)\bCD|コンパクトディスク|録音ディスク|sound dis|audio dis|compact dis", "cd"))  # fmt: skip
FILM = ((r"(?i)dvd|blu-?ray|ブルーレイ|ビデオディスク|videodis", "dvd"), (r"(?i)ビデオ|video|vhs", "video"),
        ("紙芝居|(?i:kamishibai)", "kamishibai"))  # fmt: skip


def read(path: Path) -> list[dict[str, str | None]]:
    """The texts of every record of a file."""
    with path.open("rb") as file:
        return [texts(record) for record in pymarc.MARCReader(file, force_utf8=True)]


def texts(record: pymarc.Record) -> dict[str, str | None]:
    """What one record says of a book."""
    isbn, price = isbn_of(record)
    coded = record["008"].data if "008" in record else ""
    eans = [match for field in record.get_fields("024") if (match := EAN.match(field.get("a") or ""))]
    c_code = re.search(r"\bC([0-9]{4})\b", price)
    ndc, ndlc = classes_of(record)
    return {
        **bib_of(record),
        "coded_year": coded[7:11] if re.fullmatch("[12][0-9]{3}", coded[7:11]) else None,
        "isbn": end_of_area(isbn),
        "c_code": c_code[1] if c_code else eans[0][1] if eans else None,
        "ndc": ndc,
        "ndlc": ndlc,
        "ddc": (record["082"].get("a") or "").strip() or None if "082" in record else None,
        "audience": AUDIENCE.get(coded[22:23]) if is_text(record) or record.leader[6] in "cdgijkmor" else None,
        "material": material_of(record, coded),
        "language": language_of(record, coded),
        "price": yen_of(price, eans),
    }


def isbn_of(record: pymarc.Record) -> tuple[str, str]:
    fields = record.get_fields("020")
    numbers = [field for field in fields if field.get("a")]
    single = [field for field in numbers if not WHOLE_SET.search(text_of(field))]
    if not fields:
        return "", ""
    chosen = (single or numbers or fields)[0]
    price = chosen.get("c") or next((field["c"] for field in fields if field.get("c")), "")
    return chosen.get("a") or "", price


def classes_of(record: pymarc.Record) -> tuple[str | None, str | None]:
    ndc, ndlc = [], []
    for field in record.get_fields("084"):
        source = field.get("2") or ""
        numbers = [number for number in field.get_subfields("a") if number]
        if match := NDC_SOURCE.match(source):
            ndc += [f"NDC{match[1]}:{number}" if match[1] else number for number in numbers]
        elif source.lower().startswith(("kktb", "ndlc")):
            ndlc += numbers
    return ";".join(ndc).strip() or None, ";".join(ndlc).strip() or None


def is_text(record: pymarc.Record) -> bool:
    return record.leader[6] in "at" and record.leader[7] not in "bis"


def material_of(record: pymarc.Record, coded: str) -> str | None:
    form, level = record.leader[6], record.leader[7]
    physical = [field.data for field in record.get_fields("007")]
    if form in "at":
        kinds = [data[:2] for data in physical if re.match("[tf].", data)]
        printed = PRINT.get(kinds[0]) if kinds else None
        printed = printed or {"d": "large_print", "f": "braille"}.get(coded[23:24])
        if printed:
            return printed
        if level in "bs":
            return "newspaper" if coded[21:22] == "n" else "yearbook" if coded[18:19] == "a" else "periodical"
        return "yearbook" if is_text(record) and "y" in coded[24:28] else "book"
    if form in "ijgko":
        found = [part for field in record.get_fields("245") for part in field.get_subfields("h")]
        found += [part for field in record.get_fields("300") for part in field.get_subfields("a", "b", "c", "e")]
        return played(" ".join(found), physical, SOUND if form in "ij" else FILM, form in "ij")
    return {"c": "score", "d": "score", "e": "map", "f": "map", "m": "other", "p": "other", "r": "other"}.get(form)


def played(said: str, physical: list[str], kinds: tuple, sound: bool) -> str:
    carriers = {"ss": "cassette", "sd": "cd"} if sound else {"vd": "dvd", "vf": "video"}
    codes = [data[:2] for data in physical if data.startswith("s" if sound else "v") and len(data) > 1]
    for pattern, kind in kinds:
        coded = kind in carriers.values()
        if coded and codes and carriers.get(codes[0]) == kind:
            return kind
        if not (coded and codes) and re.search(pattern, said):
            return kind
    return "other"


def language_of(record: pymarc.Record, coded: str) -> str | None:
    field = record.get("041")
    for code in (coded[35:38], (field.get("a") or "")[:3] if field else ""):
        if re.fullmatch("[a-z]{3}", code.lower()) and code.lower() not in ("und", "mul", "zxx"):
            return code.lower()
    return None


def yen_of(price: str, eans: list[re.Match]) -> str | None:
    if price:
        digits = price.translate(str.maketrans("０１２３４５６７８９￥，", "0123456789¥,")).replace(",", "")
        said = re.search(r"([0-9]+) ?円", digits) or re.search(r"(?:Y|¥|\\|JPY) ?([0-9]+)", digits)
        if said:
            return said[1]
    return eans[0][2].lstrip("0") or None if eans else None

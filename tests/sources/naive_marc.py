"""The naive twin of the extraction: one record, pymarc's own calls, plain Python; what the bench's plain loop runs."""

import re

import pymarc

IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SYLLABLES = "\u3041-\u30ff\uff66-\uff9f"
HAN, KANA = re.compile(f"[{IDEOGRAPHS}]"), re.compile(f"[{SYLLABLES}]")
JAPANESE = re.compile(f"[{IDEOGRAPHS}{SYLLABLES}\uac00-\ud7a3]")
SUBJECT_TAGS = ("600", "610", "611", "630", "650", "651", "653")
NAME_TAGS = ("100", "110", "111", "700", "710", "711")
SERIES_TAGS = ("490", "440", "830", "800", "810")
LINKED = (*SUBJECT_TAGS, *NAME_TAGS, *SERIES_TAGS, "245", "250", "260", "264")


def link_of(field: pymarc.Field) -> tuple[str, str, str]:
    """Linked tag, occurrence and script of a $6: ("245", "-01", "/$1")."""
    link = field.get("6") or ""
    return link[:3], link[3:6], link[6:9]


def text_of(field: pymarc.Field) -> str:
    return "".join(part.value for part in field.subfields)


def readings(record: pymarc.Record, linked: list[pymarc.Field]) -> bool:
    """Whether 880 holds readings: the title itself is Japanese, or nothing in 880 is kanji and something else says so."""
    title = record.get("245")
    if title and JAPANESE.search(text_of(title)):
        return True
    if any(HAN.search(text_of(field)) for field in linked):
        return False
    others = [field for field in record.get_fields(*LINKED)]
    return any(link_of(field)[2].startswith("/(B") for field in linked) or any(
        JAPANESE.search(text_of(field)) for field in others
    )


def in_kanji(record: pymarc.Record) -> dict[str, list[pymarc.Field]]:
    """tag → fields, each replaced by its 880 where 880 holds the original script."""
    own = {tag: record.get_fields(tag) for tag in LINKED}
    linked = [field for field in record.get_fields("880") if link_of(field)[0] in LINKED]
    if not linked or readings(record, linked):
        return own
    for field in linked:
        tag, occurrence, script = link_of(field)
        if script.startswith("/(B"):
            continue
        partners = [at for at, other in enumerate(own[tag]) if link_of(other)[:2] == ("880", occurrence)]
        if not own[tag]:
            own[tag] = [field]
        elif partners:
            own[tag][partners[0]] = field
        elif len(own[tag]) == 1 and own[tag][0].tag != "880":
            own[tag] = [field]
        elif occurrence == "-00":
            own[tag].append(field)
    return own


def end_of_area(text: str) -> str | None:
    """Without ISBD punctuation at the end and without a lone full stop."""
    end = re.compile(r"[\s,:;/=]+$")
    text = end.sub("", text)
    if len(text) > 1 and text.endswith(".") and text[-2] not in ".\n":
        text = end.sub("", text[:-1])
    return text.strip() or None


def bib_of(record: pymarc.Record) -> dict[str, str | None]:
    """The bib fields of one record as texts, those that are not coded."""
    own = in_kanji(record)
    title = own["245"][0] if own["245"] else None
    names, numbers = [], []
    for part in title.subfields if title else ():
        if part.code in "abp" and part.value.strip():
            names.append(part.value.strip())
        if part.code == "b" and part.value.strip() and numbers:
            numbers.append(None)
        if part.code == "n" and part.value.strip() and None not in numbers:
            numbers.append(part.value.strip().strip(" ,.:;/="))
    imprint = [field for field in own["264"] if field.indicator2 == "1"] + own["260"] + own["264"]
    imprint = next((field for field in imprint if field.get("b") or field.get("c")), None)
    publisher = end_of_area((imprint.get("b") or "") if imprint else "")
    return {
        "bib_id": (record["001"].data.strip() or None) if "001" in record else None,
        "title": end_of_area(" ".join(names)),
        "title_kana": kana_of(record),
        "volume": " ".join(number for number in numbers if number is not None).strip() or None,
        "author": end_of_area(author_of(own, title)),
        "edition": end_of_area(" ".join(part for part in own["250"][0].get_subfields("a", "b") if part))
        if own["250"]
        else None,
        "publisher": None if publisher and re.match(r"(?i)\[?s\. ?n", publisher) else publisher,
        "pub_year": end_of_area((imprint.get("c") or "") if imprint else ""),
        "series": end_of_area(series_of(own)),
        "subjects": subjects_of(own),
    }


def kana_of(record: pymarc.Record) -> str | None:
    linked = [field for field in record.get_fields("880") if link_of(field)[0] in LINKED]
    if not linked or not readings(record, linked):
        return None
    for field in linked:
        if link_of(field)[0] == "245" and KANA.search(text_of(field)) and not HAN.search(text_of(field)):
            return end_of_area(" ".join(part.strip() for part in field.get_subfields("a", "b", "p") if part.strip()))
    return None


def author_of(own: dict, title: pymarc.Field | None) -> str:
    stated = (title.get("c") or "") if title else ""
    if JAPANESE.search(stated):
        return stated
    names = []
    for tag in NAME_TAGS:
        for field in own[tag]:
            if tag[0] == "7" and "t" in field:
                continue
            codes = ("a",) if tag.endswith("00") else ("a", "b")
            name = " ".join(part for part in field.get_subfields(*codes) if part).strip(" ,.")
            if ", " in name and JAPANESE.search(name):
                name = name.replace(", ", " ")
            if name and name not in names:
                names.append(name)
    japanese = [name for name in names if JAPANESE.search(name)]
    return ";".join(japanese or names) if japanese or not stated else stated


def series_of(own: dict) -> str:
    texts = []
    for tag in SERIES_TAGS:
        if own[tag]:
            texts.append(
                "; ".join(
                    " ".join(part.strip(" ;,") for part in field.get_subfields("a", "p", "v") if part)
                    for field in own[tag]
                )
            )
    return next((text for text in texts if JAPANESE.search(text)), next(filter(None, texts), ""))


def subjects_of(own: dict) -> str | None:
    found = []
    for tag in SUBJECT_TAGS:
        for field in own[tag]:
            if tag == "653":
                found += [part.strip(" ;.") for part in field.get_subfields("a")]
                continue
            head = " ".join(part for part in field.get_subfields(*"abcdqt") if part)
            parts = [head, *[part for part in field.get_subfields(*"vxyz")]]
            found.append("--".join(part.strip(" .,") for part in parts if part))
    found = [subject.replace(";", ",") for subject in found if subject]
    return ";".join(dict.fromkeys(found)).strip() or None

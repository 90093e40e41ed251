"""What a MARC record says of a book: its fields, given as plain (tag, text) pairs, become one row of texts.

Both readers and MARCXML go through these rules, so that they cannot differ. Values are taken as they
stand, with the punctuation of ISBD; shape.py turns columns of them into typed fields.

Two shapes of Japanese records are told apart. JAPAN/MARC writes kanji in 245 and its reading in 880
(`$6 245-01/$1` kana, `/(B` romaji): the field itself counts. The Library of Congress writes romaji in 245
and kanji in 880: the 880 counts.
"""

import re
from functools import lru_cache

COLUMNS = (
    *(
        "bib_id",
        "leader",
        "f007",
        "f008",
        "isbn",
        "price",
        "ean",
        "ndc",
        "ndlc",
        "ddc",
        "title",
        "title_kana",
        "volume",
    ),
    *("author", "edition", "publisher", "pub_year", "series", "subjects", "language", "physical"),
)
SUBJECTS = ("600", "610", "611", "630", "650", "651", "653")
HEADINGS = ("100", "110", "111", "700", "710", "711")
SERIES = ("490", "440", "830", "800", "810")
SCRIPTED = ("245", "250", "260", "264", *HEADINGS, *SERIES, *SUBJECTS)  # fields that 880 gives in another script
LINKED = frozenset(SCRIPTED)
TAGS = frozenset(("001", "007", "008", "020", "024", "041", "082", "084", "300", "880", *SCRIPTED))
AUDIOVISUAL = "gijkmor"  # leader/06 of what a reader plays or looks at
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
KANA = re.compile("[\u3041-\u30ff\uff66-\uff9f]")
CJK = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]")
NDC_SOURCE = re.compile(r"(?:njb|ndc)/?0?(10|[6-9])?", re.IGNORECASE)
WHOLE_SET = re.compile(r"セット|全巻|\bset\b", re.IGNORECASE)
LINK = "\x1f6"
NONE: list[str] = []

Fields = list[tuple[str, str]]
Own = dict[str, list[str]]


def subfield(text: str, code: str) -> str:
    """The first subfield of that code, or "" when the field has none."""
    at = text.find("\x1f" + code)
    if at < 0:
        return ""
    end = text.find("\x1f", at + 2)
    return text[at + 2 :] if end < 0 else text[at + 2 : end]


def subfields(text: str, codes: str) -> list[str]:
    """The subfields whose code is one of `codes`, in their order, blank ones left out."""
    return [part[1:] for part in text.split("\x1f")[1:] if len(part) > 1 and part[0] in codes]


def by_tag(fields: Fields) -> Own:
    """The texts of a record's fields by tag, in their order."""
    own: Own = {}
    for tag, text in fields:
        if tag in own:
            own[tag].append(text)
        else:
            own[tag] = [text]
    return own


def bib_row(leader: str, own: Own) -> tuple[str, ...]:
    """One row of texts, in the order of COLUMNS; "" where the record says nothing.

    Args:
        leader: 24 characters.
        own: by_tag of at least the tags in TAGS; a data field's text is its indicators and subfields. Fields that 880
            gives in the original script are replaced in it.
    """
    kana = into_the_script_that_counts(own) if "880" in own else ""
    title_text = own["245"][0] if "245" in own else ""
    title, volume = _title(title_text)
    publisher, year = _published(own)
    isbn, price = _isbn(own["020"]) if "020" in own else ("", "")
    ndc, ndlc = _classes(own["084"]) if "084" in own else ("", "")
    return (
        own["001"][0] if "001" in own else "",
        leader,
        "|".join(own["007"]) if "007" in own else "",
        own["008"][0] if "008" in own else "",
        isbn,
        price,
        ";".join([subfield(text, "a") for text in own["024"]]) if "024" in own else "",
        ndc,
        ndlc,
        subfield(own["082"][0], "a") if "082" in own else "",
        title,
        _title(kana)[0] if kana else "",
        volume,
        _author(own, title_text),
        " ".join(subfields(own["250"][0], "ab")) if "250" in own else "",
        publisher,
        year,
        _series(own),
        _subjects(own),
        subfield(own["041"][0], "a") if "041" in own else "",
        _physical(own) if leader[6:7] in AUDIOVISUAL else "",
    )


def into_the_script_that_counts(own: Own) -> str:
    """Puts every field into the script that counts; returns the 880 that reads 245 in kana ("" when there is none).

    A link whose number matches nothing is followed all the same when its tag occurs once.
    """
    linked = [text if text[2:4] == LINK else f"  {LINK}{subfield(text, '6')}{text[2:]}" for text in own["880"]]
    linked = [text for text in linked if text[4:7] in LINKED]
    if _holds_readings(own, linked):
        kana = [text for text in linked if text[4:7] == "245" and KANA.search(text) and not HAN.search(text)]
        return kana[0] if kana else ""
    for text in linked:
        tag = text[4:7]
        if text[10:13] == "/(B":
            continue
        texts = own.get(tag)
        if texts is None:
            own[tag] = [text]
            continue
        link = "\x1f6880" + text[7:10]
        for at, romaji in enumerate(texts):
            if romaji.startswith(link, 2):
                texts[at] = text
                break
        else:
            if len(texts) == 1 and not texts[0].startswith(LINK + tag, 2):
                texts[0] = text
            elif text[7:10] == "-00":
                texts.append(text)
    return ""


def _holds_readings(own: Own, linked: list[str]) -> bool:
    """Whether the 880 fields are readings (JAPAN/MARC) and not the original script (Library of Congress)."""
    if not linked or ("245" in own and CJK.search(own["245"][0])):
        return True
    if HAN.search("".join(linked)):
        return False
    return any("/(B" in text[:16] for text in linked) or any(
        CJK.search(text) for tag in SCRIPTED for text in own.get(tag, NONE)
    )


def _title(text: str) -> tuple[str, str]:
    """Title with subtitle and part title, and the number of the part: from $a $b $p, and the first $n in a row."""
    names, numbers, counting = [], [], True
    for part in text.split("\x1f")[1:]:
        code, said = part[:1], part[1:].strip()
        if not said:
            continue
        if code in ("a", "b", "p"):
            names.append(said)
            counting = counting and not (code == "b" and numbers)
        elif code == "n" and counting:
            numbers.append(said.strip(" ,.:;/="))
    return " ".join(names), " ".join(numbers)


def _published(own: Own) -> tuple[str, str]:
    """Publisher and year as written: of 264 with second indicator 1, else 260, else any 264."""
    texts = own.get("260", NONE)
    if "264" in own:
        texts = [text for text in own["264"] if text[1:2] == "1"] + texts + own["264"]
    for text in texts:
        publisher, year = subfield(text, "b"), subfield(text, "c")
        if publisher or year:
            return publisher, year
    return "", ""


def _author(own: Own, title: str) -> str:
    """The statement of responsibility (it tells authors from translators), else the headings; kanji before romaji."""
    stated = subfield(title, "c")
    if stated and CJK.search(stated):
        return stated
    names: list[str] = []
    for tag in HEADINGS:
        for text in own.get(tag, NONE):
            if tag < "700" or "\x1ft" not in text:
                names.append(_name(text, "a" if tag[1:] == "00" else "ab"))
    names = list(dict.fromkeys([name for name in names if name]))
    japanese = [name for name in names if CJK.search(name)]
    if japanese or not stated:
        return ";".join(japanese or names)
    return stated


def _name(text: str, codes: str) -> str:
    """A heading as a name: 田島, 和生, → 田島 和生; Abe, Kazue, → Abe, Kazue."""
    name = " ".join(subfields(text, codes)).strip(" ,.")
    return name.replace(", ", " ") if ", " in name and CJK.search(name) else name


def _series(own: Own) -> str:
    """Series with their numbers, of the first tag that has any; kanji before romaji."""
    found = ""
    for tag in SERIES:
        if tag in own:
            text = "; ".join([" ".join([part.strip(" ;,") for part in subfields(field, "apv")]) for field in own[tag]])
            if CJK.search(text):
                return text
            found = found or text
    return found


def _subjects(own: Own) -> str:
    """Subjects parted by ; with subdivisions behind --."""
    found = []
    for tag in SUBJECTS:
        if tag in own:
            for text in own[tag]:
                if tag == "653":
                    found.extend([part.strip(" ;.") for part in subfields(text, "a")])
                else:
                    found.append(_subject(text))
    return ";".join(dict.fromkeys([subject.replace(";", ",") for subject in found if subject])) if found else ""


@lru_cache(maxsize=1 << 16)
def _subject(text: str) -> str:
    """A subject with its subdivisions; remembered, since a catalogue has far fewer headings than records."""
    parts = [" ".join(subfields(text, "abcdqt")), *subfields(text, "vxyz")]
    return "--".join([part.strip(" .,") for part in parts if part])


def _isbn(texts: list[str]) -> tuple[str, str]:
    """ISBN and price as written; of several, the first that is not the number of the whole set."""
    if len(texts) == 1:
        return subfield(texts[0], "a"), subfield(texts[0], "c")
    numbers = [text for text in texts if subfield(text, "a")]
    single = [text for text in numbers if not WHOLE_SET.search(text)]
    chosen = (single or numbers or texts)[0]
    prices = [subfield(text, "c") for text in (chosen, *texts)]
    return subfield(chosen, "a"), next(filter(None, prices), "")


def _classes(texts: list[str]) -> tuple[str, str]:
    """NDC of every edition, marked where the record marks it (NDC9:913.6), and NDLC, by the source in $2."""
    ndc, ndlc = [], []
    for text in texts:
        source = subfield(text, "2")
        match = NDC_SOURCE.match(source)
        if match:
            mark = f"NDC{match[1]}:" if match[1] else ""
            ndc.extend([mark + number for number in subfields(text, "a")])
        elif source.lower().startswith(("kktb", "ndlc")):
            ndlc.extend(subfields(text, "a"))
    return ";".join(ndc), ";".join(ndlc)


def _physical(own: Own) -> str:
    """The words that tell discs from cassettes where 007 is missing: 245 $h and 300."""
    titles, extents = own.get("245", NONE), own.get("300", NONE)
    parts = [part for text in extents for part in subfields(text, "abce")]
    return " ".join([subfield(text, "h") for text in titles] + parts)

"""Small MARC records for the tests, in the shapes of JAPAN/MARC and of the Library of Congress."""

import pymarc

from collection.sources.marc import rules

BOOK_008 = "071201s2007    ja            000 0 jpn  "


def data(tag: str, *texts: str, indicators: str = "  ", first: str = "a", codes: str = "abcdefgh") -> pymarc.Field:
    """A data field: texts are the subfields `first`, then those of `codes`."""
    names = first + codes if first not in codes else codes[codes.index(first) :]
    return pymarc.Field(
        tag, pymarc.Indicators(*indicators), [pymarc.Subfield(*part) for part in zip(names, texts, strict=False)]
    )


def field(tag: str, indicators: str, *parts: tuple[str, str]) -> pymarc.Field:
    """A data field from (code, text) pairs."""
    return pymarc.Field(tag, pymarc.Indicators(*indicators), [pymarc.Subfield(*part) for part in parts])


def control(tag: str, text: str) -> pymarc.Field:
    """A control field."""
    return pymarc.Field(tag, data=text)


def marc(*fields: pymarc.Field, leader: str = "00000nam a2200000 i 4500") -> bytes:
    """The bytes of one record."""
    record = pymarc.Record(fields=list(fields), leader=leader)
    record.leader = pymarc.Leader(leader)
    return record.as_marc()


def row_of(leader: str, fields: list[tuple[str, str]]) -> tuple[str, ...]:
    """The row of texts of one record."""
    return rules.bib_row(leader, rules.by_tag(fields))


def japan_marc(title: str, kana: str = "ホン", number: str = "000001") -> list[pymarc.Field]:
    """A book as JAPAN/MARC has it: kanji in 245, kana and romaji in 880."""
    return [
        control("001", number),
        control("008", BOOK_008),
        field("020", "  ", ("a", "978-4-04-621880-3 : "), ("c", "2667円")),
        field("040", "  ", ("a", "JTNDL")),
        field("084", "  ", ("a", "KH612"), ("2", "kktb")),
        field("084", "  ", ("a", "911.368"), ("2", "njb/09")),
        field("100", "1 ", ("6", "880-02"), ("a", "架空, 太郎, "), ("d", "1951-")),
        field("245", "00", ("6", "880-01"), ("a", title)),
        field("264", " 1", ("a", "東京 : "), ("b", "架空書房, "), ("c", "2007.12")),
        field("880", "00", ("6", "245-01/$1"), ("a", kana)),
        field("880", "00", ("6", "245-01/(B"), ("a", "Hon.")),
        field("880", "1 ", ("6", "100-02/$1"), ("a", "カクウ, タロウ, "), ("d", "1951-")),
    ]


def library_of_congress() -> list[pymarc.Field]:
    """A book as the Library of Congress has it: romaji in the fields, kanji in 880, numbers that skip."""
    return [
        control("001", "   00999999 "),
        control("008", "000104s1999    ja a   j      000 0 jpn  "),
        field("020", "  ", ("a", "4621060813 :"), ("c", "Y25000")),
        field("082", "00", ("a", "895.6/35"), ("2", "21")),
        field("100", "1 ", ("6", "880-01"), ("a", "Kakū, Tarō,"), ("d", "1951-")),
        field(
            "245",
            "10",
            ("6", "880-03"),
            ("a", "Sake no rekishi."),
            ("n", "Dai 2-kan,"),
            ("p", "Kinsei :"),
            ("b", "Nada /"),
            ("c", "Kakū Tarō cho."),
        ),
        field("250", "  ", ("6", "880-04"), ("a", "Dai 1-han.")),
        field("260", "  ", ("6", "880-05"), ("a", "Tōkyō :"), ("b", "Kakū Shobō,"), ("c", "Heisei 11 [1999]")),
        field("440", " 0", ("6", "880-07"), ("a", "Sake sōsho ;"), ("v", "3")),
        field("650", " 0", ("a", "Sake"), ("z", "Japan"), ("x", "History.")),
        field("650", " 0", ("a", "Sake"), ("z", "Japan"), ("x", "History.")),
        field("880", "1 ", ("6", "100-01/$1"), ("a", "架空太郎,"), ("d", "1951-")),
        field(
            "880",
            "10",
            ("6", "245-03/$1"),
            ("a", "酒の歴史."),
            ("n", "第 2巻,"),
            ("p", "近世 :"),
            ("b", "灘 /"),
            ("c", "架空太郎著."),
        ),
        field("880", "  ", ("6", "250-04/$1"), ("a", "第 1版.")),
        field("880", "  ", ("6", "260-05/$1"), ("a", "東京 :"), ("b", "架空書房,"), ("c", "平成 11 [1999]")),
        field("880", " 0", ("6", "440-07/$1"), ("a", "酒叢書 ;"), ("v", "3")),
    ]

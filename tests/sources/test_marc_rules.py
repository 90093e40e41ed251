"""What a record says of a book: the shapes of JAPAN/MARC and of the Library of Congress, and coded values."""

import polars as pl
import pymarc
import pytest
from marc_records import BOOK_008, control, field, japan_marc, library_of_congress, marc, row_of

from collection.sources.marc import reference, rules, shape
from collection.sources.normalise import year_of


def bib(*fields: pymarc.Field, leader: str = "00000nam a2200000 i 4500") -> dict:
    """The record's fields as texts, after shaping."""
    record = pymarc.Record(marc(*fields, leader=leader))
    rows = pl.DataFrame([row_of(leader, reference.fields_of(record))], schema=rules.COLUMNS, orient="row").with_columns(
        line=1, reason=pl.lit(None)
    )
    return shape.bib_fields(rows).drop("line", "reason").row(0, named=True)


def test_japan_marc_keeps_its_kanji_and_takes_kana_from_880():
    found = bib(*japan_marc("鳰の海", kana="ニオ ノ ウミ."))
    assert found["title"] == "鳰の海"
    assert found["title_kana"] == "ニオ ノ ウミ"
    assert found["author"] == "架空 太郎"
    assert (found["publisher"], found["pub_year"]) == ("架空書房", "2007.12")
    assert (found["ndc"], found["ndlc"], found["ddc"]) == ("NDC9:911.368", "KH612", None)
    assert (found["isbn"], found["price"]) == ("978-4-04-621880-3", "2667")
    assert (found["language"], found["material"], found["audience"]) == ("jpn", "book", None)


def test_empty_subfields_leave_no_blanks_in_a_title():
    found = bib(field("245", "10", ("a", "本"), ("a", ""), ("n", "1"), ("b", " "), ("n", ""), ("n", "2"), ("p", "上")))
    assert (found["title"], found["volume"]) == ("本 上", "1 2")


def test_a_title_in_latin_letters_is_not_replaced_by_its_reading():
    fields = japan_marc("PHP & MySQL", kana="ピーエイチピー アンド マイエスキューエル")
    found = bib(*fields)
    assert found["title"] == "PHP & MySQL"
    assert found["title_kana"] == "ピーエイチピー アンド マイエスキューエル"


def test_library_of_congress_kanji_wins_in_every_field_and_kana_comes_from_nowhere():
    found = bib(*library_of_congress())
    assert found["title"] == "酒の歴史. 近世 : 灘"
    assert found["volume"] == "第 2巻"
    assert found["author"] == "架空太郎著"
    assert found["publisher"] == "架空書房"
    assert found["pub_year"] == "平成 11 [1999]"
    assert found["edition"] == "第 1版"
    assert found["series"] == "酒叢書 3"
    assert found["subjects"] == "Sake--Japan--History"
    assert found["title_kana"] is None
    assert (found["ddc"], found["ndc"]) == ("895.6/35", None)
    assert (found["audience"], found["price"]) == ("child", "25000")


def test_a_title_all_in_kana_counts_as_original_script_in_the_library_of_congress_shape():
    found = bib(
        field("245", "10", ("6", "880-01"), ("a", "Pureibōi")),
        field("880", "10", ("6", "245-01/$1"), ("a", "プレイボーイ")),
    )
    assert (found["title"], found["title_kana"]) == ("プレイボーイ", None)


def test_headings_stand_in_where_no_statement_of_responsibility_is_in_kanji():
    fields = [
        field("100", "1 ", ("6", "880-01"), ("a", "Kakū, Tarō,"), ("d", "1951-")),
        field("245", "10", ("6", "880-02"), ("a", "Sake /"), ("c", "Kakū Tarō.")),
        field("700", "1 ", ("6", "880-03"), ("a", "Kasō, Hana.")),
        field("700", "1 ", ("a", "Other, A.")),
        field("700", "12", ("6", "880-04"), ("a", "Genji."), ("t", "Monogatari")),
        field("880", "1 ", ("6", "100-01/$1"), ("a", "架空, 太郎,"), ("d", "1951-")),
        field("880", "10", ("6", "245-02/$1"), ("a", "酒.")),
        field("880", "1 ", ("6", "700-03/$1"), ("a", "仮想花.")),
        field("880", "12", ("6", "700-04/$1"), ("a", "源氏."), ("t", "物語")),
    ]
    assert bib(*fields)["author"] == "架空 太郎;仮想花"


def test_links_that_match_nothing_are_followed_where_only_one_field_can_be_meant():
    fields = [field("245", "10", ("6", "880-01"), ("a", "Sake")), field("880", "10", ("6", "245-07/$1"), ("a", "酒"))]
    assert bib(*fields)["title"] == "酒"
    series = [
        field("490", "0 ", ("6", "880-02"), ("a", "Hitotsu")),
        field("490", "0 ", ("a", "Futatsu")),
        field("880", "0 ", ("6", "490-02/$1"), ("a", "一つ")),
    ]
    assert bib(*series)["series"] == "一つ; Futatsu"


def test_a_title_only_in_880_is_found():
    assert bib(field("880", "10", ("6", "245-00/$1"), ("a", "酒の本.")))["title"] == "酒の本"


def test_classes_of_every_source_stand_side_by_side():
    sources = [
        ("913.6", "njb/09"),
        ("913", "njb/8"),
        ("914", "njb"),
        ("915", "NDC9"),
        ("916", "njb/10"),
        ("KH1", "kktb"),
        ("X", "lcc"),
    ]
    found = bib(*[field("084", "  ", ("a", number), ("2", source)) for number, source in sources])
    assert found["ndc"] == "NDC9:913.6;NDC8:913;914;NDC9:915;NDC10:916"
    assert found["ndlc"] == "KH1"


@pytest.mark.parametrize(
    ("fields", "price", "c_code"),
    [
        ([("020", "c", "2667円")], "2667", None),
        ([("020", "c", "¥2,667 (税別)")], "2667", None),
        ([("020", "c", "$12.00")], None, None),
        ([("020", "c", "C0093 ¥1500E")], "1500", "0093"),
        ([("024", "a", "1920093015004")], "1500", "0093"),
        ([("020", "c", "非売品")], None, None),
    ],
)
def test_price_and_c_code(fields, price, c_code):
    found = bib(*[field(tag, "3 ", (code, text)) for tag, code, text in fields])
    assert (found["price"], found["c_code"]) == (price, c_code)


def test_the_isbn_of_the_volume_is_taken_before_that_of_the_set():
    found = bib(
        field("020", "  ", ("a", "4621060000 (セット)")),
        field("020", "  ", ("a", "4621060813")),
        field("020", "  ", ("z", "4938242120007")),
    )
    assert found["isbn"] == "4621060813"


def test_publication_is_taken_from_264_1_before_260_and_copyright():
    found = bib(
        field("260", "  ", ("a", "東京 :"), ("b", "古書房,"), ("c", "1990.")),
        field("264", " 4", ("c", "©2001")),
        field("264", " 1", ("a", "東京 :"), ("b", "新書房 :"), ("b", "発売書房,"), ("c", "[2000]")),
    )
    assert (found["publisher"], found["pub_year"]) == ("新書房", "[2000]")
    assert bib(field("260", "  ", ("a", "[S.l. :"), ("b", "s.n.],"), ("c", "2001")))["publisher"] is None
    assert bib(control("008", BOOK_008))["coded_year"] == "2007"
    assert bib(control("008", BOOK_008.replace("2007", "19uu")))["coded_year"] is None


LEADERS = {
    "book": "00000nam a2200000 i 4500",
    "serial": "00000nas a2200000 i 4500",
    "map": "00000nem a2200000 i 4500",
    "score": "00000ncm a2200000 i 4500",
    "speech": "00000nim a2200000 i 4500",
    "music": "00000njm a2200000 i 4500",
    "film": "00000ngm a2200000 i 4500",
    "picture": "00000nkm a2200000 i 4500",
    "file": "00000nmm a2200000 i 4500",
}


def coded(**places: str) -> str:
    """008 with characters at places, e.g. p23="d"."""
    text = list(BOOK_008)
    for place, value in places.items():
        text[int(place[1:]) : int(place[1:]) + len(value)] = value
    return "".join(text)


@pytest.mark.parametrize(
    ("kind", "f007", "f008", "physical", "material"),
    [
        ("book", "", coded(), "", "book"),
        ("book", "", coded(p23="d"), "", "large_print"),
        ("book", "", coded(p23="f"), "", "braille"),
        ("book", "tb", coded(), "", "large_print"),
        ("book", "tc", coded(), "", "braille"),
        ("book", "", coded(p24="b y "), "", "yearbook"),
        ("serial", "", coded(p18="m", p21="p"), "", "periodical"),
        ("serial", "", coded(p18="d", p21="n"), "", "newspaper"),
        ("serial", "", coded(p18="a", p21=" "), "", "yearbook"),
        ("map", "", coded(), "", "map"),
        ("score", "", coded(), "", "score"),
        ("music", "sd fsngnnmmned", coded(), "", "cd"),
        ("music", "ss lsnjlcmpnce", coded(), "", "cassette"),
        ("music", "", coded(), "CD 1枚", "cd"),
        ("speech", "sd fsngnnmmned", coded(), "録音ディスク (DAISY) 1枚", "daisy"),
        ("speech", "", coded(), "カセットテープ 2巻", "cassette"),
        ("film", "vd cvaizu", coded(), "", "dvd"),
        ("film", "vf cbahou", coded(), "", "video"),
        ("film", "", coded(), "DVD-video 1 枚", "dvd"),
        ("picture", "", coded(), "紙芝居 16枚", "kamishibai"),
        ("file", "", coded(), "", "other"),
    ],
)
def test_material_from_coded_fields(kind, f007, f008, physical, material):
    fields = [control("007", f007)] if f007 else []
    fields += [control("008", f008), field("245", "00", ("a", "本"))] + (
        [field("300", "  ", ("a", physical))] if physical else []
    )
    assert bib(*fields, leader=LEADERS[kind])["material"] == material


@pytest.mark.parametrize(
    ("kind", "mark", "audience"),
    [
        ("book", "j", "child"),
        ("book", "d", "young"),
        ("book", "e", "general"),
        ("book", " ", None),
        ("serial", "j", None),
        ("map", "d", None),
        ("film", "c", "child"),
    ],
)
def test_audience_only_where_008_22_means_it(kind, mark, audience):
    assert bib(control("008", coded(p22=mark)), leader=LEADERS[kind])["audience"] == audience


@pytest.mark.parametrize(
    ("in_008", "in_041", "language"),
    [("jpn", "", "jpn"), ("   ", "jpneng", "jpn"), ("|||", "chi", "chi"), ("und", "", None), ("mul", "eng", "eng")],
)
def test_language_from_008_then_041(in_008, in_041, language):
    fields = [control("008", coded(p35=in_008))] + ([field("041", "0 ", ("a", in_041))] if in_041 else [])
    assert bib(*fields)["language"] == language


def test_an_empty_record_gives_an_empty_row():
    assert set(bib(control("001", "1"), leader=" " * 24).values()) == {"1", None}


@pytest.mark.parametrize(
    ("imprint", "plain"),
    [
        ("c1999.", "1999"), ("[1999]", "1999"), ("平成 11 [1999]", "1999"), ("1999-", "1999"), ("2007.12", "2007.12"), ("平成11", "平成11"),
        ("1998 [i.e. 1999]", "1998 [i.e. 1999"), ("[193-?]", "[193-?"), ("１９９９ [2000]", "１９９９ [2000"), ("出版年不明 [1999]", "出版年不明 [1999"),
    ],
)  # fmt: skip
def test_a_year_taken_early_is_the_year_that_would_be_read(imprint, plain):
    found = bib(field("260", "  ", ("c", imprint)))
    assert found["plain_year"].rstrip("]") == plain
    assert year_of(found["plain_year"]) == year_of(imprint)

"""One value in, what it means out: every form that is known to occur."""

from datetime import date

import pytest

from collection.sources import normalise


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019", 2019), ("2019.4", 2019), ("[1998]", 1998), ("平成11", 1999), ("昭和22 [1947]", 1947), ("令和元年", 2019),
        ("c2001", 2001), ("p1999", 1999), ("ｃ２００１", 2001), ("20190401", 2019), ("2019/4/1", 2019), ("200904", 2009),
        ("[2001]-2022", 2001), ("1998-2000", 1998), ("[1998?]", 1998), ("[1998 i.e. 1989]", 1989), ("明治8.3 (1875)", 1875),
        ("昭38", 1963), ("明38.5", 1905), ("H31.4", 2019), ("S64", 1989), ("大正15", 1926), ("1947 [昭和22]", 1947),
        ("享和3 [1803]", 1803), ("2004.1, c2003", 2004),
    ],
)  # fmt: skip
def test_years(text, year):
    assert normalise.year_of(text) == (year, None)


@pytest.mark.parametrize(
    "text", ["[19--]", "[出版年不明]", "0", "19", "[198-]", "[19--]-2001", "[ ]", "9--", "[1990年代]"]
)
def test_unknown_years(text):
    assert normalise.year_of(text) == (None, "year_unknown")


@pytest.mark.parametrize("text", ["[江戸後期]", "昭和99", "近刊", "安政3"])
def test_unreadable_years(text):
    assert normalise.year_of(text) == (None, "year_unreadable")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20190401", date(2019, 4, 1)), ("2019/4/1", date(2019, 4, 1)), ("2019-04-01", date(2019, 4, 1)),
        ("2019.4.1", date(2019, 4, 1)), ("4/1/19", date(2019, 4, 1)), ("4/1/2019", date(2019, 4, 1)),
        ("12/31/69", date(1969, 12, 31)), ("R7.4.1", date(2025, 4, 1)), ("R07/04/01", date(2025, 4, 1)),
        ("平成31年4月30日", date(2019, 4, 30)), ("令和元年5月1日", date(2019, 5, 1)), ("S64.1.7", date(1989, 1, 7)),
        ("２０１９／４／１", date(2019, 4, 1)), ("2019-04-01 12:30:00", date(2019, 4, 1)), ("2019年4月1日", date(2019, 4, 1)),
    ],
)  # fmt: skip
def test_dates(text, day):
    assert normalise.date_of(text) == (day, None)


@pytest.mark.parametrize(
    "text",
    [
        "1/1/00",
        "01/01/00",
        "0000-00-00",
        "0000/00/00",
        "00000000",
        "0",
        "1900/01/01",
        "1900-1-1",
        "19000101",
        "1/1/1900",
    ],
)
def test_dates_that_mean_never(text):
    assert normalise.date_of(text) == (None, "never")


@pytest.mark.parametrize(
    ("text", "day"), [("2019", date(2019, 1, 1)), ("2019.4", date(2019, 4, 1)), ("R1.5", date(2019, 5, 1))]
)
def test_dates_without_a_day(text, day):
    assert normalise.date_of(text) == (day, "date_partial")


@pytest.mark.parametrize("text", ["2019/2/30", "99/04/01", "31/12/19", "43556", "未定", "12345", "2019-13-01"])
def test_unreadable_dates(text):
    assert normalise.date_of(text) == (None, "date_unreadable")


@pytest.mark.parametrize("text", [None, "", "  ", "-", "--", "9999-12-31", "99999999"])
def test_no_date(text):
    assert normalise.date_of(text) == (None, None)


def test_excel_days_only_where_they_may_be():
    assert normalise.date_of("43556", serial=True) == (date(2019, 4, 1), None)
    assert normalise.date_of("20190401", serial=True) == (date(2019, 4, 1), None)


@pytest.mark.parametrize(
    ("text", "ndc", "edition", "mark", "ndlc", "ddc"),
    [
        ("913.6", "913.6", None, None, None, None), ("007", "007", None, None, None, None),
        ("NDC9:913.6", "913.6", 9, None, None, None), ("NDC10 913.6", "913.6", 10, None, None, None),
        ("NDC(9)913.6", "913.6", 9, None, None, None), ("913.6(NDC8)", "913.6", 8, None, None, None),
        ("njb/09:913.6", "913.6", 9, None, None, None), ("911.368 njb/09", "911.368", 9, None, None, None),
        ("911.368 njb/9", "911.368", 9, None, None, None), ("913.6 njb", "913.6", None, None, None, None),
        ("NDC11:913", "913", None, None, None, None), ("K913", "913", None, "K", None, None),
        ("K 913.6", "913.6", None, "K", None, None), ("R210", "210", None, "R", None, None), ("E", None, None, "E", None, None),
        ("E/ア", None, None, "E", None, None), ("児913", "913", None, "児", None, None), ("Y913", "913", None, "Y", None, None),
        ("９１３．６", "913.6", None, None, None, None), ("9136", "913.6", None, None, None, None),
        ("913.6/ム", "913.6", None, None, None, None), ("KH612", None, None, None, "KH612", None),
        ("NDLC:KH612", None, None, None, "KH612", None), ("Y84", None, None, None, "Y84", None),
        ("KH612 kktb", None, None, None, "KH612", None), ("DDC:895.6", None, None, None, None, "895.6"),
        ("DC19:895.6", None, None, None, None, "895.6"), ("LCC:PL850", None, None, None, None, None),
    ],
)  # fmt: skip
def test_classes(text, ndc, edition, mark, ndlc, ddc):
    found, reason = normalise.classes_of(text)
    assert (found.ndc, found.ndc_edition, found.class_mark, found.ndlc, found.ddc) == (ndc, edition, mark, ndlc, ddc)
    assert reason is None


def test_of_several_classes_the_first_is_the_shelf_class():
    found, _ = normalise.classes_of("K933.7;NDC8:933;NDLC:KS157;NDC9:933.7")
    assert (found.ndc, found.class_mark, found.ndc_edition, found.ndlc) == ("933.7", "K", None, "KS157")
    assert found.ndc_all == "933.7;NDC8:933;NDC9:933.7"


def test_odd_classes_are_told():
    assert normalise.classes_of("19.5")[0].ndc == "019.5" and normalise.classes_of("19.5")[1] == "ndc_mended"
    assert normalise.classes_of("???") == (normalise.Classes(), "ndc_unreadable")


@pytest.mark.parametrize(
    ("text", "isbn", "reason"),
    [
        ("4-591-07446-3", "9784591074466", None), ("4046218800", "9784046218803", None),
        ("978-4-04-621880-3", "9784046218803", None), ("９７８－４－０４－６２１８８０－３", "9784046218803", None),
        ("ISBN978-4-04-621880-3 : ¥2667", "9784046218803", None), ("4-593-50551-7", "9784593505517", "isbn_mended"),
        ("9784046218804", None, "isbn_wrong"), ("4-591-07446-4", None, "isbn_wrong"), ("なし", None, "isbn_wrong"),
        ("", None, None),
    ],
)  # fmt: skip
def test_isbn(text, isbn, reason):
    assert normalise.isbn_of(text) == (isbn, reason)


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("2,667円", 2667),
        ("¥1200+税", 1200),
        ("￥１，２００", 1200),
        ("1,320円 (本体1,200円)", 1200),
        ("2667.0", 2667),
        ("0", 0),
    ],
)
def test_yen(text, yen):
    assert normalise.yen_of(text) == (yen, None)


def test_codes_numbers_and_the_rest():
    assert normalise.code_of("status", "在架") == normalise.code_of("status", "available") == ("available", None)
    assert normalise.code_of("status", "行方不明") == ("missing", None)
    assert normalise.code_of("status", "謎") == (None, "code_unknown")
    assert normalise.code_of("location", "ＹＡコーナー") == ("YAコーナー", None)
    assert normalise.code_of("local", "郷土;酒", several=True) == ("local;sake", None)
    assert normalise.c_code_of("Ｃ００９３") == normalise.c_code_of("C0093\\2667E") == ("0093", None)
    assert normalise.c_code_of("93") == ("0093", "c_code_mended")
    assert normalise.count_of("1,234") == (1234, None) and normalise.count_of("-1") == (None, "number_unreadable")
    assert normalise.truth_of("○") == (True, None) and normalise.truth_of("0") == (False, None)
    assert normalise.kept_years_of("1年6か月") == ((1.5, False), None) and normalise.kept_years_of("永年") == (
        (None, True),
        None,
    )
    assert normalise.language_of("jpneng") == normalise.language_of("日本語") == ("jpn", None)
    assert normalise.yen_of("$30") == (None, "price_unreadable")
    assert normalise.month_of("2024") == (None, "month_unreadable") and normalise.month_of("R6.4") == (24291, None)


@pytest.mark.parametrize(
    ("one", "other"),
    [("髙橋﨑", "高橋崎"), ("學校の「本」", "学校の本"), ("デ－タ・ベ―ス", "データベース"), ("ｺｰﾋｰ ～ 入門", "コーヒー入門"),
     ("日本-歴史", "日本歴史"), ("Ｃ++ Ⅱ", "c++ii"), ("㈱①", "株1")],
)  # fmt: skip
def test_match_keys_agree(one, other):
    assert normalise.match_key_of(one) == normalise.match_key_of(other)


@pytest.mark.parametrize(("one", "other"), [("ビル", "ビール"), ("C++", "C"), ("カキ", "かき"), ("渡辺", "渡部")])
def test_match_keys_that_must_differ(one, other):
    assert normalise.match_key_of(one) != normalise.match_key_of(other)

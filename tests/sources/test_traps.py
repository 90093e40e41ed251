"""Every way a table file is known to be odd, each written down and read back with every row accounted for."""

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from collection.sources import explain, stage
from collection.store.connection import connect
from collection.words import Problem

HEAD = "資料番号,書誌番号,所蔵館,配架場所,受入日,価格,備考\n"


@pytest.fixture
def connection():
    with connect() as made:
        yield made


def items(connection, tmp_path: Path, content: bytes | str, name: str = "items.csv", **how):
    """Stages one file of items; returns (Staged, rows by line)."""
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = file.read_bytes()
    staged = stage(connection, file, **how)
    assert file.read_bytes() == before
    table = connection.sql(f"SELECT * FROM {staged[-1].table}").pl()
    assert table.height == staged[-1].rows
    assert connection.sql(f"SELECT * FROM {staged[-1].raw}").pl().height == staged[-1].rows
    return staged[-1], {row["line"]: row for row in table.iter_rows(named=True)}


def notes(connection) -> dict[tuple[str, str | None], tuple]:
    rows = connection.sql("SELECT reason, field, rows, example_line, example FROM staged_note").pl().rows()
    return {(reason, field): tuple(rest) for reason, field, *rest in rows}


VENDOR = HEAD + 'A1,B1,①号館㈱,開架,2019/4/1,"1,200円",髙橋﨑～－ｶﾅ\n'


@pytest.mark.parametrize(
    ("codec", "encoding"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp932", "cp932"), ("utf-16", "utf-16")]
)
def test_encodings_are_told_from_the_bytes(connection, tmp_path, codec, encoding):
    staged, rows = items(connection, tmp_path, VENDOR.encode(codec))
    assert staged.encoding == encoding
    assert rows[2]["branch"] == "①号館㈱" and rows[2]["note"] == "髙橋﨑～－ｶﾅ"
    assert (rows[2]["location"], rows[2]["accession_date"], rows[2]["price"]) == ("open", date(2019, 4, 1), 1200)


def test_a_file_that_is_cp932_only_late_is_read_as_cp932(connection, tmp_path):
    plain = "".join(f"A{n},B{n},main,open,,,\n" for n in range(60_000))
    staged, rows = items(connection, tmp_path, (HEAD + plain + "Z,B,①,,,,\n").encode("cp932"))
    assert staged.encoding == "cp932" and rows[60_002]["branch"] == "①"


def test_an_undecodable_byte_is_named_with_line_and_column(connection, tmp_path):
    content = HEAD.encode() + "A1,B1,中央,,,,\nA2,B2,中".encode() + b"\xff" + "央,,,,\n".encode()
    with pytest.raises(Problem) as caught:
        items(connection, tmp_path, content)
    assert (caught.value.values["line"], caught.value.values["column"], caught.value.values["bytes"]) == (3, 8, "FF")
    assert caught.value.values["encoding"] == "UTF-8"


def test_an_undecodable_byte_of_a_cp932_file(connection, tmp_path):
    content = HEAD.encode("cp932") + "A1,B1,中央,".encode("cp932") + b"\xfd\xfe" + ",,,\n".encode("cp932")
    with pytest.raises(Problem) as caught:
        items(connection, tmp_path, content)
    assert (caught.value.values["line"], caught.value.values["column"]) == (2, 10)
    assert caught.value.values["encoding"] == "CP932"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(connection, tmp_path, delimiter):
    content = "資料番号,書誌番号,所蔵館,備考\nA1,B1,中央,x\nA2,B2,北口,\n".replace(",", delimiter)
    _, rows = items(connection, tmp_path, content)
    assert [rows[2]["item_id"], rows[3]["branch"], rows[2]["note"], rows[3]["note"]] == ["A1", "北口", "x", None]


def test_headers_in_any_width_and_a_title_line_before_them(connection, tmp_path):
    _, rows = items(
        connection, tmp_path, "令和7年度 蔵書一覧,,,\n\nﾊﾞｰｺｰﾄﾞ,書誌ＩＤ,館,最終貸出日付\nA1,B1,中央,1/1/00\n"
    )
    assert rows[4]["item_id"] == "A1" and rows[4]["last_loan_date"] is None and rows[4]["never_lent"] is True


def test_quoted_newlines_count_as_lines(connection, tmp_path):
    content = HEAD + 'A1,B1,中央,,,,"一\n二\n三"\nA2,B2,北口,,,,x\n\nA3,B3,北口,,,,"""q"""\n'
    _, rows = items(connection, tmp_path, content)
    assert sorted(rows) == [2, 5, 7]
    assert rows[2]["note"] == "一\n二\n三" and rows[7]["note"] == '"q"'


def test_bad_lines_are_errors_where_they_stand(connection, tmp_path):
    content = HEAD + 'A1,B1,中央,,,,x\nA2,B2\nA3,B3,北口,,,,"a\nb"\nA4,B4,北口,,,,y,z\nA5,B5,北口,,,,w\n'
    staged, rows = items(connection, tmp_path, content)
    assert {line: row["reason"] for line, row in rows.items()} == {
        2: None,
        3: "too_few_columns",
        4: None,
        6: "too_many_columns",
        7: None,
    }
    raw = {row[0]: row[1:] for row in connection.sql(f"SELECT * FROM {staged.raw}").pl().rows()}
    assert raw[3][:2] == ("A2", "B2") and raw[6][-1] == "y,z"


def test_a_quote_that_is_never_closed_counts_every_line_it_swallows(connection, tmp_path):
    content = HEAD + 'A1,B1,中央,,,,x\nA2,B2,中央,,,,"y\nA3,B3,中央,,,,z\nA4,B4,中央,,,,z\n'
    staged, rows = items(connection, tmp_path, content)
    assert staged.rows == 4
    assert [rows[line]["reason"] for line in (2, 3, 4, 5)] == [None, "broken_quote", "broken_quote", "broken_quote"]


def test_stray_quotes_leave_every_row_its_own_number(connection, tmp_path):
    content = HEAD + 'A1,B1,中央,,,,5" x\nA2,B2\nA3,B3,中央,,,,z\nA4,B4,中央,,,,7" y\nA5,B5,中央,,,,z\n'
    staged, rows = items(connection, tmp_path, content)
    assert (staged.rows, len(rows)) == (5, 5)
    assert rows[3]["reason"] == "too_few_columns"
    assert [row["item_id"] for _, row in sorted(rows.items())] == ["A1", None, "A3", "A4", "A5"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(connection, tmp_path, end):
    _, rows = items(connection, tmp_path, (HEAD + "A1,B1,中央,,,,x\nA2,B2,中央,,,,y").replace("\n", end))
    assert [rows[2]["note"], rows[3]["note"]] == ["x", "y"]


def test_mixed_line_ends_are_read_and_noted(connection, tmp_path):
    _, rows = items(connection, tmp_path, HEAD + "A1,B1,中央,,,,x\r\nA2,B2,中央,,,,y\rA3,B3,中央,,,,z\n")
    assert [rows[line]["note"] for line in (2, 3, 4)] == ["x", "y", "z"]
    assert ("mixed_line_ends", None) in notes(connection)


def test_nul_is_stripped_and_counted(connection, tmp_path):
    _, rows = items(connection, tmp_path, HEAD + "A\x001,B1,中\x00央,,,,x\n")
    assert (rows[2]["item_id"], rows[2]["branch"]) == ("A1", "中央")
    assert notes(connection)["nul_stripped", None][0] == 2


def test_class_007_keeps_its_zeros_and_fullwidth_is_read(connection, tmp_path):
    file = tmp_path / "bibs.csv"
    file.write_text(
        "書誌番号,書名,分類,ＩＳＢＮ,出版年\n００１,情報,007,4-593-50551-7,昭和22 [1947]\n2,本,９１３．６,9784046218804,[19--]\n"
    )
    (staged,) = stage(connection, file)
    rows = connection.sql(
        f"SELECT bib_id, ndc, isbn, isbn_text, pub_year, pub_year_text FROM {staged.table} ORDER BY line"
    ).pl()
    assert rows.rows() == [
        ("001", "007", "9784593505517", "4-593-50551-7", 1947, "昭和22 [1947]"),
        ("2", "913.6", None, "9784046218804", None, "[19--]"),
    ]
    told = notes(connection)
    assert told["isbn_mended", "isbn"] == (1, 2, "4-593-50551-7")
    assert told["isbn_wrong", "isbn"] == (1, 3, "9784046218804")
    assert told["year_unknown", "pub_year"] == (1, 3, "[19--]")


def test_values_missing_from_the_sample_are_still_read(connection, tmp_path):
    lines = [f"A{n},B{n},中央,開架,2019-04-01,100,{'x' * 40}\n" for n in range(40_000)]
    lines[20_001] = 'A20001,B20001,中央,書庫,R7.4.1,"1,000",\n'
    _, rows = items(connection, tmp_path, HEAD + "".join(lines))
    odd = rows[20_003]
    assert (odd["item_id"], odd["location"], odd["accession_date"], odd["price"]) == (
        "A20001",
        "closed",
        date(2025, 4, 1),
        1000,
    )


def test_blank_required_fields_are_errors(connection, tmp_path):
    _, rows = items(connection, tmp_path, HEAD + ",B1,中央,,,,x\nA2,　,中央,,,,\nA3,B3,,,,,\n")
    assert [rows[line]["reason"] for line in (2, 3, 4)] == ["blank_item_id", "blank_bib_id", "blank_branch"]


def test_one_file_of_bibs_and_items(connection, tmp_path):
    file = tmp_path / "all.csv"
    file.write_text("バーコード,書誌番号,書名,所蔵館\nA1,B1,本一,中央\nA2,B1,本一,北口\nA3,B2,本二,中央\n")
    bibs, both = stage(connection, file)
    assert (bibs.kind, both.kind, bibs.raw, both.rows) == ("bibs", "items", both.raw, 3)
    assert connection.sql(f"SELECT line, bib_id FROM {bibs.table} ORDER BY line").pl().rows() == [(2, "B1"), (4, "B2")]


def test_loans_in_every_form_of_month(connection, tmp_path):
    file = tmp_path / "loans.csv"
    file.write_text(
        "資料番号,年月,貸出回数\nA1,2024-04,3\nA1,202405,1\nA1,2024/6/30,2\nA1,R6.7,0\nA1,2024,9\nA1,2024-08,-1\n"
    )
    (staged,) = stage(connection, file)
    rows = connection.sql(f"SELECT month, loans, reason FROM {staged.table} ORDER BY line").pl().rows()
    assert rows[:4] == [(24291, 3, None), (24292, 1, None), (24293, 2, None), (24294, 0, None)]
    assert [row[2] for row in rows[4:]] == ["blank_month", "blank_loans"]


def test_retention_holds_and_partners(connection, tmp_path):
    (tmp_path / "r.csv").write_text("書誌番号,保存年限\nB1,5\nB2,永年\nB3,6か月\n")
    (tmp_path / "h.csv").write_text("書誌番号,予約数\nB1,3\n")
    (tmp_path / "p.csv").write_text(
        "管理換先番号,名称,種別,希望分類,希望対象,受入可能冊数\nP1,東小学校,小学校,91;E,児童;青少年,50\n"
    )
    (kept,), (held,), (partner,) = (stage(connection, tmp_path / name) for name in ("r.csv", "h.csv", "p.csv"))
    assert connection.sql(f"SELECT years, permanent FROM {kept.table} ORDER BY line").pl().rows() == [
        (5.0, False),
        (None, True),
        (0.5, False),
    ]
    assert connection.sql(f"SELECT bib_id, holds FROM {held.table}").pl().rows() == [("B1", 3)]
    row = connection.sql(f"SELECT name, wants_ndc, wants_audience, capacity FROM {partner.table}").pl().rows()
    assert row == [("東小学校", "91;E", "child;young", 50)]


def test_xlsx_keeps_strings_and_reads_days(connection, tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "x.xlsx"))
    book.add_worksheet("表紙").write_string(0, 0, "蔵書一覧")
    sheet = book.add_worksheet("蔵書")
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.write_row(1, 0, ["資料番号", "書誌番号", "所蔵館", "受入日", "返却期限日", "受入価格"])
    sheet.write_row(2, 0, ["0001", "007", "中央"])
    sheet.write_datetime(2, 3, datetime(2019, 4, 1), day)
    sheet.write_number(2, 4, 43556)
    sheet.write_number(2, 5, 2667)
    sheet.write_row(4, 0, ["0002", "8", "北口", "2019.4.1"])
    book.close()
    (staged,) = stage(connection, tmp_path / "x.xlsx")
    rows = connection.sql(
        f"SELECT line, item_id, bib_id, accession_date, due_date, price FROM {staged.table} ORDER BY line"
    ).pl()
    assert (staged.encoding, staged.rows) == ("xlsx", 2)
    assert rows.rows() == [
        (3, "0001", "007", date(2019, 4, 1), date(2019, 4, 1), 2667),
        (5, "0002", "8", date(2019, 4, 1), None, None),
    ]
    assert ("other_sheet", "表紙") in notes(connection)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7", "other_format"),
        (b"a,b\n1,2\n", "kind_unknown"),
        (b"\x00\x01" * 50, "no_text"),
    ],
)
def test_files_that_cannot_be_read_are_refused(connection, tmp_path, content, key):
    with pytest.raises(Problem) as caught:
        items(connection, tmp_path, content)
    assert caught.value.key == f"sources.{key}" and str(caught.value)


def test_a_file_without_its_required_columns_names_them(connection, tmp_path):
    with pytest.raises(Problem) as caught:
        items(connection, tmp_path, "バーコード,書誌ID,配架区分\nA1,B1,開架\n")
    assert caught.value.key == "sources.columns_missing" and "所蔵館" in str(caught.value)


def test_a_mapping_written_by_explain_is_used(connection, tmp_path):
    file = tmp_path / "odd.csv"
    file.write_text("登録番号;書誌ID;館;棚\nA1;B1;中央;奥の棚\nA2;B2;北口;表の棚\n")
    text, toml = explain(file, out=tmp_path / "m.toml")
    assert "「棚」" in text and 'item_id = "登録番号"' in toml
    edited = toml.replace(
        "[items]\n", '[items]\nlocation = { column = "棚", map = { "奥の棚" = "書庫", "表の棚" = "開架" } }\n'
    )
    (tmp_path / "m.toml").write_text(edited)
    staged, rows = items(connection, tmp_path, file.read_bytes(), "odd.csv", mapping=tmp_path / "m.toml")
    assert (staged.mapping, rows[2]["location"], rows[3]["location"]) == ("odd", "closed", "open")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[items", "mapping_no_toml"),
        ("[itemz]\n", "mapping_unknown"),
        ("name = 'x'\n", "mapping_empty"),
        ("[items]\nitem = 'a'\n", "mapping_unknown"),
        ("[items]\nitem_id = { colum = 'a' }\n", "mapping_unknown"),
        ("[items]\nitem_id = { column = '資料番号', pattern = '(' }\n", "mapping_pattern"),
        ("[items]\nitem_id = '資料番号'\nbib_id = 'ない列'\nbranch = '所蔵館'\n", "mapping_column"),
        ("[items]\nitem_id = '資料番号'\n", "mapping_lacks"),
    ],
)
def test_mistakes_in_a_mapping_are_told(connection, tmp_path, text, key):
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(Problem) as caught:
        items(connection, tmp_path, HEAD + "A1,B1,中央,,,,\n", mapping=tmp_path / "m.toml")
    assert caught.value.key == f"sources.{key}" and str(caught.value)

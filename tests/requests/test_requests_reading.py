"""A file of requests is read row by row; what cannot be read is said and still comes back; nothing personal is read."""

import csv
from datetime import date

import polars as pl
import pytest
import xlsxwriter

from collection.__main__ import main
from collection.requests import checking, reading
from collection.words import Problem
from tests import requests_file
from tests.hostile_store import HOSTILE
from tests.requests_file import AS_OF, HEAD

GOOD = {
    "request_id": "1",
    "received_on": "2025-03-03",
    "title": "灯台の手紙",
    "author": "水野渚",
    "requester_token": "T1",
}
ROWS = [
    GOOD, GOOD | {"request_id": "2", "title": "", "isbn": "4-10-101001-3"}, GOOD | {"request_id": "3", "title": " ・ "},
    GOOD | {"request_id": "4", "title": ""}, GOOD | {"request_id": "5", "received_on": "2025-99-99"},
    GOOD | {"request_id": "", "received_on": ""}, GOOD | {"request_id": "7", "isbn": "12345", "pub_year": "いつか"},
]  # fmt: skip
AMISS = [
    [],
    [],
    [],
    ["nothing"],
    ["no_received_on"],
    ["no_request_id", "no_received_on"],
    ["isbn_unreadable", "year_unreadable"],
]


def hashed(token):
    return token and f"#{token}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_every_row_comes_back_with_what_is_amiss(tmp_path, encoding):
    path = tmp_path / "r.csv"
    text = requests_file.write(tmp_path / "plain.csv", ROWS).read_text(encoding="utf-8-sig")
    path.write_bytes(text.encode(encoding))
    found = reading.read(path, hashed)
    assert found.titles["amiss"].to_list() == AMISS
    assert found.errors == 3
    assert found.titles.schema == reading.ASKED
    assert found.titles["row"].to_list() == list(range(7)) and found.titles["line"].to_list() == list(range(2, 9))
    assert set(found.titles["token"]) == {"#T1"}
    assert found.titles["isbn"].to_list()[1] == "9784101010014"
    assert found.titles["received_on"].to_list()[0] == date(2025, 3, 3)
    assert any("ISBN" in str(note) for note in found.notes)


def test_lines_that_do_not_fit_come_back_too(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(
        "リクエスト番号,受付日,書名\n1,2025-03-03,灯台\n2,2025-03-03\n3,2025-03-03,岬,多い\n4,2025-03-03,波\n",
        encoding="utf-8",
    )
    found = reading.read(path, hashed)
    assert found.titles["amiss"].to_list() == [[], ["bad_line"], ["bad_line"], []]
    assert found.titles["request_id"].to_list() == ["1", None, None, "4"]
    assert found.errors == 2


def test_a_workbook_and_a_mapping_are_read_as_an_import_reads_them(tmp_path):
    path = tmp_path / "r.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([["No.", "いつ", "ほんの名前"], ["A-1", "令和7年3月3日", "灯台の手紙"]]):
            sheet.write_row(place, 0, row)
    with pytest.raises(Problem):
        reading.read(path, hashed)
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'name = "r"\n[requests]\nrequest_id = "No."\nreceived_on = "いつ"\ntitle = "ほんの名前"\n', encoding="utf-8"
    )
    [row] = reading.read(path, hashed, mapping).titles.rows(named=True)
    assert (row["request_id"], row["received_on"], row["title"]) == ("A-1", date(2025, 3, 3), "灯台の手紙")


@pytest.mark.parametrize("column", ["利用者番号", "氏名", "電話番号", "メールアドレス"])
def test_a_personal_column_is_refused_unread(tmp_path, column):
    path = tmp_path / "r.csv"
    path.write_text(f"リクエスト番号,受付日,書名,{column}\n1,2025-03-03,灯台,だれか\n", encoding="utf-8")
    with pytest.raises(Problem) as refused:
        reading.read(path, hashed)
    assert column in str(refused.value) and "だれか" not in str(refused.value)


def test_a_token_that_is_a_name_or_a_telephone_is_refused(tmp_path):
    rows = [GOOD | {"request_id": str(number), "requester_token": f"090-1234-{number:04d}"} for number in range(30)]
    with pytest.raises(Problem) as refused:
        reading.read(requests_file.write(tmp_path / "r.csv", rows), hashed)
    assert "090" not in str(refused.value)


def test_a_marc_file_is_refused(tmp_path):
    path = tmp_path / "r.mrc"
    path.write_bytes(b"00050nam a2200037 a 4500001000200000\x1e1\x1e\x1d\x1fa")
    with pytest.raises(Problem) as refused:
        reading.read(path, hashed)
    assert refused.value.key == "requests.no_table"


def test_what_is_typed_is_read_as_a_row_of_a_file_is(tmp_path):
    said = {"title": " 灯台の手紙 ", "isbn": "４-10-101001-3", "c_code": "C0193", "ndc": "NDC9:913.6", "material": "大活字",
            "price": "1,200円", "pub_year": "平成11", "edition": "第2版", "author": "水野渚"}  # fmt: skip
    title, unread = reading.typed(said)
    [row] = reading.read(requests_file.write(tmp_path / "r.csv", [GOOD | said]), hashed).titles.rows(named=True)
    assert unread == []
    assert {name: row[name] for name in title} == title
    assert {name for name in said} <= set(title)
    assert reading.typed({"title": "", "isbn": "12", "c_code": "x", "price": "高い"}) == (
        {},
        ["isbn", "c_code", "price"],
    )


# ── the command


def run(store, file, out, *more):
    asked = ["--policy", "nishinomiya", "--as-of", AS_OF.isoformat(), "--in", str(file), "--out", str(out), *more]
    return main(["check-requests", "--store", str(store), *asked])


def test_the_exit_status_tells_of_rows_in_error(store, tmp_path, capsys):
    assert run(store, requests_file.write(tmp_path / "good.csv", [GOOD]), tmp_path / "out.csv") == 0
    assert run(store, requests_file.write(tmp_path / "bad.csv", ROWS), tmp_path / "out.xlsx") == 1
    assert run(store, tmp_path / "none.csv", tmp_path / "out.csv") == 2
    assert run(store, tmp_path / "good.csv", tmp_path / "out.pdf") == 2
    assert "none.csv" in capsys.readouterr().err
    back = pl.read_excel(tmp_path / "out.xlsx", infer_schema_length=0)
    assert back.columns == list(checking.RESULT) and len(back) == len(ROWS)
    assert "日付として読めません" in back["reason"][4]
    assert back["verdict"].to_list()[2:4] == ["unclear", "unclear"]


def test_nothing_is_written_to_the_ledger(store, tmp_path):
    run(store, requests_file.write(tmp_path / "good.csv", [GOOD]), tmp_path / "out.csv")
    assert not (store / "ledger.sqlite").exists() and not (store / "requests.sqlite").exists()


def test_hostile_text_stays_text(store, tmp_path):
    rows = [
        GOOD | {"request_id": text[:30] or str(number), "title": text, "author": text}
        for number, text in enumerate(HOSTILE)
    ]
    file = requests_file.write(tmp_path / "r.csv", rows)
    assert run(store, file, tmp_path / "out.csv") == 0
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as source:
        found = list(csv.DictReader(source))
    assert len(found) == len(rows)
    cells = [cell for row in found for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r＝＋－＠" and cell]
    assert not [cell for cell in cells if "\0" in cell or "\u202e" in cell]


def test_the_columns_of_the_file_are_those_of_the_exchange():
    assert set(HEAD) <= set(reading.ASKED) | {"requester_token"}

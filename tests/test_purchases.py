"""A list of books to buy: read row by row, what cannot be read said, and counted as the holdings are."""

from collections import Counter
from pathlib import Path
from random import Random

import polars as pl
import pytest
import xlsxwriter

from collection import purchases
from collection.measures import EVERYTHING, Scope
from collection.words import Problem

BRANCHES = ["中央図書館", "北口図書館"]
HEAD = ["書誌番号", "書名", "分類", "利用対象", "資料種別", "所蔵館", "冊数", "著者名", "出版者", "叢書名"]
ROWS = [
    ["1", "宇宙", "440", "一般", "図書", "中央図書館", "2"],
    ["2", "花", "NDC9:479.1;653", "", "", "北口図書館", ""],
    ["3", "ねこ", "E", "児童", "絵本", "", "3"],
    ["4", "虫", "K486", "児童", "図書", "", "１"],
    ["5", "謎", "", "一般", "図書", "", "1"],
    ["6", "小説", "913.6", "宇宙人", "図書", "", "1"],
    ["7", "小説", "913.6", "一般", "図書", "南口図書館", "1"],
    ["8", "小説", "913.6", "一般", "図書", "", "二"],
    ["9", "小説", "913.6", "一般", "図書", "", "0"],
]
ROWS[0] += ["海野光;山川花子", "港の社", "港の文庫"]
ROWS[1:] = [[*row, "", "", ""] for row in ROWS[1:]]
READ = [
    ("中央図書館", "440", "general", "book", "海野光;山川花子", "港の社", "港の文庫", 2),
    ("北口図書館", "479", None, None, None, None, None, 1), (None, None, "child", "picture_book", None, None, None, 3),
    (None, "486", "child", "book", None, None, None, 1),
]  # fmt: skip
UNREAD = {"mark": [6], "audience": [7], "branch": [8], "copies": [9, 10]}


def csv_file(folder: Path, head: list[str], rows: list[list[str]], encoding: str = "utf-8") -> Path:
    path = folder / "購入.csv"
    path.write_bytes("\r\n".join(",".join(row) for row in [head, *rows]).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_every_row_is_read_or_said(tmp_path, encoding):
    found = purchases.read(csv_file(tmp_path, HEAD, ROWS, encoding), BRANCHES)
    assert found.rows.rows() == READ
    assert found.unread == UNREAD
    assert len(found.rows) + sum(map(len, found.unread.values())) == len(ROWS)


def test_a_workbook_says_the_same(tmp_path):
    path = tmp_path / "購入.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEAD, *ROWS]):
            sheet.write_row(line, 0, row)
    found = purchases.read(path, BRANCHES)
    assert (found.rows.rows(), found.unread) == (READ, UNREAD)


def test_english_headers_and_no_copies(tmp_path):
    rows = [["a", "440", "general"], ["b", "", "child"], ["c", "E", "child"]]
    found = purchases.read(csv_file(tmp_path, ["title", "ndc", "audience"], rows), BRANCHES)
    assert found.rows["copies"].to_list() == [1, 1, 1]
    assert found.unread == {}


def test_a_row_that_does_not_fit_and_a_blank_line(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("書名,分類\n宇宙,440\n\n本,913.6,多い\n花,479\n", encoding="utf-8")
    found = purchases.read(path, BRANCHES)
    assert found.rows["ndc"].to_list() == ["440", "479"]
    assert found.unread == {"columns": [4]}


def test_what_is_no_list_is_refused(tmp_path):
    with pytest.raises(Problem, match="分類"):
        purchases.read(csv_file(tmp_path, ["書名", "著者名"], [["花", "山川"]]), BRANCHES)
    with pytest.raises(Problem, match="氏名"):
        purchases.read(csv_file(tmp_path, ["書名", "分類", "氏名"], [["花", "479", "山川"]]), BRANCHES)
    record = tmp_path / "a.xml"
    record.write_text('<collection xmlns="http://www.loc.gov/MARC21/slim"><record/></collection>', encoding="utf-8")
    with pytest.raises(Problem, match="CSV"):
        purchases.read(record, BRANCHES)


SCOPES = [
    (EVERYTHING, 0), (Scope(branch=("中央図書館",)), 0), (Scope(audience=("child",)), 1), (Scope(audience=("general", "")), 0),
    (Scope(shelf_class=("4", "9")), 0), (Scope(shelf_class=("K",), ndc="4"), 2), (Scope(ndc="91"), 3),
    (Scope(material=("picture_book",)), 0), (Scope(location=("open",)), 0),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "level"), SCOPES, ids=str)
def test_arriving_is_counted_as_the_holdings_are(scope, level):
    rng = Random(3)
    rows = [
        {
            "branch": rng.choice([*BRANCHES, None]), "ndc": rng.choice(["440", "479", "913", "91", "9", None]),
            "audience": rng.choice(["child", "general", None]), "material": rng.choice(["book", "picture_book", None]),
            "copies": rng.randrange(1, 4),
        } for _ in range(300)
    ]  # fmt: skip
    expected = Counter()
    for row in rows:
        shelf = "K" if row["audience"] == "child" else (row["ndc"] or "-")[0]
        told = row | {"shelf_class": shelf}
        parts = ("branch", "shelf_class", "audience", "material")
        chosen = all(not getattr(scope, part) or (told[part] or "") in getattr(scope, part) for part in parts)
        if chosen and (row["ndc"] or "").startswith(scope.ndc):
            expected[row["branch"], (row["ndc"] or "-")[:level] if level else shelf] += row["copies"]
    found = purchases.arriving(pl.DataFrame(rows, schema=purchases.ROW), scope)
    assert {(branch, mark): n for branch, mark, n in found.rows()} == expected != {}

import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection import sheets

BAD = [
    "=1+1",
    "+81 3",
    "-5",
    "@cmd",
    "\t=1",
    '=HYPERLINK("http://x")',
    "＝1＋1",
    "a\x00b",
    "𠮷野家",
    "普通の書名",
    None,
]


def test_csv_never_starts_a_formula():
    written = sheets.csv_bytes(pl.DataFrame({"書名": BAD, "冊": range(len(BAD))}))
    assert written.startswith(b"\xef\xbb\xbf")
    back = pl.read_csv(io.BytesIO(written), infer_schema=False)["書名"].to_list()
    assert not any(cell and cell[0] in "=+-@\t\r＝＋－＠" for cell in back)
    assert "𠮷野家" in back
    assert "ab" in back


def test_a_negative_number_stays_a_number():
    assert b"-3" in sheets.csv_bytes(pl.DataFrame({"n": [-3]}))


def test_xlsx_keeps_text_as_text():
    written = sheets.xlsx_bytes(pl.DataFrame({"書名": BAD, "点": [1.5] * len(BAD)}), "除籍候補")
    back = pl.read_excel(io.BytesIO(written), has_header=True)
    assert back["書名"].to_list() == [cell.replace("\x00", "") if cell else None for cell in BAD]
    assert back["点"].dtype.is_float()


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs",)), max_size=30), min_size=1, max_size=20))
def test_any_text_can_be_written(cells):
    found = pl.DataFrame({"text": cells})
    assert sheets.csv_bytes(found)
    assert sheets.xlsx_bytes(found, "x")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_an_empty_table_has_its_header(tmp_path, ending):
    out = tmp_path / f"empty{ending}"
    sheets.write(pl.DataFrame(schema={"書名": pl.String}), out, "x")
    assert out.stat().st_size > 0

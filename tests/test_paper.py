"""Documents for paper: readable text, page numbers, and data that can do no harm."""

import io

import pypdf
import pytest

from collection import paper, words
from collection.words import Problem


def document(rows, **more) -> bytes:
    data = {
        "library": "西宮市立図書館", "title": "議案", "as_of": "2025-04-01 現在", "landscape": True, "told": ["説明。"],
        "head": ["書名", "冊数"], "rows": rows, "widths": [4, 1], "right": [1], "note": "",
    }  # fmt: skip
    return paper.pdf("plain", data | more)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_head_and_number_stand_on_every_page():
    found = pages(document([[f"本{n}", str(n)] for n in range(90)]))
    assert len(found) > 1
    for number, text in enumerate(found, start=1):
        assert "西宮市立図書館" in text and "2025-04-01 現在" in text and "書名" in text
        assert f"{number} / {len(found)}" in text


def test_landscape_and_portrait():
    for landscape in (True, False):
        [page] = pypdf.PdfReader(io.BytesIO(document([["本", "1"]], landscape=landscape))).pages
        assert (page.mediabox.width > page.mediabox.height) == landscape


HOSTILE = ["#set page(width: 1mm)", "$ x $", "@ref <label>", "\\u{202e}", "*b* _i_ `c`", "]#panic()[", "=HYPERLINK(1)",
           "<script>alert(1)</script>", "// 注", "𠮷野家 鷗"]  # fmt: skip


def test_data_never_becomes_source():
    text = "".join(pages(document([[title, "1"] for title in HOSTILE])))
    for title in HOSTILE:
        assert title.replace(" ", "") in text.replace(" ", "").replace("\u200b", "").replace("\n", "")


def test_marks_that_turn_text_around_are_taken_out():
    turned = "表\u202eみぎ\u2066から\u0000\x1b[31m\ud800\n次"
    assert paper.clean({"a\u202e": [turned, 3, None]}) == {"a": ["表みぎから[31m\n次", 3, None]}
    assert "表みぎから" in pages(document([[turned, "1"]]))[0]


def test_a_long_word_stays_in_its_cell():
    [page] = pypdf.PdfReader(io.BytesIO(document([["W" * 300, "1"]]))).pages
    places = []
    page.extract_text(visitor_text=lambda text, _, matrix, *rest: places.append(matrix[4]) if "W" in text else None)
    assert places and max(places) < page.mediabox.width


def test_the_same_data_gives_the_same_bytes():
    assert document([["本", "1"]]) == document([["本", "1"]])


def test_a_list_is_cut_with_a_word_about_the_rest():
    rows, said = paper.cut([[str(n)] for n in range(paper.ROWS + 2)])
    assert len(rows) == paper.ROWS and "2件" in said
    assert paper.cut([1]) == ([1], "")
    with pytest.raises(ValueError, match="3000"):
        document([["本", "1"]] * (paper.ROWS + 1))


def test_without_a_japanese_font_it_says_which(monkeypatch):
    fonts, _ = paper._fonts()
    monkeypatch.setattr(paper, "_fonts", lambda: (fonts, frozenset({"Libertinus Serif"})))
    with pytest.raises(Problem, match="BIZ UDPGothic"):
        document([["本", "1"]])


def test_english():
    token = words.language.set("en")
    try:
        assert "1 / 1" in pages(document([["Book", "1"]]))[0]
    finally:
        words.language.reset(token)

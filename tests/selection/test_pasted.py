"""What is read from what librarians paste and scan: codes, pages of shops and publishers, citations, titles, nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection.selection import pasted

SHOP = """日本の歴史 (講談社学術文庫 1234) 文庫 – 2020/4/15
山田 太郎 (著), 鈴木 花子 (翻訳)
￥1,980
カートに入れる
出版社 \u200f : \u200e 講談社; 改訂版 (2020/4/15)
発売日 \u200f : \u200e 2020/4/15
言語 \u200f : \u200e 日本語
文庫 \u200f : \u200e 320ページ
ISBN-10 \u200f : \u200e 4062935546
ISBN-13 \u200f : \u200e 978-4062935548"""

PUBLISHER = """書名：ノルウェイの森　上
シリーズ：講談社文庫
著者：村上春樹
出版社：講談社
定価：1,980円（本体1,800円＋税）
Ｃコード：Ｃ０１９３
ISBN：978-4-06-293554-8
判型：文庫／ページ数：320ページ
発売日：2004年09月15日
巻次：上
内容紹介
僕は三十七歳で、そのとき飛行機に乗っていた。
1969年、もうすぐ二十歳。"""

LIBRARY = """タイトル\t海辺の暮らし
著者名\t山田花子／著　佐藤次郎／絵
出版者\t波止場書房
出版年月\t平成11年3月
版表示\t第2版
価格\t￥1,500
ISBN\t4-06-293554-6"""

BOOK = {"isbn": "9784062935548"}


@pytest.mark.parametrize(
    "text",
    [
        "9784062935548", "978-4-06-293554-8", "ISBN978-4-06-293554-8", "ISBN 4-06-293554-6", "4062935546",
        "９７８−４−０６−２９３５５４−８", "978 4 06 293554 8", "ISBN-10: 4062935546", "https://www.example.jp/dp/4062935546/",
        "  978‐4‐06‐293554‐8\n",
    ],
)  # fmt: skip
def test_an_isbn_in_any_form(text):
    assert pasted.read(text) == BOOK


@pytest.mark.parametrize("between", ["\n", " ", "", "\r\n", "\t"])
def test_both_bar_codes(between):
    assert pasted.read(f"9784062935548{between}1920193007503") == BOOK | {"c_code": "0193", "price": 750}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("1920193007503", {"c_code": "0193", "price": 750}),
        ("1920093018000", {}),  # wrong check digit
        ("1929979000004", {"c_code": "9979"}),  # no price in it
        ("4910123456789", {}),  # a magazine
    ],
)
def test_the_second_bar_code(code, found):
    assert pasted.read(code) == found


def test_a_page_of_a_shop():
    assert pasted.read(SHOP) == BOOK | {
        "title": "日本の歴史", "series": "講談社学術文庫 1234", "author": "山田 太郎 ; 鈴木 花子訳", "publisher": "講談社", "edition": "改訂版",
        "price": 1980, "pub_year": 2020,
    }  # fmt: skip


def test_a_page_of_a_publisher():
    assert pasted.read(PUBLISHER) == BOOK | {
        "title": "ノルウェイの森 上", "volume": "上", "series": "講談社文庫", "author": "村上春樹", "publisher": "講談社", "c_code": "0193",
        "price": 1800, "pub_year": 2004,
    }  # fmt: skip


def test_a_record_of_a_library():
    assert pasted.read(LIBRARY) == BOOK | {
        "title": "海辺の暮らし", "author": "山田花子 ; 佐藤次郎", "publisher": "波止場書房", "edition": "第2版", "price": 1500, "pub_year": 1999,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("定価 1,980円（本体1,800円＋税）", 1800),
        ("本体 1,800円+税", 1800),
        ("1,800円＋税", 1800),
        ("価格：1,980円(税込)", 1980),
        ("税込価格 1,980円\n本体価格 1,800円", 1800),
        ("1,980円（税抜 1,800円）", 1800),
        ("価格: 1800", 1800),
        ("C0093 ¥1800E", 1800),
        ("￥ 1,980", 1980),
        ("定価：99999999999円", None),
        ("価格：未定", None),
    ],
)
def test_the_price_is_without_tax_when_both_are_told(text, found):
    assert pasted.read(text).get("price") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("著者：山田太郎", "山田太郎"),
        ("著：山田太郎\n訳：鈴木花子", "山田太郎 ; 鈴木花子訳"),
        ("著／山田太郎", "山田太郎"),
        ("著者 山田太郎／著 鈴木花子／訳", "山田太郎 ; 鈴木花子訳"),
        ("著者: 山田太郎、鈴木花子", "山田太郎 ; 鈴木花子"),
        ("著者名\n山田太郎著 ; 鈴木花子訳", "山田太郎 ; 鈴木花子訳"),
        ("author: Hemingway, Ernest", "Hemingway, Ernest"),
        ("【著者】山田太郎【訳者】鈴木花子", "山田太郎 ; 鈴木花子訳"),
        ("日本の歴史\n山田 太郎【著】", "山田 太郎"),
        ("作者：松田優作", "松田優作"),
        ("著者：", None),
    ],
)
def test_authors(text, found):
    assert pasted.read(text).get("author") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("発行：2020年4月\n発行：講談社", {"pub_year": 2020, "publisher": "講談社"}),
        ("発行所：講談社", {"publisher": "講談社"}),
        ("発行年月：令和2.4", {"pub_year": 2020}),
        ("発売日 2020/04/15", {"pub_year": 2020}),
        ("出版社：講談社（2020年4月）", {"pub_year": 2020, "publisher": "講談社"}),
        ("日本の歴史\n2020年4月15日発売", {"title": "日本の歴史", "pub_year": 2020}),
        ("発売日：未定", {}),
    ],
)
def test_publisher_and_year(text, found):
    read = pasted.read(text)
    assert {name: read[name] for name in found} == found and "pub_year" in found or "pub_year" not in read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ノルウェイの森 上", {"title": "ノルウェイの森 上"}),
        ("「名前」のない本", {"title": "「名前」のない本"}),
        ("『失われた時』を読む", {"title": "『失われた時』を読む"}),
        ("世界の名著", {"title": "世界の名著"}),
        ("物語 前編", {"title": "物語 前編"}),
        ("1984", {"title": "1984"}),
        ("日本の歴史 / 山田太郎著", {"title": "日本の歴史", "author": "山田太郎"}),
        (
            "山田太郎著『日本の歴史』（講談社、2020年）",
            {"title": "日本の歴史", "author": "山田太郎", "publisher": "講談社", "pub_year": 2020},
        ),
        (
            "『日本の歴史』山田太郎著、講談社、2020年、1800円",
            {"title": "日本の歴史", "author": "山田太郎", "publisher": "講談社", "pub_year": 2020, "price": 1800},
        ),
        ("【書名】海【出版社】波止場書房", {"title": "海", "publisher": "波止場書房"}),
        ("■書名　海\n・出版社：波止場書房", {"title": "海", "publisher": "波止場書房"}),
        ("書名：海 / 著者：山田花子", {"title": "海", "author": "山田花子"}),
        ("海辺の暮らし (みなと新書)", {"title": "海辺の暮らし", "series": "みなと新書"}),
    ],
)
def test_titles_and_citations(text, found):
    assert pasted.read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t　",
        "？！…",
        "https://example.com/book/1",
        "カートに入れる\nほしい物リスト",
        "0312345678901",
        "著者：\n出版社：\n",
    ],
)
def test_nothing_is_found_in_nothing(text):
    assert pasted.read(text) == {}


@pytest.mark.parametrize(
    "line",
    [
        "氏名：山田太郎",
        "利用者番号: 0012345",
        "電話 0798-33-0189",
        "連絡先 taro@example.jp",
        "利用者カード番号\t1234567",
        "住所：兵庫県西宮市川添町15番地",
    ],
)
def test_nothing_of_a_person_is_read(line):
    for text in (line, f"{line}\n書名：海", f"書名：海\n{line}"):
        assert pasted.read(text) == ({"title": "海"} if "書名" in text else {})


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from((SHOP + PUBLISHER + LIBRARY).splitlines()), max_size=12).map("\n".join)
)
def test_any_text_is_read_without_error_into_the_fields(text):
    found = pasted.read(text)
    assert set(found) <= set(pasted.FIELDS) and all(found.values())
    assert all(isinstance(found[name], int) for name in ("price", "pub_year") if name in found)

"""Columns about people are refused; columns about books never are."""

import random
from pathlib import Path

import pytest

from collection.sources import personal, stage
from collection.store.connection import connect
from collection.words import Problem

REFUSED = [
    "利用者番号",
    "利用者ID",
    "利用者カード番号",
    "氏名",
    "利用者氏名",
    "住所",
    "電話番号",
    "電話",
    "携帯電話",
    "生年月日",
    "誕生日",
    "メールアドレス",
    "メール",
    "E-mail",
    "email",
    "カード番号",
    "郵便番号",
    "貸出者",
    "予約者",
    "予約者名",
    "申込者",
    "借受者番号",
    "会員番号",
    "TEL",
    "学籍番号",
    "保護者氏名",
    "ｶｰﾄﾞNo",
    "マイナンバー",
    "patron_id",
    "borrowernumber",
    "cardnumber",
    "user_id",
    "phone",
    "birthdate",
    "firstname",
    "address",
    "利用者",
    "名前",
]
WELCOME = [
    "著者名",
    "著者",
    "件名",
    "書名",
    "書名ヨミ",
    "出版者",
    "出版地",
    "登録番号",
    "バーコード",
    "利用対象",
    "対象利用者",
    "利用者数",
    "予約数",
    "予約者数",
    "予約館",
    "受入日",
    "発行年月日",
    "備考",
    "分類",
    "貸出回数",
    "最終貸出日",
    "督促回数",
    "返却期限日",
    "名称",
    "申込者の符号",
    "requester_token",
    "title",
    "author",
    "mailorder",
    "URL",
    "館名",
    "カード目録",
]


@pytest.mark.parametrize("header", REFUSED)
def test_headers_about_people(header):
    assert personal.is_personal(header)


@pytest.mark.parametrize("header", WELCOME)
def test_headers_about_books(header):
    assert not personal.is_personal(header)


chance = random.Random(4)
PHONES = [f"0{chance.choice('789')}0{chance.randrange(10**8):08}" for _ in range(60)]
NAMES = [a + " " + b for a in ("山田", "佐藤", "高橋", "西村") for b in ("太郎", "花子", "一郎", "みどり")]
JOINED = [a + b for a in ("山田", "佐藤", "高橋", "西村") for b in ("太郎", "花子", "一郎", "明")]
BIRTHS = [f"{chance.randrange(1935, 2016)}/{chance.randrange(1, 13)}/{chance.randrange(1, 29)}" for _ in range(80)]
ADDRESSES = [f"兵庫県西宮市高座町{n}番地" for n in range(1, 30)]


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("phone", PHONES),
        ("phone", [f"0798-{n:02}-{1000 + n}" for n in range(20)]),
        ("email", [f"a{n}@example.jp" for n in range(20)]),
        ("name", NAMES),
        ("name", JOINED),
        ("birth", BIRTHS),
        ("address", ADDRESSES),
        ("address", [f"西宮市甲子園町{n}-{n}" for n in range(1, 20)]),
        ("card", ["4111111111111111", "5500005555555559", "4012888888881881"]),
    ],
)
def test_contents_about_people(what, values):
    assert personal.kind_of("列", None, values) == what
    if what in ("phone", "email", "name", "address"):
        assert personal.kind_of("備考", "note", values) == what


@pytest.mark.parametrize(
    ("column", "field", "values"),
    [
        ("著者", "author", NAMES),
        ("訳者", None, NAMES),
        ("編著者名等", None, NAMES),
        ("出版者", None, ["山川出版社", "岩波書店", "田中書房", "中村屋", "高橋書店", "小学館"]),
        ("登録番号", "item_id", PHONES),
        ("ISBN", "isbn", ["0470123456", "07981234567"]),
        ("管理番号", None, [f"1{n:010}" for n in range(50)]),
        ("価格", None, ["1200", "2,667円", "980"]),
        ("受入年月日", None, BIRTHS),
        ("題", None, ["東京都の歴史", "西宮市史 第1巻", "京都府の山", "兵庫県の民話"]),
        ("配架場所詳細", None, ["児童室", "一般書架", "二階書庫"]),
    ],
)
def test_contents_about_books(column, field, values):
    assert personal.kind_of(column, field, values) is None


def test_nothing_is_stored_and_the_message_shows_no_contents(tmp_path: Path):
    file = tmp_path / "items.csv"
    file.write_text("資料番号,書誌番号,所蔵館,連絡\n" + "".join(f"A{n},B{n},中央,{PHONES[n]}\n" for n in range(50)))
    with connect() as connection:
        with pytest.raises(Problem) as caught:
            stage(connection, file)
        assert connection.sql("SELECT table_name FROM information_schema.tables").pl().is_empty()
    assert "連絡" in str(caught.value) and PHONES[0] not in str(caught.value)
    file.write_text("資料番号,書誌番号,所蔵館,利用者番号\nA,B,C,9\n")
    with connect() as connection, pytest.raises(Problem) as caught:
        stage(connection, file)
    assert "利用者番号" in str(caught.value)

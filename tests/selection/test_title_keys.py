"""What titles are matched by: volume, subtitle, edition and names told apart, and the tokens by which titles are found."""

import random
from itertools import pairwise

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from collection.selection import title_keys

TITLE = dict.fromkeys((*title_keys.TEXTS, "isbn", "material", "pub_year"))
KINDS = {name: pl.Int32 if name == "pub_year" else pl.String for name in TITLE}
LETTERS = "港町海のアかー2A 「」:髙學"


def keyed(*titles: dict) -> pl.DataFrame:
    frame = pl.DataFrame([TITLE | title for title in titles], schema=KINDS)
    return title_keys.keys(frame.with_columns(no=pl.int_range(pl.len())))


def key(**title) -> dict:
    return keyed(title).row(0, named=True)


@pytest.mark.parametrize(
    ("title", "body", "volume"),
    [
        ("ノルウェイの森 上", "のるえの森", "上"),
        ("ノルウェイの森（下）", "のるえの森", "下"),
        ("源氏物語2巻", "源氏物語", "2"),
        ("日本の歴史 第12巻 : 古代", "日本の歴史古代", "12"),
        ("数学 Ⅱ", "数学", "2"),
        ("三国志 （十二）", "三国志", "12"),
        ("1Q84 BOOK 1", "1q84", "1"),
        ("物語 前編", "物語", "前"),
        ("1Q84", "1q84", None),
        ("地下", "地下", None),
        ("第2次世界大戦", "第2次世界大戦", None),
        ("昭和 1984", "昭和1984", None),
        ("第2巻", "第2巻", "2"),
    ],
)
def test_the_volume_is_told_from_the_title(title, body, volume):
    found = key(title=title)
    assert (found["body"], found["volume"]) == (body, volume)


@pytest.mark.parametrize(
    ("field", "volume"), [("第2巻", "2"), ("上 (入門編)", "上"), ("Ⅲ", "3"), ("2019年版", "2019"), ("秋", "秋")]
)
def test_the_field_of_the_volume_comes_first(field, volume):
    assert key(title="物語 9", volume=field)["volume"] == volume


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("視る : 阪神・淡路大震災", "視る"),
        ("海辺 : 写真", "海辺"),
        ("海辺＝Seaside", "海辺"),
        ("海辺―写真", "海辺"),
        ("うみべ―写真", "うみべ"),
        ("海辺〜写真〜", "海辺"),
        ("海辺（写真）", "海辺"),
        ("（改訂）民法", "民法"),
        ("海辺 - 写真", "海辺"),
        ("コンピュ―タ", "こんぴゆた"),
        ("e-learning", "elearning"),
        ("海辺の町", "海辺の町"),
    ],
)
def test_what_stands_before_the_subtitle(title, head):
    assert key(title=title)["head"] == head


@pytest.mark.parametrize(
    ("author", "names", "translator"),
    [
        ("山川花子著 ; 田島和生訳", ["山川花子", "田島和生"], "田島和生"),
        ("中島能和, 濱野賢一朗著", ["中島能和", "浜野賢一朗"], None),
        ("田島, 和生, 1937-", ["田島和生"], None),
        ("小松勇作 [ほか] 編", ["小松勇作"], None),
        ("[文部省編]", ["文部省"], None),
        ("ジョン・スミス／著", ["じよんすみす"], None),
        ("", [], None),
        (None, [], None),
    ],
)
def test_names(author, names, translator):
    found = key(title="港", author=author)
    assert (found["names"], found["translator"]) == (names, translator)


def test_edition_form_and_publisher():
    found = key(title="新版 民法", edition="第3版", publisher="[出版者不明]", material="dvd", pub_year=2001)
    assert (found["body"], found["edition_number"], found["revised"], found["edition_year"]) == ("民法", 3, 1, None)
    assert (found["publisher"], found["form"], found["pub_year"]) == (None, "dvd", 2001)
    assert key(title="民法", publisher="岩波書店", material="reference")["form"] == "book"


def test_nothing_said_is_null():
    found = key(title=" 。")
    assert [found[name] for name in title_keys.FOLDED] == [None] * len(title_keys.FOLDED)
    assert key()["whole"] is None


def word(rng: random.Random) -> str | None:
    return "".join(rng.choices(LETTERS, k=rng.randrange(12))) or None


def naive_tokens(row: dict, asked: bool) -> set[tuple[str, bool]]:
    found = {(row[name], True) for name in ("whole", "body", "head", "reading", "reading_head", "isbn") if row[name]}
    found |= {("by " + name, False) for name in row["names"]}
    for text in filter(None, (row["body"], row["reading"])):
        found |= {(one + other, False) for one, other in pairwise(text)}
        if asked and len(text) <= title_keys.SHORT:
            found |= {(one + other, False) for one, other in zip(text, text[2:], strict=False)}
    return found


@pytest.mark.parametrize("asked", [False, True])
def test_tokens_as_plain_python_tells_them(asked):
    rng = random.Random(4)
    frame = keyed(
        *(
            TITLE | {"title": word(rng), "title_kana": word(rng), "author": word(rng), "isbn": "9784000000004"}
            for _ in range(300)
        )
    )
    found = title_keys.tokens(frame, asked=asked).unique()
    texts = [
        (row["no"], whole, ("=" if whole else "") + text)
        for row in frame.rows(named=True)
        for text, whole in naive_tokens(row, asked)
    ]
    expected = pl.DataFrame(texts, schema={"no": pl.Int64, "whole": pl.Boolean, "text": pl.String}, orient="row")
    expected = expected.select("no", "whole", token=pl.col("text").hash())
    assert_frame_equal(found, expected, check_row_order=False)


def test_packed_keys_are_unpacked_as_they_were():
    rng = random.Random(5)
    frame = keyed(
        *({name: word(rng) for name in title_keys.TEXTS} | {"pub_year": rng.choice([None, 1999])} for _ in range(300))
    )
    assert_frame_equal(title_keys.unpacked(title_keys.packed(frame)), frame)

"""A library with records of its own and 2,000 mixed requests to it, each with the verdict and the clause that are right.

What is right follows from how a request is made: the titles are invented, and what makes them study aids, comics,
mooks or self-published books are the C-code, class, material, publisher and words that such books really carry.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random

from collection import demo, imports

AS_OF = demo.AS_OF
SEED = 7
BUSY = "21冊の人"  # asks for 21 titles that would be accepted
HEAD = {
    "request_id": "リクエスト番号", "received_on": "受付日", "title": "書名", "author": "著者名", "publisher": "出版者",
    "isbn": "ISBN", "c_code": "Cコード", "ndc": "分類", "material": "資料種別", "pub_year": "出版年", "price": "本体価格",
    "edition": "版表示", "requester_token": "申込者の符号",
}  # fmt: skip
RECORD = {
    "bib_id": "書誌番号", "title": "書名", "kana": "書名ヨミ", "author": "著者名", "publisher": "出版者", "pub_year": "出版年",
    "edition": "版表示", "isbn": "ISBN", "ndc": "分類", "material": "資料種別", "audience": "利用対象",
}  # fmt: skip
ACCEPT, HELD, TWICE, UNCLEAR = (
    ("accept", "ln-5-1-2"),
    ("held", "ln-5-1-1"),
    ("duplicate", "ln-5-1-2"),
    ("unclear", "ln-7-2"),
)
STUDY, COMIC = ("refuse", "ln-9-1-1"), ("refuse", "ln-9-1-2")
PERIODICAL, AUDIO_VISUAL = ("refuse", "ln-9-1-3"), ("refuse", "ln-9-1-4")
SEVERAL = ("受け取った朝", "帰り道")  # titles of which the library holds several works
WORDS = [  # kanji and reading
    ("潮騒", "しおさい"), ("灯台", "とうだい"), ("波止場", "はとば"), ("帆船", "はんせん"), ("入江", "いりえ"), ("岬", "みさき"),
    ("砂丘", "さきゅう"), ("干潟", "ひがた"), ("漁火", "いさりび"), ("羅針盤", "らしんばん"), ("渡り鳥", "わたりどり"),
    ("氷河", "ひょうが"), ("沼地", "ぬまち"), ("峠", "とうげ"), ("渓谷", "けいこく"), ("雑木林", "ぞうきばやし"),
    ("石垣", "いしがき"), ("水車", "すいしゃ"), ("土蔵", "どぞう"), ("街道", "かいどう"), ("鉱山", "こうざん"), ("窯元", "かまもと"),
    ("機織", "はたおり"), ("養蚕", "ようさん"), ("茶畑", "ちゃばたけ"), ("果樹園", "かじゅえん"), ("牧草地", "ぼくそうち"),
    ("製粉所", "せいふんじょ"), ("天文台", "てんもんだい"), ("気球", "ききゅう"), ("路面電車", "ろめんでんしゃ"),
    ("跨線橋", "こせんきょう"), ("操車場", "そうしゃじょう"), ("時計塔", "とけいとう"), ("活字", "かつじ"), ("万年筆", "まんねんひつ"),
]  # fmt: skip
ENDS = [
    ("記憶", "きおく"),
    ("暮らし", "くらし"),
    ("地図", "ちず"),
    ("技術", "ぎじゅつ"),
    ("四季", "しき"),
    ("人びと", "ひとびと"),
]
FAMILY = ("相原", "伊佐治", "宇留野", "江畑", "奥戸", "加治木", "木野内", "久我山", "小菅", "佐武", "志水", "須恵", "瀬良", "曽根田", "高安",
          "千布", "津久井", "手代木", "戸倉", "名取", "新関", "布目", "根来", "野々垣", "羽根田", "日下部", "文野", "辺見", "保科", "真鍋")  # fmt: skip
GIVEN = ("航", "渚", "嶺子", "岳彦", "澄江", "汐里", "稔", "史帆", "宗一", "遥", "千草", "朔", "環", "路子", "晃平")
PRESSES = ("海鳴社書林", "北辰書院", "東雲館", "潮路堂", "白樺書肆", "野分社", "石蕗書房", "銀河荘")
SYLLABLES = "アイウエオカキクケコサシスセソタチツテトナニノハヒフホマミムモヤユヨラリルレロワ"
TOPICS = [  # of new ordinary books: words, class, C-code
    ("川の水質をはかる", "519.4", "0040"), ("町の商店を歩く", "672.1", "0063"), ("古文書を読みとく", "210.0", "0021"),
    ("島の植物をたずねる", "472.1", "0045"), ("駅前の建築史", "523.1", "0052"), ("村の憲法をつくる", "323.1", "0032"),
    ("谷の言葉と民話", "388.1", "0039"), ("夜の鉄道を写す", "686.2", "0065"), ("家の片づけと収納", "597.5", "0077"),
    ("坂の上の料理帖", "596.0", "0077"), ("湖の哲学をめぐって", "134.9", "0010"), ("丘の美術館へ行く", "706.9", "0070"),
    ("森の物語", "913.6", "0093"), ("雨の日の随想", "914.6", "0095"), ("海の探偵物語", "933.7", "0097"),
]  # fmt: skip


class Maker:
    """Invents titles, persons and numbers, no two alike; the same for the same seed."""

    def __init__(self, seed: int):
        self.rng = Random(seed)
        self.numbers, self.names = count(seed * 10_000), set()

    def isbn(self) -> str:
        digits = f"97849{next(self.numbers):07d}"
        return digits + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10)

    def author(self) -> str:
        return f"{self.rng.choice(FAMILY)}{self.rng.choice(GIVEN)}"

    def name(self) -> str:
        """A place that does not exist."""
        while (name := "".join(self.rng.sample(SYLLABLES, 5))) in self.names:
            pass
        self.names.add(name)
        return name

    def about(self, words: str, **said) -> dict:
        """A request for a title with an invented name before it."""
        made = {"title": f"{self.name()}{words}", "author": self.author(), "publisher": self.rng.choice(PRESSES)}
        return (
            made
            | {"pub_year": str(self.rng.randrange(2022, 2026)), "price": str(self.rng.randrange(12, 40) * 100)}
            | said
        )


# ── the library


def library(store: Path, files: Path) -> list[dict]:
    """Fills a store with the demo library and with records of its own, two copies each; returns the latter."""
    given = demo.write(files, 0.01, 1)
    own = list(_records(Maker(SEED + 1)))
    items = [
        [f"9{place:07d}{copy}", record["bib_id"], branch, "開架", "2023-06-01", "在架"]
        for place, record in enumerate(own) for copy, branch in enumerate(("中央図書館", "北口図書館"))
    ]  # fmt: skip
    heads = ("資料番号", "書誌番号", "所蔵館", "配架場所", "受入日", "状態")
    bibs = _table(
        files / "own_bibs.csv", list(RECORD.values()), [[record.get(name, "") for name in RECORD] for record in own]
    )
    imports.import_files(store, AS_OF, [*given, bibs, _table(files / "own_items.csv", list(heads), items)])
    return own


def _table(path: Path, head: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([head, *rows])
    return path


def _records(make: Maker) -> Iterator[dict]:
    pairs = [(one, other) for place, one in enumerate(WORDS) for other in WORDS[place + 1 :]]
    make.rng.shuffle(pairs)
    for number, ((one, read_one), (other, read_other)) in enumerate(pairs[:300]):
        end, read_end = ENDS[number % len(ENDS)]
        yield _record(make, number, {
            "title": f"{one}と{other}の{end} : {make.name()}をたずねて" if number % 3 == 0 else f"{one}と{other}の{end}",
            "kana": f"{read_one} ト {read_other} ノ {read_end}", "edition": "第2版" if number % 5 == 0 else "",
        })  # fmt: skip
    for number in range(300, 320):
        yield _record(make, number, {"title": f"月刊{make.name()}通信", "material": "雑誌", "ndc": "051", "author": ""})
    for number in range(320, 340):
        yield _record(make, number, {"title": f"{make.name()}探検隊 {number}", "material": "コミック", "ndc": "726.1"})
    for number in range(340, 348):
        yield _record(make, number, {"title": SEVERAL[number % 2]})


def _record(make: Maker, number: int, said: dict) -> dict:
    plain = {
        "bib_id": f"OWN{number:05d}", "author": make.author(), "publisher": make.rng.choice(PRESSES), "pub_year": "2019",
        "isbn": make.isbn(), "ndc": "914.6", "material": "図書", "audience": "一般",
    }  # fmt: skip
    return plain | said


# ── the requests


def requests(own: list[dict], seed: int = SEED) -> list[dict]:
    """2,000 requests: the columns of HEAD, and kind, verdict and rule, which are right for them."""
    make = Maker(seed)
    rows = [row | {"kind": kind, "verdict": right[0], "rule": right[1]} for kind, right, row in _all(make, own)]
    make.rng.shuffle(rows)
    for number, row in enumerate(rows):
        row["request_id"] = f"Q{number + 1:05d}"
        row["received_on"] = (date(2024, 9, 2) + timedelta(days=number // 12)).isoformat()
        if row["kind"] != "busy":
            row["requester_token"] = f"T{number:05d}" if number % 3 else ""
    twice: set[str] = set()
    for row in rows:  # of two that ask for the same, the later one
        if row["kind"] == "twice":
            row["verdict"], row["rule"] = TWICE if row["title"] in twice else ACCEPT
            twice.add(row["title"])
    *_, last = (row for row in rows if row["kind"] == "busy")
    last["verdict"], last["rule"] = "over_limit", "ln-8-1"
    return rows


def write(path: Path, rows: list[dict]) -> Path:
    """The requests as a file, under Japanese headers."""
    return _table(path, list(HEAD.values()), [[row.get(name, "") for name in HEAD] for row in rows])


def _all(make: Maker, own: list[dict]) -> Iterator[tuple[str, tuple[str, str], dict]]:
    """Kind, what is right (verdict and rule), and the request."""
    books, serials, comics = own[:300], own[300:320], own[320:340]
    yield from _held(make, books, serials, comics)
    for kind, right, n, how in KINDS:
        for _ in range(n):
            yield kind, right, how(make)
    for _ in range(21):
        yield "busy", ACCEPT, make.about("の朝市を歩く", ndc="673.7", c_code="0063", requester_token=BUSY)
    for _ in range(60):
        pair = make.about("をめぐる手紙", ndc="915.6", c_code="0095")
        yield "twice", ACCEPT, pair
        yield "twice", TWICE, pair | {"publisher": "", "price": ""}
    for number in range(40):
        yield "unclear", UNCLEAR, {"title": ("", "・・・", SEVERAL[0], SEVERAL[1])[number % 4]}


def _held(make: Maker, books: list[dict], serials: list[dict], comics: list[dict]) -> Iterator[tuple]:
    """Every record asked for in one of the ways in which people write titles."""
    for number, book in enumerate(books):
        whole = {name: book[name] for name in ("title", "author", "publisher", "pub_year", "isbn")}
        half = book["isbn"]
        ways = (
            (
                "by isbn",
                {"isbn": f"{half[:3]}-{half[3:5]}-{half[5:9]}-{half[9:12]}-{half[12]}", "title": book["title"]},
            ),
            ("by isbn alone", {"isbn": _isbn10(half) if number % 2 else _full_width(half)}),
            ("by title", whole | {"isbn": ""}),
            ("without subtitle", whole | {"isbn": "", "title": book["title"].partition(" : ")[0]}),
            (
                "in marks",
                whole
                | {"isbn": "", "title": f"「{book['title']}」", "author": f"{book['author'][:2]} {book['author'][2:]}"},
            ),
            (
                "in kana",
                whole | {"isbn": "", "title": book["kana"].replace(" ", "").replace("ト", "と").replace("ノ", "の")},
            ),
            ("other edition", whole | {"isbn": "", "edition": "第3版", "pub_year": "2024"}),
        )
        for kind, row in (ways[number % len(ways)], ways[(number * 3 + 1) % len(ways)]):
            yield kind, HELD, row
    for serial in serials:
        yield "magazine taken", HELD, {"title": serial["title"], "material": "雑誌", "publisher": serial["publisher"]}
    for comic in comics:
        yield (
            "comic held",
            HELD,
            {"title": comic["title"], "author": comic["author"], "material": "コミック", "c_code": "9979"},
        )


def _isbn10(isbn: str) -> str:
    nine = isbn[3:12]
    check = -sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11
    return nine + ("X" if check == 10 else str(check))


def _full_width(text: str) -> str:
    return text.translate({ord(digit): chr(0xFF10 + int(digit)) for digit in "0123456789"})


def _about(words: str, **said):
    """A kind of request: an invented name, these words, and what else is told."""
    return lambda make: make.about(words, **said)


def _ordinary(make: Maker) -> dict:
    words, ndc, c_code = make.rng.choice(TOPICS)
    return make.about(
        words, ndc=ndc, c_code=c_code, isbn=make.isbn() if make.rng.random() < 0.6 else "", material="図書"
    )


KINDS = [  # kind, what is right, how many, how it is made
    ("ordinary", ACCEPT, 334, _ordinary),
    ("study aid by C-code", STUDY, 40, _about("の数学 大学受験", c_code="7041", ndc="410")),
    ("study aid by C-code", STUDY, 30, _about("小3 理科", c_code="6340")),
    ("study aid by two weak signs", STUDY, 30, _about("計算ドリル 小学2年", publisher="文英堂")),
    ("study aid by class and words", STUDY, 20, _about("高校 入試問題 2025年度用", ndc="376.8", publisher="声の教育社")),
    ("study aid, one weak sign", ("committee", "ln-9-1-1"), 20, _about("システム英単語の世界", ndc="834")),
    ("comic by C-code", COMIC, 40, _about("戦記 3", c_code="9979", ndc="726.1")),
    ("comic by material", COMIC, 30, _about("の放課後 1", material="コミック")),
    ("comic by two weak signs", COMIC, 20, _about("物語 コミカライズ 2", ndc="726.1")),
    ("comic, one weak sign", ("committee", "ln-9-1-2"), 15, _about("の島 漫画版", ndc="913.6")),
    ("pop-up", ("committee", "cc-2-2-2"), 25, _about("のとびだす絵本", c_code="8771", material="絵本", ndc="E")),
    ("flaps, one weak sign", ("committee", "cc-2-2-2"), 15, _about("のしかけ絵本", c_code="8771", material="絵本", ndc="E")),
    ("mook", ACCEPT, 40, _about("の城下町を旅する", c_code="9426", ndc="291.0", publisher="野分社")),
    ("mook", ACCEPT, 20, _about("編集ムック 春の器", c_code="9476", ndc="751.1")),
    ("DVD", AUDIO_VISUAL, 40, _about("の交響曲", material="DVD", ndc="764.3")),
    ("CD", AUDIO_VISUAL, 30, _about("室内楽選", material="CD", ndc="764.2")),
    ("video by two weak signs", AUDIO_VISUAL, 15, _about("海中散歩 Blu-ray", c_code="0826")),
    ("book with a disc", ACCEPT, 25, _about("語の発音入門 CD付", c_code="0087", ndc="829.3", material="図書")),
    ("magazine not taken", PERIODICAL, 40, _about("ジャーナル", material="雑誌", author="")),
    ("magazine not taken", PERIODICAL, 20, _about("ライフ 5月号", c_code="9077", author="")),
    ("self-published elsewhere", ("committee", "cc-3-1-4"), 45, _about("に生きたわが半生", publisher="文芸社", ndc="289.1")),
    ("self-published in the city", ACCEPT, 30, _about("と西宮の思い出", publisher="文芸社", ndc="289.1")),
    ("investment tale", ("committee", "cc-4-1-4-5"), 35, _about("式 株で一億円稼いだ私の投資", ndc="338.1", c_code="0033")),
    ("investment, sober", ACCEPT, 20, _about("証券市場論 入門", ndc="338.1", c_code="0033")),
    ("cure", ("committee", "cc-4-1-5-3"), 35, _about("茶でがんが消えた", ndc="494.5", c_code="0047")),
    ("medicine, sober", ACCEPT, 20, _about("腫瘍内科の手引き", ndc="494.5", c_code="0047")),
    ("mission", ("committee", "cc-4-1-2-5"), 25, _about("信仰体験集", publisher="聖教新聞社", ndc="188.9")),
    ("religion, sober", ACCEPT, 15, _about("仏教史", publisher="北辰書院", ndc="182.1")),
    ("score of one musician", ("committee", "cc-4-1-8-7"), 25, _about("バンド・スコア 全曲", material="楽譜", ndc="764.7")),
    ("score of many", ACCEPT, 15, _about("合唱名曲集 混声", material="楽譜", ndc="767.4")),
    ("to be written in", ("committee", "cc-2-2-1"), 30, _about("の花 大人のぬり絵", ndc="724.4", c_code="0071")),
    ("large print", ACCEPT, 20, _about("の峠道", material="大活字", ndc="913.6", c_code="0093")),
    ("scholarly and dear, one weak sign", ("committee", "km-5-5-1"), 15, _about("文書の研究 資料編", c_code="3021", ndc="210.0", price="28000")),
]  # fmt: skip

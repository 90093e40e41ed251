"""Which holding a title is: real titles disturbed, a plain full scan as twin, what makes a match unsure, and the index."""

import multiprocessing
import random
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from collection import words, works
from collection.selection import identify as module
from collection.selection import title_keys, titles
from collection.selection.identify import identify, opened
from collection.sources.normalise import match_key
from collection.store import snapshots
from collection.store.connection import connect, sql
from tests.selection import disturbed

SURE = 90
REAL = pytest.mark.skipif(not disturbed.FILE.exists(), reason="the real titles (../shared/real/nacsis) are not here")
BLANK = dict.fromkeys((*disturbed.ASKED, "title_kana", "material"))
HEADS = [
    "港の見える",
    "西宮の",
    "表計算で学ぶ",
    "はじめての",
    "コンピューターと",
    "學校の",
    "ヴァイオリンの",
    "昭和",
    "民法",
    "海辺",
]
TAILS = [
    "町",
    "歴史散歩",
    "法律相談",
    "暮らし",
    "手引",
    "データ分析",
    "物語",
    "総則",
    "風景 : 写真集",
    "研究 2",
    "東",
    "西",
]
AUTHORS = ["山川花子", "小松左京 [ほか]著", "夏目漱石 著 ; 田島和生訳", "文部省編", "ジョン・スミス著", None]


def write(path: Path, *bibs: dict) -> Path:
    """A snapshot of records; those that name no work are works of their own, told apart as an import does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        BLANK | {"language": "jpn", "work_no": 0, "unit_no": 0} | bib | {"bib_no": number, "bib_id": f"B{number}"}
        for number, bib in enumerate(bibs)
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    with connect(path) as connection:
        connection.execute(sql("schema/snapshot"))
        connection.execute("INSERT INTO meta VALUES (?, 'made', NULL, NULL)", [date(2025, 4, 1)])
        connection.register("rows", frame.with_columns(title_key=match_key(frame["title"])).to_arrow())
        connection.execute("INSERT INTO bib BY NAME SELECT * FROM rows")
        connection.unregister("rows")
        works.assign(connection)
    return path


def asked(*titles: dict) -> pl.DataFrame:
    kinds = {"row": pl.Int64, **dict.fromkeys(disturbed.ASKED, pl.String), "pub_year": pl.Int64, "material": pl.String}
    return pl.DataFrame([{"row": row} | title for row, title in enumerate(titles)], schema=kinds)


def best(bibs: list[dict], title: dict) -> dict | None:
    """The best of these records for one title, all of them scored; each is a work of its own unless it names its work."""
    rows = [BLANK | {"bib_no": number, "work_no": number} | bib for number, bib in enumerate(bibs)]
    kinds = {name: pl.Int32 if name in ("bib_no", "work_no", "pub_year") else pl.String for name in rows[0]}
    records = title_keys.keys(pl.DataFrame(rows, schema=kinds)).with_columns(no=pl.lit(0, pl.Int64))
    found = module.ranked(module.scored(module.keys(asked(title)), records), SURE, 1).rows(named=True)
    return found[0] if found else None


# ── real titles


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> tuple[Path, pl.DataFrame, pl.DataFrame]:
    """The library of disturbed.py, 3,000 requests and what was found for them, with what is right."""
    snapshot, records = disturbed.library(tmp_path_factory.mktemp("real"))
    requests = disturbed.requests(records, 3000, seed=20250401)
    with opened(snapshot) as cursor:
        found = identify(cursor, requests, SURE)
        held = cursor.sql("SELECT bib_no, bib_id FROM facts_of_day.bib").pl()
    held = held.join(records.select("bib_id", found_work="work"), on="bib_id")
    told = found.join(held, on="bib_no").join(requests.select("row", "work", "held"), on="row")
    return snapshot, requests, told.with_columns(right=pl.col("found_work") == pl.col("work")).sort("row", "rank")


@REAL
def test_automatic_matches_of_disturbed_titles(real, record_property):
    _, requests, found = real
    sure = found.filter("sure")
    precision, recall = sure["right"].mean(), sure["right"].sum() / requests["held"].sum()
    record_property("precision", precision)
    record_property("recall", recall)
    assert 0.15 < (~requests["held"]).mean() < 0.25
    assert sure["row"].is_unique().all() and (sure["rank"] == 1).all()
    assert precision >= 0.99 and recall >= 0.95


@REAL
def test_every_disturbance_alone_is_seen_through(real):
    _, requests, found = real
    sure = found.filter(pl.col("sure") & pl.col("right")).select("row", seen=True)
    told = requests.filter("held").join(sure, on="row", how="left")
    alone = told.group_by("kind").agg(pl.len(), pl.col("seen").fill_null(False).mean())
    alone = alone.filter(pl.col("kind").is_in(list(disturbed.DISTURBANCES)))
    assert set(alone["kind"]) == set(disturbed.DISTURBANCES) and alone["len"].min() > 30
    assert alone.filter(pl.col("seen") < 0.85).rows() == []


@REAL
def test_the_right_title_is_shown_also_where_it_is_not_sure(real):
    _, requests, found = real
    shown = found.filter("right")["row"].n_unique()
    assert shown / requests["held"].sum() >= 0.995


@REAL
def test_the_disturbed_titles_are_the_same_every_time(real):
    snapshot, requests, _ = real
    with connect(snapshot, read_only=True) as connection:
        records = connection.sql(
            f"SELECT bib_id, {', '.join(disturbed.ASKED)}, title_kana, work_no AS work, true AS held FROM bib ORDER BY bib_no"
        ).pl()
    assert_frame_equal(disturbed.requests(records, 50, 1), disturbed.requests(records, 50, 1))
    assert not disturbed.requests(records, 50, 1).equals(disturbed.requests(records, 50, 2))
    assert requests["row"].to_list() == list(range(len(requests)))


@REAL
def test_titles_as_they_are_with_their_author_are_sure(real):
    snapshot, _, _ = real
    with opened(snapshot) as cursor:
        held = cursor.sql("SELECT * FROM facts_of_day.bib WHERE author IS NOT NULL").pl()
        once = held.filter(pl.struct("title_key", works.author_key(held["author"])).is_unique()).gather_every(4)
        requests = once.select("title", "author", "volume", row=pl.col("bib_no").cast(pl.Int64), bib_no="bib_no")
        requests = requests.with_columns(
            pl.lit(None, pl.String).alias(name) for name in ("publisher", "isbn", "edition")
        )
        found = identify(cursor, requests.with_columns(pub_year=None), SURE, most=1)
    of = found.join(held.select("bib_no", "work_no"), on="bib_no").join(
        held.select(pl.col("bib_no").cast(pl.Int64).alias("row"), work="work_no"), on="row"
    )
    assert (of.filter("sure")["work_no"] == of.filter("sure")["work"]).all()
    assert of["sure"].mean() > 0.999


# ── the twin, and what always holds


def random_library(rng: random.Random, size: int) -> list[dict]:
    return [
        {
            "title": rng.choice(HEADS) + rng.choice(TAILS),
            "title_kana": rng.choice([None, None, "ミナト ノ ミエル マチ"]),
            "author": rng.choice(AUTHORS),
            "publisher": rng.choice(["波止場書房", "西宮書林", None]),
            "pub_year": rng.choice([None, 1999, 2005, 2020]),
            "volume": rng.choice([None, None, None, "1", "上"]),
            "edition": rng.choice([None, None, "第2版", "改訂版"]),
            "isbn": rng.choice([None, f"978400{rng.randrange(20):07d}"]),
            "material": rng.choice([None, "book", "book", "dvd", "large_print"]),
        }
        for _ in range(size)
    ]


def random_requests(rng: random.Random, bibs: list[dict], size: int) -> pl.DataFrame:
    rows = []
    for bib in rng.choices(bibs, k=size):
        row = {name: value if name == "title" or rng.random() < 0.7 else None for name, value in bib.items()}
        if rng.random() < 0.6:
            row |= disturbed.typo(rng, bib, list("港海町歴史")) or {}
        rows.append({name: row[name] for name in (*disturbed.ASKED, "material")})
    return asked(*rows)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A random library of 400 records, and 300 requests."""
    rng = random.Random(8)
    bibs = random_library(rng, 400)
    path = write(tmp_path_factory.mktemp("made") / "2025-04-01-000000000000.duckdb", *bibs)
    with opened(path) as cursor:
        yield cursor, random_requests(rng, bibs, 300)


def test_a_full_scan_with_the_same_score_finds_the_same_best(made):
    cursor, requests = made
    every = title_keys.unpacked(cursor.sql("SELECT * FROM titles.entry").pl())
    keyed = module.keys(requests)
    scanned = module.ranked(module.scored(keyed, keyed.select("no").join(every, how="cross")), SURE, 1)
    found = identify(cursor, requests, SURE, most=1)
    columns = ["row", "bib_no", "score", "kind", "sure", "doubt"]
    assert_frame_equal(found.select(columns), scanned.select(columns), check_row_order=False)
    assert len(found) == len(requests) and 0.2 < found["sure"].mean() < 0.9
    assert set(found["doubt"].drop_nulls()) >= {"volume", "common", "ambiguous", "form"}


def test_the_order_of_the_rows_changes_nothing(made):
    cursor, requests = made
    found = identify(cursor, requests, SURE)
    shuffled = identify(cursor, requests.sample(fraction=1, shuffle=True, seed=3), SURE)
    assert_frame_equal(found.sort("row", "rank"), shuffled.sort("row", "rank"))


def test_one_alone_is_found_as_among_many(made):
    cursor, requests = made
    found = identify(cursor, requests, SURE)
    for row in range(0, len(requests), 25):
        assert_frame_equal(identify(cursor, requests[row : row + 1], SURE), found.filter(pl.col("row") == row))


@pytest.mark.parametrize("sure", [0, 70, 95, 100, 100.1])
def test_nothing_below_the_threshold_is_sure(made, sure):
    cursor, requests = made
    found = identify(cursor, requests, sure)
    assert (found.filter("sure")["score"] >= sure).all() and (found["score"].is_between(0, 100)).all()
    assert found.filter("sure").is_empty() == (sure > 100)
    assert (found["sure"] == found["doubt"].is_null()).filter(found["rank"] == 1).all()


def test_as_many_candidates_as_asked_for_best_first(made):
    cursor, requests = made
    found = identify(cursor, requests, SURE, most=3)
    assert found.group_by("row").len()["len"].max() == 3
    ordered = found.group_by("row", maintain_order=True).agg("rank", "score")
    assert all(rank == list(range(1, len(rank) + 1)) for rank in ordered["rank"].to_list())
    assert all(score == sorted(score, reverse=True) for score in ordered["score"].to_list())


def test_nothing_asked_nothing_found(made):
    cursor, _ = made
    assert identify(cursor, asked(), SURE).schema == identify(cursor, asked({"title": "港の見える町"}), SURE).schema
    assert identify(cursor, asked({"title": None}, {"title": " 。"}, {"title": "ξ"}), SURE).is_empty()


# ── how titles are written


@pytest.mark.parametrize(
    ("held", "written"),
    [
        ("コンピューターの話", "コンピュータの話"),
        ("コンピューターの話", "ｺﾝﾋﾟｭｰﾀｰの話"),
        ("コンピューターの話", "こんぴゅーたーの話"),
        ("コンピュ―ターの話", "コンピューターの話"),
        ("トーキョーの水", "とうきょうの水"),
        ("學校と國語", "学校と国語"),
        ("高島屋百年史", "髙島屋百年史"),
        ("「超」入門 会計学", "超入門会計学"),
        ("ＡＢＣ殺人事件", "abc殺人事件"),
        ("新版 会計学入門", "会計学入門"),
        ("海辺の暮らし : 写真でたどる", "海辺の暮らし"),
        ("海辺の暮らし", "海辺の暮らし―写真でたどる"),
        ("海辺の町―写真でたどる", "海辺の町"),
        ("海辺の暮らし（写真でたどる）", "海辺の暮らし"),
        ("海辺の暮らし＝Life by the sea", "海辺の暮らし"),
        ("海辺の暮らし〜写真でたどる〜", "海辺の暮らし"),
        ("ノルウェイの森 上", "ノルウェイの森（上）"),
        ("ノルウェイの森 上", "ノルウェイの森 上巻"),
        ("ノルウェイの森 上", "ノルウェイの森上"),
        ("日本の歴史 第2巻", "日本の歴史 2"),
        ("日本の歴史 Ⅱ", "日本の歴史 2"),
        ("日本の歴史 vol.2", "日本の歴史 第二巻"),
    ],
)
def test_ways_of_writing_one_title(held, written):
    found = best(
        [{"title": held, "author": "山川花子著"}, {"title": "別の本"}], {"title": written, "author": "山川 花子"}
    )
    assert (found["bib_no"], found["sure"]) == (0, True)


def test_a_reading_finds_the_title():
    bibs = [{"title": "東京の坂道 : 歩く", "title_kana": "トウキョウ ノ サカミチ : アルク", "author": "山川花子"}]
    for written in ("とうきょうのさかみち", "トーキョー ノ サカミチ　アルク"):
        assert best(bibs, {"title": written, "author": "山川"})["sure"]


@pytest.mark.parametrize(
    ("volume", "title", "sure"),
    [
        ("2", {"title": "日本の歴史", "volume": "2"}, True),
        ("2", {"title": "日本の歴史 2"}, True),
        ("2", {"title": "日本の歴史 第二巻"}, True),
        ("2", {"title": "日本の歴史", "volume": "3"}, False),
        ("2", {"title": "日本の歴史 3"}, False),
        ("上", {"title": "日本の歴史（下）"}, False),
        ("上", {"title": "日本の歴史下"}, False),
        ("2", {"title": "日本の歴史"}, False),
        (None, {"title": "日本の歴史", "volume": "2"}, False),
    ],
)
def test_volumes(volume, title, sure):
    found = best([{"title": "日本の歴史", "volume": volume, "author": "井上清著"}], title | {"author": "井上清"})
    assert found["sure"] == sure and (sure or found["doubt"] in ("volume", "number", "title"))


# ── what makes a match sure or not

BOOK = {
    "title": "海辺の暮らし",
    "author": "山川花子著",
    "publisher": "波止場書房",
    "pub_year": 2010,
    "isbn": "9784000000004",
}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ({"title": "海辺の暮らし", "author": "山川花子"}, "same"),
        ({"title": "海辺の暮らし", "author": "山川"}, "same"),
        ({"title": "海辺の暮らし", "publisher": "波止場"}, "same"),
        ({"title": "海辺の暮し", "author": "山川花子"}, "same"),
        ({"title": "海邊の暮らし", "author": "山川花子", "publisher": "みなと文庫"}, "same"),
        ({"isbn": "9784000000004"}, "same"),
        ({"isbn": "9784000000004", "title": "海辺のくらし", "author": "山川はな子"}, "same"),
        ({"title": "海辺の暮らし", "author": "山川花子", "edition": "改訂版"}, "edition"),
        ({"title": "海辺の暮らし 第2版", "author": "山川花子"}, "edition"),
        ({"title": "海辺の暮らし", "author": "山川花子", "pub_year": 2018}, "edition"),
        ({"title": "海辺の暮らし", "author": "山川花子", "isbn": "9784000000011"}, "edition"),
    ],
)  # fmt: skip
def test_sure_matches(title, kind):
    found = best([BOOK, {"title": "山の暮らし", "author": "山川花子著"}], title)
    assert (found["bib_no"], found["sure"], found["kind"], found["doubt"]) == (0, True, kind, None)
    assert found["how"] == ("isbn" if title.get("isbn") == BOOK["isbn"] else "title")


@pytest.mark.parametrize(
    ("bib", "title", "doubt"),
    [
        ({}, {"isbn": BOOK["isbn"], "title": "量子力学演習"}, "isbn"),
        ({}, {"title": "海辺の暮らひ", "author": "山川花江"}, "below"),
        ({"material": "dvd"}, {"title": "海辺の暮らし", "author": "山川花子"}, "form"),
        ({}, {"title": "海辺の暮らし", "author": "山川花子", "material": "dvd"}, "form"),
        ({}, {"title": "海辺の暮らし 2", "author": "山川花子"}, "volume"),
        ({"title": "平成10年の海辺"}, {"title": "平成11年の海辺", "author": "山川花子", "publisher": "波止場書房"}, "number"),
        ({"title": "東の海辺の町"}, {"title": "西の海辺の町", "author": "山川花子", "publisher": "波止場書房"}, "number"),
        ({"title": "人口の動き : 平成9年"}, {"title": "人口の動き", "author": "山川花子"}, "number"),
        ({"author": "ロチ著 ; 岡野馨訳"}, {"title": "海辺の暮らし", "author": "ロチ ; 高橋進訳"}, "translator"),
        ({}, {"title": "海辺の暮らし", "author": "海野一郎"}, "author"),
        ({"title": "学校教育統計"}, {"title": "学校保健統計", "author": "山川花子", "publisher": "波止場書房", "pub_year": 2010}, "title"),
        ({"title": "憲法"}, {"title": "憲法"}, "common"),
        ({"title": "憲法"}, {"title": "憲法", "publisher": "波止場書房"}, "common"),
        ({"title": "書經集註"}, {"title": "詩經集註", "author": "山川花子", "publisher": "波止場書房", "pub_year": 2018}, "common"),
    ],
)  # fmt: skip
def test_doubts(bib, title, doubt):
    found = best([BOOK | bib], title)
    assert (found["sure"], found["doubt"]) == (False, doubt)


def test_a_title_that_two_books_have_is_not_sure_until_more_is_told():
    bibs = [BOOK, BOOK | {"author": "海野一郎", "publisher": "みなと文庫", "isbn": None}]
    plain = {"title": "海辺の暮らし", "pub_year": 2010}
    assert best(bibs, plain)["doubt"] in ("common", "ambiguous")
    long = [bib | {"title": "海辺の暮らしと町の歴史"} for bib in bibs]
    assert best(long, {"title": "海辺の暮らしと町の歴史"})["doubt"] == "ambiguous"
    assert best(long, {"title": "海辺の暮らしと町の歴史", "author": "海野一郎"})["bib_no"] == 1
    assert best(long, {"title": "海辺の暮らしと町の歴史", "author": "海野一郎"})["sure"]


def test_a_large_print_book_stands_for_the_book_but_comes_after_it():
    large = BOOK | {"material": "large_print", "isbn": None}
    title = {"title": "海辺の暮らし", "author": "山川花子"}
    alone, both = best([large], title), best([large, BOOK], title)
    assert (alone["sure"], alone["kind"]) == (True, "edition")
    assert (both["bib_no"], both["sure"], both["kind"]) == (1, True, "same")


def test_of_several_editions_the_one_asked_for_is_the_best():
    bibs = [
        BOOK | {"isbn": None, "edition": edition, "pub_year": year, "work_no": 0}
        for edition, year in ((None, 1999), ("第2版", 2005), ("第3版", 2012))
    ]
    for place, bib in enumerate(bibs):
        title = {"title": "海辺の暮らし", "author": "山川花子", "edition": bib["edition"], "pub_year": bib["pub_year"]}
        found = best(bibs, title)
        assert (found["bib_no"], found["sure"], found["kind"]) == (place, True, "same")


def test_every_doubt_has_its_words():
    for doubt in module.DOUBTS:
        assert set(words.table("identify")[f"doubt_{doubt}"]) == set(words.LANGUAGES)


# ── the index


def test_the_index_stands_beside_the_snapshot_and_is_taken_for_nothing_else(tmp_path):
    snapshot = write(tmp_path / "holdings" / "2025-04-01-0123456789ab.duckdb", BOOK)
    told = []
    made = titles.index(snapshot, lambda stage, done, total: told.append(words.say(stage)))
    assert made == snapshot.with_name("2025-04-01-0123456789ab.titles.duckdb") and len(set(told)) == 2
    assert snapshots.all(tmp_path) == [snapshot] and snapshots.flags_of(snapshot) is None
    assert sorted(file.name for file in made.parent.iterdir()) == [snapshot.name, made.name]


def test_the_index_is_made_once_and_again_when_its_snapshot_is_another(tmp_path):
    snapshot = write(tmp_path / "2025-04-01-0123456789ab.duckdb", BOOK)
    first = titles.index(snapshot).stat()
    assert titles.index(snapshot).stat().st_ino == first.st_ino
    with connect(snapshot) as connection:
        row = ["2025-04-05", "2025-04-01", "b.csv", "bibs", "", "", "", 0, 0, 0, 0, 0, 0, 0, None]
        connection.execute(f"INSERT INTO import_file VALUES ({', '.join('?' * len(row))})", row)
    assert titles.index(snapshot).stat().st_ino != first.st_ino


def test_an_index_that_cannot_be_read_is_made_again(tmp_path):
    snapshot = write(tmp_path / "2025-04-01-0123456789ab.duckdb", BOOK)
    snapshot.with_name(f"{snapshot.stem}.titles.duckdb").write_bytes(b"torn")
    with opened(snapshot) as cursor:
        assert identify(cursor, asked({"title": "海辺の暮らし", "author": "山川"}), SURE)["sure"].to_list() == [True]


def test_two_processes_make_it_at_once(tmp_path):
    snapshot = write(tmp_path / "2025-04-01-0123456789ab.duckdb", *random_library(random.Random(1), 300))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        made = pool.map(titles.index, [snapshot] * 4)
    assert set(made) == {titles.index(snapshot)} and len(list(tmp_path.iterdir())) == 2
    with opened(snapshot) as cursor:
        assert cursor.sql("SELECT count(*) FROM titles.entry").pl().item() == 300


def test_an_empty_library(tmp_path):
    path = tmp_path / "2025-04-01-0123456789ab.duckdb"
    with connect(path) as connection:
        connection.execute(sql("schema/snapshot"))
    with opened(path) as cursor:
        assert identify(cursor, asked({"title": "海辺の暮らし"}), SURE).is_empty()

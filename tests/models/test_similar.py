"""類本: the pairs against their naive twin, what grows against what is made whole, and how good they are on labelled pairs."""

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from collection.flag import flag, judge
from collection.policy.load import load
from collection.sources import stage
from collection.sources.normalise import match_key
from collection.store.connection import connect, sql
from collection.works import author_key
from models import artefact
from models.similar import compare, grown, pairs, texts
from models.similar.index import index
from tests import small_store
from tests.models import similar_titles

LABELLED = Path(__file__).with_name("similar_pairs.csv")
NACSIS = Path(__file__).parents[2] / "../shared/real/nacsis/cat10000_url.tsv"
REAL = pytest.mark.skipif(not NACSIS.exists(), reason="the real titles (../shared/real/nacsis) are not here")
DAY = date(2025, 4, 1)
THINGS = [
    "健康",
    "体操",
    "料理",
    "腰痛",
    "糖尿病",
    "表計算",
    "プログラミング",
    "データベース",
    "java",
    "javascript",
    "京都",
    "東京都",
    "社会学",
]
ENDS = ["入門", "の手引", "のはなし", "を読む", "事典", "の研究", "とわたし", " : 図解", "", "100の知恵", "いろいろ"]
CLASSES = ["498.3", "498.39", "498", "007.64", "007.63", "007", "291.62", "291.36", None, "9"]


def random_titles(rng: Random, count: int) -> list[dict]:
    return [
        {
            "bib_id": f"B{number:05d}",
            "title": "".join(rng.choices(THINGS, k=rng.choice([1, 2, 2, 3]))) + rng.choice(ENDS),
            "subjects": rng.choice([None, None, "健康", "健康;まつり", "表計算"]),
            "series": rng.choice([None, None, "健康双書"]),
            "title_kana": rng.choice([None, None, "ケンコウ タイソウ", "データ ベース"]),
            "ndc": rng.choice(CLASSES),
            "class_mark": rng.choice([None, "E"]),
        }
        for number in range(count)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_pairs_equal_the_naive_twin(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(pairs, "MOST", 10_000)
    monkeypatch.setattr(pairs, "PART", 500)
    titles = random_titles(Random(seed), 250)
    made = index(similar_titles.write(tmp_path, titles))
    expected = similar_titles.naive_pairs(titles)
    near = {
        pair: row for pair, row in expected.items() if abs(row[0] - pairs.LOW) > 1e-5
    }  # rounding decides the others
    confirmed, unsure = similar_titles.neighbours(made), similar_titles.neighbours(made, "unsure")
    found = confirmed | unsure
    assert near.keys() - found.keys() == set() and found.keys() - expected.keys() == set()
    assert len(confirmed) > 100 and len(unsure) > 5
    for pair in near:
        score, words, own_class = expected[pair]
        assert found[pair]["score"] == pytest.approx(score, abs=1e-5)
        assert (pair in confirmed) == (words is not None)
        assert found[pair].get("shared_words") == words and found[pair]["class"] == own_class


@pytest.mark.parametrize("seed", range(3))
def test_of_each_title_the_nearest_are_kept(tmp_path, monkeypatch, seed):
    """At most so many of its own name and so many of others, the highest, of equals the smaller numbers."""
    titles = random_titles(Random(seed), 200)
    snapshot = similar_titles.write(tmp_path, titles)
    few = all_pairs(index(snapshot))
    monkeypatch.setattr(pairs, "MOST", 10_000)
    again = artefact.found(snapshot, "similar")
    again.unlink()
    every = all_pairs(index(snapshot))
    names = [title["title"] for title in titles]
    expected = {}
    for one in range(len(titles)):
        for same in (True, False):
            mine = [pair for pair in every if pair[0] == one and (names[pair[1]] == names[one]) == same]
            best = sorted(mine, key=lambda pair: (-every[pair]["score"], pair[1]))[:10]
            expected |= {pair: every[pair] for pair in best}
    assert few == expected
    assert len(few) < len(every)


def all_pairs(made: Path) -> dict:
    confirmed = similar_titles.neighbours(made)
    unsure = {pair: row | {"shared_words": None} for pair, row in similar_titles.neighbours(made, "unsure").items()}
    return confirmed | unsure


def test_the_most_frequent_grams_of_a_large_block_are_left_out(monkeypatch):
    monkeypatch.setattr(pairs, "SMALL", 5)
    monkeypatch.setattr(pairs, "WORK", 4)
    rng = Random(3)
    rows = [[gram for gram in range(12) if rng.random() < 0.9 / (gram + 1)] for _ in range(60)]
    block = np.array([0] * 4 + [1] * 30 + [2] * 26)
    apart, columns = pairs.apart(_matrix(rows, 12), block)
    found = {(int(key) // 12, int(key) % 12) for key in columns[pairs.too_frequent(apart, columns, block, 12)]}
    expected = set()
    for number in (1, 2):
        here = [row for row, of in zip(rows, block, strict=True) if of == number]
        holding = Counter(gram for row in here for gram in row)
        work = 0
        for gram in sorted(holding, key=lambda gram: (holding[gram], gram)):
            work += holding[gram] ** 2
            if work > 4 * len(here):
                expected.add((number, gram))
    assert found == expected and {number for number, _ in found} == {1, 2}


def _matrix(rows: list[list[int]], width: int):
    return pairs.csr_array(
        (
            np.ones(sum(map(len, rows)), np.float32), [gram for row in rows for gram in row],
            np.cumsum([0, *map(len, rows)]),
        ),
        shape=(len(rows), width),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_what_grows_equals_what_is_made_whole_under_the_same_weights(tmp_path, monkeypatch, seed):
    """New, changed, gone and renumbered records; also a whole block that was not there."""
    monkeypatch.setattr(pairs, "SMALL", 20)
    monkeypatch.setattr(pairs, "WORK", 30)
    rng = Random(seed)
    before = random_titles(rng, 300)
    first = index(similar_titles.write(tmp_path, before, date(2024, 4, 1), "1"))
    after = [title for title in before if rng.random() > 0.05]
    for title in rng.sample(after, 12):
        title |= {"title": rng.choice(THINGS) + "の新しい本", "ndc": rng.choice(CLASSES)}
    after += [title | {"bib_id": f"A{number}"} for number, title in enumerate(random_titles(rng, 15))]
    after += [{"bib_id": f"C{n}", "title": f"将棋の戦法{n}", "ndc": "796"} for n in range(3)]
    snapshot = similar_titles.write(tmp_path, after, DAY, "2")
    second = index(snapshot)
    assert artefact.manifest(second).figures["weights_of"] == artefact.manifest(first).snapshot
    assert all_pairs(second) == made_whole(snapshot, first)
    assert len(similar_titles.neighbours(second)) > 100


def made_whole(snapshot: Path, weighed: Path) -> dict:
    """All pairs of a snapshot under the weights of another index."""
    with connect(attach={"facts_of_day": snapshot, "earlier": weighed}) as connection:
        connection.execute(sql("models/similar/record"))
        bibs = connection.sql(sql("models/similar/features"), params={"blocks": None}).pl()
        idf, stop = (connection.sql(f"FROM earlier.{table}").pl() for table in ("gram", "stop"))
        known = connection.sql("SELECT DISTINCT block FROM earlier.record").pl()["block"].drop_nulls().to_list()
    weights = compare.Weights(idf, artefact.manifest(weighed).figures["unknown"], stop, known)
    laid = compare.lay(bibs, weights)
    near = pairs.near(laid.titles, np.arange(len(bibs)), lambda found: pairs.nearest(laid.titles, found))
    rows = pl.concat(list(compare.told(laid, list(near)))).to_dicts()
    return {(row["bib_no"], row["other_no"]): row for row in rows}


def test_after_a_large_change_the_index_is_made_whole(tmp_path):
    titles = random_titles(Random(1), 100)
    index(similar_titles.write(tmp_path, titles, date(2024, 4, 1), "1"))
    more = titles + [title | {"bib_id": f"N{n}"} for n, title in enumerate(random_titles(Random(2), 25))]
    snapshot = similar_titles.write(tmp_path, more, DAY, "2")
    assert artefact.manifest(index(snapshot)).figures["weights_of"] == snapshot.name
    assert grown.SHARE == 0.2


def test_an_index_is_made_once_and_again_by_other_code(tmp_path, monkeypatch):
    snapshot = similar_titles.write(tmp_path, random_titles(Random(1), 60))
    made = index(snapshot)
    changed = made.stat().st_mtime_ns
    assert index(snapshot) == made and made.stat().st_mtime_ns == changed
    monkeypatch.setattr(artefact, "_code", lambda name: "other")
    other = index(snapshot)
    assert other != made and not made.exists() and artefact.manifest(other).flags is None
    assert artefact.earlier(similar_titles.write(tmp_path, [], date(2025, 5, 1), "3"), "similar") == other


@pytest.mark.parametrize(
    "titles", [[], [{"bib_id": "A", "title": "!?"}], [{"bib_id": "A", "title": "猫", "ndc": "645.7"}]]
)
def test_a_library_without_neighbours(tmp_path, titles):
    made = index(similar_titles.write(tmp_path, titles))
    assert similar_titles.neighbours(made) == {}


@pytest.mark.parametrize(("run", "found"), [
    ("健康体操", {"健康体操", "健康", "体操", "健康体", "康体操"}), ("経済学", {"経済学", "経済"}), ("新幹線", {"新幹線", "新幹"}),
    ("プログラミング", {"プログラミング"}), ("java", {"java"}), ("c", set()), ("いろいろ", set()), ("猫", set()), ("=まつり", {"まつり"}),
    ("社会学入門", {"社会学入門", "社会学", "社会", "入門", "学入門", "社会学入", "会学入門"}),
])  # fmt: skip
def test_the_words_of_a_run(run, found):
    assert texts.words(run) == found


def test_words_that_tell_nothing_never_count():
    assert texts.telling(["報告書", "調査報告書", "研究", "現代社会"]) == []
    assert texts.telling(["健康", "健康体操", "入門"]) == ["健康体操"]
    assert texts.telling(["第三巻", "昭和"]) == []


# ── how good


def labelled() -> list[dict]:
    with LABELLED.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def decided(store: Path, background: list[tuple[str, str]] = ()) -> list[tuple[bool, bool]]:
    """Of each labelled pair: whether the index holds it, whether a person says that both are on the same subject."""
    rows = labelled()
    known = dict.fromkeys((row[f"title_{side}"], row[f"class_{side}"]) for row in rows for side in "ab")
    titles = list(dict.fromkeys([*known, *background]))
    made = index(similar_titles.write(store, [
        {"bib_id": f"{number:06d}", "title": title, "ndc": ndc or None} for number, (title, ndc) in enumerate(titles)
    ]))  # fmt: skip
    place = {title: number for number, title in enumerate(titles)}
    found = similar_titles.neighbours(made)
    numbers = [(place[row["title_a"], row["class_a"]], place[row["title_b"], row["class_b"]]) for row in rows]
    return [
        ((one, other) in found or (other, one) in found, row["same_subject"] == "1")
        for (one, other), row in zip(numbers, rows, strict=True)
    ]


def precision_recall(rows: list[tuple[bool, bool]]) -> tuple[float, float]:
    right = sum(found and same for found, same in rows)
    return right / sum(found for found, _ in rows), right / sum(same for _, same in rows)


def test_the_labelled_pairs_are_200_and_about_half_are_of_one_subject():
    rows = labelled()
    assert len(rows) == 200
    assert 80 <= sum(row["same_subject"] == "1" for row in rows) <= 120
    assert all(row["why"] and row["same_subject"] in "01" for row in rows)


def test_pairs_agree_with_a_librarian(tmp_path):
    """The limits were set on the first of every two; the others were held out. Figures in models/similar/card.md."""
    rows = decided(tmp_path)
    tuned, held_out = precision_recall(rows[0::2]), precision_recall(rows[1::2])
    assert tuned[0] >= 0.9 and tuned[1] >= 0.5
    assert held_out[0] >= 0.85 and held_out[1] >= 0.4


def nacsis() -> pl.DataFrame:
    rows = pl.read_csv(NACSIS, separator="\t", quote_char=None).filter(pl.col("title").is_not_null())
    return rows.with_columns(ndc=pl.col("subject").str.extract(r"NDC\d*:(\d[\d.]*)"))


@REAL
def test_among_ten_thousand_real_titles_pairs_agree_with_a_librarian(tmp_path):
    real = nacsis().select("title", pl.col("ndc").fill_null("")).rows()
    rows = decided(tmp_path, real)
    assert precision_recall(rows[0::2])[0] >= 0.9 and precision_recall(rows[1::2])[0] >= 0.85


def real_index(store: Path, real: pl.DataFrame, by_class: bool) -> dict:
    titles = [
        {"bib_id": f"{n:06d}", "title": title, "ndc": ndc if by_class else "000"}
        for n, (title, ndc) in enumerate(real.select("title", "ndc").iter_rows())
    ]
    return similar_titles.neighbours(index(similar_titles.write(store, titles)))


@REAL
def test_neighbours_by_text_alone_share_their_division_far_above_chance(tmp_path):
    """No class is looked at, so that it can be asked whether the texts tell it."""
    real = nacsis().filter(pl.col("ndc").str.len_chars() >= 3)
    found = real_index(tmp_path, real, by_class=False)
    division = real["ndc"].str.slice(0, 2).to_list()
    same = sum(division[one] == division[other] for one, other in found) / len(found)
    chance = sum((n / len(real)) ** 2 for n in Counter(division).values())
    assert same > 0.5 and same > 10 * chance


@REAL
def test_editions_of_one_work_are_found(tmp_path):
    """Of records of two catalogues with the same title and first author, by text alone; a title in hiragana only is not found."""
    with connect() as connection:
        table = stage(connection, NACSIS.parents[1] / "lc_japanese" / "books_jpn.mrc")[0].table
        others = connection.sql(f"SELECT title, author FROM {table}").pl()
    books = pl.concat([others, nacsis().select("title", author="creator")]).drop_nulls()
    titles = [{"bib_id": f"{n:06d}", "title": title, "ndc": "000"} for n, title in enumerate(books["title"])]
    found = similar_titles.neighbours(index(similar_titles.write(tmp_path, titles)))
    works = defaultdict(list)
    for number, work in enumerate(zip(match_key(books["title"]), author_key(books["author"]), strict=True)):
        works[work].append(number)
    works = [numbers for (_, author), numbers in works.items() if author != "/" and len(numbers) <= pairs.MOST]
    asked = {(one, other) for work in works for one in work for other in work if one != other}
    assert len(asked) > 200
    assert len(asked & found.keys()) / len(asked) >= 0.95


# ── as survivors


def test_titles_planted_in_the_demo_go_for_a_similar_title(flagged):
    with connect(attach={"flags": flagged}) as connection:
        found = connection.execute(
            "SELECT survivor_words FROM flags.judged WHERE survivor_kind = 'similar' AND verdict = 'candidate'"
        ).fetchall()
    assert len(found) >= 2 and all(words for (words,) in found)


def test_flags_have_another_name_when_the_index_has_another_form(tmp_path, flagged, monkeypatch):
    snapshot = small_store.build(tmp_path / "store", tmp_path / "files", 0.002)
    policy = load(small_store.PACK, small_store.demo.AS_OF)
    assert flag(tmp_path / "store", policy, small_store.demo.AS_OF) == snapshot
    monkeypatch.setattr(artefact, "_code", lambda name: "other")
    assert flag(tmp_path / "store", policy, small_store.demo.AS_OF) != snapshot


def test_without_an_index_no_similar_title_is_a_survivor(tmp_path, flagged):
    snapshot = flagged.with_name(flagged.name.split(".")[0] + ".duckdb")
    with connect(tmp_path / "flags.duckdb", attach={"facts_of_day": snapshot}) as connection:
        judge(connection, load(small_store.PACK, small_store.demo.AS_OF), small_store.demo.AS_OF)
        kinds = connection.execute("SELECT DISTINCT survivor_kind FROM judged").fetchall()
    assert ("similar",) not in kinds and ("copy",) in kinds

"""Lines of the same title become one, as a naive twin does it."""

from random import Random

import pytest

from collection.buying import lines
from tests.buying import naive_buying as naive

TITLES = ["本の本", "本の本 新版", "山の暮らし", "山の暮らし", "ﾔﾏの暮らし"]
ISBNS = [None, None, "9784000000014", "9784000000021"]


def rows(rng: Random, count: int) -> list[dict]:
    made = []
    for place in range(count):
        row = {name: None for name in lines.LINE} | {
            "no": f"P2025-{place:04d}" if place < count // 4 else None,
            "title": rng.choice(TITLES), "author": rng.choice([None, "山田", "山田太郎", "森花子"]),
            "volume": rng.choice([None, None, "1"]), "isbn": rng.choice(ISBNS), "price": rng.choice([None, 900, 1200]),
            "ndc": rng.choice([None, "913.6", "291"]), "wanted": rng.choice([None, 1, 4]),
            "sources": [{"kind": rng.choice(lines.KINDS), "of": str(rng.randrange(3))}],
            "places": [{"branch": branch, "copies": rng.randrange(1, 4)} for branch in rng.sample(["北口", "鳴尾", "中央"], rng.randrange(3))],
        }  # fmt: skip
        made.append(row)
    return made


@pytest.mark.parametrize("seed", range(40))
def test_lines_of_one_title_become_one(seed):
    rng = Random(seed)
    given = rows(rng, rng.choice([1, 6, 20]))
    found = lines.together(lines.frame(given)).to_dicts()
    assert [place_sorted(line) for line in found] == [place_sorted(line) for line in naive.together(given)]


def place_sorted(line: dict) -> dict:
    return line | {"places": sorted((place["branch"], place["copies"]) for place in line["places"])}


def test_nothing_is_a_list_of_lines_too():
    assert lines.together(lines.frame([])).schema == lines.LINE


def test_what_a_line_says_of_itself():
    found = lines.frame([
        {"title": "あ", "ndc": "913.6", "audience": "child", "sources": [{"kind": "request", "of": "R1"}, {"kind": "holds", "of": "B"}]},
        {"title": "い", "ndc": "29", "places": [{"branch": "北口", "copies": 2}, {"branch": "鳴尾", "copies": 1}]},
        {"title": "う"},
    ])  # fmt: skip
    told = found.select(
        mark=lines.mark(),
        section=lines.section(),
        copies=lines.copies(),
        again=lines.of_kind(*lines.AGAIN),
        asked=lines.count_of("request"),
    )
    assert told.rows() == [("K", "K913", None, True, 1), ("2", None, 3, False, 0), ("-", None, None, False, 0)]

"""How like two descriptions are: slips of the pen against other words and numbers, names, publishers."""

import polars as pl
import pytest

from collection.selection import likeness


@pytest.mark.parametrize(
    ("left", "right", "slips", "told"),
    [
        ("日本の歴歴史", "日本の歴史", 1, (0, False, False)),  # doubled
        ("日の本歴史", "日本の歴史", 1, (0, False, False)),  # swapped
        ("日本歴史", "日本の歴史", 1, (1, False, False)),  # dropped
        ("日本の暦史", "日本の歴史", 1, (1, False, False)),  # wrong
        ("日木の暦史", "日本の歴史", 2, (2, False, False)),  # wrong in two places
        ("学校保健統計", "学校教育統計", 2, (2, True, False)),  # another word
        ("第1次大戦", "第2次大戦", 1, (1, False, True)),
        ("平成十年史", "平成十一年史", 1, (1, False, True)),
        ("数学a", "数学b", 1, (1, False, True)),
        ("英語ii", "英語iii", 1, (0, False, True)),
        ("東の町", "西の町", 1, (1, False, True)),
        ("東の町", "町の町", 1, (1, False, False)),
        ("続近世畸人伝", "近世畸人伝", 1, (1, False, True)),
    ],
)
def test_slips(left, right, slips, told):
    pairs = likeness.slips(pl.DataFrame({"left": [left], "right": [right], "title": [60.0]}))
    assert pairs["slips"].item() == slips
    assert likeness.slip(left, right, slips) == told
    assert pairs.row(0)[-3:] == told


def test_a_slip_in_a_title_long_enough_leaves_it_likely():
    pairs = likeness.slips(
        pl.DataFrame(
            {
                "left": ["日本の暦史", "港の", None, "海"],
                "right": ["日本の歴史", "海の", "海", "海"],
                "title": [80.0, 50.0, None, 100.0],
            }
        )
    )
    assert pairs["title"].to_list() == [100 - likeness.SLIP, 50, None, 100]


@pytest.mark.parametrize(
    ("asked", "held", "like"),
    [
        (["山川花子"], ["海野一郎", "山川花子"], 100),
        (["山川"], ["山川花子"], likeness.PART),
        (["すみす"], ["じよんすみす"], likeness.PART),
        (["山川花江"], ["山川花子"], 75),
        (["山川花子"], ["海野一郎"], 0),
        (["福岡県教育委員会"], ["福島県教育委員会"], likeness.OTHER_NAME),
        ([], ["山川花子"], None),
        (["山川花子"], [], None),
    ],
)
def test_authors(asked, held, like):
    pairs = pl.DataFrame(
        {"asked_names": [asked], "names": [held]},
        schema_overrides=dict.fromkeys(("asked_names", "names"), pl.List(pl.String)),
    )
    assert likeness.author(pairs).to_list() == [like]


@pytest.mark.parametrize(
    ("asked", "held", "whole"),
    [
        ("岩波", "岩波書店", True),
        ("東大出版会", "東京大学出版会", True),
        ("岩波書店", "岩波出版", False),
        (None, "岩波書店", None),
    ],
)
def test_publishers(asked, held, whole):
    pairs = pl.DataFrame(
        {"asked_publisher": [asked], "publisher": [held]}, schema_overrides={"asked_publisher": pl.String}
    )
    found = likeness.publisher(pairs).item()
    assert found is None if whole is None else (found == 100) == whole


def test_nothing_like_nothing():
    assert likeness.alike(pl.Series(["", None, "海"], dtype=pl.String), pl.Series(["", "海", "海"])).to_list() == [
        100,
        None,
        100,
    ]
    assert likeness.alike(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String)).to_list() == []

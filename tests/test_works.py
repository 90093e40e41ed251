"""Which records are one work, and which one unit: the examples of the house rules, one by one."""

import polars as pl
import pytest

from collection import works
from collection.sources.normalise import match_key
from collection.store.connection import connect, sql

BLANK = {
    "volume": None,
    "author": "山川花子",
    "publisher": "波止場書房",
    "pub_year": 2010,
    "edition": None,
    "isbn": None,
    "material": "book",
    "language": "jpn",
    "title_kana": None,
}


def assigned(*bibs: dict, items: list[dict] | None = None) -> list[dict]:
    rows = [
        BLANK | bib | {"bib_no": number, "bib_id": f"B{number}", "work_no": 0, "unit_no": 0}
        for number, bib in enumerate(bibs)
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    frame = frame.with_columns(title_key=match_key(frame["title"]))
    with connect() as connection:
        connection.execute(sql("schema/snapshot"))
        connection.register("rows", frame.to_arrow())
        connection.execute("INSERT INTO bib BY NAME SELECT * FROM rows")
        works.assign(connection)
        return connection.sql("SELECT bib_no, work_no, unit_no, edition_rank FROM bib ORDER BY bib_no").pl().to_dicts()


def same_work(first: dict, second: dict) -> bool:
    one, other = assigned(first, second)
    return one["work_no"] == other["work_no"]


def same_unit(first: dict, second: dict) -> bool:
    one, other = assigned(first, second)
    return one["unit_no"] == other["unit_no"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"title": "港の見える町"}, {"title": "港の 見える町"}),
        ({"title": "港の見える町", "author": "山川 花子／著"}, {"title": "港の見える町", "author": "山川花子"}),
        ({"title": "學校の歩み"}, {"title": "学校の歩み"}),
        (
            {"title": "港の見える町", "series": None},
            {"title": "港の見える町", "publisher": "みなと文庫", "pub_year": 2018},
        ),
        ({"title": "引っ越しの手続き案内"}, {"title": "引越しの手続き案内"}),
        (
            {"title": "海辺の暮らし", "isbn": "9784000000004", "author": None},
            {"title": "海辺のくらし", "isbn": "9784000000004", "author": "山川花子"},
        ),
    ],
)
def test_copies_of_one_another(first, second):
    assert same_unit(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"title": "港の見える町"}, {"title": "港の見える町", "author": "海野一郎"}),
        ({"title": "港の見える町", "volume": "1"}, {"title": "港の見える町", "volume": "2"}),
        ({"title": "港の見える町 上"}, {"title": "港の見える町 下"}),
        ({"title": "港の見える町の春の物語"}, {"title": "港の見える町の秋の物語"}),
        (
            {"title": "異国の丘", "author": "J.ヒル／著; 山川花子／訳"},
            {"title": "異国の丘", "author": "J.ヒル／著; 海野一郎／訳"},
        ),
        ({"title": "港の見える町"}, {"title": "港の見える町", "material": "large_print"}),
        (
            {"title": "港の見える町", "author": None, "publisher": None},
            {"title": "港の見える町", "author": None, "publisher": None},
        ),
        (
            {"title": "海辺の暮らし", "isbn": "9784000000004"},
            {"title": "量子の力学", "isbn": "9784000000004", "author": "海野一郎"},
        ),
        ({"title": "全集 第1巻"}, {"title": "全集 第2巻"}),
    ],
)
def test_different_works(first, second):
    assert not same_work(first, second)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (
            {"title": "表計算の手引", "edition": "第2版", "pub_year": 2008},
            {"title": "表計算の手引", "edition": "第3版", "pub_year": 2016},
        ),
        ({"title": "表計算の手引", "pub_year": 2008}, {"title": "表計算の手引 改訂版", "pub_year": 2016}),
        ({"title": "表計算の手引", "pub_year": 2008}, {"title": "新訂表計算の手引", "pub_year": 2016}),
        ({"title": "京都散歩 2019年版", "pub_year": 2018}, {"title": "京都散歩 2023年版", "pub_year": 2022}),
        ({"title": "税のあらまし 平成30年版", "pub_year": 2018}, {"title": "税のあらまし 令和5年版", "pub_year": 2023}),
        (
            {"title": "税のあらまし 平成30年版", "pub_year": 2018},
            {"title": "税のあらまし 令和元年版", "pub_year": 2019},
        ),
        ({"title": "造園の基礎 第二版", "pub_year": 1990}, {"title": "造園の基礎 第十二版", "pub_year": 2019}),
        ({"title": "造園の基礎", "pub_year": 1990}, {"title": "造園の基礎 増補", "pub_year": 2001}),
    ],
)
def test_editions_in_order(older, newer):
    first, second = assigned(older, newer)
    assert first["work_no"] == second["work_no"]
    assert first["unit_no"] != second["unit_no"]
    assert first["edition_rank"] < second["edition_rank"]


def test_order_is_unknown_without_years():
    first, second = assigned({"title": "造園の基礎", "pub_year": None}, {"title": "造園の基礎 増補", "pub_year": 2001})
    assert first["edition_rank"] is None
    assert second["edition_rank"] == 1


def test_new_binding_is_no_new_edition():
    assert same_unit({"title": "港の見える町"}, {"title": "港の見える町", "edition": "新装版", "pub_year": 2020})


def test_issues_and_volumes_under_one_record_are_no_copies():
    with connect() as connection:
        connection.execute(sql("schema/snapshot"))
        connection.execute(
            "INSERT INTO bib BY NAME SELECT 0 bib_no, 'S' bib_id, '月刊みなと' title, '月刊みなと' title_key, 'periodical' material, 0 work_no, 0 unit_no"
        )
        connection.execute(
            "INSERT INTO bib BY NAME SELECT 1 bib_no, 'V' bib_id, '町史' title, '町史' title_key, 'book' material, 0 work_no, 0 unit_no"
        )
        rows = [
            (0, 0, None, "2024-04-01"), (1, 0, None, "2024-04-01"), (2, 0, None, "2024-05-01"), (3, 0, None, None), (4, 0, None, None),
            (5, 1, "210/チ/1", None), (6, 1, "210/チ/2", None), (7, 1, "210/チ/2", None), (8, 1, "210/チ", None), (9, None, None, None),
        ]  # fmt: skip
        for item_no, bib_no, call_number, issue_date in rows:
            connection.execute(
                "INSERT INTO item BY NAME SELECT ?::INTEGER item_no, ?::VARCHAR item_id, ?::INTEGER bib_no, 'x' bib_id, '中央' branch,"
                " ?::VARCHAR call_number, ?::DATE issue_date, false never_lent, 0 shelf_order",
                [item_no, str(item_no), bib_no, call_number, issue_date],
            )
        works.assign(connection)
        units = dict(connection.execute("SELECT item_no, unit_no FROM item").fetchall())
    assert units == {0: 0, 1: 0, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 6, 8: 8, 9: 9}

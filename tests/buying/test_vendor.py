"""A list of new titles: how it is read, and that every row of it ends in one fate."""

from contextlib import contextmanager

import polars as pl
import pytest

from collection import decisions, ledger, sheets
from collection.buying import keeping, kept, lines, vendor, verdicts, voting, wanted
from collection.ledger import Event
from collection.selection import identify
from collection.store import snapshots
from collection.words import Problem
from tests.buying.buyers import (
    AS_OF,
    BRANCH,
    LIBRARIAN,
    MANAGER,
    MEMBERS,
    POLICY,
    all_for,
    choose,
    line,
    propose,
    seen,
    states,
)
from tests.sources import marc_records

BRANCHES = ["北口図書館", "鳴尾図書館"]
HEAD = "書名,著者名,出版者,ISBN,分類,本体価格,冊数,所蔵館"


def written(folder, *rows: str, head: str = HEAD, name: str = "新刊.csv"):
    path = folder / name
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


@contextmanager
def opened(store):
    with identify.opened(snapshots.newest(store)) as cursor:
        decisions.attach(cursor, store)
        yield cursor


def weighed(store, path):
    with opened(store) as cursor:
        return vendor.weigh(
            cursor, POLICY, vendor.read(path, BRANCHES), kept.every(store), wanted.requests(store)[0], AS_OF
        )


def test_a_table_is_read_without_a_number_of_the_record(tmp_path):
    found = vendor.read(
        written(tmp_path, "新しい本,山田太郎,海辺書房,978-4-00-000001-7,913.6,1800円,2,北口図書館", "もう一冊,,,,,,3,", "どこかの本,,,,,,,"),
        BRANCHES,
    )  # fmt: skip
    first, second, third = found.rows.to_dicts()
    assert (first["isbn"], first["price"], first["ndc"]) == ("9784000000017", 1800, "913.6")
    assert first["places"] == [{"branch": "北口図書館", "copies": 2}] and first["wanted"] is None
    assert (second["places"], second["wanted"]) == ([], 3)
    assert (third["places"], third["wanted"], third["line"]) == ([], None, 4)
    assert first["sources"] == [{"kind": "vendor", "of": "新刊.csv"}]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",山田,,,,,,", "no_title"),
        ("本,,,,,,零,", "copies"),
        ("本,,,,,,0,", "copies"),
        ("本,,,,,,1,よその館", "branch"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(tmp_path, row, why):
    found = vendor.read(written(tmp_path, row, "読める本,,,,,,,"), BRANCHES)
    assert found.unread.to_dicts() == [{"line": 2, "why": why}]
    assert found.rows["title"].to_list() == ["読める本"]


def test_a_workbook_and_a_tab_file_are_read_alike(tmp_path):
    table = pl.DataFrame({"タイトル": ["新しい本"], "著者": ["山田太郎"], "定価": ["1,800円"], "部数": ["2"]})
    (tmp_path / "新刊.xlsx").write_bytes(sheets.xlsx_bytes(table, "新刊"))
    (tmp_path / "新刊.tsv").write_text(table.write_csv(separator="\t"), encoding="cp932")
    for name in ("新刊.xlsx", "新刊.tsv"):
        [row] = vendor.read(tmp_path / name, BRANCHES).rows.to_dicts()
        assert (row["title"], row["price"], row["wanted"]) == ("新しい本", 1800, 2)


def test_a_file_without_titles_or_about_persons_is_refused(tmp_path):
    with pytest.raises(Problem, match="書名"):
        vendor.read(written(tmp_path, "1,2", head="分類,冊数"), BRANCHES)
    with pytest.raises(Problem):
        vendor.read(written(tmp_path, "本,山田", head="書名,利用者番号"), BRANCHES)


def test_marc_records_are_read(tmp_path):
    path = tmp_path / "new.mrc"
    path.write_bytes(marc_records.marc(*marc_records.japan_marc("新しい本")))
    [row] = vendor.read(path, BRANCHES).rows.to_dicts()
    assert (row["title"], row["isbn"], row["price"], row["ndc"]) == ("新しい本", "9784046218803", 2667, "911.368")


def test_every_row_ends_in_one_fate(store, facts, tmp_path):
    held = facts.sql(
        "SELECT bib.title, bib.author, bib.isbn FROM judged JOIN facts_of_day.bib AS bib USING (bib_no) "
        "WHERE usable AND isbn IS NOT NULL AND volume IS NULL ORDER BY item_no"
    ).fetchall()[0]
    [ordered, passed, there] = propose(store, line("注文した本"), line("見送った本"), line("検討中の本", price=None))[
        "new"
    ]
    all_for(store, ordered)
    choose(store, ordered)
    keeping.order(store, LIBRARIAN, POLICY, dict(seen(store, ordered).select("no", "seq").iter_rows()))
    all_for(store, passed, opinion="against")
    voting.pass_over(store, MANAGER, POLICY, seen(store, passed), MEMBERS)
    path = written(
        tmp_path, "まだない小説,山田太郎,海辺書房,,913.6,1800,,", f"{held[0]},{held[1] or ''},,{held[2]},,,,", "注文した本,,,,,,,",
        "見送った本,,,,,,,", "検討中の本,,,,,2100,,", "まだない小説,山田太郎,海辺書房,,913.6,1800,,北口図書館", ",著者だけ,,,,,,", "！,,,,,,,",
    )  # fmt: skip
    fates, kept_lines = weighed(store, path)
    assert fates.select("line", "fate").rows() == [
        (2, "accept"), (3, "held"), (4, "on_order"), (5, "passed"), (6, "joined"), (7, "same_row"), (8, "error"), (9, "unclear"),
    ]  # fmt: skip
    assert set(fates["fate"]) <= set(vendor.FATES)
    assert fates.filter(fate="on_order")["no"].to_list() == [ordered]
    assert kept_lines["title"].to_list() == ["まだない小説", "検討中の本"]
    said = keeping.propose(store, LIBRARIAN, POLICY, kept_lines)
    assert (len(said["new"]), said["joined"]) == (1, [there])
    assert seen(store, there)["price"].to_list() == [2100]
    assert seen(store, said["new"][0])["places"].to_list() == [[{"branch": BRANCH, "copies": 1}]]
    fates, kept_lines = weighed(store, path)
    assert set(fates.filter(pl.col("line").is_in([2, 6]))["fate"]) == {"joined"} and len(states(store)) == 4


def test_a_new_title_that_a_reader_asked_for_names_the_request(store, tmp_path):
    with ledger.writing(store) as connection:
        told = {"title": "海辺の物語", "author": "山田太郎", "isbn": "9784000000017"}
        ledger.append(connection, LIBRARIAN, [Event("take_request", "R2025-0001", "accepted", details=told)])
    fates, kept_lines = weighed(store, written(tmp_path, "海辺の物語,山田太郎,海辺書房,,913.6,1800,,"))
    assert fates["fate"].to_list() == ["accept"]
    [row] = kept_lines.to_dicts()
    assert [source["of"] for source in row["sources"]] == ["新刊.csv", "R2025-0001"] and row["isbn"] == told["isbn"]


def test_a_new_edition_of_a_held_book_may_be_bought(store, facts):
    row = facts.sql(
        "SELECT bib.title, bib.author, bib.publisher, bib.pub_year FROM judged JOIN facts_of_day.bib AS bib USING (bib_no) "
        "WHERE usable AND author IS NOT NULL AND volume IS NULL AND edition IS NULL AND length(title) > 9 AND bib.pub_year < 2015 ORDER BY item_no"
    ).pl().row(0, named=True)  # fmt: skip
    newer = row | {"pub_year": 2025, "edition": "改訂第9版"}
    with opened(store) as cursor:
        told = [verdicts.weigh(cursor, POLICY, lines.frame([one]), AS_OF).row(0, named=True) for one in (row, newer)]
    assert told[0]["verdict"] == "held"
    assert told[1]["verdict"] in verdicts.BUYABLE and row["title"] in told[1]["reason"]

"""What leaves the screen as a file: the list, the order list, and the budget, which comes in again."""

import polars as pl
import pytest

from collection import sheets, words
from collection.buying import budget, budget_file, files, kept, listing, priority, voting
from collection.words import Problem
from tests.buying.buyers import MEMBERS, POLICY, chosen, line, propose
from tests.buying.test_listing import composed

BRANCHES = ["北口図書館", "鳴尾図書館"]
POTS = pl.DataFrame(
    [(None, None, 50_000_000), ("北口図書館", None, 8_000_000), ("北口図書館", "9", 1_234_567), (None, "K", 0)],
    schema=budget.POT, orient="row",
)  # fmt: skip


@pytest.fixture(params=words.LANGUAGES)
def lang(request):
    token = words.language.set(request.param)
    yield request.param
    words.language.reset(token)


def test_the_list_is_a_table_in_words(store, facts, lang):
    propose(store, line("=1+1", ndc="913.6"))
    found = priority.running(composed(store, facts), 10_000)
    tally = voting.outcomes(found["no"].drop_nulls().to_list(), kept.ballots(store), MEMBERS, POLICY)
    told = files.listed(found.join(tally, on="no", how="left"))
    assert len(told) == len(found) and len(set(told.columns)) == told.width
    assert told[files.heading("sources")][0] in {
        files.source_word(kind) for kind in ("holds", "replace", "worn", "vendor")
    }
    assert (
        told[files.heading("verdict")]
        .is_in([words.code("taking", code) for code in words.table("codes")["taking"]])
        .all()
    )
    assert b"'=1+1" in sheets.csv_bytes(told) and sheets.xlsx_bytes(told, "購入")


def test_a_later_view_and_the_order_list_are_tables_too(store, lang):
    chosen(store, line("まだない本", price=1500))
    found = priority.running(listing.decided(kept.every(store), "chosen"), None)
    assert files.listed(found)[files.heading("cost")].to_list() == [1500]
    assert files.ordered(found)[files.heading("branch")].to_list() == ["北口図書館"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_budget_goes_out_and_comes_in(lang, kind):
    told = budget_file.table(POTS)
    content = sheets.csv_bytes(told) if kind == "csv" else sheets.xlsx_bytes(told, "2026")
    assert budget_file.read(f"budget.{kind}", content, BRANCHES).equals(POTS)


def test_a_budget_is_read_as_people_write_it():
    text = '館,類,資料費（円）\n,,"50,000,000円"\n北口図書館,9 文学,１２３４\n,児童用資料,0\n,,\n'
    found = budget_file.read("予算.csv", text.encode("cp932"), BRANCHES)
    assert found.rows() == [(None, None, 50_000_000), ("北口図書館", "9", 1234), (None, "K", 0)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("館,類\n北口図書館,9\n", "資料費の列"), ("館,資料費（円）\nよその館,1\n", "2行目の「よその館」"), ("類,資料費（円）\nX,1\n", "2行目の「X」"),
        ("館,資料費（円）\n北口図書館,たくさん\n", "たくさん"), ("館,資料費（円）\n北口図書館,\n", "2行目"),
    ],
)  # fmt: skip
def test_a_budget_that_cannot_be_read_says_where(text, said):
    with pytest.raises(Problem, match=said):
        budget_file.read("予算.csv", text.encode(), BRANCHES)

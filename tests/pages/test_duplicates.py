"""複本: its four views, their tables and what narrows them."""

import csv
import re
from pathlib import Path
from shutil import copytree

import pytest

from collection import duplicates, policy
from collection.demo import AS_OF
from collection.pages import frame
from collection.store.connection import connect_flags
from tests.pages.conftest import texts
from tests.small_store import PACK

LISTED = ["どこにもない絵本"]


@pytest.fixture
def pack(tmp_path, monkeypatch) -> Path:
    """The pack with a title that the library has not on one of its lists."""
    folder = tmp_path / "data" / "policies" / PACK.name
    copytree(PACK, folder)
    copytree(PACK.parents[1] / "reference", tmp_path / "data" / "reference")
    with (folder / "lists" / "set_books.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([title, "", "", "", ""] for title in LISTED)
    monkeypatch.setattr(frame, "PACKS", folder.parent)
    return folder


def tables(app) -> list[list[list[str]]]:
    """The rows of each table of a screen, without their links: first the numbers of the chart, then the list."""
    found = [element.value for element in app.get("html") if "<table" in element.value]
    rows = [re.findall('<tr class="">(.*?)</tr>', table) for table in found]
    return [[[re.sub("<.*?>", "", cell) for cell in re.findall("<td.*?>(.*?)</td>", row)] for row in of] for of in rows]


@pytest.mark.parametrize(
    ("lang", "view", "word"),
    [
        ("ja", "surplus", "余る複本のある本"), ("en", "surplus", "Titles with surplus copies"),
        ("ja", "asked", "予約に複本が足りない本（足りない順）"), ("en", "asked", "Titles that ask for more copies, worst first"),
        ("ja", "missing", "lists/recommended.csv"), ("en", "missing", "lists/recommended.csv"),
        ("ja", "moves", "移すとよい本"), ("en", "moves", "Copies to move"),
    ],
)  # fmt: skip
def test_every_view_opens_in_both_languages(open_page, lang, view, word):
    app = open_page("duplicates", lang, view=view)
    assert word in texts(app)
    if view != "missing":
        assert 'href="card?item=' in texts(app)


def test_the_finding_counts_what_the_table_lists(open_page, cursor):
    app = open_page("duplicates")
    found = duplicates.surplus(cursor)
    assert f"{found['surplus'].sum():,}冊" in app.subheader[0].value
    assert [int(row[6]) for row in tables(app)[1]] == found["surplus"].head(100).to_list()


def test_words_of_rows_are_in_the_language_of_the_screen(open_page):
    assert "に対し" in texts(open_page("duplicates", "ja", view="moves"))
    assert "に対し" not in texts(open_page("duplicates", "en", view="moves"))


def test_moves_are_narrowed_by_why_and_by_two_branches(open_page, cursor):
    found = duplicates.moves(cursor, policy.load(PACK, AS_OF))
    first = found.row(0, named=True)
    between = found.filter(branch=first["branch"], to_branch=first["to_branch"])
    app = open_page("duplicates", view="moves", move_from=first["branch"], move_to=first["to_branch"])
    assert f"/ {len(between)}件" in texts(app)
    app.button[-1].click().run()
    assert f"/ {len(found)}件" in texts(app) and "move_from" not in app.query_params
    app = open_page("duplicates", view="moves", demand="use")
    assert f"/ {len(found.filter(demand='use'))}件" in texts(app)


def test_another_view_forgets_what_narrowed_the_one_before(open_page):
    app = open_page("duplicates", view="moves", demand="use", page="2")
    app.segmented_control[0].set_value("asked").run()
    assert app.query_params["view"] == "asked"
    assert "demand" not in app.query_params and "page" not in app.query_params


def test_a_title_that_no_branch_has_is_named(open_page, pack, flagged):
    numbers, listed = tables(open_page("duplicates", view="missing"))
    assert [(row[0], row[5]) for row in listed] == [(title, "どの館にもない") for title in LISTED]
    with connect_flags(flagged) as cursor:
        branches = cursor.sql("SELECT DISTINCT branch FROM judged WHERE audience = 'child' AND usable").pl()["branch"]
    assert sorted(row[0] for row in numbers) == sorted(branches)


@pytest.mark.parametrize("view", ["surplus", "asked", "moves"])
def test_where_there_is_nothing_the_screen_says_why(open_page, view):
    app = open_page("duplicates", view=view, branch="どこか")
    assert app.info and not app.exception

"""購入の検討 in a real browser: a vendor's list is read, two titles are proposed, voted for, chosen and ordered, and the order
list is taken away."""

import csv
import io
import re
from pathlib import Path

import pytest

from collection import signin
from collection.buying import kept
from tests.browser import chromium, settle, watched
from tests.buying.buyers import LIBRARIAN, MANAGER, MEMBERS
from tests.buying.conftest import indexed, store  # noqa: F401 fixtures
from tests.pages.conftest import signed_in
from tests.serving import serving

OFFERED = """書名,著者名,出版者,分類,本体価格,冊数,所蔵館
海辺の町の物語,山田太郎,波止場書房,913.6,1800,2,北口図書館
山の暮らし入門,森花子,西宮書林,291.09,2400,1,鳴尾図書館
,だれか,どこか,,,,
"""
CHECKBOX, HEADER, ROW = 16, 33, 28


@pytest.fixture
def desk(store):  # noqa: F811
    """desk(person): a page of the running app, signed in as that person."""
    people = {person.id: signed_in(store, person) for person in (LIBRARIAN, MANAGER, *MEMBERS)}
    with serving(store) as address, chromium() as browser:

        def opened(person):
            cookie = {"name": signin.COOKIE, "value": people[person.id], "url": address}
            return watched(browser, address, cookies=[cookie])

        yield opened, address


def tick(page, row: int) -> None:
    """The grid is a canvas: the box of a row is pressed by its place."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + CHECKBOX, box["y"] + HEADER + ROW * row + ROW / 2)


def press(page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).first.click()
    settle(page, 800)


def test_from_a_vendors_list_to_an_order_list(desk, store, tmp_path):  # noqa: F811
    opened, address = desk
    offered = tmp_path / "新刊.csv"
    offered.write_text(OFFERED, encoding="utf-8")
    with opened(LIBRARIAN) as page:
        page.goto(f"{address}/buying")
        settle(page)
        page.get_by_text("新刊案内・見計らいの一覧を読む").click()
        settle(page)
        page.locator("input[type=file]").set_input_files(str(offered))
        page.get_by_role("button", name="2件を載せる").wait_for(timeout=60_000)
        assert "書名がありません" in page.locator(".st-key-vendor").inner_text()
        press(page, "2件を載せる")
        page.get_by_text("2行を検討に載せました").wait_for(timeout=20_000)
    assert kept.every(store)["state"].to_list() == ["proposed"] * 2

    for member in MEMBERS[:2]:
        with opened(member) as page:
            page.goto(f"{address}/buying?source=vendor")
            settle(page, 1500)
            for row in (0, 1):
                tick(page, row)
                settle(page)
            page.get_by_text("選んだ2行").wait_for(timeout=20_000)
            press(page, "賛成$")
            page.get_by_text("2行に「賛成」を投じました").wait_for(timeout=20_000)
    assert len(kept.ballots(store)) == 4

    with opened(MANAGER) as page:
        page.goto(f"{address}/buying?source=vendor")
        settle(page, 1500)
        press(page, "賛成多数の2行を購入決定")
        page.get_by_text("2行の購入を決めました").wait_for(timeout=20_000)

    with opened(LIBRARIAN) as page:
        page.goto(f"{address}/buying?view=chosen")
        settle(page, 1500)
        press(page, "2行を発注する")
        page.get_by_text("2行を発注しました").wait_for(timeout=20_000)
        assert "view=ordered" in page.url and "order=O" in page.url
        page.get_by_role("button", name="書き出す").click()
        with page.expect_download() as taken:
            page.get_by_role("button", name="発注リスト（CSV）").click()
        rows = list(csv.DictReader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))
    assert [(row["館"], row["書名"], row["冊数"], row["金額"]) for row in rows] == [
        ("北口図書館", "海辺の町の物語", "2", "3600"), ("鳴尾図書館", "山の暮らし入門", "1", "2400"),
    ]  # fmt: skip
    assert {row["発注番号"] for row in rows} == set(kept.every(store)["order"])

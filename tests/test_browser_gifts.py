"""A gift in a real browser: scanned, weighed, voted on, accepted, listed for accession and noted as received."""

import csv
import io
from pathlib import Path

import pytest

from collection import signin
from collection.gifts import standing
from collection.roles import Person
from tests.browser import chromium, settle, watched
from tests.pages.conftest import signed_in
from tests.serving import serving

ROW, HEADER = 28, 33
LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}), "北口図書館")
MANAGER = Person("sato", "佐藤", frozenset({"manager"}))
MEMBERS = [Person(f"c{number}", f"委員{number}", frozenset({"committee"})) for number in (1, 2)]


@pytest.fixture(scope="module")
def store(flagged, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("gifts")
    (folder / "holdings").symlink_to(flagged.parent)
    return folder


def test_a_gift_from_the_scan_to_the_accession_list(store):
    with serving(store) as address, chromium() as browser:

        def as_(person: Person):
            cookie = {"name": signin.COOKIE, "value": signed_in(store, person), "url": address}
            return watched(browser, address, cookies=[cookie])

        def tick(page, row: int) -> None:
            box = page.get_by_test_id("stDataFrame").first.bounding_box()
            page.mouse.click(box["x"] + 16, box["y"] + HEADER + ROW * row + ROW / 2)
            settle(page)

        for person in (*MEMBERS, MANAGER):
            signed_in(store, person)
        with as_(LIBRARIAN) as page:
            page.goto(f"{address}/gifts")
            settle(page)
            page.get_by_label("付けられた条件").fill("返却を望む")
            page.get_by_role("button", name="受付番号を付ける").click()
            page.wait_for_url("**ticket=**", timeout=20_000)
            settle(page)
            field = page.locator(".st-key-gift_scan input")
            for typed in ("9784101010014", "あたらしい物語／波間 栞", "1920093015002", "よごれた詩集"):
                assert field.evaluate("field => field === document.activeElement")
                page.keyboard.type(typed)
                page.keyboard.press("Enter")
                settle(page)
            page.get_by_role("button", name="最後の1行を取り消す").click()
            settle(page)
            page.get_by_text("を取り消しました").wait_for()
            page.keyboard.type("潮風の詩集")
            page.keyboard.press("Enter")
            settle(page)
            page.get_by_text("本と採否").click()
            page.get_by_text("受け入れる 2").wait_for(timeout=60_000)
        [offer] = standing.offers(store)
        lines = f"{address}/gifts?ticket={offer.ticket}&part=lines"
        for member in MEMBERS:
            with as_(member) as page:
                page.goto(lines)
                settle(page, 1500)
                tick(page, 0)
                page.get_by_role("button", name="意見を出す").click()
                page.get_by_role("button", name="1行に「賛成」").click()
                page.get_by_text("1行に意見を出しました").wait_for(timeout=20_000)
        with as_(MANAGER) as page:
            page.goto(lines)
            settle(page, 1500)
            page.get_by_role("button", name="意見のまとまりどおりに決める").click()
            page.get_by_role("button", name="1行をまとめて決める").click()
            page.get_by_text("1行の採否を決めました").wait_for(timeout=20_000)
        with as_(LIBRARIAN) as page:
            page.goto(f"{address}/gifts?view=accession")
            settle(page, 1500)
            with page.expect_download() as taken:
                page.get_by_role("button", name="1冊をCSVで書き出す").click()
            rows = list(csv.DictReader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))
            assert [(row["書名"], row["ISBN"], row["受入区分"], row["本体価格"]) for row in rows] == [
                ("あたらしい物語", "9784101010014", "寄贈", "1500")
            ]
            box = page.get_by_test_id("stDataFrame").first.bounding_box()
            page.mouse.click(box["x"] + 40, box["y"] + HEADER + ROW / 2)
            page.get_by_role("button", name="1冊を受入済にする").click()
            page.get_by_text("1冊を受入済にしました").wait_for(timeout=20_000)
        assert standing.one(store, offer.ticket)[1]["state"].to_list() == ["received", "offered"]

"""One way through the app in a real browser: ホーム → 除籍候補 → a card → a list as a file.

SCREENSHOTS=docs/screenshots writes a picture of every screen, in both languages, from a larger demo library.
"""

import csv
import io
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import models
from collection import policy, signin
from collection.store.connection import connect
from tests import decided_store, small_store
from tests.browser import chromium, settle, watched
from tests.pages.conftest import signed_in, somebody
from tests.serving import ROOT, serving

PICTURES = os.environ.get("SCREENSHOTS")
ROW, HEADER = 28, 33


@pytest.fixture(scope="module")
def store(tmp_path_factory, request) -> Path:
    """The small store with accounts of its own, or for pictures a larger one."""
    folder = tmp_path_factory.mktemp("browser")
    if not PICTURES:
        (folder / "holdings").symlink_to(request.getfixturevalue("flagged").parent)
        return folder
    flags = small_store.build(folder / "store", folder / "files", scale=0.05)
    store = flags.parents[1]
    decided_store.fill(store, flags)
    for name in ("use", "anomalies"):
        models.train(store, flags, policy.load(small_store.PACK, small_store.demo.AS_OF), name)
    return store


@pytest.fixture(scope="module")
def address(store):
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser, address, store):
    """A page at 1366×768, signed in as somebody with every role of the staff."""
    cookie = {"name": signin.COOKIE, "value": signed_in(store, somebody(None)), "url": address}
    with watched(browser, address, cookies=[cookie]) as page:
        yield page


def click_row(page, row: int) -> None:
    """The grid is a canvas: a row is pressed by its place."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 200, box["y"] + HEADER + ROW * row + ROW / 2)


def test_from_home_to_a_card_and_a_downloaded_list(page, address):
    page.goto(address)
    settle(page)
    page.get_by_text("第2号 低利用").wait_for()
    page.locator('a[href*="criterion=8-2-2"]').first.click()
    settle(page, 1500)
    assert "criterion=8-2-2" in page.url

    click_row(page, 1)
    page.get_by_text("カードのページをひらく").wait_for(timeout=20_000)
    settle(page)
    assert "item=" in page.url
    assert page.get_by_test_id("stDataFrame").count() == 1
    first = page.url
    page.keyboard.press("ArrowDown")
    page.wait_for_function("(before) => location.href !== before", arg=first, timeout=20_000)
    settle(page)
    page.go_back()
    settle(page)
    assert page.url == first

    page.get_by_role("button", name="書き出す").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))
    assert rows
    assert {row["号"] for row in rows} == {"8-2-2"}
    assert all(row["理由"] and row["残る資料の番号"] for row in rows)


def test_a_slash_goes_to_the_search_and_digits_there_are_no_tags(page, address):
    page.goto(f"{address}/candidates")
    settle(page)
    page.keyboard.press("/")
    page.keyboard.type("913.6/2")
    assert page.locator(".st-key-filter_text input").input_value() == "913.6/2"
    page.keyboard.press("Enter")
    settle(page)
    assert "text=913.6%2F2" in page.url


def test_the_language_goes_with_the_reader(page, address):
    page.goto(f"{address}/candidates?lang=en")
    settle(page)
    page.get_by_role("link", name="Rules").click()
    settle(page)
    assert "lang=en" in page.url
    page.get_by_text("日本語").click()
    settle(page)
    page.get_by_role("link", name="除籍候補").wait_for()
    assert "lang" not in page.url


def test_two_scenarios_are_saved_and_compared(page, address):
    for name, values in (("短く", "利用だけの無利用年数:3"), ("守る", "受入保護年数:9")):
        page.goto(f"{address}/whatif?v={values}")
        settle(page, 1000)
        page.get_by_label("名前").fill(name)
        page.get_by_role("button", name="この試算を保存する").click()
        page.get_by_text("試算を保存しました。").wait_for(timeout=20_000)
    page.goto(f"{address}/whatif?a=短く&b=守る")
    settle(page, 1000)
    compared = page.locator("table.plain").last
    assert compared.locator("th").all_inner_texts() == ["項目", "短く", "守る", "差"]
    rows = {
        row.locator("td").first.inner_text(): row.locator("td").all_inner_texts()[1:]
        for row in compared.locator("tr").all()[1:]
    }
    short, kept, more = (int(text.replace(",", "").replace("△", "-")) for text in rows["候補"])
    assert short > kept
    assert more == kept - short


def test_a_cell_of_the_heat_map_opens_its_list_and_back_returns(page, address, store):
    page.goto(f"{address}/composition")
    settle(page, 2000)
    box = page.get_by_test_id("stVegaLiteChart").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.3)
    page.wait_for_url("**/candidates?**", timeout=20_000)
    settle(page)
    cell = parse_qs(urlsplit(page.url).query)
    where = "branch = ? AND shelf_class = ?"
    flags = next(store.glob("holdings/*.nishinomiya-*.duckdb"))
    with connect(flags, read_only=True) as connection:
        asked = [cell["branch"][0], cell["shelf_class"][0]]
        (items,) = connection.execute(f"SELECT count(*) FROM judged WHERE {where}", asked).fetchone()
    page.get_by_text(f"/ {items:,}").first.wait_for()
    page.go_back()
    page.wait_for_url(f"{address}/composition", timeout=20_000)
    settle(page, 1500)
    assert page.get_by_test_id("stVegaLiteChart").count() >= 1


def test_the_printed_list_is_a4_landscape(page, address):
    page.goto(f"{address}/candidates?print=1&sort=shelf")
    settle(page)
    printed = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 841" in printed or b"/MediaBox [0 0 842" in printed


@pytest.mark.skipif(not PICTURES, reason="pictures are made only when SCREENSHOTS names a folder")
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_pictures(page, address, store, lang):
    flags = next(store.glob("holdings/*.nishinomiya-*.duckdb"))
    item = small_store.items_of(flags, "verdict = 'candidate' AND criterion = '8-2-2' AND loans_3y = 0")[3]
    ending = "" if lang == "ja" else "&lang=en"
    for name, path in {
        "home": "?", "candidates": f"candidates?item={item}", "card": f"card?item={item}", "shelf": "shelf?",
        "committee": "committee?list=2026-002&part=items", "road": "road?stage=to_give", "books": "books?view=year",
        "requests": "requests?", "gifts": "gifts?", "buying": "buying?", "mirror": "mirror?",
        "composition": "composition?", "trends": "trends?", "freshness": "freshness?", "duplicates": "duplicates?",
        "space": "space?", "local": "local?", "neutrality": "neutrality?", "plans": "plans?",
        "whatif": "whatif?v=利用だけの無利用年数:8&c=007:2:2", "models": "models?model=use", "yearbook": "yearbook?", "rules": "rules?rule=km-8-2-2", "imports": "imports?",
    }.items():  # fmt: skip
        page.goto(f"{address}/{path}{ending}")
        settle(page, 2000)
        if name == "shelf":
            page.locator(".st-key-shelf_scan input").fill(item)
            page.keyboard.press("Enter")
            settle(page, 1500)
        if name == "requests":
            page.keyboard.type("/算数ドリル 小学3年")
            page.keyboard.press("Enter")
            page.locator(".request-verdict").wait_for(timeout=60_000)
            settle(page, 1500)
        target = ROOT / PICTURES / f"{name}.{lang}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        assert target.stat().st_size > 10_000

"""The whole road in a real browser, by five people: three scans, two hundred tags, the committee, the question of
fairness, the approval with one refusal, a school that claims, recycling, disposal; then every book agrees to the item."""

import csv
import io
from collections import Counter
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from collection import audit, ledger, report, years
from collection.__main__ import main
from collection.demo import persons
from collection.roles import Person
from collection.store.connection import connect_flags
from tests import small_store
from tests.browser import chromium, settle, watched
from tests.serving import serving

CLI = Person("-cli", "試験", frozenset({"admin"}))
BRANCH = "中央図書館"
CHOSEN = "branch=中央図書館&shelf_class=9&shelf_class=3&shelf_class=2&shelf_class=0&criterion=8-2-2"
ONLY_COPY = f"""
    criterion = '8-2-2' AND verdict = 'candidate' AND judged.branch = '{BRANCH}' AND shelf_class = '9'
    AND survivor_kind = 'copy' AND item.work_no IN (
        SELECT work_no FROM s.item WHERE gone_on IS NULL GROUP BY work_no HAVING count(*) = 2
    ) AND survivor_item_no IN (
        SELECT item_no FROM s.item JOIN f.judged AS stays USING (item_no)
        WHERE item.branch = '{BRANCH}' AND status = 'available' AND stays.verdict IS NULL
    )
"""


@pytest.fixture
def store(tmp_path, flagged) -> Path:
    """The small store with the sample persons of the demo and a ledger of its own."""
    for name in ("holdings", "policies"):
        (tmp_path / name).symlink_to(flagged.parents[1] / name)
    persons.add(tmp_path, CLI)
    return tmp_path


@pytest.fixture
def people(store):
    """Opens a page for a sample person by the name on its button; every page is watched for what goes wrong."""
    with ExitStack() as stack:
        address = stack.enter_context(serving(store))
        browser = stack.enter_context(chromium())

        def sign_in(name: str):
            page = stack.enter_context(watched(browser, address))
            page.address = address
            page.goto(address)
            page.get_by_role("button", name=name).click()
            settle(page)
            return page

        yield sign_in


def go(page, path: str) -> None:
    page.goto(f"{page.address}/{path}")
    settle(page)


def press(page, name: str, exact: bool = False) -> None:
    page.get_by_role("button", name=name, exact=exact).first.click()
    settle(page)


def part(page, name: str) -> None:
    """One part of a segmented control."""
    page.get_by_test_id("stButtonGroup").get_by_text(name).first.click()
    settle(page)


def type_into(page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).last.fill(text)
    page.keyboard.press("Tab")
    settle(page)


def scan(page, number: str) -> None:
    page.locator(".st-key-shelf_scan input").fill(number)
    page.keyboard.press("Enter")
    page.locator(".shelf-card", has_text=number).wait_for()
    settle(page)


def key(page, number: str) -> None:
    page.locator(f".st-key-shelf_key_{number} button").click()
    settle(page)


def downloaded(page, button: str) -> list[dict]:
    with page.expect_download() as taken:
        page.get_by_role("button", name=button).click()
    return list(csv.DictReader(io.StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))


def road(store: Path) -> dict[str, str]:
    """Item → state of its road, from the ledger alone."""
    with ledger.reading(store) as connection:
        rows = connection.execute("SELECT subject, state FROM present WHERE aspect = 'road'")
        return {row["subject"]: row["state"] for row in rows}


def survivor_of(flags: Path, item: str) -> str:
    with connect_flags(flags) as connection:
        return connection.execute(
            "SELECT stays.item_id FROM judged JOIN facts_of_day.item USING (item_no)"
            " JOIN facts_of_day.item AS stays ON stays.item_no = survivor_item_no WHERE item.item_id = ?", [item],
        ).fetchone()[0]  # fmt: skip


def test_five_people_take_two_hundred_books_from_the_list_to_the_books(store, people, flagged):
    damaged = small_store.items_of(
        flagged, f"criterion = '8-2-1' AND verdict = 'candidate' AND judged.branch = '{BRANCH}'"
    )[0]
    untouched = small_store.items_of(
        flagged, f"verdict IS NULL AND judged.branch = '{BRANCH}' AND status = 'available'"
    )[0]
    bereft = small_store.items_of(flagged, ONLY_COPY)[0]
    survivor = survivor_of(flagged, bereft)

    # 司書: three scans at the shelf, the last of them a survivor that turns out to be damaged
    librarian = people("山田")
    go(librarian, "shelf")
    librarian.get_by_test_id("stSelectbox").first.click()
    librarian.get_by_role("option", name=BRANCH).click()
    settle(librarian)
    scan(librarian, damaged)
    key(librarian, "1")
    scan(librarian, untouched)
    key(librarian, "2")
    key(librarian, "1")  # the first ready reason
    scan(librarian, survivor)
    key(librarian, "1")
    key(librarian, "1")  # 第1号, seen at the shelf
    key(librarian, "1")
    assert state_of(store, "tag") == {damaged: "withdraw", untouched: "keep", survivor: "withdraw"}

    # 司書: two hundred at once from the list, after the preview
    go(librarian, f"candidates?{CHOSEN}")
    press(librarian, "絞込の全部")
    librarian.get_by_role("dialog").get_by_text("除籍", exact=True).click()
    settle(librarian)
    press(librarian, "冊に「除籍」を付ける")
    settle(librarian, 1500)
    tagged = {item for item, state in state_of(store, "tag").items() if state == "withdraw"}
    assert len(tagged) >= 200
    assert bereft in tagged

    # 司書: a list of them, to the committee
    go(librarian, "committee")
    librarian.get_by_text("議案を起こす", exact=True).first.click()
    settle(librarian)
    type_into(librarian, "題名", "中央図書館 令和8年度第1回")
    press(librarian, "で議案を起こす")
    settle(librarian, 1000)
    press(librarian, "委員会に出す")
    [list_no] = state_of(store, "list")
    assert set(state_of(store, "entry")) == tagged

    # 選書委員: three members read their shares
    for name in ("田中", "鈴木", "高橋"):
        member = people(name)
        go(member, f"committee?list={list_no}")
        press(member, "残り")
        member.locator(".st-key-rest_cast button").click()
        settle(member, 1000)

    # 課長: closes the vote, and cannot approve before the question of fairness is answered
    manager = people("佐藤")
    go(manager, f"committee?list={list_no}&part=items")
    press(manager, "の票を議決する")
    settle(manager, 1000)
    go(manager, f"committee?list={list_no}&part=approve")
    manager.get_by_text("理由を書いていない偏り").wait_for()
    assert manager.get_by_role("button", name="の除籍を決裁").count() == 0
    go(librarian, f"committee?list={list_no}&part=fairness")
    waiting = "理由を待っているもの："
    number = librarian.get_by_text(waiting).inner_text().removeprefix(waiting).removesuffix("件")
    for left in reversed(range(int(number))):
        type_into(librarian, "理由", "中央図書館の文学と歴史の棚を見直したため")
        librarian.locator(".st-key-answer_give button").click()
        librarian.get_by_text(f"{waiting}{left}件").wait_for()

    # 課長: approves; the item whose survivor is itself leaving is refused by name
    go(manager, f"committee?list={list_no}&part=approve")
    press(manager, "の除籍を決裁")
    settle(manager, 1500)
    manager.get_by_text("決裁できなかった1冊").wait_for()
    assert manager.locator("tr", has_text=bereft).get_by_text(f"残る資料 {survivor}").count() == 1
    approved = set(road(store))
    assert approved == tagged - {bereft}

    # 司書 offers them, a school claims one, the librarian settles and hands it over
    go(librarian, "road?stage=to_offer")
    press(librarian, "か所に照会する")
    school = people("朝凪小学校")
    go(school, "offers")
    part(school, "すべて")
    press(school, "希望する")
    school.get_by_text("希望中").first.wait_for()
    go(librarian, "road?stage=offered")
    librarian.get_by_label("の前に決める理由").fill("すべての学校から返事があったため")
    librarian.keyboard.press("Tab")
    settle(librarian)
    press(librarian, "の管理換先を決め")
    go(librarian, "road?stage=assigned")
    press(librarian, "引き渡す")

    # the rest goes to recycling and is taken; two are disposed of
    go(librarian, "road?stage=to_give")
    press(librarian, "をリサイクルに出す")
    go(librarian, "road?stage=in_lot")
    press(librarian, "を廃棄待ちにする")
    go(librarian, "road?stage=to_discard")
    press(librarian, "を廃棄済にする")
    ends = road(store)
    counted = Counter(ends.values())
    assert counted == {"transferred": 1, "given": len(approved) - 3, "discarded": 2}
    assert {ends[damaged], ends[survivor]} == {"discarded"}

    # 除籍簿, the table of the fiscal year and the audit agree to the item
    go(manager, "books")
    press(manager, "書き出す")
    register = downloaded(manager, "CSV")
    assert {row["資料番号"] for row in register} == approved
    assert Counter(row["処理"][:2] for row in register) == {"管理": 1, "無償": len(approved) - 3, "廃棄": 2}
    year = years.of(date.today())
    with connect_flags(flagged) as connection:
        (held,) = connection.execute("SELECT count(*) FROM judged").fetchone()
    [total] = [
        row for row in report.of_year(store, year).table.to_dicts() if row["branch"] == "合計" and row["kind"] == "計"
    ]
    assert total["holdings_start"] == held
    assert (total["withdrawn"], total["transferred"]) == (len(approved) - 1, 1)
    assert total["holdings_end"] == held - len(approved)
    assert report.failures(report.of_year(store, year).table) == []
    approvals = audit.events(store, CLI, audit.Asked(kind="approve"))
    assert set(approvals["item_id"]) == approved
    assert set(approvals["name"]) == {"佐藤"}
    whole = audit.whole(store)
    assert (whole["gaps"], whole["loose"], whole["lost"]) == (0, 0, 0)
    out = store / "again.csv"
    assert main(["reproduce", list_no, "--store", str(store), "--out", str(out)]) == 0
    assert out.stat().st_size > 10_000


def state_of(store: Path, aspect: str) -> dict[str, str]:
    with ledger.reading(store) as connection:
        rows = connection.execute("SELECT subject, state FROM present WHERE aspect = ?", [aspect])
        return {row["subject"]: row["state"] for row in rows}

"""A request in a real browser: typed, refused, accepted for a reason, seen in the list, ended; and who may not open it."""

import pytest

from collection import signin
from collection.requests import standing
from tests.browser import chromium, settle, watched
from tests.pages.conftest import signed_in, somebody
from tests.serving import serving

TITLE = "大学受験 ヌレソカワ英単語"


@pytest.fixture(scope="module")
def store(flagged, tmp_path_factory):
    """The small store with accounts and a ledger of its own."""
    folder = tmp_path_factory.mktemp("requests")
    (folder / "holdings").symlink_to(flagged.parent)
    return folder


@pytest.fixture(scope="module")
def address(store):
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


def opened(browser, address, store, role: str, width: int = 1366, height: int = 768):
    """A page signed in as somebody of a role."""
    cookie = {"name": signin.COOKIE, "value": signed_in(store, somebody(role)), "url": address}
    return watched(browser, address, width, height, cookies=[cookie])


def test_a_request_from_the_desk_to_its_end(browser, address, store):
    with opened(browser, address, store, "librarian") as page:
        page.goto(f"{address}/requests")
        settle(page)
        page.keyboard.type("/")  # nothing has the focus: what is typed or scanned goes into the line
        page.keyboard.type(TITLE)
        assert page.locator(".st-key-req_line input").input_value() == TITLE
        page.keyboard.press("Enter")
        page.locator(".request-verdict").wait_for(timeout=20_000)
        page.locator(".st-key-req_c_code input").fill("C7082")
        page.keyboard.press("Enter")
        page.get_by_text("受け付けない").first.wait_for(timeout=20_000)
        settle(page)
        assert "第9条第1項第1号" in page.locator(".request-verdict").inner_text()
        assert "お受けできません" in page.locator("pre").inner_text()

        page.get_by_role("button", name="理由を付けて受ける").click()
        page.get_by_role("dialog").get_by_role("button", name="この理由で受ける").click()
        page.get_by_text("理由を書いてください。").wait_for(timeout=20_000)
        assert sum(standing.counts(store).values()) == 0
        page.get_by_role("dialog").locator("textarea").fill("市内の高校の授業で使うため")
        page.get_by_role("dialog").get_by_role("button", name="この理由で受ける").click()
        page.get_by_role("dialog").wait_for(state="detached", timeout=20_000)
        settle(page)
        [number] = standing.listed(store, standing.OPEN)["number"]
        page.get_by_text(f"{number} を「受付」として記しました。").wait_for()
        assert page.locator(".st-key-req_title input").input_value() == ""
        assert "お受けしました" in page.locator("pre").inner_text()

        page.get_by_text("受付中と経緯").click()
        settle(page)
        assert "view=list" in page.url
        page.get_by_role("link", name=number).click()
        page.get_by_text("市内の高校の授業で使うため").wait_for(timeout=20_000)
        settle(page)
        page.get_by_role("button", name="終える").click()
        page.get_by_role("button", name="「提供済」として終える").click()
        page.get_by_text(f"{number} を「提供済」にしました。").wait_for(timeout=20_000)
        settle(page)
        page.get_by_role("link", name="一覧へ戻る").click()
        settle(page)
        assert page.get_by_role("link", name=number).count() == 0
        assert standing.one(store, number).state == "provided"


def test_on_a_tablet_nothing_is_wider_than_the_screen(browser, address, store):
    with opened(browser, address, store, "librarian", 820, 1180) as page:
        page.goto(f"{address}/requests?lang=en")
        settle(page)
        page.locator(".st-key-req_line input").fill(TITLE)
        page.keyboard.press("Enter")
        page.locator(".request-verdict").wait_for(timeout=20_000)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 820
        assert page.get_by_role("button", name="Send to the committee").count() == 1


@pytest.mark.parametrize("role", ["partner", "admin"])
def test_another_role_is_refused(browser, address, store, role):
    with opened(browser, address, store, role) as page:
        page.goto(f"{address}/requests")
        page.get_by_text("司書・選書委員・課長").first.wait_for(timeout=20_000)
        assert page.locator(".st-key-req_line").count() == 0

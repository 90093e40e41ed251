"""What the tests in a real browser share: Chromium, a watched page, and waiting until a screen is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-default-apps",
]  # fmt: skip
STILL = """milliseconds => new Promise(done => {
    const end = () => { watch.disconnect(); done(true) }
    let timer = setTimeout(end, milliseconds)
    const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, milliseconds) })
    watch.observe(document.body, {subtree: true, childList: true, characterData: true})
})"""  # nothing has been drawn for so long
QUIET = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"

if not CHROMIUM.exists():
    pytest.skip(f"no Chromium at {CHROMIUM}: the browser test is not run", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: the browser test is not run")


@contextmanager
def chromium() -> Iterator:
    """Debian's Chromium, until the block ends."""
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@contextmanager
def watched(browser, address: str, width: int = 1366, height: int = 768, cookies: list[dict] | None = None) -> Iterator:
    """A page that fails the test when it asks another host for something, or when something goes wrong in it."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="ja-JP", accept_downloads=True)
    context.add_cookies(cookies or [])
    page = context.new_page()
    outside, wrong = [], []
    own = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else outside.append(asked.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if said.type == "error" and "404" not in said.text else None
    )
    yield page
    context.close()
    assert outside == []
    assert wrong == []


def settle(page, milliseconds: int = 150) -> None:
    """Waits until the script has run and nothing more has been drawn for so long."""
    page.wait_for_timeout(200)
    page.wait_for_function(QUIET, timeout=30_000)
    page.wait_for_selector(".frame-line", timeout=30_000)
    page.wait_for_function(STILL, arg=milliseconds, timeout=30_000)

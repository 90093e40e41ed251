"""The city's own sign-in (OpenID Connect through st.login), played in a browser against a small provider."""

import secrets
import shutil
from pathlib import Path

import pytest

from collection import accounts
from collection.roles import Person
from tests.openid_provider import Provider
from tests.serving import free_port, serving

ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
ADMIN = Person("-cli", "root", frozenset({"admin"}))

if not CHROMIUM.exists():
    pytest.skip(f"no Chromium at {CHROMIUM}: the browser test is not run", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: the browser test is not run")


@pytest.fixture
def provider():
    started = Provider("yamada@city.example")
    yield started
    started.stop()


@pytest.fixture
def store(flagged, tmp_path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "holdings").symlink_to(flagged.parent)
    accounts.add(folder, ADMIN, Person("yamada", "山田", frozenset({"librarian"})), email="Yamada@city.example")
    return folder


@pytest.fixture
def address(store, tmp_path, provider):
    """The app, started in a folder whose .streamlit/secrets.toml names the provider."""
    port = free_port()
    settings = tmp_path / "run" / ".streamlit"
    settings.mkdir(parents=True)
    shutil.copy(ROOT / ".streamlit" / "config.toml", settings)
    (settings / "secrets.toml").write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{secrets.token_hex()}"\n'
        f'client_id = "monosashi"\nclient_secret = "{secrets.token_hex()}"\n'
        f'server_metadata_url = "{provider.address}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    with serving(store, port, folder=settings.parent) as address:
        yield address


@pytest.fixture
def page(address):
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="ja-JP")
        yield context.new_page()
        browser.close()


def test_the_city_lets_people_in_and_the_accounts_say_who_they_are(page, address, provider, store):
    page.goto(f"{address}/signin")
    page.get_by_role("link", name="市の認証でサインインする").click()
    page.get_by_text("山田（司書）").wait_for(timeout=30_000)
    assert {"/authorize", "/jwks"} <= set(provider.asked)
    assert provider.refused == []

    page.goto(f"{address}/candidates")  # a link opened anew stays signed in
    page.get_by_text("山田（司書）").wait_for(timeout=30_000)

    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/signin", timeout=30_000)
    assert "/logout" in provider.asked

    page.get_by_role("link", name="市の認証でサインインする").click()
    page.get_by_text("山田（司書）").wait_for(timeout=30_000)
    accounts.disable(store, ADMIN, "yamada")  # disabling counts at once, though the provider still knows the person
    page.get_by_role("link", name="除籍候補").click()
    page.get_by_text("「yamada@city.example」の利用者は登録されていません").wait_for(timeout=30_000)
    page.goto(f"{address}/rules")
    page.get_by_text("「yamada@city.example」の利用者は登録されていません").wait_for(timeout=30_000)
    assert page.get_by_test_id("stDataFrame").count() == 0

    provider.email = "suzuki@city.example"
    page.get_by_role("button", name="別の利用者でサインインする").click()
    page.wait_for_url("**/signin", timeout=30_000)
    page.get_by_role("link", name="市の認証でサインインする").click()
    page.get_by_text("「suzuki@city.example」の利用者は登録されていません").wait_for(timeout=30_000)

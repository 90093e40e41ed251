"""/signin and /signout: who gets in, from where, and what the browser is told."""

import re

import argon2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from collection import accounts, passwords, serve, signin
from collection.roles import Person

HERE = "http://127.0.0.1:8501"
ADMIN = Person("-cli", "root", frozenset({"admin"}))
RIGHT = "long enough 長い"


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher(1, 8, 1))
    accounts.add(tmp_path, ADMIN, Person("yamada", "山田", frozenset({"librarian"})), password=RIGHT)
    accounts.add(tmp_path, ADMIN, Person("sample", "<b>見本</b>", frozenset({"manager"})), demo=True)
    return tmp_path


@pytest.fixture
def visit(store):
    """visit(base=…, client=…, local=…): a browser at some address, before a server that listens here only or not."""

    def opened(base: str = HERE, client: str = "127.0.0.1", local: bool = True) -> TestClient:
        screen = Route("/{rest:path}", lambda request: PlainTextResponse("screen"))
        app = Starlette(
            routes=[*signin.routes(store, local), screen], middleware=[Middleware(signin.SignInFirst, store=store)]
        )
        return TestClient(app, base, client=(client, 50000), follow_redirects=False)

    return opened


def send(browser: TestClient, path: str = "/signin", headers: dict | None = None, **fields):
    own = {"origin": str(browser.base_url).rstrip("/")} if headers is None else headers
    return browser.post(path, data=fields, headers=own)


def sign_in(browser: TestClient, **fields):
    return send(browser, number="yamada", password=RIGHT, **fields)


def test_the_right_password_leads_to_the_screen_asked_for(visit, store):
    browser = visit()
    answer = sign_in(browser, next="/candidates?criterion=8-2-2&branch=北口図書館")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/candidates?criterion=8-2-2&branch=%E5%8C%97")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie and "expires" not in cookie.lower() and "max-age" not in cookie.lower()
    assert accounts.person_of(store, browser.cookies["monosashi"]).id == "yamada"
    assert browser.get("/candidates").text == "screen"
    assert browser.get("/signin?next=/rules").headers["location"] == "/rules"


@pytest.mark.parametrize(
    ("base", "headers"), [("https://monosashi.example", {}), (HERE, {"x-forwarded-proto": "https"})]
)
def test_the_cookie_is_secure_where_the_way_is(visit, base, headers):
    browser = visit(base)
    assert (
        "Secure"
        in send(browser, headers={"origin": base, **headers}, number="yamada", password=RIGHT).headers["set-cookie"]
    )


def test_a_wrong_password_keeps_the_number_and_the_way(visit):
    answer = send(visit(), number='"><script>x', password="wrong pass", next="/rules")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "サインインできませんでした" in answer.text
    assert "<script" not in answer.text
    assert 'value="/rules"' in answer.text
    assert "wrong pass" not in answer.text


def test_the_page_is_labelled_and_loads_nothing(visit):
    for lang, word in (("ja", "利用者番号"), ("en", "User ID")):
        text = visit().get(f"/signin?lang={lang}").text
        assert f'<html lang="{lang}">' in text and word in text
        assert {f'for="{name}"' for name in ("number", "password")} <= set(re.findall(r'for="\w+"', text))
        assert text.count("autofocus") == 1
        assert "<script" not in text and "http" not in text
        assert "&lt;b&gt;見本" in text
    assert visit().get("/signin").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/%2f/evil.example", "/signout",
        "javascript:alert(1)", "///", "http:/candidates", "/candidates/../signout", "/auth/logout", "candidates", "//[", "",
        "/candidates\r\nSet-Cookie: a=b", " https://evil.example", "/.evil.example", "@evil.example",
    ],
)  # fmt: skip
def test_the_way_on_leads_to_a_screen_of_ours_only(visit, target):
    location = sign_in(visit(), next=target).headers["location"]
    assert re.fullmatch(r"/(candidates)?(\?[^\r\n]*)?", location)
    assert signin.local_path(target) in ("/", "/candidates")


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"origin": "null"}, {"origin": "https://evil.example"}, {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1"}, {"origin": "file://127.0.0.1:8501"}, {"referer": f"{HERE}/signin"},
    ],
)  # fmt: skip
def test_a_form_from_elsewhere_is_refused(visit, store, headers):
    answer = send(visit(), headers=headers, number="yamada", password=RIGHT)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert send(visit(), headers=headers, sample="sample").status_code == 403
    browser = visit()
    sign_in(browser)
    assert send(browser, "/signout", headers=headers).status_code == 403
    assert accounts.person_of(store, browser.cookies["monosashi"])


def test_a_form_larger_than_any_of_ours_is_refused(visit):
    assert send(visit(), number="yamada", password="x" * 10_000).status_code == 403


def test_signing_out_ends_the_session(visit, store):
    browser = visit()
    sign_in(browser)
    token = browser.cookies["monosashi"]
    answer = send(browser, "/signout")
    assert answer.headers["location"] == "/signin"
    assert "monosashi" not in browser.cookies
    assert accounts.person_of(store, token) is None
    assert visit().get("/signout").text == "screen"  # a link never signs anybody out


def test_signing_in_anew_ends_the_session_before_and_keeps_no_token_of_elsewhere(visit, store):
    browser = visit()
    browser.cookies.set("monosashi", "planted", domain="127.0.0.1", path="/")
    token = sign_in(browser).headers["set-cookie"].split("=")[1].split(";")[0]
    assert token != "planted"
    browser.cookies.clear()
    browser.cookies.set("monosashi", token, domain="127.0.0.1", path="/")
    sign_in(browser)
    assert accounts.person_of(store, token) is None


def test_a_screen_leads_to_the_sign_in_page_and_back(visit):
    answer = visit().get("/candidates?lang=en&branch=x")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin?next=%2Fcandidates%3Flang%3Den%26branch%3Dx&lang=en"
    assert visit().get("/").headers["location"] == "/signin"
    assert visit().get("/health").text == "screen"


def test_a_sample_person_signs_in_by_one_click_here(visit, store):
    browser = visit()
    assert 'value="sample"' in browser.get("/signin").text
    assert send(browser, sample="sample", next="/rules").headers["location"] == "/rules"
    assert accounts.person_of(store, browser.cookies["monosashi"]).id == "sample"


@pytest.mark.parametrize("base", ["http://localhost:8501", "http://[::1]:8501"])
def test_here_has_several_names(visit, base):
    assert send(visit(base, client="::1"), sample="sample").status_code == 303


@pytest.mark.parametrize(
    ("place", "headers"),
    [
        ({"local": False}, {}),
        ({"client": "192.168.1.20"}, {}),
        ({"base": "http://library.example:8501"}, {}),
        ({"base": "http://127.0.0.1.evil.example:8501"}, {}),
        *[({}, {name: "127.0.0.1"}) for name in signin.FORWARDED],
    ],
)
def test_nowhere_else_is_a_sample_person_signed_in(visit, place, headers):
    browser = visit(**place)
    assert 'value="sample"' not in browser.get("/signin", headers=headers).text
    answer = send(browser, headers={"origin": str(browser.base_url).rstrip("/"), **headers}, sample="sample")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("number", ["yamada", "nobody", ""])
def test_one_click_signs_in_nobody_else(visit, number):
    assert send(visit(), sample=number).status_code == 403


def test_sample_sessions_end_when_the_server_opens_to_others(store):
    sample, other = accounts.open_session(store, "sample"), accounts.open_session(store, "yamada")
    accounts.end_samples(store)
    assert accounts.person_of(store, sample) is None
    assert accounts.person_of(store, other).id == "yamada"


@pytest.mark.parametrize(("address", "warned"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_opening_to_others_is_said_and_ends_the_samples(store, monkeypatch, capsys, address, warned):
    started = {}
    monkeypatch.setattr("uvicorn.run", lambda app, **options: started.update(options))
    monkeypatch.delenv("COLLECTION_STORE", raising=False)
    token = accounts.open_session(store, "sample")
    serve.serve(store, address, 8501)
    monkeypatch.delenv("COLLECTION_STORE")
    assert started["host"] == address
    assert ("TLS" in capsys.readouterr().err) is warned
    assert (accounts.person_of(store, token) is None) is warned


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3000", "http://127.0.0.1:3000", "null"])
def test_a_page_of_another_site_cannot_connect_to_a_screen(visit, origin):
    with (
        pytest.raises(WebSocketDisconnect),
        visit().websocket_connect("/_stcore/stream", headers={"origin": origin}),
    ):
        pass


@pytest.mark.parametrize(
    ("address", "here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("10.0.0.2", False), ("pc", False)],
)  # fmt: skip
def test_what_counts_as_this_machine(address, here):
    assert signin.loopback(address) is here

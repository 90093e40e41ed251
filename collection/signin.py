"""Sign-in and sign-out as plain pages of the server, before and beside the screens: /signin and /signout.

The browser keeps a random token in a cookie that no script reads; the screens ask accounts.py for its owner.
"""

import html
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from collection import accounts, passwords, roles, words
from collection.roles import Person
from collection.words import Problem, say

COOKIE = "monosashi"
OPENID_COOKIE = "_streamlit_user"  # set by st.login; what it says is read by the screens, which know the secret
LARGEST = 8192  # bytes of a form
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
LANGUAGES = {"ja": "日本語", "en": "English"}
NO_STORE = {"Cache-Control": "no-store"}
STYLE = (Path(__file__).parent / "signin.css").read_text(encoding="utf-8")


def providers() -> tuple[str, ...]:
    """The OpenID providers that the city set up for st.login in secrets.toml, by name; "" for the unnamed one."""
    import streamlit as st

    if not st.secrets.load_if_toml_exists():
        return ()
    auth = st.secrets.get("auth", {})
    return (*([""] if "client_id" in auth else []), *(name for name in auth if "client_id" in _section(auth[name])))


def _section(value) -> dict:
    return value if hasattr(value, "keys") else {}


def routes(store: Path, local: bool) -> list[Route]:
    """The routes of sign-in over a store.

    Args:
        local: whether the server listens to this machine only; else no sample person is signed in by a click.
    """
    openid = providers()

    def speak(asked: str | None) -> None:
        words.language.set(asked if asked in words.LANGUAGES else "ja")

    def samples(request: Request) -> list[Person]:
        if not (local and _from_here(request)):
            return []
        found = [account for account in accounts.all(store) if account.sign_in == "demo" and not account.disabled]
        return sorted(found, key=lambda sample: min(map(roles.ROLES.index, sample.roles)))

    async def form(request: Request) -> Response:
        target = local_path(request.query_params.get("next"))
        speak(request.query_params.get("lang"))
        if accounts.person_of(store, request.cookies.get(COOKIE)):
            return _go(target)
        empty = not accounts.all(store)
        return HTMLResponse(page(target, samples=samples(request), openid=openid, empty=empty), headers=NO_STORE)

    async def sign_in(request: Request) -> Response:
        given = await _fields(request)
        speak((given or {}).get("lang"))
        if given is None or not same_origin(request):
            return HTMLResponse(page("/", said=say("accounts.refused")), 403, NO_STORE)
        target = local_path(given.get("next"))
        offered = samples(request)
        try:
            if "sample" in given:
                if given["sample"] not in {sample.id for sample in offered}:
                    raise Problem("accounts.samples_here_only")
                number = given["sample"]
            else:
                number = (
                    await run_in_threadpool(
                        accounts.check_password, store, given.get("number", ""), given.get("password", "")
                    )
                ).id
        except Problem as problem:
            status = 403 if "sample" in given else 401
            return HTMLResponse(
                page(target, str(problem), given.get("number", ""), offered, openid), status, NO_STORE
            )  # fmt: skip
        accounts.close_session(store, request.cookies.get(COOKIE))
        answer = _go(target)
        token = accounts.open_session(store, number)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=_secure(request))
        return answer

    async def sign_out(request: Request) -> Response:
        if await _fields(request) is None or not same_origin(request):
            return HTMLResponse(page("/", said=say("accounts.refused")), 403, NO_STORE)
        accounts.close_session(store, request.cookies.get(COOKIE))
        answer = _go("/signin")
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_secure(request))
        return answer

    return [
        Route("/signin", form, methods=["GET"]),
        Route("/signin", sign_in, methods=["POST"]),
        Route("/signout", sign_out, methods=["POST"]),
    ]


def _go(target: str) -> RedirectResponse:
    return RedirectResponse(target, 303, NO_STORE)


class SignInFirst:
    """ASGI middleware: who opens a screen and is not signed in is led to /signin, and back to the screen after it.

    A courtesy only: every screen asks again who is signed in. The page of another site may not connect to a screen.
    """

    def __init__(self, app: ASGIApp, store: Path):
        self.app, self.store = app, store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not same_origin(HTTPConnection(scope)):
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http" and scope["method"] == "GET" and _screen(scope["path"]) is not None:
            request = Request(scope)
            known = OPENID_COOKIE in request.cookies or "openid" in request.query_params
            if not known and not accounts.person_of(self.store, request.cookies.get(COOKIE)):
                await _go(signin_path(f"{scope['path']}?{request.url.query}"))(scope, receive, send)
                return
        await self.app(scope, receive, send)


def signin_path(target: str) -> str:
    """The address of the sign-in page that leads on to a screen, in the language of that screen's address."""
    target = local_path(target)
    asked = parse_qs(urlsplit(target).query).get("lang", ["ja"])[0]
    query = {"next": target} if target != "/" else {}
    query |= {"lang": asked} if asked in words.LANGUAGES and asked != "ja" else {}
    return f"/signin?{urlencode(query)}" if query else "/signin"


def _screen(path: str) -> str | None:
    name = path.strip("/")
    return name if path == "/" or (name in roles.SCREENS and path in (f"/{name}", f"/{name}/")) else None


def local_path(asked: str | None) -> str:
    """A screen's path with its query, made anew from its parts; "/" for anything that leads elsewhere."""
    try:
        parts = urlsplit(asked or "/")
    except ValueError:
        return "/"
    screen = _screen(parts.path)
    if parts.scheme or parts.netloc or screen is None:
        return "/"
    query = urlencode(parse_qsl(parts.query))
    return quote(f"/{screen}") + (f"?{query}" if query else "")


def same_origin(request: HTTPConnection) -> bool:
    """Whether a page of this server sent a form or asked to connect: the browser names the page's origin."""
    origin = urlsplit(request.headers.get("origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == request.headers.get("host")


def _secure(request: Request) -> bool:
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "").split(",")[0] == "https"


def _from_here(request: Request) -> bool:
    """Whether the browser runs on this machine and asked for this machine, with nothing in between."""
    if any(name in request.headers for name in FORWARDED) or request.client is None:
        return False
    return loopback(request.client.host) and loopback(request.url.hostname or "")


def loopback(address: str) -> bool:
    """Whether an address or name means this machine itself."""
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


async def _fields(request: Request) -> dict[str, str] | None:
    """The fields of a form; None when it is larger than any of ours."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def page(
    target: str, said: str = "", number: str = "", samples: list[Person] | None = None,
    openid: tuple[str, ...] = (), empty: bool = False,
) -> str:  # fmt: skip
    """The sign-in page in the present language.

    Args:
        target: where it leads to. said: what went wrong. number: what was typed before.
        samples: sample persons to sign in as by one click. openid: names of OpenID providers.
        empty: whether there is no account yet.
    """
    lang = words.language.get()
    other = {"ja": "en", "en": "ja"}[lang]

    def told(key: str, **values) -> str:
        return html.escape(say(f"accounts.{key}", **values))

    hidden = f'<input type="hidden" name="next" value="{html.escape(target)}"><input type="hidden" name="lang" value="{lang}">'
    switch = urlencode({"next": target, "lang": other})
    parts = [
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>{told("title")}</title>'
        f"<style>{STYLE}</style></head><body><header>{html.escape(say('screens.product'))}"
        f'<a href="/signin?{html.escape(switch)}" lang="{other}">{LANGUAGES[other]}</a></header><main>'
        f"<h1>{told('sign_in_here')}</h1>"
    ]
    if said:
        parts.append(f'<p class="said" role="alert" id="said">{html.escape(said)}</p>')
    if empty:
        parts.append(f'<p class="hint">{told("no_accounts")}</p>')
    focus = ("", " autofocus") if number else (" autofocus", "")
    wrong = ' aria-describedby="said"' if said else ""
    parts.append(
        f'<form method="post" action="/signin">{hidden}<label for="number">{told("number")}</label>'
        f'<input id="number" name="number" value="{html.escape(number)}" autocomplete="username" autocapitalize="none"'
        f' spellcheck="false" required maxlength="80"{wrong}{focus[0]}>'
        f'<label for="password">{told("password")}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required'
        f' maxlength="{passwords.LONGEST}"{wrong}{focus[1]}><button class="first">{told("sign_in")}</button></form>'
    )
    for provider in openid:
        query = urlencode({"openid": provider, **({"lang": lang} if lang != "ja" else {})})
        label = told("openid_named", provider=provider) if provider else told("openid")
        parts.append(f'<p><a class="button" href="/?{html.escape(query)}">{label}</a></p>')
    if samples:
        buttons = "".join(
            f'<button name="sample" value="{html.escape(sample.id)}">{html.escape(accounts.named(sample))}</button>'
            for sample in samples
        )
        parts.append(
            f"<section><h2>{told('samples')}</h2><p class='hint'>{told('samples_hint')}</p>"
            f'<form class="samples" method="post" action="/signin">{hidden}{buttons}</form></section>'
        )
    return "".join(parts) + "</main></body></html>"

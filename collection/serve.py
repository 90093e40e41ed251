"""`collection serve`: the app under uvicorn, one worker, with security headers and a health route."""

import base64
import hashlib
import os
import re
import sys
from importlib import resources
from pathlib import Path

import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collection import accounts, signin, words
from collection.store import snapshots

APP = Path(__file__).parents[1] / "app.py"
SCRIPTS = sorted((Path(__file__).parent / "pages").glob("*.js"))  # the few keys that Streamlit has no word for
UPLOADS = "/_stcore/upload_file/"
FORM = 1 << 20  # bytes of anything sent that is no upload
WRAPPING = 1 << 20  # bytes that the form around a file may take
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_policy() -> str:
    """What a page may load: only this server; the inline scripts of the start page and of 書架モード are named by their hash."""
    page = (resources.files("streamlit") / "static" / "index.html").read_bytes().decode()
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    scripts += [script.read_text(encoding="utf-8") for script in SCRIPTS]
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {allowed}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """ASGI middleware that adds the headers to every answer."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]):
        self.app = app
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in self.headers}
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in own]
                message = {**message, "headers": [*kept, *self.headers]}
            await send(message)

        await self.app(scope, receive, with_headers)


class SizeLimit:
    """ASGI middleware that refuses bodies that are too big, by what they say of their size and by what arrives.

    Args:
        uploads: most bytes of a file sent to 取込; everything else that is sent is a small form.
    """

    def __init__(self, app: ASGIApp, uploads: int):
        self.app, self.uploads = app, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.uploads if UPLOADS in scope["path"] else FORM
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and int(told) > limit + WRAPPING:
            await _too_big(limit)(scope, receive, send)
            return
        received, begun = 0, False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit + WRAPPING:
                raise _TooBig
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _TooBig:
            if not begun:
                await _too_big(limit)(scope, receive, send)


class _TooBig(Exception):
    """More has arrived than is taken."""


def _too_big(limit: int) -> PlainTextResponse:
    """The refusal in both languages; the connection ends, so that the rest need not be sent."""
    said = []
    for language in words.LANGUAGES:
        with words.speaking(language):
            said.append(words.say("upkeep.too_big", limit=f"{limit >> 20:,}"))
    return PlainTextResponse("\n".join(said) + "\n", 413, {"Connection": "close", "Cache-Control": "no-store"})


async def health(request: Request) -> JSONResponse:
    """Whether the app runs and has something to show; says nothing of what is in the store."""
    store = Path(os.environ.get("COLLECTION_STORE") or "data")
    return JSONResponse({"status": "ok", "snapshot": snapshots.newest(store) is not None})


def app(store: Path, local: bool):
    """The ASGI application: Streamlit's, with sign-in, our route and headers.

    Args:
        store: folder of the snapshots, the accounts and the ledger. local: whether only this machine reaches it.
    """
    import streamlit as st

    headers = HEADERS | {"Content-Security-Policy": content_policy()}
    return st.App(
        APP,
        routes=[Route("/health", health), *signin.routes(store, local)],
        middleware=[
            Middleware(SecurityHeaders, headers=headers),
            Middleware(SizeLimit, uploads=st.get_option("server.maxUploadSize") << 20),
            Middleware(signin.SignInFirst, store=store),
        ],
    )


def serve(store: Path, address: str = "127.0.0.1", port: int = 8501) -> None:
    """Run the app until it is stopped.

    Args:
        store: folder of the snapshots. address, port: where to listen; only this machine unless told otherwise.
    """
    store, local = Path(store).resolve(), signin.loopback(address)
    os.environ["COLLECTION_STORE"] = str(store)
    if not local:
        accounts.end_samples(store)
        print(words.say("accounts.beyond_this_machine", address=address), file=sys.stderr, flush=True)
    print(words.say("screens.serving", url=f"http://{address}:{port}"), flush=True)
    uvicorn.run(
        app(store, local),
        host=address,
        port=port,
        workers=1,
        log_level="warning",
        server_header=False,
        access_log=False,
    )

"""What is typed, sent or imported to do harm does none: in files, on paper, in the ledger, and at the running server."""

import csv
import http.client
import io
import json
import re
import socket
import tomllib
import zipfile
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import pypdf
import pytest

from collection import accounts, evidence, export, ledger, paper, policy, words
from collection.ledger import Event
from collection.pages import tell
from collection.roles import Person
from collection.store.connection import connect_flags
from tests import hostile_store
from tests.hostile_store import HOSTILE, OVERRIDE
from tests.serving import serving

ROOT = Path(__file__).parents[1]
LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
ADMIN = Person("kanri", "管理", frozenset({"admin"}))
MB = 1 << 20


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """The flags of the hostile library."""
    folder = tmp_path_factory.mktemp("hostile")
    return hostile_store.build(folder / "store", folder / "files")


@pytest.fixture(scope="module")
def pack():
    return policy.load(hostile_store.PACK, hostile_store.demo.AS_OF)


# ── from an import to files and paper


def test_every_hostile_title_is_imported_as_text_and_reported_where_it_changed(hostile):
    with connect_flags(hostile) as connection:
        titles = connection.execute("SELECT title FROM facts_of_day.bib").fetchall()
        notes = " ".join(map(str, connection.execute("SELECT * FROM facts_of_day.import_note").fetchall()))
    texts = [title for (title,) in titles]
    assert any(title.startswith("=HYPERLINK") for title in texts)
    assert any(title.startswith("<script>") for title in texts)
    assert any(len(title) > 5000 for title in texts)
    assert not any("\0" in title for title in texts) and "nul" in notes


def test_a_csv_holds_no_formula_and_nothing_that_turns_the_text(hostile, pack, tmp_path):
    export.export("candidates", hostile, pack, tmp_path / "候補.csv")
    text = (tmp_path / "候補.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    formulas = [cell for row in rows[1:] for cell in row if re.match(r"[=+\-@\t\r＝＋－＠]", cell)]
    assert [cell for cell in formulas if not re.fullmatch(r"-?[\d.]+", cell)] == []
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", text)


def test_a_workbook_holds_no_formula_link_or_broken_text(hostile, pack, tmp_path):
    export.export("candidates", hostile, pack, tmp_path / "候補.xlsx")
    with zipfile.ZipFile(tmp_path / "候補.xlsx") as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist() if name.endswith((".xml", ".rels"))}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert "HYPERLINK" in "".join(parts.values()) and "&lt;script&gt;" in "".join(parts.values())
    assert "<f>" not in sheet and "<hyperlink" not in sheet and "evil.example" not in "".join(
        text for name, text in parts.items() if name.endswith(".rels")
    )  # fmt: skip
    assert OVERRIDE not in "".join(parts.values())
    read = pl.read_excel(tmp_path / "候補.xlsx", infer_schema_length=0)
    assert any(title.startswith("=HYPERLINK") for title in read["title"] if title)


def test_paper_shows_it_as_text():
    data = {
        "library": HOSTILE[1], "title": HOSTILE[13], "as_of": HOSTILE[3], "landscape": True, "told": list(HOSTILE),
        "head": ["書名"], "rows": [[text] for text in HOSTILE], "widths": [1], "right": [], "note": HOSTILE[0],
    }  # fmt: skip
    document = paper.pdf("plain", data)
    read = pypdf.PdfReader(io.BytesIO(document))
    text = "".join(page.extract_text() for page in read.pages).replace("\n", "").replace("\u200b", "")
    assert "HYPERLINK" in text and "<script>" in text and "みぎから" in text and OVERRIDE not in text
    assert b"/JavaScript" not in document and b"/URI" not in document and b"/Launch" not in document


def test_a_table_on_a_page_holds_no_markup(monkeypatch):
    shown = []
    monkeypatch.setattr(tell.st, "html", shown.append)
    tell.table(pl.DataFrame({"title": HOSTILE, "author": HOSTILE}))
    [html] = shown
    assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html and OVERRIDE not in html
    for text in HOSTILE:
        assert re.sub(r"\\(.)", r"\1", tell.plain(text)) == text.replace(OVERRIDE, "")
        assert not re.search(r"(?<!\\)[\[\]<>$*`#|]", tell.plain(text))


def test_the_ledger_keeps_it_as_it_was(hostile, pack, tmp_path):
    with connect_flags(hostile) as cursor:
        query = "SELECT item_id FROM facts_of_day.item JOIN facts_of_day.bib USING (bib_no) JOIN judged USING (item_no) WHERE title LIKE $like"
        items = [
            item
            for like in ("=HYPERLINK%", "<script>%", f"%{OVERRIDE}%", "';DROP%", "改行%")
            for (item,) in cursor.execute(query, {"like": like}).fetchmany(1)
        ]
        told = dict(evidence.of_items(cursor, pack, items).select("item_id", "told").iter_rows())
    assert len(told) == len(items) >= 4
    with ledger.writing(tmp_path) as connection:
        events = [
            Event("tag", item, "keep", item_id=item, evidence=told[item], reason=text, details={"until": text})
            for item, text in zip(items, HOSTILE, strict=False)
        ]
        ledger.append(connection, Person("x", HOSTILE[1], LIBRARIAN.roles), events)
    with ledger.reading(tmp_path) as connection:
        for item, text in zip(items, HOSTILE, strict=False):
            [row] = ledger.history(connection, item)
            assert (row["reason"], row["name"], json.loads(row["details"])["until"]) == (text, HOSTILE[1], text)
            assert json.loads(row["told"]) == json.loads(told[item])


# ── the running server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """(port, store, what it printed so far) of a running server over a store with one account."""
    folder = tmp_path_factory.mktemp("server")
    store = folder / "store"
    accounts.add(store, ADMIN, ADMIN, password="a right password 正")
    with (folder / "printed").open("wb") as printed, serving(store, printed=printed) as address:
        yield int(address.rpartition(":")[2]), store, lambda: (folder / "printed").read_text(encoding="utf-8")


def asked(port, method, path, body=b"", **headers) -> tuple[int, dict, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def sent(port, head: str, pieces=()) -> str:
    """The answer to raw bytes: a head, then pieces as long as the server takes them."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head.replace("\n", "\r\n").encode())
        try:
            for piece in pieces:
                line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        found = b""
        try:
            while part := line.recv(65536):
                found += part
        except ConnectionResetError:
            pass
        return found.decode()


def test_a_gigabyte_is_refused_before_it_is_sent(server):
    port, _, _ = server
    for path, limit in (("/_stcore/upload_file/none/none", "800 MB"), ("/signin", "1 MB"), ("/health", "1 MB")):
        head = f"PUT {path} HTTP/1.1\nHost: 127.0.0.1:{port}\nContent-Length: {1 << 30}\n\n"
        answer = sent(port, head)
        assert answer.startswith("HTTP/1.1 413"), answer[:200]
        assert "大きすぎます" in answer and "too big" in answer and limit in answer
        assert "connection: close" in answer.lower() and "content-security-policy" in answer.lower()


def test_a_body_that_says_nothing_of_its_size_is_cut_off(server):
    port, _, _ = server
    head = (
        f"POST /signin HTTP/1.1\nHost: 127.0.0.1:{port}\nOrigin: http://127.0.0.1:{port}\n"
        "Connection: close\nTransfer-Encoding: chunked\n\n"
    )
    assert sent(port, head, [b"x" * MB] * 200 + [b""])[:12] in ("HTTP/1.1 403", "HTTP/1.1 413")


def test_the_limit_holds_for_what_arrives():
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    from collection.serve import SizeLimit

    async def take(request: Request):
        return PlainTextResponse(str(len(await request.body())))

    route = Route("/{rest:path}", take, methods=["PUT"])
    client = TestClient(Starlette(routes=[route], middleware=[Middleware(SizeLimit, uploads=3 * MB)]))

    def pieces(count):
        yield from (b"x" * (MB // 2) for _ in range(count))

    assert client.put("/_stcore/upload_file/a/b", content=pieces(8)).text == str(4 * MB)
    answer = client.put("/_stcore/upload_file/a/b", content=pieces(9))
    assert answer.status_code == 413 and "上限 3 MB" in answer.text
    assert client.put("/elsewhere", content=pieces(5)).status_code == 413
    assert client.put("/elsewhere", content=b"x" * (4 * MB)).status_code == 413
    assert client.put("/elsewhere", content=b"x").text == "1"


def test_an_upload_without_a_session_is_taken_by_nobody(server):
    port, _, _ = server
    status, _, text = asked(port, "PUT", "/_stcore/upload_file/guess/guess", b"x" * 100)
    assert status == 403 and "Traceback" not in text  # no token against forged requests


def test_the_settings_are_the_safe_ones():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none" and settings["client"]["toolbarMode"] == "minimal"
    assert settings["server"]["maxUploadSize"] <= 800 and settings["server"]["enableStaticServing"] is False
    assert settings["server"].get("enableXsrfProtection", True) and settings["server"].get("enableCORS", True)


def test_it_listens_to_this_machine_only(server):
    port, _, _ = server
    listening = [
        line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"
    ]
    assert f"0100007F:{port:04X}" in listening and f"00000000:{port:04X}" not in listening


PLACES = (
    "/", "/candidates", "/card?item=1", "/books", "/nowhere", "/static/../../app.py", "/static/..%2f..%2fapp.py", "/ledger.sqlite",
    "/app/static/x", "/media/x", "/_stcore/host-config", "/%00", "/signin?next=//evil.example", "/component/x/../../../app.py",
    "/.streamlit/secrets.toml",
)  # fmt: skip


def test_no_address_tells_of_the_inside_or_leads_elsewhere(server):
    port, store, _ = server
    for path in PLACES:
        status, headers, text = asked(port, "GET", path)
        whole = text + json.dumps(headers)
        assert status < 500, path
        for inside in ("Traceback", 'File "', str(store), str(ROOT), "import streamlit", "SQLite format"):
            assert inside not in whole, (path, inside)
        assert "evil.example" not in headers.get("location", "") and "set-cookie-evil" not in headers
        assert headers.get("x-frame-options", headers.get("X-Frame-Options")) == "DENY", path


def test_passwords_are_in_no_log_and_no_file(server):
    port, store, printed = server
    wrong, right = "a wrong password 誤", "a right password 正"
    origin = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    cookies = []
    for password, status in ((wrong, 401), (right, 303)):
        body = urlencode({"number": "kanri", "password": password}).encode()
        found, headers, text = asked(port, "POST", "/signin", body, **origin)
        assert found == status and password not in text
        cookies.append(headers.get("set-cookie", ""))
    token = re.search(r"=([^;]+)", cookies[1])[1]
    assert not cookies[0] and len(token) > 20
    written = [file.read_bytes() for file in store.rglob("*") if file.is_file()] + [printed().encode()]
    for secret in (wrong, right, token, urlencode({"": wrong})[1:], urlencode({"": right})[1:]):
        assert not [content for content in written if secret.encode() in content]
    assert "Traceback" not in printed() and "kanri" not in printed()


def test_the_sentence_has_both_languages():
    told = words.table("upkeep")["too_big"]
    assert "{limit}" in told["ja"] and "{limit}" in told["en"]

"""The server as it is started: health, headers, and nothing from elsewhere."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from collection import serve

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "collection",
        "serve",
        "--store",
        str(tmp_path_factory.mktemp("empty")),
        "--port",
        str(port),
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{url}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_health_says_whether_there_is_something_to_show(address):
    with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
        assert answer.read() == b'{"status":"ok","snapshot":false}'


@pytest.mark.parametrize("path", ["/", "/candidates", "/health", "/signin"])
def test_every_answer_carries_the_security_headers(address, path):
    with urllib.request.urlopen(f"{address}{path}", timeout=10) as answer:
        for name, value in serve.HEADERS.items():
            assert answer.headers[name] == value
        policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval' 'sha256-" in policy
    assert "unsafe-eval'" not in policy.replace("wasm-unsafe-eval", "")

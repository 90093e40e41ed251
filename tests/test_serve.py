"""The server as it is started: health, headers, and nothing from elsewhere."""

import urllib.request

import pytest

from collection import serve
from tests.serving import serving


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("empty")) as address:
        yield address


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

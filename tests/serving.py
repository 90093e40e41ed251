"""`collection serve` in a process of its own, for the tests that talk to the running server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextmanager
def serving(store: Path, port: int | None = None, folder: Path = ROOT, printed=subprocess.DEVNULL) -> Iterator[str]:
    """The address of the server over a store, until the block ends.

    Args:
        folder: where it is started, and so whose .streamlit it reads. printed: where its words go.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "collection", "serve", "--store", str(store), "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, stdout=printed, stderr=printed
    )
    try:
        for _ in range(150):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)

"""What tests of several modules share."""

from pathlib import Path

import pytest

from tests import small_store


@pytest.fixture(scope="session")
def flagged(tmp_path_factory) -> Path:
    """The flags file of a small demo library; its store is two folders up. Nothing may change it."""
    folder = tmp_path_factory.mktemp("small")
    return small_store.build(folder / "store", folder / "files")

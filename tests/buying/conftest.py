"""A store of each test's own over the small demo library, whose index of titles is made once."""

from pathlib import Path

import pytest

from collection.selection import titles
from collection.store import snapshots
from tests import road_store


@pytest.fixture(scope="session")
def indexed(flagged) -> Path:
    """The flags of the small library, with the index of titles beside them."""
    titles.index(snapshots.newest(flagged.parents[1]))
    return flagged


@pytest.fixture
def store(indexed, tmp_path) -> Path:
    """A store with the facts and flags of the small library, and nothing decided yet."""
    return road_store.copied(indexed, tmp_path / "store")

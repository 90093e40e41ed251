"""What tests of several modules share."""

import os
from pathlib import Path

import pytest

from collection import decisions
from collection.store.connection import CONFIG, connect, connect_flags
from tests import road_store, small_store

CONFIG["threads"] = 1  # the libraries are small and the tests run side by side


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors, since the tests in a browser wait a good deal; no more than memory bears."""
    return min((os.cpu_count() or 1) + 1, 4)


@pytest.fixture(scope="session")
def flagged(tmp_path_factory) -> Path:
    """The flags file of a small demo library; its store is two folders up. Nothing may change it."""
    folder = tmp_path_factory.mktemp("small")
    return small_store.build(folder / "store", folder / "files")


@pytest.fixture(scope="module")
def cursor(flagged, tmp_path_factory):
    """A connection to the flags of the small library, its snapshot attached, as the screens see them; nothing is decided."""
    snapshot = flagged.with_name(flagged.name.split(".")[0] + ".duckdb")
    with connect(attach={"flags": flagged, "facts_of_day": snapshot}) as connection:
        connection.execute("SET search_path = 'flags.main'")
        decisions.attach(connection, tmp_path_factory.mktemp("undecided"))
        yield connection


@pytest.fixture
def store(flagged, tmp_path) -> Path:
    """A store of the test's own with the facts and flags of the small library, and nothing decided yet."""
    return road_store.copied(flagged, tmp_path / "store")


@pytest.fixture
def facts(flagged):
    """A cursor on the flags of the small library, as the verbs of the road take it."""
    with connect_flags(flagged) as cursor:
        yield cursor

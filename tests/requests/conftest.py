"""A library with records of its own (tests/requests_file.py), and stores over it in which nothing is decided yet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from collection import policy
from collection.policy import Policy
from collection.requests import checking, tokens
from collection.requests.checking import Answer
from collection.store import snapshots
from tests import requests_file, small_store


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> tuple[Path, list[dict]]:
    """The store of the library, and its own records. Nothing may change it."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "files").mkdir()
    return folder / "store", requests_file.library(folder / "store", folder / "files")


@pytest.fixture(scope="session")
def pack() -> Policy:
    """The rules of Nishinomiya on the day of the library."""
    return policy.load(small_store.PACK, requests_file.AS_OF)


@pytest.fixture
def store(library, tmp_path) -> Path:
    """A store of the test's own over the library."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "holdings").symlink_to(library[0] / "holdings")
    return tmp_path / "store"


@pytest.fixture
def ask(store, pack) -> Callable[..., Answer]:
    """ask({"title": …}, …, person="A"): what comes of titles, all asked for by one person."""

    def asked(*titles: dict, person: str | None = None) -> Answer:
        token = tokens.hasher(store)(person)
        requests = checking.asked([{"token": token, **title} for title in titles])
        return checking.answer(store, snapshots.newest(store), pack, requests, requests_file.AS_OF)

    return asked

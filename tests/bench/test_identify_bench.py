"""What the bench of titles measures is right: ours and the rival find what was meant, and the titles are the same every time."""

import polars as pl
import pytest

from tests.bench import identify

SCALE = 0.002


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return identify.make(tmp_path_factory.mktemp("titles"), SCALE)


def test_ours_and_the_rival_find_what_was_meant(made, monkeypatch):
    monkeypatch.setattr(identify, "ALONE", 20)
    assert identify.index(*made)["bytes"] > 0
    for told in (identify.alone(*made), identify.rival(*made), identify.batch(*made), identify.together(*made)):
        assert told["right"] / told["asked"] > 0.9


def test_the_titles_and_requests_are_the_same_every_time(made, tmp_path):
    again = identify.make(tmp_path, SCALE)
    assert pl.read_parquet(made[1]).equals(pl.read_parquet(again[1]))
    assert pl.read_parquet(made[1])["title"].n_unique() > 1000

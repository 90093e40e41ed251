"""Which snapshot and which flags count as the newest."""

import os
from datetime import date, datetime

import pytest

from collection.store import snapshots
from collection.store.connection import connect, sql
from collection.words import Problem


def make(store, day: date, content_hash: str, made: datetime):
    """An empty snapshot that was made at a time."""
    path = snapshots.path(store, day, content_hash)
    path.parent.mkdir(parents=True, exist_ok=True)
    with connect(path) as connection:
        connection.execute(sql("schema/snapshot"))
        connection.execute("INSERT INTO meta VALUES (?, ?, NULL, NULL)", [day, content_hash])
        row = [made, day, "bibs.csv", "bibs", "", "", "", 0, 0, 0, 0, 0, 0, 0, None]
        connection.execute(f"INSERT INTO import_file VALUES ({', '.join('?' * len(row))})", row)
    return path


def test_an_empty_store_has_nothing_and_says_what_to_do(tmp_path):
    assert snapshots.newest(tmp_path) is None
    assert snapshots.newest_flags(tmp_path) is None
    with pytest.raises(Problem, match="collection import"):
        snapshots.need(tmp_path)


def test_the_latest_day_is_the_newest_and_of_one_day_what_was_made_last(tmp_path):
    day, next_day = date(2025, 4, 1), date(2025, 4, 2)
    second = make(tmp_path, day, "0" * 12, datetime(2025, 4, 5))
    first = make(tmp_path, day, "f" * 12, datetime(2025, 4, 4))
    last = make(tmp_path, next_day, "8" * 12, datetime(2025, 4, 3))
    (tmp_path / "holdings" / "other.duckdb").write_bytes(b"")
    assert snapshots.all(tmp_path) == [first, second, last]
    assert snapshots.newest(tmp_path) == snapshots.need(tmp_path) == last
    assert snapshots.newest(tmp_path, until=day) == second
    assert [snapshots.as_of(path) for path in snapshots.all(tmp_path)] == [day, day, next_day]


def test_flags_belong_to_one_snapshot_and_one_policy(tmp_path):
    old = make(tmp_path, date(2025, 4, 1), "a" * 12, datetime(2025, 4, 1))
    new = make(tmp_path, date(2025, 4, 2), "b" * 12, datetime(2025, 4, 2))
    made = {}
    for place, (snapshot, rest) in enumerate(
        [(old, "nishinomiya-12345678"), (old, "nishinomiya-abcdef12"), (old, "other-city-00000000")]
    ):
        made[rest] = snapshot.with_name(f"{snapshot.stem}.{rest}.duckdb")
        made[rest].touch()
        os.utime(made[rest], (place, place))
    assert snapshots.flags_of(old, "nishinomiya") == made["nishinomiya-abcdef12"]
    assert snapshots.flags_of(old, "other-city") == snapshots.flags_of(old) == made["other-city-00000000"]
    assert snapshots.flags_of(new) is None
    assert snapshots.newest_flags(tmp_path, "nishinomiya") is None
    with pytest.raises(Problem, match="collection flag"):
        snapshots.need_flags(tmp_path)
    assert snapshots.all(tmp_path) == [old, new]

"""Databases opened again and again, by many at once, beside one that stays open."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

from collection.store.connection import connect, connect_flags, connect_ledger


def test_attaching_what_another_database_has_attached_never_waits(flagged):
    snapshot = flagged.with_name(flagged.name.split(".")[0] + ".duckdb")

    def count(_) -> int:
        with connect(attach={"facts_of_day": snapshot}) as connection:
            return connection.execute("SELECT count(*) FROM facts_of_day.item").fetchall()[0][0]

    with connect_flags(flagged), ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(count, range(150)))) == 1


def test_many_open_one_flags_file_at_once(flagged):
    def count(_) -> int:
        with connect_flags(flagged) as connection:
            return connection.execute("SELECT count(*) FROM facts_of_day.item").fetchall()[0][0]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(count, range(60)))) == 1


def test_many_make_one_ledger_file_at_once(tmp_path):
    def mode(number: int) -> str:
        with connect_ledger(tmp_path / f"{number // 8}.sqlite") as connection:
            return connection.execute("PRAGMA journal_mode").fetchone()[0]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(mode, range(160))) == {"wal"}
    with sqlite3.connect(tmp_path / "0.sqlite") as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()

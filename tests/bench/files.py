"""CSV files of the library, in UTF-8 and CP932, and what reading them costs: the product's door and DuckDB's bare read."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path

import duckdb

from collection import words
from collection.imports import import_files
from collection.sources import stage
from collection.store.connection import connect
from tests.bench.library import AS_OF

ENCODINGS = {"utf-8": "UTF-8", "cp932": "CP932"}
BLOCK = 1 << 22  # characters written at a time
# A kind of file: Japanese header → what of the snapshot stands under it.
COLUMNS = {
    "bibs": {"書誌番号": "bib_id", "書名": "title", "叢書名": "series", "著者名": "author", "出版者": "publisher",
             "出版年": "pub_year", "版表示": "edition", "分類": "ndc", "利用対象": "audience", "資料種別": "material",
             "言語": "language", "本体価格": "price", "件名": "subjects", "郷土区分": "local"},
    "items": {"資料番号": "item_id", "書誌番号": "bib_id", "所蔵館": "branch", "配架場所": "location", "請求記号": "call_number",
              "受入日": "accession_date", "受入区分": "source", "受入価格": "price", "状態": "status", "資料状態": "condition",
              "不明確認日": "missing_confirmed_on", "返却期限日": "due_date", "督促回数": "reminders",
              "最終督促日": "last_reminder_date", "回収不能": "unrecoverable", "保存区分": "retention", "発行日": "issue_date",
              "累計貸出回数": "loans_total", "最終貸出日": "last_loan_date"},
    "loans": {"資料番号": "item_id", "年月": "month", "貸出回数": "loans", "館内利用": "in_house"},
}  # fmt: skip
SOURCES = {"bibs": "bib", "items": "item", "loans": "loan JOIN item USING (item_no)"}


def make(snapshot: Path, folder: Path) -> None:
    """<kind>.<encoding>.csv of all kinds in both encodings."""
    with connect(snapshot, read_only=True) as connection:
        for kind, columns in COLUMNS.items():
            texts = ", ".join(f'{_text(kind, column)} AS "{header}"' for header, column in columns.items())
            path = folder / f"{kind}.utf-8.csv"
            connection.execute(f"COPY (SELECT {texts} FROM {SOURCES[kind]}) TO '{path}' (HEADER, DELIMITER ',')")
            with path.open(encoding="utf-8") as plain, of(folder, kind, "cp932").open("w", encoding="cp932") as other:
                shutil.copyfileobj(plain, other, BLOCK)


def of(folder: Path, kind: str, encoding: str) -> Path:
    """Where a file stands."""
    return folder / f"{kind}.{encoding}.csv"


def _text(kind: str, column: str) -> str:
    """SQL of a column as a library would write it: codes in words, days with slashes."""
    if column == "month":
        return "printf('%d-%02d', month // 12, month % 12 + 1)"
    if column == "unrecoverable":
        return "CASE WHEN unrecoverable THEN 1 END"
    codes = words.table("codes").get(column) if kind != "loans" else None
    if column == "local":
        return reduce(lambda text, code: f"replace({text}, '{code}', '{codes[code]['ja']}')", codes, column)
    if codes:
        return (
            f"CASE {column} " + " ".join(f"WHEN '{code}' THEN '{said['ja']}'" for code, said in codes.items()) + " END"
        )
    return f"strftime({column}, '%Y/%m/%d')" if column.endswith(("_date", "_on")) else column


def bare(path: Path, folder: Path) -> float:
    """Seconds of DuckDB's bare read of a UTF-8 file into a table of texts."""
    with _room(folder) as connection:
        begun = time.perf_counter()
        connection.execute(f"CREATE TABLE bare AS FROM read_csv('{path}', all_varchar = true)")
        return time.perf_counter() - begun


def staged(path: Path, folder: Path) -> float:
    """Seconds of collection.sources.stage: the file as a typed table."""
    with _room(folder) as connection:
        begun = time.perf_counter()
        stage(connection, path)
        return time.perf_counter() - begun


def imported(base: Path, folder: Path, encoding: str) -> float:
    """Seconds of collection.imports.import_files of items and loans into a store that has the bibs: a new snapshot."""
    store = folder / "importing"
    shutil.copytree(base, store)
    begun = time.perf_counter()
    result = import_files(
        store, AS_OF, [("items", of(folder, "items", encoding)), ("loans", of(folder, "loans", encoding))]
    )
    seconds = time.perf_counter() - begun
    shutil.rmtree(store)
    wrong = sum(outcome.error + outcome.skipped for outcome in result.files)
    if wrong:
        raise ValueError(f"{wrong} rows of {encoding} were not taken")
    return seconds


def with_bibs(folder: Path) -> Path:
    """A store that holds the bibs alone."""
    store = folder / "bibs-only"
    import_files(store, AS_OF, [("bibs", of(folder, "bibs", "utf-8"))])
    return store


@contextmanager
def _room(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory, the same for both."""
    with connect() as connection:
        connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
        yield connection

"""MARC 21 by collection.sources.marc and by a plain pymarc loop, fields identical."""

from pathlib import Path

import polars as pl
import pymarc

from collection.sources import stage
from collection.sources.marc import binary, items, reference, rules
from collection.sources.marc.landing import Landed, frames, groups
from collection.store.connection import connect
from tests.bench import plain_marc
from tests.sources.marc_records import control, field, marc

RECORDS = 40_000
REAL = Path(__file__).parents[2] / "../shared/real/lc_japanese/books_jpn.mrc"
SUBJECTS = [
    "健康",
    "料理",
    "園芸",
    "法律",
    "天気",
    "登山",
    "統計",
    "電子回路",
    "織物",
    "陶芸",
    "写真",
    "短歌",
    "昔話",
    "鉄道",
]


def make(path: Path, records: int) -> None:
    """Records in the shapes of JAPAN/MARC and of the Library of Congress, by turns, written by pymarc."""
    with path.open("wb") as file:
        for number in range(records):
            file.write((_japan_marc if number % 2 else _library_of_congress)(number))


def _japan_marc(number: int) -> bytes:
    subject, year = SUBJECTS[number % 14], 1960 + number % 65
    fields = [
        control("001", f"{number:09}"),
        control("005", "20240401000000.0"),
        control(
            "008",
            f"240401s{year}    ja {'j' if number % 6 == 5 else ' '}   {'y' if number % 40 == 1 else ' '}     000 0 jpn  ",
        ),
        field(
            "020",
            "  ",
            ("a", f"978-4-00-{number:06}-{_check13(f'978400{number:06}')} : "),
            ("c", f"{900 + number % 4000}円"),
        ),
        field("040", "  ", ("a", "JTNDL"), ("b", "jpn"), ("e", "ncr/1987")),
        field("084", "  ", ("a", f"KH{number % 700}"), ("2", "kktb")),
        field("084", "  ", ("a", f"{number % 1000:03}.{number % 10}"), ("2", "njb/09")),
        field("100", "1 ", ("6", "880-02"), ("a", f"海野, 一{number % 90}, "), ("d", "1951-")),
        field(
            "245",
            "00",
            ("6", "880-01"),
            ("a", f"{subject}の手引{number} : "),
            ("b", "はじめての人に / "),
            ("c", f"海野一{number % 90}著."),
        ),
        field("264", " 1", ("a", "東京 : "), ("b", f"波止場書房{number % 500}, "), ("c", f"{year}.{1 + number % 12}")),
        field("300", "  ", ("a", "199p ; "), ("c", "20cm")),
        field("490", "0 ", ("a", f"架空叢書 ; {number % 300}")),
        field("650", " 7", ("a", subject), ("x", "歴史"), ("2", "ndlsh"), ("0", f"0056{number % 9000:04}")),
        field("880", "00", ("6", "245-01/$1"), ("a", f"{'カナ' * (1 + number % 3)} ノ テビキ {number}")),
        field("880", "00", ("6", "245-01/(B"), ("a", f"{'Kana ' * (1 + number % 3)} no tebiki {number}")),
        field("880", "1 ", ("6", "100-02/$1"), ("a", "ウンノ, イチ, "), ("d", "1951-")),
    ]
    return marc(*fields)


def _library_of_congress(number: int) -> bytes:
    subject, year = SUBJECTS[number % 14], 1960 + number % 65
    fields = [
        control("001", f"   {number:08} "),
        control("005", "20240401000000.0"),
        control("008", f"240401s{year}    ja a   {'j' if number % 12 == 6 else ' '}      000 0 jpn  "),
        field("010", "  ", ("a", f"   {number:08}")),
        field(
            "020", "  ", ("a", f"4000{number:05}{_check10(f'4000{number:05}')} :"), ("c", f"Y{1000 + number % 3000}")
        ),
        field("040", "  ", ("a", "DLC"), ("c", "DLC")),
        field("082", "00", ("a", f"{number % 1000:03}.6"), ("2", "21")),
        field("100", "1 ", ("6", "880-01"), ("a", f"Unno, Ichi {number % 90},"), ("d", "1951-")),
        field(
            "245",
            "10",
            ("6", "880-02"),
            ("a", f"Tebiki {number}."),
            ("n", f"Dai {1 + number % 3}-kan /"),
            ("c", "Unno Ichi cho."),
        ),
        field("250", "  ", ("6", "880-03"), ("a", "Dai 1-han.")),
        field(
            "260",
            "  ",
            ("6", "880-04"),
            ("a", "Tōkyō :"),
            ("b", "Hatoba Shobō,"),
            ("c", f"Heisei {1 + number % 30} [{year}]"),
        ),
        field("300", "  ", ("a", "199 p. ;"), ("c", "20 cm.")),
        field("440", " 0", ("6", "880-05"), ("a", "Kakū sōsho ;"), ("v", str(number % 300))),
        field("650", " 0", ("a", "Handbooks"), ("z", "Japan"), ("x", "History.")),
        field("880", "1 ", ("6", "100-01/$1"), ("a", f"海野一{number % 90},"), ("d", "1951-")),
        field(
            "880",
            "10",
            ("6", "245-02/$1"),
            ("a", f"{subject}の手引{number}."),
            ("n", f"第{1 + number % 3}巻 /"),
            ("c", f"海野一{number % 90}著."),
        ),
        field("880", "  ", ("6", "250-03/$1"), ("a", "第1版.")),
        field(
            "880",
            "  ",
            ("6", "260-04/$1"),
            ("a", "東京 :"),
            ("b", f"波止場書房{number % 500},"),
            ("c", f"平成{1 + number % 30} [{year}]"),
        ),
        field("880", " 0", ("6", "440-05/$1"), ("a", "架空叢書 ;"), ("v", str(number % 300))),
    ]
    return marc(*fields)


def _check13(digits: str) -> int:
    return -sum(int(digit) * (1 + place % 2 * 2) for place, digit in enumerate(digits)) % 10


def _check10(digits: str) -> str:
    return "0123456789X"[-sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11]


def fields(path: Path) -> list[list[tuple[str, str]]]:
    """The fields of every record as the product's reader slices them, those it looks at."""
    return [read.fields for batch in binary.read(path, _wanted(), lambda done: None) for read in batch]


def fields_by_pymarc(path: Path) -> list[list[tuple[str, str]]]:
    """The same fields by a plain pymarc loop."""
    wanted = _wanted()
    with path.open("rb") as file:
        records = [reference.fields_of(record) for record in pymarc.MARCReader(file, force_utf8=True)]
    return [[field for field in record if field[0] in wanted] for record in records]


def staged(path: Path) -> None:
    """The file as typed tables in DuckDB, its bytes kept: the whole of the product's door."""
    with connect() as connection:
        stage(connection, path)


def _wanted() -> frozenset[str]:
    return rules.TAGS.union(*[items.load(name).tags for name in items.ORDER])


def texts(path: Path) -> pl.DataFrame:
    """The texts that the product finds, before they are landed and typed: what the plain loop makes too."""
    mappings = [items.load(name) for name in items.ORDER]
    batches = binary.read(path, _wanted(), lambda done: None)
    return pl.concat([bibs for _, bibs, _ in map(frames, groups(batches, mappings, Landed()))])


def differences(path: Path) -> dict[str, int]:
    """Records that differ between the product and the plain loops, by field; empty when all are identical."""
    if fields(path) != fields_by_pymarc(path):
        return {"fields": 1}
    rival = pl.DataFrame(plain_marc.read(path), infer_schema_length=None)
    found = texts(path).select(rival.columns)
    if len(found) != len(rival):
        return {"records": abs(len(found) - len(rival))}
    rows = {name: int(found[name].ne_missing(rival[name].cast(pl.String)).sum()) for name in rival.columns}
    return {name: count for name, count in rows.items() if count}

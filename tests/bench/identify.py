"""Which title is asked for, out of a million made-up ones: single requests, a batch, the index and its memory.

`python -m tests.bench.identify index|alone|rival|batch|together SNAPSHOT REQUESTS` runs one and prints its figures as JSON. The rival
is rapidfuzz over the match keys of all titles, author and publisher left aside. `right` counts the requests (Parquet, with
the bib_no that was meant) whose title comes first.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from collection.selection import titles
from collection.selection.identify import identify, opened
from collection.sources.normalise import match_key
from collection.store import snapshots
from collection.store.connection import connect, sql
from tests.bench import judging, library
from tests.bench.measures import Line
from tests.selection import disturbed

TITLES, ALONE, BATCH, RIVAL = 1_000_000, 1000, 2000, 40
SURE = 90
KANJI = [chr(code) for code in range(0x4E00, 0x9FA0, 10)]  # 2,093 of them
WORDS, NAMES, PUBLISHERS = 30_000, 3_000, 2_000
LINKS = ["の", "と", "", "における", "を読む", "から", "への", "・", "のための", "はじめての"]  # fmt: skip
ENDS = ["入門", "の歴史", "の研究", "事典", "ノート", "物語", "論", "の手引", "を考える", "", " 上", " 下", " 2", " : 図解", "資料集"]  # fmt: skip


def make(folder: Path, scale: float) -> tuple[Path, Path]:
    """A snapshot of made-up titles (some words far more frequent than others), and requests for some of them, disturbed."""
    rng = random.Random(1)
    count = round(TITLES * scale)
    words, names = (["".join(rng.choices(KANJI, k=2)) for _ in range(size)] for size in (WORDS, NAMES))

    def word() -> str:
        return words[int(WORDS * rng.random() ** 3)]

    rows = [
        {
            "title": f"{word()}{rng.choice(LINKS)}{word()}{rng.choice(ENDS)}" + (f" : {word()}{word()}" if rng.random() < 0.25 else ""),
            "author": f"{rng.choice(names)}{rng.choice(names)}著",
            "publisher": f"{words[rng.randrange(PUBLISHERS)]}書房",
            "pub_year": rng.randrange(1960, 2025),
        }
        for _ in range(count)
    ]  # fmt: skip
    frame = pl.DataFrame(rows).with_row_index("bib_no").with_columns(work_no="bib_no", unit_no="bib_no")
    frame = frame.with_columns(bib_id=pl.format("T{}", "bib_no"), title_key=match_key(frame["title"]))
    snapshot = snapshots.path(folder, library.AS_OF, "1" * 12)
    snapshot.parent.mkdir(parents=True, exist_ok=True)
    with connect(snapshot) as connection:
        connection.execute(sql("schema/snapshot"))
        connection.register("rows", frame.to_arrow())
        connection.execute("INSERT INTO bib BY NAME SELECT * FROM rows")
    requests = folder / "requests.parquet"
    _disturbed(rng, frame.sample(max(ALONE, BATCH), with_replacement=True, seed=2)).write_parquet(requests)
    return snapshot, requests


def _disturbed(rng: random.Random, meant: pl.DataFrame) -> pl.DataFrame:
    """Every request with a slip, the family name alone or nobody named; half of them know publisher and year."""
    rows = []
    for row, bib in enumerate(meant.rows(named=True)):
        kind = rng.choice((disturbed.typo, disturbed.family_name, disturbed.no_author, disturbed.no_subtitle))
        asked = bib | {"isbn": None, "volume": None, "edition": None, "row": row}
        if rng.random() < 0.5:
            asked |= {"publisher": None, "pub_year": None}
        rows.append(asked | (kind(rng, bib, KANJI) or {}))
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(disturbed.ASKED[:-1], pl.String), infer_schema_length=None)


# ── each in a process of its own


def index(snapshot: Path, _: Path) -> dict:
    """The index of titles made anew."""
    begun = time.perf_counter()
    made = titles.index(snapshot)
    return {"seconds": [time.perf_counter() - begun], "bytes": made.stat().st_size}


def alone(snapshot: Path, requests: Path) -> dict:
    """Requests one at a time."""
    asked = pl.read_parquet(requests).head(ALONE)
    with opened(snapshot) as cursor:
        identify(cursor, asked[:1], SURE)
        return _each(asked, lambda one: identify(cursor, one, SURE, most=1)["bib_no"].to_list())


def batch(snapshot: Path, requests: Path) -> dict:
    """All requests at once."""
    asked = pl.read_parquet(requests).head(BATCH)
    with opened(snapshot) as cursor:
        begun = time.perf_counter()
        found = identify(cursor, asked, SURE, most=1)
        seconds = time.perf_counter() - begun
    right = asked.select("row", meant="bib_no").join(found, on="row").filter(pl.col("meant") == pl.col("bib_no"))
    return {"seconds": [seconds], "right": len(right), "asked": len(asked)}


def rival(snapshot: Path, requests: Path) -> dict:
    """rapidfuzz.process.extract of one request after the other over the match keys of all titles."""
    asked = pl.read_parquet(requests).head(RIVAL)
    asked, keys = asked.with_columns(key=match_key(asked["title"])), _match_keys(snapshot)
    return _each(asked, lambda one: [process.extractOne(one["key"].item(), keys, scorer=fuzz.ratio)[2]])


def together(snapshot: Path, requests: Path) -> dict:
    """rapidfuzz.process.cdist of some requests at once over the match keys of all titles, on all cores."""
    asked = pl.read_parquet(requests).head(RIVAL)
    keys = _match_keys(snapshot)
    begun = time.perf_counter()
    likeness = process.cdist(match_key(asked["title"]).to_list(), keys, scorer=fuzz.ratio, dtype=np.uint8, workers=-1)
    best = likeness.argmax(axis=1)
    return {
        "seconds": [time.perf_counter() - begun],
        "right": int((best == asked["bib_no"].to_numpy()).sum()),
        "asked": len(asked),
    }


def _match_keys(snapshot: Path) -> list[str]:
    with connect(snapshot, read_only=True) as connection:
        return connection.sql("SELECT title_key FROM bib ORDER BY bib_no").pl()["title_key"].to_list()


def _each(asked: pl.DataFrame, find: Callable[[pl.DataFrame], list[int]]) -> dict:
    seconds, right = [], 0
    for row in range(len(asked)):
        begun = time.perf_counter()
        found = find(asked[row : row + 1])
        seconds.append(time.perf_counter() - begun)
        right += found == [asked["bib_no"][row]]
    return {"seconds": seconds, "right": right, "asked": len(asked)}


RUNS = {run.__name__: run for run in (index, alone, rival, batch, together)}


def run(name: str, snapshot: Path, requests: Path) -> dict:
    """One of RUNS in a process of its own: its figures and peak (bytes)."""
    command = [sys.executable, "-m", "tests.bench.identify", name, str(snapshot), str(requests)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    return json.loads(told.stdout)


def lines(folder: Path, scale: float) -> Iterator[Line]:
    """The lines of the table."""
    snapshot, requests = make(folder / "titles", scale)
    what = f"which of {round(TITLES * scale):,} titles"
    told = {name: run(name, snapshot, requests) for name in RUNS}
    seconds, peak = told["index"]["seconds"][0], told["index"]["peak"]
    made = f"{what}: the index made, {told['index']['bytes'] / 1e6:,.0f} MB"
    yield Line(made, f"{seconds:.1f} s", target="≤ 15 s", reached=seconds <= 15)
    yield Line("the same: peak memory", f"{peak / 1e9:.2f} GB", target="≤ 1 GB", reached=peak <= 1e9)
    share = {name: f"{found['right'] / found['asked']:.1%}" for name, found in told.items() if "asked" in found}
    for percent in (50, 95):
        ours, other = (quantiles(told[name]["seconds"], n=100)[percent - 1] for name in ("alone", "rival"))
        yield Line(
            f"{what}, one request: p{percent}; the right one first in {share['alone']}, by rapidfuzz over all keys in {share['rival']}",
            f"{ours * 1000:.0f} ms", f"{other * 1000:.0f} ms", f"{other / ours:.1f} × faster",
            "≤ 50 ms" if percent == 95 else "", ours <= 0.05 if percent == 95 else None,
        )  # fmt: skip
    seconds = told["batch"]["seconds"][0]
    ours, other = (told[name]["seconds"][0] / told[name]["asked"] for name in ("batch", "together"))
    yield Line(
        f"{what}, {told['batch']['asked']:,} requests at once; the right one first in {share['batch']}, by cdist in {share['together']}",
        f"{seconds:.1f} s ({ours * 1000:.1f} ms each)", f"{other * 1000:.1f} ms each", f"{other / ours:.1f} × faster",
        "≤ 4 s", seconds <= 4,
    )  # fmt: skip
    peak, asked = told["alone"]["peak"], told["alone"]["asked"]
    memory = f"{what}: peak memory of a process that asks {asked:,} times"
    yield Line(memory, f"{peak / 1e9:.2f} GB", target="≤ 1 GB", reached=peak <= 1e9)


if __name__ == "__main__":
    name, snapshot, requests = sys.argv[1:]
    figures = RUNS[name](Path(snapshot), Path(requests))
    print(json.dumps(figures | {"peak": judging.peak()}))

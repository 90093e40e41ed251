"""The pairs of similar titles among a million made-up ones: whole, and grown when one record in a hundred is new.

`python -m tests.bench.similar SNAPSHOT` makes the index of a snapshot and prints its figures as JSON. The titles are those
of identify.py under classes as public libraries hold them: a quarter of them novels.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from collection.store import snapshots
from collection.store.connection import connect, sql
from models import artefact
from models.similar.index import index
from tests.bench import identify, judging
from tests.bench.measures import Line

LATER = date(2025, 5, 1)
CLASSED = """
UPDATE bib SET ndc = CASE
    WHEN share < 18 THEN '913.6' WHEN share < 24 THEN '913' WHEN share < 28 THEN '933.7' WHEN share < 30 THEN '914.6'
    ELSE printf('%03d', floor(1000 * power(place, 1.5))::INTEGER) || CASE WHEN digit < 4 THEN '' ELSE '.' || digit END
END
FROM (
    SELECT bib_no AS number, hash(bib_no, 'share') % 100 AS share, (hash(bib_no, 'place') % 1000000) / 1e6 AS place,
        hash(bib_no, 'digit') % 10 AS digit
    FROM bib
)
WHERE bib_no = number
"""


def make(folder: Path, scale: float) -> tuple[Path, Path]:
    """Two snapshots of one store: titles with classes, and the same a month later with one in a hundred new."""
    first, _ = identify.make(folder, scale)
    second = snapshots.path(folder, LATER, "2" * 12)
    with connect(first) as connection:
        connection.execute("INSERT INTO meta VALUES ('2025-04-01', '111111111111', NULL, NULL)")
        connection.execute(CLASSED)
    with connect(second, attach={"before": first}) as connection:
        connection.execute(sql("schema/snapshot"))
        connection.execute("INSERT INTO meta VALUES ('2025-05-01', '222222222222', NULL, NULL)")
        connection.execute(
            "INSERT INTO bib SELECT * REPLACE (if(bib_no % 100 = 7, 'N', 'T') || bib_id AS bib_id) FROM before.bib"
        )
        connection.execute("UPDATE bib SET bib_id = bib_id[2:] WHERE bib_id[1] = 'T'")
    return first, second


def made(snapshot: Path) -> dict:
    """The index of a snapshot: seconds, cpu (seconds of all threads), peak (bytes), pairs, bytes, and whether it was grown."""
    begun, worked = time.perf_counter(), time.process_time()
    file = index(snapshot)
    told = {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - worked, "bytes": file.stat().st_size}
    figures = artefact.manifest(file).figures
    return told | {"pairs": figures["pairs"], "grown": figures["weights_of"] != snapshot.name, "peak": judging.peak()}


def run(snapshot: Path) -> dict:
    """`made` in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.similar", str(snapshot)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    return json.loads(told.stdout)


def lines(folder: Path, scale: float) -> Iterator[Line]:
    """The lines of the table."""
    first, second = make(folder / "similar", scale)
    whole, grown = run(first), run(second)
    what = f"similar titles of {round(identify.TITLES * scale):,}"
    told = f"{what}: all {whole['pairs']:,} pairs ({whole['cpu']:.0f} s of CPU, {whole['bytes'] / 1e6:,.0f} MB)"
    yield Line(told, f"{whole['seconds']:.1f} s", target="≤ 90 s", reached=whole["seconds"] <= 90)
    yield Line(f"{what}: peak memory", f"{whole['peak'] / 1e9:.2f} GB", target="≤ 4 GB", reached=whole["peak"] <= 4e9)
    what = f"{what}, one in a hundred new: the index grown ({grown['cpu']:.0f} s of CPU)"
    yield Line(what, f"{grown['seconds']:.1f} s", equal=grown["grown"])


if __name__ == "__main__":
    print(json.dumps(made(Path(sys.argv[1]))))

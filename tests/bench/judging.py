"""Ours and the rivals from measure to score, each run in a process of its own, and their outputs side by side.

`python -m tests.bench.judging ours|sqlite|pandas|bare SNAPSHOT FOLDER` runs one and prints seconds and peak memory as JSON.
"""

import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from collection.flag import judge
from collection.store.connection import connect
from models.similar.index import index
from tests.bench import in_pandas, in_sqlite, library, pandas_facts

EXACT = ("verdict", "criterion", "criteria", "route", "survivor_item_no", "survivor_kind", "protected_by", "advice")
NEAR = ("score_use", "score_freshness", "score_scarcity", "score_priority", "score")
BARE = "CREATE TEMP TABLE bare AS SELECT item_no, sum(loans), max(month) FROM {loans} GROUP BY item_no"


def prepare(snapshot: Path, folder: Path) -> None:
    """What the rivals stand on: the library in SQLite, and the loan rows in the order of chance."""
    in_sqlite.load(snapshot, folder / "rival.sqlite", library.policy(), index(snapshot))
    with connect(folder / "shuffled.duckdb", attach={"facts": snapshot}) as connection:
        connection.execute("CREATE TABLE loan AS FROM facts.loan ORDER BY hash(item_no, month)")


def ours(snapshot: Path, folder: Path) -> dict:
    """The product: collection.flag.judge over the snapshot, its result in memory like those of the rivals."""
    similar = index(snapshot)
    with connect(attach={"facts_of_day": snapshot}) as connection:
        begun = time.perf_counter()
        judge(connection, library.policy(), library.AS_OF, similar=similar)
        told = {"seconds": time.perf_counter() - begun, "peak": peak()}
        columns = ", ".join(("item_no", *EXACT, *NEAR))
        connection.execute(f"COPY (SELECT {columns} FROM judged) TO '{folder / 'ours.parquet'}'")
    return told


def filed(snapshot: Path, folder: Path) -> dict:
    """The same with its result written to a flags file."""
    flags = folder / "filed.duckdb"
    flags.unlink(missing_ok=True)
    similar = index(snapshot)
    with connect(flags, attach={"facts_of_day": snapshot}) as connection:
        begun = time.perf_counter()
        judge(connection, library.policy(), library.AS_OF, similar=similar)
        connection.execute("CHECKPOINT")
        return {"seconds": time.perf_counter() - begun, "peak": peak()}


def sqlite(snapshot: Path, folder: Path) -> dict:
    """The rules straight in SQLite."""
    seconds, judged = in_sqlite.judge(folder / "rival.sqlite", library.policy())
    told = {"seconds": seconds, "peak": peak()}
    judged.write_parquet(folder / "sqlite.parquet")
    return told


def pandas(snapshot: Path, folder: Path) -> dict:
    """The rules straight in pandas."""
    seconds, judged = in_pandas.judge(pandas_facts.load(snapshot, index(snapshot)), library.policy())
    told = {"seconds": seconds, "peak": peak()}
    judged.to_parquet(folder / "pandas.parquet", index=False)
    return told


def shuffled(snapshot: Path, folder: Path) -> dict:
    """The bare sum of the loan rows by item, the rows in the order of chance, as they would arrive."""
    return _bare(folder / "shuffled.duckdb")


def stored(snapshot: Path, folder: Path) -> dict:
    """The bare sum of the loan rows by item, the rows sorted by item, as the snapshot stores them."""
    return _bare(snapshot)


def _bare(database: Path) -> dict:
    with connect(database, read_only=True) as connection:
        begun = time.perf_counter()
        connection.execute(BARE.format(loans="loan"))
        return {"seconds": time.perf_counter() - begun, "peak": peak()}


RUNS = {run.__name__: run for run in (ours, filed, sqlite, pandas, shuffled, stored)}


def peak() -> int:
    """The most memory this process has held, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss begins with what the process that started this one held
        (held,) = re.findall(r"VmHWM:\s*(\d+) kB", status.read_text())
        return int(held) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def run(name: str, snapshot: Path, folder: Path) -> dict:
    """One of RUNS in a process of its own: seconds and peak (bytes)."""
    command = [sys.executable, "-m", "tests.bench.judging", name, str(snapshot), str(folder)]
    root = Path(__file__).parents[2]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=root).stdout)


def sizes(snapshot: Path) -> tuple[int, int]:
    """Items and loan rows of the library."""
    with connect(snapshot, read_only=True) as connection:
        return connection.execute("SELECT (SELECT count(*) FROM item), (SELECT count(*) FROM loan)").fetchone()


def differences(folder: Path, rival: str) -> dict[str, int]:
    """Items on which a rival's output differs from ours, by column; empty when all are equal."""
    same = [f"count(*) FILTER (ours.{name} IS DISTINCT FROM rival.{name}) AS {name}" for name in EXACT]
    near = [
        f"count(*) FILTER (NOT coalesce(abs(ours.{name} - rival.{name}) <= 1e-3, false)) AS {name}" for name in NEAR
    ]
    missing = "count(*) FILTER (ours.item_no IS NULL OR rival.item_no IS NULL) AS item_no"
    with duckdb.connect() as connection:
        found = connection.sql(
            f"SELECT {', '.join([missing, *same, *near])} "
            f"FROM '{folder / 'ours.parquet'}' AS ours FULL JOIN '{folder / rival}.parquet' AS rival USING (item_no)"
        ).pl()
    return {name: rows for name, rows in found.row(0, named=True).items() if rows}


if __name__ == "__main__":
    name, snapshot, folder = sys.argv[1:]
    print(json.dumps(RUNS[name](Path(snapshot), Path(folder))))

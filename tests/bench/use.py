"""The forecast of use over the demo library: how long it takes to learn, how much memory, and how it did on past years.

`python -m tests.bench.use FLAGS` trains over the snapshot of a flags file and prints its figures as JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import models
from collection import policy
from collection.demo import AS_OF
from tests import small_store
from tests.bench import judging
from tests.bench.measures import Line


def trained(flags: Path) -> dict:
    """The figures of the training, with its seconds, cpu (seconds of all threads) and peak (bytes)."""
    begun, worked = time.perf_counter(), time.process_time()
    made = models.train(flags.parents[1], flags, policy.load(small_store.PACK, AS_OF), "use")
    told = {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - worked, "peak": judging.peak()}
    return made.figures | told


def run(flags: Path) -> dict:
    """`trained` in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.use", str(flags)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    return json.loads(told.stdout)


def lines(folder: Path, scale: float) -> Iterator[Line]:
    """The lines of the table."""
    found = run(small_store.build(folder / "use", folder / "use_files", scale))
    what = f"forecast of use over the demo at scale {scale:g}"
    yield Line(
        f"{what} ({found['cpu']:.0f} s of CPU)",
        f"{found['seconds']:.0f} s",
        target="≤ 150 s",
        reached=found["seconds"] <= 150,
    )
    yield Line(f"{what}: peak memory", f"{found['peak'] / 1e9:.2f} GB", target="≤ 4 GB", reached=found["peak"] <= 4e9)
    for months, tried in found["horizons"].items():
        ours, *plain = (tried["deviance"][name] for name in ("model", "last_year", "class_age"))
        head = f"{what}: {months} months, mean Poisson deviance (parted by {tried['split']})"
        reached = tried["gain"] >= 0.15
        yield Line(head, f"{ours:.2f}", f"{min(plain):.2f}", f"{min(plain) / ours:.1f}", "15 % less", reached)
        low, high = tried["classes"]
        head = f"{what}: {months} months, told ÷ came, least and greatest of the classes"
        yield Line(head, f"{low:.2f}–{high:.2f}", target="0.9–1.1", reached=low >= 0.9 and high <= 1.1)


if __name__ == "__main__":
    print(json.dumps(trained(Path(sys.argv[1]))))

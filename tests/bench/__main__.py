"""`make bench`: one table of what was measured, ours beside its rivals, printed as Markdown.

    python -m tests.bench [--scale 0.05]

Medians of three runs, ours and the rivals in turn. Everything it needs it makes itself, in a folder of its own.
"""

import argparse
import os
import platform
import sys
import tempfile
from itertools import chain
from pathlib import Path

import duckdb

from tests.bench import identify, measures, similar, use


def main() -> int:
    """Prints the table, also where it falls short. Status 1 when an output differs from a rival's, else 0."""
    options = argparse.ArgumentParser(prog="python -m tests.bench")
    options.add_argument("--scale", type=float, default=1.0, help="part of 1,000,000 items and 15,000,000 loan rows")
    scale = options.parse_args().scale
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}, scale {scale:g}",
        end="\n\n",
    )
    print("| what | ours | rival | ratio | target | reached |\n|---|--:|--:|--:|--:|---|", flush=True)
    equal = True
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        parts = (measures.all_of, identify.lines, similar.lines, use.lines)
        for line in chain.from_iterable(part(Path(folder), scale) for part in parts):
            print(line.markdown(), flush=True)
            equal = equal and line.equal
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())

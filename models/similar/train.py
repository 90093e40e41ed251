"""The uniform door of `collection train similar`; flag.py makes the index by index.py when it is not there."""

from pathlib import Path

import duckdb

from collection.policy.model import Policy
from collection.progress import Progress
from models.similar.index import build


def train(connection: duckdb.DuckDBPyConnection, store: Path, policy: Policy, progress: Progress) -> dict:
    """The index of similar titles over the attached snapshot; decisions and rules bear on nothing in it."""
    return build(connection, progress)

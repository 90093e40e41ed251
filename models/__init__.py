"""Forecasts beside the facts: what was learnt from one snapshot and the decisions so far, one folder a model.

Each folder has `features.sql` (what is known on a cutoff day, nothing later), `train.py` (always against a baseline) and
`card.md` (purpose, not-for, data, result). Rules read none of it but the similar titles, whose evidence is words and class.
What a model has learnt is one file beside its snapshot (artefact.py); without it every screen goes on without forecasts.
"""

import time
from importlib import import_module
from pathlib import Path

from collection.policy.model import Policy
from collection.progress import Progress, silent
from models import artefact

NAMES = ("similar", "use", "local", "agreement", "anomalies")


def train(store: Path, flags: Path, policy: Policy, name: str, progress: Progress = silent) -> artefact.Manifest:
    """Train one model over the snapshot of a flags file, and publish what it learnt in place of what was there.

    Args:
        store: its ledger is read by the models that learn from decisions.
        flags: made by `policy` over the snapshot.

    Raises:
        Problem: there is too little to learn from; what was there stays.
    """
    began = time.monotonic()
    module = import_module(f"models.{name}.train")
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    with artefact.building(snapshot, name, flags) as making:
        figures = module.train(making.connection, store, policy, progress)
        return making.finish(figures | {"seconds": round(time.monotonic() - began, 1)})

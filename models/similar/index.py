"""The index of similar titles (類本) of a snapshot: an artefact with the table `neighbour`, made when it is not there.

It needs nothing but the snapshot. Where the store holds one of an earlier snapshot, only what is new or changed is compared
(grown.py), under the weights of that one; a large change makes it whole again.
"""

import time
from pathlib import Path

import duckdb
import numpy as np

from collection.progress import Progress, silent
from collection.store.connection import sql
from models import artefact
from models.similar import compare, grown, pairs

NAME = "similar"
BANDS, EXAMPLES = [0.8, 0.6, 0.0], 8  # scores from which examples are told, and how many of each
STEPS = {"score": [step / 10 for step in range(11)], "neighbours": list(range(12))}


def index(snapshot: Path, progress: Progress = silent) -> Path:
    """The index of a snapshot, made when it is not there or was made by other code (under a minute for a million records)."""
    file = artefact.found(snapshot, NAME)
    if file is None:
        began = time.monotonic()
        with artefact.building(snapshot, NAME) as making:
            figures = build(making.connection, progress)
            making.finish(figures | {"seconds": round(time.monotonic() - began, 1)})
        file = artefact.found(snapshot, NAME)
    return file


def build(connection: duckdb.DuckDBPyConnection, progress: Progress) -> dict:
    """Fill a new artefact, and tell its figures; `connection` is open on it, with the snapshot attached as facts_of_day."""
    [(path,)] = connection.execute(sql("models/similar/snapshot")).fetchall()
    connection.execute(sql("models/similar/record"))
    connection.execute(sql("models/similar/tables"))
    earlier = artefact.earlier(Path(path), NAME)
    weights, source = grown.grow(connection, earlier, progress) if earlier else (None, None)
    if weights is None:
        weights, source = _whole(connection, progress), Path(path).name
    grown.put(connection, "gram", weights.idf)
    grown.put(connection, "stop", weights.stop)
    for name in ("neighbour", "unsure"):
        connection.execute(sql(f"models/similar/{name}"))
    return _figures(connection) | {"weights_of": source, "unknown": weights.unknown}


def _whole(connection: duckdb.DuckDBPyConnection, progress: Progress) -> compare.Weights:
    laid = compare.lay(connection.sql(sql("models/similar/features"), params={"blocks": None}).pl())
    records, waiting = len(laid.bibs), []
    for part in pairs.near(laid.titles, np.arange(records), lambda found: pairs.nearest(laid.titles, found)):
        waiting.append(part)
        if sum(len(found.one) for found in waiting) > compare.AT_ONCE:
            grown.add(connection, laid, waiting)
            progress("models_similar.stage_compare", int(waiting[-1].one.max(initial=0)), records)
            waiting = []
    grown.add(connection, laid, waiting)
    progress("models_similar.stage_compare", records, records)
    return laid.weights


def _figures(connection: duckdb.DuckDBPyConnection) -> dict:
    told = connection.sql(sql("models/similar/figures")).pl().row(0, named=True)
    day = told.pop("as_of").isoformat()[:7]
    counted = connection.sql(sql("models/similar/spread")).pl()
    examples = connection.sql(sql("models/similar/examples"), params={"bands": BANDS, "most": EXAMPLES}).pl()
    spread = {}
    for name, edges in STEPS.items():
        n = dict(counted.filter(feature=name).select("step", "n").iter_rows())
        shares = [n.get(step, 0) / max(1, sum(n.values())) for step in range(len(edges) - 1)]
        spread[name] = {"edges": edges, "shares": shares}
    learnt_from = {"rows": told["compared"], "from": day, "to": day}
    return told | {"learnt_from": learnt_from, "spread": spread, "examples": examples.to_dicts()}

"""How the facts a model learns from are spread, and how far that has moved since an earlier snapshot."""

from math import log

import numpy as np
import polars as pl

from models.artefact import Manifest

RATHER, MUCH = 0.1, 0.25  # population stability index from which a feature has rather, and has much changed
LEAST = 1e-4  # the share an empty bin counts as, so that the index stays finite


def spread(values: pl.Series | np.ndarray, edges: list[float]) -> dict:
    """edges, and the shares of the known values below the first edge, from it to the next, …, from the last on."""
    known = pl.Series(values).drop_nulls().to_numpy()
    counts = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    return {"edges": edges, "shares": (counts / max(1, len(known))).round(6).tolist()}


def index(shares: list[float], before: list[float]) -> float:
    """Population stability index of two distributions over the same bins: 0 for the same, larger the more they differ."""
    pairs = [(max(share, LEAST), max(was, LEAST)) for share, was in zip(shares, before, strict=True)]
    return sum((share - was) * log(share / was) for share, was in pairs)


def told(found: float) -> str:
    """same, rather or much: how an index reads."""
    return "same" if found < RATHER else "rather" if found < MUCH else "much"


def between(now: Manifest, before: Manifest) -> dict[str, float]:
    """Feature → index, of the features that both have over the same bins."""
    spread, earlier = now.figures["spread"], before.figures["spread"]
    both = [name for name in spread if name in earlier and spread[name]["edges"] == earlier[name]["edges"]]
    return {name: index(spread[name]["shares"], earlier[name]["shares"]) for name in both}

"""How far the facts a model learnt from have moved since an earlier snapshot."""

from math import log

from models.artefact import Manifest

RATHER, MUCH = 0.1, 0.25  # population stability index from which a feature has rather, and has much changed
LEAST = 1e-4  # the share an empty bin counts as, so that the index stays finite


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

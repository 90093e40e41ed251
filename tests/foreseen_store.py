"""The small demo library with a forecast of use: one store for all tests of a session, which nothing may change."""

from functools import cache
from pathlib import Path

import models
from collection import policy
from collection.demo import AS_OF
from tests import road_store
from tests.small_store import PACK


@cache
def of(flagged: Path) -> Path:
    """The flags file of a copy of the small library's store, beside which a forecast stands."""
    store = road_store.copied(flagged, flagged.parents[2] / "foreseen")
    flags = store / "holdings" / flagged.name
    models.train(store, flags, policy.load(PACK, AS_OF), "use")
    return flags

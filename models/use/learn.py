"""The learner: boosted trees for a mean of Poisson counts, and from rows kept apart how far the truth lies around it."""

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from models.artefact import SEED
from models.use.rows import KINDS, Rows

MOST = 300_000  # rows learnt from, of all cutoffs together
APART = 0.2  # the part of them that only tells how far the truth lies around what is foreseen
STEPS = 40  # groups of like means, of about as many rows each
LOW, HIGH = 0.1, 0.9  # ends of the interval
TREES = {"max_iter": 100, "learning_rate": 0.1, "max_leaf_nodes": 31, "min_samples_leaf": 100}


@dataclass(frozen=True)
class Learned:
    """A learner for loans in the months after a cutoff.

    Attributes:
        columns: of Rows.names, those that something was known of. steps: of the rows kept apart, in groups by their mean: from
        (the least mean of the group), mean, actual, low, high (ends of the interval) and lent (the part lent at all).
    """

    trees: HistGradientBoostingRegressor
    columns: tuple[str, ...]
    months: int
    steps: dict[str, np.ndarray]

    def mean(self, rows: Rows) -> np.ndarray:
        """Loans foreseen in the months after, were the branch to lend as much as in the twelve months before."""
        if not len(rows):
            return np.zeros(0)
        known = rows.known[:, [rows.names.index(name) for name in self.columns]]
        with threadpool_limits(1, "openmp"):  # more wait for one another where other work goes on
            return self.trees.predict(known) * (self.months / 12)

    def around(self, mean: np.ndarray) -> dict[str, np.ndarray]:
        """low, high: between which about 8 in 10 of like items lie, the mean in it; lent: how likely each goes out at all."""
        step = np.searchsorted(self.steps["from"], mean, side="right") - 1
        step = step.clip(0)
        return {
            "low": np.minimum(self.steps["low"][step], mean),
            "high": np.maximum(self.steps["high"][step], mean),
            "lent": self.steps["lent"][step],
        }


def learn(parts: list[Rows]) -> Learned:
    """Learn from rows of one or several cutoffs, all of the same names and months; the same rows give the same learner."""
    rng = np.random.default_rng(SEED)
    parts = [sample(part, MOST // len(parts), rng) for part in parts]
    known, actual, level = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("known", "actual", "level")
    )
    apart = rng.random(len(known)) < APART
    told = ~np.isnan(known[~apart]).all(axis=0)
    columns = tuple(name for name, there in zip(parts[0].names, told, strict=True) if there)
    trees = HistGradientBoostingRegressor(
        loss="poisson", **TREES, early_stopping=False, random_state=SEED,
        categorical_features=[number for number, name in enumerate(columns) if name in KINDS],
    )  # fmt: skip
    with threadpool_limits(1, "openmp"):
        trees.fit(known[~apart][:, told], (actual / level)[~apart], sample_weight=level[~apart])
        mean = trees.predict(known[apart][:, told]) * level[apart]
    return Learned(trees, columns, parts[0].months, _steps(mean, actual[apart]))


def sample(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    """At most so many of the rows, in their order."""
    if len(rows) <= most:
        return rows
    return rows.take(np.sort(rng.choice(len(rows), most, replace=False)))


def _steps(mean: np.ndarray, actual: np.ndarray) -> dict[str, np.ndarray]:
    starts = np.unique(np.quantile(mean, np.linspace(0, 1, STEPS, endpoint=False), method="inverted_cdf"))
    step = np.searchsorted(starts, mean, side="right") - 1
    groups = [actual[step == number] for number in range(len(starts))]
    ends = {
        name: np.maximum.accumulate([np.quantile(group, part, method="inverted_cdf") for group in groups])
        for name, part in (("low", LOW), ("high", HIGH))
    }
    return {
        "from": starts,
        "mean": np.array([mean[step == number].mean() for number in range(len(starts))]),
        "actual": np.array([group.mean() for group in groups]),
        **ends,
        "lent": np.array([(group > 0).mean() for group in groups]),
    }

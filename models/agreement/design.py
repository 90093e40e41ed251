"""From facts to the numbers of a regression, and from its coefficients back to words: odds per step, or per value."""

from dataclasses import dataclass

import numpy as np
import polars as pl

NUMBERS = {  # feature → the step its coefficient is told for
    "idle_years": 1, "years_published": 5, "years_held": 5, "score": 10, "loans_3y": 1, "copies": 1, "holds": 1,
}  # fmt: skip
VALUES = ("criterion", "shelf_class", "audience", "material", "branch", "location", "survivor_kind", "local", "verdict")
FEWEST = 20  # decisions behind a value (or behind an unknown figure) that gets a coefficient of its own


@dataclass(frozen=True)
class Column:
    """One column of the matrix: a figure less its mean over its spread (value None), a value, or 'unknown' of a figure.

    low, high: the range of the figure among the decisions; what lies outside counts as its end.
    """

    feature: str
    value: str | None
    decisions: int
    mean: float = 0.0
    spread: float = 1.0
    low: float = 0.0
    high: float = 0.0


def learn(features: pl.DataFrame) -> list[Column]:
    """The columns that decisions have enough of."""
    columns = []
    for name in NUMBERS:
        known = features[name].drop_nulls()
        if len(known) >= FEWEST and known.std() > 0:
            columns.append(Column(name, None, len(known), known.mean(), known.std(), known.min(), known.max()))
            if len(features) - len(known) >= FEWEST:
                columns.append(Column(name, "unknown", len(features) - len(known)))
    for name in VALUES:
        counts = features[name].value_counts().filter(pl.col("count") >= FEWEST).sort(name)
        if len(counts) > 1 or (len(counts) == 1 and counts["count"][0] < len(features)):
            columns += [Column(name, value, n) for value, n in counts.iter_rows()]
    return columns


def matrix(columns: list[Column], features: pl.DataFrame) -> np.ndarray:
    """One row an item, one column each of `columns`; an unknown figure stands at the mean, an unseen value nowhere."""
    told = [
        ((pl.col(one.feature).clip(one.low, one.high) - one.mean) / one.spread).fill_null(0.0) if one.value is None
        else pl.col(one.feature).is_null().cast(pl.Float64) if one.feature in NUMBERS
        else (pl.col(one.feature) == one.value).cast(pl.Float64)
        for one in columns
    ]  # fmt: skip
    return features.select(value.alias(str(at)) for at, value in enumerate(told)).to_numpy()


def factors(columns: list[Column], coefficients: np.ndarray) -> pl.DataFrame:
    """feature, value (null: a figure), step, factor (of the odds of being kept), decisions; what says most first.

    The factor of a figure is for one step more of it, that of a value against the average of all decisions.
    """
    steps = [float(NUMBERS[one.feature]) if one.value is None else None for one in columns]
    per = [step / one.spread if step else 1.0 for step, one in zip(steps, columns, strict=True)]
    return pl.DataFrame({
        "feature": [one.feature for one in columns], "value": [one.value for one in columns], "step": steps,
        "factor": np.exp(coefficients * np.array(per)), "decisions": [one.decisions for one in columns],
        "weight": np.abs(coefficients),
    }).sort("weight", "feature", "value", descending=[True, False, False]).drop("weight")  # fmt: skip

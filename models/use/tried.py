"""The back-test: what would have been foreseen some years ago, beside two plain guesses and what came.

The guesses: `last_year`, as often as in the twelve months before, where nothing, as often as such items were lent on average
in the years learnt from; `class_age`, the mean of the class and of ten years of age of the publication in those years.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.use.learn import Learned
from models.use.rows import Rows

GUESSES = ("model", "last_year", "class_age")
UNDATED = -1  # decade of what has no year of publication


@dataclass(frozen=True)
class Tried:
    """One back-test. split: time (learnt from earlier years only) or titles (from the other half of the titles).

    told: what each of GUESSES says of the rows, and low, high, lent of the model.
    """

    split: str
    rows: Rows
    told: dict[str, np.ndarray]


def tried(split: str, learned: Learned, before: list[Rows], rows: Rows) -> Tried:
    """Try a learner on rows, and the two guesses with what is known of the rows it learnt from."""
    mean = learned.mean(rows)
    guesses = {"model": mean, "last_year": last_year(before, rows), "class_age": class_age(before, rows)}
    return Tried(split, rows, guesses | learned.around(mean))


def last_year(before: list[Rows], rows: Rows) -> np.ndarray:
    """As often as in the twelve months before; where nothing, the mean of what such items were lent."""
    still = np.concatenate([part.actual[part.column("loans_12") == 0] for part in before])
    floor = still.mean() if still.any() else 1 / (len(still) + 1)
    lent = rows.column("loans_12").astype(np.float64) * rows.months / 12
    return np.where(lent > 0, lent, floor)


def class_age(before: list[Rows], rows: Rows) -> np.ndarray:
    """The mean of the class and decade of age; of the class, where that is of nothing lent; of all, where that is."""
    keys, actual = np.concatenate([_cell(part) for part in before]), np.concatenate([part.actual for part in before])
    found = np.full(len(rows), max(actual.mean(), 1e-6))
    for width in (1000, 1):  # the class first, then the class and decade
        cells, number = np.unique(keys // width, return_inverse=True)
        means = np.bincount(number, actual) / np.bincount(number)
        at = np.searchsorted(cells, wanted := _cell(rows) // width).clip(max=len(cells) - 1)
        known = (cells[at] == wanted) & (means[at] > 0)
        found = np.where(known, means[at], found)
    return found


def deviance(actual: np.ndarray, told: np.ndarray) -> np.ndarray:
    """The Poisson deviance of each row: 0 when it was foreseen exactly."""
    ratio = np.where(actual > 0, actual, 1) / told
    return 2 * (np.where(actual > 0, actual * np.log(ratio), 0) - (actual - told))


def by_class(found: Tried) -> pl.DataFrame:
    """One row a class: months, split, cutoff, shelf_class, items, actual, what each guess told in all, its mean deviance
    (deviance_…) and mean absolute error (error_…), covered (items between low and high), zeros (not lent at all), and of each
    guess told_zero_… (less than half a loan was told) and right_zero_… (of these, not lent)."""
    classes = found.rows.words("shelf_class")
    marks, number = np.unique(classes, return_inverse=True)
    actual, items = found.rows.actual, np.bincount(number)

    def added(values: np.ndarray) -> np.ndarray:
        return np.bincount(number, values, len(marks))

    columns = {"shelf_class": marks.tolist(), "items": items, "actual": added(actual)}
    columns["covered"] = added((actual >= found.told["low"]) & (actual <= found.told["high"]))
    columns["zeros"] = added(actual == 0)
    for name in GUESSES:
        told = found.told[name]
        columns |= {
            name: added(told), f"deviance_{name}": added(deviance(actual, told)) / items,
            f"error_{name}": added(np.abs(actual - told)) / items, f"told_zero_{name}": added(told < 0.5),
            f"right_zero_{name}": added((told < 0.5) & (actual == 0)),
        }  # fmt: skip
    counts = ("covered", "zeros", *(f"{part}_zero_{name}" for part in ("told", "right") for name in GUESSES))
    head = {"months": found.rows.months, "split": found.split, "cutoff": found.rows.cutoff}
    return pl.DataFrame(columns).select(
        *(pl.lit(value).alias(name) for name, value in head.items()), pl.exclude(counts), pl.col(counts).cast(pl.Int64)
    )


def figures(found: pl.DataFrame) -> dict:
    """`by_class` in a few numbers over all its rows: items; deviance, error and gain of each guess; total (told ÷ actual);
    classes, the least and greatest of the classes' totals; covered, the part within the interval; zeros, the part of the items
    not lent that were told so, and right, the part of those told so that were not lent."""
    items, actual = found["items"].sum(), found["actual"].sum()
    deviances, errors = (
        {name: float((found[f"{part}_{name}"] * found["items"]).sum() / items) for name in GUESSES}
        for part in ("deviance", "error")
    )
    each = found.group_by("shelf_class", maintain_order=True).agg(pl.col("model", "actual").sum())
    totals = (each["model"] / each["actual"]).filter(each["actual"] > 0)
    return {
        "items": int(items), "deviance": deviances, "error": errors,
        "gain": 1 - deviances["model"] / min(deviances["last_year"], deviances["class_age"]),
        "total": float(found["model"].sum() / actual), "classes": [float(totals.min()), float(totals.max())],
        "covered": float(found["covered"].sum() / items),
        "zeros": {name: _part(found[f"right_zero_{name}"].sum(), found["zeros"].sum()) for name in GUESSES},
        "right": {name: _part(found[f"right_zero_{name}"].sum(), found[f"told_zero_{name}"].sum()) for name in GUESSES},
    }  # fmt: skip


def _part(some: int, whole: int) -> float | None:
    return some / whole if whole else None


def _cell(rows: Rows) -> np.ndarray:
    """The class and decade of age of each row as one number: class * 1000 + decade + 1."""
    age = rows.column("years_published")
    decade = np.where(np.isnan(age), UNDATED, np.floor(age / 10)).clip(UNDATED, 98)
    return (np.nan_to_num(rows.column("shelf_class"), nan=99) * 1000 + decade + 1).astype(np.int64)

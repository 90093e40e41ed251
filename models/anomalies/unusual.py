"""What is unusual: counts that the library's own usual does not explain, by the bounds of bounds.py. Frames in, frames out."""

import numpy as np
import polars as pl
from scipy.stats import binom, false_discovery_control, hypergeom, nbinom, norm, poisson

from models.anomalies import bounds


def lent_together(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells and months of woken.sql that stand out, with items, expected and p.

    Given how many of a cell were lent again over all months, each falls into a month by the month's weight: the number in
    one month is binomial, whatever the cell's rate (the exact form of a Poisson count against the rate of the other months).
    Where the months of this library differ more than that, for readers borrow several books at once, the count is
    negative binomial with their `clumping`; the larger p holds.
    """
    lent, whole = cells["lent"].to_numpy(), cells["whole"].to_numpy()
    part = (cells["weight"] / cells["weights"]).to_numpy()
    usual = (whole - lent) * part / np.maximum(1 - part, 1e-9)
    p = binom.sf(lent - 1, whole, part)
    if clumped := clumping(lent, whole * part, part):
        p = np.maximum(p, nbinom.sf(lent - 1, 1 / clumped, 1 / (1 + clumped * np.maximum(usual, 1e-9))))
    told = cells.with_columns(items="lent", expected=pl.Series(usual), p=pl.Series(p)).filter(
        (pl.col("lent") >= bounds.WOKEN) & (pl.col("weight") < pl.col("weights"))
    )
    return _kept(told, len(cells))


def clumping(lent: np.ndarray, usual: np.ndarray, part: np.ndarray) -> float:
    """By how much the variance of the counts exceeds that of chance, in squares of the usual; 0 when it does not.

    The cells that differ most are left out (bounds.ASIDE), so that what stands out is not its own measure.
    """
    beyond, square = (lent - usual) ** 2 - usual * (1 - part), usual**2
    aside = max(bounds.ASIDE_LEAST, round(bounds.ASIDE * len(beyond)))
    kept = np.argsort(beyond, kind="stable")[: max(len(beyond) - aside, 0)]
    return max(0.0, float(beyond[kept].sum() / square[kept].sum())) if square[kept].any() else 0.0


def lent_often(spells: pl.DataFrame) -> pl.DataFrame:
    """The woken items that were lent so often in that month that the others' further loans do not explain it.

    Further loans in the month are a Poisson count at the rate of all other woken items. usual: how many of the woken
    items of the branch would be lent so often; woken_here: how many those are.
    """
    further = (spells["loans"] - 1).to_numpy()
    rate = (further.sum() - further) / max(len(spells) - 1, 1)
    here = pl.len().over("branch")
    told = spells.with_columns(
        p=pl.Series(poisson.sf(further - 1, rate), dtype=pl.Float64), woken_here=here,
        usual=pl.Series(poisson.sf(bounds.LOANS - 2, rate), dtype=pl.Float64) * here,
    ).filter(pl.col("loans") >= bounds.LOANS)  # fmt: skip
    return _sure(told, len(spells))


def lent_after(cells: pl.DataFrame) -> pl.DataFrame:
    """The branches and classes of after.sql that stand out, with items, expected, p and marked.

    Given all that were lent again, each is a marked one by the marked items' part of the months at risk.
    """
    part = pl.col("months") / (pl.col("months") + pl.col("other_months"))
    usual = pl.col("months") * pl.col("other_lent") / pl.col("other_months")
    told = cells.filter((pl.col("lent") >= bounds.MARKED) & (pl.col("other_months") > 0)).with_columns(
        marked="items", items="lent", expected=usual, part=part
    )
    whole = (told["lent"] + told["other_lent"]).to_numpy()
    p = binom.sf(told["lent"].to_numpy() - 1, whole, told["part"].to_numpy())
    return _kept(told.with_columns(p=pl.Series(p, dtype=pl.Float64)), len(cells))


def moved_together(moved: pl.DataFrame, days: int, branches: int) -> pl.DataFrame:
    """The branches and days of moved.sql that stand out against the branch's other days: branch, day, items, expected, p."""
    whole = pl.col("items").sum().over("branch")
    usual = pl.max_horizontal((whole - pl.col("items")) / max(days - 1, 1), pl.lit(bounds.A_DAY))
    told = moved.group_by("branch", "day").agg(items=pl.len().cast(pl.Int32)).with_columns(expected=usual)
    told = told.filter(pl.col("items") >= bounds.DATES).sort("branch", "day")
    p = poisson.sf(told["items"].to_numpy() - 1, told["expected"].to_numpy())
    return _kept(told.with_columns(p=pl.Series(p, dtype=pl.Float64)), branches * days)


def back_together(back: pl.DataFrame) -> pl.DataFrame:
    """The branches of back.sql where far more missing items came back than elsewhere: branch, missing, items, expected, p."""
    told = (
        back.group_by("branch")
        .agg(missing=pl.len().cast(pl.Int32), items=pl.col("again").sum().cast(pl.Int32))
        .sort("branch")
    )
    missing, again = len(back), int(back["again"].sum())
    usual = pl.col("missing") * (again - pl.col("items")) / (missing - pl.col("missing"))
    p = hypergeom.sf(told["items"].to_numpy() - 1, missing, again, told["missing"].to_numpy())
    told = told.with_columns(expected=usual, p=pl.Series(p, dtype=pl.Float64))
    return _kept(told.filter((pl.col("items") >= bounds.FOUND) & (pl.col("missing") < missing)), len(told))


def apart(persons: pl.DataFrame) -> pl.DataFrame:
    """The persons of persons.sql whose tags stand out, with items (actual) and p (of so large a difference either way)."""
    told = persons.filter(pl.col("tags") >= bounds.TAGS).with_columns(items="actual")
    away = ((pl.col("actual") - pl.col("expected")) / pl.col("variance").sqrt()).abs()
    p = 2 * norm.sf(told.select(away).to_series().to_numpy())
    far = ((pl.col("actual") - pl.col("expected")) / pl.col("tags")).abs() >= bounds.APART
    return _sure(told.with_columns(p=pl.Series(p, dtype=pl.Float64)), len(told)).filter(far)


def _sure(told: pl.DataFrame, tests: int) -> pl.DataFrame:
    """The rows that chance does not explain: of all that are kept, at most the part bounds.ALARMS (Benjamini–Hochberg).

    Args:
        told: has p. tests: how many were looked at, of which the rest count as not unusual at all.
    """
    if told.is_empty():
        return told
    padded = np.concatenate([told["p"].to_numpy(), np.ones(max(tests - len(told), 0))])
    return told.filter(pl.Series(false_discovery_control(padded)[: len(told)] <= bounds.ALARMS))


def _kept(told: pl.DataFrame, tests: int) -> pl.DataFrame:
    """Those of `_sure` that are also many times the usual."""
    return _sure(told, tests).filter(pl.col("items") >= bounds.TIMES * pl.col("expected"))

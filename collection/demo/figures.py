"""The published figures the demo library is built to, and how they are shared out.

Source: 西宮市立図書館「図書館の概要 令和7年度」 (holdings on 31 March 2025, loans of fiscal years 2020–2024),
kept as tidy tables in data/reference/nishinomiya.
"""

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

REFERENCE = Path(__file__).parents[2] / "data" / "reference" / "nishinomiya"
CLASSES = "0123456789K"
PLACES = ("open_general", "open_children", "reference", "closed", "office")
YEARS = (2020, 2021, 2022, 2023, 2024)
# How much likelier a class is to stand at a place than its size says: invented, the sums are published.
LEANING = {
    "open_general": (1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "reference": (6, 1.5, 3, 3, 1.2, 1.2, 1.5, 1.2, 5, 0.25),
    "closed": (1, 1, 1.3, 1, 0.8, 0.6, 1, 1, 0.8, 1.1),
    "office": (50, 0.1, 0.1, 0.6, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
}


@cache
def table(name: str) -> pl.DataFrame:
    """One reference table, classes as text."""
    return pl.read_csv(REFERENCE / f"{name}.csv", schema_overrides={"class": pl.String})


@cache
def branches() -> tuple[str, ...]:
    """The twelve branches in the order of the published table."""
    return tuple(table("holdings_by_class_branch")["branch"].unique(maintain_order=True))


def largest_remainder(weights: np.ndarray, total: int) -> np.ndarray:
    """`total` shared out by `weights` (any shape) in whole numbers that sum to it, none off by one or more."""
    shares = weights * (total / weights.sum())
    whole = np.floor(shares).astype(np.int64)
    rest = np.argsort(-(shares - whole), axis=None, kind="stable")[: total - whole.sum()]
    np.add.at(whole.reshape(-1), rest, 1)
    return whole


def fitted(prior: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Whole numbers near `prior` with exactly these row and column sums: proportional fitting, then rounding."""
    shares = prior.astype(float)
    for _ in range(200):
        shares *= (rows / np.maximum(shares.sum(axis=1), 1e-12))[:, None]
        shares *= columns / np.maximum(shares.sum(axis=0), 1e-12)
    whole = np.floor(shares + 1e-6).astype(np.int64)
    while (missing := rows - whole.sum(axis=1)).any():
        lacking = np.outer(missing > 0, columns - whole.sum(axis=0) > 0)
        whole[np.unravel_index(np.argmax(np.where(lacking, shares - whole, -np.inf)), whole.shape)] += 1
    return whole


@cache
def holdings() -> np.ndarray:
    """Volumes by branch × class × place at scale 1: both published tables at once.

    How the classes of a branch spread over its places is not published; a spread that agrees with both is
    invented. Where general shelves, reference and office hold more than the general classes (北口), children's
    books stand on general shelves.
    """
    wide = table("holdings_by_class_branch").pivot("class", index="branch", values="volumes")
    by_class = wide.select(list(CLASSES)).to_numpy()
    by_place = table("holdings_by_place").pivot("place", index="branch", values="volumes").select(PLACES).to_numpy()
    joint = np.zeros((len(by_class), len(CLASSES), len(PLACES)), dtype=np.int64)
    prior = np.array([LEANING[place] for place in LEANING]).T
    for branch, (classes, (general, children, reference, closed, office)) in enumerate(
        zip(by_class, by_place, strict=True)
    ):
        volumes, juvenile = classes[:-1], classes[-1]
        among_general = max(0, general + reference + office - volumes.sum())
        juvenile_closed = juvenile - children - among_general
        columns = np.array([general - among_general, reference, closed - juvenile_closed, office])
        joint[branch, :-1][:, [0, 2, 3, 4]] = fitted(prior * volumes[:, None], volumes, columns)
        joint[branch, -1] = (among_general, children, 0, juvenile_closed, 0)
    return joint


def volumes(scale: float) -> np.ndarray:
    """Volumes by branch × class × place at a scale of 0–1; branch × class keeps its proportions to the volume."""
    full = holdings()
    by_class = full.sum(axis=2)
    scaled = largest_remainder(by_class, max(1, round(by_class.sum() * scale)))
    result = np.zeros_like(full)
    for cell in zip(*np.nonzero(scaled), strict=True):
        result[cell] = largest_remainder(full[cell], scaled[cell])
    return result


def loans(scale: float) -> np.ndarray:
    """Loans by fiscal year (2020–2024) × branch × (general, children) at a scale of 0–1.

    Branches are published from 2022 on; the city's totals of 2020 and 2021 are spread over them like 2022.
    """
    by_branch = table("loans_by_branch")
    city = table("loans_by_year")
    result = np.zeros((len(YEARS), len(branches()), 2), dtype=np.int64)
    for number, year in enumerate(YEARS):
        of_year = by_branch.filter(pl.col("fiscal_year") == max(year, 2022))
        result[number] = of_year.select("loans_general", "loans_children").to_numpy()
        if year < 2022:
            totals = city.filter(pl.col("fiscal_year") == year).select("loans_general", "loans_children").row(0)
            result[number] = np.stack(
                [largest_remainder(result[number, :, kind], totals[kind]) for kind in (0, 1)], axis=1
            )
    return np.stack([largest_remainder(year, round(year.sum() * scale)) for year in result])

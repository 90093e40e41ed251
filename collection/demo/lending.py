"""Five fiscal years of monthly loans of the demo library, to the published totals of every branch."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from collection.demo.figures import PLACES, YEARS
from collection.demo.shelves import FIRST_MONTH, LAST_MONTH, month_of

HALF_LIFE = (4, 8, 8, 5, 6, 7, 7, 9, 7, 8, 15)  # e-folding time in years of what is asked for, by class; invented
DEMAND = (0.6, 1, 0.8, 0.7, 1, 1.5, 0.9, 1.1, 0.8, 1.3, 1)  # how much likelier a class goes out; invented
BUSIEST = 26  # loans a year that one copy can serve
SEASON = np.array([8, 8, 8, 9, 9.5, 8, 8, 8, 7.5, 8, 8, 9])  # April to March
CLOSED_SPRING = np.array([1, 2, 8, 9, 9, 9, 9, 9, 8, 8, 8, 9])  # fiscal year 2020


def lend(
    items: pl.DataFrame, popularity: np.ndarray, totals: np.ndarray, seed: int
) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    """(fiscal year, item rows, months since year 0, loans), one year after the other.

    Args:
        items: see shelves.stock.
        popularity: of each item's bib, on a logarithmic scale.
        totals: loans by year × branch × (general, children), met exactly wherever a copy can be lent; in a library
            of a few hundred items a small branch may have none.
        seed: the demo's seed.
    """
    rng = np.random.default_rng([seed, 4])
    juvenile = items["shelf"].to_numpy() == 10
    cell = items["branch"].to_numpy() * 2 + juvenile
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], np.arange(totals.shape[1] * 2 + 1))
    liking = _liking(rng, items, popularity)
    came = items["accession"].to_numpy() / 365.2425 + 1970
    first, last = _first_month(items), items["until"].to_numpy().astype(np.int64)
    last = np.where(items["never"].to_numpy(), 0, last)
    half_life = np.array(HALF_LIFE)[items["shelf"].to_numpy()]
    for number, year in enumerate(YEARS):
        opening = year * 12 + 3
        season = np.concatenate([[0], np.cumsum(CLOSED_SPRING if year == 2020 else SEASON)])
        low, high = np.clip(first - opening, 0, 12), np.clip(last - opening + 1, 0, 12)
        open_share = np.maximum(season[high] - season[low], 0) / season[-1]
        age = np.maximum(year + 0.75 - came, 0)
        weight = liking * (0.05 + np.exp(-age / half_life)) * open_share
        drawn = [
            _draw(
                rng,
                order[start[at] : start[at + 1]],
                weight,
                open_share,
                low,
                high,
                season,
                totals[number].reshape(-1)[at],
            )
            for at in range(totals.shape[1] * 2)
        ]
        key, loans = np.unique(np.concatenate(drawn), return_counts=True)
        yield year, key // 12, opening + key % 12, loans


def _liking(rng: np.random.Generator, items: pl.DataFrame, popularity: np.ndarray) -> np.ndarray:
    """How likely each copy goes out when new: title, class, place and luck; 0 where it does not circulate."""
    place = np.array([1, 1, 0, 0.06, 0])[items["place"].to_numpy()]
    demand = np.array(DEMAND)[items["shelf"].to_numpy()]
    planted = np.where(items["role"].to_numpy() > 0, 1 / np.maximum(place, 0.05), 1)
    return np.exp(0.75 * popularity + rng.normal(0, 0.6, items.height)) * place * demand * planted


def _draw(
    rng: np.random.Generator, rows: np.ndarray, weight: np.ndarray, share: np.ndarray,
    low: np.ndarray, high: np.ndarray, season: np.ndarray, total: int,
) -> np.ndarray:  # fmt: skip
    """`total` loans among `rows` by weight, none above what one copy can serve: keys row × 12 + month."""
    wanted, most = weight[rows], share[rows] * BUSIEST
    if total == 0 or not wanted.any():
        return np.empty(0, dtype=np.int64)
    expected = wanted * (total / wanted.sum())
    for _ in range(12):
        expected = np.minimum(expected, most)
        room = expected < most
        if not (room.any() and expected[room].any()):
            break
        expected[room] *= max(1, (total - expected[~room].sum()) / expected[room].sum())
    steps = (np.arange(total) + rng.random(total)) / total
    picked = rows[np.searchsorted(np.cumsum(expected) / expected.sum(), steps).clip(max=len(rows) - 1)]
    moment = season[low[picked]] + rng.random(total) * np.maximum(season[high[picked]] - season[low[picked]], 1e-9)
    return picked * 12 + (np.searchsorted(season, moment, side="right") - 1).clip(0, 11)


def in_house(items: pl.DataFrame, seed: int) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    """(fiscal year, item rows, months, uses) of the reference collection.

    Uses are 0 in a March without any, to say that it was counted.
    A part of the collection is not counted at all: nothing is known of its use.
    """
    rng = np.random.default_rng([seed, 5])
    counted = np.flatnonzero(
        (items["place"].to_numpy() == PLACES.index("reference")) & (rng.random(items.height) < 0.85)
    )
    came = _first_month(items)[counted]
    liking = np.exp(rng.normal(0, 1.6, len(counted))) * (rng.random(len(counted)) > 0.35)
    for year in YEARS:
        opening = year * 12 + 3
        here = counted[came <= opening + 11]
        if not len(here):
            continue
        likely = liking[came <= opening + 11] + 1e-9
        picked = here[
            np.searchsorted(np.cumsum(likely) / likely.sum(), rng.random(int(1.4 * len(here)))).clip(max=len(here) - 1)
        ]
        month = np.maximum(rng.integers(0, 12, len(picked)), _first_month(items)[picked] - opening)
        key, uses = np.unique(np.concatenate([picked * 12 + month, here * 12 + 11]), return_counts=True)
        march = np.isin(key, here * 12 + 11)
        yield year, key // 12, opening + key % 12, uses - march


def _first_month(items: pl.DataFrame) -> np.ndarray:
    """The month after accession, since year 0."""
    return month_of(items["accession"].to_numpy()).astype(np.int64) + 1


def history(items: pl.DataFrame, total: np.ndarray, last: np.ndarray, seed: int) -> pl.DataFrame:
    """loans_total, last_loan_date and due_date (days since 1970) of every item; its past before 2020 is invented.

    Args:
        items: see shelves.stock.
        total, last: loans since April 2020, and the month of the last of them (0: none).
        seed: the demo's seed.
    """
    rng = np.random.default_rng([seed, 6])
    came, until = _first_month(items), items["until"].to_numpy().astype(np.int64)
    circulates = np.isin(
        items["place"].to_numpy(), [PLACES.index(name) for name in ("open_general", "open_children", "closed")]
    )
    before = np.minimum(until, FIRST_MONTH - 1)
    past = circulates & ~items["never"].to_numpy() & (came <= before)
    earlier = np.where(past, rng.geometric(0.12, items.height) + (before - came).clip(0, 120) // 12, 0)
    # a sleeping copy's last reader came in the month it fell asleep, any other's in the two years before 2020-04
    gap = np.where(until < FIRST_MONTH, 0, rng.integers(0, 24, items.height))
    month = np.where(last > 0, last, np.where(past, np.maximum(came, before - gap), 0))
    start = (month - 1970 * 12).astype("datetime64[M]")
    length = ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(np.int64)
    on_loan = items["status"].to_numpy() == "on_loan"
    # what is out today went out in the second half of March
    offset = np.where(
        on_loan & (last == LAST_MONTH),
        rng.integers(12, 31, items.height),
        (rng.random(items.height) * length).astype(np.int64),
    )
    day = start.astype("datetime64[D]").astype(np.int64) + offset
    known = month > 0
    return pl.DataFrame(
        {"loans_total": total + earlier, "day": day.astype(np.int32), "known": known, "on_loan": on_loan}
    ).select(
        pl.col("loans_total").cast(pl.Int32),
        last_loan_date=pl.when("known").then("day"),
        due_date=pl.when(pl.col("known") & pl.col("on_loan")).then(pl.col("day") + 14),
    )

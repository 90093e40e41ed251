"""Where the copies of the demo library stand, since when, and what has become of them."""

from datetime import date

import numpy as np
import polars as pl

from collection.demo.catalogue import LAST, NEWEST_IDLE
from collection.demo.figures import PLACES
from collection.demo.vocabulary import STRATA, subjects

AS_OF = date(2025, 4, 1)
NEVER = -1
FIRST_MONTH, LAST_MONTH = 2020 * 12 + 3, 2025 * 12 + 2  # months since year 0: 2020-04 and 2025-03
ASLEEP = {"open_general": 0.2, "open_children": 0.1, "closed": 0.72}  # share of older copies nobody asks for any more


def stock(bibs: pl.DataFrame, copies: pl.DataFrame, volumes: np.ndarray, seed: int) -> pl.DataFrame:
    """One row a copy: bib, branch, shelf, stratum, place (of figures.PLACES), accession, until, and its state.

    Args:
        bibs, copies: numbers, see catalogue.build.
        volumes: branch × class × place, met exactly.
        seed: the demo's seed.

    Returns:
        accession and the other dates are days since 1970-01-01 (NULL: none); `until` is the last month (since
        year 0) in which it could be lent; status, condition, source, retention are codes; never: nobody borrowed it.
    """
    rng = np.random.default_rng([seed, 3])
    of_bib = bibs[copies["bib"].to_numpy()]
    size = copies.height
    published, role = of_bib["published"].to_numpy(), of_bib["role"].to_numpy()
    place = _places(rng, copies, published, volumes)
    gift = (rng.random(size) < 0.11) & (role == 0)
    lag = np.where(gift, rng.exponential(5, size), rng.exponential(0.12, size))
    bought = published + lag
    late = bought > LAST
    bought[late] = published[late] + (LAST - published[late]) * rng.random(late.sum())
    issued = copies["month_back"].to_numpy()
    serial = ~np.isnan(issued)
    bought[serial] = LAST - (issued[serial] + 0.5) / 12
    frame = copies.with_columns(
        role=pl.Series(role),
        place=pl.Series(place),
        accession=pl.Series(_days(bought)),
        published=pl.Series(published),
        issue_date=pl.when(pl.col("month_back").is_not_null()).then(pl.Series(_days(bought))),
        source=pl.when(pl.Series(gift))
        .then(pl.lit("gift"))
        .when(pl.Series(rng.random(size) < 0.01))
        .then(pl.lit("reaccession"))
        .otherwise(pl.lit("purchase")),
        until=pl.Series(_until(rng, bought, place, role)),
        never=pl.Series((rng.random(size) < 0.012) & (role == 0) & (bought < LAST - 1)),
        status=pl.lit("available"),
        condition=pl.when(pl.Series(rng.random(size) < 0.004)).then(None).otherwise(pl.lit("good")),
        retention=pl.lit(None, pl.String),
        **{name: pl.lit(None, pl.Int32) for name in ("missing_confirmed_on", "reminders", "last_reminder_date")},
        unrecoverable=pl.lit(False),
    )
    local = pl.Series(subjects()["local"].is_not_null().to_numpy()[of_bib["subject"].to_numpy()])
    return _fates(rng, frame, local)


def _places(rng: np.random.Generator, copies: pl.DataFrame, published: np.ndarray, volumes: np.ndarray) -> np.ndarray:
    """Place of each copy: reference and office were made for theirs, of the rest the oldest go to the stacks."""
    stratum = copies["stratum"].to_numpy()
    place = np.choose(stratum, [PLACES.index("open_general"), -1, PLACES.index("reference"), PLACES.index("office")])
    juvenile = copies["shelf"].to_numpy() == volumes.shape[1] - 1
    place[stratum == STRATA.index("serial")] = np.where(
        juvenile[stratum == STRATA.index("serial")], PLACES.index("open_children"), PLACES.index("open_general")
    )
    moving = np.flatnonzero(stratum == STRATA.index("circulating"))
    cell = copies["branch"].to_numpy()[moving] * volumes.shape[1] + copies["shelf"].to_numpy()[moving]
    order = np.lexsort((published[moving] + rng.normal(0, 9, len(moving)), cell))
    first = np.searchsorted(cell[order], np.arange(volumes.shape[0] * volumes.shape[1]))
    nth = np.arange(len(moving)) - first[cell[order]]
    at = moving[order]
    closed = volumes[:, :, PLACES.index("closed")].ravel()[cell[order]]
    among_general = volumes[:, :, PLACES.index("open_general")].ravel()[cell[order]]
    shelved = np.where(
        juvenile[at] & (nth >= closed + among_general), PLACES.index("open_children"), PLACES.index("open_general")
    )
    place[at] = np.where(nth < closed, PLACES.index("closed"), shelved)
    return place.astype(np.int32)


def _until(rng: np.random.Generator, bought: np.ndarray, place: np.ndarray, role: np.ndarray) -> np.ndarray:
    """The last month in which a copy found a reader: for most the present, for the sleeping some month before."""
    share = np.array([ASLEEP.get(name, 0) for name in PLACES])[place]
    asleep = (
        (rng.random(len(bought)) < share * np.clip((LAST - bought) / 6, 0, 1.6)) & (bought < LAST - 2) & (role == 0)
    )
    reach = np.maximum(LAST - bought, 1)
    # half of them fell asleep lately, half at any time since they came
    woke = (
        bought
        + 0.5
        + (reach - 0.5)
        * np.where(rng.random(len(bought)) < 0.5, rng.random(len(bought)) ** 0.5, rng.random(len(bought)))
    )
    woke = np.where(role == NEWEST_IDLE, bought + 2.5, woke)
    ended = asleep | (role == NEWEST_IDLE)
    return np.where(ended, (woke * 12).astype(np.int64), LAST_MONTH).clip(max=LAST_MONTH).astype(np.int32)


def _days(year: np.ndarray) -> np.ndarray:
    """Years with fraction as days since 1970-01-01."""
    return np.floor((year - 1970) * 365.2425).astype(np.int32)


def _fates(rng: np.random.Generator, frame: pl.DataFrame, local: pl.Series) -> pl.DataFrame:
    """Some copies lost, overdue, damaged, deposited or set apart; at every scale a few of each kind."""
    size = frame.height
    accession, place = frame["accession"].to_numpy(), frame["place"].to_numpy()
    free = (frame["stratum"].to_numpy() == 0) & (frame["role"].to_numpy() == 0)
    today = (AS_OF - date(1970, 1, 1)).days
    opened = place <= PLACES.index("open_children")
    local = local.to_numpy()

    def take(mask: np.ndarray, per_mille: float, least: int) -> np.ndarray:
        found = rng.permutation(np.flatnonzero(mask & free))[: max(least, round(size * per_mille / 1000))]
        free[found] = False
        return found

    def back(count: int, newest: float, oldest: float) -> np.ndarray:
        """Days that lie so many years before the as-of day."""
        return (today - 365.25 * rng.uniform(newest, oldest, count)).astype(np.int32)

    columns = {
        name: frame[name].to_numpy().copy() for name in ("until", "never", "source", "status", "condition", "retention")
    }
    days = {
        name: np.full(size, NEVER, dtype=np.int32)
        for name in ("missing_confirmed_on", "reminders", "last_reminder_date")
    }
    unrecoverable = np.zeros(size, dtype=bool)
    old = accession < today - 365 * 8

    for newest, oldest, per_mille in ((3.1, 5.5, 0.45), (0.1, 3.0, 2.6), (None, None, 0.4)):
        lost = take(opened & (accession < today - 365 * 7), per_mille, 3)
        gone = back(len(lost), 1 if newest is None else newest, 5 if oldest is None else oldest)
        columns["status"][lost] = "missing"
        days["missing_confirmed_on"][lost] = gone if newest is not None else NEVER
        columns["until"][lost] = month_of(gone - 120)
    # due so many years back (from, to), reminded, marked, per mille of the items
    overdue = (
        (5.1, 7, True, True, 0.24),
        (5.1, 7, True, False, 0.12),
        (5.1, 7, False, True, 0.05),
        (5.1, 7, False, False, 0.05),
        (0.3, 4.8, True, False, 0.7),
    )
    for newest, oldest, reminded, marked, per_mille in overdue:
        kept = take(opened & old, per_mille, 3)
        due = back(len(kept), newest, oldest)
        columns["status"][kept] = "on_loan"
        columns["until"][kept] = month_of(due - 14)
        columns["never"][kept] = False
        days["reminders"][kept] = rng.integers(2, 9, len(kept)) if reminded else 0
        days["last_reminder_date"][kept] = (
            np.minimum(np.maximum(back(len(kept), 0.05, 0.9), due + 60), today - 3) if reminded else NEVER
        )
        unrecoverable[kept] = marked
    for condition, per_mille in (("soiled", 1.6), ("damaged", 0.7), ("repairable", 0.6)):
        columns["condition"][take(opened, per_mille, 3)] = condition
        columns["condition"][take(local, 0.02, 1)] = condition
    mending = np.flatnonzero(columns["condition"] == "repairable")[::3]
    columns["status"][mending] = "in_repair"
    columns["source"][take(~opened | local, 0.4, 3)] = "deposit"
    columns["retention"][take(~opened | old, 5, 3)] = "archival"
    columns["retention"][take(local, 4, 2)] = "permanent"
    columns["retention"][take(accession < today - 365 * 20, 0.2, 2)] = "rare"
    return frame.with_columns(
        *(pl.Series(name, values.tolist(), dtype=frame.schema[name]) for name, values in columns.items()),
        *(pl.when(pl.Series(values) != NEVER).then(pl.Series(values)).alias(name) for name, values in days.items()),
        unrecoverable=pl.Series(unrecoverable),
    )


def month_of(days: np.ndarray) -> np.ndarray:
    """Days since 1970-01-01 as months since year 0."""
    return (days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12).astype(np.int32)

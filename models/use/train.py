"""Learn what items are likely to be lent, try it on past years, and write what is foreseen into the artefact."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from collection.policy.model import Policy
from collection.progress import Progress
from collection.store.connection import sql
from collection.words import Problem
from models.artefact import SEED
from models.use import rows, tried
from models.use.learn import MOST, Learned, learn, sample
from models.use.rows import Rows
from models.use.tried import Tried

HORIZONS = (12, 36)  # months; the first must be possible
FEW = 100  # items, and loans of them in the months after, that each cutoff must have
LEAST = 24  # months of loan figures: twelve to know of an item, twelve to see what came
EDGES = {
    "loans_12": [0.5, 1.5, 3.5, 7.5, 15.5], "months_idle": [1, 3, 6, 12, 24], "months_held": [12, 36, 60, 120, 240],
    "years_published": [2, 5, 10, 20, 30],
}  # fmt: skip
MEANS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12)  # ends of the groups of table calibration
STAGE = "models_use.stage_{}"


def train(connection: duckdb.DuckDBPyConnection, store: Path, policy: Policy, progress: Progress) -> dict:
    """Make the tables item_forecast, branch_forecast, backtest, calibration and looked_back.

    Returns:
        learnt_from and spread (see models), and: horizons, months → split and tried.figures of its back-test; branches, the
        same figures of one copy of a title at a branch beside the mean of its class there.

    Raises:
        Problem: there are fewer than LEAST months of loan figures, or in a year less than FEW items or loans.
    """
    span = rows.span(connection)
    told = 0 if span is None else span[1] - span[0] + 1
    if told < LEAST:
        raise Problem("models_use.short", months=told, least=LEAST)
    first, last = span
    known = rows.kinds(connection)
    rng = np.random.default_rng(SEED)
    ends = {months: cutoffs(first, last, months) for months in HORIZONS}
    wanted = sorted(set().union(*ends.values()))
    past = {}
    for done, cutoff in enumerate(wanted):
        progress(STAGE.format("rows"), done, len(wanted) + 1)
        past[cutoff] = sample(rows.items(connection, known, first, cutoff), MOST, rng)
    now = rows.items(connection, known, first, last)
    learned, trials = {}, []
    for months in HORIZONS:
        parts = [rows.with_truth(connection, past[cutoff], months) for cutoff in ends[months]]
        if not enough(parts):
            continue
        steps = list(splits(parts))
        for done, (split, before, after) in enumerate(steps):
            progress(STAGE.format("learn"), done, len(steps) + 1)
            trials.append(tried.tried(split, learn(before), before, after))
        learned[months] = learn(parts)
    if HORIZONS[0] not in learned:
        raise Problem("models_use.few", few=FEW)
    progress(STAGE.format("write"), 0, 1)
    _write_items(connection, now, learned)
    found = pl.concat(map(tried.by_class, trials)).rename({"months": "horizon"})
    _keep(connection, "backtest", found)
    _keep(connection, "calibration", pl.concat(map(_calibration, trials)))
    back = [_looked_back(connection, policy, trial, first, last) for trial in trials]
    _keep(connection, "looked_back", pl.concat(back))
    branches = _branches(connection, known, ends[HORIZONS[0]], last, progress)
    learnt = min(MOST, sum(len(past[cutoff]) for cutoff in ends[HORIZONS[0]]))
    horizons = {
        str(months): {"split": part["split"][0]} | tried.figures(part)
        for months in learned
        for part in [found.filter(horizon=months)]
    }
    months = {"from": _month(first), "to": _month(last)}
    return {
        "learnt_from": {"rows": learnt} | months,
        "spread": _spread(now),
        "horizons": horizons,
        "branches": branches,
    }


def cutoffs(first: int, last: int, months: int) -> list[int]:
    """The ends of month, a year apart, that twelve months of figures lie before and so many after."""
    return sorted(range(last - months, first + 10, -12))


def enough(parts: list[Rows]) -> bool:
    """Whether there is a cutoff, and of each so much that something can be learnt and tried."""
    return bool(parts) and all(len(part) >= FEW and part.actual.sum() >= FEW for part in parts)


def splits(parts: list[Rows]) -> Iterator[tuple[str, list[Rows], Rows]]:
    """Each back-test: how it is parted, what it learns from, what it is tried on.

    By time where the truth of an earlier cutoff is complete at a later one; where of none, by titles: half of them are learnt from,
    the others are tried at the last cutoff.
    """
    by_time = [(after, [part for part in parts if part.cutoff + part.months <= after.cutoff]) for after in parts]
    if any(before for _, before in by_time):
        yield from (("time", before, after) for after, before in by_time if before)
        return
    rng = np.random.default_rng(SEED)
    titles = [part.keys["unit_no"].fill_null(-1).to_numpy() for part in parts]
    learnt = rng.random(max(part.max(initial=0) for part in titles) + 2) < 0.5
    before = [part.take(np.flatnonzero(learnt[of])) for part, of in zip(parts, titles, strict=True)]
    yield "titles", before, parts[-1].take(np.flatnonzero(~learnt[titles[-1]]))


def _write_items(connection: duckdb.DuckDBPyConnection, now: Rows, learned: dict[int, Learned]) -> None:
    columns = {"item_no": now.keys["item_no"]}
    for months in HORIZONS:
        mean = learned[months].mean(now) if months in learned else None
        around = learned[months].around(mean) if months in learned else {}
        columns[f"loans_{months}"] = mean
        columns |= {f"{name}_{months}": around.get(name) for name in ("low", "high", "lent")}
    told = pl.DataFrame(columns, schema={name: pl.Float64 if name != "item_no" else pl.Int32 for name in columns})
    with _told(connection, told):
        connection.execute(sql("models/use/item_forecast"))


def _branches(
    connection: duckdb.DuckDBPyConnection, known: dict[str, list[str]], ends: list[int], last: int, progress: Progress
) -> dict | None:
    """Write branch_forecast; the figures of its last back-test. None, and an empty table, where there is too little."""
    connection.execute(sql("models/use/little_used"))
    rng, parts = np.random.default_rng(SEED), []
    for done, cutoff in enumerate(ends):
        progress(STAGE.format("branches"), done, len(ends) + 1)
        parts.append(sample(rows.places(connection, known, cutoff, HORIZONS[0]), MOST, rng))
    asked = rows.places(connection, known, last, 0)
    if not enough(parts):
        _write_branches(connection, asked.take(np.arange(0)), np.zeros(0), {"low": np.zeros(0), "high": np.zeros(0)})
        return None
    split, before, after = list(splits(parts))[-1]
    usual = after.keys["usual"].to_numpy()
    mean = learn(before).mean(after) * usual
    deviances = [float(tried.deviance(after.actual, told).mean()) for told in (mean, usual)]
    learned = learn(parts)
    foreseen = learned.mean(asked) * asked.keys["usual"].to_numpy()
    _write_branches(connection, asked, foreseen, learned.around(foreseen))
    return {"split": split, "items": len(after), "deviance": {"model": deviances[0], "class_branch": deviances[1]},
            "gain": 1 - deviances[0] / deviances[1], "total": float(mean.sum() / after.actual.sum()), "pairs": len(asked)}  # fmt: skip


def _write_branches(
    connection: duckdb.DuckDBPyConnection, asked: Rows, foreseen: np.ndarray, around: dict[str, np.ndarray]
) -> None:
    told = pl.DataFrame({
        "unit_no": asked.keys["unit_no"], "branch": pl.Series(asked.words("branch"), dtype=pl.String), "loans_12": foreseen,
        "low_12": around["low"], "high_12": around["high"],
    })  # fmt: skip
    with _told(connection, told):
        connection.execute(sql("models/use/branch_forecast"))


def _calibration(trial: Tried) -> pl.DataFrame:
    """horizon, cutoff, step, least (of what was foreseen), items, mean (foreseen) and actual, of like forecasts together."""
    mean, actual = trial.told["model"], trial.rows.actual
    step = np.searchsorted(MEANS, mean, side="right")
    there, items = np.unique(step, return_counts=True)
    added = [np.bincount(step, values, len(MEANS) + 1)[there] / items for values in (mean, actual)]
    return pl.DataFrame({
        "horizon": [trial.rows.months] * len(there), "cutoff": [trial.rows.cutoff] * len(there), "step": there,
        "least": np.array([0, *MEANS])[there], "items": items, "mean": added[0], "actual": added[1],
    })  # fmt: skip


def _looked_back(
    connection: duckdb.DuckDBPyConnection, policy: Policy, trial: Tried, first: int, last: int
) -> pl.DataFrame:
    """horizon, split, cutoff, ago (whole years from it to today), and the columns of looked_back.sql."""
    tested = trial.rows
    told = tested.keys.select(
        "item_no", lent=trial.told["lent"], went_out=pl.Series(tested.actual > 0).cast(pl.Int32),
        months_idle=pl.Series(tested.column("months_idle")).fill_nan(None),
        months_held=pl.Series(tested.column("months_held")).fill_nan(None),
    )  # fmt: skip
    asked = {
        "ago": (last - tested.cutoff) // 12, "covered": (tested.cutoff - first + 1) // 12,
        "use_only_years": policy.parameters["利用だけの無利用年数"],
    }  # fmt: skip
    with _told(connection, told):
        found = connection.sql(sql("models/use/looked_back"), params=asked).pl()
    head = {"horizon": tested.months, "split": trial.split, "cutoff": tested.cutoff, "ago": asked["ago"]}
    return found.select(*(pl.lit(value).alias(name) for name, value in head.items()), pl.all())


def _spread(now: Rows) -> dict:
    """How the features of EDGES are spread; the last share is of the items of which it is not known."""
    found = {}
    for name, edges in EDGES.items():
        values = now.column(name)
        known = values[~np.isnan(values)]
        counts = [*np.histogram(known, [-np.inf, *edges, np.inf])[0], len(values) - len(known)]
        found[name] = {"edges": edges, "shares": [float(count / max(len(values), 1)) for count in counts]}
    return found


def _keep(connection: duckdb.DuckDBPyConnection, name: str, found: pl.DataFrame) -> None:
    with _told(connection, found):
        connection.execute(sql("models/use/table").format(name=name))


@contextmanager
def _told(connection: duckdb.DuckDBPyConnection, told: pl.DataFrame) -> Iterator[None]:
    """The frame as table `told`."""
    connection.register("told", told.to_arrow())
    try:
        yield
    finally:
        connection.unregister("told")


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"

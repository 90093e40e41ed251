"""A fictional library to try everything on: the size and shape of 西宮市立図書館, with invented books.

Branches, classes, places and loans follow the published figures (data/reference/nishinomiya); titles, people,
publishers and ISBN are invented. The demo holds books and serials only, no audio-visual material: its loans
are the published loans of books. Periodicals are counted in the class of their subject.
"""

from pathlib import Path

import numpy as np
import polars as pl

from collection import words
from collection.demo import catalogue, figures, files, lending, records, shelves
from collection.demo.vocabulary import STRATA, subjects
from collection.progress import Progress, silent

AS_OF = shelves.AS_OF
ON_LOAN = 0.05  # share of the items that are out on the as-of day


def write(folder: Path, scale: float, seed: int, progress: Progress | None = None) -> list[Path]:
    """Write the exchange files as of 2025-04-01: bibs, items, loans, holds, retention and partners.

    Args:
        folder: where to, made when missing.
        scale: 1 gives the published 943,628 volumes cell by cell; less than 1 the same proportions.
        seed: the same scale and seed give the same files.
        progress: told how far the work is.

    Returns:
        the six files, in the order above.

    Raises:
        words.Problem: the scale is not above 0 and up to 1.
    """
    if not 0 < scale <= 1:
        raise words.Problem("demo.scale_out_of_range", scale=scale)
    tell = progress or silent
    folder.mkdir(parents=True, exist_ok=True)
    tell("demo.stage_draw", 0, 3)
    volumes = figures.volumes(scale)
    bibs, copies = catalogue.build(volumes, seed)
    named = records.in_words(bibs, seed)
    spine = named.drop_in_place("spine")
    tell("demo.stage_draw", 1, 3)
    paths = [files.bibs(folder, named)]
    price = named["price"]
    del named
    tell("demo.stage_draw", 2, 3)
    items = shelves.stock(bibs, copies, volumes, seed)
    del copies
    tell("demo.stage_draw", 3, 3)
    popularity = bibs["popularity"].to_numpy()[items["bib"].to_numpy()]
    loans, total, last = _lent(folder, items, popularity, figures.loans(scale), seed, tell)
    items = _today(items, last, seed)
    items = items.with_columns(lending.history(items, total, last, seed))
    tell("demo.stage_write", 0, 2)
    paths.append(files.items(folder, items, spine, price))
    paths.append(loans)
    tell("demo.stage_write", 1, 2)
    paths.append(files.holds(folder, _holds(bibs, items, seed)))
    serials = bibs.with_row_index("bib").filter(pl.col("stratum") == STRATA.index("serial"))
    paths.append(files.retention(folder, serials["bib"]))
    paths.append(files.partners(folder))
    tell("demo.stage_write", 2, 2)
    return paths


def _lent(
    folder: Path, items: pl.DataFrame, popularity: np.ndarray, totals: np.ndarray, seed: int, tell: Progress
) -> tuple[Path, np.ndarray, np.ndarray]:
    """Write loans.csv year by year; also loans and last month (0: none) of every item."""
    total, last = np.zeros(items.height, dtype=np.int64), np.zeros(items.height, dtype=np.int64)
    numbers = files.item_numbers(items)
    path = folder / "loans.csv"
    uses = {year: rows for year, *rows in lending.in_house(items, seed)}
    with path.open("wb") as out:
        for nth, (year, row, month, loans) in enumerate(lending.lend(items, popularity, totals, seed)):
            np.add.at(total, row, loans)
            np.maximum.at(last, row, month)
            files.loans(out, numbers, row, month, loans, uses.get(year), header=nth == 0)
            tell("demo.stage_lend", nth + 1, len(figures.YEARS))
    return path, total, last


def _today(items: pl.DataFrame, last: np.ndarray, seed: int) -> pl.DataFrame:
    """Of what was lent in the last month a part is still out; a few are on the hold shelf or on their way."""
    rng = np.random.default_rng([seed, 7])
    status = items["status"].to_numpy().copy()
    lately = rng.permutation(
        np.flatnonzero((status == "available") & (last == shelves.LAST_MONTH) & (items["role"].to_numpy() == 0))
    )
    out = min(round(ON_LOAN * items.height), int(0.8 * len(lately)))
    few = max(1, round(0.0012 * items.height))
    status[lately[:out]] = "on_loan"
    status[lately[out : out + few]] = "on_hold_shelf"
    status[lately[out + few : out + 2 * few]] = "in_transit"
    return items.with_columns(status=pl.Series(status.tolist(), dtype=pl.String))


def _holds(bibs: pl.DataFrame, items: pl.DataFrame, seed: int) -> pl.DataFrame:
    """bib, branch and number of open reservations, most of them for what is new and liked."""
    rng = np.random.default_rng([seed, 8])
    style = subjects()["style"].to_numpy()[bibs["subject"].to_numpy()]
    age = catalogue.LAST - bibs["published"].to_numpy()
    likely = np.exp(1.2 * bibs["popularity"].to_numpy() - age / 2) * ~np.isin(
        style, ["reference", "yearbook", "serial", "office"]
    )
    likely += likely.mean() * 0.03
    number = max(20, round(0.03 * items.height))
    chosen = np.searchsorted(np.cumsum(likely) / likely.sum(), rng.random(number)).clip(max=bibs.height - 1)
    weight = figures.loans(1)[-1].sum(axis=1).astype(float)
    branch = rng.choice(len(weight), number, p=weight / weight.sum())
    key, holds = np.unique(chosen * len(weight) + branch, return_counts=True)
    return pl.DataFrame({"bib": key // len(weight), "branch": key % len(weight), "holds": holds})

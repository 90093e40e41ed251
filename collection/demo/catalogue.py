"""The works, records and copies of the demo library as numbers; records.py puts them into words.

A *group* is what belongs together: the editions of a work, the volumes of a set, a book and its bunko
reprint. A bib is one record of a group, a copy is one bib at one branch.
"""

import numpy as np
import polars as pl

from collection.demo import figures
from collection.demo.vocabulary import KINDS, STRATA, kind_shares, subjects

LAST = 2025.24  # the end of the last fiscal year, as a fraction of the year
MEAN_AGE = (14, 18, 20, 15, 15, 14, 15, 18, 16, 20, 15)  # years since publication by class, invented
SERIAL_SHARE = (0.16, *(0.012,) * 9, 0.004)  # of a class's open shelves
# share of bibs held in 1, 2, 3 … copies before the branches' margins are met
COPIES = {
    "general": {1: 0.904, 2: 0.04, 3: 0.016, 4: 0.01, 5: 0.008, 6: 0.007, 8: 0.006, 10: 0.005, 12: 0.004},
    "children": {1: 0.59, 2: 0.14, 3: 0.08, 4: 0.06, 5: 0.045, 6: 0.035, 8: 0.025, 10: 0.015, 12: 0.01},
    "small": {1: 0.82, 2: 0.1, 3: 0.05, 4: 0.03},
}
SECOND_COPIES = (0, 2, 3, 3)  # branches that buy further copies of what is asked for most: 中央, 鳴尾, 北口 twice
OLDER_KEPT, NEWEST_IDLE, NEIGHBOUR = 1, 2, 3  # roles of the few records made so that a similar title is what remains
PLANTED = {"0": "007.64", "3": "369.26", "4": "498.3", "5": "596.6", "6": "645.6"}


def build(volumes: np.ndarray, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bibs and copies for `volumes` (branch × class × place, see figures.volumes).

    Returns:
        bibs: stratum, shelf, subject, group, kind, position, size, variant, role, published (year and fraction),
            popularity.
        copies: bib (row of bibs), branch, shelf, stratum, and month_back (issues of a serial: months before the last).
        Both hold numbers only; shelf 10 is K, kinds and strata number vocabulary.KINDS and STRATA.
    """
    rng = np.random.default_rng([seed, 1])
    by_class = volumes.sum(axis=2)
    serial = np.floor(volumes[:, :, 0] * np.array(SERIAL_SHARE) + 0.5).astype(np.int64)
    serial[:, 10] = np.floor(volumes[:, 10, 1] * SERIAL_SHARE[10] + 0.5)
    reference, office = volumes[:, :, 2], volumes[:, :, 4]
    of_stratum = {
        "circulating": by_class - serial - reference - office,
        "serial": serial,
        "reference": reference,
        "office": office,
    }
    bibs, copies, offset, groups = [], [], 0, 0
    for number, stratum in enumerate(STRATA):
        for shelf in range(len(figures.CLASSES)):
            wanted = of_stratum[stratum][:, shelf]
            if not wanted.any():
                continue
            made, held = _serials(rng, shelf, wanted) if stratum == "serial" else _books(rng, stratum, shelf, wanted)
            key = {"stratum": number, "shelf": shelf}
            bibs.append(made.with_columns(pl.col("group") + groups, **{k: pl.lit(v, pl.Int32) for k, v in key.items()}))
            copies.append(held.with_columns(pl.col("bib") + offset, **{k: pl.lit(v, pl.Int32) for k, v in key.items()}))
            offset += made.height
            groups = bibs[-1]["group"].max() + 1
    return pl.concat(bibs), pl.concat(copies)


def _books(rng: np.random.Generator, stratum: str, shelf: int, wanted: np.ndarray) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bibs and copies of one class so that every branch holds as many as `wanted` says."""
    shares = COPIES["small" if stratum != "circulating" else "children" if shelf == 10 else "general"]
    mean = sum(number * share for number, share in shares.items())
    made = _works(rng, stratum, shelf, max(1, round(wanted.sum() / mean * 1.07)))  # some are cut when branches are full
    bib, branch = _copies(rng, made, shares, wanted)
    used, bib = np.unique(bib, return_inverse=True)
    made = made[used].with_columns(pl.col("group").rle_id().cast(pl.Int32))
    return made, pl.DataFrame({"bib": bib.astype(np.int32), "branch": branch.astype(np.int32)}).with_columns(
        month_back=pl.lit(None, pl.Int32)
    )


def _works(rng: np.random.Generator, stratum: str, shelf: int, size: int) -> pl.DataFrame:
    """`size` bibs in groups, with their age and popularity."""
    named = figures.CLASSES[shelf]
    choice = subjects().with_row_index("row").filter((pl.col("stratum") == stratum) & (pl.col("shelf") == named))
    weight = choice["weight"].to_numpy()
    subject = choice["row"].to_numpy()[rng.choice(choice.height, size, p=weight / weight.sum())]
    kind = (kind_shares()[subject].cumsum(axis=1) < rng.random(size)[:, None]).sum(axis=1).clip(0, len(KINDS) - 1)
    planted = max(1, round(size * 0.0004)) if stratum == "circulating" and named in PLANTED and size > 12 else 0
    if planted:
        row = choice.filter(pl.col("ndc") == PLANTED[named])["row"][0]
        subject[: 2 * planted] = row
        kind[: 2 * planted] = np.tile([KINDS.index("edition"), 0], planted)
    length = np.select(
        [kind == 0, kind == 1, kind == 2, kind == 3],
        [1, 2 + (rng.random(size) < 0.25), rng.integers(2, 5, size), rng.choice([2, 2, 2, 3, 3, 4, 5, 6], size)],
        2,
    )
    length[: 2 * planted : 2] = 2
    group = np.repeat(np.arange(size), length)[:size]
    position = np.arange(size) - np.searchsorted(group, group)
    role = np.zeros(size, dtype=np.int32)
    role[: 3 * planted] = np.tile([OLDER_KEPT, NEWEST_IDLE, NEIGHBOUR], planted)
    count = group[-1] + 1
    mean = MEAN_AGE[shelf] * (0.8 if stratum == "reference" else 1)
    newest = rng.gamma(1.3, mean / 1.3, count)
    newest = np.where(newest > 55, newest % 55, newest)[group]  # nothing older than the library's oldest stock
    step = np.choose(kind[group], [0, rng.integers(3, 8, count)[group], 1, 0.5, 3, 1.2, 14])
    popularity = rng.normal(0, 1, count)[group] + rng.normal(0, 0.4, size)
    later = length[group] - 1 - position
    age = np.where(role > 0, np.choose(role, [0, 13.6, 11.6, 9.2]), newest + later * step)
    return pl.DataFrame(
        {
            "subject": subject[group].astype(np.int32),
            "group": group.astype(np.int32),
            "kind": kind[group].astype(np.int32),
            "position": position.astype(np.int32),
            "size": length[group].astype(np.int32),
            "variant": rng.integers(0, 2**31, count)[group],
            "role": role,
            "published": LAST - 0.03 - np.minimum(age, 70),
            "popularity": np.where(
                role > 0, np.choose(role, [0, 2, -3, 2]), popularity - 0.5 * later * np.isin(kind[group], [1, 2])
            ),
        }
    )


def _copies(
    rng: np.random.Generator, made: pl.DataFrame, shares: dict[int, float], wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(bib, branch) of every copy; each branch gets exactly `wanted`.

    What is popular and new stands at several branches; what a branch then still lacks are titles it alone holds.
    """
    size, branches = made.height, len(wanted)
    planted = made["role"].to_numpy() > 0
    standing = made["popularity"].to_numpy() - (LAST - made["published"].to_numpy()) / 18 + rng.normal(0, 0.3, size)
    counts = figures.largest_remainder(np.array(list(shares.values())), size)
    number = np.empty(size, dtype=np.int64)
    number[np.argsort(standing)] = np.repeat(list(shares), counts)
    number[planted] = 1
    several = np.flatnonzero(number > 1)
    column = np.concatenate([np.arange(branches), SECOND_COPIES])
    with np.errstate(divide="ignore"):
        weight = 0.75 * np.log(wanted[column].astype(float))
    weight[branches:] -= 1
    # the volumes of a set draw alike, so that they stand at the same branches
    drawn_as = np.where(
        made["kind"].to_numpy() == KINDS.index("set"),
        np.searchsorted(made["group"].to_numpy(), made["group"].to_numpy()),
        np.arange(size),
    )
    luck = rng.gumbel(size=(size, len(column))).astype(np.float32)[drawn_as[several]] + weight.astype(np.float32)
    luck[np.ix_(number[several] < 6, np.arange(branches, len(column)))] = -np.inf
    place = np.argsort(np.argsort(-luck, axis=1), axis=1)
    row, chosen = np.nonzero((place < number[several][:, None]) & np.isfinite(luck))
    bib, branch = several[row], column[chosen]
    keep = np.ones(len(bib), dtype=bool)
    for at in range(branches):
        here = np.flatnonzero(branch == at)
        keep[rng.permutation(here)[wanted[at] :]] = False
    bib, branch = bib[keep], branch[keep]
    rest = wanted - np.bincount(branch, minlength=branches)
    lone = np.flatnonzero(np.bincount(bib, minlength=size) == 0)
    # groups in random order, their members side by side: they land at one branch
    by_luck = lone[np.lexsort((lone, rng.random(size)[made["group"].to_numpy()[lone]], ~planted[lone]))][: rest.sum()]
    more = rng.integers(0, size, rest.sum() - len(by_luck))
    share = np.repeat(np.arange(branches), rest)
    order = np.roll(share, -int(rest[:1].sum() * rng.random())) if len(share) else share
    return np.concatenate([bib, by_luck, more]), np.concatenate([branch, order])


def _serials(rng: np.random.Generator, shelf: int, wanted: np.ndarray) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Titles with up to about 30 issues at each branch that takes them, over two and a half years."""
    titles = max(1, round(wanted.sum() / 48))
    row = (
        subjects()
        .with_row_index("row")
        .filter((pl.col("stratum") == "serial") & (pl.col("shelf") == figures.CLASSES[shelf]))["row"][0]
    )
    bib, branch, month = [], [], []
    for at, number in enumerate(wanted):
        taken = rng.permutation(titles)[: max(1, round(number / 30))]
        issue = np.arange(number)
        bib.append(taken[issue % len(taken)])
        branch.append(np.full(number, at))
        per_title = -(-number // len(taken))
        month.append(((issue // len(taken) + 0.5) * max(1, round(30 / max(per_title, 1)))).astype(np.int64))
    used, bib = np.unique(np.concatenate(bib), return_inverse=True)
    size = len(used)
    made = pl.DataFrame(
        {
            "subject": np.full(size, row, dtype=np.int32),
            "group": np.arange(size, dtype=np.int32),
            "kind": np.zeros(size, dtype=np.int32),
            "position": np.zeros(size, dtype=np.int32),
            "size": np.ones(size, dtype=np.int32),
            "variant": rng.integers(0, 2**31, size),
            "role": np.zeros(size, dtype=np.int32),
            "published": LAST - 3 - rng.gamma(2, 8, size).clip(0, 60),
            "popularity": rng.normal(0, 0.7, size),
        }
    )
    held = {
        "bib": bib.astype(np.int32),
        "branch": np.concatenate(branch).astype(np.int32),
        "month_back": np.concatenate(month).astype(np.int32),
    }
    return made, pl.DataFrame(held)

"""Which titles of a neighbourhood are near each other: cosine of their weighted grams, within the blocks of the classes.

Every gram of every block is a column of its own, so that one product of the matrix with itself compares each title with
those of its block and with no other. It is made in parts that fit in the memory.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_array

T = TypeVar("T")
LOW = 0.40  # score (cosine, less APART) from which titles are near; tuned on one half of tests/models/similar_pairs.csv
APART = 0.10  # what it costs that two classes are not the same
MOST = 10  # neighbours of a title at most: so many of its own name, and so many of other names
WORK = 1500  # products that a record of a large block may cost; its most frequent grams are left out until it costs no more
SMALL = 1000  # records up to which a block is compared by all its grams
PART = 3_000_000  # products held at once
KINDS = {"one": np.int64, "other": np.int64, "score": np.float32}
LEVELS = 512  # steps of the score in which the nearest are told apart at first


@dataclass(frozen=True)
class Titles:
    """Titles to compare, those of a block side by side.

    Attributes:
        grams: titles × columns of their block, each row of length 1 (or empty).
        class_no, name_no: numbers that are the same for the same class and the same name.
        fourth: the fourth digit of the class, -1 where it has no more than three.
    """

    grams: csr_array
    class_no: np.ndarray
    name_no: np.ndarray
    fourth: np.ndarray


@dataclass(frozen=True)
class Near:
    """Pairs of titles by their rows, each with its score; `one` is who has `other` as a neighbour."""

    one: np.ndarray
    other: np.ndarray
    score: np.ndarray

    def __getitem__(self, which: np.ndarray) -> "Near":
        return Near(self.one[which], self.other[which], self.score[which])

    def turned(self) -> "Near":
        """The same pairs, seen from the other title."""
        return Near(self.other, self.one, self.score)


def joined(parts: list[Near]) -> Near:
    """Several as one."""
    held = [
        np.concatenate([np.empty(0, kind), *(getattr(part, name) for part in parts)]) for name, kind in KINDS.items()
    ]
    return Near(*held)


def idf(grams: csr_array) -> np.ndarray:
    """What each gram counts by how few records hold it: 1 + ln((1 + records) / (1 + holding))."""
    holding = np.bincount(grams.indices, minlength=grams.shape[1])
    return (1 + np.log((1 + grams.shape[0]) / (1 + holding))).astype(np.float32)


def apart(grams: csr_array, block: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """The same rows with a column of its own for each gram of each block; and of every column block · grams + gram.

    Args:
        block: of each row, not falling.
    """
    wanted = np.repeat(block.astype(np.int64), np.diff(grams.indptr)) * grams.shape[1] + grams.indices
    columns, places = np.unique(wanted, return_inverse=True)
    shape = grams.shape[0], max(1, len(columns))
    return csr_array((grams.data, places.astype(np.int32), grams.indptr), shape=shape), columns


def too_frequent(grams: csr_array, columns: np.ndarray, block: np.ndarray, width: int) -> np.ndarray:
    """Which columns (of `apart`) are left out: of a large block the most frequent, until a record costs no more than WORK."""
    holding = np.bincount(grams.indices, minlength=grams.shape[1])[: len(columns)].astype(np.int64)
    of, size = columns // width, np.bincount(block)
    order = np.lexsort((holding, of))
    work = np.cumsum(holding[order] ** 2)
    before = np.concatenate([[0], work])[np.searchsorted(of[order], of[order])]
    out = (size[of[order]] > SMALL) & (work - before > WORK * size[of[order]])
    found = np.zeros(len(columns), bool)
    found[order[out]] = True
    return found


def of_length_one(grams: csr_array, out: np.ndarray) -> csr_array:
    """The same rows without the columns `out`, each of length 1 (or empty)."""
    kept = ~out[grams.indices]
    indptr = np.concatenate([[0], np.cumsum(kept)])[grams.indptr]
    data, indices = grams.data[kept].astype(np.float64), grams.indices[kept]
    rows = np.repeat(np.arange(grams.shape[0]), np.diff(indptr))
    length = np.sqrt(np.bincount(rows, data**2, grams.shape[0]))
    return csr_array(((data / length[rows]).astype(np.float32), indices, indptr), shape=grams.shape)


def near(titles: Titles, asked: np.ndarray, take: Callable[[Near], T]) -> Iterator[T]:
    """All that is near each title asked for (rows), in parts; of each part what `take` makes of it."""
    turned = titles.grams.T.tocsr()
    cost = np.concatenate([[0], np.cumsum(np.diff(turned.indptr)[titles.grams.indices])])[titles.grams.indptr]
    cost = np.cumsum(np.diff(cost)[asked])
    cuts = np.searchsorted(cost, np.arange(PART, cost[-1], PART)) if len(asked) else []
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(lambda part: take(_near(titles, turned, part)), np.split(asked, np.unique(cuts)))


def _near(titles: Titles, turned: csr_array, part: np.ndarray) -> Near:
    product = titles.grams[part] @ turned
    high = np.flatnonzero(product.data >= LOW)
    one = part[np.searchsorted(product.indptr, high, side="right") - 1]
    other, score = product.indices[high], product.data[high]
    score = score - np.float32(APART) * (titles.class_no[one] != titles.class_no[other])
    fourth = titles.fourth[one], titles.fourth[other]
    fits = (fourth[0] == fourth[1]) | (fourth[0] < 0) | (fourth[1] < 0)
    keep = fits & (one != other) & (score >= LOW)
    return Near(one[keep], other[keep], score[keep])


def nearest(titles: Titles, found: Near) -> Near:
    """Those among the MOST of their title, of its own name or of others, the best first."""
    return found[places(titles, found)]


def places(titles: Titles, found: Near) -> np.ndarray:
    """Where the `nearest` stand."""
    slot = slots(titles, found)
    return best(slot - slot.min(initial=2 * len(titles.name_no)), found.other, found.score)


def slots(titles: Titles, found: Near) -> np.ndarray:
    """Two numbers a title, among which its neighbours are counted: one for those of other names, one for those of its own."""
    return found.one.astype(np.int64) * 2 + (titles.name_no[found.one] == titles.name_no[found.other])


def best(slot: np.ndarray, other: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The places of the MOST highest scores of each slot, the highest first, of equals the smaller `other`."""
    level = np.clip(score * LEVELS, 0, LEVELS - 1).astype(np.int64)
    full = np.bincount(slot) > MOST
    place = np.cumsum(full) - 1
    crowded = full[slot]
    counted = np.bincount(place[slot[crowded]] * LEVELS + level[crowded], minlength=full.sum() * LEVELS)
    above = counted.reshape(-1, LEVELS)[:, ::-1].cumsum(1)[:, ::-1]
    least = np.zeros(len(full), np.int64)
    least[full] = (above >= MOST).sum(1) - 1
    keep = np.flatnonzero(level >= least[slot])
    order = keep[np.lexsort((other[keep], -score[keep], slot[keep]))]
    begins = np.searchsorted(slot[order], np.arange(len(full)))
    return order[np.arange(len(order)) - begins[slot[order]] < MOST]

"""What speaks for a pair of titles, in a form that a person can check: the words both share, and the class."""

from os.path import commonprefix

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process
from scipy.sparse import csr_array

from models.artefact import SEED
from models.similar import texts
from models.similar.pairs import Near

LIKENESS = 20  # rapidfuzz ratio (0–100) of the names below which a pair is not confirmed


def shown(
    pairs: Near, words: csr_array, spoken: list[str], names: pl.Series, classes: pl.Series
) -> tuple[pl.Series, pl.Series]:
    """Of each pair the telling words that both share (parted by ;), and what both classes begin with.

    The words are null where there are none, and where the names are not alike at all: such a pair is not confirmed.

    Args:
        words, spoken: titles × words (texts.word_matrix); names: match keys; classes: of each title.
    """
    shared = _shared(words[pairs.one].multiply(words[pairs.other]).tocsr(), spoken)
    sharing = np.flatnonzero(shared.is_not_null().to_numpy())
    left, right = (names.gather(rows[sharing]).to_list() for rows in (pairs.one, pairs.other))
    alike = process.cpdist(left, right, scorer=fuzz.ratio, score_cutoff=LIKENESS, dtype=np.uint8, workers=2)
    confirmed = np.zeros(len(pairs.one), bool)
    confirmed[sharing] = alike > 0
    return shared.set(pl.Series(~confirmed), None), _class(classes.gather(pairs.one), classes.gather(pairs.other))


def _shared(shared: csr_array, spoken: list[str]) -> pl.Series:
    """The telling words of each row; rows that share the same words are looked at once."""
    marks = np.random.default_rng(SEED).integers(1, 2**62, len(spoken) + 1).astype(np.uint64)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(marks[shared.indices])])
    _, first, place = np.unique(
        sums[shared.indptr[1:]] - sums[shared.indptr[:-1]], return_index=True, return_inverse=True
    )
    told = [
        ";".join(texts.telling([spoken[word] for word in shared.indices[shared.indptr[row] : shared.indptr[row + 1]]]))
        for row in first
    ]
    return pl.Series(told, dtype=pl.String).replace("", None).gather(place)


def _class(one: pl.Series, other: pl.Series) -> pl.Series:
    both = pl.DataFrame({"one": one, "other": other})
    unique = both.unique(maintain_order=True)
    begin = [commonprefix(pair).rstrip(".") for pair in unique.iter_rows()]
    return both.join(
        unique.with_columns(begin=pl.Series(begin, dtype=pl.String)),
        on=["one", "other"],
        how="left",
        maintain_order="left",
    )["begin"]

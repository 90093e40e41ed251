"""From texts to pairs: lays titles out as pairs.py compares them, and tells the pairs as shown.py shows them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from models.similar import pairs, shown, texts

AT_ONCE = 400_000  # pairs whose words are looked for at once
PAIR = {"bib_no": pl.Int32, "other_no": pl.Int32, "score": pl.Float32, "shared_words": pl.String, "class": pl.String}


@dataclass(frozen=True)
class Weights:
    """What grams count: `idf` (gram, idf) of those that more than one record held, `unknown` of any other; and which were
    left out of which block: `stop` (block, gram), of the blocks `known`."""

    idf: pl.DataFrame
    unknown: float
    stop: pl.DataFrame
    known: list[str]


@dataclass(frozen=True)
class Laid:
    """Titles ready to be compared: `bibs` (rows as in features.sql), their runs (texts.runs), and what is made of them."""

    bibs: pl.DataFrame
    runs: pl.DataFrame
    titles: pairs.Titles
    weights: Weights


def lay(bibs: pl.DataFrame, weights: Weights | None = None) -> Laid:
    """Lay titles out, under weights that are known or else their own.

    Args:
        bibs: bib_no, block, class, name and texts.FIELDS, those of a block side by side.
    """
    runs = texts.runs(bibs)
    grams, named = texts.gram_matrix(runs, len(bibs))
    blocks = bibs["block"].unique().sort()
    block = bibs["block"].rank("dense").cast(pl.Int64).to_numpy() - 1
    idf = pairs.idf(grams) if weights is None else _known_idf(named, weights)
    grams.data *= idf[grams.indices]
    apart, columns = pairs.apart(grams, block)
    out = pairs.too_frequent(apart, columns, block, len(named))
    if weights is None:
        weights = _weights(grams, named, idf, blocks, _stop(columns[out], blocks, named))
    else:
        known = blocks.is_in(weights.known).to_numpy()[columns // max(1, len(named))]
        stop = pl.concat([weights.stop, _stop(columns[out & ~known], blocks, named)])
        out = np.where(known, np.isin(columns, _columns(weights.stop, blocks, named)), out)
        weights = replace(weights, stop=stop)
    fourth = bibs["class"].str.slice(4, 1).cast(pl.Int8, strict=False).fill_null(-1)
    titles = pairs.Titles(
        pairs.of_length_one(apart, out if len(out) else np.zeros(apart.shape[1], bool)),
        *(bibs[name].rank("dense").to_numpy() for name in ("class", "name")), fourth.to_numpy(),
    )  # fmt: skip
    return Laid(bibs, runs, titles, weights)


def told(laid: Laid, found: list[pairs.Near]) -> Iterator[pl.DataFrame]:
    """Pairs as they are kept, in parts: bib_no, other_no, score, shared_words (null: not confirmed), class."""
    every = pairs.joined(found)
    for first in range(0, len(every.one), AT_ONCE):
        part = every[slice(first, first + AT_ONCE)]
        asked = np.zeros(len(laid.bibs), bool)
        asked[part.one] = asked[part.other] = True
        runs = laid.runs.filter(pl.Series(asked).gather(laid.runs["row"]))
        matrix, spoken = texts.word_matrix(runs, len(laid.bibs))
        words, classes = shown.shown(part, matrix, spoken, laid.bibs["name"], laid.bibs["class"])
        number = laid.bibs["bib_no"].to_numpy()
        columns = (number[part.one], number[part.other], part.score, words, classes)
        yield pl.DataFrame(dict(zip(PAIR, columns, strict=True)), schema=PAIR)


def _known_idf(named: list[str], weights: Weights) -> np.ndarray:
    known = pl.DataFrame({"gram": named}, schema={"gram": pl.String}).join(
        weights.idf, on="gram", how="left", maintain_order="left"
    )
    return known["idf"].fill_null(weights.unknown).cast(pl.Float32).to_numpy()


def _weights(grams: csr_array, named: list[str], idf: np.ndarray, blocks: pl.Series, stop: pl.DataFrame) -> Weights:
    holding = np.bincount(grams.indices, minlength=len(named))
    every = pl.DataFrame({"gram": pl.Series(named, dtype=pl.String), "idf": idf}).filter(pl.Series(holding > 1))
    unknown = 1 + np.log((1 + grams.shape[0]) / 2)
    return Weights(every, float(np.float32(unknown)), stop, blocks.to_list())


def _stop(columns: np.ndarray, blocks: pl.Series, named: list[str]) -> pl.DataFrame:
    """Columns (pairs.apart) as block and gram."""
    names, width = pl.Series(named, dtype=pl.String), max(1, len(named))
    return pl.DataFrame({"block": blocks.gather(columns // width), "gram": names.gather(columns % width)})


def _columns(stop: pl.DataFrame, blocks: pl.Series, named: list[str]) -> np.ndarray:
    """The columns of `_stop`, of the blocks that are here."""
    of_block = pl.DataFrame({"block": blocks}).with_row_index("at")
    of_gram = pl.DataFrame({"gram": named}, schema={"gram": pl.String}).with_row_index("place")
    found = stop.join(of_block, on="block").join(of_gram, on="gram")
    return found.select(pl.col("at").cast(pl.Int64) * len(named) + pl.col("place")).to_series().to_numpy()

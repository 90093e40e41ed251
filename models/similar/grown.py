"""An index of similar titles grown from that of an earlier snapshot: only what changed is compared.

Under the same weights it holds the same pairs as one that is made whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from collection.progress import Progress
from collection.store.connection import attach_file, sql
from models import artefact
from models.similar import compare, pairs

SHARE = 0.2  # part of the records from which a change asks for a whole new index


def grow(
    connection: duckdb.DuckDBPyConnection, earlier: Path, progress: Progress
) -> tuple[compare.Weights | None, str | None]:
    """Fill `pair` from an earlier index and what changed since.

    Returns:
        the weights and whose they are; None and None when too much changed, and nothing is filled.
    """
    attach_file(connection, "earlier", earlier)
    for name in ("changed", "kept"):
        connection.execute(sql(f"models/similar/{name}"))
    changes = connection.sql(sql("models/similar/changes")).pl()
    [(records, known)] = connection.execute(sql("models/similar/stand")).fetchall()
    if changes["changed"].sum() > SHARE * records:
        return None, None
    figures = artefact.manifest(earlier).figures
    idf, stop = (connection.sql(sql("models/similar/weights").format(table=table)).pl() for table in ("gram", "stop"))
    weights = compare.Weights(idf, figures["unknown"], stop, known or [])
    blocks = pl.concat([changes["block"], changes["block_before"]]).drop_nulls().unique().sort().to_list()
    laid = compare.lay(connection.sql(sql("models/similar/features"), params={"blocks": blocks}).pl(), weights)
    progress("models_similar.stage_compare", 0, 1)
    _compare(connection, laid, changes)
    progress("models_similar.stage_compare", 1, 1)
    return laid.weights, figures["weights_of"]


def add(connection: duckdb.DuckDBPyConnection, laid: compare.Laid, found: list[pairs.Near]) -> None:
    """Write pairs with their words and class."""
    for part in compare.told(laid, found):
        put(connection, "pair", part)


def put(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Write rows into a table of the index."""
    with _tables(connection, arriving=rows):
        connection.execute(sql("models/similar/put").format(table=table))


def _compare(connection: duckdb.DuckDBPyConnection, laid: compare.Laid, changes: pl.DataFrame) -> None:
    number = laid.bibs["bib_no"].to_numpy()
    anew = np.isin(number, changes["now"].drop_nulls().to_numpy())
    new = np.isin(number, changes.filter("changed")["now"].drop_nulls().to_numpy())
    had = _had(connection, number, ~anew)
    least = _least(laid.titles, had)

    def take(found: pairs.Near) -> tuple[pairs.Near, pairs.Near]:
        """What the titles asked for have, and what others may gain by those of them that are new."""
        others = found[new[found.one] & ~anew[found.other]].turned()
        others = others[others.score >= least[pairs.slots(laid.titles, others)]]
        return pairs.nearest(laid.titles, found), pairs.nearest(laid.titles, others)

    found = list(pairs.near(laid.titles, np.flatnonzero(anew), take))
    gained = pairs.joined([gain for _, gain in found])
    had = had[np.isin(had.one, gained.one)]
    every = pairs.joined([had, gained])
    stays = np.zeros(len(every.one), bool)
    stays[pairs.places(laid.titles, every)] = True
    beaten = had[~stays[: len(had.one)]]
    with _tables(
        connection, anew=pl.DataFrame({"bib_no": number[anew]}),
        beaten=pl.DataFrame({"bib_no": number[beaten.one], "other_no": number[beaten.other]}),
    ):  # fmt: skip
        connection.execute(sql("models/similar/keep"))
    add(connection, laid, [*(nearest for nearest, _ in found), gained[stays[len(had.one) :]]])


def _had(connection: duckdb.DuckDBPyConnection, number: np.ndarray, staying: np.ndarray) -> pairs.Near:
    """What titles had that are not compared anew, by rows."""
    with _tables(connection, staying=pl.DataFrame({"bib_no": number[staying]})):
        kept = connection.sql(sql("models/similar/of_titles")).pl()
    order = np.argsort(number)
    one, other = (order[np.searchsorted(number[order], kept[name].to_numpy())] for name in ("bib_no", "other_no"))
    return pairs.Near(one, other, kept["score"].to_numpy())


def _least(titles: pairs.Titles, had: pairs.Near) -> np.ndarray:
    """The score from which a pair finds a place in each slot (pairs.slots): that of the last one where it is full."""
    found = pl.DataFrame({"slot": pairs.slots(titles, had), "score": had.score})
    full = found.group_by("slot").agg(pl.len(), pl.col("score").min()).filter(pl.col("len") >= pairs.MOST)
    least = np.full(2 * len(titles.name_no), pairs.LOW, np.float32)
    least[full["slot"].to_numpy()] = full["score"].to_numpy()
    return least


@contextmanager
def _tables(connection: duckdb.DuckDBPyConnection, **frames: pl.DataFrame) -> Iterator[None]:
    for name, rows in frames.items():
        connection.register(name, rows.to_arrow())
    yield
    for name in frames:
        connection.unregister(name)

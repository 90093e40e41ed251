"""Learn what points to the city from the records that carry its mark, each half of the works judged by the other.

The baseline is the pack's own list of words (clues.toml). No record is looked at with words it helped to learn.
"""

from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from collection import facts
from collection.policy.model import Policy
from collection.progress import Progress
from collection.store.connection import sql
from collection.words import Problem
from models import drift
from models.artefact import SEED

LEAST_MARKED = 200  # marked records, below which nothing is learnt
LEAST_WORKS = 5  # marked works of a half that must say a word
PRECISION = 0.8  # share of marked among the held-out records above the line
FIRST = 100  # the head of the list that is measured on its own
MOST_WORDS = 5  # told of a record
POINTS = 1.0  # log odds from which a word is told to point to the city: 2.7 times as likely with it
STRENGTH = 0.1  # of the regression's weights (C): low, so that no word of a few records weighs much
YEARS = [1980, 1990, 2000, 2010, 2020]
LIKELY = [0.1, 0.3, 0.5, 0.7, 0.9]
WORDS = [1, 2, 3]


def train(connection: duckdb.DuckDBPyConnection, store: Path, policy: Policy, progress: Progress) -> dict:
    """Make tables local_title and local_word, and measure what was learnt on the half it was not learnt from.

    Returns:
        learnt_from, spread; marked (records); line (likelihood from which records are listed; None where PRECISION is
        out of reach, and nothing is listed); held_out: the half that the first half judges, as `measured` tells the
        model, the pack's list, and both together; check: the model on the other half with the same line; listed (records).

    Raises:
        Problem: fewer than LEAST_MARKED records are marked, or they have no words in common.
    """
    progress("models_local.stage_read", 0, 4)
    records = read(connection, policy)
    marked = records["marked"].fill_null(False).to_numpy()
    if marked.sum() < LEAST_MARKED:
        raise Problem("models_local.too_few", marked=f"{marked.sum():,}", least=LEAST_MARKED)
    learnt, likely, said = [], np.zeros(records.height), np.zeros(records.height, int)
    for half in (0, 1):
        progress("models_local.stage_learn", 1 + half, 4)
        words, judged = learn(connection, records, half)
        learnt.append(words)
        other = (records["half"] != half).to_numpy()
        likely[other], said[other] = judged["likely"], judged["words"]
    progress("models_local.stage_write", 3, 4)

    known = records["marked"].is_not_null().to_numpy()
    held_out, check = (known & (records["half"] == half).to_numpy() for half in (1, 0))
    line = line_of(marked[held_out], likely[held_out])
    _write(connection, pl.concat(learnt), pl.DataFrame({"row": records["row"], "likely": likely}), line)
    listed, month = connection.execute(sql("models/local/told")).fetchone()
    progress("models_local.stage_write", 4, 4)
    return {
        "learnt_from": {"rows": int(known.sum()), "from": None, "to": month},
        "marked": int(marked.sum()), "line": line,
        "held_out": _compared(records.filter(held_out), likely[held_out], line),
        "check": measured(marked[check], _pointed(likely[check], line), likely[check]),
        "listed": listed,
        "spread": {
            "pub_year": drift.spread(records["pub_year"], YEARS),
            "words": drift.spread(said, WORDS), "likely": drift.spread(likely, LIKELY),
        },
    }  # fmt: skip


def read(connection: duckdb.DuckDBPyConnection, policy: Policy) -> pl.DataFrame:
    """Make the temporary tables record and token; the records in the order of `row`, which counts them from 0."""
    connection.execute(sql("models/local/unmarked_bib"))
    facts.mark(connection, policy)
    connection.execute(sql("models/local/records"), {"seed": SEED})
    connection.execute(sql("models/local/features"))
    return connection.sql(sql("models/local/records_read")).pl()


def learn(connection: duckdb.DuckDBPyConnection, records: pl.DataFrame, half: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Learn from one half of the works and judge the other.

    Returns:
        half, kind, word, weight (log odds), one row a word; and likely (0–1, as if marked and other records were equally many),
        words (how many of them it says), one row a record of the other half in the order of `row`.
    """
    vocabulary = connection.sql(sql("models/local/vocabulary"), params={"half": half, "least": LEAST_WORKS}).pl()
    if vocabulary.is_empty():
        raise Problem("models_local.no_words", least=LEAST_WORKS)
    connection.register("vocabulary", vocabulary.to_arrow())
    hits = connection.sql(sql("models/local/hits")).pl()
    connection.unregister("vocabulary")
    at = (hits["row"].to_numpy(), hits["number"].to_numpy())
    matrix = csr_matrix((np.ones(hits.height), at), shape=(records.height, vocabulary.height))
    mine, marked = (records["half"] == half).to_numpy(), records["marked"]
    taught = mine & marked.is_not_null().to_numpy()
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=SEED)
    model.fit(matrix[taught], marked.fill_null(False).to_numpy()[taught])
    judged = matrix[~mine]
    told = pl.DataFrame({"likely": model.predict_proba(judged)[:, 1], "words": np.diff(judged.indptr)})
    weights = pl.Series("weight", model.coef_[0])
    return vocabulary.select(pl.lit(half).alias("half"), "kind", "word", weights), told


def line_of(marked: np.ndarray, likely: np.ndarray) -> float | None:
    """The lowest likelihood from which at least PRECISION of the records are marked; None when there is none."""
    order = np.argsort(-likely, kind="stable")
    falling = likely[order]
    share = np.cumsum(marked[order]) / np.arange(1, len(order) + 1)
    last_of_its_kind = np.append(falling[1:] != falling[:-1], True)
    enough = np.flatnonzero((share >= PRECISION) & last_of_its_kind)
    return float(falling[enough[-1]]) if enough.size else None


def measured(marked: np.ndarray, pointed: np.ndarray, order: np.ndarray) -> dict:
    """How well those that something points to fit the mark: one entry a record in each array.

    Args:
        order: how strongly, for the first FIRST of them; equal ones stay in their order.

    Returns:
        found, right (marked ones among them), precision and recall (0–1; None of nothing), first and first_right (at the head).
    """
    found, right, first = int(pointed.sum()), int((pointed & marked).sum()), np.flatnonzero(pointed)
    first = first[np.argsort(-order[first], kind="stable")][:FIRST]
    return {
        "found": found, "right": right, "precision": right / found if found else None,
        "recall": right / int(marked.sum()) if marked.any() else None,
        "first": len(first), "first_right": int(marked[first].sum()),
    }  # fmt: skip


def _compared(records: pl.DataFrame, likely: np.ndarray, line: float | None) -> dict:
    marked, clues = records["marked"].to_numpy(), records["clues"].to_numpy()
    model, listed = _pointed(likely, line), clues > 0
    return {
        "records": records.height, "marked": int(marked.sum()),
        "model": measured(marked, model, likely), "list": measured(marked, listed, clues),
        "both": measured(marked, model | listed, likely),
    }  # fmt: skip


def _pointed(likely: np.ndarray, line: float | None) -> np.ndarray:
    return likely >= (np.inf if line is None else line)


def _write(
    connection: duckdb.DuckDBPyConnection, learnt: pl.DataFrame, scored: pl.DataFrame, line: float | None
) -> None:
    connection.register("learnt", learnt.to_arrow())
    connection.register("scored", scored.to_arrow())
    connection.execute(sql("models/local/words"), {"points": POINTS})
    connection.execute(sql("models/local/titles"), {"line": 2.0 if line is None else line, "most": MOST_WORDS})
    connection.unregister("learnt")
    connection.unregister("scored")

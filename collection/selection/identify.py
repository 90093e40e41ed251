"""Which holding a title on offer is: candidates from the index of titles, scored, and sure or not with the reason.

The score (0–100) is the weighted mean of what both sides tell: title, author, publisher, year. It sorts the candidates.
Whether the best is taken without asking is a matter of doubts besides (DOUBTS); a person chooses among the candidates else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from collection.selection import likeness, title_keys, titles
from collection.selection.title_keys import KEYS
from collection.store.connection import connect, sql

CANDIDATES = 100  # records that are looked at for one title
TOKENS = 12  # tokens of one title that are looked up
POSTINGS = 4000  # pairs of token and record that are read for them
WEIGHTS = {"title": 50, "author": 30, "publisher": 10, "year": 10}
LIKE = 55  # likeness of titles (0–100) below which a record is no candidate, and one of the same ISBN another book
NAMED = 75  # likeness of names from which they are one; also what the author counts where the record names none
OTHER_VOLUME, NO_VOLUME = 15, 5  # points taken off where two volumes are told, and where only one side tells any
LONG = (5, 8, 12)  # characters from which a title is a witness for itself, two, three
WITNESSES = 2  # that a match needs
MARGIN = 3  # points by which the best must lead another work
PRINTED = ("book", "large_print")  # forms that may stand for one another, as another edition
FOUND = {"no": pl.Int64, "bib_no": pl.Int32, "work_no": pl.Int32, "keys": pl.String}
DOUBTS = ("isbn", "below", "form", "volume", "number", "translator", "author", "title", "common", "ambiguous")


@contextmanager
def opened(snapshot: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees a snapshot as facts_of_day and its index of titles, made when it is missing, as titles."""
    with connect(attach={"facts_of_day": snapshot, "titles": titles.index(snapshot)}) as connection:
        yield connection


def identify(cursor: duckdb.DuckDBPyConnection, asked: pl.DataFrame, sure: float, most: int = 5) -> pl.DataFrame:
    """The records that titles on offer may be, best first.

    Args:
        cursor: sees the index of titles as `titles` (`opened`).
        asked: row (Int64, each once), title, author, publisher, isbn (13 digits), volume, edition, pub_year, all but the row
            nullable; material where it is known. Other columns do not matter.
        sure: score from which a match may be sure.
        most: candidates of a row.

    Returns:
        row; rank, 1 for the best; bib_no; score (0–100); how, isbn or title; kind, same or edition (another edition of the
        work); sure, only ever of the best, when nothing speaks against it; doubt, what speaks against it (one of DOUBTS,
        said in words/identify.toml), also of the others.
    """
    keyed = keys(asked)
    return ranked(scored(keyed, candidates(cursor, keyed)), sure, most)


def keys(asked: pl.DataFrame) -> pl.DataFrame:
    """What is asked as KEYS, its row as `no`."""
    texts = (*title_keys.TEXTS, "isbn", "material")
    told = [pl.col(name) if name in asked.columns else pl.lit(None).alias(name) for name in texts]
    said = asked.select(pl.col("row").cast(pl.Int64).alias("no"), *(text.cast(pl.String) for text in told), "pub_year")
    return title_keys.keys(said.with_columns(pl.col("pub_year").cast(pl.Int32)))


def candidates(cursor: duckdb.DuckDBPyConnection, keyed: pl.DataFrame) -> pl.DataFrame:
    """The records that share the rarest tokens with each title: no, bib_no, work_no and KEYS."""
    cursor.register("asked", title_keys.tokens(keyed, asked=True).unique().to_arrow())
    params = {"tokens": TOKENS, "postings": POSTINGS, "most": CANDIDATES}
    found = cursor.execute(sql("queries/identify_candidates"), params).fetchnumpy()  # cursor.sql would plan it twice
    cursor.unregister("asked")
    return title_keys.unpacked(pl.DataFrame(found, schema=FOUND))


def scored(keyed: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The records that are like what is asked, with their likeness part by part, score, kind and doubt.

    Args:
        keyed: from `keys`. found: no, bib_no, work_no and KEYS of any records.
    """
    pairs = found.join(keyed.rename({name: f"asked_{name}" for name in KEYS}), on="no", maintain_order="left")
    pairs = likeness.titles(pairs.with_columns(by_isbn=(pl.col("isbn") == pl.col("asked_isbn")).fill_null(False)))
    pairs = likeness.slips(pairs.filter((pl.col("title") >= LIKE) | pl.col("by_isbn")))
    pairs = pairs.with_columns(
        author=likeness.author(pairs),
        publisher=likeness.publisher(pairs),
        year=pl.when(pl.col("pub_year") == pl.col("asked_pub_year")).then(100.0),
    )
    return pairs.with_columns(kind=_kind(), **_volumes()).with_columns(score=_score()).with_columns(doubt=_doubt())


def ranked(pairs: pl.DataFrame, sure: float, most: int) -> pl.DataFrame:
    """The columns of `identify`, from what `scored` gives."""
    as_asked = pl.col("form") == pl.col("asked_form")
    best_first = pairs.sort(
        "no",
        pl.col("score").neg(),
        ~as_asked,
        pl.col("kind") != "same",
        _years_apart(),
        "bib_no",
        nulls_last=True,
    )
    first = pl.col("no").is_first_distinct()
    other_work = pl.col("work_no") != pl.col("work_no").first().over("no")
    as_near = (pl.col("slips") == 0) | (pl.col("slips").first().over("no") > 0)
    rival = pl.col("doubt").is_null() & as_asked & other_work & as_near
    lead = pl.col("score").first().over("no") - pl.col("score").filter(rival).max().over("no")
    clash = (pl.col("doubt") == "isbn").any().over("no")
    found = best_first.with_columns(
        doubt=pl.when(first & clash).then(pl.lit("isbn"))
        .when(pl.col("score") < sure).then(pl.coalesce("doubt", pl.lit("below")))
        .when(first & (lead < MARGIN)).then(pl.coalesce("doubt", pl.lit("ambiguous")))
        .otherwise("doubt")
    )  # fmt: skip
    return found.select(
        pl.col("no").alias("row"), rank=pl.int_range(1, pl.len() + 1).over("no"), bib_no="bib_no", score="score",
        how=pl.when("by_isbn").then(pl.lit("isbn")).otherwise(pl.lit("title")), kind="kind",
        sure=first & pl.col("doubt").is_null(), doubt="doubt",
    ).filter(pl.col("rank") <= most)  # fmt: skip


# ── what is said of a pair; _holds: a condition, false where it cannot be told


def _holds(condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(False)


@cache
def _score() -> pl.Expr:
    """The weighted mean of what both sides tell, less what volumes take off; with one ISBN, what title and ISBN make."""
    nobody = (pl.col("asked_names").list.len() > 0) & (pl.col("names").list.len() == 0)
    reprint = _holds((pl.col("author") >= NAMED) & (pl.col("publisher") < 100))  # the publisher says nothing then
    parts = {
        "title": pl.col("title"),
        "author": pl.when(nobody).then(float(NAMED)).otherwise("author"),
        "publisher": pl.when(~reprint).then("publisher"),
        "year": pl.col("year"),
    }
    told = pl.sum_horizontal(part.is_not_null() * WEIGHTS[name] for name, part in parts.items())
    mean = pl.sum_horizontal(part.fill_null(0) * WEIGHTS[name] for name, part in parts.items()) / told
    off = pl.when("other_volume").then(OTHER_VOLUME).when("no_volume").then(NO_VOLUME).otherwise(0)
    by_isbn = pl.when(_clash()).then(50).when("by_isbn").then(80 + pl.col("title").fill_null(100) / 5)
    return pl.coalesce(by_isbn, mean - off).clip(0, 100).round(1)


def _clash() -> pl.Expr:
    """Whether the titles of one ISBN are utterly different."""
    return pl.col("by_isbn") & _holds(pl.col("title") < LIKE)


@cache
def _volumes() -> dict[str, pl.Expr]:
    one, other = pl.col("asked_volume"), pl.col("volume")
    unlike = (pl.col("asked_whole") != pl.col("whole")).fill_null(True)
    return {
        "other_volume": unlike & _holds(one != other),
        "no_volume": unlike & ~pl.col("by_isbn") & (one.is_null() != other.is_null()),
    }


def _years_apart() -> pl.Expr:
    return (pl.col("pub_year") - pl.col("asked_pub_year")).abs()


@cache
def _kind() -> pl.Expr:
    """edition: the request tells another edition or form than the record, or another year or ISBN."""
    told = [(pl.col(f"asked_{name}").fill_null(0), pl.col(name).fill_null(0)) for name in title_keys.EDITION]
    other = pl.any_horizontal(asked > 0 for asked, _ in told) & pl.any_horizontal(asked != held for asked, held in told)
    elsewhere = ~pl.col("by_isbn") & (_holds(_years_apart() > 1) | _holds(pl.col("isbn") != pl.col("asked_isbn")))
    form = pl.col("form") != pl.col("asked_form")
    return pl.when(other | elsewhere | form).then(pl.lit("edition")).otherwise(pl.lit("same"))


@cache
def _doubt() -> pl.Expr:
    """The first thing that speaks against taking the record for what is asked, whatever its score; null: nothing."""
    by_title = ~pl.col("by_isbn")
    forms = pl.col("form") != pl.col("asked_form"), pl.all_horizontal(pl.col("form", "asked_form").is_in(PRINTED))
    numbers = [pl.col(key).str.count_matches("[0-9]+") for key in ("asked_body", "asked_head", "body", "head")]
    unsaid = pl.col("headed") & (numbers[0] + numbers[2] > numbers[1] + numbers[3]) & pl.col("year").is_null()
    against = {
        "isbn": _clash(),
        "form": by_title & forms[0] & ~forms[1],
        "volume": pl.col("other_volume") | pl.col("no_volume"),
        "number": by_title & (pl.col("other_number").fill_null(False) | unsaid),
        "translator": by_title & ~likeness.part("asked_translator", "translator"),
        "author": by_title & (pl.col("author") < NAMED),
        "title": by_title & ((pl.col("slips") > likeness.SLIPS) | pl.col("other_word").fill_null(False)),
        "common": by_title & (_witnesses() < _needed()),
    }
    return pl.coalesce(pl.when(_holds(met)).then(pl.lit(name)) for name, met in against.items())


def _witnesses() -> pl.Expr:
    """How much speaks for a title besides its likeness. The author counts twice; where neither side names one, the publisher
    stands for the author. A long title speaks for itself, one with slips only beside author or publisher.
    """
    letters, nobody = pl.col("left").str.len_chars(), pl.all_horizontal(pl.col("asked_names", "names").list.len() == 0)
    published, elsewhere = _holds(pl.col("publisher") == 100), _holds(pl.col("publisher") < 100)
    named = _holds(pl.col("author") >= NAMED) | (nobody & published)
    long = sum(letters >= least for least in LONG) * ((pl.col("slips") == 0) | named | published)
    return 2 * named + published - (elsewhere & ~named).cast(pl.Int32) + pl.col("year").is_not_null() + _holds(long)


def _needed() -> pl.Expr:
    """One witness more for each grave slip in the title, and two more for such a title of another year."""
    grave = pl.col("grave")
    return WITNESSES + grave + 2 * ((grave > 0) & _holds(_years_apart() > 1))

"""A file of requests (INTERCHANGE, requests): every row becomes a title to check, also one that cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from collection import sources, words
from collection.imports.results import Note
from collection.progress import Progress
from collection.selection.check import OFFERED
from collection.sources import readers
from collection.store.connection import connect, sql
from collection.words import Problem

AMISS = {  # what is amiss with a row → whether the row is in error
    "bad_line": True, "no_request_id": True, "no_received_on": True, "nothing": True, "isbn_unreadable": False,
    "year_unreadable": False,
}  # fmt: skip
ASKED = OFFERED | {"line": pl.Int64, "request_id": pl.String, "amiss": pl.List(pl.String)}


@dataclass(frozen=True)
class Requests:
    """A file of requests.

    Attributes:
        file: its name. titles: columns of ASKED, one row for every row of the file, in its order; `token` is the hash that
            stands for the person, `amiss` what of AMISS is the matter. notes: what reading it reported.
    """

    file: str
    titles: pl.DataFrame
    notes: tuple[Note, ...]

    @property
    def errors(self) -> int:
        """How many rows lack what they must have, or could not be read."""
        wrong = [name for name, error in AMISS.items() if error]
        return self.titles.filter(pl.col("amiss").list.set_intersection(wrong).list.len() > 0).height


def read(
    path: Path,
    hashed: Callable[[str | None], str | None],
    mapping: Path | str | None = None,
    progress: Progress | None = None,
) -> Requests:
    """Reads a CSV, TSV or XLSX of requests.

    Args:
        hashed: makes a person's number a hash (tokens.hasher); the number itself is not kept. mapping: as for sources.stage.

    Raises:
        Problem: the file cannot be read, is of another kind, or has a personal column.
    """
    if sources.content_of(path).startswith("marc"):
        raise Problem("requests.no_table", file=path.name)
    with connect() as connection:
        [staged] = sources.stage(connection, path, "requests", mapping, progress)
        rows = connection.sql(sql("queries/requests_staged").format(table=staged.table)).pl()
        connection.execute(sql("queries/staged_note_table"))
        notes = connection.execute(sql("queries/import_source_notes")).fetchall()
    people = {token: hashed(token) for token in rows["requester_token"].unique()}
    whole = rows.with_row_index("row").with_columns(
        token=pl.col("requester_token").replace_strict(people, return_dtype=pl.String), amiss=_amiss()
    )
    titles = whole.select(
        (pl.col(name) if name in whole.columns else pl.lit(None).alias(name)).cast(kind) for name, kind in ASKED.items()
    )
    return Requests(path.name, titles, tuple(Note(path.name, *note) for note in notes))


def typed(said: dict[str, str]) -> tuple[dict, list[str]]:
    """What a person typed of a title, as a row of a file is read.

    Args:
        said: field of words/fields.toml (requests, and series) → text.

    Returns:
        the title by the names of ASKED, blanks left out; and the fields that cannot be read, which were left out too.
    """
    title, unread = {}, []
    for field, text in said.items():
        about = words.table("fields")["requests"].get(field, {"type": "text"})
        values, why = readers.reader(about, False)(text)
        columns = readers.outputs("requests", field, about) if field in readers.STAGED["requests"] else [field]
        title |= {
            name: value for name, value in zip(columns, values, strict=True) if name in ASKED and value is not None
        }
        if why and values[0] is None:
            unread.append(field)
    return title, unread


def _amiss() -> pl.Expr:
    """What is the matter with a staged row, a list of AMISS."""
    bad = (pl.col("reason").is_not_null() & ~pl.col("reason").str.starts_with("blank_")).fill_null(False)
    told = {
        "bad_line": bad,
        "no_request_id": ~bad & pl.col("request_id").is_null(),
        "no_received_on": ~bad & pl.col("received_on").is_null(),
        "nothing": ~bad & pl.col("title").is_null() & pl.col("isbn").is_null(),
        "isbn_unreadable": pl.col("isbn").is_null() & pl.col("isbn_text").is_not_null(),
        "year_unreadable": pl.col("pub_year").is_null() & pl.col("pub_year_text").is_not_null(),
    }
    return pl.concat_list([pl.when(met).then(pl.lit(name)) for name, met in told.items()]).list.drop_nulls()

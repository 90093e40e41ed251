"""The rows a model learns from and is tried on: what was known of each item, or of each title at a branch, at the end of a month."""

from dataclasses import dataclass, replace

import duckdb
import numpy as np
import polars as pl

from collection.facts import last_whole_month
from collection.store.connection import sql

KINDS = ("branch", "location", "shelf_class", "division", "audience", "material")  # columns of words, told by number
KEYS = ("item_no", "unit_no", "actual", "usual")  # what names a row, and what nothing is learnt from
MOST_KINDS = 250  # the rarest beyond count as unknown


@dataclass(frozen=True)
class Rows:
    """What was known at the end of the month `cutoff`, one row an item or a title at a branch.

    Attributes:
        keys: KEYS, those it has.
        known: float32, rows × names; nan where it is not known, words as their number in `kinds`.
        months: of the truth; 0 without. actual: loans (a copy) in the months after. level: how much the branch lent in
        them for its loans of the twelve months before (levels.sql), about months ÷ 12.
    """

    cutoff: int
    keys: pl.DataFrame
    names: tuple[str, ...]
    known: np.ndarray
    kinds: dict[str, list[str]]
    months: int = 0
    actual: np.ndarray | None = None
    level: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.known)

    def column(self, name: str) -> np.ndarray:
        """One of `names`."""
        return self.known[:, self.names.index(name)]

    def words(self, name: str) -> list[str]:
        """A column of KINDS in words; what is not known is -."""
        said = np.array([*self.kinds[name], "-"], dtype=object)
        number = self.column(name)
        return said[np.where(np.isnan(number), len(said) - 1, number).astype(np.int64)].tolist()

    def take(self, rows: np.ndarray) -> "Rows":
        """Some of the rows."""
        kept = {name: None if (part := getattr(self, name)) is None else part[rows] for name in ("actual", "level")}
        return replace(self, keys=self.keys[rows], known=self.known[rows], **kept)


def span(connection: duckdb.DuckDBPyConnection) -> tuple[int, int] | None:
    """The first and the last whole month with loan figures (year * 12 + month - 1); None without any."""
    ((first, last, as_of),) = connection.execute(sql("models/use/span")).fetchall()
    return None if first is None else (first, min(last, last_whole_month(as_of)))


def kinds(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The values of each column of KINDS, the most frequent first."""
    found = connection.sql(sql("models/use/kinds")).pl()
    return {name: found.filter(column_name=name)["value"].head(MOST_KINDS).to_list() for name in KINDS}


def items(connection: duckdb.DuckDBPyConnection, known: dict[str, list[str]], first: int, cutoff: int) -> Rows:
    """The items held at the end of a month (features.sql), in item_no order."""
    found = connection.sql(sql("models/use/features"), params={"cutoff": cutoff, "first": first}).pl()
    return _rows(found, known, cutoff)


def with_truth(connection: duckdb.DuckDBPyConnection, rows: Rows, months: int) -> Rows:
    """Items with what they were lent in the months after their cutoff."""
    asked = {"cutoff": rows.cutoff, "months": months}
    lent = connection.sql(sql("models/use/truth"), params=asked).pl()
    actual = rows.keys.select("item_no").join(lent, on="item_no", how="left", maintain_order="left")["loans"]
    return replace(
        rows,
        months=months,
        actual=actual.fill_null(0).to_numpy().astype(np.float64),
        level=_level(connection, rows, asked),
    )


def places(connection: duckdb.DuckDBPyConnection, known: dict[str, list[str]], cutoff: int, months: int) -> Rows:
    """The titles at the branches where copies stood (places.sql), with the loans a copy in the months after.

    Their level is also times `usual`: what is learnt is how a title is lent for what a copy of its class is lent there.
    Without months, the titles of table `little_used` at every branch instead, without a truth.
    """
    where = "stood" if months else "asked"
    query = sql("models/use/places").format(where=where)
    rows = _rows(connection.sql(query, params={"cutoff": cutoff, "months": months}).pl(), known, cutoff)
    if not months:
        return rows
    level = _level(connection, rows, {"cutoff": cutoff, "months": months})
    return replace(
        rows, months=months, actual=rows.keys["actual"].to_numpy(), level=level * rows.keys["usual"].to_numpy()
    )


def _level(connection: duckdb.DuckDBPyConnection, rows: Rows, asked: dict) -> np.ndarray:
    found = dict(connection.sql(sql("models/use/levels"), params=asked).fetchall())
    return np.array([found.get(name, asked["months"] / 12) for name in [*rows.kinds["branch"], "-"]])[
        np.nan_to_num(rows.column("branch"), nan=-1).astype(np.int64)
    ]


def _rows(found: pl.DataFrame, known: dict[str, list[str]], cutoff: int) -> Rows:
    keys = [name for name in KEYS if name in found.columns]
    numbered = [
        pl.col(name).cast(pl.Enum(known[name]), strict=False).to_physical() for name in KINDS if name in found.columns
    ]
    told = found.drop(keys).with_columns(numbered)
    return Rows(cutoff, found.select(keys), tuple(told.columns), told.cast(pl.Float32).to_numpy(), known)

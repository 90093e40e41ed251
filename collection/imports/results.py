"""What an import tells of itself: how every row ended, what was noticed, where the rejects lie."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from collection import words

OUTCOMES = ("loaded", "changed", "unchanged", "skipped", "error")


@dataclass(frozen=True)
class FileOutcome:
    """How the rows of one file ended; the five outcomes add up to `rows`. `gone`: known before, not in the file."""

    file: str
    kind: str  # bibs items loans holds retention partners; two kinds in one file: bibs+items
    rows: int
    loaded: int
    changed: int
    unchanged: int
    skipped: int
    error: int
    gone: int
    sha256: str
    encoding: str
    mapping: str
    rejects: Path | None


@dataclass(frozen=True)
class Note:
    """Something noticed, counted: outcome is skipped, error or note; reason a key of words/imports.toml."""

    file: str
    outcome: str
    reason: str
    field: str | None
    rows: int
    example_line: int | None
    example: str | None

    def __str__(self) -> str:
        return words.say(
            f"imports.{self.reason}",
            file=self.file,
            field=self.field or "",
            rows=self.rows,
            line=self.example_line or "",
            example_line=self.example_line or "",
            example=self.example or "",
            other_line="",
        )


@dataclass(frozen=True)
class Result:
    """One import. `snapshot` is None when the files changed nothing, and nothing was published."""

    as_of: date
    snapshot: Path | None
    files: tuple[FileOutcome, ...]
    notes: tuple[Note, ...]
    gone: int

    @property
    def rejects(self) -> tuple[Path, ...]:
        """The files of rejected rows that were written."""
        return tuple(file.rejects for file in self.files if file.rejects)

    @property
    def exit_status(self) -> int:
        """0 when no row was in error, else 1."""
        return int(any(file.error for file in self.files))


def rejects(store: Path) -> list[Path]:
    """Every file of rejected rows a store holds, newest first (their names begin with the time)."""
    return sorted((file for file in (store / "rejects").glob("*") if not file.name.startswith(".")), reverse=True)


def read_rejects(file: Path, limit: int = 200) -> pl.DataFrame:
    """The first rows of a CSV of rejects, every column as text: line, reason, then the columns of the file.

    Of rejected MARC records the reasons are a CSV beside the records, of the same name.
    """
    table = file if file.suffix == ".csv" else file.with_suffix(".csv")
    return pl.read_csv(table, infer_schema=False, n_rows=limit).fill_null("")

"""The end of each file: outcomes counted to the row, reasons noted, rejects written out as they came."""

import os
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from collection import words
from collection.imports.results import OUTCOMES, FileOutcome, Note
from collection.imports.run import Run
from collection.sources import staging
from collection.store.connection import sql

REJECTS = "rejects"
BOM = b"\xef\xbb\xbf"
NO_REJECTS = ("duplicate_same", "requests_elsewhere")  # reasons with nothing to mend
XML_BEFORE = b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
XML_AFTER = b"\n</collection>\n"


def finish(run: Run, number: int, staged: list, taken: Counter) -> tuple[FileOutcome, list[Note]]:
    """Count one file, note its reasons, write its rejects aside and let go of its tables.

    Args:
        staged: what reading the file gave, one for each kind.
        taken: outcomes of rows that have no verdict of their own (loans).

    Raises:
        RuntimeError: the outcomes do not add up to the rows of the file; nothing may be published then.
    """
    first = staged[0]
    query = "import_counts" if len(staged) == 1 else "import_counts_by_line"
    counts = Counter(dict(run.connection.execute(sql(f"queries/{query}"), {"file": number}).fetchall())) + taken
    if sum(counts.values()) != first.rows:
        raise RuntimeError(f"{first.file}: {first.rows} rows, but {dict(counts)}")
    reasons = run.connection.sql(sql("queries/import_reasons"), params={"file": number}).pl()
    outcome = FileOutcome(
        file=first.file,
        kind="+".join(part.kind for part in staged),
        rows=first.rows,
        **{name: counts[name] for name in OUTCOMES},
        gone=0,
        sha256=first.sha256,
        encoding=first.encoding,
        mapping=first.mapping,
        rejects=_write_rejects(run, number, first, reasons),
    )
    notes = [
        Note(first.file, row["outcome"], row["reason"], None, row["rows"], row["example_line"], _example(row))
        for row in reasons.iter_rows(named=True)
    ]
    _let_go(run, staged)
    return outcome, notes


def notices(run: Run, file: str) -> list[Note]:
    """What reading a file reported, taken out of staged_note: the next file may have the same name."""
    told = run.execute("import_source_notes").fetchall()
    run.connection.execute("DELETE FROM staged_note")
    return [Note(file, *row) for row in told]


def _let_go(run: Run, staged: list) -> None:
    """Drop what was staged. The name of the raw table stays taken, since `stage` counts by it; its rows do not."""
    for part in staged:
        staging.drop(run.connection, part)
    raw = staged[0].raw
    kinds = run.connection.execute(sql("queries/import_kind_of_table"), {"name": raw}).fetchall()
    if kinds != [("VIEW",)]:
        run.connection.execute(f"CREATE OR REPLACE TABLE {raw} (line BIGINT)")


def _example(row: dict) -> str | None:
    """The key of the first such row; of two rows that disagree, also both lines."""
    key = row["example"] and row["example"].partition("\x1f")[0]
    if row["other_line"] is None:
        return key
    return words.say("imports.both_lines", key=key, line=row["example_line"], other_line=row["other_line"])


def _write_rejects(run: Run, number: int, staged, reasons: pl.DataFrame) -> Path | None:
    """Rows not taken, unaltered: a CSV with line and reason in front, or MARC records and a CSV of their reasons."""
    mendable = reasons.filter(~pl.col("reason").is_in(NO_REJECTS))
    if mendable.is_empty():
        return None
    said = [(reason, words.say(f"imports.{reason}", **_blanks())) for reason in mendable["reason"].unique().to_list()]
    run.connection.execute("CREATE OR REPLACE TEMP TABLE said (reason VARCHAR, text VARCHAR)")
    run.connection.executemany("INSERT INTO said VALUES (?, ?)", said)
    headings = {"line": words.say("imports.reject_line"), "reason": words.say("imports.reject_reason")}
    query = sql("queries/import_rejects").format(raw=staged.raw, **headings)
    folder = run.work / REJECTS
    folder.mkdir(exist_ok=True)
    stem = f"{run.imported_at:%Y%m%d-%H%M%S}-{number + 1:02}-{Path(staged.file).stem}"
    table = folder / f"{stem}.csv"
    if staged.encoding.startswith("marc"):
        return _write_records(run, number, query, staged.encoding, table)
    run.connection.execute(f"CREATE OR REPLACE TEMP TABLE reject AS {query}", {"file": number})
    _write_csv(run, "FROM reject", table)
    return table


def _blanks() -> dict[str, str]:
    """What a reason may name and a single row says for itself; {other_line} is filled in row by row."""
    names = ("file", "field", "rows", "line", "example_line", "example")
    return {**dict.fromkeys(names, ""), "other_line": "{other_line}"}


def _write_csv(run: Run, query: str, file: Path) -> None:
    """UTF-8 with BOM, as Excel wants it. COPY writes no BOM, hence the second file."""
    bare = file.with_suffix(".part")
    quoted = str(bare).replace("'", "''")
    run.connection.execute(f"COPY ({query}) TO '{quoted}' (FORMAT csv, HEADER)")
    with bare.open("rb") as source, file.open("wb") as target:
        target.write(BOM)
        shutil.copyfileobj(source, target)
    bare.unlink()


def _write_records(run: Run, number: int, query: str, encoding: str, table: Path) -> Path:
    """The rejected MARC records in one file, their reasons in a CSV beside it. Gives the file of records."""
    run.connection.execute(f"CREATE OR REPLACE TEMP TABLE reject AS {query}", {"file": number})
    _write_csv(run, "SELECT * EXCLUDE (record) FROM reject", table)
    before, after = (XML_BEFORE, XML_AFTER) if encoding == "marcxml" else (b"", b"")
    records = table.with_suffix(".xml" if encoding == "marcxml" else ".mrc")
    with records.open("wb") as target:
        target.write(before)
        for (record,) in run.connection.execute("SELECT record FROM reject").fetchall():
            target.write(record if isinstance(record, bytes) else record.encode())
        target.write(after)
    return records


def keep_books(run: Run, outcomes: list[FileOutcome], notes: list[Note], as_of: date) -> None:
    """Add this import to the log of imports that the new snapshot carries."""
    files = [
        (run.imported_at, as_of, o.file, o.kind, o.sha256, o.encoding, o.mapping, o.rows)
        + (o.loaded, o.changed, o.unchanged, o.skipped, o.error, o.gone, o.rejects.name if o.rejects else None)
        for o in outcomes
    ]
    lines = [(run.imported_at, n.file, n.outcome, n.reason, n.field, n.rows, n.example_line, n.example) for n in notes]
    run.connection.executemany(f"INSERT INTO new.import_file VALUES ({', '.join('?' * 15)})", files)
    if lines:
        run.connection.executemany(f"INSERT INTO new.import_note VALUES ({', '.join('?' * 8)})", lines)


def place_rejects(written: Path, store: Path, outcomes: list[FileOutcome]) -> list[FileOutcome]:
    """Move the rejects into the store once the import stands. Gives the outcomes with their last place."""
    if not written.exists():
        return outcomes
    target = store / REJECTS
    target.mkdir(exist_ok=True)
    for file in sorted(written.iterdir()):
        os.replace(file, target / file.name)
    return [replace(outcome, rejects=outcome.rejects and target / outcome.rejects.name) for outcome in outcomes]

"""Files into the store: one import makes one snapshot of its day, from the last snapshot and the files given.

What each kind of file does to what is known is laid down in INTERCHANGE (import): bibs are added or
updated, items are a full export, loans replace the months they cover, holds, retention and partners
are replaced whole. The snapshot is built aside and published whole, or not at all.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from collection import reconcile, sources
from collection.imports import building, finishing, loans, merging
from collection.imports.files import inputs, locked, workplace
from collection.imports.results import FileOutcome, Note, Result, read_rejects, rejects
from collection.imports.run import Run
from collection.progress import Progress, silent
from collection.store import snapshots
from collection.store.connection import connect, sql
from collection.words import Problem

__all__ = ["FileOutcome", "Note", "Result", "import_files", "read_rejects", "rejects"]

AT_ONCE = ("bibs", "items")  # kinds merged as they are read; the others need the numbers of bibs and items
MEMORY = "600MB"  # for DuckDB; beside it the titles of all bibs are worked on when works are matched
GONE_LIMIT = 20  # an import stops when more than one held item in 20 (5 %) would go at once


def import_files(
    store: Path,
    as_of: date,
    files: list,
    mapping=None,
    partial: bool = False,
    accept_gone: bool = False,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> Result:
    """One snapshot of the day `as_of`, from the last snapshot and the files given.

    Args:
        store: the folder that holds the snapshots; made when missing.
        as_of: the day the files describe; not before that of the last snapshot.
        files: paths of files or folders, or (kind, path) where the header does not tell the kind.
        mapping: which column is which field, handed to `sources.stage`.
        partial: the files of items are no full export; what they lack is not gone.
        accept_gone: go on when more than 5 % of the held items would go.
        rebuild: `as_of` may lie before the last snapshot; the last one up to that day is the base then,
            and everything worked out is worked out anew.
        progress: told how far the work is.

    Returns:
        Result: outcomes of every row; its snapshot is None when the files changed nothing of the last one.

    Raises:
        Problem: nothing was done: another import runs, a file is missing or unreadable, the day runs
            backwards, too many items would go.
    """
    given = inputs(files)
    with locked(store), workplace(store / snapshots.FOLDER) as work:
        base = snapshots.newest(store, until=as_of if rebuild else None)
        if base and snapshots.as_of(base) > as_of:
            raise Problem("imports.backwards", as_of=as_of.isoformat(), last=snapshots.as_of(base).isoformat())
        with connect(attach={"old": base} if base else None) as connection:
            if base is None:
                building.nothing_before(connection)
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            quoted = str(work / "spill").replace("'", "''")
            connection.execute(f"SET temp_directory = '{quoted}'")
            last_as_of, last_hash, last_at = _last(connection) if base else (None, None, datetime.min)
            now = max(datetime.now(), last_at + timedelta(microseconds=1))
            run = Run(connection, work, as_of, now, partial, accept_gone, rebuild, progress or silent)
            outcomes, notes, gone = _take_all(run, given, mapping, base)
            content_hash = building.describe(run)
            finishing.keep_books(run, outcomes, notes, as_of)
            connection.execute("CHECKPOINT new")
            connection.execute("DETACH new")
        outcomes = finishing.place_rejects(work / finishing.REJECTS, store, outcomes)
        snapshot = None
        if (last_as_of, last_hash) != (as_of, content_hash):
            snapshot = snapshots.path(store, as_of, content_hash)
            building.publish(work / building.NEW, snapshot)
    notes += _dropped_out(reconcile.after_import(store))
    return Result(as_of, snapshot, tuple(outcomes), tuple(notes), gone)


def _dropped_out(items: int | None) -> list[Note]:
    """Tells how many items dropped out of tags and open lists; None: they could not be compared."""
    if items == 0:
        return []
    return [Note("", "note", "not_reconciled" if items is None else "dropped_out", None, items or 0, None, None)]


def _last(connection) -> tuple[date, str, datetime]:
    """Day and content hash of the last snapshot, and when it was made."""
    as_of, content_hash, made = connection.execute(sql("queries/import_last")).fetchone()
    return as_of, content_hash, made or datetime.min


def _take_all(run: Run, given: list, mapping, base: Path | None) -> tuple[list[FileOutcome], list[Note], int]:
    """Read and merge every file, then write all tables of the new snapshot."""
    run.execute("import_outcome")
    run.execute("import_verdicts")
    run.execute("staged_note_table")
    read, noticed, finished = _read(run, given, mapping)
    kinds = [part.kind for staged in read for part in staged]
    gone = _gone(run, kinds)
    lost = {"items": gone}
    run.progress("imports.stage_works", 0, 1)
    renumbered = bool(base is None or run.rebuild or run.changes["bibs"] or run.changes["items"] or gone)
    building.open_new(run, base, renumbered)
    if renumbered:
        building.bibs_and_items(run, same_bibs=bool(base) and not run.rebuild and not run.changes["bibs"])
    run.progress("imports.stage_works", 1, 1)
    for number, staged in enumerate(read):
        for part in staged:
            if part.kind in merging.REPLACED:
                merging.merge(run, number, part)
    for kind in merging.REPLACED:
        if kind in kinds:
            lost[kind] = merging.replace(run, kind)
    building.others(run)
    taken, lost["loans"] = _loans(run, read, renumbered)
    for number, staged in enumerate(read):
        if number not in finished:
            finished[number] = finishing.finish(run, number, staged, taken[number])
    return *_report(run, read, noticed, finished, lost), gone


def _read(run: Run, given: list, mapping) -> tuple[list[list], list[list[Note]], dict]:
    """Stage every file; a file of bibs and items is merged and finished at once, to make room for the next."""
    read, noticed, finished = [], [], {}
    for number, (kind, path) in enumerate(given):
        staged = sources.stage(run.connection, path, kind=kind, mapping=mapping, progress=run.progress)
        read.append(staged)
        noticed.append(finishing.notices(run, path.name))
        for part in staged:
            if part.kind in AT_ONCE:
                run.progress("imports.stage_merge", number, len(given))
                merging.merge(run, number, part)
            elif part.kind == "requests":
                run.execute("import_requests", table=part.table, file=str(number))
        if all(part.kind in AT_ONCE for part in staged):
            finished[number] = finishing.finish(run, number, staged, Counter())
    return read, noticed, finished


def _gone(run: Run, kinds: list[str]) -> int:
    """Let go what a full export no longer has. Raises Problem when that is more than 5 % and was not accepted."""
    if run.partial or "items" not in kinds:
        return 0
    gone, held = merging.count_gone(run)
    if gone * GONE_LIMIT > held and not run.accept_gone:
        raise Problem("imports.gone_limit", gone=f"{gone:,}", held=f"{held:,}", percent=f"{gone / held:.1%}")
    merging.leave(run)
    return gone


def _loans(run: Run, read: list[list], renumbered: bool) -> tuple[dict[int, Counter], int]:
    """Take the files of loans. Gives outcomes by number of the file, and how many known loans are no longer there."""
    taken = {number: Counter() for number in range(len(read))}
    pieces = [(number, part) for number, staged in enumerate(read) for part in staged if part.kind == "loans"]
    loans.begin(run, renumbered)
    for done, (number, part) in enumerate(pieces):
        run.progress("imports.stage_loans", done, len(pieces) + 1)
        taken[number] += loans.take(run, number, part, alone=len(pieces) == 1)
    run.progress("imports.stage_loans", len(pieces), len(pieces) + 1)
    dropped = loans.publish(run, len(pieces), renumbered)
    run.progress("imports.stage_loans", len(pieces) + 1, len(pieces) + 1)
    return taken, dropped


def _report(run: Run, read: list, noticed: list, finished: dict, lost: dict[str, int]) -> tuple[list, list[Note]]:
    """Outcomes and notes of all files. What is no longer there is told with the last file of its kind."""
    last_of = {part.kind: number for number, staged in enumerate(read) for part in staged}
    outcomes, notes = [], []
    for number in range(len(read)):
        outcome, told = finished[number]
        here = {kind: lost[kind] for kind, last in last_of.items() if last == number and lost.get(kind)}
        outcomes.append(replace(outcome, gone=sum(here.values())))
        notes += [*told, *noticed[number]]
        notes += [Note(outcome.file, "note", f"gone_{kind}", None, rows, None, None) for kind, rows in here.items()]
    unknown = run.execute("import_bib_unknown").fetchall()
    notes += [Note(outcomes[number].file, "note", "item_bib_unknown", "bib_id", *row) for number, *row in unknown]
    return outcomes, notes

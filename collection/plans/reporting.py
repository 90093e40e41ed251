"""The plans of a fiscal year: read from the ledger, counted, judged, and handed out as one file."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path

import duckdb

from collection import years
from collection.plans import counting, keeping, model, printing, standing
from collection.plans.keeping import Kept
from collection.plans.standing import Standing
from collection.policy import Policy
from collection.store import snapshots
from collection.store.connection import connect_flags
from collection.words import Problem, say


def of_year(known: dict[str, Kept], year: int) -> dict[str, Kept]:
    """The plans that cover a fiscal year."""
    return {plan_id: kept for plan_id, kept in known.items() if model.column_of(kept.plan, year)}


def stand(cursor: duckdb.DuckDBPyConnection | None, store: Path, kept: Kept, as_of: date) -> Standing:
    """Where a plan stands. cursor: on the newest flags, or None where there are none and nothing can be counted."""
    counts = counting.of_plan(cursor, store, kept.plan, as_of) if cursor else {}
    reports = {} if kept.sample else keeping.reports(store, kept.plan.id)
    return standing.of(kept.plan, reports, counts, as_of, kept.sample)


def report(store: Path, fiscal_year: int, kind: str, library: str, policy: Policy | None = None) -> tuple[bytes, int]:
    """The plans of a fiscal year as csv, xlsx or pdf, and how many indicators they have.

    Samples are printed, and said to be samples, where the library keeps no plan of that year. The policy is not asked: a plan states its own 運用値.

    Raises:
        Problem: neither a plan nor a sample covers the year.
    """
    found = of_year(keeping.kept(store), fiscal_year)
    title = say("plans.report_title", year=years.spoken(fiscal_year))
    if not found:
        found = of_year(keeping.samples(), fiscal_year)
        title = say("plans.report_samples", year=years.spoken(fiscal_year))
    if not found:
        raise Problem("plans.none_of_year", year=years.spoken(fiscal_year))
    flags = snapshots.newest_flags(store)
    opened: AbstractContextManager = connect_flags(flags) if flags else nullcontext()
    with opened as cursor:
        as_of = snapshots.as_of(snapshots.newest(store)) if cursor else date.today()
        shown = [
            (stand(cursor, store, kept, as_of), model.column_of(kept.plan, fiscal_year)) for kept in found.values()
        ]
    return printing.file(shown, kind, library, title), len(printing.long(shown))

"""Loans into the store: the months that the files of an import cover replace those months.

Thirteen million rows are usual, so the plain case (months not known before, no row repeated) does
nothing but join, sort and write; everything else is looked at only where the counts say it is there.
"""

from collections import Counter

from collection.imports.run import Run
from collection.store.connection import sql


def begin(run: Run, renumbered: bool) -> None:
    """Set up the loans of the last snapshot under today's item numbers, and room for those that come."""
    if renumbered and run.base == "old":
        run.execute("import_renumber")
        run.execute("import_loans_prior")
    else:
        run.execute("import_loans_prior_same", base=run.base)
    run.execute("import_loans_tables")
    run.execute("import_loans_covered")


def take(run: Run, number: int, staged) -> Counter:
    """Take one staged table of loans. Gives the outcomes of the rows taken; the others have their verdicts."""
    connection = run.connection
    run.execute("import_loans_staged", table=staged.table)
    run.execute("import_no_duplicates")
    run.execute("import_loans_arriving")
    if run.execute("import_loans_repeated").fetchone()[0]:
        run.execute("import_duplicates")
        run.execute("import_loans_arriving")
    errors, months = run.execute("import_loans_rows").fetchone()
    taken = connection.execute("SELECT count(*) FROM arriving").fetchone()[0]
    if taken < staged.rows:
        connection.execute(sql("queries/import_loans_tell"), {"file": number})
    outcomes = _compare(run, staged, taken, errors, months or [])
    _add(run, months or [])
    run.changes["loans"] += outcomes["loaded"] + outcomes["changed"]
    return outcomes


def _compare(run: Run, staged, taken: int, errors: int, months: list[int]) -> Counter:
    """How many of the arriving loans are new, different or the same. What the file does not say is filled in."""
    run.connection.execute(sql("queries/import_loans_known"), {"months": months})
    if not run.connection.execute("SELECT count(*) FROM known").fetchone()[0]:
        return Counter(loaded=taken)
    in_house = "in_house" in staged.fields
    compared = run.connection.execute(sql("queries/import_loans_compare"), {"in_house": in_house})
    loaded, changed, unchanged = compared.fetchone()
    if not in_house:
        run.execute("import_loans_in_house")
    if errors:
        run.execute("import_loans_keep")
    return Counter(loaded=loaded, changed=changed, unchanged=unchanged)


def _add(run: Run, months: list[int]) -> None:
    """Move what arrived to what came in with this import."""
    connection = run.connection
    connection.execute("INSERT INTO covered SELECT unnest($months)", {"months": months})
    if connection.execute("SELECT count(*) FROM loan_new").fetchone()[0] == 0:
        connection.execute("DROP TABLE loan_new")
        connection.execute("ALTER TABLE arriving RENAME TO loan_new")
    else:
        run.execute("import_loans_supersede")
        connection.execute("INSERT INTO loan_new SELECT * FROM arriving")
        connection.execute("DROP TABLE arriving")


def publish(run: Run, pieces: int, renumbered: bool) -> int:
    """Write all loans in order of item and month. Gives how many loans of replaced months are no longer there.

    Args:
        pieces: number of loan files taken; a single one is in order already.
        renumbered: item numbers changed, so that the loans of the last snapshot were joined anew.
    """
    had_any = run.execute("import_loans_prior_any").fetchone()[0]
    dropped = run.execute("import_loans_dropped").fetchone()[0] if had_any and pieces else 0
    if had_any and pieces or pieces > 1 or had_any and renumbered:
        run.execute("import_loans_publish")
    else:
        run.execute("import_loans_copy", source="loan_new" if pieces else "prior")
    return dropped

"""Loans into the store: the months that the files of an import cover replace those months.

Thirteen million rows are usual, so the plain case (months not known before, no row repeated) does
nothing but join, sort and write; everything else is looked at only where the counts say it is there.
"""

from collections import Counter

from collection.imports.run import Run
from collection.store.connection import sql


def begin(run: Run, renumbered: bool) -> None:
    """Set up the loans of the last snapshot under today's item numbers, and room for those that come."""
    if renumbered:
        run.execute("import_renumber")
        run.execute("import_loans_prior")
    else:
        run.execute("import_loans_prior_same")
    run.execute("import_loans_tables")
    run.execute("import_loans_covered")


def take(run: Run, number: int, staged, alone: bool) -> Counter:
    """Take one staged table of loans. Gives the outcomes of the rows taken; the others have their verdicts.

    Args:
        alone: no other file of this import has loans, so that a month it tells as it was need not be touched.
    """
    connection = run.connection
    run.staged(staged)
    run.execute("import_no_duplicates")
    if alone and not run.execute("import_loans_prior_any").fetchone()[0] and _straight(run, number, staged):
        return Counter(loaded=run.changes["loans"])
    run.execute("import_loans_arriving")
    if run.execute("import_loans_repeated", table="arriving").fetchone()[0]:
        run.execute("import_duplicates")
        run.execute("import_loans_arriving")
    errors, months = run.execute("import_loans_rows").fetchone()
    months = months or []
    if _count(run, "arriving") < staged.rows:
        connection.execute(sql("queries/import_loans_tell"), {"file": number})
    in_house = "in_house" in staged.fields
    outcomes = Counter()
    if alone:
        same = connection.execute(sql("queries/import_loans_same"), {"in_house": in_house}).fetchall()
        outcomes["unchanged"] += sum(rows for _, rows in same)
        months = [month for month in months if month not in dict(same)]
        connection.execute(sql("queries/import_loans_settle"), {"months": months})
    outcomes += _compare(run, in_house, errors, months)
    _add(run, months)
    run.changes["loans"] += outcomes["loaded"] + outcomes["changed"]
    return outcomes


def _straight(run: Run, number: int, staged) -> bool:
    """Write the only loans there are straight into the new snapshot; False when rows are repeated."""
    run.execute("import_loans_straight")
    if run.execute("import_loans_repeated", table="new.loan").fetchone()[0]:
        run.execute("import_loans_clear")
        return False
    run.changes["loans"] = _count(run, "new.loan")
    if run.changes["loans"] < staged.rows:
        run.connection.execute(sql("queries/import_loans_tell"), {"file": number})
    return True


def _count(run: Run, table: str) -> int:
    return run.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def _compare(run: Run, in_house: bool, errors: int, months: list[int]) -> Counter:
    """How many of the arriving loans are new, different or the same. What the file does not say is filled in."""
    run.connection.execute(sql("queries/import_loans_known"), {"months": months})
    if not _count(run, "known"):
        return Counter(loaded=_count(run, "arriving"))
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
    if _count(run, "loan_new") == 0:
        connection.execute("DROP TABLE loan_new")
        connection.execute("ALTER TABLE arriving RENAME TO loan_new")
    else:
        run.execute("import_loans_supersede")
        connection.execute("INSERT INTO loan_new SELECT * FROM arriving")
        connection.execute("DROP TABLE arriving")


def publish(run: Run, pieces: int, renumbered: bool) -> int:
    """Write all loans in order of item and month. Gives how many loans of replaced months are no longer there.

    Args:
        pieces: number of loan files taken; what a single one brought is in order already.
        renumbered: item numbers changed, so that the loans of the last snapshot were joined anew.
    """
    had_any = run.execute("import_loans_prior_any").fetchone()[0]
    came = _count(run, "covered") > 0
    dropped = run.execute("import_loans_dropped").fetchone()[0] if had_any and came else 0
    if came and had_any and not renumbered:
        run.execute("import_loans_clear")
    if pieces > 1 or (had_any and (came or renumbered)):
        run.execute("import_loans_publish")
    elif came:
        run.execute("import_loans_copy")
    return dropped

"""Rows with a key into what is known: bibs, items, holds, retention, partners.

Each kind has a table now_<kind>, what is known, to which one file after the other is added. The
statements are those of store/queries/import_*.sql; the fields a file has fill their placeholders.
"""

from collection.imports.run import Run
from collection.store.connection import sql

TOGETHER = (  # fields read from one column of a file: where one is present, all are
    ("pub_year", "pub_year_text"),
    ("isbn", "isbn_text"),
    ("ndc", "ndc_edition", "class_mark", "ndc_all"),
    ("last_loan_date", "never_lent"),
    ("loans_total", "never_lent"),
    ("years", "permanent"),
)
REPLACED = ("holds", "retention", "partners")  # kinds of which a file replaces the whole


def know(run: Run, kind: str) -> None:
    """Set up now_<kind> with what the last snapshot has, once."""
    if kind not in run.known:
        run.known.add(kind)
        run.execute(f"import_{kind}_now")
        run.connection.execute(f"CREATE TABLE seen_{kind} (key VARCHAR)")


def merge(run: Run, number: int, staged) -> None:
    """Add one staged table to what is known, and keep the verdict on each of its rows."""
    kind = staged.kind
    know(run, kind)
    run.staged(staged)
    columns = [name for name, *_ in run.connection.execute(f"DESCRIBE now_{kind}").fetchall() if name != "key"]
    present = _present(columns, staged.fields)
    differs = " OR ".join(f"s.{name} IS DISTINCT FROM n.{name}" for name in present)
    run.execute("import_duplicates")
    run.execute("import_compare", kind=kind, differs=differs)
    run.execute("import_change", kind=kind, fields=", ".join(f"{name} = s.{name}" for name in present))
    run.execute("import_load", kind=kind, fields=", ".join(columns))
    run.execute("import_seen", kind=kind)
    run.connection.execute(sql("queries/import_tell"), {"file": number, "kind": kind})
    run.changes[kind] += run.execute("import_changes").fetchone()[0]


def _present(columns: list[str], fields: tuple[str, ...]) -> list[str]:
    """The columns of the store that a file has something to say of."""
    have = set(fields) | {"gone_on"}
    for group in TOGETHER:
        if have & set(group) - {"never_lent"}:
            have |= set(group)
    return [name for name in columns if name in have]


def count_gone(run: Run) -> tuple[int, int]:
    """How many held items the files no longer have, and how many are held."""
    return run.connection.execute(sql("queries/import_gone")).fetchone()


def leave(run: Run) -> None:
    """Items that the files no longer have leave the holdings as of this day."""
    run.connection.execute(sql("queries/import_leave"), {"as_of": run.as_of})


def replace(run: Run, kind: str) -> int:
    """Drop what the files of a replaced kind no longer have. Gives the number dropped."""
    return run.execute("import_replace", kind=kind).fetchone()[0]

"""目標との差: shares of the classes against what they were meant to be, and what leaving and arriving items do to them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl

from collection import composition, decisions
from collection.composition import CLASSES, NONE
from collection.measures import EVERYTHING, Scope
from collection.policy import Policy, PolicyErrors
from collection.policy.pack import Place, read_csv
from collection.sources.headers import header_key
from collection.sources.normalise import code_of
from collection.sources.normalise.text import plain
from collection.store import snapshots
from collection.store.connection import connect_flags, sql
from collection.words import Problem

FILE = "targets.csv"
COLUMNS = {"類": "mark", "館": "branch", "対象": "audience", "割合(%)": "target", "許容(±ポイント)": "tolerance"}
TARGETS = {"mark": pl.String, "branch": pl.String, "audience": pl.String, "target": pl.Float64, "tolerance": pl.Float64}
LISTED = (
    "branch", "shelf_class", "items", "share", "target", "tolerance", "gap", "loan_share", "relative_use", "leaving",
)  # fmt: skip
NOTHING = pl.DataFrame(schema={"mark": pl.String, "arriving": pl.Int64})
YEAR = timedelta(days=365)
REST, FULL = 1e-9, 1.0005  # what rounding leaves; a sum of shares, each written to a decimal of a per cent


def targets(path: Path) -> pl.DataFrame:
    """The targets of a pack, a file of the columns 類, 館, 対象, 割合(%), 許容(±ポイント); empty where there is none.

    類 is a shelf class, or where 対象 is 児童 the 類 of the NDC within children's books. 館 blank: every branch and the whole
    library; 対象 blank: all. Shares are of the branch's items of that audience.

    Returns:
        mark, branch, audience (both '' where blank), target, tolerance (0–1).

    Raises:
        PolicyErrors: everything that cannot be read, with file and line.
    """
    if not path.exists():
        return pl.DataFrame(schema=TARGETS)
    try:
        rows = read_csv(path)
    except UnicodeDecodeError:
        raise PolicyErrors([Problem("policy.csv_encoding", where=Place(path.name))]) from None
    known, problems, found = {header_key(column): field for column, field in COLUMNS.items()}, [], []
    lacking = set(COLUMNS.values()) - {known.get(header_key(column)) for column in (rows[0] if rows else COLUMNS)}
    if lacking:
        columns = "、".join(column for column, field in COLUMNS.items() if field in lacking)
        raise PolicyErrors([Problem("composition.target_columns", where=Place(path.name), columns=columns)])
    for row in rows:
        said = {known[key]: cell for column, cell in row.items() if (key := header_key(column)) in known}
        target, wrong = _target(said)
        if wrong:
            where = Problem("policy.place_line", file=path.name, line=row[""])
            problems.append(Problem(f"composition.target_{wrong}", where=where, value=said[wrong]))
        else:
            found.append(target)
    frame = pl.DataFrame(found, schema=TARGETS)
    problems += _together(frame, path.name)
    if problems:
        raise PolicyErrors(problems)
    return frame


def _target(said: dict[str, str]) -> tuple[dict, str | None]:
    """(the row, None), or (what was read so far, the field that cannot be read)."""
    audience, unknown = code_of("audience", said["audience"])
    row = {"mark": plain(said["mark"]).upper(), "branch": said["branch"], "audience": audience or ""}
    if row["mark"] not in CLASSES:
        return row, "mark"
    if unknown:
        return row, "audience"
    for field in ("target", "tolerance"):
        try:
            row[field] = float(plain(said[field]).removesuffix("%")) / 100
        except ValueError:
            return row, field
        if not 0 <= row[field] <= 1:
            return row, field
    return row, None


def _together(found: pl.DataFrame, file: str) -> Iterator[Problem]:
    """What is wrong with rows that belong together: a class told twice, shares of more than the whole."""
    where = Place(file)
    twice = found.filter(pl.struct("mark", "branch", "audience").is_duplicated())
    for mark, branch, audience in twice.select("mark", "branch", "audience").unique().rows():
        yield Problem("composition.target_twice", where=where, mark=mark, branch=branch, audience=audience)
    sums = found.group_by("branch", "audience").agg(pl.col("target").sum()).filter(pl.col("target") > FULL)
    for branch, audience, total in sums.rows():
        yield Problem("composition.target_sum", where=where, branch=branch, audience=audience, total=f"{total:.1%}")


def wanted(found: pl.DataFrame, scope: Scope = EVERYTHING) -> pl.DataFrame:
    """mark, target, tolerance of `targets` for a scope: those of its branch come before those of every branch.

    Empty where the scope is a part that no target speaks of: some places, materials or classes, several audiences.
    """
    children = composition.of_children(scope)
    audience = "child" if children else scope.audience[0] or "none" if scope.audience else ""
    part = scope.location or scope.material or scope.ndc or scope.audience[1:] or (scope.shelf_class and not children)
    branch = scope.branch[0] if len(scope.branch) == 1 else ""
    own = found.filter((pl.col("audience") == audience) & pl.col("branch").is_in(["", branch]) & (not part))
    return own.sort("branch", descending=True).unique("mark", keep="first").select("mark", "target", "tolerance")


def as_aims(found: pl.DataFrame, share: str) -> pl.DataFrame:
    """A share of `composition.balance` (held_share, lent_share) as mark, target, tolerance, without a tolerance."""
    return found.select("mark", target=share, tolerance=pl.lit(None, pl.Float64))


def moved(found: pl.DataFrame, going: pl.DataFrame, coming: pl.DataFrame = NOTHING) -> pl.DataFrame:
    """mark, items, leaving, arriving: `composition.cells` beside what `leaving` and `purchases.arriving` tell of them."""
    parts = [
        found.select("mark", "items"),
        going.select("mark", leaving=pl.sum_horizontal("approved", "listed", "tagged")),
        coming.select("mark", "arriving"),
    ]
    return pl.concat(parts, how="diagonal_relaxed").group_by("mark").agg(pl.col("items", "leaving", "arriving").sum())


def compare(now: pl.DataFrame, against: pl.DataFrame) -> pl.DataFrame:
    """Shares of the classes now and after, against what they were meant to be.

    gap = target × all items − items, to the nearest volume, the total unchanged: so many volumes more (fewer where it is
    negative) bring a class to its target.

    Args:
        now: mark, items, leaving, arriving. against: mark, target, tolerance (0–1, null: none is set).

    Returns:
        mark, items, share, target, tolerance, gap, leaving, arriving, after (items that are left and come), after_share,
        after_gap, inside and after_inside (within the tolerance; null where none is set), in the order of the classes.
    """
    found = now.join(against, on="mark", how="full", coalesce=True)
    found = found.with_columns(pl.col("items", "leaving", "arriving").fill_null(0))
    found = found.with_columns(after=pl.col("items") - pl.col("leaving") + pl.col("arriving"))
    return found.select(
        "mark", "items", _share("items").alias("share"), "target", "tolerance", _gap("items").alias("gap"),
        "leaving", "arriving", "after", _share("after").alias("after_share"), _gap("after").alias("after_gap"),
        inside=_inside("items"), after_inside=_inside("after"),
    ).sort(composition.order())  # fmt: skip


def _share(column: str) -> pl.Expr:
    return pl.when(pl.col(column).sum() > 0).then(pl.col(column) / pl.col(column).sum())


def _gap(column: str) -> pl.Expr:
    return (pl.col("target") * pl.col(column).sum() + 0.5).floor().cast(pl.Int64) - pl.col(column)


def _inside(column: str) -> pl.Expr:
    return (_share(column) - pl.col("target")).abs() <= pl.col("tolerance") + REST


def furthest(found: pl.DataFrame) -> dict | None:
    """The class of `compare` whose share lies furthest beyond its tolerance, as its row; None where none does."""
    over = (pl.col("share") - pl.col("target")).abs() - pl.col("tolerance").fill_null(0)
    beyond = found.filter((over > REST) & (pl.col("mark") != NONE)).sort(over, descending=True, maintain_order=True)
    return beyond.row(0, named=True) if len(beyond) else None


def leaving(cursor: duckdb.DuckDBPyConnection, scope: Scope = EVERYTHING, level: int | None = None) -> pl.DataFrame:
    """branch, mark, approved, listed, tagged: the items on their way out, each counted once; level as in composition.cells.

    Args:
        cursor: with the decisions attached.
    """
    query = sql("queries/shares_leaving").format(scope=sql("queries/measures_scope").format(table="judged"))
    asked = {"digits": composition.digits(scope) if level is None else level}
    return cursor.sql(query, params=composition.parameters(scope) | asked).pl()


def year_before(store: Path, snapshot: Path) -> tuple[Path, Path] | None:
    """The kept snapshot, with its flags, whose day lies nearest a year before this one's, and nearer to it than to this day.

    One whose flags were never made, or by a version that did not count what this one reads, is passed over.
    """
    today = snapshots.as_of(snapshot)
    away = {kept: abs(snapshots.as_of(kept) - (today - YEAR)) for kept in snapshots.all(store)}
    for kept in sorted((kept for kept in away if away[kept] < today - snapshots.as_of(kept)), key=away.get):
        if flags := snapshots.flags_of(kept):
            with connect_flags(flags) as connection:
                if connection.execute(sql("queries/flag_tables")).fetchall():
                    return kept, flags
    return None


def listed(flags: Path, policy: Policy) -> pl.DataFrame:
    """目標との差 for `export balance`: one row a class of the whole library (branch blank) and of each branch.

    Returns:
        branch, shelf_class, items, share, target, tolerance, gap, loan_share, relative_use, leaving; shares and
        tolerance 0–1, gap in volumes as in `compare`, leaving the items on their way out.

    Raises:
        PolicyErrors: the pack's targets cannot be read.
    """
    aims = targets(policy.folder / FILE)
    with connect_flags(flags) as connection:
        decisions.attach(connection, flags.parents[1])
        found, going = composition.cells(connection), leaving(connection)
    parts = []
    for branch in ("", *composition.branches(found)):
        own, out = (part.filter((pl.col("branch") == branch) | (branch == "")) for part in (found, going))
        used = composition.balance(own).select("mark", loan_share="lent_share", relative_use="relative")
        aim = wanted(aims, Scope((branch,) if branch else ()))
        compared = compare(moved(own, out), aim).join(used, on="mark", how="left", maintain_order="left")
        parts.append(compared.with_columns(branch=pl.lit(branch)))
    return pl.concat(parts).rename({"mark": "shelf_class"}).select(LISTED)

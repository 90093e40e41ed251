"""図書受入・除籍状況 of a fiscal year, from the snapshots at its two ends and the roads that ended in it.

A withdrawal counts on the day its road ended: given, discarded and struck off are withdrawn, transferred stands beside
them. What is approved and still on its way is on the books. Nothing is made to fit: `identities` says what does not.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from collection import books, years
from collection.books import NUMBER, TEXT
from collection.store import snapshots
from collection.store.connection import connect, sql
from collection.words import Problem, say

GENERAL, CHILDREN, BOTH, ALL = "一般図書", "児童図書", "計", "合計"
KINDS = (GENERAL, CHILDREN, BOTH)
COUNTED = (
    "holdings_start", "purchased", "donated", "reaccessioned", "increase_total", "withdrawn", "transferred",
    "decrease_total", "branch_moves_net", "holdings_end", "net_change",
)  # fmt: skip
COLUMNS = ("branch", "kind", *COUNTED)
DIFFERENCES = ("gone", "came", "no_source", "twice", "kind")  # report_differences.sql
SPLIT = ("discarded", "given", "transferred")  # 廃棄等, リサイクル, 管理換
STEPS = {"seq": NUMBER, "item_id": TEXT, "on_day": TEXT, "state": TEXT, "nth": NUMBER, "branch": TEXT, "audience": TEXT}
IDENTITIES = {  # name → the two sides, in columns of the table
    "increase": (("increase_total",), ("purchased", "donated", "reaccessioned"), ()),
    "decrease": (("decrease_total",), ("withdrawn", "transferred"), ()),
    "balance": (("holdings_end",), ("holdings_start", "increase_total", "branch_moves_net"), ("decrease_total",)),
    "net": (("net_change",), ("holdings_end",), ("holdings_start",)),
}  # fmt: skip
FAILS = {"branch": TEXT, "kind": TEXT, "identity": TEXT, "column": TEXT, "by": NUMBER}


@dataclass(frozen=True)
class Year:
    """A fiscal year in figures.

    Attributes:
        table: COLUMNS; for each branch, and for 合計, one row each of 一般図書, 児童図書 and 計.
        split: branch, and of what went out: discarded (廃棄等), given (リサイクル), transferred (管理換); 合計 last.
        recycled: branch, one column a month (2024-04), total: リサイクル配布点数; 合計 last.
        differences: difference (report_differences.sql), item_id, branch, kind: the items that do not balance.
        start, end: the snapshots the holdings were counted in.
        notes: what the figures cannot tell, in sentences.
    """

    year: int
    table: pl.DataFrame
    split: pl.DataFrame
    recycled: pl.DataFrame
    differences: pl.DataFrame
    start: Path
    end: Path
    notes: list[str]


def of_year(store: Path, year: int) -> Year:
    """Count a fiscal year. Raises Problem when the store has no snapshot, or the year has not begun."""
    if years.first(year) > date.today():
        raise Problem("books.year_to_come", year=years.spoken(year))
    start, end = _snapshot(store, years.first(year)), _snapshot(store, years.first(year + 1))
    period = {"first": years.first(year).isoformat(), "last": years.last(year).isoformat()}
    taken = books.read(store, sql("queries/report_steps").format(roads=books.roads()), {}, STEPS)
    attached = {"at_start_of": start} if start == end else {"at_start_of": start, "at_end_of": end}
    schema = "at_start_of" if start == end else "at_end_of"
    on_books = sql("queries/report_on_books")
    with connect(attach=attached) as connection:
        connection.register("steps", taken)
        query = sql("queries/report_of_year").format(
            at_start=on_books.format(day=years.first(year), snapshot="at_start_of"),
            at_end=on_books.format(day=years.first(year + 1), snapshot=schema),
            snapshot=schema,
        )
        connection.execute(query, period)
        counts = connection.sql(sql("queries/report_counts")).pl()
        differences = connection.sql(sql("queries/report_differences")).pl()
        recycled = connection.sql(sql("queries/report_recycled"), params=period).pl()
    table = _table(counts)
    branches = table["branch"].unique(maintain_order=True).to_list()
    notes = _notes(year, start, end, differences)
    split = _split(counts, branches)
    return Year(year, table, split, _recycled(recycled, branches, year), differences, start, end, notes)


def identities(table: pl.DataFrame) -> pl.DataFrame:
    """What does not agree in a table of COLUMNS: branch, kind, identity, column, by (how many too many); empty when all does.

    increase, decrease, balance and net hold in every row; kinds: 一般図書 and 児童図書 make 計; branches: the branches make
    合計; moves: what one branch gives, another gets.
    """
    rows = [
        table.select(
            "branch", "kind", identity=pl.lit(name), column=pl.lit(left[0]), by=_sum(left) - _sum(plus) + _sum(less)
        )
        for name, (left, plus, less) in IDENTITIES.items()
    ]
    long = table.unpivot(COUNTED, index=["branch", "kind"], variable_name="column", value_name="n")
    by_kind = long.group_by("branch", "column", maintain_order=True).agg(by=_part("kind", BOTH) - _rest("kind", BOTH))
    by_branch = long.group_by("kind", "column", maintain_order=True).agg(by=_part("branch", ALL) - _rest("branch", ALL))
    moves = table.filter(pl.col("branch") == ALL)
    rows += [
        by_kind.select("branch", kind=pl.lit(BOTH), identity=pl.lit("kinds"), column="column", by="by"),
        by_branch.select(branch=pl.lit(ALL), kind="kind", identity=pl.lit("branches"), column="column", by="by"),
        moves.select("branch", "kind", identity=pl.lit("moves"), column=pl.lit("branch_moves_net"), by="branch_moves_net"),
    ]  # fmt: skip
    return pl.concat([row.cast(FAILS) for row in rows]).filter(pl.col("by") != 0)


def failures(table: pl.DataFrame) -> list[str]:
    """What `identities` found, in sentences that name branch, kind and number."""
    return [
        say(
            f"books.fails_{row['identity']}", branch=branch_word(row["branch"]), kind=kind_word(row["kind"]),
            column=books.heading(row["column"]), by=f"{abs(row['by']):,}", way=say("books.more" if row["by"] > 0 else "books.less"),
        )
        for row in identities(table).iter_rows(named=True)
    ]  # fmt: skip


def reasons(year: Year) -> list[str]:
    """Why the year does not balance, in sentences: how many items of which branch, by reason."""
    counted = year.differences.group_by("difference", "branch").len().sort("difference", "branch")
    return [
        say(f"books.why_{reason}", branch=branch, n=f"{items:,}") for reason, branch, items in counted.iter_rows()
    ]  # fmt: skip


def branch_word(branch: str) -> str:
    """The branch, or the word for all of them."""
    return say("books.all_branches") if branch == ALL else branch


def kind_word(kind: str) -> str:
    """一般図書, 児童図書 or 計 in the present language."""
    return say(f"books.kind_{KINDS.index(kind)}")


def _snapshot(store: Path, day: date) -> Path:
    """The newest snapshot up to a day, or else the oldest one after it."""
    snapshots.need(store)
    return snapshots.newest(store, until=day) or snapshots.all(store)[0]


def _table(counts: pl.DataFrame) -> pl.DataFrame:
    names = {"general": GENERAL, "children": CHILDREN}
    size = (
        counts.filter(pl.col("name").is_in(["holdings_start", "holdings_end"]))
        .group_by("branch")
        .agg(pl.col("items").sum())
    )
    known = (
        counts.select("branch")
        .unique()
        .join(size, on="branch", how="left")
        .sort("items", "branch", descending=[True, False], nulls_last=True)
    )
    branches = known["branch"].to_list()
    grid = pl.DataFrame({"branch": branches}, schema={"branch": TEXT}).join(
        pl.DataFrame({"kind": [GENERAL, CHILDREN]}), how="cross"
    )
    wide = counts.with_columns(pl.col("kind").replace(names)).pivot("name", index=["branch", "kind"], values="items")
    missing = {name: pl.lit(0, NUMBER) for name in (*COUNTED, *SPLIT) if name not in wide.columns}
    cells = grid.join(wide.with_columns(**missing), on=["branch", "kind"], how="left", maintain_order="left").fill_null(
        0
    )
    cells = cells.with_columns(
        increase_total=_sum(("purchased", "donated", "reaccessioned")), withdrawn=_sum(("given", "discarded")),
        net_change=pl.col("holdings_end") - pl.col("holdings_start"),
    ).with_columns(decrease_total=_sum(("withdrawn", "transferred"))).select(COLUMNS)  # fmt: skip
    cells = pl.concat([cells, _summed(cells.with_columns(branch=pl.lit(ALL)))])
    cells = pl.concat([cells, _summed(cells.with_columns(kind=pl.lit(BOTH)))])
    order = {name: n for n, name in enumerate([*branches, ALL])}
    return cells.sort(pl.col("branch").replace_strict(order, return_dtype=NUMBER), pl.col("kind").replace_strict(
        {kind: n for n, kind in enumerate(KINDS)}, return_dtype=NUMBER))  # fmt: skip


def _summed(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.group_by("branch", "kind", maintain_order=True).agg(pl.col(COUNTED).sum()).select(COLUMNS)


def _split(counts: pl.DataFrame, branches: list[str]) -> pl.DataFrame:
    found = counts.filter(pl.col("name").is_in(SPLIT)).select("branch", "name", "items")
    return _by_branch(found, branches, SPLIT)


def _recycled(found: pl.DataFrame, branches: list[str], year: int) -> pl.DataFrame:
    months = tuple(years.months(year))
    return _by_branch(found.select("branch", name="month", items="items"), branches, months)


def _by_branch(found: pl.DataFrame, branches: list[str], names: tuple[str, ...]) -> pl.DataFrame:
    """One row a branch, one column a name, their total; 合計 last."""
    cells = [pl.col("items").filter(pl.col("name") == name).sum().cast(NUMBER).alias(name) for name in names]
    rows = pl.DataFrame({"branch": branches}, schema={"branch": TEXT}).join(
        found.group_by("branch").agg(cells), on="branch", how="left", maintain_order="left"
    )
    rows = rows.fill_null(0).filter(pl.col("branch") != ALL)
    sums = rows.select(pl.lit(ALL).alias("branch"), pl.col(names).sum())
    return pl.concat([rows, sums]).with_columns(total=pl.sum_horizontal(names))


def _notes(year: int, start: Path, end: Path, differences: pl.DataFrame) -> list[str]:
    first, closing = years.first(year), years.first(year + 1)
    said = []
    if snapshots.as_of(start) > first:
        said.append(say("books.note_back_dated", day=snapshots.as_of(start), first=first))
    elif first - snapshots.as_of(start) > timedelta(days=1):
        said.append(say("books.note_start", day=snapshots.as_of(start), first=first))
    if closing > date.today():
        said.append(say("books.note_running", day=snapshots.as_of(end)))
    elif closing - snapshots.as_of(end) > timedelta(days=1):
        said.append(say("books.note_end", day=snapshots.as_of(end), last=years.last(year)))
    elif snapshots.as_of(end) > closing:
        said.append(say("books.note_back_dated", day=snapshots.as_of(end), first=closing))
    if start == end:
        said.append(say("books.note_one_snapshot", day=snapshots.as_of(end)))
    return said


def _sum(columns: tuple[str, ...]) -> pl.Expr:
    return pl.sum_horizontal(columns) if columns else pl.lit(0)


def _part(column: str, value: str) -> pl.Expr:
    return pl.col("n").filter(pl.col(column) == value).sum()


def _rest(column: str, value: str) -> pl.Expr:
    return pl.col("n").filter(pl.col(column) != value).sum()

"""複本: copies beyond what use asks for, titles whose holds ask for more, children's books lacking at a branch, and copies to
move between branches.

A copy that can be lent is usable, circulates and is not on its way out. What people decided (decisions.attach) counts at once.
"""

import tomllib
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, forecast
from collection.measures import EVERYTHING, Scope
from collection.policy import Policy, pieces, predicate
from collection.sources.normalise import isbn_of, match_key_of
from collection.store.connection import connect_flags, sql

DEMANDS = (
    "holds",
    "use",
    "none",
)  # why a branch lacks a copy: its holds, its loans, or it has none of a well used title
COLUMNS = {
    "kind": pl.String, "item_id": pl.String, "bib_id": pl.String, "title": pl.String, "author": pl.String,
    "call_number": pl.String, "branch": pl.String, "to_branch": pl.String, "copies": pl.Int64, "loans_1y": pl.Int64,
    "holds": pl.Int64, "wanted": pl.Int64, "article": pl.String,
}  # fmt: skip
TITLES = {
    "row": pl.Int64, "title": pl.String, "author": pl.String, "publisher": pl.String, "isbn": pl.String,
    "listed": pl.String, "title_key": pl.String, "isbn_key": pl.String, "author_key": pl.String,
}  # fmt: skip


def surplus_cells(cursor: duckdb.DuckDBPyConnection, scope: Scope = EVERYTHING) -> pl.DataFrame:
    """branch, shelf_class, surplus: the items of a scope with the sign `surplus`."""
    return cursor.sql(_scoped("surplus_cells"), params=_parts(scope)).pl()


def surplus(
    cursor: duckdb.DuckDBPyConnection, scope: Scope = EVERYTHING, rows: int | None = None, skip: int = 0
) -> pl.DataFrame:
    """The units with surplus copies at a branch, most surplus first.

    Returns:
        item_id (one of the surplus), bib_id, title, volume, author, call_number, branch, copies (usable, at the branch),
        loans_1y (of all its items there; null without figures), asks (copies that use asks for there), surplus (of the
        scope), holds (of the title, all branches), rows (how many there are in all).
    """
    return cursor.sql(_scoped("surplus"), params=_parts(scope) | {"rows": rows, "skip": skip}).pl()


def asked(cursor: duckdb.DuckDBPyConnection, policy: Policy, scope: Scope = EVERYTHING) -> pl.DataFrame:
    """The titles with more holds than their copies can serve (運用値 複本1冊の予約), those that lack most copies first.

    A title is in the scope of a branch when a copy stands or a hold waits there, of a place when a copy stands there.

    Returns:
        the columns of duplicates_asked.sql: wanted = ⌈holds ÷ holds one copy can serve⌉ − copies that can be lent.
    """
    found = _leaving(cursor, "asked", {"holds_per_copy": policy.parameters["複本1冊の予約"]})
    if scope.branch:
        found = found.filter(_meets("at_branches", scope.branch))
    if scope.location:
        found = found.filter(_meets("locations", scope.location))
    return _of_title(found, scope)


def titles(policy: Policy) -> pl.DataFrame:
    """The titles on the lists wanted at every branch (運用値 各館に揃える名簿): TITLES, one row a title.

    A row that names neither a title nor a readable ISBN is left out; one on several lists has their names parted by ・.
    """
    named = {}
    for name in wanted_lists(policy):
        for row in policy.lists[name].rows:
            key = _key(row["title"]), isbn_of(row["isbn"])[0], _bare(row["author"])
            if key[0] or key[1]:
                named.setdefault(key, (row, []))[1].append(name)
    rows = [
        (
            number,
            *(row[part] for part in ("title", "author", "publisher", "isbn")),
            "・".join(dict.fromkeys(lists)),
            *key,
        )
        for number, (key, (row, lists)) in enumerate(named.items())
    ]
    return pl.DataFrame(rows, schema=TITLES, orient="row")


def wanted_lists(policy: Policy) -> list[str]:
    """The names of the lists wanted at every branch, those that the pack has."""
    return [name for name in policy.parameters["各館に揃える名簿"].split(";") if name in policy.lists]


def list_files(policy: Policy) -> dict[str, str]:
    """List → the file of the pack that it stands in, of the lists wanted at every branch."""
    said = tomllib.loads((policy.folder / "policy.toml").read_text(encoding="utf-8"))["lists"]
    return {name: said[name]["file"] for name in wanted_lists(policy)}


def missing(cursor: duckdb.DuckDBPyConnection, policy: Policy, scope: Scope = EVERYTHING) -> pl.DataFrame:
    """Of which of `titles` a branch with children's books has no usable copy, in no edition; in the order of the lists.

    In the scope of a place only the copies there count. A scope of class, audience or material leaves out the titles of
    which the library has no record.

    Returns:
        row, title, author, publisher, isbn and listed as in `titles`, branch, and of the record: bib_id (null without
        one), item_id (a copy elsewhere), call_number, shelf_class, audience, material, ndc, copies, copies_at.
    """
    wanted = titles(policy)
    asked = {"row": "row", "title_key": "title_key", "isbn": "isbn_key", "author": "author_key"}
    rows = {name: wanted[column].to_list() for name, column in asked.items()}
    found = _leaving(cursor, "missing", rows | {"location": list(scope.location) or None})
    if scope.branch:
        found = found.filter(pl.col("branch").is_in(scope.branch))
    told = wanted.select("row", "title", "author", "publisher", "isbn", "listed")
    return told.join(_of_title(found, scope).cast({"row": pl.Int64}), on="row", maintain_order="right")


def moves(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> pl.DataFrame:
    """The copies that could move from one branch to another (duplicates_moves.sql), those that somebody waits for first.

    Returns:
        the columns of duplicates_moves.sql and of duplicates_told.sql: branch, to_branch, demand (of DEMANDS), holds,
        copies_there and loans_there (of the branch that lacks), copies and loans_1y (of the unit at the branch that
        gives), survivor (another item names it as the one that stays: it does, in the library), and for here and there
        forecast_…, low_… and high_…: loans foreseen in twelve months and their interval (null without a forecast).
    """
    forecast.attach(cursor)
    asked = {
        "holds_per_copy": policy.parameters["複本1冊の予約"], "loans_per_copy": policy.parameters["複本1冊の年間貸出"],
        "well_used": policy.parameters["よく借りられる貸出"], "allowing": allowing(policy),
    }  # fmt: skip
    return _told(cursor, _leaving(cursor, "moves", asked))


def foreseen(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> pl.DataFrame:
    """The copies not lent where they stand that are likely to be lent at a branch without one (forecast_moves.sql), those that
    gain most first; none without a forecast.

    Returns:
        the columns of `moves`; demand is `foreseen`.
    """
    forecast.attach(cursor)
    asked = {"well_used": policy.parameters["よく借りられる貸出"], "allowing": allowing(policy)}
    return _told(cursor, cursor.sql(sql("queries/forecast_moves"), params=asked).pl())


def moves_of(found: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The `moves` of a scope: of what it lets through, to or from its branches."""
    if scope.branch:
        found = found.filter(pl.col("branch").is_in(scope.branch) | pl.col("to_branch").is_in(scope.branch))
    if scope.location:
        found = found.filter(pl.col("location").fill_null("").is_in(scope.location))
    return _of_title(found, scope)


def allowing(policy: Policy) -> list[str]:
    """The rules that keep an item because somebody waits for it: they do not hinder a move, which serves who waits."""
    keeping = [rule for rule in policy.rules if rule.effect == "keep" and rule.when]
    return [
        rule.id for rule in keeping if "holds" in predicate.facts_used(rule.when, **pieces.scope(policy, rule))
    ]  # fmt: skip


def article(policy: Policy, kind: str) -> str | None:
    """The article behind a kind of finding (surplus, asked_for, missing, move); None when the pack has none.

    Of what is missing at a branch it is the one that speaks of a list wanted there, of the others the one on duplicates.
    """
    if kind == "missing":
        found = (rule for rule in policy.rules if any(name in (rule.when or "") for name in wanted_lists(policy)))
    else:
        found = (rule for rule in policy.rules if rule.measured_by == "複本")
    return next((rule.article for rule in found), None)


def listed(flags: Path, policy: Policy) -> pl.DataFrame:
    """複本 for a file: COLUMNS, one row a finding, kind after kind: surplus, asked_for, missing, move.

    wanted: of surplus the copies that use asks for at the branch, of asked_for the copies to add, else 1. branch: of asked_for
    null (holds are served from every branch), of missing the one that lacks it. holds: of a move those at to_branch.
    """
    with connect_flags(flags) as cursor:
        decisions.attach(cursor, flags.parents[1])
        parts = {
            "surplus": surplus(cursor).rename({"asks": "wanted"}),
            "asked_for": asked(cursor, policy),
            "missing": missing(cursor, policy).with_columns(wanted=pl.lit(1), volume=pl.lit(None, pl.String)),
            "move": moves(cursor, policy).with_columns(wanted=pl.lit(1)),
        }
    title = pl.concat_str("title", "volume", separator=" ", ignore_nulls=True)
    told = [
        part.with_columns(title, kind=pl.lit(kind), article=pl.lit(article(policy, kind), pl.String)).select(
            pl.col(name).cast(sort) if name in part.columns or name in ("kind", "article") else pl.lit(None, sort).alias(name)
            for name, sort in COLUMNS.items()
        )
        for kind, part in parts.items()
    ]  # fmt: skip
    return pl.concat(told)


def _scoped(name: str) -> str:
    return sql(f"queries/duplicates_{name}").format(scope=sql("queries/measures_scope").format(table="judged"))


def _parts(scope: Scope) -> dict:
    return {name: (list(part) if isinstance(part, tuple) else part) or None for name, part in vars(scope).items()}


def _leaving(cursor: duckdb.DuckDBPyConnection, name: str, asked: dict) -> pl.DataFrame:
    query = sql(f"queries/duplicates_{name}").format(leaving=sql("queries/duplicates_leaving"))
    return cursor.sql(query, params=asked).pl()


def _told(cursor: duckdb.DuckDBPyConnection, found: pl.DataFrame) -> pl.DataFrame:
    told = cursor.sql(sql("queries/duplicates_told"), params={"items": found["item_no"].to_list()}).pl()
    return found.join(told, on="item_no", maintain_order="left")


def _of_title(found: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    for name in ("shelf_class", "audience", "material"):
        if values := getattr(scope, name):
            found = found.filter(pl.col(name).fill_null("").is_in(values))
    return found.filter(pl.col("ndc").str.starts_with(scope.ndc)) if scope.ndc else found


def _meets(column: str, values: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).list.set_intersection(list(values)).list.len() > 0


def _key(title: str | None) -> str | None:
    return match_key_of(title or "") or None


def _bare(author: str | None) -> str | None:
    return (author or "").translate(dict.fromkeys(map(ord, " 　,，・"))) or None

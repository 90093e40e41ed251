"""鮮度: the years of publication beside the shelf life of the class, superseded editions, and the fields the 基準 names."""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from collection import measures, named_fields
from collection.measures import EVERYTHING, Scope
from collection.named_fields import Field
from collection.policy import Policy
from collection.store import snapshots
from collection.store.connection import connect_flags, sql
from collection.words import Problem

DEPTH = 30  # years of publication told one by one, or more where a shelf life is longer
NEAR, FAR = 3, 5  # years since publication within which a field's items count as recent
FIELDS = "fields.csv"
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノ"


@dataclass(frozen=True)
class Ages:
    """The items of a scope by year of publication.

    Attributes:
        rows: side (open, elsewhere), year, items, past (of these past their shelf life), newest first. The first year
        stands for itself and later ones, the last for itself and earlier ones; every year is there on either side.
        sides: side, items, rated (with a year and a shelf life), lifeless (of classes judged by use alone), past.
        lives: years, items: the shelf lives there are, the shortest first.
        undated: items without a year. unplaced: items without a place, which stand on neither side.
    """

    rows: pl.DataFrame
    sides: pl.DataFrame
    lives: pl.DataFrame
    undated: int
    unplaced: int


def ages(cursor: duckdb.DuckDBPyConnection, scope: Scope, this_year: int) -> Ages:
    """The age pyramid of a scope. this_year: the year from which years since publication are counted."""
    found = _asked(cursor, "freshness_ages", scope)
    lives = found.drop_nulls("class_shelf_life").group_by(years="class_shelf_life").agg(pl.col("items").sum())
    placed = found.with_columns(
        side=pl.when("open").then(pl.lit("open")).when(~pl.col("open")).then(pl.lit("elsewhere"))
    )
    placed = placed.drop_nulls("side")
    lifeless = pl.col("class_shelf_life").is_null()
    rated = pl.col("pub_year").is_not_null() & ~lifeless
    last = this_year - max([DEPTH, *lives["years"]]) - 1
    sides = pl.DataFrame({"side": ["open", "elsewhere"]})
    every = sides.join(pl.DataFrame({"year": range(this_year, last - 1, -1)}), how="cross")
    counts = (
        placed.drop_nulls("pub_year")
        .group_by("side", year=pl.col("pub_year").cast(pl.Int64).clip(last, this_year))
        .agg(pl.col("items", "past").sum())
    )
    return Ages(
        rows=every.join(counts, on=["side", "year"], how="left", maintain_order="left").fill_null(0),
        sides=sides.join(
            placed.group_by("side").agg(
                pl.col("items").sum(), pl.col("items").filter(rated).sum().alias("rated"),
                pl.col("items").filter(lifeless).sum().alias("lifeless"), pl.col("past").sum(),
            ),
            on="side", how="left", maintain_order="left",
        ).fill_null(0),
        lives=lives.sort("years"),
        undated=int(placed.filter(pl.col("pub_year").is_null())["items"].sum()),
        unplaced=int(found.filter(pl.col("open").is_null())["items"].sum()),
    )  # fmt: skip


def classes(
    cursor: duckdb.DuckDBPyConnection, by: tuple[str, ...], shelves: Scope, scope: Scope, year: int
) -> pl.DataFrame:
    """How fresh each group is, the worst first.

    Args:
        by: of measures.GROUPS. shelves: what is counted, as the open shelves of the scope. scope: what 新鮮度 and 更新率 are
        told of. year: the fiscal year of 新鮮度, 更新率 and 開架新刊率.

    Returns:
        the columns of `past`, and year_median, new_on_open (of the shelves), freshness, renewal (of the scope).
    """
    figures = measures.together(cursor, ("year_median", "new_on_open"), by, shelves, year=year)
    moves = measures.together(cursor, ("freshness", "renewal"), by, scope, year=year)
    counted = past(cursor, by, shelves)
    for found in (figures, moves):
        counted = counted.join(found, on=by, how="left", nulls_equal=True)
    return worst_first(counted)


def worst_first(found: pl.DataFrame) -> pl.DataFrame:
    """The groups of `past` by the share past their shelf life, those that have none last."""
    return found.sort("share", "items", descending=True, nulls_last=True, maintain_order=True)


def past(cursor: duckdb.DuckDBPyConnection, by: tuple[str, ...], scope: Scope) -> pl.DataFrame:
    """How many items of each group are past the shelf life of their class, in the order of the groups.

    Returns:
        by, items, past, rated (items with a year and a shelf life), lifeless (of classes judged by use alone), superseded,
        share (past ÷ rated, null where none is rated).
    """
    found = _asked(cursor, "freshness_past", scope, by=", ".join(by))
    return found.with_columns(share=pl.when(pl.col("rated") > 0).then(pl.col("past") / pl.col("rated")))


def superseded(cursor: duckdb.DuckDBPyConnection, scope: Scope, rows: int | None = None, skip: int = 0) -> pl.DataFrame:
    """The items of a scope that have a newer edition held, the most lent first.

    Returns:
        item_id, branch, location, shelf_class, ndc, call_number, title, volume, edition, pub_year, loans_1y, and of the
        newest usable edition newer_edition, newer_year, newer_item_id, newer_copies and newer_branches (parted by 、).
    """
    return _asked(cursor, "freshness_superseded", scope, {"rows": rows, "skip": skip})


def fields(policy: Policy) -> list[Field]:
    """The fields that a clause wants fresh (fields.csv of the pack). Raises Problem for a row that cannot be read."""
    found = named_fields.read(policy, FIELDS)
    for field in found:
        if clause_of(policy, field) is None:
            raise Problem("freshness.field_article", name=field.name, article=field.article)
    return found


def clause_of(policy: Policy, field: Field) -> tuple[str, str] | None:
    """Document and clause that an article (資料収集に関する基準 第4の1(1)イ) names, as the pack numbers them; None: no such."""
    title, _, place = field.article.partition(" ")
    document = next((key for key, said in policy.documents.items() if said["title"]["ja"] == title), None)
    parts = re.findall(rf"\d+|[{KANA}]", place)
    if document is None or not parts:
        return None
    return document, "-".join(part if part.isdigit() else str(KANA.index(part) + 1) for part in parts)


def of_fields(cursor: duckdb.DuckDBPyConnection, named: list[Field], scope: Scope, year: int) -> pl.DataFrame:
    """How fresh each field is, as a whole and by each class that makes it up; children's books are left out.

    Returns:
        field, prefix (null: the whole field), items, year_median, past, rated, dated (items with a year), near and far
        (published at most NEAR and FAR years ago), received (in the fiscal year `year`), share (past ÷ rated), near_share
        and far_share (of the dated). In the order of the fields; a field without items is not there.
    """
    pairs = [(field.name, prefix) for field in named for prefix in field.prefixes]
    asked = {"fields": [name for name, _ in pairs], "prefixes": [prefix for _, prefix in pairs]}
    found = _asked(cursor, "freshness_fields", scope, asked | {"near": NEAR, "far": FAR, "year": year})
    order = {field.name: number for number, field in enumerate(named)}
    return found.with_columns(
        share=pl.when(pl.col("rated") > 0).then(pl.col("past") / pl.col("rated")),
        near_share=pl.when(pl.col("dated") > 0).then(pl.col("near") / pl.col("dated")),
        far_share=pl.when(pl.col("dated") > 0).then(pl.col("far") / pl.col("dated")),
    ).sort(pl.col("field").replace_strict(order, return_dtype=pl.Int64), "prefix", nulls_last=False)


def listed(flags: Path, policy: Policy) -> pl.DataFrame:
    """鮮度 for a file: one row a class, 目 (section, null where no class is on record) and branch, in that order.

    Returns:
        class, section, branch, items, open_items, median_year, past_shelf_life (items), past_shelf_life_share (of those with
        a year and a shelf life), superseded_open (superseded editions on open shelves), received (in the last whole fiscal
        year), freshness, renewal (shares of 1). Rows without items tell what came and has gone since.
    """
    by = ("shelf_class", "section", "branch")
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    with connect_flags(flags) as cursor:
        figures = measures.together(
            cursor, ("year_median", "received", "freshness", "renewal"), by, year=measures.year_of(snapshots.as_of(snapshot))
        )  # fmt: skip
        everywhere = past(cursor, by, EVERYTHING)
        on_open = past(cursor, by, Scope(location=("open",)))
    on_open = on_open.select(*by, open_items="items", superseded_open="superseded")
    found = everywhere.join(on_open, on=by, how="left", nulls_equal=True).join(
        figures, on=by, how="full", coalesce=True, nulls_equal=True
    )
    counts = pl.col("items", "open_items", "past", "superseded_open", "received").fill_null(0)
    return (
        found.with_columns(counts)
        .select(
            pl.col("shelf_class").alias("class"), "section", "branch", "items", "open_items", pl.col("year_median").alias("median_year"),
            pl.col("past").alias("past_shelf_life"), pl.col("share").alias("past_shelf_life_share"), "superseded_open", "received",
            "freshness", "renewal",
        )
        .sort("class", "section", "branch", nulls_last=True)
    )  # fmt: skip


def _asked(
    cursor: duckdb.DuckDBPyConnection, name: str, scope: Scope, more: dict | None = None, **filled: str
) -> pl.DataFrame:
    """A query of this module over the held items that a scope lets through."""
    query = sql(f"queries/{name}").format(scope=sql("queries/measures_scope").format(table="judged"), **filled)
    return cursor.sql(query, params={part: value or None for part, value in vars(scope).items()} | (more or {})).pl()

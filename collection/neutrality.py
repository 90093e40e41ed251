"""偏り: how far a 目 rests on few authors, publishers or series (基準 第2の4, 第4), now and once a plan is carried out.

It counts and judges nobody: most concentrations have an honest reason, such as a publisher of the subject. Names count
as the record writes them, so two spellings are two.
"""

from pathlib import Path

import duckdb
import polars as pl

from collection import decisions, named_fields
from collection.measures import EVERYTHING, Scope
from collection.named_fields import Field
from collection.policy import Policy
from collection.store.connection import connect_flags, sql

GUIDES = {  # kind → the operating value that the largest share is compared with
    "author": "一人の著者の割合の目安", "publisher": "一つの出版者の割合の目安", "series": "一つの叢書の割合の目安",
}  # fmt: skip
KINDS = tuple(GUIDES)
FEWEST = "集中をみる最少タイトル数"
TOP = 5
VALUES = (
    "section",
    "kind",
    "value",
    "titles",
    "items",
    "titles_after",
    "items_after",
    "titles_library",
    "items_library",
)
COLUMNS = (
    "section", "kind", "titles", "items", "distinct", "largest", "largest_share", "top5_share", "hhi", "over",
)  # fmt: skip


def fields(policy: Policy) -> list[Field]:
    """The fields that a clause names as delicate (sensitive.csv of the pack). Raises Problem for a row that cannot be read."""
    return named_fields.read(policy, "sensitive.csv")


def values(
    cursor: duckdb.DuckDBPyConnection, kinds: tuple[str, ...], ndc: tuple[str, ...] | None, scope: Scope = EVERYTHING
) -> pl.DataFrame:
    """Titles and items of each value of each 目: VALUES, as neutrality_values.sql tells them.

    Args:
        cursor: on a flags file, with decisions attached. kinds: of KINDS. ndc: the beginnings of classes, None for every
        目. scope: its branch, location, audience and material; what counts as `_library` is not narrowed by it.
    """
    parts = {name: list(getattr(scope, name)) or None for name in ("branch", "location", "audience", "material")}
    asked = {"kinds": list(kinds), "ndc": None if ndc is None else list(ndc)}
    return cursor.sql(sql("queries/neutrality_values"), params=parts | asked).pl()


def sections(found: pl.DataFrame, policy: Policy, of: str = "") -> pl.DataFrame:
    """Concentration of each 目 and kind, from `values` (and `bought`).

    A share is a value's titles ÷ the sum of the titles of all values, which for authors counts a joint work once for each
    of them. HHI, the Herfindahl–Hirschman index, is the sum of the squares of all shares in per cent: 10,000 when one
    value has everything, 10,000 ÷ n when n values are equal. Source: Hirschman, National Power and the Structure of
    Foreign Trade (1945); Herfindahl, Concentration in the U.S. Steel Industry (1950).

    Args:
        of: "" = the part that was asked for, "_after" = once all has left and come, "_library" = the whole library.

    Returns:
        section, kind, titles, items, unknown (titles without a value on record), distinct, largest (the first by name
        among equals), largest_titles, largest_share and top5_share (0–1, null without values), hhi (0–10,000, null
        likewise), over (largest_share exceeds the operating value; null where fewer titles than FEWEST have values).
        Sorted by section and kind; 目 without a title are left out.
    """
    known = (
        found.select("section", "kind", "value", n=f"titles{of}", items=f"items{of}")
        .filter(pl.col("n") > 0)
        .sort("n", "value", descending=[True, False])
    )
    whole = known.filter(kind="whole").select("section", titles="n", items="items")
    counted = known.filter(pl.col("kind") != "whole").group_by("section", "kind", maintain_order=True)
    named = pl.col("value").is_not_null()
    n = pl.col("n").filter(named)
    told = counted.agg(
        unknown=pl.col("n").filter(~named).sum(), distinct=n.len(), largest=pl.col("value").filter(named).first(),
        largest_titles=n.first(), largest_share=n.first() / n.sum(), top5_share=n.head(TOP).sum() / n.sum(),
        hhi=(n * 100 / n.sum()).pow(2).sum(), entries=n.sum(),
    )  # fmt: skip
    guide = pl.col("kind").replace_strict(guides(policy), return_dtype=pl.Float64)
    enough = pl.col("entries") >= policy.parameters[FEWEST]
    told = told.with_columns(
        pl.when(pl.col("entries") > 0).then(pl.col("largest_share", "top5_share", "hhi")),
        over=pl.when(enough).then(pl.col("largest_share") > guide),
    )
    return told.join(whole, on="section").select(
        "section", "kind", "titles", "items", "unknown", "distinct", "largest", "largest_titles", "largest_share",
        "top5_share", "hhi", "over",
    ).sort("section", "kind")  # fmt: skip


def guides(policy: Policy) -> dict[str, float]:
    """kind → the operating value (0–1) that the share of its largest value is compared with."""
    return {kind: policy.parameters[name] for kind, name in GUIDES.items()}


def effect(found: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """What leaving and buying do to each 目 and kind: the columns of `sections`, and with _after what they become.

    Returns:
        also change (of largest_share, 0–1); null where either is not known, or nothing of the 目 is left.
    """
    now, after = sections(found, policy), sections(found, policy, "_after")
    joined = now.join(after, on=["section", "kind"], how="full", coalesce=True, suffix="_after")
    return joined.with_columns(change=pl.col("largest_share_after") - pl.col("largest_share")).sort("section", "kind")


def bought(rows: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """A list of books to buy, as rows of `values` that add only to what comes after: each a new title.

    Args:
        rows: of purchases.Purchases.

    Returns:
        the rows, and how many books of the list have no 目 of three digits and are left out.
    """
    inside = rows.filter(pl.col("ndc").str.len_chars() == 3)
    names = (
        pl.col("author")
        .str.replace_all("[；／]", ";")
        .str.split(";")
        .list.eval(pl.element().str.strip_chars())
        .list.unique(maintain_order=True)
    )
    names = names.list.eval(pl.element().filter(pl.element() != ""))
    said = {
        "whole": inside.with_columns(value=pl.lit(None, pl.String)),
        "author": inside.with_columns(value=names).explode("value"),
        **{kind: inside.with_columns(value=pl.col(kind)) for kind in ("publisher", "series")},
    }
    none = {name: pl.lit(0, pl.Int64) for name in VALUES[3:]}
    after = {"titles_after": pl.len().cast(pl.Int64), "items_after": pl.col("copies").sum()}
    counted = [
        found.group_by(section="ndc", kind=pl.lit(kind), value="value").agg(**none | after)
        for kind, found in said.items()
    ]
    return pl.concat(counted).select(VALUES), int(rows["copies"].sum() - inside["copies"].sum())


def together(
    found: pl.DataFrame, more: pl.DataFrame, kinds: tuple[str, ...], ndc: tuple[str, ...] | None
) -> pl.DataFrame:
    """`values` of some kinds and classes, and what of these is `bought`."""
    begins = pl.lit(True) if ndc is None else pl.any_horizontal(pl.col("section").str.starts_with(part) for part in ndc)
    wanted = more.filter(pl.col("kind").is_in(["whole", *kinds]) & begins)
    return pl.concat([found, wanted]).group_by("section", "kind", "value").sum()


def listed(flags: Path, policy: Policy) -> pl.DataFrame:
    """The file `neutrality`: COLUMNS, one row for every 目 and kind (author, publisher, series) of the whole library.

    titles, items: of the 目. distinct: values on record. largest_share, top5_share (0–1), hhi (0–10,000), over (true,
    false, or blank where too few titles tell): as in `sections`.
    """
    with connect_flags(flags) as cursor:
        decisions.attach(cursor, flags.parents[1])
        found = sections(values(cursor, KINDS, None), policy)
    return found.with_columns(pl.col("largest_share", "top5_share").round(4), pl.col("hhi").round(1)).select(COLUMNS)

"""受入: what was accepted and waits to be entered into the library system, as a list and as a file in the form of bibs and items."""

from datetime import date

import polars as pl

from collection import sheets, words
from collection.gifts.lines import Offer
from collection.words import code, say

BIBS = (
    "title", "volume", "series", "author", "publisher", "pub_year", "edition", "isbn", "c_code", "ndc", "audience", "material",
    "language", "price", "subjects", "local",
)  # fmt: skip
ITEMS = ("item_id", "branch", "source", "condition", "note")  # number and branch are for the librarian to fill in
CODED = ("audience", "material", "local", "condition", "source")


def listed(found: pl.DataFrame, offers: list[Offer], today: date) -> pl.DataFrame:
    """The accepted lines (LINE), those that wait longest first, with way, named, and days since they were accepted."""
    known = pl.DataFrame(
        [(offer.ticket, offer.way, offer.named) for offer in offers],
        schema={"ticket": pl.String, "way": pl.String, "named": pl.String}, orient="row",
    )  # fmt: skip
    days = pl.lit(today) - pl.col("on_day").str.to_date()
    told = found.join(known, on="ticket", maintain_order="left").with_columns(days=days.dt.total_days())
    return told.sort("on_day", "ticket", "place")


def entries(found: pl.DataFrame) -> pl.DataFrame:
    """One row for each copy to take of `listed`: the fields of bibs and of items, codes in words; what is not known is null."""
    copies = found[[row for row, copies in enumerate(found["take"]) for _ in range(copies)]]
    number = pl.int_range(pl.len()).over("line")
    parts = ("line", pl.when(pl.col("named") != "").then("named"), "note")
    return copies.with_columns(
        item_id=pl.when(number < pl.col("items").list.len()).then(pl.col("items").list.get(number, null_on_oob=True)),
        branch=pl.lit(None, pl.String), source="way", note=pl.concat_str(parts, separator=" ", ignore_nulls=True),
        ndc=pl.coalesce("ndc", "class_mark"),
    ).select(*BIBS, *ITEMS).with_columns(_word(name) for name in CODED)  # fmt: skip


def file(found: pl.DataFrame, kind: str) -> bytes:
    """`entries` as csv or xlsx, with the headings of INTERCHANGE in the present language."""
    table, fields, language = entries(found), words.table("fields"), words.language.get()
    named = table.rename({name: fields["bibs" if name in BIBS else "items"][name][language] for name in table.columns})
    return sheets.csv_bytes(named) if kind == "csv" else sheets.xlsx_bytes(named, say("gifts.accession"))


def _word(field: str) -> pl.Expr:
    """A coded field in words; several codes stay parted by ;."""
    known = {name: code(field, name) for name in words.table("codes")[field]}
    return pl.col(field).str.split(";").list.eval(pl.element().replace(known)).list.join(";")

"""What the rules may ask of a title on offer (words/title_facts.toml), whether one or a million."""

from datetime import date

import duckdb
import polars as pl

from collection.facts import mark
from collection.policy.duck import literal
from collection.policy.model import Policy
from collection.sources.normalise import match_key, match_key_of
from collection.store.connection import sql

TEXTS = (
    "title", "volume", "series", "author", "publisher", "edition", "isbn", "c_code", "ndc", "class_mark", "audience",
    "material", "language", "subjects", "local",
)  # fmt: skip
TITLE = {
    "row": pl.Int64,
    **dict.fromkeys(TEXTS, pl.String),
    "price": pl.Int64,
    "pub_year": pl.Int64,
    "received_on": pl.Date,
}


def titles(rows: list[dict]) -> pl.DataFrame:
    """Titles on offer with the columns of TITLE; what a dict does not say is null, and `row` counts from 0 when not given."""
    told = [{"row": place} | {name: row.get(name) for name in TITLE if name in row} for place, row in enumerate(rows)]
    return pl.DataFrame(told, schema=TITLE)


def lay(connection: duckdb.DuckDBPyConnection, offered: pl.DataFrame) -> None:
    """Makes titles (columns of TITLE) the table `bib` of a connection, their `row` as bib_no."""
    keyed = offered.rename({"row": "bib_no"}).with_columns(title_key=match_key(offered["title"].fill_null("")))
    connection.register("offered", keyed.to_arrow())
    connection.execute(sql("queries/selection_bib"))
    connection.unregister("offered")


def gather(connection: duckdb.DuckDBPyConnection, policy: Policy, as_of: date, way: str, serials: pl.DataFrame) -> None:
    """Fills the view `title_fact` over the table `bib` of a connection, in which titles were laid or which a snapshot has.

    Args:
        way: how the titles are offered, one of policy.model.WAYS. serials: title_key of the periodicals held.
    """
    mark(connection, policy)
    columns = {name for name, *_ in connection.sql("DESCRIBE bib").fetchall()}
    texts = connection.sql(sql("queries/selection_texts")).pl()
    connection.register("found", word_groups(texts, policy).to_arrow())
    connection.execute(sql("queries/selection_words"))
    connection.unregister("found")
    connection.register("serial_title", serials.to_arrow())
    connection.execute(sql("queries/selection_issues"))
    received = "bib.received_on" if "received_on" in columns else "NULL::DATE"
    said = {"way": literal(way), "as_of": literal(as_of), "received_on": received}
    connection.execute(sql("queries/selection_facts").format(**said))


def word_groups(texts: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """bib_no, word_groups (the pack's groups of which a word stands in a title, parted by ;) and found_words (group, words).

    Args:
        texts: bib_no, title, series, author, publisher, edition. Words are looked for as titles are matched: width,
            old forms, marks and blanks do not matter. Only rows in which something was found come back.
    """
    groups = {name: [match_key_of(word) for word in group["words"]] for name, group in policy.word_groups.items()}
    fields = sorted({field for group in policy.word_groups.values() for field in group["fields"]})
    keys = texts.select("bib_no", **{field: match_key(texts[field]) for field in fields})
    whole = pl.concat_str(pl.lit(""), *fields, separator="\n", ignore_nulls=True)
    every_word = pl.Series([word for group in groups.values() for word in group], dtype=pl.String).implode()
    keys = keys.filter(whole.str.contains_any(every_word))  # most hold none, which one look tells
    there = set(keys.select(whole.str.extract_many(every_word, overlapping=True)).to_series().explode())
    found = [_words_of(keys, name, policy.word_groups[name]) for name in groups if there.intersection(groups[name])]
    empty = pl.DataFrame(schema={"bib_no": texts.schema["bib_no"], "group": pl.String, "words": pl.List(pl.String)})
    return (
        pl.concat([empty, *found])
        .group_by("bib_no", maintain_order=True)
        .agg(word_groups=pl.col("group").str.join(";"), found_words=pl.struct("group", "words"))
    )


def _words_of(keys: pl.DataFrame, name: str, group: dict) -> pl.DataFrame:
    """bib_no, group, words of the rows in which a group was found."""
    said = {match_key_of(word): word for word in group["words"]}
    longer = [match_key_of(word) for word in group["except"]]
    text = pl.concat_str([pl.col(field) for field in group["fields"]], separator="\n", ignore_nulls=True)
    if longer:
        text = text.str.replace_many(longer, ["\n"])
    hit = keys.select("bib_no", text=text).filter(pl.col("text").str.contains_any(list(said)))
    words = pl.col("text").str.extract_many(list(said), overlapping=True).list.eval(pl.element().replace_strict(said))
    return hit.select("bib_no", group=pl.lit(name), words=words.list.unique(maintain_order=True))

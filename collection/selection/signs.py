"""Which rules a title on offer meets, by which signs, and how strong each is."""

from dataclasses import dataclass

import duckdb
import polars as pl

from collection.policy.model import Policy, Rule
from collection.policy.pieces import sign_select
from collection.policy.signs import outcome_sql
from collection.store.connection import sql

APPLIES, DOUBT = 2, 1


@dataclass(frozen=True)
class Weighed:
    """What the rules say of titles, which `selection.facts.gather` told.

    Attributes:
        outcomes: bib_no and one column a rule id: 2 applies, 1 doubt (weak signs alone), 0 does not, None not to be told.
        found: bib_no, rule, place (of the sign among the rule's), name, en, strong, words (found in the texts, or null):
            one row for each sign that is there, in the order of the rules.
        unseen: bib_no, rule, place of the signs that could not be told.
    """

    outcomes: pl.DataFrame
    found: pl.DataFrame
    unseen: pl.DataFrame


def rules_of(policy: Policy, way: str) -> list[Rule]:
    """The rules with signs that hold for titles offered in this way, in the order of the clauses."""
    return [rule for rule in policy.rules if rule.signs and way in rule.ways]


def weigh(connection: duckdb.DuckDBPyConnection, policy: Policy, way: str) -> Weighed:
    """Weighs every row of the view `title_fact`."""
    rules = rules_of(policy, way)
    signs = [(rule, place, sign) for rule in rules for place, sign in enumerate(rule.signs)]
    truths = [truth for rule in rules for truth in sign_select(policy, rule)]
    columns = [f'{outcome_sql(policy, rule)} AS "{rule.id}"' for rule in rules]
    columns += [f'{truth} AS "{number}"' for number, truth in enumerate(truths)]
    told = connection.sql(sql("queries/selection_weighed").format(columns="".join(f", {one}" for one in columns))).pl()
    table = pl.DataFrame(
        [(number, rule.id, place, sign.name, sign.en, sign.strong, "word_groups" in truth)
         for number, ((rule, place, sign), truth) in enumerate(zip(signs, truths, strict=True))],
        schema={"number": pl.Int64, "rule": pl.String, "place": pl.Int64, "name": pl.String, "en": pl.String,
                "strong": pl.Boolean, "by_words": pl.Boolean},
        orient="row",
    )  # fmt: skip
    long = (
        told.select("bib_no", "found_words", *(pl.col(str(number)) for number in range(len(signs))))
        .unpivot(index=["bib_no", "found_words"], variable_name="number", value_name="truth")
        .with_columns(pl.col("number").cast(pl.Int64), pl.col("truth").cast(pl.Boolean))
        .join(table, on="number")
        .sort("bib_no", "number")
    )
    words = pl.when("by_words").then("found_words").alias("words")
    return Weighed(
        told.select("bib_no", *(rule.id for rule in rules)),
        long.filter("truth").select("bib_no", "rule", "place", "name", "en", "strong", words),
        long.filter(pl.col("truth").is_null()).select("bib_no", "rule", "place"),
    )

"""Which rules a title on offer meets, by which signs, and how strong each is."""

from dataclasses import dataclass

import duckdb
import polars as pl

from collection.policy.duck import column, quoted
from collection.policy.model import Policy, Rule
from collection.policy.pieces import sign_select
from collection.policy.signs import TOGETHER, outcome_sql
from collection.store.connection import sql

APPLIES, DOUBT = 2, 1


@dataclass(frozen=True)
class Weighed:
    """What the rules say of titles, which `selection.facts.gather` told.

    Attributes:
        outcomes: bib_no and one column a rule id: 2 applies, 1 doubt (weak signs alone), 0 does not, None not to be told.
        found: bib_no, rule, place (of the sign among the rule's), name, en, strong, words (of the groups that it names, found
            in the texts, or null): one row for each sign that is there, in the order of the rules.
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
    numbers = [str(number) for number in range(len(signs))]
    truths = _truths(policy, rules)
    told = _told(connection, policy, rules, truths, ["found_words", *map(column, numbers)])
    table = pl.DataFrame(
        [(number, rule.id, place, sign.name, sign.en, sign.strong) for number, (rule, place, sign) in enumerate(signs)],
        schema={"number": pl.Int64, "rule": pl.String, "place": pl.Int64, "name": pl.String, "en": pl.String,
                "strong": pl.Boolean},
        orient="row",
    )  # fmt: skip
    long = (
        told.select("bib_no", *numbers)
        .unpivot(index="bib_no", variable_name="number", value_name="truth")
        .with_columns(pl.col("number").cast(pl.Int64), pl.col("truth").cast(pl.Boolean))
        .join(table, on="number")
        .sort("bib_no", "number")
    )
    words = _words(told, policy, truths)
    found = long.filter("truth").join(words, on=["bib_no", "number"], how="left", maintain_order="left")
    return Weighed(
        told.select("bib_no", *(rule.id for rule in rules)),
        found.select("bib_no", "rule", "place", "name", "en", "strong", "words"),
        long.filter(pl.col("truth").is_null()).select("bib_no", "rule", "place"),
    )


def outcomes(connection: duckdb.DuckDBPyConnection, policy: Policy, rules: list[Rule]) -> pl.DataFrame:
    """Weighed.outcomes of some rules, for more records than anybody reads the signs of."""
    return _told(connection, policy, rules, _truths(policy, rules), [])


def _truths(policy: Policy, rules: list[Rule]) -> list[str]:
    """SQL of every sign of the rules, one after the other."""
    return [truth for rule in rules for truth in sign_select(policy, rule)]


def _told(
    connection: duckdb.DuckDBPyConnection, policy: Policy, rules: list[Rule], truths: list[str], more: list[str]
) -> pl.DataFrame:
    """bib_no, the columns `more` (found_words, and the signs by their number), and what each rule says."""
    numbered = [f"{truth} AS {column(str(number))}" for number, truth in enumerate(truths)]
    numbers = iter(range(len(truths)))
    columns = [*more]
    for rule in rules:
        own = [column(str(next(numbers))) for _ in rule.signs]
        said = outcome_sql(rule.signs, own, policy.parameters[TOGETHER])
        columns.append(f"({said})::TINYINT AS {column(rule.id)}")
    query = sql("queries/selection_weighed").format(truths=", ".join(numbered), columns=", ".join(columns))
    return connection.sql(query).pl()


def _words(told: pl.DataFrame, policy: Policy, truths: list[str]) -> pl.DataFrame:
    """bib_no, number (of a sign), words: those found of the groups of words that the sign names."""
    named = [
        (number, group)
        for number, truth in enumerate(truths)
        for group in policy.word_groups
        if quoted(f";{group};") in truth
    ]
    groups = pl.DataFrame(named, schema={"number": pl.Int64, "group": pl.String}, orient="row")
    found = told.select("bib_no", "found_words").explode("found_words").unnest("found_words")
    return (
        found.join(groups, on="group", maintain_order="left_right")
        .explode("words")
        .group_by("bib_no", "number", maintain_order=True)
        .agg(pl.col("words").unique(maintain_order=True).str.join("・"))
    )

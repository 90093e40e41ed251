"""偏りの検査: is an author, a publisher, a series or a 目 more frequent in a list than chance would have it?

The list is compared with all items that meet the same criteria (号). What is striking has to be answered with a
reason before the list can be approved.
"""

from pathlib import Path

import duckdb
import polars as pl
from scipy.stats import hypergeom

from collection import agenda, ledger
from collection.ledger import Event
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem

ATTRIBUTES = ("author", "publisher", "series", "moku")
PROPOSED = ("entered", "withdraw", "refused")  # an item that the committee keeps is not withdrawn


def check(cursor: duckdb.DuckDBPyConnection, operating: dict, items: list[str]) -> pl.DataFrame:
    """Every value that was tested, the most striking first.

    Every value that occurs at least 偏りの最少冊数 times in the population is tested, whatever the list has of it: which
    tests are made does not depend on their outcome. p is the chance that as many items or more of the value would be
    in a list of this length drawn at random (hypergeometric, upper tail, exact); p_adjusted holds for all tests of the
    four attributes together (Holm).

    Args:
        cursor: on a flags file with its snapshot attached.
        operating: the operating values 偏りの最少冊数 and 偏りの有意水準.
        items: numbers of the items on the list.

    Returns:
        attribute, value, in_list, list, in_population, population (items), expected (items), p, p_adjusted (0–1),
        striking (bool).
    """
    fewest, level = operating["偏りの最少冊数"], operating["偏りの有意水準"]
    counted = cursor.sql(sql("queries/fairness_counts"), params={"items": items, "fewest": fewest}).pl()
    chance = hypergeom.sf(
        counted["in_list"].to_numpy() - 1,
        counted["population"].to_numpy(), counted["in_population"].to_numpy(), counted["list"].to_numpy(),
    )  # fmt: skip
    tested = counted.with_columns(
        expected=pl.col("list") * pl.col("in_population") / pl.col("population"),
        p=pl.Series(chance, dtype=pl.Float64).clip(0, 1),
    ).sort("p", "attribute", "value")
    left = pl.len() - pl.int_range(pl.len())  # Holm: the smallest p counts for all tests, the next for one less …
    adjusted = (pl.col("p") * left).cum_max().clip(upper_bound=1.0)
    striking = (pl.col("p_adjusted") < level) & (pl.col("in_list") >= fewest)
    return tested.with_columns(p_adjusted=adjusted).with_columns(striking=striking)


def findings(cursor: duckdb.DuckDBPyConnection, store: Path, list_no: str) -> pl.DataFrame:
    """The striking values of a list with the reasons given: the columns of `check`, reason, name, on_day (null: none).

    The list is what it would withdraw: before the vote all of its items, afterwards those the committee lets go.
    """
    operating = agenda.one(store, list_no).operating
    items = agenda.entries(store, list_no).filter(pl.col("state").is_in(PROPOSED))["item_id"].to_list()
    striking = check(cursor, operating, items).filter("striking")
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/fairness_answers"), {"list_no": list_no}).fetchall()
    said = pl.DataFrame(
        [tuple(row) for row in rows], orient="row",
        schema={"subject": pl.String, "reason": pl.String, "name": pl.String, "on_day": pl.String},
    )  # fmt: skip
    subject = pl.concat_str(pl.lit(f"{list_no}/"), "attribute", pl.lit("="), "value")
    return (
        striking.with_columns(subject=subject)
        .join(said, on="subject", how="left", maintain_order="left")
        .drop("subject")
    )


def unanswered(cursor: duckdb.DuckDBPyConnection, store: Path, list_no: str) -> list[tuple[str, str]]:
    """The findings that nobody gave a reason for, each (attribute, value): a list that has any cannot be approved."""
    return findings(cursor, store, list_no).filter(pl.col("reason").is_null()).select("attribute", "value").rows()


def answer(store: Path, person: Person, list_no: str, values: list[tuple[str, str]], reason: str) -> None:
    """Give a reason for concentrations, each an (attribute, value); a later reason stands in for an earlier one.

    Raises:
        Problem: the reason is empty, the list is approved already, or the role does not allow it.
    """
    if not reason.strip():
        raise Problem("committee.no_answer")
    with ledger.writing(store) as connection:
        agenda.need_state(connection, list_no, "in_review", "resolved")
        events = [
            Event(
                "answer", f"{list_no}/{attribute}={value}", list_no=list_no, reason=reason.strip(),
                details={"attribute": attribute, "value": value},
            )
            for attribute, value in values
        ]  # fmt: skip
        ledger.append(connection, person, events)

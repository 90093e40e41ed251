"""The facts of every item on a day: what the rules ask of it, from the snapshot alone.

Everything is set-based SQL in store/queries/facts_*.sql, in the order of `gather`. The result is
the view `item_fact`, one row a held item, with the columns of words/facts.toml.
"""

import re
from datetime import date

import duckdb
import polars as pl

from collection.decisions import leaving
from collection.policy import pieces, predicate
from collection.policy.check_parts import INVENTORIES
from collection.policy.model import Policy
from collection.sources.normalise import isbn_of, match_key
from collection.store.connection import sql

TEXTS = ("title", "edition", "language")
COUNT_FROM = {"年度末": "fiscal_year_end", "年度始": "fiscal_year_start", "確認日": "date"}


UNDECIDED = pl.DataFrame(
    schema={"item_id": pl.String, "kept": pl.Boolean, "kept_until": pl.Date, "leaving": pl.Boolean,
            "named_collection": pl.String}
)  # fmt: skip


def month_number(day: date) -> int:
    """Months since year 0, as the loan table counts them: 2024-04 → 24291."""
    return day.year * 12 + day.month - 1


def last_whole_month(as_of: date) -> int:
    """The last month that is over on the morning after `as_of`, or on its own morning when a month begins."""
    following = date.fromordinal(as_of.toordinal() + 1)
    return month_number(following) - 1


def gather(
    connection: duckdb.DuckDBPyConnection, policy: Policy, as_of: date, decided: pl.DataFrame = UNDECIDED
) -> None:
    """Fill the temporary tables behind the view `item_fact`.

    Args:
        connection: one that sees the tables of a snapshot without a schema name.
        policy: gives the operating values of the classes, the lists and the words that point to the city.
        as_of: the day that years are counted to.
        decided: what people decided, as `decided_on` tells it.
    """
    (loans_from,) = connection.execute(sql("queries/facts_loans_from")).fetchone()
    connection.execute(sql("queries/facts_use"), {"last_month": last_whole_month(as_of)})
    connection.execute(sql("queries/facts_in_house"))
    mark(connection, policy)
    connection.execute(sql("queries/facts_bibs").format(texts=_texts(policy)))
    connection.execute(sql("queries/facts_brief"), {"as_of": as_of, "counted": loans_from is not None})
    connection.execute(sql("queries/facts_copies"))
    connection.execute(sql("queries/facts_surplus"))
    _with_frame(connection, "decision", decided, "facts_decisions")
    connection.execute(
        sql("queries/facts_items").format(
            as_of=_date(as_of),
            loans_from=_date(loans_from),
            this_year=as_of.year,
            surplus=surplus_sql(policy),
            count_from=_literal(COUNT_FROM[policy.parameters["不明の起算"]]),
            inventories=_inventories(policy),
        )
    )


def mark(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """What the pack knows of the records of a table `bib`: temporary tables class_value, bib_list and bib_clue."""
    _with_frame(connection, "class_rule", _class_rules(policy), "facts_classes")
    listed = _list_rows(policy)
    _with_frame(connection, "list_row", listed, "facts_lists", {"authors": _any_author(listed)})
    connection.execute(sql("queries/facts_clues").format(**_clues(policy)))


def surplus_sql(policy: Policy) -> str:
    """SQL of whether a copy is surplus, over copies_loans_1y and copy_place of facts_surplus.sql; NULL without loan figures."""
    asked_for = f"greatest(1, ceil(copies_loans_1y / {policy.parameters['複本1冊の年間貸出']}))"
    beyond = f"CASE WHEN copies_loans_1y IS NOT NULL THEN copy_place > {asked_for} END"
    return f"CASE WHEN coalesce(copy_place, 1) = 1 THEN false ELSE {beyond} END"


def _inventories(policy: Policy) -> str:
    """SQL of the days on which inventories ended; NULL where the pack names none."""
    days = policy.parameters.get(INVENTORIES)
    return f"[{', '.join(map(_date, days))}]" if days else "NULL::DATE[]"


def decided_on(items: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What the rules must know of the decisions (rows of `Decided.items`) on a day; one row an item kept, leaving or locked.

    Returns:
        item_id; kept, whether a person keeps it on that day; kept_until, None for good; leaving, whether it is on its
        way out and so can be nobody's survivor; named_collection, in which it is locked.
    """
    until = pl.col("tag_until").str.to_date("%Y-%m-%d", strict=False)
    kept = (pl.col("tag") == "keep").fill_null(False) & (until.is_null() | (until >= as_of))
    found = items.select(
        "item_id", kept=kept, kept_until=pl.when(kept).then(until), leaving=leaving(), named_collection="named"
    )
    return found.filter(pl.col("kept") | pl.col("leaving") | pl.col("named_collection").is_not_null()).sort("item_id")


def _with_frame(connection, name: str, frame: pl.DataFrame, query: str, parameters: dict | None = None) -> None:
    connection.register(name, frame.to_arrow())
    connection.execute(sql(f"queries/{query}"), parameters or {})
    connection.unregister(name)


def _class_rules(policy: Policy) -> pl.DataFrame:
    schema = {
        "prefix": pl.String,
        "idle_years": pl.Int16,
        "shelf_life": pl.Int16,
        "use_only": pl.Boolean,
        "similar": pl.Boolean,
    }
    return pl.DataFrame([{key: rule[key] for key in schema} for rule in policy.classes], schema=schema)


def _list_rows(policy: Policy) -> pl.DataFrame:
    schema = {"listed": pl.String, "title": pl.String, "author": pl.String, "isbn": pl.String}
    rows = [
        {"listed": row_list.name, "title": row["title"], "author": row["author"], "isbn": isbn_of(row["isbn"])[0]}
        for row_list in policy.lists.values()
        for row in row_list.rows
    ]
    frame = pl.DataFrame(rows, schema=schema)
    return frame.select(
        "listed",
        title_key=match_key(frame["title"]),
        author=pl.col("author").str.replace_all("[ 　,，・]", ""),
        isbn="isbn",
    )


def _any_author(listed: pl.DataFrame) -> str:
    """A pattern that finds each listed author however the name is spaced; one that finds nothing when there is none."""
    authors = listed["author"].drop_nulls().unique(maintain_order=True)
    return "|".join("[ 　,，・]*".join(map(re.escape, author)) for author in authors) or r"\b\B"


def _texts(policy: Policy) -> str:
    """The columns of running text that this policy's rules ask for: long, and so not carried along otherwise."""
    asked = set().union(
        *(predicate.facts_used(rule.when, **pieces.scope(policy, rule)) for rule in policy.rules if rule.when)
    )
    return "".join(f"bib.{column}, " for column in TEXTS if column in asked)


def _clues(policy: Policy) -> dict[str, str]:
    fields = sorted({field for clue in policy.clues if clue["words"] for field in clue["fields"]})
    every_word = [word for clue in policy.clues for word in clue["words"]]
    every_class = [prefix for clue in policy.clues for prefix in clue["classes"]]
    selects = ["SELECT NULL::INTEGER AS bib_no, NULL::VARCHAR AS word WHERE false"]
    for clue in policy.clues:
        if clue["words"]:
            text = f"concat_ws(' ', {', '.join(clue['fields'])})"
            for longer in clue["except"]:
                text = f"replace({text}, {_literal(longer)}, '')"
            selects.append(f"SELECT bib_no, unnest(regexp_extract_all({text}, {_pattern(clue['words'])})) FROM hinted")
        if clue["classes"]:
            selects.append(f"SELECT bib_no, 'NDC ' || ndc FROM hinted WHERE {_in_class(clue['classes'])}")
    return {
        "looked_at": ", ".join(fields) or "NULL",
        "any_word": f"regexp_matches(concat_ws(' ', {', '.join(fields)}), {_pattern(every_word)})"
        if every_word
        else "false",
        "any_class": _in_class(every_class) if every_class else "false",
        "clues": "\nUNION ALL\n".join(selects),
    }


def _in_class(prefixes: list[str]) -> str:
    return " OR ".join(f"starts_with(ndc, {_literal(prefix)})" for prefix in prefixes)


def _pattern(found: list[str]) -> str:
    return _literal("|".join(map(re.escape, found)))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _date(day: date | None) -> str:
    return f"DATE '{day.isoformat()}'" if day else "NULL::DATE"

"""地域資料: what is held of the city, what points to it without being marked, and which city publications are lacking.

Local is what carries a 郷土区分 (marked), what an author of the city wrote (list), and what words point to (clue).
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from collection.measures import EVERYTHING, Scope
from collection.policy import Policy, Rule
from collection.policy.pack import read_csv
from collection.sources.normalise import isbn_of, match_key_of, year_of
from collection.store.connection import connect_flags, sql
from collection.words import Problem

AUTHORS = "ゆかりの著者の名簿"  # the operating value that names the pack's list of local authors
PUBLICATIONS = Path("lists", "city_publications.csv")
FACTS = ("郷土区分", "地域の手がかり", "名簿")  # what the rules on local material speak of
GROUPS = ("marked", "list", "clue")
COPIES = ("none", "only", "several", "unknown")
STATES = ("good", "repairable", "soiled", "damaged", "missing", "unknown")
HARMED = ("repairable", "soiled", "damaged", "missing")
SAID_IN = {
    "word": {"title", "series", "subjects"},
    "publisher": {"publisher"},
    "author": {"author"},
}  # kind of word → fields
FOUND = ("none", "other_years", "unsure", "unclear", "held")
COLUMNS = (
    "item_id", "bib_id", "title", "author", "publisher", "pub_year", "call_number", "branch", "location", "kinds",
    "condition", "status", "copies", "reason", "verdict",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Which local items are looked at; an empty part lets everything through.

    `of`: of GROUPS. `kind`: a 郷土区分. `clue`: one word. `author`: a name of the list. `state`: of STATES, or "harmed"
    for all of HARMED. `copies`: of COPIES. `verdict`: a verdict, "none" where no rule touched the item.
    """

    of: str = "marked"
    kind: str = ""
    clue: str = ""
    author: str = ""
    state: str = ""
    copies: str = ""
    verdict: str = ""


def authors(policy: Policy) -> str:
    """The name of the pack's list of local authors."""
    return policy.parameters[AUTHORS]


def items(cursor: duckdb.DuckDBPyConnection, policy: Policy) -> pl.DataFrame:
    """Every held item of the city in shelf order: the columns of local_items.sql, and

    kinds, clues: lists of codes and of words (empty without); writer: the authors in one word, to look names up in;
    state: of STATES, the loss before the condition; several: of COPIES, how many usable copies the library has.
    """
    found = cursor.sql(sql("queries/local_items"), params={"authors": authors(policy)}).pl()
    copies = pl.col("copies")
    return found.with_columns(
        pl.col("by_author").fill_null(False),
        kinds=pl.col("kinds").str.split(";").fill_null([]),
        clues=pl.col("local_clue").str.split("・").fill_null([]),
        writer=_bare("author"),
        state=pl.when(pl.col("status") == "missing").then(pl.lit("missing")).otherwise(
            pl.col("condition").fill_null("unknown")
        ),
        several=pl.when(copies.is_null()).then(pl.lit("unknown")).when(copies == 0).then(pl.lit("none"))
        .when(copies == 1).then(pl.lit("only")).otherwise(pl.lit("several")),
    )  # fmt: skip


def scoped(found: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The items of a scope."""
    if scope == EVERYTHING:
        return found
    for part in ("branch", "location", "shelf_class", "audience", "material"):
        if values := getattr(scope, part):
            found = found.filter(pl.col(part).fill_null("").is_in(values))
    return found.filter(pl.col("ndc").str.starts_with(scope.ndc)) if scope.ndc else found


def looked_at(found: pl.DataFrame, look: Look) -> pl.DataFrame:
    """The items that a Look lets through, in shelf order."""
    group = {"marked": pl.col("kinds").list.len() > 0, "list": pl.col("by_author"), "clue": pl.col("local_clue").is_not_null()}  # fmt: skip
    found = found.filter(group[look.of])
    if look.kind:
        found = found.filter(pl.col("kinds").list.contains(look.kind))
    if look.clue:
        found = found.filter(pl.col("clues").list.contains(look.clue))
    if look.author:
        found = found.filter(pl.col("writer").str.contains(_bare_of(look.author), literal=True))
    if look.state:
        found = found.filter(pl.col("state").is_in(HARMED if look.state == "harmed" else [look.state]))
    if look.copies:
        found = found.filter(several=look.copies)
    if look.verdict:
        found = found.filter(pl.col("verdict").fill_null("none") == look.verdict)
    return found


def by_kind(found: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Items by 郷土区分 and more columns: kind, by…, items. An item of several kinds counts for each of them."""
    return found.explode("kinds").drop_nulls("kinds").group_by(pl.col("kinds").alias("kind"), *by).agg(items=pl.len())


def by_clue(found: pl.DataFrame) -> pl.DataFrame:
    """Items without a mark by the word that points to the city: clue, items, ask (a person has to look at them).

    The most frequent first. An item to which several words point counts for each of them.
    """
    ask = (pl.col("verdict") == "ask").fill_null(False).sum()
    words = found.explode("clues").drop_nulls("clues").group_by(pl.col("clues").alias("clue"))
    return words.agg(items=pl.len(), ask=ask).sort("items", "clue", descending=[True, False])


def by_author(found: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Held items of each author of the list: author, items, titles (records); also of those of whom nothing is held."""
    names = list(dict.fromkeys(row["author"] for row in _authors(policy) if row["author"]))
    written = [looked_at(found, Look("list", author=name)) for name in names]
    rows = [(name, part.height, part["bib_id"].n_unique()) for name, part in zip(names, written, strict=True)]
    schema = {"author": pl.String, "items": pl.Int64, "titles": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("items", "author", descending=[True, False])


def likely(cursor: duckdb.DuckDBPyConnection, model: str) -> pl.DataFrame:
    """Held items of records without a mark that models/local takes for local material: the columns of local_likely.sql.

    model: the schema under which its artefact is attached.
    """
    return cursor.sql(sql("queries/local_likely").format(model=model)).pl()


def records(found: pl.DataFrame) -> pl.DataFrame:
    """Items of `likely` by record: those with candidates first, then the likeliest.

    item_id: of a candidate where there is one, else of the first item. items: held. candidates: of these, to be weeded today.
    """
    candidate = (pl.col("verdict") == "candidate").fill_null(False)
    told = ("title", "volume", "author", "publisher", "pub_year", "ndc", "words", "likely")
    grouped = found.sort(~candidate, maintain_order=True).group_by("bib_no", maintain_order=True)
    counted = grouped.agg(pl.first("item_id", *told), items=pl.len(), candidates=candidate.sum())
    return counted.sort(pl.col("candidates") == 0, -pl.col("likely"), "bib_no")


def words(cursor: duckdb.DuckDBPyConnection, model: str, policy: Policy) -> pl.DataFrame:
    """The words that models/local learnt, the strongest first.

    kind (of SAID_IN), word, weight (log odds), records that say it, marked ones of these, clue: the word of the pack's
    list that finds them, None where it has none.
    """
    learnt = cursor.sql(sql("queries/local_words").format(model=model)).pl()
    clues = [_clue_in(policy, *row) for row in learnt.select("kind", "word").iter_rows()]
    return learnt.with_columns(clue=pl.Series(clues, dtype=pl.String))


def rules(policy: Policy) -> list[Rule]:
    """The clauses that keep local material or ask of it."""
    return [rule for rule in policy.rules if rule.when and any(fact in rule.when for fact in FACTS)]


def wanted(policy: Policy) -> list[dict]:
    """The rows of the pack's list of city publications: title, publisher, year, isbn, note as written; empty without one.

    Raises:
        Problem: its encoding cannot be told.
    """
    names = {"書名": "title", "出版者": "publisher", "出版年": "year", "ISBN": "isbn", "備考": "note"}
    file = policy.folder / PUBLICATIONS
    try:
        rows = read_csv(file) if file.exists() else []
    except UnicodeDecodeError:
        raise Problem("policy.csv_encoding", where=PUBLICATIONS.as_posix()) from None
    return [{name: row.get(column, "") for column, name in names.items()} for row in rows]


def publications(cursor: duckdb.DuckDBPyConnection, rows: list[dict]) -> pl.DataFrame:
    """Which publications of `wanted` are held, those that are not first.

    Returns:
        found (of FOUND: held; unsure = only records whose year is not known; other_years = only other years; unclear =
        the row cannot be read), title, publisher, year, isbn, note, items (held), usable (of them), other_years.
    """
    read = [(isbn_of(row["isbn"])[0], year_of(row["year"])[0], match_key_of(row["title"])) for row in rows]
    unclear = [
        bool(row["isbn"]) and isbn is None or bool(row["year"]) and year is None or not (isbn or key)
        for row, (isbn, year, key) in zip(rows, read, strict=True)
    ]
    asked = {
        "row": list(range(len(rows))), "isbn": [isbn for isbn, _, _ in read], "pub_year": [year for _, year, _ in read],
        "title_key": [key or None for _, _, key in read],
    }  # fmt: skip
    told = cursor.sql(sql("queries/local_publications"), params=asked).pl()
    text = dict.fromkeys(("title", "publisher", "year", "isbn", "note"), pl.String)
    listed = pl.DataFrame(rows, schema=text).with_columns(
        row=pl.Series(asked["row"], dtype=pl.Int64), unclear=pl.Series(unclear, dtype=pl.Boolean)
    )
    counted = listed.join(told.cast({"row": pl.Int64}), on="row", how="left", maintain_order="left").with_columns(
        pl.col("items", "usable", "unsure").fill_null(0)
    )
    state = (
        pl.when("unclear").then(pl.lit("unclear")).when(pl.col("items") > 0).then(pl.lit("held"))
        .when(pl.col("unsure") > 0).then(pl.lit("unsure"))
        .when(pl.col("other_years").is_not_null()).then(pl.lit("other_years")).otherwise(pl.lit("none"))
    )  # fmt: skip
    order = pl.col("found").replace_strict({name: n for n, name in enumerate(FOUND)}, return_dtype=pl.Int8)
    return counted.with_columns(found=state).sort(order, "row").select("found", *text, "items", "usable", "other_years")


def listed(flags: Path, policy: Policy) -> pl.DataFrame:
    """The file `local`: COLUMNS, one row for every item of the city in shelf order.

    kinds: codes parted by ;. copies: usable copies in the library. reason: why it is in the list, parted by ; — marked,
    list:<name of the list>, clue:<words>. policy: the one that the flags were made with.
    """
    with connect_flags(flags) as cursor:
        found = items(cursor, policy)
    reason = pl.concat_str(
        pl.when(pl.col("kinds").list.len() > 0).then(pl.lit("marked")),
        pl.when("by_author").then(pl.lit(f"list:{authors(policy)}")),
        pl.lit("clue:") + pl.col("local_clue"),
        separator=";", ignore_nulls=True,
    )  # fmt: skip
    kinds = pl.col("kinds").list.join(";").replace("", None)
    return found.with_columns(kinds, reason=reason).select(COLUMNS)


def _authors(policy: Policy) -> tuple[dict, ...]:
    listed = policy.lists.get(authors(policy))
    return listed.rows if listed else ()


def _clue_in(policy: Policy, kind: str, word: str) -> str | None:
    fitting = (clue["words"] for clue in policy.clues if SAID_IN[kind] & set(clue["fields"]))
    return next((listed for words in fitting for listed in words if listed in word), None)


def _bare(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all("[ 　,，・]", "")


def _bare_of(name: str) -> str:
    return "".join(mark for mark in name if mark not in " 　,，・")

"""Should we take it? Titles on offer against the holdings and the written rules, in the order of SEMANTICS (Requests)."""

from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from collection.policy.model import Policy, Rule
from collection.selection import facts, limits, same
from collection.selection.identify import identify
from collection.selection.signs import APPLIES, DOUBT, Weighed, rules_of, weigh
from collection.store.connection import connect, sql

THRESHOLD = "同じ本とみる点数"
OFFERED = facts.TITLE | {"token": pl.String, "state": pl.String, "chosen": pl.Int64}
OPEN = ("accept", "committee")  # verdicts after which a request stays open


@dataclass(frozen=True)
class Checked:
    """What was found of each title asked about, in the order it came.

    Attributes:
        rows: row; verdict, one of policy.model.VERDICTS; by_rules, the verdict of the rules alone (refuse, committee, accept);
            rule, the id of the clause that decides or is cited (null where the pack names none); doubt, whether weak signs
            alone point to it; bib_no, bib_id, score of the holding it was taken for (null: none); kind, same or edition;
            copies, free, branches, holds of that edition, other_copies and other_bib of the others (selection_held.sql);
            earlier, the row of the same title that came before (on order, or an open request); limit, the rule whose limit is
            reached, and counted, how many count for it already; prefer, ids of the rules that ask for it; asks, those that
            leave a question to a person.
        candidates: what `identify` found for them, the best first; a person chooses where none is sure.
        weighed: the signs found, bib_no standing for row.
    """

    rows: pl.DataFrame
    candidates: pl.DataFrame
    weighed: Weighed


def offered(rows: list[dict]) -> pl.DataFrame:
    """Titles to check, with the columns of OFFERED; what a dict does not say is null.

    token: an opaque text that stands for one person; state: "open" (a request already open) or "ordered", for titles that
    are known already and not asked about; chosen: the bib_no that a person picked, -1 for none of the candidates.
    """
    told = [{"row": place} | {name: row.get(name) for name in OFFERED if name in row} for place, row in enumerate(rows)]
    return pl.DataFrame(told, schema=OFFERED)


def check(cursor: duckdb.DuckDBPyConnection, policy: Policy, titles: pl.DataFrame, as_of: date, way: str) -> Checked:
    """Checks titles (columns of OFFERED), the known ones among them counting as earlier.

    Args:
        cursor: from `identify.opened`, with the people's decisions attached (decisions.attach).
        as_of: the day that years are counted to. way: one of policy.model.WAYS.
    """
    told = titles.with_columns(pl.col("title").str.strip_chars()).sort("state", "received_on", "row", nulls_last=True)
    weighed = _weighed(cursor, policy, told, as_of, way)
    candidates = identify(cursor, told, float(policy.parameters[THRESHOLD]))
    found = _found(cursor, policy, told, candidates)
    rows = told.select("row", "state", "token").join(found, on="row", how="left", maintain_order="left")
    rows = rows.join(_by_rules(policy, weighed, way), on="row", how="left", maintain_order="left")
    pairs = same.pairs(told)
    rows = _earlier(rows, pairs, "ordered", pl.col("state") == "ordered")
    rows = rows.with_columns(base=_first_of(
        (pl.col("unclear"), "unclear"),
        (pl.col("copies") + pl.col("other_copies") > 0, "held"),
        (pl.col("ordered").is_not_null(), "on_order"),
        otherwise=pl.col("by_rules"),
    ))  # fmt: skip
    rows = limits.reached(rows, policy, weighed, pairs, way)
    still_open = (pl.col("state") == "open") | (
        pl.col("state").is_null() & pl.col("base").is_in(OPEN) & pl.col("limit").is_null()
    )
    rows = _earlier(rows, pairs, "duplicate", still_open)
    rows = rows.with_columns(verdict=_first_of(
        (pl.col("unclear"), "unclear"),
        (pl.col("duplicate").is_not_null(), "duplicate"),
        (pl.col("base").is_in(["held", "on_order"]), pl.col("base")),
        (pl.col("limit").is_not_null(), "over_limit"),
        otherwise=pl.col("base"),
    ))  # fmt: skip
    asked = rows.filter(pl.col("state").is_null()).with_columns(
        earlier=pl.when(pl.col("verdict") == "duplicate").then("duplicate").otherwise("ordered"),
        rule=_cited(policy, way),
    )
    kept = (
        "row", "verdict", "by_rules", "rule", "doubt", "bib_no", "bib_id", "score", "kind", "copies", "free", "branches", "holds",
        "other_copies", "other_bib", "earlier", "limit", "counted", "prefer", "asks",
    )  # fmt: skip
    mine = candidates.join(asked.select("row"), on="row", how="semi", maintain_order="left")
    return Checked(asked.sort("row").select(kept), mine, weighed)


def _weighed(cursor, policy: Policy, told: pl.DataFrame, as_of: date, way: str) -> Weighed:
    serials = cursor.sql(sql("queries/selection_serials")).pl()
    with connect() as own:
        facts.lay(own, told.select(list(facts.TITLE)))
        facts.gather(own, policy, as_of, way, serials)
        return weigh(own, policy, way)


def _found(cursor, policy: Policy, told: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """row; unclear; the holding that each title was taken for, with its copies."""
    chosen = told.select("row", "chosen").drop_nulls()
    by_hand = chosen.filter(pl.col("chosen") >= 0).select(
        "row", bib_no=pl.col("chosen").cast(pl.Int32), score=pl.lit(100.0), kind=pl.lit("same")
    )
    sure = candidates.filter("sure").join(chosen, on="row", how="anti").unique("row", keep="first", maintain_order=True)
    taken = pl.concat(
        [sure.select("row", pl.col("bib_no").cast(pl.Int32), pl.col("score").cast(pl.Float64), "kind"), by_hand]
    )
    held = cursor.sql(sql("queries/selection_held"), params={"asked": taken["bib_no"].unique().to_list()}).pl()
    likely = (
        candidates.filter(pl.col("score") >= float(policy.parameters[THRESHOLD])).group_by("row").agg(likely=pl.len())
    )
    told_apart = pl.col("author").is_null() & pl.col("publisher").is_null() & pl.col("chosen").is_null()
    alike = told_apart & pl.col("bib_no").is_null() & (pl.col("likely").fill_null(0) > 1)
    return (
        told.select("row", "title", "author", "publisher", "isbn", "chosen")
        .join(taken, on="row", how="left")
        .join(held, on="bib_no", how="left")
        .join(likely, on="row", how="left")
        .with_columns(unclear=pl.col("isbn").is_null() & (same.says_nothing(pl.col("title")) | alike))
        .with_columns(pl.col("copies", "free", "holds", "other_copies").fill_null(0))
        .drop("title", "author", "publisher", "isbn", "chosen", "likely")
    )


def _by_rules(policy: Policy, weighed: Weighed, way: str) -> pl.DataFrame:
    """row, and what `by_rules` says; prefer and asks, lists of ids."""
    rules = rules_of(policy, way)
    lists = {"prefer": _met(_of(rules, "prefer"), APPLIES), "asks": _met(_of(rules, "ask"), DOUBT)}
    return weighed.outcomes.select(row=pl.col("bib_no").cast(pl.Int64), **by_rules(rules), **lists)


def by_rules(rules: list[Rule]) -> dict[str, pl.Expr]:
    """Over Weighed.outcomes: by_rules, the verdict of the rules; own_rule, the id of the one that decides; doubt."""
    refusing, asking = _of(rules, "refuse"), _of(rules, "committee")
    first = [
        *((pl.col(rule.id) == APPLIES, "refuse", rule.id, False) for rule in refusing),
        *((pl.col(rule.id) == APPLIES, "committee", rule.id, False) for rule in asking),
        *((pl.col(rule.id) == DOUBT, "committee", rule.id, True) for rule in [*refusing, *asking]),
    ]
    return {
        "by_rules": _first_of(*((met, verdict) for met, verdict, _, _ in first), otherwise=pl.lit("accept")),
        "own_rule": _first_of(*((met, rule) for met, _, rule, _ in first), otherwise=pl.lit(None, pl.String)),
        "doubt": _first_of(*((met, doubt) for met, _, _, doubt in first), otherwise=pl.lit(False)),
    }


def _of(rules: list[Rule], effect: str) -> list[Rule]:
    return [rule for rule in rules if rule.effect == effect]


def _met(rules: list[Rule], least: int) -> pl.Expr:
    """The ids of the rules that a title meets, as a list."""
    ids = [pl.when(pl.col(rule.id) >= least).then(pl.lit(rule.id)) for rule in rules]
    return pl.concat_list(ids).list.drop_nulls() if ids else pl.lit([], pl.List(pl.String))


def _first_of(*branches: tuple[pl.Expr, object], otherwise: pl.Expr) -> pl.Expr:
    """The value of the first condition that holds."""
    found = otherwise
    for met, value in reversed(branches):
        found = pl.when(met).then(value if isinstance(value, pl.Expr) else pl.lit(value)).otherwise(found)
    return found


def _earlier(rows: pl.DataFrame, pairs: pl.DataFrame, name: str, which: pl.Expr) -> pl.DataFrame:
    """The rows with a column `name`: of a title asked about, the first earlier row of the same title for which `which` holds."""
    asked = rows.filter(pl.col("state").is_null()).select("row")
    standing = set(rows.filter(which.fill_null(False))["row"])
    first = same.first_standing(pairs.join(asked, on="row", how="semi", maintain_order="left"), standing)
    return rows.with_columns(pl.col("row").replace_strict(first, default=None, return_dtype=pl.Int64).alias(name))


def _cited(policy: Policy, way: str) -> pl.Expr:
    """The rule that decides, or the one that the pack names for the verdict."""
    named = {}
    for rule in policy.rules:
        if way in rule.ways:
            for verdict in rule.cited_for:
                named.setdefault(verdict, rule.id)
    cited = pl.col("verdict").replace_strict(named, default=None, return_dtype=pl.String)
    own = pl.when(pl.col("verdict").is_in(["refuse", "committee"])).then("own_rule")
    return pl.coalesce(own, pl.when(pl.col("verdict") == "over_limit").then("limit"), cited)

"""What the holdings and the written rules say of each line (way "selection"), told in words with the clause."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import duckdb
import polars as pl

from collection import words
from collection.buying import kept, lines
from collection.policy import Policy
from collection.selection import check, same, told
from collection.selection.check import OFFERED, Checked
from collection.selection.signs import rules_of

WAY = "selection"
BUYABLE = ("accept", "committee")
NONE_OF_THEM = -1  # OFFERED.chosen: the line is not taken for a holding
VERDICT = {
    "verdict": pl.String, "rule": pl.String, "doubt": pl.Boolean, "prefer": pl.List(pl.String), "held_bib": pl.String,
    "reason": pl.String, "article": pl.String, "alternatives": pl.String,
}  # fmt: skip


def weigh(cursor: duckdb.DuckDBPyConnection, policy: Policy, found: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The verdict on each line by itself: whether it is held, and what the rules say of it.

    A line that asks for one more copy of what is held is not taken for held, nor is one of which only another edition is;
    that this one is held is told with the reason.

    Args:
        cursor: from `identify.opened`, with the decisions. found: lines, no two of them the same title.

    Returns:
        VERDICT for each line in its order: verdict, one of policy.model.VERDICTS; rule, the id of the clause behind it; prefer, the
        rules that ask for it; held_bib, the record it was taken for.
    """
    again = pl.when(lines.of_kind(*lines.AGAIN)).then(NONE_OF_THEM)
    checked = _by_itself(policy, check.check(cursor, policy, _offered(found.with_columns(chosen=again)), as_of, WAY))
    reasons = told.told(policy, checked, told.labels(cursor, checked), {})
    rows = checked.rows.join(reasons, on="row", maintain_order="left")
    return rows.with_columns(held_bib="bib_id").select(list(VERDICT))


def _by_itself(policy: Policy, checked: Checked) -> Checked:
    """What was found, but of lines of which only another edition is held the verdict of the rules alone."""
    other = (pl.col("verdict") == "held") & ((pl.col("kind") == "edition") | (pl.col("copies") == 0))
    rules = check.by_rules(rules_of(policy, WAY))
    own = checked.weighed.outcomes.select(pl.col("bib_no").cast(pl.Int64).alias("row"), own_rule=rules["own_rule"])
    cited = next((rule.id for rule in policy.rules if WAY in rule.ways and "accept" in rule.cited_for), None)
    rows = checked.rows.join(own, on="row", maintain_order="left").with_columns(
        verdict=pl.when(other).then("by_rules").otherwise("verdict"),
        rule=pl.when(other).then(pl.coalesce("own_rule", pl.lit(cited, pl.String))).otherwise("rule"),
        **{name: pl.when(~other).then(name) for name in ("bib_no", "bib_id")},
    )
    return replace(checked, rows=rows.drop("own_rule"))


def _offered(found: pl.DataFrame) -> pl.DataFrame:
    known = found.with_row_index("row").drop("state", strict=False)
    return known.select(
        pl.col(name).cast(kind) if name in known.columns else pl.lit(None, kind).alias(name)
        for name, kind in OFFERED.items()
    )


@dataclass
class Memory:
    """The verdicts found so far, by what lines say of themselves. Of one snapshot, policy, language and state of the decisions,
    by which they would change."""

    known: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"says": pl.String, **VERDICT}))

    def weigh(self, found: pl.DataFrame, weigh: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        """VERDICT of lines; `weigh` is asked only of those that were not weighed before."""
        told = found.with_columns(says=_says(found))
        new = told.join(self.known, on="says", how="anti").unique("says", maintain_order=True)
        if len(new):
            fresh = pl.concat([new.select("says"), weigh(new.drop("says"))], how="horizontal")
            self.known = pl.concat([self.known, fresh]).unique("says", keep="last", maintain_order=True)
        return told.select("says").join(self.known, on="says", how="left", maintain_order="left").select(list(VERDICT))


def _says(found: pl.DataFrame) -> pl.Series:
    """All that the verdict on a line by itself depends on, as one text."""
    again = lines.of_kind(*lines.AGAIN).alias("again")
    return found.select(pl.struct(*lines.TITLE, again).struct.json_encode()).to_series()


def against(
    found: pl.DataFrame, judged: pl.DataFrame, every: pl.DataFrame, as_of: date, policy: Policy
) -> pl.DataFrame:
    """The verdicts with what other lines make of them: on_order where one buys the title already, duplicate where it stands
    under another number; `earlier` is that number.

    Args:
        found: lines. judged: VERDICT of them. every: the lines people keep (kept.KEPT).
    """
    order = pl.when(kept.coming(as_of, policy)).then(0).when(state="proposed").then(1).when(state="passed").then(2)
    standing = every.with_columns(order=order).filter(pl.col("order").is_not_null()).sort("order", maintain_order=True)
    named = found.with_columns(no=pl.coalesce("no", pl.format("at {}", pl.int_range(pl.len()))))
    asked = named.join(standing, on="no", how="anti", maintain_order="left").with_columns(order=pl.lit(None, pl.Int32))
    told = ["no", "order", *lines.TITLE]
    both = pl.concat([standing.select(told), asked.select(told)]).with_row_index("row")
    others = both.filter(pl.col("order").is_not_null()).select(earlier="row", other="no", bought=pl.col("order") == 0)
    pairs = (
        same.pairs(both)
        .join(others, on="earlier", maintain_order="left")
        .unique("row", keep="first", maintain_order=True)
    )
    met = named.select("no").join(
        pairs.join(both.select("row", "no"), on="row"), on="no", how="left", maintain_order="left"
    )
    stays = (pl.col("verdict") == "unclear") | ((pl.col("verdict") == "held") & pl.col("bought"))
    now = pl.when(pl.col("other").is_null() | stays.fill_null(False)).then("verdict")
    now = now.when("bought").then(pl.lit("on_order")).otherwise(pl.lit("duplicate"))
    unchanged = now.eq_missing(pl.col("verdict"))
    said = [
        pl.when(now == name).then(pl.format(words.say(f"buying.{name}", number="{}"), "other"))
        for name in ("duplicate", "on_order")
    ]
    return pl.concat([judged, met.select("other", "bought")], how="horizontal").select(
        verdict=now, earlier="other", reason=pl.when(unchanged).then("reason").otherwise(pl.coalesce(said)),
        **{name: pl.when(unchanged).then(name) for name in ("rule", "article", "alternatives")},
        **{name: pl.col(name) for name in ("doubt", "prefer", "held_bib")},
    )  # fmt: skip

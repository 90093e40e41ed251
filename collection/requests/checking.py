"""`collection check-requests`: what becomes of requests, with the clause, the matched holding and the reason."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import decisions
from collection.policy.model import VERDICTS, Policy, Rule
from collection.policy.pieces import rule_of
from collection.policy.table import gist
from collection.progress import Progress, silent
from collection.requests import standing
from collection.requests.reading import ASKED, Requests
from collection.selection import check, identify, limits, same, told
from collection.selection.check import OFFERED, Checked
from collection.selection.signs import APPLIES
from collection.store import snapshots
from collection.store.connection import sql
from collection.words import code, language, say

RESULT = ("request_id", "verdict", "rule", "article", "matched_bib_id", "match_score", "reason", "alternatives")
KEPT = (
    "verdict", "by_rules", "rule", "doubt", "bib_id", "score", "kind", "copies", "free", "branches", "holds",
    "other_copies", "limit", "counted", "prefer", "reason", "article",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What was found of the requests asked about.

    Attributes:
        policy, snapshot, as_of: by what they were judged. seq: the last event of the ledger that was known.
        asked: columns of ASKED, row counting from 0. known: what the ledger knows of the same titles and persons
            (standing.KNOWN), row counting on. checked, labels: of selection (check.py, told.py).
        told: row, reason, article, alternatives; the reason names what is amiss with the row too.
    """

    policy: Policy
    snapshot: Path
    as_of: date
    seq: int
    asked: pl.DataFrame
    known: pl.DataFrame
    checked: Checked
    labels: dict[int, str]
    told: pl.DataFrame

    def row(self, row: int) -> dict:
        """What was found of one request: Checked.rows with reason, article and alternatives."""
        found = self.checked.rows.join(self.told, on="row")
        return found.row(by_predicate=pl.col("row") == row, named=True)


def asked(titles: list[dict]) -> pl.DataFrame:
    """Requests typed in, as the rows of a file: columns of ASKED."""
    rows = [{"row": place, "amiss": []} | title for place, title in enumerate(titles)]
    return pl.DataFrame(rows, schema=ASKED)


def answer(
    store: Path, snapshot: Path, policy: Policy, requests: pl.DataFrame, as_of: date, progress: Progress = silent
) -> Answer:
    """Checks requests (columns of ASKED) against the holdings, the rules, and what the ledger knows to be open or on order."""
    known, seq = standing.known(store)
    known = _bearing(known, requests).with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64) + len(requests))
    titles = pl.concat([requests.select(list(OFFERED)), known.select(list(OFFERED))])
    progress("requests.stage_check", 0, len(requests))
    with identify.opened(snapshot) as cursor:
        decisions.attach(cursor, store)
        checked = check.check(cursor, policy, titles, as_of, "request")
        labels = told.labels(cursor, checked)
    progress("requests.stage_check", len(requests), len(requests))
    numbers = dict(known.select("row", "number").iter_rows())
    for row, request_id in requests.select("row", "request_id").iter_rows():
        numbers[row] = request_id or say("requests.row", n=row + 1)
    reasons = told.told(policy, checked, labels, numbers)
    return Answer(policy, snapshot, as_of, seq, requests, known, checked, labels, _with_amiss(requests, reasons))


def _bearing(known: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """Of what is open and on order, what can bear on requests: the same titles, and what the same persons asked for."""
    titles = pl.concat(
        [known.select(list(OFFERED)).with_columns(pl.col("row") - len(known)), requests.select(list(OFFERED))]
    )
    alike = same.pairs(titles).filter(pl.col("row") >= 0, pl.col("earlier") < 0)["earlier"] + len(known)
    persons = requests["token"].drop_nulls()
    return known.filter(pl.col("row").is_in(alike.implode()) | pl.col("token").is_in(persons.implode()))


def _with_amiss(requests: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    """The reasons, with what is the matter with the row itself before them; that it says nothing at all they tell themselves."""
    rows = {
        row: "".join(say(f"requests.amiss_{name}", line=line) for name in amiss if name != "nothing")
        for row, line, amiss in requests.select("row", "line", "amiss").iter_rows() if amiss
    }  # fmt: skip
    before = pl.col("row").replace_strict(rows, default="", return_dtype=pl.String)
    return reasons.with_columns(reason=pl.concat_str(before, "reason"))


def result(found: Answer) -> pl.DataFrame:
    """The columns of INTERCHANGE (RESULT), one row for every request, in its order."""
    rows = found.asked.select("row", "request_id").join(found.checked.rows, on="row", how="left", maintain_order="left")
    return (
        rows.join(found.told, on="row", how="left", maintain_order="left")
        .with_columns(matched_bib_id="bib_id", match_score=pl.col("score").round(1))
        .select(RESULT)
    )


def versions(cursor: duckdb.DuckDBPyConnection, bib_no: int) -> pl.DataFrame:
    """Where a record, other editions of its work and other forms of the title are held: columns of requests_holding.sql."""
    return cursor.sql(sql("queries/requests_holding"), params={"bib_no": bib_no}).pl()


def person_counts(found: Answer, row: int) -> list[tuple[Rule, int, int]]:
    """For whoever asked: each limit of 第8条, how many of the person's open requests count for it, and how many may."""
    token = found.asked.row(by_predicate=pl.col("row") == row, named=True)["token"]
    if token is None:
        return []
    mine = found.known.filter(pl.col("token") == token, pl.col("state") == "open")["row"]
    met = found.checked.weighed.outcomes.filter(pl.col("bib_no").is_in(mine.implode()))
    return [
        (rule, met.filter(pl.col(rule.id) == APPLIES).height, rule.values[limits.LIMIT])
        for rule in limits.rules(found.policy, "request")
    ]


def counts(found: Answer) -> dict[str, int]:
    """Verdict → how many requests, of all of them in their order."""
    counted = dict(found.checked.rows.group_by("verdict").len().iter_rows())
    return {verdict: counted.get(verdict, 0) for verdict in VERDICTS}


def lines(found: Answer, requests: Requests, out: Path) -> list[str]:
    """What came of a file of requests, for the terminal."""
    told_of = {
        "file": requests.file,
        "rows": f"{len(found.asked):,}",
        "day": snapshots.as_of(found.snapshot),
        "out": out,
    }
    head = say("requests.checked", policy=found.policy.title[language.get()], **told_of)
    said = [
        say("requests.checked_part", verdict=code("taking", verdict), n=f"{n:,}")
        for verdict, n in counts(found).items()
    ]
    if requests.errors:
        said.append(say("requests.checked_errors", n=f"{requests.errors:,}"))
    return [head, *(f"  {line}" for line in [*said, *map(str, requests.notes)])]


def aside(found: Answer) -> pl.DataFrame:
    """row and why, of the requests that a person looks at one by one: unclear, over_limit, weak signs alone (doubt), a holding
    that is as good as the same (alike), or the same as such a one (waits)."""
    alike = found.checked.candidates.filter(pl.col("score") >= float(found.policy.parameters[check.THRESHOLD]))["row"]
    unsure = pl.col("row").is_in(alike.implode()) & pl.col("bib_no").is_null()
    why = (
        pl.when(pl.col("verdict").is_in(["unclear", "over_limit"])).then("verdict")
        .when(pl.col("verdict").is_in(["duplicate", "on_order"])).then(None)
        .when(pl.col("doubt")).then(pl.lit("doubt"))
        .when(unsure).then(pl.lit("alike"))
    )  # fmt: skip
    first = found.checked.rows.select("row", "earlier", "verdict", why=why)
    waiting = first.filter(pl.col("why").is_not_null())["row"].implode()
    waits = (pl.col("verdict") == "duplicate") & pl.col("earlier").is_in(waiting)
    whys = pl.when(waits).then(pl.lit("waits")).otherwise("why")
    return first.with_columns(why=whys).filter(pl.col("why").is_not_null()).select("row", "why")


def evidence(found: Answer, rows: list[int], wordings: dict[tuple[str, str], str]) -> dict[int, dict]:
    """What was known of requests when a person decides on them, as the ledger keeps it; by row.

    Args:
        wordings: the library's own wording of its clauses (attach.wordings).
    """
    whole = found.checked.rows.join(found.told, on="row").filter(pl.col("row").is_in(rows))
    speaking = [rule.id for rule in found.policy.rules if rule.effect != "measure"]
    signs = found.checked.weighed.found.filter(pl.col("bib_no").is_in(rows), pl.col("rule").is_in(speaking))
    signs = signs.rows_by_key("bib_no", named=True)
    candidates = found.checked.candidates.filter(pl.col("row").is_in(rows)).rows_by_key("row", named=True)
    known = {}
    for row in whole.iter_rows(named=True):
        rule = rule_of(found.policy, row["rule"]) if row["rule"] else None
        known[row["row"]] = {name: row[name] for name in KEPT} | {
            "gist": gist(rule) if rule else None,
            "wording": wordings.get((rule.document, rule.clause)) if rule else None,
            "instead": told.alternatives(found.policy, row),
            "signs": [told.sign_words(sign) for sign in signs.get(row["row"], ())],
            "holding": found.labels.get(row["bib_no"]), "other": found.labels.get(row["other_bib"]),
            "candidates": [[found.labels[one["bib_no"]], one["score"]] for one in candidates.get(row["row"], ())],
            "as_of": found.as_of.isoformat(), "snapshot": found.snapshot.name,
            "policy": found.policy.name, "policy_hash": found.policy.hash,
        }  # fmt: skip
    return known

"""What lies on the table of the committee: the pack, what was not proposed, the list as a sheet, the minutes."""

from pathlib import Path

import duckdb
import polars as pl

from collection import agenda, balance, candidates, committee, criteria, decisions, fairness, paper, sheets, steps
from collection.agenda import Agenda
from collection.balance import Balance
from collection.composition import CLASSES
from collection.policy import Policy
from collection.store.connection import sql
from collection.words import code, language, say

SHEET = (
    "item_id", "call_number", "title", "volume", "author", "publisher", "pub_year", "ndc", "branch", "location", "verdict",
    "criterion", "reason", "article", "survivor_item_id", "survivor_kind", "survivor_branch", "route", "idle_years", "score",
)  # fmt: skip
DECIDED = (*steps.VOTES, "outcome")
CONCENTRATION = ("attribute", "value", "in_list", "in_population", "expected", "p", "answer")


def not_proposed(cursor: duckdb.DuckDBPyConnection, store: Path, list_no: str) -> pl.DataFrame:
    """同じ基準にあたるが提案されていない資料: candidates under the criteria of a list, at the branches of its filter.

    Returns:
        the columns of committee_rest.sql in shelf order: item_id … score, tag and list_no where somebody decided.
    """
    made, items = agenda.one(store, list_no), agenda.entries(store, list_no)["item_id"].to_list()
    decisions.attach(cursor, store)
    met = [criterion for (criterion,) in cursor.execute(sql("queries/committee_criteria"), {"items": items}).fetchall()]
    asked = {"on_list": items, "criteria": met, "branches": made.query.get("branch")}
    return cursor.sql(sql("queries/committee_rest"), params=asked).pl()


def counted(rest: pl.DataFrame) -> pl.DataFrame:
    """`not_proposed` counted: criterion, branch, a column for each class that occurs, total; the most first."""
    classes = [mark for mark in CLASSES if mark in set(rest["shelf_class"])]
    counts = rest.pivot("shelf_class", index=["criterion", "branch"], values="item_id", aggregate_function="len")
    return (
        counts.select("criterion", "branch", pl.col(classes).fill_null(0).cast(pl.Int64))
        .with_columns(total=pl.sum_horizontal(classes) if classes else pl.lit(0))
        .sort("total", "criterion", "branch", descending=[True, False, False])
    )


def results(store: Path, list_no: str) -> pl.DataFrame:
    """The items of a list with the votes given so far and what they come to: `entries`, withdraw, keep, hold, cast, outcome.

    After the vote is closed, outcome is what was decided then.
    """
    made, entries = agenda.one(store, list_no), agenda.entries(store, list_no)
    members = made.closing.get("members", len(made.members))
    told = committee.outcomes(entries, agenda.votes(store, list_no), members, made.operating)
    found = entries.join(told, on="item_id", maintain_order="left")
    closed = pl.col("state").is_in(steps.VOTES)
    return found.with_columns(outcome=pl.when(closed).then("state").otherwise("outcome"))


def sheet(store: Path, list_no: str) -> pl.DataFrame:
    """The list for CSV or XLSX, with readers, votes and outcome, headed in the words of the present language."""
    names = {member["id"]: member["name"] for member in agenda.one(store, list_no).members}
    spoken = [candidates.coded(field, name) for name, field in candidates.CODED.items() if name in SHEET]
    readers = pl.col("readers").list.eval(pl.element().replace(names)).list.join("、")
    found = results(store, list_no).with_columns(
        *spoken, readers=readers, outcome=candidates.coded("entry_state", "outcome")
    )
    heads = {name: sheets.heading(name) for name in SHEET}
    heads |= {name: say(f"committee.head_{name}") for name in ("readers", *DECIDED)}
    return found.select(SHEET + ("readers", *DECIDED)).rename(heads)


def pack(cursor: duckdb.DuckDBPyConnection, store: Path, policy: Policy, list_no: str) -> bytes:
    """The pack for the meeting as PDF: how the list came about, the list, the two checks, what was not proposed."""
    made = agenda.one(store, list_no)
    entries = agenda.entries(store, list_no)
    proposed = entries.filter(pl.col("state").is_in(fairness.PROPOSED))["item_id"].to_list()
    rest = not_proposed(cursor, store, list_no)
    sections = [
        _section("method", _method(made, policy)),
        _proposed(made, entries, policy),
        _fairness(fairness.findings(cursor, store, list_no), made),
        *_balance(balance.check(cursor, store, proposed)),
        _not_proposed(rest, policy),
    ]
    return _document(
        made, policy, say("committee.pack_title", list_no=list_no), sections, _facts(made, policy), landscape=True
    )


def minutes(cursor: duckdb.DuckDBPyConnection, store: Path, policy: Policy, list_no: str) -> bytes:
    """The minutes of a closed vote as PDF: who was there, what was decided, divided votes, concentrations and reasons.

    Raises:
        Problem: the vote is not closed yet.
    """
    made, votes, found = agenda.one(store, list_no), agenda.votes(store, list_no), results(store, list_no)
    if not made.closing:
        agenda.refuse(made)
    leaving = found.filter(pl.col("outcome") == "withdraw")["item_id"].to_list()
    sections = [
        _outcomes(found, policy),
        _divided(found, votes),
        _fairness(fairness.findings(cursor, store, list_no), made),
        *_balance(balance.check(cursor, store, leaving)),
    ]
    return _document(
        made, policy, say("committee.minutes_title", list_no=list_no), sections, _facts(made, policy) + _meeting(made)
    )


def dissent(found: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """The votes on items of `results` on which the members were divided, or that carry a comment; `outcome` beside them."""
    divided = found.select("item_id", "title", "call_number", "outcome", committee.split(found).alias("divided"))
    return divided.join(votes, on="item_id", maintain_order="left_right").filter(
        pl.col("divided") | (pl.col("comment") != "")
    )


def filter_of(made: Agenda, policy: Policy) -> str:
    """The filter that a list was made from, in words."""
    return candidates.describe(policy, candidates.from_query(made.query))


def concentrations(found: pl.DataFrame) -> list[list[str]]:
    """The rows of `fairness.findings` as text, in the columns CONCENTRATION."""
    return [
        [say(f"committee.attribute_{row['attribute']}"), row["value"], f"{row['in_list']:,} / {row['list']:,}",
         f"{row['in_population']:,} / {row['population']:,}", f"{row['expected']:.1f}", _chance(row["p_adjusted"]),
         f"{row['reason']} — {row['name']}" if row["reason"] else f"▲ {say('committee.no_answer_yet')}"]
        for row in found.iter_rows(named=True)
    ]  # fmt: skip


def _chance(p: float) -> str:
    return say("committee.less_than", p="0.0001") if p < 0.0001 else f"{p:.4f}"


def _document(made: Agenda, policy: Policy, title: str, sections: list, facts: list, landscape: bool = False) -> bytes:
    return paper.pdf("sections", {
        "library": policy.library[language.get()], "title": title, "as_of": say("screens.as_of", day=made.as_of),
        "landscape": landscape, "facts": facts, "sections": sections,
    })  # fmt: skip


def _section(key: str, told: list[str], head=(), rows=(), widths=(), right=()) -> dict:
    shown, note = paper.cut(list(rows))
    heads = [say(f"committee.head_{name}") for name in head]
    return {"heading": say(f"committee.part_{key}"), "told": told, "head": heads, "rows": shown, "widths": list(widths),
            "right": list(right), "note": note}  # fmt: skip


def _facts(made: Agenda, policy: Policy) -> list[list[str]]:
    return [
        [say("committee.fact_title"), made.title],
        [say("committee.fact_from"), f"{say(f'committee.source_{made.source}')} ／ {filter_of(made, policy)}"],
        [say("committee.fact_drafted"), f"{made.drafted_on} {made.drafted_name}"],
        [say("committee.fact_members"), "、".join(member["name"] for member in made.members)],
    ]


def _meeting(made: Agenda) -> list[list[str]]:
    there = made.closing
    counts = "　".join(f"{code('entry_state', choice)} {_books(there['counts'][choice])}" for choice in steps.VOTES)
    return [
        [say("committee.fact_submitted"), made.submitted_on or ""],
        [say("committee.fact_closed"), f"{made.closed_on} {made.closed_name}"],
        [say("committee.fact_present"), "、".join(member["name"] for member in there["present"])],
        [say("committee.fact_absent"), "、".join(member["name"] for member in there["absent"]) or "—"],
        [say("committee.fact_quorum"), say("committee.quorum_met", **{name: there[name] for name in ("members", "voted", "needed")})],
        [say("committee.fact_counts"), counts],
    ]  # fmt: skip


def _method(made: Agenda, policy: Policy) -> list[str]:
    rules = made.operating
    said = {
        "policy": policy.title[language.get()], "hash": made.policy_hash, "day": made.as_of, "n": f"{made.items:,}",
        "each": rules["受け持つ委員の数"], "quorum": _share(rules["委員会の定足数"]),
        "majority": _share(rules["委員会の賛成割合"]), "level": rules["偏りの有意水準"], "fewest": rules["偏りの最少冊数"],
        "articles": criteria.listed(policy, list(criteria.labels(policy))),
        "needing": criteria.listed(policy, criteria.needing(policy)),
    }  # fmt: skip
    return [say(f"committee.method_{n}", **said) for n in range(1, 7)]


def _proposed(made: Agenda, entries: pl.DataFrame, policy: Policy) -> dict:
    names = {member["id"]: member["name"] for member in made.members}
    rows = [
        [str(n), row["call_number"] or "", _title(row), row["branch"], criteria.label(policy, row["clause"]) or code("verdict", row["verdict"]),
         row["reason"] or "", _survivor(row), _score(row), "、".join(names.get(each, each) for each in row["readers"])]
        for n, row in enumerate(entries.iter_rows(named=True), start=1)
    ]  # fmt: skip
    outside = entries.filter(pl.col("verdict").ne_missing("candidate"))
    told = [say("committee.proposed", n=_books(len(entries)))]
    if len(outside):
        told.append(say("committee.outside", n=_books(len(outside))))
    head = ("no", "call_number", "title_author", "branch", "criterion", "reason", "survivor", "score", "readers")
    return _section("list", told, head, rows, (0.5, 1.2, 3.2, 1.2, 1.3, 4, 1.6, 0.5, 1.2), (0, 7))


def _fairness(found: pl.DataFrame, made: Agenda) -> dict:
    rows = concentrations(found)
    level, fewest = made.operating["偏りの有意水準"], made.operating["偏りの最少冊数"]
    key = "fairness_found" if rows else "fairness_none"
    told = [say(f"committee.{key}", n=len(rows), level=level, fewest=fewest)]
    return _section("fairness", told, CONCENTRATION, rows, (0.9, 2.2, 1, 1.3, 0.9, 1, 3), (2, 3, 4, 5))


def _balance(found: Balance) -> list[dict]:
    rows = [
        [code("shelf_class", row["shelf_class"]), f"{row['before']:,}", f"{row['leaving']:,}", f"{row['after']:,}",
         f"{row['share_before']:.1%}", f"{row['share_after']:.1%}"]
        for row in found.classes.iter_rows(named=True)
    ]  # fmt: skip
    local = say(
        "committee.local", before=_books(found.local_before), after=_books(found.local_after),
        share_before=f"{found.share_before:.2%}", share_after=f"{found.share_after:.2%}",
    )  # fmt: skip
    last = [
        [row["branch"] or say("committee.whole_library"), row["moku"], f"{row['titles']:,}", f"{row['items']:,}"]
        for row in found.last.iter_rows(named=True)
    ]
    told = say("committee.last_found" if last else "committee.last_none", n=len(last))
    classes = ("shelf_class", "before", "leaving", "after", "share_before", "share_after")
    return [
        _section("balance", [local], classes, rows, (2, 1, 1, 1, 1, 1), (1, 2, 3, 4, 5)),
        _section("last", [told], ("branch", "moku", "titles", "items"), last, (2, 1, 1, 1), (2, 3)),
    ]


def _not_proposed(rest: pl.DataFrame, policy: Policy) -> dict:
    found = counted(rest)
    rows = [
        [criteria.label(policy, criterion), branch, *(f"{n:,}" for n in counts)]
        for criterion, branch, *counts in found.iter_rows()
    ]
    told = [say("committee.rest_found" if rows else "committee.rest_none", n=_books(len(rest)))]
    made = _section("rest", told, (), rows, (2, 2, *[1] * (found.width - 2)), range(2, found.width))
    heads = [say("committee.head_criterion"), say("committee.head_branch"), *found.columns[2:-1], say("screens.total")]
    return made | {"head": heads}


def _outcomes(found: pl.DataFrame, policy: Policy) -> dict:
    rows = [
        [str(n), row["item_id"], _title(row), row["branch"], criteria.label(policy, row["clause"]),
         *(str(row[choice]) for choice in steps.VOTES), code("entry_state", row["state"])]
        for n, row in enumerate(found.iter_rows(named=True), start=1)
    ]  # fmt: skip
    head = ("no", "item_id", "title_author", "branch", "criterion", *steps.VOTES, "outcome")
    told = [say("committee.outcomes_told")]
    return _section("outcomes", told, head, rows, (0.6, 1.5, 4, 1.6, 1.6, 0.7, 0.7, 0.7, 1), (0, 5, 6, 7))


def _divided(found: pl.DataFrame, votes: pl.DataFrame) -> dict:
    rows = [
        [row["title"] or "", row["call_number"] or "", code("entry_state", row["outcome"]), row["name"],
         code("vote_state", row["choice"]), row["comment"]]
        for row in dissent(found, votes).iter_rows(named=True)
    ]  # fmt: skip
    told = [say("committee.divided_found" if rows else "committee.divided_none", n=len(rows))]
    head = ("title", "call_number", "outcome", "member", "choice", "comment")
    return _section("divided", told, head, rows, (3, 1.4, 1, 1, 1, 3))


def _title(row: dict) -> str:
    author = (row["author"] or "").replace(";", "、")
    return " ／ ".join(part for part in (" ".join(filter(None, (row["title"], row["volume"]))), author) if part)


def _survivor(row: dict) -> str:
    return " ".join(
        filter(None, (code("survivor", row["survivor_kind"]), row["survivor_branch"], row["survivor_item_id"]))
    )


def _score(row: dict) -> str:
    return "" if row["score"] is None else f"{row['score']:.0f}"


def _books(n: int) -> str:
    return say("screens.books", n=f"{n:,}")


def _share(value: float) -> str:
    return f"{value:.0%}"

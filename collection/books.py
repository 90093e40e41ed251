"""帳簿: the register of withdrawn items and the history of each, from the ledger and the evidence it keeps.

Both stand without a snapshot: in five years they still say what a book was, why it went and where to.
"""

import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from collection import criteria, ledger, steps, years
from collection.policy import Policy
from collection.sources.normalise.isbn import isbn_of
from collection.store import snapshots
from collection.store.connection import connect, sql
from collection.words import code, say

PENDING = "pending"
ENDS = (*steps.ENDS, PENDING)
FOUND = 50  # items that a search shows
TEXT, NUMBER = pl.String, pl.Int64
REGISTER = {
    "ended_on": TEXT, "item_id": TEXT, "title": TEXT, "volume": TEXT, "author": TEXT, "publisher": TEXT, "pub_year": NUMBER,
    "ndc": TEXT, "call_number": TEXT, "branch": TEXT, "price": NUMBER, "accession_date": TEXT, "clause": TEXT,
    "article": TEXT, "reason": TEXT, "decided_because": TEXT, "list_no": TEXT, "decided_on": TEXT, "decided_by": TEXT,
    "decided_role": TEXT, "road": TEXT, "end": TEXT, "now": TEXT, "to_whom": TEXT, "back_on": TEXT,
}  # fmt: skip
ITEMS = {
    "item_id": TEXT, "title": TEXT, "volume": TEXT, "author": TEXT, "publisher": TEXT, "pub_year": NUMBER, "branch": TEXT,
    "call_number": TEXT, "now": TEXT,
}  # fmt: skip
CHOICES = {"branch": TEXT, "clause": TEXT, "decided_by_id": TEXT, "decided_by": TEXT, "roads": NUMBER}
DETAILS = ("until", "to", "offer", "reply_by", "partner_name", "lot", "slip")
ROADS = {state: route for route, state in steps.ROUTES.items()}


@dataclass(frozen=True)
class Chosen:
    """What the register shows: roads that ended from `first` to `last`, and with them those still on their way.

    Those on their way are shown while the period has not closed. A part that is None lets everything through.
    `end` is one of ENDS, `person` the account that approved, `text` a number, an ISBN, a list, words of title or author.
    """

    first: date
    last: date
    branch: str | None = None
    clause: str | None = None
    end: str | None = None
    person: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Answer:
    """All that is known of one item.

    Attributes:
        item: the evidence of the last decision that has some (evidence.py), as a dict; {} when there is none.
        roads: its rows of the register, the first road first.
        steps: at, on_day, person, name, role, action, state (words), list_no, clause, reason, more (words), oldest first.
    """

    item: dict
    roads: pl.DataFrame
    steps: pl.DataFrame


def of_year(year: int, **narrowed) -> Chosen:
    """The register of a fiscal year, narrowed by other parts of Chosen."""
    return Chosen(years.first(year), years.last(year), **narrowed)


def register(
    store: Path, chosen: Chosen, rows: int | None = None, skip: int = 0, item_id: str | None = None
) -> pl.DataFrame:
    """除籍簿: one row for every withdrawn item, REGISTER, the newest first; those on their way before them.

    Of one item only, when its number is given. 除籍日 is the day its road ended. An item that was readmitted and withdrawn again has two rows.
    """
    query = sql("queries/books_register").format(chosen=_chosen(one=item_id is not None))
    paged = {"rows": -1 if rows is None else rows, "skip": skip, "item_id": item_id}
    found = read(store, query, {**_parameters(chosen), **paged}, REGISTER)
    return found.with_columns(pl.col("to_whom").replace(partners(store)))


def count(store: Path, chosen: Chosen) -> tuple[int, int]:
    """How many rows the register has, and how many of them are still on their way."""
    query = sql("queries/books_count").format(chosen=_chosen())
    found = read(store, query, _parameters(chosen), {"rows": NUMBER, "pending": NUMBER})
    return found.row(0) if len(found) else (0, 0)


def choices(store: Path, chosen: Chosen) -> dict[str, dict[str, str]]:
    """What a register can be narrowed to: branch, clause and person, each code → word, the most frequent first."""
    whole = Chosen(chosen.first, chosen.last)
    query = sql("queries/books_choices").format(chosen=_chosen())
    found = read(store, query, _parameters(whole), CHOICES)

    def of(column: str, word: str) -> dict[str, str]:
        counted = (
            found.drop_nulls(column).group_by(column).agg(pl.col(word).last().alias("word"), pl.col("roads").sum())
        )
        return dict(counted.sort("roads", column, descending=[True, False]).select(column, "word").iter_rows())

    return {
        "branch": of("branch", "branch"),
        "clause": of("clause", "clause"),
        "person": of("decided_by_id", "decided_by"),
    }


def fiscal_years(store: Path, today: date) -> list[int]:
    """The fiscal years that the store can tell of, the newest first: from its snapshots and the roads in its ledger."""
    days = [snapshots.as_of(file) for file in snapshots.all(store)]
    found = read(store, sql("queries/books_years"), {}, {"first": TEXT, "last": TEXT})
    days += [date.fromisoformat(day) for row in found.iter_rows() for day in row if day]
    return list(range(years.of(today), min(map(years.of, days), default=years.of(today)) - 1, -1))


def find(store: Path, text: str) -> pl.DataFrame:
    """ITEMS that somebody decided on, by number, ISBN, or words of title or author; at most FOUND."""
    said = _plain(text)
    return read(store, sql("queries/books_find"), {"text": said, "isbn": isbn_of(said)[0], "rows": FOUND}, ITEMS)


def answer(store: Path, item_id: str) -> Answer | None:
    """Everything that was decided on one item, with what was known then; None when nothing was."""
    if not ledger.path(store).exists():
        return None
    with ledger.reading(store) as connection:
        events = connection.execute(sql("queries/books_history"), {"item_id": item_id}).fetchall()
    if not events:
        return None
    told = [event["told"] for event in events if event["told"]]
    withdrawn = register(store, Chosen(date.min, date.max), item_id=item_id).reverse()
    return Answer(json.loads(told[-1]) if told else {}, withdrawn, history(events, partners(store)))


def history(events: list, names: dict[str, str]) -> pl.DataFrame:
    """Events in words, as Answer.steps. names: partner_id → name."""
    return pl.DataFrame(
        [
            {
                "at": event["at"], "on_day": event["on_day"], "person": event["person"], "name": event["name"],
                "role": code("role", event["role"]), "action": code("action", event["kind"]),
                "state": steps.word(event["aspect"], event["state"]), "list_no": event["list_no"],
                "clause": event["clause"], "reason": event["reason"], "more": _more(event, names),
            }
            for event in events
        ],
        schema=dict.fromkeys(("at", "on_day", "person", "name", "role", "action", "state", "list_no", "clause", "reason", "more"), TEXT),
    )  # fmt: skip


def sentences(known: Answer, policy: Policy | None) -> list[str]:
    """Why the item was withdrawn, and what became of it, in a few sentences for whoever asks."""
    said = []
    for road in known.roads.iter_rows(named=True):
        article = road["article"] or criteria.label(policy, road["clause"])
        said.append(say("books.answer_decided", day=road["decided_on"], article=article))
        if road["reason"]:
            said.append(say("books.answer_reason", reason=road["reason"].rstrip("。")))
        if road["end"] == PENDING:
            said.append(say("books.answer_pending", state=steps.word("road", road["now"])))
        else:
            said.append(say("books.answer_ended", day=road["ended_on"], end=end_word(road["end"], road["to_whom"])))
        if road["back_on"]:
            said.append(say("books.answer_back", day=road["back_on"]))
    stays = known.item.get("survivor_item_id")
    if said and stays:
        kind = code("survivor", known.item.get("survivor_kind"))
        said.append(say("books.answer_survivor", item=stays, branch=known.item.get("survivor_branch") or "", kind=kind))
    return said or [say("books.answer_none")]


def spoken(found: pl.DataFrame, policy: Policy | None) -> pl.DataFrame:
    """The register for a file: clauses, codes and headings of words/books.toml in the present language."""
    ends = {end: end_word(end) for end in ENDS}
    return found.select(
        pl.exclude("decided_role", "now", "end", "road", "clause"),
        clauses(found, policy),
        pl.col("road").replace({state: code("route", route) for state, route in ROADS.items()}),
        pl.col("end").replace(ends),
    ).select(name for name in REGISTER if name not in ("decided_role", "now")).rename(heading)  # fmt: skip


def heading(column: str) -> str:
    """The name of a column of the register, the history or the audit."""
    return say(f"books.head_{column}")


def clauses(found: pl.DataFrame, policy: Policy | None) -> pl.Expr:
    """The column `clause` in words: 第2号 低利用, 第9条; numbers where there is no policy to ask."""
    return pl.col("clause").replace(
        {clause: criteria.label(policy, clause) for clause in found["clause"].unique().drop_nulls()}
    )


def end_word(end: str, to_whom: str | None = None) -> str:
    """How a road ended: 管理換（西宮小学校）, 無償譲渡, 廃棄, 帳簿処理; 処理中 while it has not."""
    word = say(f"books.end_{end}")
    return say("books.end_to", end=word, to=to_whom) if to_whom else word


def partners(store: Path) -> dict[str, str]:
    """partner_id → name, as in the newest snapshot; where there is none, the register shows what the ledger says."""
    snapshot = snapshots.newest(store)
    if snapshot is None:
        return {}
    with connect(snapshot, read_only=True) as connection:
        return dict(connection.execute(sql("queries/books_partners")).fetchall())


def read(store: Path, query: str, parameters: dict, schema: dict) -> pl.DataFrame:
    """The rows of a query to the ledger; none where there is no ledger yet."""
    if not ledger.path(store).exists():
        return pl.DataFrame(schema=schema)
    with ledger.reading(store) as connection:
        rows = [tuple(row) for row in connection.execute(query, parameters)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def roads(one: bool = False) -> str:
    """The query of all roads, or of those of one item (parameter item_id)."""
    which = "aspect = 'road' AND subject = $item_id" if one else "aspect = 'road'"
    return sql("queries/books_roads").format(which=which)


def _chosen(one: bool = False) -> str:
    return sql("queries/books_chosen").format(roads=roads(one))


def _parameters(chosen: Chosen) -> dict:
    text = _plain(chosen.text or "") or None
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(chosen).items()}
    return {**said, "text": text, "isbn": isbn_of(text)[0] if text else None, "today": date.today().isoformat()}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()[:200]


def _more(event, names: dict[str, str]) -> str:
    details = json.loads(event["details"])
    if "partner" in details:
        details.setdefault("partner_name", names.get(details["partner"], details["partner"]))
    return "、".join(say(f"books.more_{name}", value=details[name]) for name in DETAILS if details.get(name))

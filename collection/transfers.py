"""管理換: what was decided for a partner is handed over, with a numbered slip that both sides sign."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from collection import criteria, decisions, ledger, offers, paper, road, years
from collection.ledger import append
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem, code, language, say


def hand_over(
    store: Path, person: Person, seen: dict[str, int], on: date | None = None, reason: str | None = None
) -> str:
    """Hand over what was decided for one partner; returns the number of its slip (2026-管理換-01).

    Raises:
        Problem, MovedOn: the items are for several partners, or as road.step.
    """
    with ledger.writing(store) as connection:
        number = road.number(connection, "hand_over", "slip", f"{years.of(on or date.today())}-管理換-")
        events = road.next_steps(connection, "hand_over", seen, reason, {"slip": number})
        if len({event.details.get("partner") for event in events}) > 1:
            raise Problem("road.several_partners")
        append(connection, person, events, on)
    return number


def slips(store: Path) -> pl.DataFrame:
    """The slips of what was handed over, the newest first: slip, partner, items, on."""
    found = decisions.decided(store).items.filter(pl.col("road") == "transferred")
    return (
        found.group_by("slip", "partner").agg(items=pl.len(), on=pl.col("road_on").max()).sort("slip", descending=True)
    )


def slip_pdf(cursor: duckdb.DuckDBPyConnection, store: Path, policy: Policy, slip: str) -> bytes:
    """The 管理換 slip as PDF: from whom to whom, the items, both signatures. Raises Problem for an unknown number."""
    library = policy.library[language.get()]
    articles = [criteria.article(policy, rule) for rule in criteria.rules_of(policy, "transfer_offer")]
    found = road.items(cursor, store, ("transferred",)).filter(pl.col("slip") == slip)
    if found.is_empty():
        raise Problem("road.no_slip", slip=slip)
    partner = found["partner"][0]
    name = dict(offers.partners(cursor).select("partner_id", "name").iter_rows()).get(partner, partner)
    rows, cut = paper.cut(
        [
            [str(n), row["item_id"], _title(row), (row["author"] or "").replace(";", "、"), row["ndc"] or "", row["branch"], code("condition", row["condition"])]
            for n, row in enumerate(found.iter_rows(named=True), start=1)
        ]
    )  # fmt: skip
    head = [
        say(f"road.slip_{name}") for name in ("n", "number", "title_author", "author", "ndc", "branch", "condition")
    ]
    return paper.pdf(
        "slip",
        {
            "library": library, "title": say("road.slip_title"), "as_of": slip,
            "facts": [
                [say("road.slip_no"), slip], [say("road.slip_on"), found["road_on"].max()], [say("road.slip_from"), library],
                [say("road.slip_to"), f"{name}（{partner}）"], [say("road.slip_count"), say("screens.books", n=f"{len(found):,}")],
                *([[say("road.slip_clause"), say("policy.dot").join(articles)]] if articles else []),
            ],
            "head": head, "rows": rows, "cut": cut,
            "signatures": [[say("road.slip_giver"), library], [say("road.slip_taker"), name]],
            "signature_words": [say("road.slip_date"), say("road.slip_name"), say("road.slip_seal")],
        },
    )  # fmt: skip


def _title(row: dict) -> str:
    return " ".join(part for part in (row["title"], row["volume"]) if part)

"""How long the queries behind each page take over the flags of the whole library."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urlencode

import duckdb

from collection import (
    candidates,
    card,
    composition,
    decisions,
    duplicates,
    freshness,
    local,
    measures,
    mirror,
    neutrality,
    overview,
    shares,
    space,
)
from collection.candidates import Filter
from collection.measures import EVERYTHING, Scope
from collection.policy.model import Policy
from collection.store.connection import connect_flags
from tests.bench.library import AS_OF

WARM = 5
YEAR = 2024
CROSSED = ("shelf_class", "branch")
UNDECIDED = Path("no ledger")
FILTERS = (
    Filter(),
    Filter(sort="shelf", page=20),
    Filter(verdict=(), sort="idle"),
    Filter(verdict=(), sort="shelf", page=200),
    Filter(branch=("中央館", "北館"), location=("open",), criterion=("8-2-2",)),
    Filter(verdict=("keep",), rule="km-8-1-new", sort="newest"),
    Filter(verdict=(), shelf_class=("9",), idle_from=10, sort="oldest"),
    Filter(verdict=(), text="健康体操"),
    Filter(verdict=("candidate", "move"), text="海野", score_to=40, year_to=2000),
    Filter(verdict=(), text="913.6"),
)


def calls(flags: duckdb.DuckDBPyConnection, policy: Policy) -> list[tuple[str, str, Callable]]:
    """(page, what is asked, the call with a cursor of its own) of every query of every page."""

    def own() -> duckdb.DuckDBPyConnection:
        cursor = flags.cursor()
        decisions.attach(cursor, UNDECIDED)
        return cursor

    found = [("除籍候補", "choices", lambda: candidates.choices(own()))]
    for chosen in FILTERS:
        said = unquote(urlencode(candidates.to_query(chosen), doseq=True)) or "as it opens"
        found += [
            ("除籍候補", f"page, {said}", lambda chosen=chosen: candidates.page(own(), policy, chosen)),
            ("除籍候補", f"totals, {said}", lambda chosen=chosen: candidates.totals(own(), chosen)),
        ]
    asked = "SELECT min(item_id) FROM judged JOIN facts_of_day.item USING (item_no) WHERE verdict = $verdict"
    for verdict in ("candidate", "ask", "keep"):
        ((item_id,),) = own().execute(asked, {"verdict": verdict}).fetchall()
        found.append(("資料カード", verdict, lambda item_id=item_id: card.read(own(), policy, item_id)))
    for place in ((), ("open",), ("closed", "reference")):
        cells = f"cells, {', '.join(place) or 'everywhere'}"
        found.append(("蔵書構成", cells, lambda place=place: composition.cells(own(), Scope(location=place))))
    found += [
        ("推移", name, lambda name=name: measures.compute(own(), name, CROSSED, year=YEAR))
        for name in measures.MEASURES
    ]
    found += [
        ("蔵書構成", "leaving", lambda: shares.leaving(own(), EVERYTHING)),
        ("鮮度", "ages", lambda: freshness.ages(own(), EVERYTHING, YEAR)),
        ("鮮度", "past, by 綱", lambda: freshness.past(own(), ("shelf_class", "division"), EVERYTHING)),
        ("鮮度", "superseded, a page", lambda: freshness.superseded(own(), EVERYTHING, 100, 100)),
        ("鮮度", "fields", lambda: freshness.of_fields(own(), freshness.fields(policy), EVERYTHING, YEAR)),
        ("複本", "surplus, by class and branch", lambda: duplicates.surplus_cells(own())),
        ("複本", "surplus, a page", lambda: duplicates.surplus(own(), EVERYTHING, 100, 100)),
        ("複本", "asked for", lambda: duplicates.asked(own(), policy)),
        ("複本", "moves", lambda: duplicates.moves(own(), policy)),
        ("書架の余裕", "count", lambda: space.count(own())),
        ("書架の余裕", "classes", lambda: space.classes(own(), "中央館", "open", 500, 100)),
        ("地域資料", "items", lambda: local.items(own(), policy)),
        ("偏り", "authors of 49", lambda: neutrality.values(own(), ("author",), ("49",))),
    ]
    refused = mirror.mirrored(own(), policy, AS_OF, "request")
    page = mirror.items(own(), refused, mirror.Look(), rows=100)
    nobody = mirror.requested(UNDECIDED, AS_OF)
    found += [
        ("規則の鏡", "cells", lambda: mirror.cells(own(), refused)),
        ("規則の鏡", "items, a page", lambda: mirror.items(own(), refused, mirror.Look(), rows=100, skip=100)),
        ("規則の鏡", "signs of a page", lambda: mirror.signs_found(own(), policy, AS_OF, "request", page)),
        ("規則の鏡", "asked for", lambda: mirror.asked_for(own(), nobody)),
        ("規則の鏡", "bought", lambda: mirror.bought(own(), AS_OF)),
        ("規則の鏡", "bought, a page", lambda: mirror.bought_items(own(), [YEAR - 1, YEAR], rows=100)),
    ]
    home = (overview.holdings, overview.judging, overview.imports, overview.tally, overview.gaps)
    found += [("ホーム", ask.__name__, lambda ask=ask: ask(own())) for ask in home]
    return [*found, ("基準", "rule_counts", lambda: overview.rule_counts(own()))]


def slowest(file: Path, policy: Policy) -> dict[str, tuple[float, str]]:
    """Page → (median seconds of its slowest query, what was asked), each query run warm."""
    worst: dict[str, tuple[float, str]] = {}
    with connect_flags(file) as flags:
        for page, asked, call in calls(flags, policy):
            call()
            seconds = median(_seconds(call) for _ in range(WARM))
            worst[page] = max(worst.get(page, (0.0, "")), (seconds, asked))
    return worst


def _seconds(call: Callable) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun

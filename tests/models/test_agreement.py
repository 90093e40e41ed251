"""規則と人のちがい: what was decided is read right, known preferences are found again, and nothing is learnt from too little."""

import json
from collections import Counter
from datetime import date
from math import exp
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

import models
from collection import approve, committee, evidence, fairness, ledger, whatif
from collection.ledger import Event, append
from collection.store.connection import connect, sql
from collection.words import Problem
from models import artefact
from models.agreement import decided, design, likely, parting, train
from tests import committee_store as people
from tests import road_store
from tests.committee_store import LIBRARIAN, MANAGER, MEMBERS, POLICY
from tests.models import decided_lists
from tests.small_store import items_of

SUMMER = date(2025, 6, 1)


def odds(told: dict) -> float:
    """What the committee of these tests likes: what was used not so long ago, class 7, and what has no second copy."""
    art, copy = told["ndc"].startswith("7"), told["survivor_kind"] == "copy"
    return exp(-0.8 - 0.45 * (told["idle_years"] - 9) + 1.5 * art - 1.0 * copy)


def likes(rng: Random):
    return lambda told: rng.random() < odds(told) / (1 + odds(told))


def opened(flags: Path):
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    return connect(attach={"flags": flags, "facts_of_day": snapshot})


@pytest.fixture(scope="module")
def met(flagged, tmp_path_factory) -> Path:
    """A store whose committee decided on 900 items on six lists."""
    store = road_store.copied(flagged, tmp_path_factory.mktemp("met"))
    rng = Random(7)
    items = [decided_lists.facts(rng, number) for number in range(900)]
    decided_lists.hold_meetings(store, decided_lists.shared_out(items, 6), likes(rng), SUMMER)
    return store


@pytest.fixture(scope="module")
def learnt(met, flagged):
    """Its manifest and the artefact."""
    flags = met / "holdings" / flagged.name
    made = models.train(met, flags, POLICY, "agreement")
    return made, artefact.found(flags.with_name(made.snapshot), "agreement")


@pytest.fixture(scope="module")
def known(met, flagged) -> pl.DataFrame:
    with opened(flagged) as connection:
        return decided.then(connection, POLICY, decided.decided(met))


# ── what was decided


def outcomes_of(store: Path) -> dict[tuple[str, str], str]:
    """(item, list) → what became of it, from all events one after the other."""
    lists, entries, approved = {}, {}, set()
    with ledger.reading(store) as connection:
        rows = [dict(row) for row in connection.execute("SELECT * FROM event ORDER BY seq")]
    for row in rows:
        if row["aspect"] == "list":
            lists[row["subject"]] = row["state"]
        if row["aspect"] == "entry":
            entries[row["subject"], row["list_no"]] = row
        if row["kind"] == "approve":
            approved.add((row["subject"], row["list_no"]))
        if row["kind"] == "undo_road":
            undone = rows[json.loads(row["details"])["undoes"] - 1]
            approved.discard((undone["subject"], undone["list_no"]))
    found = {}
    for at, row in entries.items():
        if lists[at[1]] in ("resolved", "decided") and row["kind"] in ("resolve", "refuse"):
            by_person = row["kind"] == "refuse" and json.loads(row["details"])["why"] == "person"
            refused = "kept" if by_person else "barred"
            left = "withdrawn" if at in approved else "waiting"
            by_vote = {"keep": "kept", "hold": "held", "withdraw": left}
            found[at] = refused if row["kind"] == "refuse" else by_vote[row["state"]]
    return found


def voted(store: Path, list_no: str, choice) -> None:
    items = committee.agenda.entries(store, list_no)["item_id"].to_list()
    committee.submit(store, LIBRARIAN, list_no)
    for member in MEMBERS:
        committee.vote(store, member, list_no, {item: (choice(at), "") for at, item in enumerate(items)})
    committee.close(store, MANAGER, list_no, MEMBERS)


def test_what_became_of_every_item_is_read_from_the_ledger(flagged, cursor, tmp_path):
    store = people.copy(flagged, tmp_path)
    candidates = items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2' AND holds = 0")
    people.tag(store, cursor, candidates[:40])
    first = people.drafted(store, cursor, flagged)
    voted(store, first, lambda at: ("withdraw", "keep", "hold", "withdraw")[at % 4])
    fairness.answer(store, LIBRARIAN, first, fairness.unanswered(cursor, store, first), "棚の見直し")
    pending = approve.pending(store, first)["item_id"].to_list()
    approve.approve(store, flagged, POLICY, MANAGER, first, pending[:12])
    with ledger.writing(store) as connection:  # one approval is taken back
        ledger.undo(connection, MANAGER, list(ledger.latest(connection, "road", pending[:1]).values()))
    people.tag(store, cursor, candidates[40:52])
    second = people.drafted(store, cursor, flagged)
    voted(store, second, lambda at: "withdraw")
    approve.send_back(store, MANAGER, second, "見直す")
    found = decided.decided(store)
    told = {(item, number): outcome for item, number, outcome in found.select("item_id", "list_no", "outcome").rows()}
    assert told == outcomes_of(store)
    assert {number for _, number in told} == {first}
    assert set(told.values()) >= {"kept", "held", "withdrawn", "waiting"}
    approve.finish(store, MANAGER, first, "今年度はここまで")
    assert dict(decided.decided(store)["outcome"].value_counts().rows())["kept"] > Counter(told.values())["kept"]
    assert found["told"].null_count() == 0


def test_what_was_known_then_and_what_is_known_now_are_the_same_features(flagged, cursor, tmp_path):
    items = items_of(flagged, "verdict = 'candidate'")
    told = dict(evidence.of_items(cursor, POLICY, items).select("item_id", "told").iter_rows())
    rows = [{"item_id": item, "list_no": "1", "closing": 1, "decided_on": "2025-06-01", "outcome": "kept", "told": told[item]}
            for item in items]  # fmt: skip
    with opened(flagged) as connection:
        then = decided.then(connection, POLICY, pl.DataFrame(rows, schema=decided.DECISION))
        now = decided.now(connection, tmp_path, POLICY)
        numbers = connection.sql("SELECT item_id, item_no FROM facts_of_day.item").pl()
    then = then.join(numbers, on="item_id").sort("item_no").select(now.columns)
    assert len(items) == len(now) > 300
    assert then.equals(now)


# ── the model


def test_known_preferences_are_found_again(learnt):
    made, file = learnt
    factors = {
        (row["feature"], row["value"]): row for row in likely.found(file)["factor"].iter_rows(named=True)
    }  # fmt: skip
    assert 0.5 < factors["idle_years", None]["factor"] < 0.8  # exp(-0.45) is 0.64
    assert factors["idle_years", None]["decisions"] == 900
    assert factors["shelf_class", "7"]["factor"] > 2
    assert factors["survivor_kind", "copy"]["factor"] < 0.7
    assert 0.8 < factors["score", None]["factor"] < 1.25  # nobody looked at it


def test_it_does_better_than_both_baselines_on_later_lists(learnt):
    figures = learnt[0].figures
    assert figures["tried"] | {"kept": 0} == {"past": 600, "past_lists": 4, "future": 300, "future_lists": 2, "kept": 0}
    for error in ("log_loss", "brier"):
        assert figures[error]["model"] < 0.85 * min(figures[error]["overall"], figures[error]["criterion"])


def test_a_committee_that_changed_its_mind_is_not_foretold(known):
    latest = pl.col("closing") >= known["closing"].unique().sort()[-2]
    turned = known.with_columns(kept=pl.when(latest).then(~pl.col("kept")).otherwise("kept"))
    assert train.trial(known)[0]["better"]
    assert not train.trial(turned)[0]["better"]


def test_it_is_calibrated(learnt):
    bins = likely.found(learnt[1])["reliability"]
    assert len(bins) <= train.BINS
    wide = 3 * (bins["expected"] * (1 - bins["expected"]) / bins["decisions"]).sqrt() + 0.05
    assert ((bins["expected"] - bins["kept"]).abs() < wide).all()
    assert abs((bins["expected"] * bins["decisions"]).sum() - (bins["kept"] * bins["decisions"]).sum()) < 35


def test_the_agenda_is_told_for_what_the_committee_knows(learnt, flagged, cursor):
    items = items_of(flagged, "verdict = 'candidate'")
    told = likely.of_items(cursor, learnt[1], items)
    low = items_of(flagged, "verdict = 'candidate' AND criterion = '8-2-2'")
    assert sorted(told["item_id"]) == sorted(low)  # of the other criteria nothing was ever decided
    assert told["likely_kept"].is_between(0, 1).all()


def test_the_same_decisions_teach_the_same(known):
    first, second = (train.fit(known) for _ in range(2))
    assert first[:2] == second[:2] and (first[2] == second[2]).all()
    assert (first[3](known) == second[3](known)).all()


def test_facts_outside_what_was_learnt_count_as_its_ends(known):
    columns = design.learn(known)
    far = known.head(1).with_columns(idle_years=pl.lit(900.0), shelf_class=pl.lit("?"))
    at = [one.feature for one in columns].index("idle_years")
    assert design.matrix(columns, far)[0, at] == pytest.approx(
        (known["idle_years"].max() - columns[at].mean) / columns[at].spread
    )
    shelf = [place for place, one in enumerate(columns) if one.feature == "shelf_class"]
    assert not design.matrix(columns, far)[0, shelf].any()


def test_the_reliability_counts_every_decision_once():
    rng = np.random.default_rng(1)
    likely_kept, truth = rng.random(123), rng.random(123) < 0.4
    bins = train.reliability(likely_kept, truth)
    assert len(bins) == 10 and bins["decisions"].sum() == 123
    assert (bins["kept"] * bins["decisions"]).sum() == pytest.approx(truth.sum())
    first = np.sort(likely_kept)[:13]
    assert bins.row(0)[:4] == (first[0], first[-1], 13, pytest.approx(first.mean()))


# ── too little


@pytest.mark.parametrize(
    ("decisions", "lists", "kept", "why"),
    [
        (499, 5, 0.3, "too_few"), (600, 2, 0.3, "too_few_lists"), (600, 5, 0.02, "one_sided"), (600, 5, 0.99, "one_sided"),
    ],
)  # fmt: skip
def test_it_is_off_until_there_is_enough(decisions, lists, kept, why):
    rows = [{"kept": at < kept * decisions, "list_no": str(at % lists)} for at in range(decisions)]
    with pytest.raises(Problem) as refused:
        decided.need(pl.DataFrame(rows))
    assert refused.value.key == f"models_agreement.{why}"
    if why == "too_few":
        assert (refused.value.values["n"], refused.value.values["lack"]) == (499, 1)


def test_training_without_decisions_leaves_nothing(flagged, tmp_path):
    with pytest.raises(Problem, match="0冊"):
        models.train(tmp_path / "undecided", flagged, POLICY, "agreement")
    assert not list(flagged.parent.glob("*agreement*"))
    assert not (tmp_path / "undecided").exists()


# ── where rules and people part ways


def naive_groups(rows: list[dict]) -> dict[tuple, tuple]:
    """(kind, criterion, value) → decisions, kept, and the same of the rest."""
    told = []
    for row in rows:
        bands = {"idle_years": parting.IDLE, "years_published": parting.PUBLISHED}
        for kind in ("shelf_class", "branch", "material", "survivor_kind", *bands):
            value = row[kind]
            if kind in bands and value is not None:
                value = str(max(low for low in bands[kind] if low <= value))
            if value is not None:
                told.append((kind, row["criterion"], value, row["kept"]))
    found = {}
    for kind, criterion, value in {one[:3] for one in told}:
        same = [one for one in told if one[:2] == (kind, criterion)]
        group, rest = ([one[3] for one in same if (one[2] == value) == inside] for inside in (True, False))
        found[kind, criterion, value] = len(group), sum(group), len(rest), sum(rest)
    return found


def wilson(kept: int, n: int) -> tuple[float, float]:
    part, z = kept / n, whatif.NORMAL
    middle, wide = part + z * z / (2 * n), z * (part * (1 - part) / n + z * z / (4 * n * n)) ** 0.5
    return (middle - wide) / (1 + z * z / n), (middle + wide) / (1 + z * z / n)


def test_groups_are_counted_and_chosen_as_said(known):
    rng = Random(2)
    known = known.with_columns(
        criterion=pl.Series(rng.choices(["8-2-2", "8-2-1"], [9, 1], k=len(known))),
        years_published=pl.Series([None if rng.random() < 0.1 else value for value in known["years_published"]], dtype=pl.Float64),
    )  # fmt: skip
    naive = naive_groups(known.to_dicts())
    expected = set()
    for at, (n, kept, rest, rest_kept) in naive.items():
        if min(n, rest) >= parting.FEWEST and abs(kept / n - rest_kept / rest) >= parting.FAR:
            (low, high), (rest_low, rest_high) = wilson(kept, n), wilson(rest_kept, rest)
            if low > rest_high or high < rest_low:
                expected.add((*at, n, kept, rest, rest_kept))
    with connect() as connection:
        connection.register("feature", known)
        counted = connection.sql(
            sql("models/agreement/groups"), params={"idle": parting.IDLE, "published": parting.PUBLISHED}
        ).pl()
        found = parting.groups(connection, known)
    columns = ("kind", "criterion", "value", "decisions", "kept", "rest_decisions", "rest_kept")
    assert {row[:3]: row[3:] for row in counted.select(columns).rows()} == naive
    assert set(found.select(columns).rows()) == expected
    assert ("shelf_class", "8-2-2", "7") in {row[:3] for row in expected}


def test_the_bound_that_spares_most_disagreement_is_proposed():
    rng = Random(4)
    for _ in range(200):
        turns = rng.randrange(5, 15)
        rows = [
            (years, rng.random() < (0.9 if years < turns else 0.2))
            for years in (rng.randrange(6, 17) for _ in range(rng.choice([40, 150, 400])))
        ]
        found = parting.best(pl.DataFrame(rows, schema=["years", "kept"], orient="row"), 5, 12)
        bounds = sorted({years for years, _ in rows if 6 <= years <= 12})
        gains = [sum(1 if kept else -1 for years, kept in rows if years <= bound) for bound in bounds]
        bound = bounds[gains.index(max(gains))]
        spared, stays = ([kept for years, kept in rows if (years <= bound) == inside] for inside in (True, False))
        sure = (
            min(len(spared), len(stays)) >= parting.FEWEST
            and wilson(sum(spared), len(spared))[0] > max(0.5, wilson(sum(stays), len(stays))[1])
        )  # fmt: skip
        told = {
            "proposed": bound,
            "decisions": len(spared),
            "kept": sum(spared),
            "rest_decisions": len(stays),
            "rest_kept": sum(stays),
        }
        assert found == (told if sure else None)
    assert parting.best(pl.DataFrame(schema={"years": pl.Int64, "kept": pl.Boolean}), 5, 12) is None


def test_a_value_that_people_do_not_follow_is_proposed_with_its_effect(flagged, tmp_path):
    store = people.copy(flagged, tmp_path)
    rng = Random(5)
    items = [decided_lists.facts(rng, number) | {"ndc": "723.1"} for number in range(600)]
    with opened(flagged) as connection:
        decided_lists.hold_meetings(
            store,
            decided_lists.shared_out(items, 3),
            lambda told: rng.random() < (0.9 if told["idle_years"] < 8 else 0.1),
            SUMMER,
        )
        known = decided.then(connection, POLICY, decided.decided(store))
        found = parting.proposals(connection, store, POLICY, known).row(0, named=True)
        [(candidates,)] = connection.execute("SELECT count(*) FROM flags.judged WHERE verdict = 'candidate'").fetchall()
        now = connection.execute(
            "SELECT count(*) FROM flags.judged WHERE verdict = 'candidate' AND criterion = '8-2-2' AND class_idle_years = 5 "
            "AND starts_with(ndc, '72') AND NOT starts_with(ndc, '726') AND idle_years < 8"
        ).fetchall()
    assert (found["value"], found["prefix"], found["present"], found["proposed"]) == ("idle_years", "72", 5, 8)
    below = [told for told in items if told["idle_years"] < 8]
    assert found["decisions"] == len(below) and found["kept"] > 0.8 * len(below)
    assert found["candidates"] == candidates
    assert now[0][0] > 0 and found["candidates_then"] == candidates - now[0][0]
    assert parting.scenario(found) == {"values": {}, "classes": {"72": {"idle_years": 8}}}


def test_where_people_follow_the_rules_nothing_is_proposed(known, flagged, met):
    random = known.with_columns(kept=pl.Series(Random(3).choices([True, False], k=len(known))))
    with opened(flagged) as connection:
        assert parting.groups(connection, random).is_empty()
        assert parting.proposals(connection, met, POLICY, random).is_empty()


def test_a_refusal_of_the_rules_is_nobodys_wish(flagged, tmp_path):
    store = people.copy(flagged, tmp_path)
    items = [decided_lists.facts(Random(1), number) for number in range(4)]
    decided_lists.hold_meetings(store, {"2025-001": items}, lambda told: False, SUMMER)
    with ledger.writing(store) as connection:
        append(connection, decided_lists.EVERYBODY, [
            Event("refuse", items[0]["item_id"], item_id=items[0]["item_id"], list_no="2025-001", details={"why": "on_loan"}),
            Event("refuse", items[1]["item_id"], item_id=items[1]["item_id"], list_no="2025-001", details={"why": "person"}),
        ])  # fmt: skip
    assert sorted(decided.decided(store)["outcome"]) == ["barred", "kept", "withdrawn", "withdrawn"]

"""Look for 気になる動き and write down what stands out. Nothing is learnt by heart: the library's own usual is the measure."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from collection import ledger
from collection.policy import Policy
from collection.progress import Progress
from collection.store import snapshots
from collection.store.connection import attach_file, sql
from models import drift
from models.anomalies import bounds, unusual

KINDS = ("woken_class", "woken_shelf", "burst", "after", "moved", "back", "tags_keep", "tags_withdraw")
STAGE = "models_anomalies.stage_look"
LEAST = 1e-300  # of a probability, so that its logarithm stays finite
FINDING = {
    "kind": pl.String, "branch": pl.String, "shelf_class": pl.String, "month": pl.Int32, "day": pl.Date,
    "person": pl.String, "items": pl.Int32, "expected": pl.Float64, "strength": pl.Float64, "evidence": pl.String,
}  # fmt: skip
ITEM = {"item_no": pl.Int32, "month": pl.Int32, "loans": pl.Int32, "idle": pl.Int32}
NOBODY = pl.DataFrame(schema={"person": pl.String, "item_id": pl.String, "state": pl.String, "stratum": pl.String})
UNMARKED = pl.DataFrame(schema={"item_id": pl.String, "on_day": pl.String})


def train(connection: duckdb.DuckDBPyConnection, store: Path, policy: Policy, progress: Progress) -> dict:
    """Make the tables finding (FINDING, with its number) and finding_item (finding, ITEM); returns the figures.

    finding: items that stand out, how many are usual (expected), strength (−log10 of the chance of so many or more), and
    as evidence what else the sentence about it needs. The figures name no person, place or item.
    """
    look = (_woken, _bursts, _after, _snapshots, _tags)
    connection.execute(sql("models/anomalies/features"), {"idle": bounds.IDLE, "neighbours": bounds.NEIGHBOURS})
    found, looked = [], {}
    for step, part in enumerate(look):
        progress(STAGE, step, len(look))
        for one in part(connection, store, looked):
            found.append(one)
    found.sort(key=lambda one: (KINDS.index(one[0]["kind"]), -one[0]["strength"], json.dumps(one[0], default=str)))
    numbered = [{"finding": number, **told} for number, (told, _) in enumerate(found)]
    items = [rows.select(pl.lit(number, pl.Int32).alias("finding"), *ITEM) for number, (_, rows) in enumerate(found)]
    tables = {
        "finding": pl.DataFrame(numbered, schema={"finding": pl.Int32, **FINDING}),
        "finding_item": pl.concat([pl.DataFrame(schema={"finding": pl.Int32, **ITEM}), *items]),
    }
    for name, table in tables.items():
        connection.register("made", table)
        connection.execute(f"CREATE TABLE {name} AS FROM made")
        connection.unregister("made")
    progress(STAGE, len(look), len(look))
    spells = connection.table("spell").pl()
    counts = tables["finding"]["kind"].value_counts().sort("kind")
    return {
        "learnt_from": {"rows": len(spells), "from": _month(spells["begin"].min()), "to": _month(spells["until"].max())},
        "spread": {"idle_years": drift.spread(spells["idle"] / 12, [3.5, 4, 4.5])},
        "looked": looked, "found": dict(counts.iter_rows()),
    }  # fmt: skip


Found = tuple[dict, pl.DataFrame]


def _woken(connection: duckdb.DuckDBPyConnection, store: Path, looked: dict) -> Iterator[Found]:
    """Long-idle items of one class, or side by side on the shelf, that were lent again in one month."""
    spells = connection.table("spell").pl().filter(pl.col("woken"))
    told = set()
    for kind, column in (("woken_class", "shelf_class"), ("woken_shelf", "block")):
        cells = connection.sql(sql("models/anomalies/woken").format(cell=column), params={"steady": bounds.STEADY}).pl()
        looked[kind] = len(cells)
        for row in unusual.lent_together(cells).iter_rows(named=True):
            rows = spells.filter(
                (pl.col("branch") == row["branch"]) & (pl.col("until") == row["month"])
                & (pl.col(column).cast(pl.String) == row["cell"])
            )  # fmt: skip
            if told.issuperset(rows["item_no"]):
                continue
            told.update(rows["item_no"])
            evidence = {"at_risk": row["at_risk"], "whole": row["whole"], "idle": int(rows["idle"].median())}
            at = {"branch": row["branch"], "shelf_class": _only_class(rows), "month": row["month"]}
            yield _finding(kind, row, evidence, **at), _of_spells(rows)


def _bursts(connection: duckdb.DuckDBPyConnection, store: Path, looked: dict) -> Iterator[Found]:
    """Items lent several times in the month that ended a long idleness; a finding for each branch."""
    spells = connection.table("spell").pl().filter(pl.col("woken"))
    looked["burst"] = len(spells)
    for (branch,), rows in unusual.lent_often(spells).group_by("branch", maintain_order=True):
        row = {"items": len(rows), "expected": float(rows["usual"][0]), "p": rows["p"].min()}
        evidence = {"most": int(rows["loans"].max()), "woken": int(rows["woken_here"][0])}
        yield _finding("burst", row, evidence, branch=branch, shelf_class=_only_class(rows)), _of_spells(rows)


def _after(connection: duckdb.DuckDBPyConnection, store: Path, looked: dict) -> Iterator[Found]:
    """Long-idle items lent after they were tagged for withdrawal or listed, far more often than alike ones."""
    mark = _of_ledger(store, "marks", UNMARKED)
    connection.register("mark", mark)
    cells = connection.sql(sql("models/anomalies/after"), params={"months": bounds.AFTER}).pl()
    items = connection.sql(sql("models/anomalies/after_items"), params={"months": bounds.AFTER}).pl()
    connection.unregister("mark")
    looked["after"] = len(cells)
    for row in unusual.lent_after(cells).iter_rows(named=True):
        rows = items.filter((pl.col("branch") == row["branch"]) & (pl.col("shelf_class") == row["shelf_class"]))
        evidence = {"marked": row["marked"], "months": bounds.AFTER}
        at = {"branch": row["branch"], "shelf_class": row["shelf_class"]}
        yield _finding("after", row, evidence, **at), rows


def _snapshots(connection: duckdb.DuckDBPyConnection, store: Path, looked: dict) -> Iterator[Found]:
    """What changed at once between the snapshot before and this one: dates of the last loan, missing items back."""
    [(now,)] = connection.execute(sql("models/anomalies/snapshot")).fetchall()
    day = snapshots.as_of(store / snapshots.FOLDER / now)
    earlier = snapshots.newest(store, day - timedelta(days=1))
    looked |= {"moved": 0, "back": 0}
    if earlier is None:
        return
    attach_file(connection, "before", earlier)
    days = (day - snapshots.as_of(earlier)).days
    moved, back = (connection.sql(sql(f"models/anomalies/{name}")).pl() for name in ("moved", "back"))
    connection.execute("DETACH before")
    branches = len(connection.table("spell").aggregate("branch").fetchall())
    looked |= {"moved": branches * days, "back": len(back)}
    for row in unusual.moved_together(moved, days, branches).iter_rows(named=True):
        rows = moved.filter((pl.col("branch") == row["branch"]) & (pl.col("day") == row["day"]))
        yield _finding("moved", row, {"days": days}, branch=row["branch"], day=row["day"]), _plain(rows)
    for row in unusual.back_together(back).iter_rows(named=True):
        rows = back.filter((pl.col("branch") == row["branch"]) & pl.col("again"))
        evidence = {"missing": row["missing"], "since": snapshots.as_of(earlier).isoformat()}
        yield _finding("back", row, evidence, branch=row["branch"], day=day), _plain(rows)


def _tags(connection: duckdb.DuckDBPyConnection, store: Path, looked: dict) -> Iterator[Found]:
    """One person's tags far from the others' on items of which the rules said the same."""
    tag = _of_ledger(store, "tags", NOBODY)
    numbers = _with_tags(connection, tag, "numbers", {})
    for state in ("keep", "withdraw"):
        asked = {"state": state, "others": bounds.OTHERS, "persons": bounds.PERSONS}
        rest, persons = tag, _with_tags(connection, tag, "persons", asked)
        looked[f"tags_{state}"] = int((persons["tags"] >= bounds.TAGS).sum())
        while len(found := unusual.apart(persons)):
            row = found.sort("p", "person").row(0, named=True)
            own = tag.filter((pl.col("person") == row["person"]) & (pl.col("state") == state))
            rows = numbers.join(own, on="item_id", how="semi", maintain_order="left")
            yield _finding(f"tags_{state}", row, {"tags": row["tags"]}, person=row["person"]), _plain(rows)
            rest = rest.filter(pl.col("person") != row["person"])  # whoever stands out is no measure for the others
            persons = _with_tags(connection, rest, "persons", asked)


def _with_tags(connection: duckdb.DuckDBPyConnection, tag: pl.DataFrame, query: str, values: dict) -> pl.DataFrame:
    connection.register("tag", tag)
    found = connection.sql(sql(f"models/anomalies/{query}"), params=values).pl()
    connection.unregister("tag")
    return found


# ── what they share


def _finding(kind: str, row: dict, evidence: dict, **at) -> dict:
    strength = -float(np.log10(max(row["p"], LEAST)))
    told = {"items": row["items"], "expected": row["expected"], "strength": round(strength, 3)}
    return dict.fromkeys(FINDING) | {"kind": kind, **at, **told, "evidence": json.dumps(evidence, sort_keys=True)}


def _only_class(rows: pl.DataFrame) -> str | None:
    """The class of the items where all have the same."""
    return rows["shelf_class"][0] if rows["shelf_class"].n_unique() == 1 else None


def _of_spells(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("item_no", month="until", loans="loans", idle="idle").cast(ITEM)


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("item_no", **{name: pl.lit(None, kind) for name, kind in ITEM.items() if name != "item_no"})


def _of_ledger(store: Path, query: str, empty: pl.DataFrame) -> pl.DataFrame:
    if not ledger.path(store).exists():
        return empty
    with ledger.reading(store) as connection:
        rows = connection.execute(sql(f"models/anomalies/{query}")).fetchall()
    return pl.DataFrame([tuple(row) for row in rows], schema=empty.schema, orient="row")


def _month(month: int | None) -> str:
    return "" if month is None else f"{month // 12}-{month % 12 + 1:02d}"

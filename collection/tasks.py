"""What waits for a person today, by role: the lines at the top of ホーム, each with the screen where it is done."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from collection import agenda, decisions, reconcile
from collection.requests import standing
from collection.roles import Person

STAGES = ("to_offer", "assigned", "to_give", "in_lot", "to_discard", "to_strike")


@dataclass(frozen=True)
class Task:
    """One line: its sentence in words/tasks.toml, how many items or lists, the screen and what its address asks for."""

    key: str
    n: int
    screen: str
    query: dict[str, list[str]]
    list_no: str = ""


def tasks(store: Path, person: Person, today: date) -> list[Task]:
    """What waits for the person, the most pressing first; what there is nothing of is left out."""
    found = []
    lists = agenda.every(store)
    if "committee" in person.roles:
        found += [_to_vote(store, person, made) for made in lists if made.state == "in_review"]
    if "manager" in person.roles:
        found += [_of_list("to_approve", made, made.items) for made in lists if made.state == "resolved"]
        found += [_of_list("to_close", made, made.items) for made in lists if made.state == "in_review"]
        asked = standing.counts(store)["to_committee"]
        found.append(Task("requests_to_decide", asked, "requests", {"view": ["list"], "state": ["to_committee"]}))
    if "librarian" in person.roles:
        now = decisions.decided(store).items
        found += [_of_list("to_submit", made, made.items) for made in lists if made.state == "drafted"]
        found.append(Task("to_list", _free_tags(now), "committee", {}))
        due = now.filter((pl.col("road") == "offered") & (pl.col("reply_by") < today.isoformat()))
        found.append(Task("offers_due", len(due), "road", {"stage": ["offered"]}))
        counts = dict(now.group_by("road").len().iter_rows())
        found += [Task(f"stage_{stage}", counts.get(stage, 0), "road", {"stage": [stage]}) for stage in STAGES]
        missed = now.filter(pl.col("shelf") == "missed")
        found.append(Task("missed", len(missed), "shelf", {"view": ["missed"]}))
        dropped = reconcile.dropped(store, today - reconcile.LATELY)["item_id"].n_unique()
        found.append(Task("dropped", dropped, "imports", {}))
    return [task for task in found if task.n]


def _of_list(key: str, made: agenda.Agenda, n: int) -> Task:
    return Task(key, n, "committee", {"list": [made.list_no]}, made.list_no)


def _to_vote(store: Path, person: Person, made: agenda.Agenda) -> Task:
    mine = agenda.entries(store, made.list_no).filter(pl.col("readers").list.contains(person.id))
    voted = agenda.votes(store, made.list_no).filter(pl.col("person") == person.id)
    return _of_list("to_vote", made, len(mine.join(voted, on="item_id", how="anti")))


def _free_tags(now: pl.DataFrame) -> int:
    """Items tagged 除籍 that are on no open list and on no road."""
    on_list = pl.col("entry").is_not_null() & (pl.col("list_state") != "decided")
    on_road = pl.col("road").is_not_null() & (pl.col("road") != "readmitted")
    return len(now.filter((pl.col("tag") == "withdraw") & ~on_list.fill_null(False) & ~on_road))

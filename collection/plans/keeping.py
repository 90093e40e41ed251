"""The plans that people keep and what they report on them, in the ledger; and the samples that are shipped.

The chain of a plan (aspect plan, subject its id) holds its whole content; each entry has a chain of its own (aspect
plan_report): a figure by plan, project, indicator and column, what is said of a project by plan, project and column. So every change keeps who
made it and when, two people on one figure are told apart, and nothing is written over.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from collection import ledger
from collection.ledger import Event, append
from collection.plans import model, reading
from collection.plans.model import REMARKS, Indicator, Plan, Project, Value
from collection.roles import Person
from collection.store.connection import sql
from collection.words import Problem

SAMPLES = Path(__file__).parents[2] / "data" / "plans"
LONGEST = 2000  # characters of a text


@dataclass(frozen=True)
class Kept:
    """A plan and where it comes from: seq 0 is a sample; by and at: who set it last, and when."""

    plan: Plan
    seq: int = 0
    by: str = ""
    at: str = ""

    @property
    def sample(self) -> bool:
        """Whether it is a sample, which nobody can change."""
        return self.seq == 0


@dataclass(frozen=True)
class Report:
    """An entry of a plan: its number in the ledger, who, when (local time), with which note, and its content.

    details: actual and reason of a figure; remarks (REMARKS) of a project.
    """

    seq: int
    by: str
    at: str
    note: str
    details: dict


def subject(plan_id: str, project: str, indicator: str, column: str) -> str:
    """The chain of an entry; without an indicator that of what is said of the project."""
    return f"{plan_id}/{project}/{indicator}/{column}"


@cache
def samples() -> dict[str, Kept]:
    """The plans that are shipped, by id."""
    read = [
        reading.read(file.name, file.read_bytes())
        for file in sorted(SAMPLES.glob("*.*"))
        if file.suffix in (".toml", ".csv")
    ]
    return {plan.id: Kept(plan) for plan in read}


def kept(store: Path) -> dict[str, Kept]:
    """The plans that people keep, by id."""
    if not ledger.path(store).exists():
        return {}
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/plans_kept")).fetchall()
    return {
        row["subject"]: Kept(model.of(json.loads(row["details"])["plan"]), row["seq"], row["name"], row["at"][:16].replace("T", " "))
        for row in rows
    }  # fmt: skip


def used_ids(store: Path) -> set[str]:
    """The ids of all plans there ever were, of the dropped ones too, and of the samples."""
    if not ledger.path(store).exists():
        return set(samples())
    with ledger.reading(store) as connection:
        return {row["subject"] for row in connection.execute(sql("queries/plans_ids"))} | set(samples())


def keep(store: Path, person: Person, plan: Plan, follows: int, note: str = "") -> int:
    """Set a plan, new (follows 0) or in place of what the person saw; returns the number of the event.

    Raises:
        Problem: the role does not allow it, or a new plan's id was used before. MovedOn: somebody else changed it meanwhile.
    """
    with ledger.writing(store) as connection:
        if follows == 0 and plan.id in ledger.latest(connection, "plan", [plan.id]):
            raise Problem("plans.id_used", id=plan.id)
        event = Event("set_plan", plan.id, follows=follows, reason=_text(note), details={"plan": model.told(plan)})
        return append(connection, person, [event])[0]


def drop(store: Path, person: Person, plan: Plan, follows: int, note: str) -> None:
    """Take a plan out of the list; what was entered stays in the ledger. Raises as `keep`, also without a note."""
    if not _text(note):
        raise Problem("plans.need_reason")
    with ledger.writing(store) as connection:
        append(connection, person, [Event("drop_plan", plan.id, follows=follows, reason=_text(note))])


def entered(
    plan: Plan, project: Project, one: Indicator, column: str, actual: Value | None, reason: str, follows: int, note: str = ""
) -> Event:  # fmt: skip
    """The event that enters the actual of an indicator; None lets the plan's own, or what is counted, stand again.

    Args:
        reason: why it differs from the plan. note: where the figure comes from. follows: the entry the person saw, 0: none.
    """
    own = {"plan": plan.id, "project": project.no, "indicator": one.id, "column": column}
    chain = subject(plan.id, project.no, one.id, column)
    details = own | {"actual": actual, "reason": _text(reason)}
    return Event("report_plan", chain, follows=follows, reason=_text(note) or None, details=details)


def said(plan: Plan, project: Project, column: str, remarks: dict[str, str], follows: int) -> Event:
    """The event that says what is to be said of a project in a column: REMARKS.

    Raises Problem when a judgement of one's own is unknown, or has no reason (why).
    """
    texts = {name: _text(remarks.get(name, "")) for name in REMARKS}
    if texts["judgement"] not in ("", *model.JUDGEMENTS):
        raise Problem("plans.bad_judgement", value=texts["judgement"])
    if texts["judgement"] and not texts["why"]:
        raise Problem("plans.need_why")
    details = {"plan": plan.id, "project": project.no, "indicator": "", "column": column, "remarks": texts}
    chain = subject(plan.id, project.no, "", column)
    return Event("report_plan", chain, follows=follows, reason=texts["why"] or None, details=details)


def record(store: Path, person: Person, plan: Plan, events: list[Event]) -> list[int]:
    """Write entries (`entered`, `said`), all of them or none; returns their numbers.

    Raises:
        Problem: the role does not allow it, or the plan is no longer kept. MovedOn: somebody else made an entry meanwhile.
    """
    with ledger.writing(store) as connection:
        standing = ledger.latest(connection, "plan", [plan.id]).get(plan.id)
        if standing is None or standing["state"] is None:
            raise Problem("plans.not_kept", name=plan.name)
        return append(connection, person, events)


def reports(store: Path, plan_id: str) -> dict[str, Report]:
    """What was reported last on a plan, by subject."""
    if not ledger.path(store).exists():
        return {}
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/plans_reports"), {"plan": f"{plan_id}/"}).fetchall()
    return {row["subject"]: _read(row) for row in rows}


def history(store: Path, plan_id: str, project: str | None = None) -> list[tuple[str, Report]]:
    """Every change of a plan, or of the entries of one project, newest first: kind of the event, and what was entered."""
    if not ledger.path(store).exists():
        return []
    asked = {"plan": "" if project else plan_id, "part": f"{plan_id}/{project}/" if project else f"{plan_id}/"}
    with ledger.reading(store) as connection:
        rows = connection.execute(sql("queries/plans_history"), asked).fetchall()
    return [(row["kind"], _read(row)) for row in rows]


def _read(row) -> Report:
    return Report(
        row["seq"], row["name"], row["at"][:16].replace("T", " "), row["reason"] or "", json.loads(row["details"])
    )


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise Problem("plans.too_long", most=LONGEST)
    return text.strip()

"""What a loaded policy is: plain data, read by the flag engine, the pages and the exports."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

EFFECTS = ("candidate", "keep", "refuse", "committee", "prefer", "measure", "ask")
ROUTES = ("transfer_offer", "give_away", "discard", "record_only")
ADVICE = ("repair", "replace", "closed_stack", "transfer_branch")
WAYS = ("request", "gift", "deposit", "selection")
INSTEAD = ("reserve", "other_edition", "interlibrary", "ndl")
VERDICTS = ("unclear", "duplicate", "held", "on_order", "over_limit", "refuse", "committee", "accept")
CITED_FOR = (*VERDICTS, "cancelled")  # what a clause may be named for; a person chooses among those of "cancelled"
SCORE_PARTS = ("use", "freshness", "scarcity", "priority")
LIMITED, LIMIT = "冊数の上限", "上限"  # what measures a number of titles, and the value that is the most there may be
ROAD = "行先"  # what measures where a withdrawn item goes
MEASURES = {
    "蔵書構成": "composition",
    "開架": "open_shelves",
    "残る資料": "survivors",
    "複本": "duplicates",
    ROAD: "routes",
    LIMITED: "limits",
    "寄贈・寄託": "gifts",
}  # what `measured_by` may name → its key in words/policy.toml


@dataclass(frozen=True)
class Sign:
    """What points to a rule in a title on offer: a condition over words/title_facts.toml, and whether it alone decides."""

    name: str
    en: str
    strong: bool
    when: str


@dataclass(frozen=True)
class Rule:
    """One rule in the version that is in force; `english` has label, gist, reason and question.

    `label`: the short name of a criterion. `governs`: criterion → the route that this clause governs for its items.
    `by_hand`: what it asks for is seen at the shelf, so a person may apply it where no figure does.
    A rule about titles on offer has `signs` instead of a condition; `ways`: of WAYS, those it holds for;
    `instead`: of INSTEAD, what is told to do instead; `cited_for`: of CITED_FOR, what names it as its clause.
    """

    id: str
    article: str
    document: str
    clause: str
    label: str | None
    effect: str
    in_force: date
    gist: str
    values: dict
    operating: dict
    when: str | None
    reason: str | None
    question: str | None
    missing: tuple[str, ...]
    measured_by: str | None
    route: str | dict | None
    advice: str | dict | None
    blocks: dict
    governs: dict
    survivor: bool
    by_hand: bool
    signs: tuple[Sign, ...]
    ways: tuple[str, ...]
    instead: tuple[str, ...]
    cited_for: tuple[str, ...]
    english: dict
    file: Path


@dataclass(frozen=True)
class ScorePart:
    """One part of the item score: its weight in per cent, its formula (or table condition → formula, with "else"),
    the figure it takes when a fact is missing, and its words (ja, en, meaning)."""

    weight: float
    formula: str | dict
    unknown: float
    words: dict
    operating: dict


@dataclass(frozen=True)
class PolicyList:
    """A list of the pack; rows have title, author, publisher, isbn and note, None where blank."""

    name: str
    en: str
    rows: tuple[dict, ...]


@dataclass(frozen=True, eq=False)
class Policy:
    """A pack on one day; two of them are equal only when they are the same.

    Attributes:
        rules: in the order of documents and clauses, only what is in force. terms: name → expression.
        parameters: general operating values, those of the terms included. hash: 8 hex digits over files and versions.
        in_force: the newest version's date. capacity: branch → (open, closed) volumes.
        adopted: TOML of the operating values that a library adopted in the place of the pack's; "" when none.
    """

    name: str
    title: dict
    library: dict
    city: dict
    documents: dict
    rules: tuple[Rule, ...]
    terms: dict[str, str]
    term_words: dict[str, dict]
    classes: list[dict]
    parameters: dict
    parameter_words: dict[str, dict]
    score: dict[str, ScorePart]
    lists: dict[str, PolicyList]
    clues: tuple[dict, ...]
    word_groups: dict[str, dict]
    capacity: dict[str, tuple[int, int]]
    names: dict[str, str]
    clauses: Path | None
    folder: Path
    hash: str
    in_force: date
    on: date
    adopted: str = ""

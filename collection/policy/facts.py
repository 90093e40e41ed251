"""What an expression may name: the facts of words/facts.toml with the words and codes each one knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from collection import words
from collection.policy.syntax import fold

BEGINS_WITH = ("ndc",)  # a class stands for everything under it: 分類 = '29' holds for 291.09


@dataclass(frozen=True)
class Fact:
    """A column of the facts view.

    Attributes:
        column: English column name. ja, en: its words. unit: in Japanese, "" when none.
        kind: number, truth, date, text, class (text that is compared by its beginning), code (one code), set (several).
        stored: word → stored code; for lists the name itself; None where any text may stand.
    """

    column: str
    ja: str
    en: str
    kind: str
    unit: str = ""
    stored: dict | None = None


_KINDS = {"codes": "set", "names": "set"}


@cache
def _glossary() -> dict[str, Fact]:
    found = {}
    for column, entry in words.table("facts").items():
        kind = "class" if column in BEGINS_WITH else _KINDS.get(entry["type"], entry["type"])
        codes = words.table("codes")[entry["codes"]] if "codes" in entry else None
        stored = {said["ja"]: code for code, said in codes.items()} if codes else None
        found[fold(entry["ja"])] = Fact(column, entry["ja"], entry["en"], kind, entry.get("unit", ""), stored)
    return found


def facts(lists: Iterable[str] | None = None) -> dict[str, Fact]:
    """Japanese name (NFKC) → Fact, in the glossary's order.

    Args:
        lists: names of the pack's lists, the only words 名簿 then knows; None leaves 名簿 open.
    """
    found = dict(_glossary())
    if lists is not None:
        known = {name: name for name in lists}
        for name, fact in found.items():
            if fact.column == "listed":
                found[name] = Fact(fact.column, fact.ja, fact.en, fact.kind, fact.unit, known)
    return found

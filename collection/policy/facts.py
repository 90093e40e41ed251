"""What an expression may name: the facts of an item (words/facts.toml) or of a title on offer (words/title_facts.toml),
with the words and codes each one knows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from collection import words
from collection.policy.syntax import fold

BEGINS_WITH = ("ndc", "c_content")  # a class stands for everything under it: 分類 = '29' holds for 291.09


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
def _glossary(name: str) -> dict[str, Fact]:
    found = {}
    for column, entry in words.table(name).items():
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
    return _knowing(_glossary("facts"), {} if lists is None else {"listed": lists})


def title_facts(lists: Iterable[str], word_groups: Iterable[str]) -> dict[str, Fact]:
    """The same of a title on offer: 名簿 knows the pack's lists, 語群 its groups of words."""
    return _knowing(_glossary("title_facts"), {"listed": lists, "word_groups": word_groups})


def _knowing(glossary: dict[str, Fact], names: dict[str, Iterable[str]]) -> dict[str, Fact]:
    """The glossary, in which the facts made of the pack's names know these names."""
    return {
        ja: replace(fact, stored={name: name for name in names[fact.column]}) if fact.column in names else fact
        for ja, fact in glossary.items()
    }

"""What the rivals take from the pack: its figures, words and names. The rules themselves they write by hand."""

import re
from collections.abc import Callable

from collection.policy.model import Policy
from collection.policy.pieces import rule_of

AS_OF = 20250401  # days are numbers in the rivals
LAST_MONTH = 2025 * 12 + 2
LOANS_FROM = 20200401
ANNUAL = r"(?:白書|年鑑|年報)(?:[ 　（(：:]|平成|令和|昭和|[0-9０-９]|$)"
CLUE_FIELDS = ("title", "series", "author", "publisher", "subjects")


def figures(policy: Policy) -> dict[str, float]:
    """Every figure of the rules and the score that a pack may change, by name."""
    return {
        "as_of": AS_OF,
        "last_month": LAST_MONTH,
        "loans_from": LOANS_FROM,
        "new_years": policy.parameters["受入保護年数"],
        "reminder_years": policy.parameters["督促の間隔年数"],
        "use_only_years": policy.parameters["利用だけの無利用年数"],
        "loans_per_copy": policy.parameters["複本1冊の年間貸出"],
        "missing_years": rule_of(policy, "km-8-2-3").values["経過年数"],
        "overdue_years": rule_of(policy, "km-8-2-5").values["経過年数"],
        "use_unknown": policy.score["use"].unknown,
        "freshness_unknown": policy.score["freshness"].unknown,
        **{f"{name}_weight": part.weight for name, part in policy.score.items()},
    }


def authors(policy: Policy) -> str:
    """A pattern of the authors of 市ゆかりの著者, the only list of the pack with rows, however their names are spaced."""
    rows = [(listed.name, row) for listed in policy.lists.values() for row in listed.rows]
    other = [row for name, row in rows if name != "市ゆかりの著者" or row["title"] or row["isbn"] or row["publisher"]]
    if other:
        raise ValueError(f"the rivals know of no such list: {other[0]}")
    return "|".join("[ 　,，・]*".join(map(re.escape, row["author"])) for _, row in rows)


def any_clue(policy: Policy) -> str:
    """A pattern of all words that point to the city."""
    return "|".join(re.escape(word) for clue in policy.clues for word in clue["words"])


def clue_classes(policy: Policy) -> str:
    """A pattern of the classes that point to the city."""
    return "^(?:" + "|".join(re.escape(prefix) for clue in policy.clues for prefix in clue["classes"]) + ")"


def points_here(policy: Policy) -> Callable[..., bool]:
    """A function of the texts in CLUE_FIELDS: whether a word in them points to the city."""
    clues = [
        (
            [CLUE_FIELDS.index(field) for field in clue["fields"]],
            clue["except"],
            re.compile("|".join(map(re.escape, clue["words"]))),
        )
        for clue in policy.clues
        if clue["words"]
    ]

    def points(*texts: str | None) -> bool:
        for places, longer, pattern in clues:
            text = " ".join([texts[place] for place in places if texts[place]])
            for word in longer:
                text = text.replace(word, "")
            if pattern.search(text):
                return True
        return False

    return points

"""What someone may have meant: names that look like the one that was written."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process


def nearest(name: object, known: Iterable) -> str:
    """Up to three known names that look like `name`, joined by 、; a dash when none does."""
    found = process.extract(str(name), [str(one) for one in known], scorer=fuzz.ratio, limit=3, score_cutoff=30)
    return "、".join(match[0] for match in found) or "—"

"""What the signs of a rule say together of a title on offer: one weak sign alone never decides (SEMANTICS, Requests)."""

from collections.abc import Sequence

from collection.policy.model import Sign

TOGETHER = "弱い手がかりが揃う数"  # the operating value: as many weak signs weigh as much as a strong one


def outcome(signs: Sequence[Sign], truths: Sequence[bool | None], together: float) -> bool | str | None:
    """True where the rule applies, "doubt" where weak signs alone point to it, False, or None when no sign can be told.

    Args:
        truths: one for each sign, None where a fact is missing. together: value of TOGETHER.
    """
    if all(truth is None for truth in truths):
        return None
    found = [sign.strong for sign, truth in zip(signs, truths, strict=True) if truth]
    if any(found) or len(found) >= together:
        return True
    return "doubt" if found else False


def outcome_sql(signs: Sequence[Sign], truths: Sequence[str], together: float) -> str:
    """SQL of the same: 2 applies, 1 doubt, 0 does not apply, NULL.

    Args:
        truths: SQL of one for each sign.
    """
    strong = [truth for sign, truth in zip(signs, truths, strict=True) if sign.strong]
    anything = " OR ".join(f"{truth} IS NOT NULL" for truth in truths)
    weight = " + ".join(f"coalesce({truth}, false)::INTEGER" for truth in truths)
    decides = " OR ".join([*(f"coalesce({truth}, false)" for truth in strong), f"{weight} >= {together}"])
    return f"CASE WHEN NOT ({anything}) THEN NULL WHEN {decides} THEN 2 WHEN {weight} > 0 THEN 1 ELSE 0 END"

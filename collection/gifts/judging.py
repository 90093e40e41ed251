"""From what is known of one line to what is proposed for it: accept, decline, or let the committee talk about it."""

from math import ceil

from collection.policy.model import Policy

WHYS = {  # proposal → why
    "accept": ("replace", "asked_for", "newer", "free"),
    "committee": ("unclear", "spared", "again", "doubt", "alike", "other_edition", "priority"),
    "decline": ("rules", "worn", "on_order", "enough"),
}


def wanted(policy: Policy, case: dict) -> int:
    """How many sound copies of a title there should be: what holds and requests and what loans ask for, at least one; and where
    each copy would still be well lent, one at each branch (運用値 複本1冊の予約, 複本1冊の年間貸出, よく借りられる貸出).

    Args:
        case: holds, asked (readers' requests), loans_1y (null: not known), branches (of the library).
    """
    values, loans = policy.parameters, case["loans_1y"] or 0
    return max(
        1,
        ceil((case["holds"] + case["asked"]) / values["複本1冊の予約"]),
        ceil(loans / values["複本1冊の年間貸出"]),
        min(case["branches"], int(loans // values["よく借りられる貸出"])),
    )


def judge(policy: Policy, case: dict) -> dict:
    """What is proposed for one line.

    Args:
        case: of Checked.rows verdict, bib_no, kind, holds and other_copies; of gifts_held.sql sound, worn, loans_1y,
            branches, own_year and other_year; title, copies (offered), pub_year, asked; rules ((effect, id) of what the signs say, or
            None), hints (rules that ask for it, be it by weak signs), condition ((decline or spared, id), or None), alike (a holding may be the same), own and enough, the rules
            under which the committee is asked and which counts copies.

    Returns:
        proposal and why (of WHYS), rule (id), wanted, and take, how many copies.
    """
    needed = wanted(policy, case)
    here = case["sound"] + case["worn"] if case["kind"] == "same" else 0
    lacking = needed - case["sound"] if here else needed
    proposal, why, rule = _first(case, here, lacking)
    if proposal == "decline" and (case["hints"]):
        proposal, why = "committee", "priority"
    take = 0 if proposal == "decline" else min(case["copies"], max(lacking, 1))
    return {"proposal": proposal, "why": why, "rule": rule, "wanted": needed, "take": take}


def _first(case: dict, here: int, lacking: int) -> tuple[str, str, str | None]:
    """Proposal, why and rule, by the first thing that holds."""
    verdict, own, enough = case["verdict"], case["own"], case["enough"]
    effect, rule = case["rules"] or (None, None)
    state, criterion = case["condition"] or (None, None)
    others = case["other_copies"] or (case["kind"] == "edition" and case["sound"] + case["worn"])
    if verdict == "unclear" or (case["title"] is None and case["bib_no"] is None):
        return "committee", "unclear", own
    if effect == "refuse":
        return "decline", "rules", rule
    if state:
        return ("decline", "worn", criterion) if state == "decline" else ("committee", "spared", criterion)
    if verdict == "duplicate":
        return "committee", "again", own
    if verdict == "on_order" and not case["asked"] + case["holds"]:
        return "decline", "on_order", enough
    if effect == "committee":
        return "committee", "doubt", rule
    if case["alike"]:
        return "committee", "alike", own
    if here:
        if lacking <= 0:
            return "decline", "enough", enough
        return "accept", "replace" if case["worn"] else "asked_for", own
    if others:
        return ("accept", "newer", own) if _newer(case) else ("committee", "other_edition", own)
    return "accept", "asked_for" if case["asked"] else "free", own


def _newer(case: dict) -> bool:
    """Whether the offered edition is known to be newer than every other one that is held."""
    own = case["own_year"] if case["kind"] == "edition" else None
    years = [year for year in (own, case["other_year"]) if year is not None]
    return case["pub_year"] is not None and bool(years) and case["pub_year"] > max(years)

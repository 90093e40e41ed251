"""The naive twin of selection.check: plain Python, one title after another, straight from SEMANTICS (Requests).

Shared with the product: match keys, the evaluator of conditions (naive too), and what `identify` found.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from collection.policy import Policy, predicate
from collection.policy.model import Rule
from collection.policy.naive import value_of
from collection.policy.pieces import title_scope
from collection.sources.normalise import match_key_of

BARE = str.maketrans("", "", " 　,，・")
ISSUE = "([0-9一二三四五六七八九十]|第|通巻|平成|令和|昭和|年|月|日|号|巻|集|上旬|下旬|春|夏|秋|冬|新年|増刊|臨時|特別|特大|合併|別冊|vol|no)*"
PLACES = ("held", "on_order", "accept", "committee")


@dataclass
class World:
    """A policy, the records, items and holds of a library, and the roads of its items: item_no → state."""

    policy: Policy
    bibs: list[dict]
    items: list[dict]
    holds: list[dict] = field(default_factory=list)
    roads: dict[int, str] = field(default_factory=dict)


def key(text: str | None) -> str:
    return match_key_of(text or "")


# --- what the rules may ask of a title


def facts_of(world: World, title: dict, as_of: date, way: str) -> dict:
    """The columns of title_fact for one title (names of selection.facts.TITLE)."""
    policy, day, year = world.policy, title.get("received_on"), title.get("pub_year")
    code = title.get("c_code") if re.fullmatch("[0-9]{4}", title.get("c_code") or "") else None
    texts = ("title", "publisher", "edition", "ndc", "material", "audience", "language", "local", "price", "pub_year")
    groups = words_found(policy, title)
    return {name: title.get(name) for name in texts} | {
        "way": way,
        "c_target": code and code[0],
        "c_form": code and code[1],
        "c_content": code and code[2:],
        "years_published": None if year is None else as_of.year - year,
        "class_shelf_life": shelf_life(policy, title.get("ndc") or title.get("class_mark")),
        "received_month": day and day.month,
        "serial_held": any(names_issue(title, serial) for serial in serials(world)),
        "word_groups": ";".join(groups) or None,
        "local_clue": clue(policy, title),
        "listed": ";".join(sorted(lists(policy, title))) or None,
    }


def words_found(policy: Policy, title: dict) -> dict[str, list[str]]:
    """Group → its words that stand in the title."""
    found = {}
    for name, group in policy.word_groups.items():
        text = "\n".join(key(title[column]) for column in group["fields"] if title.get(column) is not None)
        for longer in group["except"]:
            text = text.replace(key(longer), "\n")
        if words := [word for word in group["words"] if key(word) in text]:
            found[name] = words
    return found


def shelf_life(policy: Policy, mark: str | None) -> int | None:
    fitting = [entry for entry in policy.classes if mark is not None and mark.startswith(entry["prefix"])]
    return max(fitting, key=lambda entry: len(entry["prefix"]))["shelf_life"] if fitting else None


def serials(world: World) -> set[str]:
    held = {item["bib_no"] for item in world.items if item.get("gone_on") is None}
    return {
        bib["title_key"] for bib in world.bibs
        if bib["material"] in ("periodical", "newspaper") and bib["bib_no"] in held
    }  # fmt: skip


def names_issue(title: dict, serial: str) -> bool:
    """Whether a title is that of a serial, or that of one with an issue behind it."""
    mine = key(title.get("title"))
    if mine == serial or not mine.startswith(serial):
        return mine == serial
    issue = re.fullmatch(ISSUE, mine[len(serial) :])
    return issue is not None and title.get("material") in (None, "periodical", "newspaper", "other")


def clue(policy: Policy, title: dict) -> str | None:
    """Words that point to the city; none where the title is marked local."""
    if title.get("local") is not None:
        return None
    found = []
    for one in policy.clues:
        text = " ".join(title[column] for column in one["fields"] if title.get(column) is not None)
        for longer in one["except"]:
            text = text.replace(longer, "")
        found += [word for word in one["words"] if word in text]
        found += [prefix for prefix in one["classes"] if (title.get("ndc") or "").startswith(prefix)]
    return "・".join(found) or None


def lists(policy: Policy, title: dict) -> set[str]:
    return {name for name, listed in policy.lists.items() for row in listed.rows if names(row, title)}


def names(row: dict, title: dict) -> bool:
    """Whether a row of a list names a title: every filled cell of ISBN, title and author agrees."""
    if not (row["isbn"] or row["title"] or row["author"]):
        return False
    author = (title.get("author") or "").translate(BARE)
    return (
        (not row["isbn"] or row["isbn"] == title.get("isbn"))
        and (not row["title"] or key(row["title"]) == key(title.get("title")))
        and (not row["author"] or row["author"].translate(BARE) in author)
    )


# --- what the rules say


def signs_of(policy: Policy, way: str) -> dict[str, list[tuple[bool, object]]]:
    """Rule → (strong, condition) of its signs, of the rules that hold for a way."""
    return {
        rule.id: [(sign.strong, predicate.resolve(sign.when, **title_scope(policy, rule))) for sign in rule.signs]
        for rule in policy.rules
        if rule.signs and way in rule.ways
    }


def outcome(signs: list[tuple[bool, object]], facts: dict, together: float) -> str | None:
    """applies, doubt, or None: a strong sign decides, or as many weak ones as it takes; fewer only raise a doubt."""
    there = [strong for strong, tree in signs if value_of(tree, facts) is True]
    if any(there) or len(there) >= together:
        return "applies"
    return "doubt" if there else None


def by_rules(said: dict[str, str | None], rules: list[Rule]) -> tuple[str, str | None, bool]:
    """(verdict of the rules, the rule that decides, whether weak signs alone point to it)."""
    for effect in ("refuse", "committee"):
        for rule in rules:
            if rule.effect == effect and said[rule.id] == "applies":
                return effect, rule.id, False
    for effect in ("refuse", "committee"):
        for rule in rules:
            if rule.effect == effect and said[rule.id] == "doubt":
                return "committee", rule.id, True
    return "accept", None, False


# --- holdings, and titles that are the same


def holding(world: World, bib_no: int) -> dict:
    """Copies of the edition, of other editions of the work, and holds, of a record."""
    by_no = {bib["bib_no"]: bib for bib in world.bibs}
    mine = by_no[bib_no]
    copies, free, others, places = 0, 0, [], Counter()
    for item in world.items:
        bib = by_no.get(item["bib_no"], {"work_no": None})
        here = bib["work_no"] == mine["work_no"] and (
            item["gone_on"] is None and item["status"] not in ("missing", "withdrawn") and not item["unrecoverable"]
            and world.roads.get(item["item_no"]) in (None, "readmitted")
        )  # fmt: skip
        if here and bib["unit_no"] == mine["unit_no"]:
            copies += 1
            free += item["status"] in (None, "available")
            places[item["branch"]] += 1
        elif here:
            others.append(bib)
    holds = sum(hold["holds"] for hold in world.holds if by_no[hold["bib_no"]]["unit_no"] == mine["unit_no"])
    newest = max(others, key=lambda bib: (bib["edition_rank"] or 0, bib["pub_year"] or 0, bib["bib_no"]), default={})
    return {
        "bib_id": mine["bib_id"], "copies": copies, "free": free, "holds": holds, "other_copies": len(others),
        "places": dict(places), "other_bib": newest.get("bib_no"),
    }  # fmt: skip


def same(one: dict, other: dict) -> bool:
    """ISBNs alike; or, where one has none, title, volume and edition, and authors that do not speak against it."""
    if one.get("isbn") and other.get("isbn"):
        return one["isbn"] == other["isbn"]
    if not key(one.get("title")) or any(
        key(one.get(part)) != key(other.get(part)) for part in ("title", "volume", "edition")
    ):
        return False
    authors = [None if title.get("author") is None else key(title["author"].split(";")[0]) for title in (one, other)]
    return None in authors or authors[0].startswith(authors[1]) or authors[1].startswith(authors[0])


# --- one title after another


def checked(world: World, titles: list[dict], candidates: list[dict], as_of: date, way: str) -> dict[int, dict]:
    """row → what selection.check.Checked.rows says of each title asked about.

    Args:
        titles: columns of check.OFFERED; row is their number. candidates: rows of identify, the best of a title first.
    """
    policy, found, taken = world.policy, {}, defaultdict(int)
    signs, together = signs_of(policy, way), policy.parameters["弱い手がかりが揃う数"]
    rules = [rule for rule in policy.rules if rule.id in signs]
    limiting = sorted(
        (rule for rule in rules if rule.measured_by == "冊数の上限"), key=lambda rule: rule.values["上限"]
    )
    order = sorted(
        titles,
        key=lambda title: (
            ("open", "ordered", None).index(title["state"]), title["received_on"] or date.max, title["row"]
        ),
    )  # fmt: skip
    for place, title in enumerate(order):
        earlier = [before for before in order[:place] if same(before, title)]
        facts = facts_of(world, title, as_of, way)
        said = {rule.id: outcome(signs[rule.id], facts, together) for rule in rules}
        told = dict.fromkeys(("bib_no", "bib_id", "score", "kind", "limit", "counted", "earlier"))
        told |= {"copies": 0, "free": 0, "holds": 0, "other_copies": 0, "other_bib": None, "places": {}}
        told["by_rules"], rule, told["doubt"] = by_rules(said, rules)
        told["prefer"] = [one.id for one in rules if one.effect == "prefer" and said[one.id] == "applies"]
        told["asks"] = [one.id for one in rules if one.effect == "ask" and said[one.id]]

        mine = [one for one in candidates if one["row"] == title["row"]]
        if title["chosen"] is not None and title["chosen"] >= 0:
            told |= {"bib_no": title["chosen"], "score": 100.0, "kind": "same"}
        elif title["chosen"] is None:
            told |= next(({n: one[n] for n in ("bib_no", "score", "kind")} for one in mine if one["sure"]), {})
        if told["bib_no"] is not None:
            told |= holding(world, told["bib_no"])

        nameless = title["author"] is None and title["publisher"] is None and title["chosen"] is None
        alike = sum(one["score"] >= policy.parameters["同じ本とみる点数"] for one in mine)
        unclear = not title["isbn"] and (not key(title["title"]) or (nameless and told["bib_no"] is None and alike > 1))
        ordered = next((before["row"] for before in earlier if before["state"] == "ordered"), None)
        verdict = (
            "unclear" if unclear
            else "held" if told["copies"] + told["other_copies"]
            else "on_order" if ordered is not None
            else told["by_rules"]
        )  # fmt: skip

        counts = [one for one in limiting if title["token"] is not None and said[one.id] == "applies"]
        for one in counts:
            if taken[title["token"], one.id] >= one.values["上限"]:
                told |= {"limit": one.id, "counted": taken[title["token"], one.id]}
                break
        asked_before = any(before["token"] == title["token"] for before in earlier)
        within = verdict in PLACES and told["limit"] is None
        if title["token"] is not None and not asked_before and (title["state"] == "open" or within):
            for one in counts:
                taken[title["token"], one.id] += 1

        joined = next(
            (before["row"] for before in earlier
             if before["state"] == "open" or (before["state"] is None and found[before["row"]]["stays_open"])),
            None,
        )  # fmt: skip
        if not unclear and joined is not None:
            verdict = "duplicate"
        elif verdict not in ("unclear", "held", "on_order") and told["limit"] is not None:
            verdict = "over_limit"
        told |= {"verdict": verdict, "stays_open": verdict in ("accept", "committee")}
        told["earlier"] = joined if verdict == "duplicate" else ordered
        cited = next((one.id for one in policy.rules if way in one.ways and verdict in one.cited_for), None)
        told["rule"] = {"refuse": rule, "committee": rule, "over_limit": told["limit"]}.get(verdict) or cited
        found[title["row"]] = told
    return {title["row"]: found[title["row"]] for title in titles if title["state"] is None}

"""The buying list once more in plain Python: which lines are one, what use says, copies, points and money, row by row."""

import re
from collections import Counter, defaultdict
from math import ceil

from collection.sources.normalise import match_key_of

ROLES = [
    "原作",
    "原著",
    "編著",
    "共著",
    "共編",
    "監修",
    "監訳",
    "著者",
    "編者",
    "著",
    "作",
    "文",
    "編",
    "画",
    "絵",
    "撮影",
    "写真",
    "さく",
    "ぶん",
    "え",
    "ほか",
    "他",
]
AGAIN = {"holds", "replace", "worn", "listed"}


def same(one: dict, other: dict) -> bool:
    """Whether two lines are one title (selection/same.py, in its own words)."""
    if one["isbn"] and other["isbn"]:
        return one["isbn"] == other["isbn"]
    parts = [[match_key_of(row[name] or "") for name in ("title", "volume", "edition")] for row in (one, other)]
    first, second = (match_key_of((row["author"] or "").split(";")[0]) for row in (one, other))
    authors = not first or not second or first.startswith(second) or second.startswith(first)
    return parts[0] == parts[1] and parts[0][0] != "" and authors


def together(rows: list[dict]) -> list[dict]:
    """Lines of which no two are the same title; those with a number stay as they are."""
    made: list[dict] = []
    for row in rows:
        home = None if row["no"] else next((line for line in made if same(line["first"], row)), None)
        if home is None:
            made.append({**row, "first": row, "sources": list(row["sources"]), "places": list(row["places"])})
            continue
        for source in row["sources"]:
            if source not in home["sources"]:
                home["sources"].append(source)
        home["wanted"] = max((n for n in (home["wanted"], row["wanted"]) if n is not None), default=None)
        if home["no"]:
            continue
        for name, value in row.items():
            if name not in ("no", "sources", "places", "wanted") and home[name] is None:
                home[name] = value
        places = {place["branch"]: place["copies"] for place in home["places"]}
        for place in row["places"]:
            places[place["branch"]] = max(places.get(place["branch"], 0), place["copies"])
        home["places"] = [{"branch": branch, "copies": copies} for branch, copies in places.items()]
    for line in made:
        del line["first"]
    return made


def author(text: str | None) -> str | None:
    """The key of the first author."""
    said = (text or "").split(";")[0].strip()
    while said:
        role = next((role for role in ROLES if re.search(rf"{role}\s*\.?$", said)), None)
        if role is None:
            return match_key_of(said) or None
        said = re.sub(rf"{role}\s*\.?$", "", said)
    return None


def section(row: dict) -> str | None:
    digits = (row["ndc"] or "")[:3]
    return ("K" if row["audience"] == "child" else "") + digits if len(digits) == 3 else None


def mark(row: dict) -> str:
    return "K" if row["audience"] == "child" else (row["ndc"] or "-")[:1]


def use(line: dict, items: list[dict]) -> dict[str, tuple]:
    """author and class → copies, loans per copy, share never lent, of the held items (each with its record's fields)."""
    told = {}
    for name, key_of, key in (
        ("author", lambda item: author(item["author"]), author(line["author"])),
        ("class", section, section(line)),
    ):
        own = [item for item in items if key and key_of(item) == key]
        known = [item["loans_1y"] for item in own if item["loans_1y"] is not None]
        if own:
            lent = sum(known) / len(own) if known else None
            told[name] = len(own), lent, sum(item["never_lent"] for item in own) / len(own)
    return told


def order_of(line: dict, stock: list[dict], least: int, above: float) -> list[tuple[str, bool]]:
    """The branches by how much they use the class of a line: the class of three digits, else the shelf class, else all."""
    for level, key in ((section, section(line)), (mark, mark(line)), (lambda item: "", "")):
        own = [item for item in stock if key is not None and level(item) == key]
        loans = sum(item["loans_1y"] or 0 for item in own)
        if loans and (len(own) >= least or key == ""):
            counts, lent = Counter(item["branch"] for item in own), Counter()
            for item in own:
                lent[item["branch"]] += item["loans_1y"] or 0
            ranked = sorted(counts, key=lambda branch: (-lent[branch] / counts[branch], branch))
            return [(branch, lent[branch] * len(own) >= above * loans * counts[branch]) for branch in ranked]
    return []


def places(line: dict, order: list[tuple[str, bool]], readers: int, each: int) -> dict[str, int]:
    """Branch → copies."""
    placed = {place["branch"]: place["copies"] for place in line["places"]}
    if not placed:
        placed = {branch: 1 for branch, above in order if above} or {branch: 1 for branch, _ in order[:1]}
    branches = [branch for branch, _ in order] or list(placed)
    wanted = max(line["wanted"] or 0, ceil(readers / each))
    turn = 0
    while branches and sum(placed.values()) < wanted:
        placed[branches[turn % len(branches)]] = placed.get(branches[turn % len(branches)], 0) + 1
        turn += 1
    return placed


def pots_left(pots: list[dict], parts: list[dict]) -> dict[tuple, list]:
    """(branch, class) of a pot, or None for what fits none → budget, spent, ordered, requested, unpriced."""
    found = {(pot["branch"], pot["shelf_class"]): [pot["budget"], 0, 0, 0, 0] for pot in pots}
    for part in parts:
        branch, mark = part["branch"], part["shelf_class"]
        chain = [(branch, mark), (branch, None), (None, mark), (None, None)]
        home = next((key for key in chain if key in found), None)
        sums = found.setdefault(home, [None, 0, 0, 0, 0])
        sums[1 + ["spent", "ordered", "requested"].index(part["kind"])] += part["yen"]
        sums[4] += part["unpriced"]
    return found


def ranked(rows: list[dict], weights: dict[str, int]) -> list[dict]:
    """The lines in the order of priority, with points."""
    told = [row | {"points": sum(int(row[name]) * weight for name, weight in weights.items())} for row in rows]
    return sorted(
        told, key=lambda row: (not row["preferred"], -row["points"], row["title"], row["no"] is None, row["no"] or "")
    )


def running(rows: list[dict], money: int | None) -> list[tuple]:
    """cost, total, over of each line in its order."""
    told, total = [], 0
    for row in rows:
        known = row["price"] is not None and row["copies"] is not None
        cost = row["price"] * row["copies"] if known else None
        adds = row["buyable"] and cost is not None
        total += cost if adds else 0
        told.append((cost, total if adds else None, total > money if adds and money is not None else None))
    return told


def by(rows: list[dict], name: str) -> dict:
    groups = defaultdict(list)
    for row in rows:
        groups[row[name]].append(row)
    return groups

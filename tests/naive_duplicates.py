"""The naive twin of duplicates: loops over rows, one title or unit at a time, straight from what the screen says.

A `World` holds the flags (judged, trusted here: test_flag has their twin), the records, the holds and what people decided.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import ceil

from collection.sources.normalise import match_key_of

BARE = str.maketrans("", "", " 　,，・")


@dataclass
class World:
    """stock: judged items with status, work_no and title_no (the edition of their record). lent: (branch, class) → loans of the
    last year with figures."""

    stock: list[dict]
    bibs: dict[int, dict]
    holds: list[dict]
    decided: dict[int, dict]
    lent: Counter

    def leaving(self, row: dict) -> bool:
        known = self.decided.get(row["item_no"], {})
        on_list = known.get("entry") in ("entered", "withdraw") and known["list_state"] not in (None, "decided")
        return known.get("tag") == "withdraw" or known.get("road") not in (None, "readmitted") or on_list

    def lends(self, row: dict) -> bool:
        return row["usable"] and row["circulates"] and not self.leaving(row)

    def by(self, *names: str) -> dict[tuple, list[dict]]:
        groups = defaultdict(list)
        for row in self.stock:
            groups[tuple(row[name] for name in names)].append(row)
        return groups


def total(values) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def surplus(world: World, holds) -> dict[tuple, tuple]:
    """(unit, branch) → surplus items of the scope, usable copies, copies that use asks for, loans; `holds` is the scope."""
    found = {}
    for key, rows in world.by("unit_no", "branch").items():
        here = [row for row in rows if row["surplus"] and holds(row)]
        if here:
            usable = [row for row in rows if row["usable"]]
            asks = sum(not row["surplus"] for row in usable)
            found[key] = len(here), len(usable), asks, total(row["loans_1y"] for row in rows)
    return found


def asked(world: World, holds_per_copy: int) -> dict[int, tuple]:
    """edition → holds, copies to lend, copies wanted."""
    waiting = Counter()
    for hold in world.holds:
        waiting[world.bibs[hold["bib_no"]]["unit_no"]] += hold["holds"]
    found = {}
    for title_no, holds in waiting.items():
        copies = sum(row["title_no"] == title_no and world.lends(row) for row in world.stock)
        wanted = -(-holds // holds_per_copy) - copies
        if wanted > 0:
            found[title_no] = holds, copies, wanted
    return found


def names(title: dict, bib: dict) -> bool:
    """Whether a row of a list (title, author, isbn) names a record: every filled cell agrees, an ISBN or else the title must."""
    if title["isbn"] and bib["isbn"] != title["isbn"]:
        return False
    if title["title"] and bib["title_key"] != match_key_of(title["title"]):
        return False
    return not title["author"] or title["author"].translate(BARE) in (bib["author"] or "").translate(BARE)


def missing(world: World, titles: list[dict], location: tuple[str, ...] = ()) -> dict[int, set[str]]:
    """number of the title → branches with children's books that have no usable copy of its work."""
    branches = {row["branch"] for row in world.stock if row["audience"] == "child" and row["usable"]}
    found = {}
    for number, title in enumerate(titles):
        works = {bib["work_no"] for bib in world.bibs.values() if names(title, bib)}
        held = {
            row["branch"] for row in world.stock
            if row["bib_no"] is not None and world.bibs[row["bib_no"]]["work_no"] in works and row["usable"]
            and not world.leaving(row) and (not location or (row["location"] or "") in location)
        }  # fmt: skip
        if branches - held:
            found[number] = branches - held
    return found


@dataclass
class Place:
    """A unit at a branch. loans: of all its items; lent: of those that can be lent. unneeded: all asleep on open shelves."""

    copies: int
    loans: int | None
    lent: int | None
    holds: int
    unneeded: bool
    sleeper: bool

    def needs(self, values: dict) -> int:
        own = ceil((self.loans or 0) / values["loans_per_copy"])
        return max(ceil(self.holds / values["holds_per_copy"]), own, 0 if self.unneeded else 1)

    def wants(self, values: dict) -> int:
        own = 0 if self.sleeper else ceil((self.lent or 0) / values["loans_per_copy"])
        return max(ceil(self.holds / values["holds_per_copy"]), own)


def asleep(row: dict) -> bool:
    return None not in (row["idle_years"], row["class_idle_years"]) and row["idle_years"] >= row["class_idle_years"]


def waiting(world: World) -> Counter:
    """(unit, branch) → holds, of editions whose items are all copies of one another."""
    units = defaultdict(set)
    for row in world.stock:
        if row["title_no"] is not None and row["holds"] > 0:
            units[row["title_no"]].add(row["unit_no"])
    found = Counter()
    for hold in world.holds:
        of = units.get(world.bibs[hold["bib_no"]]["unit_no"], set())
        if len(of) == 1 and hold["branch"] is not None:
            found[next(iter(of)), hold["branch"]] += hold["holds"]
    return found


def places(world: World) -> dict[tuple, Place]:
    """(unit, branch) → Place, also where only holds wait."""
    holds, found = waiting(world), {}
    for key, rows in world.by("unit_no", "branch").items():
        lend = [row for row in rows if world.lends(row)]
        found[key] = Place(
            len(lend), total(row["loans_1y"] for row in rows), total(row["loans_1y"] for row in lend), holds[key],
            all(asleep(row) and row["location"] == "open" for row in lend), any(asleep(row) for row in lend),
        )  # fmt: skip
    for key, n in holds.items():
        found.setdefault(key, Place(0, None, None, n, True, False))
    return found


def may_move(world: World, row: dict, allowing: list[str]) -> bool:
    known = world.decided.get(row["item_no"], {})
    undecided = known.get("tag") is None and known.get("entry") is None and known.get("road") in (None, "readmitted")
    life = row["class_shelf_life"]
    fresh = row["use_only"] or life is None or (row["years_published"] is not None and row["years_published"] <= life)
    return bool(
        row["copies"] > 1 and row["usable"] and row["circulates"] and not row["superseded"] and fresh and undecided
        and (row["surplus"] or asleep(row)) and row["status"] in (None, "available")
        and set((row["protected_by"] or "").split(";")) - {""} <= set(allowing)
    )  # fmt: skip


def moves(world: World, allowing: list[str], well_used: int, **values: int) -> list[tuple]:
    """(item, from, to, demand) of every suggestion."""
    found, here, works = [], places(world), defaultdict(set)
    for row in world.stock:
        if world.lends(row):
            works[row["work_no"]].add(row["branch"])
    for (unit,), rows in world.by("unit_no").items():
        offered = []
        for branch in {row["branch"] for row in rows}:
            place = here[unit, branch]
            free = sorted(
                (row for row in rows if row["branch"] == branch and may_move(world, row, allowing)), key=_rested
            )
            if place.loans is not None:
                offered += free[: max(place.copies - place.needs(values), 0)]
        slots = [
            (0 if ceil(place.holds / values["holds_per_copy"]) > place.copies else 1, nth, -place.holds, -(place.lent or 0), 0, branch)
            for (of, branch), place in here.items() if of == unit
            for nth in range(max(place.wants(values) - place.copies, 0))
        ]  # fmt: skip
        lend = [row for row in rows if world.lends(row)]
        loans = total(row["loans_1y"] for row in lend)
        if loans is not None and loans >= well_used * len(lend):
            mark, work = rows[0]["shelf_class"], rows[0]["work_no"]
            eager = sorted((-n, branch) for (branch, of), n in world.lent.items() if of == mark)
            slots += [
                (2, 0, 0, 0, nth, branch) for nth, (_, branch) in enumerate(eager)
                if branch not in works[work] and not waiting_at(here, unit, branch)
            ]  # fmt: skip
        pairs = zip(sorted(offered, key=_rested), sorted(slots), strict=False)
        found += [(row["item_no"], row["branch"], slot[5], ("holds", "use", "none")[slot[0]]) for row, slot in pairs]
    return found


def waiting_at(here: dict[tuple, Place], unit: int, branch: str) -> bool:
    return (unit, branch) in here and here[unit, branch].holds > 0


def _rested(row: dict) -> tuple:
    """The least used first."""
    last = row["last_use"].toordinal() if row["last_use"] else 0
    return last, row["loans_3y"], -row["item_no"]

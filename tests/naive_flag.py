"""The naive twin of facts, flag and survive: plain Python, one item at a time, straight from SEMANTICS.

It shares nothing with the product but the pack and the naive evaluation of its predicates.
"""

import re
from collections import defaultdict
from datetime import date

from collection.policy import pieces, predicate
from collection.policy.naive import value_of
from tests.random_library import AS_OF, LOANS_FROM

LAST_MONTH = 2025 * 12 + 2


def whole_years(start: date | None, end: date = AS_OF) -> int | None:
    if start is None:
        return None
    if start > end:
        return -whole_years(end, start)
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def whole_months(start: date | None, end: date = AS_OF) -> int | None:
    if start is None:
        return None
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def month_end(month: int) -> date:
    following = month + 1
    return date.fromordinal(date(following // 12, following % 12 + 1, 1).toordinal() - 1)


def parts(library: dict) -> dict[int, tuple]:
    """item_no → (work, unit): copies share a unit; issues of a serial and volumes under one record do not."""
    placed = {}
    for item in library["item"]:
        bib = library["bib"][item["bib_no"]] if item["bib_no"] is not None else None
        if bib is None:
            key = ("alone", item["item_no"]), ("alone", item["item_no"])
        else:
            part = None
            tail = (item["call_number"] or "").split("/")[-1]
            if item["issue_date"]:
                part = item["issue_date"].isoformat()
            elif bib["material"] in ("periodical", "newspaper"):
                part = f"item {item['item_no']}"
            elif bib["volume"] is None and tail.isdigit() and "/" in item["call_number"]:
                part = tail
            key = ("work", bib["work_no"], part), ("unit", bib["unit_no"], part)
        placed[item["item_no"]] = key
    return placed


def class_value(policy, bib: dict) -> dict | None:
    key = bib["ndc"] or bib["class_mark"]
    if key is None:
        return None
    return max(
        (rule for rule in policy.classes if key.startswith(rule["prefix"])), key=lambda rule: len(rule["prefix"])
    )


def clue(policy, bib: dict) -> str | None:
    if bib["local"]:
        return None
    found = set()
    for rule in policy.clues:
        text = " ".join(bib.get(field) or "" for field in rule["fields"])
        for longer in rule["except"]:
            text = text.replace(longer, "")
        found |= {word for word in rule["words"] if word in text}
        found |= {f"NDC {bib['ndc']}" for prefix in rule["classes"] if bib["ndc"] and bib["ndc"].startswith(prefix)}
    return "・".join(sorted(found)) or None


def listed(policy, bib: dict) -> str | None:
    found = {
        row_list.name
        for row_list in policy.lists.values()
        for row in row_list.rows
        if row["author"]
        and not row["title"]
        and not row["isbn"]
        and row["author"].replace(" ", "") in (bib["author"] or "")
    }
    return ";".join(sorted(found)) or None


def facts(policy, library: dict, decided: dict[str, dict] | None = None) -> dict[int, dict]:
    """item_no → every fact of words/facts.toml and the keys survivors need, for held items.

    `decided`: item_id → what people decided: tag, until (a date or None), road, and named (the collection it is locked in).
    """
    uses = defaultdict(list)
    for row in library["loan"]:
        uses[row["item_no"]].append(row)
    held = [item for item in library["item"] if item["gone_on"] is None and item["status"] != "withdrawn"]
    placed = parts(library)
    counted = {
        item["branch"] for item in library["item"] for row in uses[item["item_no"]] if row["in_house"] is not None
    }
    holds = defaultdict(int)
    for row in library["hold"]:
        holds[library["bib"][row["bib_no"]]["unit_no"]] += row["holds"]
    kept = {row["bib_no"]: row for row in library["retention"]}
    rows = {}
    for item in held:
        bib = library["bib"][item["bib_no"]] if item["bib_no"] is not None else {}
        rows[item["item_no"]] = _own_facts(policy, item, bib, uses[item["item_no"]], item["branch"] in counted)
        rows[item["item_no"]] |= {
            "holds": holds[bib["unit_no"]] if bib else 0,
            "retention_years": kept.get(item["bib_no"], {}).get("years"),
            "retention_permanent": kept.get(item["bib_no"], {}).get("permanent", False),
            **_decision((decided or {}).get(item["item_id"], {})),
            "work": placed[item["item_no"]][0],
            "unit": placed[item["item_no"]][1],
        }
    _shared_facts(policy, rows)
    return rows


def _decision(known: dict) -> dict:
    until = known.get("until")
    kept = known.get("tag") == "keep" and (until is None or until >= AS_OF)
    leaving = known.get("tag") == "withdraw" or known.get("road") not in (None, "readmitted")
    named = known.get("named")
    return {"kept": kept, "kept_until": until if kept else None, "leaving": leaving, "named_collection": named}


def _own_facts(policy, item: dict, bib: dict, uses: list[dict], in_house_counted: bool) -> dict:
    months = [row["month"] for row in uses if row["loans"] > 0 or (row["in_house"] or 0) > 0]
    last = max([day for day in [item["last_loan_date"], *map(month_end, months)] if day], default=None)
    circulates = item["location"] not in ("reference", "office") and bib.get("material") != "reference"
    known = circulates or in_house_counted
    start = date(LOANS_FROM // 12, LOANS_FROM % 12 + 1, 1)
    since = None
    if last and known:
        since = max(filter(None, [last, item["accession_date"]]))
    elif circulates and item["never_lent"]:
        since = item["accession_date"] or start
    elif known and not last:
        since = max(filter(None, [start, item["accession_date"]]))
    value = class_value(policy, bib) if bib else None
    confirmed = item["missing_confirmed_on"]
    return {
        **{
            key: item[key]
            for key in (
                "item_no",
                "bib_no",
                "branch",
                "location",
                "status",
                "condition",
                "source",
                "retention",
                "due_date",
            )
        },
        **{key: item[key] for key in ("accession_date", "issue_date", "missing_confirmed_on", "never_lent")},
        **{
            key: bib.get(key)
            for key in ("material", "audience", "local", "ndc", "title", "title_key", "pub_year", "edition_rank")
        },
        "language": None,
        "edition": None,
        "reminders": item["reminders"] or 0,
        "unrecoverable": bool(item["unrecoverable"]),
        "circulates": circulates,
        "last_use": last,
        "idle_years": whole_years(since),
        "loans_1y": sum(row["loans"] for row in uses if row["month"] > LAST_MONTH - 12),
        "loans_3y": sum(row["loans"] for row in uses if row["month"] > LAST_MONTH - 36),
        "in_house_1y": sum(row["in_house"] or 0 for row in uses if row["month"] > LAST_MONTH - 12)
        if in_house_counted
        else None,
        "years_held": whole_years(item["accession_date"] or last),
        "years_published": AS_OF.year - bib["pub_year"] if bib.get("pub_year") else None,
        "years_since_issue": whole_months(item["issue_date"]) / 12 if item["issue_date"] else None,
        "years_overdue": whole_years(item["due_date"]),
        "years_since_reminder": whole_years(item["last_reminder_date"]),
        "years_since_missing": whole_years(_missing_from(policy, confirmed)),
        "inventories_missed": _inventories_missed(policy, confirmed),
        "usable": item["status"] not in ("missing", "withdrawn")
        and item["condition"] not in ("soiled", "damaged")
        and not item["unrecoverable"]
        and item["source"] != "deposit",
        "class_idle_years": value["idle_years"] if value else None,
        "class_shelf_life": value["shelf_life"] if value else None,
        "use_only": value["use_only"] if value else None,
        "subject_literature": _substitutable(value, bib),
        "annual": bib.get("material") == "yearbook"
        or bool(re.search("(白書|年鑑|年報)($|[0-9])", bib.get("title") or "")),
        "local_clue": clue(policy, bib) if bib else None,
        "listed": listed(policy, bib) if bib else None,
    }


def _missing_from(policy, confirmed: date | None) -> date | None:
    if confirmed is None:
        return None
    year = confirmed.year - (confirmed.month < 4)
    begun = {"年度末": date(year + 1, 3, 31), "年度始": date(year, 4, 1), "確認日": confirmed}
    return begun[policy.parameters["不明の起算"]]


def _inventories_missed(policy, confirmed: date | None) -> int | None:
    days = policy.parameters.get("蔵書点検を終えた日")
    return sum(confirmed <= day <= AS_OF for day in days) if days and confirmed else None


def _substitutable(value: dict | None, bib: dict) -> bool | None:
    if bib.get("material") not in ("book", None) or (value and not value["similar"]):
        return False
    return True if value else None


def _shared_facts(policy, rows: dict[int, dict]) -> None:
    units, works = defaultdict(list), defaultdict(list)
    for row in rows.values():
        units[row["unit"]].append(row)
        works[row["work"]].append(row)
    for row in rows.values():
        here = [other for other in units[row["unit"]] if other["branch"] == row["branch"]]
        usable_here = [other for other in here if other["usable"]]
        row["copies"] = sum(other["usable"] for other in units[row["unit"]])
        row["copies_branch"] = len(usable_here)
        asked = max(1, -(-sum(other["loans_1y"] for other in here) // policy.parameters["複本1冊の年間貸出"]))
        order = sorted(
            usable_here, key=lambda o: (-(o["last_use"] or date.min).toordinal(), -o["loans_3y"], o["item_no"])
        )
        row["surplus"] = row in order[asked:]
        ranks = [other["edition_rank"] for other in works[row["work"]] if other["usable"] and other["edition_rank"]]
        row["superseded"] = bool(row["edition_rank"] and ranks and max(ranks) > row["edition_rank"])


_trees: dict = {}


def _tree(policy, rule):
    key = policy.name, rule.id
    if key not in _trees:
        _trees[key] = predicate.resolve(rule.when, **pieces.scope(policy, rule))
    return _trees[key]


def needing(policy) -> set[str]:
    """The criteria under which an item goes only when another stays: 第2号 of 西宮市."""
    return {rule.clause for rule in policy.rules if rule.survivor}


def states(policy, row: dict) -> tuple[dict, list[str], list[str]]:
    """Per criterion candidate/ask/keep/no/None; protections that hold; rules that ask of themselves."""
    answers = {rule.id: value_of(_tree(policy, rule), row) for rule in policy.rules if rule.when}
    result = {}
    for rule in policy.rules:
        if rule.effect != "candidate" or not rule.when:
            continue
        stops = {
            kind: [answers[other.id] for other in policy.rules if other.when and other.blocks.get(rule.clause) == kind]
            for kind in ("keep", "ask")
        }
        if answers[rule.id] is False:
            result[rule.clause] = "no"
        elif answers[rule.id] is None:
            result[rule.clause] = None
        elif True in stops["keep"]:
            result[rule.clause] = "keep"
        elif True in stops["ask"]:
            result[rule.clause] = "ask"
        elif None in stops["keep"] + stops["ask"]:
            result[rule.clause] = None
        else:
            result[rule.clause] = "candidate"
    protections = [rule.id for rule in policy.rules if rule.effect == "keep" and rule.when and answers[rule.id]]
    asks = [
        rule.id for rule in policy.rules if rule.effect == "ask" and rule.when and not rule.blocks and answers[rule.id]
    ]
    return result, protections, asks


def stayers(policy, rows: dict[int, dict]) -> tuple[dict[int, bool], dict[int, bool]]:
    """item_no → may it go where another stays; item_no → can it stay as a survivor."""
    eligible, can_stay, needs = {}, {}, needing(policy)
    gone = {rule.clause for rule in policy.rules if rule.route == "record_only"}
    for number, row in rows.items():
        state, _, asks = states(policy, row)
        going = {clause for clause, value in state.items() if value == "candidate"}
        eligible[number] = bool(going & needs)
        leaving = bool(going - needs)
        doubtful = any(rule.id in asks and rule.clause in gone for rule in policy.rules)
        can_stay[number] = row["usable"] and not leaving and not doubtful and not row["leaving"]
    return eligible, can_stay


def survivors(
    policy, rows: dict[int, dict], neighbours: list[dict] = ()
) -> tuple[dict[int, tuple[int, str]], set[int], set[int]]:
    """Survivor and kind of each item that goes where another stays, the held items, and those of them that are the last.

    `neighbours`: pairs of an index of similar titles (bib_no, other_no, score, class).
    """
    eligible, can_stay = stayers(policy, rows)
    works = defaultdict(lambda: defaultdict(list))
    for number, row in rows.items():
        works[row["work"]][row["unit"]].append(number)

    def preference(number: int):
        row = rows[number]
        return (
            (row["status"] or "available") != "available",
            -(row["last_use"] or date.min).toordinal(),
            -row["loans_3y"],
            number,
        )

    named, held, last = {}, set(), set()
    for units in works.values():
        if not any(eligible[number] for members in units.values() for number in members):
            continue
        rank = {unit: rows[members[0]]["edition_rank"] for unit, members in units.items()}
        keepers = {unit: [n for n in members if can_stay[n] and not eligible[n]] for unit, members in units.items()}
        newest_kept = max((rank[unit] for unit in units if keepers[unit] and rank[unit]), default=0)
        bare = {
            unit: min((n for n in members if can_stay[n] and eligible[n]), key=preference)
            for unit, members in units.items()
            if not keepers[unit]
            and any(can_stay[n] and eligible[n] for n in members)
            and not (rank[unit] and rank[unit] < newest_kept)
        }
        top = max((rank[unit] for unit in bare if rank[unit]), default=None)
        here = {number for unit, number in bare.items() if rank[unit] is None or rank[unit] == top}
        held |= here
        if not any(keepers.values()):
            last |= here
        stay = {
            unit: [n for n in members if can_stay[n] and (not eligible[n] or n in here)]
            for unit, members in units.items()
        }
        newest = max((unit for unit in units if stay[unit] and rank[unit]), key=lambda unit: rank[unit], default=None)
        for unit, members in units.items():
            for number in members:
                if not eligible[number] or number in here:
                    continue
                same_branch = [n for n in stay[unit] if rows[n]["branch"] == rows[number]["branch"]]
                if stay[unit]:
                    named[number] = (min(same_branch or stay[unit], key=preference), "copy")
                elif newest is not None and rank[unit] and rank[unit] < rank[newest]:
                    named[number] = (min(stay[newest], key=preference), "edition")
    _similar(rows, eligible, can_stay, named, held, last, neighbours)
    return named, held, last


def _similar(rows, eligible, can_stay, named, held, last, neighbours) -> None:
    spoken_for = {number for number, _ in named.values()}
    for number in sorted(held - last - spoken_for):
        row = rows[number]
        near = {
            pair["other_no"]: pair for pair in neighbours if pair["bib_no"] == row["bib_no"] and len(pair["class"]) > 4
        }
        others = [
            n
            for n, other in rows.items()
            if other["bib_no"] in near and other["title_key"] != row["title_key"] and other["work"] != row["work"]
            and row["subject_literature"] and other["subject_literature"] and can_stay[n] and not eligible[n]
        ]  # fmt: skip
        if others:
            best = min(
                others,
                key=lambda n: (
                    -round(near[rows[n]["bib_no"]]["score"], 2), -(rows[n]["last_use"] or date.min).toordinal(), n
                ),
            )  # fmt: skip
            named[number] = (best, "similar")
            held.discard(number)


def verdicts(policy, rows: dict[int, dict], neighbours: list[dict] = ()) -> dict[int, dict]:
    """item_no → verdict, criterion, criteria, survivor and its kind, protections."""
    named, held, last = survivors(policy, rows, neighbours)
    needs, result = needing(policy), {}
    stacks = any(rule.effect == "measure" and rule.advice == "closed_stack" for rule in policy.rules)
    [keeps_the_last] = [rule.id for rule in policy.rules if rule.measured_by == "残る資料" and rule.reason]
    for number, row in rows.items():
        state, protections, asks = states(policy, row)
        goes = {
            clause: value == "candidate" and (clause not in needs or number in named) for clause, value in state.items()
        }
        eligible = any(state[clause] == "candidate" for clause in needs)
        asked = [clause for clause, value in state.items() if value == "ask"]
        applying = [clause for clause in state if goes[clause] or clause in asked]
        candidates = [clause for clause in state if goes[clause]]
        if candidates:
            verdict = "candidate"
        elif asked or asks:
            verdict = "ask"
        elif eligible and stacks and (row["location"] or "open") == "open":
            verdict = "move"
        elif eligible or protections:
            verdict = "keep"
        else:
            verdict = "unknown" if None in state.values() else None
        if number in last:
            protections = [*protections, keeps_the_last]
        survivor = named.get(number) if eligible else None
        result[number] = {
            "verdict": verdict,
            "criterion": (candidates or asked or [None])[0],
            "criteria": ";".join(applying) or None,
            "survivor_item_no": survivor[0] if survivor else None,
            "survivor_kind": survivor[1] if survivor else None,
            "protected_by": ";".join(protections) or None,
        }
    return result

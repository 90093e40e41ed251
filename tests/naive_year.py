"""図書受入・除籍状況 once more in plain Python: item by item, from rows and events."""

from collections import Counter
from datetime import date

ENDS = ("transferred", "given", "discarded", "struck")
KINDS = {"general": "一般図書", "children": "児童図書"}


def on_books(day: date, snapshot: dict, steps: list[dict]) -> dict[str, tuple[str, str]]:
    """Item → (branch, kind) of what is on the books when a day begins."""
    found = {}
    for item in snapshot["items"]:
        own = [step for step in steps if step["item_id"] == item["item_id"] and step["on_day"] < day.isoformat()]
        state = own[-1]["state"] if own else None
        received = item["accession_date"]
        if received and day <= received <= snapshot["as_of"]:
            continue
        held = (item["gone_on"] is None or item["gone_on"] > day) and item["status"] != "withdrawn"
        if state in ENDS:
            continue
        if state == "readmitted":
            held = held or own[-1]["on_day"] > snapshot["as_of"].isoformat()
        elif state:
            held = True
        if held:
            found[item["item_id"]] = (item["branch"], item["kind"])
    return found


def counted(year: int, start: dict, end: dict, steps: list[dict]) -> tuple[Counter, Counter]:
    """(branch, kind, column) → items, and reason → items that do not balance.

    snapshots: {"as_of", "items"}; steps: those that were not taken back, in order, with branch and kind as approved.
    """
    first, last = date(year, 4, 1), date(year + 1, 3, 31)
    there, then = on_books(first, start, steps), on_books(date(year + 1, 4, 1), end, steps)
    known = {item["item_id"]: item for item in end["items"]}
    going = [step for step in steps if first.isoformat() <= step["on_day"] <= last.isoformat()]
    cells, wrong = Counter(), Counter()
    for item_id in {*there, *then, *known, *(step["item_id"] for step in going)}:
        own = [step for step in going if step["item_id"] == item_id]
        outs = [step for step in own if step["state"] in ENDS]
        backs = [step for step in own if step["state"] == "readmitted"]
        item = known.get(item_id, {})
        received = bool(item.get("accession_date")) and first <= item["accession_date"] <= last
        if received and item["source"] == "reaccession" and backs:
            received = False
        moved = [step for step in own if step["state"] in (*ENDS, "readmitted")]
        if not (
            item_id in there
            or item_id in then
            or moved
            or received
            or (item.get("accession_date") and first <= item["accession_date"] <= last)
        ):
            continue
        branch = (
            then[item_id][0]
            if item_id in then
            else moved[-1]["branch"]
            if moved
            else item["branch"]
            if received
            else there[item_id][0]
            if item_id in there
            else item["branch"]
        )
        in_year = bool(item.get("accession_date")) and first <= item["accession_date"] <= last
        kind = (
            then[item_id][1]
            if item_id in then
            else item["kind"]
            if in_year
            else there[item_id][1]
            if item_id in there
            else moved[-1]["kind"]
        )

        def add(name: str, where: str = branch, what: str = kind, n: int = 1) -> None:
            cells[where, KINDS[what], name] += n

        if item_id in there:
            add("holdings_start", *there[item_id])
            if there[item_id][0] != branch:
                add("branch_moves_net", there[item_id][0], n=-1)
                add("branch_moves_net")
        if item_id in then:
            add("holdings_end", *then[item_id])
        name = (
            {"purchase": "purchased", "gift": "donated", "reaccession": "reaccessioned"}.get(item.get("source"))
            if received
            else None
        )
        if name:
            add(name)
        for _ in backs:
            add("reaccessioned")
        for step in outs:
            add("transferred" if step["state"] == "transferred" else "withdrawn")
        over = (item_id in there) + bool(name) + len(backs) - len(outs) - (item_id in then)
        if over > 0:
            wrong["gone"] += 1
        elif over < 0:
            wrong["no_source" if received and not name else "twice" if outs else "came"] += 1
        elif item_id in there and there[item_id][1] != (then[item_id][1] if item_id in then else kind):
            wrong["kind"] += 1
    return cells, wrong

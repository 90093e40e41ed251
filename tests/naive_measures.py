"""The naive twin of the measures: loops over rows, straight from the formulas of words/measures.toml and SEMANTICS.

A library is a dict of rows (bib, item, loan, as in a snapshot; judged, as flags have them) with its `as_of` day and
`loans_from`, the first month with loan figures. Each function that bears the name of a measure takes the rows of a group and
what is asked, and returns its value.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil


@dataclass
class Rows:
    """What is known of a group.

    stock: the items held, each with its groups and what was judged of it. happened: loans, accessions and losses of all items,
    each with its fiscal year. gaps: the loans of the last twelve months of held items, with the idle months before each.
    """

    stock: list[dict] = field(default_factory=list)
    happened: list[dict] = field(default_factory=list)
    gaps: list[dict] = field(default_factory=list)

    def where(self, holds) -> "Rows":
        return Rows(*([row for row in rows if holds(row)] for rows in (self.stock, self.happened, self.gaps)))

    def by(self, *names: str) -> dict[tuple, "Rows"]:
        groups = defaultdict(Rows)
        for kind in ("stock", "happened", "gaps"):
            for row in getattr(self, kind):
                getattr(groups[tuple(row.get(name) for name in names)], kind).append(row)
        return groups


@dataclass
class Asked:
    """whole: the groups that add up to 1. year: None for every year. loan_years: fiscal years with any loan."""

    whole: Rows
    year: int | None
    idle: int
    cover: int
    loan_years: set[int]


def fiscal_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def is_held(item: dict) -> bool:
    return item["gone_on"] is None and item["status"] != "withdrawn"


def rows_of(library: dict) -> Rows:
    """Everything that is known of a library."""
    bibs = {bib["bib_no"]: bib for bib in library["bib"]}
    groups = {item["item_no"]: groups_of(item, bibs.get(item["bib_no"])) for item in library["item"]}
    judged = {row["item_no"]: row for row in library["judged"]}
    stock = [
        {**judged[item["item_no"]], **groups[item["item_no"]], "edition": bibs.get(item["bib_no"], {}).get("unit_no")}
        for item in library["item"]
        if is_held(item)
    ]
    return Rows(stock, list(happened(library, groups)), list(gaps(library, groups)))


def groups_of(item: dict, bib: dict | None) -> dict:
    """The groups an item belongs to; ndc is its class of up to three digits."""
    bib = bib or {"ndc": None, "audience": None, "material": None}
    ndc = (bib["ndc"] or "")[:3] or None
    return {
        "whole": "", "branch": item["branch"], "location": item["location"],
        "audience": bib["audience"], "material": bib["material"],
        "shelf_class": "K" if bib["audience"] == "child" else ndc[0] if ndc else "-",
        "division": ndc and ndc[:2], "section": ndc, "ndc": ndc,
    }  # fmt: skip


def happened(library: dict, groups: dict[int, dict]) -> Iterable[dict]:
    for loan in library["loan"]:
        first = date(loan["month"] // 12, loan["month"] % 12 + 1, 1)
        yield {**groups[loan["item_no"]], "fiscal_year": fiscal_year(first), "loans": loan["loans"]}
    for item in library["item"]:
        own, came, went = groups[item["item_no"]], item["accession_date"], item["gone_on"]
        if came:
            spent = (item["price"] or 0) if item["source"] == "purchase" else 0
            yield {**own, "fiscal_year": fiscal_year(came), "came": 1, "source": item["source"], "spent": spent}
        if went:
            yield {**own, "fiscal_year": fiscal_year(went - timedelta(days=1)), "gone": 1}


def gaps(library: dict, groups: dict[int, dict]) -> Iterable[dict]:
    """Months since the loan before; before the first known one, since accession or since the loan figures begin."""
    last = month_number(library["as_of"] + timedelta(days=1)) - 1
    lent = defaultdict(list)
    for loan in library["loan"]:
        if loan["loans"] and loan["month"] <= last:
            lent[loan["item_no"]].append((loan["month"], loan["loans"]))
    for item in library["item"]:
        if not is_held(item):
            continue
        came, before = item["accession_date"], library["loans_from"]
        if came and before is not None:
            before = max(before, month_number(came))
        for month, loans in sorted(lent[item["item_no"]]):
            if month > last - 12:
                for nth in range(loans):
                    yield {**groups[item["item_no"]], "months": max(0, month - before) if nth == 0 else 0}
            before = month


def ratio(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def part_of(rows: list[dict], holds) -> float | None:
    return ratio(len([row for row in rows if holds(row)]), len(rows))


def sum_of(rows: list[dict], name: str) -> int:
    return sum(row.get(name, 0) for row in rows)


def in_year(part: Rows, asked: Asked) -> list[dict]:
    return [row for row in part.happened if asked.year in (None, row["fiscal_year"])]


def in_loan_years(part: Rows, asked: Asked) -> list[dict]:
    return [row for row in in_year(part, asked) if row["fiscal_year"] in asked.loan_years]


def quantile(part: Rows, p: float) -> float | None:
    """Of n years in order the one at p × (n − 1), counted from 0; between two of them in proportion."""
    years = sorted(row["pub_year"] for row in part.stock if row["pub_year"] is not None)
    if not years:
        return None
    low = int(p * (len(years) - 1))
    beyond = p * (len(years) - 1) - low
    return years[low] if beyond == 0 else years[low] + beyond * (years[low + 1] - years[low])


def holdings(part: Rows, asked: Asked) -> int:
    return len(part.stock)


def share(part: Rows, asked: Asked) -> float | None:
    return ratio(len(part.stock), len(asked.whole.stock))


def loans(part: Rows, asked: Asked) -> int | None:
    """None where there are no loan figures at all."""
    known = [row["loans_1y"] for row in part.stock if row["loans_1y"] is not None]
    return sum(known) if known else None


def loan_share(part: Rows, asked: Asked) -> float | None:
    return ratio(loans(part, asked), loans(asked.whole, asked))


def relative_use(part: Rows, asked: Asked) -> float | None:
    return ratio(loan_share(part, asked), share(part, asked))


def turnover(part: Rows, asked: Asked) -> float | None:
    return ratio(loans(part, asked), len(part.stock))


def freshness(part: Rows, asked: Asked) -> float | None:
    return ratio(sum_of(in_year(part, asked), "came"), len(part.stock))


def renewal(part: Rows, asked: Asked) -> float | None:
    moved = in_year(part, asked)
    return ratio(sum_of(moved, "came") + sum_of(moved, "gone"), len(part.stock))


def new_on_open(part: Rows, asked: Asked) -> float | None:
    on_open = [row for row in part.stock if row["location"] in ("open", None)]
    return part_of(on_open, lambda row: row["received"] == asked.year)


def never_lent(part: Rows, asked: Asked) -> float | None:
    return part_of([row for row in part.stock if row["circulates"]], lambda row: row["never_lent"])


def idle(part: Rows, asked: Asked) -> float | None:
    known = [row for row in part.stock if row["idle_years"] is not None]
    return part_of(known, lambda row: row["idle_years"] >= asked.idle)


def year_lower(part: Rows, asked: Asked) -> float | None:
    return quantile(part, 0.25)


def year_median(part: Rows, asked: Asked) -> float | None:
    return quantile(part, 0.5)


def year_upper(part: Rows, asked: Asked) -> float | None:
    return quantile(part, 0.75)


def past_shelf_life(part: Rows, asked: Asked) -> float | None:
    both = [row for row in part.stock if row["years_published"] is not None and row["class_shelf_life"] is not None]
    return part_of(both, lambda row: row["years_published"] > row["class_shelf_life"])


def copies_per_title(part: Rows, asked: Asked) -> float | None:
    records = [row["bib_no"] for row in part.stock if row["bib_no"] is not None]
    return ratio(len(records), len(set(records)))


def holds_per_copy(part: Rows, asked: Asked) -> float | None:
    asked_for = [row for row in part.stock if row["holds"]]
    holds = {row["edition"]: row["holds"] for row in asked_for}
    return ratio(sum(holds.values()), len([row for row in asked_for if row["usable"]]))


def received(part: Rows, asked: Asked) -> int:
    return sum_of(in_year(part, asked), "came")


def withdrawn(part: Rows, asked: Asked) -> int:
    return sum_of(in_year(part, asked), "gone")


def spent(part: Rows, asked: Asked) -> int:
    return sum_of(in_year(part, asked), "spent")


def loans_of_year(part: Rows, asked: Asked) -> int | None:
    """None in years without loan figures."""
    rows = in_loan_years(part, asked)
    return sum_of(rows, "loans") if rows else None


def cost_per_loan(part: Rows, asked: Asked) -> float | None:
    rows = in_loan_years(part, asked)
    return ratio(sum_of(rows, "spent"), sum_of(rows, "loans"))


def shelf_time(part: Rows, asked: Asked) -> int | None:
    """Of the loans in order of idleness, that with which `cover` per cent of them are reached."""
    months = sorted(row["months"] for row in part.gaps)
    return months[ceil(asked.cover * len(months) / 100) - 1] if months else None

"""The books as files: CSV and XLSX for a spreadsheet, PDF for paper."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from collection import books, criteria, paper, plans, report, sheets, steps, yearbook, years
from collection.books import Answer
from collection.policy import Policy
from collection.report import Year
from collection.sheets import csv_bytes, xlsx_bytes
from collection.words import Problem, code, say

FACTS = (
    "item_id", "title", "volume", "author", "publisher", "pub_year", "isbn", "ndc", "call_number", "branch", "location",
    "price", "accession_date", "source", "condition", "last_use", "idle_years", "loans_3y", "loans_total", "holds", "copies",
)  # fmt: skip
COUNTS = ("price", "loans_3y", "loans_total", "holds", "copies")


def register(
    found: pl.DataFrame, kind: str, library: str, period: str, policy: Policy | None, disclosed: bool = False
) -> bytes:
    """除籍簿 of a period (in words), in the order of 除籍日, as csv, xlsx or pdf; clauses are named as the policy has them."""
    found = found.reverse()
    if kind != "pdf":
        return _sheet(books.spoken(found, policy), kind, say("books.report_register", period=""))
    rows, cut = paper.cut([_register_row(row, policy) for row in found.iter_rows(named=True)])
    names = ("ended_on", "number_place", "book", "branch", "received", "ground", "decision", "end")
    return paper.pdf(
        "plain",
        {
            "library": library, "title": say("books.report_register", period=period), "as_of": _made_on(), "landscape": True,
            "told": [say("screens.books", n=f"{len(found):,}"), *([say("books.disclosed")] if disclosed else [])],
            "head": [books.heading(name) for name in names], "rows": rows, "widths": [9, 11, 27, 10, 10, 44, 11, 13],
            "right": [], "note": cut,
        },
    )  # fmt: skip


def year(found: Year, kind: str, library: str) -> bytes:
    """図書受入・除籍状況 as csv or xlsx in the columns of report.COLUMNS, or as pdf with its split and what does not agree."""
    title = say("books.report_year", year=years.spoken(found.year))
    if kind != "pdf":
        return _sheet(found.table, kind, say("books.report_year", year=found.year))
    spoken = found.table.with_columns(
        pl.col("branch").replace(report.ALL, report.branch_word(report.ALL)),
        pl.col("kind").replace({kind: report.kind_word(kind) for kind in report.KINDS}),
    )
    months = found.recycled.columns[1:-1]
    return paper.pdf(
        "year",
        {
            "library": library, "title": title, "as_of": _made_on(), "landscape": True, "rule": say("books.report_rule"),
            "told": found.notes,
            "failed": [*report.failures(found.table), *report.reasons(found)] or [say("books.report_balanced")],
            "head": [books.heading(name) for name in report.COLUMNS], "rows": _figures(spoken),
            "split_title": say("books.report_split"), "split_rows": _figures(_named(found.split)),
            "split_head": [books.heading(name) for name in found.split.columns],
            "recycled_title": say("books.report_recycled"), "recycled_rows": _figures(_named(found.recycled)),
            "recycled_head": [books.heading("branch"), *months, books.heading("total")],
        },
    )  # fmt: skip


def recycled(found: Year, kind: str, library: str) -> bytes:
    """リサイクル配布点数 by branch and month, as csv or xlsx; as pdf it stands on the sheets of the year."""
    return year(found, kind, library) if kind == "pdf" else _sheet(found.recycled, kind, say("books.report_recycled"))


def answer(known: Answer, library: str, policy: Policy | None, wording: str = "", disclosed: bool = False) -> bytes:
    """The history of one item as pdf: what became of it and why, what was known, every step.

    Args:
        wording: the official wording of the clause, where the library attached it.
    """
    head, rows = step_rows(known, policy)
    rows, _ = paper.cut(rows)
    item = known.item
    source = {
        "policy": item.get("policy") or "",
        "hash": item.get("policy_hash") or "",
        "as_of": item.get("as_of") or "",
    }
    return paper.pdf(
        "answer",
        {
            "library": library, "title": say("books.answer_title"), "as_of": _made_on(), "book": book(item),
            "note": say("books.disclosed") if disclosed else "", "told": books.sentences(known, policy), "wording": wording,
            "wording_title": say("books.answer_wording"), "facts_title": say("books.answer_facts"), "facts": facts(item),
            "source": say("books.answer_source", snapshot=item.get("snapshot") or "", **source) if item else "",
            "steps_title": say("books.answer_steps"), "head": head, "rows": rows, "widths": [12, 18, 34, 50],
        },
    )  # fmt: skip


def table(found: pl.DataFrame, kind: str, title: str) -> bytes:
    """Any other table of the books as csv or xlsx, with headings in the present language."""
    return _sheet(found.rename(books.heading), kind, title)


def book(item: dict) -> str:
    """Title, volume and author in a line; the number when nothing is known of it."""
    parts = [item.get("title"), item.get("volume")]
    title = " ".join(str(part) for part in parts if part)
    author = (item.get("author") or "").replace(";", "、")
    return " ／ ".join(part for part in (title, author) if part)


def facts(item: dict) -> list[tuple[str, str]]:
    """What was known of an item when it was decided on: heading and value in words, what was not known left out."""
    known = [name for name in FACTS if item.get(name) not in (None, "")]
    return [
        (books.heading(name) if name == "price" else sheets.heading(name), _fact(name, item[name])) for name in known
    ]


def step_rows(known: Answer, policy: Policy | None) -> tuple[list[str], list[list[str]]]:
    """The history as a table in words: headings; day, who, what was done, and with which reason."""
    head = [books.heading(name) for name in ("on_day", "who", "doing", "ground")]
    rows = []
    for row in known.steps.iter_rows(named=True):
        who = row["name"] if row["name"] == row["role"] else f"{row['name']}（{row['role']}）"
        clause = criteria.label(policy, row["clause"])
        listed = f"{books.heading('list_no')} {row['list_no']}" if row["list_no"] else ""
        said = "／".join(part for part in (clause, row["reason"], row["more"], listed) if part)
        rows.append([row["on_day"], who, f"{row['action']} → {row['state']}", said])
    return head, rows


def withdrawals(store: Path, fiscal_year: int, kind: str, library: str, policy: Policy | None) -> tuple[bytes, int]:
    """The register of a fiscal year as a file, and its rows."""
    found = books.register(store, books.of_year(fiscal_year))
    return register(found, kind, library, years.spoken(fiscal_year), policy), len(found)


def accession_withdrawal(
    store: Path, fiscal_year: int, kind: str, library: str, policy: Policy | None
) -> tuple[bytes, int]:
    """The table of a fiscal year as a file, and its rows."""
    found = report.of_year(store, fiscal_year)
    return year(found, kind, library), len(found.table)


def recycling(store: Path, fiscal_year: int, kind: str, library: str, policy: Policy | None) -> tuple[bytes, int]:
    """リサイクル配布点数 of a fiscal year as a file, and its rows."""
    found = report.of_year(store, fiscal_year)
    return recycled(found, kind, library), len(found.recycled)


def overview(store: Path, fiscal_year: int, kind: str, library: str, policy: Policy | None) -> tuple[bytes, int]:
    """The tables of the yearbook of a fiscal year as a file, and their rows. Raises Problem before the first flags."""
    if policy is None:
        raise Problem("books.report_needs_flags")
    return yearbook.overview(store, fiscal_year, kind, library, policy)


REPORTS: dict[str, Callable] = {
    "overview": overview,
    "targets": plans.report,
    "accession-withdrawal": accession_withdrawal,
    "withdrawals": withdrawals,
    "recycling": recycling,
}


def write(name: str, store: Path, fiscal_year: int, out: Path, library: str, policy: Policy | None = None) -> int:
    """Write one of REPORTS to a .csv, .xlsx or .pdf file; returns its rows. Raises Problem for another ending.

    Args:
        policy: the one that the newest flags were made by; None where there are none.
    """
    kind = out.suffix.lower().removeprefix(".")
    if kind not in ("csv", "xlsx", "pdf"):
        raise Problem("books.bad_report", out=out.name)
    content, rows = REPORTS[name](store, fiscal_year, kind, library, policy)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)
    return rows


def _register_row(row: dict, policy: Policy | None) -> list[str]:
    published = " ".join(str(part) for part in (row["publisher"], row["pub_year"]) if part)
    price = say("books.yen", n=f"{row['price']:,}") if row["price"] is not None else ""
    end = books.end_word(row["end"], row["to_whom"])
    if row["end"] == books.PENDING:
        end = say("books.pending_now", state=steps.word("road", row["now"]))
    return [
        row["ended_on"] or "", _lines(row["item_id"], row["call_number"]), _lines(book(row), published), row["branch"] or "",
        _lines(row["accession_date"], price), _lines(criteria.label(policy, row["clause"]), row["reason"], row["decided_because"]),
        _lines(row["decided_on"], row["decided_by"], row["list_no"]),
        _lines(end, row["back_on"] and say("books.back", day=row["back_on"])),
    ]  # fmt: skip


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _fact(name: str, value) -> str:
    if name in COUNTS:
        return f"{value:,}"
    if name == "idle_years":
        return f"{value:.1f}"
    return code(name, str(value))


def _named(found: pl.DataFrame) -> pl.DataFrame:
    return found.with_columns(pl.col("branch").replace(report.ALL, report.branch_word(report.ALL)))


def _figures(found: pl.DataFrame) -> list[list[str]]:
    return [[figure(value) if isinstance(value, int) else value for value in row] for row in found.iter_rows()]


def figure(value: int) -> str:
    """1,234 or △1,234."""
    return f"△{-value:,}" if value < 0 else f"{value:,}"


def _made_on() -> str:
    return say("books.made_on", day=date.today().isoformat())


def _sheet(found: pl.DataFrame, kind: str, title: str) -> bytes:
    return csv_bytes(found) if kind == "csv" else xlsx_bytes(found, title.strip())

"""The demo library as exchange files: Japanese headers and words in bibs and items, English headers elsewhere."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from collection import words
from collection.demo.figures import PLACES, branches
from collection.demo.shelves import FIRST_MONTH, LAST_MONTH
from collection.demo.vocabulary import bib_numbers, codes

SLICE = 200_000
LOCATIONS = ("open", "open", "reference", "closed", "office")  # of figures.PLACES
KEPT_FOR = ("1", "2", "1", "3", None, "永年", "2", "5", "1", "3")  # 保存年限 of serials in turn; None: not on file


def item_numbers(items: pl.DataFrame) -> np.ndarray:
    """資料番号 of item rows: ten digits in the order of accession."""
    numbers = np.empty(items.height, dtype=np.int64)
    numbers[np.argsort(items["accession"].to_numpy(), kind="stable")] = 1_100_000_001 + np.arange(items.height)
    return numbers


def bibs(folder: Path, named: pl.DataFrame) -> Path:
    """bibs.csv from records.in_words."""
    path = folder / "bibs.csv"
    named.rename(_japanese("bibs", named.columns)).write_csv(path)
    return path


def items(folder: Path, stock: pl.DataFrame, spine: pl.Series, price: pl.Series) -> Path:
    """items.csv from shelves.stock with lending.history, in the order of accession.

    Args:
        spine, price: call number and price of the bibs.
    """
    path = folder / "items.csv"
    stock = stock.with_columns(item_id=pl.Series(item_numbers(stock))).sort("item_id")
    with path.open("wb") as out:
        for start in range(0, stock.height, SLICE):
            text = _item_text(stock[start : start + SLICE], spine, price)
            text.write_csv(out, include_header=start == 0)
    return path


def _item_text(stock: pl.DataFrame, spine: pl.Series, price: pl.Series) -> pl.DataFrame:
    """A slice of the items under Japanese headers, codes in Japanese."""
    among_general = (pl.col("shelf") == 10) & (pl.col("place") == PLACES.index("open_general"))
    paid = pl.when(pl.col("source") == "purchase").then(price.gather(stock["bib"]))
    coded = {field: _coded(field) for field in ("source", "status", "condition", "retention")}
    dates = {
        field: pl.col(field).cast(pl.Date)
        for field in ("missing_confirmed_on", "due_date", "last_reminder_date", "issue_date", "last_loan_date")
    }
    columns = {
        "item_id": pl.col("item_id"),
        "bib_id": bib_numbers(stock["bib"]),
        "branch": pl.Series(branches()).gather(stock["branch"]),
        "location": codes("location", list(LOCATIONS)).gather(stock["place"]),
        "call_number": spine.gather(stock["bib"]),
        "accession_date": pl.col("accession").cast(pl.Date),
        "source": coded["source"],
        "price": paid,
        "status": coded["status"],
        "condition": coded["condition"],
        "missing_confirmed_on": dates["missing_confirmed_on"],
        "due_date": dates["due_date"],
        "reminders": pl.col("reminders"),
        "last_reminder_date": dates["last_reminder_date"],
        "unrecoverable": pl.when("unrecoverable").then(1),
        "retention": coded["retention"],
        "issue_date": dates["issue_date"],
        "loans_total": pl.col("loans_total"),
        "last_loan_date": dates["last_loan_date"],
        "note": pl.when(among_general).then(pl.lit(words.table("demo")["vocabulary"]["open_plan"])),
    }
    japanese = _japanese("items", list(columns))
    return stock.select(**{japanese[field]: value for field, value in columns.items()})


def _coded(field: str) -> pl.Expr:
    return pl.col(field).replace_strict(
        {code: word["ja"] for code, word in words.table("codes")[field].items()}, return_dtype=pl.String
    )


def _japanese(kind: str, fields: list[str]) -> dict[str, str]:
    return {field: words.table("fields")[kind][field]["ja"] for field in fields}


def loans(
    out: BinaryIO,
    numbers: np.ndarray,
    row: np.ndarray,
    month: np.ndarray,
    lent: np.ndarray,
    uses: list[np.ndarray] | None,
    header: bool,
) -> None:
    """Append one fiscal year to loans.csv; `uses` is (rows, months, in-house uses) of what is not lent."""
    frames = [pl.DataFrame({"row": row, "month": month, "loans": lent}).with_columns(in_house=pl.lit(None, pl.Int64))]
    if uses:
        read = dict(zip(("row", "month", "in_house"), uses, strict=True))
        frames.append(pl.DataFrame(read).select("row", "month", loans=pl.lit(0, pl.Int64), in_house="in_house"))
    year = pl.concat(frames)
    months = pl.Series([f"{number // 12}-{number % 12 + 1:02}" for number in range(FIRST_MONTH, LAST_MONTH + 1)])
    year.select(
        item_id=pl.Series(numbers).gather(year["row"]),
        month=months.gather(year["month"] - FIRST_MONTH),
        loans="loans",
        in_house="in_house",
    ).write_csv(out, include_header=header)


def holds(folder: Path, open_holds: pl.DataFrame) -> Path:
    """holds.csv from rows of bib, branch, holds."""
    path = folder / "holds.csv"
    open_holds.select(
        bib_id=bib_numbers(open_holds["bib"]), branch=pl.Series(branches()).gather(open_holds["branch"]), holds="holds"
    ).write_csv(path)
    return path


def retention(folder: Path, serials: pl.Series) -> Path:
    """retention.csv: a period for most serial titles, none on file for some."""
    path = folder / "retention.csv"
    years = pl.Series(KEPT_FOR).gather(pl.int_range(len(serials), eager=True) % len(KEPT_FOR))
    pl.DataFrame({"bib_id": bib_numbers(serials), "years": years}).drop_nulls().write_csv(path)
    return path


def partners(folder: Path) -> Path:
    """partners.csv: 18 schools and kindergartens, 10 nurseries, 3 others, with what they would take."""
    demo = words.table("demo")["partners"]
    listed = [
        line.split() for line in demo["schools"] + [f"保育所 {name} 60" for name in demo["nurseries"]] + demo["others"]
    ]
    path = folder / "partners.csv"
    for_adults = ("公民館", "その他", "高等学校")
    pl.DataFrame(
        {
            "partner_id": [f"P{number:03}" for number in range(1, len(listed) + 1)],
            "name": [name for _, name, _ in listed],
            "kind": [kind for kind, _, _ in listed],
            "wants_ndc": [demo["wants"][kind] for kind, _, _ in listed],
            "wants_audience": ["general" if kind in for_adults else "child" for kind, _, _ in listed],
            "capacity": [int(capacity) for _, _, capacity in listed],
        }
    ).write_csv(path)
    return path

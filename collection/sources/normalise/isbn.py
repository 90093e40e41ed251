"""ISBN: check digits, 10 → 13, and the 978 that spreadsheets and exports cut off."""

import re

import polars as pl

from collection.sources.normalise.text import plain

SHAPE = re.compile(r"97[89]\d{10}|\d{9}[\dX]")
DASHES = re.compile(r"[\s\-‐‑‒–—―−ー・]")


def isbn_of(text: str | None) -> tuple[str | None, str | None]:
    """The ISBN-13 that `text` holds: hyphens, width, a leading "ISBN" and words behind it do not matter.

    Returns:
        (13 digits, None); (13 digits, "isbn_mended") where a cut-off 978 was put back;
        (None, "isbn_wrong") where something is written that is no ISBN.
    """
    said = plain(text).upper()
    if not said:
        return None, None
    for part in re.split(r"[;,:(/|]|\s(?=[^\d\s-])", said.removeprefix("ISBN")):
        digits = DASHES.sub("", part).removeprefix("ISBN").lstrip("(:")
        if not SHAPE.fullmatch(digits):
            continue
        if len(digits) == 13:
            if digits[-1] == _check13(digits[:12]):
                return digits, None
        elif digits[-1] == _check10(digits[:9]):
            return "978" + digits[:9] + _check13("978" + digits[:9]), None
        elif digits[-1] == _check13("978" + digits[:9]):
            return "978" + digits, "isbn_mended"
    return None, "isbn_wrong"


def isbns(series: pl.Series) -> pl.Series:
    """`isbn_of` over a column: the plain forms (10 or 13 digits, hyphens) by vector, the odd rest one by one.

    Returns:
        A struct series with fields isbn (String) and reason (String), the length and order of `series`.
    """
    digits = pl.col("digits")
    number = [digits.str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(13)]
    thirteen = sum((number[place] * (3 if place % 2 else 1) for place in range(1, 13)), number[0])
    ten = sum((number[place] * (10 - place) for place in range(1, 9)), number[0] * 10)
    with_978 = 38 + sum((number[place] * (1 if place % 2 else 3) for place in range(1, 9)), number[0] * 3)
    check = ((10 - with_978 % 10) % 10).cast(pl.String)
    last = pl.when(digits.str.ends_with("X")).then(10).otherwise(number[9])
    frame = pl.DataFrame({"said": series}).with_columns(
        digits=pl.col("said").str.replace_all("-", "", literal=True).str.strip_chars(" ")
    )
    frame = frame.with_columns(
        is13=digits.str.contains(r"^97[89][0-9]{10}$"), is10=digits.str.contains(r"^[0-9]{9}[0-9X]$")
    )
    frame = frame.with_columns(
        isbn=pl.when(pl.col("is13") & (thirteen % 10 == 0))
        .then(digits)
        .when(pl.col("is10") & ((ten + last) % 11 == 0))
        .then(pl.lit("978") + digits.str.slice(0, 9) + check)
        .when(pl.col("is10") & (digits.str.slice(9, 1) == check))
        .then(pl.lit("978") + digits),
        reason=pl.when(pl.col("is10") & ((ten + last) % 11 != 0) & (digits.str.slice(9, 1) == check)).then(
            pl.lit("isbn_mended")
        ),
    )
    odd = frame["isbn"].is_null() & frame["said"].is_not_null()
    if odd.any():
        texts = frame["said"].filter(odd).unique()
        found = [isbn_of(text) for text in texts]
        rest = pl.DataFrame(
            {"said": texts, "isbn_odd": [one for one, _ in found], "reason_odd": [why for _, why in found]},
            schema_overrides={"isbn_odd": pl.String, "reason_odd": pl.String},
        )
        frame = frame.join(rest, on="said", how="left", maintain_order="left").with_columns(
            isbn=pl.coalesce("isbn", "isbn_odd"), reason=pl.coalesce("reason", "reason_odd")
        )
    return frame.select(pl.struct("isbn", "reason").alias(series.name or "isbn")).to_series()


def _check10(nine: str) -> str:
    left = (11 - sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11) % 11
    return "X" if left == 10 else str(left)


def _check13(twelve: str) -> str:
    return str((10 - sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve)) % 10) % 10)

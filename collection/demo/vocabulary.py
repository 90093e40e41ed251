"""The word parts of the demo library (words/demo.toml) as arrays that can be picked from by number."""

from functools import cache

import numpy as np
import polars as pl

from collection import words

KINDS = ("plain", "edition", "annual", "set", "bunko", "large_print", "translation")
STRATA = ("circulating", "serial", "reference", "office")


def parts(name: str) -> list[str]:
    """A list of word parts of [vocabulary]."""
    return words.table("demo")["vocabulary"][name].split()


@cache
def subjects() -> pl.DataFrame:
    """One row a subject: stratum, shelf (0–9, K), ndc, weight, style, content (end of the Cコード), words, local."""
    demo = words.table("demo")
    rows = []
    for entry in demo["subjects"]:
        shelf = entry["shelf"]
        rows += [("circulating", shelf, *_line(line)) for line in entry["lines"]]
        rows.append(("serial", shelf, *_line(f"{demo['serial_classes'][shelf]} 1 serial 00 {entry['serials']}")))
        if entry["reference"]:
            division, topics = entry["reference"].split(" ", 1)
            number = "031" if division == "03" else f"{division[0]}03.3" if division[1] == "0" else f"{division}0.33"
            rows.append(("reference", shelf, *_line(f"{number} 8 reference {shelf}0 {topics}")))
            number, topics = entry["yearbook"].split(" ", 1)
            rows.append(("reference", shelf, *_line(f"{number} 2 yearbook {shelf}0 {topics}")))
            desk = demo["office_subject"]["ndc"] if shelf == "0" else number
            rows.append(("office", shelf, *_line(f"{desk} {demo['office_subject']['line']}")))
    names = ["stratum", "shelf", "ndc", "weight", "style", "content", "words", "local"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("weight").cast(pl.Float64))


def _line(line: str) -> tuple:
    number, weight, style, content, *topics = line.split()
    local = topics.pop() if topics[-1].isascii() else None
    return number, weight, style, content, topics, local


@cache
def kind_shares() -> np.ndarray:
    """Subjects × kinds: the share of a subject's works that are editions, sets, reprints …; rows sum to 1."""
    shares = np.zeros((subjects().height, len(KINDS)))
    for row, style in enumerate(subjects()["style"]):
        for kind, per_mille in words.table("demo")["kinds"][style].items():
            shares[row, KINDS.index(kind)] = per_mille / 1000
    shares[:, 0] = 1 - shares.sum(axis=1)
    return shares


def codes(field: str, values: list[str | None] | tuple[str, ...]) -> pl.Series:
    """Japanese words of coded values, e.g. codes("status", ["on_loan"]) → ["貸出中"]; NULL stays NULL."""
    table = words.table("codes")[field]
    return pl.Series([table[value]["ja"] if value else None for value in values], dtype=pl.String)


def pick(choices: list[str], rng: np.random.Generator, count: int) -> pl.Series:
    """`count` of `choices` by chance."""
    return pl.Series(choices).gather(rng.integers(0, len(choices), count))


def pick_by(choices: list[str], column: str, divisor: int = 1) -> pl.Expr:
    """One of `choices` by the number in a column."""
    return (pl.col(column) // divisor % len(choices)).replace_strict(dict(enumerate(choices)), return_dtype=pl.String)


def bib_numbers(rows: pl.Series) -> pl.Series:
    """書誌番号 of bib rows."""
    return pl.select(pl.format("B{}", (rows + 1).cast(pl.String).str.zfill(7))).to_series()

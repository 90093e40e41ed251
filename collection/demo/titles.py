"""Fictional titles, edition statements and volume numbers of the demo library."""

import polars as pl

from collection import words
from collection.demo.vocabulary import KINDS, parts, pick_by


def titles(frame: pl.DataFrame) -> pl.Series:
    """Each bib's title by a pattern of its style."""
    styles = words.table("demo")["styles"]
    made = []
    rows = frame.with_row_index("row").with_columns(
        pl.when("hidden")
        .then(pl.lit("hidden"))
        .otherwise(pl.col("style").replace({"translated": "novel"}))
        .alias("style")
    )
    for (style,), of_style in rows.partition_by("style", as_dict=True).items():
        patterns = styles[style]
        for number, pattern in enumerate(patterns):
            some = of_style.filter(pl.col("pattern") % len(patterns) == number)
            made.append(some.select("row", title=_filled(pattern)))
    series = pick_by(parts("serial_heads"), "pattern")
    spoken = pl.concat(made).sort("row")["title"]
    return frame.select(
        pl.when(pl.col("style") == "serial").then(pl.concat_str(series, spoken)).otherwise(spoken)
    ).to_series()


def _filled(pattern: str) -> pl.Expr:
    """A pattern with its {slots} filled from the columns of those names."""
    pieces = []
    for piece in pattern.split("{"):
        slot, closed, text = piece.rpartition("}")
        pieces += [pl.col(slot)] if closed else []
        pieces += [pl.lit(text)] if text else []
    return pl.concat_str(pieces)


def editions(frame: pl.DataFrame) -> pl.Series:
    """第2版, 改訂版 … for editions; 2019年版 or 令和元年版 for annuals; nothing for a first edition."""
    year, nth = pl.col("published").cast(pl.Int32), pl.col("position") + 1
    era = (
        pl.when(year > 2019).then(pl.format("令和{}年版", year - 2018))
        .when(year == 2019).then(pl.lit("令和元年版"))
        .when(year > 1988).then(pl.format("平成{}年版", year - 1988))
        .otherwise(pl.format("昭和{}年版", year - 1925))
    )  # fmt: skip
    annual = (
        pl.when(pl.col("style").is_in(["law", "official", "yearbook"]) & (pl.col("variant") % 2 == 0))
        .then(era)
        .otherwise(pl.format("{}年版", year))
    )
    named = pick_by(["改訂版", "新訂版", "増補改訂版"], "variant", 8)
    edition = (
        pl.when((pl.col("position") == 1) & (pl.col("variant") % 5 < 2))
        .then(named)
        .when(nth > 1)
        .then(pl.format("第{}版", nth))
    )
    return frame.select(
        pl.when(pl.col("kind") == KINDS.index("edition"))
        .then(edition)
        .when(pl.col("kind") == KINDS.index("annual"))
        .then(annual)
    ).to_series()


def volumes(frame: pl.DataFrame) -> pl.Series:
    """Volume of a set: 上・下, 上・中・下 or a number."""
    of_two = pl.col("position").replace_strict({0: "上", 1: "下"}, default=None, return_dtype=pl.String)
    of_three = pl.col("position").replace_strict({0: "上", 1: "中", 2: "下"}, default=None, return_dtype=pl.String)
    plain = (pl.col("position") + 1).cast(pl.String)
    volume = (
        pl.when((pl.col("size") == 2) & (pl.col("variant") % 3 > 0))
        .then(of_two)
        .when((pl.col("size") == 3) & (pl.col("variant") % 3 > 0))
        .then(of_three)
    )
    return frame.select(pl.when(pl.col("kind") == KINDS.index("set")).then(volume.otherwise(plain))).to_series()

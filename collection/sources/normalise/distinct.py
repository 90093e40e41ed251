"""A plain function over a column, run once for each distinct value."""

from collections.abc import Callable

import polars as pl


def each_distinct(series: pl.Series, function: Callable, dtype: pl.DataType | type) -> pl.Series:
    """`function` of every value of `series` as a series of `dtype`, same length and order; null stays null.

    Args:
        series: any values.
        function: one value in, one value of `dtype` out; called once for each distinct value.
        dtype: the Polars type of the result.
    """
    values = series.drop_nulls().unique()
    return series.replace_strict(
        values, pl.Series([function(value) for value in values], dtype=dtype), default=None, return_dtype=dtype
    )

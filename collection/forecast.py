"""予測: what models/use foresees of the loans of each item, beside the facts. No rule reads it.

Everything here works without a forecast: the views are empty, and what is asked for is None or has no rows.
"""

from pathlib import Path

import duckdb
import polars as pl

from collection.store.connection import sql
from models import artefact

MODEL = "use"
HORIZONS = (12, 36)  # months


def attach(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Give a cursor the views `forecast` (item_no, loans_12, low_12, high_12, lent_12, loans_36, lent_36) and `branch_forecast`
    (unit_no, branch, loans_12, low_12, high_12) of the snapshot attached to it as facts_of_day; empty when there is no forecast.

    Returns:
        whether there is one.
    """
    file = of_cursor(cursor)
    schema = file and artefact.attached(cursor, file)
    items = f"{schema}.item_forecast" if schema else f"({sql('queries/forecast_no_items')})"
    branches = f"{schema}.branch_forecast" if schema else f"({sql('queries/forecast_no_branches')})"
    cursor.execute(sql("queries/forecast_items").format(source=items))
    cursor.execute(sql("queries/forecast_branches").format(source=branches))
    return file is not None


def of_cursor(cursor: duckdb.DuckDBPyConnection) -> Path | None:
    """The artefact over the snapshot attached to a cursor as facts_of_day."""
    known = cursor.execute(sql("queries/forecast_snapshot")).fetchall()
    return file_of(Path(known[0][0])) if known else None


def file_of(snapshot: Path) -> Path | None:
    """The artefact over a snapshot; None when there is none that fits."""
    return artefact.found(snapshot, MODEL)


def mark(snapshot: Path) -> str:
    """Changes with every forecast made over a snapshot: what was read with one is kept ready under it. Empty without one."""
    file = file_of(snapshot)
    return f"{file.name}-{file.stat().st_mtime_ns}" if file else ""


def of_item(cursor: duckdb.DuckDBPyConnection, item_no: int) -> dict | None:
    """What is foreseen of one item: the columns of `forecast`; None when nothing is."""
    attach(cursor)
    found = cursor.sql(sql("queries/forecast_item"), params={"item_no": item_no}).pl()
    return found.row(0, named=True) if len(found) else None


def regret(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Of the candidates of today, those likely to be lent again (forecast_regret.sql), by criterion and class."""
    attach(cursor)
    return cursor.sql(sql("queries/forecast_regret")).pl()


def backtest(cursor: duckdb.DuckDBPyConnection, file: Path, horizon: int) -> pl.DataFrame:
    """The back-test by class (forecast_backtest.sql), with ratio, loans told ÷ loans that came (null where none did)."""
    found = _of_artefact(cursor, file, "backtest", horizon)
    return found.with_columns(ratio=pl.when(pl.col("actual") > 0).then(pl.col("model") / pl.col("actual")))


def calibration(cursor: duckdb.DuckDBPyConnection, file: Path, horizon: int) -> pl.DataFrame:
    """Of forecasts that said about as much, what came (forecast_calibration.sql)."""
    return _of_artefact(cursor, file, "calibration", horizon)


def looked_back(cursor: duckdb.DuckDBPyConnection, file: Path, horizon: int) -> pl.DataFrame:
    """Of what the rule would have taken at past cutoffs, what was foreseen to be lent after and what was, latest first."""
    return _of_artefact(cursor, file, "looked_back", horizon)


def _of_artefact(cursor: duckdb.DuckDBPyConnection, file: Path, name: str, horizon: int) -> pl.DataFrame:
    query = sql(f"queries/forecast_{name}").format(schema=artefact.attached(cursor, file))
    return cursor.sql(query, params={"horizon": horizon}).pl()

"""Train 規則と人のちがい: a calibrated logistic regression, tried on later lists against two baselines, and what parts ways."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, StratifiedKFold

from collection.policy import Policy
from collection.progress import Progress
from collection.words import Problem
from models import drift
from models.agreement import design, parting
from models.agreement.decided import OF_EACH, decided, need, now, then
from models.artefact import SEED

STAGE = "models_agreement.stage_fit"
TRIED = 0.25  # the part of the decisions, in the latest lists, that the model is tried on
STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0)  # how freely coefficients may move (C); cross-validation chooses
BINS = 10  # of the reliability
SPREAD = {"idle_years": [3, 5, 7, 10, 15], "years_published": [5, 10, 15, 20, 30], "score": [10, 20, 30, 40, 50]}


def train(connection: duckdb.DuckDBPyConnection, store: Path, policy: Policy, progress: Progress) -> dict:
    """Make the tables item_agreement, reliability, factor, parting and proposal; returns the figures.

    Raises:
        Problem: too few decisions, of one kind only, or all from the same lists.
    """
    decision = decided(store)
    known = then(connection, policy, decision)
    need(known)
    progress(STAGE, 1, 4)
    tried, bins = trial(known)
    progress(STAGE, 2, 4)
    columns, strength, coefficients, predict = fit(known)
    today = now(connection, store, policy).filter(pl.col("criterion").is_in(familiar(known).implode()))
    likely = predict(today) if len(today) else np.empty(0)
    progress(STAGE, 3, 4)
    groups = parting.groups(connection, known)
    proposals = parting.proposals(connection, store, policy, known)
    tables = {
        "item_agreement": today.select("item_no", likely_kept=pl.Series(likely, dtype=pl.Float64)),
        "reliability": bins, "factor": design.factors(columns, coefficients), "parting": groups, "proposal": proposals,
    }  # fmt: skip
    for name, table in tables.items():
        connection.register("made", table)
        connection.execute(f"CREATE TABLE {name} AS FROM made")
        connection.unregister("made")
    progress(STAGE, 4, 4)
    outcomes = dict(decision["outcome"].value_counts().sort("outcome").iter_rows())
    return {
        "learnt_from": {"rows": len(known), "from": known["decided_on"][0][:7], "to": known["decided_on"][-1][:7]},
        "spread": {name: drift.spread(today[name], edges) for name, edges in SPREAD.items()},
        "outcomes": outcomes | {"unknown": int(decision["told"].is_null().sum())},
        "lists": known["list_no"].n_unique(), "kept": int(known["kept"].sum()), "strength": strength, **tried,
    }  # fmt: skip


def familiar(known: pl.DataFrame) -> pl.Series:
    """The criteria under which the committee has decided often enough to foretell it."""
    return known["criterion"].value_counts().filter(pl.col("count") >= design.FEWEST)["criterion"].sort()


def trial(known: pl.DataFrame) -> tuple[dict, pl.DataFrame]:
    """How well the earlier lists foretell the later ones: figures against the baselines, and the reliability.

    Returns:
        lists and decisions on either side; log_loss and brier of model, overall (the kept share) and criterion (that of
        each criterion), and whether the model is better than both; and bins: low, high (of the forecast), decisions, expected (mean forecast), kept (observed share).
    """
    ends = known.group_by("closing").len().sort("closing", descending=True)
    later = ends.filter(pl.col("len").cum_sum().shift(1, fill_value=0) < TRIED * len(known)).head(len(ends) - 2)
    late = pl.col("closing").is_in(later["closing"].implode())
    past, future = known.filter(~late), known.filter(late)
    *_, predict = fit(past)
    overall = past["kept"].mean()
    by_criterion = past.group_by("criterion").agg(share=(pl.col("kept").sum() + overall) / (pl.len() + 1))
    shares = future.join(by_criterion, on="criterion", how="left", maintain_order="left")["share"].fill_null(overall)
    forecasts = {"model": predict(future), "overall": np.full(len(future), overall), "criterion": shares.to_numpy()}
    truth = future["kept"].to_numpy()
    figures = {
        "tried": {"past": len(past), "past_lists": past["list_no"].n_unique(), "future": len(future),
                  "future_lists": future["list_no"].n_unique(), "kept": int(truth.sum())},
        "log_loss": {name: float(log_loss(truth, told, labels=[False, True])) for name, told in forecasts.items()},
        "brier": {name: float(brier_score_loss(truth, told, labels=[False, True])) for name, told in forecasts.items()},
    }  # fmt: skip
    errors = [figures[error] for error in ("log_loss", "brier")]
    figures["better"] = all(told["model"] < min(told["overall"], told["criterion"]) for told in errors)
    return figures, reliability(forecasts["model"], truth)


def reliability(likely: np.ndarray, truth: np.ndarray) -> pl.DataFrame:
    """Forecast against outcome in at most BINS bins of equally many decisions: low, high, decisions, expected, kept."""
    ranked = pl.DataFrame({"likely": likely, "kept": truth}).sort("likely")
    size = -(-len(ranked) // BINS)
    return (
        ranked.with_row_index()
        .group_by(bin=pl.col("index") // size)
        .agg(
            low=pl.col("likely").min(), high=pl.col("likely").max(), decisions=pl.len(), expected=pl.col("likely").mean(),
            kept=pl.col("kept").mean(),
        )
        .sort("bin").drop("bin")
    )  # fmt: skip


def fit(known: pl.DataFrame) -> tuple[list[design.Column], float, np.ndarray, Callable[[pl.DataFrame], np.ndarray]]:
    """Columns, the chosen strength, the coefficients, and a function from features to how likely each item is kept.

    Folds keep a list together, so that the choice and the calibration are for lists not seen.

    Raises:
        Problem: all that is learnt from was kept, or all withdrawn.
    """
    kept = known["kept"].to_numpy()
    if min(kept.sum(), (~kept).sum()) < 5:
        raise Problem("models_agreement.one_sided", kept=int(kept.sum()), withdrawn=int((~kept).sum()), need=OF_EACH)
    columns = design.learn(known)
    told = design.matrix(columns, known)
    folds = _folds(told, kept, known["list_no"].to_numpy())
    plain = LogisticRegression(max_iter=2000)
    searched = GridSearchCV(plain, {"C": STRENGTHS}, scoring="neg_log_loss", cv=folds).fit(told, kept)
    calibrated = CalibratedClassifierCV(searched.best_estimator_, method="sigmoid", cv=folds).fit(told, kept)

    def predict(features: pl.DataFrame) -> np.ndarray:
        return calibrated.predict_proba(design.matrix(columns, features))[:, 1]

    return columns, searched.best_params_["C"], searched.best_estimator_.coef_[0], predict


def _folds(told: np.ndarray, kept: np.ndarray, lists: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Up to five folds by list; by item where a fold by list would see only one outcome."""
    by_list = StratifiedGroupKFold(min(5, len(set(lists))), shuffle=True, random_state=SEED)
    if len(set(lists)) > 1:
        folds = list(by_list.split(told, kept, lists))
        if all(len(set(kept[part])) == 2 for fold in folds for part in fold):
            return folds
    return list(StratifiedKFold(5, shuffle=True, random_state=SEED).split(told, kept))

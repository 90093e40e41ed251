"""規則と人のちがい: what the committee tends to keep, where it parts ways with the rules, and the values that would follow it.

Also the agenda in the order of that forecast, for the screens of the committee.
"""

import html
from pathlib import Path

import altair as alt
import polars as pl
import streamlit as st

from collection import criteria, words
from collection.pages import charts, frame, tell, whatif_controls
from collection.pages.models_parts import At
from collection.pages.tell import t
from collection.policy import Policy
from collection.store import snapshots
from models import artefact
from models.agreement import decided, likely, parting
from models.artefact import Manifest

FACTORS = 15  # shown; those that say most
GROUPS = 20
CODES = {"survivor_kind": "survivor"}  # feature → the table of its words, where that has another name
ORDERS = ("list", "likely")


def summary(manifest: Manifest) -> str:
    """How well later lists were foretold, against the kept share of each criterion."""
    figures = manifest.figures
    smaller = 1 - figures["brier"]["model"] / min(figures["brier"]["overall"], figures["brier"]["criterion"])
    said = {"n": tell.books(figures["learnt_from"]["rows"]), "future": tell.books(figures["tried"]["future"])}
    if not figures["better"]:
        return t("models_agreement.summary_not", **said)
    return t("models_agreement.summary", smaller=f"{smaller * 100:.0f}%", **said)


def show(at: At) -> None:
    """The trial, what goes with being kept, where people and rules part ways, and the proposals."""
    if at.file is None:
        known = decided.decided(frame.store()).filter(pl.col("outcome").is_in(["kept", "withdrawn"]))
        lack = max(decided.DECISIONS - len(known), 0)
        st.info(t("models_agreement.none", n=tell.number(len(known)), need=decided.DECISIONS, lack=lack))
        return
    found = likely.found(at.file)
    _trial(at, found["reliability"])
    _factors(at.policy, found["factor"])
    _parting(at.policy, found["parting"])
    _proposals(at.policy, found["proposal"])


def agenda(snapshot: Path, flags: Path, found: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """The items of a list in the order that the person asks for, and that order: list, or likely (kept first).

    likely_kept, in per cent, is told in that order only; without a model that does better than its baselines
    nothing is asked and the order is the list's own.
    """
    file = artefact.found(snapshot, "agreement")
    if file is None or not artefact.manifest(file).figures["better"] or found.is_empty():
        return found.with_columns(likely_kept=pl.lit(None, pl.Float64)), "list"
    asked = st.query_params.get("order")
    st.session_state["agenda_order"] = order = asked if asked in ORDERS else "list"

    def changed() -> None:
        st.query_params["order"] = st.session_state["agenda_order"]

    st.segmented_control(
        t("models_agreement.order"), ORDERS, format_func=lambda name: t(f"models_agreement.order_{name}"), required=True,
        key="agenda_order", on_change=changed, help=t("models_agreement.order_help"),
    )  # fmt: skip
    if order == "list":
        return found.with_columns(likely_kept=pl.lit(None, pl.Float64)), order
    with frame.cursor(snapshot, flags) as own:
        told = likely.of_items(own, file, found["item_id"].to_list())
    told = told.with_columns(likely_kept=(pl.col("likely_kept") * 100).round(0))
    found = found.join(told, on="item_id", how="left", maintain_order="left")
    return found.sort("likely_kept", descending=True, nulls_last=True, maintain_order=True), order


def likely_column() -> dict:
    """How st.dataframe shows likely_kept, which it does only in that order: who reads the list as it is reads no forecast."""
    help = t("models_agreement.order_help")
    return st.column_config.NumberColumn(t("models_agreement.head_likely"), format="%d%%", width=70, help=help)


def _trial(at: At, bins: pl.DataFrame) -> None:
    figures = at.manifest.figures
    tried, outcomes = figures["tried"], figures["outcomes"]
    st.markdown(t(
        "models_agreement.learnt", rows=tell.books(figures["learnt_from"]["rows"]), lists=figures["lists"],
        kept=tell.books(figures["kept"]), first=figures["learnt_from"]["from"], last=figures["learnt_from"]["to"],
    ))  # fmt: skip
    left = {name: tell.books(outcomes.get(name, 0)) for name in ("held", "barred", "waiting", "unknown")}
    st.caption(t("models_agreement.left_out", **left))
    rows = [
        {"by": t(f"models_agreement.by_{by}"), "log_loss": figures["log_loss"][by], "brier": figures["brier"][by]}
        for by in ("model", "criterion", "overall")
    ]
    st.subheader(t("models_agreement.trial"), anchor=False)
    st.caption(t("models_agreement.trial_how", **{name: tell.number(n) for name, n in tried.items()}))
    if not figures["better"]:
        st.warning(t("models_agreement.no_better"))
    figure = {name: lambda value: tell.number(value, 3) for name in ("log_loss", "brier")}
    tell.table(
        pl.DataFrame(rows), figure, named={name: t(f"models_agreement.{name}") for name in ("by", "log_loss", "brier")}
    )
    named = {name: t(f"models_agreement.bin_{name}") for name in ("low", "high", "decisions", "expected", "kept")}
    spoken = {name: tell.percent for name in ("low", "high", "expected", "kept")}
    expected, kept = (bins["decisions"] * bins[name] for name in ("expected", "kept"))
    charts.figure(
        "agreement_reliability", t("models_agreement.reliability", expected=tell.books(round(expected.sum())), kept=tell.books(round(kept.sum()))),
        lambda dark: _reliability(bins, named, dark), bins, method=t("models_agreement.reliability_method"),
        as_of=snapshots.as_of(at.snapshot), spoken=spoken, named=named,
    )  # fmt: skip


def _reliability(bins: pl.DataFrame, named: dict, dark: bool) -> alt.Chart:
    """Forecast across, outcome up; what lies on the line came as foretold."""
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format=".0%", tickCount=5)
    ends = pl.DataFrame({"expected": [0.0, 1.0], "kept": [0.0, 1.0]})
    side = {
        "x": alt.X("expected:Q", title=named["expected"], scale=scale, axis=axis),
        "y": alt.Y("kept:Q", title=named["kept"], scale=scale, axis=axis),
    }
    line = alt.Chart(ends).mark_line(color=charts.grey(dark), strokeDash=[4, 3]).encode(**side)
    tips = [
        alt.Tooltip("expected:Q", title=named["expected"], format=".0%"),
        alt.Tooltip("kept:Q", title=named["kept"], format=".0%"),
        alt.Tooltip("decisions:Q", title=named["decisions"]),
    ]
    points = alt.Chart(bins).mark_point(filled=True, size=70, color=charts.blue(dark)).encode(**side, tooltip=tips)
    return (line + points).properties(height=260)


def _factors(policy: Policy, found: pl.DataFrame) -> None:
    """The coefficients in words, each with the decisions behind it."""
    st.subheader(t("models_agreement.factors"), anchor=False)
    st.caption(t("models_agreement.factors_how"))
    rows = [
        {"what": _factor(policy, row), "factor": row["factor"], "decisions": row["decisions"]}
        for row in found.head(FACTORS).iter_rows(named=True)
    ]
    spoken = {"what": html.escape, "factor": lambda factor: t("models_agreement.times", factor=f"{factor:.2f}")}
    tell.table(
        pl.DataFrame(rows),
        spoken,
        named={name: t(f"models_agreement.head_{name}") for name in ("what", "factor", "decisions")},
    )


def _factor(policy: Policy, row: dict) -> str:
    name = tell.label(row["feature"])
    if row["value"] is None:
        return t("models_agreement.factor_step", name=name, step=f"{row['step']:g}")
    return t("models_agreement.factor_value", name=name, value=_value(policy, row["feature"], row["value"]))


def _value(policy: Policy, feature: str, value: str) -> str:
    """A value of a feature in words; a band of years by its ends."""
    if feature in ("idle_years", "years_published") and value.isdigit():
        lows = parting.IDLE if feature == "idle_years" else parting.PUBLISHED
        after = next((low for low in lows if low > int(value)), None)
        said = {"low": value, "high": "" if after is None or after - 1 == int(value) else after - 1}
        key = "band_open" if after is None else "band_year" if said["high"] == "" else "band"
        return t(f"models_agreement.{key}", **said)
    if feature == "criterion" and value != "none":
        return criteria.label(policy, value)
    if value in ("none", "unknown", "yes", "no"):
        return t(f"models_agreement.value_{value}")
    return words.code(CODES.get(feature, feature), value)


def _parting(policy: Policy, found: pl.DataFrame) -> None:
    """Groups in which people keep far more, or far less, than elsewhere under the same criterion."""
    st.subheader(t("models_agreement.parting"), anchor=False)
    if found.is_empty():
        st.markdown(t("models_agreement.parting_none", least=parting.FEWEST))
        return
    st.caption(t("models_agreement.parting_how", least=parting.FEWEST, far=f"{parting.FAR * 100:g}"))
    rows = [
        {
            "criterion": criteria.label(policy, row["criterion"]),
            "group": f"{tell.label(row['kind'])}: {_value(policy, row['kind'], row['value'])}",
            "decisions": row["decisions"], "kept": _interval(row["share"], row["low"], row["high"]),
            "rest": _interval(row["rest_share"], row["rest_low"], row["rest_high"]),
        }
        for row in found.head(GROUPS).iter_rows(named=True)
    ]  # fmt: skip
    tell.table(
        pl.DataFrame(rows),
        named={name: t(f"models_agreement.parting_{name}") for name in rows[0] if name != "criterion"},
    )


def _interval(share: float, low: float, high: float) -> str:
    return t("models_agreement.interval", share=tell.percent(share), low=tell.percent(low), high=tell.percent(high))


def _proposals(policy: Policy, found: pl.DataFrame) -> None:
    """Operating values that would follow what people do, each with its effect and its way to 試算."""
    st.subheader(t("models_agreement.proposals"), anchor=False)
    if found.is_empty():
        st.markdown(t("models_agreement.proposals_none"))
        return
    st.caption(t("models_agreement.proposals_how"))
    for row in found.iter_rows(named=True):
        scenario = parting.scenario(row)
        [(name, before, after)] = whatif_controls.changes(policy, scenario)
        spared = row["candidates"] - row["candidates_then"]
        said = {
            "criterion": criteria.label(policy, row["criterion"]), "decisions": tell.number(row["decisions"]),
            "kept": tell.number(row["kept"]), "rest": tell.percent(row["rest_kept"] / row["rest_decisions"]),
            "spared": tell.books(spared), "then": tell.books(row["candidates_then"]),
        }  # fmt: skip
        with st.container(border=True, gap="xxsmall"):
            st.markdown(tell.plain(t("models_agreement.proposal", name=name, before=before, after=after)))
            st.caption(tell.plain(t("models_agreement.proposal_why", **said)))
            frame.link("whatif", t("models_agreement.try"), _address(scenario))


def _address(scenario: dict) -> dict[str, list[str]]:
    """The address of 試算 with a scenario (see whatif_controls.py)."""
    values = [f"{name}:{number}" for name, number in scenario["values"].items()]
    classes = [f"{prefix}:{said.get('idle_years', '')}:{said.get('shelf_life', '')}" for prefix, said in scenario["classes"].items()]  # fmt: skip
    return {name: told for name, told in (("v", values), ("c", classes)) if told}

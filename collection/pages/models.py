"""モデル: what each model is for, how well it did against its baseline, and what has drifted since."""

import html
from urllib.parse import urlencode

import polars as pl
import streamlit as st

import models
from collection import progress, roles, words
from collection.pages import (
    frame,
    models_agreement,
    models_anomalies,
    models_local,
    models_parts,
    models_similar,
    models_use,
    tell,
)  # fmt: skip
from collection.pages.models_parts import At
from collection.pages.tell import t
from collection.words import Problem
from models import artefact
from models.anomalies import findings

VIEWS = {
    "similar": models_similar, "use": models_use, "local": models_local, "agreement": models_agreement,
    "anomalies": models_anomalies,
}  # fmt: skip
ALL = "all"
FLAGGED = "similar"  # made whenever the rules are applied
SECRET = {"anomalies": findings.ROLE}  # models of which only this role reads what was found

person = frame.enter("models")
snapshot, flags, policy = frame.need_flags()
told: dict[str, Problem] = st.session_state.setdefault("models_told", {})  # why a model could not be made


def turn() -> None:
    """Another view, from its beginning."""
    lang = {name: st.query_params.get_all(name) for name in ("lang",) if name in st.query_params}
    st.query_params.from_dict(lang | {"model": [st.session_state["models_view"]]})


def train(names: list[str]) -> None:
    """Makes models anew while the page waits; what could not be made is told and what was there stays."""
    roles.require(person, "train")
    if not models_parts.TRAINING.acquire(blocking=False):
        st.warning(t("models.busy"))
        return
    try:
        bar = st.progress(0.0)
        st.caption(t("models.training", models="、".join(words.code("model", name) for name in names)))
        for name in names:
            told.pop(name, None)
            try:
                models.train(frame.store(), flags, policy, name, progress.page(bar))
            except Problem as problem:
                told[name] = problem
    finally:
        models_parts.TRAINING.release()
    st.rerun()


def may_read(name: str) -> bool:
    return SECRET.get(name) is None or SECRET[name] in person.roles


def line(name: str, at: At) -> dict:
    """A model as a row of the overview."""
    why = f" {told[name]}" if name in told else ""
    result = VIEWS[name].summary(at.manifest) if at.manifest and may_read(name) else ""
    return {
        "model": name, "for": t(f"models.for_{name}"), "state": models_parts.state(at, name) + why,
        "result": result if may_read(name) else t("models.secret"),
    }  # fmt: skip


def link(name: str) -> str:
    query = html.escape(urlencode(frame.with_language({"model": [name]}), doseq=True))
    said = html.escape(words.code("model", name))
    return f'<a href="models?{query}" target="_self" style="white-space:nowrap">{said}</a>'


def overview() -> None:
    """All models in a table, and how to make them."""
    stand = {name: models_parts.at(snapshot, flags, policy, name) for name in VIEWS}
    st.caption(t("models.about"))
    if not any(at.file or artefact.refused(snapshot, name) for name, at in stand.items() if name != FLAGGED):
        st.info(t("models.empty" if roles.may(person, "train") else "models.empty_ask"))
    rows = pl.DataFrame([line(name, at) for name, at in stand.items()])
    tell.table(rows, {"model": link}, named={name: t(f"models.{name}") for name in rows.columns})
    if roles.may(person, "train") and st.button(t("models.train_all"), type="primary", key="train_all"):
        train(list(VIEWS))


def one(name: str) -> None:
    """One model: how it stands, its card, its own view, its drift and what it was made with."""
    at = models_parts.at(snapshot, flags, policy, name)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(models_parts.state(at, name), width="content")
        asked = roles.may(person, "train") and st.button(t("models.train"), key=f"train_{name}")
    if asked:
        train([name])
    if name in told:
        st.warning(tell.plain(str(told[name])))
    models_parts.card(name)
    if at.file or name not in told:
        VIEWS[name].show(at)
    if at.manifest:
        models_parts.drifted(at, name)
        models_parts.made_with(at.manifest)


st.header(t("page_models"), anchor=False)
asked = st.query_params.get("model", ALL)
st.session_state["models_view"] = view = asked if asked in VIEWS else ALL
st.segmented_control(
    t("page_models"), [ALL, *VIEWS], key="models_view", on_change=turn, required=True, label_visibility="collapsed",
    format_func=lambda name: t("models.view_all") if name == ALL else words.code("model", name),
)  # fmt: skip
overview() if view == ALL else one(view)

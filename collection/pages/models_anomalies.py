"""気になる動き: what stands out in loans, dates and tags, told to a manager with the evidence and without a verdict."""

import json

import polars as pl
import streamlit as st

from collection import accounts, words
from collection.pages import card_view, frame, tell
from collection.pages.models_parts import At
from collection.pages.tell import t
from collection.roles import Person
from models.anomalies import bounds, findings
from models.artefact import Manifest

KINDS = ("woken_class", "woken_shelf", "burst", "after", "moved", "back", "tags_keep", "tags_withdraw")
SHOWN = 50  # findings of a kind


def summary(manifest: Manifest) -> str:
    """How many findings there are; the page asks for it only for a manager."""
    found = sum(manifest.figures["found"].values())
    return t("models_anomalies.summary", n=found) if found else t("models_anomalies.nothing")


def show(at: At) -> None:
    """The findings by kind, or the items of the one in the address. Who is no manager reads neither."""
    person = frame.enter("models")
    if findings.ROLE not in person.roles:
        st.info(t("models_anomalies.not_allowed"))
        return
    st.caption(t("models_anomalies.about"))
    if at.file is None:
        st.info(t("models_anomalies.none"))
        return
    found = findings.all(at.file, person)
    asked = st.query_params.get("finding", "")
    chosen = (
        found.filter(pl.col("finding") == int(asked))
        if asked.isascii() and asked.isdigit() and len(asked) < 7
        else found.clear()
    )
    if len(chosen):
        _one(at, person, chosen.row(0, named=True))
        return
    if found.is_empty():
        st.success(t("models_anomalies.nothing"))
    for (kind,), rows in found.group_by("kind", maintain_order=True):
        _kind(kind, rows)
    _looked(at.manifest, found.is_empty())


def _kind(kind: str, rows: pl.DataFrame) -> None:
    st.subheader(t(f"models_anomalies.kind_{kind}"), anchor=False)
    st.caption(t(f"models_anomalies.may_be_{kind}"))
    if len(rows) > SHOWN:
        st.caption(t("models_anomalies.more", shown=SHOWN, n=tell.number(len(rows))))
    names = _names()
    for row in rows.head(SHOWN).iter_rows(named=True):
        with st.container(border=True, gap="xxsmall"):
            st.markdown(tell.plain(_sentence(row, names)))
            query = {"model": ["anomalies"], "finding": [str(row["finding"])]}
            frame.link("models", t("models_anomalies.items", n=tell.books(row["items"])), query)


def _one(at: At, person: Person, row: dict) -> None:
    """One finding with its items."""
    frame.link("models", t("models_anomalies.back"), {"model": ["anomalies"]})
    st.subheader(t(f"models_anomalies.kind_{row['kind']}"), anchor=False)
    st.markdown(tell.plain(_sentence(row, _names())))
    st.caption(t(f"models_anomalies.may_be_{row['kind']}"))
    with frame.cursor(at.snapshot, at.flags) as own:
        rows = findings.items(own, at.file, person, row["finding"])
    if row["items"] > len(rows):
        st.caption(t("models_anomalies.cut", shown=len(rows), n=tell.books(row["items"])))
    shown = rows.select(
        "item_id", "call_number", tell.title_of(), tell.author_of(), "branch", "month", "loans", "idle", "verdict"
    )
    empty = [name for name in ("month", "loans", "idle") if shown[name].is_null().all()]
    spoken = {"item_id": card_view.item_link, "month": tell.month, "verdict": tell.verdict_html}
    named = {name: t(f"models_anomalies.head_{name}") for name in ("month", "loans", "idle")}
    tell.table(shown.drop(empty), spoken, named=named)


def _sentence(row: dict, names: dict[str, str]) -> str:
    """A finding in words: what was seen, and what is usual."""
    said = {
        **json.loads(row["evidence"]),
        "branch": row["branch"] or "", "month": tell.month(row["month"]), "day": row["day"] or "",
        "mark": words.code("shelf_class", row["shelf_class"]) if row["shelf_class"] else t("models_anomalies.classes"),
        "items": tell.number(row["items"]), "usual": _usual(row["expected"]),
        "name": names.get(row["person"], row["person"] or ""), "least": bounds.LOANS, "idle_years": bounds.IDLE // 12,
    }  # fmt: skip
    return t(f"models_anomalies.said_{row['kind']}", **said)


def _usual(expected: float) -> str:
    return (
        t("models_anomalies.usual_less") if expected < 0.1 else t("models_anomalies.usual", n=tell.number(expected, 1))
    )


def _names() -> dict[str, str]:
    return {account.id: account.name for account in accounts.all(frame.store())}


def _looked(manifest: Manifest, opened: bool) -> None:
    """What was looked at, so that an empty list tells something."""
    figures = manifest.figures
    with st.expander(t("models_anomalies.looked"), expanded=opened):
        st.caption(t("models_anomalies.false_alarms", part=tell.percent(bounds.ALARMS), times=f"{bounds.TIMES:g}"))
        rows = pl.DataFrame([
            {"kind": t(f"models_anomalies.kind_{kind}"), "what": t(f"models_anomalies.what_{kind}"),
             "looked": figures["looked"].get(kind, 0), "found": figures["found"].get(kind, 0)}
            for kind in KINDS
        ])  # fmt: skip
        named = {name: t(f"models_anomalies.head_{name}") for name in ("what", "looked", "found")}
        tell.table(rows, named=named | {"kind": t("models_anomalies.head_kind")})

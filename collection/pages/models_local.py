"""モデル, 隠れた地域資料: how well the learnt words find what is marked, beside the pack's list, and the words themselves."""

import html
from pathlib import Path

import polars as pl
import streamlit as st

from collection import local, sheets
from collection.pages import frame, tell
from collection.pages.models_parts import At
from collection.pages.tell import t
from models import artefact
from models.artefact import Manifest

ROWS = 60
SHOWN = ("kind", "word", "weight", "records", "marked", "clue")


def summary(manifest: Manifest) -> str:
    """The precision on the held-out half beside that of the pack's list."""
    held_out = manifest.figures["held_out"]
    if manifest.figures["line"] is None:
        return t("models_local.summary_none", listed=tell.percent(held_out["list"]["precision"]))
    parts = {
        f"{name}_{part}": tell.percent(held_out[name][part])
        for name in ("model", "list") for part in ("precision", "recall")
    }  # fmt: skip
    return t("models_local.summary", **parts)


def show(at: At) -> None:
    """The figures on the held-out half, the way to the list, and the words learnt."""
    if at.manifest is None:
        st.info(t("models_local.empty"))
        return
    st.subheader(summary(at.manifest), anchor=False)
    st.caption(_method(at.manifest.figures))
    _compared(at.manifest.figures["held_out"])
    if at.manifest.figures["line"] is not None:
        n = tell.number(at.manifest.figures["listed"])
        frame.link("local", t("models_local.to_list", n=n), {"view": ["likely"]}, width="content")
    _words(at)


def _method(figures: dict) -> str:
    held_out, check = figures["held_out"], figures["check"]
    told = t(
        "models_local.method", marked=tell.number(figures["marked"]), records=tell.number(held_out["records"]),
        of=tell.number(held_out["marked"]),
    )  # fmt: skip
    if figures["line"] is None:
        return told
    checked = t("models_local.checked", precision=tell.percent(check["precision"]), line=f"{figures['line']:.2f}")
    return f"{told}{checked}"


def _compared(held_out: dict) -> None:
    """Model, list and both together on the held-out half, one row each."""
    rows = [
        {
            "by": t(f"models_local.by_{name}"), "found": held_out[name]["found"], "right": held_out[name]["right"],
            "precision": held_out[name]["precision"], "recall": held_out[name]["recall"],
            "first": t("models_local.of_first", n=held_out[name]["first_right"], first=held_out[name]["first"]),
        }
        for name in ("model", "list", "both")
    ]  # fmt: skip
    found = pl.DataFrame(rows, schema_overrides={"precision": pl.Float64, "recall": pl.Float64})
    named = {name: t(f"models_local.{name}") for name in found.columns}
    tell.table(found, {"precision": tell.percent, "recall": tell.percent}, named=named)


@st.cache_data(max_entries=3, show_spinner=False)
def _read(snapshot: str, flags: str, file: str, _made: str, _at: At) -> pl.DataFrame:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return local.words(own, artefact.attached(own, Path(file)), _at.policy)


def _words(at: At) -> None:
    """The words learnt, those that the pack's list lacks on their own."""
    found = _read(str(at.snapshot), str(at.flags), str(at.file), at.manifest.made_at, at)
    lacking = found.filter(pl.col("clue").is_null())
    st.subheader(
        t("models_local.words", n=tell.number(found.height), lacking=tell.number(lacking.height)), anchor=False
    )
    st.caption(t("models_local.words_method"))
    lacks = st.query_params.get("words") != "all"
    st.toggle(t("models_local.only_lacking"), value=lacks, key="local_words", on_change=_turn)
    told = (lacking if lacks else found).with_columns(
        pl.col("kind").replace({kind: t(f"models_local.kind_{kind}") for kind in local.SAID_IN}),
        pl.col("clue").fill_null(t("models_local.not_listed")),
    )
    named = {name: t(f"models_local.{name}") for name in SHOWN}
    tell.table(told.head(ROWS).select(SHOWN), {"weight": lambda weight: html.escape(f"{weight:.2f}")}, named=named)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if told.height > ROWS:
            st.caption(t("models_local.more", n=tell.number(told.height - ROWS)), width="content")
        st.download_button(
            "CSV", lambda: sheets.csv_bytes(told.select(SHOWN).rename(named)), file_name="local-words.csv",
            mime="text/csv", key="local_words_csv", on_click="ignore",
        )  # fmt: skip


def _turn() -> None:
    if st.session_state["local_words"]:
        st.query_params.pop("words", None)
    else:
        st.query_params["words"] = "all"

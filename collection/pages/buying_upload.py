"""新刊案内を読む: a publisher's or vendor's list, what becomes of each of its rows, and what of it is put on the list."""

import tempfile
from pathlib import Path

import polars as pl
import streamlit as st

from collection import decisions, sheets, words
from collection.buying import files, keeping, vendor
from collection.pages import buying_acts, buying_ready, doing, frame, tell
from collection.pages.buying_parts import At
from collection.pages.tell import t
from collection.selection import identify
from collection.words import Problem

TYPES = ["csv", "tsv", "txt", "xlsx", "mrc", "marc", "xml"]
SHOWN = 100


def button(at: At) -> None:
    """Opens the place where a list is read, and closes it again."""
    if at.may("propose"):
        st.toggle(t("buying.upload"), key="vendor_open")


def show(at: At) -> None:
    """Where a list is read, and what was read until it is put on the list or cleared away."""
    state = st.session_state
    if not (at.may("propose") and state.get("vendor_open")):
        return
    turn = state.setdefault("vendor_turn", 0)
    frame.uploader_words()
    with st.container(border=True, gap="xsmall", key="vendor"):
        st.caption(t("buying.upload_help"))
        uploaded = st.file_uploader(
            t("buying.upload_ask"), type=TYPES, key=f"vendor_{turn}", label_visibility="collapsed"
        )
        if uploaded and state.get("vendor_file") != uploaded.file_id:
            state["vendor_file"] = uploaded.file_id
            state["vendor_read"] = _read(at, uploaded.name, uploaded.getvalue())
        read = state.get("vendor_read")
        if isinstance(read, str):
            st.error(tell.plain(read))
        elif read:
            _fates(at, *read)
        if read:
            st.button(t("buying.upload_clear"), on_click=_clear, type="tertiary")


def _read(at: At, name: str, content: bytes) -> tuple[str, pl.DataFrame] | str:
    """The file's name, what becomes of its rows and the lines to keep; or why it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="collection-") as folder, st.spinner(t("buying.weighing")):
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        try:
            found = vendor.read(path, buying_ready.branches(*at.files))
        except Problem as problem:
            return str(problem)
        with identify.opened(at.snapshot) as titles:
            decisions.attach(titles, frame.store())
            return vendor.weigh(titles, at.policy, found, buying_ready.every(at), buying_ready.asked(at), at.as_of)


def _fates(at: At, fates: pl.DataFrame, keep: pl.DataFrame) -> None:
    counts = dict(fates.group_by("fate").len().iter_rows())
    told = "　".join(f"{fate_word(fate)} **{tell.number(counts[fate])}**" for fate in vendor.FATES if fate in counts)
    st.markdown(f"{t('buying.upload_rows', n=tell.number(len(fates)))}　{told}")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            t("buying.upload_keep", n=tell.number(len(keep))), type="primary", key="vendor_keep", disabled=keep.is_empty(),
            on_click=_keep, args=(at, keep),
        )  # fmt: skip
        language = words.language.get()
        for kind, mime in sheets.MIME.items():
            st.download_button(
                t(f"buying.upload_take_{kind}"), data=lambda kind=kind: _file(fates, kind, language), mime=mime,
                file_name=f"fates.{kind}", key=f"vendor_{kind}", on_click="ignore",
            )  # fmt: skip
    rest = fates.filter(~pl.col("fate").is_in(vendor.KEPT[:1]))
    if len(rest):
        st.caption(t("buying.upload_rest", n=tell.number(min(len(rest), SHOWN)), all=tell.number(len(rest))))
        shown = spoken(rest.head(SHOWN)).select("line", "title", "fate", "reason", "article")
        tell.table(shown, named={name: files.heading(name) for name in shown.columns})


def fate_word(fate: str) -> str:
    """What becomes of a row, in words."""
    return t(f"buying.fate_{fate}")


def spoken(fates: pl.DataFrame) -> pl.DataFrame:
    """The fates in words, why a row could not be read among the reasons."""
    why = pl.col("why").replace(
        {name: t(f"buying.unread_{name}") for name in ("no_title", "bad_line", "copies", "branch")}
    )
    return fates.with_columns(
        reason=pl.coalesce(why, "reason"), fate=pl.col("fate").replace({fate: fate_word(fate) for fate in vendor.FATES})
    )


def _file(fates: pl.DataFrame, kind: str, language: str) -> bytes:
    with words.speaking(language):
        told = spoken(fates).select("line", "title", "fate", "no", "reason", "article").rename(files.heading)
        return sheets.csv_bytes(told) if kind == "csv" else sheets.xlsx_bytes(told, t("buying.upload"))


def _keep(at: At, keep: pl.DataFrame) -> None:
    def propose(person) -> str:
        return buying_acts.said_of(keeping.propose(frame.store(), person, at.policy, keep))

    if doing.act("buying", propose):
        _clear()


def _clear() -> None:
    state = st.session_state
    state["vendor_turn"] += 1
    state.pop("vendor_read", None)

"""取込: files or a folder in, how their columns are read, what became of every row, and the rules applied."""

import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from collection import adopted, flag, imports, overview, progress, roles, sources, words
from collection.pages import frame, reconcile_view, tell
from collection.pages.tell import t
from collection.words import Problem

person = frame.enter("imports")
snapshot, flags, _ = frame.head(t("page_imports"))


def chosen_files(uploaded: list, folder: str, keep: Path) -> list[Path]:
    """The files to read: those sent by the browser, written into `keep`, and the folder on the server."""
    found = []
    for number, file in enumerate(uploaded):
        target = keep / str(number) / Path(file.name).name
        target.parent.mkdir()
        with target.open("wb") as out:
            while piece := file.read(1 << 20):
                out.write(piece)
        file.seek(0)
        found.append(target)
    return [*found, Path(folder).expanduser()] if folder else found


def explain(files: list[Path]) -> list[tuple[str, str, str]]:
    """How each column of each file would be understood: file name, text, and the mapping to edit (TOML)."""
    told = []
    for file in [inner for path in files for inner in (sorted(path.iterdir()) if path.is_dir() else [path])]:
        try:
            told.append((file.name, *sources.explain(file)))
        except Problem as problem:
            told.append((file.name, str(problem), ""))
    return told


def explained(told: list[tuple[str, str, str]]) -> None:
    """Shows what `explain` found, with each mapping to take away."""
    for name, text, mapping in told:
        st.markdown(f"**{tell.plain(name)}**")
        st.code(text, language=None, wrap_lines=True)
        if mapping:
            st.download_button(
                t("imports_mapping"), data=mapping, file_name=f"{name}.mapping.toml", mime="application/toml",
                key=f"mapping_{name}", on_click="ignore",
            )  # fmt: skip


def outcomes(result: imports.Result) -> None:
    """What became of every row, what was noticed, and the rows to mend."""
    st.success(t("imports_done", day=result.as_of.isoformat()) if result.snapshot else t("imports_same"))
    st.subheader(t("imports_outcomes"), anchor=False)
    names = ("file", "kind", "encoding", "rows", "loaded", "changed", "unchanged", "skipped", "error", "gone")
    found = pl.DataFrame([{name: getattr(file, name) for name in names} for file in result.files])
    tell.table(found, {"kind": tell.kinds})
    if result.notes:
        st.subheader(t("imports_notes"), anchor=False)
        told = [
            {"file": note.file, "outcome": t(f"outcome_{note.outcome}"), "told": str(note), "rows": note.rows,
             "line": note.example_line, "example": note.example}
            for note in result.notes
        ]  # fmt: skip
        tell.table(
            pl.DataFrame(told, schema_overrides={"line": pl.Int64, "example": pl.String}, infer_schema_length=None)
        )


def reject_files() -> None:
    """The rows that could not be imported, newest file first, as they were sent."""
    files = imports.rejects(frame.store())[:5]
    if not files:
        return
    st.subheader(t("imports_rejects"), anchor=False)
    st.caption(t("imports_rejects_help"))
    with st.container(horizontal=True, gap="small"):
        for file in files:
            name = file.name
            label = t("imports_download", file=name)
            st.download_button(label, data=file.read_bytes, file_name=name, key=f"reject_{name}", on_click="ignore")


st.caption(t("imports_choose"))
left, right = st.columns(2, gap="medium")
frame.uploader_words()
uploaded = left.file_uploader(t("imports_upload"), accept_multiple_files=True, key="uploaded")
left.caption(t("upkeep.upload_limit", limit=f"{st.get_option('server.maxUploadSize'):,}"))
folder = right.text_input(t("imports_folder"), key="folder").strip()
with right:
    as_of = st.date_input(t("imports_as_of"), value=date.today(), format="YYYY-MM-DD", key="as_of", width=180)
    partial = st.checkbox(t("imports_partial"), key="partial", wrap=True)
    accept_gone = st.checkbox(t("imports_accept_gone"), key="accept_gone", wrap=True)
with st.container(horizontal=True, gap="small"):
    asked = st.button(t("imports_explain"), disabled=not (uploaded or folder))
    run = st.button(t("imports_run"), type="primary", disabled=not (uploaded or folder))

if asked or run:
    roles.require(person, "import")
    with tempfile.TemporaryDirectory(prefix="collection-") as keep:
        files = chosen_files(uploaded or [], folder, Path(keep))
        try:
            if asked:
                with st.spinner(t("imports_explaining")):
                    st.session_state["explained"] = explain(files)
            else:
                st.session_state.pop("explained", None)
                bar = st.progress(0.0)
                result = imports.import_files(
                    frame.store(), as_of, files, partial=partial, accept_gone=accept_gone, progress=progress.page(bar)
                )
                bar.empty()
                st.session_state["result"] = result
                st.rerun()
        except Problem as problem:
            st.error(tell.plain(str(problem)))

if "explained" in st.session_state:
    explained(st.session_state["explained"])
if "result" in st.session_state:
    outcomes(st.session_state["result"])
elif snapshot:
    st.subheader(t("imports_last"), anchor=False)
    with frame.cursor(snapshot, flags) as own:
        last = overview.imports(own)
    tell.table(
        last.select("file", "kind", "encoding", "rows", "loaded", "changed", "unchanged", "skipped", "error", "gone"),
        {"kind": tell.kinds},
    )
reject_files()
if snapshot:
    reconcile_view.show(snapshot)

if snapshot:
    st.subheader(t("imports_flag"), anchor=False)
    day = frame.snapshots.as_of(snapshot)
    packs = {folder.parent.name: folder.parent for folder in sorted(frame.PACKS.glob("*/policy.toml"))}
    last = frame.snapshots.last_policy(frame.store())
    pack = st.selectbox(
        t("imports_policy"), list(packs), list(packs).index(last) if last in packs else None, key="pack", width=260,
        placeholder=t("imports_choose_policy"),
    )  # fmt: skip
    policy = adopted.policy_on(frame.store(), packs[pack], day) if pack else None
    if policy:
        st.caption(t("imports_flag_hint", policy=policy.title[words.language.get()]))
    if st.button(t("imports_flag"), type="secondary" if flags else "primary", key="flag", disabled=policy is None):
        roles.require(person, "flag")
        with st.spinner(t("imports_flagging"), show_time=True):
            flag.flag(frame.store(), policy, day, progress=progress.page(st.progress(0.0)))
        frame.go("home")

"""A file of thousands: sent, checked, looked through by verdict, taken out as a file, and taken as judged."""

import html
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl
import streamlit as st

from collection import progress, roles, sheets, words
from collection.pages import doing, frame, requests_parts, tell
from collection.pages.requests_parts import At
from collection.pages.tell import t
from collection.policy.model import VERDICTS
from collection.requests import checking, reading, taking, tokens
from collection.requests.checking import Answer
from collection.requests.reading import Requests
from collection.roles import Person
from collection.words import Problem

SHOWN, ASIDE_SHOWN = 200, 50
EVERY, ASIDE = "all", "aside"


@dataclass
class Batch:
    """The file that is worked through in this session.

    numbers: row → number of the request it became. taken: the numbers of rows that became requests before the last check.
    """

    requests: Requests
    found: Answer
    language: str
    numbers: dict[int, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)


def show(at: At) -> None:
    """The file, from sending it to taking what it asks for."""
    batch = st.session_state.get("req_batch") or _sent(at)
    if batch is None:
        return
    if batch.language != words.language.get():
        _check(at, batch)
    aside = checking.aside(batch.found)
    _told(batch)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if roles.may(at.person, "take_request"):
            _take(batch, aside)
        _downloads(batch.found)
        st.button(t("requests.check_again"), on_click=_check, args=(at, batch), key="req_again")
        st.button(t("requests.file_away"), on_click=_away, key="req_away")
    _one_by_one(batch, aside)
    _table(batch, aside)


def _sent(at: At) -> Batch | None:
    """Asks for a file, and reads and checks it; what is wrong with it is said instead."""
    st.caption(t("requests.file_help"))
    frame.uploader_words()
    turn = st.session_state.setdefault("req_turn", 0)
    kinds = ["csv", "tsv", "txt", "xlsx"]
    sent = st.file_uploader(t("requests.file"), type=kinds, key=f"req_file_{turn}", label_visibility="collapsed")
    if sent is None:
        return None
    bar = st.progress(0.0)
    try:
        with tempfile.TemporaryDirectory(prefix="collection-") as folder:
            path = Path(folder) / Path(sent.name).name
            path.write_bytes(sent.getvalue())
            requests = reading.read(path, tokens.hasher(frame.store()), progress=progress.page(bar))
        found = checking.answer(frame.store(), at.snapshot, at.policy, requests.titles, at.as_of, progress.page(bar))
    except Problem as problem:
        bar.empty()
        st.error(tell.plain(str(problem)))
        return None
    st.session_state["req_batch"] = Batch(requests, found, words.language.get())
    st.rerun()


def _check(at: At, batch: Batch) -> None:
    """Checks anew what is left of the file: the ledger has gone on, or another language is spoken."""
    frame.speak()
    batch.language = words.language.get()
    left = batch.requests.titles.filter(~pl.col("row").is_in(list(batch.numbers)))
    if len(left):
        titles = left.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
        batch.requests = replace(batch.requests, titles=titles)
        batch.taken += batch.numbers.values()
        batch.numbers = {}
        batch.found = checking.answer(frame.store(), at.snapshot, at.policy, titles, at.as_of)


def _away() -> None:
    st.session_state.pop("req_batch", None)
    st.session_state["req_turn"] += 1


def _told(batch: Batch) -> None:
    """How many requests there are, by verdict, and what is wrong with the file."""
    counts = {verdict: n for verdict, n in checking.counts(batch.found).items() if n}
    said = "　".join(f"{tell.taking_html(verdict)} {tell.number(n)}" for verdict, n in counts.items())
    rows = t("requests.file_rows", file=batch.requests.file, n=tell.number(len(batch.found.asked)))
    st.html(f"<div>{html.escape(rows)}　{said}</div>")
    if batch.requests.errors:
        st.warning(t("requests.checked_errors", n=tell.number(batch.requests.errors)))
    if batch.requests.notes:
        with st.expander(t("requests.file_notes", n=len(batch.requests.notes))):
            for note in batch.requests.notes:
                st.caption(tell.plain(str(note)))
    if numbers := sorted([*batch.taken, *batch.numbers.values()]):
        st.caption(t("requests.file_taken", n=tell.number(len(numbers)), first=numbers[0], last=numbers[-1]))


def _table(batch: Batch, aside: pl.DataFrame) -> None:
    """The first rows of one verdict, or of those that a person looks at."""
    counts = checking.counts(batch.found)
    options = [EVERY, *(verdict for verdict in VERDICTS if counts[verdict]), *([ASIDE] if len(aside) else [])]

    def name(option: str) -> str:
        if option == EVERY:
            return f"{t('requests.every')} {tell.number(len(batch.found.asked))}"
        if option == ASIDE:
            return f"{t('requests.aside')} {tell.number(len(aside))}"
        return f"{tell.taking(option)} {tell.number(counts[option])}"

    chosen = st.pills(
        t("requests.head_verdict"), options, default=EVERY, required=True, wrap=True, format_func=name,
        key="req_file_verdict", label_visibility="collapsed",
    )  # fmt: skip
    whole = checking.result(batch.found).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    whole = whole.join(batch.found.asked.select("row", "title", "isbn"), on="row", how="left", maintain_order="left")
    if chosen == ASIDE:
        whole = whole.join(aside, on="row", maintain_order="left")
    elif chosen != EVERY:
        whole = whole.filter(pl.col("verdict") == chosen)
    shown = whole.head(SHOWN).select(
        "request_id", pl.col("title").fill_null(pl.col("isbn")).str.slice(0, 80), "verdict", "article", "reason", "match_score",
        taken_as=pl.col("row").replace_strict(batch.numbers, default="", return_dtype=pl.String),
    )  # fmt: skip
    with st.container(key="req_rows"):
        tell.table(
            shown, {"verdict": tell.taking_html, "taken_as": lambda number: requests_parts.number_html(number) if number else ""},
            named={name: t(f"requests.head_{name}") for name in shown.columns if name != "title"},
        )  # fmt: skip
    if len(whole) > SHOWN:
        st.caption(t("requests.first_rows", n=SHOWN, all=tell.number(len(whole))))


def _downloads(found: Answer) -> None:
    with st.popover(t("take_out")):
        for kind, mime in sheets.MIME.items():

            def make(kind: str = kind) -> bytes:
                rows = checking.result(found)
                return sheets.csv_bytes(rows) if kind == "csv" else sheets.xlsx_bytes(rows, "requests")

            st.download_button(
                t("requests.download", kind=kind.upper(), n=tell.number(len(found.asked))), data=make, mime=mime,
                file_name=f"requests.{kind}", key=f"req_download_{kind}", on_click="ignore",
            )  # fmt: skip


def _take(batch: Batch, aside: pl.DataFrame) -> None:
    """Takes everything as judged, but what a person looks at."""
    left = set(batch.found.asked["row"]) - set(aside["row"]) - set(batch.numbers)
    rows = sorted(left)
    if not rows:
        return

    def verb(person: Person) -> str:
        batch.numbers |= taking.take(frame.store(), person, batch.found, rows)
        return t("requests.took", n=tell.number(len(rows)))

    with st.popover(t("requests.take_all", n=tell.number(len(rows)))):
        counted = batch.found.checked.rows.filter(pl.col("row").is_in(rows))["verdict"].value_counts()
        for verdict, n in sorted(counted.iter_rows(), key=lambda pair: VERDICTS.index(pair[0])):
            st.html(f"<div>{tell.taking_html(verdict)} {tell.number(n)}</div>")
        st.caption(t("requests.take_all_help", n=tell.number(len(aside))))
        st.button(
            t("requests.take_all_do", n=tell.number(len(rows))), type="primary", key="req_take_all",
            on_click=doing.act, args=("requests", verb),
        )  # fmt: skip


def _one_by_one(batch: Batch, aside: pl.DataFrame) -> None:
    """The requests left for a person, each to be opened as one request."""
    left = aside.filter(~pl.col("row").is_in(list(batch.numbers)))
    if left.is_empty():
        return
    titles = batch.found.asked.rows_by_key("row", named=True, unique=True)
    label = t("requests.one_by_one", n=tell.number(len(left)))
    with st.expander(label), st.container(gap="xxsmall"):
        for row, why in left.head(ASIDE_SHOWN).iter_rows():
            title = requests_parts.title_of(titles[row])[:80]
            said = t("requests.aside_line", title=title, why=t(f"requests.aside_{why}"))
            frame.link("requests", tell.plain(said), {"view": ["ask"], "row": [str(row)]})
        if len(left) > ASIDE_SHOWN:
            st.caption(t("requests.first_rows", n=ASIDE_SHOWN, all=tell.number(len(left))))

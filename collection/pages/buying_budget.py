"""資料費: the line above the list, and the view where the manager sets a year's pots and sees what is left of each."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from collection import sheets, words, years
from collection.buying import budget, budget_file, files
from collection.pages import buying_ready, doing, frame, tell
from collection.pages.buying_parts import At
from collection.pages.tell import t
from collection.words import Problem

HEADS = ("branch", "shelf_class", "budget", "spent", "ordered", "requested", "left", "unpriced")


def line(at: At) -> None:
    """What the year's money is and where it goes, in one line."""
    money = buying_ready.money(at)
    spoken = {name: _yen(money[name]) for name in ("budget", "spent", "ordered", "chosen", "requested")}
    said = {"year": years.spoken(buying_ready.year()), **spoken}
    told = (
        t("buying.no_budget", **said)
        if money["budget"] is None
        else t("buying.money", **said, free=_yen(money["free"]))
    )
    unknown = t("buying.unpriced", n=tell.number(money["unpriced"])) if money["unpriced"] else ""
    st.markdown(f"{told}{unknown}", help=t("buying.help_money"))


def _yen(value: int | None) -> str:
    return "" if value is None else t("buying.yen", n=tell.number(value))


@dataclass(frozen=True)
class _Year:
    """A fiscal year with its budget, newest first, and what is left."""

    year: int
    history: list[budget.Budget]

    @property
    def now(self) -> budget.Budget:
        return self.history[0] if self.history else budget.present(frame.store(), self.year)


def show(at: At) -> None:
    """The view of one fiscal year, which stands in the address."""
    fiscal = _year()
    seen = _Year(fiscal, budget.history(frame.store(), fiscal))
    _left(at, seen)
    if at.may("set_budget"):
        with st.container(key="stacked_budget"):
            form, file = st.columns([55, 45], gap="large")
        with form:
            _form(at, seen)
        with file:
            _upload(at, seen)
    _history(seen)


def _year() -> int:
    asked, now = st.query_params.get("fy", ""), buying_ready.year()
    chosen = int(asked) if asked.isdigit() and 1990 <= int(asked) <= now + 5 else now
    st.session_state["budget_year"] = chosen
    options = sorted({chosen, *range(now - 4, now + 2)}, reverse=True)

    def changed() -> None:
        st.query_params["fy"] = str(st.session_state["budget_year"])

    st.selectbox(
        t("buying.fiscal_year"), options, format_func=years.spoken, key="budget_year", on_change=changed, width=220,
        label_visibility="collapsed",
    )  # fmt: skip
    return chosen


def _left(at: At, seen: _Year) -> None:
    found = buying_ready.left(str(frame.store()), *at.files, at.seq, seen.year)
    if seen.now.pots.is_empty():
        st.info(t("buying.budget_empty_manager" if at.may("set_budget") else "buying.budget_empty"))
    total = budget.total(found)
    rows = found.to_dicts()
    if len(rows) > 1:
        rows.append({"branch": t("total"), "shelf_class": "", **total})
    told = [
        row | {"branch": row["branch"] or _blank(row, seen), "shelf_class": _class(row["shelf_class"])} for row in rows
    ]
    spoken = {name: _yen for name in HEADS[2:-1]}
    tell.table(
        pl.DataFrame(told, schema=budget.LEFT, infer_schema_length=None), spoken, named={name: files.heading(name) for name in HEADS},
        marked=len(rows) - 1 if len(rows) > 1 else None,
    )  # fmt: skip
    st.caption(t("buying.budget_method", day=at.as_of.isoformat()))


def _blank(row: dict, seen: _Year) -> str:
    return t("buying.no_pot") if row["budget"] is None and len(seen.now.pots) else t("buying.all_branches")


def _class(mark: str | None) -> str:
    return t("buying.all_classes") if mark is None else words.code("shelf_class", mark)


def _form(at: At, seen: _Year) -> None:
    """One pot: set anew, changed, or with 0 and the tick taken away."""
    st.markdown(f"**{t('buying.budget_form')}**")
    with st.form("budget", border=False):
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.selectbox(
                files.heading("branch"), [None, *buying_ready.branches(*at.files)], key="pot_branch", width=180,
                format_func=lambda branch: branch or t("buying.all_branches"),
            )  # fmt: skip
            st.selectbox(
                files.heading("shelf_class"), [None, *words.table("codes")["shelf_class"]], format_func=_class, key="pot_class", width=180,
            )  # fmt: skip
            st.number_input(
                t("buying.budget_yen"),
                min_value=0,
                max_value=budget.MOST,
                step=10_000,
                value=None,
                key="pot_yen",
                width=180,
            )
        st.text_input(t("buying.note"), key="pot_note", max_chars=200)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(t("buying.budget_put"), type="primary", on_click=_put, args=(seen,))
            st.form_submit_button(t("buying.budget_drop"), on_click=_put, args=(seen, True))


def _put(seen: _Year, drop: bool = False) -> None:
    state = st.session_state
    branch, mark, yen = state["pot_branch"], state["pot_class"], state["pot_yen"]
    if not drop and yen is None:
        state["buying_refused"] = t("buying.budget_no_yen")
        return
    same = pl.col("branch").eq_missing(pl.lit(branch, pl.String)) & pl.col("shelf_class").eq_missing(
        pl.lit(mark, pl.String)
    )
    rest = seen.now.pots.filter(~same)
    new = rest.clear() if drop else pl.DataFrame([(branch, mark, int(yen))], schema=budget.POT, orient="row")
    _set(seen, pl.concat([rest, new]), state["pot_note"])


def _set(seen: _Year, pots: pl.DataFrame, note: str) -> None:
    def put(person) -> str:
        budget.put(frame.store(), person, seen.year, pots, seen.now.seq, note)
        return t("buying.budget_done", year=years.spoken(seen.year))

    doing.act("buying", put)


def _upload(at: At, seen: _Year) -> None:
    """The whole table of a year as a file, out and in."""
    st.markdown(f"**{t('buying.budget_file')}**")
    language = words.language.get()
    with st.container(horizontal=True, gap="small"):
        for kind, mime in sheets.MIME.items():
            st.download_button(
                t(f"buying.budget_take_{kind}"), data=lambda kind=kind: _file(seen, kind, language), mime=mime,
                file_name=f"budget-{seen.year}.{kind}", key=f"budget_{kind}", on_click="ignore",
            )  # fmt: skip
    frame.uploader_words()
    turn = st.session_state.setdefault("budget_turn", 0)
    uploaded = st.file_uploader(t("buying.budget_ask"), type=["csv", "tsv", "txt", "xlsx"], key=f"budget_{turn}")
    if not uploaded:
        return
    try:
        pots = budget_file.read(uploaded.name, uploaded.getvalue(), buying_ready.branches(*at.files))
    except Problem as problem:
        st.error(tell.plain(str(problem)))
        return
    told = {"n": tell.number(len(pots)), "yen": _yen(int(pots["budget"].sum())), "year": years.spoken(seen.year)}
    st.markdown(t("buying.budget_read", **told))
    st.button(t("buying.budget_take_in"), type="primary", on_click=_take_in, args=(seen, pots, uploaded.name))


def _take_in(seen: _Year, pots: pl.DataFrame, name: str) -> None:
    _set(seen, pots, t("buying.budget_from", file=name))
    st.session_state["budget_turn"] += 1


def _file(seen: _Year, kind: str, language: str) -> bytes:
    with words.speaking(language):
        told = budget_file.table(seen.now.pots)
        return sheets.csv_bytes(told) if kind == "csv" else sheets.xlsx_bytes(told, str(seen.year))


def _history(seen: _Year) -> None:
    if len(seen.history) < 1:
        return
    st.markdown(f"**{t('buying.budget_history')}**")
    told = [
        {"at": one.at, "name": one.by, "pots": one.pots.height, "budget": int(one.pots["budget"].sum() or 0), "note": one.note}
        for one in seen.history
    ]  # fmt: skip
    tell.table(pl.DataFrame(told), {"budget": _yen}, named={name: files.heading(name) for name in told[0]})

"""地域資料, one count as its items: a page of the list with links to the cards, and the whole of it as a file."""

import html
from dataclasses import replace
from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from collection import candidates, local, sheets, words
from collection.local import Look
from collection.pages import card_view, frame, paging, tell
from collection.pages.tell import t

ROWS = 100
VIEW = "list"
PARTS = ("of", "kind", "clue", "author", "state", "copies", "verdict", "page")
SHOWN = (
    "item_id", "call_number", "title", "author", "pub_year", "branch", "location", "kinds", "local_clue", "state",
    "copies", "verdict",
)  # fmt: skip
NAMED = {"kinds": "local", "state": "condition"}  # columns that go by the name of another


def address(parts: dict, dropped: tuple[str, ...] = ()) -> None:
    """Changes parts of the address; those that are `dropped` go."""
    st.query_params.from_dict(_address(parts, dropped))


def query_of(look: Look) -> dict[str, list[str]]:
    """The address of a list, in the scope of this screen."""
    return _address({"view": VIEW} | {name: value for name, value in vars(look).items() if value}, PARTS)


def open_with(look: Look, **scope: str | None) -> None:
    """Opens a list; `scope`: parts of the scope that the mark adds, None where the item has none."""
    st.query_params.from_dict(query_of(look) | {name: [value or "none"] for name, value in scope.items()})
    st.rerun()


def _address(parts: dict, dropped: tuple[str, ...]) -> dict[str, list[str]]:
    kept = {name: st.query_params.get_all(name) for name in st.query_params if name not in dropped}
    return kept | {name: [str(value)] for name, value in parts.items()}


def look() -> Look:
    """What the address asks for; what cannot be read is left out."""
    known = {
        "of": local.GROUPS, "kind": words.table("codes")["local"], "state": (*local.STATES, "harmed"),
        "copies": local.COPIES, "verdict": candidates.VERDICTS,
    }  # fmt: skip
    asked = {name: st.query_params.get(name, "")[:200] for name in PARTS[:-1]}
    return Look(**{name: value for name, value in asked.items() if value and value in known.get(name, (value,))})


def show(found: pl.DataFrame, look: Look, as_of: date) -> None:
    """The list of what `look` lets through of the items of the scope."""
    items = local.looked_at(found, look)
    st.subheader(t("local.list_title", what=tell.plain(_said(look)), n=tell.books(items.height)), anchor=False)
    with st.container(horizontal=True, gap="small"):
        if st.query_params.get("view") == VIEW:
            view = {"marked": "kinds", "list": "authors", "clue": "clues"}[look.of]
            st.button(t("local.back"), type="tertiary", on_click=address, args=({"view": view}, PARTS))
        sign = {"marked": "local", "clue": "clue"}.get(look.of)
        if sign and replace(look, verdict="") == Look(look.of):
            scope = _address({"sign": sign, "tag": "all", "verdict": look.verdict or "all"}, (*PARTS, "view"))
            frame.link("candidates", t("local.to_work"), scope, width="content")
    if items.is_empty():
        st.info(t("local.list_empty"))
        return
    page = paging.asked(items.height, ROWS)
    shown = items.slice((page - 1) * ROWS, ROWS).with_columns(
        tell.title_of(), tell.author_of(), pl.col("kinds").list.join(";")
    )
    tell.table(
        shown.select(name for name in SHOWN if name != ("kinds" if look.of == "clue" else "local_clue")),
        {
            "item_id": card_view.item_link,
            "branch": lambda name: f'<span style="white-space:nowrap">{html.escape(name)}</span>',
            "kinds": lambda codes: html.escape(tell.shown("local", codes)),
            "state": lambda state: html.escape(state_word(state)),
            "verdict": tell.verdict_html,
        },
        named={name: tell.label(column) for name, column in NAMED.items()},
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        paging.turn(items.height, ROWS, page, shown.height, look)
        for kind, mime in sheets.MIME.items():
            st.download_button(
                kind.upper(), partial(file_of, items, kind, words.language.get()), file_name=f"local-{as_of}.{kind}", mime=mime,
                key=f"local_{kind}", on_click="ignore",
            )  # fmt: skip


def state_word(state: str) -> str:
    """Condition or loss in the present language."""
    if state in ("unknown", "harmed"):
        return t(f"local.state_{state}")
    return words.code("status" if state == "missing" else "condition", state)


def _said(look: Look) -> str:
    parts = [
        t(f"local.of_{look.of}"), words.code("local", look.kind), look.clue, look.author,
        look.state and state_word(look.state), look.copies and f"{t('local.copies')} {t(f'local.copies_{look.copies}')}",
        look.verdict and tell.verdict(look.verdict, False),
    ]  # fmt: skip
    return " ／ ".join(part for part in parts if part)


def file_of(items: pl.DataFrame, kind: str, language: str) -> bytes:
    """The list as csv or xlsx in a language; it is made by a thread that knows none."""
    with words.speaking(language):
        kinds = {code: words.code("local", code) for code in words.table("codes")["local"]}
        told = items.with_columns(
            pl.col("kinds").list.join("・").str.replace_many(kinds), candidates.coded("location"),
            pl.col("state").replace({state: state_word(state) for state in local.STATES}), candidates.coded("verdict"),
        )  # fmt: skip
        named = {name: tell.label(NAMED.get(name, name)) for name in SHOWN}
        found = told.select(SHOWN).rename(named)
        return sheets.csv_bytes(found) if kind == "csv" else sheets.xlsx_bytes(found, t("page_local"))

"""複本: what its four views (and those of 規則の鏡) share: what is looked at, and a long table by pages with its files."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from collection import sheets, words
from collection.measures import Scope
from collection.pages import frame, paging, scope_bar, tell
from collection.pages.tell import t
from collection.policy import Policy

ROWS = 100
Fetch = Callable[[int | None, int], pl.DataFrame]


@dataclass(frozen=True)
class At:
    """What is looked at. branches: all there are, the largest first. seq: the last decision. screen: whose words name the view."""

    view: str
    snapshot: Path
    flags: Path
    policy: Policy
    as_of: date
    scope: Scope
    branches: list[str]
    seq: int
    screen: str = "duplicates"


def classes(found: pl.DataFrame) -> dict[str, str]:
    """The classes of a column shelf_class with their names, in the order of the classes."""
    held = set(found["shelf_class"])
    return {mark: words.code("shelf_class", mark) for mark in words.table("codes")["shelf_class"] if mark in held}


def short(branch: str) -> str:
    """A branch without 図書館 or 分室, as the charts name it."""
    return re.sub(f"({t('branch_suffix')})$", "", branch)


def by_branch(told: str | None) -> str:
    """中央 2・北口 1, from 中央図書館 2;北口図書館 1."""
    parts = [part.rsplit(" ", 1) for part in (told or "").split(";") if part]
    return "・".join(f"{short(branch)} {tell.number(int(n))}" for branch, n in parts)


def each(found: pl.DataFrame, column: str, say: Callable[..., str]) -> pl.Series:
    """A column in words, made here and not by the threads of Polars, which do not know the present language."""
    return pl.Series(column, [say(value) for value in found[column]], pl.String)


def _card(item_id: str | None, title: str | None) -> str:
    """A title as a link to the card of an item, for HTML; plain where there is no item."""
    said = html.escape(tell.level(title or ""))
    if item_id is None:
        return said
    query = urlencode(frame.with_language({"item": [item_id]}), doseq=True)
    return f'<a href="card?{html.escape(query)}" target="_self">{said or html.escape(item_id)}</a>'


def narrow(at: At, **parts: tuple[str, ...]) -> None:
    """Shows only a part of what is looked at, after a mark was clicked."""
    st.query_params.pop("page", None)
    scope_bar.open_with(replace(at.scope, **parts))
    st.rerun()


def listing(
    at: At, title: str, rows: int, fetch: Fetch, columns: tuple[str, ...], named: dict[str, str],
    told: Callable[[pl.DataFrame], pl.DataFrame], more: tuple[str, ...] = (), help: str | None = None,
) -> None:  # fmt: skip
    """A table of ROWS a page with links to the cards, and the whole of it as files.

    Args:
        fetch: the rows there are, as many as asked for (None: all) from the one with that number on.
        columns: of the table; the files have item_id before them and `more` after. named: headings the glossary has not.
        told: makes the cells of some rows text where they are not figures, for the table and the files alike.
    """
    page = paging.asked(rows, ROWS)
    found = fetch(ROWS, (page - 1) * ROWS)
    st.subheader(title, anchor=False, help=help)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        paging.turn(rows, ROWS, page, len(found), (at.view, at.scope, rows), "duplicates.range")
        with st.popover(t("duplicates.take_out")):
            for kind, mime in sheets.MIME.items():
                st.download_button(
                    t("duplicates.take", kind=kind.upper(), n=tell.number(rows)), mime=mime, key=f"{at.screen}_{kind}",
                    data=_file(kind, at, lambda: told(fetch(None, 0)), (*columns, *more), named, words.language.get()),
                    file_name=f"{at.screen}-{at.view}-{at.as_of.isoformat()}.{kind}", on_click="ignore",
                )  # fmt: skip
    cards = [_card(*row) for row in found.select("item_id", tell.title_of()).iter_rows()]
    shown = told(found).with_columns(title=pl.Series(cards, dtype=pl.String)).select(columns)
    tell.table(shown, {"title": str}, named=named)


def _file(
    kind: str, at: At, rows: Callable[[], pl.DataFrame], columns: tuple[str, ...], named: dict, language: str
) -> Callable[[], bytes]:
    """The whole list, made when it is asked for; the language is told, since another thread makes it."""

    def made() -> bytes:
        with words.speaking(language):
            found = rows().with_columns(tell.title_of()).select("item_id", *columns)
            headed = found.rename({name: named.get(name) or tell.label(name) for name in found.columns})
            return (
                sheets.csv_bytes(headed)
                if kind == "csv"
                else sheets.xlsx_bytes(headed, t(f"{at.screen}.view_{at.view}"))
            )

    return made

"""A table of the yearbook as HTML in its printed layout, its figures leading to their items."""

import html
from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from collection import candidates, words
from collection.pages import frame, tell
from collection.yearbook import layout
from collection.yearbook.counts import AV
from collection.yearbook.frame import EVERYWHERE
from collection.yearbook.layout import Cell, Table

To = Callable[[str, str], str]


def show(table: Table, above: str, to: To | None = None) -> None:
    """Draws a table with a line above it and its notes below.

    Args:
        to: the keys of a figure's row and column → the address it leads to.
    """
    st.html(frame.HERE / "yearbook.css")
    lines, high = layout.grid(table), layout.head_rows(table) if table.rows else 0
    head, body = (
        "".join(f"<tr>{''.join(_cell(cell, to) for cell in line)}</tr>" for line in part)
        for part in (lines[:high], lines[high:])
    )
    grid = f'<div class="scroll"><table class="official"><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    notes = "".join(f'<p class="note">{_text(note)}</p>' for note in (*table.notes, *table.method))
    st.html(f'<p class="unit">{_text(above)}</p>{grid if table.rows else ""}{notes}')


def to_items(classes: str, branch: str, books_only: bool) -> str:
    """The address of the list of some classes at a branch, whatever was judged or decided of the items.

    Args:
        classes: marks parted by a space. branch: EVERYWHERE for all. books_only: leave audio-visual material out.
    """
    query = {"verdict": [candidates.ALL], "tag": [candidates.ALL], "shelf_class": classes.split()}
    if branch != EVERYWHERE:
        query["branch"] = [branch]
    if books_only:
        query["material"] = [code for code in (*words.table("codes")["material"], "none") if code not in AV]
    return f"candidates?{urlencode(frame.with_language(query), doseq=True)}"


def _cell(cell: Cell, to: To | None) -> str:
    kind = "th" if cell.form in ("head", "label") else "td"
    look = "".join(f' {name}="{n}"' for name, n in (("rowspan", cell.down), ("colspan", cell.across)) if n > 1)
    look += ' class="sum"' if cell.strong else ""
    said = _text(layout.text(cell))
    if to and cell.value and all(cell.keys):
        said = f'<a href="{html.escape(to(*cell.keys))}" target="_self">{said}</a>'
    return f"<{kind}{look}>{said}</{kind}>"


def _text(said: str) -> str:
    return html.escape(tell.level(said))

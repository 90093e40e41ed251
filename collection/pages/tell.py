"""How the screens say things: marks and colours of verdicts, figures with their units, short tables."""

import html
import re
from datetime import date

import polars as pl
import streamlit as st

from collection import words
from collection.measures import MEASURES
from collection.sheets import heading as label

VERDICTS = {  # mark, colour name of the theme, colour on white, colour on black
    "candidate": ("●", "red", "#ce0000", "#ff9696"),
    "keep": ("■", "green", "#115a36", "#71c598"),
    "ask": ("▲", "orange", "#ac3e00", "#ffa66d"),
    "unknown": ("？", "gray", "#4d4d4d", "#b3b3b3"),
    "move": ("▼", "violet", "#5c10be", "#cda6ff"),
    "none": ("・", "gray", "#4d4d4d", "#b3b3b3"),
}
TAKINGS = {  # the verdicts on titles on offer, likewise
    "accept": ("●", "green", "#115a36", "#71c598"),
    "held": ("■", "blue", "#0017c1", "#9db7f9"),
    "on_order": ("◆", "blue", "#0017c1", "#9db7f9"),
    "duplicate": ("＝", "blue", "#0017c1", "#9db7f9"),
    "refuse": ("×", "red", "#ce0000", "#ff9696"),
    "committee": ("▲", "orange", "#ac3e00", "#ffa66d"),
    "over_limit": ("▼", "violet", "#5c10be", "#cda6ff"),
    "unclear": ("？", "gray", "#4d4d4d", "#b3b3b3"),
}
CLASS_COLOURS = {  # told apart by the colour-blind; the digit always stands beside it
    "0": "#7f7f7f", "1": "#332288", "2": "#88ccee", "3": "#117733", "4": "#44aa99", "5": "#999933",
    "6": "#ddcc77", "7": "#cc6677", "8": "#882255", "9": "#aa4499", "K": "#e8863b", "-": "#bbbbbb",
}  # fmt: skip


def t(key: str, /, **values) -> str:
    """A sentence of the words files in the present language: "file.key", or a key of words/screens.toml."""
    return words.say(key if "." in key else f"screens.{key}", **values)


def plain(text: str) -> str:
    """Text from the data or the address for markdown, which shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>$~:#|])", r"\\\1", level(text))


def lines(text: str) -> str:
    """Text of several lines for markdown, which shows it as it is."""
    return plain(text).replace("\n", "  \n")


def level(text: str) -> str:
    """Text without marks that turn the reading direction of what stands after it."""
    return re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", text)


def dark() -> bool:
    """Whether the browser shows the dark theme."""
    return getattr(st.context.theme, "type", None) == "dark"


def verdict(code: str | None, coloured: bool = True) -> str:
    """A verdict as mark and word, coloured for markdown unless told otherwise."""
    mark, colour, _, _ = VERDICTS[code or "none"]
    word = t("verdict_none") if code in (None, "none") else words.code("verdict", code)
    return f":{colour}[{mark} {word}]" if coloured else f"{mark} {word}"


def verdict_html(code: str | None) -> str:
    """A verdict as mark and word for HTML."""
    mark, _, light, black = VERDICTS[code or "none"]
    return (
        f'<span class="verdict" style="color:{black if dark() else light}">{html.escape(verdict(code, False))}</span>'
    )


def taking(code: str) -> str:
    """The verdict on a title on offer as mark and word."""
    return f"{TAKINGS[code][0]} {words.code('taking', code)}"


def taking_html(code: str) -> str:
    """The same for HTML, in its colour."""
    _, _, light, black = TAKINGS[code]
    return f'<span class="verdict" style="color:{black if dark() else light}">{html.escape(taking(code))}</span>'


def number(value: float | int | None, digits: int = 0) -> str:
    """1,234 or △1,234; blank for None."""
    if value is None:
        return ""
    text = f"{abs(value):,.{digits}f}"
    return f"△{text}" if value < 0 and float(text.replace(",", "")) else text


def books(value: int) -> str:
    """A count of volumes with its unit: 1,234冊."""
    return t("books", n=number(value))


def books_of(column: str) -> pl.Expr:
    """A column of counts with their unit. (Functions of map_elements may run in a thread that knows no language.)"""
    return pl.format(t("books", n="{}"), pl.col(column).map_elements(number, pl.String))


def percent(share: float | None) -> str:
    """A share of 1 as per cent to one decimal."""
    return "" if share is None else f"{share * 100:.1f}%"


def figure(measure: str, value: float | int | None) -> str:
    """A figure of collection.measures as the screen writes it; blank for what cannot be told."""
    form = MEASURES[measure].form
    if form == "share":
        return percent(value)
    if form == "year":
        return "" if value is None else f"{value:.0f}"
    return number(value, 2 if form == "ratio" else 0)


def month(value: int | None) -> str:
    """2024-04 from months since year 0."""
    return "" if value is None else f"{value // 12}-{value % 12 + 1:02d}"


def shown(field: str, value) -> str:
    """Any fact as the screen writes it: code words, dates, yes and no, figures, blank for unknown."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return number(value, 0 if value == int(value) else 1)
    if isinstance(value, int):
        return str(value) if field == "pub_year" else number(value)
    if field in words.table("codes"):
        return "・".join(words.code(field, part) for part in str(value).split(";"))
    return level(str(value))


def table(
    found: pl.DataFrame, spoken: dict | None = None, marked: int | None = None, named: dict | None = None
) -> None:
    """A short table (tens of rows) as plain HTML that prints and reads aloud well; figures to the right.

    Args:
        found: a Polars frame; columns are named by the glossary.
        spoken: column → function that makes its cells' text; without one `shown` does.
        marked: number of the row to emphasise.
        named: column → heading, where the glossary does not name it.
    """
    spoken = spoken or {}
    numeric = {name for name, kind in found.schema.items() if kind.is_numeric()}
    cells = [
        "".join(
            f'<td class="{"n" if name in numeric else ""}">'
            f"{spoken[name](value) if name in spoken else html.escape(shown(name, value))}</td>"
            for name, value in row.items()
        )
        for row in found.iter_rows(named=True)
    ]  # fmt: skip
    names = "".join(
        f'<th class="{"n" if name in numeric else ""}">{html.escape((named or {}).get(name) or label(name))}</th>'
        for name in found.columns
    )
    rows = "".join(f'<tr class="{"this" if n == marked else ""}">{row}</tr>' for n, row in enumerate(cells))
    st.html(
        f'<div class="scroll"><table class="plain"><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def kinds(value: str) -> str:
    """The kinds of a file in words: 書誌・所蔵 for bibs+items."""
    return "・".join(t(f"kind_{kind}") for kind in value.split("+"))


def title_of() -> pl.Expr:
    """Title and volume in one cell."""
    return pl.concat_str("title", "volume", separator=" ", ignore_nulls=True).alias("title")


def author_of() -> pl.Expr:
    """The authors in one cell."""
    return pl.col("author").str.replace_all(";", "、")


def survivor_of() -> pl.Expr:
    """What stays, short: 複本 鳴尾図書館 1冊."""
    kind = pl.col("survivor_kind").replace(
        {name: words.code("survivor", name) for name in words.table("codes")["survivor"]}
    )
    copies = pl.format(t("books", n="{}"), "survivor_copies")
    told = pl.concat_str(kind, "survivor_branch", copies, separator=" ", ignore_nulls=True)
    return pl.when(pl.col("survivor_item_id").is_not_null()).then(told).otherwise(pl.lit("")).alias("survivor")


def class_html(mark: str) -> str:
    """A class with its colour and its name, always with the digit."""
    name = t("total") if mark == "total" else words.code("shelf_class", mark)
    swatch = f'<span class="swatch" style="background:{CLASS_COLOURS[mark]}"></span>' if mark in CLASS_COLOURS else ""
    return f'<span style="white-space:nowrap">{swatch}{html.escape(name)}</span>'

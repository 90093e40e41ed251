"""What the views of 寄贈・寄託 share: what is looked at, how something is done and told, marks of the proposals, tables with ticks."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from collection import words
from collection.gifts import persons
from collection.gifts.lines import CONDITIONS, Offer
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.roles import Person, may
from collection.words import Problem

MARKS = {  # proposal or outcome → mark, and the verdict whose colour it takes
    "accept": ("○", "keep"), "committee": ("▲", "ask"), "decline": ("×", "candidate"),
}  # fmt: skip


@dataclass(frozen=True)
class At:
    """The day's files and the person who looks."""

    snapshot: Path
    flags: Path
    policy: Policy
    person: Person

    @property
    def library(self) -> str:
        """The library's name in the present language."""
        return self.policy.library[words.language.get()]

    def may(self, action: str) -> bool:
        """Whether the person may act so."""
        return may(self.person, action)


def address(**parts: str) -> None:
    """Opens the screen at another place; what is not named is left behind."""
    st.query_params.from_dict(frame.with_language({name: [value] for name, value in parts.items() if value}))


def href(**parts: str) -> str:
    """The address of a place of this screen, for HTML."""
    return "gifts?" + html.escape(
        urlencode(frame.with_language({name: [value] for name, value in parts.items()}), doseq=True)
    )


def act(verb: Callable[[Person], str], then: Callable[[], dict[str, str]] | None = None) -> None:
    """Does something as the person who is signed in now, and says what was done in the run that follows, or why not in this one.

    Args:
        verb: does it and says what it did. then: where to go when it is done.
    """
    try:
        said = verb(frame.enter("gifts"))
    except Problem as problem:
        st.error(tell.plain(str(problem)))
        return
    st.session_state["gifts_done"] = said
    if then:
        address(**then())
    st.rerun()


def rows(n: int) -> str:
    """A count of lines with its unit."""
    return t("gifts.rows", n=tell.number(n))


def proposal(name: str) -> str:
    """A proposal as mark and word, for tables."""
    return f"{MARKS[name][0]} {t(f'gifts.proposal_{name}')}"


def proposal_html(name: str) -> str:
    """A proposal as mark and word in its colour."""
    _, _, light, dark = tell.VERDICTS[MARKS[name][1]]
    colour = dark if tell.dark() else light
    return f'<span class="verdict" style="color:{colour}">{html.escape(proposal(name))}</span>'


def title_of() -> pl.Expr:
    """Title, volume and authors of a line in one cell; the ISBN where no title is known."""
    title = pl.concat_str("title", "volume", separator=" ", ignore_nulls=True)
    named = pl.when(pl.col("title").is_null()).then(pl.format("ISBN {}", "isbn")).otherwise(title)
    authors = pl.col("author").str.replace_all(";", "、")
    return pl.concat_str(named, authors, separator=" ／ ", ignore_nulls=True).alias("title")


def coded(field: str, column: str | None = None) -> pl.Expr:
    """A coded column in words."""
    known = {name: words.code(field, name) for name in words.table("codes")[field]}
    return pl.col(column or field).replace(known).fill_null("").alias(column or field)


def condition(key: str, value: str | None = None, label: str | None = None, width: int = 190) -> str | None:
    """A choice of the condition; None: nobody looked."""
    options = [None, *CONDITIONS]
    return st.selectbox(
        label or t("gifts.head_condition"), options, options.index(value), key=key, width=width,
        format_func=lambda name: words.code("condition", name) if name else t("gifts.condition_none"),
    )  # fmt: skip


def confirm(key: str, *texts: str) -> bool:
    """Warns where a text seems to hold something personal; the tick by which the person says that no donor is named."""
    kinds = {text: persons.found_in(text) for text in texts}
    for text, kind in kinds.items():
        if kind in persons.CERTAIN:
            st.error(tell.plain(t("gifts.personal_text", text=text)))
    named = [text for text, kind in kinds.items() if kind == "name"]
    if not named:
        return False
    st.warning(tell.plain(t("gifts.personal_name", text="・".join(named))))
    return st.checkbox(t("gifts.confirm"), key=key)


def ticks(shown: pl.DataFrame, key: str, heads: dict[str, tuple[str, int]], height: int = 320) -> list[int]:
    """A table whose rows can be ticked; returns the numbers of those that are.

    Args:
        heads: column → heading and width.
    """
    column = st.column_config
    event = st.dataframe(
        shown, hide_index=True, row_height=28, height=min(28 * len(shown) + 36, height), key=key, on_select="rerun",
        selection_mode="multi-row", alt=t("page_gifts"),
        column_config={
            name: (column.NumberColumn if shown.schema[name].is_numeric() else column.TextColumn)(head, width=width)
            for name, (head, width) in heads.items()
        },
    )  # fmt: skip
    return sorted(row for row in event.selection.rows if row < len(shown))


def head(offer: Offer) -> None:
    """Ticket, way, kind of donor, conditions and wished collection."""
    said = {
        "way": words.code("way", offer.way),
        "category": words.code("donor", offer.category),
        "on": offer.on_day,
        "by": offer.by,
    }
    more = [
        t("gifts.offer_line", ticket=offer.ticket, **said),
        t("gifts.offer_conditions", text=offer.conditions) if offer.conditions else "",
        t("gifts.offer_named", text=offer.named) if offer.named else "",
    ]
    st.markdown("　".join(tell.plain(part) for part in more if part))

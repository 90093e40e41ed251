"""特別文庫: the named collections with their figures; one of them; items put in by their numbers, or from an offer that was received."""

import html

import polars as pl
import streamlit as st

from collection import named
from collection.gifts import standing
from collection.pages import card_view, frame, gifts_parts, paging, tell
from collection.pages.gifts_parts import At
from collection.pages.tell import t

EACH = 200
MOST = 5  # numbers that are named of those left out
SHOWN = ("item_id", "call_number", "title", "branch", "condition", "status", "loans_1y", "ticket", "since", "by")


def show(at: At) -> None:
    """The collection of the address, or all of them."""
    st.caption(t("gifts.named_about"))
    with frame.cursor(at.snapshot, at.flags) as own:
        every = named.collections(own)
        asked = st.query_params.get("name")
        found = named.listed(own, asked) if asked else None
    if found is not None:
        _one(at, asked, found)
    elif every.is_empty():
        st.info(t("gifts.named_none" if at.may("lock") else "gifts.named_none_read"))
    else:
        _list(every)
    if at.may("lock"):
        _lock(at, every, asked)


def _list(every: pl.DataFrame) -> None:
    heads = {name: t(f"gifts.col_{name}") for name in every.columns if name != "loans_1y"} | {
        "loans_1y": t("gifts.col_loans")
    }
    tell.table(every, {"name": _link}, named=heads)
    if every["flagged"].sum():
        st.caption(t("gifts.flagged_about"))


def _link(name: str) -> str:
    return f'<a href="{gifts_parts.href(view="named", name=name)}" target="_self">{html.escape(name)}</a>'


def _one(at: At, name: str, found: pl.DataFrame) -> None:
    """The items of one collection, in shelf order."""
    frame.link("gifts", t("gifts.all_named"), {"view": ["named"]})
    if found.is_empty():
        st.info(tell.plain(t("gifts.named_unknown", name=name)))
        return
    st.subheader(tell.plain(t("gifts.named_head", name=name, n=tell.books(len(found)))), anchor=False)
    page = paging.asked(len(found), EACH)
    shown = found.slice((page - 1) * EACH, EACH)
    cells = shown.with_columns(tell.title_of()).select(SHOWN)
    spoken = {"item_id": card_view.item_link, "ticket": lambda ticket: _ticket(ticket) if ticket else ""}
    heads = {
        "ticket": t("gifts.col_ticket"),
        "since": t("gifts.col_since"),
        "by": t("gifts.col_by"),
        "loans_1y": t("gifts.col_loans"),
    }
    tell.table(cells, spoken, named=heads)
    paging.turn(len(found), EACH, page, len(shown), ("named", name))
    if at.may("unlock"):
        _unlock(name, found)
    else:
        st.caption(t("gifts.unlock_manager"))


def _ticket(ticket: str) -> str:
    return f'<a href="{gifts_parts.href(ticket=ticket)}" target="_self">{html.escape(ticket)}</a>'


def _unlock(name: str, found: pl.DataFrame) -> None:
    """Items taken out, by the manager and with a reason."""
    with st.expander(t("gifts.unlock")):
        known = dict(found.select("item_id", "seq").iter_rows())
        titles = dict(found.select("item_id", tell.title_of()).iter_rows())
        picked = st.multiselect(
            t("gifts.head_items"),
            list(known),
            key="unlock_items",
            format_func=lambda item: f"{item} {titles[item] or ''}",
        )
        reason = st.text_input(t("gifts.reason"), key="unlock_reason", max_chars=300)
        said = {"n": tell.books(len(picked)), "name": tell.plain(name)}
        if st.button(t("gifts.unlock_button", **said), key="unlock", disabled=not picked):

            def unlock(person) -> str:
                named.unlock(frame.store(), person, {item: known[item] for item in picked}, reason)
                return t("gifts.unlocked", n=tell.books(len(picked)), name=name)

            gifts_parts.act(unlock)


def _lock(at: At, every: pl.DataFrame, asked: str | None) -> None:
    """Items put in: scanned numbers, or what came by an offer, once its numbers are known."""
    with st.expander(t("gifts.lock_open"), expanded=every.is_empty() or bool(st.query_params.get("from_ticket"))):
        source = st.segmented_control(
            t("gifts.lock_from"), ("numbers", "ticket"), required=True, key="lock_from",
            default="ticket" if st.query_params.get("from_ticket") else "numbers",
            format_func=lambda name: t(f"gifts.lock_from_{name}"),
        )  # fmt: skip
        ticket, items, wished = _of_ticket() if source == "ticket" else (None, _scanned(), "")
        name = st.text_input(
            t("gifts.lock_name"),
            asked or wished,
            key=f"lock_name_{asked}_{ticket}",
            max_chars=60,
            placeholder=t("gifts.named_example"),
        )
        reason = st.text_input(t("gifts.lock_reason"), key="lock_reason", max_chars=300) if ticket is None else ""
        confirmed = gifts_parts.confirm("lock_confirmed", name, reason)
        said = (
            t("gifts.lock_button", n=tell.books(len(items)), name=tell.plain(name))
            if items and name
            else t("gifts.lock_button_empty")
        )
        if st.button(said, type="primary", key="lock", disabled=not items or not name.strip()):

            def lock(person) -> str:
                with frame.cursor(at.snapshot, at.flags) as own:
                    done = named.lock(frame.store(), own, person, name, items, ticket, reason, confirmed)
                return _told(done, name)

            gifts_parts.act(lock, lambda: {"view": "named", "name": name.strip()})


def _scanned() -> list[str]:
    return named.numbers(st.text_area(t("gifts.lock_numbers"), key="lock_numbers", height=110))


def _of_ticket() -> tuple[str | None, list[str], str]:
    """An offer of which something was received with numbers: its ticket, these numbers, and the collection wished for."""
    received = standing.lines(frame.store(), "received").filter(pl.col("items").list.len() > 0)
    offers = {
        offer.ticket: offer for offer in standing.offers(frame.store()) if offer.ticket in set(received["ticket"])
    }
    if not offers:
        st.info(t("gifts.lock_no_ticket"))
        return None, [], ""
    items = {ticket: received.filter(ticket=ticket)["items"].explode().to_list() for ticket in offers}
    wanted = st.query_params.get("from_ticket")
    options = list(offers)
    ticket = st.selectbox(
        t("gifts.lock_ticket"), options, options.index(wanted) if wanted in options else 0, key="lock_ticket",
        format_func=lambda one: t("gifts.lock_ticket_line", ticket=one, n=tell.books(len(items[one])), named=offers[one].named or "—"),
    )  # fmt: skip
    return ticket, items[ticket], offers[ticket].named


def _told(done: named.Done, name: str) -> str:
    said = t("gifts.locked", n=tell.books(len(done.locked)), name=name)
    left = "、".join(
        t(f"gifts.left_{why}", n=tell.books(len(items)), which=", ".join(items[:MOST]) + (" …" if items[MOST:] else ""))
        for why, items in done.left.items()
    )
    return f"{said} {t('gifts.lock_left', told=left)}" if left else said

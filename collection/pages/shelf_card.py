"""The large card of 書架モード: what a scan says, what to do, the verdict, what stays, and the present tag."""

import html
from pathlib import Path

import streamlit as st

from collection import card, criteria, shelf, words
from collection.pages import frame, rule_view, tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.shelf import Seen
from collection.store import snapshots

GOOD = ("missing", "was_missed")


def read(snapshot: Path, flags: Path, policy: Policy, number: str) -> dict | None:
    """What the card of a held item says, in the present language; None when it is not held."""
    return _read(snapshot, flags, policy, number, words.language.get())


@st.cache_data(max_entries=200, show_spinner=False)
def _read(snapshot: Path, flags: Path, _policy: Policy, number: str, language: str) -> dict | None:
    with frame.cursor(snapshot, flags) as own:
        found = card.read(own, _policy, number)
    return found.item if found else None


def said(seen: Seen, what: str, snapshot: Path, here: str | None) -> tuple[str, str]:
    """One thing to be said of a scan: in a few words, and what to do."""
    values = {
        "number": seen.number,
        "here": here or "",
        "as_of": snapshots.as_of(snapshot).isoformat(),
        **{name: tell.shown("", (seen.item or {}).get(name)) for name in ("branch", "gone_on", "holds")},
        "road": words.code("road_state", seen.decided.get("road")),
        "list_no": seen.decided.get("list_no") or "",
        "entry": words.code("entry_state", seen.decided.get("entry")),
        "name": seen.decided.get("shelf_name") or "",
        "day": seen.decided.get("shelf_on") or "",
    }
    return t(f"shelf.said_{what}", **values), t(f"shelf.todo_{what}", **values)


def name_of(item: dict) -> str:
    """Title and volume, or that there is no record."""
    return " ".join(part for part in (item["title"], item["volume"]) if part) or t("shelf.no_title")


def place_of(branch: str | None, location: str | None) -> str:
    """中央図書館 開架."""
    return t("shelf.place", branch=branch or "", location=words.code("location", location)).strip(" ,")


def draw(seen: Seen, facts: dict | None, policy: Policy, told: list[tuple[str, str, str]]) -> None:
    """The card.

    Args:
        facts: from `read`. told: what is said above it, each as (kind: stop, care or good; words; what to do).
    """
    parts = [
        f'<div class="shelf-says {kind}" role="alert"><b>{html.escape(what)}</b><div>{html.escape(todo)}</div></div>'
        for kind, what, todo in told
    ]
    if seen.item:
        parts.append(f'<div class="shelf-card">{_item(seen)}{_judged(facts, policy, seen) if facts else ""}</div>')
    st.html("".join(parts))


def _item(seen: Seen) -> str:
    item = seen.item
    where = [item["call_number"] or "", place_of(item["branch"], item["location"]), item["item_id"]]
    author = (item["author"] or "").replace(";", "、")
    return (
        f'<div class="name">{html.escape(name_of(item))}</div><div>{html.escape(author)}</div>'
        f'<div class="quiet">{html.escape(" ／ ".join(part for part in where if part))}</div>'
    )


def _judged(facts: dict, policy: Policy, seen: Seen) -> str:
    rule = rule_view.rule_of(policy, facts["rule"])
    clause = rule_view.article(policy, rule) if rule else ""
    criterion = html.escape("　".join(part for part in (criteria.label(policy, facts["criterion"]), clause) if part))
    reason = html.escape(facts["reason"] or "")
    rows = "".join(
        f"<dt>{html.escape(t(f'shelf.{name}'))}</dt><dd>{value}</dd>"
        for name, value in (("stays", _stays(facts)), ("last_use", _last_use(facts)), ("present_tag", _tag(seen)))
    )
    return (
        f'<div style="margin-top:0.4rem">{tell.verdict_html(facts["verdict"])}<span class="clause-no">{criterion}</span></div>'
        f"<div>{reason}</div><dl>{rows}</dl>"
    )


def _stays(facts: dict) -> str:
    if not facts["survivor_item_id"]:
        return html.escape(t("shelf.copies", n=tell.books(facts["copies"] or 0)))
    kind = words.code("survivor", facts["survivor_kind"])
    place = place_of(facts["survivor_branch"], facts["survivor_location"])
    named = facts["survivor_title"] if facts["survivor_kind"] == "similar" else ""
    told = (kind, named, place, facts["survivor_call_number"], facts["survivor_item_id"])
    return html.escape(" ".join(str(part) for part in told if part))


def _last_use(facts: dict) -> str:
    if facts["last_use"] is None:
        return html.escape(t("shelf.no_use"))
    return html.escape(t("shelf.idle", day=facts["last_use"].isoformat(), years=facts["idle_years"]))


def _tag(seen: Seen) -> str:
    if not seen.decided.get("tag"):
        return html.escape(t("shelf.no_tag"))
    state = words.code("tag_state", seen.decided["tag"])
    told = t("shelf.tag_by", state=state, name=seen.decided["tag_name"], day=seen.decided["tag_on"])
    because = f" — {seen.decided['tag_reason']}" if seen.decided.get("tag_reason") else ""
    return f"<b>{html.escape(told)}</b>{html.escape(because)}"


def kind_of(what: str) -> str:
    """How loud something is said: stop (nothing can be tagged), good (it was found), care."""
    return "stop" if what in shelf.STOPPED else "good" if what in GOOD else "care"

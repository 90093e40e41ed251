"""The lines of an offer: what is proposed and why, the members' opinions, the manager's decision, and what became of each."""

import json
from pathlib import Path

import polars as pl
import streamlit as st

from collection import accounts, decisions, words
from collection.gifts import checking, standing
from collection.gifts import lines as offered
from collection.gifts.lines import Offer
from collection.pages import frame, gifts_line, gifts_parts, gifts_steps, tell
from collection.pages.gifts_parts import At
from collection.pages.gifts_steps import Chosen
from collection.pages.tell import t
from collection.policy import Policy
from collection.selection import identify
from collection.store import snapshots

GROUPS = {
    "offered": ("offered",), "accepted": ("accepted",), "declined": ("declined",),
    "done": ("received", "returned", "passed_on", "disposed"),
}  # fmt: skip
WIDTHS = {
    "place": 40, "title": 215, "condition": 62, "copies": 48, "proposal": 130, "reason": 310, "article": 210, "opinions": 80,
    "outcome": 65, "own": 60, "state": 80, "decided": 150, "take": 75, "items": 130,
}  # fmt: skip
HEADS = {  # column → key of its heading
    "place": "no", "article": "clause",
}  # fmt: skip
COLUMNS = {
    "offered": ("place", "title", "condition", "copies", "proposal", "reason", "opinions", "outcome", "own", "article"),
    "accepted": ("place", "title", "condition", "take", "decided", "reason", "opinions"),
    "declined": ("place", "title", "condition", "copies", "decided", "reason", "opinions", "article"),
    "done": ("place", "title", "state", "take", "items", "decided", "reason"),
}  # fmt: skip


@st.cache_data(max_entries=20, show_spinner=False)
def _proposed(
    snapshot: str, flags: str, store: str, _policy: Policy, policy: str, lines: str, others: str, way: str, heard: int, language: str
) -> checking.Proposed:  # fmt: skip
    """What the rules propose; `policy`, `heard` and `language` say by which values, at which moment and in which words."""
    with identify.opened(Path(snapshot)) as titles, frame.cursor(Path(snapshot), Path(flags)) as own:
        decisions.attach(titles, Path(store))
        found, before = (offered.frame(json.loads(told)) for told in (lines, others))
        return checking.propose(titles, own, Path(store), _policy, found, before, way, snapshots.as_of(Path(snapshot)))


def show(at: At, offer: Offer, found: pl.DataFrame) -> None:
    """A group of lines by how far they are, and what the person may do with those that are ticked, or the one of the address."""
    if found.is_empty():
        st.info(t("gifts.no_lines" if at.may("offer_gift") else "gifts.no_lines_read"))
        return
    store = frame.store()
    with st.spinner(t("gifts.weighing")):
        proposed = _proposed(
            str(at.snapshot), str(at.flags), str(store), at.policy, at.policy.hash + at.policy.adopted, _told(found),
            _told(standing.before(store, offer.ticket)), offer.way, standing.heard(store), words.language.get(),
        )  # fmt: skip
    members, given = accounts.members(store), standing.opinions(store, offer.ticket)
    _summary(found, proposed.rows, standing.attendance(given, members, at.policy))
    which = _which(found, offer.ticket)
    group = found.filter(pl.col("state").is_in(GROUPS[which]))
    if group.is_empty():
        st.info(t(f"gifts.none_{which}"))
        return
    bar = st.container()  # above the table, where it stays in sight
    tally = standing.outcomes(group, given, members, at.policy)
    own = given.filter(pl.col("person") == at.person.id).select(line="item_id", own="choice")
    shown = _shown(group, proposed.rows, tally, own, which)
    names = [name for name in COLUMNS[which] if name != "own" or at.may("cast")]
    heads = {name: (t(f"gifts.head_{HEADS.get(name, name)}"), WIDTHS[name]) for name in names}
    ticked = gifts_parts.ticks(shown.select(names), f"gift_lines_{which}_{len(group)}_{group['seq'].max()}", heads)
    picked = group[ticked] if ticked else group.filter(_asked())
    chosen = Chosen(at, offer, picked, group, proposed, tally, own, members)
    with bar:
        gifts_steps.show(chosen, which)
        if which == "done" and offer.named and at.may("lock") and group["items"].list.len().fill_null(0).sum():
            frame.link(
                "gifts",
                t("gifts.to_named", name=tell.plain(offer.named)),
                {"view": ["named"], "from_ticket": [offer.ticket]},
            )
        elif len(picked) and not ticked:
            st.caption(tell.plain(t("gifts.picked_line", line=picked["line"][0])))
    if len(picked) == 1:
        gifts_line.show(chosen, given, found)


def _asked() -> pl.Expr:
    """Whether a line is the one of the address."""
    return pl.col("place").cast(pl.String) == st.query_params.get("line", "")


def _told(found: pl.DataFrame) -> str:
    """What is known of lines, as a text that stays the same as long as it does."""
    rows = [{"line": row["line"], "ticket": row["ticket"], **offered.kept(row)} for row in found.iter_rows(named=True)]
    return json.dumps(rows, ensure_ascii=False)


def _summary(found: pl.DataFrame, proposed: pl.DataFrame, there: dict) -> None:
    """How many lines and volumes, what is proposed for those on offer, and how many members gave an opinion."""
    open_ones = proposed.filter(pl.col("line").is_in(found.filter(state="offered")["line"].implode()))
    told = "　".join(
        f"{gifts_parts.proposal_html(name)} {(open_ones['proposal'] == name).sum()}" for name in gifts_parts.MARKS
    )
    said = t("gifts.summary", n=gifts_parts.rows(len(found)), books=tell.books(int(found["copies"].sum())), told=told)
    voted = t("gifts.voted", **{name: there[name] for name in ("voted", "members", "needed")})
    st.html(f"<div>{said}　{voted}</div>")


def _which(found: pl.DataFrame, ticket: str) -> str:
    """The group that is shown; it stands in the address."""
    counts = {name: found["state"].is_in(states).sum() for name, states in GROUPS.items()}
    asked = st.query_params.get("which")
    line = found.filter(_asked())["state"].to_list()
    first = [name for name, states in GROUPS.items() if set(line) & set(states)] + [
        name for name, n in counts.items() if n
    ]
    st.session_state["gifts_which"] = asked if asked in GROUPS else first[0]
    return st.segmented_control(
        t("gifts.parts"), list(GROUPS), key="gifts_which", required=True, label_visibility="collapsed",
        format_func=lambda name: t(f"gifts.which_{name}", n=counts[name]),
        on_change=lambda: gifts_parts.address(ticket=ticket, part="lines", which=st.session_state["gifts_which"]),
    )  # fmt: skip


def _shown(
    group: pl.DataFrame, proposed: pl.DataFrame, tally: pl.DataFrame, own: pl.DataFrame, which: str
) -> pl.DataFrame:
    """The lines as the table writes them."""
    told = proposed.select(
        "line", "article", why="reason",
        proposal=pl.concat_str(
            pl.col("proposal").replace({name: gifts_parts.proposal(name) for name in gifts_parts.MARKS}),
            pl.when("priority").then(pl.lit(t("gifts.priority"))), separator=" ", ignore_nulls=True,
        ),
    )  # fmt: skip
    rows = group.drop("proposal", "why", "rule").join(told, on="line", maintain_order="left")
    rows = rows.join(tally, on="line", maintain_order="left").join(own, on="line", how="left", maintain_order="left")
    return rows.with_columns(
        gifts_parts.title_of(), gifts_parts.coded("condition"), gifts_parts.coded("gift_state", "state"),
        gifts_parts.coded("ballot_state", "outcome"), gifts_parts.coded("ballot_state", "own"),
        pl.col("items").list.join(" "),
        reason="why" if which == "offered" else "reason",
        opinions=pl.format("{}・{}・{}", "for", "against", "later"),
        decided=pl.format("{} {}", "on_day", "by"),
    )  # fmt: skip

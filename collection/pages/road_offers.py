"""行先, 管理換: offering to schools, settling who gets what, handing over with a slip."""

from datetime import date

import polars as pl
import streamlit as st

from collection import offers, road, transfers
from collection.pages import frame, tell
from collection.pages.road_steps import At, above, back_and_out, chosen_of, day_and_reason, needs, press, seen
from collection.pages.tell import t


def _names(at: At) -> dict[str, str]:
    """Partner → its name, with its number where two have the same."""
    with frame.cursor(at.snapshot, at.flags) as own:
        found = dict(offers.partners(own).select("partner_id", "name").iter_rows())
    listed = list(found.values())
    return {each: name if listed.count(name) == 1 else f"{name}（{each}）" for each, name in found.items()}


def to_offer(at: At) -> None:
    """照会待ち: offer what is chosen to every partner until a day."""
    partners = len(_names(at))
    if not partners:
        st.warning(t("road.no_partners"))
    place = above()
    chosen = chosen_of(at, at.found)
    with place:
        if needs(at, "offer"):
            usual = offers.reply_day(at.policy, date.today())
            reply_by = st.date_input(
                t("road.reply_by"), usual, min_value="today", format="YYYY-MM-DD", key="reply_by", width=170,
                help=t("road.reply_help", days=at.policy.parameters["照会の回答日数"]),
            ) or usual  # fmt: skip
            reason = st.text_input(t("road.note"), key="reason_to_offer", max_chars=300, width=320)

            def act() -> str:
                number = offers.offer(frame.store(), at.person, seen(chosen), reply_by, reason)
                return t("road.did_offer", n=tell.books(len(chosen)), offer=number, reply_by=reply_by.isoformat())

            press(t("road.do_offer", n=tell.books(len(chosen)), partners=partners), act, "offer")
    back_and_out(at, chosen, at.found)


def offered(at: At) -> None:
    """照会中: one offer at a time, with what would come of it now."""
    with frame.cursor(at.snapshot, at.flags) as own:
        running = offers.offers(own, frame.store()).rows_by_key("offer", named=True, unique=True)
    number = st.selectbox(
        t("road.offer"), list(running), key="offer_shown", width=560, label_visibility="collapsed",
        format_func=lambda name: t("road.offer_line", offer=name, **{key: running[name][key] for key in ("reply_by", "items", "claimed")}),
    )  # fmt: skip
    with frame.cursor(at.snapshot, at.flags) as own:
        proposed = offers.proposals(own, frame.store(), number)
    wanted = proposed.filter(pl.col("claims").is_not_null())
    reply_by = running[number]["reply_by"]
    due = reply_by < date.today().isoformat()
    place = above()
    if wanted.is_empty():
        st.info(t("road.no_claims_due" if due else "road.no_claims", reply_by=reply_by))
        changes = {}
    else:
        changes = _edit(number, wanted, _names(at))
    with place:
        if needs(at, "assign"):
            _settle(at, number, proposed, changes, None if due else reply_by)
    here = at.found.filter(pl.col("offer") == number)
    if len(here):
        with st.expander(t("road.offer_items", n=tell.books(len(here)))):
            back_and_out(at, chosen_of(at, here), here)


def _settle(at: At, number: str, proposed: pl.DataFrame, changes: dict, before: str | None) -> None:
    """The button that settles an offer; with the field for the reason while replies may still come."""
    early = ""
    if before:
        early = st.text_input(t("road.early", reply_by=before), key="early", max_chars=300, width=400)
    receivers = {item: partner for item, partner in proposed.select("item_id", "proposed").iter_rows()}
    receivers |= {item: partner for item, (partner, _) in changes.items()}
    given = sum(partner is not None for partner in receivers.values())

    def act() -> str:
        with frame.cursor(at.snapshot, at.flags) as own:
            got, left = offers.settle(own, frame.store(), at.person, number, proposed, changes, early)
        return t("road.did_settle", got=tell.books(got), left=tell.books(left))

    label = t("road.do_settle", got=tell.books(given), left=tell.books(len(proposed) - given))
    press(label, act, "settle", disabled=before is not None and not early.strip())


def _edit(number: str, wanted: pl.DataFrame, names: dict[str, str]) -> dict[str, tuple[str | None, str]]:
    """The claimed items with their proposed receivers; returns what was changed: item → (partner or None, reason)."""
    nobody = t("road.nobody")
    by_name = {name: partner for partner, name in names.items()} | {nobody: None}
    shown = wanted.select(
        "item_id",
        tell.title_of(),
        "branch",
        claims=pl.col("claims").list.eval(pl.element().replace(names)).list.join("、"),
        by=pl.col("by").replace({by: t(f"road.by_{by}") for by in ("only", "fewest", "earliest", "full")}),
        receiver=pl.col("proposed").replace(names).fill_null(nobody),
        why=pl.lit(""),
    )
    st.markdown(t("road.claimed_items", n=tell.books(len(wanted))))
    column = st.column_config
    edited = st.data_editor(
        shown, hide_index=True, key=f"claims_{number}_{wanted['road_seq'].max()}", disabled=["item_id", "title", "branch", "claims", "by"],
        row_height=28, height=min(28 * len(shown) + 36, 340),
        column_config={
            "item_id": column.TextColumn(tell.label("item_id"), width=90),
            "title": column.TextColumn(tell.label("title"), width=220),
            "branch": column.TextColumn(tell.label("branch"), width=90),
            "claims": column.TextColumn(t("road.claims"), width=170),
            "by": column.TextColumn(t("road.grounds"), width=150),
            "receiver": column.SelectboxColumn(t("road.receiver"), options=sorted(
                {name for claims in wanted["claims"] for partner in claims if (name := names.get(partner))}
            ) + [nobody], required=True, width=140),
            "why": column.TextColumn(t("road.change_reason"), width=150),
        },
    )  # fmt: skip
    st.caption(t("road.change_hint"))
    return {
        row["item_id"]: (by_name[row["receiver"]], row["why"] or "")
        for row, before in zip(edited.iter_rows(named=True), shown["receiver"], strict=True)
        if row["receiver"] != before
    }


def assigned(at: At) -> None:
    """管理換先決定: hand over to one receiver at a time."""
    names = _names(at)
    counted = dict(at.found["partner"].value_counts().iter_rows())
    partner = st.selectbox(
        t("road.receiver"), sorted(counted), key="receiver", width=400,
        format_func=lambda each: t("road.receiver_line", name=names.get(each, each), n=tell.books(counted[each])),
    )  # fmt: skip
    found = at.found.filter(pl.col("partner") == partner)
    name = names.get(partner, partner)
    place = above()
    chosen = chosen_of(at, found)
    with place:
        if needs(at, "hand_over"):
            day, reason = day_and_reason(at, "road.note")

            def act() -> str:
                slip = transfers.hand_over(frame.store(), at.person, seen(chosen), day, reason)
                return t("road.did_hand_over", name=tell.plain(name), n=tell.books(len(chosen)), slip=slip)

            press(t("road.do_hand_over", name=name, n=tell.books(len(chosen))), act, "hand_over")
            _give_up(at, chosen)
    back_and_out(at, chosen, found)
    slips(at)


def _give_up(at: At, chosen: pl.DataFrame) -> None:
    """The receiver declines after all: on to 無償譲渡."""
    with st.popover(t("road.give_up")):
        why = st.text_input(t("road.reason"), key="give_up_reason", max_chars=300)

        def act() -> str:
            n = road.step(frame.store(), at.person, "not_claimed", seen(chosen), None, why)
            return t("road.did_give_up", n=tell.books(n))

        press(t("road.do_give_up", n=tell.books(len(chosen))), act, "not_claimed", disabled=not why.strip())


def slips(at: At) -> None:
    """The slips of what was handed over, each as a PDF to be signed."""
    made = transfers.slips(frame.store())
    if made.is_empty():
        return
    names = _names(at)
    st.subheader(t("road.slips"), anchor=False)
    for slip, partner, items, on in made.head(20).iter_rows():

        def make(slip: str = slip) -> bytes:
            with frame.cursor(at.snapshot, at.flags) as own:
                return transfers.slip_pdf(own, frame.store(), at.policy, slip)

        st.download_button(
            t("road.slip_line", slip=slip, name=names.get(partner, partner), n=tell.books(items), on=on), data=make,
            file_name=f"{slip}.pdf", mime="application/pdf", key=f"slip_{slip}", on_click="ignore",
        )  # fmt: skip

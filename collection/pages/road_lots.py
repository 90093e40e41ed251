"""行先, 無償譲渡: recycling lots of the branches, their labels, and the count of what is left."""

import re

import polars as pl
import streamlit as st

from collection import lots
from collection.pages import frame, tell
from collection.pages.road_steps import At, above, back_and_out, chosen_of, day_and_reason, needs, press, table
from collection.pages.tell import t
from collection.roles import may


def to_give(at: At) -> None:
    """譲渡待ち: onto the recycling shelf of the branch, one lot a branch."""
    place = above()
    chosen = chosen_of(at, at.found)
    with place:
        if needs(at, "put_in_lot"):
            day, reason = day_and_reason(at, "road.note")
            branches = chosen["branch"].n_unique()

            def act() -> str:
                made = lots.put_in_lots(frame.store(), at.person, chosen, day, reason)
                return t("road.did_put_in_lot", n=tell.books(len(chosen)), lots="、".join(made))

            press(t("road.do_put_in_lot", n=tell.books(len(chosen)), branches=branches), act, "put_in_lot")
    back_and_out(at, chosen, at.found)


def in_lot(at: At) -> None:
    """譲渡中: labels, and the count of one lot."""
    with frame.cursor(at.snapshot, at.flags) as own:
        known = lots.lots(own, frame.store())
    waiting = dict(known.filter(pl.col("lot").is_in(at.found["lot"].implode())).select("lot", "waiting").iter_rows())
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        lot = st.selectbox(
            t("road.lot"), list(waiting), key="lot_shown", width=300,
            format_func=lambda name: t("road.lot_line", lot=name, n=tell.books(waiting[name])),
        )  # fmt: skip
        found = at.found.filter(pl.col("lot") == lot)

        def labels() -> bytes:
            with frame.cursor(at.snapshot, at.flags) as own:
                return lots.labels_pdf(own, frame.store(), lot, at.library)

        st.download_button(
            t("road.labels", n=len(found), sheets=-(-len(found) // lots.LABELS)), data=labels, file_name=f"{lot}-labels.pdf",
            mime="application/pdf", key="labels", on_click="ignore",
        )  # fmt: skip
    counting, place = st.container(), above()
    ticked = table(at, found)
    if may(at.person, "give"):
        counting.markdown(t("road.count_about"))
        scanned = counting.text_area(t("road.left_numbers"), key=f"left_{lot}", height=90)
        left = list(dict.fromkeys([*ticked["item_id"], *re.findall(r"[^\s,、]+", scanned)]))
        with place:
            _count(at, found, lot, left)
    back_and_out(at, found if ticked.is_empty() else ticked, found)
    closed = known.filter(pl.col("waiting") == 0)
    if len(closed):
        st.subheader(t("road.lots_closed"), anchor=False)
        named = {name: t(f"road.{name}") for name in ("lot", "given", "left", "on")} | {"items": t("road.lot_items")}
        tell.table(closed.select("lot", "branch", "items", "given", "left", "on").head(30), named=named)


def _count(at: At, found: pl.DataFrame, lot: str, left: list[str]) -> None:
    day, reason = day_and_reason(at, "road.note")

    def act() -> str:
        given, stays = lots.count(frame.store(), at.person, lot, left, day, reason)
        return t("road.did_count", lot=lot, given=tell.books(given), left=tell.books(stays))

    label = t("road.do_count", given=tell.books(max(len(found) - len(left), 0)), left=tell.books(len(left)))
    press(label, act, "count")

"""複本, 館のあいだで移す: copies that one branch can spare and another lacks."""

import altair as alt
import polars as pl
import streamlit as st

from collection import duplicates, forecast
from collection.pages import card_forecast, charts, frame, tell
from collection.pages.duplicates_parts import At, each, listing, short
from collection.pages.tell import t
from collection.policy import Policy

PARTS = ("move_from", "move_to", "demand")  # of the address
FORESEEN = "foreseen"  # the demand of moves that only the forecast speaks for, apart from the others
COLUMNS = (
    "title", "call_number", "branch", "to_branch", "because", "forecast", "copies", "loans_1y", "idle_years", "note"
)  # fmt: skip


@st.cache_data(max_entries=3, show_spinner=False)
def _read(
    snapshot: str, flags: str, seq: int, policy: str, forecast: str, _policy: Policy
) -> tuple[pl.DataFrame, pl.DataFrame]:
    with frame.cursor(snapshot, flags) as own:
        return duplicates.moves(own, _policy), duplicates.foreseen(own, _policy)


def show(at: At) -> None:
    """How many copies could move from where to where, and which."""
    read = _read(str(at.snapshot), str(at.flags), at.seq, at.policy.hash, forecast.mark(at.snapshot), at.policy)
    found, foreseen = (duplicates.moves_of(every, at.scope) for every in read)
    if found.is_empty() and foreseen.is_empty():
        st.info(t("duplicates.moves_none"))
        return
    demand = _demands(found, len(foreseen))
    if demand == FORESEEN:
        found = foreseen
    elif demand != "every":
        found = found.filter(demand=demand)
    _heat(at, found)
    found = _picked(found)
    named = {"branch": "from_branch", "copies": "copies_from", "loans_1y": "loans_from", "because": "demand"}
    named |= {"to_branch": "to_branch", "note": "note"}
    headed = {column: t(f"duplicates.{word}") for column, word in named.items()} | {
        "forecast": t("models_use.forecast")
    }
    left_out = {"because"} if demand == FORESEEN else set() if found["forecast_there"].count() else {"forecast"}
    if "forecast" not in left_out:
        card_forecast.link()
    listing(
        at, t("models_use.moves_list" if demand == FORESEEN else "duplicates.moves_list"), len(found),
        lambda rows, skip: found.slice(skip, rows), tuple(name for name in COLUMNS if name not in left_out), headed, _told,
        help=t("duplicates.moves_safe"),
    )  # fmt: skip


def _demands(found: pl.DataFrame, foreseen: int) -> str:
    counts = {"every": len(found), FORESEEN: foreseen} | dict(found["demand"].value_counts().iter_rows())
    options = [name for name in ("every", *duplicates.DEMANDS, FORESEEN) if counts.get(name)]
    names = {"every": t("duplicates.moves_every"), FORESEEN: t("models_use.foreseen")}
    asked = st.query_params.get("demand", "every")
    st.session_state["duplicates_demand"] = chosen = asked if asked in options else options[0]
    st.segmented_control(
        t("duplicates.demand"), options, key="duplicates_demand", required=True,
        on_change=lambda: _address(demand=st.session_state["duplicates_demand"]),
        format_func=lambda name: f"{names.get(name) or t(f'duplicates.demand_{name}')} {tell.number(counts[name])}",
    )  # fmt: skip
    return chosen


def _address(**parts: str | None) -> None:
    """Changes parts of the address, None takes one away; the list starts at its first page."""
    for name, value in ({"page": None} | parts).items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


def _picked(found: pl.DataFrame) -> pl.DataFrame:
    """The moves between the two branches of the mark that was clicked; all without one."""
    pair = _pair()
    chosen = found.filter(branch=pair[0], to_branch=pair[1])
    if chosen.is_empty():
        return found
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(t("duplicates.picked", branch=tell.plain(pair[0]), to=tell.plain(pair[1])), width="content")
        st.button(t("duplicates.unpick"), type="tertiary", on_click=lambda: _address(move_from=None, move_to=None))
    return chosen


def _pair() -> tuple[str, str]:
    return st.query_params.get("move_from", ""), st.query_params.get("move_to", "")


def _told(found: pl.DataFrame) -> pl.DataFrame:
    because = [_because(row) for row in found.iter_rows(named=True)]
    notes = [t("duplicates.survivor") if survivor else "" for survivor in found["survivor"]]
    foreseen = [_foreseen(row) for row in found.iter_rows(named=True)]
    return found.with_columns(
        because=pl.Series(because, dtype=pl.String), note=pl.Series(notes, dtype=pl.String),
        forecast=pl.Series(foreseen, dtype=pl.String),
    )  # fmt: skip


def _foreseen(row: dict) -> str:
    if row["forecast_here"] is None or row["forecast_there"] is None:
        return ""
    sides = {
        side: t(
            "models_use.cell", **card_forecast.spoken(*(row[f"{part}_{side}"] for part in ("forecast", "low", "high")))
        )
        for side in ("here", "there")
    }
    return t("models_use.moves_cell", **sides)


def _because(row: dict) -> str:
    if row["demand"] == FORESEEN:
        return ""
    said = {name: tell.number(row[f"{name}_there"]) for name in ("loans", "copies")} | {
        "holds": tell.number(row["holds"])
    }
    return t(f"duplicates.because_{row['demand']}", **said)


def _heat(at: At, found: pl.DataFrame) -> None:
    cells = found.group_by("branch", "to_branch").agg(items=pl.len()).sort("branch", "to_branch")
    cells = cells.with_columns(
        told=each(cells, "items", tell.number),
        giver=each(cells, "branch", _from),
        getter=each(cells, "to_branch", short),
    )
    top = cells.sort("items", "branch", "to_branch", descending=[True, False, False]).row(0, named=True)
    giving, getting = (
        [branch for branch in at.branches if branch in set(cells[side])] for side in ("branch", "to_branch")
    )

    def draw(dark: bool) -> alt.Chart:
        return charts.heat(
            cells, x="getter", y="giver", value="items", said="told", dark=dark, fields=("branch", "to_branch"), height=26,
            sort_x=list(map(short, getting)), sort_y=list(map(_from, giving)),
            tips=[
                alt.Tooltip("branch", title=t("duplicates.from_branch")),
                alt.Tooltip("to_branch", title=t("duplicates.to_branch")), alt.Tooltip("told", title=t("duplicates.moved")),
            ],
        )  # fmt: skip

    told = {"branch": short(top["branch"]), "to": short(top["to_branch"]), "most": tell.books(top["items"])}
    values = {
        "holds": tell.number(at.policy.parameters["複本1冊の予約"]),
        "loans": tell.number(at.policy.parameters["複本1冊の年間貸出"]),
        "article": duplicates.article(at.policy, "move") or "",
    }
    if foreseen := found["demand"][0] == FORESEEN:
        values = {"loans": tell.number(at.policy.parameters["よく借りられる貸出"])}
    charts.figure(
        "duplicates_moves",
        t("models_use.moves_found" if foreseen else "duplicates.moves_found", n=tell.books(len(found)), **told), draw,
        cells.pivot("to_branch", index="branch", values="items").select("branch", *getting),
        method=t("models_use.moves_method" if foreseen else "duplicates.moves_method", **values),
        as_of=at.as_of, hint=t("duplicates.narrow_moves"), to=_narrow, named={branch: branch for branch in getting},
    )  # fmt: skip


def _from(branch: str) -> str:
    return t("duplicates.from_named", branch=short(branch))


def _narrow(mark: dict) -> None:
    _address(move_from=mark["branch"], move_to=mark["to_branch"])
    st.rerun()

"""What the views of 目標と計画 share: what is looked at, counted once, bars, judgements, links, files, what was done."""

import html
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from collection import sheets, words
from collection.ledger import MovedOn
from collection.pages import frame, tell
from collection.pages.tell import t
from collection.plans import counting, keeping, model, printing, standing, writing
from collection.plans.counting import Count, Key
from collection.plans.keeping import Kept
from collection.plans.model import Plan
from collection.plans.standing import Standing
from collection.policy import Policy
from collection.roles import Person
from collection.words import Problem

LOOKS = {  # judgement → mark, colour on white, colour on black
    "a": ("■", "#115a36", "#71c598"), "b": ("▲", "#ac3e00", "#ffa66d"), "c": ("●", "#ce0000", "#ff9696"),
    "-": ("？", "#4d4d4d", "#b3b3b3"),
}  # fmt: skip
RIGHT = ("target", "actual", "forecast")
YEARS = (1990, 2100)  # fiscal years that a plan made here may begin in
FITS = 6  # columns that stand side by side on a tablet
MIME = sheets.MIME | {"pdf": "application/pdf"}


@dataclass(frozen=True)
class At:
    """The day's files and the person who looks."""

    snapshot: Path
    flags: Path
    policy: Policy
    person: Person
    as_of: date

    @property
    def library(self) -> str:
        """The library's name in the present language."""
        return self.policy.library[words.language.get()]


@st.cache_data(max_entries=60, show_spinner=False)
def _counted(snapshot: str, flags: str, store: str, plan: str, as_of: date) -> dict[Key, Count]:
    with frame.cursor(Path(snapshot), Path(flags)) as own:
        return counting.of_plan(own, Path(store), model.of(json.loads(plan)), as_of)


def stand(at: At, kept: Kept) -> Standing:
    """Where a plan stands; what is counted is counted once for a day's files."""
    content = json.dumps(model.told(kept.plan), ensure_ascii=False)
    counts = _counted(str(at.snapshot), str(at.flags), str(frame.store()), content, at.as_of)
    reports = {} if kept.sample else keeping.reports(frame.store(), kept.plan.id)
    return standing.of(kept.plan, reports, counts, at.as_of, kept.sample)


def address(**parts: str | None) -> None:
    """Opens the screen at another place; what is not named is left behind."""
    st.query_params.from_dict(frame.with_language({name: [value] for name, value in parts.items() if value}))


def year_asked(otherwise: int) -> int:
    """The fiscal year of the address, within YEARS."""
    asked = st.query_params.get("fy", "")
    year = int(asked) if re.fullmatch(r"[0-9]{4}", asked) else otherwise
    return year if YEARS[0] <= year <= YEARS[1] else otherwise


def href(**parts: str) -> str:
    """The address of a place of this screen, for HTML."""
    return "plans?" + html.escape(
        urlencode(frame.with_language({name: [value] for name, value in parts.items()}), doseq=True)
    )


def judgement_html(mark: str | None) -> str:
    """A judgement as mark, letter and word, in its colour; blank where there is none."""
    if mark not in LOOKS:
        return ""
    sign, light, dark = LOOKS[mark]
    return f'<span class="judged" style="color:{dark if tell.dark() else light}">{sign} {html.escape(judgement(mark))}</span>'


def judgement(mark: str) -> str:
    """A judgement as letter and word: a 計画どおり."""
    return f"{mark} {t('plans.judged_none' if mark == '-' else f'plans.judged_{mark}')}"


def bar(attained: float | None, forecast: float | None, judged: str | None) -> str:
    """A bar of what was reached of a target, with its figure; a dashed line where the year will end. Both in per cent."""
    if attained is None:
        return ""
    _, light, dark = LOOKS.get(judged or "-", LOOKS["-"])
    line = f'<b style="left:{min(forecast, 100):.0f}%"></b>' if forecast is not None else ""
    return (
        f'<span class="goal" style="--goal:{dark if tell.dark() else light}" role="img" aria-label="{attained:.1f}%">'
        f'<i style="width:{min(max(attained, 0), 100):.0f}%"></i>{line}</span> {attained:,.1f}%'
    )


def table(head: list[str], rows: list[list[str]], right: Collection[int] = ()) -> None:
    """A table whose cells are HTML already; the heads are texts. right: numbers of the columns set to the right."""
    looks = ["n" if n in right else "" for n in range(len(head))]
    names = "".join(f'<th class="{look}">{html.escape(name)}</th>' for look, name in zip(looks, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f'<td class="{look}">{cell}</td>' for look, cell in zip(looks, row, strict=True)) + "</tr>"
        for row in rows
    )
    st.html(
        f'<div class="scroll"><table class="plain {"fits" if len(head) <= FITS else ""}"><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def plain(text: str) -> str:
    """Text from a plan for HTML."""
    return html.escape(tell.level(text))


def goals(stand: Standing, column: str, most: int | None = None) -> None:
    """The targets of a column as a table with bars, `most` of them; all of them with what is planned in words only below."""
    every = standing.rows(stand, column)
    found, works = every.filter(pl.col("target") != ""), every.filter(pl.col("target") == "")
    names = ["project", "target", "actual", "reached", "forecast", "judged"]
    rows = [_goal(stand, column, row) for row in found.head(most or len(found)).iter_rows(named=True)]
    if not any(row[4] for row in rows):  # no year runs: nothing is forecast
        names, rows = names[:4] + names[5:], [row[:4] + row[5:] for row in rows]
    if rows:
        table([t(f"plans.head_{name}") for name in names], rows, [names.index(name) for name in names if name in RIGHT])
    else:
        st.caption(t("plans.words_only", n=len(stand.plan.projects)))
    if most and len(found) > most:
        st.caption(t("plans.more_targets", n=len(found) - most))
    if most is None and len(works):
        cells = [[_name(stand, column, row), plain(row["actual"])] for row in works.iter_rows(named=True)]
        table([t("plans.head_work"), t("plans.head_actual")], cells)


def _name(stand: Standing, column: str, row: dict) -> str:
    """The project of a row, and its indicator where it has another name, as a link."""
    more = f" ／ {row['indicator']}" if row["indicator"] not in (row["project"], "") else ""
    to = href(plan=stand.plan.id, year=column, project=row["no"])
    return f'<a href="{to}" target="_self">{plain(row["no"])} {plain(row["project"] + more)}</a>'


def _goal(stand: Standing, column: str, row: dict) -> list[str]:
    unit, forecast = "" if row["unit"] == "%" else row["unit"], row["forecast"]
    target, actual = (row[part] + (unit if row[part][-1:].isdigit() else "") for part in ("target", "actual"))
    return [
        _name(stand, column, row), plain(target), plain(actual or t("plans.unknown")),
        bar(row["attained"], row["ends"], row["judged"] or None),
        tell.number(round(forecast)) + plain(unit) if forecast is not None else "",
        judgement_html(row["judged"] or None),
    ]  # fmt: skip


def files(shown: printing.Shown, at: At, title: str, name: str, plan: Plan | None = None) -> None:
    """The plans as files, in a menu; of one plan also the file it can be read from again."""

    def make(kind: str, language: str) -> Callable[[], bytes]:
        def made() -> bytes:
            with words.speaking(language):
                return printing.file(shown, kind, at.library, title)

        return made

    with st.popover(t("take_out")):
        for kind, mime in MIME.items():
            st.download_button(
                t(f"plans.take_{kind}"), data=make(kind, words.language.get()), mime=mime, key=f"take_{kind}",
                file_name=f"{name}.{kind}", on_click="ignore",
            )  # fmt: skip
        if plan:
            st.download_button(
                t("plans.take_toml"), data=lambda: writing.toml(plan), mime="application/toml", key="take_toml",
                file_name=f"{plan.id}.toml", on_click="ignore",
            )  # fmt: skip


def act(verb: Callable[[Person], str], typed: Callable[[], str] = str, then: dict[str, str] | None = None) -> None:
    """Does something as the person who is signed in now (from a callback), and keeps what was done, or why not, for `doing.tell_done`.

    Args:
        verb: does it and says what it did. typed: what the person wrote, given back when somebody else was first.
        then: where to go when it is done.
    """
    try:
        st.session_state["plans_done"] = verb(frame.enter("plans"))
    except MovedOn as moved:
        last = moved.rows[0]
        said = {"name": last["name"], "at": last["at"][:16].replace("T", " ")}
        st.session_state["plans_refused"] = t("plans.moved_on", **said) + _given_back(typed())
    except Problem as problem:
        st.session_state["plans_refused"] = str(problem) + _given_back(typed())
    else:
        if then:
            address(**then)


def _given_back(typed: str) -> str:
    return "\n" + t("plans.typed", text=typed) if typed else ""

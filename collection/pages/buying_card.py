"""The card of one line: what it is, what asks for it, what rules, use and points say, where copies go, opinions and history."""

import html
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from collection import words
from collection.buying import copies, files, keeping, kept, lines, listing, priority, use
from collection.buying.listing import Filter
from collection.criteria import article
from collection.pages import (
    buying_parts,
    buying_ready,
    buying_rows,
    card_forecast,
    card_view,
    doing,
    frame,
    rule_view,
    tell,
)
from collection.pages.buying_parts import At
from collection.pages.tell import t
from collection.policy.pieces import rule_of

TITLE = (
    "no", "isbn", "ndc", "edition", "series", "pub_year", "audience", "material", "local", "c_code", "price", "subjects"
)  # fmt: skip
OPENS = {"request": "requests", "replace": "card", "worn": "card"}  # source → the screen that shows it


def show(at: At, filter_now: Filter, line: dict) -> None:
    """Draws the card of a line of the list."""
    _head(filter_now, line)
    _sources(line)
    if filter_now.view == "considered":
        _verdict(at, line)
        _points(at, line)
        _use(at, line)
    _places(at, filter_now, line)
    _opinions(at, line)
    _title(line)
    _history(at, filter_now, line)


def _head(filter_now: Filter, line: dict) -> None:
    named = " ".join(line[name] for name in ("title", "volume") if line[name])
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        st.subheader(tell.plain(named), anchor=False, width="stretch")
        st.button(t("close"), type="tertiary", key="buying_close", on_click=buying_parts.open_with, args=(filter_now,))
    parts = [(line["author"] or "").replace(";", "、"), line["publisher"], tell.shown("pub_year", line["pub_year"])]
    st.caption(" ／ ".join(tell.plain(part) for part in parts if part))


def _sources(line: dict) -> None:
    """What asks for it, each with a link to where it is told."""
    said = [
        f"<li>{html.escape(files.source_word(source['kind']))}：{_source(source)}</li>" for source in line["sources"]
    ]
    st.html(f'<ul class="quiet" style="margin:0;padding-left:1.2em">{"".join(said)}</ul>')


def _source(source: dict) -> str:
    kind, of = source["kind"], source["of"]
    if kind in ("replace", "worn"):
        return card_view.item_link(of)
    if kind == "request":
        query = urlencode(frame.with_language({"view": ["list"], "request": [of]}), doseq=True)
        return f'<a href="requests?{html.escape(query)}" target="_self">{html.escape(of)}</a>'
    return html.escape(words.code("shelf_class", of) if kind == "known" else tell.level(of))


def _verdict(at: At, line: dict) -> None:
    st.html(
        f"<div>{tell.taking_html(line['verdict'])}</div>"
        f'<div class="reason">{html.escape(tell.level(line["reason"] or ""))}</div>'
    )
    if line["rule"]:
        rule_view.for_item(at.policy, line["rule"], {})
    for rule in line["prefer"] or ():
        mark = f"{buying_rows.FIRST} " if rule in priority.first(at.policy) else ""
        said = t("buying.prefers", article=article(at.policy, rule_of(at.policy, rule)))
        st.html(f'<div class="clause">{html.escape(mark + said)}</div>')


def _points(at: At, line: dict) -> None:
    """Where the line stands in the order, and what its points are added up from."""
    parts = priority.sums(at.policy, line)
    said = " ＋ ".join(
        t("buying.points_part", what=t(f"buying.why_{name}"), n=tell.number(n), weight=tell.number(weight))
        for name, n, weight in parts
    )
    first = f"{t('buying.why_preferred')}　" if line["preferred"] else ""
    told = {"rank": tell.number(line["rank"]), "points": tell.number(line["points"]), "sum": said or "0"}
    st.markdown(f"**{t('buying.card_rank', **told)}**　{first}", help=t("buying.help_points"))


def _use(at: At, line: dict) -> None:
    """How the books of its author, class and series are lent; nothing is shown of what the library holds none of."""
    st.markdown(f"**{t('buying.card_use')}**")
    rows = [
        {"of": t(f"buying.use_{kind}"), **{figure: line[f"{kind}_{figure}"] for figure in (*use.FIGURES, "forecast")}}
        for kind in use.KINDS
        if line[f"{kind}_copies"] is not None
    ]
    if not rows:
        st.caption(t("buying.use_nothing"))
        return
    found = pl.DataFrame(
        rows,
        schema={
            "of": pl.String,
            "copies": pl.Int64,
            "per_copy": pl.Float64,
            "never": pl.Float64,
            "forecast": pl.Float64,
        },
    )
    advised = use.advised(line, at.policy)
    if advised is None:
        found = found.drop("forecast")
    tell.table(
        found,
        {
            "per_copy": lambda value: tell.number(value, 2),
            "never": tell.percent,
            "forecast": lambda value: tell.number(value, 1),
        },
        named={
            name: t("models_use.per_copy" if name == "forecast" else f"buying.use_head_{name}")
            for name in found.columns
        },
    )
    if advised:
        each = tell.number(at.policy.parameters[use.EACH])
        st.caption(t("models_use.advised", of=t(f"buying.use_{advised[0]}"), copies=tell.books(advised[1]), each=each))
        card_forecast.link()


def _places(at: At, filter_now: Filter, line: dict) -> None:
    """Where the copies are to stand and why; a librarian changes it while the line is under consideration."""
    cost = t("buying.yen", n=tell.number(line["cost"])) if line["cost"] is not None else t("buying.no_cost")
    said = {"n": tell.books(line["copies"]) if line["copies"] is not None else t("buying.no_copies"), "cost": cost}
    st.markdown(f"**{t('buying.card_places', **said)}**", help=buying_rows.help_of(at, "copies"))
    if line["state"] == "proposed" and at.may("propose"):
        _change(at, line)
    else:
        st.markdown(tell.plain(" ・ ".join(f"{place['branch']} {place['copies']}" for place in line["places"])) or "—")
    if filter_now.view == "considered":
        _class_use(at, line)


def _change(at: At, line: dict) -> None:
    placed = {place["branch"]: place["copies"] for place in line["places"]}
    branches = list(dict.fromkeys([*placed, *buying_ready.branches(*at.files)]))
    with st.form(f"places_{line['no']}_{line['seq']}", border=False):
        with st.container(horizontal=True, gap="xxsmall"):
            for branch in branches:
                st.number_input(
                    tell.plain(branch), min_value=0, max_value=keeping.COPIES, step=1, value=placed.get(branch, 0), width=118,
                    key=f"copies_{line['no']}_{line['seq']}_{branch}",
                )  # fmt: skip
            st.number_input(
                t("buying.price"), min_value=0, max_value=keeping.YEN, step=10, value=line["price"], width=130,
                key=f"price_{line['no']}_{line['seq']}",
            )  # fmt: skip
        st.form_submit_button(t("buying.change"), on_click=_changed, args=(line, branches))


def _changed(line: dict, branches: list[str]) -> None:
    state, mark = st.session_state, f"{line['no']}_{line['seq']}"
    places = {branch: int(state[f"copies_{mark}_{branch}"] or 0) for branch in branches}
    price = state[f"price_{mark}"]

    def change(person) -> str:
        keeping.change(frame.store(), person, line["no"], line["seq"], places, None if price is None else int(price))
        return t("buying.changed", no=line["no"])

    doing.act("buying", change)


def _class_use(at: At, line: dict) -> None:
    """How each branch uses the class, on which the proposal of branches rests."""
    one = lines.frame([line])
    keys = one.select(section=lines.section(), mark=lines.mark(), all=pl.lit("")).row(0, named=True)
    used = buying_ready.used(at)
    for level in copies.LEVELS:
        found = used.filter(level=level, key=keys[level]) if keys[level] is not None else used.clear()
        if len(found):
            break
    if found.is_empty():
        return
    what = t("buying.all_classes") if level == "all" else keys[level]
    with st.expander(t("buying.class_use", what=what, mean=tell.number(found["mean"][0], 2))):
        tell.table(
            found.select(
                "branch", "items", "loans", "per_copy", above=pl.when("above").then(pl.lit("○")).otherwise(pl.lit(""))
            ),
            {"per_copy": lambda value: tell.number(value, 2)},
            named={name: t(f"buying.use_head_{name}") for name in ("items", "loans", "per_copy", "above")},
        )
        factor = tell.number(at.policy.parameters[copies.ABOVE], 1)
        st.caption(t("buying.class_use_method", factor=factor, least=tell.number(at.policy.parameters[copies.LEAST])))


def _opinions(at: At, line: dict) -> None:
    """What the members said, and by how much it was decided."""
    if not line["no"]:
        st.caption(t("buying.not_proposed"))
        return
    found = buying_ready.ballots(at).filter(no=line["no"])
    if found.is_empty():
        st.caption(t("buying.no_opinions"))
        return
    st.markdown(f"**{t('buying.card_opinions')}**")
    said = {code: f"{buying_rows.MARKS[code]} {words.code('ballot_state', code)}" for code in buying_rows.MARKS}
    tell.table(
        found.select("name", opinion=pl.col("opinion").replace(said), comment="comment"),
        named={name: t(f"buying.head_{name}") for name in ("name", "opinion", "comment")},
    )


def _title(line: dict) -> None:
    rows = [(name, line.get(name)) for name in TITLE if line.get(name) not in (None, "")]
    cells = "".join(
        f'<tr><th scope="row">{html.escape(files.heading(name))}</th><td>{html.escape(tell.shown(name, value))}</td></tr>'
        for name, value in rows
    )
    st.html(f'<table class="plain facts"><tbody>{cells}</tbody></table>')


def _history(at: At, filter_now: Filter, line: dict) -> None:
    """What was done with the line, and one step back for who may take it."""
    if not line["no"]:
        return
    rows = kept.history(frame.store(), line["no"])
    st.markdown(f"**{t('buying.card_history')}**")
    told = [
        {"at": row["at"][:16].replace("T", " "), "name": row["name"], "doing": words.code("action", row["kind"]),
         "state": words.code("purchase_state", row["state"] or "none"), "reason": row["reason"] or ""}
        for row in rows
    ]  # fmt: skip
    tell.table(pl.DataFrame(told), named={name: t(f"buying.head_{name}") for name in told[0]})
    if at.may("undo_purchase"):
        st.button(t("buying.undo"), type="tertiary", key="buying_undo", on_click=_undo, args=(at, line))


def _undo(at: At, line: dict) -> None:
    def undo(person) -> str:
        keeping.undo(frame.store(), person, at.policy, line["no"], line["seq"])
        return t("buying.undone", no=line["no"])

    if doing.act("buying", undo):
        buying_parts.open_with(listing.Filter())

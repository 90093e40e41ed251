"""What comes of one request: the verdict, why, what the person at the desk may do, and the reply to the reader."""

import html

import polars as pl
import streamlit as st

from collection import ledger, roles, words, years
from collection.buying import budget
from collection.pages import buying_ready, frame, requests_take, rule_view, tell
from collection.pages.requests_parts import At
from collection.pages.tell import t
from collection.policy import attach
from collection.requests import checking, replies, standing
from collection.requests.checking import Answer
from collection.selection.check import THRESHOLD

CANDIDATES = 5
EFFECTS = ("refuse", "committee", "ask", "prefer")  # whose signs are shown, in this order
SIGNS = {"sign": pl.String, "strength": pl.String, "found": pl.String, "article": pl.String}


def show(at: At, found: Answer) -> None:
    """The answer to the one request of `found`."""
    row = found.row(0)
    known = checking.evidence(found, [0], attach.wordings(frame.store(), at.policy.name))[0]
    _verdict(row)
    _candidates(at, found, row)
    if roles.may(at.person, "take_request"):
        requests_take.buttons(at, found, row)
    if row["rule"]:
        clause(known)
    _signs(at, found)
    _holding(at, row)
    _limits(at, found)
    money(at, found.asked.row(0, named=True))
    reply(replies.reply(found.asked.row(0, named=True), known, row["verdict"]))


def _verdict(row: dict) -> None:
    article = html.escape(row["article"])
    st.html(
        f'<div class="request-verdict">{tell.taking_html(row["verdict"])}<span class="article">{article}</span></div>'
        f"<div>{html.escape(tell.level(row['reason']))}</div>"
    )
    if row["alternatives"]:
        st.markdown(tell.plain(t("requests.instead", what=row["alternatives"].replace(";", t("policy.comma")))))


def clause(known: dict) -> None:
    """The clause with its gist, and the library's own wording where it was attached. known: of checking.evidence."""
    wording = f"<div>「{html.escape(known['wording'])}」</div>" if known["wording"] else ""
    st.html(
        f'<div class="clause"><div><strong>{html.escape(known["article"])}</strong></div>'
        f'<div class="quiet">{html.escape(known["gist"])}</div>{wording}</div>'
    )


def reply(text: str) -> None:
    """The reply to the reader, to be copied."""
    st.markdown(f"**{t('requests.reply')}**")
    st.code(text, language=None, wrap_lines=True)


def _signs(at: At, found: Answer) -> None:
    """The signs found, each with how strong it is and the clause it points to."""
    english = words.language.get() == "en"
    signs = found.checked.weighed.found.filter(pl.col("bib_no") == 0).iter_rows(named=True)
    ruled = [(rule_view.rule_of(at.policy, sign["rule"]), sign) for sign in signs]
    rows = [
        {
            "sign": sign["en"] if english else sign["name"], "found": sign["words"] or "",
            "strength": t("requests.strong" if sign["strong"] else "requests.weak"),
            "article": rule_view.article(at.policy, rule),
        }
        for effect in EFFECTS for rule, sign in ruled if rule.effect == effect
    ]  # fmt: skip
    if rows:
        tell.table(pl.DataFrame(rows, schema=SIGNS), named={name: t(f"requests.head_{name}") for name in SIGNS})


def _candidates(at: At, found: Answer, row: dict) -> None:
    """Holdings that may be the same, to be chosen from; once chosen, the way back."""
    asked = st.session_state["req_asked"]
    if asked["chosen"] is not None:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            chosen = found.labels.get(row["bib_no"])
            st.markdown(
                tell.plain(t("requests.chosen", title=chosen) if chosen else t("requests.chosen_none")), width="content"
            )
            st.button(t("requests.choose_again"), on_click=_choose, args=(None,), key="req_choose_again")
        return
    candidates = found.checked.candidates.filter(pl.col("row") == 0).head(CANDIDATES)
    if candidates.is_empty() or (row["bib_no"] is not None and len(candidates) == 1):
        return
    likely = row["bib_no"] is None and candidates["score"][0] >= at.policy.parameters[THRESHOLD]
    label = t("requests.candidates" if likely else "requests.candidates_less", n=len(candidates))
    with st.expander(label, expanded=likely):
        for bib_no, score in candidates.select("bib_no", "score").iter_rows():
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.button(t("requests.same"), on_click=_choose, args=(bib_no,), key=f"req_same_{bib_no}")
                title = tell.plain(found.labels[bib_no])
                st.markdown(t("requests.candidate", score=tell.number(score), title=title), width="stretch")
        st.button(t("requests.none_of_them"), on_click=_choose, args=(-1,), key="req_none")


def _choose(bib_no: int | None) -> None:
    asked = st.session_state["req_asked"]
    st.session_state["req_asked"] = {**asked, "chosen": bib_no}


def _holding(at: At, row: dict) -> None:
    """Where it is held, free or lent, with the queue, and other editions and forms."""
    if row["bib_no"] is None:
        return
    with frame.cursor(at.snapshot, at.flags) as own:
        held = checking.versions(own, row["bib_no"])
    st.markdown(f"**{t('requests.holdings')}**")
    if held.is_empty():
        st.caption(t("requests.holdings_none"))
        return
    form = pl.col("kind") == "form"
    kinds = {kind: t(f"requests.kind_{kind}") for kind in ("same", "edition", "bunko")}
    materials = {code: words.code("material", code) for code in held["material"].drop_nulls().unique()}
    edition = pl.concat_str(
        "edition", "publisher", pl.col("pub_year").cast(pl.String), separator=" ", ignore_nulls=True
    )
    shown = held.select(
        version=pl.when(form).then(pl.col("material").replace(materials)).otherwise(pl.col("kind").replace(kinds)),
        edition=edition, branch="branch", copies="copies", free="free", lent="lent", holds="holds",
    )  # fmt: skip
    named = {name: t(f"requests.head_{name}") for name in ("version", "copies", "free", "lent")}
    tell.table(shown, named=named | {"holds": t("requests.head_queue")})


def _limits(at: At, found: Answer) -> None:
    """How many of the person's open requests count for the widest limit, and for each other one that they count for."""
    counted = checking.person_counts(found, 0)
    said = [
        t("requests.limit", article=rule_view.article(at.policy, rule), n=n, most=most)
        for place, (rule, n, most) in enumerate(counted, 1) if n or place == len(counted)
    ]  # fmt: skip
    if said:
        st.caption(tell.plain(t("requests.limits", counted=t("policy.comma").join(said))))


def money(at: At, asked: dict) -> None:
    """What the fiscal year has left for the class of the title, where a budget is set, and what the open requests would cost."""
    year = buying_ready.year()
    with ledger.reading(frame.store()) as connection:
        seq = ledger.last_seq(connection)
    mark = "K" if asked["audience"] == "child" else (asked["ndc"] or "")[:1] or None
    for pot in buying_ready.left(str(frame.store()), str(at.snapshot), str(at.flags), seq, year).iter_rows(named=True):
        if pot["budget"] is not None and pot["shelf_class"] in (None, mark):
            named = budget.pot_word(pot["branch"], pot["shelf_class"])
            told = {
                "year": years.spoken(year),
                "pot": named,
                "left": tell.number(pot["left"]),
                "budget": tell.number(pot["budget"]),
            }
            st.caption(tell.plain(t("requests.left", **told)))
    costs()


def costs() -> None:
    """What the open requests would cost."""
    told = standing.costs(frame.store())
    if told["requests"]:
        st.caption(tell.plain(t("requests.costs", **{name: tell.number(n) for name, n in told.items()})))

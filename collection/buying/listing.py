"""The committee's list: what people keep and what asks for more, in one order, with all that is known of each line."""

from dataclasses import dataclass, fields
from datetime import date

import polars as pl

from collection.buying import copies, kept, lines, priority, verdicts
from collection.policy import Policy
from collection.sources.normalise import match_key, match_key_of

ROWS = 200
VIEWS = ("considered", "chosen", "ordered")
STATES = {"considered": ("proposed", "none", "passed"), "chosen": ("chosen",), "ordered": ("ordered", "received")}
WHY = ("preferred", "requests", "holds", "replaced", "gap")  # what a line's place in the order rests on
SORTS = ("rank", "class", "title", "cost", "use", "number")
LISTS = ("state", "source", "verdict", "shelf_class", "branch", "why")


@dataclass(frozen=True)
class Filter:
    """What the list shows; an empty part lets everything through, but lines passed over and delivered only when asked for.

    `state`: of STATES, "none" for what nobody has proposed. `source`: of lines.KINDS. `why`: of WHY.
    """

    view: str = "considered"
    state: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    shelf_class: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    order: str = ""
    text: str = ""
    sort: str = "rank"
    page: int = 1


def from_query(query: dict[str, list[str]]) -> Filter:
    """The filter an address stands for; what cannot be read is left out."""
    said = {name: tuple(part for part in query.get(name, ()) if part) for name in LISTS}
    known = {"source": lines.KINDS, "why": WHY}
    values: dict = {
        name: tuple(part for part in parts if name not in known or part in known[name]) for name, parts in said.items()
    }
    for name, choices in (("view", VIEWS), ("sort", SORTS)):
        if (query.get(name) or [""])[0] in choices:
            values[name] = query[name][0]
    values["state"] = tuple(state for state in values["state"] if state in STATES[values.get("view", VIEWS[0])])
    page = (query.get("page") or [""])[0]
    if page.isascii() and page.isdigit() and len(page) <= 4:
        values["page"] = max(int(page), 1)
    values |= {name: query[name][0].strip()[:100] for name in ("text", "order") if query.get(name)}
    return Filter(**values)


def to_query(chosen: Filter) -> dict[str, list[str]]:
    """The address of a filter: only what differs from the list as it opens."""
    query = {}
    for part in fields(Filter):
        value = getattr(chosen, part.name)
        if value != part.default:
            query[part.name] = list(value) if isinstance(value, tuple) else [str(value)]
    return query


def gather(every: pl.DataFrame, asked: pl.DataFrame, day: pl.DataFrame, as_of: date, policy: Policy) -> pl.DataFrame:
    """The lines under consideration, each title once: what people keep, and what else asks to be bought.

    Args:
        every: kept.KEPT. asked, day: lines that requests and the facts of the day ask for (wanted.py).

    Returns:
        kept.KEPT of the lines proposed and passed over, and of those that nobody has proposed (state "none"). What is bought
        already, under whatever number, is left out.
    """
    bought, open_ones = kept.coming(as_of, policy), pl.col("state").is_in(["proposed", "passed"])
    first = pl.when(pl.col("state") == "proposed").then(0).when(bought).then(1).otherwise(2)
    standing = every.filter(open_ones | bought).sort(first, maintain_order=True)
    found = lines.together(pl.concat([standing.select(list(lines.LINE)), asked, day]))
    own = standing.select("no", *(name for name in kept.KEPT if name not in lines.LINE))
    found = found.join(own, on="no", how="left", maintain_order="left").select(list(kept.KEPT))
    return found.with_columns(pl.col("state").fill_null("none")).filter(pl.col("state").is_in(STATES["considered"]))


def compose(
    found: pl.DataFrame, judged: pl.DataFrame, records: pl.DataFrame, use: pl.DataFrame, used: pl.DataFrame,
    short: list[str], waiting: set[str], policy: Policy,
) -> pl.DataFrame:  # fmt: skip
    """The lines under consideration in the order of priority.

    Args:
        found: from `gather`. judged: verdicts.VERDICT, use: from use.of, of the same lines. records: from wanted.titles.
        used: from copies.used_at. short: the classes short of their target. waiting: numbers of the open requests.

    Returns:
        kept.KEPT and VERDICT (the verdict of today), the columns of `use`, and: key (tells a line apart), shelf_class, copies,
        requests (that wait), holds and held (copies that can be lent) of the record, preferred, replaced, gap, buyable, points
        and rank. Where nobody has said where copies are to stand, places are those of copies.proposed.
    """
    found = found.with_columns(pl.Series("requests", _waiting(found, waiting)))
    told = pl.concat([found.drop("verdict", "rule", "reason"), judged, use], how="horizontal")
    own = records.select("bib_id", "holds", held="copies")
    told = told.with_columns(record=pl.coalesce("bib_id", "held_bib")).join(
        own, left_on="record", right_on="bib_id", how="left", maintain_order="left"
    )
    proposed = copies.proposed(found, used, found["requests"], policy)
    untold = pl.col("places").list.len() == 0
    by_hand = pl.col("no").is_not_null() & ~untold
    told = told.with_columns(places=pl.when(by_hand).then("places").otherwise(proposed))
    told = told.with_columns(
        key=key(), shelf_class=lines.mark(), copies=lines.copies(), holds=pl.col("holds").fill_null(0),
        preferred=pl.col("prefer").list.set_intersection(priority.first(policy)).list.len() > 0, replaced=lines.of_kind("replace", "worn"), gap=lines.mark().is_in(short),
        buyable=pl.col("verdict").is_in(verdicts.BUYABLE) & (pl.col("state") != "passed"),
    )  # fmt: skip
    return priority.ranked(told, policy)


def decided(every: pl.DataFrame, view: str) -> pl.DataFrame:
    """The lines of a later view by number, with the columns of `compose` that matter there; all of them cost money."""
    return every.filter(pl.col("state").is_in(STATES[view])).with_columns(
        key=key(), shelf_class=lines.mark(), copies=lines.copies(), buyable=pl.lit(True), preferred=pl.lit(None, pl.Boolean),
        points=pl.lit(None, pl.Int64), rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
    )  # fmt: skip


def key() -> pl.Expr:
    """What tells a line apart in an address: its number, or its first source."""
    first = pl.col("sources").list.first()
    return pl.coalesce("no", pl.concat_str(first.struct.field("kind"), pl.lit(":"), first.struct.field("of")))


def _waiting(found: pl.DataFrame, waiting: set[str]) -> list[int]:
    return [
        sum(source["kind"] == "request" and source["of"] in waiting for source in sources)
        for sources in found["sources"]
    ]


def let_through(found: pl.DataFrame, chosen: Filter) -> pl.DataFrame:
    """The lines of `compose` or `decided` that a filter lets through, in their order."""
    states = chosen.state or STATES[chosen.view][: 2 if chosen.view == "considered" else 1]
    found = found.filter(pl.col("state").is_in(states))
    if chosen.source:
        found = found.filter(lines.of_kind(*chosen.source))
    if chosen.branch:
        found = found.filter(
            pl.col("places").list.eval(pl.element().struct.field("branch").is_in(chosen.branch)).list.any()
        )
    for name in ("verdict", "shelf_class"):
        if wanted := getattr(chosen, name):
            found = found.filter(pl.col(name).is_in(wanted))
    if chosen.order:
        found = found.filter(pl.col("order") == chosen.order)
    if chosen.why:
        found = found.filter(pl.any_horizontal(pl.col(chosen.why).cast(pl.Boolean)))
    return _with_text(found, chosen.text) if chosen.text else found


def _with_text(found: pl.DataFrame, text: str) -> pl.DataFrame:
    wanted = match_key_of(text)
    named = [match_key(found[name].fill_null("")).str.contains(wanted, literal=True) for name in ("title", "author")]
    exact = found.select(
        pl.any_horizontal(pl.col("no", "isbn", "order").fill_null("").str.contains(text, literal=True))
    )
    return found.filter(named[0] & (wanted != "") | named[1] & (wanted != "") | exact.to_series())


def sorted_by(found: pl.DataFrame, sort: str) -> pl.DataFrame:
    """The lines in one of SORTS."""
    by = {
        "rank": ("rank", False), "class": ("ndc", False), "title": ("title", False), "cost": ("cost", True),
        "use": ("author_per_copy", True), "number": ("no", True),
    }  # fmt: skip
    column, falling = by[sort]
    return found.sort(column, descending=falling, nulls_last=True, maintain_order=True)

"""The list of 除籍候補: a filter that fits into an address, the page it lets through, and the files made of it."""

from dataclasses import dataclass, fields, replace

import duckdb
import polars as pl

from collection import criteria, forecast, reasons, steps, words, years
from collection.policy import Policy
from collection.sheets import heading
from collection.sources.normalise import match_key_of
from collection.store.connection import sql
from collection.words import code, say, table

ROWS = 200
SORTS = ("score", "score_high", "shelf", "idle", "oldest", "newest", "forecast")
VERDICTS = ("candidate", "move", "ask", "unknown", "keep", "none")
ALL = "all"
TAGS = ("none", *steps.TAGS, "list", "road")  # "none": without a tag; on a list of the committee; on the road away
LISTS = ("branch", "location", "shelf_class", "criterion", "verdict", "route", "audience", "material")
NUMBERS = ("score_from", "score_to", "year_from", "year_to", "idle_from", "received")
SIGNS = ("surplus", "superseded", "past_life", "never_lent", "asked_for", "local", "clue", "listed")
EXACT = ("rule", "text", "by", "ndc", "author", "publisher", "series")


@dataclass(frozen=True)
class Filter:
    """What the list shows. An empty part lets everything through; the list starts with the candidates.

    `tag`: words of TAGS, or ALL; when empty, what is on the road away is left out. `by`: the account whose tags are shown.
    `audience` and `material`: codes, "none" for items without. `sign`: of SIGNS, each of which must hold. `ndc`: how the
    class of up to three digits begins, or "none". `received`: a fiscal year. `author`, `publisher`, `series`: as the record writes it.
    """

    branch: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    shelf_class: tuple[str, ...] = ()
    criterion: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ("candidate",)
    route: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    sign: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    by: str = ""
    score_from: int | None = None
    score_to: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    idle_from: int | None = None
    received: int | None = None
    ndc: str = ""
    author: str = ""
    publisher: str = ""
    series: str = ""
    rule: str = ""
    text: str = ""
    sort: str = "score"
    page: int = 1


def from_query(query: dict[str, list[str]]) -> Filter:
    """The filter an address stands for. What cannot be read is left out: an old link still opens the list."""
    values: dict = {}
    for name in (*LISTS, "sign", "tag"):
        if query.get(name):
            values[name] = tuple(part for part in query[name] if part)
    if "tag" in values:
        values["tag"] = tuple(tag for tag in values["tag"] if tag in (*TAGS, ALL))
    if "sign" in values:
        values["sign"] = tuple(sign for sign in values["sign"] if sign in SIGNS)
    if ALL in values.get("verdict", ()):
        values["verdict"] = ()
    elif "verdict" in values:
        values["verdict"] = tuple(verdict for verdict in values["verdict"] if verdict in VERDICTS)
    for name in (*NUMBERS, "page"):
        text = (query.get(name) or [""])[0]
        if text.isascii() and text.isdigit() and len(text) <= 6:
            values[name] = int(text)
    values["page"] = max(values.get("page", 1), 1)
    values |= {name: query[name][0].strip()[:200] for name in EXACT if query.get(name)}
    if (query.get("sort") or [""])[0] in SORTS:
        values["sort"] = query["sort"][0]
    return Filter(**values)


def to_query(chosen: Filter) -> dict[str, list[str]]:
    """The address of a filter: only what differs from the list as it opens."""
    query = {}
    for part in fields(Filter):
        value = getattr(chosen, part.name)
        if value != part.default:
            query[part.name] = [str(each) for each in value] if isinstance(value, tuple) else [str(value)]
    if not chosen.verdict:
        query["verdict"] = [ALL]
    return {name: value for name, value in query.items() if value}


def parameters(chosen: Filter) -> dict:
    """The values that candidates_filter.sql binds; None where the filter says nothing."""
    text = chosen.text or None
    return {
        **{name: list(getattr(chosen, name)) or None for name in LISTS},
        **{name: getattr(chosen, name) for name in NUMBERS},
        **{name: getattr(chosen, name) or None for name in EXACT},
        "of_bib": bool(chosen.author or chosen.publisher or chosen.series) or None,
        "sign": list(chosen.sign) or None,
        "tag": list(chosen.tag) or None,
        "text_key": match_key_of(text) if text else None,
    }


def _page(cursor: duckdb.DuckDBPyConnection, chosen: Filter, rows: int | None, skip: int, **told: str) -> pl.DataFrame:
    forecast.attach(cursor)
    query = sql("queries/candidates_page").format(
        scope=sql("queries/candidates_filter"),
        told=sql("views/told"),
        foreseen="forecast" if chosen.sort == "forecast" else "(FROM forecast LIMIT 0)",
        **told,
    )
    return cursor.sql(query, params={**parameters(chosen), "sort": chosen.sort, "rows": rows, "skip": skip}).pl()


def totals(cursor: duckdb.DuckDBPyConnection, chosen: Filter) -> pl.DataFrame:
    """Items by verdict and criterion under the rest of the filter.

    Returns:
        verdict ('none' = untouched), criterion, items. The filter's own verdicts and criteria are not
        applied, so that each choice can be shown with the number it would give.
    """
    query = sql("queries/candidates_totals").format(scope=sql("queries/candidates_filter"))
    return cursor.sql(query, params=parameters(replace(chosen, verdict=(), criterion=()))).pl()


def count(tally: pl.DataFrame, chosen: Filter) -> int:
    """How many items of `totals` the filter's verdicts and criteria let through."""
    for name in ("verdict", "criterion"):
        wanted = getattr(chosen, name)
        if wanted:
            tally = tally.filter(pl.col(name).is_in(wanted))
    return int(tally["items"].sum())


def page(cursor: duckdb.DuckDBPyConnection, policy: Policy, chosen: Filter, rows: int = ROWS) -> pl.DataFrame:
    """One page of the list, at most `rows` rows: columns as in candidates_page.sql, with the short `grounds` added.

    The long reason and the article are left NULL: the table shows neither, and saying them takes longer than the rest.
    """
    found = _page(cursor, chosen, rows, (chosen.page - 1) * rows, reason="NULL", article="NULL")
    return found.with_columns(grounds(policy))


def choices(cursor: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """What the filter can choose from, the largest first: branch and location."""
    found = cursor.sql(sql("queries/candidates_choices")).pl()
    return {
        name: found.drop_nulls(name)
        .group_by(name)
        .agg(pl.col("items").sum())
        .sort("items", descending=True)[name]
        .to_list()
        for name in ("branch", "location")
    }


def _years(key: str, column: str) -> pl.Expr:
    years = pl.col(column).round(1).cast(pl.String).str.strip_suffix(".0")
    return pl.format(say(f"screens.{key}", years="{}"), years)


def coded(field: str, column: str | None = None) -> pl.Expr:
    """The words for a coded column in the present language; an unknown code stays as it is."""
    column = column or field
    return pl.col(column).replace({value: code(field, value) for value in table("codes")[field]})


def grounds(policy: Policy) -> pl.Expr:
    """The short ground of each row, e.g. 8-2-2 12年利用なし: the clause and the figure it turns on."""
    clauses = {rule.id: criteria.place(policy, rule) for rule in policy.rules}
    clause = pl.coalesce("criterion", pl.col("rule").replace(clauses))
    said = {
        "condition": coded("condition"),
        "idle_years": _years("idle_short", "idle_years"),
        "years_published": _years("published_short", "years_published"),
        "superseded": pl.when("superseded").then(pl.lit(code("sign", "superseded"))),
        "surplus": pl.when("surplus").then(pl.lit(code("sign", "surplus"))),
        "years_since_missing": _years("missing_short", "years_since_missing"),
        "years_overdue": _years("overdue_short", "years_overdue"),
        "years_since_issue": _years("issued_short", "years_since_issue"),
    }
    clue = pl.when(pl.col("verdict") == "ask").then(pl.format(say("screens.clue_short", clue="{}"), "local_clue"))
    idle = pl.when(pl.col("verdict") == "move").then(_years("idle_short", "idle_years"))
    turning = criteria.turning(policy).items()
    figures = [pl.when(pl.col("criterion") == clause).then(said[fact]) for clause, fact in turning]
    return pl.concat_str([clause, pl.coalesce(clue, *figures, idle)], separator=" ", ignore_nulls=True).alias("grounds")


def tag_word(tag: str) -> str:
    """A word of TAGS, or ALL, in the present language."""
    return say(f"tags.choice_{tag}") if tag in ("none", "list", "road", ALL) else code("tag_state", tag)


def _spoken(policy: Policy, field: str, value: str) -> str:
    if field == "criterion":
        return criteria.label(policy, value)
    if value != "none":
        return code(field, value)
    return say("screens.verdict_none") if field == "verdict" else say("screens.said_no", what=heading(field))


def describe(policy: Policy, chosen: Filter) -> str:
    """The filter in words, the criteria as the pack has them, for the head of a printed list and for file names' readers."""
    parts = [", ".join(chosen.branch)] if chosen.branch else []
    for name in ("location", "shelf_class", "verdict", "criterion", "route", "audience", "material", "sign"):
        values = getattr(chosen, name)
        if values:
            parts.append("・".join(_spoken(policy, name, value) for value in values))
    for name in ("score", "year"):
        low, high = getattr(chosen, f"{name}_from"), getattr(chosen, f"{name}_to")
        if low is not None or high is not None:
            parts.append(say(f"screens.said_{name}", low="" if low is None else low, high="" if high is None else high))
    if chosen.idle_from is not None:
        parts.append(say("screens.said_idle", years=chosen.idle_from))
    if chosen.received is not None:
        parts.append(say("screens.said_received", year=years.spoken(chosen.received)))
    for name in ("ndc", "author", "publisher", "series"):
        if getattr(chosen, name):
            parts.append(f"{heading(name)} {getattr(chosen, name)}")
    if chosen.tag:
        parts.append("・".join(tag_word(tag) for tag in chosen.tag))
    if chosen.by:
        parts.append(say("tags.said_by", person=chosen.by))
    if chosen.rule:
        parts.append(chosen.rule)
    if chosen.text:
        parts.append(say("screens.said_text", text=chosen.text))
    return " ／ ".join(parts) or say("screens.said_all")


WHOLE = (
    "item_id", "bib_id", "branch", "location", "call_number", "title", "volume", "author", "publisher", "pub_year",
    "ndc", "audience", "material", "verdict", "criterion", "criteria", "route", "survivor_item_id", "survivor_branch",
    "survivor_kind", "protected_by", "advice", "score", "score_use", "score_freshness", "score_scarcity",
    "score_priority", "last_use", "idle_years", "reason", "article",
)  # fmt: skip
CODED = {"location": "location", "audience": "audience", "material": "material", "verdict": "verdict", "route": "route",
         "survivor_kind": "survivor"}  # fmt: skip


def whole(cursor: duckdb.DuckDBPyConnection, policy: Policy, chosen: Filter) -> pl.DataFrame:
    """The whole filtered list for a file: every row, columns and codes in the words of the present language."""
    reason = reasons.reason_sql(policy, words.language.get())
    found = _page(cursor, chosen, None, 0, reason=reason, article=reasons.article_sql(policy))
    spoken = [coded(field, name) for name, field in CODED.items()]
    advice = pl.col("advice").str.replace_many({value: code("advice", value) for value in table("codes")["advice"]})
    scores = pl.col("^score.*$").cast(pl.Float64).round(1)
    return found.select(WHOLE).with_columns(*spoken, advice, scores).rename({name: heading(name) for name in WHOLE})

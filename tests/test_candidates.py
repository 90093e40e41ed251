"""The filter of 除籍候補 against a naive twin over every item, and its address there and back."""

from dataclasses import fields
from random import Random

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collection import candidates, decisions, ledger, policy, steps
from collection.candidates import Filter
from collection.ledger import Event
from collection.roles import Person
from collection.sources.normalise import match_key_of
from tests import small_store

PACK = policy.load(small_store.PACK, small_store.demo.AS_OF)


@pytest.fixture(scope="module")
def cursor(cursor, tmp_path_factory):
    """The library with some decisions: every tag, by two people, items on a list and on the road."""
    store, rng = tmp_path_factory.mktemp("decided"), Random(4)
    items = [item for (item,) in cursor.execute("SELECT item_id FROM facts_of_day.item ORDER BY item_no").fetchall()]
    people = [Person(name, name, frozenset({"librarian", "manager"})) for name in ("yamada", "sato")]
    with ledger.writing(store) as connection:
        ledger.append(connection, people[0], [Event("draft", "2026-001", list_no="2026-001")])
        for item in rng.sample(items, len(items) // 3):
            events = [Event("tag", item, rng.choice(steps.TAGS), item_id=item)] if rng.random() < 0.8 else []
            if rng.random() < 0.3:
                events.append(Event("enter", item, item_id=item, list_no="2026-001"))
            if rng.random() < 0.2:
                events.append(Event("approve", item, "to_offer", item_id=item))
            ledger.append(connection, rng.choice(people), events)
    with cursor.cursor() as own:
        own.execute("SET search_path = 'flags.main'")
        decisions.attach(own, store)
        yield own


@pytest.fixture(scope="module")
def everything(cursor) -> list[dict]:
    """Every held item with what the filter may ask of it."""
    query = """SELECT judged.* EXCLUDE (ndc), item.item_id, item.call_number, bib.title_key, bib.author, bib.publisher,
            bib.series, bib.ndc, bib.isbn, bib.bib_id,
            tag, tag_person, list_no, road
        FROM judged JOIN facts_of_day.item USING (item_no) LEFT JOIN facts_of_day.bib ON bib.bib_no = judged.bib_no
        LEFT JOIN (SELECT item_no, tag, tag_person, list_no, road FROM decided) USING (item_no)"""
    return cursor.sql(query).pl().to_dicts()


def lets_through(item: dict, chosen: Filter) -> bool:
    """The naive twin of candidates_filter.sql."""
    for name in candidates.LISTS:
        wanted = getattr(chosen, name)
        value = (item[name] or "none") if name in ("verdict", "location", "audience", "material") else item[name]
        if wanted and value not in wanted:
            return False
    for low, high, name in (
        ("score_from", "score_to", "score"),
        ("year_from", "year_to", "pub_year"),
        ("idle_from", None, "idle_years"),
    ):
        first, last = getattr(chosen, low), getattr(chosen, high) if high else None
        if first is not None and (item[name] is None or item[name] < first):
            return False
        if last is not None and (item[name] is None or item[name] > last):
            return False
    if not all(SIGNS[sign](item) for sign in chosen.sign):
        return False
    if chosen.ndc and not (
        item["ndc"] is None if chosen.ndc == "none" else (item["ndc"] or "")[:3].startswith(chosen.ndc)
    ):
        return False
    if chosen.received is not None and item["received"] != chosen.received:
        return False
    if any(getattr(chosen, part) and item[part] != getattr(chosen, part) for part in ("publisher", "series")):
        return False
    if chosen.author and f";{chosen.author};" not in f";{item['author'] or ''};":
        return False
    if chosen.rule and chosen.rule != item["rule"] and chosen.rule not in (item["protected_by"] or "").split(";"):
        return False
    if not tag_lets_through(item["tag"], item["list_no"], item["road"], chosen.tag):
        return False
    if chosen.by and (item["tag"] is None or item["tag_person"] != chosen.by):
        return False
    return not chosen.text or has_text(item, chosen.text)


SIGNS = {
    "surplus": lambda item: item["surplus"],
    "superseded": lambda item: item["superseded"],
    "past_life": lambda item: (
        None not in (item["years_published"], item["class_shelf_life"])
        and item["years_published"] > item["class_shelf_life"]
    ),
    "never_lent": lambda item: item["never_lent"] and item["circulates"],
    "asked_for": lambda item: item["holds"] > 0,
    "local": lambda item: item["local"] is not None,
    "clue": lambda item: item["local_clue"] is not None,
    "listed": lambda item: item["listed"] is not None,
}


def tag_lets_through(tag: str | None, list_no: str | None, road: str | None, wanted: tuple[str, ...]) -> bool:
    """What is on the road away shows only when asked for."""
    if "all" in wanted:
        return True
    if road:
        return "road" in wanted
    return not wanted or (tag or "none") in wanted or bool(list_no and "list" in wanted)


def has_text(item: dict, text: str) -> bool:
    """Whether the typed words are found in title, author, numbers or class."""
    key = match_key_of(text)
    return bool(
        (key and key in (item["title_key"] or ""))
        or text.replace(" ", "") in (item["author"] or "").replace(" ", "")
        or any((item[name] or "").startswith(text) for name in ("ndc", "call_number"))
        or text.replace("-", "") == item["isbn"]
        or text in (item["bib_id"], item["item_id"])
    )


def random_filter(rng: Random, items: list[dict]) -> Filter:
    one = rng.choice(items)

    def maybe(value, chance=0.3):
        return value if rng.random() < chance else None

    verdicts = tuple(rng.sample(candidates.VERDICTS, rng.randrange(0, 4)))
    texts = [
        "",
        "",
        one["item_id"],
        (one["call_number"] or "")[:3],
        (one["author"] or "")[:2],
        (one["title_key"] or "")[:3],
    ]
    return Filter(
        branch=maybe((one["branch"],)) or (), location=maybe((one["location"] or "open", "closed")) or (),
        shelf_class=maybe((one["shelf_class"], "9")) or (), criterion=maybe(("8-2-2", "8-2-1"), 0.2) or (),
        verdict=verdicts, route=maybe(("transfer_offer",), 0.1) or (), score_from=maybe(rng.randrange(60), 0.2),
        score_to=maybe(rng.randrange(40, 100), 0.2), year_from=maybe(rng.randrange(1970, 2000), 0.2),
        year_to=maybe(rng.randrange(1995, 2025), 0.2), idle_from=maybe(rng.randrange(12), 0.2),
        tag=maybe(tuple(rng.sample([*candidates.TAGS, "all"], rng.randrange(1, 4))), 0.4) or (),
        audience=maybe((one["audience"] or "none", "child"), 0.2) or (), material=maybe((one["material"] or "none",), 0.1) or (),
        sign=maybe((rng.choice(candidates.SIGNS),), 0.3) or (), ndc=maybe(one["ndc"][: rng.randrange(1, 4)] if one["ndc"] else "none", 0.2) or "",
        received=maybe(one["received"], 0.1), author=maybe(one["author"], 0.1) or "",
        publisher=maybe(one["publisher"], 0.1) or "", series=maybe(one["series"], 0.1) or "",
        by=maybe("sato", 0.1) or "", rule=maybe(one["rule"], 0.2) or "", text=rng.choice(texts), sort=rng.choice(candidates.SORTS),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_the_filter_equals_its_naive_twin(cursor, everything, seed):
    chosen = random_filter(Random(seed), everything)
    expected = {item["item_id"] for item in everything if lets_through(item, chosen)}
    found = candidates.page(cursor, PACK, chosen, rows=len(everything))
    assert set(found["item_id"]) == expected
    assert len(found) == len(expected)
    assert candidates.count(candidates.totals(cursor, chosen), chosen) == len(expected)


@pytest.mark.parametrize("sort", candidates.SORTS)
def test_pages_follow_one_another_in_order(cursor, everything, sort):
    pages = [
        candidates.page(cursor, PACK, Filter(verdict=(), sort=sort, page=number), rows=150) for number in (1, 2, 3)
    ]
    whole = candidates.page(cursor, PACK, Filter(verdict=(), sort=sort), rows=450)
    assert pl.concat(pages)["item_id"].to_list() == whole["item_id"].to_list()
    column = {
        "score": "score",
        "score_high": "score",
        "idle": "idle_years",
        "oldest": "pub_year",
        "newest": "pub_year",
    }.get(sort)
    if column:
        values = whole[column].drop_nulls()
        assert values.is_sorted(descending=sort in ("score_high", "idle", "newest"))
        assert whole[column].head(len(values)).null_count() == 0


def test_the_download_holds_every_row_with_its_reason(cursor):
    chosen = Filter(criterion=("8-2-2",))
    found = candidates.whole(cursor, PACK, chosen)
    assert len(found) == candidates.count(candidates.totals(cursor, chosen), chosen)
    assert found["理由"].null_count() == 0
    assert set(found["判定"]) == {"候補"}
    assert found["条文"].unique().to_list() == ["資料収集管理要綱 第8条第2項第2号"]


texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)
some = st.lists(texts.filter(bool), max_size=3, unique=True).map(tuple)
figure = st.none() | st.integers(0, 2100)
filters = st.builds(
    Filter, branch=some, location=some, shelf_class=some, criterion=some, route=some,
    verdict=st.lists(st.sampled_from(candidates.VERDICTS), max_size=3, unique=True).map(tuple),
    tag=st.lists(st.sampled_from([*candidates.TAGS, "all"]), max_size=3, unique=True).map(tuple), by=texts.map(str.strip),
    audience=some, material=some, sign=st.lists(st.sampled_from(candidates.SIGNS), max_size=3, unique=True).map(tuple),
    received=figure, ndc=texts.map(str.strip), author=texts.map(str.strip), publisher=texts.map(str.strip), series=texts.map(str.strip),
    score_from=figure, score_to=figure, year_from=figure, year_to=figure, idle_from=figure,
    rule=texts.map(str.strip), text=texts.map(str.strip), sort=st.sampled_from(candidates.SORTS), page=st.integers(1, 9999),
)  # fmt: skip


@example(Filter(text="None"))
@given(filters)
def test_a_filter_survives_its_address(chosen):
    assert candidates.from_query(candidates.to_query(chosen)) == chosen


@given(
    st.dictionaries(st.sampled_from([part.name for part in fields(Filter)]), st.lists(texts, min_size=1, max_size=3))
)
def test_any_address_opens(query):
    chosen = candidates.from_query(query)
    assert chosen.page >= 1
    assert chosen.sort in candidates.SORTS
    candidates.parameters(chosen)
    candidates.describe(PACK, chosen)
